#pragma once

#include "cachet-window.h"

#include "cachet-account.h"
#include "cachet-folder-tree.h"
#include "cachet-message-list-view.h"
#include "cachet-message-pane.h"
#include "cachet-notice-stack.h"
#include "cachet-status-bar.h"

G_BEGIN_DECLS

/* How many panes stand side by side. */
typedef enum {
  CACHET_LAYOUT_ONE,
  CACHET_LAYOUT_TWO,
  CACHET_LAYOUT_THREE,
} CachetLayout;

/* How far the user has gone: what is shown where not everything fits. */
typedef enum {
  CACHET_DEPTH_FOLDERS,
  CACHET_DEPTH_LIST,
  CACHET_DEPTH_MESSAGE,
} CachetDepth;

struct _CachetWindow
{
  HdyApplicationWindow parent_instance;

  GtkStack *main_stack;
  GtkPaned *outer_paned;
  GtkPaned *inner_paned;
  GtkWidget *folders_box;
  GtkWidget *list_box;
  GtkWidget *message_box;
  HdyHeaderBar *folders_header;
  HdyHeaderBar *list_header;
  HdyHeaderBar *message_header;
  GtkWidget *list_back;
  GtkWidget *message_back;
  GtkWidget *reply_all_button;
  GtkWidget *archive_button;
  GtkWidget *star_button;
  GtkWidget *source_button;
  CachetFolderTree *folder_tree;
  CachetMessageListView *list_view;
  CachetMessagePane *message_pane;
  CachetNoticeStack *notices;
  CachetStatusBar *status_bar;
  HdyStatusPage *welcome_page;
  GtkWidget *welcome_buttons;
  GMenu *file_section;
  GMenuModel *folder_menu;
  GMenuModel *account_menu;
  GMenuModel *list_menu;

  CachetEngine *engine;
  GPtrArray *attended;  /* CachetAccount whose attention is followed */
  CachetFolder *folder; /* (nullable): whose list is shown */
  CachetLayout layout;
  CachetDepth depth;
  gboolean compact;       /* the message's rarer buttons stand in its menu only */
  gboolean shows_folders; /* F9 */
  gboolean started;
  guint layout_id;
  int folders_width; /* as the user left the panes side by side */
  int list_width;
  int positions_at; /* width of the window when a pane's edge moved last */
  guint mark_read_id;
  gint64 opened_draft_id; /* a draft that opens in the composer once it is loaded, else 0 */
};

/* cachet-window.c */
void cachet_window_set_depth (CachetWindow *self, CachetDepth depth);
void cachet_window_set_shows_folders (CachetWindow *self, gboolean shows_folders);
gboolean cachet_window_shows_message (CachetWindow *self);
/* Puts the actions' being enabled in step with the selection. */
void cachet_window_update_actions (CachetWindow *self);

/* cachet-window-actions.c */
void cachet_window_actions_install (CachetWindow *self);

/* cachet-window-folders.c */
void cachet_window_folders_install (CachetWindow *self);
/* The folder that folder actions are about; (nullable). */
CachetFolder *cachet_window_get_folder (CachetWindow *self);
CachetAccount *cachet_window_get_account (CachetWindow *self); /* (nullable) */

/* cachet-window-notices.c */
void cachet_window_notices_install (CachetWindow *self);

G_END_DECLS

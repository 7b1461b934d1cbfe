#pragma once

#include <gtk/gtk.h>

#include "cachet-engine-types.h"

G_BEGIN_DECLS

typedef struct _CachetApplication CachetApplication;
typedef struct _CachetWindow CachetWindow;
typedef struct _CachetFolderTree CachetFolderTree;
typedef struct _CachetListTreeModel CachetListTreeModel;
typedef struct _CachetMessageListView CachetMessageListView;
typedef struct _CachetMessagePane CachetMessagePane;
typedef struct _CachetMessageWindow CachetMessageWindow;
typedef struct _CachetSourceWindow CachetSourceWindow;
typedef struct _CachetNoticeStack CachetNoticeStack;
typedef struct _CachetStatusBar CachetStatusBar;
typedef struct _CachetFolderChooser CachetFolderChooser;
typedef struct _CachetComposer CachetComposer;
typedef struct _CachetPasswordDialog CachetPasswordDialog;
typedef struct _CachetCertificateDialog CachetCertificateDialog;
typedef struct _CachetAccountAssistant CachetAccountAssistant;
typedef struct _CachetAccountSettingsDialog CachetAccountSettingsDialog;

G_END_DECLS

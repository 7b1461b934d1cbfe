#pragma once

#include "cachet-mime-content-type.h"
#include "cachet-mime-message.h"

G_BEGIN_DECLS

struct _CachetMimePart
{
  CachetMimeMessage *owner;     /* unowned: the message whose bytes the offsets are in */
  const CachetMimePart *parent; /* (nullable) */
  char *path;
  CachetContentType *content_type;
  CachetContentType *disposition; /* (nullable) */
  char *encoding;
  char *content_id; /* (nullable) */
  char *file_name;
  gboolean has_declared_name;
  gboolean name_has_tricks;
  gboolean attachment;
  gboolean inline_shown;
  gsize header_offset;
  gsize body_offset;
  gsize end_offset;
  gsize size;
  GPtrArray *children;        /* (element-type CachetMimePart) */
  CachetMimeMessage *message; /* (nullable) */
};

/* What the tree under one outermost message may still use, and what had to be left out. */
typedef struct
{
  guint depth;
  guint n_parts;
  gboolean too_deep;
  gboolean too_many;
  gboolean no_boundary; /* a multipart without a usable boundary is shown as text */
} CachetMimeBudget;

/* Reads the tree of the part from @start to @end of @owner's bytes. */
CachetMimePart *cachet_mime_part_parse (
  CachetMimeMessage *owner, GBytes *bytes, gsize start, gsize end, CachetMimeBudget *budget);
void cachet_mime_part_free (CachetMimePart *self);
GBytes *cachet_mime_part_decode (const CachetMimePart *self, GBytes *bytes);

gboolean cachet_mime_part_is_type (const CachetMimePart *self, const char *type);
gboolean cachet_mime_part_is_multipart (const CachetMimePart *self);

/* The message inside another one, out of the same budget. */
CachetMimeMessage *cachet_mime_message_new_embedded (GBytes *bytes, CachetMimeBudget *budget);

G_END_DECLS

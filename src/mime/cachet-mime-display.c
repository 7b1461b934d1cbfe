#define G_LOG_DOMAIN "cachet-mime"

#include "config.h"

#include "cachet-mime-display.h"

#include <string.h>

#include "cachet-mime-charset.h"
#include "cachet-mime-flowed.h"
#include "cachet-mime-html-text.h"

typedef struct
{
  GBytes *bytes;
  GString *text;
  GString *html;
  GPtrArray *attachments;
  gsize left; /* raw bytes of text that may still be read */
  gboolean has_plain;
  gboolean cut;
} Walk;

static void walk_part (Walk *walk, CachetMimePart *part, gboolean want_text, gboolean want_html);

static CachetMimePart *
child_at (const CachetMimePart *part, guint index)
{
  return g_ptr_array_index (part->children, index);
}

static gboolean
is_html (const CachetMimePart *part)
{
  return cachet_mime_part_is_type (part, "text/html") ||
         cachet_mime_part_is_type (part, "application/xhtml+xml");
}

static gboolean
is_declared_attachment (const CachetMimePart *part)
{
  return part->disposition != NULL && !g_str_equal (part->disposition->type, "inline");
}

/* A multipart in which no part was found is shown as the text that it may be. */
static gboolean
is_shown_as_text (const CachetMimePart *part)
{
  if (is_declared_attachment (part))
    return FALSE;
  return cachet_mime_part_is_type (part, "text/plain") || is_html (part) ||
         (cachet_mime_part_is_multipart (part) && part->children->len == 0);
}

/* Whether there is a text of that kind somewhere below, as the walk would show it. */
static gboolean
has_text (const CachetMimePart *part, gboolean html)
{
  if (part->children->len == 0)
    return is_shown_as_text (part) && is_html (part) == html;
  for (guint i = 0; i < part->children->len; i++)
    if (has_text (child_at (part, i), html))
      return TRUE;
  return FALSE;
}

/* Lines end with LF; controls that a text view would obey or hide are shown as pictures. */
static char *
normalise (const char *text)
{
  GString *out = g_string_sized_new (strlen (text));

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '\r')
        {
          if (p[1] != '\n')
            g_string_append_c (out, '\n');
        }
      else if (((guchar)*p < ' ' && *p != '\n' && *p != '\t') || *p == 0x7f)
        g_string_append_unichar (out, *p == 0x7f ? 0x2421 : 0x2400 + (gunichar)*p);
      else
        g_string_append_c (out, *p);
    }
  return g_string_free (out, FALSE);
}

/* The part's text as UTF-8, or what fits of it. */
static char *
dup_text (Walk *walk, const CachetMimePart *part)
{
  g_autoptr (GBytes) content = cachet_mime_part_decode (part, walk->bytes);
  const char *charset = cachet_content_type_get_parameter (part->content_type, "charset");
  g_autofree char *sniffed = NULL;
  gsize length;
  const char *data = g_bytes_get_data (content, &length);

  if (length > walk->left)
    {
      length = walk->left;
      walk->cut = TRUE;
    }
  walk->left -= length;
  if (is_html (part) && (charset == NULL || *charset == '\0'))
    charset = sniffed = cachet_charset_sniff_html (data, length);
  return cachet_charset_to_utf8 (charset, data, length);
}

static void
append_text (Walk *walk, const char *text)
{
  if (*text == '\0')
    return;
  if (walk->text->len > 0 && !g_str_has_suffix (walk->text->str, "\n\n"))
    g_string_append_c (walk->text, '\n');
  g_string_append (walk->text, text);
  if (!g_str_has_suffix (text, "\n"))
    g_string_append_c (walk->text, '\n');
}

static void
show_plain (Walk *walk, const CachetMimePart *part)
{
  const char *format = cachet_content_type_get_parameter (part->content_type, "format");
  const char *delete_space = cachet_content_type_get_parameter (part->content_type, "delsp");
  g_autofree char *utf8 = dup_text (walk, part);
  g_autofree char *text = normalise (utf8);

  walk->has_plain = TRUE;
  if (format != NULL && g_ascii_strcasecmp (format, "flowed") == 0)
    {
      g_autofree char *joined = cachet_flowed_join (
        text, delete_space != NULL && g_ascii_strcasecmp (delete_space, "yes") == 0);

      append_text (walk, joined);
    }
  else
    append_text (walk, text);
}

static void
show_html (Walk *walk, const CachetMimePart *part, gboolean want_text, gboolean want_html)
{
  g_autofree char *html = dup_text (walk, part);

  if (want_html)
    {
      if (walk->html->len > 0)
        g_string_append_c (walk->html, '\n');
      g_string_append (walk->html, html);
    }
  if (want_text)
    {
      g_autofree char *readable = cachet_html_to_text (html, strlen (html));
      g_autofree char *text = normalise (readable);

      append_text (walk, text);
    }
}

/* RFC 2046 §5.1.4: the plain one for the text, the last one that is HTML for the HTML. */
static void
walk_alternative (Walk *walk, CachetMimePart *part, gboolean want_text, gboolean want_html)
{
  guint none = part->children->len;
  guint plain = none;
  guint html = none;

  for (guint i = 0; i < part->children->len; i++)
    {
      if (has_text (child_at (part, i), FALSE))
        plain = i;
      if (has_text (child_at (part, i), TRUE))
        html = i;
    }
  if (plain == none)
    plain = html;
  for (guint i = 0; i < part->children->len; i++)
    {
      CachetMimePart *child = child_at (part, i);

      if (i == plain || i == html)
        walk_part (walk, child, want_text && i == plain, want_html && i == html);
      else if (child->children->len > 0 || is_shown_as_text (child))
        walk_part (walk, child, FALSE, FALSE);
      else
        walk_part (walk, child, want_text, want_html);
    }
}

static gboolean
is_signature_of (const CachetMimePart *part, guint index)
{
  return index == 1 && part->parent != NULL &&
         cachet_mime_part_is_type (part->parent, "multipart/signed") &&
         g_str_has_suffix (part->content_type->type, "-signature");
}

static void
walk_leaf (Walk *walk, CachetMimePart *part, guint index, gboolean want_text, gboolean want_html)
{
  if (is_shown_as_text (part))
    {
      part->inline_shown = TRUE;
      part->attachment = part->has_declared_name;
      if (is_html (part))
        {
          if (want_text || want_html)
            show_html (walk, part, want_text, want_html);
        }
      else if (want_text)
        show_plain (walk, part);
    }
  else
    {
      part->attachment = !is_signature_of (part, index);
      part->inline_shown =
        part->content_id != NULL && g_str_has_prefix (part->content_type->type, "image/") &&
        (part->disposition == NULL || g_str_equal (part->disposition->type, "inline") ||
         (part->parent != NULL && cachet_mime_part_is_type (part->parent, "multipart/related")));
    }
  if (part->attachment)
    g_ptr_array_add (walk->attachments, part);
}

static void
walk_part (Walk *walk, CachetMimePart *part, gboolean want_text, gboolean want_html)
{
  if (part->children->len == 0)
    {
      walk_leaf (walk, part, 0, want_text, want_html);
      return;
    }
  if (cachet_mime_part_is_type (part, "multipart/alternative"))
    {
      walk_alternative (walk, part, want_text, want_html);
      return;
    }
  for (guint i = 0; i < part->children->len; i++)
    {
      CachetMimePart *child = child_at (part, i);

      if (child->children->len == 0)
        walk_leaf (walk, child, i, want_text, want_html);
      else
        walk_part (walk, child, want_text, want_html);
    }
}

/* The content ids to which the HTML refers. */
static GHashTable *
find_references (const char *html)
{
  GHashTable *ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (const char *p = strstr (html, "cid:"); p != NULL; p = strstr (p, "cid:"))
    {
      char *id;

      p += strlen ("cid:");
      id = g_uri_unescape_segment (p, p + strcspn (p, "\"'<> \t\r\n)"), NULL);
      if (id != NULL)
        g_hash_table_add (ids, id);
    }
  return ids;
}

/* An image that the HTML shows is no attachment; one that it does not show must not get lost. */
static void
sort_images (Walk *walk)
{
  g_autoptr (GHashTable) ids = find_references (walk->html->str);
  GPtrArray *kept = g_ptr_array_new ();

  for (guint i = 0; i < walk->attachments->len; i++)
    {
      CachetMimePart *part = g_ptr_array_index (walk->attachments, i);

      part->attachment =
        !(part->inline_shown && part->content_id != NULL && !is_shown_as_text (part) &&
          g_hash_table_contains (ids, part->content_id));
      if (part->attachment)
        g_ptr_array_add (kept, part);
    }
  g_ptr_array_unref (walk->attachments);
  walk->attachments = kept;
}

void
cachet_mime_display_read (CachetMimeDisplay *display, CachetMimePart *root, GBytes *bytes)
{
  Walk walk = { .bytes = bytes, .left = CACHET_MIME_MAX_TEXT };

  walk.text = g_string_new (NULL);
  walk.html = g_string_new (NULL);
  walk.attachments = g_ptr_array_new ();
  walk_part (&walk, root, TRUE, TRUE);
  sort_images (&walk);
  display->text_is_from_html = walk.html->len > 0 && !walk.has_plain;
  display->cut = walk.cut;
  display->attachments = walk.attachments;
  display->text = g_string_free (walk.text, FALSE);
  display->html = g_string_free (walk.html, walk.html->len == 0);
}

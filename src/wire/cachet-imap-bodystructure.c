#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-imap-bodystructure.h"

/* The recursions below end because the reader drops what is nested deeper than
 * CACHET_IMAP_MAX_DEPTH. */

/* The first of the children that is not a body: where a multipart's subtype should be. */
static const CachetImapValue *
skip_bodies (const CachetImapValue *first)
{
  while (cachet_imap_value_is_list (first))
    first = cachet_imap_value_get_next (first);
  return first;
}

/* Extra parentheses around one body are taken off. */
static const CachetImapValue *
unwrap (const CachetImapValue *body)
{
  while (cachet_imap_value_get_n_children (body) == 1 &&
         cachet_imap_value_is_list (cachet_imap_value_get_first_child (body)))
    body = cachet_imap_value_get_first_child (body);
  return body;
}

/* Some servers give a multipart without parts as ("MIXED" ("BOUNDARY" …) …). */
static gboolean
is_empty_multipart (const CachetImapValue *body)
{
  const CachetImapValue *first = cachet_imap_value_get_first_child (body);
  const CachetImapValue *second = cachet_imap_value_get_next (first);

  return cachet_imap_value_is_string (first) && cachet_imap_value_is_list (second);
}

static gboolean
is_multipart (const CachetImapValue *body)
{
  return cachet_imap_value_is_list (cachet_imap_value_get_first_child (body)) ||
         is_empty_multipart (body);
}

static const CachetImapValue *
multipart_subtype (const CachetImapValue *body)
{
  return skip_bodies (cachet_imap_value_get_first_child (body));
}

static char *
dup_lower (const CachetImapValue *value, const char *otherwise)
{
  g_autofree char *text = cachet_imap_value_dup_string (value);

  if (text == NULL || *text == '\0')
    return g_strdup (otherwise);
  for (char *p = text; *p != '\0'; p++)
    *p = g_ascii_isgraph (*p) && *p != '/' ? g_ascii_tolower (*p) : '?';
  return g_steal_pointer (&text);
}

static char *
dup_content_type (const CachetImapValue *body)
{
  const CachetImapValue *first = cachet_imap_value_get_first_child (body);
  g_autofree char *type = NULL;
  g_autofree char *subtype = NULL;

  if (is_multipart (body))
    {
      subtype = dup_lower (multipart_subtype (body), "mixed");
      return g_strconcat ("multipart/", subtype, NULL);
    }
  if (!cachet_imap_value_is_string (first))
    return NULL;
  type = dup_lower (first, "text");
  subtype = dup_lower (cachet_imap_value_get_next (first), "plain");
  return g_strconcat (type, "/", subtype, NULL);
}

/* Whether a list of names and values has one of @name, @name*, @name*0, @name*0*. */
static gboolean
has_parameter (const CachetImapValue *list, const char *name)
{
  const CachetImapValue *value = cachet_imap_value_get_first_child (list);
  g_autofree char *continued = g_strconcat (name, "*", NULL);

  for (; value != NULL; value = cachet_imap_value_get_next (cachet_imap_value_get_next (value)))
    if (cachet_imap_value_is (value, name) || cachet_imap_value_has_prefix (value, continued))
      return TRUE;
  return FALSE;
}

/* The disposition is known by its look, not by its place: servers leave fields out before it. */
static const CachetImapValue *
find_disposition (const CachetImapValue *body)
{
  const CachetImapValue *value = cachet_imap_value_get_first_child (body);

  for (; value != NULL; value = cachet_imap_value_get_next (value))
    {
      const CachetImapValue *kind = cachet_imap_value_get_first_child (value);
      const CachetImapValue *parameters = cachet_imap_value_get_next (kind);

      if ((cachet_imap_value_is (kind, "attachment") || cachet_imap_value_is (kind, "inline")) &&
          !cachet_imap_value_is_string (parameters))
        return value;
    }
  return NULL;
}

/* Parts that belong to the message's own machinery, however they are marked. */
static gboolean
is_machinery (const CachetImapValue *type, const CachetImapValue *subtype, gboolean is_root)
{
  static const char *const signatures[] = { "pkcs7-signature", "x-pkcs7-signature", "pgp-signature",
                                            "pgp-encrypted" };

  if (!cachet_imap_value_is (type, "application"))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (signatures); i++)
    if (cachet_imap_value_is (subtype, signatures[i]))
      return TRUE;
  return is_root && (cachet_imap_value_is (subtype, "pkcs7-mime") ||
                     cachet_imap_value_is (subtype, "x-pkcs7-mime"));
}

static gboolean
leaf_is_attachment (const CachetImapValue *body, gboolean is_related, gboolean is_root)
{
  const CachetImapValue *type = cachet_imap_value_get_first_child (body);
  const CachetImapValue *subtype = cachet_imap_value_get_next (type);
  const CachetImapValue *disposition = find_disposition (body);
  const CachetImapValue *kind = cachet_imap_value_get_first_child (disposition);
  gboolean has_name;

  if (!cachet_imap_value_is_string (type) || subtype == NULL ||
      is_machinery (type, subtype, is_root))
    return FALSE;
  if (cachet_imap_value_is (kind, "attachment"))
    return TRUE;
  has_name = has_parameter (cachet_imap_value_get_child (body, 2), "name") ||
             has_parameter (cachet_imap_value_get_next (kind), "filename");
  if (cachet_imap_value_is (type, "text"))
    return has_name && kind == NULL && !cachet_imap_value_is (subtype, "calendar");
  if (cachet_imap_value_is (type, "message"))
    return cachet_imap_value_is (subtype, "rfc822") || cachet_imap_value_is (subtype, "global");
  if (is_related)
    return FALSE;
  return kind == NULL || has_name;
}

static gboolean
has_attachment_in (const CachetImapValue *body, gboolean is_related, gboolean is_root)
{
  const CachetImapValue *part;
  gboolean related;
  gboolean encrypted;

  body = unwrap (body);
  if (!cachet_imap_value_is_list (body))
    return FALSE;
  if (!is_multipart (body))
    return leaf_is_attachment (body, is_related, is_root);
  related = cachet_imap_value_is (multipart_subtype (body), "related");
  encrypted = cachet_imap_value_is (multipart_subtype (body), "encrypted");
  part = cachet_imap_value_get_first_child (body);
  for (; cachet_imap_value_is_list (part); part = cachet_imap_value_get_next (part))
    if (!encrypted && has_attachment_in (part, related, FALSE))
      return TRUE;
  return FALSE;
}

void
cachet_imap_bodystructure_read (const CachetImapValue *structure,
                                char **content_type,
                                gboolean *has_attachment)
{
  structure = unwrap (structure);
  *content_type = dup_content_type (structure);
  *has_attachment = has_attachment_in (structure, FALSE, TRUE);
}

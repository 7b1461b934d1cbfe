#define G_LOG_DOMAIN "cachet-mime"

#include "config.h"

#include "cachet-mime-header-writer.h"

#include <string.h>

#define FOLD_COLUMN 76
/* Payload of an encoded word: with its frame at most 75 characters (RFC 2047 §2). */
#define MAX_WORD_PAYLOAD 60
#define MAX_PLAIN_WORD 900
#define MAX_PARAMETER_PIECE 50
#define MAX_QUOTED_NAME 200
#define ATOM_SPECIALS "!#$%&'*+-/=?^_`{|}~"

static gboolean
is_plain_ascii (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if ((guchar)*p < ' ' || (guchar)*p >= 0x7f)
      return FALSE;
  return strstr (text, "=?") == NULL;
}

/* Columns of the line under way. */
static gsize
column (const GString *out)
{
  const char *newline = g_strrstr_len (out->str, (gssize)out->len, "\n");

  return newline != NULL ? out->len - (gsize)(newline - out->str) - 1 : out->len;
}

/* Appends @token behind a space, or on the next line where it would not fit on this. */
static void
append_token (GString *out, gsize *at, const char *token)
{
  gsize length = strlen (token);

  if (*at + 1 + length > FOLD_COLUMN)
    {
      g_string_append (out, "\r\n");
      *at = 0;
    }
  g_string_append_c (out, ' ');
  g_string_append (out, token);
  *at += 1 + length;
}

static gboolean
is_q_literal (guchar c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("!*+-/", c) != NULL);
}

/* Whole characters of @text from @p whose payload fits; *@q: Q or B encoding. */
static const char *
measure_word (const char *p, gboolean q)
{
  gsize payload = 0;
  const char *start = p;

  while (*p != '\0')
    {
      const char *next = g_utf8_next_char (p);

      if (q)
        for (const char *b = p; b < next; b++)
          payload += is_q_literal ((guchar)*b) || *b == ' ' ? 1 : 3;
      else
        payload = ((gsize)(next - start) + 2) / 3 * 4;
      if (payload > MAX_WORD_PAYLOAD)
        break;
      p = next;
    }
  return p;
}

static char *
make_word (const char *p, const char *end, gboolean q)
{
  g_autoptr (GString) word = g_string_new (NULL);

  if (!q)
    {
      g_autofree char *base64 = g_base64_encode ((const guchar *)p, (gsize)(end - p));

      return g_strdup_printf ("=?UTF-8?B?%s?=", base64);
    }
  g_string_append (word, "=?UTF-8?Q?");
  for (; p < end; p++)
    {
      if (*p == ' ')
        g_string_append_c (word, '_');
      else if (is_q_literal ((guchar)*p))
        g_string_append_c (word, *p);
      else
        g_string_append_printf (word, "=%02X", (guchar)*p);
    }
  g_string_append (word, "?=");
  return g_strdup (word->str);
}

static void
append_encoded (GString *out, gsize *at, const char *text)
{
  gsize n_special = 0;
  gboolean q;

  for (const char *p = text; *p != '\0'; p++)
    n_special += is_q_literal ((guchar)*p) || *p == ' ' ? 0 : 1;
  q = n_special * 3 < strlen (text);
  while (*text != '\0')
    {
      const char *end = measure_word (text, q);
      g_autofree char *word = make_word (text, end, q);

      append_token (out, at, word);
      text = end;
    }
}

/* Valid, one line: what a field may hold. */
static char *
dup_one_line (const char *text)
{
  char *line = g_utf8_make_valid (text, -1);

  for (char *p = line; *p != '\0'; p++)
    if ((guchar)*p < ' ' || *p == 0x7f)
      *p = ' ';
  return line;
}

static gboolean
has_long_word (const char *text)
{
  while (*text != '\0')
    {
      gsize length = strcspn (text, " ");

      if (length > MAX_PLAIN_WORD)
        return TRUE;
      text += length + strspn (text + length, " ");
    }
  return FALSE;
}

void
cachet_header_write_text (GString *out, const char *name, const char *text)
{
  g_autofree char *line = g_strstrip (dup_one_line (text));
  gsize at = strlen (name) + 1;

  g_string_append_printf (out, "%s:", name);
  /* Runs of spaces would not survive folding. */
  if (!is_plain_ascii (line) || has_long_word (line) || strstr (line, "  ") != NULL)
    append_encoded (out, &at, line);
  else
    {
      g_auto (GStrv) words = g_strsplit (line, " ", -1);

      for (guint i = 0; words[i] != NULL; i++)
        append_token (out, &at, words[i]);
    }
  g_string_append (out, "\r\n");
}

static gboolean
is_atoms (const char *name)
{
  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != ' ' && strchr (ATOM_SPECIALS, *p) == NULL)
      return FALSE;
  return TRUE;
}

static void
append_phrase (GString *out, gsize *at, const char *name)
{
  g_autofree char *line = g_strstrip (dup_one_line (name));
  g_autoptr (GString) quoted = NULL;

  if (!is_plain_ascii (line) || strlen (line) > MAX_QUOTED_NAME || strstr (line, "  ") != NULL)
    {
      append_encoded (out, at, line);
      return;
    }
  if (is_atoms (line))
    {
      append_token (out, at, line);
      return;
    }
  quoted = g_string_new ("\"");
  for (const char *p = line; *p != '\0'; p++)
    {
      if (*p == '"' || *p == '\\')
        g_string_append_c (quoted, '\\');
      g_string_append_c (quoted, *p);
    }
  g_string_append_c (quoted, '"');
  append_token (out, at, quoted->str);
}

char *
cachet_header_dup_wire_addr (const char *addr)
{
  const char *at = strrchr (addr, '@');
  g_autofree char *domain = NULL;

  if (at == NULL || g_str_is_ascii (at))
    return g_strdup (addr);
  domain = g_hostname_to_ascii (at + 1);
  if (domain == NULL)
    return g_strdup (addr);
  return g_strdup_printf ("%.*s@%s", (int)(at - addr), addr, domain);
}

void
cachet_header_write_addresses (GString *out, const char *name, GPtrArray *addresses)
{
  gsize at = strlen (name) + 1;

  g_string_append_printf (out, "%s:", name);
  for (guint i = 0; i < addresses->len; i++)
    {
      const CachetAddress *address = g_ptr_array_index (addresses, i);
      const char *separator = i + 1 < addresses->len ? "," : "";
      g_autofree char *wire = cachet_header_dup_wire_addr (address->addr);
      g_autofree char *line = dup_one_line (wire);
      g_autofree char *token = NULL;

      if (strlen (line) > MAX_PLAIN_WORD)
        continue; /* no address is that long, and no line may be */
      if (address->name != NULL)
        {
          append_phrase (out, &at, address->name);
          token = g_strdup_printf ("<%s>%s", line, separator);
        }
      else
        token = g_strconcat (line, separator, NULL);
      append_token (out, &at, token);
    }
  g_string_append (out, "\r\n");
}

void
cachet_header_write_ids (GString *out, const char *name, const char *ids)
{
  g_auto (GStrv) list = g_strsplit (ids, " ", -1);
  gsize at = strlen (name) + 1;

  g_string_append_printf (out, "%s:", name);
  for (guint i = 0; list[i] != NULL; i++)
    {
      g_autofree char *line = dup_one_line (list[i]);
      g_autofree char *token = NULL;

      if (*line == '\0' || strlen (line) > MAX_PLAIN_WORD || strpbrk (line, "<> ") != NULL)
        continue;
      token = g_strdup_printf ("<%s>", line);
      append_token (out, &at, token);
    }
  g_string_append (out, "\r\n");
}

static void
append_percent (GString *out, const char *p, const char *end)
{
  for (; p < end; p++)
    {
      if (g_ascii_isalnum (*p) || strchr ("-._", *p) != NULL)
        g_string_append_c (out, *p);
      else
        g_string_append_printf (out, "%%%02X", (guchar)*p);
    }
}

/* RFC 2231 §4: in pieces, each of whole characters. */
static void
write_extended (GString *out, const char *name, const char *value)
{
  gboolean single = strlen (value) * 3 <= MAX_PARAMETER_PIECE;

  for (guint i = 0; *value != '\0'; i++)
    {
      const char *end = value;
      gsize payload = 0;

      while (*end != '\0' &&
             payload + 3 * (gsize)(g_utf8_next_char (end) - end) <= MAX_PARAMETER_PIECE)
        {
          payload += 3 * (gsize)(g_utf8_next_char (end) - end);
          end = g_utf8_next_char (end);
        }
      if (single)
        g_string_append_printf (out, ";\r\n %s*=UTF-8''", name);
      else
        g_string_append_printf (out, ";\r\n %s*%u*=%s", name, i, i == 0 ? "UTF-8''" : "");
      append_percent (out, value, end);
      value = end;
    }
}

void
cachet_header_write_parameter (GString *out, const char *name, const char *value)
{
  g_autofree char *line = dup_one_line (value);

  if (!is_plain_ascii (line) || strlen (line) > MAX_PARAMETER_PIECE)
    {
      write_extended (out, name, line);
      return;
    }
  if (column (out) + strlen (name) + strlen (line) + 5 > FOLD_COLUMN)
    g_string_append (out, ";\r\n ");
  else
    g_string_append (out, "; ");
  g_string_append_printf (out, "%s=\"", name);
  for (const char *p = line; *p != '\0'; p++)
    {
      if (*p == '"' || *p == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *p);
    }
  g_string_append_c (out, '"');
}

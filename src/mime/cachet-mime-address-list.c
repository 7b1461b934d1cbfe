#define G_LOG_DOMAIN "cachet-mime"

#include "config.h"

#include "cachet-mime-header.h"

#include <string.h>

#include "cachet-address.h"

/*
 * GMime's own reader of address lists is not used: it recurses over nested groups until the stack
 * ends, drops every entry behind one that it can't read, and turns NUL in an encoded word into "?".
 */

/* The mailbox that is being read. */
typedef struct
{
  GString *cooked;     /* the words without quotes: the name when an angle address follows */
  GString *raw;        /* the words as they stand: the address when none follows */
  char *angle;         /* (nullable) */
  char *comment;       /* (nullable) */
  gboolean space;      /* seen since the last word */
  gboolean unbalanced; /* a quote had no end: quotes are read over from there on */
} Mailbox;

static void
mailbox_init (Mailbox *box)
{
  box->cooked = g_string_new (NULL);
  box->raw = g_string_new (NULL);
  box->angle = NULL;
  box->comment = NULL;
  box->space = FALSE;
  box->unbalanced = FALSE;
}

static void
mailbox_clear (Mailbox *box)
{
  g_string_free (box->cooked, TRUE);
  g_string_free (box->raw, TRUE);
  g_free (box->angle);
  g_free (box->comment);
}

static void
mailbox_reset (Mailbox *box)
{
  g_string_truncate (box->cooked, 0);
  g_string_truncate (box->raw, 0);
  g_clear_pointer (&box->angle, g_free);
  g_clear_pointer (&box->comment, g_free);
  box->space = FALSE;
}

static void
mailbox_append (
  Mailbox *box, const char *cooked, gsize cooked_length, const char *raw, gsize length)
{
  if (box->space && box->raw->len > 0)
    {
      g_string_append_c (box->cooked, ' ');
      /* "a @ b" is an address of old. */
      if (*raw != '@' && box->raw->str[box->raw->len - 1] != '@')
        g_string_append_c (box->raw, ' ');
    }
  box->space = FALSE;
  g_string_append_len (box->cooked, cooked, (gssize)cooked_length);
  g_string_append_len (box->raw, raw, (gssize)length);
}

/* Without an angle address: "addr", "addr (Name)", or words of which one may be an address. */
static CachetAddress *
address_from_words (Mailbox *box)
{
  g_autofree char *addr = NULL;
  g_autofree char *name = NULL;
  const char *at;
  const char *start;

  if (strchr (box->raw->str, ' ') == NULL || *box->raw->str == '"')
    {
      name = box->comment != NULL ? cachet_header_decode_words (box->comment) : NULL;
      return cachet_address_new (name, box->raw->str);
    }
  /* The last word with "@" is the address. */
  at = strrchr (box->raw->str, '@');
  if (at != NULL)
    {
      for (start = at; start > box->raw->str && start[-1] != ' ';)
        start--;
      addr = g_strndup (start, strcspn (start, " "));
    }
  name = cachet_header_decode_words (box->cooked->str);
  return cachet_address_new (name, addr);
}

/* Ends the mailbox; adds it to @list unless there is nothing of it. */
static void
mailbox_finish (Mailbox *box, GPtrArray *list)
{
  if (box->angle != NULL)
    {
      g_autofree char *name = NULL;
      const char *words = box->cooked->len > 0 ? box->cooked->str : box->comment;

      if (words != NULL)
        name = g_strstrip (cachet_header_decode_words (words));
      g_ptr_array_add (list, cachet_address_new (name, box->angle));
    }
  else if (box->raw->len > 0)
    g_ptr_array_add (list, address_from_words (box));
  mailbox_reset (box);
}

/* Reads from the quote at @p to behind the closing one. */
static const char *
read_quoted (const char *p, Mailbox *box)
{
  g_autoptr (GString) cooked = g_string_new (NULL);
  const char *start = p;

  if (box->unbalanced)
    return p + 1;
  for (p++; *p != '\0' && *p != '"'; p++)
    {
      if (*p == '\\' && p[1] != '\0')
        p++;
      g_string_append_c (cooked, *p);
    }
  if (*p == '\0')
    {
      box->unbalanced = TRUE;
      return start + 1;
    }
  p++;
  mailbox_append (box, cooked->str, cooked->len, start, (gsize)(p - start));
  return p;
}

static const char *
read_comment (const char *p, Mailbox *box)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint depth = 1;

  for (p++; *p != '\0'; p++)
    {
      if (*p == '\\' && p[1] != '\0')
        p++;
      else if (*p == '(')
        depth++;
      else if (*p == ')' && --depth == 0)
        {
          p++;
          break;
        }
      g_string_append_c (text, *p);
    }
  g_free (box->comment);
  box->comment = g_strstrip (g_strdup (text->str));
  box->space = TRUE;
  return p;
}

/* Reads from "<" to behind ">". Without one the address ends at the next separator. */
static const char *
read_angle (const char *p, Mailbox *box)
{
  const char *start = p + 1;
  const char *end;
  gboolean quoted = FALSE;
  char *angle;

  for (end = start; *end != '\0' && (quoted || *end != '>'); end++)
    {
      if (*end == '\\' && quoted && end[1] != '\0')
        end++;
      else if (*end == '"')
        quoted = !quoted;
    }
  if (*end == '\0')
    end = start + strcspn (start, ",;>");
  /* RFC 5322 §4.4: a source route is read over. */
  if (*start == '@' && memchr (start, ':', (gsize)(end - start)) != NULL)
    start = (const char *)memchr (start, ':', (gsize)(end - start)) + 1;
  angle = g_strstrip (g_strndup (start, (gsize)(end - start)));
  g_free (box->angle);
  box->angle = angle;
  return *end == '>' ? end + 1 : end;
}

static const char *
read_plain (const char *p, Mailbox *box)
{
  gsize length = cachet_header_encoded_word_length (p);

  if (length == 0 && *p == '[')
    {
      length = strcspn (p, "]");
      length += p[length] == ']' ? 1 : 0;
    }
  if (length == 0)
    {
      length = 1;
      while (p[length] != '\0' && strchr (" \t\r\n\"(<>,;:[=", p[length]) == NULL)
        length++;
    }
  mailbox_append (box, p, length, p, length);
  return p + length;
}

GPtrArray *
cachet_header_parse_addresses (const char *text, gboolean *truncated)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)cachet_address_free);
  Mailbox box;
  const char *p = text;

  g_return_val_if_fail (text != NULL, list);

  mailbox_init (&box);
  while (*p != '\0' && list->len < CACHET_MIME_MAX_ADDRESSES)
    {
      /* Words behind an angle address start the next mailbox: nothing may hide there. */
      if (box.angle != NULL && strchr (" \t\r\n(,;>", *p) == NULL)
        mailbox_finish (&box, list);
      switch (*p)
        {
        case ' ':
        case '\t':
        case '\r':
        case '\n':
          box.space = TRUE;
          p++;
          break;
        case '"':
          p = read_quoted (p, &box);
          break;
        case '(':
          p = read_comment (p, &box);
          break;
        case '<':
          p = read_angle (p, &box);
          break;
        case ',':
        case ';':
          mailbox_finish (&box, list);
          p++;
          break;
        case '>':
          p++;
          break;
        case ':':
          /* The words before were a group's name, unless they are an address. */
          if (strchr (box.raw->str, '@') != NULL)
            mailbox_finish (&box, list);
          else
            mailbox_reset (&box);
          p++;
          break;
        default:
          p = read_plain (p, &box);
        }
    }
  if (list->len < CACHET_MIME_MAX_ADDRESSES)
    mailbox_finish (&box, list);
  mailbox_clear (&box);
  if (truncated != NULL)
    *truncated = *p != '\0';
  return list;
}

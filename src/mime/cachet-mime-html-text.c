#define G_LOG_DOMAIN "cachet-mime"

#include "config.h"

#include "cachet-mime-html-text.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#include "cachet-mime-types.h"

/*
 * The parser's events are used, not its tree: so neither deep nesting nor a huge table costs
 * memory or stack, and no part of the document is dropped for its depth.
 */

#define CHUNK_BYTES (64 * 1024)
#define MAX_QUOTE_DEPTH 20
#define MAX_LIST_DEPTH 20
#define MAX_LINK_BYTES 2000
/* Open elements that the parser keeps; its own work for an end tag grows with them. */
#define MAX_OPEN_ELEMENTS 2000

typedef struct
{
  GString *out;
  guint newlines; /* wanted before the next text: 1 line, 2 paragraph */
  gboolean space; /* wanted before the next text */
  gboolean at_line_start;
  guint hidden; /* depth of elements inside one that is not shown, with it */
  guint preformatted;
  guint quote;
  guint list_depth;
  guint list_numbers[MAX_LIST_DEPTH]; /* 0: bullets */
  guint n_cells;                      /* in this row */
  char *link;                         /* (nullable) */
  gsize link_start;
  guint n_open;
  gboolean overflowed;
} Writer;

static const char *const block_elements[] = {
  "address", "article", "aside",  "body",     "center", "dd",      "details", "dir",
  "div",     "dl",      "dt",     "fieldset", "figure", "footer",  "form",    "header",
  "hr",      "html",    "legend", "main",     "nav",    "section", "summary", "table",
  "tbody",   "tfoot",   "thead",  "tr",       "li",     "caption", NULL,
};
static const char *const paragraph_elements[] = {
  "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", NULL,
};
static const char *const hidden_elements[] = {
  "head",   "script", "style",  "title", "template", "noframes",
  "object", "applet", "select", "svg",   NULL,
};
static const char *const void_elements[] = {
  "area",  "base", "br",   "col",   "embed",  "frame", "hr",  "img",
  "input", "link", "meta", "param", "source", "track", "wbr", NULL,
};

static gboolean
is_one_of (const char *name, const char *const *list)
{
  return g_strv_contains (list, name);
}

static void
want_newlines (Writer *writer, guint n)
{
  writer->newlines = MAX (writer->newlines, n);
  writer->space = FALSE;
}

static void
append_quote_prefix (Writer *writer)
{
  for (guint i = 0; i < MIN (writer->quote, MAX_QUOTE_DEPTH); i++)
    g_string_append_c (writer->out, '>');
  if (writer->quote > 0)
    g_string_append_c (writer->out, ' ');
}

/* Writes the breaks that are due and the start of the line. */
static void
begin_text (Writer *writer)
{
  if (writer->out->len > 0)
    for (guint i = 0; i < writer->newlines; i++)
      {
        if (i == 1)
          {
            for (guint depth = 0; depth < MIN (writer->quote, MAX_QUOTE_DEPTH); depth++)
              g_string_append_c (writer->out, '>');
          }
        g_string_append_c (writer->out, '\n');
      }
  if (writer->newlines > 0 || writer->out->len == 0)
    {
      append_quote_prefix (writer);
      writer->at_line_start = TRUE;
    }
  writer->newlines = 0;
  if (writer->space && !writer->at_line_start)
    g_string_append_c (writer->out, ' ');
  writer->space = FALSE;
}

static void
append_literal (Writer *writer, const char *text)
{
  begin_text (writer);
  g_string_append (writer->out, text);
  writer->at_line_start = FALSE;
}

/* Characters that take no room are what newsletters pad their preview with. */
static gboolean
takes_no_room (gunichar c)
{
  return c == 0xad || c == 0x034f || (c >= 0x200b && c <= 0x200d) || c == 0x2060 || c == 0xfeff;
}

static void
append_preformatted (Writer *writer, const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '\n')
        {
          /* Each break of the text itself counts. */
          if (writer->newlines > 0)
            begin_text (writer);
          writer->newlines = 1;
        }
      else if (text[i] != '\r')
        {
          begin_text (writer);
          g_string_append_c (writer->out, text[i]);
          writer->at_line_start = FALSE;
        }
    }
}

static void
characters_cb (void *data, const xmlChar *text, int length)
{
  Writer *writer = data;
  const char *p = (const char *)text;
  const char *end = p + length;

  if (writer->hidden > 0)
    return;
  if (writer->preformatted > 0)
    {
      append_preformatted (writer, p, (gsize)length);
      return;
    }
  while (p < end)
    {
      gunichar c = g_utf8_get_char_validated (p, end - p);
      const char *next = (gint)c < 0 ? p + 1 : g_utf8_next_char (p);

      if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == 0xa0)
        writer->space = TRUE;
      else if ((gint)c >= 0 && !takes_no_room (c))
        {
          begin_text (writer);
          g_string_append_len (writer->out, p, next - p);
          writer->at_line_start = FALSE;
        }
      p = next;
    }
}

static const char *
get_attribute (const xmlChar **attributes, const char *name)
{
  for (guint i = 0; attributes != NULL && attributes[i] != NULL; i += 2)
    if (g_ascii_strcasecmp ((const char *)attributes[i], name) == 0)
      return (const char *)attributes[i + 1];
  return NULL;
}

static gboolean
is_hidden_by_style (const xmlChar **attributes)
{
  const char *style = get_attribute (attributes, "style");
  g_autoptr (GString) squeezed = NULL;

  if (get_attribute (attributes, "hidden") != NULL)
    return TRUE;
  if (style == NULL)
    return FALSE;
  squeezed = g_string_new (NULL);
  for (const char *p = style; *p != '\0'; p++)
    if (!g_ascii_isspace (*p))
      g_string_append_c (squeezed, g_ascii_tolower (*p));
  return strstr (squeezed->str, "display:none") != NULL;
}

static void
begin_list_item (Writer *writer)
{
  guint depth = MIN (writer->list_depth, MAX_LIST_DEPTH);
  g_autofree char *mark = NULL;

  want_newlines (writer, 1);
  begin_text (writer);
  for (guint i = 1; i < depth; i++)
    g_string_append (writer->out, "  ");
  if (depth > 0 && writer->list_numbers[depth - 1] > 0)
    mark = g_strdup_printf ("%u. ", writer->list_numbers[depth - 1]++);
  g_string_append (writer->out, mark != NULL ? mark : "• ");
  writer->at_line_start = TRUE;
}

static void
begin_link (Writer *writer, const char *target)
{
  g_clear_pointer (&writer->link, g_free);
  if (target == NULL || strlen (target) > MAX_LINK_BYTES ||
      !(g_ascii_strncasecmp (target, "http:", 5) == 0 ||
        g_ascii_strncasecmp (target, "https:", 6) == 0 ||
        g_ascii_strncasecmp (target, "mailto:", 7) == 0))
    return;
  writer->link = g_strstrip (g_strdup (target));
  writer->link_start = writer->out->len;
}

static const char *
without_scheme (const char *target)
{
  const char *colon = strchr (target, ':');

  return colon[1] == '/' && colon[2] == '/' ? colon + 3 : colon + 1;
}

/* Adds where the link leads, unless its text is that. */
static void
end_link (Writer *writer)
{
  g_autofree char *link = g_steal_pointer (&writer->link);
  g_autofree char *text = NULL;
  g_autofree char *target = NULL;

  if (link == NULL || writer->link_start >= writer->out->len)
    return;
  text = g_strstrip (g_strdup (writer->out->str + writer->link_start));
  target = g_strdup (without_scheme (link));
  if (g_str_has_suffix (target, "/"))
    target[strlen (target) - 1] = '\0';
  if (*text == '\0' || g_str_equal (text, link) || g_str_equal (text, without_scheme (link)) ||
      g_str_equal (text, target))
    return;
  writer->space = TRUE;
  begin_text (writer);
  g_string_append_printf (writer->out, "<%s>", link);
}

static void
start_image (Writer *writer, const xmlChar **attributes)
{
  const char *alt = get_attribute (attributes, "alt");
  g_autofree char *text = NULL;

  if (alt == NULL)
    return;
  text = g_strstrip (g_strdup (alt));
  if (*text == '\0')
    return;
  append_literal (writer, "[");
  g_string_append (writer->out, text);
  g_string_append_c (writer->out, ']');
}

static void
start_list (Writer *writer, gboolean numbered)
{
  if (writer->list_depth < MAX_LIST_DEPTH)
    writer->list_numbers[writer->list_depth] = numbered ? 1 : 0;
  if (writer->list_depth > 0)
    writer->newlines = MIN (writer->newlines, 1);
  writer->list_depth++;
}

static void
start_shown (Writer *writer, const char *name, const xmlChar **attributes)
{
  if (is_one_of (name, paragraph_elements))
    want_newlines (writer, writer->list_depth > 0 ? 1 : 2);
  else if (is_one_of (name, block_elements))
    want_newlines (writer, 1);

  if (g_str_equal (name, "br"))
    {
      if (writer->newlines > 0)
        writer->newlines = MIN (writer->newlines + 1, 2);
      else
        want_newlines (writer, 1);
    }
  else if (g_str_equal (name, "hr"))
    {
      append_literal (writer, "----------------------------------------");
      want_newlines (writer, 1);
    }
  else if (g_str_equal (name, "blockquote"))
    writer->quote++;
  else if (g_str_equal (name, "pre"))
    writer->preformatted++;
  else if (g_str_equal (name, "ul") || g_str_equal (name, "ol"))
    start_list (writer, name[0] == 'o');
  else if (g_str_equal (name, "li"))
    begin_list_item (writer);
  else if (g_str_equal (name, "tr"))
    writer->n_cells = 0;
  else if (g_str_equal (name, "td") || g_str_equal (name, "th"))
    {
      if (writer->n_cells++ > 0)
        characters_cb (writer, (const xmlChar *)"  ", 2);
    }
  else if (g_str_equal (name, "a"))
    begin_link (writer, get_attribute (attributes, "href"));
  else if (g_str_equal (name, "img"))
    start_image (writer, attributes);
}

static void
start_element_cb (void *data, const xmlChar *element, const xmlChar **attributes)
{
  Writer *writer = data;
  const char *name = (const char *)element;
  gboolean is_void = is_one_of (name, void_elements);

  writer->n_open++;
  if (writer->n_open > MAX_OPEN_ELEMENTS)
    writer->overflowed = TRUE;
  if (writer->hidden > 0)
    {
      writer->hidden += is_void ? 0 : 1;
      return;
    }
  if (!is_void && (is_one_of (name, hidden_elements) || is_hidden_by_style (attributes)))
    {
      writer->hidden = 1;
      return;
    }
  start_shown (writer, name, attributes);
}

static void
end_element_cb (void *data, const xmlChar *element)
{
  Writer *writer = data;
  const char *name = (const char *)element;

  if (writer->n_open > 0)
    writer->n_open--;
  if (writer->hidden > 0)
    {
      writer->hidden -= is_one_of (name, void_elements) ? 0 : 1;
      return;
    }
  if (g_str_equal (name, "a"))
    end_link (writer);
  if (is_one_of (name, paragraph_elements))
    want_newlines (writer, writer->list_depth > 1 ? 1 : 2);
  else if (is_one_of (name, block_elements) && !g_str_equal (name, "hr"))
    want_newlines (writer, 1);
  if (g_str_equal (name, "blockquote") && writer->quote > 0)
    {
      writer->quote--;
      want_newlines (writer, 2);
    }
  else if (g_str_equal (name, "pre") && writer->preformatted > 0)
    writer->preformatted--;
  else if ((g_str_equal (name, "ul") || g_str_equal (name, "ol")) && writer->list_depth > 0)
    writer->list_depth--;
}

/* Feeds the document in pieces; %FALSE when it nests so deep that the parser would crawl. */
static gboolean
feed (htmlParserCtxtPtr parser, Writer *writer, const char *html, gsize length)
{
  for (gsize done = 0; done < length && !writer->overflowed;)
    {
      gsize n = MIN (length - done, CHUNK_BYTES);

      htmlParseChunk (parser, html + done, (int)n, 0);
      done += n;
    }
  htmlParseChunk (parser, NULL, 0, 1);
  return !writer->overflowed;
}

/* What is left when a document is built to be unreadable: everything between its tags. */
static char *
strip_tags (const char *html, gsize length)
{
  GString *out = g_string_sized_new (length / 2);
  gboolean in_tag = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (html[i] == '<')
        in_tag = TRUE;
      else if (html[i] == '>' && in_tag)
        {
          in_tag = FALSE;
          if (out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c (out, ' ');
        }
      else if (!in_tag)
        g_string_append_c (out, html[i]);
    }
  return g_string_free (out, FALSE);
}

char *
cachet_html_to_text (const char *html, gsize length)
{
  Writer writer = { 0 };
  htmlSAXHandler handler = { 0 };
  htmlParserCtxtPtr parser;
  gboolean ok;

  g_return_val_if_fail (html != NULL || length == 0, NULL);

  cachet_mime_init ();
  handler.startElement = start_element_cb;
  handler.endElement = end_element_cb;
  handler.characters = characters_cb;
  handler.ignorableWhitespace = characters_cb;
  writer.out = g_string_sized_new (length / 4 + 16);
  writer.at_line_start = TRUE;
  parser = htmlCreatePushParserCtxt (&handler, &writer, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
  if (parser == NULL)
    g_error ("no memory for an HTML parser");
  htmlCtxtUseOptions (parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
  ok = feed (parser, &writer, html, length);
  htmlFreeParserCtxt (parser);
  g_free (writer.link);
  if (!ok)
    {
      g_string_free (writer.out, TRUE);
      return strip_tags (html, length);
    }
  if (writer.out->len > 0)
    g_string_append_c (writer.out, '\n');
  return g_string_free (writer.out, FALSE);
}

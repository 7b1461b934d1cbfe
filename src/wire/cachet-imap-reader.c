#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-imap-reader.h"

#include "cachet-imap-parser.h"
#include "cachet-imap-value-private.h"

#include <string.h>

/* An open list. */
typedef struct
{
  guint list;       /* index of its node, G_MAXUINT for the top level */
  guint last_child; /* index, G_MAXUINT for none */
  guint n_children;
} Level;

struct _CachetImapReader
{
  GArray *nodes;
  GString *arena;
  Level levels[CACHET_IMAP_MAX_DEPTH + 1];
  guint depth;
  guint n_dropped_levels; /* open lists below the deepest that is kept */

  const char *bytes;
  const char *p;
  const char *end;
  const CachetImapLiteralSpan *literals;
  guint n_literals;
  guint next_literal;
  CachetImapFlaws flaws;
};

CachetImapReader *
cachet_imap_reader_new (void)
{
  CachetImapReader *self = g_new0 (CachetImapReader, 1);

  self->nodes = g_array_new (FALSE, FALSE, sizeof (CachetImapValue));
  self->arena = g_string_new (NULL);
  return self;
}

void
cachet_imap_reader_free (CachetImapReader *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->nodes);
  g_string_free (self->arena, TRUE);
  g_free (self);
}

static inline gboolean
is_space (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
skip_spaces (CachetImapReader *self)
{
  while (self->p < self->end && is_space (*self->p))
    self->p++;
}

/* Where text ends at the latest: at the next literal or at the end. */
static const char *
text_stop (CachetImapReader *self)
{
  while (self->next_literal < self->n_literals &&
         self->bytes + self->literals[self->next_literal].header < self->p)
    self->next_literal++;
  if (self->next_literal < self->n_literals)
    return self->bytes + self->literals[self->next_literal].header;
  return self->end;
}

static const char *
literal_end (CachetImapReader *self, const CachetImapLiteralSpan *literal)
{
  const char *end = self->bytes + literal->data + (literal->in_memory ? literal->size : 0);

  return MIN (end, self->end);
}

/* ---- nodes ---- */

/* %NULL when it was dropped. The pointer is good until the next call. */
static CachetImapValue *
add_node (CachetImapReader *self, CachetImapValueKind kind)
{
  Level *level = &self->levels[self->depth];
  CachetImapValue *node;

  if (self->n_dropped_levels > 0)
    return NULL;
  if (self->nodes->len >= CACHET_IMAP_MAX_VALUES)
    {
      self->flaws |= CACHET_IMAP_FLAW_TRUNCATED;
      return NULL;
    }
  if (level->last_child != G_MAXUINT)
    g_array_index (self->nodes, CachetImapValue, level->last_child).is_last = FALSE;
  level->last_child = self->nodes->len;
  level->n_children++;
  g_array_set_size (self->nodes, self->nodes->len + 1);
  node = &g_array_index (self->nodes, CachetImapValue, self->nodes->len - 1);
  *node = (CachetImapValue){ .n_nodes = 1, .kind = kind, .is_last = TRUE };
  return node;
}

static void
add_bytes (CachetImapReader *self, CachetImapValueKind kind, const char *from, const char *to)
{
  CachetImapValue *node = add_node (self, kind);

  if (node == NULL)
    return;
  node->offset = (guint32)(from - self->bytes);
  node->length = (guint32)(to - from);
}

static void
open_list (CachetImapReader *self)
{
  if (self->n_dropped_levels > 0 || self->depth == CACHET_IMAP_MAX_DEPTH)
    {
      self->flaws |= CACHET_IMAP_FLAW_TRUNCATED;
      self->n_dropped_levels++;
      return;
    }
  if (add_node (self, CACHET_IMAP_VALUE_LIST) == NULL)
    {
      self->n_dropped_levels++;
      return;
    }
  self->depth++;
  self->levels[self->depth] = (Level){ self->nodes->len - 1, G_MAXUINT, 0 };
}

static void
close_list (CachetImapReader *self)
{
  Level *level = &self->levels[self->depth];
  CachetImapValue *node;

  if (self->n_dropped_levels > 0)
    {
      self->n_dropped_levels--;
      return;
    }
  if (self->depth == 0)
    {
      self->flaws |= CACHET_IMAP_FLAW_SYNTAX;
      return;
    }
  node = &g_array_index (self->nodes, CachetImapValue, level->list);
  node->length = level->n_children;
  node->n_nodes = self->nodes->len - level->list;
  self->depth--;
}

/* ---- tokens ---- */

static void
read_literal (CachetImapReader *self)
{
  const CachetImapLiteralSpan *literal = &self->literals[self->next_literal++];
  CachetImapValue *node;

  if (literal->in_memory)
    {
      add_bytes (self, CACHET_IMAP_VALUE_LITERAL, self->bytes + literal->data,
                 literal_end (self, literal));
    }
  else
    {
      node = add_node (self, CACHET_IMAP_VALUE_STREAMED);
      if (node != NULL)
        node->length = literal->size;
    }
  self->p = literal_end (self, literal);
}

/* A quoted string with backslashes: its plain bytes go to the arena. Only \" and \\ are escapes;
 * before anything else servers mean the backslash itself. */
static void
add_unescaped (CachetImapReader *self, const char *from, const char *to)
{
  CachetImapValue *node = add_node (self, CACHET_IMAP_VALUE_QUOTED);
  gsize offset = self->arena->len;

  if (node == NULL)
    return;
  for (const char *p = from; p < to; p++)
    {
      if (*p == '\\' && p + 1 < to && (p[1] == '"' || p[1] == '\\'))
        p++;
      g_string_append_c (self->arena, *p);
    }
  node->offset = (guint32)offset;
  node->length = (guint32)(self->arena->len - offset);
  node->in_arena = TRUE;
}

static void
read_quoted (CachetImapReader *self)
{
  const char *stop = text_stop (self);
  const char *from = self->p + 1;
  const char *p = from;
  gboolean escaped = FALSE;

  while (p < stop && *p != '"')
    {
      if (*p == '\\' && p + 1 < stop)
        {
          escaped = TRUE;
          p++;
        }
      p++;
    }
  if (escaped)
    add_unescaped (self, from, p);
  else
    add_bytes (self, CACHET_IMAP_VALUE_QUOTED, from, p);
  if (p < stop)
    p++;
  else
    self->flaws |= CACHET_IMAP_FLAW_SYNTAX;
  self->p = p;
}

static gboolean
is_section_name (const char *from, const char *to)
{
  static const char *const names[] = { "BODY", "BODY.PEEK", "BINARY", "BINARY.SIZE" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if ((gsize)(to - from) == strlen (names[i]) &&
        g_ascii_strncasecmp (from, names[i], strlen (names[i])) == 0)
      return TRUE;
  return FALSE;
}

/* The byte after the ']' that ends the section at @p (a '['), or %NULL. Header names in it may be
 * quoted or even literals. */
static const char *
find_section_end (CachetImapReader *self, const char *p)
{
  guint next = self->next_literal;
  gboolean quoted = FALSE;

  while (p < self->end)
    {
      while (next < self->n_literals && self->bytes + self->literals[next].header < p)
        next++;
      if (next < self->n_literals && self->bytes + self->literals[next].header == p)
        {
          p = literal_end (self, &self->literals[next]);
          quoted = FALSE;
          continue;
        }
      if (quoted && *p == '\\' && p + 1 < self->end)
        p++;
      else if (*p == '"')
        quoted = !quoted;
      else if (*p == ']' && !quoted)
        return p + 1;
      p++;
    }
  return NULL;
}

static void
read_atom (CachetImapReader *self, gboolean in_code)
{
  const char *stop = text_stop (self);
  const char *from = self->p;
  const char *p = from;

  for (; p < stop && !is_space (*p) && *p != '(' && *p != ')'; p++)
    {
      const char *section_end;

      if (*p == ']' && in_code && self->depth == 0 && self->n_dropped_levels == 0)
        break;
      if (*p != '[' || !is_section_name (from, p))
        continue;
      section_end = find_section_end (self, p);
      if (section_end == NULL)
        continue;
      self->p = section_end;
      stop = text_stop (self);
      p = section_end - 1;
    }
  if (p - from == 3 && g_ascii_strncasecmp (from, "NIL", 3) == 0)
    add_bytes (self, CACHET_IMAP_VALUE_NIL, from, p);
  else if (p > from && !(p - from == 1 && *from == '~' && p == stop && p < self->end))
    add_bytes (self, CACHET_IMAP_VALUE_ATOM, from, p);
  self->p = p;
}

/* LIST with the delimiter "\" unescaped: after the attributes, and followed by a space, this can't
 * be the beginning of anything else. */
static gboolean
is_bare_backslash (CachetImapReader *self, CachetImapKeyword keyword)
{
  return (keyword == CACHET_IMAP_KEYWORD_LIST || keyword == CACHET_IMAP_KEYWORD_LSUB ||
          keyword == CACHET_IMAP_KEYWORD_XLIST) &&
         self->depth == 0 && self->levels[0].n_children == 1 && text_stop (self) - self->p > 4 &&
         memcmp (self->p, "\"\\\" ", 4) == 0;
}

/* Reads values up to the end, or in a code up to its ']' (which is left standing). Returns the
 * index of the first node, G_MAXUINT for none. */
static guint
read_values (CachetImapReader *self, CachetImapKeyword keyword, gboolean in_code)
{
  guint first = self->nodes->len;

  self->depth = 0;
  self->n_dropped_levels = 0;
  self->levels[0] = (Level){ G_MAXUINT, G_MAXUINT, 0 };
  while (self->p < self->end && self->nodes->len < CACHET_IMAP_MAX_VALUES)
    {
      const char *stop = text_stop (self);

      if (self->p == stop)
        read_literal (self);
      else if (is_space (*self->p))
        self->p++;
      else if (*self->p == ']' && in_code && self->depth == 0 && self->n_dropped_levels == 0)
        break;
      else if (*self->p == '(')
        {
          self->p++;
          open_list (self);
        }
      else if (*self->p == ')')
        {
          self->p++;
          close_list (self);
        }
      else if (*self->p == '"' && is_bare_backslash (self, keyword))
        {
          add_bytes (self, CACHET_IMAP_VALUE_QUOTED, self->p + 1, self->p + 2);
          self->p += 3;
        }
      else if (*self->p == '"')
        read_quoted (self);
      else
        read_atom (self, in_code);
    }
  if (self->p < self->end && !in_code)
    self->flaws |= CACHET_IMAP_FLAW_TRUNCATED;
  if (self->depth > 0 || self->n_dropped_levels > 0)
    self->flaws |= CACHET_IMAP_FLAW_SYNTAX;
  self->n_dropped_levels = 0;
  while (self->depth > 0)
    close_list (self);
  return self->nodes->len > first ? first : G_MAXUINT;
}

/* ---- parts of a response ---- */

/* The word at the current place, up to a space or parenthesis; %NULL when there is none. */
static const char *
read_word (CachetImapReader *self, gsize *length)
{
  const char *stop;
  const char *from;

  skip_spaces (self);
  stop = text_stop (self);
  from = self->p;
  while (self->p < stop && !is_space (*self->p) && *self->p != '(')
    self->p++;
  *length = (gsize)(self->p - from);
  return *length > 0 ? from : NULL;
}

/* Returns where the name stands in the arena. */
static guint32
keep_name (CachetImapReader *self, const char *name, gsize length, gboolean upper)
{
  guint32 offset = (guint32)self->arena->len;

  for (gsize i = 0; i < length; i++)
    {
      char c = name[i] != '\0' ? name[i] : '?';

      g_string_append_c (self->arena, upper ? g_ascii_toupper (c) : c);
    }
  g_string_append_c (self->arena, '\0');
  return offset;
}

/* `[CODE arguments]`; when it does not end it is text. */
static void
read_code (CachetImapReader *self, CachetImapResponsePlan *plan)
{
  const char *from = self->p++;
  const char *name = self->p;
  CachetImapFlaws flaws = self->flaws;
  gsize arena_length = self->arena->len;

  while (self->p < self->end && !is_space (*self->p) && *self->p != ']')
    self->p++;
  plan->code = cachet_imap_code_from_name (name, (gsize)(self->p - name));
  plan->code_name = keep_name (self, name, (gsize)(self->p - name), TRUE);
  plan->first_code_argument = read_values (self, CACHET_IMAP_KEYWORD_NONE, TRUE);
  if (self->p < self->end && *self->p == ']')
    {
      self->p++;
      return;
    }
  self->p = from;
  self->flaws = flaws;
  self->next_literal = 0;
  g_string_truncate (self->arena, arena_length);
  g_array_set_size (self->nodes, 0);
  plan->code = CACHET_IMAP_CODE_NONE;
  plan->code_name = 0;
  plan->first_code_argument = G_MAXUINT;
}

static void
read_text (CachetImapReader *self, CachetImapResponsePlan *plan)
{
  skip_spaces (self);
  if (plan->condition != CACHET_IMAP_CONDITION_NONE && self->p < self->end && *self->p == '[')
    {
      read_code (self, plan);
      skip_spaces (self);
    }
  plan->text = (guint32)(self->p - self->bytes);
}

static void
read_tagged (CachetImapReader *self, CachetImapResponsePlan *plan)
{
  const char *word;
  const char *after_tag;
  gsize length;

  plan->kind = CACHET_IMAP_RESPONSE_TAGGED;
  word = read_word (self, &length);
  if (word != NULL)
    plan->tag = keep_name (self, word, length, FALSE);
  after_tag = self->p;
  word = read_word (self, &length);
  if (word != NULL)
    plan->condition = cachet_imap_condition_from_name (word, length);
  if (plan->condition == CACHET_IMAP_CONDITION_NONE)
    {
      self->flaws |= CACHET_IMAP_FLAW_SYNTAX;
      self->p = after_tag;
    }
  read_text (self, plan);
}

/* `23` of `* 23 EXISTS`; %FALSE when the word is no number. One beyond 32 bits is passed over. */
static gboolean
take_number (CachetImapReader *self, const char *word, gsize length, CachetImapResponsePlan *plan)
{
  guint64 number = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit (word[i]))
        return FALSE;
      number = MIN (number * 10 + (guint)(word[i] - '0'), (guint64)G_MAXUINT32 + 1);
    }
  plan->has_number = number <= G_MAXUINT32;
  plan->number = plan->has_number ? (guint32)number : 0;
  if (!plan->has_number)
    self->flaws |= CACHET_IMAP_FLAW_SYNTAX;
  return TRUE;
}

static void
read_untagged (CachetImapReader *self, CachetImapResponsePlan *plan)
{
  const char *word;
  gsize length;

  plan->kind = CACHET_IMAP_RESPONSE_UNTAGGED;
  self->p++;
  word = read_word (self, &length);
  if (word != NULL && take_number (self, word, length, plan))
    word = read_word (self, &length);
  else if (word != NULL)
    plan->condition = cachet_imap_condition_from_name (word, length);
  if (plan->condition != CACHET_IMAP_CONDITION_NONE)
    {
      read_text (self, plan);
      return;
    }
  if (word == NULL)
    {
      self->flaws |= CACHET_IMAP_FLAW_SYNTAX;
      plan->keyword = CACHET_IMAP_KEYWORD_OTHER;
    }
  else
    {
      plan->keyword = cachet_imap_keyword_from_name (word, length);
      plan->keyword_name = keep_name (self, word, length, TRUE);
    }
  skip_spaces (self);
  plan->data = (guint32)(self->p - self->bytes);
  /* millions of numbers are read where they are needed, not made to nodes */
  if (plan->keyword != CACHET_IMAP_KEYWORD_SEARCH && plan->keyword != CACHET_IMAP_KEYWORD_SORT)
    plan->first_value = read_values (self, plan->keyword, FALSE);
}

CachetImapResponse *
cachet_imap_reader_read (CachetImapReader *self,
                         const char *bytes,
                         gsize n_bytes,
                         const CachetImapLiteralSpan *literals,
                         guint n_literals,
                         guint64 n_wire_bytes)
{
  CachetImapResponsePlan plan = {
    .bytes = bytes,
    .n_bytes = (guint32)n_bytes,
    .text = (guint32)n_bytes,
    .data = (guint32)n_bytes,
    .n_wire_bytes = n_wire_bytes,
    .arena = self->arena,
    .nodes = self->nodes,
    .first_value = G_MAXUINT,
    .first_code_argument = G_MAXUINT,
    .literals = literals,
    .n_literals = n_literals,
  };
  CachetImapResponse *response;

  self->bytes = bytes;
  self->p = bytes;
  self->end = bytes + n_bytes;
  self->literals = literals;
  self->n_literals = n_literals;
  self->next_literal = 0;
  self->flaws = CACHET_IMAP_FLAW_NONE;
  g_string_append_c (self->arena, '\0'); /* "" for names that are not there */

  skip_spaces (self);
  if (self->p < self->end && *self->p == '+')
    {
      plan.kind = CACHET_IMAP_RESPONSE_CONTINUATION;
      self->p++;
      read_text (self, &plan);
    }
  else if (self->p < self->end && *self->p == '*')
    read_untagged (self, &plan);
  else
    read_tagged (self, &plan);

  plan.flaws = self->flaws;
  response = cachet_imap_response_new_from_plan (&plan);
  g_array_set_size (self->nodes, 0);
  g_string_truncate (self->arena, 0);
  if (n_bytes > CACHET_IMAP_STREAM_THRESHOLD)
    { /* don't keep the memory that a large one took */
      g_array_unref (self->nodes);
      self->nodes = g_array_new (FALSE, FALSE, sizeof (CachetImapValue));
      g_string_free (self->arena, TRUE);
      self->arena = g_string_new (NULL);
    }
  return response;
}

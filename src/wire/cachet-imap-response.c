#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-imap-response.h"

#include "cachet-imap-response-private.h"
#include "cachet-imap-value-private.h"
#include "cachet-visible-text.h"

#include <string.h>

/* One block: this, the nodes, the bytes as they came (and a NUL), the arena, the literals' places.
 */
struct _CachetImapResponse
{
  gatomicrefcount ref_count;
  CachetImapResponseKind kind;
  CachetImapCondition condition;
  CachetImapKeyword keyword;
  CachetImapCode code;
  CachetImapFlaws flaws;
  gboolean has_number;
  guint32 number;
  guint32 n_bytes;
  guint32 n_literals;
  guint64 n_wire_bytes;
  const char *bytes;
  const char *tag;
  const char *keyword_name;
  const char *code_name;
  const char *text;
  const char *data;
  const CachetImapValue *first_value;
  const CachetImapValue *first_code_argument;
  const CachetImapLiteralSpan *literals;
};

G_DEFINE_BOXED_TYPE (CachetImapResponse,
                     cachet_imap_response,
                     cachet_imap_response_ref,
                     cachet_imap_response_unref)

/* Copies the nodes and makes their offsets count from themselves. */
static void
place_nodes (CachetImapValue *nodes, const CachetImapResponsePlan *plan)
{
  gsize n_nodes = plan->nodes->len;
  gsize bytes_at = n_nodes * sizeof (CachetImapValue);
  gsize arena_at = bytes_at + plan->n_bytes + 1;

  if (n_nodes > 0)
    memcpy (nodes, plan->nodes->data, bytes_at);
  for (gsize i = 0; i < n_nodes; i++)
    {
      gsize from = nodes[i].in_arena ? arena_at : bytes_at;

      nodes[i].offset += (guint32)(from - i * sizeof (CachetImapValue));
    }
}

CachetImapResponse *
cachet_imap_response_new_from_plan (const CachetImapResponsePlan *plan)
{
  gsize literals_size = plan->n_literals * sizeof (CachetImapLiteralSpan);
  gsize nodes_size = plan->nodes->len * sizeof (CachetImapValue);
  CachetImapResponse *self;
  CachetImapValue *nodes;
  char *bytes;
  char *arena;

  self = g_malloc (sizeof (CachetImapResponse) + literals_size + nodes_size + plan->n_bytes + 1 +
                   plan->arena->len + 1);
  *self = (CachetImapResponse){
    .kind = plan->kind,
    .condition = plan->condition,
    .keyword = plan->keyword,
    .code = plan->code,
    .flaws = plan->flaws,
    .has_number = plan->has_number,
    .number = plan->number,
    .n_bytes = plan->n_bytes,
    .n_literals = plan->n_literals,
    .n_wire_bytes = plan->n_wire_bytes,
  };
  g_atomic_ref_count_init (&self->ref_count);
  self->literals = (const CachetImapLiteralSpan *)(self + 1);
  if (literals_size > 0)
    memcpy (self + 1, plan->literals, literals_size);
  nodes = (CachetImapValue *)((guint8 *)(self + 1) + literals_size);
  place_nodes (nodes, plan);
  bytes = (char *)(nodes + plan->nodes->len);
  memcpy (bytes, plan->bytes, plan->n_bytes);
  bytes[plan->n_bytes] = '\0';
  arena = bytes + plan->n_bytes + 1;
  memcpy (arena, plan->arena->str, plan->arena->len + 1);

  self->bytes = bytes;
  self->text = bytes + plan->text;
  self->data = bytes + plan->data;
  self->tag = arena + plan->tag;
  self->keyword_name = arena + plan->keyword_name;
  self->code_name = arena + plan->code_name;
  if (plan->first_value != G_MAXUINT)
    self->first_value = nodes + plan->first_value;
  if (plan->first_code_argument != G_MAXUINT)
    self->first_code_argument = nodes + plan->first_code_argument;
  /* the text is given as a C string: a NUL in it must not hide the rest */
  for (char *p = bytes + plan->text; p < bytes + plan->n_bytes; p++)
    if (*p == '\0')
      *p = '?';
  return self;
}

CachetImapResponse *
cachet_imap_response_ref (const CachetImapResponse *self)
{
  CachetImapResponse *mutable_self = (CachetImapResponse *)self;

  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&mutable_self->ref_count);
  return mutable_self;
}

void
cachet_imap_response_unref (CachetImapResponse *self)
{
  if (self != NULL && g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

GBytes *
cachet_imap_response_slice (const CachetImapResponse *self, const CachetImapValue *value)
{
  gsize length;
  const char *bytes = cachet_imap_value_get_bytes (value, &length);

  if (length == 0)
    return g_bytes_new_static ("", 0);
  return g_bytes_new_with_free_func (bytes, length, (GDestroyNotify)cachet_imap_response_unref,
                                     cachet_imap_response_ref (self));
}

CachetImapResponseKind
cachet_imap_response_get_kind (const CachetImapResponse *self)
{
  g_return_val_if_fail (self != NULL, CACHET_IMAP_RESPONSE_UNTAGGED);

  return self->kind;
}

const char *
cachet_imap_response_get_tag (const CachetImapResponse *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->kind == CACHET_IMAP_RESPONSE_TAGGED ? self->tag : NULL;
}

CachetImapCondition
cachet_imap_response_get_condition (const CachetImapResponse *self)
{
  g_return_val_if_fail (self != NULL, CACHET_IMAP_CONDITION_NONE);

  return self->condition;
}

CachetImapKeyword
cachet_imap_response_get_keyword (const CachetImapResponse *self)
{
  g_return_val_if_fail (self != NULL, CACHET_IMAP_KEYWORD_NONE);

  return self->keyword;
}

const char *
cachet_imap_response_get_keyword_name (const CachetImapResponse *self)
{
  g_return_val_if_fail (self != NULL, "");

  return self->keyword_name;
}

gboolean
cachet_imap_response_get_number (const CachetImapResponse *self, guint32 *number)
{
  g_return_val_if_fail (self != NULL && number != NULL, FALSE);

  if (self->has_number)
    *number = self->number;
  return self->has_number;
}

CachetImapCode
cachet_imap_response_get_code (const CachetImapResponse *self)
{
  g_return_val_if_fail (self != NULL, CACHET_IMAP_CODE_NONE);

  return self->code;
}

const char *
cachet_imap_response_get_code_name (const CachetImapResponse *self)
{
  g_return_val_if_fail (self != NULL, "");

  return self->code_name;
}

const CachetImapValue *
cachet_imap_response_get_code_argument (const CachetImapResponse *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->first_code_argument;
}

const char *
cachet_imap_response_get_text (const CachetImapResponse *self)
{
  g_return_val_if_fail (self != NULL, "");

  return self->text;
}

const CachetImapValue *
cachet_imap_response_get_first_value (const CachetImapResponse *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->first_value;
}

const CachetImapValue *
cachet_imap_response_get_value (const CachetImapResponse *self, guint index)
{
  const CachetImapValue *value = cachet_imap_response_get_first_value (self);

  while (value != NULL && index-- > 0)
    value = cachet_imap_value_get_next (value);
  return value;
}

const char *
cachet_imap_response_get_data (const CachetImapResponse *self, gsize *length)
{
  g_return_val_if_fail (self != NULL && length != NULL, NULL);

  *length = (gsize)(self->bytes + self->n_bytes - self->data);
  return self->data;
}

CachetImapFlaws
cachet_imap_response_get_flaws (const CachetImapResponse *self)
{
  g_return_val_if_fail (self != NULL, CACHET_IMAP_FLAW_NONE);

  return self->flaws;
}

guint64
cachet_imap_response_get_n_bytes (const CachetImapResponse *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_wire_bytes;
}

/* Appends the bytes from @from up to @to, so far as @max_bytes lets it; %FALSE when it was cut. */
static gboolean
append_visible (
  GString *line, const CachetImapResponse *self, gsize from, gsize to, gsize max_bytes)
{
  gsize room = line->len < max_bytes ? max_bytes - line->len : 0;
  gsize length = MIN (to - from, room);
  g_autofree char *visible = NULL;

  if (length < to - from)
    while (length > 0 && (self->bytes[from + length] & 0xc0) == 0x80)
      length--; /* not within a character */
  visible = cachet_visible_text (self->bytes + from, (gssize)length, FALSE);
  g_string_append (line, visible);
  if (length == to - from)
    return TRUE;
  g_string_append (line, "…");
  return FALSE;
}

char *
cachet_imap_response_to_log_text (const CachetImapResponse *self, gsize max_bytes)
{
  g_autoptr (GString) line = g_string_new (NULL);
  gsize from = 0;

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->n_literals; i++)
    {
      const CachetImapLiteralSpan *literal = &self->literals[i];

      if (!append_visible (line, self, from, literal->header, max_bytes))
        return g_string_free (g_steal_pointer (&line), FALSE);
      g_string_append_printf (line, "{%u bytes}", literal->size);
      from = literal->data + (literal->in_memory ? literal->size : 0);
    }
  append_visible (line, self, from, self->n_bytes, max_bytes);
  return g_string_free (g_steal_pointer (&line), FALSE);
}

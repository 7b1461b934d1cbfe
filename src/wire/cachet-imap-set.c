#define G_LOG_DOMAIN "cachet-wire"

#include "config.h"

#include "cachet-imap-set.h"

#include <string.h>

struct _CachetImapSet
{
  GArray *ranges; /* CachetImapRange: sorted, disjoint, not adjacent */
};

G_DEFINE_BOXED_TYPE (CachetImapSet, cachet_imap_set, cachet_imap_set_copy, cachet_imap_set_free)

static inline CachetImapRange *
range_at (const CachetImapSet *self, guint index)
{
  return &g_array_index (self->ranges, CachetImapRange, index);
}

CachetImapSet *
cachet_imap_set_new (void)
{
  CachetImapSet *self = g_new0 (CachetImapSet, 1);

  self->ranges = g_array_new (FALSE, FALSE, sizeof (CachetImapRange));
  return self;
}

CachetImapSet *
cachet_imap_set_copy (const CachetImapSet *self)
{
  CachetImapSet *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = cachet_imap_set_new ();
  if (self->ranges->len > 0)
    g_array_append_vals (copy->ranges, self->ranges->data, self->ranges->len);
  return copy;
}

void
cachet_imap_set_free (CachetImapSet *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->ranges);
  g_free (self);
}

static int
compare_ranges_cb (gconstpointer a, gconstpointer b)
{
  const CachetImapRange *left = a;
  const CachetImapRange *right = b;

  if (left->first != right->first)
    return left->first < right->first ? -1 : 1;
  return 0;
}

/* Whether @next (which does not begin before @range) overlaps it or follows on directly. */
static gboolean
touches (const CachetImapRange *range, const CachetImapRange *next)
{
  return range->last == G_MAXUINT32 || next->first <= range->last + 1;
}

/* Puts ranges that were appended in any order into the form that everything else relies on. Bulk
 * additions go through here: inserting one by one would be quadratic on a hostile server's numbers.
 */
static void
normalise (CachetImapSet *self)
{
  guint kept = 0;
  gboolean sorted = TRUE;

  for (guint i = 1; i < self->ranges->len && sorted; i++)
    sorted = range_at (self, i - 1)->first <= range_at (self, i)->first;
  if (!sorted)
    g_array_sort (self->ranges, compare_ranges_cb);
  for (guint i = 1; i < self->ranges->len; i++)
    {
      CachetImapRange *last = range_at (self, kept);
      CachetImapRange *range = range_at (self, i);

      if (touches (last, range))
        last->last = MAX (last->last, range->last);
      else
        *range_at (self, ++kept) = *range;
    }
  if (self->ranges->len > 0)
    g_array_set_size (self->ranges, kept + 1);
}

CachetImapSet *
cachet_imap_set_new_from_numbers (const guint32 *numbers, gsize n_numbers)
{
  CachetImapSet *self = cachet_imap_set_new ();

  for (gsize i = 0; i < n_numbers; i++)
    {
      CachetImapRange range = { numbers[i], numbers[i] };
      CachetImapRange *last;

      if (numbers[i] == 0)
        continue;
      last = self->ranges->len > 0 ? range_at (self, self->ranges->len - 1) : NULL;
      if (last != NULL && last->last != G_MAXUINT32 && numbers[i] == last->last + 1)
        last->last++;
      else
        g_array_append_val (self->ranges, range);
    }
  normalise (self);
  return self;
}

static const char *
parse_number (const char *p, const char *end, guint32 *number)
{
  guint64 value = 0;

  if (p < end && *p == '*')
    {
      *number = G_MAXUINT32;
      return p + 1;
    }
  if (p == end || !g_ascii_isdigit (*p))
    return NULL;
  for (; p < end && g_ascii_isdigit (*p); p++)
    {
      value = value * 10 + (guint)(*p - '0');
      if (value > G_MAXUINT32)
        return NULL;
    }
  if (value == 0)
    return NULL;
  *number = (guint32)value;
  return p;
}

CachetImapSet *
cachet_imap_set_parse (const char *text, gssize length)
{
  g_autoptr (CachetImapSet) self = cachet_imap_set_new ();
  const char *p = text;
  const char *end;

  g_return_val_if_fail (text != NULL, NULL);

  end = text + (length < 0 ? strlen (text) : (gsize)length);
  for (;;)
    {
      CachetImapRange range;

      p = parse_number (p, end, &range.first);
      if (p == NULL)
        return NULL;
      range.last = range.first;
      if (p < end && *p == ':')
        {
          p = parse_number (p + 1, end, &range.last);
          if (p == NULL)
            return NULL;
        }
      if (range.first > range.last)
        range = (CachetImapRange){ range.last, range.first };
      g_array_append_val (self->ranges, range);
      if (p == end)
        break;
      if (*p++ != ',')
        return NULL;
    }
  normalise (self);
  return g_steal_pointer (&self);
}

static void
append_range (GString *text, const CachetImapRange *range)
{
  if (range->first == range->last)
    g_string_append_printf (text, "%u", range->first);
  else
    g_string_append_printf (text, "%u:%u", range->first, range->last);
}

char *
cachet_imap_set_to_string (const CachetImapSet *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->ranges->len; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      append_range (text, range_at (self, i));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char **
cachet_imap_set_to_strings (const CachetImapSet *self, gsize max_bytes)
{
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) part = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->ranges->len; i++)
    {
      g_string_truncate (part, 0);
      append_range (part, range_at (self, i));
      if (text->len > 0 && text->len + 1 + part->len > max_bytes)
        {
          g_ptr_array_add (strings, g_strndup (text->str, text->len));
          g_string_truncate (text, 0);
        }
      if (text->len > 0)
        g_string_append_c (text, ',');
      g_string_append_len (text, part->str, (gssize)part->len);
    }
  if (text->len > 0)
    g_ptr_array_add (strings, g_strndup (text->str, text->len));
  g_ptr_array_add (strings, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&strings), FALSE);
}

/* Index of the first range that ends at @number or after. */
static guint
find_range (const CachetImapSet *self, guint32 number)
{
  guint low = 0;
  guint high = self->ranges->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (range_at (self, middle)->last < number)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

void
cachet_imap_set_add (CachetImapSet *self, guint32 number)
{
  cachet_imap_set_add_range (self, number, number);
}

void
cachet_imap_set_add_range (CachetImapSet *self, guint32 first, guint32 last)
{
  CachetImapRange range = { MIN (first, last), MAX (first, last) };
  guint begin;
  guint end;

  g_return_if_fail (self != NULL);
  g_return_if_fail (first != 0 && last != 0);

  begin = find_range (self, range.first - 1);
  for (end = begin; end < self->ranges->len; end++)
    {
      CachetImapRange *other = range_at (self, end);

      if (range.last != G_MAXUINT32 && other->first > range.last + 1)
        break;
      range.first = MIN (range.first, other->first);
      range.last = MAX (range.last, other->last);
    }
  if (begin == end)
    {
      g_array_insert_val (self->ranges, begin, range);
      return;
    }
  *range_at (self, begin) = range;
  if (end - begin > 1)
    g_array_remove_range (self->ranges, begin + 1, end - begin - 1);
}

void
cachet_imap_set_add_set (CachetImapSet *self, const CachetImapSet *other)
{
  g_return_if_fail (self != NULL && other != NULL);

  if (self == other || other->ranges->len == 0)
    return;
  g_array_append_vals (self->ranges, other->ranges->data, other->ranges->len);
  normalise (self);
}

gboolean
cachet_imap_set_contains (const CachetImapSet *self, guint32 number)
{
  guint index;

  g_return_val_if_fail (self != NULL, FALSE);

  index = find_range (self, number);
  return index < self->ranges->len && range_at (self, index)->first <= number;
}

gboolean
cachet_imap_set_is_empty (const CachetImapSet *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->ranges->len == 0;
}

guint64
cachet_imap_set_get_size (const CachetImapSet *self)
{
  guint64 size = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->ranges->len; i++)
    size += (guint64)range_at (self, i)->last - range_at (self, i)->first + 1;
  return size;
}

guint
cachet_imap_set_get_n_ranges (const CachetImapSet *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->ranges->len;
}

CachetImapRange
cachet_imap_set_get_range (const CachetImapSet *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->ranges->len, ((CachetImapRange){ 0, 0 }));

  return *range_at (self, index);
}

guint32
cachet_imap_set_get_max (const CachetImapSet *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->ranges->len > 0 ? range_at (self, self->ranges->len - 1)->last : 0;
}

guint32
cachet_imap_set_get_min (const CachetImapSet *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->ranges->len > 0 ? range_at (self, 0)->first : 0;
}

#include "config.h"

#include "cachet-imap-set.h"

static const struct
{
  const char *text;
  const char *canonical; /* NULL: refused */
} parsed[] = {
  { "1", "1" },
  { "1,2,3", "1:3" },
  { "3,1", "1,3" },
  { "5:3", "3:5" },
  { "1:10,5:20", "1:20" },
  { "1:10,11:20", "1:20" },
  { "1:10,12:20", "1:10,12:20" },
  { "2:4,1:10,3", "1:10" },
  { "7:4294967295", "7:4294967295" },
  { "*", "4294967295" },
  { "*:5", "5:4294967295" },
  { "4294967295,1:4294967294", "1:4294967295" },
  { "007", "7" },
  { "", NULL },
  { "0", NULL },
  { "0:5", NULL },
  { "4294967296", NULL },
  { "99999999999999999999999999", NULL },
  { "-1", NULL },
  { "1,", NULL },
  { ",1", NULL },
  { "1,,2", NULL },
  { "1:", NULL },
  { ":1", NULL },
  { "1:2:3", NULL },
  { "1 2", NULL },
  { "a", NULL },
  { "1*", NULL },
};

static void
test_parse (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (parsed); i++)
    {
      g_autoptr (CachetImapSet) set = cachet_imap_set_parse (parsed[i].text, -1);
      g_autofree char *text = set != NULL ? cachet_imap_set_to_string (set) : NULL;

      g_assert_cmpstr (text, ==, parsed[i].canonical);
    }
}

static void
test_parse_length (void)
{
  g_autoptr (CachetImapSet) set = cachet_imap_set_parse ("1:33", 3);
  g_autofree char *text = cachet_imap_set_to_string (set);

  g_assert_cmpstr (text, ==, "1:3");
  g_assert_null (cachet_imap_set_parse ("1:3", 2));
  g_assert_null (cachet_imap_set_parse ("1\0002", 3));
}

static void
test_huge_ranges (void)
{
  g_autoptr (CachetImapSet) set = cachet_imap_set_parse ("7:4294967295", -1);

  g_assert_cmpuint (cachet_imap_set_get_n_ranges (set), ==, 1);
  g_assert_cmpuint (cachet_imap_set_get_size (set), ==, 4294967289);
  g_assert_false (cachet_imap_set_contains (set, 6));
  g_assert_true (cachet_imap_set_contains (set, 7));
  g_assert_true (cachet_imap_set_contains (set, G_MAXUINT32));
  cachet_imap_set_add (set, G_MAXUINT32);
  cachet_imap_set_add_range (set, 1, G_MAXUINT32);
  g_assert_cmpuint (cachet_imap_set_get_size (set), ==, G_MAXUINT32);
  g_assert_cmpuint (cachet_imap_set_get_min (set), ==, 1);
  g_assert_cmpuint (cachet_imap_set_get_max (set), ==, G_MAXUINT32);
}

/* Against a plain array of booleans. */
static void
test_random (void)
{
  enum { N = 200 };

  for (guint round = 0; round < 300; round++)
    {
      g_autoptr (CachetImapSet) set = cachet_imap_set_new ();
      g_autoptr (CachetImapSet) other = cachet_imap_set_new ();
      g_autoptr (CachetImapSet) again = NULL;
      g_autofree char *text = NULL;
      gboolean members[N + 2] = { FALSE };
      guint64 size = 0;
      guint n_ranges = 0;

      for (guint i = 0; i < 40; i++)
        {
          guint32 first = (guint32)g_test_rand_int_range (1, N + 1);
          int distance = g_test_rand_int_range (-5, 10);
          guint32 last = (guint32)CLAMP ((int)first + distance, 1, N);

          if (g_test_rand_bit ())
            cachet_imap_set_add_range (g_test_rand_bit () ? set : other, first, last);
          else
            cachet_imap_set_add (set, last = first);
          for (guint32 n = MIN (first, last); n <= MAX (first, last); n++)
            members[n] = TRUE;
        }
      cachet_imap_set_add_set (set, other);
      for (guint32 n = 1; n <= N; n++)
        {
          g_assert_true (cachet_imap_set_contains (set, n) == members[n]);
          size += members[n];
          n_ranges += members[n] && !members[n - 1];
        }
      g_assert_cmpuint (cachet_imap_set_get_size (set), ==, size);
      g_assert_cmpuint (cachet_imap_set_get_n_ranges (set), ==, n_ranges);
      text = cachet_imap_set_to_string (set);
      again = cachet_imap_set_parse (text, -1);
      g_assert_cmpuint (cachet_imap_set_get_size (again), ==, size);
    }
}

static void
test_from_numbers (void)
{
  const guint32 numbers[] = { 5, 3, 0, 4, 9, 4294967295u, 9, 4294967294u };
  g_autoptr (CachetImapSet) set =
    cachet_imap_set_new_from_numbers (numbers, G_N_ELEMENTS (numbers));
  g_autoptr (CachetImapSet) none = cachet_imap_set_new_from_numbers (NULL, 0);
  g_autofree char *text = cachet_imap_set_to_string (set);

  g_assert_cmpstr (text, ==, "3:5,9,4294967294:4294967295");
  g_assert_true (cachet_imap_set_is_empty (none));
}

/* Two million numbers backwards: inserting one by one would move gigabytes. */
static void
test_from_many_numbers (void)
{
  g_autofree guint32 *numbers = g_new (guint32, 2000000);
  g_autoptr (CachetImapSet) set = NULL;

  for (guint i = 0; i < 2000000; i++)
    numbers[i] = 4000001 - 2 * i;
  g_test_timer_start ();
  set = cachet_imap_set_new_from_numbers (numbers, 2000000);
  g_assert_cmpfloat (g_test_timer_elapsed (), <, 60);
  g_assert_cmpuint (cachet_imap_set_get_n_ranges (set), ==, 2000000);
}

static void
test_to_strings (void)
{
  g_autoptr (CachetImapSet) set = cachet_imap_set_parse ("1,3,5:7,9,11,13:100", -1);
  g_autoptr (CachetImapSet) empty = cachet_imap_set_new ();
  g_auto (GStrv) one = cachet_imap_set_to_strings (set, 1000);
  g_auto (GStrv) none = cachet_imap_set_to_strings (empty, 1000);

  g_assert_cmpuint (g_strv_length (one), ==, 1);
  g_assert_cmpstr (one[0], ==, "1,3,5:7,9,11,13:100");
  g_assert_cmpuint (g_strv_length (none), ==, 0);
  for (gsize max = 6; max < 20; max++)
    {
      g_auto (GStrv) parts = cachet_imap_set_to_strings (set, max);
      g_autoptr (CachetImapSet) sum = cachet_imap_set_new ();
      g_autofree char *text = NULL;

      for (gsize i = 0; parts[i] != NULL; i++)
        {
          g_autoptr (CachetImapSet) part = cachet_imap_set_parse (parts[i], -1);

          g_assert_nonnull (part);
          g_assert_cmpuint (strlen (parts[i]), <=, max);
          cachet_imap_set_add_set (sum, part);
        }
      text = cachet_imap_set_to_string (sum);
      g_assert_cmpstr (text, ==, "1,3,5:7,9,11,13:100");
    }
}

static void
test_copy (void)
{
  g_autoptr (CachetImapSet) set = cachet_imap_set_parse ("1,3", -1);
  g_autoptr (CachetImapSet) copy = g_boxed_copy (CACHET_TYPE_IMAP_SET, set);

  cachet_imap_set_add (copy, 2);
  g_assert_cmpuint (cachet_imap_set_get_size (set), ==, 2);
  g_assert_cmpuint (cachet_imap_set_get_range (copy, 0).last, ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-set/parse", test_parse);
  g_test_add_func ("/imap-set/parse-length", test_parse_length);
  g_test_add_func ("/imap-set/huge-ranges", test_huge_ranges);
  g_test_add_func ("/imap-set/random", test_random);
  g_test_add_func ("/imap-set/from-numbers", test_from_numbers);
  g_test_add_func ("/imap-set/from-many-numbers", test_from_many_numbers);
  g_test_add_func ("/imap-set/to-strings", test_to_strings);
  g_test_add_func ("/imap-set/copy", test_copy);
  return g_test_run ();
}

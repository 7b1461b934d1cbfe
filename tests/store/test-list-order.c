#define G_LOG_DOMAIN "cachet-test"

#include "config.h"

#include "cachet-list-order.h"
#include "store-test.h"

static void
assert_folded (const char *text, gboolean is_subject, const char *expected)
{
  g_autofree char *folded = cachet_list_order_fold (text, is_subject);

  g_assert_cmpstr (folded, ==, expected);
}

static void
test_fold (void)
{
  g_autoptr (GString) deep = g_string_new (NULL);
  g_autofree char *folded = NULL;

  assert_folded ("Re: Hello", TRUE, "hello");
  assert_folded ("RE: FWD: AW: Hello", TRUE, "hello");
  assert_folded ("Re[12]:  Re(3) : Hello", TRUE, "hello");
  assert_folded ("TR : réunion", TRUE, "reunion");
  assert_folded ("Re: Hello", FALSE, "re: hello");
  assert_folded ("Report: Re: Hello", TRUE, "report: re: hello");
  assert_folded ("Re[x]: Hello", TRUE, "re[x]: hello");
  assert_folded ("Re", TRUE, "re");
  assert_folded ("Re:", TRUE, "");
  assert_folded ("", TRUE, "");
  assert_folded ("  \"Quoted\" name", FALSE, "  \"quoted\" name");
  assert_folded ("\"Quoted\" name", FALSE, "quoted\" name");
  assert_folded ("ÉTÉ Ａ", FALSE, "ete a");
  assert_folded ("東京", FALSE, "東京");
  for (guint i = 0; i < 100000; i++)
    g_string_append (deep, "Re:");
  folded = cachet_list_order_fold (deep->str, TRUE);
  g_assert_nonnull (folded);
}

static void
test_compare (void)
{
  CachetListEntry old = { .id = 1, .date = -100, .uid = 9, .size = 10 };
  CachetListEntry new = { .id = 2, .date = 100, .uid = 8, .size = 5 };
  CachetListEntry same = { .id = 3, .date = 100, .uid = 7, .size = 5 };

  g_assert_cmpint (cachet_list_order_compare (&old, &new, CACHET_SORT_DATE, FALSE), <, 0);
  g_assert_cmpint (cachet_list_order_compare (&old, &new, CACHET_SORT_DATE, TRUE), >, 0);
  g_assert_cmpint (cachet_list_order_compare (&same, &new, CACHET_SORT_DATE, FALSE), <, 0);
  g_assert_cmpint (cachet_list_order_compare (&same, &new, CACHET_SORT_DATE, TRUE), >, 0);
  g_assert_cmpint (cachet_list_order_compare (&old, &new, CACHET_SORT_SIZE, FALSE), >, 0);
  g_assert_cmpint (cachet_list_order_compare (&old, &new, CACHET_SORT_SIZE, TRUE), <, 0);
  /* Equal keys: the newest first, in both directions. */
  g_assert_cmpint (cachet_list_order_compare (&new, &same, CACHET_SORT_SIZE, FALSE), <, 0);
  g_assert_cmpint (cachet_list_order_compare (&new, &same, CACHET_SORT_SIZE, TRUE), <, 0);
  g_assert_cmpint (cachet_list_order_compare (&new, &new, CACHET_SORT_UNREAD, TRUE), ==, 0);
  g_assert_true (cachet_list_order_needs_text (CACHET_SORT_SUBJECT));
  g_assert_true (cachet_list_order_needs_text (CACHET_SORT_FROM));
  g_assert_false (cachet_list_order_needs_text (CACHET_SORT_DATE));
}

int
main (int argc, char *argv[])
{
  store_test_init (&argc, &argv);

  g_test_add_func ("/store/list-order/fold", test_fold);
  g_test_add_func ("/store/list-order/compare", test_compare);
  return g_test_run ();
}

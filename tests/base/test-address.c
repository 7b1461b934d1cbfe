#include "config.h"

#include "cachet-address.h"

static void
test_display (void)
{
  static const struct
  {
    const char *name;
    const char *addr;
    const char *display;
    const char *shown;
  } cases[] = {
    { NULL, "bob@example.org", "bob@example.org", "bob@example.org" },
    { "", "bob@example.org", "bob@example.org", "bob@example.org" },
    { "Bob", "bob@example.org", "Bob <bob@example.org>", "Bob" },
    { "J. R. Bob", "b@x", "J. R. Bob <b@x>", "J. R. Bob" },
    { "Bob, A", "b@x", "\"Bob, A\" <b@x>", "Bob, A" },
    { "ceo@bank.example", "evil@x", "\"ceo@bank.example\" <evil@x>", "ceo@bank.example" },
    { "a <b@c>", "evil@x", "\"a <b@c>\" <evil@x>", "a <b@c>" },
    { "say \"hi\" \\", "b@x", "\"say \\\"hi\\\" \\\\\" <b@x>", "say \"hi\" \\" },
    { "a\nb", "b@x", "a␊b <b@x>", "a␊b" },
    { "x\u202Eb", "b@x", "\"x<U+202E>b\" <b@x>", "x<U+202E>b" },
    { NULL, "b\u200B@x", "b<U+200B>@x", "b<U+200B>@x" },
    { "Bob", "", "Bob <>", "Bob" },
    { NULL, NULL, "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CachetAddress) address = cachet_address_new (cases[i].name, cases[i].addr);
      g_autoptr (CachetAddress) copy = cachet_address_copy (address);
      g_autofree char *display = cachet_address_to_display (copy);
      g_autofree char *shown = cachet_address_to_short (copy);

      g_assert_cmpstr (display, ==, cases[i].display);
      g_assert_cmpstr (shown, ==, cases[i].shown);
    }
}

static void
test_equal (void)
{
  g_autoptr (CachetAddress) a = cachet_address_new ("A", "Bob@Example.org");
  g_autoptr (CachetAddress) b = cachet_address_new (NULL, "bob@example.ORG");
  g_autoptr (CachetAddress) c = cachet_address_new ("A", "bob@example.net");
  g_autoptr (CachetAddress) broken = cachet_address_new ("A", "bob\xff@example.net");

  g_assert_true (cachet_address_equal_addr (a, b));
  g_assert_false (cachet_address_equal_addr (a, c));
  g_assert_false (cachet_address_equal_addr (broken, c));
  g_assert_true (cachet_address_equal_addr (broken, broken));
}

static void
test_sendable (void)
{
  static const struct
  {
    const char *addr;
    gboolean sendable;
  } cases[] = {
    { "bob@example.org", TRUE },
    { "b.o+b@x", TRUE },
    { "\"a@b\"@example.org", TRUE },
    { "jürgen@example.org", TRUE },
    { NULL, FALSE },
    { "", FALSE },
    { "bob", FALSE },
    { "@example.org", FALSE },
    { "bob@", FALSE },
    { "bob@example.org\r\nRCPT TO:<c@d>", FALSE },
    { "bob@exa mple.org", FALSE },
    { "bob>@example.org", FALSE },
    { "<bob@example.org", FALSE },
    { "bob@example.org\x7f", FALSE },
    { "bob\xff@example.org", FALSE },
    { "bob@example.org\n", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (cachet_addr_spec_is_sendable (cases[i].addr), ==, cases[i].sendable);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/address/display", test_display);
  g_test_add_func ("/base/address/equal", test_equal);
  g_test_add_func ("/base/address/sendable", test_sendable);
  return g_test_run ();
}

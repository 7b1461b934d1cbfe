#include "config.h"

#include "cachet-imap-utf7.h"

static const struct
{
  const char *utf8;
  const char *name;
} pairs[] = {
  { "", "" },
  { "INBOX", "INBOX" },
  { "a & b", "a &- b" },
  { "&", "&-" },
  { "&&", "&-&-" },
  { "Entwürfe", "Entw&APw-rfe" },
  { "é", "&AOk-" },
  { "éé", "&AOkA6Q-" },
  { "ééé", "&AOkA6QDp-" },
  { "é&é", "&AOk-&-&AOk-" },
  { "台北", "&U,BTFw-" },
  { "~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-" },
  { "😀", "&2D3eAA-" },
  { "a😀é", "a&2D3eAADp-" },
  { "\xf4\x8f\xbf\xbf", "&2,,f,w-" },
  { "tab\there", "tab&AAk-here" },
  { "del\x7f", "del&AH8-" },
  { "Отправленные", "&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-" },
};

static void
test_pairs (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *name = cachet_imap_utf7_encode (pairs[i].utf8);
      g_autofree char *utf8 = cachet_imap_utf7_decode (pairs[i].name);

      g_assert_cmpstr (name, ==, pairs[i].name);
      g_assert_cmpstr (utf8, ==, pairs[i].utf8);
    }
}

static const char *const invalid[] = {
  "&",           "a&",      "&AOk", /* not ended */
  "&A-",                            /* fewer bits than a unit */
  "&AO-",        "&AOk=-",          /* padding is not written */
  "&AOk/-",                         /* a slash is no digit here */
  "&AOkA-",                         /* six bits too many */
  "&AOl-",                          /* the bits left over are not zero */
  "&2D0-",                          /* a high surrogate alone */
  "&3gA-",                          /* a low surrogate alone */
  "&2D0AQQ-",                       /* a high surrogate before a letter */
  "&2D3YPQ-",                       /* two high ones */
  "&AAA-",                          /* NUL */
  "caf\xc3\xa9", "caf\xe9", "a\tb", "\x7f", "&A O-", "&\xc3\xa9-",
};

static void
test_invalid (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_autofree char *utf8 = cachet_imap_utf7_decode (invalid[i]);

      g_assert_null (utf8);
    }
}

/* Printable ASCII in base64 is not what an encoder writes, but servers do; it is read. */
static void
test_lenient (void)
{
  g_autofree char *utf8 = cachet_imap_utf7_decode ("&AEE-");
  g_autofree char *twice = cachet_imap_utf7_decode ("&AOk-&AOk-");

  g_assert_cmpstr (utf8, ==, "A");
  g_assert_cmpstr (twice, ==, "éé");
}

static void
test_random_round_trip (void)
{
  for (guint round = 0; round < 3000; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *name = NULL;
      g_autofree char *back = NULL;

      for (int n = g_test_rand_int_range (0, 12); n > 0; n--)
        {
          const gint32 tops[] = { 0x7f, 0x7ff, 0xffff, 0x10ffff };
          gunichar c = (gunichar)g_test_rand_int_range (1, tops[g_test_rand_int_range (0, 4)] + 1);

          if (g_unichar_validate (c))
            g_string_append_unichar (text, c);
        }
      name = cachet_imap_utf7_encode (text->str);
      for (const char *p = name; *p != '\0'; p++)
        g_assert_true (g_ascii_isprint (*p));
      back = cachet_imap_utf7_decode (name);
      g_assert_cmpstr (back, ==, text->str);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-utf7/pairs", test_pairs);
  g_test_add_func ("/imap-utf7/invalid", test_invalid);
  g_test_add_func ("/imap-utf7/lenient", test_lenient);
  g_test_add_func ("/imap-utf7/random-round-trip", test_random_round_trip);
  return g_test_run ();
}

#include "config.h"

#include "cachet-endpoint.h"

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    const char *host; /* NULL: refused */
    guint16 port;
    const char *back;
  } cases[] = {
    { "mail.example.org", "mail.example.org", 143, "mail.example.org:143" },
    { " mail.example.org:993 ", "mail.example.org", 993, "mail.example.org:993" },
    { "127.0.0.1:1143", "127.0.0.1", 1143, "127.0.0.1:1143" },
    { "[::1]:993", "::1", 993, "[::1]:993" },
    { "[::1]", "::1", 143, "[::1]:143" },
    { "2001:db8::1", "2001:db8::1", 143, "[2001:db8::1]:143" },
    { "bücher.example:65535", "bücher.example", 65535, "bücher.example:65535" },
    { "", NULL, 0, NULL },
    { ":993", NULL, 0, NULL },
    { "host:", NULL, 0, NULL },
    { "host:0", NULL, 0, NULL },
    { "host:65536", NULL, 0, NULL },
    { "host:-1", NULL, 0, NULL },
    { "host:99999999999999999999999999", NULL, 0, NULL },
    { "host:imap", NULL, 0, NULL },
    { "[::1", NULL, 0, NULL },
    { "[::1]x", NULL, 0, NULL },
    { "[host]:993", NULL, 0, NULL },
    { "a:b:c", NULL, 0, NULL },
    { "user@host", NULL, 0, NULL },
    { "imap://host", NULL, 0, NULL },
    { "ho st", NULL, 0, NULL },
    { "host\r\nx", NULL, 0, NULL },
    { "\xff", NULL, 0, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CachetEndpoint) endpoint = NULL;
      g_autofree char *back = NULL;

      endpoint = cachet_endpoint_parse (cases[i].text, 143, CACHET_SECURITY_STARTTLS, &error);
      if (cases[i].host == NULL)
        {
          g_assert_null (endpoint);
          g_assert_error (error, CACHET_BASE_ERROR, CACHET_BASE_ERROR_INVALID);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpstr (endpoint->host, ==, cases[i].host);
      g_assert_cmpuint (endpoint->port, ==, cases[i].port);
      g_assert_cmpint (endpoint->security, ==, CACHET_SECURITY_STARTTLS);
      back = cachet_endpoint_to_string (endpoint);
      g_assert_cmpstr (back, ==, cases[i].back);
    }
}

static void
test_equal (void)
{
  g_autoptr (CachetEndpoint) a = cachet_endpoint_new ("Mail.Example", 993, CACHET_SECURITY_TLS);
  g_autoptr (CachetEndpoint) b = NULL;

  a->ca_file = g_strdup ("/ca.pem");
  b = cachet_endpoint_copy (a);
  g_assert_true (cachet_endpoint_equal (a, b));
  g_free (b->host);
  b->host = g_strdup ("mail.example");
  g_assert_true (cachet_endpoint_equal (a, b));
  b->security = CACHET_SECURITY_STARTTLS;
  g_assert_false (cachet_endpoint_equal (a, b));
  b->security = CACHET_SECURITY_TLS;
  b->port = 143;
  g_assert_false (cachet_endpoint_equal (a, b));
  b->port = 993;
  g_clear_pointer (&b->ca_file, g_free);
  g_assert_false (cachet_endpoint_equal (a, b));
}

static void
test_security (void)
{
  for (int i = CACHET_SECURITY_NONE; i <= CACHET_SECURITY_TLS; i++)
    {
      CachetSecurity back;
      const char *name = cachet_security_to_string ((CachetSecurity)i);

      g_assert_true (cachet_security_from_string (name, &back));
      g_assert_cmpint (back, ==, i);
    }
  {
    CachetSecurity kept = CACHET_SECURITY_TLS;

    g_assert_false (cachet_security_from_string ("ssl", &kept));
    g_assert_cmpint (kept, ==, CACHET_SECURITY_TLS);
    g_assert_true (cachet_security_from_string ("STARTTLS", &kept));
    g_assert_cmpint (kept, ==, CACHET_SECURITY_STARTTLS);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/endpoint/parse", test_parse);
  g_test_add_func ("/base/endpoint/equal", test_equal);
  g_test_add_func ("/base/endpoint/security", test_security);
  return g_test_run ();
}

#include "config.h"

#include "cachet-engine-types.h"
#include "cachet-outbox-policy.h"
#include "cachet-store-types.h"

static void
test_verdicts (void)
{
  static const struct
  {
    int code;
    CachetOutboxVerdict verdict;
  } rows[] = {
    { CACHET_NET_ERROR_CERTIFICATE, CACHET_OUTBOX_VERDICT_RETRY },
    { CACHET_NET_ERROR_NO_STARTTLS, CACHET_OUTBOX_VERDICT_RETRY },
    { CACHET_NET_ERROR_AUTH, CACHET_OUTBOX_VERDICT_RETRY },
    { CACHET_NET_ERROR_AUTH_TEMPORARY, CACHET_OUTBOX_VERDICT_RETRY },
    { CACHET_NET_ERROR_CLEAR_PASSWORD, CACHET_OUTBOX_VERDICT_RETRY },
    { CACHET_NET_ERROR_CLOSED, CACHET_OUTBOX_VERDICT_RETRY },
    { CACHET_NET_ERROR_TIMEOUT, CACHET_OUTBOX_VERDICT_RETRY },
    { CACHET_NET_ERROR_PROTOCOL, CACHET_OUTBOX_VERDICT_RETRY },
    { CACHET_NET_ERROR_OVERQUOTA, CACHET_OUTBOX_VERDICT_RETRY },
    { CACHET_NET_ERROR_SMTP_TEMPORARY, CACHET_OUTBOX_VERDICT_RETRY },
    { CACHET_NET_ERROR_SMTP_PERMANENT, CACHET_OUTBOX_VERDICT_FAIL },
    { CACHET_NET_ERROR_SMTP_TOO_BIG, CACHET_OUTBOX_VERDICT_FAIL },
    { CACHET_NET_ERROR_SMTP_UTF8, CACHET_OUTBOX_VERDICT_FAIL },
    { CACHET_NET_ERROR_LIMIT, CACHET_OUTBOX_VERDICT_FAIL },
    { CACHET_NET_ERROR_SMTP_RECIPIENTS, CACHET_OUTBOX_VERDICT_FAIL },
    { CACHET_NET_ERROR_SMTP_UNKNOWN, CACHET_OUTBOX_VERDICT_UNKNOWN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (CACHET_NET_ERROR, rows[i].code, "x");

      g_assert_cmpint (cachet_outbox_judge (error, NULL), ==, rows[i].verdict);
    }
}

static void
test_domains (void)
{
  g_autoptr (GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "x");
  g_autoptr (GError) refused = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "x");
  g_autoptr (GError) name = g_error_new_literal (G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "x");
  g_autoptr (GError) password =
    g_error_new_literal (CACHET_ENGINE_ERROR, CACHET_ENGINE_ERROR_NO_PASSWORD, "x");
  g_autoptr (GError) damaged =
    g_error_new_literal (CACHET_STORE_ERROR, CACHET_STORE_ERROR_DAMAGED, "x");

  g_assert_cmpint (cachet_outbox_judge (cancelled, NULL), ==, CACHET_OUTBOX_VERDICT_STOPPED);
  g_assert_cmpint (cachet_outbox_judge (refused, NULL), ==, CACHET_OUTBOX_VERDICT_RETRY);
  g_assert_cmpint (cachet_outbox_judge (name, NULL), ==, CACHET_OUTBOX_VERDICT_RETRY);
  g_assert_cmpint (cachet_outbox_judge (password, NULL), ==, CACHET_OUTBOX_VERDICT_RETRY);
  g_assert_cmpint (cachet_outbox_judge (damaged, NULL), ==, CACHET_OUTBOX_VERDICT_FAIL);
}

static void
test_rejections (void)
{
  g_autoptr (GError) error =
    g_error_new_literal (CACHET_NET_ERROR, CACHET_NET_ERROR_SMTP_RECIPIENTS, "x");
  CachetSmtpRejection greylisted = { .code = 450 };
  CachetSmtpRejection unknown = { .code = 550 };
  g_autoptr (GPtrArray) rejections = g_ptr_array_new ();

  g_assert_cmpint (cachet_outbox_judge (error, rejections), ==, CACHET_OUTBOX_VERDICT_FAIL);
  g_ptr_array_add (rejections, &greylisted);
  g_ptr_array_add (rejections, &greylisted);
  g_assert_cmpint (cachet_outbox_judge (error, rejections), ==, CACHET_OUTBOX_VERDICT_RETRY);
  g_ptr_array_add (rejections, &unknown);
  g_assert_cmpint (cachet_outbox_judge (error, rejections), ==, CACHET_OUTBOX_VERDICT_FAIL);
}

static void
test_pauses (void)
{
  guint last = 0;

  g_assert_cmpuint (cachet_outbox_get_pause (0), ==, CACHET_OUTBOX_FIRST_PAUSE);
  g_assert_cmpuint (cachet_outbox_get_pause (1), ==, CACHET_OUTBOX_FIRST_PAUSE);
  g_assert_cmpuint (cachet_outbox_get_pause (2), ==, 2 * CACHET_OUTBOX_FIRST_PAUSE);
  for (guint n = 1; n < 100; n++)
    {
      g_assert_cmpuint (cachet_outbox_get_pause (n), >=, last);
      last = cachet_outbox_get_pause (n);
      g_assert_cmpuint (last, <=, CACHET_OUTBOX_LONGEST_PAUSE);
    }
  g_assert_cmpuint (last, ==, CACHET_OUTBOX_LONGEST_PAUSE);
  g_assert_cmpuint (cachet_outbox_get_pause (G_MAXUINT), ==, CACHET_OUTBOX_LONGEST_PAUSE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outbox-policy/verdicts", test_verdicts);
  g_test_add_func ("/outbox-policy/domains", test_domains);
  g_test_add_func ("/outbox-policy/rejections", test_rejections);
  g_test_add_func ("/outbox-policy/pauses", test_pauses);
  return g_test_run ();
}

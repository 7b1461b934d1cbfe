#include "config.h"

#include "cachet-sasl.h"

#include <string.h>

static CachetSasl *
make (const char *mechanism)
{
  g_autoptr (CachetSecret) password = cachet_secret_new ("tanstaaftanstaaf", -1);
  g_autoptr (GError) error = NULL;
  CachetSasl *sasl = cachet_sasl_new (mechanism, "tim", password, &error);

  g_assert_no_error (error);
  return sasl;
}

static void
assert_line (CachetSecret *line, const char *expected)
{
  g_assert_nonnull (line);
  g_assert_cmpstr (cachet_secret_get_text (line), ==, expected);
  cachet_secret_unref (line);
}

static void
test_plain (void)
{
  g_autoptr (CachetSasl) sasl = make ("plain");
  g_autoptr (CachetSasl) early = make ("PLAIN");
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (cachet_sasl_get_mechanism (sasl), ==, "PLAIN");
  g_assert_true (cachet_sasl_exposes_password (sasl));
  /* NUL "tim" NUL "tanstaaftanstaaf" */
  assert_line (cachet_sasl_start_line (sasl, &error), "AHRpbQB0YW5zdGFhZnRhbnN0YWFm");
  g_assert_no_error (error);
  g_assert_true (cachet_sasl_finish (sasl, &error));
  g_assert_null (cachet_sasl_step_line (sasl, "", -1, &error));
  g_assert_error (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_UNEXPECTED);
  g_clear_error (&error);
  g_assert_false (cachet_sasl_finish (early, &error));
  g_assert_error (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_UNEXPECTED);
}

static void
test_plain_raw (void)
{
  g_autoptr (CachetSasl) sasl = make ("PLAIN");
  g_autoptr (CachetSecret) raw = cachet_sasl_start (sasl, NULL);

  g_assert_cmpmem (cachet_secret_get_text (raw), cachet_secret_get_length (raw),
                   "\0tim\0tanstaaftanstaaf", 21);
}

static void
test_login (void)
{
  g_autoptr (CachetSasl) sasl = make ("LOGIN");
  g_autoptr (GError) error = NULL;

  g_assert_true (cachet_sasl_exposes_password (sasl));
  g_assert_null (cachet_sasl_start_line (sasl, &error));
  g_assert_no_error (error);
  /* Prompts may say anything, also nothing. */
  assert_line (cachet_sasl_step_line (sasl, "VXNlcm5hbWU6", -1, &error), "dGlt");
  g_assert_false (cachet_sasl_finish (sasl, NULL));
  assert_line (cachet_sasl_step_line (sasl, "", -1, &error), "dGFuc3RhYWZ0YW5zdGFhZg==");
  g_assert_no_error (error);
  g_assert_true (cachet_sasl_finish (sasl, &error));
  g_assert_null (cachet_sasl_step_line (sasl, "TW9yZT8=", -1, &error));
  g_assert_error (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_UNEXPECTED);
}

/* The exchange of RFC 2195 §2. */
static void
test_cram_md5 (void)
{
  g_autoptr (CachetSasl) sasl = make ("CRAM-MD5");
  g_autoptr (GError) error = NULL;

  g_assert_false (cachet_sasl_exposes_password (sasl));
  g_assert_null (cachet_sasl_start_line (sasl, &error));
  g_assert_no_error (error);
  g_assert_false (cachet_sasl_finish (sasl, NULL));
  assert_line (cachet_sasl_step_line (
                 sasl, "PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+", -1, &error),
               "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw");
  g_assert_no_error (error);
  g_assert_true (cachet_sasl_finish (sasl, &error));
  g_assert_null (cachet_sasl_step_line (sasl, "PDE+", -1, &error));
  g_assert_error (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_UNEXPECTED);
}

static void
test_bad_challenges (void)
{
  static const char *const lines[] = {
    "a",    "ab",        "abc",       "ab=c",       "a===",        "====",
    "ab!=", "PDE4 OTY=", "PDE4\tOTY", "PDE4OTY=\r", "PDE\xc3\xa9", "*",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (CachetSasl) sasl = make ("CRAM-MD5");
      g_autoptr (GError) error = NULL;

      g_assert_null (cachet_sasl_step_line (sasl, lines[i], -1, &error));
      g_assert_error (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_CHALLENGE);
    }
}

static void
test_empty_challenge (void)
{
  g_autoptr (CachetSasl) sasl = make ("CRAM-MD5");
  g_autoptr (GError) error = NULL;

  g_assert_null (cachet_sasl_step_line (sasl, "", -1, &error));
  g_assert_error (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_CHALLENGE);
}

static void
test_challenge_limit (void)
{
  for (int over = 0; over <= 1; over++)
    {
      g_autoptr (CachetSasl) sasl = make ("CRAM-MD5");
      g_autofree guint8 *bytes = g_malloc0 (CACHET_SASL_MAX_CHALLENGE + 1);
      g_autofree char *line = NULL;
      g_autoptr (CachetSecret) answer = NULL;
      g_autoptr (GError) error = NULL;
      gsize length = CACHET_SASL_MAX_CHALLENGE + (gsize)over;

      answer = cachet_sasl_step (sasl, bytes, length, &error);
      if (over)
        g_assert_error (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_CHALLENGE);
      else
        g_assert_nonnull (answer);
      g_clear_error (&error);
      line = g_strnfill (4 * CACHET_SASL_MAX_CHALLENGE, 'A');
      g_assert_null (cachet_sasl_step_line (sasl, line, -1, &error));
      g_assert_error (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_CHALLENGE);
    }
}

static void
test_credentials (void)
{
  g_autoptr (CachetSecret) password = cachet_secret_new ("pass", -1);
  g_autoptr (CachetSecret) with_nul = cachet_secret_new ("pa\0ss", 5);
  g_autoptr (CachetSecret) empty = cachet_secret_new ("", -1);
  g_autoptr (CachetSasl) sasl = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (cachet_sasl_new ("PLAIN", "", password, &error));
  g_assert_error (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_CREDENTIALS);
  g_clear_error (&error);
  g_assert_null (cachet_sasl_new ("PLAIN", "tim", with_nul, &error));
  g_assert_error (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_CREDENTIALS);
  g_clear_error (&error);
  g_assert_null (cachet_sasl_new ("GSSAPI", "tim", password, &error));
  g_assert_error (error, CACHET_SASL_ERROR, CACHET_SASL_ERROR_CREDENTIALS);
  g_clear_error (&error);
  sasl = cachet_sasl_new ("PLAIN", "tim", empty, &error);
  g_assert_no_error (error);
  assert_line (cachet_sasl_start_line (sasl, &error), "AHRpbQA=");
}

static const struct
{
  const char *offered;
  const char *preference;
  gboolean encrypted;
  gboolean allow_clear;
  const char *chosen;
  CachetSaslRefusal refusal;
} choices[] = {
  { "LOGIN PLAIN CRAM-MD5", "auto", TRUE, FALSE, "PLAIN", CACHET_SASL_REFUSAL_NONE },
  { "login cram-md5", NULL, TRUE, FALSE, "LOGIN", CACHET_SASL_REFUSAL_NONE },
  { "GSSAPI CRAM-MD5", "auto", TRUE, FALSE, "CRAM-MD5", CACHET_SASL_REFUSAL_NONE },
  { "GSSAPI XOAUTH2", "auto", TRUE, FALSE, NULL, CACHET_SASL_REFUSAL_NOT_OFFERED },
  { "", "auto", TRUE, TRUE, NULL, CACHET_SASL_REFUSAL_NOT_OFFERED },
  { "PLAIN LOGIN", "cram-md5", TRUE, TRUE, NULL, CACHET_SASL_REFUSAL_NOT_OFFERED },
  { "PLAIN CRAM-MD5", "cram-md5", TRUE, FALSE, "CRAM-MD5", CACHET_SASL_REFUSAL_NONE },
  { "PLAIN LOGIN", "login", TRUE, FALSE, "LOGIN", CACHET_SASL_REFUSAL_NONE },
  { "PLAIN LOGIN", "kerberos", TRUE, FALSE, NULL, CACHET_SASL_REFUSAL_UNKNOWN },
  { "PLAIN LOGIN", "auto", FALSE, FALSE, NULL, CACHET_SASL_REFUSAL_CLEAR },
  { "PLAIN LOGIN CRAM-MD5", "auto", FALSE, FALSE, "CRAM-MD5", CACHET_SASL_REFUSAL_NONE },
  { "PLAIN LOGIN CRAM-MD5", "auto", FALSE, TRUE, "CRAM-MD5", CACHET_SASL_REFUSAL_NONE },
  { "PLAIN LOGIN", "auto", FALSE, TRUE, "PLAIN", CACHET_SASL_REFUSAL_NONE },
  { "PLAIN CRAM-MD5", "plain", FALSE, FALSE, NULL, CACHET_SASL_REFUSAL_CLEAR },
  { "PLAIN CRAM-MD5", "plain", FALSE, TRUE, "PLAIN", CACHET_SASL_REFUSAL_NONE },
  { "PLAINX XPLAIN", "auto", TRUE, FALSE, NULL, CACHET_SASL_REFUSAL_NOT_OFFERED },
};

static void
test_choose (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      g_auto (GStrv) offered = g_strsplit (choices[i].offered, " ", -1);
      CachetSaslRefusal refusal = CACHET_SASL_REFUSAL_UNKNOWN;

      g_assert_cmpstr (cachet_sasl_choose ((const char *const *)offered, choices[i].preference,
                                           choices[i].encrypted, choices[i].allow_clear, &refusal),
                       ==, choices[i].chosen);
      g_assert_cmpint (refusal, ==, choices[i].refusal);
    }
  g_assert_null (cachet_sasl_choose (NULL, NULL, TRUE, TRUE, NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sasl/plain", test_plain);
  g_test_add_func ("/sasl/plain-raw", test_plain_raw);
  g_test_add_func ("/sasl/login", test_login);
  g_test_add_func ("/sasl/cram-md5", test_cram_md5);
  g_test_add_func ("/sasl/bad-challenges", test_bad_challenges);
  g_test_add_func ("/sasl/empty-challenge", test_empty_challenge);
  g_test_add_func ("/sasl/challenge-limit", test_challenge_limit);
  g_test_add_func ("/sasl/credentials", test_credentials);
  g_test_add_func ("/sasl/choose", test_choose);
  return g_test_run ();
}

#include "config.h"

#include "cachet-smtp-command.h"

#include <string.h>

static void
test_mail (void)
{
  static const struct
  {
    const char *from;
    guint64 size;
    CachetSmtpMailFlags flags;
    const char *line;
  } lines[] = {
    { "a@b.example", 0, 0, "MAIL FROM:<a@b.example>" },
    { "", 0, 0, "MAIL FROM:<>" },
    { "a@b.example", 12, CACHET_SMTP_MAIL_8BITMIME,
      "MAIL FROM:<a@b.example> SIZE=12 BODY=8BITMIME" },
    { "a@b.example", G_MAXUINT64, CACHET_SMTP_MAIL_RET_HDRS,
      "MAIL FROM:<a@b.example> SIZE=18446744073709551615 RET=HDRS" },
    { "\xc3\xa9@b.example", 0, CACHET_SMTP_MAIL_SMTPUTF8,
      "MAIL FROM:<\xc3\xa9@b.example> SMTPUTF8" },
    { "a@b\xc3\xbc"
      "cher.example",
      0, 0, "MAIL FROM:<a@xn--bcher-kva.example>" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *line =
        cachet_smtp_command_mail (lines[i].from, lines[i].size, lines[i].flags, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (line, ==, lines[i].line);
    }
}

static void
test_rcpt (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *plain = cachet_smtp_command_rcpt ("a+x@b.example", 0, &error);
  g_autofree char *notify =
    cachet_smtp_command_rcpt ("a+x=y@b.example", CACHET_SMTP_RCPT_NOTIFY, &error);
  g_autofree char *utf8 = cachet_smtp_command_rcpt (
    "\xc3\xa9@b.example", CACHET_SMTP_RCPT_NOTIFY | CACHET_SMTP_RCPT_SMTPUTF8, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (plain, ==, "RCPT TO:<a+x@b.example>");
  g_assert_cmpstr (notify, ==,
                   "RCPT TO:<a+x=y@b.example> NOTIFY=SUCCESS,FAILURE,DELAY "
                   "ORCPT=rfc822;a+2Bx+3Dy@b.example");
  g_assert_cmpstr (utf8, ==, "RCPT TO:<\xc3\xa9@b.example> NOTIFY=SUCCESS,FAILURE,DELAY");
}

static void
test_bad_addresses (void)
{
  static const char *const addresses[] = {
    "a@b\r\nRCPT TO:<evil@c>",
    "a\n@b.example",
    "a\r@b.example",
    "a@b.example> SIZE=1",
    "a@b.example>",
    "<a@b.example",
    "a b@c.example",
    "a\tb@c.example",
    "a\x7f@c.example",
    "a\x01@c.example",
    "a",
    "@b.example",
    "a@",
    "\xff@b.example",
    "a@\xff.example",
    "a@\xc2\xad",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (cachet_smtp_command_rcpt (addresses[i], 0, &error));
      g_assert_error (error, CACHET_SMTP_COMMAND_ERROR, CACHET_SMTP_COMMAND_ERROR_ADDRESS);
      g_assert_null (strpbrk (error->message, "\r\n"));
      g_clear_error (&error);
      g_assert_null (cachet_smtp_command_mail (addresses[i], 0, 0, &error));
      g_assert_error (error, CACHET_SMTP_COMMAND_ERROR, CACHET_SMTP_COMMAND_ERROR_ADDRESS);
    }
  g_assert_null (cachet_smtp_command_rcpt ("", 0, NULL));
}

static void
test_address_limit (void)
{
  static const char domain[] = "@b.example";

  for (gsize over = 0; over <= 1; over++)
    {
      g_autofree char *local = g_strnfill (CACHET_SMTP_MAX_ADDRESS - strlen (domain) + over, 'a');
      g_autofree char *address = g_strconcat (local, domain, NULL);
      g_autofree char *line = cachet_smtp_command_rcpt (address, 0, NULL);

      g_assert_true ((line == NULL) == (over == 1));
    }
}

static void
test_needs_utf8 (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (cachet_smtp_address_needs_utf8 ("a@b.example"));
  g_assert_false (cachet_smtp_address_needs_utf8 ("a@b\xc3\xbc.example"));
  g_assert_true (cachet_smtp_address_needs_utf8 ("\xc3\xbc@b.example"));
  g_assert_true (cachet_smtp_address_needs_utf8 ("\xc3\xbc"));
  g_assert_null (cachet_smtp_command_mail ("\xc3\xbc@b.example", 0, 0, &error));
  g_assert_error (error, CACHET_SMTP_COMMAND_ERROR, CACHET_SMTP_COMMAND_ERROR_NEEDS_UTF8);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smtp-command/mail", test_mail);
  g_test_add_func ("/smtp-command/rcpt", test_rcpt);
  g_test_add_func ("/smtp-command/bad-addresses", test_bad_addresses);
  g_test_add_func ("/smtp-command/address-limit", test_address_limit);
  g_test_add_func ("/smtp-command/needs-utf8", test_needs_utf8);
  return g_test_run ();
}

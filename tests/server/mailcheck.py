#!/usr/bin/python3
"""Proves the private mail server: every way in, every refusal, delivery. Takes the MAIL_* variables from the environment."""
import email.message
import imaplib
import os
import smtplib
import ssl
import time

DELIVERY_LIMIT = 5.0


def variable(name):
    return os.environ["MAIL_" + name]


def message(subject, body="x"):
    m = email.message.EmailMessage()
    m["From"], m["To"], m["Subject"] = "alice@example.test", "bob@example.test", subject
    m.set_content(body)
    return m


def refused(call, *args):
    try:
        call(*args)
    except (smtplib.SMTPException, imaplib.IMAP4.error, ssl.SSLError) as error:
        return error
    raise AssertionError(f"not refused: {args}")


def check_submission(context):
    port = int(variable("SUBMISSION_PORT"))
    with smtplib.SMTP("localhost", port) as c:
        c.ehlo()
        assert not c.has_extn("auth"), "AUTH offered before TLS"
        c.starttls(context=context)
        c.ehlo()
        for word in ("size", "8bitmime", "smtputf8"):
            assert c.has_extn(word), word
        for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5"):
            assert mechanism in c.esmtp_features["auth"].split(), mechanism
        assert refused(c.login, "alice", "wrong").smtp_code == 535
        c.login("alice", "alice-pw")
        c.send_message(message("by STARTTLS"))
    with smtplib.SMTP_SSL("localhost", int(variable("SUBMISSIONS_PORT")), context=context) as c:
        assert isinstance(refused(c.sendmail, "alice@example.test", "bob@example.test", b"x"), smtplib.SMTPException)
        c.rset()
        c.login("alice", "alice-pw")
        for stranger in ("x@elsewhere.test", "nobody@example.test"):
            answers = refused(c.sendmail, "alice@example.test", stranger, b"x").recipients
            assert answers[stranger][0] == 550, answers
        c.send_message(message("by TLS"))
    for mechanism in ("auth_plain", "auth_login", "auth_cram_md5"):
        with smtplib.SMTP("localhost", int(variable("SUBMISSION_CLEAR_PORT"))) as c:
            c.ehlo()
            assert not c.has_extn("starttls")
            c.user, c.password = "alice@example.test", "alice-pw"
            code, text = c.auth(mechanism[5:].replace("_", "-").upper(), getattr(c, mechanism))
            assert code == 235, (mechanism, code, text)
    return 2


def check_imap(context, expected):
    imap, imaps = int(variable("IMAP_PORT")), int(variable("IMAPS_PORT"))
    with imaplib.IMAP4("127.0.0.2", imap) as c:
        assert "LOGINDISABLED" in c.capabilities, c.capabilities
        refused(c.login, "bob", "bob-pw")
        c.starttls(context)
        refused(c.login, "bob", "wrong")
        c.login("bob", "bob-pw")
        end = time.monotonic() + DELIVERY_LIMIT
        while int(c.select()[1][0]) < expected:
            assert time.monotonic() < end, "mail did not arrive"
            time.sleep(0.02)
        names = b" ".join(c.list()[1])
        for folder in (b"\\Sent", b"\\Drafts", b"\\Trash", b"\\Junk", b"\\Archive"):
            assert folder in names, folder
    with imaplib.IMAP4("127.0.0.3", imap) as c:
        assert "STARTTLS" not in c.capabilities and "LOGINDISABLED" not in c.capabilities, c.capabilities
        c.login("bob", "bob-pw")
    with imaplib.IMAP4("127.0.0.3", imap) as c:
        assert "AUTH=CRAM-MD5" in c.capabilities, c.capabilities
        c.login_cram_md5("bob", "bob-pw")
    with imaplib.IMAP4_SSL("localhost", imaps, ssl_context=context) as c:
        c.login("full", "full-pw")
        answer = c.append("INBOX", None, None, b"Subject: large\r\n\r\n" + b"x" * 40_000)
        assert answer[0] == "NO" and b"OVERQUOTA" in answer[1][0], answer


def check_certificates(context):
    for name in ("SELF_SIGNED", "EXPIRED", "WRONG_HOST"):
        host = os.environ.get(f"MAIL_{name}_HOST")
        if host:
            refused(lambda h: imaplib.IMAP4_SSL(h, int(variable("IMAPS_PORT")), ssl_context=context), host)


def main():
    context = ssl.create_default_context(cafile=variable("CA"))
    begin = time.monotonic()
    sent = check_submission(context)
    check_imap(context, sent)
    check_certificates(context)
    print(f"mail server: every way in, every refusal and delivery in {time.monotonic() - begin:.2f} s")


if __name__ == "__main__":
    main()

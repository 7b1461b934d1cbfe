"""Messages as the world really sends them: long, broken, bare. Each is (folder, days, flags, bytes with %DATE%)."""

MANY = ", ".join(f"Person Number {n} <person{n}@department{n % 9}.univ.example.edu>" for n in range(60))
LONG_SUBJECT = "Re: " * 20 + "The very long subject that several committees had a hand in, with each word kept because somebody " \
    "asked for it, and which therefore says, all in all, that the meeting is on Monday"
REFERENCES = "\r\n ".join(f"<thread.{n}.0123456789abcdef@archive.lists.example.org>" for n in range(70))


def message(*lines, body="", ending="\r\n"):
    return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + body.replace("\n", ending).encode("utf-8")


ODD = [
    ("INBOX", 4.4, "S", message(
        "From: Registrar <registrar@univ.example.edu>", f"To: {MANY}", "Date: %DATE%", f"Subject: {LONG_SUBJECT}",
        "Message-ID: <long.1@univ.example.edu>", f"References: {REFERENCES}",
        body="Sixty people, seventy references, one Monday.\n")),
    ("INBOX", 5.7, "", message(
        "From: alice@example.test via Web Form <form@shop.example.com>", "To: alice@example.test", "Date: %DATE%",
        "Subject: =?utf-8?B?TWlzc2luZyBlbmQgb2YgYW4gZW5jb2RlZCB3b3Jk", "Message-ID: <broken.1@shop.example.com>",
        "Content-Type: text/plain; charset=does-not-exist", body="The charset is unknown and the subject was cut.\n")),
    ("INBOX", 7.1, "S", b"From: =?iso-8859-1?Q?Ren=E9?= <rene@example.com>\r\nTo: alice@example.test\r\nDate: %DATE%\r\n"
     b"Subject: R\xe9union d\xe9plac\xe9e (raw Latin-1 in the header)\r\nMessage-ID: <raw8.1@example.com>\r\n\r\n"
     b"Le corps n'a pas de charset non plus : \xe9t\xe9, no\xebl.\r\n"),
    ("INBOX", 9.6, "S", message(
        "From: Scanner <scanner@lab.example.test>", "To: alice@example.test", "Date: %DATE%", "Subject: Scan without an end",
        "Message-ID: <cut.1@lab.example.test>", "MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="edge"',
        body="--edge\nContent-Type: text/plain\n\nThe last boundary never came.\n--edge\n"
             'Content-Type: application/pdf; name="scan.pdf"\nContent-Transfer-Encoding: base64\n'
             'Content-Disposition: attachment; filename="scan.pdf"\n\nJVBERi0xLjQKJeLjz9MKMSAwIG9iago8PC9UeXBlL0NhdGFsb2c+\n'
             "PmVuZG9iag!!this is not base64!!\n")),
    ("INBOX", 11.3, "S", message(
        "To: alice@example.test", "Subject: Nobody wrote this", body="No From, no Date, no Message-ID.\n")),
    ("INBOX", 13.5, "", message(
        'From: "Bank, the real one <security@bank.example.com>" <x@203-0-113-7.example.net>', "To: alice@example.test",
        "Date: %DATE%", "Subject: Your account", "Message-ID: <spoof.1@example.net>",
        body="The name pretends to be an address; the address is another.\n")),
    ("INBOX", 17.2, "S", message(
        "From: Bob Durand <bob@example.test>", "From: Somebody Else <else@example.net>", "To: alice@example.test",
        "Date: %DATE%", "Subject: Two senders", "Subject: and two subjects", "Message-ID: <twice.1@example.net>",
        body="Two From fields, two Subjects.\n")),
    ("INBOX", 19.4, "S", message(
        "From: Old Mailer <old@example.org>", "To: undisclosed-recipients:;", "Date: Tue, 31 Feb 2026 25:61:00 +9900",
        "Subject: A date that never was", "Message-ID: <date.1@example.org>", body="bare newlines\nin the body\n", ending="\n")),
    ("INBOX", 23.8, "S", message(
        "From: Deep Forwarder <deep@example.org>", "To: alice@example.test", "Date: %DATE%", "Subject: Fwd: Fwd: Fwd: the joke",
        "Message-ID: <deep.1@example.org>", "MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="d0"',
        body="".join(f'--d{n}\nContent-Type: multipart/mixed; boundary="d{n + 1}"\n\n' for n in range(12)) +
             "--d12\nContent-Type: text/plain\n\nWhy did the packet cross the network? To get to the other peer.\n" +
             "".join(f"--d{n}--\n" for n in range(12, -1, -1)))),
    ("INBOX", 26.7, "S", message(
        "From: =?utf-8?Q?=E2=80=AEetarip?= <rtl@example.net>", "To: alice@example.test", "Date: %DATE%",
        "Subject: A file whose name turns round", "Message-ID: <bidi.1@example.net>", "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="rtl"',
        body="--rtl\nContent-Type: text/plain; charset=utf-8\n\nLook at the attachment's name closely.\n--rtl\n"
             "Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n"
             "Content-Disposition: attachment; filename*=utf-8''photo%E2%80%AEfdp.exe\n\nTVqQAAMAAAA=\n--rtl--\n")),
    ("INBOX", 33.1, "S", message(
        "From: Wide Lines <wide@example.org>", "To: alice@example.test", "Date: %DATE%", "Subject: One line of 60 000 letters",
        "Message-ID: <wide.1@example.org>", body="word " * 12000 + "\n")),
]

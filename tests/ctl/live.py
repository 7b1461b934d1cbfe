#!/usr/bin/python3
"""cachetctl as a script would use it, against the private server: every verb, and what goes wrong.

usage: live.py CACHETCTL   (under mailserver.py run)
"""
import imaplib
import json
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

CTL = sys.argv.pop(1)
MESSAGE = """From: Alice <alice@example.test>\r
To: Bob <bob@example.test>\r
Bcc: carol@example.test\r
Subject: =?utf-8?q?R=C3=A9union?= du lundi\r
Message-ID: <ctl-1@example.test>\r
Date: Mon, 23 Nov 2026 10:00:00 +0100\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: 8bit\r
\r
Bonjour, le déjeuner est à midi.\r
.\r
..two dots\r
--b\r
Content-Type: image/gif; name=dot.gif\r
Content-Disposition: attachment; filename=dot.gif\r
Content-Transfer-Encoding: base64\r
\r
R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7\r
--b--\r
"""
GIF_SIZE = 42


class Ctl(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = pathlib.Path(tempfile.mkdtemp(prefix="cachet-ctl-"))
        cls.environment = dict(os.environ, HOME=str(cls.work), LC_ALL="C.UTF-8", TZ="UTC", SECRET_BACKEND="file",
                               SECRET_FILE_TEST_PATH=str(cls.work / "secrets"), SECRET_FILE_TEST_PASSWORD="test")
        cls.message = cls.work / "message.eml"
        cls.message.write_bytes(MESSAGE.encode())
        cls.add("alice")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.work)

    @classmethod
    def run_ctl(cls, *words, who="alice", stdin="", code=0):
        done = subprocess.run([CTL, "--data-dir", str(cls.work / who), "--config-dir", str(cls.work / who / "config"), *words],
                              input=stdin, text=True, capture_output=True, env=cls.environment, timeout=60, check=False)
        assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return done.stdout if code == 0 else done.stderr

    @classmethod
    def json(cls, *words, **options):
        return json.loads(cls.run_ctl(*words, "--json", **options))

    @classmethod
    def add(cls, who, password=None):
        environment = os.environ
        return cls.run_ctl("account", "add", "--name", who.title(), "--address", f"{who}@example.test", "--user", who,
                           "--imap", f"localhost:{environment['MAIL_IMAP_PORT']}", "--imap-security", "starttls",
                           "--smtp", f"localhost:{environment['MAIL_SUBMISSION_PORT']}", "--smtp-security", "starttls",
                           "--ca-file", environment["MAIL_CA"], "--password-stdin", who=who,
                           stdin=(password or f"{who}-pw") + "\n")

    @classmethod
    def imap(cls, who):
        context = ssl.create_default_context(cafile=os.environ["MAIL_CA"])
        connection = imaplib.IMAP4_SSL("localhost", int(os.environ["MAIL_IMAPS_PORT"]), ssl_context=context)
        connection.login(who, f"{who}-pw")
        return connection

    def wait_for(self, who, folder, subject, limit=10):
        with self.imap(who) as connection:
            end = time.monotonic() + limit
            while time.monotonic() < end:
                connection.select(folder, readonly=True)
                if connection.uid("SEARCH", "HEADER", "Message-ID", subject)[1][0]:
                    return
                time.sleep(0.05)
        self.fail(f"{subject} did not come to {who}'s {folder}")

    def row(self, folder, message_id):
        rows = [row for row in self.json("list", folder) if row["message_id"] == message_id]
        self.assertEqual(len(rows), 1, rows)
        return rows[0]

    def append(self, folder, message_id, subject="appended", body="some text"):
        with self.imap("alice") as connection:
            connection.append(folder, None, None, (
                f"From: bob@example.test\r\nTo: alice@example.test\r\nSubject: {subject}\r\nMessage-ID: <{message_id}>\r\n"
                f"Date: Mon, 23 Nov 2026 11:00:00 +0000\r\n\r\n{body}\r\n").encode())
        self.run_ctl("sync")

    def test_account_list(self):
        accounts = self.json("account", "list")
        self.assertEqual([a["address"] for a in accounts], ["alice@example.test"])
        self.assertEqual(accounts[0]["imap"]["security"], "starttls")
        self.assertNotIn("alice-pw", self.run_ctl("account", "list"))

    def test_account_test(self):
        steps = self.json("account", "test")
        self.assertGreaterEqual(len(steps), 2)
        self.assertEqual({step["result"] for step in steps}, {"ok"}, steps)
        self.assertIn("TLS 1.3", json.dumps(steps))

    def test_wrong_password_says_so(self):
        error = self.run_ctl("account", "test", "--password-stdin", stdin="wrong\n", code=1)
        self.assertIn("password", error.lower())

    def test_send_and_copy_in_sent(self):
        self.assertIn("Sent", self.run_ctl("send", str(self.message)))
        self.wait_for("bob", "INBOX", "ctl-1@example.test")
        self.wait_for("carol", "INBOX", "ctl-1@example.test")
        self.wait_for("alice", "Sent", "ctl-1@example.test")
        self.assertEqual(self.json("outbox"), [])
        with self.imap("bob") as connection:
            connection.select("INBOX", readonly=True)
            uid = connection.uid("SEARCH", "HEADER", "Message-ID", "ctl-1@example.test")[1][0].split()[-1]
            received = connection.uid("FETCH", uid, "(BODY.PEEK[])")[1][0][1]
        self.assertNotIn(b"carol", received.lower())
        self.assertIn("\r\n.\r\n..two dots\r\n".encode(), received)
        self.assertIn("déjeuner".encode(), received)

    def test_folders_list_show_search(self):
        self.append("INBOX", "ctl-2@example.test", "searchable", "the quick zebra")
        folders = {folder["path"]: folder for folder in self.json("folders")}
        self.assertIn("INBOX", folders)
        self.assertGreaterEqual(folders["INBOX"]["total"], 1)
        row = self.row("INBOX", "ctl-2@example.test")
        self.assertIn("the quick zebra", self.run_ctl("show", str(row["id"])))
        found = self.json("search", "zebra")
        self.assertIn("ctl-2@example.test", [r["message_id"] for r in found])
        self.assertEqual(self.json("search", "antelope"), [])

    def test_flag_reaches_the_server(self):
        self.append("INBOX", "ctl-3@example.test")
        row = self.row("INBOX", "ctl-3@example.test")
        self.run_ctl("flag", "seen", "on", str(row["id"]))
        with self.imap("alice") as connection:
            connection.select("INBOX", readonly=True)
            flags = connection.uid("FETCH", str(row["uid"]), "(FLAGS)")[1][0]
        self.assertIn(b"\\Seen", flags)

    def test_offline_move_is_replayed(self):
        with self.imap("alice") as connection:
            connection.create("Archives")
        self.append("INBOX", "ctl-4@example.test")
        row = self.row("INBOX", "ctl-4@example.test")
        self.run_ctl("move", "Archives", str(row["id"]), "--offline")
        self.assertNotIn("ctl-4@example.test", [r["message_id"] for r in self.json("list", "INBOX")])
        self.run_ctl("sync")
        self.wait_for("alice", "Archives", "ctl-4@example.test")
        self.assertEqual(self.row("Archives", "ctl-4@example.test")["folder"], "Archives")

    def test_delete_and_expunge(self):
        self.append("INBOX", "ctl-5@example.test")
        row = self.row("INBOX", "ctl-5@example.test")
        self.run_ctl("delete", str(row["id"]))
        self.wait_for("alice", "Trash", "ctl-5@example.test")
        self.run_ctl("sync")
        row = self.row("Trash", "ctl-5@example.test")
        self.run_ctl("delete", str(row["id"]))
        self.assertIn("1 message removed", self.run_ctl("expunge", "Trash"))
        with self.imap("alice") as connection:
            connection.select("Trash", readonly=True)
            self.assertFalse(connection.uid("SEARCH", "HEADER", "Message-ID", "ctl-5@example.test")[1][0])

    def test_expunge_leaves_what_the_server_does_not_know_yet(self):
        with self.imap("alice") as connection:
            connection.create("Later")
        self.append("INBOX", "ctl-6@example.test")
        row = self.row("INBOX", "ctl-6@example.test")
        self.run_ctl("flag", "deleted", "on", str(row["id"]))
        self.run_ctl("move", "Later", str(row["id"]), "--offline")
        self.row("Later", "ctl-6@example.test")
        self.assertIn("0 messages removed", self.run_ctl("expunge", "Later", "--offline"))
        self.run_ctl("sync")
        self.wait_for("alice", "Later", "ctl-6@example.test")

    def test_inspect(self):
        facts = self.json("inspect", str(self.message))
        self.assertEqual(facts["from"], ["alice@example.test"])
        self.assertIn("déjeuner", facts["text"])
        self.assertEqual(facts["attachments"], [{"name": "dot.gif", "type": "image/gif", "size": GIF_SIZE}])
        self.assertEqual(facts["structure"]["type"], "multipart/mixed")
        raw = MESSAGE.encode()
        part = facts["structure"]["children"][0]
        self.assertTrue(raw[part["body"][0]:part["body"][1]].startswith("Bonjour".encode()))

    def test_log_is_masked(self):
        self.run_ctl("sync")
        log = self.run_ctl("log")
        self.assertIn("STARTTLS", log)
        self.assertNotIn("alice-pw", log)
        for path in self.work.rglob("*"):
            if path.is_file():
                self.assertNotIn(b"alice-pw", path.read_bytes(), path)

    def test_usage(self):
        for words in (["nonsense"], ["show", "x"], ["account", "add", "--name", "x"], ["flag", "seen", "maybe", "1"]):
            self.run_ctl(*words, code=2)
        self.run_ctl("list", "No such folder", code=1)
        self.run_ctl("show", "999999999", code=1)
        self.run_ctl("inspect", "/nonexistent.eml", code=1)

    def test_unknown_authority_is_refused(self):
        self.run_ctl("account", "add", "--name", "B", "--address", "bob@example.test", "--user", "bob",
                     "--imap", f"localhost:{os.environ['MAIL_IMAPS_PORT']}", "--imap-security", "tls",
                     "--smtp", f"localhost:{os.environ['MAIL_SUBMISSIONS_PORT']}", "--smtp-security", "tls",
                     "--password-stdin", who="bob", stdin="bob-pw\n")
        error = self.run_ctl("account", "test", who="bob", code=1)
        self.assertIn("certificate", error.lower())
        self.assertIn("certificate", self.run_ctl("sync", who="bob", code=1).lower())


if __name__ == "__main__":
    unittest.main(verbosity=2)

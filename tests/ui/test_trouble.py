#!/usr/bin/python3
"""What goes wrong, met in the real window: each trouble says what, why and what next, loses nothing, and leaves the window alive.

Runs under mailserver.py (with bad certificates) and a gui-session; leaves pictures in UI_SHOTS. With arguments: only those cases.
"""
import contextlib
import email.message
import hashlib
import imaplib
import os
import pathlib
import re
import smtplib
import socket
import ssl
import subprocess
import sys
import threading

import guidrive as g

DIRECTORY = pathlib.Path(os.environ["GUI_DIR"])
SHOTS = pathlib.Path(os.environ.get("UI_SHOTS", str(DIRECTORY))) / "trouble"
LIMIT = 20
BIG = 3_000_000
SMALL_DISK = 24_000_000
NOWHERE = "no-such-host.invalid"


def port(name):
    return os.environ[f"MAIL_{name}_PORT"]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def deliver(who, subject, text):
    message = email.message.EmailMessage()
    message["From"] = "Bob Durand <bob@example.test>"
    message["To"] = f"{who}@example.test"
    message["Subject"] = subject
    message["Message-ID"] = f"<{abs(hash(subject))}@example.test>"
    message["Date"] = "Tue, 24 Nov 2026 10:00:00 +0100"
    message.set_content(text)
    with smtplib.LMTP("127.0.0.1", int(port("LMTP"))) as lmtp:
        lmtp.send_message(message, "bob@example.test", [f"{who}@example.test"])


def count_on_server(who, folder, subject):
    context = ssl.create_default_context(cafile=os.environ["MAIL_CA"])
    with imaplib.IMAP4_SSL("localhost", int(port("IMAPS")), ssl_context=context) as connection:
        connection.login(who, f"{who}-pw")
        connection.select(folder, readonly=True)
        return len(connection.uid("SEARCH", "SUBJECT", f'"{subject}"')[1][0].split())


class Relay:
    """hands on what comes, until it has handed on LIMIT bytes of one connection in one direction: then it cuts it"""

    def __init__(self, target, limit_to_client=None, limit_to_server=None):
        self.target, self.limits = int(target), [limit_to_client, limit_to_server]
        self.cuts = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def heal(self):
        self.limits = [None, None]

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client = self.listener.accept()[0]
                server = socket.create_connection(("127.0.0.1", self.target))
                for source, sink, which in ((server, client, 0), (client, server, 1)):
                    threading.Thread(target=self.pump, args=(source, sink, which), daemon=True).start()

    def pump(self, source, sink, which):
        handed = 0
        with contextlib.suppress(OSError):
            while data := source.recv(16384):
                handed += len(data)
                limit = self.limits[which]
                if limit is not None and handed > limit:
                    self.cuts += 1
                    break
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class Case:
    """an account in folders of its own, and the window on them"""

    def __init__(self, name, who="alice", data=None):
        self.name, self.who = name, who
        self.home = DIRECTORY / name
        self.home.mkdir(exist_ok=True)
        self.data = data or self.home / "data"
        self.folders = ["--data-dir", str(self.data), "--config-dir", str(self.home / "config")]
        self.environment = {"SECRET_BACKEND": "file", "SECRET_FILE_TEST_PATH": str(self.home / "secrets"),
                            "SECRET_FILE_TEST_PASSWORD": "test", "CACHET_SETTINGS_FILE": str(self.home / "settings.ini")}

    def add(self, *more, imap=None, security="starttls", smtp=None, password=None):
        subprocess.run([os.environ["CACHETCTL"], *self.folders, "account", "add", "--name", self.who.title(),
                        "--address", f"{self.who}@example.test", "--user", self.who,
                        "--imap", imap or f"localhost:{port('IMAP')}", "--imap-security", security,
                        "--smtp", smtp or f"localhost:{port('SUBMISSION')}", "--smtp-security", "starttls",
                        "--ca-file", os.environ["MAIL_CA"], "--password-stdin", *more],
                       input=(password or f"{self.who}-pw") + "\n", text=True, check=True, timeout=30,
                       stdout=subprocess.DEVNULL, env={**os.environ, **self.environment})

    @contextlib.contextmanager
    def window(self, again=""):
        command = [os.environ["CACHET"], *self.folders]
        with g.Program(command, log=f"{self.name}{again}.log", **self.environment) as program:
            self.app = program.app()
            self.frame = g.active(g.find(self.app, "frame", re.compile("Cachet"), limit=LIMIT))
            try:
                yield self
                self.alive()
                assert g.nameless(self.frame) == [], g.nameless(self.frame)
            except BaseException:
                self.shot("failed")
                g.dump(self.app)
                raise

    def alive(self):
        """the window still answers: its menu opens and closes"""
        button = g.find(self.frame, "toggle button", "Main menu")
        g.act(button)
        g.find(self.app, None, re.compile("^New Folder"))
        g.act(button)

    def shot(self, what=""):
        SHOTS.mkdir(parents=True, exist_ok=True)
        g.shot(SHOTS / f"{self.name}{'-' if what else ''}{what}.png")

    def says(self, *patterns, root=None, limit=LIMIT):
        """a label that says it all, in any order"""
        def get():
            for node in g.find_all(root or self.app, "label"):
                words = node.get_name() or ""
                if all(re.search(pattern, words, re.I) for pattern in patterns):
                    return words
            return None
        return g.wait(get, f"a message with {patterns}", limit)

    def press(self, name, root=None, limit=LIMIT):
        button = g.find(root or self.app, ("push button", "toggle button"), re.compile(name), limit=limit)
        g.wait(lambda: g.sensitive(button), f"{name} sensitive")
        g.act(button)

    def row_of(self, subject):
        tree = next(g.find_all(self.frame, None, "Messages"), None)
        table = tree.get_table_iface() if tree is not None else None
        for row in range(table.get_n_rows() if table else 0):
            for column in range(table.get_n_columns()):
                cell = table.get_accessible_at(row, column)
                if cell and subject in [cell.get_name()] + [cell.get_child_at_index(i).get_name()
                                                            for i in range(cell.get_child_count())]:
                    return (row,)
        return None

    def select(self, subject, limit=LIMIT):
        row = g.wait(lambda: self.row_of(subject), f"row {subject!r}", limit)[0]
        table = g.find(self.frame, None, "Messages").get_table_iface()
        for other in list(table.get_selected_rows()):
            table.remove_row_selection(other)
        table.add_row_selection(row)

    def text_has(self, words, limit=LIMIT):
        def get():
            node = next(g.find_all(self.frame, "text", "Message text"), None)
            return node is not None and words in g.text(node)
        g.wait(get, f"a message text with {words!r}", limit)

    def gone(self, pattern):
        g.gone(self.frame, "label", re.compile(pattern), limit=LIMIT)

    def dialog(self, name):
        return g.active(g.find(self.app, ("dialog", "frame"), re.compile(name), limit=LIMIT))

    def compose(self, subject, text):
        g.keys("ctrl+n")
        frame = g.active(g.find(self.app, "frame", "New Message"))
        g.set_text(g.find(frame, None, "To"), "bob@example.test")
        g.set_text(g.find(frame, None, "Subject"), subject)
        g.set_text(g.find(frame, None, "Message Text"), text)
        return frame

    def send(self, frame):
        g.act(g.find(frame, "push button", "Send"))

    def outbox(self):
        self.press("^Running work and outbox$", self.frame)
        return g.find(self.app, None, "Outbox")


def wrong_password():
    case = Case("password")
    case.add(password="not-it")
    with case.window():
        case.says("needs its password")
        case.shot("bar")
        case.press("Enter Password")
        dialog = case.dialog("Password")
        case.says("localhost|alice", root=dialog)
        case.shot()
        g.set_text(g.find(dialog, "password text", "Password"), "alice-pw")
        case.press("Log In", dialog)
        case.gone("needs its password")
        case.select("first letter")
        case.text_has("Bonjour Alice")


def unknown_host():
    case = Case("host")
    case.add(imap=f"{NOWHERE}:{port('IMAP')}")
    with case.window():
        case.says(NOWHERE, "again|settings|check")
        case.shot()


def closed_port():
    case = Case("port")
    number = free_port()
    case.add(imap=f"localhost:{number}")
    with case.window():
        case.says("localhost", "refused", "again")
        case.shot()


def untrusted_certificate():
    case = Case("certificate")
    case.add(imap=f"{os.environ['MAIL_SELF_SIGNED_HOST']}:{port('IMAPS')}", security="tls")
    pem = ssl.get_server_certificate((os.environ["MAIL_SELF_SIGNED_HOST"], int(port("IMAPS"))))
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest().upper()
    with case.window():
        case.says("certificate was refused")
        case.shot("bar")
        case.press("Show Certificate", case.frame)
        dialog = case.dialog("Certificate")
        labels = [node.get_name() for node in g.find_all(dialog, "label")]
        assert any(re.sub(r"[^0-9A-F]", "", words) == digest for words in labels), labels
        case.says("signed|issued|authority", root=dialog)
        case.shot()
        g.keys("Return")        # the default refuses
        g.gone(case.app, "dialog")
        case.says("certificate was refused")
        case.press("Show Certificate", case.frame)
        case.press("Keep an Exception", case.dialog("Certificate"))
        case.gone("certificate was refused")
        case.select("first letter")
        case.text_has("Bonjour Alice")


def no_starttls():
    case = Case("starttls")
    case.add(imap=f"127.0.0.3:{port('IMAP')}")
    with case.window():
        case.says("can't connect with these settings")
        case.says("STARTTLS")
        case.shot()
        case.press("Account Settings", case.frame)
        case.press("Cancel", case.dialog("Account Settings"))
        g.gone(case.app, ("dialog", "frame"), "Account Settings")


def clear_password():
    case = Case("clear")
    case.add("--auth", "plain", imap=f"127.0.0.3:{port('IMAP')}", security="none")
    log = pathlib.Path(os.environ["MAIL_DIR"]) / "dovecot.log"

    def log_ins():
        return len(re.findall(r"Login: user=<alice>.*lip=127\.0\.0\.3", log.read_text(errors="replace")))

    before = log_ins()
    with case.window():
        case.says("in clear")
        case.press("Decide", case.frame)
        dialog = case.dialog("Password in Clear")
        case.shot()
        g.keys("Return")        # the default does not send it
        g.gone(case.app, "dialog")
        assert log_ins() == before, "a password crossed in clear without consent"
        case.says("in clear")
        case.press("Decide", case.frame)
        dialog = case.dialog("Password in Clear")
        case.press("Send It in Clear", dialog)
        case.gone("would cross")
        case.select("first letter")
        case.text_has("Bonjour Alice")
        assert log_ins() > before


def quota():
    case = Case("quota", "full")
    deliver("full", "half of the room", "0123456789 0123456789\n" * 900)
    case.add()
    with case.window():
        case.select("half of the room")
        case.text_has("0123456789")
        tree = g.find(case.frame, None, "Folders")
        g.wait(lambda: any((node.get_name() or "").startswith("Archive") for node, _ in g.walk(tree)), "the folder Archive", LIMIT)
        g.active(case.frame)
        g.keys("ctrl+shift+c")
        dialog = case.dialog("Copy")
        g.set_text(g.find(dialog, "text", "Folder name"), "archive")
        case.press("Copy", dialog)
        case.says("quota")
        case.shot()
        assert count_on_server("full", "INBOX", "half of the room") == 1
        case.select("half of the room")


def cut_fetch():
    case = Case("fetch")
    relay = Relay(port("IMAP"), limit_to_client=BIG // 2)
    deliver("carol", "a long letter", "this line is read to its end 0123456789\n" * (BIG // 40) + "the very end\n")
    case.who = "carol"
    case.add(imap=f"localhost:{relay.port}")
    with case.window():
        case.select("a long letter")
        g.wait(lambda: relay.cuts > 0, "a cut in the middle of the message", LIMIT)
        case.says("connection to localhost was lost", "connect anew")
        case.shot()
        relay.heal()
        case.press("Try Again", case.frame)
        case.text_has("this line is read to its end", 40)


def cut_data():
    case = Case("data")
    relay = Relay(port("SUBMISSION"), limit_to_server=150_000)
    case.add(smtp=f"localhost:{relay.port}")
    subject = "cut in the middle of DATA"
    with case.window():
        case.select("first letter")
        case.send(case.compose(subject, "a line of a long letter to Bob\n" * 12_000))
        g.wait(lambda: relay.cuts > 0, "a cut in the middle of DATA", LIMIT)
        outbox = case.outbox()
        case.says("Waiting to be sent", "connection|broke|closed|lost", root=outbox)
        case.shot()
        assert count_on_server("bob", "INBOX", subject) == 0
        relay.heal()
        case.press("Send Now", outbox)
        g.wait(lambda: count_on_server("bob", "INBOX", subject), "the message at Bob's", LIMIT, 0.3)
        g.wait(lambda: not any(g.find_all(outbox, "label", re.compile(subject))), "an empty outbox", LIMIT)
        g.keys("Escape")
    assert count_on_server("bob", "INBOX", subject) == 1


def full_disk():
    if os.getuid() != 0:
        print("full_disk: skipped, only root can mount a small disk")
        return
    disk = DIRECTORY / "small-disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", str(disk)], check=False,
                      capture_output=True).returncode:
        print("full_disk: skipped, nothing can be mounted here")
        return
    try:
        case = Case("disk", data=disk / "data")
        case.add()
        filler = disk / "filler"
        subject = "written on a full disk"
        with case.window():
            case.select("first letter")
            case.text_has("Bonjour Alice")
            frame = case.compose(subject, "a line that must not be lost\n" * 2000)
            with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
                while True:
                    file.write(b"\0" * 4096)
            case.send(frame)
            case.says("No space left", "was not sent", "send it again")
            case.shot()
            text = g.text(g.find(frame, None, "Message Text"))
            assert text.count("must not be lost") == 2000
            assert count_on_server("bob", "INBOX", subject) == 0
            filler.unlink()
            case.send(frame)
            g.wait(lambda: count_on_server("bob", "INBOX", subject), "the message at Bob's", LIMIT, 0.3)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


def junk_cache():
    case = Case("cache")
    case.add()
    with case.window():
        case.select("first letter")
        case.text_has("Bonjour Alice")
    cache = next(case.data.rglob("cache.db"))
    for path in case.data.rglob("cache.db-*"):
        path.unlink()
    cache.write_bytes(b"this is no database, it is junk\n" * 4000)
    with case.window("-again"):
        case.says("cache was damaged")
        case.shot()
        case.select("first letter")
        case.text_has("Bonjour Alice")


CASES = [wrong_password, unknown_host, closed_port, untrusted_certificate, no_starttls, clear_password, quota, cut_fetch,
         cut_data, full_disk, junk_cache]


def main():
    deliver("alice", "first letter", "Bonjour Alice,\n\nà demain.\n")
    failed = []
    for case in CASES:
        if sys.argv[1:] and case.__name__ not in sys.argv[1:]:
            continue
        try:
            case()
            print(f"{case.__name__}: ok", flush=True)
        except Exception as error:
            failed.append(case.__name__)
            print(f"{case.__name__}: FAILED {type(error).__name__} {error}", flush=True)
    assert not failed, failed
    print("each trouble is told, loses nothing and leaves the window alive")


if __name__ == "__main__":
    main()

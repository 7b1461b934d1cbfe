#!/usr/bin/python3
"""The whole way through, on the real window and a real server: add an account, read, reply with a GIF, find it in Sent, look
at the source, create Archives, move, mark read, delete and expunge, quit, start offline, read again.

Runs under mailserver.py and a gui-session with a keyring; leaves pictures in UI_SHOTS.
"""
import base64
import email.message
import imaplib
import os
import pathlib
import smtplib
import ssl
import subprocess
import sys

import guidrive as g

DIRECTORY = pathlib.Path(os.environ["GUI_DIR"])
SHOTS = pathlib.Path(os.environ.get("UI_SHOTS", str(DIRECTORY))) / "walk"
FOLDERS = ["--data-dir", str(DIRECTORY / "data"), "--config-dir", str(DIRECTORY / "config")]
GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
SUBJECTS = ["Compte rendu de mission", "Réunion du lundi", "To be marked", "To be deleted"]
UI_LIMIT = 15


def letter(subject, text):
    message = email.message.EmailMessage()
    message["From"] = "Bob Durand <bob@example.test>"
    message["To"] = "Alice Martin <alice@example.test>"
    message["Subject"] = subject
    message["Message-ID"] = f"<{abs(hash(subject))}@example.test>"
    message["Date"] = "Tue, 24 Nov 2026 10:00:00 +0100"
    message.set_content(text)
    return message


def deliver(subject, text="Bonjour Alice,\n\nà demain.\n"):
    with smtplib.LMTP("127.0.0.1", int(os.environ["MAIL_LMTP_PORT"])) as lmtp:
        lmtp.send_message(letter(subject, text), "bob@example.test", ["alice@example.test"])


def imap(who):
    context = ssl.create_default_context(cafile=os.environ["MAIL_CA"])
    connection = imaplib.IMAP4_SSL("localhost", int(os.environ["MAIL_IMAPS_PORT"]), ssl_context=context)
    connection.login(who, f"{who}-pw")
    return connection


def on_server(who, folder, subject):
    """(flags and size line, bytes) of the newest message with that subject, or None"""
    with imap(who) as connection:
        if connection.select(f'"{folder}"', readonly=True)[0] != "OK":
            return None
        connection.literal = subject.encode()
        found = connection.uid("SEARCH", "CHARSET", "UTF-8", "SUBJECT")[1][0]
        if not found:
            return None
        parts = connection.uid("FETCH", found.split()[-1], "(FLAGS BODY.PEEK[])")[1]
        return parts[0][0] + (parts[1] if isinstance(parts[1], bytes) else b""), parts[0][1]


def shot(name):
    SHOTS.mkdir(parents=True, exist_ok=True)
    g.shot(SHOTS / f"{name}.png")


def words_of(cell):
    """what a cell says; one of several renderers says it by its children"""
    if cell is None:
        return []
    return [cell.get_name()] + [cell.get_child_at_index(index).get_name() for index in range(cell.get_child_count())]


class Walk:
    def __init__(self, program):
        self.program = program
        self.app = program.app()
        self.window = g.find(self.app, "frame", limit=UI_LIMIT)

    def menu(self, name, item):
        """an item of one of the window's menus, through its button"""
        g.act(g.find(self.window, "toggle button", name))
        g.act(g.find(self.app, ("push button", "menu item", "check box"), item))

    def messages(self):
        return g.find(self.window, None, "Messages", limit=UI_LIMIT)

    def row_of(self, subject):
        tree = next(g.find_all(self.window, None, "Messages"), None)
        if tree is None:    # an empty folder shows a sentence instead
            return None
        table = tree.get_table_iface()
        for row in range(table.get_n_rows()):
            for column in range(table.get_n_columns()):
                if subject in words_of(table.get_accessible_at(row, column)):
                    return (row,)
        return None

    def select(self, subject):
        row = g.wait(lambda: self.row_of(subject), f"row {subject!r}", UI_LIMIT)[0]
        table = self.messages().get_table_iface()
        for other in list(table.get_selected_rows()):
            table.remove_row_selection(other)
        table.add_row_selection(row)
        g.find(self.window, "label", subject, limit=UI_LIMIT)
        return row

    def no_row(self, subject):
        g.wait(lambda: self.row_of(subject) is None, f"no row {subject!r}", UI_LIMIT)

    def folder(self, name):
        tree = g.find(self.window, None, "Folders", limit=UI_LIMIT)

        def select():
            table = tree.get_table_iface()
            for row in range(table.get_n_rows()):
                for column in range(table.get_n_columns()):
                    if name in words_of(table.get_accessible_at(row, column)):
                        if not table.is_row_selected(row):
                            table.add_row_selection(row)
                        return table.is_row_selected(row)
            return False
        g.wait(select, f"folder {name!r}", UI_LIMIT)

    def text(self):
        return g.text(g.find(self.window, None, "Message text", limit=UI_LIMIT))


def add_account(walk):
    g.act(g.find(walk.window, "push button", "Add an Account"))
    assistant = g.find(walk.app, ("frame", "dialog"), "Add an Account")
    entries = {"Your Name": "Alice Martin", "Mail Address": "alice@example.test", "Password": "alice-pw",
               "Incoming Server": "localhost", "Incoming Port": os.environ["MAIL_IMAP_PORT"],
               "Incoming User Name": "alice", "Outgoing Server": "localhost",
               "Outgoing Port": os.environ["MAIL_SUBMISSION_PORT"], "Outgoing User Name": "alice"}
    for name in ("Incoming Security", "Outgoing Security"):
        combo = g.find(assistant, "combo box", name, shown=False)
        g.select_child(combo, 1)
    for name, value in entries.items():
        g.set_text(g.find(assistant, ("text", "password text"), name, shown=False), value)
    shot("assistant")
    assert not g.nameless(assistant), g.nameless(assistant)
    g.act(g.find(assistant, "push button", "Try"))
    # the authority is the test's own: refused, shown, and kept as an exception for each of the two servers
    for number in range(2):
        g.act(g.find(assistant, "push button", "Show the Certificate…", limit=UI_LIMIT))
        question = g.find(walk.app, "dialog", "Certificate Refused")
        labels = [n.get_name() for n, _ in g.walk(question) if n.get_role_name() == "label"]
        assert any(len(label.replace("\n", ":").split(":")) == 32 for label in labels), labels
        assert not g.nameless(question), g.nameless(question)
        shot(f"certificate-{number}")
        g.act(g.find(question, "push button", "Keep an Exception"))
        g.gone(walk.app, "dialog", "Certificate Refused")
        if number == 0:
            g.wait(lambda: next(g.find_all(assistant, "push button", "Show the Certificate…", shown=True), None)
                   or next(g.find_all(assistant, "label", "Everything works: mail can be read and sent.", False), None),
                   "the second certificate", UI_LIMIT)
    g.find(assistant, "label", "Everything works: mail can be read and sent.", shown=False, limit=UI_LIMIT)
    shot("try")
    g.act(g.find(assistant, "push button", "Add Account"))
    g.gone(walk.app, None, "Add an Account")


def read(walk):
    walk.folder("Inbox")
    walk.select(SUBJECTS[0])
    g.wait(lambda: "à demain" in walk.text(), "the text", UI_LIMIT)
    assert not g.nameless(walk.window), g.nameless(walk.window)
    shot("read")


def reply_with_gif(walk):
    g.act(g.find(walk.window, "push button", "Reply"))
    composer = g.find(walk.app, "frame", f"Re: {SUBJECTS[0]}")
    g.active(composer)
    assert g.text(g.find(composer, "text", "To")) == "Bob Durand <bob@example.test>"
    body = g.find(composer, "text", "Message Text")
    quoted = g.text(body)
    assert "> Bonjour Alice," in quoted, quoted
    g.set_text(body, "Merci, voilà le GIF.\n\n" + quoted)
    path = DIRECTORY / "point.gif"
    path.write_bytes(GIF)
    g.act(g.find(composer, "push button", "Attach Files"))
    chooser = g.active(g.find(walk.app, "file chooser"))
    g.choose_file(chooser, str(path), "Attach")
    g.find(composer, "label", "point.gif")
    assert not g.nameless(composer), g.nameless(composer)
    shot("composer")
    g.act(g.find(composer, "push button", "Send"))
    g.gone(walk.app, "frame", f"Re: {SUBJECTS[0]}")
    received = g.wait(lambda: on_server("bob", "INBOX", f"Re: {SUBJECTS[0]}"), "bob has the reply", UI_LIMIT)[1]
    message = email.message_from_bytes(received)
    assert message["In-Reply-To"] and message["References"] and message["Message-ID"], message.items()
    gif = [part for part in message.walk() if part.get_content_type() == "image/gif"]
    assert [part.get_payload(decode=True) for part in gif] == [GIF]
    g.wait(lambda: b"\\Answered" in on_server("alice", "INBOX", SUBJECTS[0])[0], "\\Answered", UI_LIMIT)


def sent_and_source(walk):
    walk.folder("Sent")
    walk.select(f"Re: {SUBJECTS[0]}")
    g.wait(lambda: "voilà le GIF" in walk.text(), "the sent text", UI_LIMIT)
    g.find(walk.window, "label", "point.gif")
    exact = on_server("alice", "Sent", f"Re: {SUBJECTS[0]}")[1]
    g.keys("ctrl+u")
    source = g.find(walk.app, "frame", g.re.compile("Source"))
    view = g.find(source, "text", g.re.compile("[Ss]ource"))
    shown = g.wait(lambda: g.text(view), "the source", UI_LIMIT)
    assert shown.replace("\r\n", "\n").strip() == exact.decode().replace("\r\n", "\n").strip(), shown[:500]
    assert not g.nameless(source), g.nameless(source)
    shot("source")
    g.active(source)
    g.keys("Escape")
    g.gone(walk.app, "frame", g.re.compile("Source"))


def new_folder_and_move(walk):
    walk.folder("Inbox")
    walk.menu("Main menu", "New Folder…")
    dialog = g.find(walk.app, ("dialog", "frame"), g.re.compile("New Folder"))
    g.set_text(g.find(dialog, "text"), "Archives")
    g.act(g.find(dialog, "push button", "Create"))
    walk.folder("Archives")
    walk.folder("Inbox")
    walk.select(SUBJECTS[1])
    walk.menu("Message menu", "Move to…")
    chooser = g.find(walk.app, ("dialog", "frame"), g.re.compile("Move"))
    g.set_text(g.find(chooser, "text"), "Archives")
    shot("move")
    g.act(g.find(chooser, "push button", "Move"))
    walk.no_row(SUBJECTS[1])
    g.wait(lambda: on_server("alice", "Archives", SUBJECTS[1]), "moved on the server", UI_LIMIT)
    walk.folder("Archives")
    walk.select(SUBJECTS[1])
    shot("archives")


def mark_read(walk):
    walk.folder("Inbox")
    walk.select(SUBJECTS[2])
    walk.menu("Message menu", "Mark as Read")
    g.wait(lambda: b"\\Seen" in on_server("alice", "INBOX", SUBJECTS[2])[0], "\\Seen", UI_LIMIT)


def delete_and_expunge(walk):
    walk.select(SUBJECTS[3])
    g.act(g.find(walk.window, "push button", "Delete"))
    walk.no_row(SUBJECTS[3])
    g.wait(lambda: on_server("alice", "Trash", SUBJECTS[3]), "in the trash", UI_LIMIT)
    walk.folder("Trash")
    walk.select(SUBJECTS[3])
    g.act(g.find(walk.window, "push button", "Delete"))
    g.wait(lambda: b"\\Deleted" in on_server("alice", "Trash", SUBJECTS[3])[0], "\\Deleted", UI_LIMIT)
    shot("marked")
    walk.menu("Main menu", "Expunge Deleted Messages…")
    question = g.find(walk.app, ("dialog", "alert"))
    assert any("1 deleted message" in (node.get_name() or "") for node, _ in g.walk(question))
    shot("expunge")
    g.act(g.find(question, "push button", g.re.compile("Expunge|Remove")))
    walk.no_row(SUBJECTS[3])
    g.wait(lambda: on_server("alice", "Trash", SUBJECTS[3]) is None, "gone on the server", UI_LIMIT)


def arrival(walk):
    """IDLE: a delivered message has its row within a second of delivery and what the server itself holds back; and can be
    read at once, though the connection that fetches may not have been told of it yet"""
    walk.folder("Inbox")
    for number in range(3):
        subject = f"Just arrived {number}"
        deliver(subject, f"Texte {number}\n")
        g.wait(lambda wanted=subject: walk.row_of(wanted), "row of a delivered message", 3)
        walk.select(subject)
        g.wait(lambda wanted=number: f"Texte {wanted}" in walk.text(), "its text", UI_LIMIT)


def draft(walk):
    """closing the composer keeps what was written; it is gone on with, sent, and leaves no draft behind"""
    g.act(g.find(walk.window, "push button", g.re.compile("Compose|New")))
    composer = g.active(g.find(walk.app, "frame", "New Message"))
    g.set_text(g.find(composer, "text", "To"), "bob@example.test")
    g.set_text(g.find(composer, "text", "Subject"), "Un brouillon")
    g.set_text(g.find(composer, "text", "Message Text"), "à finir")
    g.keys("ctrl+w")
    g.gone(walk.app, "frame", "Un brouillon")
    g.wait(lambda: on_server("alice", "Drafts", "Un brouillon"), "the draft on the server", UI_LIMIT)
    walk.folder("Drafts")
    row = walk.select("Un brouillon")
    g.click(g.cell(walk.messages(), row, 4), times=2)
    composer = g.find(walk.app, "frame", "Un brouillon", limit=UI_LIMIT)
    body = g.find(composer, "text", "Message Text")
    assert "à finir" in g.text(body), g.text(body)
    g.set_text(body, "fini")
    g.act(g.find(composer, "push button", "Send"))
    received = g.wait(lambda: on_server("bob", "INBOX", "Un brouillon"), "bob has it", UI_LIMIT)[1]
    assert b"\r\nfini\r\n" in received, received
    g.wait(lambda: on_server("alice", "Drafts", "Un brouillon") is None, "no draft left", UI_LIMIT)


def quit_window(walk):
    walk.menu("Main menu", "Quit")
    assert walk.program.end() == 0


def offline(program):
    walk = Walk(program)
    walk.folder("Inbox")
    walk.select(SUBJECTS[0])
    g.wait(lambda: "à demain" in walk.text(), "the text without a server", UI_LIMIT)
    walk.folder("Sent")
    walk.select(f"Re: {SUBJECTS[0]}")
    g.wait(lambda: "voilà le GIF" in walk.text(), "the sent text without a server", UI_LIMIT)
    shot("offline")
    quit_window(walk)


def main():
    for subject in SUBJECTS:
        deliver(subject)
    command = [os.environ["CACHET"], *FOLDERS]
    with g.Program(command) as program:
        walk = Walk(program)
        g.find(walk.window, "push button", "Add an Account", limit=UI_LIMIT)
        shot("empty")
        for step in (add_account, read, reply_with_gif, sent_and_source, new_folder_and_move, mark_read,
                     delete_and_expunge, arrival, draft, quit_window):
            try:
                step(walk)
            except BaseException:
                shot(f"failed-{step.__name__}")
                print(step.__name__, "failed")
                raise
            print(step.__name__, "done", flush=True)
    subprocess.run([os.environ["MAILSERVER"], "stop", os.environ["MAIL_DIR"]], env={**os.environ, "MAIL_KEEP": "1"}, check=True)
    with g.Program(command, log="offline.log") as program:
        offline(program)
    print("walked")
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
"""Another mail client on the same mailbox: changes it, or prints what is there.

usage: other-client.py USER VERB [ARG...]
    reset                          no mail, no folders but those the server makes by itself
    append FOLDER COUNT [SUBJECT]  messages "SUBJECT 1" ... (default "Message"), dates a minute apart
    flags FOLDER                   prints "uid subject: flags" a line
    store FOLDER +|- FLAG UID...   sets or clears a flag
    expunge FOLDER UID...          marks and removes
    folders                        prints the names
    create FOLDER | delete FOLDER
    recreate FOLDER COUNT          deletes, makes and fills it: another UIDVALIDITY
    raw FOLDER                     prints every message whole
Finds the server by MAIL_IMAPS_PORT; passwords are USER-pw.
"""
import datetime
import imaplib
import os
import re
import ssl
import sys


def login(user):
    context = ssl.create_default_context(cafile=os.environ["MAIL_CA"])
    client = imaplib.IMAP4_SSL("localhost", int(os.environ["MAIL_IMAPS_PORT"]), ssl_context=context)
    client.login(user, f"{user}-pw")
    return client


def check(answer):
    status, data = answer
    if status != "OK":
        raise SystemExit(f"server says {status}: {data}")
    return data


def folders(client):
    names = []
    for line in check(client.list()):
        if line:
            names.append(re.search(rb' (?:"((?:[^"\\]|\\.)*)"|(\S+))$', line).group(1, 2))
    return sorted((a or b).decode() for a, b in names)


def append(client, folder, count, subject="Message"):
    start = datetime.datetime(2026, 11, 1, 12, 0, tzinfo=datetime.timezone.utc)
    for i in range(1, count + 1):
        when = start + datetime.timedelta(minutes=i)
        text = (f"From: Sender {i} <sender{i}@example.test>\r\nTo: alice@example.test\r\n"
                f"Subject: {subject} {i}\r\nDate: {when:%a, %d %b %Y %H:%M:%S} +0000\r\n"
                f"Message-ID: <{subject.lower().replace(' ', '-')}-{i}@example.test>\r\n\r\n"
                f"Text of {subject} {i}, wordnumber{i}.\r\n")
        check(client.append(f'"{folder}"', "", when, text.encode()))


def each(client, folder, what):
    if int(check(client.select(f'"{folder}"'))[0]) == 0:
        return []
    return check(client.uid("FETCH", "1:*", what))


def show_flags(client, folder):
    for item in each(client, folder, "(UID FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])"):
        if isinstance(item, tuple):
            uid = re.search(rb"UID (\d+)", item[0]).group(1).decode()
            flags = re.search(rb"FLAGS \(([^)]*)\)", item[0]).group(1).decode()
            flags = " ".join(sorted(f for f in flags.split() if f != "\\Recent"))
            print(f"{uid} {item[1].decode().strip().removeprefix('Subject: ')}: {flags}")


def reset(client):
    for name in folders(client):
        check(client.select(f'"{name}"'))
        check(client.store("1:*", "+FLAGS.SILENT", "\\Deleted")) if client.untagged_responses.get(
            "EXISTS", [b"0"])[-1] != b"0" else None
        check(client.expunge())
        check(client.unselect())
        if name not in ("INBOX", "Sent", "Drafts", "Trash", "Junk", "Archive"):
            check(client.delete(f'"{name}"'))


def main(user, verb, *args):
    client = login(user)
    if verb == "reset":
        reset(client)
    elif verb == "append":
        append(client, args[0], int(args[1]), *args[2:3])
    elif verb == "flags":
        show_flags(client, args[0])
    elif verb == "store":
        check(client.select(f'"{args[0]}"'))
        check(client.uid("STORE", ",".join(args[3:]), args[1] + "FLAGS.SILENT", f"({args[2]})"))
    elif verb == "expunge":
        check(client.select(f'"{args[0]}"'))
        check(client.uid("STORE", ",".join(args[1:]), "+FLAGS.SILENT", "(\\Deleted)"))
        check(client.expunge())
    elif verb == "folders":
        print("\n".join(folders(client)))
    elif verb == "create":
        check(client.create(f'"{args[0]}"'))
    elif verb == "delete":
        check(client.delete(f'"{args[0]}"'))
    elif verb == "recreate":
        check(client.delete(f'"{args[0]}"'))
        check(client.create(f'"{args[0]}"'))
        append(client, args[0], int(args[1]), "Again")
    elif verb == "raw":
        for item in each(client, args[0], "(UID BODY.PEEK[])"):
            if isinstance(item, tuple):
                sys.stdout.write(item[1].decode("utf-8", "replace"))
    else:
        raise SystemExit(__doc__)
    client.logout()


if __name__ == "__main__":
    main(*sys.argv[1:])

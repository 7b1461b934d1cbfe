"""Puts the demo's messages into maildirs, each person's as their own client would have left it. The same every time for the
same hour: nothing here is left to chance."""
import csv
import hashlib
import io
import math
import os
import pathlib
import subprocess
import tempfile
from email.utils import formatdate

import build
from letters import CONVERSATIONS, questions
from odd import ODD
from people import ALICE, BOB, CAROL, FRENCH, MEMBERS
from series import regular

HOUR, DAY = 3600, 86400
OWNERS = (ALICE, BOB)
UNREAD_DAYS = 3         # younger mail of others is unread, but for every second conversation
RADAR_SIZE = (160, 120)


def radar(step):
    width, height = RADAR_SIZE
    for y in range(height):
        for x in range(width):
            distance = math.hypot(x - width / 2, y - height / 2)
            behind = (math.atan2(y - height / 2, x - width / 2) - step * math.pi / 4) % (2 * math.pi)
            yield (5 if distance < 4 else 4 if abs(distance % 20 - 10) < 0.7 else 0 if distance > 55 else
                   3 if behind < 0.5 else 2 if behind < 1.0 else 1)


RADAR_COLOURS = [(16, 24, 48), (30, 60, 90), (40, 110, 120), (90, 180, 160), (240, 240, 220), (196, 40, 44)]


def landscape(name):
    seed = hashlib.sha256(name.encode()).digest()

    def pixel(x, y):
        ridge = 60 + 25 * math.sin(x / (11 + seed[0] % 9)) + 10 * math.sin(x / 4.7 + seed[1])
        return (110 + y, 160 + y // 2, 230 - y // 3) if y < ridge else (40 + seed[2] % 60, 110 - y // 2, 50)
    return build.png(180, 120, pixel)


def histogram(x, y):
    height = 100 * math.exp(-((x // 10 - 4) ** 2) / 12)
    return (196, 40, 44) if 110 - y < height and x % 10 < 8 else (250, 248, 240)


def table(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8")


def file_named(name):
    """(media type, bytes) of a real file of that kind"""
    stem, _, ending = name.rpartition(".")
    if ending == "gif":
        return "image/gif", build.gif(*RADAR_SIZE, RADAR_COLOURS, [list(radar(step)) for step in range(8)])
    if ending == "png":
        return "image/png", build.png(240, 120, histogram) if stem == "histogram" else landscape(stem)
    if ending == "pdf":
        return "application/pdf", build.pdf([stem, "", "Laboratoire de réseaux", "Document de démonstration"])
    if ending == "csv":
        rows = [["node", "median ms", "p99 ms"], *([n, 280 + n * 7 % 60, 700 + n * 37 % 240] for n in range(1, 49))]
        return "text/csv", table(rows)
    if ending == "zip":
        return "application/zip", build.zipped({f"{stem}/README.txt": "Compte rendu\n", f"{stem}/mesures.csv": table([["t", "ms"], [0, 12]])})
    if ending in ("csr", "pem"):
        words = build.base64.encodebytes(hashlib.sha512(name.encode()).digest() * 6).decode()
        kind = "CERTIFICATE REQUEST" if ending == "csr" else "CERTIFICATE"
        return "application/x-pem-file", f"-----BEGIN {kind}-----\n{words}-----END {kind}-----\n".encode()
    if ending == "h":
        return "text/x-chdr", b"#pragma once\n\n/* an announcement, signed as it stands */\nstruct announcement;\n"
    if ending == "patch":
        return "text/x-patch", b"Subject: [PATCH] mesh: sign announcements\n\n--- a/mesh.c\n+++ b/mesh.c\n@@ -1 +1 @@\n-send (a);\n+send (sign (a));\n"
    return "text/plain", b"12:00:01.000 C: EHLO client\n12:00:01.004 S: 250 STARTTLS\n12:00:01.010 C: STARTTLS\n"


def attached(names):
    return [build.file_part(name, *file_named(name)) for name in names]


def people_of(recipients):
    return [person for one in recipients for person in MEMBERS.get(one, (one,))]


class Demo:
    """all the messages: (owner, folder, stamp, flags, bytes)"""

    def __init__(self, now, pki=None):
        self.today = now - now % HOUR
        self.pki = pki
        self.entries = []
        self.count = 0
        self.conversations()
        self.regular()
        self.odd()
        self.drafts_and_trash()
        if pki:
            self.sealed()
        self.entries.sort(key=lambda entry: entry[2])

    def identity(self, sender):
        self.count += 1
        return f"{hashlib.sha256(str(self.count).encode()).hexdigest()[:16]}.{self.count}@{sender[1].rpartition('@')[2]}"

    def add(self, sender, recipients, folder, stamp, data, unread=False, flags=""):
        to = people_of(recipients)
        for owner in OWNERS:
            if owner == sender:
                self.entries.append((owner, "Sent", stamp, "S", data))
            elif owner in to:
                self.entries.append((owner, folder, stamp, flags + ("" if unread else "S"), data))

    def conversations(self):
        for number, (folder, days, subject, options, letters) in enumerate([*CONVERSATIONS, *questions()]):
            references, before, words = [], None, None
            charset = options.get("charset", "utf-8")
            for place, (sender, recipients, text, files) in enumerate(letters):
                stamp = self.today - int(days * DAY) + int(min(place * 0.17, days * 0.9) * DAY)
                body = build.filled(text.lstrip(">"))
                if text.startswith(">"):
                    intro = (f"Le {formatdate(before[1])[:16]}, {before[0][0]} a écrit :" if before[0] in FRENCH or before[0] == BOB and
                             "é" in words else f"On {formatdate(before[1])[:16]}, {before[0][0]} wrote:")
                    body = build.quote(words, intro) + body
                identity = self.identity(sender)
                used = charset if self.fits(body + subject + sender[0], charset) else "utf-8"
                data = build.headers(sender, recipients, subject if not place else f"Re: {subject}", stamp, identity, used,
                                     references=references, extra=["User-Agent: Cachet/0.1"]) + \
                    build.entity(body, used, files=attached(files), flowed=options.get("flowed", False),
                                 boundary=f"=_c{number}_{place}")
                unread = days < UNREAD_DAYS and place == len(letters) - 1 and number % 2 == 0
                self.add(sender, recipients, folder, stamp, data, unread, "F" if number % 6 == 0 and not place else "")
                references, before, words = [*references, identity], (sender, stamp), build.filled(text.lstrip(">"))

    @staticmethod
    def fits(text, charset):
        try:
            text.encode(charset)
        except UnicodeError:
            return False
        return True

    def regular(self):
        for number, (folder, days, sender, recipients, subject, text, html, files, options) in enumerate(regular()):
            stamp = self.today - int(days * DAY)
            charset = options.get("charset", "utf-8")
            extra = list(options.get("extra", []))
            if "list" in options:
                extra += [f"List-Id: <{options['list']}>", "Precedence: list"]
            body = build.filled(text) if text else None
            if not self.fits((body or "") + subject + sender[0], charset):
                charset = "utf-8"
            data = build.headers(sender, recipients, subject, stamp, self.identity(sender), charset, extra=extra) + \
                build.entity(body, charset, html, attached(files), boundary=f"=_r{number}")
            self.add(sender, recipients, folder, stamp, data, days < UNREAD_DAYS or folder == "Junk")

    def odd(self):
        for folder, days, flags, data in ODD:
            stamp = self.today - int(days * DAY)
            self.entries.append((ALICE, folder, stamp, flags, data.replace(b"%DATE%", formatdate(stamp).encode())))

    def drafts_and_trash(self):
        for owner, other, folder, days, flags, subject, text in (
                (ALICE, BOB, "Drafts", 0.5, "DS", "Node 31, once more", "Bob,\n\nbefore we buy a new one:"),
                (ALICE, CAROL, "Drafts", 3.2, "DS", "Gâteau", "Chocolat ou citron ?"),
                (BOB, ALICE, "Drafts", 1.5, "DS", "Rapport final", "Alice,\n\nil manque encore"),
                (ALICE, BOB, "Trash", 20.4, "S", "test", "test"), (BOB, ALICE, "Trash", 22.5, "S", "test 2", "test")):
            stamp = self.today - int(days * DAY)
            data = build.headers(owner, [other], subject, stamp, self.identity(owner)) + build.entity(build.filled(text))
            self.entries.append((owner, folder, stamp, flags, data))

    def sealed(self):
        """really signed and sealed with the keys of the demo, by openssl"""
        for sender, recipient, days, subject, text, sign, seal in (
                (BOB, ALICE, 1.6, "Empreinte de la nouvelle clé", "Bonjour Alice,\n\nce message est signé : vérifie le cachet.\n\nBob", True, False),
                (BOB, ALICE, 10.2, "Signed: order approved", "Alice,\n\nI approve the order of eight nodes.\n\nBob", True, False),
                (BOB, ALICE, 2.6, "Sealed: marks of lab 3", "Alice,\n\nthe marks are in the attached table; they are for you only.\n\nBob", True, True),
                (ALICE, BOB, 4.7, "Scellé : mot de passe du banc", "Bob,\n\nle mot de passe du banc de test est sous le clavier, comme toujours.\n\nAlice",
                 False, True)):
            stamp = self.today - int(days * DAY)
            inner = build.entity(build.filled(text))
            names = [person[1].partition("@")[0] for person in (sender, recipient)]
            if sign:
                inner = self.cms(inner, "-sign", "-signer", self.pki / f"{names[0]}.pem", "-inkey", self.pki / f"{names[0]}.key")
            if seal:
                inner = self.cms(inner, "-encrypt", "-aes-256-cbc", *(self.pki / f"{name}.pem" for name in names))
            head = build.headers(sender, [recipient], subject, stamp, self.identity(sender))
            inner = inner.removeprefix(b"MIME-Version: 1.0\r\n")
            self.add(sender, [recipient], "INBOX", stamp, head + inner, days < UNREAD_DAYS)

    @staticmethod
    def cms(entity, *words):
        # openssl takes files: it wants to read some of them twice
        with tempfile.NamedTemporaryFile() as file:
            file.write(entity)
            file.flush()
            done = subprocess.run(["openssl", "cms", *map(str, words[:1]), "-in", file.name, "-crlfeol", *map(str, words[1:])],
                                  capture_output=True, check=True, stdin=subprocess.DEVNULL)
        return done.stdout.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

    def write(self, root, owner_ids=None):
        """maildirs below root: root/alice, root/bob"""
        made = set()
        for number, (owner, folder, stamp, flags, data) in enumerate(self.entries):
            box = pathlib.Path(root) / owner[1].partition("@")[0]
            if folder != "INBOX":
                box = box / ("." + modified_utf7(folder).replace("/", "."))
            if box not in made:
                for name in ("cur", "new", "tmp"):
                    (box / name).mkdir(parents=True, exist_ok=True)
                made.add(box)
            letters = "".join(sorted(flags))
            path = box / "cur" / f"{stamp}.M{number:06d}P1.demo,S={len(data)}:2,{letters}"
            path.write_bytes(data)
            os.utime(path, (stamp, stamp))
        for owner in OWNERS:
            home = pathlib.Path(root) / owner[1].partition("@")[0]
            folders = sorted({folder for who, folder, *_ in self.entries if who == owner and folder != "INBOX"})
            (home / "subscriptions").write_text("".join(modified_utf7(folder).replace("/", ".") + "\n" for folder in folders))
        if owner_ids:
            for path in (pathlib.Path(root), *pathlib.Path(root).rglob("*")):
                os.chown(path, *owner_ids)


def modified_utf7(name):
    """RFC 3501 section 5.1.3"""
    out, run = "", ""
    for letter in name + "\0":
        if "\x20" <= letter <= "\x7e" or letter == "\0":
            if run:
                out += "&" + build.base64.b64encode(run.encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"
                run = ""
            out += {"&": "&-", "\0": ""}.get(letter, letter)
        else:
            run += letter
    return out

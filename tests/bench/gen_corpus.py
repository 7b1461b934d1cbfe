#!/usr/bin/python3
"""Deterministic mail for benchmarks: one mbox file that `doveadm import` takes.

usage: gen_corpus.py COUNT OUT.mbox [--small] [--seed N] [--years Y]

The From_ line carries the date of receipt, Status and X-Status the flags. --small keeps bodies at about 200 bytes, for
lists of hundreds of thousands of messages. The mix of kinds, charsets, threads, lists and sizes follows real mailboxes.
"""
import argparse
import base64
import os
import quopri
import random
import time
from email.header import Header
from email.utils import formatdate

END = 1_795_500_000         # seconds since 1970: the newest message
SECONDS_A_YEAR = 365.25 * 86400
PEOPLE, SUBJECTS, TEXTS, PAGES = 2000, 6000, 400, 200
THREADS_KEPT, REFERENCES_KEPT = 400, 12
ATTACHMENT_POOL = 6_000_000
BASE64_LINE = 77            # with its newline

WORDS = ("report meeting release patch kernel driver budget invoice project review update question build failure "
         "server certificate renewal schedule draft contract lecture exam lab sheet network protocol socket design "
         "window folder message list thread reply attachment picture travel train ticket order delivery parcel "
         "account password notice security issue merge request branch commit test coverage memory leak crash "
         "performance latency index search query database schema migration backup restore archive weekly monthly "
         "annual holiday lunch dinner concert garden weather music photo video book article journal paper chapter "
         "analysis result figure table reference proposal grant deadline submission committee board minutes vote").split()
FOREIGN = {
    "iso-8859-1": "réunion déjeuner congé à côté français élève rentrée été Größe Übung Straße für müller señor año".split(),
    "utf-8": "příliš žluťoučký kůň zażółć gęślą jaźń İstanbul ağaç δοκιμή γεια café naïve œuvre — “quoted” 日本語 メール 한국어 "
             "العربية שלום".split(),
    "koi8-r": "письмо отчёт встреча проект сервер ошибка вопрос ответ сборка".split(),
    "iso-2022-jp": "会議 報告 資料 確認 お願い 日程 変更 連絡".split(),
    "gb2312": "会议 报告 资料 确认 日程 更新 通知".split(),
    "windows-1256": "رسالة اجتماع تقرير مشروع".split(),
    "windows-1251": "новост заказ доставка счёт".split(),
}
CHARSETS = ["iso-8859-1"] * 5 + ["utf-8"] * 8 + ["koi8-r", "iso-2022-jp", "gb2312", "windows-1256", "windows-1251"]
FIRST_NAMES = ("Anna Ben Carla David Emma Felix Grace Hugo Irene Jonas Karin Louis Maria Nils Olga Paul Rosa Simon Tara Uwe "
               "Vera Will Xenia Yann Zoe").split()
LAST_NAMES = ("Smith Martin Garcia Novak Rossi Jansen Kowalski Dubois Silva Berg Keller Moreau Lopez Ivanov Tanaka Chen Patel "
              "Cohen Haddad Olsen").split()
FOREIGN_NAMES = [("Jérôme Lefèvre", "iso-8859-1"), ("Jürgen Schröder", "utf-8"), ("Иван Петров", "koi8-r"),
                 ("太郎 山田", "iso-2022-jp"), ("小明 王", "gb2312"), ("محمد حداد", "windows-1256"), ("Zoë Åkesson", "utf-8"),
                 ("Łukasz Żak", "utf-8")]
DOMAINS = ["example.org", "mail.example.net", "lists.example.com", "univ.example.edu", "corp.example.com", "example.fr"]
LISTS = [("dev", "Development list"), ("users", "User help"), ("announce", "Announcements"), ("commits", "Commits"),
         ("seminar", "Seminar"), ("bugs", "Bug tracker")]
MAILERS = ["User-Agent: Mozilla Thunderbird", "X-Mailer: Evolution 3.46", "User-Agent: NeoMutt/20220429", "X-Mailer: Mailer 9.1"]
# share of the messages up to which a kind reaches
KINDS = [(0.47, "plain"), (0.56, "foreign"), (0.82, "alternative"), (0.86, "html"), (0.97, "mixed"), (0.985, "calendar"),
         (1.0, "nested")]
FILE_NAMES = ["report.pdf", "photo.jpg", "slides.odp", "data.csv"]


def encoded(text, charset):
    try:
        return Header(text, charset, maxlinelen=72).encode()
    except UnicodeError:
        return Header(text, "utf-8", maxlinelen=72).encode()


def wrapped(text):
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) > 70:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join([*lines, line])


class Thread:
    def __init__(self, subject, mailing_list):
        self.subject, self.list, self.ids = subject, mailing_list, []


class Corpus:
    def __init__(self, small=False, seed=20261124):
        self.small = small
        self.random = random.Random(seed)
        self.threads = []
        self.people = [self.person(number) for number in range(PEOPLE)]
        self.subjects = [self.subject() for _ in range(SUBJECTS)]
        self.texts = ["\n\n".join(wrapped(self.sentence(self.random.randint(15, 80))) for _ in range(self.random.randint(1, 8)))
                      for _ in range(TEXTS)]
        self.pages = [self.page(text) for text in self.texts[:PAGES]]
        self.foreign = {charset: [self.foreign_text(charset) for _ in range(20)] for charset in FOREIGN}
        self.base64 = "" if small else base64.encodebytes(self.random.randbytes(ATTACHMENT_POOL)).decode()

    def token(self, length):
        return "".join(self.random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", k=length))

    def person(self, number):
        if self.random.random() < 0.12:
            name, charset = self.random.choice(FOREIGN_NAMES)
            return encoded(name, charset), f"user{number}@{self.random.choice(DOMAINS)}"
        first, last = self.random.choice(FIRST_NAMES), self.random.choice(LAST_NAMES)
        name = f'"{last}, {first}"' if self.random.random() < 0.1 else f"{first} {last}"
        return name, f"{first.lower()}.{last.lower()}{number}@{self.random.choice(DOMAINS)}"

    def subject(self):
        words = [self.random.choice(WORDS) for _ in range(self.random.randint(2, 9))]
        if self.random.random() >= 0.17:
            return " ".join(words).capitalize()
        charset = self.random.choice(CHARSETS)
        foreign = [self.random.choice(FOREIGN[charset]) for _ in range(self.random.randint(2, 6))]
        return encoded(" ".join(foreign + words[:2]), charset)

    def sentence(self, count):
        return " ".join(self.random.choice(WORDS) for _ in range(count)).capitalize() + "."

    def page(self, text):
        style = "".join(f".c{i}{{font-family:Helvetica,Arial,sans-serif;font-size:{10 + i % 8}px;padding:{i}px}}\n"
                        for i in range(60))
        rows = "".join(f'<table width="600" cellpadding="0"><tr><td class="c{self.random.randrange(60)}">{part}</td></tr></table>\n'
                       for part in text.split("\n\n"))
        head = f'<style type="text/css">{style}</style>' if self.random.random() < 0.5 else ""
        html = (f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{rows}'
                '<img src="https://track.example.com/p.gif" width="1" height="1"></body></html>')
        return quopri.encodestring(html.encode()).decode()

    def foreign_text(self, charset):
        lines = (" ".join(self.random.choice(FOREIGN[charset]) for _ in range(8)) for _ in range(self.random.randint(3, 20)))
        return base64.encodebytes("\n".join(lines).encode(charset, "replace")).decode()

    def thread(self):
        """an earlier thread, the younger the likelier, or a new one"""
        if self.threads and self.random.random() < 0.55:
            return self.threads[-1 - min(len(self.threads) - 1, int(self.random.expovariate(1 / 40)))]
        mailing_list = self.random.choice(LISTS) if self.random.random() < 0.35 else None
        self.threads.append(Thread(self.random.choice(self.subjects), mailing_list))
        del self.threads[:-THREADS_KEPT]
        return self.threads[-1]

    def headers(self, number, stamp, thread, sender):
        date, chance = formatdate(stamp), self.random.random
        lines = [f"Return-Path: <{sender[1]}>"]
        for hop in range(self.random.randint(2, 5)):
            lines.append(f"Received: from mx{hop}.{DOMAINS[hop]} (mx{hop}.{DOMAINS[hop]} [192.0.2.{self.random.randrange(255)}])\n"
                         f"\tby in{hop}.example.org (Postfix) with ESMTPS id {self.token(11)}\n\tfor <tester@example.org>; {date}")
        if chance() < 0.75:
            signature = "\n\t ".join(self.token(64) for _ in range(5))
            lines.append(f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={DOMAINS[0]}; t={int(stamp)};\n"
                         f"\th=from:to:subject:date:message-id:mime-version:content-type;\n\tbh={self.token(43)}=;\n"
                         f"\tb={signature}")
        lines.append("From: %s <%s>" % sender)
        reply = "Re: " if thread.ids else ""
        if thread.list:
            name, title = thread.list
            subject = f"{reply}[{name}] {thread.subject}"
            lines += [f"To: {name}@lists.example.com", f"List-Id: {title} <{name}.lists.example.com>",
                      f"List-Post: <mailto:{name}@lists.example.com>", "Precedence: list"]
        else:
            subject = reply + thread.subject
            others = self.random.sample(self.people, min(8, int(self.random.expovariate(1))))
            lines.append("To: " + ",\n\t".join(f"{name} <{address}>" for name, address in
                                               [("Cachet Tester", "tester@example.org"), *others]))
        if chance() < 0.2:
            lines.append("Cc: " + ",\n\t".join(f"{name} <{address}>" for name, address in
                                               self.random.sample(self.people, self.random.randint(1, 4))))
        identity = f"<{number}.{self.token(12)}@{self.random.choice(DOMAINS)}>"
        lines += [f"Subject: {subject}", f"Date: {date}", f"Message-ID: {identity}"]
        if thread.ids:
            lines += [f"In-Reply-To: {thread.ids[-1]}", "References: " + "\n ".join(thread.ids[-REFERENCES_KEPT:])]
        thread.ids.append(identity)
        return [*lines, "MIME-Version: 1.0", self.random.choice(MAILERS)]

    def alternative(self, text, boundary):
        return (f'Content-Type: multipart/alternative; boundary="{boundary}"\n\n--{boundary}\n'
                f"Content-Type: text/plain; charset=utf-8\n\n{text}\n--{boundary}\n"
                "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
                f"{self.random.choice(self.pages)}\n--{boundary}--\n")

    def attachment(self):
        size = int(min(2_500_000, self.random.lognormvariate(10.2, 1.1)))
        if self.random.random() < 0.004:
            size = self.random.randint(3_000_000, 4_000_000)
        lines = max(1, size * 4 // 3 // BASE64_LINE)
        start = self.random.randrange(0, len(self.base64) // BASE64_LINE - lines) * BASE64_LINE
        name = self.random.choice([*FILE_NAMES, encoded("rapport été.pdf", "utf-8")])
        return (f'Content-Type: application/octet-stream; name="{name}"\nContent-Transfer-Encoding: base64\n'
                f'Content-Disposition: attachment; filename="{name}"\n\n{self.base64[start:start + lines * BASE64_LINE]}')

    def body(self, number, reply, sender, stamp):
        text = self.random.choice(self.texts)
        if self.small:
            return f"Content-Type: text/plain; charset=us-ascii\n\n{text[:200]}\n"
        share = self.random.random()
        kind = next(name for limit, name in KINDS if share < limit)
        boundary = f"----=_Part_{number}_{self.token(10)}"
        if kind == "plain":
            quoted = "\n".join("> " + line for line in self.random.choice(self.texts).split("\n")) if reply else ""
            before = f"On an earlier day someone wrote:\n{quoted}\n\n" if reply else ""
            return f"Content-Type: text/plain; charset=us-ascii\n\n{before}{text}\n\n-- \n{self.token(8)}\n"
        if kind == "foreign":
            charset = self.random.choice(CHARSETS)
            return (f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n"
                    f"{self.random.choice(self.foreign[charset])}\n")
        if kind == "alternative":
            return self.alternative(text, boundary)
        if kind == "html":
            return ("Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
                    f"{self.random.choice(self.pages)}\n")
        if kind == "calendar":
            parts = [f"Content-Type: text/plain\n\n{text}",
                     "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REQUEST\nBEGIN:VEVENT\n"
                     f"UID:{self.token(20)}\nDTSTART:20260101T100000Z\nSUMMARY:{self.random.choice(WORDS)}\nEND:VEVENT\n"
                     "END:VCALENDAR"]
        else:
            plain = f"Content-Type: text/plain; charset=us-ascii\n\n{text}\n"
            parts = [self.alternative(text, boundary + "a") if self.random.random() < 0.5 else plain]
            if kind == "nested":
                parts.append("Content-Type: message/rfc822\n\nFrom: %s <%s>\n" % sender +
                             f"Subject: inner {self.random.choice(WORDS)}\nDate: {formatdate(stamp)}\nMIME-Version: 1.0\n"
                             f"Content-Type: text/plain\n\n{self.random.choice(self.texts)}\n")
            parts += [self.attachment() for _ in range(2 if self.random.random() < 0.25 else 1)]
        inside = "".join(f"--{boundary}\n{part}\n" for part in parts)
        return f'Content-Type: multipart/mixed; boundary="{boundary}"\n\n{inside}--{boundary}--\n'

    def message(self, number, stamp, old):
        """an mbox entry"""
        thread = self.thread()
        heavy_writer = min(int(self.random.paretovariate(1.1)) * 7 % PEOPLE, PEOPLE - 1)
        sender = self.people[heavy_writer] if self.random.random() < 0.6 else self.random.choice(self.people)
        lines = self.headers(number, stamp, thread, sender)
        lines.append("Status: " + ("RO" if self.random.random() < (0.995 if old else 0.5) else "O"))
        flags = ("A" if self.random.random() < 0.08 else "") + ("F" if self.random.random() < 0.02 else "")
        if flags:
            lines.append(f"X-Status: {flags}")
        text = "\n".join(lines) + "\n" + self.body(number, len(thread.ids) > 1, sender, stamp)
        return f"From {sender[1]} {time.asctime(time.gmtime(stamp))}\n" + text.replace("\nFrom ", "\n>From ") + "\n"


def write_mbox(path, count, small=False, seed=20261124, years=8.0):
    corpus = Corpus(small, seed)
    span = years * SECONDS_A_YEAR
    with open(path, "w", encoding="ascii", errors="replace", newline="\n") as out:
        for number in range(count):
            stamp = int(END - span + span * (number + corpus.random.random() * 0.8) / count)
            out.write(corpus.message(number, stamp, number < count * 0.98))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("out")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--years", type=float, default=8.0)
    options = parser.parse_args()
    write_mbox(options.out, options.count, options.small, options.seed, options.years)
    print(options.count, "messages,", os.path.getsize(options.out), "bytes")


if __name__ == "__main__":
    main()

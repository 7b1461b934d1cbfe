#!/usr/bin/python3
"""The demo's mail is what it is said to be: many, varied, in folders, readable, the same every time."""
import email
import email.policy
import io
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "demo"))

import maildirs
import odd
from people import ALICE, BOB

NOW = 1_790_000_000


class DemoMail(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.demo = maildirs.Demo(NOW)
        cls.parsed = [(owner, folder, stamp, email.message_from_bytes(data, policy=email.policy.default))
                      for owner, folder, stamp, _, data in cls.demo.entries
                      if not any(data[:40] == raw[:40] for *_, raw in odd.ODD)]

    def test_same_every_time(self):
        self.assertEqual(self.demo.entries, maildirs.Demo(NOW).entries)

    def test_many_in_many_folders(self):
        self.assertGreaterEqual(len({data for *_, data in self.demo.entries}), 300)
        for owner in (ALICE, BOB):
            folders = {folder for who, folder, *_ in self.demo.entries if who == owner}
            self.assertGreaterEqual(len(folders), 8, owner)
            self.assertTrue(any(not folder.isascii() for folder in folders))

    def test_nothing_from_the_future(self):
        self.assertLessEqual(max(stamp for _, _, stamp, _, _ in self.demo.entries), NOW)

    def test_unread_and_flagged(self):
        inbox = [flags for who, folder, _, flags, _ in self.demo.entries if (who, folder) == (ALICE, "INBOX")]
        self.assertTrue(2 <= sum("S" not in flags for flags in inbox) <= len(inbox) // 2)
        self.assertTrue(any("F" in flags for flags in inbox))

    def test_charsets(self):
        used = {part.get_content_charset() for *_, message in self.parsed for part in message.walk()}
        self.assertLessEqual({"utf-8", "iso-8859-1", "windows-1252", "iso-2022-jp", "gb18030", "koi8-r"}, used)

    def test_well_made_but_for_the_odd_ones(self):
        for _, folder, _, message in self.parsed:
            for part in message.walk():
                self.assertEqual(part.defects, [], (folder, message["subject"]))
                if part.get_content_maintype() == "text":
                    part.get_content()      # decodes, or raises

    def test_threads(self):
        identities = {message["message-id"] for *_, message in self.parsed}
        replies = [message for *_, message in self.parsed if message["in-reply-to"]]
        self.assertGreaterEqual(len(replies), 40)
        for message in replies:
            self.assertIn(message["in-reply-to"], identities)

    def test_html(self):
        html_only = [m for *_, m in self.parsed if m.get_content_type() == "text/html"]
        both = [m for *_, m in self.parsed if m.get_content_type() == "multipart/alternative"]
        self.assertGreater(min(len(html_only), len(both)), 2)

    def test_attachments_are_real(self):
        marks = {"image/gif": b"GIF89a", "image/png": b"\x89PNG\r\n", "application/pdf": b"%PDF-1.4", "application/zip": b"PK\x03\x04"}
        seen = set()
        for *_, message in self.parsed:
            for part in message.walk():
                if part.get_content_type() in marks:
                    seen.add(part.get_content_type())
                    self.assertTrue(part.get_content().startswith(marks[part.get_content_type()]))
        self.assertEqual(seen, set(marks))

    def test_gif_frames(self):
        _, data = maildirs.file_named("radar.gif")
        shown = subprocess.run(["identify", "gif:-"], input=data, capture_output=True, check=True).stdout.decode()
        self.assertEqual(len(re.findall(r"160x120", shown.replace("160x120 160x120", "160x120"))), 8)
        pixels = subprocess.run(["convert", "gif:-[3]", "rgb:-"], input=data, capture_output=True, check=True).stdout
        frame = list(maildirs.radar(3))
        self.assertEqual(len(pixels), 3 * len(frame))
        for place in range(0, len(frame), 97):
            self.assertEqual(tuple(pixels[3 * place:3 * place + 3]), maildirs.RADAR_COLOURS[frame[place]])

    def test_folder_names(self):
        self.assertEqual(maildirs.modified_utf7("Lists/Séminaire & Co"), "Lists/S&AOk-minaire &- Co")

    def test_maildirs(self):
        with tempfile.TemporaryDirectory() as root:
            self.demo.write(root)
            files = [path for path in pathlib.Path(root).rglob("*") if path.parent.name == "cur"]
            self.assertEqual(len(files), len(self.demo.entries))
            self.assertTrue((pathlib.Path(root) / "alice/.Lists.S&AOk-minaire/cur").is_dir())


if __name__ == "__main__":
    result = unittest.TextTestRunner(stream=io.TextIOWrapper(sys.stdout.buffer, write_through=True), verbosity=1).run(
        unittest.defaultTestLoader.loadTestsFromTestCase(DemoMail))
    sys.exit(0 if result.wasSuccessful() and result.testsRun else 1)

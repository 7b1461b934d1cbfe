#!/usr/bin/python3
"""The main window on a real server, by its accessible names: read, source, search, star, delete and undo, new folder, move,
answer, every control named; then quit, and read again without the server.

usage: test_window.py BUILD_DIR
"""
import os
import pathlib
import re
import shutil
import sys
import tempfile

import guidrive as g

SERVER = pathlib.Path(__file__).resolve().parent.parent / "server"
sys.path[:0] = [str(SERVER), str(SERVER / "demo")]
import demo     # noqa: E402

START = 60.0
FOLDER = "Essai"


class Window:
    def __init__(self, program):
        self.app = program.app(limit=START)
        self.frame = g.active(g.find(self.app, "frame", re.compile("Cachet"), limit=START))
        self.list = g.find(self.frame, "table", "Messages", limit=START)
        g.wait(lambda: self.count() > 20, "messages in the list", START)

    def count(self):
        return g.rows(self.list)

    def shot(self, name):
        folder = pathlib.Path(os.environ.get("UI_SHOTS", os.environ["GUI_DIR"]))
        folder.mkdir(parents=True, exist_ok=True)
        g.shot(folder / f"window-{name}.png")

    def text(self):
        node = next(g.find_all(self.frame, "text", "Message text"), None)
        return g.text(node) if node else ""

    def select(self, row):
        """that row alone: the list takes several"""
        table = self.list.get_table_iface()
        for other in table.get_selected_rows():
            table.remove_row_selection(other)
        g.select_tree_row(self.list, row)

    def read(self, row):
        self.select(row)
        return g.wait(self.text, f"the text of message {row}")

    def menu(self, item):
        g.act(g.find(self.frame, None, "Main menu"))
        g.act(g.find(self.app, None, re.compile(f"^{item}")))

    def folders(self):
        tree = g.find(self.frame, None, "Folders")
        return [node.get_name() for node, _ in g.walk(tree) if node.get_name()]


def frame_of(node):
    while node.get_role_name() != "frame":
        node = node.get_parent()
    return node


def check_source(window):
    g.keys("ctrl+u")
    source = g.wait(lambda: next(g.find_all(window.app, "text", "Source"), None), "the source")
    g.wait(lambda: "Message-ID: <" in g.text(source), "the message's header fields in the source")
    frame = g.active(frame_of(source))
    g.keys("ctrl+f")
    g.set_text(g.find(frame, "text", "Find in the source"), "content-type")
    g.find(frame, "label", re.compile(r"^1 of \d"))
    window.shot("source")
    g.keys("ctrl+w")
    g.wait(lambda: next(g.find_all(window.app, "text", "Source"), None) is None, "the source window gone")
    g.active(window.frame)


def check_search(window):
    everything = window.count()
    g.keys("ctrl+k")
    g.set_text(g.find(window.frame, "text", "Search this folder"), "mission")
    g.wait(lambda: 0 < window.count() < everything, "fewer messages while searching")
    window.shot("search")
    g.keys("Escape")
    g.wait(lambda: window.count() == everything, "all messages after the search")


def check_delete_and_undo(window):
    before = window.count()
    window.select(3)
    g.wait(window.text, "a message to delete")
    g.act(g.find(window.frame, "push button", "Delete"))
    g.wait(lambda: window.count() == before - 1, "one message less")
    g.wait(lambda: window.text(), "the next message selected")
    window.shot("deleted")
    assert g.nameless(window.frame) == [], g.nameless(window.frame)      # with the bar that offers to undo
    g.act(g.find(window.frame, "push button", "Undo"))
    g.wait(lambda: window.count() == before, "the deleted message back")


def check_folder_and_move(window):
    before = window.count()
    window.menu("New Folder")
    dialog = g.active(g.find(window.app, "dialog", "New Folder"))
    g.set_text(g.find(dialog, "text", "Name"), FOLDER)
    g.act(g.find(dialog, "push button", "Create"))
    g.wait(lambda: FOLDER in window.folders(), "the new folder in the tree")
    g.active(window.frame)
    window.read(5)
    g.keys("ctrl+shift+m")
    dialog = g.active(g.find(window.app, "dialog", "Move to"))
    g.set_text(g.find(dialog, "text", "Folder name"), FOLDER.lower())
    assert g.nameless(dialog) == [], g.nameless(dialog)
    window.shot("move")
    g.act(g.find(dialog, "push button", "Move"))
    g.wait(lambda: window.count() == before - 1, "the message moved away")


def check_answer(window):
    text = window.read(1)
    g.keys("ctrl+r")
    body = g.wait(lambda: next((node for node in g.find_all(window.app, "text") if "> " in g.text(node)
                                and node.get_name() != "Message text"), None), "a composer with the quoted text")
    assert text.splitlines()[0] in g.text(body), g.text(body)
    window.shot("answer")
    g.keys("ctrl+w")


def check_online(holder):
    with g.Program(holder.window_command("alice"), **holder.environment("alice")) as program:
        window = Window(program)
        first = window.read(1)
        assert "Bonjour Alice" in first, first
        window.shot("read")
        assert g.nameless(window.frame) == [], g.nameless(window.frame)
        check_source(window)
        check_search(window)
        check_delete_and_undo(window)
        check_folder_and_move(window)
        window.menu("Quit")
        assert program.end(20) == 0
    return first


def check_answering(holder):
    with g.Program(holder.window_command("alice"), log="answer.log", **holder.environment("alice")) as program:
        check_answer(Window(program))


def check_offline(holder, text):
    with g.Program(holder.window_command("alice"), log="offline.log", **holder.environment("alice")) as program:
        window = Window(program)
        assert window.read(1) == text
        g.wait(lambda: FOLDER in window.folders(), "the new folder without the server")
        window.shot("offline")
        window.menu("Quit")
        assert program.end(20) == 0


def main():
    data = pathlib.Path(tempfile.mkdtemp(prefix="cachet-window-"))
    data.chmod(0o755)       # Dovecot serves no mail as root
    try:
        holder = demo.Demo(pathlib.Path(sys.argv[1]).absolute(), data / "demo")
        with holder.running():
            text = check_online(holder)
            check_answering(holder)
        check_offline(holder, text)
    finally:
        shutil.rmtree(data)
    print("the window reads, searches, orders, answers, and reads again without the server")


if __name__ == "__main__":
    main()

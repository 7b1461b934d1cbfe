"""Drives a GTK 3 program by its accessible names (AT-SPI), with mouse and keys by xdotool and pictures by scrot."""
import os
import re
import subprocess
import time
import warnings

import gi

warnings.simplefilter("ignore", DeprecationWarning)
gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

LIMIT = 10.0                    # seconds that a condition may take; the machine may be busy
WALK_CHILDREN = 400             # a tree view shows every cell as a child: never walk a big one
# Controls that a person must be able to name, by role.
NAMED_ROLES = {"push button", "toggle button", "menu item", "check box", "check menu item", "radio button", "radio menu item",
               "combo box", "text", "password text", "spin button", "tree table", "table", "tree", "list box", "link", "slider"}
# GTK's own, seen on Ctrl+L in a file chooser.
EXEMPT_CRITICALS = re.compile(r"gtk_widget_event: assertion 'WIDGET_REALIZED_FOR_EVENT")

Atspi.init()
Atspi.set_timeout(3000, 5000)   # a hung program fails a test; it does not hang it


class NotFound(AssertionError):
    pass


def pump():
    """let libatspi take in what has arrived: it has no thread of its own"""
    context = GLib.MainContext.default()
    while context.iteration(False):
        pass


def wait(condition, what="condition", limit=LIMIT, step=0.02):
    """the first true value of condition ()"""
    end = time.monotonic() + limit
    while True:
        pump()
        try:
            value = condition()
            if value:
                return value
        except GLib.Error:      # the object went away while we looked
            pass
        if time.monotonic() > end:
            raise NotFound(f"timed out after {limit} s: {what}")
        time.sleep(step)


def has_state(node, state):
    return node.get_state_set().contains(state)


def showing(node):
    return has_state(node, Atspi.StateType.SHOWING)


def sensitive(node):
    return has_state(node, Atspi.StateType.SENSITIVE)


def walk(node, depth=0):
    """(node, depth) of all below, with itself"""
    yield node, depth
    try:
        count = node.get_child_count()
        if has_state(node, Atspi.StateType.MANAGES_DESCENDANTS):
            count = min(count, WALK_CHILDREN)
    except GLib.Error:
        return
    for index in range(count):
        try:
            child = node.get_child_at_index(index)
        except GLib.Error:
            continue
        if child is not None:
            yield from walk(child, depth + 1)


def find_all(root, role=None, name=None, shown=True):
    """name is a string or a compiled pattern; role may be several names in a tuple"""
    roles = (role,) if isinstance(role, str) else role
    for node, _ in walk(root):
        try:
            if roles and node.get_role_name() not in roles:
                continue
            text = node.get_name() or ""
            if isinstance(name, re.Pattern):
                if not name.search(text):
                    continue
            elif name is not None and text != name:
                continue
            if shown and not showing(node):
                continue
        except GLib.Error:
            continue
        yield node


def find(root, role=None, name=None, shown=True, limit=LIMIT):
    return wait(lambda: next(find_all(root, role, name, shown), None), f"{role} {name!r}", limit)


def gone(root, role=None, name=None, limit=LIMIT):
    wait(lambda: next(find_all(root, role, name), None) is None, f"{role} {name!r} gone", limit)


def app(name, limit=LIMIT, pid=None):
    def get():
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(index)
            if child is not None and child.get_name() == name and pid in (None, child.get_process_id()):
                return child
        return None
    return wait(get, f"application {name}", limit)


def active(window, limit=LIMIT):
    """wait until the window has the focus: a dialog is in the tree before X has mapped it, and keys sent in between go to
    the window below. Needs a window manager."""
    wait(lambda: has_state(window, Atspi.StateType.ACTIVE), f"{window.get_name()!r} active", limit)
    return window


def dump(node):
    for one, depth in walk(node):
        try:
            print("  " * depth + f"{one.get_role_name()} {one.get_name()!r} {'' if showing(one) else '(hidden)'}")
        except GLib.Error:
            pass


def nameless(root):
    """controls that can be seen but not named: a screen reader would only say what kind they are"""
    found = []
    for node, _ in walk(root):
        try:
            if node.get_role_name() in NAMED_ROLES and showing(node) and not (node.get_name() or "").strip():
                labels = [relation for relation in node.get_relation_set()
                          if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY]
                if not labels:
                    parents, parent = [], node.get_parent()
                    while parent is not None and len(parents) < 4:
                        parents.append(f"{parent.get_role_name()} {parent.get_name()!r}")
                        parent = parent.get_parent()
                    found.append(f"{node.get_role_name()} in " + " in ".join(parents))
        except GLib.Error:
            continue
    return found


def criticals(log):
    """what GLib called critical in the program's output"""
    with open(log, encoding="utf-8", errors="replace") as file:
        return [line.strip() for line in file if re.search(r"(?:CRITICAL|ERROR) \*\*", line)
                and not EXEMPT_CRITICALS.search(line)]


def act(node, name=None):
    """invoke an accessible action: click for buttons and menu items, activate for entries"""
    names = [node.get_action_name(index) for index in range(node.get_n_actions())]
    assert node.do_action(names.index(name) if name else 0), (node.get_name(), names)
    pump()


def set_text(node, text):
    assert node.get_editable_text_iface().set_text_contents(text)


def text(node):
    interface = node.get_text_iface()
    return interface.get_text(0, interface.get_character_count()) if interface else node.get_name()


def select_child(container, index):
    assert container.get_selection_iface().select_child(index)


def rows(tree):
    return tree.get_table_iface().get_n_rows()


def cell(tree, row, column):
    return tree.get_table_iface().get_accessible_at(row, column)


def select_tree_row(tree, row):
    assert tree.get_table_iface().add_row_selection(row), f"row {row} of {tree.get_name()!r}"


def centre(node):
    box = node.get_component_iface().get_extents(Atspi.CoordType.SCREEN)
    return box.x + box.width // 2, box.y + box.height // 2


def click(node, button=1, times=1):
    x, y = centre(node)
    # no --sync: xdotool then waits 15 s if the pointer is there already
    subprocess.run(["xdotool", "mousemove", str(x), str(y), "click", "--repeat", str(times), "--delay", "60", str(button)], check=True)


def keys(*names):
    subprocess.run(["xdotool", "key", "--delay", "10", *names], check=True)


def type_ascii(words, delay=5):
    """for other letters xdotool remaps a spare key, and GTK loses some of them; use set_text there"""
    subprocess.run(["xdotool", "type", "--delay", str(delay), words], check=True)


def choose_file(chooser, path, button):
    """type a path into a GtkFileChooser. Return right after the text is lost while the chooser still lists the folder
    (measured 0 of 40); wait for the accept button instead (55 of 55)."""
    keys("ctrl+l")
    set_text(find(chooser, "text"), path)
    accept = find(chooser, "push button", button)
    wait(lambda: sensitive(accept), f"{button} sensitive")
    act(accept)


def shot(path):
    """the whole screen; wait for what should be visible first: a dialog that was just mapped is still black"""
    subprocess.run(["scrot", "-o", str(path)], check=True)


class Program:
    """the program under test: with Program([exe, ...]) as p: ...; ends it, and fails on criticals in its output"""

    def __init__(self, command, log="app.log", allow_criticals=False, **environment):
        self.command, self.environment, self.allow_criticals = command, environment, allow_criticals
        self.log = os.path.join(os.environ.get("GUI_DIR", "."), log)
        self.process = None

    def __enter__(self):
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                            env={**os.environ, **self.environment})
        return self

    def app(self, name="cachet", limit=30.0):
        return app(name, limit, self.process.pid)

    def words(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def end(self, limit=LIMIT):
        """wait for the program to end by itself; its exit code"""
        return self.process.wait(limit)

    def __exit__(self, kind, value, trace):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(LIMIT)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if kind is not None:
            print(self.words()[-4000:])
        elif not self.allow_criticals:
            assert not criticals(self.log), criticals(self.log)

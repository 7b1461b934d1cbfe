"""The picture of ./run --demo --screenshot: the list is painted, a message with an attachment is open."""
import filecmp
import gettext
import os
import time

import guidrive as g

SUBJECT = "Compte rendu de mission"     # has the GIF
START_LIMIT = 60.0
STILL_LIMIT = 10.0
STILL = 0.4                             # seconds without a change after which nothing more is expected


def row_with(tree, subject, rows=40):
    table = tree.get_table_iface()
    for row in range(min(rows, table.get_n_rows())):
        for column in range(table.get_n_columns()):
            cell = table.get_accessible_at(row, column)
            if cell is not None and cell.get_name() == subject:
                return (row,)   # true even for row 0
    return None


def wait_until_still(directory):
    """two pictures in a row that are the same"""
    before, after = (os.path.join(directory, name) for name in ("before.png", "after.png"))
    g.shot(before)
    end = time.monotonic() + STILL_LIMIT
    while time.monotonic() < end:
        time.sleep(STILL)
        g.shot(after)
        if filecmp.cmp(before, after, shallow=False):
            return
        os.replace(after, before)


def take(out, locale_dir):
    say = gettext.translation("cachet", locale_dir, fallback=True).gettext      # the window may speak French
    window = g.find(g.app("cachet", START_LIMIT), "frame", limit=START_LIMIT)
    tree = g.find(window, None, say("Messages"), limit=START_LIMIT)
    found = g.wait(lambda: row_with(tree, SUBJECT), f"a row called {SUBJECT!r}", START_LIMIT)
    g.select_tree_row(tree, found[0])
    text = g.find(window, None, say("Message text"), limit=START_LIMIT)
    g.wait(lambda: "maquette" in g.text(text), "the text of the message", START_LIMIT)
    wait_until_still(os.environ["GUI_DIR"])
    g.shot(out)
    print(f"{out}: {os.path.getsize(out)} bytes")

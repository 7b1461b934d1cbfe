#!/usr/bin/python3
"""The harness itself: it finds, acts, types and takes pictures; it reports what has no name and what was critical."""
import os
import pathlib

import guidrive as g

WINDOW = ["/usr/bin/python3", str(pathlib.Path(__file__).resolve().parent / "harness_window.py")]


def main():
    with g.Program(WINDOW) as program:
        app = program.app("harness-window")
        window = g.active(g.find(app, "frame", "Harness"))
        g.set_text(g.find(window, "text"), "élève 試")
        g.act(g.find(window, "push button", "Say"))
        g.find(window, "label", "said élève 試")
        found = g.nameless(window)
        assert len(found) == 1 and found[0].startswith("push button"), found     # the entry is named by its label
        picture = os.path.join(os.environ["GUI_DIR"], "harness.png")
        g.shot(picture)
        assert os.path.getsize(picture) > 1000
        try:
            g.find(window, "push button", "Not there", limit=0.3)
        except g.NotFound:
            pass
        else:
            raise AssertionError("found what is not there")
        g.act(g.find(window, "push button", "Quit"))
        assert program.end() == 0
    try:
        with g.Program(WINDOW, log="fail.log") as program:
            window = g.find(program.app("harness-window"), "frame", "Harness")
            g.act(g.find(window, "push button", "Fail"))
            g.wait(lambda: "on purpose" in program.words(), "a critical in the log")
    except AssertionError as error:
        assert "on purpose" in str(error), error
    else:
        raise AssertionError("a critical went unnoticed")
    print("the harness drives, names and notices")


if __name__ == "__main__":
    main()

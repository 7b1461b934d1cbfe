#!/usr/bin/python3
"""./run --demo as a person meets it: Alice's window, Bob's from the menu, servers that end with the last window, a second
start on the same data, and nothing left behind when it is killed.

usage: test_demo.py BUILD_DIR
"""
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile

import guidrive as g

DEMO = pathlib.Path(__file__).resolve().parent.parent / "server/demo.py"
START = 60.0


def listening(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


def ports(data):
    return json.loads((data / ".cachet-demo").read_text())["ports"]


def processes_of(data):
    """what still runs for this demo: programs are started with its folder, servers with its folder for sockets"""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            state = path.with_name("stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if state != "Z" and str(data) in words and path.parent.name != str(os.getpid()):
            found.append(words)
    return found


class Demo(g.Program):
    def __init__(self, build, data, *more, log="demo.log"):
        super().__init__(["/usr/bin/python3", str(DEMO), "--build", build, "--data", str(data), *more], log=log)

    def window(self, person):
        """the window whose folder tree is that person's"""
        def get():
            desktop = g.Atspi.get_desktop(0)
            for index in range(desktop.get_child_count()):
                app = desktop.get_child_at_index(index)
                if app is None or app.get_name() != "cachet":
                    continue
                tree = next(g.find_all(app, None, "Folders"), None)
                if tree is not None and any(f"{person}@" in (node.get_name() or "") for node, _ in g.walk(tree)):
                    return app
            return None
        return g.wait(get, f"{person}'s window", START)


def messages(app):
    tree = g.find(app, None, "Messages", limit=START)
    return g.wait(lambda: g.rows(tree), "messages in the list", START)


def quit_window(app):
    """by the menu of the window"""
    window = g.find(app, "frame")
    window.get_component_iface().grab_focus()
    g.act(g.find(window, None, "Main menu"))
    g.act(g.find(app, None, re.compile("^Quit")))


def check_two_windows(build, data):
    with Demo(build, data) as demo:
        alice = demo.window("alice")
        count = messages(alice)
        assert count > 60, count
        assert (data / "alice.p12").read_bytes()[:1] == b"\x30" and (data / "bob.p12").is_file()
        g.act(g.find(g.find(alice, "frame"), None, "Main menu"))
        g.act(g.find(alice, None, re.compile("Switch to Bob")))
        bob = demo.window("bob")
        assert messages(bob) > 15
        imap = ports(data)["imap"]
        alice_pid = alice.get_process_id()
        quit_window(alice)
        g.wait(lambda: not os.path.exists(f"/proc/{alice_pid}") or "Z" in pathlib.Path(
            f"/proc/{alice_pid}/stat").read_text().rsplit(")", 1)[1][:3], "Alice's window gone", START)
        assert demo.process.poll() is None and listening(imap), "the servers ended before Bob's window"
        quit_window(bob)
        assert demo.end(START) == 0
        g.wait(lambda: not listening(imap), "the server to end", START)
    assert not processes_of(data), processes_of(data)


def check_second_start_and_kill(build, data):
    before = ports(data)
    with Demo(build, data, log="again.log") as demo:
        messages(demo.window("alice"))
        assert "Making" not in demo.words(), "the second start made everything anew"
        assert ports(data) == before
        twin = subprocess.run(demo.command, capture_output=True, text=True, timeout=START, check=False)
        assert twin.returncode != 0 and "already" in twin.stderr, twin
        demo.process.send_signal(signal.SIGKILL)
        demo.process.wait()
        g.wait(lambda: not processes_of(data) and not listening(before["imap"]), "everything to end with the demo", START)


def check_fresh_spares_what_is_not_its_own(build, home):
    stranger = home / "documents"
    stranger.mkdir()
    (stranger / "letter.txt").write_text("dear")
    done = subprocess.run(["/usr/bin/python3", str(DEMO), "--build", build, "--data", str(stranger), "--fresh"],
                          capture_output=True, text=True, timeout=START, check=False)
    assert done.returncode != 0 and (stranger / "letter.txt").read_text() == "dear", done


def main():
    build = sys.argv[1]
    before = {path for path in pathlib.Path(os.environ["HOME"]).rglob("*cachet*")}
    with tempfile.TemporaryDirectory(prefix="cachet-test-demo-") as work:
        work = pathlib.Path(work)
        work.chmod(0o755)       # for root: Dovecot's users must get through
        data = work / "demo"
        check_two_windows(build, data)
        check_second_start_and_kill(build, data)
        check_fresh_spares_what_is_not_its_own(build, work)
        secrets = (data / "alice/secrets.keyring").read_bytes()
        assert b"alice-pw" not in secrets
        for path in (data / "alice").rglob("*"):
            assert not path.is_file() or b"alice-pw" not in path.read_bytes(), f"a password in clear in {path}"
    after = {path for path in pathlib.Path(os.environ["HOME"]).rglob("*cachet*")}
    assert after == before, f"left behind: {after - before}"
    print("the demo starts, switches, ends and starts again, and leaves nothing behind")


if __name__ == "__main__":
    main()

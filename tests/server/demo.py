#!/usr/bin/python3
"""./run --demo: Cachet on a private mail server with two people and sample mail.

usage: ./run --demo [--fresh] [--data DIR] [--screenshot OUT.png]

--fresh        throw the demo's data away first
--data DIR     keep them in DIR (else cachet-demo in your data folder; for root in /var/tmp, as Dovecot serves no mail as root)
--screenshot   without a display: open a message, take one picture, end; the data are thrown away

The servers end with the windows. Passwords of the keychains alice.p12 and bob.p12 in DIR: trousseau.
"""
import argparse
import contextlib
import fcntl
import json
import os
import pathlib
import random
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "demo"))

import dovecot
import maildirs
import mailserver
import pki

VERSION = "1"                       # of the data; another one means a fresh start
MARK = ".cachet-demo"               # a folder without it is not ours to throw away
PEOPLE = {"alice": "Alice Martin", "bob": "Bob Durand"}
KEYCHAIN_PASSWORD = "trousseau"
PORTS = range(20_000, 32_000)       # below what the kernel hands out, so that they are free again next time
CONTROL_TIMEOUT = 60
PICTURE_SCREEN = "1440x860x24"
PICTURE_SETTINGS = """[org/cachetmail/Cachet]
window-maximized=true
folder-pane-width=220
list-pane-width=660
"""


def default_data():
    if os.getuid() == 0:
        return pathlib.Path("/var/tmp/cachet-demo")
    return pathlib.Path(os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")) / "cachet-demo"


def is_free(port):
    with contextlib.suppress(OSError):
        socket.create_server(("127.0.0.1", port)).close()
        return True
    return False


class Demo:
    def __init__(self, build, data):
        self.build, self.data = build, data

    def program(self, name):
        for place in (f"src/{name}", f"src/ctl/{name}"):
            if (self.build / place).is_file():
                return str(self.build / place)
        raise SystemExit(f"{name} has not been built in {self.build}")

    def environment(self, person):
        return {**os.environ, "GSETTINGS_SCHEMA_DIR": str(self.build / "data"), "CACHET_LOCALEDIR": str(self.build / "po"),
                "CACHET_SETTINGS_FILE": str(self.data / person / "settings.ini"),
                # libsecret's own encrypted file: the demo leaves no trace in the keyring of the desktop
                "SECRET_BACKEND": "file", "SECRET_FILE_TEST_PATH": str(self.data / person / "secrets.keyring"),
                "SECRET_FILE_TEST_PASSWORD": "cachet-demo"}

    def folders(self, person):
        return ["--data-dir", str(self.data / person / "data"), "--config-dir", str(self.data / person / "config")]

    def clear(self):
        if not self.data.exists():
            return
        if not (self.data / MARK).is_file():
            raise SystemExit(f"{self.data} was not made by the demo; it stays as it is. Name another folder with --data.")
        for path in self.data.iterdir():    # the folder itself stays: it is what running() locks
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()

    def prepare(self):
        """mail, keys and ports; returns whether they are new"""
        mark = self.data / MARK
        if mark.is_file():
            saved = json.loads(mark.read_text())
            if saved["version"] == VERSION and all(is_free(port) for port in saved["ports"].values()):
                self.ports = saved["ports"]
                return False
            self.clear()
        elif self.data.exists() and any(self.data.iterdir()):
            raise SystemExit(f"{self.data} holds something else. Name another folder with --data.")
        print(f"Making the demo's mail in {self.data}", flush=True)
        self.data.mkdir(parents=True, exist_ok=True)
        self.data.chmod(0o755 if os.getuid() == 0 else 0o700)
        choice = [port for port in random.sample(PORTS, 200) if is_free(port)]
        self.ports = dict(zip(mailserver.PORT_NAMES, choice))
        mark.write_text(json.dumps({"version": "unfinished", "ports": self.ports}))
        authority = pki.Authority(self.data / "pki", "Cachet demo CA").create()
        authority.issue("server", "mail.example.test", "serverAuth", pki.SERVER_NAMES)
        for person, name in PEOPLE.items():
            authority.issue(person, name, "emailProtection,clientAuth", f"email:{person}@{mailserver.DOMAIN}",
                            "digitalSignature,keyEncipherment", rsa_bits=2048)
            authority.keychain(person, KEYCHAIN_PASSWORD, name).rename(self.data / f"{person}.p12")
        (self.data / "README.txt").write_text(
            "Made by Cachet's demo; ./run --demo --fresh makes it anew.\n\n"
            f"alice.p12, bob.p12   keychains, password: {KEYCHAIN_PASSWORD}\npki/ca.pem           the authority that issued them\n"
            f"mail passwords       alice-pw, bob-pw\n")
        identity = dovecot.Identity(os.getuid() == 0)
        maildirs.Demo(int(time.time()), authority.dir).write(
            self.data / "mail", (identity.uid, identity.gid) if os.getuid() == 0 else None)
        for person in PEOPLE:
            (self.data / person).mkdir(mode=0o700)
        return True

    def finish_preparing(self):
        for person, name in PEOPLE.items():
            subprocess.run([self.program("cachetctl"), *self.folders(person), "account", "add", "--name", name,
                            "--address", f"{person}@{mailserver.DOMAIN}", "--user", person,
                            "--imap", f"localhost:{self.ports['imap']}", "--imap-security", "starttls",
                            "--smtp", f"localhost:{self.ports['submission']}", "--smtp-security", "starttls",
                            "--ca-file", str(self.data / "pki/ca.pem"), "--password-stdin"],
                           input=mailserver.USERS[person] + "\n", text=True, check=True, env=self.environment(person),
                           stdout=subprocess.DEVNULL, timeout=CONTROL_TIMEOUT)
        (self.data / MARK).write_text(json.dumps({"version": VERSION, "ports": self.ports}))

    def lock(self):
        return os.open(self.data / "windows", os.O_CREAT | os.O_RDWR, 0o600)

    def window_command(self, person):
        return [self.program("cachet"), *self.folders(person)]

    def first_environment(self):
        """Alice's, with the way to Bob's window for her menu"""
        switch = ["/usr/bin/python3", str(HERE / "demo.py"), "--build", str(self.build), "--data", str(self.data), "--window", "bob"]
        return {**self.environment("alice"), "CACHET_DEMO_SWITCH": shlex.join(switch),
                "CACHET_DEMO_SWITCH_LABEL": "Switch to Bob’s Window"}

    def second_window(self, person):
        """becomes the window; the lock that it holds keeps the servers up"""
        lock = self.lock()
        fcntl.flock(lock, fcntl.LOCK_SH)
        os.set_inheritable(lock, True)
        environment = self.environment(person)
        for name in ("CACHET_DEMO_SWITCH", "CACHET_DEMO_SWITCH_LABEL"):
            environment.pop(name, None)
        command = self.window_command(person)
        os.execve(command[0], command, environment)

    @contextlib.contextmanager
    def servers(self):
        run = pathlib.Path(tempfile.mkdtemp(prefix="cachet-demo-"))
        note = self.data / "run"
        if note.is_file():          # of a demo that was killed: its servers have ended, its sockets lie about
            old = pathlib.Path(note.read_text())
            if old.name.startswith("cachet-demo-") and old.parent == run.parent:
                shutil.rmtree(old, ignore_errors=True)
        note.write_text(str(run))
        server = mailserver.MailServer(run, self.data / "mail", self.data / "pki", unprivileged=True, ports=self.ports)
        try:
            server.start()
            yield server
        finally:
            server.stop_processes()
            shutil.rmtree(run, ignore_errors=True)
            note.unlink(missing_ok=True)

    @contextlib.contextmanager
    def running(self):
        """the servers with everything in place; ends after the last window"""
        self.data.mkdir(parents=True, exist_ok=True)
        guard = os.open(self.data, os.O_RDONLY)
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("The demo is running already.") from None
        new = self.prepare()
        with self.servers():
            if new or not all((self.data / person / "config").is_dir() for person in PEOPLE):
                self.finish_preparing()
            yield
        os.close(guard)

    def windows(self):
        with self.running():
            print(f"Alice's mailbox; Bob's window is in the menu. Keychains (password {KEYCHAIN_PASSWORD}): "
                  f"{self.data}/alice.p12, {self.data}/bob.p12", flush=True)
            code = subprocess.run(self.window_command("alice"), env=self.first_environment(), check=False,
                                  preexec_fn=mailserver.die_with_parent).returncode
            fcntl.flock(self.lock(), fcntl.LOCK_EX)     # waits for Bob's window
        return code

    def picture(self, out):
        """inside a private session: opens a message and takes the picture"""
        sys.path.insert(0, str(HERE.parent / "ui"))
        import demo_picture
        with self.running():
            (self.data / "alice/settings.ini").write_text(PICTURE_SETTINGS)
            child = subprocess.Popen(self.window_command("alice"), preexec_fn=mailserver.die_with_parent,
                                     env=self.first_environment())
            try:
                demo_picture.take(out, self.build / "po")
            finally:
                child.terminate()
                child.wait()
        return 0


def options():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--build", type=lambda text: pathlib.Path(text).absolute(), required=True)
    parser.add_argument("--data", type=lambda text: pathlib.Path(text).absolute())
    parser.add_argument("--screenshot", type=lambda text: pathlib.Path(text).absolute())
    parser.add_argument("--in-session", action="store_true")
    parser.add_argument("--window", choices=PEOPLE)
    return parser.parse_args()


def main():
    chosen = options()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    if chosen.window:
        Demo(chosen.build, chosen.data).second_window(chosen.window)
    if chosen.screenshot and not chosen.in_session:
        session = HERE.parent / "ui/gui-session.sh"
        return subprocess.run([session, "/usr/bin/python3", __file__, "--in-session", *sys.argv[1:]], check=False,
                              env={**os.environ, "GUI_SIZE": PICTURE_SCREEN}).returncode
    if chosen.screenshot:
        data = pathlib.Path(tempfile.mkdtemp(prefix="cachet-picture-"))
        try:
            return Demo(chosen.build, chosen.data or data).picture(chosen.screenshot)
        finally:
            shutil.rmtree(data)
    demo = Demo(chosen.build, chosen.data or default_data())
    if chosen.fresh:
        demo.clear()
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        raise SystemExit("The demo needs a display. For a picture without one: ./run --demo --screenshot OUT.png")
    return demo.windows()


if __name__ == "__main__":
    sys.exit(main())

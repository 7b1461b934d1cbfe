#!/usr/bin/python3
"""What a person waits for, measured on the real window against a bare GTK window in the same run.

usage: window.py BUILD_DIR [--messages N] [--rounds N] [--keep-shot FILE.png]

Prints: exec to painted list from the cache (server stopped), memory then, and delivery to painted row, each with its ratio
to the floor. "Painted" is the moment from which 98 % of the pixels that change have their final colour, read from the
frame buffer of a private X server. Nothing here is a timed test: read the ratios.
"""
import argparse
import glob
import json
import mmap
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SERVER = HERE.parent / "server" / "mailserver.py"
WIDTH, HEIGHT = 1280, 800
STEP = 4            # every fourth row is looked at
QUIET = 0.7         # seconds without a change after which a picture counts as final
LIMIT = 30.0


class Screen:
    """a private X server whose frame buffer can be read, with a window manager that maximizes"""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir()
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-fbdir", str(self.directory),
             "-nolisten", "tcp", "-noreset"], pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        self.display = ":" + os.read(read, 16).decode().strip()
        os.close(read)
        config = self.directory / ".config/openbox"
        config.mkdir(parents=True)
        (config / "rc.xml").write_text(
            '<openbox_config xmlns="http://openbox.org/3.4/rc"><focus><focusNew>yes</focusNew></focus><applications>'
            '<application class="*" type="normal"><maximized>yes</maximized><decor>no</decor></application>'
            '</applications></openbox_config>')
        self.manager = subprocess.Popen(["openbox"], env=dict(os.environ, DISPLAY=self.display, HOME=str(self.directory)),
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.5)
        with open(self.directory / "Xvfb_screen0", "rb") as file:
            self.memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        self.offset = int.from_bytes(self.memory[0:4], "big") + int.from_bytes(self.memory[76:80], "big") * 12

    def frame(self):
        line = WIDTH * 4
        start = self.offset
        return b"".join(self.memory[start + y * line:start + (y + 1) * line] for y in range(0, HEIGHT, STEP))

    def close(self):
        for process in (self.manager, self.server):
            process.terminate()
            process.wait()


def differing(a, b):
    """how many pixels differ"""
    if a == b:
        return 0
    x, y = memoryview(a).cast("I"), memoryview(b).cast("I")
    return sum(1 for p, q in zip(x, y) if p != q)


def painted(screen, start, since):
    """seconds from start until 98 % of the pixels that change had their final colour"""
    frames = [(since, screen.frame())]
    last = time.monotonic()
    while time.monotonic() - start < LIMIT:
        frame = screen.frame()
        now = time.monotonic()
        if frame != frames[-1][1]:
            frames.append((now, frame))
            last = now
        elif len(frames) > 1 and now - last > QUIET:
            break
        time.sleep(0.004)
    final = frames[-1][1]
    changed = max(1, differing(frames[0][1], final))
    for moment, frame in frames[1:]:
        if differing(frame, final) <= changed * 0.02:
            return moment - start
    return float("nan")


def memory(pid):
    facts = {}
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, value, *_ = line.split()
        facts[name.rstrip(":")] = int(value) / 1024
    return facts["Rss"], facts["Pss"]


class Bench:
    def __init__(self, build, messages, work):
        self.build = pathlib.Path(build).absolute()
        self.messages = messages
        self.work = pathlib.Path(work)
        self.server_dir = self.work / "server"
        self.environment = {key: value for key, value in os.environ.items()
                            if not key.startswith(("XDG_", "DBUS", "GTK", "GDK"))}
        home = self.work / "home"
        runtime = self.work / "runtime"
        schemas = self.work / "schemas"
        for path in (home, runtime, schemas):
            path.mkdir(mode=0o700)
        for schema in glob.glob(str(HERE.parent.parent / "data" / "*.gschema.xml")):
            shutil.copy(schema, schemas)
        subprocess.run(["glib-compile-schemas", str(schemas)], check=True)
        self.environment.update(
            HOME=str(home), XDG_RUNTIME_DIR=str(runtime), GSETTINGS_BACKEND="keyfile", GSETTINGS_SCHEMA_DIR=str(schemas),
            GDK_BACKEND="x11", NO_AT_BRIDGE="1", GTK_USE_PORTAL="0", LC_ALL="C.UTF-8", LIBGL_ALWAYS_SOFTWARE="1",
            SECRET_BACKEND="file", SECRET_FILE_TEST_PATH=str(self.work / "secrets"), SECRET_FILE_TEST_PASSWORD="bench")
        self.folders = ["--data-dir", str(self.work / "data"), "--config-dir", str(self.work / "config")]

    def start_server(self):
        subprocess.run([str(SERVER), "start", "--mdbox", str(self.server_dir)], check=True, stdout=subprocess.DEVNULL)
        self.variables = dict(line.split("=", 1) for line in (self.server_dir / "env").read_text().splitlines())
        subprocess.run([str(SERVER), "fill", str(self.server_dir), "alice", "INBOX", str(self.messages)], check=True)

    def stop_server(self):
        subprocess.run([str(SERVER), "stop", str(self.server_dir)], check=True)

    def ctl(self, *words):
        return subprocess.run([str(self.build / "src/ctl/cachetctl"), *self.folders, *words], input="alice-pw\n", text=True,
                              env=self.environment, check=True, stdout=subprocess.PIPE).stdout

    def fill_cache(self):
        self.ctl("account", "add", "--name", "Alice", "--address", "alice@example.test", "--user", "alice",
                 "--imap", f"localhost:{self.variables['MAIL_IMAPS_PORT']}", "--imap-security", "tls",
                 "--smtp", f"localhost:{self.variables['MAIL_SUBMISSIONS_PORT']}", "--smtp-security", "tls",
                 "--ca-file", self.variables["MAIL_CA"], "--password-stdin")
        return json.loads(self.ctl("sync", "--json"))

    def launch(self, screen, command):
        start = time.monotonic()
        log = open(self.work / "window.log", "ab")
        process = subprocess.Popen(["dbus-run-session", "--", *command], env=dict(self.environment, DISPLAY=screen.display),
                                   stdout=log, stderr=log, start_new_session=True)
        return process, start

    def window_command(self):
        return [str(self.build / "src/cachet"), *self.folders]


def child_of(process, name):
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            text = pathlib.Path(path).read_text()
        except OSError:
            continue
        fields = text.rsplit(")", 1)[1].split()
        if f"({name[:15]})" in text and int(fields[2]) == process.pid and fields[0] != "Z":
            return int(path.split("/")[2])
    raise SystemExit(f"{name} does not run")


def end(process):
    os.killpg(process.pid, 15)
    process.wait()
    time.sleep(0.3)


def measure_start(bench, screen, command, name):
    before = screen.frame()
    process, start = bench.launch(screen, command)
    seconds = painted(screen, start, start)
    rss, pss = memory(child_of(process, name))
    assert before is not None
    return seconds, rss, pss, process


def report(label, values, floor=None, unit="s"):
    middle = statistics.median(values)
    ratio = f"  {middle / floor:5.2f} × floor" if floor else ""
    print(f"{label:52s} {middle:8.3f} {unit}  (of {len(values)}: {min(values):.3f}–{max(values):.3f}){ratio}", flush=True)
    return middle


def measure(bench, screen, rounds, shot):
    floor, floor_pss, warm, rss, pss = [], [], [], [], []
    for number in range(rounds):
        seconds, _, used, process = measure_start(bench, screen, [str(bench.build / "tests/bench/gtk-floor")], "gtk-floor")
        floor.append(seconds)
        floor_pss.append(used)
        end(process)
        seconds, resident, used, process = measure_start(bench, screen, bench.window_command(), "cachet")
        warm.append(seconds)
        rss.append(resident)
        pss.append(used)
        if shot and number == 0:
            subprocess.run(["scrot", "-o", shot], env=dict(os.environ, DISPLAY=screen.display), check=True)
        end(process)
    base = report("empty GTK window, exec to painted", floor)
    report(f"list of {bench.messages} from the cache, exec to painted", warm, base)
    base = report("empty GTK window, PSS", floor_pss, unit="MB")
    report("Cachet then, PSS", pss, base, unit="MB")
    report("Cachet then, RSS", rss, unit="MB")


def measure_delivery(bench, screen, rounds):
    process, start = bench.launch(screen, bench.window_command())
    painted(screen, start, start)
    time.sleep(3)       # connected, in step, idling
    values = []
    for number in range(rounds):
        text = f"From: bob@example.test\r\nTo: alice@example.test\r\nSubject: Delivery {number}\r\n\r\nx\r\n"
        subprocess.run([str(SERVER), "deliver", str(bench.server_dir), "alice", "-"], input=text.encode(), check=True)
        moment = time.monotonic()
        values.append(painted(screen, moment, moment))
        time.sleep(1)
    end(process)
    report("delivered (LMTP 250) to painted row", values)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("build")
    parser.add_argument("--messages", type=int, default=10000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep-shot")
    options = parser.parse_args()
    work = tempfile.mkdtemp(prefix="cachet-bench-")
    os.chmod(work, 0o755)
    screen = None
    bench = Bench(options.build, options.messages, work)
    print("load", os.getloadavg()[0])
    try:
        bench.start_server()
        print("first sync:", bench.fill_cache())
        screen = Screen(pathlib.Path(work) / "screen")
        measure(bench, screen, options.rounds, options.keep_shot)
        measure_delivery(bench, screen, options.rounds)
    finally:
        if screen:
            screen.close()
        bench.stop_server()
        shutil.rmtree(work, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

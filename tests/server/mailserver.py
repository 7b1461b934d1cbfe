#!/usr/bin/python3
"""A private mail server on loopback: Dovecot (IMAP, LMTP) and a submission server, with a CA of its own.

usage: mailserver.py start [options] DIR          start, print shell variables (they stay in DIR/env)
       mailserver.py stop DIR                     stop and remove DIR (MAIL_KEEP=1 keeps it)
       mailserver.py status DIR
       mailserver.py run [options] CMD [ARG...]   start in a temporary DIR, run CMD with the variables, stop
       mailserver.py fill DIR USER FOLDER COUNT [--small]   generated messages (see ../bench/gen_corpus.py)
       mailserver.py deliver DIR USER FILE        deliver one message by LMTP ("-" is standard input)

options: --unprivileged      aiosmtpd takes the place of Postfix, which only root can start (implied unless root)
         --bad-certificates  more addresses, each showing a certificate that a client must refuse
         --mdbox             keep mail in mdbox instead of maildir: for mailboxes of 100 000 messages

Variables: MAIL_IMAP_PORT (STARTTLS; 127.0.0.1 would take a login in clear, 127.0.0.2 says LOGINDISABLED before TLS,
127.0.0.3 knows no TLS and takes logins in clear), MAIL_IMAPS_PORT, MAIL_SUBMISSION_PORT (STARTTLS, AUTH only after it),
MAIL_SUBMISSIONS_PORT, MAIL_SUBMISSION_CLEAR_PORT (AUTH without TLS), MAIL_LMTP_PORT, MAIL_CA, MAIL_P12 (alice's, password
"trousseau"), MAIL_DIR, MAIL_DOVECOT_CONF; with bad certificates MAIL_SELF_SIGNED_HOST, MAIL_EXPIRED_HOST,
MAIL_WRONG_HOST_HOST, MAIL_CLIENT_ONLY_HOST, MAIL_NO_SAN_HOST. Users alice, bob, carol and full (whose quota is 30 kB),
domain example.test, passwords NAME-pw. As root DIR must be open to the daemons' users (Dovecot serves no mail as root): mode
755 all the way, so under /tmp.
"""
import argparse
import ctypes
import json
import os
import pathlib
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time

import dovecot
import pki
import postfix

DOMAIN = "example.test"
USERS = {name: f"{name}-pw" for name in ("alice", "bob", "carol", "full")}
HERE = pathlib.Path(__file__).resolve().parent
PORT_NAMES = ("imap", "imaps", "lmtp", "submission", "submissions", "clear")
START_LIMIT = 20
STOP_LIMIT = 10
START_TRIES = 3
PR_SET_PDEATHSIG = 1


def die_with_parent():
    """in the child: the kernel ends us when the process that started us is gone, however it went"""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def free_ports(names):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in names]
    ports = {name: s.getsockname()[1] for name, s in zip(names, sockets)}
    for s in sockets:
        s.close()
    return ports


def process_state(pid_file):
    """the pid in the file while that process lives, else None"""
    try:
        pid = int(pid_file.read_text())
        # a zombie counts as gone: a container's first process may not reap
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (OSError, ValueError):
        return None
    return None if state == "Z" else pid


class StartError(Exception):
    pass


class MailServer:
    def __init__(self, run, mail=None, authority=None, unprivileged=False, bad_certificates=False, mail_format="maildir",
                 ports=None):
        """run: directory for sockets, logs and configuration, short enough for socket names"""
        self.run = pathlib.Path(run).absolute()
        self.mail = pathlib.Path(mail).absolute() if mail else self.run / "mail"
        self.pki = pathlib.Path(authority).absolute() if authority else self.run / "pki"
        self.privileged = os.getuid() == 0
        self.with_postfix = self.privileged and not unprivileged
        self.bad_certificates = bad_certificates
        self.mail_format = mail_format
        self.users = USERS
        self.ports = ports
        self.children = []
        self.variables = {}

    def pid_files(self):
        return {"dovecot": self.run / "dovecot/master.pid",
                "submission": self.run / ("postfix/queue/pid/master.pid" if (self.run / "postfix").is_dir()
                                          else "submission.pid")}

    def start(self, stay=False):
        """stay: the servers outlive this process; else they end with it"""
        self.run.mkdir(parents=True, exist_ok=True)
        self.run.chmod(0o755 if self.privileged else 0o700)
        if not self.pki.is_dir():
            pki.server_pki(self.pki, self.bad_certificates)
        for attempt in range(START_TRIES):
            try:
                return self.try_start(stay)
            except StartError as error:     # most likely another process took a port in between
                self.stop_processes()
                if attempt == START_TRIES - 1:
                    raise SystemExit(str(error)) from error
        return None

    def try_start(self, stay):
        ports = self.ports or free_ports(PORT_NAMES)
        identity = dovecot.Identity(self.privileged)
        for path in (self.mail, self.run / "dovecot", self.run / "dovecot-state"):
            path.mkdir(parents=True, exist_ok=True)
        if self.privileged:
            os.chown(self.mail, identity.uid, identity.gid)
        (self.run / "users").write_text(dovecot.users_file(self.users, identity, self.mail))
        conf = self.run / "dovecot.conf"
        conf.write_text(dovecot.configuration(self.run, self.pki, self.mail, ports, identity, self.mail_format,
                                              self.bad_certificates))
        self.spawn("dovecot", [find_daemon("dovecot"), "-F", "-c", str(conf)], stay)
        if self.with_postfix:
            shutil.rmtree(self.run / "postfix", ignore_errors=True)
            postfix.prepare(self.run, self.pki, ports, DOMAIN, self.users, time.time())
            config = str(self.run / "postfix")
            # master without -w, which sleeps in whole seconds, stays in the foreground
            self.spawn("postfix", [f"{postfix.LIBEXEC}/master", "-c", config], stay, MAIL_CONFIG=config)
        else:
            config = self.run / "submission.json"
            config.write_text(json.dumps({
                "users": self.users, "domain": DOMAIN, "lmtp": str(self.run / "dovecot/lmtp"), "size": postfix.SIZE_LIMIT,
                "certificate": str(self.pki / "server.pem"), "key": str(self.pki / "server.key"),
                **{name: ports[name] for name in ("submission", "submissions", "clear")}}))
            config.chmod(0o600)
            child = self.spawn("submission", ["/usr/bin/python3", str(HERE / "submission.py"), str(config)], stay)
            (self.run / "submission.pid").write_text(str(child.pid))
        for name in ("imaps", "lmtp", "submission", "submissions", "clear"):
            self.wait_for(ports[name], name)
        self.write_variables(ports)
        return self.variables

    def spawn(self, name, command, stay, **environment):
        # output to a file: a daemon that keeps a pipe open would make the reader wait for ever
        with open(self.run / f"{name}.out", "ab") as out:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
                                     env={**os.environ, **environment}, preexec_fn=None if stay else die_with_parent)
        self.children.append((name, child))
        return child

    def wait_for(self, port, what):
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            for name, child in self.children:
                if child.poll() is not None:
                    raise StartError(f"{name} ended with {child.returncode}:\n{self.words_of(name)}")
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.005)
        raise StartError(f"nothing listens for {what}:\n" + "".join(self.words_of(name) for name, _ in self.children))

    def words_of(self, name):
        logs = [self.run / f"{name}.out", self.run / f"{name}.log"]
        return "".join(log.read_text(errors="replace")[-2000:] for log in logs if log.exists())

    def write_variables(self, ports):
        names = {"imap": "IMAP", "imaps": "IMAPS", "lmtp": "LMTP", "submission": "SUBMISSION",
                 "submissions": "SUBMISSIONS", "clear": "SUBMISSION_CLEAR"}
        self.variables = {f"MAIL_{names[key]}_PORT": str(port) for key, port in ports.items()}
        self.variables |= {"MAIL_CA": str(self.pki / "ca.pem"), "MAIL_P12": str(self.pki / "alice.p12"),
                           "MAIL_DIR": str(self.run), "MAIL_DOVECOT_CONF": str(self.run / "dovecot.conf")}
        if self.bad_certificates:
            self.variables |= {f"MAIL_{name.upper().replace('-', '_')}_HOST": address
                               for name, address in dovecot.BAD_CERTIFICATES.items()}
        (self.run / "env").write_text("".join(f"{key}={value}\n" for key, value in self.variables.items()))

    def stop_processes(self):
        files = self.pid_files()
        for path in files.values():
            pid = process_state(path)
            if pid:
                os.kill(pid, signal.SIGTERM)
        for _, child in self.children:
            if child.poll() is None:
                child.terminate()
        end = time.monotonic() + STOP_LIMIT
        while time.monotonic() < end and any(process_state(path) for path in files.values()):
            time.sleep(0.01)
        for _, child in self.children:
            try:
                child.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self.children = []


def find_daemon(name):
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin:/sbin")
    if not found:
        raise SystemExit(f"{name} is not installed")
    return found


def read_variables(directory):
    return dict(line.split("=", 1) for line in (directory / "env").read_text().splitlines())


def doveadm(directory, *args):
    conf = read_variables(directory)["MAIL_DOVECOT_CONF"]
    subprocess.run(["/usr/bin/doveadm", "-c", conf, *map(str, args)], check=True, stdin=subprocess.DEVNULL)


def fill(directory, user, folder, count, small):
    """by way of an mbox file and doveadm import: keeps dates and flags, works for every mail format"""
    sys.path.insert(0, str(HERE.parent / "bench"))
    import gen_corpus
    with tempfile.TemporaryDirectory(dir=directory) as work:
        box = pathlib.Path(work) / folder
        box.parent.mkdir(parents=True, exist_ok=True)
        gen_corpus.write_mbox(box, count, small=small)
        if os.getuid() == 0:
            owner = dovecot.Identity(True)
            for path in (box, *box.parents[:len(folder.split("/"))]):
                os.chown(path, owner.uid, owner.gid)
        doveadm(directory, "import", "-s", "-u", user, f"mbox:{work}:INBOX={work}/INBOX", "", "mailbox", folder)
        doveadm(directory, "index", "-u", user, folder)


def deliver(directory, user, data):
    with smtplib.LMTP("127.0.0.1", int(read_variables(directory)["MAIL_LMTP_PORT"])) as lmtp:
        lmtp.sendmail("sender@example.test", [f"{user}@{DOMAIN}"], data)


def run_with_server(options):
    directory = tempfile.mkdtemp(prefix="cachet-mail-")
    server = MailServer(directory, unprivileged=options.unprivileged, bad_certificates=options.bad_certificates,
                        mail_format="mdbox" if options.mdbox else "maildir")

    def end(number, frame):
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, end)
    try:
        variables = server.start()
        return subprocess.run(options.command, env={**os.environ, **variables}, check=False).returncode
    finally:
        server.stop_processes()
        if not os.environ.get("MAIL_KEEP"):
            shutil.rmtree(directory, ignore_errors=True)


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in ("start", "run"):
        sub = verbs.add_parser(verb)
        for option in ("--unprivileged", "--bad-certificates", "--mdbox"):
            sub.add_argument(option, action="store_true")
        sub.add_argument("command", nargs=argparse.REMAINDER) if verb == "run" else sub.add_argument("dir")
    for verb in ("stop", "status", "fill", "deliver"):
        sub = verbs.add_parser(verb)
        sub.add_argument("dir")
        if verb in ("fill", "deliver"):
            sub.add_argument("user")
    verbs.choices["fill"].add_argument("folder")
    verbs.choices["fill"].add_argument("count", type=int)
    verbs.choices["fill"].add_argument("--small", action="store_true")
    verbs.choices["deliver"].add_argument("file")
    return parser.parse_args()


def main():
    options = arguments()
    if options.verb == "run":
        return run_with_server(options)
    directory = pathlib.Path(options.dir).absolute()
    if options.verb == "start":
        MailServer(directory, unprivileged=options.unprivileged, bad_certificates=options.bad_certificates,
                   mail_format="mdbox" if options.mdbox else "maildir").start(stay=True)
        print((directory / "env").read_text(), end="")
    elif options.verb == "stop":
        MailServer(directory).stop_processes()
        if not os.environ.get("MAIL_KEEP"):
            shutil.rmtree(directory, ignore_errors=True)
    elif options.verb == "status":
        states = {name: process_state(path) for name, path in MailServer(directory).pid_files().items()}
        for name, pid in states.items():
            print(name, pid or "down")
        return 0 if all(states.values()) else 1
    elif options.verb == "fill":
        fill(directory, options.user, options.folder, options.count, options.small)
    else:
        deliver(directory, options.user,
                sys.stdin.buffer.read() if options.file == "-" else pathlib.Path(options.file).read_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())

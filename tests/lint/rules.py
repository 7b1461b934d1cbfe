"""The rules of the tree. Each is a generator of findings (file name, line number, what is wrong)."""
import re
import shutil
import subprocess

from tree import LAYERS

FILE_LINES = 1000
FUNCTION_LINES = 100

# (what, pattern on bare code, layers that may)
NAMES = (
    ("GTK outside ui/ and html/", re.compile(r"\b(?:gtk_|gdk_|Gtk[A-Z]|Gdk[A-Z])\w*|<gtk/|<gdk/"), {"ui", "html"}),
    ("libhandy outside ui/", re.compile(r"\b(?:hdy_|Hdy[A-Z])\w*|<handy"), {"ui"}),
    ("WebKit outside html/", re.compile(r"\b(?:webkit_|WebKit[A-Z])\w*|<webkit"), {"html"}),
    ("SQLite outside store/", re.compile(r"\bsqlite3(?:_\w+)?\b|<sqlite3"), {"store"}),
    ("GnuTLS outside net/ and smime/", re.compile(r"\bgnutls_\w+|<gnutls/"), {"net", "smime"}),
    ("GMime outside mime/ and smime/", re.compile(r"\b(?:g_mime_|GMime[A-Z])\w*|<gmime/"), {"mime", "smime"}),
    ("libsecret outside engine/", re.compile(r"\b(?:secret_(?:password|service|item|schema|value)_|SecretSchema)\w*|<libsecret"),
     {"engine"}),
    ("I/O in wire/", re.compile(r"<gio/|\bG(?:Socket|InputStream|OutputStream|IOStream|Cancellable|Task|File|Tls)\w*"
                                r"|\bg_(?:socket|input_stream|output_stream|io_stream|cancellable|task|file|tls)_\w+"),
     set(LAYERS) - {"wire"}),
    ("a nested main loop", re.compile(r"\b(?:g_main_context_iteration|g_main_loop_run|gtk_dialog_run|gtk_main_iteration\w*"
                                      r"|gtk_main)\b"), set()),
    ("a lock or thread outside the worker files", re.compile(r"\b(?:GMutex|GRecMutex|GRWLock|GCond|GThread|GThreadPool|g_thread_\w+"
                                                            r"|g_mutex_\w+|pthread_\w+|g_task_run_in_thread\w*)\b"), set()),
)
# Where a name of the table may stand all the same, with the reason.
EXEMPT = {
    ("a lock or thread outside the worker files", "src/base/cachet-worker.c"),      # the one place that makes threads
    ("a lock or thread outside the worker files", "src/store/cachet-database.c"),   # the store's writer and reader
    ("a lock or thread outside the worker files", "src/base/cachet-main-thread.c"), # asks which thread this is
    ("a nested main loop", "src/ctl/cachet-ctl-main.c"),                            # its only loop
    ("a nested main loop", "src/ctl/main.c"),
}

PROMISE = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
# Spelled in pieces: this file is looked through as well.
MACHINE_PATHS = re.compile("|".join(("/wor" + r"k/", "/tmp/" + r"w/", "/ro" + r"ot/", "/ho" + r"me/[a-z]+/", r"\bregistry\.npm" + "js",
                                     r"\bpypi\." + "org", r"\bdeb\.debi" + "an")))
TRANSLATED_C = re.compile(r"(?<![\w>.])(?:_|N_|C_|NC_|g_dngettext|ngettext)\s*\(")
# a macro in the middle cuts the string for xgettext
CUT_STRING = re.compile(r'(?:\b_|ngettext) \((?:[^()";]|" *")*(?:G_G\w+_FORMAT|PRI\w+)')


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def includes(tree):
    for source in tree.c_files:
        if not source.in_source:
            continue
        for number, line in enumerate(source.code.splitlines(), 1):
            match = re.match(r'\s*#\s*include\s*["<]([^">]+)[">]', line)
            if not match:
                continue
            name = match.group(1)
            if ".." in name.split("/"):
                yield source.name, number, f'a path upwards: "{name}"'
                continue
            layer = tree.layer_of_header.get(name.rsplit("/", 1)[-1])
            if layer and layer != source.layer and layer not in LAYERS.get(source.layer, ()):
                yield source.name, number, f"{source.layer}/ may not see {layer}/ ({name})"


def layers(tree):
    for source in tree.c_files:
        if source.in_source and source.layer not in LAYERS:
            yield source.name, 1, f"no such layer: {source.layer}/"


def names(tree):
    for source in tree.c_files:
        if not source.in_source:
            continue
        for what, pattern, allowed in NAMES:
            if source.layer in allowed or (what, source.name) in EXEMPT:
                continue
            for match in pattern.finditer(source.code):
                yield source.name, line_of(source.code, match.start()), f"{what}: {match.group(0)}"


def log_domains(tree):
    """the order at the head of a .c file: log domain, config.h, own header"""
    headers = set(tree.layer_of_header)
    for source in tree.c_files:
        if not source.in_source or source.path.suffix != ".c":
            continue
        lines = [(number, line.strip()) for number, line in enumerate(source.code.splitlines(), 1) if line.strip()]
        expected = [rf'#define G_LOG_DOMAIN "\s*"', r'#include "config\.h"']
        if source.path.stem + ".h" in headers:
            expected.append(rf'#include "{re.escape(source.path.stem)}(?:-private)?\.h"')
        for (number, line), pattern in zip(lines, expected):
            if not re.fullmatch(pattern, line):
                yield source.name, number, "a .c file begins with G_LOG_DOMAIN, config.h and its own header"
                break


def headers_once(tree):
    for source in tree.c_files:
        if source.path.suffix == ".h" and not re.search(r"^#pragma once$", source.code, re.M):
            yield source.name, 1, "#pragma once is missing"


def file_lengths(tree):
    for source in tree.files:
        if source.is_c or source.path.suffix == ".py":
            count = source.text.count("\n")
            if count > FILE_LINES:
                yield source.name, FILE_LINES, f"{count} lines, more than {FILE_LINES}"


def function_lengths(tree):
    """in GNU style a function's braces stand in column 0"""
    for source in tree.c_files:
        lines = source.code.splitlines()
        begin = None
        for number, line in enumerate(lines, 1):
            if line.rstrip() == "{":
                begin = number
            elif line.startswith("}") and begin is not None:
                head = "\n".join(lines[max(0, begin - 12):begin - 1])
                name = re.findall(r"^(\w+) \(", head, re.M)
                name = name[-1] if name else "?"
                if number - begin - 1 > FUNCTION_LINES and not name.endswith("_class_init"):
                    yield source.name, begin, f"{name}: {number - begin - 1} lines, more than {FUNCTION_LINES}"
                begin = None


def promises(tree):
    for source in tree.files:
        if source.in_source:
            for match in PROMISE.finditer(source.text):
                yield source.name, line_of(source.text, match.start()), f"{match.group(0)} in src/"


def machine_paths(tree):
    for source in tree.files:
        for match in MACHINE_PATHS.finditer(source.text):
            yield source.name, line_of(source.text, match.start()), f"a place of one machine: {match.group(0)}"


def white_space(tree):
    """what .editorconfig says"""
    for source in tree.files:
        data = source.bytes
        message = source.path.suffix in (".eml", ".txt", ".mbox")
        if not data or message:
            continue
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            yield source.name, data.count(b"\n", 0, error.start) + 1, "not UTF-8"
            continue
        if not data.endswith(b"\n") or data.endswith(b"\n\n"):
            yield source.name, data.count(b"\n"), "a file ends with one newline"
        for number, line in enumerate(data.split(b"\n"), 1):
            if line.endswith(b"\r"):
                yield source.name, number, "CRLF"
            elif line != line.rstrip() and source.path.suffix != ".po":
                yield source.name, number, "white space at the end"
            if b"\t" in line and (source.is_c or source.path.suffix in (".py", ".ui", ".xml", ".svg", ".build")):
                yield source.name, number, "a tab"


def translations(tree):
    listing = tree.root / "po/POTFILES.in"
    listed = [line for line in listing.read_text().splitlines() if line and not line.startswith("#")] if listing.exists() else []
    for number, name in enumerate(listed, 1):
        if not (tree.root / name).is_file():
            yield "po/POTFILES.in", number, f"{name} is not there"
    if len(listed) != len(set(listed)):
        yield "po/POTFILES.in", 1, "a name stands twice"
    for source in tree.files:
        if source.in_source and source.is_c:
            for match in CUT_STRING.finditer(source.code):
                yield source.name, line_of(source.code, match.start()), "a macro in a translated string"
        if source.name in listed:
            continue
        if source.in_source and source.is_c and TRANSLATED_C.search(source.code):
            yield source.name, line_of(source.code, TRANSLATED_C.search(source.code).start()), "not in po/POTFILES.in"
        elif source.parts[0] in ("src", "resources", "data") and (
                source.path.suffix == ".ui" and 'translatable="yes"' in source.text
                or source.name.endswith((".desktop.in", ".metainfo.xml.in"))):
            yield source.name, 1, "not in po/POTFILES.in"


def clang_format():
    for name in ("clang-format-14", "clang-format"):
        path = shutil.which(name)
        if path and " 14." in subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout:
            return path
    raise SystemExit("clang-format 14 is not installed (Debian package clang-format-14)")


def formatting(tree):
    program, style = clang_format(), tree.root / ".clang-format"
    paths = [str(source.path) for source in tree.c_files]
    if not paths:
        return
    if not style.exists():
        yield ".clang-format", 1, "is missing"
        return
    running = [subprocess.Popen([program, "--dry-run", "--style=file", *paths[start::2]], stderr=subprocess.PIPE, text=True)
               for start in range(min(2, len(paths)))]
    seen = set()
    for process in running:
        for match in re.finditer(r"^(.+?):(\d+):\d+: warning: code should be clang-formatted", process.communicate()[1], re.M):
            name = match.group(1).removeprefix(f"{tree.root}/")
            if name not in seen:    # one finding a file is enough
                seen.add(name)
                yield name, int(match.group(2)), "not as clang-format has it"


RULES = (layers, includes, names, log_domains, headers_once, file_lengths, function_lengths, promises, machine_paths,
         white_space, translations, formatting)

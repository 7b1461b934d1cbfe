#!/usr/bin/python3
"""Each lint rule catches a cheat planted for it, and a clean tree has no finding. ROOT's .clang-format is used."""
import pathlib
import shutil
import sys
import tempfile

import rules
from tree import Tree

GOOD = {
    "src/wire/cachet-seal.h": "#pragma once\n\n#include <glib.h>\n\nint cachet_seal_size (void);\n",
    "src/wire/cachet-seal.c": '#define G_LOG_DOMAIN "cachet-wire"\n\n#include "config.h"\n\n#include "cachet-seal.h"\n\n'
                              '/* gtk_widget_show () and sqlite3_open () are only words here */\n'
                              'int\ncachet_seal_size (void)\n{\n  return (int)sizeof ("g_mime_init (");\n}\n',
    "src/ui/cachet-pane.h": '#pragma once\n\n#include "cachet-seal-list.h"\n',
    "src/engine/cachet-seal-list.h": "#pragma once\n",
    "po/POTFILES.in": "src/engine/cachet-said.c\n",
    "src/engine/cachet-said.c": '#define G_LOG_DOMAIN "cachet-engine"\n\n#include "config.h"\n\n#include <glib/gi18n.h>\n\n'
                                'const char *cachet_said_word (void);\n\n'
                                'const char *\ncachet_said_word (void)\n{\n  return _("Sealed");\n}\n',
}
HEAD = '#define G_LOG_DOMAIN "cachet-x"\n\n#include "config.h"\n\n'


def function(body, name="cachet_long", head=HEAD):
    return f"{head}static void\n{name} (void)\n{{\n{body}}}\n"


def planted(name, text):
    return {name: text}


# (rule, words of the finding, files to add or replace)
CHEATS = [
    ("layers", "no such layer", planted("src/helpers/cachet-x.h", "#pragma once\n")),
    ("includes", "may not see", planted("src/wire/cachet-x.c", HEAD + '#include "cachet-pane.h"\n')),
    ("includes", "may not see", planted("src/wire/cachet-x.c", HEAD + '#include "../ui/cachet-pane.h"\n'.replace("../", ""))),
    ("includes", "a path upwards", planted("src/ui/cachet-x.c", HEAD + '#include "../engine/cachet-seal-list.h"\n')),
    ("includes", "may not see", planted("src/engine/cachet-seal-list.h", '#pragma once\n\n#include "cachet-pane.h"\n')),
    ("names", "GTK outside", planted("src/engine/cachet-x.c", function("  gtk_widget_show (0);\n"))),
    ("names", "GTK outside", planted("src/engine/cachet-x.c", HEAD + "#include <gtk/gtk.h>\n")),
    ("names", "GTK outside", planted("src/base/cachet-x.c", HEAD + "GdkRGBA *cachet_x;\n")),
    ("names", "libhandy outside", planted("src/engine/cachet-x.c", function("  hdy_init ();\n"))),
    ("names", "WebKit outside", planted("src/ui/cachet-x.c", function("  webkit_web_view_new ();\n"))),
    ("names", "SQLite outside", planted("src/engine/cachet-x.c", function("  sqlite3_open (0, 0);\n"))),
    ("names", "GnuTLS outside", planted("src/mime/cachet-x.c", function("  gnutls_global_init ();\n"))),
    ("names", "GMime outside", planted("src/engine/cachet-x.c", function("  g_mime_init ();\n"))),
    ("names", "libsecret outside", planted("src/ui/cachet-x.c", function("  secret_password_clear_sync (0, 0, 0);\n"))),
    ("names", "I/O in wire", planted("src/wire/cachet-x.c", HEAD + "#include <gio/gio.h>\n")),
    ("names", "I/O in wire", planted("src/wire/cachet-x.c", function("  g_socket_close (0, 0);\n"))),
    ("names", "nested main loop", planted("src/ui/cachet-x.c", function("  gtk_dialog_run (0);\n"))),
    ("names", "nested main loop", planted("src/ui/cachet-x.c", function("  gtk_main_iteration_do (0);\n"))),
    ("names", "nested main loop", planted("src/net/cachet-x.c", function("  g_main_context_iteration (0, 1);\n"))),
    ("names", "lock or thread", planted("src/engine/cachet-x.c", HEAD + "static GMutex cachet_lock;\n")),
    ("names", "lock or thread", planted("src/engine/cachet-x.c", function('  g_thread_new ("x", 0, 0);\n'))),
    ("names", "lock or thread", planted("src/net/cachet-x.c", function("  pthread_create (0, 0, 0, 0);\n"))),
    ("names", "lock or thread", planted("src/engine/cachet-x.c", function("  g_task_run_in_thread (0, 0);\n"))),
    ("log_domains", "begins with", planted("src/wire/cachet-x.c", '#include "config.h"\n')),
    ("log_domains", "begins with", planted("src/wire/cachet-seal.c", HEAD + '#include <glib.h>\n\n#include "cachet-seal.h"\n')),
    ("headers_once", "pragma once", planted("src/wire/cachet-x.h", "#ifndef X_H\n#define X_H\n#endif\n")),
    ("file_lengths", "lines, more than", planted("src/wire/cachet-x.c", HEAD + "int cachet_x;\n" * rules.FILE_LINES)),
    ("function_lengths", "cachet_long: 101 lines",
     planted("src/wire/cachet-x.c", function("  cachet_x ();\n" * (rules.FUNCTION_LINES + 1)))),
    ("promises", "TODO in src/", planted("src/wire/cachet-x.c", HEAD + "/* TO" "DO: later */\n")),
    ("promises", "FIXME in src/", planted("src/ui/x.css", "/* FIX" "ME */\n")),
    ("machine_paths", "one machine", planted("README.md", "see /ro" "ot/notes\n")),
    ("machine_paths", "one machine", planted("tests/x.sh", "cd /wor" "k/main\n")),
    ("white_space", "CRLF", planted("src/wire/x.md", "one\r\n")),
    ("white_space", "one newline", planted("src/wire/x.md", "one")),
    ("white_space", "one newline", planted("src/wire/x.md", "one\n\n")),
    ("white_space", "white space at the end", planted("src/wire/x.md", "one \n")),
    ("white_space", "a tab", planted("src/wire/cachet-x.h", "#pragma once\n\nint\tcachet_x;\n")),
    ("translations", "not in po/POTFILES.in", planted("src/ui/cachet-x.c", function('  cachet_say (_("Word"));\n'))),
    ("translations", "not in po/POTFILES.in", planted("src/ui/cachet-x.c", function('  cachet_say (ngettext ("a", "b", 2));\n'))),
    ("translations", "not in po/POTFILES.in",
     planted("resources/ui/x.ui", '<interface><property translatable="yes">A</property></interface>\n')),
    ("translations", "a macro in a translated string",
     planted("src/engine/cachet-said.c", function('  cachet_say (_ ("Only %" G_GINT64_FORMAT " left"));\n'))),
    ("translations", "a macro in a translated string",
     planted("src/engine/cachet-said.c", function('  cachet_say (ngettext ("one", "%" G_GUINT64_FORMAT " more", n));\n'))),
    ("translations", "is not there", planted("po/POTFILES.in", "src/engine/cachet-gone.c\nsrc/engine/cachet-said.c\n")),
    ("translations", "stands twice", planted("po/POTFILES.in", "src/engine/cachet-said.c\nsrc/engine/cachet-said.c\n")),
    ("formatting", "clang-format", planted("src/wire/cachet-x.c", HEAD + "int   cachet_x ;\n")),
]
# Long functions and words that must not be findings.
ALLOWED = [
    planted("src/wire/cachet-x.c", function("  cachet_x ();\n" * rules.FUNCTION_LINES)),
    planted("src/wire/cachet-x.c", function("  cachet_x ();\n" * (rules.FUNCTION_LINES + 20), "cachet_x_class_init")),
    planted("src/base/cachet-worker.c", HEAD + "static GThreadPool *pool;\n"),
    planted("tests/fixtures/x.eml", "Subject: x \r\n"),
]


def findings(root, files, with_format):
    shutil.rmtree(root)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    tree = Tree(root)
    # clang-format is slow: only where it is asked about
    return [(rule.__name__, what) for rule in rules.RULES if with_format or rule is not rules.formatting
            for _, _, what in rule(tree)]


def main():
    style = (pathlib.Path(sys.argv[1]) / ".clang-format").read_text()
    good = GOOD | {".clang-format": style}
    uncaught = 0
    cases = [(None, None, files) for files in [{}, *ALLOWED]] + CHEATS
    with tempfile.TemporaryDirectory() as work:
        root = pathlib.Path(work) / "tree"
        root.mkdir()
        print(f"1..{len(cases) + 1}")
        for number, (rule, words, files) in enumerate(cases, 1):
            found = findings(root, good | files, rule in (None, "formatting"))
            if rule is None:
                right = not found
            else:       # the planted cheat is found, and nothing else is
                right = bool(found) and all(name == rule and words in what for name, what in found)
            uncaught += not right
            print(f"{'ok' if right else 'not ok'} {number} - {rule or 'clean'}: {words or ' '.join(files)}")
            if not right:
                print(f"# {found}")
    tested = {rule for rule, _, _ in CHEATS}
    right = tested == {rule.__name__ for rule in rules.RULES}
    print(f"{'ok' if right else 'not ok'} {len(cases) + 1} - every rule has a cheat")
    return 1 if uncaught or not right else 0


if __name__ == "__main__":
    sys.exit(main())

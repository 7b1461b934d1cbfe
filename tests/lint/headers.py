#!/usr/bin/python3
"""headers.py ROOT BUILD CC: each header of src/ compiles by itself, seeing only its layer and the layers below it."""
import concurrent.futures
import functools
import os
import shlex
import subprocess
import sys

from tree import LAYERS, Tree

# pkg-config names that the headers of a layer may need
PACKAGES = {
    "base": "gio-unix-2.0",
    "wire": "gobject-2.0",
    "net": "gio-unix-2.0 gnutls",
    "store": "gio-unix-2.0 sqlite3",
    "mime": "gio-unix-2.0 gmime-3.0",
    "smime": "gio-unix-2.0 gmime-3.0 gnutls",
    "engine": "gio-unix-2.0 libsecret-1 json-glib-1.0",
    "ctl": "gio-unix-2.0 json-glib-1.0",
    "ui": "gtk+-3.0 libhandy-1",
    "html": "gtk+-3.0",
    "main": "gio-unix-2.0",
}


@functools.cache
def package_flags(layer):
    return shlex.split(subprocess.run(["pkg-config", "--cflags", *PACKAGES[layer].split()], capture_output=True, text=True,
                                      check=True).stdout)


def check(source, root, build, compiler):
    folders = [root / "src" / layer for layer in (source.layer, *LAYERS[source.layer])]
    command = [*compiler, "-std=gnu11", "-fsyntax-only", "-Wall", "-Werror", f"-I{build}", *[f"-I{folder}" for folder in folders],
               *package_flags(source.layer), "-include", str(source.path), "-x", "c", "/dev/null"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return source.name, done.returncode, done.stderr


def main():
    root, build, compiler = sys.argv[1], sys.argv[2], [word for word in sys.argv[3:] if os.path.basename(word) != "ccache"]
    tree = Tree(root)
    headers = [source for source in tree.files if source.in_source and source.path.suffix == ".h"]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, code, words in pool.map(lambda header: check(header, tree.root, build, compiler), headers):
            if code:
                failed += 1
                print(f"{name} is not self-contained:\n{words}")
    print(f"{len(headers)} headers, {failed} not self-contained")
    return 1 if failed or not headers else 0


if __name__ == "__main__":
    sys.exit(main())

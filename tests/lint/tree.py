"""The source tree as the lint rules see it: files, their layer, and C text without comments and strings."""
import functools
import pathlib
import re

SKIPPED_DIRECTORIES = re.compile(r"^(build.*|\.git|\.cache|__pycache__|demo-data|fixtures|corpus|screenshots)$")
BINARY_SUFFIXES = {".png", ".gif", ".jpg", ".p12", ".pfx", ".der", ".mo", ".pyc", ".gz", ".db"}

# What each layer may include besides its own headers; the arrows point down only (DESIGN.md).
LAYERS = {
    "base": (),
    "wire": ("base",),
    "net": ("wire", "base"),
    "store": ("base",),
    "mime": ("base",),
    "smime": ("mime", "base"),
    "engine": ("net", "wire", "store", "mime", "smime", "base"),
    "ctl": ("engine", "mime", "smime", "base"),
    "ui": ("engine", "smime", "mime", "base"),
    "html": ("base",),
    "main": ("ui", "engine", "base"),
}

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def bare_code(text):
    """comments and the insides of literals blanked, lines kept; #include lines keep their names"""
    def blank(match):
        word = match.group(0)
        if word[0] == "/":
            return re.sub(r"[^\n]", " ", word)
        start = text.rfind("\n", 0, match.start()) + 1
        if text[start:match.start()].lstrip().startswith("#include"):
            return word
        return word[0] + " " * (len(word) - 2) + word[-1]
    return TOKEN.sub(blank, text)


class Source:
    """one file"""

    def __init__(self, root, path):
        self.path = path
        self.name = path.relative_to(root).as_posix()
        self.parts = self.name.split("/")

    @functools.cached_property
    def bytes(self):
        return self.path.read_bytes()

    @functools.cached_property
    def text(self):
        return self.bytes.decode("utf-8", errors="replace")

    @functools.cached_property
    def code(self):
        return bare_code(self.text)

    @property
    def is_c(self):
        return self.path.suffix in (".c", ".h")

    @property
    def in_source(self):
        return self.parts[0] == "src"

    @property
    def layer(self):
        """the layer that a file of src/ belongs to"""
        if not self.in_source:
            return None
        return self.parts[1] if len(self.parts) > 2 else "main"


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root).resolve()
        self.files = sorted(self.walk(self.root), key=lambda source: source.name)

    def walk(self, directory):
        for path in directory.iterdir():
            if path.is_symlink():
                continue
            if path.is_dir():
                if not SKIPPED_DIRECTORIES.match(path.name):
                    yield from self.walk(path)
            elif path.suffix not in BINARY_SUFFIXES:
                yield Source(self.root, path)

    @property
    def c_files(self):
        return [source for source in self.files if source.is_c]

    @functools.cached_property
    def layer_of_header(self):
        return {source.path.name: source.layer for source in self.files if source.in_source and source.path.suffix == ".h"}

#!/usr/bin/python3
"""files.py ROOT resources|translations: templates and icons are XML, in the resources and draw something; each language
has every string."""
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import zlib

ICON_SIZES = (16, 48)


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, **options)


def xml_files(root):
    for folder in ("resources", "data"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".ui", ".svg", ".xml"):
                done = run("xmllint", "--noout", "--nonet", str(path))
                if done.returncode:
                    yield f"{path}: {done.stderr}"


def resources_complete(root):
    """a template or icon that is not in the GResource is missing at run time only"""
    listing = (root / "resources/cachet.gresource.xml").read_text()
    for path in sorted((root / "resources").rglob("*")):
        name = path.relative_to(root / "resources").as_posix()
        if path.suffix in (".ui", ".svg", ".css") and f">{name}</file>" not in listing:
            yield f"{name} is not in cachet.gresource.xml"


def opaque_pixels(png):
    """how many pixels of an 8-bit RGBA file without interlacing have alpha over a half"""
    data, position, packed, width = png, 8, b"", 0
    while position < len(data):
        size, kind = struct.unpack(">I4s", data[position:position + 8])
        chunk = data[position + 8:position + 8 + size]
        if kind == b"IHDR":
            width, _, depth, colour = struct.unpack(">IIBB", chunk[:10])
            assert (depth, colour) == (8, 6), (depth, colour)
        elif kind == b"IDAT":
            packed += chunk
        position += size + 12
    raw, count, above = zlib.decompress(packed), 0, bytearray(width * 4)
    for start in range(0, len(raw), width * 4 + 1):
        kind, line = raw[start], bytearray(raw[start + 1:start + 1 + width * 4])
        for i in range(width * 4):
            a, b, c = (line[i - 4] if i > 3 else 0), above[i], (above[i - 4] if i > 3 else 0)
            estimate = a + b - c
            near = min((abs(estimate - v), order, v) for order, v in enumerate((a, b, c)))[2]
            line[i] = (line[i] + (0, a, b, (a + b) // 2, near)[kind]) & 255
        count += sum(alpha > 127 for alpha in line[3::4])
        above = line
    return count


def icons_draw(root):
    with tempfile.TemporaryDirectory() as work:
        for path in sorted((root / "resources/icons").rglob("*.svg")) + sorted((root / "data/icons").rglob("*.svg")):
            for size in ICON_SIZES:
                out = pathlib.Path(work) / "icon.png"
                done = run("rsvg-convert", "-w", str(size), "-h", str(size), str(path), "-o", str(out))
                if done.returncode:
                    yield f"{path}: {done.stderr}"
                    continue
                share = opaque_pixels(out.read_bytes()) / size**2
                if not 0.08 < share < 0.95:
                    yield f"{path}: {share:.0%} of {size} × {size} pixels are drawn"
            if path.name.endswith("-symbolic.svg"):
                for element in re.findall(r"<(?:path|circle|rect|ellipse|polygon)\b[^>]*>", path.read_text()):
                    # GTK recolours what has the plain fill, or one of the three classes that themes know
                    if 'fill="#2e3436"' not in element and not re.search(r'class="(?:success|warning|error)"', element):
                        yield f"{path}: GTK would not recolour {element}"


def translations_whole(root):
    """each language has every string of a fresh template, none fuzzy, with the right format words"""
    listed = [line for line in (root / "po/POTFILES.in").read_text().split() if not line.startswith("#")]
    with tempfile.TemporaryDirectory() as work:
        template = pathlib.Path(work) / "cachet.pot"
        done = run("xgettext", "--from-code=UTF-8", "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2", "--keyword=NC_:1c,2",
                   "--keyword=g_dngettext:2,3", "--add-comments=Translators", f"--output={template}", *listed, cwd=root)
        if done.returncode:
            yield f"xgettext: {done.stderr}"
            return
        for language in (root / "po/LINGUAS").read_text().split():
            source, merged = root / f"po/{language}.po", pathlib.Path(work) / f"{language}.po"
            for command in (("msgfmt", "--check", "-o", "/dev/null", str(source)),
                            ("msgmerge", "--quiet", "--no-fuzzy-matching", "-o", str(merged), str(source), str(template))):
                done = run(*command)
                if done.returncode:
                    yield f"{language}: {done.stderr}"
                    break
            else:
                for what, option in (("untranslated", "--untranslated"), ("fuzzy", "--only-fuzzy")):
                    left = run("msgattrib", option, "--no-obsolete", "--no-wrap", str(merged)).stdout
                    words = re.findall(r'^msgid "(.+)"$', left, re.M)
                    if words:
                        yield f"{language}: {len(words)} {what}: " + " | ".join(words[:20])


CHECKS = {"resources": (xml_files, resources_complete, icons_draw), "translations": (translations_whole,)}


def main():
    root = pathlib.Path(sys.argv[1])
    found = [problem for check in CHECKS[sys.argv[2]] for problem in check(root)]
    print("\n".join(found) or f"{sys.argv[2]}: nothing wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

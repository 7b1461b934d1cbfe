"""Messages as bytes: headers and bodies in the charset that is asked for, attachments, and small real files to attach."""
import base64
import io
import quopri
import struct
import textwrap
import zipfile
import zlib
from email.header import Header
from email.utils import formatdate

CRLF = "\r\n"


def header_words(text, charset):
    """RFC 2047 where it is needed"""
    if text.isascii():
        return text
    return Header(text, charset, maxlinelen=70).encode(linesep=CRLF)


def address(person, charset="utf-8"):
    name, mail = person
    if not name:
        return mail
    if name.isascii():
        return f'"{name}" <{mail}>' if any(c in name for c in ',.;:@"') else f"{name} <{mail}>"
    return f"{header_words(name, charset)} <{mail}>"


def address_list(people, charset):
    return f",{CRLF} ".join(address(person, charset) for person in people)


def encode_text(text, charset, encoding):
    """(transfer encoding, body); lines end with CRLF"""
    raw = text.replace("\n", CRLF).encode(charset)
    if encoding is None:
        encoding = "7bit" if raw.isascii() or charset == "iso-2022-jp" else "quoted-printable"
    if encoding == "base64":
        raw = base64.encodebytes(raw).replace(b"\n", b"\r\n")
    elif encoding == "quoted-printable":
        raw = quopri.encodestring(raw.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return encoding, raw


def part(kind, body, encoding, *lines):
    head = [f"Content-Type: {kind}", f"Content-Transfer-Encoding: {encoding}", *lines]
    return (CRLF.join(head) + CRLF + CRLF).encode() + body


def text_part(text, charset="utf-8", subtype="plain", encoding=None, flowed=False):
    encoding, body = encode_text(text, charset, encoding)
    return part(f"text/{subtype}; charset={charset}" + ("; format=flowed" if flowed else ""), body, encoding)


def parameter(name, value):
    """RFC 2231 where the value is not ASCII"""
    if value.isascii():
        return f'{name}="{value}"'
    return f"{name}*=utf-8''" + "".join(chr(b) if 48 <= b < 58 or 65 <= b < 91 or 97 <= b < 123 or b in b".-_" else f"%{b:02X}"
                                        for b in value.encode())


def file_part(name, kind, data):
    body = base64.encodebytes(data).replace(b"\n", b"\r\n")
    return part(f"{kind};{CRLF} {parameter('name', name)}", body, "base64",
                f"Content-Disposition: attachment;{CRLF} {parameter('filename', name)}")


def inline_part(name, kind, data, identity):
    body = base64.encodebytes(data).replace(b"\n", b"\r\n")
    return part(f"{kind}; {parameter('name', name)}", body, "base64", f"Content-ID: <{identity}>",
                f"Content-Disposition: inline; {parameter('filename', name)}")


def message_part(data):
    return part("message/rfc822", data, "8bit", "Content-Disposition: inline")


def multipart(subtype, parts, boundary, *more):
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"' + "".join(f"; {word}" for word in more)
    mark = f"--{boundary}\r\n".encode()
    return (head + CRLF + CRLF).encode() + b"".join(mark + one + b"\r\n" for one in parts) + f"--{boundary}--\r\n".encode()


def entity(text, charset="utf-8", html=None, files=(), flowed=False, encoding=None, boundary="=_part"):
    """what stands below the headers of the message, with its own Content- headers"""
    inner = text_part(text, charset, encoding=encoding, flowed=flowed) if text is not None else None
    if html is not None:
        page = text_part(html, charset, "html", encoding)
        inner = page if inner is None else multipart("alternative", [inner, page], boundary + "_alt")
    if files:
        inner = multipart("mixed", [inner, *files], boundary + "_mix")
    return inner


def headers(sender, to, subject, stamp, identity, charset="utf-8", cc=(), references=(), extra=()):
    lines = [f"Date: {formatdate(stamp, localtime=False)}", f"From: {address(sender, charset)}"]
    if to:
        lines.append(f"To: {address_list(to, charset)}")
    if cc:
        lines.append(f"Cc: {address_list(cc, charset)}")
    lines += [f"Subject: {header_words(subject, charset)}", f"Message-ID: <{identity}>"]
    if references:
        lines += [f"In-Reply-To: <{references[-1]}>", "References: " + f"{CRLF} ".join(f"<{one}>" for one in references)]
    return (CRLF.join([*lines, *extra, "MIME-Version: 1.0"]) + CRLF).encode()


def quote(text, intro):
    return intro + "\n" + "\n".join(("> " + line).rstrip() for line in text.strip().split("\n")) + "\n\n"


def filled(text):
    """paragraphs at 72 columns; short lines, and lines that begin with a space or a list mark, stay as they are"""
    out = []
    for block in text.strip().split("\n\n"):
        keep = all(len(line) < 50 for line in block.split("\n")) or any(
            line[:1] in (" ", "-", "|", "$", ">") or line[:2].rstrip(".").isdigit() for line in block.split("\n"))
        out.append(block if keep else textwrap.fill(" ".join(block.split()), 72, break_on_hyphens=False))
    return "\n\n".join(out) + "\n"


# --- small real files ---

def gif(width, height, palette, frames, delay=12):
    """an animated GIF89a; frames are sequences of palette indexes (palette of 16 colours)"""
    def blocks(pixels):
        # codes of 5 bits; a clear code before the table would need 6
        bits = count = 0
        out = bytearray()
        codes = []
        for start in range(0, len(pixels), 14):
            codes += [16, *pixels[start:start + 14]]
        for code in [*codes, 17]:
            bits |= code << count
            count += 5
            while count >= 8:
                out.append(bits & 255)
                bits >>= 8
                count -= 8
        if count:
            out.append(bits)
        return b"".join(bytes([len(out[i:i + 255])]) + bytes(out[i:i + 255]) for i in range(0, len(out), 255)) + b"\0"
    table = b"".join(bytes(colour) for colour in palette).ljust(48, b"\0")
    data = b"GIF89a" + struct.pack("<HHBBB", width, height, 0xB3, 0, 0) + table + b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    for pixels in frames:
        data += b"\x21\xf9\x04\x04" + struct.pack("<HBB", delay, 0, 0) + b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0)
        data += b"\x04" + blocks(list(pixels))
    return data + b"\x3b"


def png(width, height, pixel):
    """an RGB PNG; pixel (x, y) gives three bytes"""
    raw = b"".join(b"\0" + b"".join(bytes(pixel(x, y)) for x in range(width)) for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b""))


def pdf(lines):
    """one page of text"""
    def safe(line):
        return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    shown = "".join(f"({safe(line)}) Tj T*\n" for line in lines)
    stream = f"BT /F1 12 Tf 16 TL 60 760 Td\n{shown}ET".encode("cp1252", "replace")
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
               b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"xref\n0 6\n0000000000 65535 f \n%strailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (table, len(data))


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 9, 1, 12, 0, 0)), data)
    return out.getvalue()

"""From bytes to text, as browsers do it, so that a page's text is what its readers saw.

The order: a byte order mark, the header, a declaration in the first kilobyte, and if nobody says
anything, a guess: UTF-8 if it is that, else windows-1251 where the bytes look like Cyrillic words
(old Kazakh and Russian sites), else windows-1252. What cannot be decoded becomes U+FFFD, never an
error, and so does NUL, which databases refuse.
"""

import codecs
import re
from dataclasses import dataclass

# Names of the Encoding standard that Python knows differently or not at all.
_RENAMED = {
    "latin1": "windows-1252",
    "latin-1": "windows-1252",
    "l1": "windows-1252",
    "iso-8859-1": "windows-1252",
    "iso8859-1": "windows-1252",
    "iso_8859-1": "windows-1252",
    "ascii": "windows-1252",
    "us-ascii": "windows-1252",
    "x-cp1251": "windows-1251",
    "x-cp1252": "windows-1252",
    "win-1251": "windows-1251",
    "win1251": "windows-1251",
    "unicode-1-1-utf-8": "utf-8",
    "x-mac-cyrillic": "mac-cyrillic",
    "utf-16": "utf-16-le",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
}
# What Python may be asked for. Its registry also holds codecs that are no charsets of pages
# (zip, rot13, idna, unicode_escape, utf-7) and must not be chosen by a stranger.
# fmt: off
_NAMED = (
    "utf-8", "utf-16-le", "utf-16-be", "koi8-r", "koi8-u", "ibm866", "mac-cyrillic",
    "kz1048", "ptcp154", "gb18030", "big5", "big5hkscs", "euc_jp", "cp932", "iso2022_jp",
    "cp949", "cp874",
)
# fmt: on
_NUMBERED = (
    *(f"cp{number}" for number in range(1250, 1259)),
    *(f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)),
)
_CODECS = frozenset(codecs.lookup(name).name for name in (*_NAMED, *_NUMBERED))
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_DECLARED = re.compile(
    rb"<meta\b[^>]{0,500}?\bcharset\s*=\s*[\"']?\s*([\w.:-]+)|"
    rb"^\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]+)",
    re.IGNORECASE,
)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_DECLARED_WITHIN = 1024
# Three Cyrillic letters in a row; in Western texts an accented letter stands between plain ones.
_CYRILLIC_RUN = re.compile(rb"[\xc0-\xff\xa8\xb8]{3,}")
_HIGH = bytes(range(0x80, 0x100))
_GUESSED_FROM = 256 * 1024


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and the name of the charset that it was read with."""

    text: str
    charset: str


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Read a page's bytes. Never fails; see the module for the order of belief."""
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], charset)
    if body[:2] in {b"<\0", b"\0<"}:  # UTF-16 whatever the header says: no page begins "<NUL"
        return _decoded(body, "utf-16-le" if body[0] else "utf-16-be")
    charset = _of_header(content_type) or _of_declaration(body) or _guess(body)
    return _decoded(body, charset)


def _decoded(body: bytes, charset: str) -> Decoded:
    return Decoded(body.decode(charset, errors="replace").replace("\0", "\ufffd"), charset)


def _known(label: str) -> str | None:
    """The codec's name for a label, None for a label that is no charset of pages."""
    label = label.strip().lower()
    try:
        name = codecs.lookup(_RENAMED.get(label, label)).name
    except (LookupError, ValueError):
        return None
    return name if name in _CODECS else None


def _of_header(content_type: str) -> str | None:
    found = _HEADER.search(content_type)
    return _known(found[1]) if found else None


def _of_declaration(body: bytes) -> str | None:
    found = _DECLARED.search(_COMMENT.sub(b"", body[:_DECLARED_WITHIN]))
    if not found:
        return None
    charset = _known((found[1] or found[2]).decode("ascii", errors="replace"))
    # It was readable as ASCII, so it cannot be UTF-16, whatever it says (the HTML standard too).
    return "utf-8" if charset and charset.startswith("utf-16") else charset


def _guess(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        sample = body[:_GUESSED_FROM]
        high = len(sample) - len(sample.translate(None, _HIGH))
        faults = sample.decode("utf-8", errors="replace").count("\ufffd")
        if faults * 20 < high:  # a stray byte in a page that is UTF-8 otherwise
            return "utf-8"
        cyrillic = sum(len(run) for run in _CYRILLIC_RUN.findall(sample))
        return "cp1251" if cyrillic * 2 > high else "cp1252"
    return "utf-8"

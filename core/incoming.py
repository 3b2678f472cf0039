"""What a reader's browser sends, parsed once and strictly; from here on its types are trusted.

Strict where a wrong value would hurt (types, lengths, NUL, lone surrogates), tolerant where the
sender may only be newer than we are: fields that we do not know are ignored.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from ada_url import URL

from core.errors import FieldError, Invalid, Unreadable
from core.workflow import KINDS

EXACT, CONTEXT, SUGGESTION, COMMENT, TITLE, ADDRESS = 1_000, 64, 1_000, 2_000, 500, 2_048
EMAIL, METADATA, LANGUAGE, SITE_KEY = 254, 500, 64, 64
METADATA_NAMES = ("author", "section", "published", "modified", "cms_id")
FARTHEST = 2**53  # the largest whole number that a browser counts exactly
DEEPEST = 16  # levels of nesting; a report has three

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TAG = re.compile(r"[A-Za-z]{1,8}(?:[-_][A-Za-z0-9]{1,8})*")
_EMAIL = re.compile(r"[^\s@<>\",;:]+@[^\s@<>\",;:]+")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# Strings are swallowed whole and at once (possessive), so that hostile quotes cost one pass.
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


@dataclass(frozen=True)
class NewReport:
    """One reader's report as it came in, every field checked.

    `id` is a UUID in canonical lower case. Texts are as sent; an empty suggestion says that the
    words should go. `canonical_url` is None unless it is a web address. Positions count UTF-16
    units. `fingerprint` is the SHA-256 (hex) of the whole body as canonical JSON: two bodies that
    parse to the same have the same, whatever their spelling.
    """

    id: str
    site: str
    url: str
    canonical_url: str | None
    title: str | None
    language: str | None
    exact: str
    prefix: str
    suffix: str
    position_start: int | None
    position_end: int | None
    kind: str | None
    suggestion: str | None
    comment: str | None
    email: str | None
    metadata: dict[str, str] | None
    fingerprint: str


def read_report(body: bytes) -> NewReport:
    """Parse the body of a report.

    Raises Unreadable if it is no JSON (see read_json), Invalid naming every field that is wrong.
    """
    parsed = read_json(body)
    if not isinstance(parsed, dict):
        raise Invalid(FieldError("", "must be a JSON object"))
    form = _Form()
    quote = _quote(form, parsed.get("quote"))
    position = _position(form, parsed.get("position"))
    report = NewReport(
        id=_uuid(form, parsed.get("id")),
        site=form.text("site", parsed.get("site"), 1, SITE_KEY),
        url=_address(form, parsed.get("url")),
        canonical_url=_canonical(form, parsed.get("canonical_url")),
        title=form.optional("title", parsed.get("title"), TITLE),
        language=_language(form, parsed.get("language")),
        exact=quote[0],
        prefix=quote[1],
        suffix=quote[2],
        position_start=position[0],
        position_end=position[1],
        kind=_kind(form, parsed.get("kind")),
        suggestion=form.optional("suggestion", parsed.get("suggestion"), SUGGESTION, keep=True),
        comment=form.optional("comment", parsed.get("comment"), COMMENT),
        email=_email(form, parsed.get("email")),
        metadata=_metadata(form, parsed.get("metadata")),
        fingerprint=fingerprint(parsed),
    )
    form.check()
    return report


def read_json(body: bytes) -> Any:
    """Parse JSON the way two programs can agree on (I-JSON, RFC 7493).

    Raises Unreadable for what is not UTF-8 or begins with a byte order mark, for NaN and infinite
    or endless numbers, for a name that stands twice in one object, and for more than DEEPEST
    levels: another parser would read each of these in another way, or not at all.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise Unreadable("The body is not UTF-8.") from fault
    _check_depth(text)
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_float=_number, parse_constant=_no_number
        )
    except json.JSONDecodeError as fault:
        raise Unreadable(f"The body is not JSON: {fault.msg} at character {fault.pos}.") from fault
    except ValueError as fault:  # a whole number of thousands of digits
        raise Unreadable("A number in the body is too long.") from fault


def fingerprint(parsed: Any) -> str:
    """SHA-256 (hex) of parsed JSON: equal for equal values, whatever their spelling or order."""
    canonical = json.dumps(_plain(parsed), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


class _Form:
    """Collects what is wrong, so that one answer names it all."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def wrong(self, field: str, message: str) -> None:
        self.errors.append(FieldError(field, message))

    def check(self) -> None:
        if self.errors:
            raise Invalid(*self.errors)

    def text(self, field: str, value: object, least: int, most: int) -> str:
        """A string of `least` to `most` characters that a database can keep."""
        if not isinstance(value, str):
            self.wrong(field, "must be a string")
        elif not least <= len(value) <= most:
            self.wrong(field, f"must have {least} to {most} characters")
        elif _UNSTORABLE.search(value):
            self.wrong(field, "must not contain NUL or half of a surrogate pair")
        else:
            return value
        return ""

    def optional(self, field: str, value: object, most: int, *, keep: bool = False) -> str | None:
        """The same or null. An empty string counts as null unless it is to be kept."""
        if value is None:
            return None
        text = self.text(field, value, 0, most)
        return text if text or keep else None

    def object(self, field: str, value: object) -> dict[str, Any] | None:
        if isinstance(value, dict):
            return value
        self.wrong(field, "must be an object")
        return None


def _uuid(form: _Form, value: object) -> str:
    if isinstance(value, str) and _UUID.fullmatch(value):
        return value.lower()
    form.wrong("id", "must be a UUID like 0b0e7a52-7c1d-4c5e-9a55-3f6a1f0c2d11")
    return ""


def _address(form: _Form, value: object) -> str:
    faults = len(form.errors)
    url = form.text("url", value, 1, ADDRESS)
    if len(form.errors) == faults and not is_web_address(url):
        form.wrong("url", "must be an http or https address")
    return url


def _canonical(form: _Form, value: object) -> str | None:
    """A page's canonical link is a hint: one that is no web address is ignored, not refused."""
    url = form.optional("canonical_url", value, ADDRESS)
    return url if url is not None and is_web_address(url) else None


def is_web_address(url: str) -> bool:
    """Whether a string is an absolute http(s) address, free of control characters and padding."""
    if _CONTROL.search(url) or url != url.strip():
        return False
    try:
        parsed = URL(url)
    except ValueError:
        return False
    return parsed.protocol in {"http:", "https:"} and bool(parsed.hostname)


def _language(form: _Form, value: object) -> str | None:
    """What the page says of its language; a strange word there is not the reader's fault."""
    tag = form.optional("language", value, LANGUAGE)
    return tag if tag is not None and _TAG.fullmatch(tag) else None


def _quote(form: _Form, value: object) -> tuple[str, str, str]:
    quote = form.object("quote", value)
    if quote is None:
        return "", "", ""
    return (
        form.text("quote.exact", quote.get("exact"), 1, EXACT),
        form.text("quote.prefix", quote.get("prefix", ""), 0, CONTEXT),
        form.text("quote.suffix", quote.get("suffix", ""), 0, CONTEXT),
    )


def _position(form: _Form, value: object) -> tuple[int | None, int | None]:
    if value is None or (position := form.object("position", value)) is None:
        return None, None
    start = _offset(form, "position.start", position.get("start"))
    end = _offset(form, "position.end", position.get("end"))
    if start is not None and end is not None and end < start:
        form.wrong("position.end", "must not lie before position.start")
    return start, end


def _offset(form: _Form, field: str, value: object) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        form.wrong(field, "must be a whole number")
    elif not 0 <= value <= FARTHEST:
        form.wrong(field, f"must be from 0 to {FARTHEST}")
    else:
        return value
    return None


def _kind(form: _Form, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or value not in KINDS:
        form.wrong("kind", f"must be null or one of {', '.join(KINDS)}")
        return None
    return value


def _email(form: _Form, value: object) -> str | None:
    """Checked leniently: only a letter that arrives proves an address."""
    email = form.optional("email", value.strip() if isinstance(value, str) else value, EMAIL)
    if email is not None and not _EMAIL.fullmatch(email):
        form.wrong("email", "must look like name@example.kz")
    return email


def _metadata(form: _Form, value: object) -> dict[str, str] | None:
    """What the page says of itself: the names that we know, each with a short text."""
    if value is None or (given := form.object("metadata", value)) is None:
        return None
    known = {
        name: form.optional(f"metadata.{name}", given.get(name), METADATA)
        for name in METADATA_NAMES
    }
    return {name: text for name, text in known.items() if text is not None} or None


def _check_depth(text: str) -> None:
    depth = 0
    for mark in _BRACKETS.findall(text):
        if mark in "[{":
            depth += 1
            if depth > DEEPEST:
                raise Unreadable(f"The body is nested more than {DEEPEST} levels deep.")
        elif mark in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Unreadable("A name stands twice in one object of the body.")
    return members


def _number(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Unreadable("A number in the body is too large.")
    return value


def _no_number(name: str) -> NoReturn:
    raise Unreadable(f"{name} is not JSON.")


def _plain(value: Any) -> Any:
    """The same with whole floats as integers: JSON knows one kind of number."""
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    if isinstance(value, float) and value.is_integer() and abs(value) <= FARTHEST:
        return int(value)
    return value

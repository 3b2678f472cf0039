"""The values of sites and channels as they are kept; ValueError says what is wrong with one."""

import re
from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ada_url import URL

from core.errors import FieldError
from core.i18n import LANGUAGES

_NAME_LENGTH = 200
_URL_LENGTH = 2_048
_PRIVACY_LENGTH = 2_000
_MOST_DAYS = 3_650
_CMS_ID = "{cms_id}"
_EMAIL = re.compile(r"[^\s@<>\"',;:\\()\[\]]+@[^\s@<>\"',;:\\()\[\]]+\.[^\s@.<>\"',;:\\()\[\]]+")


def checked(faults: list[FieldError], field: str, read: Callable[[str], str], text: str) -> str:
    """The value as it is kept; a fault is noted, so that all are told at once."""
    try:
        return read(text)
    except ValueError as fault:
        faults.append(FieldError(field, str(fault)))
        return text


def name(text: str) -> str:
    """A name in one line."""
    text = " ".join(text.split())
    if not 1 <= len(text) <= _NAME_LENGTH or not text.isprintable():
        raise ValueError(f"must have 1 to {_NAME_LENGTH} printable characters")
    return text


def _address(text: str) -> URL:
    message = f"must be an http or https address, not {text[:80]!r}"
    if len(text) > _URL_LENGTH or any(char.isspace() for char in text.strip()):
        raise ValueError(message)
    try:
        address = URL(text.strip())
    except ValueError as fault:
        raise ValueError(message) from fault
    if address.protocol not in {"http:", "https:"} or not address.hostname:
        raise ValueError(message)
    if address.username or address.password:
        raise ValueError("must have no user name or password")
    return address


def paragraphs(text: str) -> str:
    """Text of several paragraphs, its white space put in order."""
    lines = [" ".join(line.split()) for line in text.replace("\r\n", "\n").strip().split("\n")]
    text = re.sub("\n{3,}", "\n\n", "\n".join(lines))
    if len(text) > _PRIVACY_LENGTH or not text.replace("\n", "").isprintable():
        raise ValueError(f"must have at most {_PRIVACY_LENGTH} printable characters")
    return text


def days(faults: list[FieldError], field: str, text: str, least: int) -> int | None:
    """A number of days; None for none."""
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and least <= int(text[:9]) <= _MOST_DAYS):
        faults.append(FieldError(field, f"must be {least} to {_MOST_DAYS} days, or empty"))
        return None
    return int(text)


def edit_link(text: str) -> str:
    """The template of an edit page's address."""
    text = text.strip()
    address = _address(text.replace(_CMS_ID, "0"))
    if _CMS_ID not in text or "{" in text.replace(_CMS_ID, ""):
        raise ValueError(f"must have {_CMS_ID} in it, and no other brackets")
    if "." not in address.hostname or not re.match(r"https?://[^/{?#]+[/?]", text, re.IGNORECASE):
        raise ValueError("must name a host, and the number in the part after it")
    return text


def home(text: str) -> str:
    """A site's own address."""
    address = _address(text)
    address.hash = ""
    return str(address.href)


def origin(text: str) -> str:
    """Scheme, host and port."""
    address = _address(text)
    if address.pathname != "/" or address.search or address.hash:
        raise ValueError(f"must be scheme, host and port only, not {text[:80]!r}")
    return str(address.origin)


def language(text: str) -> str:
    """A language that Tuzet speaks."""
    if text not in LANGUAGES:
        raise ValueError(f"must be one of {', '.join(LANGUAGES)}")
    return text


def timezone(text: str) -> str:
    """A zone of the IANA database."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise ValueError("must be a time zone like Asia/Almaty") from fault
    return text


def mailbox(text: str) -> str:
    """An address of e-mail. Its domain is kept in small letters, its first part as it is typed."""
    text = text.strip()
    if len(text) > 254 or not text.isprintable() or not _EMAIL.fullmatch(text):
        raise ValueError("must be an address like desk@example.kz")
    name, _, domain = text.rpartition("@")
    return f"{name}@{domain.lower()}"


def endpoint(text: str) -> str:
    """An address that programs call."""
    address = _address(text)
    if address.hash:
        raise ValueError("must have no fragment")
    return str(address.href)

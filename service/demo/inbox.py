"""The mails in the folder that takes the place of a mail server."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from core.errors import NotFound

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")
_MOST = 60


@dataclass(frozen=True)
class Mail:
    """One mail as its recipient would see it; `headers` as they stand in it, decoded."""

    key: str
    recipient: str
    subject: str
    at: datetime
    plain: str
    html: str
    headers: tuple[tuple[str, str], ...]


class Inbox:
    """Reads the folder; a mail never changes, so each file is parsed once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, Mail] = {}

    def mails(self, recipient: str) -> list[Mail]:
        """The newest mails to one person, newest first."""
        found = [self._mail(path) for path in self._folder.glob("*.eml")]
        theirs = [mail for mail in found if mail.recipient == recipient]
        return sorted(theirs, key=lambda mail: mail.at, reverse=True)[:_MOST]

    def one(self, key: str) -> Mail:
        """One mail. Raises NotFound."""
        path = self._folder / f"{key}.eml"
        if not _KEY.fullmatch(key) or not path.is_file():
            raise NotFound("There is no such mail.")
        return self._mail(path)

    def _mail(self, path: Path) -> Mail:
        known = self._known.get(path.name)
        if known is None:
            known = self._known[path.name] = _read(path)
        return known


def _read(path: Path) -> Mail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return Mail(
        key=path.stem,
        recipient=str(message["To"]),
        subject=str(message["Subject"]),
        at=parsedate_to_datetime(str(message["Date"])).astimezone(UTC),
        plain=_part(message, "plain"),
        html=_part(message, "html"),
        headers=tuple((name, str(value)) for name, value in message.items()),
    )


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if body is not None else ""

"""What every way out has in common: what it is given, and how it may fail.

A channel kind is one file beside this one with one function, `send(outgoing, settings, clock)`.
It returns when the other side has taken the message, and raises one of the two failures if not.
It holds no database session, and is done within SEND_LIMIT whatever the other side does.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from core.errors import TuzetError

CONNECT_LIMIT = timedelta(seconds=10)
SEND_LIMIT = timedelta(seconds=20)


class Failure(TuzetError):
    """A message was not taken. `reason` is short, and free of secrets and of readers' words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PermanentFailure(Failure):
    """Trying again would not help."""


class PassingFailure(Failure):
    """Trying again later may help; the other side may have said when."""

    def __init__(self, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


@dataclass(frozen=True)
class OutgoingMail:
    """One mail to one person.

    `key` makes the Message-ID and is the same on every try. `thread_key` is the same for all mails
    about one article. `list_key` (letters, digits, hyphens) and `list_name` say which publication
    the mail is about. `stop_url`, where there is one, ends such mails with one click of the mail
    program (RFC 8058).
    """

    key: str
    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    thread_key: str
    list_key: str
    list_name: str
    language: str
    stop_url: str | None = None


@dataclass(frozen=True)
class OutgoingHook:
    """One call of one webhook. `key` is its webhook-id, the same on every try."""

    key: str
    url: str
    secret: str = field(repr=False)
    event_type: str
    body: bytes = field(repr=False)


Outgoing = OutgoingMail | OutgoingHook

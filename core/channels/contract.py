"""What every way out has in common: what it is given, and how it may fail.

A channel kind is one file beside this one with one function, `send(outgoing, settings, clock)`.
It returns when the other side has taken the message, with the platform's number of it if it can be
changed later, and raises one of the two failures if not. It holds no database session, and is done
within SEND_LIMIT whatever the other side does.
"""

from collections.abc import Callable, Mapping
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
class Taken:
    """The other side has the message. `reference` is its number of it, if it can be changed later;
    `moved_to` is the channel's new target, if it has moved."""

    reference: str | None = None
    moved_to: str | None = None


@dataclass(frozen=True)
class OutgoingMail:
    """One mail to one person.

    `key` makes the Message-ID and is the same on every try. `thread_key` is the same for all mails
    about one article. `list_key` (letters, digits, hyphens) and `list_name` say which publication
    the mail is about. `stop_url`, where there is one, ends such mails with one click of the mail
    program (RFC 8058). `anew`, where there is one, writes the mail again as things stand now: it is
    asked when the server is ready to take it, for a server that hangs may do so for a while, and a
    reader may erase their words meanwhile.
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
    anew: Callable[[], "OutgoingMail"] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class OutgoingHook:
    """One call of one webhook. `key` is its webhook-id, the same on every try.

    `former_secret`, during a rotation, signs beside the new one.
    """

    key: str
    url: str
    secret: str = field(repr=False)
    event_type: str
    body: bytes = field(repr=False)
    former_secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Button:
    """Something to do. `value` (at most 64 bytes of ASCII) comes back when it is pressed."""

    label: str
    value: str = field(repr=False)


@dataclass(frozen=True)
class Choice:
    """Something to do that needs a reason: a menu where the platform has menus."""

    label: str
    value: str = field(repr=False)
    options: tuple[Button, ...]


@dataclass(frozen=True)
class Way:
    """A link, to the desk or to the page."""

    label: str
    url: str


@dataclass(frozen=True)
class Card:
    """One case, in parts that each platform lays out in its own way.

    `wrong` and `right` are the pair, empty where there is none; `exact` is empty where the reader
    has erased what they had sent, and `before` then says so. `buttons` are for platforms that
    prove who presses.
    """

    title: str
    url: str | None
    byline: str
    before: str
    exact: str
    after: str
    wrong: str
    right: str
    state: str
    comments: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    choice: Choice | None = None
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True)
class OutgoingChat:
    """One message to one chat. `edits` names the message that it takes the place of.

    `subject` is the one line of notifications; `lead` says why it comes. `target` and `secret` are
    the kind's own affair. `options` are those of the channel.
    """

    key: str
    kind: str
    target: str
    secret: str = field(repr=False)
    subject: str
    lead: str
    cards: tuple[Card, ...] = ()
    edits: str | None = None
    options: Mapping[str, object] = field(default_factory=dict)


Outgoing = OutgoingMail | OutgoingHook | OutgoingChat

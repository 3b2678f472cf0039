"""What every newsroom's system has in common: what it is asked, what it answers, how it may fail.

An adapter is one file beside this one: it finds the document behind a page as it stands in the
editor's field, and writes fields of it back. It decides nothing; core.cms.changing does.
It holds no database session, and speaks to the network through `Caller` alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from core.errors import TuzetError
from core.net import Answer, Call, NetError
from core.text.urls import normalise

Caller = Callable[[Call], Answer]
Clock = Callable[[], datetime]
LARGEST_ANSWER = 8 * 1024 * 1024
_NOT_LET_IN = (401, 403)


class CmsError(TuzetError):
    """The system could not be asked, or its answer not be used. Nothing is known of its state."""


class ChangedMeanwhileError(Exception):
    """The document is not what it was when it was read; nothing was written."""


class OtherPageError(Exception):
    """What was found by the page's number or the last part of its address is another page."""


@dataclass(frozen=True)
class Connection:
    """How a site's system is reached. `user` and `secret` mean what the kind makes of them."""

    kind: str
    url: str
    user: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Sought:
    """Which document is meant: its address, and the number that the system gave it if known.

    The number comes from readers' browsers and is only a hint. `aliases` are the other addresses
    that lead to the page, normalised (core.text.urls); `hosts` those of the whole site.
    """

    link: str
    cms_id: str | None = None
    aliases: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Document:
    """One document as the system keeps it.

    `id` is what the adapter finds it by again. `fields` are the sources that may be corrected, the
    main one first. `revision` is for people. `edit_url` is where an editor opens it. `is_source`:
    the fields are what editors know as the source; else their tags are the adapter's own, a `p`
    for each paragraph, and are shown to nobody.
    """

    id: str
    revision: str
    fields: Mapping[str, str]
    link: str
    edit_url: str | None
    version: str = ""  # what the system itself wants to hear with a write
    is_source: bool = True

    @property
    def state(self) -> str:
        """A digest of all fields: the same state is the same text."""
        plain = json.dumps(dict(self.fields), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


class Adapter(Protocol):
    """One kind of system."""

    name: str  # as people know it
    shortcodes: bool  # whether words in square brackets may be WordPress's

    def find(self, sought: Sought) -> Document | None:
        """The document behind a page (see `meant`), None if there is none.

        Raises CmsError, OtherPageError.
        """

    def read(self, document_id: str) -> Document | None:
        """A document that was found before, as it is now. Raises CmsError."""

    def write(self, document: Document, fields: Mapping[str, str]) -> Document:
        """Write some fields, if the document is still what was read; returns what stands then.

        Raises ChangedMeanwhileError, CmsError.
        """


def meant(found: Iterable[Document], sought: Sought) -> Document | None:
    """The document whose own public address is the page's, of those that were found.

    A number or a slug alone says nothing: whoever reports may have named another document's. An
    address that the page was reported by counts before its other ones. Where a system does not
    say its documents' addresses, what it found is believed.
    Raises OtherPageError where only documents of other pages were found.
    """
    others = []
    for document in found:
        if not document.link or _leads_to(document.link, {_key(sought.link)}, sought.hosts):
            return document
        others.append(document)
    for document in others:
        if _leads_to(document.link, sought.aliases, sought.hosts):
            return document
    if others:
        raise OtherPageError
    return None


def _leads_to(link: str, addresses: Iterable[str], hosts: frozenset[str]) -> bool:
    """Whether a document's address is one of these.

    Its host may be one that the site does not name: of a system behind the site.
    """
    key = _key(link)
    host, _, path = key.partition("/")
    if host in hosts:
        return key in addresses
    return bool(key) and path in {address.partition("/")[2] for address in addresses if address}


def _key(link: str) -> str:
    try:
        return normalise(link)
    except ValueError:
        return ""


def asked(caller: Caller, wanted: Call, name: str) -> Answer:
    """Send a call. Raises CmsError where no answer came, or the system does not let us in."""
    try:
        answer = caller(wanted)
    except NetError as fault:
        raise CmsError(f"{name} could not be reached: {fault}") from fault
    if answer.status in _NOT_LET_IN:
        raise not_let_in(name, answer.status)
    if answer.truncated:
        raise CmsError(f"{name} answered with more than can be read.")
    return answer


def not_let_in(name: str, status: int) -> CmsError:
    """The system knows us not, or lets us do too little."""
    return CmsError(
        f"{name} does not let us in ({status}). Look at the user's name, password and role, and "
        "add the connection again."
    )


def json_of(answer: Answer, name: str) -> Any:
    """The JSON of a good answer. Raises CmsError for anything else."""
    if not answer.ok:
        raise CmsError(f"{name} answered {answer.status}.")
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as fault:
        raise CmsError(f"{name} answered something that is no JSON.") from fault

"""Lists on their way out: everything that a filter shows, page by page."""

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from core import queries
from core.db import Database
from core.models import AdministrativeAct, Delivery
from core.queries import CaseFilter
from core.queries.paging import Listing
from core.representations import case_json, delivery_json, moment

Item = dict[str, Any]

COLUMNS = (
    "id",
    "site",
    "status",
    "resolution",
    "kind",
    "quote",
    "suggestion",
    "page_url",
    "page_title",
    "author",
    "section",
    "language",
    "readers",
    "priority",
    "assignee",
    "first_reported_at",
    "last_reported_at",
    "verdict",
)
ACT_COLUMNS = ("id", "at", "actor", "act", "subject", "site", "facts")
DELIVERY_COLUMNS = (
    "id",
    "case_id",
    "site",
    "channel",
    "kind",
    "target",
    "event",
    "status",
    "attempts",
    "last_error",
    "due_at",
    "sent_at",
)
PAGE = 500
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BREAKS = ("\t", "\r", "\n")


def every(
    db: Database, read: Callable[[Session, str | None], Listing[Item]]
) -> Iterator[dict[str, Any]]:
    """Each item of a list that is read by its cursors. No session is held while the receiver
    takes its time."""
    cursor: str | None = None
    while True:
        with db.read() as session:
            listing = read(session, cursor)
        yield from listing.items
        cursor = listing.next
        if cursor is None:
            return


def every_case(db: Database, wanted: CaseFilter) -> Iterator[Item]:
    """Each case as programs read it."""

    def read(session: Session, cursor: str | None) -> Listing[Item]:
        listing = queries.list_cases(session, wanted, cursor, PAGE)
        reports = queries.report_ids(session, [case.id for case in listing.items])
        return Listing([case_json(case, reports[case.id]) for case in listing.items], listing.next)

    return every(db, read)


def act_item(act: AdministrativeAct, site_keys: Mapping[int, str]) -> Item:
    """A line of the book of administrative acts as programs read it."""
    return {
        "id": act.id,
        "at": moment(act.at),
        "actor": act.actor,
        "act": act.act,
        "subject": act.subject,
        "site": site_keys.get(act.site_id) if act.site_id is not None else None,
        "facts": act.data,
    }


def delivery_item(delivery: Delivery) -> Item:
    """A message as the API gives it, with its site and where it goes."""
    channel = delivery.channel
    where = {"site": channel.site.key, "kind": channel.kind, "target": channel.target}
    return {**delivery_json(delivery), **where}


def cells_of(item: Mapping[str, Any], columns: Sequence[str]) -> list[str]:
    """An item as a row of a table, in the order of its columns; no formula among them."""
    return [_cell(item[column]) for column in columns]


def row_of(item: Mapping[str, Any]) -> list[str]:
    """A case as a row of a table, in the order of COLUMNS.

    What a spreadsheet would take for a formula gets an apostrophe before it: a reader's words are
    not to be calculated.
    """
    page, verification = item["page"], item["verification"] or {}
    flat = {
        **item,
        "quote": item["quote"]["exact"],
        "page_url": page["url"],
        "page_title": page["title"],
        "author": page["author"],
        "section": page["section"],
        "verdict": verification.get("verdict"),
    }
    return cells_of(flat, COLUMNS)


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and _calculates(text) else text


def _calculates(text: str) -> bool:
    """Whether a spreadsheet might take it for a formula; some pass over what is not seen."""
    seen = (char for char in text if unicodedata.category(char)[0] not in "ZC")
    return text.startswith(_BREAKS) or next(seen, "") in _FORMULA

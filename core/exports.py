"""Cases on their way out: every case that a filter shows, page by page."""

from collections.abc import Iterator, Mapping
from typing import Any

from core import queries
from core.db import Database
from core.queries import CaseFilter
from core.representations import case_json

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
_PAGE = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def every_case(db: Database, wanted: CaseFilter) -> Iterator[dict[str, Any]]:
    """Each case as programs read it. No session is held while the receiver takes its time."""
    cursor: str | None = None
    while True:
        with db.read() as session:
            listing = queries.list_cases(session, wanted, cursor, _PAGE)
            reports = queries.report_ids(session, [case.id for case in listing.items])
            items = [case_json(case, reports[case.id]) for case in listing.items]
        yield from items
        cursor = listing.next
        if cursor is None:
            return


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
    return [_cell(flat[column]) for column in COLUMNS]


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) and isinstance(value, str) else text

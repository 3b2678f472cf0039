"""Which part of the queue a page shows: everything about it stands in its address."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import get_args
from urllib.parse import urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from core.models import Site
from core.queries import CaseFilter, SiteIds, Sort
from core.workflow import KINDS, OPEN, STATUSES
from service.dashboard.forms import read_id

SORTS: tuple[Sort, ...] = get_args(Sort)
TABS = ("open", *STATUSES, "snoozed", "all")
FIRST: Sort = "priority"  # the order that goes without saying: what matters most stands first
AGES = {"day": timedelta(days=1), "week": timedelta(days=7), "fortnight": timedelta(days=14)}
NOBODY = 0  # an assignee's id that nobody has; addresses say `none`
_LONGEST_SEARCH = 200


@dataclass(frozen=True)
class View:
    """A selection of the queue. Empty fields do not narrow; `site` is a key, `assignee` an id
    or NOBODY.

    `age` is one of AGES, for cases first reported longer ago, or `today` for the last 24 hours.
    """

    status: str = "open"
    site: str = ""
    kind: str = ""
    assignee: int | None = None
    section: str = ""
    author: str = ""
    language: str = ""
    age: str = ""
    q: str = ""
    sort: Sort = FIRST
    flat: bool = False
    cursor: str | None = None

    @property
    def narrows(self) -> bool:
        """Whether anything but the tab keeps cases out."""
        return replace(self, status="", sort=FIRST, flat=False, cursor=None) != View(status="")

    @property
    def cleared(self) -> "View":
        """The same tab, order and grouping with nothing kept out."""
        return View(status=self.status, sort=self.sort, flat=self.flat)

    @property
    def parts(self) -> list[tuple[str, str]]:
        """What its address says, but for the page."""
        return list(_parts(replace(self, cursor=None)).items())

    def address(self, **changes: object) -> str:
        """The address of this view with some of it changed; the first page unless said."""
        other = replace(self, **{"cursor": None, **changes})  # type: ignore[arg-type]
        return url_for("desk.queue") + _query(other)

    def wanted(self, site_ids: SiteIds, now: datetime) -> CaseFilter:
        """The filter that reads these cases from the sites given."""
        return CaseFilter(
            site_ids=site_ids,
            statuses=_statuses(self.status),
            text=self.q,
            assignee_id=self.assignee or None,
            unassigned=self.assignee == NOBODY,
            kind=self.kind,
            section=self.section,
            author=self.author,
            language=self.language,
            reported_from=now - AGES["day"] if self.age == "today" else None,
            reported_to=now - AGES[self.age] if self.age in AGES else None,
            awake_at=None if self.status in ("all", "snoozed") else now,
            asleep_at=now if self.status == "snoozed" else None,
            sort=self.sort,
        )


def read_view(args: "MultiDict[str, str]") -> View:
    """The view that an address names; what it does not know is as if it were not there."""
    status, sort = args.get("status", "open"), args.get("sort", FIRST)
    kind, age = args.get("kind", ""), args.get("age", "")
    return View(
        status=status if status in TABS else "open",
        site=_words(args, "site"),
        kind=kind if kind in KINDS else "",
        assignee=_assignee(args.get("assignee", "")),
        section=_words(args, "section"),
        author=_words(args, "author"),
        language=_words(args, "language"),
        age=age if age in (*AGES, "today") else "",
        q=_words(args, "q"),
        sort=next((known for known in SORTS if known == sort), FIRST),
        flat=args.get("group") == "flat",
        cursor=args.get("cursor") or None,
    )


def sites_of(view: View, sites: list[Site], allowed: SiteIds) -> SiteIds:
    """The sites that a view reads, of those that the person may see."""
    if not view.site:
        return allowed
    return frozenset(site.id for site in sites if site.key == view.site)


def _statuses(tab: str) -> tuple[str, ...]:
    if tab == "open":
        return OPEN
    return (tab,) if tab in STATUSES else ()


def _assignee(said: str) -> int | None:
    return NOBODY if said == "none" else read_id(said) or None


def _words(args: "MultiDict[str, str]", name: str) -> str:
    return args.get(name, "").replace("\0", "").strip()[:_LONGEST_SEARCH]


def _parts(view: View) -> dict[str, str]:
    """What an address says, without what goes without saying."""
    parts = {
        "status": view.status if view.status != "open" else "",
        "site": view.site,
        "kind": view.kind,
        "assignee": "none" if view.assignee == NOBODY else str(view.assignee or ""),
        "section": view.section,
        "author": view.author,
        "language": view.language,
        "age": view.age,
        "q": view.q,
        "sort": view.sort if view.sort != FIRST else "",
        "group": "flat" if view.flat else "",
        "cursor": view.cursor or "",
    }
    return {name: value for name, value in parts.items() if value}


def _query(view: View) -> str:
    """The query of an address; empty if nothing is left."""
    query = urlencode(_parts(view))
    return f"?{query}" if query else ""

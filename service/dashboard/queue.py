"""The queue: what waits, and decisions on several cases at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from core import accounts, presence, queries
from core.clock import utcnow
from core.errors import Invalid
from core.models import Case, Site, User
from core.queries.choices import MOST_CHOICES
from core.signals import DELIVER
from core.workflow import OPEN, STATUSES
from service.context import service
from service.dashboard import outcomes
from service.dashboard.access import needs, spoken, visit
from service.dashboard.changes import Asked, Snoozes, read_asked, snoozes_of
from service.dashboard.filters import TABS, View, read_view, sites_of
from service.dashboard.forms import read_id
from service.dashboard.numbers import feed_address
from service.dashboard.outcomes import Fate, Outcome
from service.dashboard.rendering import page
from service.dashboard.rows import Group, groups_of, rows_of
from service.dashboard.versions import both_versions
from service.dashboard.wrongs import said_wrong

PAGE = 40
_PART = "Tuzet-Part"  # the desk's script asks for the changed rows alone


@dataclass(frozen=True)
class Listed:
    """What one page of the queue shows."""

    view: View
    groups: list[Group]
    shown: int
    counts: dict[str, int]
    next: str | None
    sites: list[Site]
    editors: list[User]
    sections: list[str]
    authors: list[str]
    sampled: bool
    latest: int
    looking: dict[int, list[str]]
    snoozes: Snoozes


def register(blueprint: Blueprint) -> None:
    """The addresses of the queue."""
    blueprint.get("/queue")(queue)
    blueprint.post("/queue")(decide)


@needs("viewer")
def queue() -> Response:
    """A page of the queue as its address says."""
    return queue_page(read_view(request.args))


def queue_page(view: View, wrong: Invalid | None = None) -> Response:
    """A page of the queue; after a mistake with what is wrong and what was typed and ticked."""
    now, faults = utcnow(), said_wrong(spoken(), wrong) if wrong else None
    with service().db.read() as session:
        listed = _listed(session, view, now)
    return page(
        "desk/queue.html",
        422 if wrong else 200,
        typed=request.form if wrong else None,
        faults=faults,
        listed=listed,
        now=now,
        view=listed.view,
        most_choices=MOST_CHOICES,
        tabs=TABS,
        told=_told(),
        every_ticked=request.args.get("ticks") == "all",
        feed_address=feed_address,
    )


@needs("editor")
def decide() -> Response:
    """Do one thing to all ticked cases; tell what was done and what was not."""
    now, here = utcnow(), visit()
    versions = _versions()
    with service().db.read() as session:
        zone = _zone(session, list(versions))
    try:
        asked = read_asked(request.form, here.user.email, zone, now)
    except Invalid as wrong:
        return _wrong(wrong)
    if asked.verb == "merge" and not asked.into and versions:
        asked = replace(asked, into=next(iter(versions)))
        versions = dict(list(versions.items())[1:])
    done = outcomes.carry_out(service().db, service().settings, here, asked, versions)
    service().bell.ring(DELIVER)
    if request.headers.get(_PART):
        return _changed_rows(done, asked)
    return redirect(_address_after(done, asked), 303)


def _wrong(wrong: Invalid) -> Response:
    """What is wrong with the wish, on the page that it came from; the script gets the words."""
    if not request.headers.get(_PART):
        return queue_page(read_view(request.args), wrong)
    said = " ".join(said_wrong(spoken(), wrong).values())
    told = {"said": said, "undo": {}, "missed": {}}
    return page("desk/rows.html", 422, rows=[], missed={}, told=told, verb="")


def _listed(session: Session, view: View, now: datetime) -> Listed:
    here = visit()
    allowed = here.rights.site_ids()
    sites = queries.sites(session, allowed)
    within = sites_of(view, sites, allowed)
    latest = queries.latest_event(session)  # before the list: what comes between is told of later
    listing = queries.list_cases(session, view.wanted(within, now), view.cursor, PAGE)
    if view.cursor and not listing.items:  # all that stood on this page is decided by now
        view = replace(view, cursor=None)
        listing = queries.list_cases(session, view.wanted(within, now), None, PAGE)
    rows = rows_of(session, spoken(), listing.items, here.user, now)
    return Listed(
        view=view,
        groups=groups_of(rows, by_article=not view.flat),
        shown=len(rows),
        counts=counts_of(session, view, within, now),
        next=listing.next,
        sites=sites,
        editors=accounts.editors(session, allowed),
        sections=queries.sections(session, within),
        authors=queries.authors(session, within),
        sampled=queries.is_common(session, view.q, within),
        latest=latest,
        looking=presence.lookers(session, [row.case.id for row in rows], here.user.id, now),
        snoozes=snoozes_of({row.case.site.timezone for row in rows}, now),
    )


def counts_of(
    session: Session, view: View, within: queries.SiteIds, now: datetime
) -> dict[str, int]:
    """How many cases stand behind each tab, under the same filters."""
    found = queries.count_by_status(session, view.wanted(within, now), now)
    counts = {status: found.awake.get(status, 0) for status in STATUSES}
    counts["open"] = sum(counts[status] for status in OPEN)
    counts["snoozed"] = found.asleep
    counts["all"] = sum(found.awake.values()) + found.asleep
    return counts


def _versions() -> dict[int, int]:
    """The cases that the form names, each with the version that its page showed.

    A row's own Undo names its case alone, whatever is ticked.
    """
    alone = request.form.get("undo")
    ids = [alone] if alone else request.form.getlist("case")[:200]
    return {
        read: request.form.get(f"version-{case_id}", 0, type=int)
        for case_id in ids
        if (read := read_id(case_id)) is not None
    }


def _zone(session: Session, case_ids: list[int]) -> str:
    """The time zone in which days are meant: that of the first case's site."""
    found = queries.cases(session, case_ids[:1], visit().rights.site_ids())
    return found[0].site.timezone if found else "UTC"


def _address_after(done: list[Outcome], asked: Asked) -> str:
    address = read_view(request.args).address(cursor=request.args.get("cursor") or None)
    told = f"done={asked.verb}&moved={outcomes.packed(done, ['done'])}"
    same = _named(done, "same")
    missed = "".join(_named(done, fate) for fate in outcomes.MISSED)
    wished = f"&{urlencode({'wished': request.form.get('do', '')})}" if missed else ""
    return f"{address}{'&' if '?' in address else '?'}{told}{same}{missed}{wished}"


def _named(done: list[Outcome], fate: Fate) -> str:
    packed = outcomes.packed(done, [fate])
    return f"&{fate}={packed}" if packed else ""


def _told() -> dict[str, object] | None:
    """What an address says was just done, with which versions it could be undone."""
    verb = request.args.get("done", "")
    moved, same = (outcomes.unpacked(request.args.get(name, "")) for name in ("moved", "same"))
    fates = {
        case_id: fate
        for fate in outcomes.MISSED
        for case_id in outcomes.unpacked(request.args.get(fate, ""))
    }
    if not verb or not (moved or same or fates):
        return None
    now, here = utcnow(), visit()
    with service().db.read() as session:
        cases = queries.cases(session, list(fates), here.rights.site_ids()) if fates else []
        missed = _missed(fates, cases, _wished(verb, now), now)
    return {
        "said": outcomes.said(spoken(), verb, len(moved), len(same)),
        "done": bool(moved),
        "undo": {} if verb == "undo" else moved,
        "missed": missed,
    }


def _wished(verb: str, now: datetime) -> Asked:
    """The wish that an address tells of; of one that cannot be read, its verb."""
    form = MultiDict({"do": request.args.get("wished", verb)})
    try:
        return read_asked(form, visit().user.email, "UTC", now)
    except Invalid:
        return Asked(verb)


def _missed(
    fates: Mapping[int, str], cases: Sequence[Case], asked: Asked, now: datetime
) -> dict[int, str]:
    """Why each case was left as it was; who was slower than a colleague sees both versions."""
    t = spoken()
    missed = {case_id: outcomes.why_missed(t, fate) for case_id, fate in fates.items()}
    for case in cases:
        if fates.get(case.id) == "stale":
            missed[case.id] += " " + both_versions(t, case, asked, now)
    return missed


def _changed_rows(done: list[Outcome], asked: Asked) -> Response:
    now, here = utcnow(), visit()
    verb = asked.verb
    ids = [o.case_id for o in done if o.fate != "gone"] + ([asked.into] if asked.into else [])
    with service().db.read() as session:
        cases = queries.cases(session, ids, here.rights.site_ids())
        rows = rows_of(session, spoken(), cases, here.user, now)
        fates = {o.case_id: o.fate for o in done if o.fate in outcomes.MISSED}
        missed = _missed(fates, cases, asked, now)
    moved, same = ({o.case_id for o in done if o.fate == fate} for fate in ("done", "same"))
    said = outcomes.said(spoken(), verb, len(moved), len(same))
    told = {"said": said, "undo": {}, "missed": missed}
    return page(
        "desk/rows.html",
        rows=rows,
        moved=moved,
        same=same,
        missed=missed,
        told=told,
        verb=verb,
        view=read_view(request.args),
    )

"""Reading the numbers out of the rows: few queries, each for columns only."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Integer, and_, case, cast, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.models import Case, Event, Page, Report, Site, User
from core.numbers.figures import (
    BACKLOG_EDGES,
    Day,
    Mistake,
    Numbers,
    PageFigures,
    Share,
    Span,
    Times,
)
from core.queries.narrowing import asleep
from core.workflow import OPEN

MOST = 10  # rows of a table of the page
_QUARTER = 15 * 60  # seconds
_ACCEPTED = ("accepted", "fixed", "verified")
_DECISIONS = ("accepted", "fixed", "dismissed")


class Row(NamedTuple):
    """What is read of a case."""

    id: int
    site: str
    kind: str
    status: str
    language: str
    exact: str
    suggestion: str | None
    readers: int
    first: datetime
    fixed_at: datetime | None
    page_id: int
    title: str | None
    link: str
    author: str | None
    section: str | None


class Acts(NamedTuple):
    """What was done to the cases: when first by an editor, when seen on the page, by whom.

    What was undone counts as a look only. `decided_by` is whose judgement stands: who marks fixed
    what a colleague has accepted judges nothing anew. `unfixed`: called fixed, which was undone.
    """

    looked: dict[int, datetime]
    verified: dict[int, datetime]
    decided_by: dict[int, str]
    unfixed: set[int]


def numbers(session: Session, span: Span, now: datetime) -> Numbers:
    """Reckon all figures of a span."""
    acts = _acts(session, span)
    rows = [
        row._replace(fixed_at=None) if row.id in acts.unfixed else row
        for row in _rows(session, span)
    ]
    days = _days(session, span, rows)
    fixed = [row for row in rows if row.status in ("fixed", "verified")]
    verified = [row for row in rows if row.status == "verified"]
    decided = [row for row in rows if row.status in (*_ACCEPTED, "dismissed")]
    before = Span(
        span.site_ids, span.begin - (span.end - span.begin), span.begin, section=span.section
    )
    return Numbers(
        reports=sum(day.reports for day in days),
        reports_before=_count_reports(session, before),
        cases=len(rows),
        days=days,
        look=Times.of(acts.looked[row.id] - row.first for row in rows if row.id in acts.looked),
        fix=Times.of(row.fixed_at - row.first for row in rows if row.fixed_at),
        verify=Times.of(
            acts.verified[row.id] - row.first for row in rows if row.id in acts.verified
        ),
        accepted=_share("", decided),
        fixed=len(fixed),
        verified=len(verified),
        verified_alone=sum(row.fixed_at is None for row in verified),
        backlog=_backlog(session, span, now),
        by=_by(session, decided, acts),
        pages=_pages(rows),
        mistakes=_mistakes(rows),
    )


def _within(column: InstrumentedAttribute[datetime], span: Span) -> ColumnElement[bool]:
    return and_(column >= span.begin, column < span.end)


def _narrowed(
    span: Span, site_id: InstrumentedAttribute[int], page_id: InstrumentedAttribute[Any]
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if span.site_ids is not None:
        found.append(site_id.in_(span.site_ids))
    if span.section:
        found.append(page_id.in_(select(Page.id).where(Page.section == span.section)))
    return found


def _rows(session: Session, span: Span) -> list[Row]:
    query = (
        select(
            Case.id,
            Site.name,
            Case.kind,
            Case.status,
            Case.language,
            Case.exact,
            Case.suggestion,
            Case.readers,
            Case.first_reported_at,
            Case.fixed_at,
            Case.page_id,
            Page.title,
            Page.link,
            Page.author,
            Page.section,
        )
        .join(Page, Page.id == Case.page_id)
        .join(Site, Site.id == Case.site_id)
        .where(_within(Case.first_reported_at, span), Case.merged_into_id.is_(None))
        .where(*_narrowed(span, Case.site_id, Case.page_id))
    )
    return [Row._make(row) for row in session.execute(query)]


def _acts(session: Session, span: Span) -> Acts:
    """An editor is known by an address; machines have none."""
    query = (
        select(Event.case_id, Event.id, Event.type, Event.actor, Event.at)
        .join(Case, Case.id == Event.case_id)
        .where(_within(Case.first_reported_at, span), *_narrowed(span, Case.site_id, Case.page_id))
        .where(Event.actor.contains("@") | Event.type.in_(("verified", "fixed")))
        .order_by(Event.id)
    )
    undone = _undone(session, span)
    acts = Acts({}, {}, {}, set())
    judged, fixed = dict[int, bool](), set[int]()
    for case_id, number, kind, actor, at in session.execute(query):
        if kind == "verified":
            acts.verified.setdefault(case_id, at)
        if "@" in actor:
            acts.looked.setdefault(case_id, at)
        if kind not in _DECISIONS:
            continue
        if number in undone:
            if kind == "fixed":
                acts.unfixed.add(case_id)
            continue
        if kind == "fixed":
            fixed.add(case_id)
        if "@" in actor and judged.get(case_id) is not (kind in _ACCEPTED):
            judged[case_id] = kind in _ACCEPTED
            acts.decided_by[case_id] = actor
    acts.unfixed.difference_update(fixed)
    return acts


def _undone(session: Session, span: Span) -> set[int]:
    """The numbers of the events that were taken back."""
    query = (
        select(Event.data)
        .join(Case, Case.id == Event.case_id)
        .where(_within(Case.first_reported_at, span), *_narrowed(span, Case.site_id, Case.page_id))
        .where(Event.type == "undone")
    )
    return {data["event"] for data in session.scalars(query)}


def _days(session: Session, span: Span, rows: Sequence[Row]) -> list[Day]:
    """Every day of the span, also the empty ones, in the zone's time."""
    zone = ZoneInfo(span.zone)
    reports = _reports_by_day(session, span, zone)
    cases = Counter(row.first.astimezone(zone).date() for row in rows)
    day, last = span.begin.astimezone(zone).date(), (span.end - timedelta(microseconds=1))
    found = []
    while day <= last.astimezone(zone).date():
        found.append(Day(day, reports.get(day, 0), cases.get(day, 0)))
        day += timedelta(days=1)
    return found


def _reports_by_day(session: Session, span: Span, zone: ZoneInfo) -> dict[date, int]:
    """Counted by the database, a quarter of an hour at a time, so that any zone's days can be made
    of them: some are half an hour or a quarter apart from the others."""
    if session.get_bind().dialect.name == "sqlite":
        second: ColumnElement[Any] = cast(func.strftime("%s", Report.received_at), Integer)
    else:
        second = cast(func.floor(extract("epoch", Report.received_at)), BigInteger)
    quarter = second - second % _QUARTER
    query = (
        select(quarter, func.count())
        .where(_within(Report.received_at, span))
        .where(*_narrowed(span, Report.site_id, Report.page_id))
        .group_by(quarter)
    )
    found: Counter[date] = Counter()
    for begin, count in session.execute(query):
        found[datetime.fromtimestamp(begin, zone).date()] += count
    return found


def _count_reports(session: Session, span: Span) -> int:
    query = select(func.count()).select_from(Report).where(_within(Report.received_at, span))
    return session.scalars(query.where(*_narrowed(span, Report.site_id, Report.page_id))).one()


def _backlog(session: Session, span: Span, now: datetime) -> list[int]:
    """How many cases are open now that are younger than each edge, and older than the last.

    As in the queue, what is snoozed is not among them.
    """
    edges = [now - edge for edge in BACKLOG_EDGES]
    column = Case.first_reported_at
    bounds = [
        column > edges[0],
        *(and_(column <= one, column > other) for one, other in pairwise(edges)),
        column <= edges[-1],
    ]
    counted = (func.coalesce(func.sum(case((bound, 1), else_=0)), 0) for bound in bounds)
    query = select(*counted).where(Case.status.in_(OPEN), ~asleep(now))
    row = session.execute(query.where(*_narrowed(span, Case.site_id, Case.page_id))).one()
    return [int(value) for value in row]


def _by(session: Session, decided: Sequence[Row], acts: Acts) -> dict[str, list[Share]]:
    people = session.execute(select(User.email, User.name))
    names = {email: name for email, name in people}  # noqa: C416 (typed)
    by_editor = [row for row in decided if row.id in acts.decided_by]
    return {
        "site": _shares(decided, lambda row: row.site),
        "section": _shares(decided, lambda row: row.section or ""),
        "author": _shares(decided, lambda row: row.author or ""),
        "kind": _shares(decided, lambda row: row.kind),
        "editor": _shares(
            by_editor, lambda row: names.get(acts.decided_by[row.id], acts.decided_by[row.id])
        ),
    }


def _shares(rows: Iterable[Row], name_of: Callable[[Row], str]) -> list[Share]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[name_of(row)].append(row)
    found = [_share(name, group) for name, group in groups.items()]
    return sorted(found, key=lambda share: (-share.decided, share.name))[:MOST]


def _share(name: str, decided: Sequence[Row]) -> Share:
    return Share(name, len(decided), sum(row.status in _ACCEPTED for row in decided))


def _pages(rows: Sequence[Row]) -> list[PageFigures]:
    groups: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.page_id].append(row)
    most = sorted(groups.values(), key=lambda each: -sum(row.readers for row in each))[:MOST]
    return [_page(each) for each in most]


def _page(rows: Sequence[Row]) -> PageFigures:
    page = rows[0]
    return PageFigures(
        title=page.title or page.link,
        link=page.link,
        author=page.author,
        language=page.language,
        reports=sum(row.readers for row in rows),
        cases=len(rows),
        fixed=sum(row.status in ("fixed", "verified") for row in rows),
        to_fix=Times.of(row.fixed_at - row.first for row in rows if row.fixed_at).median,
    )


def _mistakes(rows: Sequence[Row]) -> list[Mistake]:
    """The same words with the same correction on at least two pages, in any capitals."""
    groups: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row.exact and row.suggestion is not None and row.status != "dismissed":
            groups[row.exact.casefold(), row.suggestion.casefold()].append(row)
    found = [
        Mistake(
            exact=each[0].exact,
            suggestion=each[0].suggestion or "",
            language=each[0].language,
            pages=len({row.page_id for row in each}),
            open=sum(row.status in OPEN for row in each),
        )
        for each in groups.values()
    ]
    repeated = [each for each in found if each.pages > 1]
    return sorted(repeated, key=lambda each: (-each.pages, each.exact))[:MOST]

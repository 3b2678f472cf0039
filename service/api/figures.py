"""Numbers and exports for programs."""

from datetime import UTC, timedelta
from typing import Any

from flask import Blueprint, Response

from core import queries
from core.clock import utcnow
from core.errors import FieldError, Invalid
from core.numbers import Numbers, Share, Span, Times, numbers
from core.representations import moment
from service import exports
from service.api import shapes
from service.api.callers import Caller
from service.api.narrowing import cases_wanted, site_ids
from service.api.operations import operation
from service.context import service

blueprint = Blueprint("figures", __name__)
_USUAL, _LONGEST = timedelta(days=30), timedelta(days=400)
_AGES = ("under_1_hour", "under_1_day", "under_7_days", "under_14_days", "over_14_days")


@operation(blueprint, "/stats", "Read the numbers", shapes.StatsOut, query=shapes.StatsQuery)
def stats(caller: Caller, query: shapes.StatsQuery) -> dict[str, Any]:
    """The numbers of the caller's sites."""
    now = utcnow()
    end = query.end or now
    begin = query.begin or end - _USUAL
    if not timedelta() < end - begin <= _LONGEST:
        message = f"must lie before `to`, by at most {_LONGEST.days} days"
        raise Invalid(FieldError("from", message))
    with service().db.read() as session:
        mine = site_ids(session, caller, query.site)
        named = queries.sites(session, mine)
        zone = named[0].timezone if len(named) == 1 else "UTC"
        span = Span(mine, begin.astimezone(UTC), end.astimezone(UTC), zone)
        return _told(span, numbers(session, span, now))


@operation(
    blueprint,
    "/export.csv",
    "Export cases as a table",
    shapes.CaseList,
    query=shapes.CasesWanted,
    answer_type="text/csv",
)
def export_csv(caller: Caller, query: shapes.CasesWanted) -> Response:
    """Every case that fits, one a row."""
    with service().db.read() as session:
        wanted = cases_wanted(session, caller, query)
    return exports.csv_of(wanted)


def _told(span: Span, found: Numbers) -> dict[str, Any]:
    return {
        "from": moment(span.begin),
        "to": moment(span.end),
        "reports": found.reports,
        "cases": found.cases,
        "look": _times(found.look),
        "fix": _times(found.fix),
        "verify": _times(found.verify),
        "accepted": _share(found.accepted),
        "fixed": found.fixed,
        "verified": found.verified,
        "backlog": dict(zip(_AGES, found.backlog, strict=True)),
        "days": [
            {"day": day.day.isoformat(), "reports": day.reports, "cases": day.cases}
            for day in found.days
        ],
        "by": {name: [_share(share) for share in shares] for name, shares in found.by.items()},
        "pages": [
            {
                "title": page.title,
                "url": page.link,
                "author": page.author,
                "reports": page.reports,
                "cases": page.cases,
                "fixed": page.fixed,
                "to_fix": _seconds(page.to_fix),
            }
            for page in found.pages
        ],
        "mistakes": [
            {
                "exact": mistake.exact,
                "suggestion": mistake.suggestion,
                "pages": mistake.pages,
                "open": mistake.open,
            }
            for mistake in found.mistakes
        ],
    }


def _times(times: Times) -> dict[str, int | None]:
    return {
        "counted": times.counted,
        "median": _seconds(times.median),
        "p90": _seconds(times.p90),
    }


def _share(share: Share) -> dict[str, Any]:
    return {
        "name": share.name,
        "decided": share.decided,
        "accepted": share.accepted,
        "rate": share.rate,
    }


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else round(length.total_seconds())

"""The newsroom's numbers as a page, exports of what a filter shows, and the feed of new cases."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask import Blueprint, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core import accounts, queries
from core.clock import utcnow
from core.i18n import translator
from core.models import Site
from core.numbers import Numbers, Span, numbers
from core.queries import CaseFilter
from core.rights import rights_of
from service import exports
from service.context import service
from service.dashboard.access import needs, visit
from service.dashboard.charts import Chart, Spread, chart_of, spread_of
from service.dashboard.filters import read_view, sites_of
from service.dashboard.rendering import page
from service.dashboard.rows import row_of

PERIODS = {
    "7": timedelta(days=7),
    "30": timedelta(days=30),
    "90": timedelta(days=90),
    "365": timedelta(days=365),
}
_IN_FEED = 50


@dataclass(frozen=True)
class Shown:
    """What the page shows, and for what."""

    period: str
    site: str
    section: str
    sites: list[Site]
    sections: list[str]
    found: Numbers
    chart: Chart
    spreads: list[Spread]


def register(blueprint: Blueprint) -> None:
    """The addresses of the numbers."""
    blueprint.get("/numbers")(figures)
    blueprint.get("/export.csv")(export_csv)
    blueprint.get("/export.json")(export_json)
    blueprint.get("/feeds/<key>.atom")(feed)


@needs("viewer")
def figures() -> Response:
    """Reports and cases of a span, how long things take, what is accepted."""
    now = utcnow()
    with service().db.read() as session:
        shown = _shown(session, now)
    return page("desk/numbers.html", shown=shown, found=shown.found)


@needs("viewer")
def export_csv() -> Response:
    """The cases that a view of the queue shows, or those that the numbers of a period count, as a
    table."""
    return exports.csv_of(_wanted())


@needs("viewer")
def export_json() -> Response:
    """The same for programs."""
    return exports.json_of(_wanted())


@needs("anyone")
def feed(key: str) -> Response:
    """New cases for a feed reader, which comes in by this address alone."""
    now, view = utcnow(), read_view(request.args)
    if "sort" not in request.args:
        view = replace(view, sort="newest")
    with service().db.read() as session:
        user = accounts.feed_reader(session, key, service().settings.secret_key)
        allowed = rights_of(user).site_ids()
        within = sites_of(view, queries.sites(session, allowed), allowed)
        listing = queries.list_cases(session, view.wanted(within, now), None, _IN_FEED)
    t = translator(user.language)
    rows = [row_of(t, case, user, now) for case in listing.items]
    answer = page(
        "desk/feed.xml",
        rows=rows,
        t=t,
        title=t.gettext("New cases"),
        base=service().settings.base_url,
        now=now,
        key=key,
    )
    answer.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
    answer.headers["Cache-Control"] = "private, max-age=60"
    return answer


def feed_address() -> str:
    """Where the present person's feed is, for what the present page shows."""
    key = accounts.feed_key(visit().user, service().settings.secret_key)
    query = urlencode(read_view(request.args).parts)
    return url_for("desk.feed", key=key) + (f"?{query}" if query else "")


def _wanted() -> CaseFilter:
    view, allowed = read_view(request.args), visit().rights.site_ids()
    with service().db.read() as session:
        within = sites_of(view, queries.sites(session, allowed), allowed)
    now = utcnow()
    wanted, period = view.wanted(within, now), PERIODS.get(request.args.get("period", ""))
    if period is None:
        return wanted
    return replace(wanted, reported_from=now - period, reported_to=now, unmerged=True)


def _shown(session: Session, now: datetime) -> Shown:
    view, allowed = read_view(request.args), visit().rights.site_ids()
    period = request.args.get("period", "30")
    period = period if period in PERIODS else "30"
    sites = queries.sites(session, allowed)
    within = sites_of(view, sites, allowed)
    zone = next((site.timezone for site in sites if not view.site or site.key == view.site), "UTC")
    span = Span(within, now - PERIODS[period], now, zone, view.section)
    found = numbers(session, span, now)
    return Shown(
        period=period,
        site=view.site,
        section=view.section,
        sites=sites,
        sections=queries.sections(session, within),
        found=found,
        chart=chart_of(found.days),
        spreads=spread_of(found),
    )

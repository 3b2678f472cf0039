"""What the desk's script asks for every few seconds; without it a reload tells the same."""

from datetime import UTC, datetime

from flask import Blueprint, request
from werkzeug.wrappers import Response

from core import casefile, presence, queries
from core.clock import utcnow
from service.context import service
from service.dashboard.access import needs, spoken, visit
from service.dashboard.filters import read_view, sites_of
from service.dashboard.forms import LARGEST_ID, read_id
from service.dashboard.histories import Narrator
from service.dashboard.queue import counts_of
from service.dashboard.rendering import page
from service.dashboard.rows import rows_of

_MOST_IN_SIGHT = 200
_MOST_WAITING = 10_000
_LATEST_MS = 32_000_000_000_000  # in the year 2984


def register(blueprint: Blueprint) -> None:
    """The addresses of what is new."""
    blueprint.get("/queue/news")(queue_news)
    blueprint.get("/cases/<int:case_id>/news")(case_news)
    blueprint.post("/cases/<int:case_id>/here")(here)


@needs("viewer")
def queue_news() -> Response:
    """Rows that have changed since, how many cases are new under this filter, and, if anything has
    happened, how many there are now behind each tab.

    `waiting` is how many the page has told of already: the sentence counts them in. `at` is when
    it asked before, in milliseconds.
    """
    now, view, visitor = utcnow(), read_view(request.args), visit()
    in_sight = [
        read
        for text in request.args.get("shown", "").split(",")[:_MOST_IN_SIGHT]
        if (read := read_id(text)) is not None
    ]
    since = min(request.args.get("since", 0, type=int), LARGEST_ID)
    allowed = visitor.rights.site_ids()
    with service().db.read() as session:
        within = sites_of(view, queries.sites(session, allowed), allowed)
        wanted = view.wanted(within, now)
        found = queries.news(session, wanted, since, in_sight, visitor.user.email, _asked_at())
        cases = queries.cases(session, found.changed, allowed)
        looking = presence.lookers(session, in_sight, visitor.user.id, now)
        rows = rows_of(session, spoken(), cases, visitor.user, now)
        moved = found.latest > since or found.new or found.changed
        counts = counts_of(session, view, within, now) if moved else {}
        sampled = queries.is_common(session, view.q, within)
    told = min(max(0, request.args.get("waiting", 0, type=int)), _MOST_WAITING)
    return page(
        "desk/news.html",
        rows=rows,
        news=found,
        looking=looking,
        view=view,
        counts=counts,
        sampled=sampled,
        waiting=told + found.new,
        now=now,
    )


@needs("viewer")
def case_news(case_id: int) -> Response:
    """Who else has done something with this case after the event that its page knows of."""
    now, visitor = utcnow(), visit()
    since = min(request.args.get("since", 0, type=int), LARGEST_ID)
    with service().db.read() as session:
        case = queries.get_case(session, case_id, visitor.rights.site_ids())
        actors = queries.actors_since(session, case_id, since, visitor.user.email)
        names = casefile.names_of(session, set(actors))
        narrator = Narrator(spoken(), names, case.site.timezone, now)
    return page("desk/case_news.html", names=[narrator.who(actor) for actor in actors])


def _asked_at() -> datetime | None:
    asked = request.args.get("at", type=int)
    return datetime.fromtimestamp(min(max(asked, 0), _LATEST_MS) / 1000, UTC) if asked else None


@needs("viewer")
def here(case_id: int) -> Response:
    """Say that this person looks at a case; answers who else does."""
    now, visitor = utcnow(), visit()
    with service().db.write() as session:
        queries.get_case(session, case_id, visitor.rights.site_ids())
        presence.look(session, case_id, visitor.user.id, now)
        others = presence.lookers(session, [case_id], visitor.user.id, now)
    return page("desk/here.html", names=others.get(case_id, []))

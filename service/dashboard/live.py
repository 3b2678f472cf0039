"""What the desk's script asks for every few seconds; without it a reload tells the same."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from core import presence, queries
from core.clock import utcnow
from service.context import service
from service.dashboard.access import needs, spoken, visit
from service.dashboard.filters import read_view, sites_of
from service.dashboard.forms import LARGEST_ID, read_id
from service.dashboard.rendering import page
from service.dashboard.rows import rows_of

_MOST_IN_SIGHT = 200
_MOST_WAITING = 10_000


def register(blueprint: Blueprint) -> None:
    """The addresses of what is new."""
    blueprint.get("/queue/news")(queue_news)
    blueprint.post("/cases/<int:case_id>/here")(here)


@needs("viewer")
def queue_news() -> Response:
    """Rows that have changed since, and how many cases are new under this filter.

    `waiting` is how many the page has told of already: the sentence counts them in.
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
        found = queries.news(session, wanted, since, in_sight, visitor.user.email)
        cases = queries.cases(session, found.changed, allowed)
        looking = presence.lookers(session, in_sight, visitor.user.id, now)
        rows = rows_of(session, spoken(), cases, visitor.user, now)
    told = min(max(0, request.args.get("waiting", 0, type=int)), _MOST_WAITING)
    return page(
        "desk/news.html",
        rows=rows,
        news=found,
        looking=looking,
        view=view,
        waiting=told + found.new,
        now=now,
    )


@needs("viewer")
def here(case_id: int) -> Response:
    """Say that this person looks at a case; answers who else does."""
    now, visitor = utcnow(), visit()
    with service().db.write() as session:
        queries.get_case(session, case_id, visitor.rights.site_ids())
        presence.look(session, case_id, visitor.user.id, now)
        others = presence.lookers(session, [case_id], visitor.user.id, now)
    return page("desk/here.html", names=others.get(case_id, []))

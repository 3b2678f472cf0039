"""What went wrong on the desk, as pages in its own look."""

import structlog
from flask import Blueprint, current_app, g, request, url_for
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from core.db import is_away
from core.errors import TuzetError
from core.i18n import translator
from service import errors
from service.dashboard.access import came_from, recognise
from service.dashboard.forms import RefusedForm
from service.dashboard.rendering import always, page
from service.dashboard.typed import kept, sent_here
from service.errors import AWAY_RETRY_AFTER_S, problem_of
from service.languages import language_of_request

log = structlog.get_logger(__name__)


def register(blueprint: Blueprint) -> None:
    """Let every error of the desk's views go through here."""
    blueprint.register_error_handler(TuzetError, _told)
    blueprint.register_error_handler(HTTPException, _http)
    blueprint.register_error_handler(DBAPIError, _database)
    blueprint.register_error_handler(PoolTimeout, _away)
    blueprint.app_errorhandler(404)(_nowhere)
    blueprint.app_errorhandler(405)(_nowhere)


def _told(error: TuzetError) -> Response:
    problem = problem_of(error)
    response = fault(problem.status, "form" if isinstance(error, RefusedForm) else None)
    response.headers.update(problem.headers)
    return response


def _http(error: HTTPException) -> Response:
    if error.response is not None:  # a redirect that the router wants
        return Response.force_type(error.get_response())
    return fault(error.code or 500)


def _nowhere(error: HTTPException) -> Response:
    """An address that no view has: who works at the desk is told so at the desk, all others as
    everywhere. Without its data the desk knows nobody."""
    if request.url_rule is not None or request.path.startswith("/api/"):
        return errors.told(error)
    try:
        known = recognise()
    except (DBAPIError, PoolTimeout):
        known = False
    return _http(error) if known else errors.told(error)


def _database(error: DBAPIError) -> Response:
    if is_away(error):
        return _away(error)
    raise error


def _away(error: Exception) -> Response:
    log.error("database away", fault=type(error).__name__)
    response = fault(503)
    response.headers["Retry-After"] = str(AWAY_RETRY_AFTER_S)
    return response


def fault(status: int, kind: str | None = None) -> Response:
    """The page for a status, or for a `kind` of it that has words of its own. It reads nothing:
    the database may be what is wrong."""
    if "spoken" not in g:
        g.visit, g.spoken = None, translator(language_of_request())
    words = kept(g.spoken, sent_here())
    if status in (400, 422) and request.method != "POST":
        kind = "address"
    ways = {"back": _back(status), "way_in": _way_in(status), "again": _again(status)}
    said = {"status": status, "kind": kind or status, "kept": words, **ways}
    return page("desk/fault.html", status, **{**always(), **said})


def _way_in(status: int) -> str | None:
    """Where who is not logged in any more comes in, and back to the page of the form."""
    return url_for("desk.log_in", next=came_from()) if status == 401 else None


def _back(status: int) -> str | None:
    """The page of the desk from which a form came, as far as the browser tells it: not one that
    only a form opens, nor the one that is not there."""
    came = came_from()
    if came is None or request.method != "POST":
        return None
    path = came.partition("?")[0]
    adapter = current_app.create_url_adapter(request)
    opens = adapter is not None and adapter.test(path, method="GET")
    return came if opens and not (status == 404 and path == request.path) else None


def _again(status: int) -> str | None:
    """This very page, where it may be there the next time."""
    return request.full_path.rstrip("?") if status >= 500 and request.method == "GET" else None

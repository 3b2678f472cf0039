"""Domain errors become answers: problem+json (RFC 9457) for programs, a page for people."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, jsonify, render_template, request
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge

from core.db import is_away
from core.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    StaleVersion,
    Throttled,
    TuzetError,
    Unreadable,
)
from core.i18n import Translator, translator
from service.languages import LANGUAGE_NAMES, language_of_request

AWAY_RETRY_AFTER_S = 5

_STATUS: dict[type[TuzetError], int] = {
    Unreadable: 400,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    StaleVersion: 409,
    Invalid: 422,
    Throttled: 429,
}

log = structlog.get_logger(__name__)


class StaleCase(StaleVersion):
    """A stale version, with the case as it stands now in the API's words: who was slower can show
    both versions without asking again."""

    def __init__(self, current: int, standing: dict[str, Any]) -> None:
        super().__init__(current)
        self.standing = standing


@dataclass(frozen=True)
class Problem:
    """What went wrong, as RFC 9457 has it; `more` are its extension members."""

    status: int
    detail: str
    more: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return HTTPStatus(self.status).phrase

    def json(self) -> dict[str, Any]:
        """The members of a problem document."""
        plain = {"type": "about:blank", "title": self.title, "status": self.status}
        return {**plain, "detail": self.detail, **self.more}


def problem_of(error: TuzetError) -> Problem:
    """A domain error in the words of HTTP."""
    status = next((_STATUS[kind] for kind in type(error).mro() if kind in _STATUS), 400)
    more: dict[str, Any] = {}
    headers: dict[str, str] = {}
    detail = str(error)
    if isinstance(error, Invalid):
        detail = "Some fields are wrong; see errors."
        more["errors"] = [{"field": e.field, "message": e.message} for e in error.errors]
    if isinstance(error, StaleVersion):
        more["current_version"] = error.current
    if isinstance(error, StaleCase):
        more["case"] = error.standing
    if isinstance(error, Throttled):
        headers["Retry-After"] = str(error.retry_after)
    return Problem(status, detail, more, headers)


def answer(problem: Problem) -> Response:
    """A problem as the asker can read it: under /api as JSON, elsewhere as a page."""
    if request.path.startswith("/api/"):
        response = jsonify(problem.json())
        response.mimetype = "application/problem+json"
    else:
        response = Response(_page(problem), mimetype="text/html")
    response.status_code = problem.status
    response.headers.update(problem.headers)
    return response


def _page(problem: Problem) -> str:
    """A page that reads nothing from the database, which may be what is wrong."""
    t = translator(language_of_request())
    headline, sentence = _said(t, problem.status)
    return render_template(
        "reader/error.html",
        t=t,
        _=t.gettext,
        status=problem.status,
        # The other languages lead to this address again, which only GET can read.
        languages=LANGUAGE_NAMES if request.method == "GET" else [],
        headline=headline,
        sentence=sentence,
    )


def _said(t: Translator, status: int) -> tuple[str, str]:
    nothing_here = (
        t.gettext("There is nothing here"),
        t.gettext("Check that the address is whole, or ask for a new link."),
    )
    said = {
        403: (t.gettext("Not allowed"), t.gettext("Go back, load the page anew and try again.")),
        404: nothing_here,
        405: nothing_here,
        413: (
            t.gettext("The text is too long"),
            t.gettext("Nothing was sent. Go back and shorten the text."),
        ),
        429: (t.gettext("Too often"), t.gettext("Wait a little and try again.")),
        503: (
            t.gettext("Not reachable for a moment"),
            t.gettext("No report is lost. Try again in a minute."),
        ),
    }
    if status >= 500:
        wrong = (
            t.gettext("Something is wrong on our side"),
            t.gettext("It has been noted, and no report is lost. Try again later."),
        )
        return said.get(status, wrong)
    not_done = t.gettext("That did not work"), t.gettext("Go back and try again.")
    return said.get(status, not_done)


def register(app: Flask) -> None:
    """Let every error of this application go through here."""
    app.register_error_handler(TuzetError, lambda error: answer(problem_of(error)))
    app.register_error_handler(HTTPException, told)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(PoolTimeout, _away)


def told(error: HTTPException) -> Response:
    """An error of HTTP, as the asker can read it."""
    status = error.code or 500
    detail = error.description or ""
    if isinstance(error, InternalServerError):
        detail = "Something is wrong on our side. It has been noted."
    if isinstance(error, RequestEntityTooLarge):
        detail = "The body is too large."
    kept = {"Allow", "Retry-After", "WWW-Authenticate"}
    headers = {name: value for name, value in error.get_headers() if name in kept}
    return answer(Problem(status, detail, headers=headers))


def _database(fault: DBAPIError) -> Response:
    if is_away(fault):
        return _away(fault)
    if isinstance(fault, DataError):  # a NUL, or a number that no column holds
        return answer(Problem(422, "A value of the request cannot be kept by the database."))
    log.error("unhandled", endpoint=request.endpoint, exc_info=fault)
    return told(InternalServerError())


def _away(fault: Exception) -> Response:
    log.error("database away", fault=type(fault).__name__)
    retry = {"Retry-After": str(AWAY_RETRY_AFTER_S)}
    return answer(Problem(503, "The database is away for a moment. Try again.", headers=retry))

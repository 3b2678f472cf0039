"""Coming in and going out."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from core import accounts
from core.accounts import HalfWay, LoggedIn, WrongCode, WrongPassword
from core.clock import utcnow
from core.errors import NotFound, Throttled
from core.i18n import known_language
from service.context import service
from service.dashboard import forms
from service.dashboard.access import needs, visit, visitor
from service.dashboard.rendering import page
from service.limits import reader_network


def register(blueprint: Blueprint) -> None:
    """The addresses at the door."""
    blueprint.get("/")(entrance)
    blueprint.get("/login")(log_in)
    blueprint.post("/login")(do_log_in)
    blueprint.get("/login/code")(second_step_owed)
    blueprint.post("/login/code")(do_second_step)
    blueprint.post("/logout")(log_out)


@needs("anyone")
def entrance() -> Response:
    """To the queue for who has come in, else to the log-in."""
    return redirect(url_for("desk.queue" if visitor() else "desk.log_in"), 303)


@needs("anyone")
def log_in() -> Response:
    """The log-in page."""
    if visitor():
        return redirect(_after_log_in(), 303)
    return _door()


@needs("anyone")
def do_log_in() -> Response:
    """Check e-mail and password; a language chosen at the door becomes the person's own."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    try:
        come = accounts.log_in(service().db, email, password, *from_where(), utcnow())
    except WrongPassword as wrong:
        return _door(403, email=email, tries_left=wrong.tries_left)
    except Throttled as throttled:
        return told_to_wait(throttled, email=email)
    return let_in(come, way())


@needs("anyone")
def second_step_owed() -> Response:
    """Where the code is typed, for who has shown the first step."""
    if visitor():
        return redirect(_after_log_in(), 303)
    if not accounts.is_half_way(service().db, _half(), utcnow()):
        return redirect(url_for("desk.log_in", **way()), 303)
    return _code_door()


@needs("anyone")
def do_second_step() -> Response:
    """Check the code; what is over leads back to the beginning."""
    key, code = service().settings.secret_key, request.form.get("code", "")
    try:
        come = accounts.finish(service().db, _half(), code, *from_where(), key, utcnow())
    except NotFound:
        return redirect(url_for("desk.log_in", **way()), 303)
    except WrongCode as wrong:
        return _code_door(403, tries_left=wrong.tries_left)
    except Throttled as throttled:
        return _told_to_wait(_code_door(429, **_wait(throttled)), throttled)
    response = let_in(come, way())
    forms.drop_cookie(response, "tuzet-half")
    return response


def refused(status: int, why_not: str, **values: object) -> Response:
    """The log-in page, with what stood in the way."""
    return _door(status, why_not=why_not, **values)


def let_in(come: LoggedIn | HalfWay, onward: Mapping[str, Any]) -> Response:
    """The browser of who has come in goes where they wanted; of who owes a code, to its form."""
    if isinstance(come, HalfWay):
        response = redirect(url_for("desk.second_step_owed", **onward), 303)
        lasts = int(accounts.HALF_LASTS.total_seconds())
        forms.set_cookie(response, "tuzet-half", come.cookie, lasts)
        return response
    if chosen := known_language(onward.get("lang")):
        with service().db.write() as session:
            accounts.speak(session, come.desk_session.user_id, chosen)
    response = redirect(onward.get("next") or url_for("desk.queue"), 303)
    forms.set_cookie(response, "tuzet", come.cookie, int(accounts.LASTS.total_seconds()))
    forms.drop_cookie(response, "tuzet-door")
    return response


@needs("anyone")
def log_out() -> Response:
    """End this session; the log-in page then speaks the person's language."""
    language = request.args.get("lang")
    if visitor():
        language = visit().user.language
        with service().db.write() as session:
            accounts.log_out(session, visit().session.id)
    response = redirect(url_for("desk.log_in", lang=language, next=_next()), 303)
    forms.drop_cookie(response, "tuzet")
    return response


def _door(status: int = 200, **values: object) -> Response:
    provider = service().settings.provider
    told = request.args.get("told") if request.method == "GET" else None
    shown = {"way": way(), "provider": provider, "told": told, **values}
    return forms.keep_door(page("desk/login.html", status, **shown))


def told_to_wait(throttled: Throttled, **values: object) -> Response:
    """The log-in page, with how long to wait."""
    return _told_to_wait(_door(429, **_wait(throttled), **values), throttled)


def _code_door(status: int = 200, **values: object) -> Response:
    return forms.keep_door(page("desk/code.html", status, way=way(), **values))


def way() -> dict[str, Any]:
    """Where to go afterwards, and the language that was chosen here."""
    return {"next": _next(), "lang": request.args.get("lang")}


def from_where() -> tuple[str, str]:
    """The asker's network and browser."""
    return reader_network(request.remote_addr or ""), request.headers.get("User-Agent", "")


def _half() -> str:
    return request.cookies.get(forms.cookie_name("tuzet-half"), "")


def _wait(throttled: Throttled) -> dict[str, int]:
    return {"wait_minutes": -(-throttled.retry_after // 60)}


def _told_to_wait(response: Response, throttled: Throttled) -> Response:
    response.headers["Retry-After"] = str(throttled.retry_after)
    return response


def _after_log_in() -> str:
    return _next() or url_for("desk.queue")


def _next() -> str | None:
    """Where the person wanted to go: a path of our own, never an address elsewhere."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted)
    own = wanted.startswith("/") and wanted.isprintable() and not parts.netloc and not parts.scheme
    return wanted if own and not wanted.startswith(("//", "/\\")) else None

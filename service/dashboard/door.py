"""Coming in and going out."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from core import accounts
from core.accounts import WrongPassword
from core.clock import utcnow
from core.errors import Throttled
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
    address, agent = (
        reader_network(request.remote_addr or ""),
        request.headers.get("User-Agent", ""),
    )
    try:
        come = accounts.log_in(service().db, email, password, address, agent, utcnow())
    except WrongPassword as wrong:
        return _door(403, email=email, tries_left=wrong.tries_left)
    except Throttled as throttled:
        response = _door(429, email=email, wait_minutes=-(-throttled.retry_after // 60))
        response.headers["Retry-After"] = str(throttled.retry_after)
        return response
    if chosen := known_language(request.args.get("lang")):
        with service().db.write() as session:
            accounts.speak(session, come.desk_session.user_id, chosen)
    response = redirect(_after_log_in(), 303)
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
    response = redirect(url_for("desk.log_in", lang=language), 303)
    forms.drop_cookie(response, "tuzet")
    return response


def _door(status: int = 200, **values: object) -> Response:
    way = {"next": _next(), "lang": request.args.get("lang")}
    return forms.keep_door(page("desk/login.html", status, way=way, **values))


def _after_log_in() -> str:
    return _next() or url_for("desk.queue")


def _next() -> str | None:
    """Where the person wanted to go: a path of our own, never an address elsewhere."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted)
    own = wanted.startswith("/") and not parts.netloc and not parts.scheme
    return wanted if own and not wanted.startswith(("//", "/\\")) else None

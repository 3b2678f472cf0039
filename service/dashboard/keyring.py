"""A person's own ways in: where they are logged in, the tokens of their programs, their feed."""

from datetime import timedelta

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from core import accounts, tokens
from core.accounts import WrongPassword
from core.clock import utcnow
from core.errors import Invalid, Throttled
from service.context import service
from service.dashboard.access import needs, visit
from service.dashboard.asking import demand_password
from service.dashboard.browsers import browser_name
from service.dashboard.rendering import page

PERIODS = {"30": timedelta(days=30), "90": timedelta(days=90), "365": timedelta(days=365), "": None}
_BLANK = {"name": "", "scope": "read", "lasts": "90"}  # the form of a new token, untouched


def register(blueprint: Blueprint) -> None:
    """The addresses of the ways in."""
    blueprint.get("/profile/access")(keyring)
    blueprint.post("/profile/sessions/<session_id>/end")(end_session)
    blueprint.post("/profile/sessions/end")(end_other_sessions)
    blueprint.post("/profile/tokens")(add_token)
    blueprint.post("/profile/tokens/<int:token_id>/forget")(forget_token)
    blueprint.post("/profile/feed")(renew_feed)


@needs("viewer")
def keyring() -> Response:
    """Sessions and tokens."""
    return _page(200, told=request.args.get("done"))


@needs("viewer")
def end_session(session_id: str) -> Response:
    """End one session; one's own leads back to the door."""
    with service().db.write() as session:
        accounts.end_session(session, visit().user.id, session_id)
    return redirect(url_for("desk.keyring", done="ended"), 303)


@needs("viewer")
def end_other_sessions() -> Response:
    """End all sessions but this one."""
    with service().db.write() as session:
        accounts.end_sessions(session, visit().user.id, visit().session.id)
    return redirect(url_for("desk.keyring", done="ended"), 303)


@needs("viewer")
def add_token() -> Response:
    """Make a token, for who says the password again; it is shown this once."""
    now, here = utcnow(), visit()
    typed = {
        field: request.form.get(field, kept).replace("\0", "") for field, kept in _BLANK.items()
    }
    try:
        demand_password(now)
        with service().db.write() as session:
            lasts = PERIODS.get(typed["lasts"], PERIODS["90"])
            name = typed["name"].strip()
            made = tokens.add(session, here.user, name, now, typed["scope"], lasts)
            accounts.note_act(session, here.user.email, "token", name, None, now)
    except WrongPassword:
        return _page(403, wrong="password", typed=typed)
    except Throttled as throttled:
        answer = _page(429, wrong="throttled", typed=typed)
        answer.headers["Retry-After"] = str(throttled.retry_after)
        return answer
    except Invalid as wrong:
        return _page(422, wrong=wrong.errors[0].field, typed=typed)
    return _page(201, made=made)


@needs("viewer")
def forget_token(token_id: int) -> Response:
    """End a token; what uses it is told at once."""
    now, here = utcnow(), visit()
    with service().db.write() as session:
        ended = tokens.forget(session, token_id, here.user.id)
        accounts.note_act(session, here.user.email, "token ended", ended.name, None, now)
    return redirect(url_for("desk.keyring", done="forgotten"), 303)


@needs("viewer")
def renew_feed() -> Response:
    """A new address for one's feed; the old ones end."""
    with service().db.write() as session:
        accounts.renew_feed(session, visit().user.id)
    return redirect(url_for("desk.keyring", done="feed"), 303)


def _page(status: int, **values: object) -> Response:
    now, here = utcnow(), visit()
    with service().db.read() as session:
        sessions = accounts.sessions_of(session, here.user.id, now)
        kept = tokens.tokens_of(session, here.user.id)
    shown = {
        "told": None,
        "wrong": None,
        "typed": _BLANK,
        "made": None,
        "browser_name": browser_name,
        **values,
    }
    return page("desk/keyring.html", status, sessions=sessions, tokens=kept, now=now, **shown)

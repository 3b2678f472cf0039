"""Forms that only this desk can have made.

Every form carries a token: the session's own, or before the log-in one that fits a cookie of the
browser. A browser that says a form comes from another site is refused even with a token. Our own
forms may arrive with `Origin: null` (a page opened under a strict referrer policy), so a null
origin alone says nothing; the browser's word about the site does.
"""

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from flask import g, request
from werkzeug.wrappers import Response

from core.errors import Forbidden
from core.models import DeskSession
from service.context import service

FIELD = "form_token"


class RefusedForm(Forbidden):
    """A form that no page of this person's session has made."""


LARGEST_ID = 2**63 - 1  # what a database key can be


def read_id(text: str) -> int | None:
    """A key of the database as it stands in a form or an address; None for what is none."""
    if not text.isascii() or not text.isdigit() or len(text) > 19:
        return None
    return int(text) if int(text) <= LARGEST_ID else None


def cookie_name(name: str) -> str:
    """A cookie's name; over https the browser itself sees to it that no other host sets it."""
    return f"__Host-{name}" if service().settings.https else name


def set_cookie(response: Response, name: str, value: str, max_age: int | None) -> None:
    """Give the browser a cookie that no script and no other site can use."""
    response.set_cookie(
        cookie_name(name),
        value,
        max_age=max_age,
        path="/",
        secure=service().settings.https,
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(response: Response, name: str) -> None:
    """Take a cookie back."""
    set_cookie(response, name, "", max_age=0)


def form_token() -> str:
    """The token for a form of the present page."""
    if g.visit is not None:
        return str(g.visit.session.form_token)
    return _door_token(door_secret())


def door_secret() -> str:
    """The random value by which a browser is known before the log-in; `keep_door` sends it."""
    if "door" not in g:
        g.door = request.cookies.get(cookie_name("tuzet-door")) or secrets.token_urlsafe(24)
    return str(g.door)


def keep_door(response: Response) -> Response:
    """Let the browser keep its random value for as long as it stays open."""
    set_cookie(response, "tuzet-door", door_secret(), max_age=None)
    return response


def check_form(session: DeskSession | None) -> None:
    """Raise RefusedForm for a form that another site sent or that does not carry its token."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site" or _is_foreign():
        raise RefusedForm("This form was sent from another site.")
    cookie = request.cookies.get(cookie_name("tuzet-door"), "")
    wanted = session.form_token if session else _door_token(cookie)
    given = request.form.get(FIELD, "")
    if not hmac.compare_digest(given.encode(errors="replace"), wanted.encode()):
        raise RefusedForm("The form is out of date. Load its page again and repeat.")


def _is_foreign() -> bool:
    origin = request.headers.get("Origin")
    if origin in (None, "null"):
        return False
    return origin not in (_origin(request.host_url), _origin(service().settings.base_url))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _door_token(cookie: str) -> str:
    """Nobody can make one for an empty cookie: the key is not known outside."""
    key = f"door {service().settings.secret_key}".encode()
    return hmac.new(key, cookie.encode(errors="replace"), hashlib.sha256).hexdigest()

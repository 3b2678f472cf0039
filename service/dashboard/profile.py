"""A person's own settings: name, language, theme and password."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from core import accounts
from core.accounts import WrongPassword
from core.clock import utcnow
from core.errors import Forbidden, Invalid, Throttled
from service.context import service
from service.dashboard.access import needs, visit
from service.dashboard.rendering import page
from service.limits import reader_network


def register(blueprint: Blueprint) -> None:
    """The addresses of the profile."""
    blueprint.get("/profile")(profile)
    blueprint.post("/profile")(change_profile)
    blueprint.post("/profile/password")(change_password)


@needs("viewer")
def profile() -> Response:
    """The page of a person's own settings."""
    return _page(200, told=request.args.get("done"))


@needs("viewer")
def change_profile() -> Response:
    """Name, language and theme."""
    form, user = request.form, visit().user
    typed = {name: form.get(name, getattr(user, name)) for name in ("name", "language", "theme")}
    try:
        with service().db.write() as session:
            accounts.set_profile(session, user.id, **typed)
    except Invalid as wrong:
        return _page(422, wrong=wrong.errors[0].field, typed=typed)
    return redirect(url_for("desk.profile", done="profile"), 303)


@needs("viewer")
def change_password() -> Response:
    """A new password; every other session of the person ends."""
    form, here, now = request.form, visit(), utcnow()
    address = reader_network(request.remote_addr or "")
    old, new = form.get("old", ""), form.get("new", "")
    try:
        if accounts.has_password(here.user):
            accounts.change_password(
                service().db, here.user, old, new, here.session.id, address, now
            )
        else:
            accounts.set_first_password(service().db, here.session, new, now)
    except Invalid as wrong:
        return _page(422, wrong="old" if wrong.errors[0].field == "password" else "new")
    except WrongPassword:
        return _page(403, wrong="old")
    except Forbidden:
        return _page(403, wrong="stale")
    except Throttled as throttled:
        response = _page(429, wrong="throttled")
        response.headers["Retry-After"] = str(throttled.retry_after)
        return response
    return redirect(url_for("desk.profile", done="password"), 303)


def _page(status: int, **values: object) -> Response:
    provider = service().settings.provider
    name = provider.name if provider else "OpenID Connect"
    known = accounts.has_password(visit().user)
    return page("desk/profile.html", status, has_password=known, provider_name=name, **values)

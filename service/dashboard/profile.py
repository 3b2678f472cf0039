"""A person's own settings: name, language, theme, password, and where they are logged in."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from core import accounts
from core.accounts import WrongPassword
from core.clock import utcnow
from core.errors import Invalid, Throttled
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
    return page("desk/profile.html", told=request.args.get("done"))


@needs("viewer")
def change_profile() -> Response:
    """Name, language and theme."""
    form, user = request.form, visit().user
    try:
        with service().db.write() as session:
            accounts.set_profile(
                session,
                user.id,
                form.get("name", user.name),
                form.get("language", user.language),
                form.get("theme", user.theme),
            )
    except Invalid as wrong:
        return page("desk/profile.html", 422, wrong=wrong.errors[0].field)
    return redirect(url_for("desk.profile", done="profile"), 303)


@needs("viewer")
def change_password() -> Response:
    """A new password; every other session of the person ends."""
    form, here = request.form, visit()
    address = reader_network(request.remote_addr or "")
    old, new = form.get("old", ""), form.get("new", "")
    try:
        accounts.change_password(
            service().db, here.user, old, new, here.session.id, address, utcnow()
        )
    except Invalid:
        return page("desk/profile.html", 422, wrong="new")
    except WrongPassword:
        return page("desk/profile.html", 403, wrong="old")
    except Throttled as throttled:
        response = page("desk/profile.html", 429, wrong="throttled")
        response.headers["Retry-After"] = str(throttled.retry_after)
        return response
    return redirect(url_for("desk.profile", done="password"), 303)

"""Who may come into which room of the desk. A view that does not say so lets nobody in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar, cast
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from core import accounts
from core.clock import utcnow
from core.errors import Forbidden, NotFound
from core.history import Actor
from core.i18n import Translator, translator
from core.models import DeskSession, User
from core.rights import Rights, rights_of
from service.context import service
from service.dashboard import forms
from service.dashboard.typed import kept, sent_here
from service.languages import language_of_request

Right = Literal["anyone", "viewer", "editor", "admin", "owner"]
View = TypeVar("View", bound=Callable[..., object])


@dataclass(frozen=True)
class Visit:
    """One request of a person who has come in."""

    session: DeskSession
    rights: Rights

    @property
    def user(self) -> User:
        return self.session.user

    @property
    def actor(self) -> Actor:
        """The person as the history of a case names them."""
        return Actor(self.user.email, "desk", self.user.id)


def recognise() -> bool:
    """Whether a person of the desk asks for an address that no view has; then they are answered
    in their language."""
    g.visit = _visit_of(request.cookies.get(forms.cookie_name("tuzet")))
    g.spoken = translator(_language())
    return g.visit is not None


def needs(right: Right, *, asks_who: bool = True) -> Callable[[View], View]:
    """Say who may use a view. Below `anyone` a role on some site; which one, core looks itself.

    A view that does not even ask who it is reads no data: it answers while the database is away.
    """

    def mark(view: View) -> View:
        view.right = right  # type: ignore[attr-defined]
        view.asks_who = asks_who  # type: ignore[attr-defined]
        return view

    return mark


def right_of(endpoint: str) -> Right | None:
    """What a view asks for; None for one that does not say."""
    return getattr(current_app.view_functions[endpoint], "right", None)


def register(blueprint: Blueprint) -> None:
    """Stand at the door of every view."""
    blueprint.before_request(_admit)


def visit() -> Visit:
    """The person who asks. Only in views that need a role."""
    return cast(Visit, g.visit)


def visitor() -> Visit | None:
    """The person who asks, if they have come in."""
    return cast(Visit | None, g.get("visit"))


def spoken() -> Translator:
    """The words of the person who asks."""
    return cast(Translator, g.spoken)


def speak(language: str) -> None:
    """Answer in this language, which the address of the request does not say."""
    g.spoken = translator(language)


def _admit() -> Response | None:
    cookie = request.cookies.get(forms.cookie_name("tuzet"))
    view = current_app.view_functions.get(request.endpoint or "")
    g.visit = _visit_of(cookie) if getattr(view, "asks_who", True) else None
    g.spoken = translator(_language())
    right = right_of(request.endpoint or "")
    if right is None:
        raise Forbidden("This page says for nobody that they may see it.")
    if right != "anyone":
        if g.visit is None and kept(g.spoken, sent_here()):
            abort(401)
        if g.visit is None:
            return redirect(url_for("desk.log_in", next=_way_back(), told=_why_here()), 303)
        _demand(visit().rights, right)
    if any(isinstance(n, int) and n > forms.LARGEST_ID for n in (request.view_args or {}).values()):
        raise NotFound("There is nothing with this number.")
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        forms.check_form(g.visit.session if g.visit else None)
    return None


def _visit_of(cookie: str | None) -> Visit | None:
    found = accounts.current(service().db, cookie, utcnow()) if cookie else None
    return Visit(found, rights_of(found.user)) if found else None


def _language() -> str:
    known = g.visit.user.language if g.visit else None
    return language_of_request(known) if known else language_of_request()


def _demand(rights: Rights, right: Right) -> None:
    if rights.site_ids(right) == frozenset():
        raise Forbidden(f"This needs the role {right}.")


def came_from() -> str | None:
    """The page of the desk from which a form came, as far as the browser tells it."""
    came = urlsplit(request.referrer or "")
    if came.netloc != request.host:
        return None
    return came.path + (f"?{came.query}" if came.query else "")


def _why_here() -> str | None:
    """What the log-in page tells: that what a form wanted was not done, or that the log-in has
    ended; nothing to who has not come in yet."""
    if request.method != "GET":
        return "unsaved"
    return "ended" if request.cookies.get(forms.cookie_name("tuzet")) else None


def _way_back() -> str | None:
    """Where to go after the log-in: to pages only. What a form wanted to do is asked again, on the
    page that it came from."""
    return request.full_path.rstrip("?") if request.method == "GET" else came_from()

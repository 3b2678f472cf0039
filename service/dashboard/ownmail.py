"""What a person wants to hear by mail: rhythm, quiet hours, own articles, mentions, or nothing."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from core import recipients, tending
from core.errors import Invalid
from core.models import User
from service.context import service
from service.dashboard.access import needs, spoken, visit
from service.dashboard.rendering import page
from service.dashboard.settings.rhythm import (
    WORDS,
    retyped_rhythm,
    shown_rhythm,
    typed_rhythm,
    word_of,
)

_WISHES = ("mentions", "articles", "weekly", "is_off")


def register(blueprint: Blueprint) -> None:
    """The address of one's own mail."""
    blueprint.get("/profile/mail")(own_mail)
    blueprint.post("/profile/mail")(set_own_mail)


@needs("viewer")
def own_mail() -> Response:
    """What is settled about it."""
    return _page(200, told=request.args.get("done"))


@needs("viewer")
def set_own_mail() -> Response:
    """Settle it, for all of the person's sites."""
    form, given = request.form, typed_rhythm(request.form)
    wishes = {name: name in form for name in _WISHES}
    try:
        with service().db.write() as session:
            user = session.get_one(User, visit().user.id)
            tending.set_own_mail(session, user, wishes, given)
    except Invalid as wrong:
        faults = {error.field: error.message for error in wrong.errors}
        typed = retyped_rhythm(form, given)
        return _page(422, faults=faults, rhythm=typed, wishes=wishes)
    return redirect(url_for("desk.own_mail", done="saved"), 303)


def _page(status: int, **values: object) -> Response:
    with service().db.read() as session:
        own = recipients.own_mail_of(session, visit().user.id)
    shown = {
        "told": None,
        "faults": {},
        "wishes": {name: getattr(own, name) for name in _WISHES},
        "rhythm": shown_rhythm(tending.rhythm_of(own.rhythm)),
        "rhythm_words": [(word, word_of(spoken(), word)) for word in WORDS],
        "word_of": lambda word: word_of(spoken(), word),
        **values,
    }
    return page("desk/own_mail.html", status, **shown)

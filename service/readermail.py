"""A reader's own page from a message: `/mail/<token>` stops the messages or asks for more.

Mail scanners fetch every link, so only POST changes anything. Mail programs stop with one click
by a POST of their own (RFC 8058).
"""

from flask import Blueprint, Response, make_response, render_template, request

from core import readermail
from core.clock import utcnow
from core.errors import FieldError, Forbidden, Invalid
from core.i18n import translator
from core.readermail import Choice
from service.context import service
from service.languages import LANGUAGE_NAMES, language_of_request
from service.quiet import keep_quiet

blueprint = Blueprint("readermail", __name__)
blueprint.after_request(keep_quiet)


@blueprint.get("/mail/<token>")
def show(token: str) -> Response:
    """What the reader has chosen, and the buttons to choose otherwise."""
    with service().db.read() as session:
        return _page(readermail.find(session, service().settings, token), chosen=False)


@blueprint.post("/mail/<token>")
def choose(token: str) -> Response:
    """Stop the messages, or ask for one about each report."""
    one_click = request.form.get("List-Unsubscribe") == "One-Click"
    if request.headers.get("Sec-Fetch-Site") == "cross-site" and not one_click:
        raise Forbidden("Open the link from the mail and press the button there.")
    choice = "stop" if one_click else request.form.get("choice")
    if choice not in ("stop", "more"):
        raise Invalid(FieldError("choice", "must be stop or more"))
    with service().db.write() as session:
        reader = readermail.find(session, service().settings, token, lock=True)
        if choice == "stop":
            readermail.stop(reader, utcnow())
        else:
            readermail.confirm(reader, utcnow(), service().settings)
        return _page(reader, chosen=True)


def _page(choice: Choice, *, chosen: bool) -> Response:
    t = translator(language_of_request(default=choice.site.language))
    return make_response(
        render_template(
            "reader/mail.html",
            t=t,
            _=t.gettext,
            languages=LANGUAGE_NAMES,
            site=choice.site,
            choice=choice,
            chosen=chosen,
        )
    )

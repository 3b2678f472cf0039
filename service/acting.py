"""Acting from a mail: `/act/<token>` shows a case and one button; only pressing it acts.

Mail scanners fetch every link, so GET and HEAD change nothing. The token in the address is the
secret, so no log-in and no form token is needed; the page tells no other server where it was.
"""

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from sqlalchemy.orm import Session

from core import accounts, actionlinks, delivery, linkstate, triage, workflow
from core.clock import utcnow
from core.errors import Conflict, Forbidden, NotFound
from core.i18n import Translator, translator
from core.i18n.moments import moment
from core.i18n.words import resolution_word, status_word
from core.linkstate import LinkState
from core.messages.items import verb_label
from core.models import Channel
from core.signals import DELIVER
from core.text.fragment import at_place
from core.text.passage import Pair, pair_of, passage_of
from service import deeds
from service.context import service
from service.dashboard.forms import cookie_name
from service.languages import LANGUAGE_NAMES, language_of_request
from service.quiet import keep_quiet

blueprint = Blueprint("acting", __name__)
blueprint.after_request(keep_quiet)


@blueprint.errorhandler(NotFound)
def _over(_fault: NotFound) -> Response:
    """A link that is wrong or over looks the same, and leads on to the desk."""
    t = translator(language_of_request())
    desk = f"{service().settings.base_url}/"
    page = render_template(
        "acting/over.html", t=t, _=t.gettext, languages=LANGUAGE_NAMES, desk=desk
    )
    return make_response(page, 404)


@blueprint.get("/act/<token>")
def show(token: str) -> Response:
    """The case, and the button if there is still something to do."""
    now = utcnow()
    action = actionlinks.read(service().settings, token, now)
    with service().db.read() as session:
        state = linkstate.state_of(session, action, now)
        return _page(state, foreign=_is_anothers(state))


@blueprint.post("/act/<token>")
def act(token: str) -> Response:
    """Do what the link is for, once; after that, say who has done it, and take it back if asked."""
    _refuse_foreign()
    now = utcnow()
    action = actionlinks.read(service().settings, token, now)
    resolution = request.form.get("resolution")
    undone = request.form.get("undo")
    if action.verb == "dismiss" and not undone and resolution not in workflow.RESOLUTIONS:
        with service().db.read() as session:
            state = linkstate.state_of(session, action, now)
            foreign = _is_anothers(state)
            return _page(state, foreign=foreign, unreasoned=state.can_act and not foreign)
    with service().db.write() as session:
        state = linkstate.state_of(session, action, now, lock=True)
        if _is_anothers(state):
            return _page(state, foreign=True)
        acted = _undo(session, state, undone) if undone else _act(session, state, resolution)
        if acted:
            state = linkstate.state_of(session, action, utcnow())
        page = _page(state, acted=acted)
    if acted:
        service().bell.ring(DELIVER)
    return page


def _act(session: Session, state: LinkState, resolution: str | None) -> bool:
    if not state.can_act:
        return False
    settings = service().settings
    verb, case = state.action.verb, state.case
    deeds.do(session, case, verb, resolution, state.actor, state.user, utcnow(), settings)
    return True


def _undo(session: Session, state: LinkState, version: str) -> bool:
    """Take back what this link has done, if nothing has happened since the page was shown."""
    case = state.case
    if not state.can_undo or version != str(case.version):
        return False
    try:
        triage.undo(session, case.id, case.version, state.actor, utcnow(), service().settings)
    except Conflict:  # nothing is left to take back
        return False
    return True


@blueprint.get("/stop/<token>")
def show_stop(token: str) -> Response:
    """Which mails would end, and one button."""
    channel_id = actionlinks.read_stop(service().settings, token)
    with service().db.read() as session:
        return _stop_page(_channel(session, channel_id), acted=False)


@blueprint.post("/stop/<token>")
def stop(token: str) -> Response:
    """End the mails to one address: by the button, or by one click of a mail program (RFC 8058)."""
    if request.form.get("List-Unsubscribe") != "One-Click":
        _refuse_foreign()
    channel_id = actionlinks.read_stop(service().settings, token)
    with service().db.write() as session:
        channel = _channel(session, channel_id)
        delivery.unsubscribe(session, channel, utcnow())
        page = _stop_page(channel, acted=True)
    service().bell.ring(DELIVER)
    return page


def _channel(session: Session, channel_id: int) -> Channel:
    channel = session.get(Channel, channel_id)
    if channel is None:
        raise NotFound("This link is not valid.")
    return channel


def _stop_page(channel: Channel, acted: bool) -> Response:
    t = translator(language_of_request(channel.language))
    page = render_template(
        "acting/stop.html",
        t=t,
        _=t.gettext,
        languages=LANGUAGE_NAMES,
        site=channel.site.name,
        address=channel.target,
        stopped=bool(channel.options.get("stopped")),
        acted=acted,
        desk=f"{service().settings.base_url}/",
    )
    return make_response(page)


def _refuse_foreign() -> None:
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Forbidden("Open the link from the mail and press the button there.")


def _is_anothers(state: LinkState) -> bool:
    """A link sent to one person does nothing in the browser of somebody else who has logged in."""
    cookie = request.cookies.get(cookie_name("tuzet"))
    found = accounts.current(service().db, cookie, utcnow()) if cookie else None
    return state.user is not None and found is not None and found.user_id != state.user.id


def _page(
    state: LinkState, *, acted: bool = False, unreasoned: bool = False, foreign: bool = False
) -> Response:
    t = translator(language_of_request(state.language))
    case = state.case
    values: dict[str, Any] = {
        "t": t,
        "_": t.gettext,
        "ngettext": t.ngettext,
        "languages": LANGUAGE_NAMES,
        "case": case,
        "verb": state.action.verb,
        "label": verb_label(t, state.action.verb),
        "undoable": acted and state.can_undo,
        "can_act": state.can_act and not foreign,
        "sent_to": state.actor.name if foreign else None,
        "acted": acted,
        "is_used": state.deed is not None and state.waits,
        "unreasoned": unreasoned,
        "status": status_word(t, "regressed" if case.regressed else case.status),
        "decided": _decided(t, state),
        "passage": passage_of(case.exact, case.prefix, case.suffix) if case.exact else None,
        "pair": _pair(state),
        "resolutions": [(name, resolution_word(t, name)) for name in workflow.RESOLUTIONS],
        "desk": f"{service().settings.base_url}/cases/{case.id}",
        "place": _place(state),
        "expires": moment(t, state.action.expires_at, case.site.timezone, utcnow()),
    }
    refused = 403 if foreign and request.method == "POST" else 200
    status = 422 if unreasoned else refused
    return make_response(render_template("acting/page.html", **values), status)


def _pair(state: LinkState) -> Pair | None:
    case = state.case
    return pair_of(case.exact, case.suggestion, case.prefix, case.suffix) if case.exact else None


def _place(state: LinkState) -> str | None:
    case = state.case
    if not case.page.link.startswith(("http://", "https://")):
        return None
    return at_place(case.page.link, case.exact, case.prefix, case.suffix)


def _decided(t: Translator, state: LinkState) -> str | None:
    if state.decision is None:
        return None
    return deeds.told(t, state.decision, state.actor.name, state.case.site.timezone, utcnow())

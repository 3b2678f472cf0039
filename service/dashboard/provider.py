"""Coming in through the installation's OpenID Connect provider."""

import hmac

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from core import accounts, openid
from core.accounts import NotInvited
from core.clock import utcnow
from core.errors import NotFound, Throttled
from core.i18n import known_language
from core.openid import Attempt, NotBelieved, ProviderFault
from core.settings import Provider
from service.context import service
from service.dashboard import door, forms
from service.dashboard.access import needs, speak, spoken
from service.outside import make_outside


def register(blueprint: Blueprint) -> None:
    """The addresses of the way through the provider."""
    blueprint.get("/login/provider")(leave_for_provider)
    blueprint.get("/login/provider/back")(come_from_provider)
    blueprint.get("/join/<secret>/provider")(join_through_provider)


@needs("anyone")
def leave_for_provider() -> Response:
    """To the provider; a cookie remembers which browser went."""
    return _leave(None)


@needs("anyone")
def join_through_provider(secret: str) -> Response:
    """The same for who follows an invitation."""
    return _leave(secret)


@needs("anyone")
def come_from_provider() -> Response:
    """Back from there: what the provider says is checked, and used once."""
    provider, now = _provider(), utcnow()
    cookie = request.cookies.get(forms.cookie_name("tuzet-arrival"), "")
    attempt = openid.attempt_of(cookie)
    try:
        with service().db.write() as session:
            half = accounts.take_half(session, _own(cookie, attempt), now)
    except NotFound:
        return door.refused(400, "arrival")
    onward = {name: half.data.get(name) for name in ("next", "lang")}
    speak(known_language(onward["lang"]) or spoken().language)
    try:
        code, outside = _code(provider), make_outside(service().settings)
        who = openid.redeem(provider, code, attempt, _back(), outside, now)
        with service().db.write() as session:
            agent, language = door.from_where()[1], spoken().language
            come = accounts.arrive(session, half, who, agent, language, now)
    except NotInvited as unknown:
        return door.refused(403, "unknown", way=onward, who=unknown.email)
    except NotBelieved as fault:
        return door.refused(403, "believed", way=onward, why=str(fault))
    except ProviderFault as fault:
        return door.refused(502, "away", way=onward, why=str(fault))
    response = door.let_in(come, onward)
    forms.drop_cookie(response, "tuzet-arrival")
    return response


def _leave(secret: str | None) -> Response:
    provider, now = _provider(), utcnow()
    try:
        with service().db.write() as session:
            accounts.note_departure(session, door.from_where()[0], now)
        metadata = openid.discover(provider, make_outside(service().settings))
    except Throttled as throttled:
        return door.told_to_wait(throttled)
    except ProviderFault as fault:
        return door.refused(502, "away", why=str(fault))
    with service().db.write() as session:
        half = accounts.begin_arrival(session, secret, door.way(), now)
    attempt = openid.attempt_of(half.cookie)
    response = redirect(openid.authorisation_address(provider, metadata, attempt, _back()), 303)
    lasts = int(accounts.HALF_LASTS.total_seconds())
    forms.set_cookie(response, "tuzet-arrival", half.cookie, lasts)
    return response


def _own(cookie: str, attempt: Attempt) -> str:
    """The cookie of the browser that began. Raises NotFound for a state made for another one."""
    state = request.args.get("state", "").encode(errors="replace")
    if not cookie or not hmac.compare_digest(state, attempt.state.encode()):
        raise NotFound("This answer belongs to another browser.")
    return cookie


def _code(provider: Provider) -> str:
    """The code to exchange. Raises NotBelieved where the provider has sent none of its own."""
    if request.args.get("iss", provider.issuer) != provider.issuer:
        raise NotBelieved("the answer names another issuer")
    if "code" not in request.args:
        raise NotBelieved("the provider has let nobody in")
    return request.args["code"]


def _provider() -> Provider:
    found = service().settings.provider
    if found is None:
        raise NotFound("This installation has no provider.")
    return found


def _back() -> str:
    """Where the provider sends people back to; its operator has to know this address."""
    return service().settings.base_url + url_for("desk.come_from_provider")

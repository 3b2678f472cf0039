"""The second step of one's own log-in: turned on, used, renewed, turned off."""

import segno
from flask import Blueprint, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from core import accounts
from core.accounts import WrongPassword
from core.accounts.secondstep import Setup
from core.clock import utcnow
from core.errors import Conflict, Invalid, NotFound, Throttled
from service.context import service
from service.dashboard.access import needs, visit
from service.dashboard.asking import demand_password
from service.dashboard.rendering import page

_Refusal = Invalid | WrongPassword | Throttled | Conflict | NotFound


def register(blueprint: Blueprint) -> None:
    """The addresses of the second step."""
    blueprint.get("/profile/second-step")(second_step)
    blueprint.post("/profile/second-step/begin")(begin_second_step)
    blueprint.post("/profile/second-step/on")(turn_on)
    blueprint.post("/profile/second-step/codes")(renew_codes)
    blueprint.post("/profile/second-step/off")(turn_off)


@needs("viewer")
def second_step() -> Response:
    """Whether it is on, and what can be done about it."""
    return _page(200, told=request.args.get("done"))


@needs("viewer")
def begin_second_step() -> Response:
    """A secret for the device, for who says the password again; shown in this answer only."""
    now, user = utcnow(), visit().user
    try:
        demand_password(now)
        with service().db.write() as session:
            setup = accounts.begin_setup(session, user, service().settings.secret_key, now)
    except (Invalid, WrongPassword, Throttled, Conflict) as refused:
        return _refused(refused)
    return _setup_page(200, setup)


@needs("viewer")
def turn_on() -> Response:
    """The device's first code; the recovery codes are shown in this answer only."""
    now, here = utcnow(), visit()
    key, code = service().settings.secret_key, request.form.get("code", "")
    try:
        with service().db.write() as session:
            codes = accounts.turn_on(session, here.user, code, here.session.id, key, now)
    except Invalid:
        with service().db.read() as session:
            setup = accounts.setup_of(session, here.user, key, now)
        return _setup_page(422, setup, wrong="code")
    except (Conflict, NotFound) as refused:
        return _refused(refused)
    return page("desk/recovery.html", codes=codes)


@needs("viewer")
def renew_codes() -> Response:
    """New recovery codes, for who says the password again."""
    now = utcnow()
    try:
        demand_password(now)
        with service().db.write() as session:
            codes = accounts.renew_codes(session, visit().user, now)
    except (Invalid, WrongPassword, Throttled, NotFound) as refused:
        return _refused(refused)
    return page("desk/recovery.html", codes=codes)


@needs("viewer")
def turn_off() -> Response:
    """A password is enough again, for who says it once more."""
    now, user = utcnow(), visit().user
    try:
        demand_password(now)
        with service().db.write() as session:
            accounts.turn_off(session, user, user.email, now)
    except (Invalid, WrongPassword, Throttled, NotFound) as refused:
        return _refused(refused)
    return redirect(url_for("desk.second_step", done="off"), 303)


def _page(status: int, **values: object) -> Response:
    with service().db.read() as session:
        found = accounts.second_step(session, visit().user.id)
        left = accounts.codes_left(session, visit().user.id)
    shown = {"told": None, "wrong": None, "setup": None, **values}
    return page("desk/second_step.html", status, factor=found, codes_left=left, **shown)


def _setup_page(status: int, setup: Setup, **values: object) -> Response:
    letters = [setup.secret[at : at + 4] for at in range(0, len(setup.secret), 4)]
    return _page(status, setup=setup, letters=letters, picture=_picture(setup), **values)


def _picture(setup: Setup) -> Markup:
    """The QR code, black on white whatever the theme: not every camera reads the reverse."""
    code = segno.make(setup.address, error="m", micro=False)
    drawn = code.svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True)
    return Markup(drawn)  # noqa: S704 (drawn here, from a secret and an address that were checked)


def _refused(fault: _Refusal) -> Response:
    if isinstance(fault, Throttled):
        answer = _page(429, wrong="throttled")
        answer.headers["Retry-After"] = str(fault.retry_after)
        return answer
    if isinstance(fault, Conflict | NotFound):
        return _page(409, wrong="state")
    return _page(403 if isinstance(fault, WrongPassword) else 422, wrong="password")

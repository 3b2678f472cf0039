"""People and their roles, invitations, and the book of administrative acts."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from core import accounts, queries
from core.accounts import ActFilter, WrongPassword
from core.channels import PassingFailure, PermanentFailure, email
from core.clock import utcnow
from core.errors import Conflict, FieldError, Invalid, Throttled
from core.messages import inviting
from core.models import Site
from core.rights import ROLES
from service.context import service
from service.dashboard.access import needs, visit
from service.dashboard.asking import demand_password
from service.dashboard.rendering import page

ALL = "*"  # every site, in forms
FEW = 10  # acts below the people; all of them have a page of their own


def register(blueprint: Blueprint) -> None:
    """The addresses of people."""
    blueprint.get("/people")(people)
    blueprint.post("/people/invite")(invite)
    blueprint.post("/people/<int:user_id>/role")(set_role)
    blueprint.post("/people/<int:user_id>/second-step/reset")(reset_second_step)
    blueprint.post("/invitations/<int:invitation_id>/withdraw")(withdraw)


@needs("admin")
def people() -> Response:
    """Who may do what on the sites that this person administers."""
    return _page(200, told=request.args.get("done"))


@needs("admin")
def invite() -> Response:
    """Ask somebody to join; the mail goes out at once, so that a wrong address is told."""
    now, here, form = utcnow(), visit(), request.form
    address = form.get("email", "").replace("\0", "")
    try:
        demand_password(now)
        with service().db.write() as session:
            made, secret = accounts.invite(
                session,
                address,
                form.get("role", ""),
                _site_key(form.get("site", "")),
                here.user,
                here.rights,
                now,
            )
            site = session.get(Site, made.site_id) if made.site_id is not None else None
            language = site.language if site is not None else here.user.language
    except (Invalid, Conflict, WrongPassword, Throttled) as refused:
        return _refused(refused)
    settings = service().settings
    mail = inviting.invitation(made, secret, here.user.name, language, settings)
    try:
        email.send(mail, settings, utcnow)
    except (PermanentFailure, PassingFailure):
        with service().db.write() as session:
            accounts.withdraw(session, made.id, here.user, None, now)
        return _page(502, wrong="mail")
    return redirect(url_for("desk.people", done="invited"), 303)


@needs("admin")
def set_role(user_id: int) -> Response:
    """Give or take a role."""
    now, here, form = utcnow(), visit(), request.form
    allowed = here.rights.site_ids("admin")
    with service().db.read() as session:
        accounts.get_person(session, user_id, allowed)
    try:
        demand_password(now)
        with service().db.write() as session:
            site = _site(queries.sites(session, allowed), form.get("site", ""))
            user = accounts.get_person(session, user_id, allowed)
            accounts.set_role(
                session,
                user,
                site.id if site else None,
                form.get("role") or None,
                here.user,
                here.rights,
                now,
            )
    except (Invalid, Conflict, WrongPassword, Throttled) as refused:
        return _refused(refused, user_id)
    return redirect(url_for("desk.people", done="role"), 303)


@needs("admin")
def reset_second_step(user_id: int) -> Response:
    """Let somebody in by the password alone who has lost device and codes."""
    now, here = utcnow(), visit()
    allowed = here.rights.site_ids("admin")
    with service().db.read() as session:
        accounts.get_person(session, user_id, allowed)
    try:
        demand_password(now)
        with service().db.write() as session:
            person = accounts.get_person(session, user_id, allowed)
            accounts.reset_second_step(session, person, here.user, here.rights, now)
    except (Invalid, Conflict, WrongPassword, Throttled) as refused:
        return _refused(refused, user_id)
    return redirect(url_for("desk.people", done="reset"), 303)


@needs("admin")
def withdraw(invitation_id: int) -> Response:
    """End an invitation that nobody has followed."""
    allowed = visit().rights.site_ids("admin")
    with service().db.write() as session:
        accounts.withdraw(session, invitation_id, visit().user, allowed, utcnow())
    return redirect(url_for("desk.people", done="withdrawn"), 303)


def _page(status: int, **values: object) -> Response:
    here, form = visit(), request.form.items()
    allowed, owns = here.rights.site_ids("admin"), here.rights.site_ids("owner") is None
    with service().db.read() as session:
        sites = queries.sites(session, allowed)
        found = accounts.people(session, allowed)
        shown = {
            "people": found,
            "in_reach": {u.id for u in found if accounts.is_over(here.rights, here.user, u)},
            "in_two_steps": accounts.in_two_steps(session),
            "invitations": accounts.invitations(session, allowed),
            "acts": accounts.acts(session, ActFilter(allowed), None, FEW).items,
        }
    return page(
        "desk/people.html",
        status,
        **shown,
        sites=sites,
        site_names={site.id: site.name for site in sites},
        site_keys={site.id: site.key for site in sites},
        roles=ROLES if owns else ROLES[:-1],
        everywhere=allowed is None,
        owns=owns,
        typed={field: text.replace("\0", "") for field, text in form},
        **{"told": None, "wrong": None, "about": None, **values},
    )


def _refused(
    fault: Invalid | Conflict | WrongPassword | Throttled, about: int | None = None
) -> Response:
    """The page again with all that was typed but the password, and why it was refused beside the
    field; `about` is the person whose form it was."""
    if isinstance(fault, Invalid):
        return _page(422, wrong=fault.errors[0].field, about=about)
    if isinstance(fault, Conflict):
        return _page(409, wrong="held" if about is None else "last_owner", about=about)
    if isinstance(fault, Throttled):
        answer = _page(429, wrong="throttled", about=about)
        answer.headers["Retry-After"] = str(fault.retry_after)
        return answer
    return _page(403, wrong="password", about=about)


def _site_key(text: str) -> str | None:
    return None if text == ALL else text.replace("\0", "")


def _site(sites: list[Site], key: str) -> Site | None:
    """The site of a form, None for all; a foreign one is none of ours. Raises Invalid."""
    if key == ALL:
        return None
    for site in sites:
        if site.key == key:
            return site
    raise Invalid(FieldError("site", "must be one of your sites"))

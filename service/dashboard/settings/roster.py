"""Who is on duty: turns added and taken off."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from core import accounts, rulebook
from core.clock import utcnow
from core.errors import Invalid
from service.context import service
from service.dashboard.access import needs, visit
from service.dashboard.settings.frame import site_of
from service.dashboard.settings.ruleforms import faults_of, typed_moment
from service.dashboard.settings.rules import rules_page


def register(blueprint: Blueprint) -> None:
    """The roster of a site."""
    blueprint.post("/settings/<int:site_id>/duties")(add_duty)
    blueprint.post("/settings/<int:site_id>/duties/<int:duty_id>/remove")(remove_duty)


@needs("admin")
def add_duty(site_id: int) -> Response:
    """A person's turn, by the clock of the newsroom."""
    form = request.form
    try:
        with service().db.write() as session:
            site = site_of(session, site_id)
            begins = typed_moment(form, "begins_at", site.timezone)
            ends = typed_moment(form, "ends_at", site.timezone)
            person = form.get("person", "").replace("\0", "")
            rulebook.add_duty(session, site, person, begins, ends)
            accounts.note_act(session, visit().user.email, "duty added", person, site.id, utcnow())
    except Invalid as wrong:
        return rules_page(site_id, 422, faults=faults_of(wrong), duty_typed=form)
    return redirect(url_for("desk.rules", site_id=site_id, done="saved"), 303)


@needs("admin")
def remove_duty(site_id: int, duty_id: int) -> Response:
    """A turn is taken off."""
    with service().db.write() as session:
        site = site_of(session, site_id)
        turn = rulebook.find_duty(session, duty_id, frozenset({site.id}))
        person = rulebook.email_of(session, turn.user_id) or ""
        accounts.note_act(session, visit().user.email, "duty removed", person, site.id, utcnow())
        session.delete(turn)
    return redirect(url_for("desk.rules", site_id=site_id, done="removed"), 303)

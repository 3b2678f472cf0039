"""Apply in the CMS: see the change in the real source, write it, take it back."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from core import applying, cms, queries
from core.applying import Task, Way
from core.clock import utcnow
from core.cms.excerpt import excerpt_of
from core.errors import Conflict, FieldError, Invalid, StaleVersion
from core.i18n import Translator
from core.models import Case, CmsChange
from core.signals import DELIVER, READ
from service.context import service
from service.dashboard.access import needs, spoken, visit, visitor
from service.dashboard.rendering import page

_AWAY = 502
_REFUSED = 409


@dataclass(frozen=True)
class Place:
    """A site's system, for the panel on the case: its name, and what was last written there."""

    system: str
    change: CmsChange | None


def register(blueprint: Blueprint) -> None:
    """The page of a case's place in the system, and the panel that leads to it."""
    blueprint.get("/cases/<int:case_id>/cms")(cms_place)
    blueprint.post("/cases/<int:case_id>/cms")(write_in_cms)
    blueprint.context_processor(lambda: {"cms_place_of": _place_of})


@needs("editor")
def cms_place(case_id: int) -> Response:
    """What the correction would change in the source as it is now."""
    task, case = _task(case_id)
    return _shown(task, case)


@needs("editor")
def write_in_cms(case_id: int) -> Response:
    """Write the correction, or take the last one back; nothing if the source is another by now."""
    task, case = _task(case_id)
    verb = request.form.get("do", "")
    if verb not in ("apply", "revert"):
        raise Invalid(FieldError("do", "must be apply or revert"))
    try:
        done = _apply(task) if verb == "apply" else _revert(task)
    except cms.CmsError as fault:
        return _page(case, task, _AWAY, fault=str(fault))
    except Conflict as refused:
        return _shown(task, case, _REFUSED, told=_refusal(spoken(), refused))
    if done.outcome is not cms.Outcome.DONE:
        return _shown(task, case, _REFUSED, told=_not_written(spoken(), done, task))
    service().bell.ring(READ)
    service().bell.ring(DELIVER)
    said = "applied" if verb == "apply" else "reverted"
    return redirect(url_for("desk.case", case_id=case_id, done=said), 303)


def _apply(task: Task) -> cms.Applied:
    version = request.form.get("version", 0, type=int)
    expected = request.form.get("expected", "")
    here, settings = visit(), service().settings
    return applying.apply(service().db, settings, _way(), task, version, expected, here.actor)


def _revert(task: Task) -> cms.Applied:
    return applying.revert(service().db, service().settings, _way(), task, visit().actor)


def _way() -> Way:
    return Way(cms.make_caller(service().settings), utcnow)


def _task(case_id: int) -> tuple[Task, Case]:
    here = visit()
    with service().db.read() as session:
        case = queries.get_case(session, case_id, here.rights.site_ids())
        here.rights.demand("editor", case.site_id)
        return applying.task_of(session, case_id, service().settings), case


def _shown(task: Task, case: Case, status: int = 200, told: str = "") -> Response:
    """The page with the source as it is now. A system that does not answer says so there."""
    try:
        seen = applying.preview(task, _way())
    except cms.CmsError as fault:
        return _page(case, task, _AWAY, fault=str(fault), told=told)
    excerpt = None
    if seen.correction and seen.document:
        excerpt = excerpt_of(seen.correction, is_source=seen.document.is_source)
    why = "" if excerpt else _why_not(spoken(), seen)
    return _page(case, task, status, seen=seen, excerpt=excerpt, why=why, told=told)


def _page(case: Case, task: Task, status: int, **values: Any) -> Response:
    system = cms.name_of(task.connection.kind)
    empty = {"seen": None, "excerpt": None, "why": "", "fault": "", "told": ""}
    return page("desk/cms.html", status, case=case, task=task, system=system, **{**empty, **values})


def _place_of(case: Case) -> Place | None:
    """For the panel on the case; None where there is no system, or no right to write to it."""
    here = visitor()
    if here is None or not here.rights.may("editor", case.site_id):
        return None
    with service().db.read() as session:
        row = applying.connection_row(session, case.site_id)
        if row is None:
            return None
        return Place(cms.name_of(row.kind), applying.last_change(session, case.id))


def _why_not(t: Translator, seen: cms.Preview) -> str:
    """Why there is nothing to apply, said to an editor."""
    if seen.miss is cms.Miss.OTHER_PAGE:
        return t.gettext("What was found there by its number is the document of another page.")
    if seen.document is None:
        return t.gettext("The article was not found there by its address or number.")
    reasons = {
        cms.Miss.ALREADY_RIGHT: t.gettext("The text there is right already."),
        cms.Miss.SEVERAL: t.gettext("The words stand there more than once; which is meant?"),
        cms.Miss.CONTEXT_CHANGED: t.gettext("The words stand there, but in another sentence."),
        cms.Miss.MARKUP: t.gettext("The correction would change tags, not only words."),
        cms.Miss.NO_SUGGESTION: t.gettext("The case says no correction yet."),
    }
    missing = t.gettext("The words do not stand in the text there.")
    return reasons.get(seen.miss or cms.Miss.NOT_FOUND, missing)


def _not_written(t: Translator, done: cms.Applied, task: Task) -> str:
    """What is said when nothing was written."""
    system = cms.name_of(task.connection.kind)
    if done.outcome is cms.Outcome.CONTEXT_CHANGED:
        return t.gettext(
            "The text in {system} was changed meanwhile. Nothing was written.", system=system
        )
    if done.outcome is cms.Outcome.ALREADY_RIGHT:
        return t.gettext(
            "Somebody has corrected it in {system} meanwhile. Nothing was written.", system=system
        )
    if done.miss is cms.Miss.OTHER_PAGE:
        return t.gettext(
            "The document in {system} is another page's. Nothing was written.", system=system
        )
    return t.gettext("The place was not found in {system}. Nothing was written.", system=system)


def _refusal(t: Translator, refused: Conflict) -> str:
    if isinstance(refused, StaleVersion):
        return t.gettext("Somebody changed this case meanwhile. Nothing was written.")
    return t.gettext("The page shows the correction already. Nothing was written.")

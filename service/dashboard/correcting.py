"""After an error of fact: shall the newsroom say so in public?"""

from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from core import corrections, queries
from core.clock import utcnow
from core.errors import FieldError, Invalid
from core.models import Case, CorrectionNotice
from service.context import service
from service.dashboard.access import needs, visit, visitor


@dataclass(frozen=True)
class Question:
    """For the panel on the case: what was decided, None while it is to be asked."""

    notice: CorrectionNotice | None


def register(blueprint: Blueprint) -> None:
    """The question on the case, and its answers."""
    blueprint.post("/cases/<int:case_id>/notice")(answer_notice)
    blueprint.context_processor(lambda: {"notice_question_of": _question_of})


@needs("editor")
def answer_notice(case_id: int) -> Response:
    """Publish a notice, or say nothing and be asked no more."""
    here, now = visit(), utcnow()
    verb = request.form.get("do", "")
    with service().db.write() as session:
        case = queries.get_case(session, case_id, here.rights.site_ids())
        here.rights.demand("editor", case.site_id)
        if verb not in ("publish", "decline"):
            raise Invalid(FieldError("do", "must be publish or decline"))
        if verb == "publish":
            sentence = request.form.get("sentence", "")
            corrections.publish(session, case_id, sentence, here.actor, now)
        else:
            corrections.decline(session, case_id, here.actor, now)
    return redirect(url_for("desk.case", case_id=case_id, _anchor="h-notice"), 303)


def _question_of(case: Case) -> Question | None:
    """None where there is nothing to ask nor to show."""
    here = visitor()
    if here is None or not here.rights.may("editor", case.site_id):
        return None
    with service().db.read() as session:
        notice = corrections.notice_of(session, case.id)
    return Question(notice) if notice is not None or corrections.may_ask(case) else None

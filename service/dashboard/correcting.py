"""After an error of fact: shall the newsroom say so in public?"""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core import corrections, queries
from core.clock import utcnow
from core.corrections import Draft
from core.errors import FieldError, Invalid
from core.models import Case, CorrectionNotice
from service.context import service
from service.dashboard.access import needs, visit, visitor
from service.dashboard.cases import answered, wrong_page
from service.dashboard.typed import NOTICE, left_of


@dataclass(frozen=True)
class Question:
    """For the panel on the case: what was decided, None while it is to be asked.

    `draft` is what would be said now, None where nothing can be published any more.
    """

    notice: CorrectionNotice | None
    draft: Draft | None

    @property
    def otherwise(self) -> str | None:
        """What the page was read to say since, where that is not what was published."""
        if self.notice is None or self.draft is None or not self.draft.is_seen:
            return None
        is_other = self.notice.state == "published" and self.notice.after != self.draft.after
        return self.draft.after if is_other else None


def register(blueprint: Blueprint) -> None:
    """The question on the case, and its answers."""
    blueprint.post("/cases/<int:case_id>/notice")(answer_notice)
    blueprint.context_processor(lambda: {"notice_question_of": _question_of})


@needs("editor")
def answer_notice(case_id: int) -> Response:
    """Publish a notice, or say nothing and be asked no more."""
    now = utcnow()
    try:
        with service().db.write() as session:
            _answer(session, case_id, now)
    except Invalid as wrong:
        return wrong_page(case_id, wrong, now)
    return answered(case_id, "notice", left_of(request.form, NOTICE), now, _anchor="h-notice")


def _answer(session: Session, case_id: int, now: datetime) -> None:
    here, verb = visit(), request.form.get("do", "")
    case = queries.get_case(session, case_id, here.rights.site_ids())
    here.rights.demand("editor", case.site_id)
    if verb == "publish":
        sentence, after = request.form.get("sentence", ""), request.form.get("after")
        corrections.publish(session, case_id, sentence, here.actor, now, after)
    elif verb == "decline":
        corrections.decline(session, case_id, here.actor, now)
    else:
        raise Invalid(FieldError("do", "must be publish or decline"))


def _question_of(case: Case) -> Question | None:
    """None where there is nothing to ask nor to show."""
    here = visitor()
    if here is None or not here.rights.may("editor", case.site_id):
        return None
    with service().db.read() as session:
        notice = corrections.notice_of(session, case.id)
    draft = corrections.draft_of(case) if corrections.may_ask(case) else None
    return Question(notice, draft) if notice is not None or draft is not None else None

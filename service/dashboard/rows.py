"""Cases as rows of the queue, and rows under their articles."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from core import housewords, triage
from core.i18n import Translator
from core.i18n.words import house_word, kind_word, resolution_word, status_word
from core.models import Case, Page, User
from core.text.passage import passage_of
from service.dashboard.marks import Mark, lookalike_tags, marks_of


@dataclass(frozen=True)
class Row:
    """One case as the queue shows it. `status` is the name of its shape and colour.

    `mine`: it is assigned to who looks; `own`: the event of the last decision on it, where that is
    theirs to take back.
    """

    case: Case
    before: str
    marks: tuple[Mark, ...]
    after: str
    kind: str
    tags: tuple[str, ...]
    lookalikes: tuple[str, ...]
    status: str
    status_word: str
    resolution: str
    mine: bool
    own: int | None = None


@dataclass(frozen=True)
class Group:
    """One article with the rows that belong to it. A flat list is one group without an article."""

    page: Page | None
    rows: tuple[Row, ...]

    @property
    def language(self) -> str:
        return self.rows[0].case.language


def row_of(t: Translator, case: Case, user: User, now: datetime) -> Row:
    """Show one case."""
    passage = passage_of(case.exact, case.prefix, case.suffix)
    status = shown_status(case, now)
    return Row(
        case=case,
        before=passage.before.lstrip(),
        marks=marks_of(case.exact, case.suggestion),
        after=passage.after.rstrip(),
        kind=kind_word(t, case.kind),
        tags=(),
        lookalikes=tuple(lookalike_tags(t, case.exact)),
        status=status,
        status_word=status_word(t, status),
        resolution=resolution_word(t, case.resolution) if case.resolution else "",
        mine=case.assignee_id == user.id,
    )


def rows_of(
    session: Session, t: Translator, cases: Sequence[Case], user: User, now: datetime
) -> list[Row]:
    """Show cases with what their house dictionaries say; one look answers for all of them."""
    views = housewords.ask(session, [housewords.Question.of(case) for case in cases])
    own = triage.decided_last_by(session, [case.id for case in cases], user.email)
    return [
        replace(
            row_of(t, case, user, now),
            tags=(house_word(t, view.verdict),) if view else (),
            own=own.get(case.id),
        )
        for case, view in zip(cases, views, strict=True)
    ]


def shown_status(case: Case, now: datetime) -> str:
    """A case that came back says so until somebody acts; one that sleeps says that."""
    if case.sleeps(now):
        return "snoozed"
    return "regressed" if case.regressed else case.status


def groups_of(rows: Sequence[Row], by_article: bool) -> list[Group]:
    """Rows under their articles, each article where its first row stands."""
    if not by_article:
        return [Group(None, tuple(rows))] if rows else []
    order = {row.case.page_id: place for place, row in reversed(list(enumerate(rows)))}
    together = sorted(rows, key=lambda row: order[row.case.page_id])
    return [
        Group(of_page[0].case.page, tuple(of_page))
        for of_page in (list(run) for _, run in groupby(together, lambda row: row.case.page_id))
    ]

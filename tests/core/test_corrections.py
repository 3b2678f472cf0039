"""A notice says what stands on the page, not what a reader thought should stand there."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from core import corrections
from core.corrections import READ_MEANWHILE, Draft
from core.db import Database
from core.errors import Invalid
from core.models import Case, CorrectionNotice
from tests import factories
from tests.core.verification.press import EDITOR, Newsroom, Press

BEFORE = "Аудандағы ең үлкен мектеп осы жерде "
AFTER = " жылы салынған екен. Қазір онда мың бала оқиды."
WRONG, SUGGESTED, TRUE = "1998", "1988", "2001"
SENTENCES = {
    year: f"Аудандағы ең үлкен мектеп осы жерде {year} жылы салынған екен."
    for year in (WRONG, SUGGESTED, TRUE)
}


@pytest.fixture
def newsroom(db: Database, tmp_path: Path, now: datetime) -> Newsroom:
    with db.write() as session:
        site = factories.make_site(session, now)
        factories.make_user(session, now, EDITOR.name, site=site)
    return Newsroom(db, factories.make_settings(tmp_path), Press(), now)


def _fixed(newsroom: Newsroom, suggestion: str | None = SUGGESTED) -> Case:
    """An error of fact that an editor says is fixed: the page says 2001 now."""
    newsroom.press.publish(BEFORE + WRONG + AFTER)
    case = newsroom.report(
        exact=WRONG, prefix=BEFORE, suffix=AFTER[:60], suggestion=suggestion, kind="fact"
    )
    newsroom.press.publish(BEFORE + TRUE + AFTER)
    newsroom.move(case, "fixed")
    return case


def _draft(newsroom: Newsroom, case: Case) -> Draft:
    return corrections.draft_of(newsroom.case(case.id))


def _publish(newsroom: Newsroom, case: Case, after: str | None) -> CorrectionNotice:
    with newsroom.db.write() as session:
        corrections.publish(session, case.id, "", EDITOR, newsroom.now, after)
    with newsroom.db.read() as session:
        return session.scalars(select(CorrectionNotice)).one()


@pytest.mark.parametrize("suggestion", [SUGGESTED, None])
def test_a_notice_says_what_was_seen_on_the_page(
    newsroom: Newsroom, suggestion: str | None
) -> None:
    case = _fixed(newsroom, suggestion)
    newsroom.pass_through(minutes=20)
    assert newsroom.case(case.id).status == "verified"
    assert _draft(newsroom, case).is_seen
    notice = _publish(newsroom, case, None)
    assert (notice.before, notice.after) == (SENTENCES[WRONG], SENTENCES[TRUE])


def test_what_was_seen_cannot_be_written_otherwise(newsroom: Newsroom) -> None:
    case = _fixed(newsroom)
    newsroom.pass_through(minutes=20)
    with pytest.raises(Invalid) as wrong:
        _publish(newsroom, case, SENTENCES[SUGGESTED])
    assert wrong.value.errors[0].message == READ_MEANWHILE
    assert _publish(newsroom, case, SENTENCES[TRUE]).after == SENTENCES[TRUE]


def test_before_any_reading_a_draft_begins_with_the_suggestion(newsroom: Newsroom) -> None:
    draft = _draft(newsroom, _fixed(newsroom))
    assert draft == Draft(SENTENCES[WRONG], SENTENCES[SUGGESTED], False, None)


def test_after_one_reading_a_draft_has_what_the_page_says_and_warns(newsroom: Newsroom) -> None:
    case = _fixed(newsroom)
    newsroom.later(minutes=2)
    newsroom.check()
    seen = SENTENCES[TRUE]
    assert _draft(newsroom, case) == Draft(SENTENCES[WRONG], seen, False, otherwise=seen)
    own = SENTENCES[TRUE].replace(TRUE, "2001 және 2002")
    assert _publish(newsroom, case, own).after == own


def test_a_page_that_still_has_the_error_is_warned_of(newsroom: Newsroom) -> None:
    case = _fixed(newsroom)
    newsroom.press.publish(BEFORE + WRONG + AFTER)
    newsroom.later(minutes=2)
    newsroom.check()
    draft = _draft(newsroom, case)
    assert (draft.after, draft.otherwise) == (SENTENCES[SUGGESTED], SENTENCES[WRONG])


def test_a_correction_as_suggested_needs_no_warning(newsroom: Newsroom) -> None:
    case = _fixed(newsroom, TRUE)
    newsroom.pass_through(minutes=20)
    draft = _draft(newsroom, case)
    assert (draft.after, draft.is_seen, draft.otherwise) == (SENTENCES[TRUE], True, None)


@pytest.mark.parametrize("after", ["", "  ", SENTENCES[WRONG], "я" * 1_001, "\0"])
def test_an_editor_has_to_write_what_is_right(newsroom: Newsroom, after: str) -> None:
    case = _fixed(newsroom, None)
    assert _draft(newsroom, case).after == ""
    with pytest.raises(Invalid) as wrong:
        _publish(newsroom, case, after)
    assert wrong.value.errors[0].field == "after"


def test_a_page_that_was_read_and_then_failed_is_still_what_was_seen(newsroom: Newsroom) -> None:
    case = _fixed(newsroom)
    newsroom.pass_through(minutes=20)
    newsroom.press.statuses = {factories.PAGE_URL: 500}
    newsroom.later(hours=2)
    newsroom.check()
    assert newsroom.case(case.id).verdict == "unknown"
    assert _publish(newsroom, case, None).after == SENTENCES[TRUE]

"""What was written, said and looked for because of a report goes with its reader's words."""

import json

from sqlalchemy import select

from core import corrections, elsewhere, receipts
from core.models import Case, CmsChange, CorrectionNotice, ElsewhereSearch, Report
from tests.core.verification.press import EDITOR, Newsroom
from tests.factories import RIGHT, WRONG


def prepared(newsroom: Newsroom) -> Case:
    """A fixed error of fact that was written, looked for elsewhere, and told in public."""
    case = newsroom.report(kind="fact")
    newsroom.move(case, "fixed")
    with newsroom.db.write() as session:
        elsewhere.begin(session, case.id, EDITOR, newsroom.now)
        corrections.publish(session, case.id, "", EDITOR, newsroom.now)
        session.add(
            CmsChange(
                case_id=case.id,
                kind="http",
                document_id="7",
                field="body",
                state="x",
                revision="2",
                inverse=[[0, 9, WRONG]],
                by=EDITOR.name,
                at=newsroom.now,
            )
        )
    return case


def erase(newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        for report in session.scalars(select(Report)):
            receipts.erase(session, report, newsroom.settings.mail_folder, newsroom.now)


def test_what_was_looked_for_and_how_to_take_it_back_is_gone(newsroom: Newsroom) -> None:
    prepared(newsroom)
    erase(newsroom)
    with newsroom.db.read() as session:
        assert session.scalars(select(ElsewhereSearch)).all() == []
        assert WRONG not in json.dumps(session.scalars(select(CmsChange)).one().inverse)


def test_what_the_newsroom_has_published_is_its_own_until_it_withdraws_it(
    newsroom: Newsroom,
) -> None:
    case = prepared(newsroom)
    erase(newsroom)
    with newsroom.db.read() as session:
        assert RIGHT in session.scalars(select(CorrectionNotice)).one().after
    with newsroom.db.write() as session:
        corrections.decline(session, case.id, EDITOR, newsroom.now)
    with newsroom.db.read() as session:
        notice = session.scalars(select(CorrectionNotice)).one()
        assert (notice.state, notice.before, notice.after) == ("withdrawn", "", "")

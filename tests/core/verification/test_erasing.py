"""What readings of the page have kept goes with the reader's words."""

from sqlalchemy import select

from core import receipts, verification
from core.models import Base, Case, Page, Report
from tests.core.verification.press import MENDED, Newsroom
from tests.factories import BEFORE, WRONG


def _everything(newsroom: Newsroom) -> str:
    with newsroom.db.read() as session:
        return repr(
            [
                [getattr(row, column.key) for column in mapper.columns]
                for mapper in Base.registry.mappers
                for row in session.scalars(select(mapper.class_))
            ]
        )


def _erase(newsroom: Newsroom, case: Case) -> None:
    with newsroom.db.write() as session:
        for report in session.scalars(select(Report).where(Report.case_id == case.id)):
            receipts.erase(session, report, newsroom.settings.mail_folder, newsroom.now)


def test_nothing_of_a_pages_only_report_is_left_in_the_database(newsroom: Newsroom) -> None:
    case = newsroom.report(email="zhasyryn@example.kz", comment="жасырынпікір")
    newsroom.press.publish(MENDED)
    newsroom.move(case, "fixed")
    newsroom.pass_through(hours=3)
    assert newsroom.case(case.id).status == "verified"
    assert WRONG in _everything(newsroom)
    _erase(newsroom, case)
    left = _everything(newsroom)
    for trace in (WRONG, BEFORE[-20:], "балаларға", "zhasyryn@", "жасырынпікір"):
        assert trace not in left
    newsroom.later(days=2)
    assert newsroom.check().pages == 0
    with newsroom.db.read() as session:
        (run,) = [r for r in verification.verifications_of(session, case.id) if r.readings > 1]
        assert (run.verdict, run.before, run.after) == ("fixed", None, None)
        assert session.scalars(select(Page)).one().etag is None


def test_a_text_that_another_readers_case_needs_stays(newsroom: Newsroom) -> None:
    erased = newsroom.report()
    kept = newsroom.report(
        exact="сөрелерде", prefix="Қазір ", suffix=" қырық мың том", suggestion="сөрелерінде"
    )
    newsroom.later(minutes=10)
    newsroom.check()
    _erase(newsroom, erased)
    assert len(newsroom.texts()) == 1
    newsroom.later(hours=1)
    newsroom.check()
    assert newsroom.case(kept.id).verdict == "still_there"
    assert newsroom.case(erased.id).evidence is None

"""What a verified case keeps of the page that showed its correction."""

import pytest

from core import representations
from core.models import Case
from tests.core.verification.press import ARTICLE, MENDED, REST, Newsroom
from tests.factories import AFTER, BEFORE, PAGE_URL, RIGHT, WRONG


@pytest.mark.parametrize("later", ["error", "gone", "stale copy"])
def test_a_verified_case_keeps_the_evidence_of_its_correction(
    newsroom: Newsroom, later: str
) -> None:
    case = newsroom.report()
    newsroom.press.publish(MENDED)
    newsroom.move(case, "fixed")
    newsroom.pass_through(minutes=20)
    proved = newsroom.case(case.id)
    assert proved.status == "verified"
    if later == "stale copy":
        newsroom.press.publish(ARTICLE)
    newsroom.press.statuses = {PAGE_URL: {"error": 500, "gone": 404}.get(later, 200)}
    newsroom.later(hours=2)
    newsroom.check()
    kept = newsroom.case(case.id)
    said = {"error": "unknown", "gone": "page_gone", "stale copy": "still_there"}[later]
    assert (kept.status, kept.verdict, kept.seen_verdict) == ("verified", said, "fixed")
    evidence = kept.evidence or {}
    assert evidence.pop("latest")["verdict"] == said
    assert evidence == proved.evidence
    with newsroom.db.read() as session:
        told = representations.case_json(session.get_one(Case, case.id), [])["verification"]
    assert (told["verdict"], told["evidence"]["after"]) == ("fixed", evidence["after"])
    assert told["checked_at"] == representations.moment(proved.checked_at)


def test_the_evidence_of_a_correction_goes_when_the_error_comes_back(newsroom: Newsroom) -> None:
    case = newsroom.report()
    newsroom.press.publish(MENDED)
    newsroom.move(case, "fixed")
    newsroom.pass_through(minutes=20)
    newsroom.press.statuses = {PAGE_URL: 500}
    newsroom.later(hours=2)
    newsroom.check()
    newsroom.press.statuses = {}
    newsroom.press.publish(ARTICLE)
    newsroom.pass_through(days=2)
    back = newsroom.case(case.id)
    assert (back.status, back.seen_verdict) == ("accepted", "still_there")
    assert WRONG in (back.evidence or {})["after"]
    assert "latest" not in (back.evidence or {})


@pytest.mark.parametrize("first_look", [200, 500])
def test_a_page_corrected_before_we_read_it_is_shown_by_whole_words(
    newsroom: Newsroom, first_look: int
) -> None:
    lead, tail = f"{'Ауыл тұрғындары мұны көптен күткен. ' * 3}{BEFORE}", f"{AFTER} {REST}"
    newsroom.press.publish(f"{lead}{RIGHT}{tail}")
    newsroom.press.statuses = {PAGE_URL: first_look}
    case = newsroom.report(prefix=lead[-64:], suffix=tail[:64])
    newsroom.press.statuses = {}
    newsroom.move(case, "fixed")
    newsroom.pass_through(minutes=20)
    evidence = newsroom.case(case.id).evidence or {}
    assert evidence["reason"] == "suggestion_stands"
    assert evidence["after"] == f"{BEFORE}{RIGHT} арналған."

"""What counts as a correction: another word, other signs; and what does not: teasers, links."""

import pytest

from core.models import Case
from tests.core.verification.press import Newsroom

BEFORE = "Ведомствоның бүгін таратқан ресми "
AFTER = " бойынша биылғы көктемде аудан орталығында тағы алты мектеп салынады."


def _case(newsroom: Newsroom, wrong: str, right: str, kind: str = "typo") -> Case:
    newsroom.press.publish(BEFORE + wrong + AFTER)
    return newsroom.report(
        exact=wrong, prefix=BEFORE[-30:], suffix=AFTER[:30], suggestion=right, kind=kind
    )


def _after(newsroom: Newsroom, case: Case, stands: str) -> Case:
    """The case, a day after an editor has called it fixed and the page says this."""
    newsroom.press.publish(BEFORE + stands + AFTER)
    newsroom.move(case, "fixed")
    newsroom.pass_through(hours=30)
    return newsroom.case(case.id)


def _judged(newsroom: Newsroom, wrong: str, right: str, stands: str, *says: str) -> Case:
    """The case, whose status and verdict are these once the page says this."""
    judged = _after(newsroom, _case(newsroom, wrong, right), stands)
    assert (judged.status, judged.verdict) == says
    return judged


@pytest.mark.parametrize(
    ("wrong", "right", "stands"),
    [
        ("мәлеметі", "мәліметі", "дерегі"),
        ("мәлеметі", "мәліметі", "есебі"),
        ("келісімін", "келісіміне", "қаулысына"),
        ("1995 жыл", "1985 жыл", "1994 жыл"),
        ("350 орын", "250 орын", "35 орын"),
        ("Сабырбай", "Сабырхан", "Серікбай"),
        ("Иванов", "Ивановский", "Петров"),
    ],
)
def test_an_editor_may_choose_another_word_than_the_reader(
    newsroom: Newsroom, wrong: str, right: str, stands: str
) -> None:
    judged = _judged(newsroom, wrong, right, stands, "verified", "fixed")
    assert stands in (judged.evidence or {})["after"]


@pytest.mark.parametrize(
    ("wrong", "right", "stands"),
    [
        ("мәлеметі", "мәліметі", "мәлеметі"),
        ("мәлеметі", "мәліметі", "мәлеметтері"),
        ("1995 жыл", "1985 жыл", "1995 жылғы"),
        ("1 500 орын", "1 600 орын", "1\u00a0500 орын"),
        ("2019-2021", "2019–2021", "2019-2021"),
    ],
)
def test_the_same_word_in_another_form_is_the_same_word(
    newsroom: Newsroom, wrong: str, right: str, stands: str
) -> None:
    _judged(newsroom, wrong, right, stands, "accepted", "still_there")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("2019-2021", "2019–2021"),
        ('"Дала үні"', "«Дала үні»"),
        ("10 млн", "10\u00a0млн"),
        ("жоба - жол", "жоба — жол"),
        ("O'Нил", "O’Нил"),
    ],
)
def test_kinds_of_signs_are_corrected_where_they_are_the_case(
    newsroom: Newsroom, wrong: str, right: str
) -> None:
    judged = _judged(newsroom, wrong, right, right, "verified", "fixed")
    newsroom.press.publish(BEFORE + wrong + AFTER)
    newsroom.pass_through(days=2)
    assert newsroom.case(case_id=judged.id).regressed


def test_where_a_link_leads_is_not_in_the_text(newsroom: Newsroom) -> None:
    case = _case(newsroom, "сілтеме", "", kind="link")
    judged = _after(newsroom, case, "сілтеме")
    assert (judged.status, judged.verdict) == ("fixed", "unknown")
    assert (judged.evidence or {})["reason"] == "link_unseen"

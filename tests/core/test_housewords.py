"""The house dictionary helps where it has something to say."""

from datetime import datetime

import pytest
from sqlalchemy import text

from core import housewords
from core.db import Database
from core.errors import Invalid
from core.housewords import Entry, HouseView, Question
from tests import factories

LIST = """\ufeff# атаулар
балаларға
Нұр-Сұлтан қаласы

Iлияс -> Ілияс
интернет → ғаламтор
балаларға
"""


@pytest.fixture
def site_id(db: Database, now: datetime) -> int:
    with db.write() as session:
        site_id = factories.make_site(session, now).id
        housewords.set_words(session, site_id, housewords.read_lines(LIST))
    return site_id


def _ask(db: Database, site_id: int, exact: str, suggestion: str) -> HouseView | None:
    with db.read() as session:
        (view,) = housewords.ask(session, [Question(site_id, exact, suggestion)])
    return view


def test_a_dictionary_is_read_as_people_write_it() -> None:
    assert housewords.read_lines(LIST) == [
        Entry("балаларға"),
        Entry("Нұр-Сұлтан қаласы"),
        Entry("Ілияс", "Iлияс"),
        Entry("ғаламтор", "интернет"),
    ]


def test_what_is_written_out_reads_the_same_again() -> None:
    entries = housewords.read_lines(LIST)
    assert housewords.read_lines("\n".join(map(str, entries))) == entries


@pytest.mark.parametrize(
    "line", ["-> b", "a ->", "a -> b -> c", "a -> a", "—", "x" * 101, "a\u202eb"]
)
def test_a_line_that_is_wrong_is_told_by_its_number(line: str) -> None:
    with pytest.raises(Invalid) as caught:
        housewords.read_lines(f"сөз\n{line}\nсөз")
    assert [error.field for error in caught.value.errors] == ["line.2"]


def test_a_dictionary_has_an_end() -> None:
    with pytest.raises(Invalid) as caught:
        housewords.read_lines("\n".join(f"сөз{n}" for n in range(housewords.MOST_LINES + 1)))
    assert [error.field for error in caught.value.errors] == ["lines"]


def test_a_word_of_the_house_that_would_be_changed_is_told(db: Database, site_id: int) -> None:
    assert _ask(db, site_id, "балаларға", "балаларга") == HouseView("has", "балаларға")
    assert _ask(db, site_id, "Балаларға кітап", "Балаларга кітап") == HouseView("has", "Балаларға")


def test_a_suggestion_that_is_the_houses_word_is_told(db: Database, site_id: int) -> None:
    assert _ask(db, site_id, "балаларга", "балаларға") == HouseView("agrees", "балаларға")
    assert _ask(db, site_id, "Нур-Султан қаласы", "Нұр-Сұлтан қаласы") == HouseView(
        "agrees", "Нұр-Сұлтан қаласы"
    )


def test_a_form_that_the_house_puts_right_is_told_with_the_right_one(
    db: Database, site_id: int
) -> None:
    assert _ask(db, site_id, "интернет", "ғаламтор") == HouseView("agrees", "ғаламтор")
    assert _ask(db, site_id, "интернет", "Интернет") == HouseView("otherwise", "ғаламтор")


@pytest.mark.parametrize(
    ("exact", "suggestion"),
    [
        ("үйге", "үйде"),
        ("балаларға кітап", "балаларға дәптер"),
        ("", ""),
        ("балаларға", "балаларға"),
    ],
)
def test_of_other_words_it_says_nothing(
    db: Database, site_id: int, exact: str, suggestion: str
) -> None:
    assert _ask(db, site_id, exact, suggestion) is None


def test_another_sites_dictionary_says_nothing(db: Database, site_id: int, now: datetime) -> None:
    with db.write() as session:
        other = factories.make_site(session, now, key="tan").id
    assert _ask(db, other, "балаларға", "балаларга") is None


def test_many_cases_are_asked_about_at_once(db: Database, site_id: int) -> None:
    with db.read() as session:
        views = housewords.ask(
            session,
            [Question(site_id, "a", "b"), Question(site_id, "балаларға", "балаларга")],
        )
    assert [view and view.verdict for view in views] == [None, "has"]


def test_what_is_added_comes_once_and_at_the_end(db: Database, site_id: int) -> None:
    with db.write() as session:
        added = housewords.add_words(session, site_id, [Entry("балаларға"), Entry("Көкжар")])
        assert added == 1
        assert housewords.words_of(session, site_id)[-1] == Entry("Көкжар")
        assert housewords.count_words(session, site_id) == 5


def test_setting_the_same_words_changes_nothing(db: Database, site_id: int) -> None:
    with db.write() as session:
        there = housewords.words_of(session, site_id)
        assert housewords.set_words(session, site_id, there) is False
        assert housewords.set_words(session, site_id, there[1:]) is True
        assert housewords.words_of(session, site_id) == there[1:]


def test_an_index_answers_and_not_a_scan(db: Database, site_id: int) -> None:
    explain = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
    asked = (
        f"{explain} SELECT id FROM house_word WHERE site_id IN (1, 2) AND "
        "(right_key IN ('a', 'b') OR wrong_key IN ('a', 'b'))"
    )
    with db.write() as session:
        session.execute(text("DELETE FROM house_word"))
        lines = [Entry(f"сөз{n}", f"соз{n}") for n in range(3_000)]
        housewords.set_words(session, site_id, lines)
        session.execute(text("ANALYZE house_word"))
        plan = " ".join(str(row) for row in session.execute(text(asked)))
    assert "ix_house_word_site_id_right_key" in plan
    assert "ix_house_word_site_id_wrong_key" in plan

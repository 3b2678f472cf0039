"""Search over what readers quoted, proposed and wrote, and over titles."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from core import queries, receipts, triage
from core.db import Database
from core.models import Case, Page, Report
from core.queries import CaseFilter, search
from core.settings import Settings
from core.triage import Actor, Change
from tests import factories
from tests.factories import SITE_URL

BY = Actor("a@dala.example.kz", "desk")


@pytest.fixture
def settings(db: Database, tmp_path: Path, now: datetime) -> Settings:
    with db.write() as session:
        factories.make_site(session, now)
    return factories.make_settings(tmp_path)


def _found(db: Database, text: str, **values: object) -> list[int]:
    wanted = CaseFilter(text=text, **values)  # type: ignore[arg-type]
    with db.read() as session:
        return [case.id for case in queries.list_cases(session, wanted, None, 50).items]


def test_search_finds_what_readers_wrote(db: Database, settings: Settings, now: datetime) -> None:
    case = factories.sorted_case(db, settings, now, comment="Ойыншықтар дүкені туралы")
    assert _found(db, "ойыншықтар") == [case.id]
    assert _found(db, "ДҮКЕНІ ойыншық") == [case.id]
    assert _found(db, "ойыншықтар базар") == []


def test_search_looks_inside_words(db: Database, settings: Settings, now: datetime) -> None:
    case = factories.sorted_case(db, settings, now)
    assert _found(db, "лаларғ") == [case.id]


def test_a_word_that_begins_so_hides_none_that_has_it_inside(
    db: Database, settings: Settings, now: datetime
) -> None:
    inside = factories.sorted_case(db, settings, now, comment="Сарыжайлаустан")
    begins = factories.sorted_case(
        db, settings, now, url=f"{SITE_URL}/2", canonical_url=None, comment="жайлаустанды"
    )
    assert set(_found(db, "жайлаустан")) == {inside.id, begins.id}


def test_what_another_site_has_decides_nothing(
    db: Database, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_HITS", 1)
    ours = factories.sorted_case(db, settings, now, comment="тойда")
    url = "https://tan.example.kz"
    with db.write() as session:
        other = factories.make_site(session, now, key="tan", name="Таң", url=url, origins=[url]).id
    for n in range(2):
        theirs = factories.sorted_case(
            db, settings, now, url=f"{SITE_URL}/{n}", canonical_url=None, comment="ойда"
        )
        with db.write() as session:
            session.get_one(Case, theirs.id).site_id = other
    here = frozenset({ours.site_id})
    assert _found(db, "ой", site_ids=here) == [ours.id]
    with db.read() as session:
        assert queries.is_common(session, "ой")
        assert not queries.is_common(session, "ой", here)


@pytest.mark.parametrize("word", ["мектеп", "ҰЛТТЫҚ", "öğrenci", "año"])
def test_letters_are_letters_to_the_index_in_every_locale(postgresql_url: str, word: str) -> None:
    """The tests' cluster has the locale C, in which Cyrillic makes no trigrams by itself."""
    db = Database(postgresql_url)
    with db.read() as session:
        grams = text("SELECT cardinality(show_trgm(tuzet_in_ascii(:word)))")
        assert session.scalar(grams, {"word": word}) == len(word) + 1
    db.close()


def test_letters_that_share_a_stand_in_are_told_apart(
    db: Database, settings: Settings, now: datetime
) -> None:
    case = factories.sorted_case(db, settings, now, comment="Мақтаңыздаршы")
    assert _found(db, "ақтаң") == [case.id]
    assert _found(db, "актаң") == []


def test_what_cannot_be_seen_hinders_no_search(
    db: Database, settings: Settings, now: datetime
) -> None:
    case = factories.sorted_case(db, settings, now, exact="Қазақ\u00adстан", suggestion=None)
    assert _found(db, "қазақстан") == [case.id]
    assert _found(db, "Қазақ\u00adстан") == [case.id]


def test_yo_is_ye(db: Database, settings: Settings, now: datetime) -> None:
    case = factories.sorted_case(db, settings, now, comment="Ещё зелёный, Ёлка")
    for word in ("еще", "ещё", "ЕЩЁ зеленый", "лёный", "елка", "ёлка"):
        assert _found(db, word) == [case.id]


def test_search_follows_corrections_and_titles(
    db: Database, settings: Settings, now: datetime
) -> None:
    case = factories.sorted_case(db, settings, now)
    with db.write() as session:
        triage.move(session, case.id, 1, Change(suggestion="бүлдіршіндерге"), BY, now, settings)
        session.execute(update(Page).values(title="Жаңа тақырып"))
    assert _found(db, "бүлдіршіндерге") == [case.id]
    assert _found(db, "жаңа тақырып") == [case.id]
    assert _found(db, "кітапхана ашылды") == []


def test_words_go_with_their_report_when_cases_are_merged(
    db: Database, settings: Settings, now: datetime
) -> None:
    first = factories.sorted_case(db, settings, now)
    second = factories.sorted_case(
        db,
        settings,
        now,
        exact="тапсырыс",
        prefix="Кез келген қаладағы кітапқа үйден ",
        suffix=" беруге болады, дейді қызметкерлер.",
        suggestion=None,
        comment="Сөре емес",
        position_start=900,
        position_end=908,
    )
    assert first.id != second.id
    with db.write() as session:
        triage.merge(session, second.id, second.version, first.id, BY, now, settings)
    assert _found(db, "сөре емес") == [first.id]


def test_what_a_reader_erases_is_found_no_more(
    db: Database, settings: Settings, now: datetime
) -> None:
    case = factories.sorted_case(db, settings, now, comment="Ойыншықтар дүкені", title="Тақырып")
    assert _found(db, "дүкені") == [case.id]
    with db.write() as session:
        report = session.query(Report).one()
        receipts.erase(session, report, settings.mail_folder, now)
    assert _found(db, "дүкені") == []
    assert _found(db, "балаларға") == []


def test_a_common_word_is_found_in_order_and_counted_at_least(
    db: Database, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_HITS", 2)
    cases = [
        factories.sorted_case(
            db, settings, now + timedelta(minutes=n), url=f"{SITE_URL}/{n}", canonical_url=None
        ).id
        for n in range(4)
    ]
    assert _found(db, "балаларға") == cases[::-1]
    assert _found(db, "балаларға", statuses=("fixed",)) == []
    assert _found(db, "балаларға", language="kk", reported_from=now) == cases[::-1]
    assert _found(db, "балаларға", page_url=f"{SITE_URL}/2") == [cases[2]]
    assert _found(db, "балаларға", section="Мәдениет") == []
    with db.read() as session:
        assert queries.is_common(session, "балаларға")
        assert not queries.is_common(session, "жоқ")
        counts = queries.count_by_status(session, CaseFilter(text="балаларға"), now)
        assert counts.awake["new"] >= 2


@pytest.mark.parametrize(
    "text", ["'", '"', "''':*", "a & !b", "<->", "балалар' | 'x", "(", "*", "\\'"]
)
def test_no_sign_of_a_search_language_has_a_meaning(
    db: Database, settings: Settings, now: datetime, text: str
) -> None:
    assert factories.sorted_case(db, settings, now).id
    assert _found(db, text) == []

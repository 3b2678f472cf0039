"""Sorting with the page's text at hand."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core import sorting, triage
from core.db import Database
from core.looking import AWAY, Looker
from core.models import Case, Event, Page, PageAlias, PageVersion, Report
from core.net import Code, FetchResult, Policy, Request, Unreachable
from core.settings import Settings
from core.triage import Actor, Change
from core.workflow import VERIFIER
from tests import factories
from tests.factories import AFTER, BEFORE, PAGE_URL, RIGHT, SITE_URL, WRONG, send

BY = Actor("a@dala.example.kz", "desk")
TWICE = f"Кітапхана {WRONG} ашық. Кешке де {WRONG} ашық болады. {BEFORE}{WRONG}{AFTER}"


class Newsroom:
    """A web server that never was: pages by their address, and how often each was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.asked: list[str] = []
        self.away = False

    def put(self, text: str, url: str = PAGE_URL, head: str = "") -> None:
        """Publish an article."""
        body = f"<nav>Басты бет</nav><article><h1>Тақырып</h1><p>{text}</p></article>"
        self.pages[url] = f"<html><head>{head}</head><body>{body}</body></html>"

    def fetch(self, request: Request, policy: Policy) -> FetchResult:
        """What core.net.fetch would answer."""
        assert policy.hosts
        self.asked.append(request.url)
        if self.away:
            raise Unreachable(Code.NO_CONNECTION, "nobody there")
        text = self.pages.get(request.url)
        status = 200 if text is not None else 404
        return FetchResult(url=request.url, final_url=request.url, status=status, text=text or "")


class Desk:
    """Readers send, and a worker with eyes sorts."""

    def __init__(self, db: Database, settings: Settings, newsroom: Newsroom) -> None:
        self.db, self.settings, self.newsroom = db, settings, newsroom
        self.looker = Looker(newsroom.fetch)

    def report(self, at: datetime, **values: object) -> Report:
        """Send a report and sort it."""
        report_id = send(self.db, at, **values).id
        sorting.sort_due(self.db, self.settings, lambda: at, self.looker)
        with self.db.read() as session:
            return session.get_one(Report, report_id)

    def case(self, case_id: int | None) -> Case:
        """A case as it is now."""
        with self.db.read() as session:
            return session.get_one(Case, case_id)

    def move(self, case_id: int | None, at: datetime, status: str, by: Actor = BY) -> None:
        """Decide something."""
        assert case_id is not None
        version = self.case(case_id).version
        with self.db.write() as session:
            change = Change(status=status)
            triage.move(session, case_id, version, change, by, at, self.settings)

    def versions(self) -> list[str]:
        """The kept texts, oldest first."""
        with self.db.read() as session:
            query = select(PageVersion.text).order_by(PageVersion.number)
            return list(session.scalars(query))


@pytest.fixture
def newsroom() -> Newsroom:
    return Newsroom()


@pytest.fixture
def desk(db: Database, tmp_path: Path, now: datetime, newsroom: Newsroom) -> Desk:
    with db.write() as session:
        factories.make_site(session, now)
    return Desk(db, factories.make_settings(tmp_path), newsroom)


def _place(case: Case, text: str) -> str:
    assert case.span_start is not None
    return text[case.span_start : case.span_end]


def test_the_first_report_reads_the_page_and_finds_its_place(
    desk: Desk, newsroom: Newsroom, now: datetime
) -> None:
    newsroom.put(TWICE)
    report = desk.report(now)
    (text,) = desk.versions()
    assert "Басты бет" not in text
    case = desk.case(report.case_id)
    assert _place(case, text) == WRONG
    assert case.span_start == text.rindex(WRONG)


def test_the_same_wrong_word_at_another_place_is_another_case(
    desk: Desk, newsroom: Newsroom, now: datetime
) -> None:
    newsroom.put(TWICE)
    third = desk.report(now)
    first = desk.report(now, prefix="Кітапхана ", suffix=" ашық. Кешке де")
    second = desk.report(now, prefix="ашық. Кешке де ", suffix=" ашық болады.")
    again = desk.report(now, exact=f"Кешке де {WRONG}", prefix="ашық. ", suffix=" ашық болады")
    assert len({report.case_id for report in (first, second, third)}) == 3
    assert again.case_id == second.case_id


def test_a_page_is_not_read_again_while_it_is_fresh(
    desk: Desk, newsroom: Newsroom, now: datetime
) -> None:
    newsroom.put(TWICE)
    desk.report(now)
    desk.report(now + timedelta(seconds=30))
    assert newsroom.asked == [PAGE_URL]
    desk.report(now + timedelta(minutes=2))
    assert newsroom.asked == [PAGE_URL] * 2
    assert len(desk.versions()) == 1


def test_places_move_with_the_text(desk: Desk, newsroom: Newsroom, now: datetime) -> None:
    newsroom.put(TWICE)
    report = desk.report(now)
    newsroom.put(f"Жаңартылды: сенбіде де жұмыс істейді. {TWICE}")
    later = now + timedelta(hours=1)
    other = desk.report(later, exact="ашылды", prefix="жоқ", suffix="жоқ", suggestion=None)
    assert other.case_id != report.case_id
    text = desk.versions()[-1]
    assert desk.case(report.case_id).span_start == text.rindex(WRONG)
    assert desk.report(later).case_id == report.case_id


def test_who_still_sees_the_old_text_of_a_fixed_error_is_told_so(
    desk: Desk, newsroom: Newsroom, now: datetime
) -> None:
    newsroom.put(TWICE)
    report = desk.report(now)
    desk.move(report.case_id, now, "fixed")
    newsroom.put(TWICE.replace(f"{BEFORE}{WRONG}", f"{BEFORE}{RIGHT}"))
    late = desk.report(now + timedelta(hours=1))
    assert (late.case_id, late.already_fixed) == (report.case_id, True)
    assert desk.case(report.case_id).status == "fixed"


def test_an_error_that_a_reader_sees_in_the_present_text_comes_back(
    desk: Desk, newsroom: Newsroom, now: datetime
) -> None:
    newsroom.put(TWICE)
    report = desk.report(now)
    fixed = TWICE.replace(f"{BEFORE}{WRONG}", f"{BEFORE}{RIGHT}")
    newsroom.put(fixed)
    desk.move(report.case_id, now, "fixed")
    desk.report(now + timedelta(hours=1), exact="ашық", suggestion=None)
    desk.move(report.case_id, now, "verified", Actor(VERIFIER, "clock"))
    newsroom.put(TWICE)
    back = desk.report(now + timedelta(hours=2))
    assert (back.case_id, back.already_fixed) == (report.case_id, False)
    case = desk.case(report.case_id)
    assert (case.status, case.regressed) == ("accepted", True)
    with desk.db.read() as session:
        last = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert (last.type, last.actor, last.via) == ("regressed", "reader", "snippet")


def test_a_page_that_cannot_be_read_does_not_keep_its_reports(
    desk: Desk, newsroom: Newsroom, now: datetime
) -> None:
    newsroom.away = True
    report = desk.report(now)
    assert report.case_id is not None
    with desk.db.read() as session:
        page = session.scalars(select(Page)).one()
    assert (page.read_fault, page.read_at) == ("no_connection", None)
    assert page.read_due_at == now + timedelta(minutes=1)


def test_a_host_that_is_away_is_left_alone_for_a_while(
    desk: Desk, newsroom: Newsroom, now: datetime
) -> None:
    newsroom.away = True
    desk.report(now)
    desk.report(now, url=f"{SITE_URL}/b", canonical_url=None)
    assert len(newsroom.asked) == 1
    desk.report(now + AWAY * 2, url=f"{SITE_URL}/c", canonical_url=None)
    assert len(newsroom.asked) == 2


def test_cases_find_their_place_once_the_page_can_be_read(
    desk: Desk, newsroom: Newsroom, now: datetime
) -> None:
    newsroom.away = True
    report = desk.report(now)
    assert desk.case(report.case_id).span_start is None
    newsroom.away = False
    newsroom.put(TWICE)
    again = desk.report(now + timedelta(minutes=5))
    assert again.case_id == report.case_id
    assert _place(desk.case(report.case_id), desk.versions()[0]) == WRONG


def test_an_empty_page_replaces_nothing(desk: Desk, newsroom: Newsroom, now: datetime) -> None:
    newsroom.put(TWICE)
    desk.report(now)
    newsroom.pages[PAGE_URL] = "<html><body></body></html>"
    desk.report(now + timedelta(hours=1))
    assert len(desk.versions()) == 1


def test_addresses_that_the_page_names_lead_to_it(
    desk: Desk, newsroom: Newsroom, now: datetime
) -> None:
    head = (
        f'<link rel="canonical" href="{SITE_URL}/2026/kitapkhana">'
        f'<link rel="amphtml" href="{SITE_URL}/lite/77">'
    )
    newsroom.put(TWICE, head=head)
    first = desk.report(now)
    for address in (f"{SITE_URL}/2026/kitapkhana", f"{SITE_URL}/lite/77?utm_source=x"):
        assert desk.report(now, url=address, canonical_url=None).case_id == first.case_id


def test_a_page_does_not_claim_foreign_addresses(
    desk: Desk, newsroom: Newsroom, now: datetime
) -> None:
    newsroom.put(TWICE, head='<link rel="amphtml" href="https://elsewhere.example.org/a">')
    desk.report(now)
    with desk.db.read() as session:
        assert [alias.url for alias in session.scalars(select(PageAlias))] == [
            "dala.example.kz/news/kitapkhana"
        ]


def test_a_report_with_both_addresses_makes_one_page_of_two(
    desk: Desk, newsroom: Newsroom, now: datetime
) -> None:
    one, other = f"{SITE_URL}/a", f"{SITE_URL}/b"
    newsroom.put(TWICE, url=one)
    newsroom.put(TWICE, url=other)
    desk.report(now, url=one, canonical_url=None)
    desk.report(now, url=other, canonical_url=None, exact="ашық болады", suggestion=None)
    desk.report(now, url=one, canonical_url=other)
    with desk.db.read() as session:
        pages = {case.page_id for case in session.scalars(select(Case))}
        assert len(pages) == 1
        assert set(session.scalars(select(PageAlias.page_id))) == pages

"""Whatever editors merge, split, decide and take back, and readers report and erase, in whatever
order: each report stays in one case, no case is open without one, and no decision is undone
unasked."""

import random
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import receipts, triage
from core.db import Database
from core.errors import Conflict, Invalid, MergedAway, MovedOn
from core.models import Case, Event, Report
from core.settings import Settings
from core.triage import Actor, Change
from tests import factories

ME, COLLEAGUE = Actor("a@dala.example.kz", "desk"), Actor("b@dala.example.kz", "desk")
WORDS = ("тұр", "көл", "өзен", "қала")
SOME = ("accepted", "fixed", "dismissed")
Standing = dict[int, tuple[object, ...]]


class Newsroom:
    """Four cases of two reports each, and what people do with them."""

    def __init__(self, db: Database, settings: Settings, now: datetime) -> None:
        self.db, self.settings, self.now = db, settings, now
        with db.write() as session:
            factories.make_site(session, now)
        self.cases = [self.report(n) for n in (*range(4), *range(4))][:4]

    def report(self, n: int) -> int:
        """A reader reports the words of a number; returns the case in which that came to lie."""
        self.now += timedelta(minutes=1)
        word = WORDS[n]
        around = {"prefix": f"{word} туралы {n} сөз: ", "suffix": f" дейді {word}шы {n}"}
        values = {"exact": word, "suggestion": f"{word}.", **around}
        return factories.sorted_case(self.db, self.settings, self.now, **values).id

    def reports(self, case_id: int) -> list[str]:
        """The reports of a case, oldest first."""
        with self.db.read() as session:
            query = select(Report.id).where(Report.case_id == case_id)
            return list(session.scalars(query.order_by(Report.received_at)))

    def case(self, case_id: int) -> Case:
        """A case as it is now."""
        with self.db.read() as session:
            return session.get_one(Case, case_id)

    def do(self, name: str, case_id: int, *what: object, by: Actor = ME) -> int:
        """One act on the case as it stands; returns the id of the case that it gives back."""
        act = getattr(triage, name)
        with self.db.write() as session:
            version = session.get_one(Case, case_id).version
            case: Case = act(session, case_id, version, *what, by, self.now, self.settings)
            return case.id

    def erase(self, report_id: str) -> None:
        """The reader takes back what they sent."""
        with self.db.write() as session:
            report = session.get_one(Report, report_id)
            receipts.erase(session, report, self.settings.mail_folder, self.now)

    def offers(self, case_id: int, by: Actor) -> bool:
        """Whether the queue offers an undo of this person's own."""
        with self.db.read() as session:
            return case_id in triage.decided_last_by(session, [case_id], by.name)

    def standing(self) -> Standing:
        """All that is kept of each case."""
        with self.db.read() as session:
            return {case.id: _all_of(session, case) for case in session.scalars(select(Case))}

    def check(self) -> None:
        """What has to be true at any time."""
        with self.db.read() as session:
            counted = Counter(session.scalars(select(Report.case_id)))
            cases = {case.id: case for case in session.scalars(select(Case))}
        assert set(counted) <= set(cases)
        for case in cases.values():
            assert case.readers == counted[case.id], case.id
            if case.merged_into_id is None:
                assert case.readers > 0, f"{case.id} is {case.status} and has no report"
            else:
                assert (case.status, case.readers) == ("dismissed", 0)
            _follow(cases, case)


def _follow(cases: dict[int, Case], case: Case) -> None:
    """From signpost to signpost one comes to a case that is none."""
    for _ in cases:
        if case.merged_into_id is None:
            return
        case = cases[case.merged_into_id]
    pytest.fail(f"{case.id} was merged into itself")


def _all_of(session: Session, case: Case) -> tuple[object, ...]:
    reports = select(Report.id).where(Report.case_id == case.id).order_by(Report.id)
    lines = session.scalar(select(func.count()).where(Event.case_id == case.id))
    row = tuple(getattr(case, column.key) for column in Case.__table__.columns)
    return (*row, lines, *session.scalars(reports))


@pytest.fixture
def newsroom(db: Database, tmp_path: Path, now: datetime) -> Newsroom:
    return Newsroom(db, factories.make_settings(tmp_path), now)


def _step(room: Newsroom, ids: list[int], chance: random.Random) -> None:
    whole = [each for each in ids if room.reports(each)]
    case_id, by = chance.choice(whole), chance.choice((ME, COLLEAGUE))
    acts = ("merge", "split", "undo", "move", "report", "erase")
    match chance.choices(acts, (30, 15, 40, 10, 4, 1))[0]:
        case "merge":
            room.do("merge", case_id, chance.choice(whole), by=by)
        case "split":
            reports = room.reports(case_id)
            room.do("split", case_id, chance.sample(reports, len(reports) // 2), by=by)
        case "undo":
            case_id = chance.choice(ids)
            offered = room.offers(case_id, by)
            try:
                room.do("undo", case_id, by=by)
            except Conflict:
                assert not offered, f"the desk offered to undo what was refused: {case_id}"
                raise
        case "move":
            status = chance.choice(SOME)
            resolution = "opinion" if status == "dismissed" else None
            words = chance.choice(("бір", "екі"))
            change = Change(status=status, resolution=resolution, suggestion=words)
            room.do("move", case_id, change, by=by)
        case "report":
            room.report(chance.randrange(len(WORDS)))
        case _:
            room.erase(chance.choice([r for each in ids for r in room.reports(each)]))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_walk_loses_a_report_or_leaves_an_open_case_without_one(
    newsroom: Newsroom, seed: int
) -> None:
    chance, done = random.Random(seed), Counter[bool]()
    for _ in range(60):
        before = newsroom.standing()
        try:
            _step(newsroom, sorted(before), chance)
        except (Conflict, Invalid):
            assert newsroom.standing() == before
            done[False] += 1
        else:
            newsroom.check()
            done[True] += 1
    assert min(done[True], done[False]) > 5


def test_a_chain_of_merges_is_taken_back_from_its_end(newsroom: Newsroom) -> None:
    a, b, c, _ = newsroom.cases
    before = {each: newsroom.reports(each) for each in (a, b, c)}
    newsroom.do("merge", a, b)
    newsroom.do("merge", b, c)
    standing = newsroom.standing()
    with pytest.raises(MovedOn, match="take that back there first") as refused:
        newsroom.do("undo", a)
    assert refused.value.at == b
    assert newsroom.standing() == standing
    newsroom.do("undo", c)
    newsroom.do("undo", a)
    assert {each: newsroom.reports(each) for each in (a, b, c)} == before
    newsroom.check()


def test_merges_into_one_case_are_taken_back_in_any_order(newsroom: Newsroom) -> None:
    a, b, c, d = newsroom.cases
    for each in (a, b, c):
        newsroom.do("merge", each, d)
    for each in (b, d, a):  # of d the newest is that of c
        newsroom.do("undo", each)
        newsroom.check()
    assert [newsroom.case(each).readers for each in (a, b, c, d)] == [2, 2, 2, 2]


def test_a_merge_is_not_undone_over_a_split(newsroom: Newsroom) -> None:
    a, b, *_ = newsroom.cases
    mine = newsroom.reports(a)
    newsroom.do("merge", a, b)
    new = newsroom.do("split", b, mine)
    with pytest.raises(MovedOn) as refused:
        newsroom.do("undo", a)
    assert refused.value.at == b
    assert newsroom.reports(new) == mine
    newsroom.do("undo", new)
    newsroom.do("undo", a)
    assert newsroom.reports(a) == mine
    newsroom.check()


def test_what_a_colleague_decided_after_a_merge_stays(newsroom: Newsroom) -> None:
    a, b, *_ = newsroom.cases
    newsroom.do("merge", a, b)
    newsroom.do("move", b, Change(status="fixed"), by=COLLEAGUE)
    with pytest.raises(MovedOn) as refused:
        newsroom.do("undo", a)
    assert refused.value.at == b
    assert (newsroom.case(b).status, newsroom.case(b).readers) == ("fixed", 4)
    newsroom.do("undo", b)
    newsroom.do("undo", a)
    assert [newsroom.case(each).status for each in (a, b)] == ["new", "new"]


def test_what_a_colleague_decided_about_a_case_split_off_stays(newsroom: Newsroom) -> None:
    old = newsroom.cases[0]
    new = newsroom.do("split", old, newsroom.reports(old)[1:])
    newsroom.do("move", new, Change(status="fixed", suggestion="екі"), by=COLLEAGUE)
    with pytest.raises(MovedOn) as refused:
        newsroom.do("undo", old)
    assert refused.value.at == new
    decided = newsroom.case(new)
    assert (decided.status, decided.suggestion, decided.readers) == ("fixed", "екі", 1)


def test_a_case_poured_back_offers_nothing_to_undo(newsroom: Newsroom) -> None:
    old = newsroom.cases[0]
    new = newsroom.do("split", old, newsroom.reports(old)[1:])
    newsroom.do("undo", old)
    with pytest.raises(Conflict, match="nothing to undo"):
        newsroom.do("undo", new)
    with pytest.raises(MergedAway):
        newsroom.do("move", new, Change(status="accepted"))
    assert newsroom.case(new).merged_into_id == old


def test_the_desk_offers_to_undo_what_is_not_refused(newsroom: Newsroom) -> None:
    a, b, c, _ = newsroom.cases
    newsroom.do("merge", a, b)
    assert [newsroom.offers(each, ME) for each in (a, b)] == [True, True]
    newsroom.do("merge", b, c, by=COLLEAGUE)
    assert [newsroom.offers(each, ME) for each in (a, b, c)] == [False, False, False]
    assert [newsroom.offers(each, COLLEAGUE) for each in (b, c)] == [True, True]
    newsroom.do("undo", c)
    assert newsroom.offers(a, ME)

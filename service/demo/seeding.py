"""Filling the demo: a site, its people, and its past, told through the real code at past times.

Nothing is written into tables by hand that readers or editors could have caused: reports go
through intake and sorting, decisions through triage, mails through the postman. So the desk, the
histories and the inbox are what the product makes of such a past.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import accounts, delivery, intake, sites, sorting, triage, workflow
from core.db import Database
from core.history import Actor
from core.incoming import NewReport
from core.models import Case, Page, PageAlias, Report, Site
from core.settings import Settings
from service.demo.articles import Slip
from service.demo.stories import Move, Note, Story, stories

SITE_NAME = "Дала үні"
PASSWORD = "tuzet-demo-2026"  # noqa: S105 (printed at every start; the demo is for this machine)
_HOST = "dala.example.kz"
_CONTEXT = 64


@dataclass(frozen=True)
class Colleague:
    """A person of the newsroom; a mail about each new case goes to those with `mails`."""

    short: str
    name: str
    role: str
    language: str
    mails: bool

    @property
    def email(self) -> str:
        """Their address, which is also their log-in."""
        return f"{self.short}@{_HOST}"


COLLEAGUES = (
    Colleague("aigerim", "Айгерім Сәрсен", "admin", "kk", mails=True),
    Colleague("maria", "Мария Ким", "editor", "ru", mails=True),
    Colleague("daniyar", "Данияр Оспан", "editor", "en", mails=True),
    Colleague("qurmet", "Құрмет Әли", "viewer", "kk", mails=False),
)


@dataclass(frozen=True)
class Step:
    """One thing that happened at a time; steps are told in the order of their times."""

    at: datetime
    tell: Callable[[], None]


def add_newsroom(
    session: Session, url: str, origins: list[str], settings: Settings, now: datetime
) -> Site:
    """The site with its people and their addresses; made as long ago as its oldest story."""
    site = sites.add_site(session, SITE_NAME, url, origins, ["kk", "ru", "en"], now)
    for person in COLLEAGUES:
        accounts.add_user(
            session,
            person.email,
            person.name,
            PASSWORD,
            person.role,
            None if person.role == "admin" else site.key,
            person.language,
            now,
        )
        if person.mails:
            sites.add_channel(
                session, site.key, "email", person.email, person.language, settings, now
            )
    return site


@dataclass(frozen=True)
class Past:
    """Tells the stories of one site into a database, as they would have happened until `now`."""

    db: Database
    settings: Settings
    site_key: str
    url: str
    now: datetime

    def tell(self) -> int:
        """Returns how many cases there are now."""
        steps = [step for story in stories() for step in self._steps(story)]
        for step in sorted(steps, key=lambda step: step.at):
            step.tell()
        self._deliver(self.now)
        with self.db.read() as session:
            return len(session.scalars(select(Case.id)).all())

    def _steps(self, story: Story) -> Iterator[Step]:
        begin = self.now - story.ago
        first = _report_id(story, 0)
        for number in range(story.readers):
            at = begin + _later(story, number)
            yield Step(at, partial(self._report, story, number, at))
        for move in story.moves:
            at = begin + move.after
            yield Step(at, partial(self._move, first, move, at))
        for note in story.notes:
            at = begin + note.after
            yield Step(at, partial(self._note, first, note, at))

    def _report(self, story: Story, number: int, at: datetime) -> None:
        with self.db.write() as session:
            intake.receive(session, self._new_report(story, number), None, at)
        sorting.sort_due(self.db, self.settings, lambda: at)
        self._deliver(at)

    def _deliver(self, at: datetime) -> None:
        delivery.deliver_due(self.db, self.settings, lambda: at)

    def _new_report(self, story: Story, number: int) -> NewReport:
        slip, article = story.slip, story.slip.article
        exact, suggestion, before, after = _quoted(slip, number)
        comments = story.comments[number : number + 1]
        facts = f"{story.slip.id}{number}{exact}"
        return NewReport(
            id=_report_id(story, number),
            site=self.site_key,
            url=f"{self.url}/demo/{article.language}/{article.slug}",
            canonical_url=f"{self.url}/demo/{article.language}/{article.slug}",
            title=article.title,
            language=article.language,
            exact=exact,
            prefix=before[-_CONTEXT:],
            suffix=after[:_CONTEXT],
            position_start=None,
            position_end=None,
            kind=story.kind if number == 0 else None,
            suggestion=suggestion if story.suggestion is not None else None,
            comment=comments[0] if comments else None,
            email=None,
            metadata={"author": article.author, "section": article.section},
            fingerprint=hashlib.sha256(facts.encode()).hexdigest(),
        )

    def _move(self, report_id: str, move: Move, at: datetime) -> None:
        verifier = Actor(workflow.VERIFIER, "clock")
        actor = verifier if move.by is None else Actor(_email(move.by), "desk")
        with self.db.write() as session:
            case = _case_of(session, report_id)
            change = triage.Change(status=move.status, resolution=move.resolution)
            if move.assignee is not None:
                change = triage.Change(status=move.status, assignee=_email(move.assignee))
            if move.snooze is not None:
                change = triage.Change(status=move.status, snoozed_until=self.now + move.snooze)
            triage.move(session, case.id, case.version, change, actor, at, self.settings)
            if move.by is None:
                _note_reading(case, "fixed" if move.status == "verified" else "still_there", at)
        self._deliver(at)

    def _note(self, report_id: str, note: Note, at: datetime) -> None:
        with self.db.write() as session:
            case = _case_of(session, report_id)
            by = Actor(_email(note.by), "desk")
            triage.note(session, case.id, note.text, by, at, self.settings)


def move_house(session: Session, site: Site, url: str, origins: list[str]) -> None:
    """The newsroom has another port this time: let its pages be found there."""
    old, new = urlsplit(site.url).netloc, urlsplit(url).netloc
    site.url, site.origins = url, origins
    for column in (Page.url, Page.link, PageAlias.url, Report.url, Report.canonical_url):
        row = column.class_
        session.execute(update(row).values({column: func.replace(column, old, new)}))


def _later(story: Story, number: int) -> timedelta:
    """Readers come quickly at first, then now and then, until shortly before the first decision."""
    if number == 0:
        return timedelta()
    ends = [move.after for move in story.moves] or [story.ago]
    share: float = 0.9 * (number / story.readers) ** 1.5
    return min(ends[0], story.ago) * share


def _quoted(slip: Slip, number: int) -> tuple[str, str, str, str]:
    """What a reader marks: the words, or now and then the next word too.

    Returns (quote, suggestion, text before, text after).
    """
    exact, right, before, after = slip.wrong, slip.right, slip.before, slip.after
    if number % 3 == 2 and after.startswith(" "):
        following = " " + after[1:].partition(" ")[0]
        exact, right, after = exact + following, right + following, after[len(following) :]
    return exact, right, before, after


def _report_id(story: Story, number: int) -> str:
    slip = story.slip
    name = f"{slip.article.language}/{slip.article.slug}/{slip.wrong}/{number}"
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def _case_of(session: Session, report_id: str) -> Case:
    case_id = session.get_one(Report, report_id).case_id
    return session.get_one(Case, case_id)


def _note_reading(case: Case, verdict: str, at: datetime) -> None:
    """What the check of the page leaves on a case."""
    case.verdict = verdict
    case.checked_at = at
    words = case.suggestion if verdict == "fixed" else case.exact
    case.evidence = {"text": f"{case.prefix}{words or ''}{case.suffix}"}


def _email(short: str) -> str:
    return f"{short}@{_HOST}"

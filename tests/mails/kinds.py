"""One mail of each kind, in one language."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core import messages, recipients
from core.channels import OutgoingMail
from core.db import Database
from core.history import Actor, write_event
from core.messages.inviting import invitation
from core.models import Case, Channel, Delivery, Invitation, Report, Site, User
from core.settings import Settings
from tests import factories
from tests.mails.readers import letters
from tests.mails.stories import STORIES, many

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_COLLEAGUE = Actor("aidar@dala.example.kz", "desk")
_WEEK = {
    "new": 1_214,
    "fixed": 21,
    "verified": 18,
    "open": 111,
    "fix_seconds": 5_400,
    "pages": [
        {"title": title, "link": f"{factories.SITE_URL}/{place}", "language": "kk", "reports": n}
        for place, (title, n) in enumerate(
            [
                ("Көкжар ауданында жаңа кітапхана ашылды", 21),
                ("Өзеннен өтетін жаңа көпір желтоқсанда ашылады", 4),
                ("Аудандық мектептерге 120 жаңа автобус берілді: қай ауылға қанша тиді", 1),
            ]
        )
    ],
}


class Press:
    """A newsroom with reports, from which each kind of mail is made."""

    def __init__(self, db: Database, settings: Settings, now: datetime, language: str) -> None:
        self.db, self.settings, self.now, self.language = db, settings, now, language
        self._keys = count()
        with db.write() as session:
            site = factories.make_site(session, now, languages=[language])
            factories.make_channel(session, now, site).language = language
            user = factories.make_user(session, now, "aidana@dala.example.kz", "admin")
            user.name, user.language = "Айдана Мұрат", language
            factories.make_user(session, now, _COLLEAGUE.name).name = "Айдар"
            recipients.personal_channel(session, site.id, user, now)
        firsts = [self._send(place, **story) for place, story in enumerate(STORIES)]
        firsts += [factories.send(db, now - 30 * DAY, **many(number)).id for number in range(70)]
        factories.sort(db, settings, now - HOUR / 2)
        with db.read() as session:
            numbers = [session.get_one(Report, first).case_id for first in firsts]
            cases = [session.get_one(Case, number) for number in numbers]
        self.cases, self.many = cases[: len(STORIES)], cases[len(STORIES) :]
        with db.write() as session:  # the rows are written anew, for each kind of mail
            session.execute(delete(Delivery))

    def _send(self, place: int, readers: int = 1, others: Sequence[str] = (), **facts: Any) -> str:
        """What so many readers send about one error; returns the number of the first report."""
        at = self.now - (place + 1) * HOUR
        first = factories.send(self.db, at, canonical_url=None, **facts)
        for number in range(1, readers):
            again = {**facts, "comment": None}
            again |= {"suggestion": others[number - 1]} if number <= len(others) else {}
            factories.send(self.db, at, canonical_url=None, **again)
        return first.id

    def mail(
        self,
        cases: Sequence[Case],
        kind: str,
        rhythm: str = "now",
        why: str | Sequence[str] | None = "channel",
        own: bool = False,
        about: dict[str, Any] | None = None,
        note: str | None = None,
        states: dict[str, Any] | None = None,
    ) -> OutgoingMail:
        """The mail about cases, to the site's channel or (`own`) to the person's."""
        with self.db.write() as session:
            channel = session.get_one(Channel, 2 if own else 1)
            whys = [why] * len(cases) if why is None or isinstance(why, str) else why
            known = [session.get_one(Case, case.id) for case in cases]
            for case in known:
                for name, value in (states or {}).items():
                    setattr(case, name, value)
            rows = [
                self._row(session, channel, kind, case, rhythm, why, note)
                for case, why in zip(known, whys, strict=True)
            ]
            if about is not None:
                rows = [self._row(session, channel, kind, None, rhythm, str(why), about=about)]
            made = messages.compose(session, rows, self.settings, self.now)
            session.rollback()
        assert isinstance(made, OutgoingMail)
        return made

    def _row(
        self,
        session: Session,
        channel: Channel,
        kind: str,
        case: Case | None,
        rhythm: str,
        why: str | None,
        note: str | None = None,
        about: dict[str, Any] | None = None,
    ) -> Delivery:
        event = None
        if note is not None and case is not None:
            event = write_event(session, case, "note", _COLLEAGUE, self.now, {"text": note})
        row = Delivery(
            channel_id=channel.id,
            case_id=case.id if case else None,
            event_id=event.id if event else None,
            event_type=kind,
            rhythm=rhythm,
            due_at=self.now,
            message_key=f"{next(self._keys):032x}",
            about=about,
            why=why,
            created_at=self.now - HOUR,
        )
        session.add(row)
        session.flush()
        return row

    def invitation(self) -> OutgoingMail:
        """The mail that asks somebody to join."""
        with self.db.read() as session:
            site = session.get_one(Site, 1)
            user = session.get_one(User, 1)
            made = Invitation(id=1, email="sayat@dala.example.kz", site_id=site.id)
            return invitation(made, "s" * 43, user.name, self.language, self.settings)


def every_mail(
    db: Database, settings: Settings, now: datetime, language: str
) -> Iterator[tuple[str, OutgoingMail]]:
    """Each kind by its name. The database is empty before, and used up afterwards."""
    press = Press(db, settings, now, language)
    one, page, far = press.cases[:1], press.cases[:4], press.cases[2:7]
    erased = {"exact": "", "prefix": "", "suffix": "", "suggestion": None}
    paused = {"channel": 1, "kind": "email", "target": "desk@dala.example.kz"}
    numbers = {**_WEEK, "end": now.isoformat(), "oldest": (now - 40 * DAY).isoformat()}
    taken = {"assignee_id": 1}
    came_back = {"status": "accepted", "regressed": True}

    yield "new", press.mail(one, "case.created")
    yield "new-to-a-person", press.mail(one, "case.created", why="duty", own=True)
    yield "new-by-a-rule", press.mail(press.cases[4:5], "case.created", why="rule Спорт бөлімі")
    yield "new-look-alike", press.mail(press.cases[5:6], "case.created", why="fallback")
    yield "new-endless-word", press.mail(press.cases[7:8], "case.created", why="author", own=True)
    yield "erased", press.mail(one, "case.created", states=erased)
    yield "settled-meanwhile", press.mail(one, "case.created", states={"status": "fixed"})
    yield "page-with-many", press.mail(page, "case.created", "digest", why=["rule Қоғам"] * 4)
    reasons = ["rule Қоғам", "rule Түнгі кезек", "duty", "duty", "author"]
    yield "new-of-many-pages", press.mail(far, "case.created", "digest", why=reasons, own=True)
    yield "digest", press.mail(far, "case.updated", "digest")
    yield "digest-of-one", press.mail(one, "case.updated", "digest", why="duty", own=True)
    yield "digest-of-seventy", press.mail(press.many, "case.created", "digest")
    yield "louder-word", press.mail(one, "case.updated")
    yield "came-back", press.mail(one, "case.regressed", states=came_back)
    yield "several-came-back", press.mail(far, "case.regressed", "digest", states=came_back)
    yield "reminder", press.mail(one, "case.waiting", why="assigned", own=True, states=taken)
    yield "reminders", press.mail(far, "case.waiting", why="assigned", own=True, states=taken)
    yield "escalation", press.mail(one, "case.escalated", why="escalated", own=True)
    yield "escalations", press.mail(far, "case.escalated", why="escalated", own=True)
    yield "still-open", press.mail([*press.many[:46], *page], "case.open", "weekly")
    yield "mention", press.mail(one, "case.mentioned", why=None, own=True, note=_NOTE)
    yield "week", press.mail([], "numbers.week", about=numbers)
    yield "week-of-ones-own", press.mail([], "numbers.week", why="wished", own=True, about=numbers)
    yield (
        "paused",
        press.mail(
            [],
            "channel.paused",
            own=True,
            about={**paused, "reason": "The mail server refused the recipient (550)."},
        ),
    )
    yield "works-again", press.mail([], "channel.back", own=True, about=paused)
    yield "unsubscribed", press.mail([], "channel.stopped", own=True, about=paused)
    yield "test", press.mail([], "channel.test", about=paused)
    yield "invitation", press.invitation()
    yield from letters(db, settings, now, language)


_NOTE = "@aidana@dala.example.kz облыстық әкімдіктен сұрап көріңізші: млн емес, млрд болуы керек."

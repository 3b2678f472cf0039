"""Messages about many cases: true numbers, and mails that no mail program cuts off."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import messages
from core.channels import OutgoingChat, OutgoingMail
from core.db import Database
from core.delivery import deliver_due
from core.messages.fitting import MOST_BYTES, MOST_IN_FULL, Share, fitted
from core.models import Case, Channel, Delivery, Page
from core.settings import Settings

HOSTILE = "&<ұ>" * 25


@pytest.fixture(autouse=True)
def english(db: Database, case: Case) -> None:
    with db.write() as session:
        session.scalars(select(Channel)).one().language = "en"


def _many(
    db: Database, now: datetime, like: Case, count: int, owed: int, pages: int = 1, **values: Any
) -> None:
    """That case and others like it, so many in all, of which some are owed in one digest."""
    facts: dict[str, Any] = {"event_type": "case.created", "rhythm": "digest", "due_at": now}
    facts |= {key: values.pop(key) for key in ("event_type", "rhythm") if key in values}
    columns = [c.key for c in Case.__table__.columns if c.key not in ("id", "key")]
    with db.write() as session:
        old = session.scalars(select(Delivery)).one()
        channel = old.channel_id
        session.delete(old)
        first = session.get_one(Case, like.id)
        kept = {name: getattr(first, name) for name in columns}
        page = first.page
        names = [c.key for c in Page.__table__.columns if c.key not in ("id", "key", "url")]
        homes = [page.id]
        for number in range(1, pages):
            copy = Page(**{name: getattr(page, name) for name in names})
            for name in ("key", "url"):
                if hasattr(page, name):
                    setattr(copy, name, f"{getattr(page, name)}-{number}")
            session.add(copy)
            session.flush()
            homes.append(copy.id)
        others = []
        for number in range(1, count):
            home = homes[number % pages]
            other = Case(**{**kept, "page_id": home, **values})
            others.append(other)
        for name, value in values.items():
            setattr(first, name, value)
        session.add_all(others)
        session.flush()
        session.add_all(
            Delivery(
                channel_id=channel,
                case_id=each.id,
                message_key=f"{place:032x}",
                created_at=now,
                **facts,
            )
            for place, each in enumerate([first, *others][:owed])
        )


def _compose(db: Database, settings: Settings, now: datetime) -> Any:
    with db.read() as session:
        rows = session.scalars(select(Delivery).order_by(Delivery.id)).all()
        return messages.compose(session, rows, settings, now)


def _told(part: str) -> set[int]:
    return {int(number) for number in re.findall(r"/cases/(\d+)", part)}


def test_the_list_of_what_is_open_says_how_much_is_open(
    db: Database, settings: Settings, now: datetime, case: Case
) -> None:
    _many(db, now, case, 61, 50, event_type="case.open", rhythm="weekly")
    with db.write() as session:  # one was put off, and one of the list decided meanwhile
        session.get_one(Case, case.id + 60).snoozed_until = now + timedelta(days=1)
        session.get_one(Case, case.id + 1).status = "fixed"
    mail = _compose(db, settings, now)
    assert mail.subject == "59 errors are still open: Дала үні"
    for part in (mail.text, mail.html):
        assert "and 10 more on the desk" in part
        assert "https://tuzet.example.kz/queue?site=dala" in part
        assert case.id + 1 not in _told(part)


def test_a_chat_is_told_how_much_is_open_besides(
    db: Database, settings: Settings, now: datetime, case: Case
) -> None:
    _many(db, now, case, 5, 3, event_type="case.open", rhythm="weekly")
    with db.write() as session:
        channel = session.scalars(select(Channel)).one()
        channel.kind, channel.target = "telegram", "-100"
    chat = _compose(db, settings, now)
    assert isinstance(chat, OutgoingChat)
    assert chat.subject.startswith("5 errors are still open")
    assert "and 2 more on the desk: https://tuzet.example.kz/queue?site=dala" in chat.lead


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize(("count", "pages"), [(37, 3), (70, 1), (300, 30)])
def test_a_digest_is_never_cut_off(
    db: Database,
    settings: Settings,
    now: datetime,
    case: Case,
    language: str,
    count: int,
    pages: int,
) -> None:
    _many(db, now, case, count, count, pages)
    with db.write() as session:
        session.scalars(select(Channel)).one().language = language
    mail = _compose(db, settings, now)
    assert isinstance(mail, OutgoingMail)
    assert mail.stop_url is not None
    assert len(mail.html.encode()) <= MOST_BYTES
    assert mail.stop_url in mail.html
    told = _told(mail.html)
    assert len(told) >= min(count, 60)
    if count == 37:
        assert mail.html.count("/act/") == 4 * count
    if len(told) < count:
        assert "/queue?site=dala" in mail.html


def test_a_digest_of_the_longest_words_is_never_cut_off(
    db: Database, settings: Settings, now: datetime, case: Case
) -> None:
    words = {"exact": HOSTILE, "prefix": HOSTILE[:64], "suffix": HOSTILE[:64]}
    _many(db, now, case, 80, 80, 40, suggestion=HOSTILE[::-1], **words)
    with db.write() as session:
        for page in session.scalars(select(Page)):
            page.title = "<&ұ>" * 125
            page.link = "https://dala.example.kz/" + "&" * 2_000
    mail = _compose(db, settings, now)
    assert len(mail.html.encode()) <= MOST_BYTES
    assert mail.stop_url in mail.html
    assert "more on the desk" in mail.html


def test_a_word_without_end_is_broken_on_a_small_screen(
    db: Database, settings: Settings, now: datetime, case: Case
) -> None:
    letter = re.search(
        r'<table class="letter"[^>]* style="([^"]*)"', _compose(db, settings, now).html
    )
    assert letter is not None
    assert {"overflow-wrap:anywhere", "word-break:break-word"} <= set(letter[1].split(";"))


def test_an_article_with_many_errors_is_one_mail(
    db: Database, settings: Settings, now: datetime, case: Case
) -> None:
    _many(db, now, case, 70, 70)
    assert deliver_due(db, settings, lambda: now).sent == 1


@pytest.mark.parametrize(
    ("size", "share"),
    [
        (lambda _: 1, Share(MOST_IN_FULL, 60)),
        (lambda each: each.full * 10_000, Share(9, 40)),
        (lambda each: 9_000 * each.lines + 90_000 * bool(each.full), Share(0, 10)),
        (lambda _: MOST_BYTES + 1, Share(0, 0)),
    ],
)
def test_as_much_is_shown_as_fits(size: Any, share: Share) -> None:
    assert fitted(100, size) == share

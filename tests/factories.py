"""Real rows for tests: a newsroom, its people, and readers who report."""

import hashlib
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from core import sorting
from core.clock import utcnow
from core.db import Database
from core.incoming import NewReport
from core.intake import receive
from core.models import Case, Channel, Membership, Report, Site, User
from core.settings import Settings

SITE_URL = "https://dala.example.kz"
PAGE_URL = f"{SITE_URL}/news/kitapkhana"
BEFORE = "Қазір сөрелерде қырық мың том тұр, оның үштен бірі — "
WRONG, RIGHT = "балаларга", "балаларға"
AFTER = " арналған. Кез келген қаладағы кітапты алдыруға болады."


def make_settings(folder: Path, database_url: str = "sqlite://", **values: Any) -> Settings:
    """Settings of an installation in a folder of its own."""
    defaults = {"secret_key": "k" * 43, "base_url": "https://tuzet.example.kz"}
    return Settings(data_dir=folder, database_url=database_url, **{**defaults, **values})


def make_site(session: Session, now: datetime, key: str = "dala", **values: Any) -> Site:
    """A publication in Kazakh, Russian and English."""
    defaults: dict[str, Any] = {
        "name": "Дала үні",
        "url": SITE_URL,
        "origins": [SITE_URL],
        "languages": ["kk", "ru", "en"],
        "timezone": "Asia/Almaty",
    }
    site = Site(key=key, created_at=now, **{**defaults, **values})
    session.add(site)
    session.flush()
    return site


def make_user(
    session: Session, now: datetime, email: str, role: str = "editor", site: Site | None = None
) -> User:
    """A person who cannot log in (no password fits), but can be assigned and act."""
    user = User(
        email=email, name=email.partition("@")[0], password_hash="-", language="kk", created_at=now
    )
    kept, owns = ("admin", True) if role == "owner" else (role, False)
    user.memberships = [Membership(site_id=site.id if site else None, role=kept, owns=owns)]
    session.add(user)
    session.flush()
    return user


def make_channel(
    session: Session,
    now: datetime,
    site: Site,
    target: str = "desk@dala.example.kz",
    kind: str = "email",
) -> Channel:
    """A way to reach the newsroom's editors."""
    channel = Channel(site_id=site.id, kind=kind, target=target, language="kk", created_at=now)
    session.add(channel)
    session.flush()
    return channel


def new_report(**values: Any) -> NewReport:
    """A reader's report of the word `балаларга`, as it comes from the door."""
    defaults: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "site": "dala",
        "url": PAGE_URL,
        "canonical_url": PAGE_URL,
        "title": "Көкжар ауданында жаңа кітапхана ашылды",
        "language": "kk",
        "exact": WRONG,
        "prefix": BEFORE[-32:],
        "suffix": AFTER[:32],
        "position_start": 120,
        "position_end": 129,
        "kind": "typo",
        "suggestion": RIGHT,
        "comment": None,
        "email": None,
        "metadata": None,
    }
    facts = {**defaults, **values}
    fingerprint = hashlib.sha256(repr(sorted(facts.items())).encode()).hexdigest()
    return NewReport(fingerprint=facts.pop("fingerprint", fingerprint), **facts)


def send(db: Database, now: datetime, **values: Any) -> Report:
    """A report that has been received and waits to be sorted."""
    with db.write() as session:
        return receive(session, new_report(**values), None, now).report


def sort(db: Database, settings: Settings, now: datetime) -> sorting.Sorted:
    """Sort all that waits."""
    return sorting.sort_due(db, settings, lambda: now)


def sorted_case(db: Database, settings: Settings, now: datetime, **values: Any) -> Case:
    """The case of a report that has just been sent and sorted."""
    report_id = send(db, now, **values).id
    sort(db, settings, now)
    with db.read() as session:
        case_id = session.get_one(Report, report_id).case_id
        return session.get_one(Case, case_id)


__all__ = [
    "AFTER",
    "BEFORE",
    "PAGE_URL",
    "RIGHT",
    "SITE_URL",
    "WRONG",
    "make_channel",
    "make_settings",
    "make_site",
    "make_user",
    "new_report",
    "send",
    "sort",
    "sorted_case",
    "utcnow",
]

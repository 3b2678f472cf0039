"""The letters to readers: a correction, a refusal, and several at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import readermail, triage
from core.channels import OutgoingMail
from core.db import Database
from core.history import Actor
from core.models import Case, ReaderAddress
from core.settings import Settings
from core.triage import Change
from core.workflow import VERIFIER
from tests import factories

_EDITOR = Actor("aidana@dala.example.kz", "desk")
_OTHER: dict[str, Any] = {
    "exact": "сөрелерде",
    "prefix": "Қазір ",
    "suffix": " қырық мың том тұр",
    "suggestion": "сөреде",
}


@dataclass(frozen=True)
class _Reader:
    db: Database
    settings: Settings
    now: datetime
    language: str

    def letter(self, name: str, outcomes: list[str], confirmed: bool = False) -> OutgoingMail:
        """The letter to a reader of so many reports."""
        email = f"{name}@reader.example.kz"
        for place, outcome in enumerate(outcomes):
            facts = _OTHER if place else {}
            page = {"url": f"{factories.SITE_URL}/{name}", "canonical_url": None}
            case = factories.sorted_case(
                self.db,
                self.settings,
                self.now,
                email=email,
                language=self.language,
                **page,
                **facts,
            )
            if outcome == "verified":
                self._move(case, Change(status="fixed"), _EDITOR)
                self._move(case, Change(status="verified"), Actor(VERIFIER, "clock"))
            else:
                self._move(case, Change(status="dismissed", resolution=outcome), _EDITOR)
        with self.db.write() as session:
            newest = select(ReaderAddress).order_by(ReaderAddress.id.desc()).limit(1)
            address = session.scalars(newest).one()
            address.confirmed_at = self.now if confirmed else None
            letter = readermail.compose(session, address, "0" * 32, self.settings)
        assert letter is not None
        return letter.mail

    def _move(self, case: Case, change: Change, by: Actor) -> None:
        with self.db.write() as session:
            version = session.get_one(Case, case.id).version
            triage.move(session, case.id, version, change, by, self.now, self.settings)


def letters(
    db: Database, settings: Settings, now: datetime, language: str
) -> Iterator[tuple[str, OutgoingMail]]:
    """Each kind by its name."""
    reader = _Reader(db, settings, now, language)
    yield "reader-thanks", reader.letter("bir", ["verified"])
    yield "reader-no-error", reader.letter("eki", ["not_an_error"], confirmed=True)
    yield "reader-several", reader.letter("ush", ["verified", "wont_fix"], confirmed=True)

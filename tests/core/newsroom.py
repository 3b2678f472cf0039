"""A newsroom whose rules, roster and plan are tried."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from core import reminders, rulebook
from core.db import Database
from core.models import Case, Delivery, Site
from core.settings import Settings
from tests import factories

SPORT: dict[str, Any] = {"metadata": {"section": "Спорт", "author": "Айдана Мұрат"}}


class Newsroom:
    """A site with three channels and an editor, and what each is owed."""

    def __init__(self, db: Database, settings: Settings, now: datetime) -> None:
        self.db, self.settings, self.now = db, settings, now
        with db.write() as session:
            self.site = factories.make_site(session, now)
            self.zhanar = factories.make_user(session, now, "zhanar@dala.example.kz")
            self.zhanar.name = "Айдана Мұрат"
            for name in ("desk", "sport", "night"):
                factories.make_channel(session, now, self.site, f"{name}@dala.example.kz")

    def rule(self, when: dict[str, Any], then: dict[str, Any]) -> None:
        with self.db.write() as session:
            site = session.get_one(Site, self.site.id)
            rulebook.add_rule(session, site, f"{when}", when, then, self.now)

    def plan(self, **values: Any) -> None:
        with self.db.write() as session:
            rulebook.change_plan(session, session.get_one(Site, self.site.id), values)

    def report(self, at: datetime | None = None, **values: Any) -> Case:
        return factories.sorted_case(self.db, self.settings, at or self.now, **values)

    def another(self) -> Case:
        return self.report(
            exact="басқа", suggestion=None, url=f"{factories.SITE_URL}/2", canonical_url=None
        )

    def owed(self) -> list[tuple[str, str, str]]:
        with self.db.read() as session:
            rows = session.scalars(select(Delivery).order_by(Delivery.id))
            return [
                (row.channel.target.partition("@")[0], row.event_type, row.rhythm) for row in rows
            ]

    def remind(self, after: timedelta) -> int:
        return reminders.remind_due(self.db, self.settings, self.now + after)

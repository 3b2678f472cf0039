"""A reader who comes in the moment in which the digest goes out."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core.delivery.claims import Claim, claim_next
from core.models import Case, Delivery, Event
from core.notices import Audience, rows_owed
from tests import factories
from tests.core.delivery.newsroom import Newsroom

DAY = timedelta(days=1)


class _Moment:
    """A digest is due, a sorter is at work, and a postman comes when told to."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.claims: list[Claim | None] = []
        self.postman = threading.Thread(target=self._claim)
        newsroom.channel()
        self.case = newsroom.report()
        newsroom.deliver()
        factories.sorted_case(
            newsroom.db,
            newsroom.settings,
            newsroom.now,
            url=f"{factories.SITE_URL}/0",
            canonical_url=None,
        )

    def come(self) -> None:
        """On SQLite the postman waits for the sorter's pen, on PostgreSQL he need not."""
        self.postman.start()
        self.postman.join(60 if self.newsroom.db.dialect == "postgresql" else 0)

    def sort(self, meanwhile: Callable[[], None]) -> list[dict[str, Any]]:
        """One more reader is heard of; something happens after the look at what waits."""
        newsroom = self.newsroom
        with newsroom.db.write() as session:
            case = session.get_one(Case, self.case.id)
            audience = Audience(session)
            assert audience.told(case).waiting
            meanwhile()
            event = session.scalars(select(Event.id).order_by(Event.id.desc())).first()
            assert event is not None
            return rows_owed(audience, case, event, "joined", newsroom.now, newsroom.settings)

    def _claim(self) -> None:
        with self.newsroom.db.write() as session:
            at = self.newsroom.now + DAY
            self.claims.append(claim_next(session, at, self.newsroom.settings))


def test_a_reader_whom_the_digest_missed_is_owed_to_the_next_one(newsroom: Newsroom) -> None:
    moment = _Moment(newsroom)
    went: list[bool] = []

    def postman_comes() -> None:
        moment.come()
        went.append(bool(moment.claims))

    rows = moment.sort(postman_comes)
    moment.postman.join(60)
    assert [bool(rows)] == went
    assert moment.claims[0] is not None


def test_a_digest_that_takes_a_reader_along_waits_until_that_is_written(newsroom: Newsroom) -> None:
    moment = _Moment(newsroom)
    with newsroom.db.write() as session:
        case = session.get_one(Case, moment.case.id)
        (row,) = session.scalars(select(Delivery).where(Delivery.rhythm == "digest"))
        assert Audience(session).takes_along(case, row.channel, "digest")
        moment.come()
        assert moment.claims in ([], [None])
    moment.postman.join(60)
    with newsroom.db.write() as session:
        late = claim_next(session, newsroom.now + DAY, newsroom.settings)
    assert [claim for claim in (*moment.claims, late) if claim is not None] != []

"""Nothing comes in a channel's quiet hours, whatever kept it until then."""

from datetime import timedelta

import pytest

from core import delivery, tending
from core.delivery import Delivered
from core.models import Channel
from tests.core.delivery.newsroom import Newsroom
from tests.servers.mail import MailSink

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _sleepy(newsroom: Newsroom) -> None:
    """It is ten minutes before the quiet hours, which last for three."""
    newsroom.channel()
    here = newsroom.now + timedelta(minutes=10)
    begins, ends = (f"{at:%H:%M}" for at in (here, here + 3 * HOUR))
    with newsroom.db.write() as session:
        tending.set_rhythm(
            session.get_one(Channel, 1), {"quiet": f"{begins}-{ends}", "timezone": "UTC"}
        )


def test_what_failed_just_before_the_quiet_hours_is_tried_after_them(
    newsroom: Newsroom, smtp_sink: MailSink
) -> None:
    newsroom.report()
    smtp_sink.mode = "451"
    for minutes in (0, 1, 6):
        assert newsroom.deliver(timedelta(minutes=minutes)) == Delivered(0, 1)
    smtp_sink.mode = "fine"
    for minutes in (20, 40, 100, 180):
        assert newsroom.deliver(timedelta(minutes=minutes)) == Delivered(0, 0)
    assert newsroom.deliver(timedelta(minutes=191)) == Delivered(1, 0)


def test_what_a_pause_held_up_waits_for_the_end_of_the_quiet_hours(
    newsroom: Newsroom, smtp_sink: MailSink
) -> None:
    with newsroom.db.write() as session:
        delivery.pause(session.get_one(Channel, 1), "by hand", newsroom.now)
    newsroom.report(1)
    newsroom.report(2)
    with newsroom.db.write() as session:
        delivery.resume(session.get_one(Channel, 1))
    assert newsroom.deliver(HOUR) == Delivered(0, 0)
    assert newsroom.deliver(4 * HOUR) == Delivered(2, 0)


def test_who_sleeps_holds_up_nobody_else(newsroom: Newsroom, smtp_sink: MailSink) -> None:
    newsroom.channel("awake@dala.example.kz")
    newsroom.report()
    assert newsroom.deliver(HOUR) == Delivered(1, 0)
    assert smtp_sink.recipients == [["awake@dala.example.kz"]]

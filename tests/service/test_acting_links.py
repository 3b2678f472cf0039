"""The links of a mail: which are believed, for how long, and who learns of them."""

import random
from datetime import timedelta

from core import actionlinks
from core.clock import utcnow
from tests.factories import make_channel, make_site
from tests.service.test_acting import Newsroom, newsroom

__all__ = ["newsroom"]


def test_two_hundred_altered_tokens_are_refused(newsroom: Newsroom) -> None:
    dice = random.Random(20260310)
    token = newsroom.link("accept").removeprefix("/act/")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    altered = set[str]()
    while len(altered) < 200:
        at = dice.randrange(len(token))
        changed = [
            token[:at] + dice.choice(letters) + token[at + 1 :],
            token[:at] + token[at + 1 :],
            token[:at] + dice.choice(letters) + token[at:],
            token[:at],
        ]
        altered |= {text for text in changed if text and text != token}
    for text in sorted(altered)[:200]:
        assert newsroom.client.post(f"/act/{text}").status_code in {404, 405}, text
        assert newsroom.client.post(f"/stop/{text}").status_code in {404, 405}, text
    assert newsroom.history() == [("created", "reader", "snippet")]


def test_altered_tokens_and_those_of_others_are_refused(newsroom: Newsroom) -> None:
    link = newsroom.link("accept")
    for at in range(len("/act/"), len(link)):
        other = "x" if link[at] != "x" else "y"
        altered = link[:at] + other + link[at + 1 :]
        assert newsroom.client.post(altered).status_code == 404, altered
    assert newsroom.case().status == "new"


def test_a_link_is_over_after_seven_days(newsroom: Newsroom) -> None:
    old = newsroom.link("accept", utcnow() - actionlinks.VALID_FOR - timedelta(seconds=2))
    assert newsroom.client.get(old).status_code == 404
    assert newsroom.client.post(old).status_code == 404
    young = newsroom.link("accept", utcnow() - actionlinks.VALID_FOR + timedelta(minutes=1))
    assert newsroom.client.get(young).status_code == 200


def test_a_link_dies_with_its_channel(newsroom: Newsroom) -> None:
    token = actionlinks.sign(newsroom.settings, newsroom.case_id, 999, "accept", utcnow())
    assert newsroom.client.post(f"/act/{token}").status_code == 404


def test_a_channel_of_another_site_cannot_act(newsroom: Newsroom) -> None:
    with newsroom.db.write() as session:
        site = make_site(session, utcnow(), key="other")
        foreign = make_channel(session, utcnow(), site).id
    token = actionlinks.sign(newsroom.settings, newsroom.case_id, foreign, "accept", utcnow())
    assert newsroom.client.post(f"/act/{token}").status_code == 404


def test_a_foreign_page_cannot_press_the_button(newsroom: Newsroom) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert newsroom.client.post(newsroom.link("accept"), headers=headers).status_code == 403
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}  # as no-referrer makes browsers do
    assert newsroom.client.post(newsroom.link("accept"), headers=own).status_code == 200


def test_the_page_tells_nobody_its_address(newsroom: Newsroom) -> None:
    answer = newsroom.client.get(newsroom.link("accept"))
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]

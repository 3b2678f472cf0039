"""The same against a server that really answers: with errors, bombs, redirects and silence.

Nobody is ever thanked for a correction that is not there.
"""

import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from core import verification
from core.db import Database
from core.models import Host
from core.net import Limits, fetch
from tests import factories
from tests.core.net.conftest import internet, server
from tests.core.net.foreign import ForeignServer, Heard, Internet, reset
from tests.core.verification.press import ARTICLE, EDITOR, MENDED, Newsroom, Press, html

__all__ = ["internet", "server"]

URL = "http://dala.example/news/kitapkhana"
PATH = "/news/kitapkhana"
TITLE = "Көкжар ауданында жаңа кітапхана ашылды"
MISSING = "Кешіріңіз, сіз іздеген бет табылмады. Мүмкін, мекенжай қате терілген шығар. "
Behave = Callable[[ForeignServer], None]


class Paper(Newsroom):
    """A newsroom whose pages are read over sockets."""

    outside: Internet
    limits = Limits()

    def check(self) -> verification.Checked:
        through = partial(fetch, outside=self.outside.outside())
        return verification.check_due(
            self.db, self.settings, through, lambda: self.now, limits=self.limits
        )


@pytest.fixture
def paper(
    db: Database, tmp_path: Path, now: datetime, server: ForeignServer, internet: Internet
) -> Paper:
    home = "http://dala.example"
    with db.write() as session:
        site = factories.make_site(session, now, url=home, origins=[home])
        factories.make_user(session, now, EDITOR.name, site=site)
    made = Paper(db, factories.make_settings(tmp_path), Press(), now)
    made.outside = internet
    made.press.fetch = partial(fetch, outside=internet.outside())  # type: ignore[method-assign]
    server.page(PATH, html(ARTICLE))
    return made


def _hang(server: ForeignServer) -> None:
    def hold(_connection: object, _heard: Heard) -> None:
        server.pause(30)

    server.paths[PATH] = hold


def _redirect_home(server: ForeignServer) -> None:
    server.redirect(PATH, "/", "301 Moved Permanently")
    news = "".join(f"<p>Жаңалық №{n}: ауданда тағы бір оқиға болды.</p>" for n in range(30))
    server.page("/", f"<html><body><main>{news}</main></body></html>")


def _bomb(server: ForeignServer) -> None:
    packed = gzip.compress(b"0" * 30_000_000)
    server.page(PATH, packed, "Content-Encoding: gzip")


def _half(server: ForeignServer) -> None:
    packed = gzip.compress(html(MENDED).encode())
    server.page(PATH, packed[: len(packed) // 2], "Content-Encoding: gzip")


def _soft_404(server: ForeignServer) -> None:
    server.page(PATH, f"<html><body><main><p>{MISSING * 5}</p></main></body></html>")


def _home_with_its_lead(server: ForeignServer) -> None:
    """The home page carries the corrected lead, as home pages do."""
    server.redirect(PATH, "/", "302 Found")
    news = "".join(f"<p>Жаңалық №{n}: ауданда тағы бір оқиға болды.</p>" for n in range(30))
    server.page(
        "/", f"<html><body><main><h2>{TITLE}</h2><p>{MENDED}</p>{news}</main></body></html>"
    )


def _section_with_its_lead(server: ForeignServer) -> None:
    server.redirect(PATH, "/news/", "301 Moved Permanently")
    news = "".join(f"<p>Жаңалық №{n}: ауданда тағы бір оқиға болды.</p>" for n in range(30))
    server.page("/news/", f"<html><body><main><p>{MENDED}</p>{news}</main></body></html>")


def _soft_404_with_its_lead(server: ForeignServer) -> None:
    most_read = f"<h2>Көп оқылғандар</h2><p>{MENDED}</p>"
    server.page(PATH, f"<html><body><main><p>{MISSING * 5}</p>{most_read}</main></body></html>")


def _cut_off(server: ForeignServer) -> None:
    server.paths[PATH] = lambda connection, _heard: reset(connection)


def _other_words(server: ForeignServer) -> None:
    server.page(PATH, html("Бұл абзацты редакция басқаша жазып шықты, ескі сөйлем қалмады."))


def _elsewhere(server: ForeignServer) -> None:
    server.redirect(PATH, "http://foreign.example/", "302 Found")


@pytest.mark.parametrize(
    ("behave", "verdict", "reason"),
    [
        (lambda s: s.page(PATH, "", status="404 Not Found"), "page_gone", "http_status"),
        (lambda s: s.page(PATH, "", status="410 Gone"), "page_gone", "http_status"),
        (_soft_404, "page_gone", "other_text"),
        (_redirect_home, "page_gone", "other_text"),
        (_home_with_its_lead, "page_gone", "other_text"),
        (_section_with_its_lead, "page_gone", "other_text"),
        (_soft_404_with_its_lead, "rewritten", "other_text"),
        (lambda s: s.page(PATH, "", status="500 Internal Server Error"), "unknown", "http_status"),
        (lambda s: s.page(PATH, "", status="403 Forbidden"), "unknown", "http_status"),
        (_hang, "unknown", "too_slow"),
        (_bomb, "unknown", "decoded_body_too_large"),
        (_half, "unknown", "broken_off"),
        (_cut_off, "unknown", "broken_off"),
        (_elsewhere, "unknown", "host_not_allowed"),
        (lambda s: s.page(PATH, ""), "unknown", "no_text"),
        (_other_words, "rewritten", None),
        (lambda s: s.page(PATH, html()), "rewritten", None),
    ],
    ids=[
        "404", "410", "soft 404", "redirect to the home page",
        "home page with the lead", "section with the lead", "soft 404 with the lead",
        "500", "403", "time-out",
        "gzip bomb", "half a page", "reset", "redirect to a foreign host", "empty",
        "sentence rewritten", "paragraph removed",
    ],
)  # fmt: skip
def test_what_is_no_correction_is_never_taken_for_one(
    paper: Paper, server: ForeignServer, behave: Behave, verdict: str, reason: str | None
) -> None:
    case = paper.report(url=URL, canonical_url=None)
    assert case.span_start is not None
    behave(server)
    if behave is _hang:
        paper.limits = Limits(total_seconds=0.5)
    paper.move(case, "fixed")
    paper.pass_through(minutes=16)
    judged = paper.case(case.id)
    assert (judged.status, judged.verdict) == ("fixed", verdict)
    assert reason in (None, (judged.evidence or {})["reason"])
    server.page(PATH, html(MENDED))
    paper.pass_through(days=2)
    assert paper.case(case.id).status == "verified"


def test_a_correction_is_seen_and_its_loss_too(paper: Paper, server: ForeignServer) -> None:
    case = paper.report(url=URL, canonical_url=None)
    server.page(PATH, html(MENDED), 'ETag: "2"')
    paper.move(case, "fixed")
    paper.pass_through(hours=3)
    verified = paper.case(case.id)
    assert (verified.status, (verified.evidence or {})["etag"]) == ("verified", '"2"')
    assert server.heard[-1].headers["cache-control"] == "no-cache"
    server.page(PATH, html(ARTICLE), 'ETag: "3"')
    paper.pass_through(days=2)
    assert paper.case(case.id).regressed


def test_a_server_that_says_nothing_has_changed_is_believed_for_open_cases(
    paper: Paper, server: ForeignServer
) -> None:
    server.page(PATH, html(ARTICLE), 'ETag: "1"')
    case = paper.report(url=URL, canonical_url=None)
    server.page(PATH, "", status="304 Not Modified")
    paper.later(minutes=10)
    paper.check()
    assert server.heard[-1].headers["if-none-match"] == '"1"'
    assert paper.case(case.id).verdict == "still_there"


def test_the_twin_with_www_is_read_unless_its_robots_txt_forbids(
    paper: Paper, server: ForeignServer
) -> None:
    case = paper.report(url=URL, canonical_url=None)
    paper.outside.names["www.dala.example"] = paper.outside.names["dala.example"]
    server.redirect(PATH, "http://www.dala.example/kitap", "301 Moved Permanently")
    server.page("/robots.txt", "User-agent: *\nDisallow: /kitap", "Content-Type: text/plain")
    server.page("/kitap", html(MENDED))
    paper.later(minutes=10)
    paper.check()
    judged = paper.case(case.id)
    assert (judged.verdict, (judged.evidence or {})["reason"]) == (
        "unknown",
        "not_permitted_by_host",
    )
    assert "/kitap" not in [heard.path for heard in server.heard]
    server.page("/robots.txt", "User-agent: *\nDisallow: /private", "Content-Type: text/plain")
    paper.pass_through(days=3)
    assert paper.case(case.id).status == "verified"
    asked = [heard.path for heard in server.heard]
    assert 2 <= asked.count("/robots.txt") <= 4


def test_a_server_that_asks_for_patience_gets_it(paper: Paper, server: ForeignServer) -> None:
    case = paper.report(url=URL, canonical_url=None)
    server.page(PATH, "", "Retry-After: 7200", status="429 Too Many Requests")
    paper.move(case, "fixed")
    paper.later(minutes=2)
    paper.check()
    heard = len(server.heard)
    paper.later(minutes=118)
    assert paper.check().pages == 0
    assert len(server.heard) == heard
    server.page(PATH, html(MENDED))
    paper.later(minutes=3)
    assert paper.check().pages == 1
    with paper.db.read() as session:
        host = session.scalars(select(Host).where(Host.name == "dala.example")).one()
    assert (host.faults, host.rests_until) == (0, None)


def test_time_that_is_scaled_makes_two_minutes_two_seconds(
    paper: Paper, server: ForeignServer
) -> None:
    paper.settings = replace(paper.settings, time_scale=60)
    case = paper.report(url=URL, canonical_url=None)
    server.page(PATH, html(MENDED))
    paper.move(case, "fixed")
    paper.later(seconds=2)
    assert paper.check().pages == 1
    paper.later(seconds=13)
    paper.check()
    assert paper.case(case.id).status == "verified"

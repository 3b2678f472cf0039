"""What is done to a running installation, and what must hold afterwards.

Tests run each a few times; `python -m benchmarks.faults` as often as one likes.
"""

import os
import random
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass

from tests.faults.newsroom import Newsroom
from tests.servers.tuzet import until

# Bounds that a busy machine keeps. Who waits for a dead broker waits six seconds, for a hung one
# forty; how far below half a second an answer is, and 15 s a mail, benchmarks/faults.py measures.
LONGEST_ANSWER_S = 4
LONGEST_WAIT_S = 45
A_LEASE_S = 90  # a killed worker's rows are taken up when its lease ends; twice, to be safe
PAGES = 40


@dataclass(frozen=True)
class Outcome:
    """What a scenario measured."""

    reports: int
    slowest_answer: float
    settled_after: float
    doubled_mails: int = 0


def report_through(
    newsroom: Newsroom, fault: AbstractContextManager[object], reports: int
) -> Outcome:
    """Readers go on while the broker is broken: all are answered at once, nothing is lost.

    Two thirds of the reports come while `fault` lasts. What came then is sorted and mailed before
    it ends, by the sweep; what came at its end, too.
    """
    pages = [f"page-{number % PAGES}" for number in range(reports)]
    third = reports // 3
    answers = newsroom.report_all(pages[:third])
    with fault:
        answers += newsroom.report_all(pages[third:])
        newsroom.settle(LONGEST_WAIT_S)
        answers += newsroom.report_all(pages[:third])
    began = time.monotonic()
    newsroom.settle(LONGEST_WAIT_S)
    settled_after = time.monotonic() - began
    assert {answer.status for answer in answers} == {202}
    slowest = max(answer.seconds for answer in answers)
    assert slowest <= LONGEST_ANSWER_S, f"one reader waited {slowest:.2f} s"
    assert newsroom.cases() == PAGES
    assert newsroom.deliveries("sent") == PAGES
    return Outcome(len(answers), slowest, settled_after, newsroom.doubled_mails())


def kill_at_random(newsroom: Newsroom, kills: int, reports: int, chance: random.Random) -> Outcome:
    """Web and worker are killed again and again while readers report.

    Nothing that was answered 202 is lost, every case is mailed, and of the mails at most one a
    kill comes twice.
    """
    with newsroom.readers([f"page-{number}" for number in range(PAGES)], reports):
        for _ in range(kills):
            _kill(newsroom, chance.choice(["web", "worker"]), chance.uniform(0.05, 0.6))
    began = time.monotonic()
    newsroom.settle(A_LEASE_S)
    assert len(newsroom.taken()) > reports / 2, "hardly anybody was answered"
    assert newsroom.deliveries("sent") == newsroom.cases() <= PAGES
    assert newsroom.doubled_mails() <= kills
    return Outcome(
        len(newsroom.taken()),
        max(answer.seconds for answer in newsroom.answers),
        time.monotonic() - began,
        newsroom.doubled_mails(),
    )


def _kill(newsroom: Newsroom, part: str, after: float) -> None:
    """Kill a part a little later, and wait until it lives again."""
    time.sleep(after)  # the moment is what is random here
    before = newsroom.running.pids[part]
    os.kill(before, signal.SIGKILL)
    until(lambda: newsroom.running.pids[part] != before, 30, newsroom.explain)


def report_at_once(newsroom: Newsroom, page: str, readers: int = 16) -> None:
    """Many readers report one error at the same moment: one case, one mail."""
    cases, mails = newsroom.cases(), len(newsroom.mail.messages)
    with ThreadPoolExecutor(readers) as at_once:
        answers = list(at_once.map(newsroom.report, [page] * readers))
    assert {answer.status for answer in answers} == {202}
    newsroom.settle(LONGEST_WAIT_S)
    assert newsroom.cases() == cases + 1
    assert len(newsroom.mail.messages) == mails + 1


def lose_the_mail_server(newsroom: Newsroom, while_away: Callable[[], None]) -> None:
    """Mail waits while its server is away, and all of it goes out when it is back."""
    newsroom.mail.mode = "down"
    answers = newsroom.report_all([f"page-{number}" for number in range(5)])
    assert {answer.status for answer in answers} == {202}
    until(lambda: newsroom.deliveries("pending") == 5, LONGEST_WAIT_S, newsroom.explain)
    while_away()
    newsroom.mail.mode = "fine"
    newsroom.settle(LONGEST_WAIT_S)
    assert newsroom.deliveries("sent") == 5
    assert newsroom.doubled_mails() == 0

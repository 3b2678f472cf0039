"""A look that is under way is not begun again, and nobody who rang goes unheard."""

from threading import Event, Lock, Thread

import pytest

from worker.rounds import Rounds

SECONDS = 10


class Work:
    """Counts how often it is done, and how many do it at once; waits until it is let go."""

    def __init__(self) -> None:
        self.let_go = Event()
        self.begun = Event()
        self.done = 0
        self.at_once = 0
        self.most_at_once = 0
        self._lock = Lock()

    def __call__(self) -> None:
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        self.begun.set()
        assert self.let_go.wait(SECONDS)
        with self._lock:
            self.at_once -= 1
            self.done += 1


def _asking(rounds: Rounds) -> Thread:
    thread = Thread(target=rounds.ask)
    thread.start()
    return thread


def test_a_signal_has_the_work_done() -> None:
    work = Work()
    work.let_go.set()
    Rounds(work).ask()
    assert work.done == 1


def test_a_signal_during_a_round_has_it_done_once_more_and_nobody_waits() -> None:
    work = Work()
    rounds = Rounds(work)
    first = _asking(rounds)
    assert work.begun.wait(SECONDS)
    for _ in range(100):
        rounds.ask()  # comes back at once: the first round has not been let go
    work.let_go.set()
    first.join(SECONDS)
    assert work.done == 2
    assert work.most_at_once == 1


def test_several_may_work_side_by_side() -> None:
    work = Work()
    rounds = Rounds(work, limit=3)
    asking = [_asking(rounds) for _ in range(3)]
    while work.at_once < 3:
        assert work.begun.wait(SECONDS)
    rounds.ask()
    work.let_go.set()
    for thread in asking:
        thread.join(SECONDS)
    assert work.most_at_once == 3
    assert work.done == 4


def test_a_round_that_fails_makes_room_for_the_next() -> None:
    faults = [RuntimeError("the first fails")]

    def work() -> None:
        if faults:
            raise faults.pop()

    rounds = Rounds(work)
    with pytest.raises(RuntimeError):
        rounds.ask()
    rounds.ask()
    assert faults == []

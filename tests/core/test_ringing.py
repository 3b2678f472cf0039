"""Ringing costs nothing, is not lost while the broker is away, and a flood becomes a trickle."""

import os
from threading import Event, Lock

from core.ringing import Ringer
from core.signals import DELIVER, SORT


class Broker:
    """Takes signals, unless it is away or holds its caller up."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.away = False
        self.let_go = Event()
        self.let_go.set()
        self._lock = Lock()

    def publish(self, signal: str) -> None:
        assert self.let_go.wait(20)
        if self.away:
            raise ConnectionError("nobody answers")
        with self._lock:
            self.heard.append(signal)


def _ringer(broker: Broker) -> Ringer:
    return Ringer(broker.publish, (OSError,))


def test_a_signal_reaches_the_broker() -> None:
    broker = Broker()
    ringer = _ringer(broker)
    ringer.ring(SORT)
    assert ringer.drain(5)
    assert broker.heard == [SORT]


def test_ringing_returns_while_the_broker_hangs() -> None:
    broker = Broker()
    broker.let_go.clear()
    ringer = _ringer(broker)
    for _ in range(100):
        ringer.ring(SORT)  # would never return if it waited: nobody has let the broker go
    assert broker.heard == []
    broker.let_go.set()
    assert ringer.drain(5)


def test_equal_signals_that_wait_become_one() -> None:
    broker = Broker()
    broker.let_go.clear()
    ringer = _ringer(broker)
    for _ in range(100):
        ringer.ring(SORT)
        ringer.ring(DELIVER)
    broker.let_go.set()
    assert ringer.drain(5)
    assert set(broker.heard) == {SORT, DELIVER}
    assert len(broker.heard) <= 4


def test_what_is_rung_while_the_same_is_being_said_is_said_again() -> None:
    broker = Broker()
    broker.let_go.clear()
    ringer = _ringer(broker)
    ringer.ring(SORT)
    assert not ringer.drain(0.2)  # it is being said, and hangs
    ringer.ring(SORT)
    broker.let_go.set()
    assert ringer.drain(5)
    assert broker.heard == [SORT, SORT]


def test_what_is_rung_while_the_broker_is_away_is_heard_once_it_is_back() -> None:
    broker = Broker()
    broker.away = True
    ringer = _ringer(broker)
    ringer.ring(SORT)
    assert not ringer.drain(0.5)
    assert ringer.tally().away
    broker.away = False
    assert ringer.drain(10)
    assert broker.heard == [SORT]
    assert not ringer.tally().away


def test_failures_are_counted_and_never_raised() -> None:
    broker = Broker()
    broker.away = True
    ringer = _ringer(broker)
    ringer.ring(SORT)
    ringer.drain(0.3)
    tally = ringer.tally()
    assert tally.rung == 1
    assert tally.failed >= 1
    assert tally.published == 0


def test_a_bell_rings_in_a_forked_process_too() -> None:
    broker = Broker()
    ringer = _ringer(broker)
    ringer.ring(SORT)
    assert ringer.drain(5)
    child = os.fork()
    if child == 0:  # pragma: no cover (another process)
        ringer.ring(DELIVER)
        os._exit(0 if ringer.drain(5) and broker.heard == [SORT, DELIVER] else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0

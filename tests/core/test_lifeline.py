"""A part notices that its supervisor is gone."""

import socket
from threading import Event

from core.lifeline import ALIVE, VARIABLE, Lifeline


def _pair() -> tuple[socket.socket, Lifeline]:
    ours, theirs = socket.socketpair()
    return ours, Lifeline({VARIABLE: str(theirs.detach())})


def test_a_part_says_that_it_is_alive() -> None:
    ours, lifeline = _pair()
    with ours:
        lifeline.say_alive()
        assert ours.recv(64) == ALIVE


def test_a_part_stops_when_its_supervisor_is_gone() -> None:
    ours, lifeline = _pair()
    stopped = Event()
    lifeline.when_cut(stopped.set)
    assert not stopped.is_set()
    ours.close()
    assert stopped.wait(5)


def test_saying_alive_to_nobody_is_no_error() -> None:
    ours, lifeline = _pair()
    ours.close()
    lifeline.say_alive()


def test_a_process_that_nobody_supervises_goes_on() -> None:
    lifeline = Lifeline({})
    lifeline.say_alive()
    lifeline.when_cut(lambda: None)

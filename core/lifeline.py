"""The thread between a part of the service and the supervisor that started it.

Each part inherits one end of a socket pair. A part writes to it once it works; and when it reads
the end of the stream, its supervisor is gone (killed even, without a chance to say so), and it
must not stay behind alone.
"""

import socket
from collections.abc import Callable, Mapping
from threading import Thread

VARIABLE = "TUZET_LIFELINE_FD"
ALIVE = b"alive\n"


class Lifeline:
    """The part's end of the thread. Does nothing in a process that nobody supervises."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        number = environ.get(VARIABLE, "")
        self._end = socket.socket(fileno=int(number)) if number.isdigit() else None

    def say_alive(self) -> None:
        """Tell the supervisor that this part works now."""
        if self._end is None:
            return
        try:
            self._end.sendall(ALIVE)
        except OSError:
            return  # the supervisor is gone: when_cut is called for that

    def when_cut(self, stop: Callable[[], None]) -> None:
        """Call `stop`, from a thread of its own, once the supervisor is gone."""
        if self._end is not None:
            Thread(target=_wait, args=(self._end, stop), name="lifeline", daemon=True).start()


def _wait(end: socket.socket, stop: Callable[[], None]) -> None:
    try:
        while end.recv(64):
            continue
    except OSError:
        pass  # a broken thread is as good as a cut one
    stop()

"""From host names to IP addresses, once per request and within a time limit."""

import queue
import socket
import threading
from collections.abc import Callable
from ipaddress import ip_address

from core.net.addresses import Address
from core.net.errors import Code, TooSlow, Unreachable

# (host, seconds) → its addresses, best first. Raises Unreachable for an unknown name and TooSlow.
Resolve = Callable[[str, float], tuple[Address, ...]]

# getaddrinfo cannot be interrupted. A look-up that outlives its time is left behind in a daemon
# thread; this many at most may be alive, so that a dead name server cannot fill the memory.
_LOOKUPS = threading.BoundedSemaphore(32)


def resolve_by_system(host: str, seconds: float) -> tuple[Address, ...]:
    """Ask the operating system, hosts file included. See `Resolve`."""
    if not _LOOKUPS.acquire(timeout=seconds):
        raise TooSlow(Code.TOO_SLOW, "The name server is not answering.", host)
    outcome: queue.SimpleQueue[tuple[Address, ...] | None] = queue.SimpleQueue()
    threading.Thread(target=_look_up, args=(host, outcome), name="resolve", daemon=True).start()
    try:
        addresses = outcome.get(timeout=seconds)
    except queue.Empty:
        raise TooSlow(
            Code.TOO_SLOW, f"The name {host} could not be looked up in time.", host
        ) from None
    if not addresses:
        raise Unreachable(Code.NAME_NOT_FOUND, f"There is no host {host}.", host)
    return addresses


def _look_up(host: str, outcome: "queue.SimpleQueue[tuple[Address, ...] | None]") -> None:
    try:
        # As bytes, so that Python's own (older) IDNA rules never touch what the URL parser made.
        rows = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
        outcome.put(tuple(dict.fromkeys(ip_address(str(row[4][0])) for row in rows)))
    except (OSError, ValueError):  # ValueError: a name or an answer that is none
        outcome.put(None)
    finally:
        _LOOKUPS.release()

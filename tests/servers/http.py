"""A server of the test's own, at work in a thread beside it."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# In seconds: how often it looks whether it is to end. The library's own half a second would be
# most of a browser test.
_LOOK = 0.01


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    """Let a server answer for the length of a block; then its thread and its port are gone."""
    thread = threading.Thread(target=server.serve_forever, args=(_LOOK,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()

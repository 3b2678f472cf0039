"""The embedded broker's folder, as a worker reads it.

kombu's own reader may take a file away between its making and its writing, and then stumbles
over an empty message. This one waits for the writer.
"""

import fcntl
import json
import time
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem

_TRIES = 20
_PAUSE_S = 0.005
_LONGEST_LOOK_S = 0.3


class Channel(filesystem.Channel):
    """Takes each signal once: whoever manages to rename its file has it."""

    def _get(self, queue: str, timeout: float | None = None) -> Any:  # noqa: ARG002 (kombu's)
        folder = Path(self.data_folder_in)
        for path in sorted(folder.glob(f"*.{queue}.msg")):
            message = _take(path)
            if message is not None:
                return message
        raise Empty


class Transport(filesystem.Transport):
    """kombu's folder with this reader. Named in Celery's setting `broker_transport`."""

    Channel = Channel

    def drain_events(self, connection: Any, timeout: Any = None, **options: Any) -> Any:
        """Return often enough for a worker that is told to stop to notice."""
        patience = min(timeout or _LONGEST_LOOK_S, _LONGEST_LOOK_S)
        return super().drain_events(connection, patience, **options)  # type: ignore[no-untyped-call]


def _take(path: Path) -> Any:
    """The message of a file that is ours now; None if it was another's or its writer died."""
    mine = path.with_suffix(".taken")
    try:
        path.rename(mine)
        with mine.open("rb") as file:
            text = _written(file)
        mine.unlink()
        return json.loads(text)
    except (OSError, ValueError):
        return None


def _written(file: Any) -> bytes:
    for _ in range(_TRIES):
        fcntl.flock(file.fileno(), fcntl.LOCK_SH)  # the writer holds the file until it is whole
        text: bytes = file.read()
        if text:
            return text
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
        time.sleep(_PAUSE_S)
    return b""

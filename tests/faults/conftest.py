"""What these tests break is a broker, a process or a mail server, never the disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.processes import private_folder


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder in memory where there is one: on a disk that others keep busy a commit waits as
    long as a reader may, and no broker has anything to do with it."""
    with private_folder("faults") as folder:
        yield folder

"""What browser tests ask for by name, beside the browser itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.newspaper import Newspaper, newspaper
from tests.browser.newsroom import Newsroom, newsroom


@pytest.fixture
def paper() -> Iterator[Newspaper]:
    """A newspaper whose pages carry the snippet, and the service behind it."""
    with newspaper() as opened:
        yield opened


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str) -> Iterator[Newsroom]:
    """A desk on a real address, with an empty queue."""
    with newsroom(tmp_path, sqlite_url) as opened:
        yield opened

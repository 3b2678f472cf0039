"""What browser tests ask for by name, beside the browser itself."""

from collections.abc import Iterator

import pytest

from tests.browser.newspaper import Newspaper, newspaper


@pytest.fixture
def paper() -> Iterator[Newspaper]:
    """A newspaper whose pages carry the snippet, and the service behind it."""
    with newspaper() as opened:
        yield opened

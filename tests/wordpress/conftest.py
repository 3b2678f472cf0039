"""A newsroom that writes in a real WordPress, and the service beside it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests import servers
from tests.servers.processes import private_folder
from tests.servers.tuzet import Installation, Running
from tests.wordpress.installation import WordPress, wordpress

EMAIL, PASSWORD = "aigerim@dala.example.kz", "жеті қазына, бір құпия"


@dataclass(frozen=True)
class Newsroom:
    """The newspaper, the desk, and the site's key."""

    paper: WordPress
    desk: Running
    site: str


@pytest.fixture(scope="session")
def paper() -> Iterator[WordPress]:
    """A real WordPress with our plugin."""
    opened = wordpress()
    try:
        started = opened.__enter__()
    except servers.Missing as missing:
        if servers.is_required():
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))
    try:
        yield started
    finally:
        opened.__exit__(None, None, None)


@pytest.fixture(scope="session")
def newsroom(paper: WordPress) -> Iterator[Newsroom]:
    """`tuzet up` as an operator runs it, with no waiting time cut short."""
    with private_folder("wp-desk") as folder:
        installation = Installation(
            {"TUZET_DATA_DIR": str(folder / "var"), "TUZET_PRIVATE_NETWORKS": "127.0.0.0/8"}
        )
        with installation.up(folder) as desk:
            site = installation.run(
                "site", "add", "--name", "Дала үні", "--url", paper.address, "--language", "kk"
            )["key"]
            installation.run(
                "user", "add", EMAIL, "--role", "editor", "--site", site, "--language", "en",
                "--name", "Айгерім Сәрсен", "--password-stdin", given=PASSWORD,
            )  # fmt: skip
            named = installation.run(
                "cms", "add", "--site", site, "--kind", "wordpress", "--url", paper.address,
                "--user", paper.user, "--password-stdin", given=paper.password,
            )  # fmt: skip
            paper.set_up(desk.base_url, site, named["hook_secret"])
            yield Newsroom(paper, desk, site)
            assert paper.complaints() == ""

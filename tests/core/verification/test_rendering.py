"""Pages whose words only a browser shows."""

from collections.abc import Callable

from core import verification
from core.net import AllowedHost, Code, Unreachable
from tests.core.verification.press import ARTICLE, MENDED, Newsroom, html
from tests.factories import PAGE_URL

SHELL = (
    "<html><body><main><p>Мақаланы көру үшін JavaScript керек. Шолғышыңызда оны қосып, "
    "бетті қайта жүктеңіз.</p></main></body></html>"
)


class Screen:
    """A browser that never was."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.shows = html(ARTICLE)
        self.rendered = 0
        self.broken = False

    def render(self, url: str, hosts: tuple[AllowedHost, ...]) -> str:
        assert url == PAGE_URL
        assert hosts[0].host == "dala.example.kz"
        self.rendered += 1
        if self.broken:
            raise Unreachable(Code.MALFORMED, "it broke")
        return self.shows

    def check(self) -> None:
        """Read what is due, at the moment when it is due."""
        newsroom = self.newsroom
        due = newsroom.next_due()
        assert due is not None
        newsroom.now = max(newsroom.now, due)
        fetch: Callable[..., object] = newsroom.press.fetch
        verification.check_due(
            newsroom.db,
            newsroom.settings,
            fetch,  # type: ignore[arg-type]
            lambda: newsroom.now,
            render=self.render,
        )


def test_a_case_on_a_page_that_only_a_browser_shows_comes_to_its_end(newsroom: Newsroom) -> None:
    newsroom.press.pages[PAGE_URL] = SHELL
    case = newsroom.report()
    screen = Screen(newsroom)
    screen.check()
    assert newsroom.case(case.id).verdict == "still_there"
    screen.shows = html(MENDED)
    newsroom.move(case, "fixed")
    screen.check()
    screen.check()
    assert newsroom.case(case.id).status == "verified"
    assert screen.rendered == 3


def test_a_page_that_shows_its_words_is_never_rendered(newsroom: Newsroom) -> None:
    newsroom.report()
    screen = Screen(newsroom)
    screen.check()
    assert screen.rendered == 0


def test_without_the_browser_such_a_page_is_honestly_unknown(newsroom: Newsroom) -> None:
    newsroom.press.pages[PAGE_URL] = SHELL
    case = newsroom.report()
    screen = Screen(newsroom)
    screen.check()
    newsroom.move(case, "fixed")
    newsroom.later(minutes=2)
    newsroom.check()
    judged = newsroom.case(case.id)
    assert (judged.status, judged.verdict) == ("fixed", "unknown")
    assert (judged.evidence or {})["reason"] == "needs_browser"


def test_a_browser_that_breaks_decides_nothing(newsroom: Newsroom) -> None:
    newsroom.press.pages[PAGE_URL] = SHELL
    case = newsroom.report()
    screen = Screen(newsroom)
    screen.check()
    newsroom.move(case, "fixed")
    screen.broken = True
    screen.check()
    assert newsroom.case(case.id).verdict == "unknown"
    assert newsroom.case(case.id).status == "fixed"


def test_readers_do_not_wait_for_a_browser(newsroom: Newsroom) -> None:
    newsroom.press.pages[PAGE_URL] = SHELL
    newsroom.report()
    Screen(newsroom).check()
    newsroom.later(hours=3)
    before = len(newsroom.press.asked)
    newsroom.report()
    assert len(newsroom.press.asked) == before

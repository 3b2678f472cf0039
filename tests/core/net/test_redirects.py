"""Redirects of pages: which are followed, and where none may lead."""

import pytest

from core.net import (
    Code,
    Policy,
    TooManyRedirects,
    allow,
)
from tests.core.net.foreign import (
    PUBLIC,
    ForeignServer,
    Internet,
)
from tests.core.net.test_pages import SITE, URL, read, refused


def test_a_resolver_that_turns_private_between_redirects_is_refused(
    server: ForeignServer, internet: Internet
) -> None:
    server.redirect("/news", "/next")
    internet.name("dala.example", [PUBLIC], ["127.0.0.1"])
    assert refused(internet).code == Code.ADDRESS
    assert internet.dialled == [(PUBLIC, 80)]


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_redirects_inside_the_site_are_followed(
    server: ForeignServer, internet: Internet, status: str
) -> None:
    server.redirect("/news", "/жаңалық?a=1#x", status)
    server.page("/%D0%B6%D0%B0%D2%A3%D0%B0%D0%BB%D1%8B%D2%9B", "moved")
    result = read(internet)
    assert result.text == "moved"
    assert result.url == URL
    assert result.final_url.endswith("%D2%9B?a=1")
    assert [(hop.url, hop.status) for hop in result.hops] == [(URL, int(status[:3]))]


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("http://127.0.0.1/", Code.HOST),
        ("http://169.254.169.254/latest/", Code.HOST),
        ("https://evil.example/", Code.HOST),
        ("//evil.example/", Code.HOST),
        ("http://dala.example:6379/", Code.PORT),
        ("file:///etc/passwd", Code.SCHEME),
        ("gopher://127.0.0.1:6379/_x", Code.SCHEME),
        ("http://a@dala.example/", Code.CREDENTIALS),
        ("http://[", Code.NOT_A_URL),
    ],
)
def test_a_redirect_is_checked_like_the_first_address(
    server: ForeignServer, internet: Internet, to: str, code: Code
) -> None:
    server.redirect("/news", to)
    assert refused(internet).code == code
    assert internet.dialled == [(PUBLIC, 80)]


def test_a_redirect_to_an_allowed_name_with_a_private_address_is_refused(
    server: ForeignServer, internet: Internet
) -> None:
    server.redirect("/news", "http://inner.dala.example/")
    internet.name("inner.dala.example", ["10.0.0.7"])
    wide = Policy(hosts=allow(["http://dala.example"], subdomains=True))
    assert refused(internet, policy=wide).code == Code.ADDRESS
    assert internet.dialled == [(PUBLIC, 80)]


def test_five_redirects_are_followed_and_no_more(server: ForeignServer, internet: Internet) -> None:
    for number in range(6):
        server.redirect(f"/{number}", f"/{number + 1}")
    server.page("/6", "end")
    assert len(read(internet, "http://dala.example/1").hops) == 5
    fault = refused(internet, "http://dala.example/0")
    assert isinstance(fault, TooManyRedirects)
    assert fault.code == Code.TOO_MANY_REDIRECTS


def test_a_redirect_in_a_circle_ends_at_once(server: ForeignServer, internet: Internet) -> None:
    server.redirect("/news", "/other")
    server.redirect("/other", "/news")
    assert refused(internet).code == Code.REDIRECT_LOOP
    assert len(server.heard) == 2


def test_redirects_in_the_page_are_not_followed(server: ForeignServer, internet: Internet) -> None:
    server.page(
        "/news",
        '<link rel=canonical href="http://127.0.0.1/">'
        '<meta http-equiv="refresh" content="0;url=http://127.0.0.1/">',
        "Refresh: 0; url=http://127.0.0.1/",
    )
    assert read(internet).status == 200
    assert internet.dialled == [(PUBLIC, 80)]


def test_a_site_may_redirect_a_nonce_away(server: ForeignServer, internet: Internet) -> None:
    def choosy(connection: object, heard: object) -> None:
        with_nonce = "t=" in heard.path  # type: ignore[attr-defined]
        status = "302 Found\r\nLocation: /news" if with_nonce else "200 OK"
        connection.sendall(  # type: ignore[attr-defined]
            f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n".encode()
        )

    server.paths["/news"] = choosy
    willing = Policy(hosts=SITE.hosts, nonce_parameter="t")
    assert read(internet, URL, willing, nonce="n1").final_url == URL


def test_a_redirect_that_leads_nowhere_is_an_answer(
    server: ForeignServer, internet: Internet
) -> None:
    server.answers("/news", b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")
    assert read(internet).status == 302

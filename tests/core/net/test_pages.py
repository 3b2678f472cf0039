from datetime import UTC, datetime, timedelta

import pytest

from core.net import (
    Code,
    FetchResult,
    HostGate,
    Limits,
    NetError,
    NotYet,
    Policy,
    Refused,
    Request,
    Unreachable,
    Validators,
    allow,
    fetch,
)
from tests.core.net.foreign import (
    PUBLIC,
    SECOND_PUBLIC,
    ForeignServer,
    Internet,
    SteppingClock,
    canary,
)

SITE = Policy(hosts=allow(["http://dala.example"]))
URL = "http://dala.example/news"
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def read(
    internet: Internet, url: str = URL, policy: Policy = SITE, **wanted: object
) -> FetchResult:
    return fetch(Request(url=url, **wanted), policy, internet.outside())  # type: ignore[arg-type]


def refused(internet: Internet, url: str = URL, policy: Policy = SITE) -> NetError:
    with pytest.raises(NetError) as raised:
        read(internet, url, policy)
    return raised.value


def test_a_page_is_read(server: ForeignServer, internet: Internet) -> None:
    server.page("/news", "<p>Сәлем</p>", 'ETag: "1"')
    result = read(internet, URL + "?a=1#part")
    assert (result.status, result.text) == (200, "<p>Сәлем</p>")
    assert result.final_url == result.url == URL + "?a=1"
    assert result.validators == Validators(URL + "?a=1", etag='"1"')
    heard = server.heard[0]
    assert (heard.method, heard.path) == ("GET", "/news?a=1")
    assert heard.headers["host"] == "dala.example"
    assert heard.headers["user-agent"] == "Tuzet/1.0 (+https://tuzet.example)"


def test_the_checked_address_is_dialled_and_the_name_kept(
    server: ForeignServer, internet: Internet
) -> None:
    server.page("/news", "x")
    read(internet)
    assert internet.dialled == [(PUBLIC, 80)]
    assert internet.looked_up == ["dala.example"]


def test_a_resolver_that_changes_its_answer_is_asked_only_once(
    server: ForeignServer, internet: Internet
) -> None:
    server.page("/news", "x")
    internet.name("dala.example", [PUBLIC], ["127.0.0.1"])
    assert read(internet).status == 200
    assert internet.dialled == [(PUBLIC, 80)]
    assert refused(internet).code == Code.ADDRESS
    assert internet.dialled == [(PUBLIC, 80)]


def test_a_site_whose_name_leads_to_this_machine_is_refused(internet: Internet) -> None:
    with canary() as listener:
        internet.name("dala.example", ["127.0.0.1"])
        policy = Policy(hosts=allow([f"http://dala.example:{listener.port}"]))
        url = f"http://dala.example:{listener.port}/"
        assert refused(internet, url, policy).code == Code.ADDRESS


def test_a_page_that_ends_too_early_has_broken_off(
    server: ForeignServer, internet: Internet
) -> None:
    server.answers("/news", HTML + b"Content-Length: 9\r\n\r\nhalf")
    assert refused(internet).code == Code.BROKEN_OFF


def test_the_next_address_is_tried_where_one_takes_no_connection(
    server: ForeignServer, internet: Internet
) -> None:
    server.page("/news", "x")
    internet.name("dala.example", [SECOND_PUBLIC, PUBLIC])
    assert read(internet).status == 200
    assert internet.dialled == [(SECOND_PUBLIC, 80), (PUBLIC, 80)]


def test_a_host_without_a_connection_or_a_name_is_unreachable(internet: Internet) -> None:
    internet.name("dala.example", [SECOND_PUBLIC])
    assert refused(internet).code == Code.NO_CONNECTION
    internet.names.clear()
    fault = refused(internet)
    assert fault.code == Code.NAME_NOT_FOUND
    assert fault.passing


def test_what_has_not_changed_is_not_sent_again(server: ForeignServer, internet: Internet) -> None:
    server.answers("/news", b"HTTP/1.1 304 Not Modified\r\n\r\n")
    known = Validators(URL, etag='W/"a"', last_modified="Mon, 01 Jun 2026 00:00:00 GMT")
    result = read(internet, validators=known)
    assert result.not_modified
    assert server.heard[0].headers["if-none-match"] == 'W/"a"'
    assert server.heard[0].headers["if-modified-since"] == "Mon, 01 Jun 2026 00:00:00 GMT"


def test_validators_go_only_to_the_address_they_came_from(
    server: ForeignServer, internet: Internet
) -> None:
    server.redirect("/news", "/final")
    server.answers("/final", b"HTTP/1.1 304 Not Modified\r\n\r\n")
    result = read(internet, validators=Validators("http://dala.example/final", etag='"a"'))
    assert result.not_modified
    assert ["if-none-match" in heard.headers for heard in server.heard] == [False, True]


def test_not_modified_is_not_believed_unasked(server: ForeignServer, internet: Internet) -> None:
    server.answers("/news", b"HTTP/1.1 304 Not Modified\r\n\r\n")
    assert refused(internet).code == Code.MALFORMED


def test_a_validator_with_a_line_break_is_not_sent(internet: Internet) -> None:
    with pytest.raises(Refused) as refusal:
        read(internet, validators=Validators(URL, etag='"a"\r\nX-Evil: 1'))
    assert refusal.value.code == Code.HEADER
    assert internet.dialled == []


def test_caches_are_asked_for_a_new_copy(server: ForeignServer, internet: Internet) -> None:
    server.page("/news", "x")
    read(internet)
    read(internet, fresh=True)
    assert [heard.headers.get("cache-control") for heard in server.heard] == [None, "no-cache"]


def test_a_nonce_is_sent_only_where_the_site_names_a_parameter(
    server: ForeignServer, internet: Internet
) -> None:
    server.page("/news", "x")
    willing = Policy(hosts=SITE.hosts, nonce_parameter="t")
    read(internet, nonce="n1")
    result = read(internet, URL + "?a=1", willing, nonce="n1")
    assert [heard.path for heard in server.heard] == ["/news", "/news?a=1&t=n1"]
    assert result.final_url == URL + "?a=1"


@pytest.mark.parametrize("kind", ["image/png", "application/json", "text/css", "", "html"])
def test_only_text_is_read(server: ForeignServer, internet: Internet, kind: str) -> None:
    server.page("/news", "x", f"Content-Type: {kind}")
    assert refused(internet).code == Code.CONTENT_TYPE


@pytest.mark.parametrize(
    "kind", ["text/html", "TEXT/HTML; charset=x", "application/xhtml+xml", "text/plain"]
)
def test_pages_and_plain_text_are_read(
    server: ForeignServer, internet: Internet, kind: str
) -> None:
    server.page("/news", "x", f"Content-Type: {kind}")
    assert read(internet).text == "x"


def test_a_policy_may_read_other_types(server: ForeignServer, internet: Internet) -> None:
    server.page("/news", "<urlset/>", "Content-Type: application/xml")
    assert read(internet, policy=Policy(hosts=SITE.hosts, content_types=frozenset())).text


@pytest.mark.parametrize("status", [204, 206, 401, 403, 404, 410, 429, 500, 503])
def test_any_status_is_an_answer_without_text(
    server: ForeignServer, internet: Internet, status: int
) -> None:
    server.answers("/news", f"HTTP/1.1 {status} X\r\nRetry-After: 120\r\n\r\n".encode(), b"body")
    result = read(internet)
    assert (result.status, result.text) == (status, "")
    now = datetime(2026, 6, 1, tzinfo=UTC)
    assert result.retry_at(now) == now + timedelta(seconds=120)


def test_a_host_is_asked_only_when_it_is_its_turn(
    server: ForeignServer, internet: Internet
) -> None:
    server.redirect("/news", "/next")
    server.page("/next", "x")
    clock = SteppingClock(0)
    outside = internet.outside(
        gate=HostGate(interval=3), monotonic=clock.monotonic, sleep=clock.sleep
    )
    fetch(Request(url=URL), SITE, outside)
    assert clock.slept == [3]
    impatient = Policy(hosts=SITE.hosts, limits=Limits(patience=1))
    with pytest.raises(NotYet) as raised:
        fetch(Request(url=URL), impatient, outside)
    assert raised.value.seconds == 3
    assert len(server.heard) == 2


def test_waiting_for_a_turn_takes_no_time_from_the_server(
    server: ForeignServer, internet: Internet
) -> None:
    server.redirect("/news", "/next")
    server.page("/next", "x")
    clock = SteppingClock(0)
    outside = internet.outside(
        gate=HostGate(interval=10), monotonic=clock.monotonic, sleep=clock.sleep
    )
    short = Policy(hosts=SITE.hosts, limits=Limits(total_seconds=9))
    assert fetch(Request(url=URL), short, outside).status == 200


def test_what_a_host_does_not_permit_is_not_asked(
    server: ForeignServer, internet: Internet
) -> None:
    server.redirect("/news", "/private/x")
    closed = Policy(hosts=SITE.hosts, permits=lambda url: "/private/" not in url)
    assert refused(internet, policy=closed).code == Code.PERMISSION
    assert [heard.path for heard in server.heard] == ["/news"]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        HTML + b"Content-Length: 9\r\n\r\nhalf",
        HTML + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        HTML + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        HTML + b"Transfer-Encoding: chunked\r\n\r\n9\r\nhalf",
        HTML + b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        HTML + b"Content-Encoding: gzip\r\n\r\nnot gzip at all",
        HTML + b"Content-Encoding: deflate\r\n\r\n\xff\xff\xff\xff",
        HTML + b"Content-Encoding: br\r\n\r\n\xff\xff\xff\xff\xff",
    ],
)
def test_half_an_answer_is_never_taken_for_a_page(
    server: ForeignServer, internet: Internet, answer: bytes
) -> None:
    server.answers("/news", answer)
    fault = refused(internet)
    assert isinstance(fault, Unreachable)
    assert fault.code in {Code.BROKEN_OFF, Code.MALFORMED}

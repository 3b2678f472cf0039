import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.net import Code, Refused, allow, parse
from core.net.targets import admit, with_parameter, without_parameter


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("http://①②⑦.⓪.⓪.①/", "127.0.0.1"),
        ("http://2130706433/", "127.0.0.1"),
        ("http://0x7f.1/", "127.0.0.1"),
        ("http://0177.0.0.1/", "127.0.0.1"),
        ("http://%31%32%37.0.0.1/", "127.0.0.1"),
        ("http://127。0。0。1/", "127.0.0.1"),
        ("http:/\\127.1/", "127.0.0.1"),
        ("http://[0:0::1]/", "::1"),
        ("http://[::ffff:127.0.0.1]/", "::ffff:7f00:1"),
    ],
)
def test_every_spelling_of_an_ip_address_is_that_address(written: str, host: str) -> None:
    target = parse(written)
    assert target.host == host
    assert str(target.address) == host


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", Code.NOT_A_URL),
        ("//dala.example/", Code.NOT_A_URL),
        ("http://", Code.NOT_A_URL),
        ("http://a b/", Code.NOT_A_URL),
        ("http://dala.example:99999/", Code.NOT_A_URL),
        ("http://[fe80::1%25lo]/", Code.NOT_A_URL),
        ("http://dala.example%00.evil/", Code.NOT_A_URL),
        ("http://\ud800.example/", Code.NOT_A_URL),
        ("http://dala.example/" + "a" * 9000, Code.NOT_A_URL),
        ("file:///etc/passwd", Code.SCHEME),
        ("ftp://dala.example/", Code.SCHEME),
        ("javascript:alert(1)", Code.SCHEME),
        ("ws://dala.example/", Code.SCHEME),
        ("http://user@dala.example/", Code.CREDENTIALS),
        ("http://:secret@dala.example/", Code.CREDENTIALS),
        ("http://dala.example:25/", Code.PORT),
        ("http://dala.example:0/", Code.PORT),
    ],
)
def test_what_is_no_plain_web_address_is_refused(written: str, code: Code) -> None:
    with pytest.raises(Refused) as refusal:
        parse(written)
    assert refusal.value.code == code
    assert "secret" not in str(refusal.value)


def test_the_fragment_is_not_sent_and_cyrillic_is() -> None:
    target = parse("HTTPS://Қаз.kz:443/ә б?q=ж#түзет")
    assert target.authority == target.host == "xn--80ao21a.kz"
    assert target.path == "/%D3%99%20%D0%B1?q=%D0%B6"
    assert "#" not in target.url


@pytest.mark.parametrize(
    "url",
    [
        "https://dala.example/a",
        "http://dala.example/a",
        "http://dala.example:443/",
        "https://dala.example:8443/",
    ],
)
def test_a_site_is_read_on_web_ports_and_its_own(url: str) -> None:
    admit(parse(url), allow(["https://dala.example:8443/news"]))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://dala.example:8080/", Code.PORT),
        ("https://www.dala.example/", Code.HOST),
        ("https://dala.example.evil.example/", Code.HOST),
        ("https://evil-dala.example/", Code.HOST),
        ("https://example/", Code.HOST),
        ("https://dala.example./", Code.HOST),
    ],
)
def test_other_hosts_and_ports_are_refused(url: str, code: Code) -> None:
    with pytest.raises(Refused) as refusal:
        admit(parse(url), allow(["https://dala.example"]))
    assert refusal.value.code == code


def test_subdomains_are_read_only_if_the_site_wishes() -> None:
    wide = allow(["https://dala.example"], subdomains=True)
    admit(parse("https://m.news.dala.example/"), wide)
    for url in ("https://evildala.example/", "https://dala.example.evil/", "https://example/"):
        with pytest.raises(Refused):
            admit(parse(url), wide)


def test_an_ip_address_has_no_subdomains() -> None:
    assert not allow(["http://127.0.0.1:8000"], subdomains=True)[0].subdomains


@pytest.mark.parametrize(
    "url",
    [
        "https://dala.example/",
        "https://dala.example/a?b=1",
        "https://dala.example/a?b=%D3%99&c",
        "https://dala.example/a?n=other&b",
    ],
)
def test_a_nonce_leaves_no_trace(url: str) -> None:
    asked = with_parameter(parse(url), "n", "x1").url
    assert "n=x1" in asked
    assert without_parameter(asked, "n", "x1") == url


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        target = parse(text)
    except Refused:
        return
    assert parse(target.url) == target


@given(st.text(alphabet="./\\:@?#%[]0127a。①éx", max_size=24))
def test_whatever_is_read_after_a_host_the_host_list_decides(text: str) -> None:
    allowed = allow(["https://dala.example"])
    try:
        target = parse("http://" + text)
        admit(target, allowed)
    except Refused:
        return
    assert target.host == "dala.example"

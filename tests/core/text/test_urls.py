"""Page identity: one document, one key; two documents never share one."""

import pytest

from core.text.urls import host_of, is_home, normalise, page_keys

ARTICLE = "dala.example.kz/news/kitap-1"


@pytest.mark.parametrize(
    "url",
    [
        "https://dala.example.kz/news/kitap-1",
        "http://www.dala.example.kz:80/news/kitap-1/",
        "https://DALA.example.kz:443/news/./x/../kitap-1?utm_source=a&fbclid=b#p3",
        "https://m.dala.example.kz/news/kitap-1#:~:text=foo",
        "https://dala.example.kz/news/kitap-1/amp/",
        "https://amp.dala.example.kz/news//kitap-1?amp=1",
        "https://dala.example.kz/news/kitap-1/index.php?print=1&_ga=2",
        "https://dala.example.kz/news/%6Bitap-1?from=main&s=09",
        "https://dala.example.kz:443:443/news/kitap-1",
    ],
)
def test_forms_of_one_address_have_one_key(url: str) -> None:
    assert normalise(url) == ARTICLE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.kz/?id=1", "https://a.kz/?id=2"),
        ("https://a.kz/news?from=20", "https://a.kz/news"),
        ("https://a.kz/?s=kitap", "https://a.kz/"),
        ("https://a.kz/News", "https://a.kz/news"),
        ("https://a.kz/a%2Fb", "https://a.kz/a/b"),
        ("https://a.kz:8443/", "https://a.kz/"),
        ("https://m.kz/", "https://kz.kz/"),
        ("https://a.kz/print", "https://a.kz/"),
    ],
)
def test_two_documents_have_two_keys(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


def test_the_order_of_parameters_means_nothing() -> None:
    assert normalise("https://a.kz/?b=2&a=1") == normalise("https://a.kz/?a=1&b=2&a=1")


def test_a_site_may_keep_a_parameter_that_is_noise_elsewhere() -> None:
    url = "https://a.kz/read?ref=12"
    assert normalise(url, frozenset({"ref"})) == "a.kz/read?ref=12"
    assert normalise(url) == "a.kz/read"


@pytest.mark.parametrize("url", ["", "kitap", "ftp://a.kz/", "javascript:1", "https://"])
def test_what_is_no_web_address_is_refused(url: str) -> None:
    assert host_of(url) is None
    with pytest.raises(ValueError, match="http"):
        normalise(url)


def test_a_canonical_link_of_the_site_names_the_page() -> None:
    keys = page_keys("https://m.a.kz/x?id=1", "https://www.a.kz/kitap", ["a.kz"])
    assert (keys.key, keys.own) == ("a.kz/kitap", "a.kz/x?id=1")


@pytest.mark.parametrize(
    "canonical", ["https://foreign.kz/kitap", "https://a.kz/", "https://a.kz/kk/", "not an address"]
)
def test_a_canonical_link_that_cannot_be_right_is_ignored(canonical: str) -> None:
    assert page_keys("https://a.kz/kitap", canonical, ["a.kz"]).canonical is None


def test_the_home_page_may_call_itself_canonical() -> None:
    assert page_keys("https://a.kz/?utm_source=x", "https://a.kz/", ["a.kz"]).canonical == "a.kz/"
    assert is_home("a.kz/")
    assert not is_home("a.kz/news")

"""What the desk says of a page that carries the snippet, rightly or wrongly."""

from dataclasses import replace

import pytest

from core.i18n import translator
from core.pagecheck import Finding, Wanted, check_page

PAGE = "https://dala.example.kz/qogam/kitaphana"
SERVICE = "https://tuzet.example.kz"
WANTED = Wanted("dala", SERVICE, ["https://dala.example.kz"], ["dala.example.kz"])
SCRIPT = f'<script src="{SERVICE}/tuzet.js" data-site="dala" async></script>'


def check(script: str = SCRIPT, *policies: str, head: str = "", url: str = PAGE) -> list[Finding]:
    html = f'<!doctype html><html lang="kk"><head>{head}</head><body><p>Мәтін</p>{script}</body>'
    return check_page(html, [("Content-Security-Policy", text) for text in policies], url, WANTED)


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def test_one_line_is_all_that_it_takes() -> None:
    assert check() == [Finding("good", "good")]


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("", "no_script"),
        (f"<!-- {SCRIPT} -->", "no_script"),
        (f"<noscript>{SCRIPT}</noscript>", "no_script"),
        (SCRIPT.replace(' data-site="dala"', ""), "no_key"),
        (SCRIPT.replace("dala", "tan"), "other_key"),
        (SCRIPT.replace("https:", "http:"), "no_script"),
        (SCRIPT.replace("async", 'async type="text/plain"'), "inert"),
        (SCRIPT.replace("async", ""), "blocking"),
        (SCRIPT.replace("async", 'async integrity="sha384-x"'), "integrity"),
        (SCRIPT.replace("async", 'async data-mode="loud"'), "attribute"),
        (SCRIPT * 3, "twice"),
    ],
)
def test_a_script_that_is_not_as_it_should_be(script: str, code: str) -> None:
    assert code in codes(check(script))


def test_a_script_of_another_service_is_named() -> None:
    findings = check(SCRIPT.replace("tuzet.example.kz", "old.example.kz"))
    assert codes(findings) == ["no_script", "other_service"]
    assert findings[1].values == {"address": "https://old.example.kz/tuzet.js"}


@pytest.mark.parametrize(
    "script", [SCRIPT, SCRIPT.replace("tuzet.js", "tuzet-whole.kk.a1B2c3D.js")]
)
def test_the_loader_and_a_whole_file_are_both_the_snippet(script: str) -> None:
    assert codes(check(script)) == ["good"]


def test_an_address_without_a_scheme_or_with_spaces_is_read_as_browsers_do() -> None:
    assert codes(check(SCRIPT.replace("https:", " "))) == ["good"]


def test_reports_from_an_origin_that_is_not_the_sites_are_refused() -> None:
    findings = check(url="http://www.dala.example.kz/")
    assert Finding("origin", "wrong", {"origin": "http://www.dala.example.kz"}) in findings


def test_what_the_page_says_of_itself() -> None:
    assert codes(check(head='<link rel="canonical" href="https://amp.elsewhere.example/x">')) == [
        "good",
        "canonical",
    ]
    assert codes(check(head='<link rel="canonical" href="/x">')) == ["good"]
    assert "no_language" in codes(check_page(f"<p>{SCRIPT}", [], PAGE, WANTED))


@pytest.mark.parametrize(
    "policy",
    [
        "img-src 'none'",
        "default-src *",
        "default-src https:",
        f"default-src 'none'; script-src {SERVICE}; connect-src {SERVICE}",
        "default-src 'self' *.example.kz",
        "default-src tuzet.example.kz",
        "DEFAULT-SRC HTTPS://TUZET.EXAMPLE.KZ:443",
        f"script-src {SERVICE}/tuzet.js; connect-src {SERVICE}/api/",
        f"script-src 'none'; script-src-elem {SERVICE}",
        f"script-src {SERVICE}; script-src 'none'",
        "script-src http://tuzet.example.kz",
        f"sandbox allow-scripts allow-same-origin; script-src {SERVICE}",
        "default-src tuzet.example.kz:*",
    ],
)
def test_policies_that_let_it_work(policy: str) -> None:
    assert codes(check(SCRIPT, policy)) == ["good"]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("default-src 'self'", ["script_policy", "connect_policy"]),
        ("default-src 'none'", ["script_policy", "connect_policy"]),
        ("script-src", ["script_policy"]),
        ("script-src 'unsafe-inline' 'unsafe-eval' data:", ["script_policy"]),
        ("script-src tuzet.example.kz:8443", ["script_policy"]),
        ("script-src example.kz", ["script_policy"]),
        ("script-src *.tuzet.example.kz", ["script_policy"]),
        (f"script-src {SERVICE}/other.js", ["script_policy"]),
        (f"script-src {SERVICE}/TUZET.js", ["script_policy"]),
        (f"script-src {SERVICE}; connect-src 'self'", ["connect_policy"]),
        (f"script-src 'strict-dynamic' 'nonce-a' {SERVICE}", ["script_policy"]),
        ("sandbox allow-forms", ["sandboxed"]),
    ],
)
def test_policies_that_stop_it(policy: str, expected: list[str]) -> None:
    assert codes(check(SCRIPT, policy)) == expected


def test_every_policy_must_allow_it_also_that_of_a_meta_element() -> None:
    allowing = f"script-src {SERVICE}"
    meta = '<meta http-equiv="content-security-policy" content="script-src \'self\'">'
    assert codes(check(SCRIPT, allowing, head=meta)) == ["script_policy"]
    assert codes(check(SCRIPT, f"{allowing}, script-src 'none'")) == ["script_policy"]


def test_a_nonce_lets_it_in() -> None:
    script = SCRIPT.replace("async", 'async nonce="r4nd0m"')
    policy = "script-src 'nonce-r4nd0m' 'strict-dynamic'"
    assert codes(check(script, policy)) == ["good"]
    assert codes(check(script.replace("r4nd0m", "other"), policy)) == ["script_policy"]


def test_a_page_that_is_no_page_is_judged_all_the_same() -> None:
    for html in (
        "",
        "\0",
        "<",
        "<html><script src></script>",
        "<script src='http://[::1'></script>",
    ):
        assert "no_script" in codes(check_page(html, [], PAGE, WANTED))


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_finding_has_its_sentence(language: str) -> None:
    t = translator(language)
    findings = check(SCRIPT.replace("dala", "tan"), "default-src 'self'", url="https://x.example/")
    texts = [finding.text(t) for finding in findings]
    assert len(set(texts)) == len(texts) == 4
    assert any("tan" in text and "dala" in text for text in texts)
    assert not any("{" in text for text in texts)


@pytest.mark.parametrize(
    ("attribute", "press", "code"),
    [
        ("", "ctrl+shift+e", "no_press"),
        (' data-key="Shift + Ctrl + E"', "ctrl+shift+e", None),
        (' data-key="ctrl+e"', "ctrl+shift+e", "other_press"),
        (' data-key="ctrl+e"', "ctrl+enter", "other_press"),
        ("", "ctrl+enter", None),
    ],
)
def test_the_line_says_the_key_that_the_site_has_chosen(
    attribute: str, press: str, code: str | None
) -> None:
    html = f'<html lang="kk"><p>{SCRIPT.replace(" async", f"{attribute} async")}'
    found = codes(check_page(html, [], PAGE, replace(WANTED, press=press)))
    assert found == ["good", *([code] if code else [])]

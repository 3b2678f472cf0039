"""Forms that only this desk can have made."""

import pytest

from core.models import Case
from tests.service.conftest import Web
from tests.service.dashboard.conftest import BASE, NewPerson, Person

FOREIGN = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def web(sqlite_web: Web) -> Web:
    """No database makes a difference here."""
    return sqlite_web


@pytest.mark.parametrize(
    "headers",
    [
        FOREIGN,
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://tuzet.example.kz.evil.example", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://tuzet.example.kz"},
    ],
)
def test_a_form_from_another_site_is_refused_even_with_a_token(
    web: Web, editor: Person, headers: dict[str, str]
) -> None:
    case = web.case()
    refused = editor.send(f"/cases/{case.id}", headers, do="accept", version=1)
    assert refused.status == 403
    assert editor.web_case(case).status == "new"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": BASE, "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null"},
    ],
)
def test_a_form_of_our_own_is_taken(web: Web, editor: Person, headers: dict[str, str]) -> None:
    case = web.case()
    assert editor.send(f"/cases/{case.id}", headers, do="accept", version=1).status == 303


def test_a_token_of_somebody_else_is_refused(web: Web, editor: Person, person: NewPerson) -> None:
    case, other = web.case(), person("editor", email="daniyar@dala.example.kz")
    fields = {"form_token": other.token, "do": "accept", "version": 1}
    answer = editor.client.post(f"/cases/{case.id}", base_url=BASE, data=fields)
    assert answer.status_code == 403


def test_every_form_carries_the_token(web: Web, editor: Person) -> None:
    case = web.case()
    editor.send(f"/cases/{case.id}", do="accept", version=0)  # leaves a conflict to look at
    pages = [
        editor.open(path) for path in ("/queue", f"/cases/{case.id}", "/deliveries", "/profile")
    ]
    pages.append(editor.send(f"/cases/{case.id}", do="accept", version=0))
    for page in pages:
        forms = page.page.css("form[method=post]")
        assert forms
        for form in forms:
            (field,) = form.css("input[name=form_token]")
            assert field.attributes["value"] == editor.token


def test_what_only_looks_needs_no_token(web: Web, editor: Person) -> None:
    case: Case = web.case()
    assert editor.open(f"/cases/{case.id}", **FOREIGN).status == 200

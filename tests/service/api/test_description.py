"""The API is what its description says, and the description is what OpenAPI 3.1 wants."""

import re
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
)

from service.api.description import describe
from service.api.operations import OPERATIONS
from service.api.pages import type_of
from tests.service.conftest import Web

AT = "/api/v1/openapi.json"
# A schema cannot say what is a cursor of ours or an address of the web, and unknown parameters
# of an address are ignored on purpose.
_NOT_TOLD_BY_A_SCHEMA = [ignored_auth, negative_data_rejection, positive_data_acceptance]
_bounded = settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
CONTRACT = (
    ("POST", "/api/v1/reports"),
    ("GET", "/api/v1/receipts/{receipt}"),
    ("GET", "/api/v1/reports/{report_id}"),
    ("GET", "/api/v1/cases"),
    ("GET", "/api/v1/cases/{case_id}"),
    ("PATCH", "/api/v1/cases/{case_id}"),
    ("POST", "/api/v1/cases/{case_id}/undo"),
    ("POST", "/api/v1/cases/{case_id}/notes"),
    ("POST", "/api/v1/cases/bulk"),
    ("GET", "/api/v1/cases/{case_id}/events"),
    ("GET", "/api/v1/deliveries"),
    ("POST", "/api/v1/deliveries/{delivery_id}/retry"),
)


def test_every_operation_of_the_contract_is_described(sqlite_web: Web) -> None:
    document = sqlite_web.client.get(AT).get_json()
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "https://tuzet.example.kz"}]
    for method, path in CONTRACT:
        assert method.lower() in document["paths"][path], f"{method} {path}"


def test_every_route_of_the_api_is_described_and_the_other_way_round(sqlite_web: Web) -> None:
    served = {
        (method, re.sub(r"<(?:[^<>:]*:)?(\w+)>", r"{\1}", rule.rule))
        for rule in sqlite_web.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.rule != AT
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert served == {(each.method, f"/api/v1{each.path}") for each in OPERATIONS}


def test_every_reference_leads_somewhere() -> None:
    document = describe("https://tuzet.example.kz")
    names = re.findall(r"'#/components/schemas/(\w+)'", str(document))
    assert set(names) <= document["components"]["schemas"].keys()


def test_any_program_may_read_the_description(sqlite_web: Web) -> None:
    assert sqlite_web.client.get(AT).headers["Access-Control-Allow-Origin"] == "*"


def test_people_read_it_on_a_page_that_asks_nobody_else(sqlite_web: Web) -> None:
    answer = sqlite_web.client.get("/api/docs")
    page = answer.get_data(as_text=True)
    for method, path in CONTRACT:
        assert f"{method} {path}" in page
    assert "<script" not in page
    assert "style=" not in page
    assert re.findall(r'(?:src|href)="(?!/|#)([^"]*)"', page) == []


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"type": "string", "maxLength": 5}, "string, 0–5 characters"),
        ({"type": "string", "minLength": 1}, "string, 1 or more characters"),
        ({"type": "integer", "minimum": 1, "maximum": 200}, "integer, 1–200"),
        ({"type": "string", "format": "uuid"}, "uuid"),
        ({"enum": ["a", "b"], "type": "string"}, '"a" or "b"'),
        ({"anyOf": [{"$ref": "#/x/Case"}, {"type": "null"}]}, "Case or null"),
        ({"type": "array", "items": {"const": 1}}, "list of 1"),
        ({}, "anything"),
    ],
)
def test_a_type_is_told_in_a_few_words(schema: dict[str, Any], text: str) -> None:
    assert type_of(schema) == text


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_answers_to_anything_are_as_described(sqlite_web: Web, mode: GenerationMode) -> None:
    """Requests of all kinds, right and wrong, are made up from the description and sent."""
    sqlite_web.case()
    headers = sqlite_web.token("admin")
    schema = schemathesis.openapi.from_wsgi(AT, sqlite_web.app)
    asked = []

    def ask(case: Any) -> None:
        asked.append(case)
        answer = case.call(headers=headers)
        case.validate_response(answer, excluded_checks=_NOT_TOLD_BY_A_SCHEMA)

    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        with suppress(Unsatisfiable):  # nothing can be wrong with a receipt's text
            _bounded(given(found.ok().as_strategy(mode))(ask))()
    assert len(asked) >= len(OPERATIONS)

"""What the API says of itself: OpenAPI 3.1, made from the same records that serve it."""

import re
from typing import Any

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from service.api import shapes
from service.api.operations import LARGEST_ID, OPERATIONS, Operation
from service.context import service

blueprint = Blueprint("description", __name__)

_REF = "#/components/schemas/{model}"
_PROBLEM = "application/problem+json"
_SUMMARY = (
    "Readers' reports come in, cases go out. Programs send `Authorization: Bearer TOKEN`; a token "
    "acts with the rights of its person. Lists give `next`, the `cursor` of what follows."
)
_REFUSALS = {
    400: "The body cannot be parsed",
    401: "No token, or a wrong one",
    403: "Not allowed",
    404: "There is no such thing here",
    409: "The version is stale, or the state does not allow it",
    413: "Over 64 KiB; a saved document over 256 KiB",
    415: "A body of another type",
    422: "A field is wrong; `errors` names it",
    429: "Over a limit; see Retry-After",
    503: "The database is away; see Retry-After",
}


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The description for programs."""
    response = jsonify(describe(service().settings.base_url))
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def describe(base_url: str) -> dict[str, Any]:
    """The whole OpenAPI document."""
    paths: dict[str, dict[str, Any]] = {}
    for each in OPERATIONS:
        paths.setdefault(f"/api/v1{each.path}", {})[each.method.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tuzet",
            "version": "1",
            "description": _SUMMARY,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base_url}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(each: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": _operation_id(each),
        "summary": each.summary,
        "security": [] if each.public else [{"token": []}],
        "parameters": _path_parameters(each) + _query_parameters(each),
        "responses": _responses(each),
    }
    if each.body is not None:
        content = {kind: {"schema": _ref(each.body)} for kind in each.body_types}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _operation_id(each: Operation) -> str:
    return re.sub(r"\W+", "_", f"{each.method.lower()}{each.path}").strip("_")


def _path_parameters(each: Operation) -> list[dict[str, Any]]:
    parameters = []
    for name in re.findall(r"\{(\w+)\}", each.path):
        schema: dict[str, Any] = {"type": "string", "minLength": 1}
        if name == "report_id":
            schema["format"] = "uuid"
        elif name not in ("receipt", "site_key"):
            schema = {"type": "integer", "minimum": 0, "maximum": LARGEST_ID}
        parameters.append({"name": name, "in": "path", "required": True, "schema": schema})
    return parameters


def _query_parameters(each: Operation) -> list[dict[str, Any]]:
    if each.query is None:
        return []
    described = each.query.model_json_schema()
    parameters = []
    for name, schema in described["properties"].items():
        schema.pop("title", None)
        parameter = {
            "name": name,
            "in": "query",
            "required": False,
            "schema": _without_null(schema),
        }
        if text := schema.pop("description", None):
            parameter["description"] = text
        parameters.append(parameter)
    return parameters


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """An address has no null: what may be left out is not there."""
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    if len(options) != 1:
        return schema
    schema.pop("anyOf")
    schema.update(options[0])
    return schema


def _answer_schema(each: Operation) -> dict[str, Any]:
    return _ref(each.answer) if each.answer_type == "application/json" else {"type": "string"}


def _responses(each: Operation) -> dict[str, Any]:
    refusals = {503, *each.refusals}
    if not each.public:
        refusals |= {401}
    if each.query is not None:
        refusals |= {422}
    if each.body is not None:
        refusals |= {400, 413, 415, 422}
    if each.query is not None and "site" in each.query.model_fields:
        refusals |= {404}  # a site that is not there
    good = {
        "description": (each.answer.__doc__ or "").strip(),
        "content": {each.answer_type: {"schema": _answer_schema(each)}},
    }
    bad = {
        str(status): {
            "description": _REFUSALS[status],
            "content": {_PROBLEM: {"schema": _ref(shapes.ProblemOut)}},
        }
        for status in sorted(refusals)
    }
    return {str(each.status): good, **bad}


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}


def _schemas() -> dict[str, Any]:
    models: list[type[BaseModel]] = [shapes.ProblemOut]
    for each in OPERATIONS:
        models += [each.answer] if each.body is None else [each.answer, each.body]
    _, whole = models_json_schema(
        [(model, "validation") for model in dict.fromkeys(models)], ref_template=_REF
    )
    schemas: dict[str, Any] = whole["$defs"]
    for schema in schemas.values():
        for member in schema.get("properties", {}).values():
            member.pop("title", None)
    return schemas

"""The description of the API for people: one page, made on the server, without a script."""

import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template

from core.i18n import translator
from service.api.description import describe
from service.context import service

blueprint = Blueprint("docs", __name__)


@dataclass(frozen=True)
class Field:
    """A line of a table: a member of a body or answer, or a parameter."""

    name: str
    type: str
    needed: bool
    text: str


@dataclass(frozen=True)
class Entry:
    """One operation as it is shown. `body` and `answer` name shapes."""

    id: str
    method: str
    path: str
    summary: str
    public: bool
    parameters: list[Field]
    body: str | None
    answers: list[tuple[str, str, str | None]]


@blueprint.get("/api/docs")
def page() -> str:
    """The whole page. It is for programmers, so it is in English only."""
    api = describe(service().settings.base_url)
    t = translator("en")
    return render_template(
        "reader/api.html",
        t=t,
        _=t.gettext,
        entries=_entries(api),
        shapes={name: _members(shape) for name, shape in api["components"]["schemas"].items()},
        texts={n: s.get("description", "") for n, s in api["components"]["schemas"].items()},
        base_url=service().settings.base_url,
    )


def _entries(api: dict[str, Any]) -> list[Entry]:
    return [
        Entry(
            id=operation["operationId"],
            method=method.upper(),
            path=path,
            summary=operation["summary"],
            public=not operation["security"],
            parameters=[_parameter(each) for each in operation["parameters"]],
            body=_shape(operation.get("requestBody", {}).get("content", {})),
            answers=[
                (status, answer["description"], _shape(answer["content"]))
                for status, answer in operation["responses"].items()
            ],
        )
        for path, operations in api["paths"].items()
        for method, operation in operations.items()
    ]


def _parameter(parameter: dict[str, Any]) -> Field:
    text = parameter.get("description", "")
    name = f"{{{parameter['name']}}}" if parameter["in"] == "path" else parameter["name"]
    return Field(name, type_of(parameter["schema"]), parameter["required"], text)


def _members(shape: dict[str, Any]) -> list[Field]:
    needed = shape.get("required", ())
    return [
        Field(name, type_of(member), name in needed, member.get("description", ""))
        for name, member in shape.get("properties", {}).items()
    ]


def _shape(content: dict[str, Any]) -> str | None:
    """The name of the shape that a body has, if any."""
    for media in content.values():
        return str(media["schema"].get("$ref", "")).rpartition("/")[2] or None
    return None


def type_of(schema: dict[str, Any]) -> str:
    """A JSON schema in a few words: `string, 1–1000 characters`, `"new" or "accepted"`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(type_of(option) for option in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(json.dumps(value) for value in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"])
    if schema.get("type") == "array":
        return f"list of {type_of(schema['items'])}{_range(schema, 'Items', 'items')}"
    plain = schema.get("format") or schema.get("type", "anything")
    if plain == "string":
        return f"{plain}{_range(schema, 'Length', 'characters')}"
    return f"{plain}{_range(schema, 'imum', '')}"


def _range(schema: dict[str, Any], of: str, unit: str) -> str:
    least, most = schema.get(f"min{of}"), schema.get(f"max{of}")
    if most is None:
        return "" if not least else f", {least} or more{unit and ' '}{unit}"
    return f", {least or 0}–{most}{unit and ' '}{unit}"

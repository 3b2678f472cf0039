"""One decorator makes a view of the API, checks what comes in, and describes it: one truth."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel, ValidationError

from core.errors import FieldError, Invalid, NotFound
from core.incoming import read_json
from service.api.bodies import json_body
from service.api.callers import caller

LARGEST_ID = 2**63 - 1  # what a database key can be
View = Callable[..., dict[str, Any] | Response]
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Operation:
    """One thing that the API does. `path` is written as OpenAPI writes it, under /api/v1."""

    method: str
    path: str
    summary: str
    answer: type[BaseModel]
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    body_types: tuple[str, ...] = ("application/json",)
    status: int = 200
    public: bool = False
    refusals: tuple[int, ...] = ()
    answer_type: str = "application/json"


OPERATIONS: list[Operation] = []


def operation(
    blueprint: Blueprint,
    rule: str,
    summary: str,
    answer: type[BaseModel],
    *,
    method: str = "GET",
    query: type[BaseModel] | None = None,
    body: type[BaseModel] | None = None,
    refusals: tuple[int, ...] = (),
    answer_type: str = "application/json",
) -> Callable[[View], View]:
    """Serve a view to programs. It gets the caller, the ids of the path, and the parsed query or
    body as the last argument, and returns the answer as plain JSON values, or a whole response
    where `answer_type` is another."""
    described = _described(
        Operation(
            method,
            rule,
            summary,
            answer,
            query=query,
            body=body,
            refusals=refusals,
            answer_type=answer_type,
        )
    )

    def decorate(view: View) -> View:
        @wraps(view)
        def serve(**ids: Any) -> Response:
            asking = caller()
            if any(isinstance(value, int) and value > LARGEST_ID for value in ids.values()):
                raise NotFound("There is no such thing here.")
            given: list[BaseModel] = []
            if query is not None:
                given.append(read_query(query))
            if body is not None:
                given.append(read_body(body))
            answered = view(asking, *ids.values(), *given)
            return answered if isinstance(answered, Response) else jsonify(answered)

        blueprint.add_url_rule(rule, view_func=serve, methods=[method])
        OPERATIONS.append(described)
        return view

    return decorate


def describe_public(operation: Operation) -> None:
    """List an operation of readers, which its own view serves."""
    OPERATIONS.append(_described(operation))


def read_query(model: type[Model]) -> Model:
    """The parameters of the address. Raises Invalid."""
    many = {name for name, field in model.model_fields.items() if "list" in str(field.annotation)}
    given: dict[str, Any] = {}
    for name, values in request.args.lists():
        if name not in many and name in model.model_fields and len(values) > 1:
            raise Invalid(FieldError(name, "must be given once"))
        given[name] = values if name in many else values[0]
    try:
        return model.model_validate(given)
    except ValidationError as fault:
        raise invalid(fault) from fault


def read_body(model: type[Model]) -> Model:
    """The body. Raises Unreadable if it is no JSON, Invalid if a field is wrong."""
    body = json_body()
    read_json(body)  # refuses what the next parser would let pass: doubled names, NaN, depth
    try:
        return model.model_validate_json(body)
    except ValidationError as fault:
        raise invalid(fault) from fault


def invalid(fault: ValidationError) -> Invalid:
    """What is wrong with a body or query, field by field."""
    errors = fault.errors(include_url=False, include_context=False, include_input=False)
    return Invalid(
        *(
            FieldError(".".join(map(str, error["loc"])), error["msg"].removeprefix("Value error, "))
            for error in errors
        )
    )


def _described(operation: Operation) -> Operation:
    path = re.sub(r"<(?:[^<>:]*:)?(\w+)>", r"{\1}", operation.path)
    return Operation(**{**vars(operation), "path": path})

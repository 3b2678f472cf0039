"""Lists as files: CSV for spreadsheets, JSON for programs, sent while they are read."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import Response

from core.exports import COLUMNS, cells_of, every_case, row_of
from core.queries import CaseFilter
from service.context import service

_BOM = "\ufeff"  # by which spreadsheets know that it is UTF-8


def csv_of(wanted: CaseFilter) -> Response:
    """A table with a head, one case a row."""
    return _csv(every_case(service().db, wanted), COLUMNS, row_of, "cases")


def json_of(wanted: CaseFilter) -> Response:
    """A list of cases as the API gives them."""
    return json_list(every_case(service().db, wanted), "cases")


def csv_table(items: Iterator[dict[str, Any]], columns: Sequence[str], name: str) -> Response:
    """A table with a head, one item a row; `name` becomes that of the file."""
    return _csv(items, columns, lambda item: cells_of(item, columns), name)


def json_list(items: Iterator[dict[str, Any]], name: str) -> Response:
    """A list of items; `name` becomes that of the file."""
    return _sent(_json_lines(items), "application/json", f"{name}.json")


def _csv(
    items: Iterator[dict[str, Any]],
    columns: Sequence[str],
    row: Callable[[dict[str, Any]], list[str]],
    name: str,
) -> Response:
    return _sent(_csv_lines(items, columns, row), "text/csv; charset=utf-8", f"{name}.csv")


def _csv_lines(
    items: Iterator[dict[str, Any]],
    columns: Sequence[str],
    row: Callable[[dict[str, Any]], list[str]],
) -> Iterator[str]:
    yield _BOM + _line(columns)
    for item in items:
        yield _line(row(item))


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()


def _json_lines(items: Iterator[dict[str, Any]]) -> Iterator[str]:
    joint = "["
    for item in items:
        yield joint + json.dumps(item, ensure_ascii=False)
        joint = ",\n"
    yield "[]" if joint == "[" else "]\n"


def _sent(lines: Iterator[str], content_type: str, name: str) -> Response:
    response = Response(lines, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="tuzet-{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response

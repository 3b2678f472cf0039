"""Cases as files: CSV for spreadsheets, JSON for programs, sent while they are read."""

import csv
import io
import json
from collections.abc import Iterator

from flask import Response

from core.db import Database
from core.exports import COLUMNS, every_case, row_of
from core.queries import CaseFilter
from service.context import service

_BOM = "\ufeff"  # by which spreadsheets know that it is UTF-8


def csv_of(wanted: CaseFilter) -> Response:
    """A table with a head, one case a row."""
    return _sent(_csv_lines(service().db, wanted), "text/csv; charset=utf-8", "csv")


def json_of(wanted: CaseFilter) -> Response:
    """A list of cases as the API gives them."""
    return _sent(_json_lines(service().db, wanted), "application/json", "json")


def _csv_lines(db: Database, wanted: CaseFilter) -> Iterator[str]:
    yield _BOM + _line(COLUMNS)
    for item in every_case(db, wanted):
        yield _line(row_of(item))


def _line(cells: tuple[str, ...] | list[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()


def _json_lines(db: Database, wanted: CaseFilter) -> Iterator[str]:
    joint = "["
    for item in every_case(db, wanted):
        yield joint + json.dumps(item, ensure_ascii=False)
        joint = ",\n"
    yield "[]" if joint == "[" else "]\n"


def _sent(lines: Iterator[str], content_type: str, ending: str) -> Response:
    response = Response(lines, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="tuzet-cases.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response

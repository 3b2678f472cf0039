"""Logs are lines of JSON, without secrets and without what readers wrote."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from core import logs

SECRET = "a-secret-key-of-this-installation-123"


@pytest.fixture
def lines() -> Iterator["Lines"]:
    """What is logged, line by line; the process's own logging is put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    logs.configure("test", [SECRET], stream)
    yield Lines(stream)
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


class Lines:
    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    def text(self) -> str:
        return self._stream.getvalue()

    def last(self) -> dict[str, Any]:
        line: dict[str, Any] = json.loads(self.text().splitlines()[-1])
        return line


def test_an_event_is_one_line_of_json_that_names_its_part(lines: Lines) -> None:
    structlog.get_logger("core.sorting").info("sorted", reports=3)
    line = lines.last()
    assert line["event"] == "sorted"
    assert line["reports"] == 3
    assert line["part"] == "test"
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")


def test_what_libraries_log_looks_the_same(lines: Lines) -> None:
    logging.getLogger("celery.worker").warning("lost %s", "the broker")
    assert lines.last()["event"] == "lost the broker"
    assert lines.last()["part"] == "test"


@pytest.mark.parametrize(
    "said",
    [
        f"the key is {SECRET}",
        "redis://user:hunter22@127.0.0.1:6379/0 is away",
        "postgresql+psycopg://tuzet:hunter22@db/tuzet",
        "Authorization: Bearer hunter22hunter22",
        "GET /r/hunter22hunter22 and /act/hunter22hunter22",
        "nobody takes mail for hunter22@example.kz",
    ],
)
def test_secrets_and_addresses_in_a_text_are_left_out(lines: Lines, said: str) -> None:
    structlog.get_logger().warning("fault", fault=said)
    logging.getLogger("library").warning(said)
    assert "hunter22" not in lines.text()
    assert SECRET not in lines.text()


@pytest.mark.parametrize(
    "name", ["password", "token", "secret_key", "receipt", "suggestion", "comment", "email"]
)
def test_values_with_a_telling_name_are_left_out(lines: Lines, name: str) -> None:
    structlog.get_logger().info("event", **{name: "түзетілсін", "inner": {name: "түзетілсін"}})
    assert "түзетілсін" not in lines.text()


def test_the_values_of_a_row_in_a_drivers_error_are_left_out(lines: Lines) -> None:
    try:
        raise ValueError(
            "null value violates not-null\nDETAIL:  Failing row contains (1, балаларға).\n"
            "[SQL: INSERT INTO report ...]\n[parameters: {'exact': 'балаларға [1]'}]\n(Background)"
        )
    except ValueError:
        structlog.get_logger().exception("unhandled")
        logging.getLogger("library").exception("unhandled")
    assert "балаларға" not in lines.text()
    assert "INSERT INTO report" in lines.text()

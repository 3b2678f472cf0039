"""Bytes that are no report are refused, whatever they are, and break nothing."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid, Unreadable
from core.incoming import read_json, read_report


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{]",
        b"nonsense",
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf{}",
        b'"\xc0\xaf"',
        b'"\xed\xa0\x80"',
        b'"\xf4\x90\x80\x80"',
        b"[NaN]",
        b"[Infinity]",
        b"[-Infinity]",
        b"[1e999]",
        b"[-1e999]",
        b"9" * 5000,
        b'{"a": 1, "a": 2}',
        b'{"x": {"a": 1, "\\u0061": 2}}',
        b"[" * 1000 + b"]" * 1000,
        b"[" * 65536,
        b'{"a":' * 1000 + b"1" + b"}" * 1000,
        b'{"a": "' + b'\\"' * 32_000,
        b"{} {}",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_what_two_parsers_would_read_differently_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_report(body)


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"1", b"null", b"true", b"{}"])
def test_json_that_is_no_report_is_invalid(body: bytes) -> None:
    with pytest.raises(Invalid):
        read_report(body)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_parser(body: bytes) -> None:
    try:
        read_report(body)
    except (Unreadable, Invalid):
        return
    raise AssertionError("random bytes were taken for a report")


def test_hostile_bytes_are_refused(shared_data: Path) -> None:
    bodies = json.loads((shared_data / "attack" / "unicode_evil.json").read_text())["raw_bodies"]
    for body in bodies:
        with pytest.raises((Unreadable, Invalid)):
            read_report(bytes.fromhex(body["hex"]))


def test_json_of_a_program_is_parsed_by_the_same_rules() -> None:
    assert read_json('{"а": [1, 2.5, "\\u0000"]}'.encode()) == {"а": [1, 2.5, "\0"]}

"""Readers' reports are parsed strictly, and nothing that a sender can make breaks the parser."""

import json
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid, Unreadable
from core.incoming import NewReport, read_report

ID = "0b0e7a52-7c1d-4c5e-9a55-3f6a1f0c2d11"
FIELDS = (
    "id",
    "site",
    "url",
    "canonical_url",
    "title",
    "language",
    "quote",
    "quote.exact",
    "quote.prefix",
    "quote.suffix",
    "position",
    "position.start",
    "kind",
    "suggestion",
    "comment",
    "email",
    "metadata",
    "metadata.author",
    "metadata.cms_id",
)
TEXTS = (
    "site",
    "url",
    "canonical_url",
    "title",
    "language",
    "quote.exact",
    "quote.prefix",
    "quote.suffix",
    "suggestion",
    "comment",
    "email",
    "metadata.author",
)


def _body(**values: Any) -> dict[str, Any]:
    """A whole report; keys with a dot (`quote.exact` as `quote__exact`) reach inside."""
    body: dict[str, Any] = {
        "id": ID,
        "site": "dala",
        "url": "https://dala.example.kz/news/1",
        "canonical_url": "https://dala.example.kz/news/1",
        "title": "Жаңалық",
        "language": "kk",
        "quote": {"exact": "балаларга", "prefix": "бірі — ", "suffix": " арналған"},
        "position": {"start": 10, "end": 19},
        "kind": "typo",
        "suggestion": "балаларға",
        "comment": "Ғ",
        "email": "reader@example.kz",
        "metadata": {"author": "А. Автор", "cms_id": "17"},
    }
    for name, value in values.items():
        outer, _, inner = name.partition("__")
        if inner:
            body[outer] = {**body[outer], inner: value}
        else:
            body[outer] = value
    return body


def _read(**values: Any) -> NewReport:
    return read_report(json.dumps(_body(**values)).encode())


def _wrong(**values: Any) -> list[str]:
    with pytest.raises(Invalid) as fault:
        _read(**values)
    return [error.field for error in fault.value.errors]


def _with(field: str, value: Any) -> dict[str, Any]:
    return {field.replace(".", "__"): value}


def test_a_whole_report_is_read_as_sent() -> None:
    assert _read() == NewReport(
        id=ID,
        site="dala",
        url="https://dala.example.kz/news/1",
        canonical_url="https://dala.example.kz/news/1",
        title="Жаңалық",
        language="kk",
        exact="балаларга",
        prefix="бірі — ",
        suffix=" арналған",
        position_start=10,
        position_end=19,
        kind="typo",
        suggestion="балаларға",
        comment="Ғ",
        email="reader@example.kz",
        metadata={"author": "А. Автор", "cms_id": "17"},
        fingerprint=_read().fingerprint,
    )


def test_the_shortest_report_is_enough() -> None:
    short = {"id": ID, "site": "dala", "url": "https://dala.example.kz/", "quote": {"exact": "а"}}
    read = read_report(json.dumps(short).encode())
    assert (read.exact, read.prefix, read.suffix) == ("а", "", "")
    assert (read.suggestion, read.comment, read.email) == (None, None, None)
    assert read.metadata is None


def test_null_stands_for_every_field_that_may_be_missing() -> None:
    names = ("canonical_url", "title", "language", "position", "kind", "suggestion", "comment")
    read = _read(**dict.fromkeys((*names, "email", "metadata")))
    assert (read.position_start, read.kind, read.metadata) == (None, None, None)


def test_an_id_is_the_same_in_capital_letters() -> None:
    assert _read(id=ID.upper()).id == ID


@pytest.mark.parametrize("text", ["", "1", ID[:-1], f"{{{ID}}}", f"urn:uuid:{ID}", ID + "\n", 7])
def test_only_a_uuid_is_an_id(text: object) -> None:
    assert _wrong(id=text) == ["id"]


@pytest.mark.parametrize("value", [5, 1.5, True, ["x"], {"x": "y"}])
@pytest.mark.parametrize("field", FIELDS)
def test_a_field_of_another_type_is_named(field: str, value: object) -> None:
    if field in {"quote", "position", "metadata"} and isinstance(value, dict):
        return
    if field == "position.start" and value == 5:
        return
    assert _wrong(**_with(field, value)) == [field]


@pytest.mark.parametrize("text", ["\0", "а\0б", "\ud800", "a\ud83db"])
@pytest.mark.parametrize("field", TEXTS)
def test_what_a_database_cannot_keep_is_refused_at_the_door(field: str, text: str) -> None:
    assert field in _wrong(**_with(field, text))


@pytest.mark.parametrize(
    ("field", "most"),
    [
        ("quote.exact", 1000),
        ("quote.prefix", 64),
        ("quote.suffix", 64),
        ("suggestion", 1000),
        ("comment", 2000),
        ("title", 500),
        ("metadata.section", 500),
    ],
)
def test_a_text_may_be_just_so_long(field: str, most: int) -> None:
    _read(**_with(field, "ғ" * most))
    assert _wrong(**_with(field, "ғ" * (most + 1))) == [field]


def test_an_address_may_be_just_so_long() -> None:
    start = "https://dala.example.kz/"
    _read(url=start + "a" * (2048 - len(start)))
    assert _wrong(url=start + "a" * (2049 - len(start))) == ["url"]


def test_a_quote_is_never_empty() -> None:
    assert _wrong(quote__exact="") == ["quote.exact"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/news/1",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://dala.example.kz/",
        "https://",
        "https://dala.example.kz/\r\nX: y",
        " https://dala.example.kz/",
        "https://[::1",
    ],
)
def test_a_page_is_on_the_web(url: str) -> None:
    assert _wrong(url=url) == ["url"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/news/1", "x", ""])
def test_a_canonical_link_that_is_no_address_is_ignored(url: str) -> None:
    assert _read(canonical_url=url).canonical_url is None


@pytest.mark.parametrize("tag", ["", "қазақша", "kk KZ", "<script>", "-"])
def test_a_page_that_names_no_language_is_not_the_readers_fault(tag: str) -> None:
    assert _read(language=tag).language is None


@pytest.mark.parametrize("email", ["a", "a@", "@b", "a b@c.kz", "a@b@c", "a@b.kz\nBcc: x@y.kz"])
def test_an_address_that_no_letter_reaches_is_named(email: str) -> None:
    assert _wrong(email=email) == ["email"]


@pytest.mark.parametrize("email", ["оқырман@мысал.қаз", "a+b@example.kz", " a@example.kz "])
def test_an_address_is_checked_leniently(email: str) -> None:
    assert _read(email=email).email == email.strip()


def test_an_empty_field_of_a_form_counts_as_not_filled() -> None:
    read = _read(comment="", email="", title="")
    assert (read.comment, read.email, read.title) == (None, None, None)


def test_an_empty_suggestion_says_that_the_words_should_go() -> None:
    assert _read(suggestion="").suggestion == ""


@pytest.mark.parametrize("value", [-1, 2**53 + 1, 10**100])
def test_a_position_lies_where_a_browser_can_count(value: int) -> None:
    assert "position.start" in _wrong(position={"start": value, "end": 2**53})


def test_a_position_does_not_end_before_it_begins() -> None:
    assert _wrong(position={"start": 5, "end": 4}) == ["position.end"]


def test_a_whole_float_is_a_whole_number() -> None:
    assert _read(position={"start": 1.0, "end": 2}).position_start == 1


def test_a_position_has_both_ends() -> None:
    assert _wrong(position={}) == ["position.start", "position.end"]


def test_fields_of_a_newer_sender_are_ignored() -> None:
    read = _read(snippet="9.9", extra={"deep": [1, {"x": None}]}, metadata={"author": "А", "x": 1})
    assert read.metadata == {"author": "А"}


def test_all_that_is_wrong_is_named_at_once() -> None:
    assert set(_wrong(id="x", site="", kind="joke", comment=5)) == {"id", "site", "kind", "comment"}


def test_bodies_that_parse_to_the_same_have_one_fingerprint() -> None:
    body = _body()
    plain = read_report(json.dumps(body, ensure_ascii=True).encode())
    spaced = json.dumps(dict(reversed(body.items())), ensure_ascii=False, indent=2)
    assert read_report(spaced.encode()).fingerprint == plain.fingerprint
    floats = json.dumps(body).replace('"start": 10,', '"start": 1.0e1,')
    assert read_report(floats.encode()).fingerprint == plain.fingerprint


def test_any_other_value_gives_another_fingerprint() -> None:
    prints = {_read().fingerprint, _read(comment="ғ").fingerprint, _read(unknown=1).fingerprint}
    assert len(prints) == 3


def test_brackets_within_strings_are_not_depth() -> None:
    assert _read(comment="[" * 1000 + '\\"{' * 300).comment


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from([*FIELDS, "position.end", "unknown"]), _json)
def test_no_value_of_any_field_breaks_the_parser(field: str, value: Any) -> None:
    with suppress(Unreadable, Invalid):
        assert isinstance(_read(**_with(field, value)), NewReport)


def test_hostile_letters_are_kept_as_sent_or_refused(shared_data: Path) -> None:
    items = json.loads((shared_data / "attack" / "unicode_evil.json").read_text())["items"]
    for item in items:
        text = item["s"]
        try:
            read = _read(id=str(uuid.uuid4()), quote__exact=text[:1000], comment=text[:2000])
        except Invalid:
            assert "\0" in text or any("\ud800" <= char <= "\udfff" for char in text)
        else:
            assert (read.exact, read.comment) == (text[:1000], text[:2000])

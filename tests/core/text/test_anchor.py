"""Quotes found again, in texts that have changed and texts that have not."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from core.text.anchor import anchor
from core.text.fold import fold_text
from core.text.units import code_points, utf16_units

TEXT = (
    "Қазір сөрелерде қырық мың том тұр, оның үштен бірі балаларға арналған. Кітап балаларға "
    "тегін беріледі.\nКез келген қаладағы кітапты алдыруға болады."
)

# Cases of peers that we answer otherwise, and why; see docs/adr/0012-which-error-is-meant.md.
REFUSED = {
    79: "context is compared by likeness, not letter by letter",
    80: "context is compared by likeness, not letter by letter",
    81: "white space does not count",
    129: "a long quote may have changed in its middle",
}


def _found(exact: str, prefix: str = "", suffix: str = "", position: int | None = None) -> str:
    place = anchor(TEXT, exact, prefix, suffix, position)
    assert place is not None
    return TEXT[: place.start][-6:] + "|" + TEXT[place.start : place.end]


def test_the_context_tells_equal_words_apart() -> None:
    assert _found("балаларға", "Кітап ", " тегін") == "Кітап |балаларға"
    assert _found("балаларға", "", " арналған") == " бірі |балаларға"


def test_the_position_decides_only_between_equals() -> None:
    assert _found("балаларға", position=80) == "Кітап |балаларға"
    assert _found("балаларға", "үштен бірі ", position=80) == " бірі |балаларға"


def test_white_space_and_lines_do_not_count() -> None:
    assert _found("тегін\u00a0беріледі.Кез  келген").endswith("тегін беріледі.\nКез келген")


def test_a_changed_quote_is_found_by_its_likeness() -> None:
    assert _found("қырық мың том тур", "сөрелерде ").endswith("|қырық мың том тұр")


def test_a_short_quote_in_other_company_is_not_there() -> None:
    assert anchor(TEXT, "том", "кешегі бағдарламаның ", " пен Джерри туралы") is None


def test_equal_places_are_told_apart_by_capitals() -> None:
    text = "Aqui é. E aqui fica."
    place = anchor(text, "aqui")
    assert place is not None
    assert place.start == text.index("aqui")


def test_a_quote_beside_the_end_of_the_text_needs_no_context_there() -> None:
    assert _found("болады.", "алдыруға ", "Пікір қалдыру").endswith("|болады.")


def test_nothing_is_found_in_nothing() -> None:
    assert anchor("", "бала") is None
    assert anchor(TEXT, "") is None


@given(st.data(), st.text(st.sampled_from("абвгд ,.«»\n"), min_size=1, max_size=80))
def test_a_selection_with_its_context_is_found_again(data: st.DataObject, text: str) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    exact = text[start:end]
    assume(fold_text(exact).strip())
    place = anchor(text, exact, text[:start], text[end:], start)
    assert place is not None
    assert fold_text(text[place.start : place.end]).strip() == fold_text(exact).strip()
    assert text[: place.start].split() == text[:start].split() or exact.strip() != exact


def _cases(folder: Path) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((folder / "anchoring_cases.json").read_text())["cases"]
    return cases


def _answer(case: dict[str, Any]) -> tuple[bool, str]:
    """Whether we find what the peer finds, and what we find."""
    text = case.get("text")
    if text is None:
        wrapper = case["html_wrapper"]
        html = f"<{wrapper}>{case['html']}</{wrapper}>"
        node = LexborHTMLParser(html).css_first(wrapper)
        assert node is not None
        text = node.text(deep=True)
    hint = None if case["hint"] is None else code_points(text, case["hint"])
    place = anchor(text, case["quote"], case["prefix"] or "", case["suffix"] or "", hint)
    expected = [(each["start"], each["end"]) for each in case["expected"]]
    if place is None:
        return not expected, "nothing"
    start, end = utf16_units(text, place.start), utf16_units(text, place.end)
    return (start, end) in expected, f"{start}-{end}"


def test_quotes_are_anchored_where_peers_anchor_them(shared_data: Path) -> None:
    """All but the refused, of those that have their text and a quote (an empty one is no quote)."""
    comparable = [
        case
        for case in _cases(shared_data)
        if (case["quote"] or case["kind"] == "match_quote")
        and ("text" in case or "html_wrapper" in case)
    ]
    wrong = {case["id"]: _answer(case)[1] for case in comparable if not _answer(case)[0]}
    assert wrong.keys() == REFUSED.keys(), wrong
    assert len(comparable) == 111


@pytest.mark.parametrize("case_id", sorted(REFUSED))
def test_each_refused_case_is_still_in_the_data(case_id: int, shared_data: Path) -> None:
    assert case_id in {case["id"] for case in _cases(shared_data)}

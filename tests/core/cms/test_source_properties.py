"""Whatever an editor's field makes of a sentence, its error is put right and the rest stays."""

import html
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from core.cms.markup import skeleton, units
from core.cms.source import Correction, Miss, Words, apply_edits, correct

_LETTERS = "абвгғдеёжзиійкқлмнңоөпрстуұүфхһцчшщыіэюяabcdeh"
_TAGS = ("b", "em", "a href='/x?a=1&amp;b=2'", 'span class="балаларга"')
_word = st.text(_LETTERS, min_size=1, max_size=9)
_signs = st.sampled_from(["", "", "", ",", ".", " —", "»", "”", "…", "'"])


@st.composite
def sentences(draw: st.DrawFn) -> tuple[list[str], int, str]:
    """The pieces of a paragraph, which of them is wrong, and what should stand instead."""
    pieces = [word + draw(_signs) for word in draw(st.lists(_word, min_size=3, max_size=14))]
    place = draw(st.integers(0, len(pieces) - 1))
    right = draw(st.lists(_word, min_size=0, max_size=2))
    return pieces, place, " ".join(right)


@st.composite
def spelled(draw: st.DrawFn, text: str) -> str:
    """A text as HTML source: entities, tags between any letters, marks that nobody sees."""
    out, open_tags = [], list[str]()
    for char in text:
        chance = draw(st.integers(0, 30))
        if chance == 0:
            out.append(draw(st.sampled_from(["&shy;", "\u00ad", "\u200b", "<!-- б -->", "<wbr>"])))
        if chance == 1:
            tag = draw(st.sampled_from(_TAGS))
            open_tags.append(tag.split()[0])
            out.append(f"<{tag}>")
        if chance == 2 and open_tags:
            out.append(f"</{open_tags.pop()}>")
        out.append(draw(_char(char)))
    return "".join(out + [f"</{tag}>" for tag in reversed(open_tags)])


def _char(char: str) -> st.SearchStrategy[str]:
    ways = [char, char, char, f"&#{ord(char)};", f"&#x{ord(char):x};"]
    if char == " ":
        ways = [" ", " ", "\n", "&nbsp;", "\u00a0", "  "]
    if char in "”»":
        ways += ['"', "&quot;", "&rdquo;"]
    if char == "—":
        ways += ["--", "&mdash;", "–"]
    if char == "…":
        ways += ["...", "&hellip;"]
    return st.sampled_from(ways)


@settings(max_examples=200, deadline=None)
@given(st.data(), sentences())
def test_a_correction_changes_what_is_read_and_nothing_else(
    data: st.DataObject, sentence: tuple[list[str], int, str]
) -> None:
    pieces, place, right = sentence
    prefix = "".join(f"{piece} " for piece in pieces[:place])
    suffix = "".join(f" {piece}" for piece in pieces[place + 1 :])
    exact = pieces[place]
    source = data.draw(spelled(prefix + exact + suffix))
    made = correct(source, Words(exact, prefix, suffix, right))
    if exact == right:
        assert made in (Miss.ALREADY_RIGHT, Miss.MARKUP, Miss.SEVERAL)
        return
    if isinstance(made, Miss):  # never the wrong place; and nothing only for a reason
        assert made in (Miss.SEVERAL, Miss.ALREADY_RIGHT, Miss.MARKUP)
        return
    assert _plain(_read(made.corrected)) == _plain(prefix + right + suffix)
    assert skeleton(made.corrected) == skeleton(source)
    assert apply_edits(made.corrected, made.inverse) == source


@settings(max_examples=200, deadline=None)
@given(st.text("<>&;\"'ab[]/!- \n", max_size=60))
def test_every_character_of_a_source_is_either_read_or_markup(source: str) -> None:
    spans = [(unit.start, unit.end) for unit in units(source, shortcodes=True)]
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert all(0 <= start <= end <= len(source) for start, end in spans)
    read = sum(end - start for start, end in spans)
    assert len(skeleton(source, shortcodes=True)) + read == len(source)


@settings(max_examples=100, deadline=None)
@given(st.text("аб <>&", min_size=1, max_size=12), st.text("аб <>&[gal]", max_size=12))
def test_what_is_written_is_text(exact: str, right: str) -> None:
    source = f"<p>мына сөз бар {html.escape(exact)} осы жерде тұр</p>"
    made = correct(source, Words(exact, "мына сөз бар ", " осы жерде тұр", right), shortcodes=True)
    if isinstance(made, Correction):
        assert skeleton(made.corrected, shortcodes=True) == "<p></p>"


def _read(source: str) -> str:
    return "".join(unit.text for unit in units(source))


def _plain(text: str) -> str:
    """As it is compared here: letters and signs, without white space and unseen marks."""
    text = text.replace("--", "-").replace("…", "...")
    for sign in "—–":
        text = text.replace(sign, "-")
    for sign in "»”":
        text = text.replace(sign, '"')
    return "".join(c for c in text if not c.isspace() and c not in "\u00ad\u200b")

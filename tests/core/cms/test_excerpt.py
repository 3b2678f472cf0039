"""What an editor is shown of the source before anything is written."""

from core.cms.excerpt import Excerpt, Piece, excerpt_of
from core.cms.source import Correction, Words, correct


def shown(source: str, exact: str, right: str, prefix: str, suffix: str) -> Excerpt:
    made = correct(source, Words(exact, prefix, suffix, right))
    assert isinstance(made, Correction)
    return excerpt_of(made)


def text(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def test_the_line_is_shown_as_it_is_and_as_it_will_be() -> None:
    source = "<p>бірінші</p>\n<p>Екінши <b>абз&shy;ац</b></p>\n<p>үшінші</p>"
    found = shown(source, "Екінши", "Екінші", "бірінші ", " абзац үшінші")
    assert found.line == 2
    assert text(found.minus) == "<p>Екінши <b>абз&shy;ац</b></p>"
    assert text(found.plus) == "<p>Екінші <b>абз&shy;ац</b></p>"
    assert Piece("del", "и") in found.minus
    assert Piece("ins", "і") in found.plus
    assert Piece("markup", "&shy;") in found.minus


def test_an_entity_that_goes_is_shown_whole() -> None:
    found = shown("балалар&#1075;а арналған", "балаларга", "балаларға", "", " арналған")
    assert Piece("del", "&#1075;") in found.minus
    assert text(found.plus) == "балаларға арналған"


def test_a_word_at_the_very_end_is_shown_too() -> None:
    found = shown("бүгін алма", "алма", "алма!", "бүгін ", "")
    assert (text(found.minus), text(found.plus)) == ("бүгін алма", "бүгін алма!")


def test_a_long_line_is_cut_on_both_sides() -> None:
    around = "сөз " * 100
    source = f"{around}қате {around}"
    found = shown(source, "қате", "дұрыс", around[-40:], f" {around[:40]}")
    assert text(found.minus).startswith("…")
    assert text(found.minus).endswith("…")
    assert len(text(found.minus)) < 200


def test_a_long_tag_is_shortened() -> None:
    tag = '<a href="https://example.kz/' + "x" * 300 + '">'
    found = shown(f"{tag}қате</a> мәтін осы жерде", "қате", "дұрыс", "", " мәтін осы жерде")
    assert len(text(found.minus)) < 120


def test_where_editors_know_no_source_the_text_alone_is_shown() -> None:
    source = '<p><t i="2">бірінші</t><p><t i="4">Екінши &amp; </t><t i="5">абзац</t><p>үшінші'
    made = correct(source, Words("Екінши", "бірінші ", " & абзац үшінші", "Екінші"))
    assert isinstance(made, Correction)
    found = excerpt_of(made, is_source=False)
    assert (text(found.minus), text(found.plus)) == ("Екінши & абзац", "Екінші & абзац")
    assert found.line == 2
    assert {piece.kind for piece in (*found.minus, *found.plus)} == {"text", "del", "ins"}

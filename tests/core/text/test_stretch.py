"""The stretch that shows a place: whole where it is short, else cut between words."""

from core.text.stretch import BESIDE, LONGEST, head, mended, stretch_at, stretches_at, tail

LONG = ", ".join(f"{n}-ауылда мектеп салынды" for n in range(40)) + "."


def test_a_short_sentence_is_shown_whole_without_its_neighbours() -> None:
    text = "Бірінші сөйлем. Екінші сөйлем. Үшінші сөйлем."
    assert stretch_at(text, text.index("Екінші"), text.index("Екінші") + 6) == "Екінші сөйлем."


def test_a_long_sentence_is_cut_between_words() -> None:
    at = LONG.index("20-ауылда")
    shown = stretch_at(LONG, at, at + 2)
    assert len(shown) <= 2 * BESIDE + len("…20…") < LONGEST
    assert f" {shown.strip('…')}" in LONG
    assert (shown[0], shown[-1]) == ("…", "…")


def test_no_end_is_cut_where_the_text_ends() -> None:
    assert stretch_at(LONG, 0, 1).startswith("0-ауылда")
    assert stretch_at(LONG, len(LONG) - 4, len(LONG) - 1).endswith("салынды.")


def test_a_text_that_is_one_word_is_cut_anywhere() -> None:
    shown = stretch_at("ы" * 2_000, 1_000, 1_001)
    assert shown == f"…{'ы' * (2 * BESIDE + 1)}…"


def test_a_sentence_that_has_become_another_has_a_stretch_of_its_own() -> None:
    at = LONG.index("20-ауылда")
    before, after = stretches_at(LONG, (at, at + 2), "Бұл туралы ештеңе жазылмаған.", 4)
    assert (before, after) == (stretch_at(LONG, at, at + 2), "Бұл туралы ештеңе жазылмаған.")


def test_one_space_among_chinese_letters_is_not_the_only_place_to_cut() -> None:
    text = f"{'会' * 150} {'议' * 9}"
    assert tail(text, 100) == f"…{'会' * 90} {'议' * 9}"
    assert head(text[::-1], 100) == f"{'议' * 9} {'会' * 90}…"


def test_rows_that_were_not_cut_stay_as_they_are() -> None:
    whole = f"{'Сөз ' * 20}қате{' сөз' * 19}дер."
    for before, after in [(whole, whole.replace("қате", "қата")), ("", whole), ("қате", "қата")]:
        assert mended(before, after, "қате") == (before, after)
    assert mended("Мұнда", "Онда", "қате") == ("Мұнда", "Онда")

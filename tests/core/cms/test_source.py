"""A case's words in HTML source: exactly one place or nothing, and nothing else is touched."""

import pytest

from core.cms.source import Correction, Miss, Words, apply_edits, correct

BEFORE = "Қазір сөрелерде қырық мың том тұр, оның үштен бірі — "
AFTER = " арналған. Кез келген қаладағы кітапты алдыруға болады."
WORDS = Words("балаларга", BEFORE[-32:], AFTER[:32], "балаларға")


def written(source: str, words: Words = WORDS, *, shortcodes: bool = False) -> str | Miss:
    """The corrected source, having seen that it can be taken back."""
    made = correct(source, words, shortcodes=shortcodes)
    if isinstance(made, Miss):
        return made
    assert isinstance(made, Correction)
    assert apply_edits(made.corrected, made.inverse) == source
    return made.corrected


def words(exact: str, right: str, prefix: str = "", suffix: str = "") -> Words:
    return Words(exact, prefix, suffix, right)


@pytest.mark.parametrize(
    ("word", "corrected"),
    [
        ("балаларга", "балаларға"),
        ("балалар<b>га</b>", "балалар<b>ға</b>"),
        ("<i>балалар</i><b>г</b>а", "<i>балалар</i><b>ғ</b>а"),
        ("бала&shy;ларга", "бала&shy;ларға"),
        ("бала\u00adларга", "бала\u00adларға"),
        ("балалар&#1075;а", "балаларға"),
        ("балалар&#x433;&#1072;", "балаларғ&#1072;"),
        (
            '<a title="балаларга" href=/б>балаларга</a>',
            '<a title="балаларга" href=/б>балаларға</a>',
        ),
        ("балалар<!-- балаларга -->га", "балалар<!-- балаларга -->ға"),
        ("балалар<wbr>га", "балалар<wbr>ға"),
    ],
)
def test_a_letter_is_put_right_across_tags_and_entities(word: str, corrected: str) -> None:
    source = f"<p>{BEFORE}{word}{AFTER}</p>"
    assert written(source) == f"<p>{BEFORE}{corrected}{AFTER}</p>"


@pytest.mark.parametrize(
    "around",
    [
        BEFORE.replace(" — ", "&nbsp;&mdash; "),
        BEFORE.replace(" — ", " -- "),
        BEFORE.replace("оның үштен бірі", "<em>оның</em> үштен\n  <strong>бірі</strong>"),
        BEFORE.replace(" ", "\u00a0"),
    ],
)
def test_the_words_around_may_be_written_in_any_way(around: str) -> None:
    assert written(f"{around}балаларга{AFTER}") == f"{around}балаларға{AFTER}"


def test_letters_that_only_look_alike_are_different_letters() -> None:
    latin = words("Қазақстaн", "Қазақстан", "ел ", " мен көршілері туралы")
    source = "<p>ел Қазақстан мен көршілері туралы</p>"
    assert written(source, latin) is Miss.ALREADY_RIGHT
    assert written(source.replace("тан ", "тaн "), latin) == source


def test_of_two_places_that_fit_none_is_chosen() -> None:
    sentence = f"<p>{BEFORE}балаларга{AFTER}</p>"
    assert written(sentence * 2) is Miss.SEVERAL


def test_the_same_word_elsewhere_is_left_alone() -> None:
    other = "<p>Бұл сөз балаларга да, үлкендерге де айтылды.</p>"
    source = f"{other}<p>{BEFORE}балаларга{AFTER}</p>"
    assert written(source) == f"{other}<p>{BEFORE}балаларға{AFTER}</p>"


def test_what_is_right_already_is_not_corrected_twice() -> None:
    assert written(f"<p>{BEFORE}бала&shy;ларға{AFTER}</p>") is Miss.ALREADY_RIGHT


def test_a_correction_that_contains_the_error_is_not_made_twice() -> None:
    longer = words("алма", "алмалар", "бүгін таңертең ", " жеді деп еді")
    assert written("бүгін таңертең алмалар жеді деп еді", longer) is Miss.ALREADY_RIGHT


def test_the_words_in_other_surroundings_are_not_the_ones_meant() -> None:
    assert written("<p>Бұл балаларга ұнайды.</p>") is Miss.CONTEXT_CHANGED
    assert written("<p>Бұл жаңа мәтін.</p>") is Miss.NOT_FOUND


def test_a_word_inside_another_word_is_not_found() -> None:
    assert written("<p>шабалаларгаш</p>", words("балаларга", "балаларға")) is Miss.CONTEXT_CHANGED


def test_an_error_at_the_beginning_of_a_paragraph_is_found_whatever_the_page_shows_before() -> None:
    shown = words("Балаларга", "Балаларға", "Тағы оқыңыз: шахмат ", " арналған жаңа зал ашылды")
    source = "<p>Бірінші абзац.</p>\n<p>Балаларга арналған жаңа зал ашылды.</p>"
    assert written(source, shown) == source.replace("Балаларга", "Балаларға")


def test_a_quote_over_two_paragraphs_is_corrected_in_both() -> None:
    both = words("бірінши.\n\nЕкінши", "бірінші.\n\nЕкінші", "бұл ", " абзац осылай басталды")
    source = "<p>бұл бірінши.</p><p>Екінши абзац осылай басталды</p>"
    assert written(source, both) == source.replace("ши", "ші")


def test_paragraphs_are_never_joined() -> None:
    joined = words("бірінші.\n\nЕкінші", "бірінші. Екінші", "бұл ", " абзац осылай басталды")
    assert written("<p>бұл бірінші.</p><p>Екінші абзац осылай басталды</p>", joined) is Miss.MARKUP


@pytest.mark.parametrize(
    ("source", "exact", "right", "corrected"),
    [
        ("оқы <b>кітап</b> алды", "кітап", "кітап,", "оқы <b>кітап</b>, алды"),
        ("оқы <b>кітап</b> алды", "кітап", "көп кітап", "оқы көп <b>кітап</b> алды"),
        ("оқы <b>кітап</b> алды", "кітап", "кітапты", "оқы <b>кітапты</b> алды"),
        ("оқы <b>кітап</b> алды", "кітап", "", "оқы<b></b> алды"),
        ("оқы <b>кітапалды</b> алды", "кітапалды", "кітап алды", "оқы <b>кітап алды</b> алды"),
        ("оқы <b>кіт</b> ап алды", "кіт ап", "кітап", "оқы <b>кіт</b>ап алды"),
        ("оқы кітап&nbsp; алды", "кітап", "дәптер", "оқы дәптер&nbsp; алды"),
    ],
)
def test_what_comes_and_goes_stays_on_its_side_of_the_tags(
    source: str, exact: str, right: str, corrected: str
) -> None:
    assert written(source, words(exact, right, "оқы ", " алды")) == corrected


def test_a_space_that_is_all_there_is_to_correct_is_found_between_its_letters() -> None:
    glued = words("Қазақстанда", "Қазақстан да", "бұл ", " осылай істейді екен")
    source = "бұл Қаза&shy;қстанда осылай істейді екен"
    assert written(source, glued) == "бұл Қаза&shy;қстан да осылай істейді екен"
    assert written("бұл Қазақстан да осылай істейді екен", glued) is Miss.ALREADY_RIGHT


def test_a_plain_sign_in_the_correction_leaves_the_typographic_one() -> None:
    typed = words("“Дала үни” деді", '"Дала үні" деді', "", ", бірақ бармады")
    source = "<p>&ldquo;Дала&nbsp;үни” деді, бірақ бармады</p>"
    assert written(source, typed) == "<p>&ldquo;Дала&nbsp;үні” деді, бірақ бармады</p>"


def test_a_sign_that_is_all_there_is_to_correct_is_corrected() -> None:
    signs = words("“Дала үні”", "«Дала үні»", "", " деді")
    assert written('<p>"Дала үні" деді</p>', signs) == "<p>«Дала үні» деді</p>"
    space = words("5 км", "5\u00a0км", "шамамен ", " жерде тұрады")
    assert written("шамамен 5 км жерде тұрады", space) == "шамамен 5\u00a0км жерде тұрады"


def test_a_soft_hyphen_that_is_all_there_is_to_correct_is_taken_out() -> None:
    hyphen = words("бала\u00adлар", "балалар", "бұл ", " туралы әңгіме")
    assert written("бұл бала&shy;лар туралы әңгіме", hyphen) == "бұл балалар туралы әңгіме"


def test_blocks_of_gutenberg_stay_as_they_are() -> None:
    source = (
        '<!-- wp:paragraph {"className":"балаларга"} -->\n'
        f'<p class="балаларга">{BEFORE}<em>балалар</em>га{AFTER}</p>\n'
        '<!-- /wp:paragraph -->\n\n<!-- wp:image {"id":7,"alt":"балаларга"} /-->'
    )
    assert written(source, shortcodes=True) == source.replace("</em>га", "</em>ға")


def test_shortcodes_are_not_text_but_what_they_enclose_is() -> None:
    source = f'[caption id="7" alt="балаларга"]{BEFORE}балаларга[/caption]{AFTER}'
    assert written(source, shortcodes=True) == source.replace("балаларга[", "балаларға[")


def test_what_stands_inside_a_shortcode_is_never_written() -> None:
    source = f'[quote text="{BEFORE}балаларга{AFTER}"]'
    assert written(source, shortcodes=True) is Miss.NOT_FOUND


def test_brackets_that_are_text_are_corrected_as_text() -> None:
    sic = words("[sik]", "[sic]", "he wrote ", " in his own hand")
    source = "<p>he wrote [sik] in his own hand</p>"
    assert written(source, sic, shortcodes=True) == source.replace("[sik]", "[sic]")


def test_a_suggestion_brings_neither_tags_nor_shortcodes() -> None:
    evil = words("кітап", "<script>x</script> [gallery] & кітап", "оқы ", " алды")
    corrected = written("<b>оқы</b> кітап алды", evil, shortcodes=True)
    assert corrected == ("<b>оқы</b> &lt;script&gt;x&lt;/script&gt; &#91;gallery] &amp; кітап алды")


def test_what_no_reader_sees_is_not_searched() -> None:
    hidden = f"<script>var s = '{BEFORE}балаларга{AFTER}'</script><style>балаларга</style>"
    assert written(hidden) is Miss.NOT_FOUND
    source = f"{hidden}<p>{BEFORE}балаларга{AFTER}</p>"
    assert written(source) == f"{hidden}<p>{BEFORE}балаларға{AFTER}</p>"


def test_without_a_suggestion_there_is_nothing_to_write() -> None:
    assert correct("балаларга", Words("балаларга", "", "", None)) is Miss.NO_SUGGESTION


def test_a_letter_written_with_a_combining_mark_is_the_same_letter() -> None:
    composed = words("йогурд", "йогурт", "бүгін ", " сатып алды")
    assert written("бүгін йогурд сатып алды", composed) == "бүгін йогурт сатып алды"


def test_broken_markup_does_not_hang_or_raise() -> None:
    source = "<a href='" * 500 + f"{BEFORE}балаларга{AFTER}" + "<!-- " * 500
    assert written(source) in set(Miss) or "балаларға" in str(written(source))


@pytest.mark.parametrize("exact", ["мә\u00adле\u00adметі", "мәлеметі", "мәле\u00adметі"])
def test_a_soft_hyphen_stays_where_it_was(exact: str) -> None:
    wrong = words(exact, "мәліметі", "ресми ", " бойынша аудан орталығында")
    source = "<p>ресми мә&shy;ле&shy;меті бойынша аудан орталығында</p>"
    assert written(source, wrong) == source.replace("ле", "лі")


@pytest.mark.parametrize(
    ("source", "corrected"),
    [
        ("Бұл өте өте жақсы күн болды деп", "Бұл өте жақсы күн болды деп"),
        ("Бұл өте\nөте жақсы күн болды деп", "Бұл өте жақсы күн болды деп"),
        ("Бұл өте <b>өте</b> жақсы күн болды деп", "Бұл өте<b></b> жақсы күн болды деп"),
        ("Бұл өте&nbsp;өте жақсы күн болды деп", "Бұл өте жақсы күн болды деп"),
    ],
)
def test_a_word_that_goes_leaves_one_space(source: str, corrected: str) -> None:
    twice = words("өте", "", "Бұл өте ", " жақсы күн болды деп")
    assert written(f"<p>{source}</p>", twice) == f"<p>{corrected}</p>"


def test_a_word_that_goes_from_an_edge_leaves_no_space_there() -> None:
    first = words("Иә", "", "Бірінші сөйлем осы. ", " ол келді деп айтты")
    source = "<p>Бірінші сөйлем осы.</p>\n<p>Иә ол келді деп айтты</p>"
    assert written(source, first) == source.replace("Иә ", "")
    last = words("иә", "", "ол келді деп айтты ", ". Екінші сөйлем осы")
    source = "<p>ол келді деп айтты иә. Екінші сөйлем осы</p>"
    assert written(source, last) == source.replace(" иә", "")

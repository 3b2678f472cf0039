"""Is it fixed? Never `fixed` when in doubt."""

import pytest

from core.verdict import Reading, Verdict, judge

URL = "https://dala.example.kz/news/kitap"
OLD = """\
Қалада жаңа кітапхана ашылды
Қазір сөрелерде қырық мың том тұр, оның үштен бірі балаларга арналған.
Кез келген қаладағы кітапты алдыруға болады, ал оны кейін қайтару оңай.
Тұрғындар ашылу салтанатына ерте келді, олардың ішінде мектеп оқушылары көп болды.
Кітапхана күн сайын таңғы тоғыздан кешкі сегізге дейін жұмыс істейді.
Келесі айда оқу залы да ашылады, онда жүзге жуық орын болады деп күтіледі."""


def _judge(
    new: str,
    words: str = "балаларга",
    right: str | None = "балаларға",
    old: str = OLD,
    status: int = 200,
    final_url: str = URL,
) -> Verdict:
    start = old.index(words)
    reading = Reading(url=URL, final_url=final_url, http_status=status, text=new)
    return judge(old, (start, start + len(words)), reading, right)


@pytest.mark.parametrize("right", ["балаларға", None])
def test_the_right_word_in_the_place_of_the_wrong_one_is_fixed(right: str | None) -> None:
    verdict = _judge(OLD.replace("балаларга", "балаларға"), right=right)
    assert verdict.status == "fixed"
    assert "балаларга" in (verdict.before or "")
    assert "балаларға" in (verdict.after or "")


def test_an_editor_may_mend_it_otherwise_than_the_reader_said() -> None:
    assert _judge(OLD.replace("балаларга арналған", "кішкентайларға арналған")).status == "fixed"


@pytest.mark.parametrize("came", ["балалар&#1171;а", "балалар&amp;#1171;а", "балалар\ufffdа"])
def test_a_letter_that_came_out_as_a_code_is_no_correction(came: str) -> None:
    verdict = _judge(OLD.replace("балаларга", came))
    assert (verdict.status, verdict.reason) == ("unknown", "garbled")


def test_a_number_that_goes_on_is_not_another_one() -> None:
    old = OLD.replace("балаларга", "1995 жыл")
    verdict = _judge(old.replace("1995", "1995-2000"), "1995 жыл", "1985 жыл", old)
    assert (verdict.status, verdict.reason) == ("unknown", "words_stand")


def test_a_code_that_was_asked_for_is_one() -> None:
    old = OLD.replace("балаларга", "&nsbp;")
    new = OLD.replace("балаларга", "&nbsp;")
    assert _judge(new, "&nsbp;", "&nbsp;", old).status == "fixed"
    assert _judge(new, "nsbp", "&nbsp;", OLD.replace("балаларга", "nsbp")).status == "fixed"


@pytest.mark.parametrize(
    "new",
    [
        OLD,
        OLD.replace(" ", "\u00a0"),
        "Жаңа тақырып\n" + OLD,
        OLD.replace("оңай", "қиын"),
        OLD + "\nбалаларға",
        OLD.replace("үштен бірі", "төрттен бірі"),
    ],
)
def test_a_word_that_stands_as_it_stood_is_still_there(new: str) -> None:
    assert _judge(new).status == "still_there"


def test_the_same_wrong_word_elsewhere_says_nothing() -> None:
    old = OLD + "\nТағы да балаларга дәптер үлестірілді, мұғалімдер риза болды."
    assert _judge(old.replace("балаларга", "балаларға", 1), old=old).status == "fixed"
    assert _judge(old[: old.rindex("\n")] + "\n" + old[old.rindex("\n") :].strip().replace(
        "балаларга", "балаларға"), old=old).status == "still_there"  # fmt: skip


def test_a_comment_that_quotes_the_error_says_nothing() -> None:
    new = OLD.replace("балаларга", "балаларға") + "\nҚате бар: «балаларга» емес, «балаларға»!"
    assert _judge(new).status == "fixed"


@pytest.mark.parametrize(
    ("old_words", "words", "right", "new_words"),
    [
        ("болады деп", "болады деп", "болады, деп", "болады, деп"),
        ("оқу залы", "залы", "оқырман залы", "оқу оқырман залы"),
        ("жүзге жуық", "жүзге", None, "елуге жуық"),
        ("күн сайын", "күн", "күнде", "күнде сайын"),
        ("Тұрғындар", "Тұрғындар", "тұрғындар", "тұрғындар"),
    ],
)
def test_insertions_and_small_changes_count(
    old_words: str, words: str, right: str | None, new_words: str
) -> None:
    assert _judge(OLD.replace(old_words, new_words), words, right).status == "fixed"
    assert _judge(OLD, words, right).status == "still_there"


def test_a_word_written_twice_is_fixed_when_one_goes() -> None:
    old = OLD.replace("оқу залы да", "оқу залы залы да")
    assert _judge(OLD, "залы", "", old=old).status == "fixed"


def test_what_is_only_added_at_an_end_is_not_believed() -> None:
    headline = "Қалада жаңа кітапхана ашылды"
    verdict = _judge(OLD.replace(headline, headline + " →"), "ашылды", None)
    assert (verdict.status, verdict.reason) == ("unknown", "added_at_end")


def test_a_sentence_written_anew_is_rewritten() -> None:
    new = OLD.replace(
        "Қазір сөрелерде қырық мың том тұр, оның үштен бірі балаларга арналған.",
        "Жаңа ғимаратта кітаптардан бөлек, компьютерлер мен шағын дәмхана да бар.",
    )
    assert _judge(new).status == "rewritten"


def test_a_paragraph_that_is_gone_is_rewritten() -> None:
    lines = OLD.split("\n")
    assert _judge("\n".join(lines[:1] + lines[2:])).status == "rewritten"


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_says_it_is_gone_is_gone(status: int) -> None:
    assert _judge("Бет табылмады", status=status).status == "page_gone"


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_an_error_of_the_server_says_nothing(status: int) -> None:
    assert _judge(OLD, status=status).status == "unknown"


def test_an_empty_page_says_nothing() -> None:
    assert _judge(" \n").status == "unknown"


def test_a_page_of_regret_with_status_200_is_gone() -> None:
    assert _judge("Кешіріңіз\nБұл бет табылмады\nБасты бетке өтіңіз").status == "page_gone"


def test_a_redirect_to_the_home_page_is_gone() -> None:
    home = "Басты жаңалықтар\n" + "\n".join(f"Жаңалық {number}: ауа райы" for number in range(20))
    assert _judge(home, final_url="https://dala.example.kz/").status == "page_gone"


def test_a_redirect_to_the_same_article_is_not() -> None:
    new = OLD.replace("балаларга", "балаларға")
    assert _judge(new, final_url="https://dala.example.kz/kk/kitap").status == "fixed"


@pytest.mark.parametrize(
    ("new", "status"),
    [
        (OLD, "still_there"),
        (OLD.replace("балаларга", "балаларға"), "fixed"),
        ("Мүлде басқа мәтін тұр осы бетте, ескісінен ештеңе жоқ.", "rewritten"),
    ],
)
def test_without_the_old_page_the_quote_with_its_context_is_enough(new: str, status: str) -> None:
    fragment = "мың том тұр, оның үштен бірі балаларга арналған.\nКез келген"
    assert _judge(new, old=fragment).status == status


@pytest.mark.parametrize(
    "there",
    [
        "балаларга Жарнама арналған",
        "БАЛАЛАРГА арналған",
    ],
)
def test_a_wrong_word_that_still_stands_is_not_fixed_by_what_changes_beside_it(there: str) -> None:
    assert _judge(OLD.replace("балаларга арналған", there)).status != "fixed"


def test_a_wrong_word_that_was_moved_in_its_sentence_is_not_fixed() -> None:
    moved = OLD.replace("оның үштен бірі балаларга", "балаларга оның үштен бірі")
    assert _judge(moved).status != "fixed"


def test_a_capital_is_fixed_where_a_capital_was_asked_for() -> None:
    old = OLD.replace("Кітапхана күн", "кітапхана күн")
    assert _judge(OLD, "кітапхана күн", "Кітапхана күн", old).status == "fixed"


@pytest.mark.parametrize("gap", ["\n", "  ", "\u00a0 "])
@pytest.mark.parametrize("right", ["болады, ал", "болады деп, ал"])
def test_other_white_space_fills_no_gap(gap: str, right: str) -> None:
    old = OLD.replace("болады, ал", "болады ал")
    new = old.replace("болады ал", f"болады{gap}ал")
    assert _judge(new, "болады ал", right, old).status == "still_there"
    assert _judge(OLD, "болады ал", right, old).status == "fixed"


def test_words_written_together_are_fixed_by_a_space_whatever_was_suggested() -> None:
    old = OLD.replace("оқу залы", "оқузалы")
    assert _judge(OLD, "оқузалы", "оқу зал", old).status == "fixed"

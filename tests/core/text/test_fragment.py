"""Links that open a page at the words in question."""

from urllib.parse import unquote

from core.text.fragment import at_place

URL = "https://dala.example.kz/news"


def _words(address: str) -> str:
    return unquote(address.partition(":~:text=")[2])


def test_the_words_are_told_from_the_same_words_elsewhere() -> None:
    address = at_place(URL, "балаларга", "бұл оның үштен бірі — ", " арналған. Кез келген")
    assert address.startswith(f"{URL}#:~:text=")
    assert _words(address) == "оның үштен бірі —-,балаларга,-арналған. Кез"


def test_signs_with_a_meaning_in_the_fragment_are_encoded() -> None:
    encoded = at_place(URL, "бес-он, алты & жеті", "", "").partition(":~:text=")[2]
    assert not {"-", ",", "&", " "} & set(encoded)


def test_words_that_a_context_may_have_cut_are_left_out() -> None:
    assert _words(at_place(URL, "сөз", "кесілген ", " кесілг")) == "сөз"


def test_a_quote_within_a_word_has_no_context() -> None:
    assert _words(at_place(URL, "алалар", "мұнда б", "га арналған")) == "алалар"


def test_a_long_quote_is_told_by_its_ends() -> None:
    exact = " ".join(f"сөз{number}" for number in range(60))
    assert _words(at_place(URL, exact, "", "")) == "сөз0 сөз1 сөз2,сөз57 сөз58 сөз59"


def test_a_page_keeps_its_own_fragment() -> None:
    assert at_place(f"{URL}#top", "сөз", "", "").startswith(f"{URL}#top:~:text=")


def test_nothing_to_show_leads_to_the_page() -> None:
    assert at_place(URL, "", "a ", " b") == URL

"""Sentences longer than what is kept of them: both sides are one stretch, and no more is marked."""

import re
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Prefix

from core.clock import utcnow
from core.livepage import Sentence, sentence_on
from core.models import Case, Verification
from core.readings import Reading
from core.text.words import words
from core.verification.judging import Judgement, Seen, Words, judge_reading

URL = "https://dala.example.kz/long"
LEAD = "Ауыл тұрғындары бұл шешімді көптен күткен еді.\n"
REST = "\nКелесі отырыс бейсенбіде өтеді, оған жұртшылық өкілдері де шақырылды."
_STEMS = (
    "ауыл су жол мектеп егін қаржы әкім штаб дала жоспар мән үкім тұқым жөн өңір ғылым ірі".split()
)
_ENDINGS = ["", "дың", "ға", "лар", "ларына", "мен", "дағы", "ын", "шылық", "шылықтарын"]
_CHINESE = (
    "市政府今天上午召开会议研究部署春季农业生产工作要"
    "求各地区加强水利设施建设确保粮食安全提高人民生活水平"
)


@dataclass(frozen=True, slots=True)
class Corrected:
    """A word at a place of an old text, what stands there in the new one, and both texts."""

    old: str
    new: str
    at: int
    wrong: str
    right: str

    @property
    def beside(self) -> tuple[str, str]:
        """What a reader's report says of the text before and after the words."""
        end = self.at + len(self.wrong)
        return self.old[max(0, self.at - 64) : self.at], self.old[end : end + 64]

    def judged(self) -> Judgement:
        words_of_case = Words(self.wrong, *self.beside, self.right)
        seen = Seen(self.old, (self.at, self.at + len(self.wrong)))
        reading = Reading(1, utcnow(), status=200, final_url=URL)
        return judge_reading(words_of_case, seen, reading, URL, self.new)

    def shown(self, before: str | None = None, after: str | None = None) -> Sentence:
        """What the panel shows of a judgement, or of these two as an older version kept them."""
        said = self.judged()
        prefix, suffix = self.beside
        case = Case(exact=self.wrong, prefix=prefix, suffix=suffix, suggestion=self.right)
        run = Verification(verdict=said.verdict, before=said.before, after=said.after)
        if before is not None:
            run.before, run.after = before, after
        sentence = sentence_on(case, run)
        assert sentence is not None
        return sentence

    def kept_of_old(self) -> tuple[str, str]:
        """The same as versions before this one kept it: in half words, each at its own place."""
        end, place = self.at + len(self.wrong), self.at + _same_letters(self.wrong, self.right)
        return (
            self.old[max(0, self.at - 80) : end + 80].strip(),
            self.new[max(0, place - 80) : place + 80].strip(),
        )


def _same_letters(one: str, other: str) -> int:
    return Prefix.similarity(one, other)


def _corrected(sentence: str, at: int, wrong: str, right: str, lead: str, rest: str) -> Corrected:
    assert sentence.startswith(wrong, at)
    other = sentence[:at] + right + sentence[at + len(wrong) :]
    return Corrected(lead + sentence + rest, lead + other + rest, at + len(lead), wrong, right)


def _said(chance: Random) -> str:
    said = [chance.choice(_STEMS) + chance.choice(_ENDINGS) for _ in range(chance.randint(70, 160))]
    signs = [chance.choice([" ", " ", " ", " ", ", ", " – ", "-"]) for _ in said[1:]]
    return "".join(map("".join, zip(said, [*signs, "."], strict=True))).capitalize()


def _mistyped(chance: Random, word: str) -> str:
    at = chance.randrange(len(word))
    letter = chance.choice([each for each in "бгзйфцщ" if each != word[at]])
    kinds = [word[:at] + letter + word[at + 1 :], word[:at] + letter + word[at:]]
    return chance.choice(kinds + [word[:at] + word[at + 1 :]] * (len(word) > 3))


def _any_correction(seed: int) -> Corrected:
    chance = Random(seed)
    sentence = _said(chance)
    start, end = chance.choice(words(sentence))
    wrong = sentence[start:end]
    right = chance.choice([_mistyped(chance, wrong), chance.choice(["бәрі", "төртіншісі"])])
    lead, rest = chance.choice([LEAD, ""]), chance.choice([REST, ""])
    return _corrected(sentence, start, wrong, right, lead, rest)


def _assert_marked_alone(sentence: Sentence, case: Corrected) -> None:
    """What is shown is a stretch of the new text, cut between words; no more than the word is
    marked."""
    before, after = sentence.before.lstrip("…"), sentence.after.rstrip("…")
    changed = "".join(piece.text for piece in sentence.pieces)
    low = next(
        at.start()
        for at in re.finditer(re.escape(before + changed + after), case.new)
        if at.start() <= case.at <= at.start() + len(before + changed)
    )
    high = low + len(before + changed + after)
    edges = {edge for span in words(case.new) for edge in span}
    for end, cut in ((low, sentence.before.startswith("…")), (high, sentence.after.endswith("…"))):
        at_an_end = not case.new[:end].rpartition("\n")[2] or not case.new[end:].split("\n")[0]
        assert (end in edges) if cut else at_an_end
    at = low + len(before)
    for piece in sentence.pieces:
        is_within = case.at <= at and at + len(piece.text) <= case.at + len(case.right)
        assert piece.kind == "same" or is_within
        at += len(piece.text)
    assert any(piece.kind == "ins" for piece in sentence.pieces)


@given(st.integers(0, 10**9).map(_any_correction))
def test_of_a_long_sentence_only_the_corrected_word_is_marked(case: Corrected) -> None:
    said = case.judged()
    assert said.before is not None
    assert said.after is not None
    assert said.after in {
        said.before[: at.start()] + case.right + said.before[at.end() :]
        for at in re.finditer(re.escape(case.wrong), said.before)
    }
    _assert_marked_alone(case.shown(), case)


@given(st.integers(0, 10**9).map(_any_correction))
def test_a_row_of_an_earlier_version_marks_no_half_word(case: Corrected) -> None:
    sentence = case.shown(*case.kept_of_old())
    _assert_marked_alone(sentence, case)


LONG = (
    "Облыс әкімі бүгінгі жиында көктемгі дала жұмыстарына дайындықты күшейтуді тапсырып, тұқым "
    "мен отын қорын толықтыру, техниканы жөндеу және шаруаларға жеңілдетілген несие беру "
    "мәселелерін жеке бақылауына алғанын айтты, сондай-ақ су тасқынына қарсы шаралардың барысын "
    "тыңдап, жауапты минстрліктерге елді мекендерді қорғау үшін қосымша қаржы бөлу жөнінде "
    "ұсыныс енгізуді, ал аудан басшыларына халықты уақытында хабардар етуді және тәулік бойы "
    "жұмыс істеуді жүктеді."
)
MANY_HANS = "，".join(_CHINESE[n:] + _CHINESE[:n] for n in range(0, 36, 3)) + "。"


def _marked(sentence: Sentence) -> list[str]:
    return [piece.text for piece in sentence.pieces if piece.kind == "ins"]


@pytest.mark.parametrize("old_row", [False, True])
@pytest.mark.parametrize(
    ("sentence", "wrong", "right", "marked"),
    [
        (LONG, "минстрліктерге", "министрліктерге", ["и"]),
        (LONG, "Облыс", "Облыыс", ["ы"]),
        (LONG, "жүктеді", "жүктедіі", ["і"]),
        (LONG, "минстрліктерге", "мекемелерге", ["мекемелерге"]),
        (LONG, "минстрліктерге", "минестрлектерге", ["е", "е"]),
        (MANY_HANS, "粮", "量", ["量"]),
        (MANY_HANS, "市", "是", ["是"]),
        ("Ұзын " * 100 + "мүмкiн " + "ұзын " * 100, "мүмкiн", "мүмкін", ["і"]),
    ],
)
@pytest.mark.parametrize(("lead", "rest"), [(LEAD, REST), ("", "")])
def test_the_letters_that_came_are_marked(
    sentence: str, wrong: str, right: str, marked: list[str], lead: str, rest: str, old_row: bool
) -> None:
    case = _corrected(sentence.strip(), sentence.index(wrong), wrong, right, lead, rest)
    shown = case.shown(*case.kept_of_old() if old_row else ())
    assert _marked(shown) == marked
    _assert_marked_alone(shown, case)


def test_what_else_changed_is_marked_too_and_nothing_beside_it() -> None:
    wrong, right = "минстрліктерге", "министрліктерге"
    case = _corrected(LONG, LONG.index(wrong), wrong, right, LEAD, REST)
    both = Corrected(case.old, case.new.replace("қаржы", "қаражат"), case.at, wrong, right)
    far = Corrected(case.old, case.new.replace("Облыс әкімі", "Әкім"), case.at, wrong, right)
    assert _marked(both.shown()) == ["и", "қаражат"]
    assert _marked(both.shown(*both.kept_of_old())) == ["и", "қаражат"]
    assert _marked(far.shown()) == ["и"]
    assert far.shown().text.startswith("…")


def test_a_sentence_that_was_cut_in_two_shows_what_both_texts_have() -> None:
    wrong, right = "минстрліктерге", "министрліктерге"
    case = _corrected(LONG, LONG.index(wrong), wrong, right, LEAD, REST)
    new = case.new.replace("айтты, сондай-ақ", "айтты. Сондай-ақ")
    shown = Corrected(case.old, new, case.at, wrong, right).shown()
    assert "и" in _marked(shown)
    assert shown.text.strip("…") in new


def test_an_ordinary_sentence_is_kept_as_it_is() -> None:
    short = "Бұл күні ауылда мерекелік жиын өтіп, оған көршілес аудандардан қонақтар кеелді."
    case = _corrected(short, short.index("кеелді"), "кеелді", "келді", LEAD, REST)
    said = case.judged()
    assert (said.before, said.after) == (short, short.replace("кеелді", "келді"))
    assert case.shown().text == said.after


def test_of_a_sentence_that_stands_as_it_stood_no_half_word_is_shown() -> None:
    wrong = "минстрліктерге"
    case = _corrected(LONG, LONG.index(wrong), wrong, wrong, LEAD, REST)
    half = case.kept_of_old()[0]
    run = Verification(verdict="still_there", before=half, after=half)
    shown = sentence_on(Case(exact=wrong, prefix="", suffix="", suggestion="министр"), run)
    assert shown is not None
    text = shown.text.strip("…")
    assert re.search(rf"(?<!\w){re.escape(text)}(?!\w)", LONG)
    assert (shown.text[0], shown.text[-1]) == ("…", "…")

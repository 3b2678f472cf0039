"""The house dictionary: words and names as a newsroom spells them. It helps, it never decides."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session

from core.errors import FieldError, Invalid
from core.models import Case, HouseWord
from core.text.fold import fold_text
from core.text.words import words

MOST_LINES = 20_000
LONGEST = 100  # characters of a word or name
_ARROW = "->"
_MOST_WORDS = 8  # of a case's words that are looked up one by one


@dataclass(frozen=True)
class Entry:
    """One line: how the house spells it, and a form (or none) that the house puts right by it."""

    right: str
    wrong: str | None = None

    def __str__(self) -> str:
        return self.right if self.wrong is None else f"{self.wrong} {_ARROW} {self.right}"


@dataclass(frozen=True)
class HouseView:
    """What the dictionary says of a case.

    `has`: the reported word stands in it as it is. `agrees`: the suggestion is what it has.
    `otherwise`: it puts the reported word right by another word than the suggestion. `word` is
    the one that stands in the dictionary.
    """

    verdict: str
    word: str


def read_lines(text: str) -> list[Entry]:
    """A dictionary as people write it: a word or name on a line, or `wrong -> right`.

    Empty lines, and lines that begin with `#`, say nothing; a line that is there twice counts once.
    Raises Invalid with the first lines that are wrong (field `line.N`, from 1) or `lines`.
    """
    entries: dict[Entry, None] = {}
    faults: list[FieldError] = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            entries[_entry(line)] = None
        except ValueError as fault:
            faults.append(FieldError(f"line.{number}", str(fault)))
    if len(entries) > MOST_LINES:
        faults.insert(0, FieldError("lines", f"must be at most {MOST_LINES}"))
    if faults:
        raise Invalid(*faults[:10])
    return list(entries)


def set_words(session: Session, site_id: int, entries: Sequence[Entry]) -> bool:
    """Make these the site's dictionary; whether that changes anything."""
    if words_of(session, site_id) == list(entries):
        return False
    session.execute(delete(HouseWord).where(HouseWord.site_id == site_id))
    _insert(session, site_id, entries)
    return True


def add_words(session: Session, site_id: int, entries: Sequence[Entry]) -> int:
    """Put what is new at the end; how many that are. Raises Invalid if it grows too long."""
    there = words_of(session, site_id)
    known = set(there)
    new = [entry for entry in entries if entry not in known]
    if len(there) + len(new) > MOST_LINES:
        raise Invalid(FieldError("lines", f"must be at most {MOST_LINES}"))
    _insert(session, site_id, new)
    return len(new)


def words_of(session: Session, site_id: int) -> list[Entry]:
    """The site's dictionary as it was written."""
    query = select(HouseWord.right, HouseWord.wrong).where(HouseWord.site_id == site_id)
    return [Entry(right, wrong) for right, wrong in session.execute(query.order_by(HouseWord.id))]


def count_words(session: Session, site_id: int) -> int:
    """How many lines the site's dictionary has."""
    query = select(func.count()).select_from(HouseWord).where(HouseWord.site_id == site_id)
    return session.scalar(query) or 0


@dataclass(frozen=True)
class Question:
    """A case as the dictionary is asked about it."""

    site_id: int
    exact: str
    suggestion: str

    @classmethod
    def of(cls, case: Case) -> Self:
        """The question about a case; without a suggestion nothing would change."""
        suggestion = case.exact if case.suggestion is None else case.suggestion
        return cls(case.site_id, case.exact, suggestion)


def ask(session: Session, questions: Sequence[Question]) -> list[HouseView | None]:
    """What the dictionaries of their sites say of cases, in one look for all of them.

    Only words that the suggestion changes are looked for: the whole, and each word by itself. An
    index answers; how long a dictionary is does not matter.
    """
    site_ids = {question.site_id for question in questions}
    kept = select(HouseWord.id).where(HouseWord.site_id.in_(site_ids))
    if session.scalar(kept.limit(1)) is None:
        return [None] * len(questions)
    pairs = [_changed(question.exact, question.suggestion) for question in questions]
    keys = {word: fold_text(word) for word in {w for pair in pairs for side in pair for w in side}}
    found = _found(session, site_ids, set(keys.values()))
    return [
        _view(
            question.suggestion,
            *pair,
            [
                entry
                for side in pair
                for word in side
                for entry in found.get((question.site_id, keys[word]), [])
            ],
        )
        for question, pair in zip(questions, pairs, strict=True)
    ]


def _found(
    session: Session, site_ids: set[int], keys: set[str]
) -> dict[tuple[int, str], list[Entry]]:
    """The lines of these sites that speak of these folded words, by site and word."""
    found: dict[tuple[int, str], list[Entry]] = {}
    columns = (HouseWord.site_id, HouseWord.right, HouseWord.wrong)
    query = select(*columns, HouseWord.right_key, HouseWord.wrong_key).where(
        HouseWord.site_id.in_(site_ids),
        or_(HouseWord.right_key.in_(keys), HouseWord.wrong_key.in_(keys)),
    )
    for site_id, right, wrong, *folded in session.execute(query):
        for key in {key for key in folded if key is not None}:
            found.setdefault((site_id, key), []).append(Entry(right, wrong))
    return found


def _changed(exact: str, suggestion: str) -> tuple[list[str], list[str]]:
    """What goes and what comes: the texts as wholes, and the words that only one of them has."""
    texts = [" ".join(unicodedata.normalize("NFC", text).split()) for text in (exact, suggestion)]
    if texts[0] == texts[1]:
        return [], []
    split = [[text[start:end] for start, end in words(text)] for text in texts]
    only = [
        [word for word in own if word not in other][:_MOST_WORDS]
        for own, other in (split, reversed(split))
    ]
    goes, comes = (
        list(dict.fromkeys(filter(None, [text, *own])))
        for text, own in zip(texts, only, strict=True)
    )
    return goes, comes


def _view(
    suggestion: str, goes: list[str], comes: list[str], entries: Iterable[Entry]
) -> HouseView | None:
    known = list(entries)
    for entry in known:
        if entry.wrong is not None and any(_is(word, entry.wrong) for word in goes):
            agrees = any(_is(word, entry.right) for word in comes) or entry.right in suggestion
            return HouseView("agrees" if agrees else "otherwise", entry.right)
    for verdict, side in (("has", goes), ("agrees", comes)):
        for word in side:
            if any(_is(word, entry.right) for entry in known):
                return HouseView(verdict, word)
    return None


def _is(word: str, kept: str) -> bool:
    """Letter by letter the same; a word of small letters may begin a sentence."""
    return word == kept or (word[:1].isupper() and word[:1].lower() + word[1:] == kept)


def _entry(line: str) -> Entry:
    parts = [" ".join(part.split()) for part in line.replace("→", _ARROW).split(_ARROW)]
    texts = [unicodedata.normalize("NFC", part) for part in parts]
    if len(texts) > 2 or not all(texts):
        raise ValueError(f"must be a word, or a wrong form {_ARROW} the right one")
    if any(len(text) > LONGEST or not text.isprintable() for text in texts):
        raise ValueError(f"must have at most {LONGEST} printable characters")
    if not all(any(char.isalnum() for char in text) for text in texts):
        raise ValueError("must have a letter or a digit")
    if len(texts) == 2 and texts[0] == texts[1]:
        raise ValueError("must not be wrong and right at once")
    return Entry(texts[-1], texts[0] if len(texts) == 2 else None)


def _insert(session: Session, site_id: int, entries: Sequence[Entry]) -> None:
    rows = [_row(site_id, entry) for entry in entries]
    if rows:
        session.connection().execute(insert(HouseWord), rows)


def _row(site_id: int, entry: Entry) -> dict[str, object]:
    return {
        "site_id": site_id,
        "right": entry.right,
        "wrong": entry.wrong,
        "right_key": fold_text(entry.right),
        "wrong_key": None if entry.wrong is None else fold_text(entry.wrong),
    }

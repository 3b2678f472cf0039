"""Search over the words of cases: quotes, suggestions, readers' comments, titles of pages.

The table `case_words` is kept by triggers of the database (migration 0004 and the docstring there).
PostgreSQL looks for words that begin so and, where it finds none, for what stands anywhere inside
them; SQLite looks inside words at once. All words of a search have to be there, in any order.
"""

import unicodedata
from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement, and_, column, func, literal, or_, select, table, true
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session

from core.models import Case

MOST_HITS = 1_000  # beyond, a word is so common that walking the list finds it soon enough
_SHORTEST_GRAM = 3  # what SQLite's index of trigrams can look for
_Condition = Callable[[str], ColumnElement[bool]]
_WORDS = table("case_words", column("case_id"), column("rowid"), column("words"), column("lexemes"))


def mentions(session: Session, text: str) -> ColumnElement[bool]:
    """Whether a case's words have these in them.

    A rare word is looked up once. A common one is asked for row by row while the list is walked in
    its order, which stops at the end of the page: either way the work does not grow with the table.
    """
    ids, condition = _probed(session, text)
    return condition if len(ids) > MOST_HITS else Case.id.in_(ids)


def sampled(session: Session, text: str) -> list[int]:
    """At most MOST_HITS + 1 of the cases that mention a text, in no order."""
    return _probed(session, text)[0]


def is_common(session: Session, text: str) -> bool:
    """Whether more cases mention a text than are counted one by one."""
    return bool(text) and len(sampled(session, text)) > MOST_HITS


def _probed(session: Session, text: str) -> tuple[list[int], ColumnElement[bool]]:
    """The first hits, and the condition by which a row is asked alone."""
    for hit, key in _ways(session.get_bind().dialect.name, folded(text)):
        ids = list(session.scalars(select(key).where(hit).limit(MOST_HITS + 1)))
        if ids:
            alone = select(literal(True)).where(key == Case.id, hit).correlate(Case)
            return ids, func.coalesce(alone.scalar_subquery(), literal(False))
    return [], literal(False)


def _ways(dialect: str, text: str) -> list[tuple[ColumnElement[bool], ColumnElement[int]]]:
    """Conditions to try one after the other, each with the column of the case's id."""
    terms = text.split()
    if dialect != "postgresql":
        inside = and_(true(), *(_inside(term) for term in terms))
        grams = [term for term in terms if len(term) >= _SHORTEST_GRAM]
        short = and_(true(), *(_inside(term) for term in terms if term not in grams))
        hit = and_(_matches(grams), short) if grams else inside
        return [(hit, _WORDS.c.rowid)]
    wanted = func.to_tsquery("simple", _beginnings(terms), type_=TSQUERY)
    lexemes: ColumnElement[bool] = _WORDS.c.lexemes.cast(TSVECTOR).bool_op("@@")(wanted)
    inside = and_(true(), *(_inside(term, _in_ascii) for term in terms))
    return [(lexemes, _WORDS.c.case_id), (inside, _WORDS.c.case_id)]


def _beginnings(terms: Sequence[str]) -> str:
    quoted = (term.replace("\\", " ").replace("'", "''") for term in terms)
    return " & ".join(f"'{term}':*" for term in quoted if term.strip())


def _matches(grams: Sequence[str]) -> ColumnElement[bool]:
    quoted = " ".join('"{}"'.format(gram.replace('"', '""')) for gram in grams)
    return _WORDS.c.words.bool_op("MATCH")(quoted)


def _inside(term: str, *indexed: _Condition) -> ColumnElement[bool]:
    """Whether a term stands in the words, and what an index says of it. Letters outside ASCII are
    compared as they are by SQLite, and by PostgreSQL in the locale C."""
    escaped = term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    forms = dict.fromkeys((escaped, escaped.upper(), escaped.capitalize()))
    ways = (*indexed, _as_it_is)
    return or_(*(and_(*(way(f"%{form}%") for way in ways)) for form in forms))


def _as_it_is(pattern: str) -> ColumnElement[bool]:
    return _WORDS.c.words.like(pattern, escape="\\")


def _in_ascii(pattern: str) -> ColumnElement[bool]:
    """The same of stand-ins for the letters: these the index knows in every locale (m0014)."""
    words, wanted = func.tuzet_in_ascii(_WORDS.c.words), func.tuzet_in_ascii(pattern)
    return words.like(wanted)


def folded(text: str) -> str:
    """A search as the kept words are: composed, in small letters, without what cannot be seen."""
    composed = unicodedata.normalize("NFC", text).lower()
    return "".join(char for char in composed if unicodedata.category(char) not in {"Cf", "Cc"})

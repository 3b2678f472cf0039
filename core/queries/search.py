"""Search over the words of cases: quotes, suggestions, readers' comments, titles of pages.

The table `case_words` is kept by triggers of the database (migration 0004 and the docstring there).
PostgreSQL looks for words that begin so and for what stands anywhere inside them; of a search of
fewer than three letters, which no index knows inside words, it looks inside only where nothing
begins so. SQLite looks inside words at once. All words of a search have to be there, in any order.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, column, func, literal, or_, select, table, true
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session

from core.models import Case

MOST_HITS = 1_000  # beyond, a word is so common that walking the list finds it soon enough
_SHORTEST_GRAM = 3  # what SQLite's index of trigrams can look for
SiteIds = frozenset[int] | None  # None: every site
_Clause = ColumnElement[bool]
_Condition = Callable[[str], _Clause]
_WORDS = table(
    "case_words",
    *(column(name) for name in ("case_id", "rowid", "words", "lexemes", "stand_ins")),
)


def mentions(session: Session, text: str, site_ids: SiteIds, narrowed: bool) -> _Clause:
    """Whether a case's words have these in them.

    A rare word is looked up once. A common one is asked for row by row while the list is walked in
    its order, which stops at the end of the page: either way the work does not grow with the table.
    In a list that is narrowed by something else, the walk could find the two nowhere together; all
    hits are looked up there. What other sites have decides nothing here.
    """
    found = _probed(session, text, site_ids)
    if not found.common:
        return Case.id.in_(found.first)
    return Case.id.in_(found.all_hits) if narrowed else found.of_a_row


def sampled(session: Session, text: str, site_ids: SiteIds) -> list[int]:
    """At most MOST_HITS + 1 of these sites' cases that mention a text, in no order."""
    return _probed(session, text, site_ids).first


def is_common(session: Session, text: str, site_ids: SiteIds = None) -> bool:
    """Whether more of these sites' cases mention a text than are counted one by one."""
    return bool(text) and _probed(session, text, site_ids).common


@dataclass(frozen=True)
class _Probe:
    """The first cases that have the words, how all of them are found, and how one row is asked."""

    first: list[int]
    all_hits: Select[int]
    of_a_row: _Clause

    @property
    def common(self) -> bool:
        return len(self.first) > MOST_HITS


def _probed(session: Session, text: str, site_ids: SiteIds) -> _Probe:
    """What a search finds; looked up once a session, for a page lists, counts and says whether it
    has counted all."""
    kept: dict[tuple[str, SiteIds], _Probe] = session.info.setdefault("searched", {})
    if (text, site_ids) not in kept:
        kept[text, site_ids] = _probe(session, folded(text).split(), site_ids)
    return kept[text, site_ids]


def _probe(session: Session, terms: Sequence[str], site_ids: SiteIds) -> _Probe:
    dialect = session.get_bind().dialect.name
    key = _WORDS.c.case_id if dialect == "postgresql" else _WORDS.c.rowid
    indexed = any(len(term) >= _SHORTEST_GRAM for term in terms)
    ids, hits, asked = dict[int, None](), list[_Clause](), list[_Clause]()
    for hit, of_a_row in _ways(dialect, terms):
        if ids and not indexed:
            break
        hits.append(hit)
        asked.append(of_a_row)
        if len(ids) <= MOST_HITS:
            ids |= dict.fromkeys(session.scalars(_first_hits(hit, key, site_ids)))
    alone = select(literal(True)).where(key == Case.id, or_(*asked)).correlate(Case)
    return _Probe(
        first=list(ids)[: MOST_HITS + 1],
        all_hits=select(key).where(or_(*hits)),
        of_a_row=func.coalesce(alone.scalar_subquery(), literal(False)),
    )


def _first_hits(hit: _Clause, key: ColumnElement[int], site_ids: SiteIds) -> Select[int]:
    found = select(key).where(hit).limit(MOST_HITS + 1)
    if site_ids is None:
        return found
    return found.join(Case, Case.id == key).where(Case.site_id.in_(site_ids))


def _ways(dialect: str, terms: Sequence[str]) -> list[tuple[_Clause, _Clause]]:
    """Conditions of which one has to hold: as an index is asked, and as a row is asked alone."""
    inside = and_(true(), *(_inside(term) for term in terms))
    if dialect != "postgresql":
        grams = [term for term in terms if len(term) >= _SHORTEST_GRAM]
        short = and_(true(), *(_inside(term) for term in terms if term not in grams))
        hit = and_(_matches(grams), short) if grams else inside
        return [(hit, hit)]
    wanted = func.to_tsquery("simple", _beginnings(terms), type_=TSQUERY)
    lexemes: _Clause = _WORDS.c.lexemes.cast(TSVECTOR).bool_op("@@")(wanted)
    indexed = and_(true(), *(_inside(term, _in_ascii) for term in terms))
    return [(lexemes, lexemes), (indexed, inside)]


def _beginnings(terms: Sequence[str]) -> str:
    quoted = (term.replace("\\", " ").replace("'", "''") for term in terms)
    return " & ".join(f"'{term}':*" for term in quoted if term.strip())


def _matches(grams: Sequence[str]) -> _Clause:
    quoted = " ".join('"{}"'.format(gram.replace('"', '""')) for gram in grams)
    return _WORDS.c.words.bool_op("MATCH")(quoted)


def _inside(term: str, *indexed: _Condition) -> _Clause:
    """Whether a term stands in the words, and what an index says of it. Letters outside ASCII are
    compared as they are by SQLite, and by PostgreSQL in the locale C."""
    escaped = term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    forms = dict.fromkeys((escaped, escaped.upper(), escaped.capitalize()))
    ways = (*indexed, _as_it_is)
    return or_(*(and_(*(way(f"%{form}%") for way in ways)) for form in forms))


def _as_it_is(pattern: str) -> _Clause:
    return _WORDS.c.words.like(pattern, escape="\\")


def _in_ascii(pattern: str) -> _Clause:
    """The same of stand-ins for the letters: these the index knows in every locale (m0022)."""
    return _WORDS.c.stand_ins.like(func.tuzet_in_ascii(pattern))


def folded(text: str) -> str:
    """A search as the kept words are: composed, in small letters, with е for ё (m0020), without
    what cannot be seen."""
    composed = unicodedata.normalize("NFC", text).lower().replace("ё", "е")
    return "".join(char for char in composed if unicodedata.category(char) not in {"Cf", "Cc"})

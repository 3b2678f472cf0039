"""Search over the words of cases: quotes, suggestions, readers' comments, titles of pages.

The table `case_words` is kept by triggers of the database (migration 0004 and the docstring there).
PostgreSQL looks for words that begin so and for what stands anywhere inside them; of a search of
fewer than three letters, which no index knows inside words, it looks inside only where nothing
begins so. SQLite looks inside words at once. All words of a search have to be there, in any order.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    any_,
    column,
    func,
    literal,
    or_,
    select,
    table,
    true,
    union,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import InstrumentedAttribute, Session

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
        return among(session, Case.id, found.first)
    return Case.id.in_(found.all_hits) if narrowed else found.of_a_row


def among(session: Session, key: InstrumentedAttribute[int], ids: Sequence[int]) -> _Clause:
    """Whether a key is one of these: a single parameter where the database knows lists, for a
    thousand cost more to write out than to look up."""
    if session.get_bind().dialect.name == "postgresql":
        return key == any_(literal(list(ids), ARRAY(BigInteger)))
    return key.in_(ids)


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
    all_hits: CompoundSelect[int]
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
        all_hits=union(*(select(key).where(hit) for hit in hits)),
        of_a_row=func.coalesce(alone.scalar_subquery(), literal(False)),
    )


def _first_hits(hit: _Clause, key: ColumnElement[int], site_ids: SiteIds) -> Select[int]:
    found = select(key).where(hit).limit(MOST_HITS + 1)
    if site_ids is None:
        return found
    return found.join(Case, Case.id == key).where(Case.site_id.in_(site_ids))


def _ways(dialect: str, terms: Sequence[str]) -> list[tuple[_Clause, _Clause]]:
    """Conditions of which one has to hold: as an index is asked, and as a row is asked alone."""
    if dialect != "postgresql":
        grams = [term for term in terms if len(term) >= _SHORTEST_GRAM]
        short = _inside([term for term in terms if term not in grams], _like)
        hit = and_(_matches(grams), short) if grams else short
        return [(hit, hit)]
    wanted = func.to_tsquery("simple", _beginnings(terms), type_=TSQUERY)
    lexemes: _Clause = _WORDS.c.lexemes.cast(TSVECTOR).bool_op("@@")(wanted)
    return [(lexemes, lexemes), (_inside(terms, _indexed), _inside(terms, _spelled))]


def _beginnings(terms: Sequence[str]) -> str:
    quoted = (term.replace("\\", " ").replace("'", "''") for term in terms)
    return " & ".join(f"'{term}':*" for term in quoted if term.strip())


def _matches(grams: Sequence[str]) -> _Clause:
    quoted = " ".join('"{}"'.format(gram.replace('"', '""')) for gram in grams)
    return _WORDS.c.words.bool_op("MATCH")(quoted)


def _inside(terms: Sequence[str], way: _Condition) -> _Clause:
    """Whether all terms stand in the words. Letters that a database has not made small are
    compared as they are: all but ASCII in SQLite, rare ones in PostgreSQL."""
    forms = (dict.fromkeys((term, term.upper(), term.capitalize())) for term in terms)
    return and_(true(), *(or_(*map(way, ways)) for ways in forms))


def _like(form: str) -> _Clause:
    return _WORDS.c.words.like(_anywhere(form), escape="\\")


def _spelled(form: str) -> _Clause:
    """PostgreSQL takes LIKE on Cyrillic for four times as rare as it is, and three times as
    long over it."""
    return func.strpos(_WORDS.c.words, form) > 0


def _indexed(form: str) -> _Clause:
    """The same, and of stand-ins for the letters: these the index knows in every locale (m0022)."""
    return and_(_WORDS.c.stand_ins.like(func.tuzet_in_ascii(_anywhere(form))), _spelled(form))


def _anywhere(form: str) -> str:
    escaped = form.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def folded(text: str) -> str:
    """A search as the kept words are: composed, in small letters, with е for ё (m0020), without
    what cannot be seen."""
    composed = unicodedata.normalize("NFC", text).lower().replace("ё", "е")
    return "".join(char for char in composed if unicodedata.category(char) not in {"Cf", "Cc"})

"""What a newsroom says in public about an error of fact that it has corrected.

Only facts: whoever reads of every comma reads of nothing. An editor decides each time, and what
is said is the newsroom's own from then on: it stays as published whatever becomes of the case.
It says what stands on the page, not what a reader thought should stand there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core import moves, pages
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.history import Actor, write_event
from core.i18n import Translator
from core.models import Case, CorrectionNotice, Site
from core.text.passage import passage_of

SENTENCE_LENGTH = 500
AFTER_LENGTH = 1_000
PAGE_LENGTH = 50
READ_MEANWHILE = "must be what was read on the page"
_SETTLED = ("fixed", "verified")


@dataclass(frozen=True)
class Shelf:
    """Published notices, the newest first. `next`: the number before which they go on, or None."""

    site: Site
    notices: list[CorrectionNotice]
    next: int | None


@dataclass(frozen=True)
class Draft:
    """What a notice of a case would say: the sentence as it was, and as it is or should be.

    `is_seen`: the page of a verified case was read with `after`; it is published as it was read.
    Else the editor writes what is right, and `after` is what to begin with; it may be empty.
    `otherwise`: what the page says where that is not what was suggested; else None.
    """

    before: str
    after: str
    is_seen: bool
    otherwise: str | None


def may_ask(case: Case) -> bool:
    """Whether an editor is asked about a notice: an error of fact that was corrected."""
    return (
        case.kind == "fact"
        and case.status in _SETTLED
        and bool(case.exact)
        and case.merged_into_id is None
    )


def notice_of(session: Session, case_id: int) -> CorrectionNotice | None:
    """What was decided about a notice for a case; None while nobody has."""
    return session.scalar(select(CorrectionNotice).where(CorrectionNotice.case_id == case_id))


def draft_of(case: Case) -> Draft:
    """What a notice of a case would say, by what the page was read to say.

    Where no correction was seen yet, it begins with what was suggested.
    """
    evidence = case.evidence or {}
    corrected = case.seen_verdict == "fixed" and bool(evidence.get("after"))
    shown = evidence.get("after") if corrected or case.verdict == "still_there" else None
    is_suggested = evidence.get("as_suggested") or case.suggestion is None
    before = evidence.get("before") if corrected else None
    after = evidence["after"] if corrected else _in_sentence(case, case.suggestion)
    if not before or before == after:  # the page was corrected before we first read it
        before = _in_sentence(case, case.exact)
    return Draft(
        before=before,
        after=after,
        is_seen=corrected and case.status == "verified",
        otherwise=None if is_suggested else shown,
    )


def publish(
    session: Session,
    case_id: int,
    sentence: str,
    by: Actor,
    now: datetime,
    after: str | None = None,
) -> CorrectionNotice:
    """Say it in public. `sentence` tells in the newsroom's words what was wrong; it may be empty.

    `after` is what the editor wrote, or saw, as the right text; None for what the draft has. What
    was seen on the page of a verified case cannot be written otherwise.
    Raises NotFound, Invalid, Conflict (not an error of fact that was corrected).
    """
    sentence = " ".join(sentence.split())
    if len(sentence) > SENTENCE_LENGTH or "\0" in sentence:
        raise Invalid(FieldError("sentence", f"must have at most {SENTENCE_LENGTH} characters"))
    case = moves.locked(session, case_id)
    if not may_ask(case):
        raise Conflict("Notices are for errors of fact that have been corrected.")
    draft = draft_of(case)
    said = _said(case, draft, after)
    notice = _row(session, case, now)
    notice.state, notice.by = "published", by.name
    notice.sentence = sentence or None
    notice.before, notice.after = draft.before, said
    notice.prefix = notice.suffix = ""
    notice.language = case.language
    notice.published_at = notice.changed_at = now
    session.flush()
    write_event(session, case, "notice_published", by, now, {"notice": notice.id})
    return notice


def decline(session: Session, case_id: int, by: Actor, now: datetime) -> None:
    """Say nothing in public, and be asked no more; takes back what was published."""
    case = moves.locked(session, case_id)
    if not may_ask(case) and notice_of(session, case_id) is None:
        raise Conflict("Notices are for errors of fact that have been corrected.")
    notice = _row(session, case, now)
    was_published = notice.state == "published"
    notice.state = "withdrawn" if was_published else "declined"
    notice.by, notice.changed_at = by.name, now
    if not case.exact:  # its reader has erased the words: nothing holds them any more
        notice.before = notice.after = notice.prefix = notice.suffix = ""
        notice.sentence = None
    session.flush()
    kind = "notice_withdrawn" if was_published else "notice_declined"
    write_event(session, case, kind, by, now, {"notice": notice.id})


def shelf_of(session: Session, site_key: str, before: int | None = None) -> Shelf:
    """The published notices of a site, one page of them. Raises NotFound."""
    site = session.scalar(select(Site).where(Site.key == site_key))
    if site is None:
        raise NotFound("There is no such site.")
    query = (
        select(CorrectionNotice)
        .where(CorrectionNotice.site_id == site.id, CorrectionNotice.state == "published")
        .options(joinedload(CorrectionNotice.page))
        .order_by(CorrectionNotice.id.desc())
        .limit(PAGE_LENGTH + 1)
    )
    if before is not None:
        query = query.where(CorrectionNotice.id < before)
    found = list(session.scalars(query))
    more = len(found) > PAGE_LENGTH
    return Shelf(site, found[:PAGE_LENGTH], found[PAGE_LENGTH - 1].id if more else None)


def notices_at(session: Session, site_key: str, url: str) -> Shelf:
    """The published notices of the page at an address. Raises NotFound (no such site)."""
    site = session.scalar(select(Site).where(Site.key == site_key))
    if site is None:
        raise NotFound("There is no such site.")
    ids = [page.id for page in pages.pages_at(session, site, url)] if site.covers(url) else []
    query = (
        select(CorrectionNotice)
        .where(CorrectionNotice.page_id.in_(ids), CorrectionNotice.state == "published")
        .options(joinedload(CorrectionNotice.page))
        .order_by(CorrectionNotice.id.desc())
        .limit(PAGE_LENGTH)
    )
    return Shelf(site, list(session.scalars(query)) if ids else [], None)


def text_of(t: Translator, notice: CorrectionNotice) -> str:
    """A notice in one paragraph, from the template of a language.

    The editor's own sentence stands first where the notice is read in the article's language.
    """
    passage = passage_of(notice.before, notice.prefix, notice.suffix)
    before = f"{passage.before}{notice.before}{passage.after}".strip()
    after = f"{passage.before}{notice.after}{passage.after}".strip()
    if notice.after.strip():
        said = t.gettext(
            "The article said: “{before}” It should say: “{after}”", before=before, after=after
        )
    else:
        said = t.gettext(
            "The words “{words}” should not have been in the article.", words=notice.before.strip()
        )
    own = notice.sentence if notice.sentence and notice.language == t.language else None
    return f"{own} {said}" if own else said


def linked_data(t: Translator, notices: Sequence[CorrectionNotice]) -> list[dict[str, Any]]:
    """The notices as schema.org has them: each article with its `CorrectionComment`s."""
    articles: dict[int, dict[str, Any]] = {}
    for notice in notices:
        article = articles.setdefault(
            notice.page_id,
            {
                "@context": "https://schema.org",
                "@type": "NewsArticle",
                "url": notice.page.link,
                **({"headline": notice.page.title} if notice.page.title else {}),
                "correction": [],
            },
        )
        article["correction"].append(
            {
                "@type": "CorrectionComment",
                "text": text_of(t, notice),
                "datePublished": notice.published_at.isoformat(timespec="seconds"),
                "inLanguage": t.language,
            }
        )
    return list(articles.values())


def _in_sentence(case: Case, words: str | None) -> str:
    """Words in the sentence of a case, as far as its context reaches; nothing for none."""
    if words is None:
        return ""
    passage = passage_of(case.exact, case.prefix, case.suffix)
    if not words.strip():
        return passage.without.strip()
    return f"{passage.before}{words}{passage.after}".strip()


def _said(case: Case, draft: Draft, written: str | None) -> str:
    """What is published as the right text. Raises Invalid."""
    said = draft.after if written is None else " ".join(written.split())
    if draft.is_seen and said != " ".join(draft.after.split()) and written is not None:
        raise Invalid(FieldError("after", READ_MEANWHILE))
    if draft.is_seen:
        return draft.after
    only_goes = case.suggestion is not None and not case.suggestion.strip()
    if len(said) > AFTER_LENGTH or "\0" in said or said == " ".join(draft.before.split()):
        raise Invalid(FieldError("after", "must be the right text, of at most 1,000 characters"))
    if not said and not only_goes:
        raise Invalid(FieldError("after", "must say what is right"))
    return said


def _row(session: Session, case: Case, now: datetime) -> CorrectionNotice:
    """The notice of a locked case, made if there is none."""
    notice = notice_of(session, case.id)
    if notice is None:
        notice = CorrectionNotice(
            site_id=case.site_id,
            case_id=case.id,
            page_id=case.page_id,
            language=case.language,
            before="",
            after="",
            prefix="",
            suffix="",
            published_at=now,
        )
        session.add(notice)
    notice.page_id = case.page_id
    return notice

"""A case as a mail shows it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core import actionlinks
from core.i18n import Translator
from core.i18n.moments import moment
from core.i18n.words import kind_word, status_word
from core.linkstate import verbs_for
from core.messages.texts import oddities_of, shown_pair
from core.models import Case, Channel, Report
from core.settings import Settings
from core.text.fragment import at_place
from core.text.passage import Pair, Passage, passage_of

_GLYPHS = {"new": "○", "accepted": "◐", "fixed": "◉", "verified": "✔", "dismissed": "⊘"}
_ADDRESS = re.compile(r"\S+@\S+")
_MOST_COMMENTS = 3
_COMMENT_LENGTH = 280


@dataclass(frozen=True)
class Link:
    """Something to do about a case, and where."""

    label: str
    url: str


@dataclass(frozen=True)
class Item:
    """One case. `passage` is None when its only reader has erased what they had sent."""

    language: str
    passage: Passage | None
    pair: Pair | None
    glyph: str
    status: str
    facts: str
    comments: tuple[str, ...]
    actions: tuple[Link, ...]
    more: tuple[Link, ...]
    desk: str
    place: str | None


@dataclass(frozen=True)
class About:
    """What an item is made from besides its case: for whom, from whom, when. `person` is the number
    of the person whose address it is."""

    channel: Channel
    settings: Settings
    t: Translator
    now: datetime
    person: int | None = None


def item_of(case: Case, reports: Sequence[Report], new_readers: int, about: About) -> Item:
    """Show one case. `new_readers` is 0 where the mail is not about them."""
    erased = not case.exact
    word = "regressed" if case.regressed else case.status
    return Item(
        language=case.language,
        passage=None if erased else passage_of(case.exact, case.prefix, case.suffix),
        pair=shown_pair(case),
        glyph="↩" if case.regressed else _GLYPHS[case.status],
        status=status_word(about.t, word),
        facts=", ".join(_facts(case, reports, new_readers, about)),
        comments=() if erased else _comments(reports),
        actions=_links(verbs_for(case.status), case, about),
        more=_links(_lesser(case, about), case, about),
        desk=f"{about.settings.base_url}/cases/{case.id}",
        place=None if erased else place_of(case),
    )


def place_of(case: Case) -> str | None:
    """The page at the words in question; None for an address that is not of the web."""
    if not case.page.link.startswith(("http://", "https://")):
        return None
    return at_place(case.page.link, case.exact, case.prefix, case.suffix)


def verb_label(t: Translator, verb: actionlinks.Verb) -> str:
    """What a link or a button is called."""
    return {
        "accept": t.pgettext("action", "Accept"),
        "fixed": t.pgettext("action", "Mark fixed"),
        "dismiss": t.pgettext("action", "Dismiss"),
        "mine": t.pgettext("action", "Assign to me"),
        "snooze": t.pgettext("action", "Snooze until tomorrow"),
    }[verb]


def _facts(case: Case, reports: Sequence[Report], new_readers: int, about: About) -> list[str]:
    t = about.t
    facts = [kind_word(t, case.kind), t.ngettext("{n} reader", "{n} readers", case.readers)]
    if new_readers:
        facts.append(t.ngettext("{n} of them new", "{n} of them new", new_readers))
    suggestions = {report.suggestion for report in reports if report.suggestion}
    if len(suggestions) > 1:
        facts.append(t.ngettext("{n} suggestion", "{n} suggestions", len(suggestions)))
    facts += oddities_of(case, t)
    first = moment(t, case.first_reported_at, case.site.timezone, about.now)
    facts.append(t.gettext("first {when}", when=first.replace(" ", "\u00a0")))
    return facts


def _comments(reports: Sequence[Report]) -> tuple[str, ...]:
    """What readers wrote besides. Addresses go: a mail is passed on more easily than a desk is."""
    written = dict.fromkeys(
        _ADDRESS.sub("…", " ".join(report.comment.split()))
        for report in reports
        if report.comment and report.comment.strip()
    )
    return tuple(
        text if len(text) <= _COMMENT_LENGTH else text[: _COMMENT_LENGTH - 1] + "…"
        for text in list(written)[:_MOST_COMMENTS]
    )


def _lesser(case: Case, about: About) -> tuple[actionlinks.Verb, ...]:
    """What else can be done about an open case; only a person can take it on, if it is not theirs
    already."""
    if not verbs_for(case.status):
        return ()
    may_take = about.person is not None and case.assignee_id != about.person
    return ("mine", "snooze") if may_take else ("snooze",)


def _links(verbs: Sequence[actionlinks.Verb], case: Case, about: About) -> tuple[Link, ...]:
    return tuple(
        Link(
            verb_label(about.t, verb),
            actionlinks.address(about.settings, case.id, about.channel.id, verb, about.now),
        )
        for verb in verbs
    )

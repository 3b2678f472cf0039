"""Both versions in words, for who was slower: what stands now, and what they had wanted."""

from datetime import datetime

from core.i18n import Translator
from core.i18n.words import kind_word, resolution_word, status_word
from core.models import Case
from service.dashboard.changes import Asked
from service.dashboard.histories import correction_said
from service.dashboard.rows import shown_status


def both_versions(t: Translator, case: Case, asked: Asked, now: datetime) -> str:
    """One sentence with what stands and what was wanted; the wish was not carried out."""
    return t.gettext(
        "What stands: {stands}. Yours, not saved: {wanted}.",
        stands=_stands(t, case, now),
        wanted=_wanted(t, asked),
    )


def _stands(t: Translator, case: Case, now: datetime) -> str:
    words = [status_word(t, shown_status(case, now))]
    if case.resolution:
        words.append(resolution_word(t, case.resolution))
    words.append(kind_word(t, case.kind))
    if case.suggestion is not None:
        words.append(correction_said(t, case.suggestion))
    if case.assignee:
        words.append(case.assignee.name)
    return ", ".join(words)


def _wanted(t: Translator, asked: Asked) -> str:
    """A wish as its buttons call it; a change of values by the values."""
    plain = {
        "undo": t.gettext("Take the last change back"),
        "merge": t.gettext("Merge into case {n}", n=asked.into),
        "split": t.ngettext("Split off {n} report", "Split off {n} reports", len(asked.reports)),
        "assign": t.gettext("Assign to me"),
        "unassign": t.gettext("Unassign"),
        "snooze": t.gettext("Snooze"),
        "wake": t.gettext("Wake"),
    }
    if asked.verb in plain:
        return plain[asked.verb]
    values = asked.change.asked
    words = []
    if status := values.get("status"):
        words.append(status_word(t, status))
    if resolution := values.get("resolution"):
        words.append(resolution_word(t, resolution))
    if kind := values.get("kind"):
        words.append(kind_word(t, kind))
    if (text := values.get("suggestion")) is not None:
        words.append(correction_said(t, text))
    return ", ".join(words) or t.gettext("No suggestion.")

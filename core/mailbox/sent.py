"""The mail that a reply answers, as it was sent, so that it is known again where it is quoted."""

from collections.abc import Iterator, Sequence
from email.utils import parseaddr

from sqlalchemy.orm import Session

from core import messages
from core.actionlinks import VERBS
from core.channels import OutgoingMail
from core.errors import TuzetError
from core.i18n import LANGUAGES, Translator, translator
from core.i18n.words import status_word
from core.linkstate import verbs_for
from core.mailbox.bodies import html_lines
from core.mailbox.quotation import Ours
from core.messages.items import verb_label
from core.messages.occasions import lead_of
from core.models import Delivery
from core.settings import Settings
from core.workflow import STATUSES

_SIGNS = "○◐◉✔⊘↩"


def ours_of(session: Session, rows: Sequence[Delivery], settings: Settings) -> Ours:
    """The mail that some rows were, written once more for the moment when it was sent.

    Its links carry other tokens, and the case may have moved since; so links are known by how they
    begin, the line about the state by any state, and buttons by all that there are. What cannot be
    written is known by its links alone.
    """
    sent_at = max(row.sent_at for row in rows if row.sent_at is not None)
    try:
        mail = messages.compose(session, rows, settings, sent_at)
    except TuzetError:
        mail = None
    if not isinstance(mail, OutgoingMail):
        return Ours(links=_links(settings), sender=_sender(settings))
    every = [translator(language) for language in LANGUAGES]
    return Ours(
        sender=_sender(settings),
        subject=mail.subject,
        lines=[*mail.text.splitlines(), *html_lines(mail.html), *_buttons(every)],
        beginnings=[lead_of(rows, t) for t in every if rows[0].about is None],
        states=tuple(
            f"{sign} {status_word(t, status)}"
            for t in every
            for status in (*STATUSES, "regressed")
            for sign in _SIGNS
        ),
        links=_links(settings),
        is_whole=all(row.case is None or bool(row.case.exact) for row in rows),
    )


def _buttons(every: Sequence[Translator]) -> Iterator[str]:
    """The lines of buttons and links, as plain text has them and as HTML does, in any state."""
    for t in every:
        ways = [t.gettext("Open the case"), t.gettext("Open the page at the place")]
        label = {verb: verb_label(t, verb) for verb in VERBS}
        yield from (f"{text}:" for text in (*label.values(), *ways))
        yield from (" ".join(label[verb] for verb in verbs_for(status)) for status in STATUSES)
        for shown in (ways[:1], ways):
            for lesser in ([], [label["snooze"]], [label["mine"], label["snooze"]]):
                yield " ".join([*shown, *lesser])


def _links(settings: Settings) -> tuple[str, ...]:
    return (f"{settings.base_url}/act/", f"{settings.base_url}/stop/")


def _sender(settings: Settings) -> str:
    return parseaddr(settings.mail_from)[1].lower()

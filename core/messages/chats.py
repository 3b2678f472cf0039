"""What a chat is told: cards, with buttons where the platform proves who presses them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import actionlinks, queries, workflow
from core.channels import (
    PRESSED,
    Button,
    Card,
    Choice,
    OutgoingChat,
    PassingFailure,
    Way,
)
from core.i18n import translator
from core.i18n.words import resolution_word
from core.linkstate import verbs_for
from core.messages.backlog import open_besides, queue_address
from core.messages.items import About, Item, item_of, verb_label
from core.messages.occasions import case_of, lead_of, occasion_of, subject_of, waiting_rows
from core.messages.secrets import secret_of
from core.messages.texts import title_of
from core.models import REMINDERS, Case, Channel, Delivery
from core.settings import Settings

_MOST_REMINDERS = 8  # cards: platforms cut longer messages off, some in the midst of one


def compose(
    session: Session,
    channel: Channel,
    rows: Sequence[Delivery],
    settings: Settings,
    now: datetime,
) -> OutgoingChat | None:
    """One message, or the new state of one that was sent before.

    None where the message to be changed was never sent. Raises PassingFailure while it is being
    sent, for then its number is not known yet.
    """
    edits = None
    asked = rows[0].case_id if (rows[0].about or {}).get("ask") else None
    if rows[0].rhythm == "edit":
        first = _first_word(session, rows[0])
        if first is None:
            return None
        edits, rows = first.reference, _in_message(session, first)
    key = rows[0].message_key
    if edits is None:
        rows = waiting_rows(rows)
    about = About(channel, settings, translator(channel.language), now)
    cases = list({row.case_id: case_of(row) for row in rows}.values())
    besides = 0
    if occasion_of(rows) == "open":
        besides = open_besides(session, channel.site_id, [case.id for case in cases], now)
    named = cases[:_MOST_REMINDERS] if rows[0].event_type in REMINDERS else cases
    return OutgoingChat(
        key=key,
        kind=channel.kind,
        target=channel.target,
        secret=secret_of(channel, settings).partition(" ")[0],
        subject=subject_of(rows, channel.site.name, about.t, besides),
        lead=_lead(rows, about, besides + len(cases) - len(named)),
        cards=tuple(_card(session, case, about, case.id == asked) for case in named),
        edits=edits,
        options=channel.options,
    )


def _lead(rows: Sequence[Delivery], about: About, besides: int) -> str:
    """Why the message comes, and of a list how much more is open."""
    lead, t = lead_of(rows, about.t), about.t
    if not besides:
        return lead
    more = t.ngettext("and {n} more on the desk", "and {n} more on the desk", besides)
    return f"{lead}\n{more}: {queue_address(about.settings, about.channel.site)}"


def _first_word(session: Session, row: Delivery) -> Delivery | None:
    """The row of the message in this chat that is to be changed: the newest about the case."""
    query = select(Delivery).where(
        Delivery.channel_id == row.channel_id,
        Delivery.case_id == row.case_id,
        Delivery.rhythm != "edit",
    )
    written = session.scalars(query.order_by(Delivery.id.desc())).all()
    sent = next((each for each in written if each.reference is not None), None)
    if sent is None and any(each.status == "pending" and each.lease for each in written):
        raise PassingFailure("The message to be changed is being sent.")
    return sent


def _in_message(session: Session, first: Delivery) -> Sequence[Delivery]:
    query = select(Delivery).where(
        Delivery.channel_id == first.channel_id, Delivery.reference == first.reference
    )
    return session.scalars(query.order_by(Delivery.id)).all()


def _card(session: Session, case: Case, about: About, asks: bool) -> Card:
    reports = [
        report for report in queries.case_reports(session, case.id) if report.erased_at is None
    ]
    item = item_of(case, reports, 0, about)
    t, passage, pair = about.t, item.passage, item.pair
    can_press = about.channel.kind in PRESSED and about.settings.https
    choice = _choice(case, about) if can_press else None
    buttons = _buttons(case, about) if can_press else ()
    if asks and choice is not None:
        back = Button(t.pgettext("action", "Back"), _value(case, about, "back"))
        buttons, choice = (*choice.options, back), None
    return Card(
        title=title_of(case.page),
        url=case.page.link if case.page.link.startswith(("http://", "https://")) else None,
        byline=", ".join(
            part for part in (case.site.name, case.page.section, case.page.author) if part
        ),
        before=passage.before
        if passage
        else t.gettext("The reader has erased what they had sent."),
        exact=passage.exact if passage else "",
        after=passage.after if passage else "",
        wrong=pair.wrong_text if pair else "",
        right=(pair.right_text.strip() or "—") if pair else "",
        state=_state(case, item, about),
        comments=item.comments,
        buttons=buttons,
        choice=choice,
        ways=_ways(item, about),
    )


def _state(case: Case, item: Item, about: About) -> str:
    """The status with who has it in hand, and the facts."""
    status = f"{item.glyph} {item.status}"
    if case.resolution:
        status += f" ({resolution_word(about.t, case.resolution)})"
    if case.assignee is not None:
        status += f", {case.assignee.name or case.assignee.email}"
    return f"{status} · {item.facts}"


def _buttons(case: Case, about: About) -> tuple[Button, ...]:
    verbs = [verb for verb in verbs_for(case.status) if verb != "dismiss"]
    wanted: list[actionlinks.Verb] = [*verbs, "mine", "snooze"] if verbs else []
    return tuple(Button(verb_label(about.t, verb), _value(case, about, verb)) for verb in wanted)


def _choice(case: Case, about: About) -> Choice | None:
    if "dismiss" not in verbs_for(case.status):
        return None
    options = tuple(
        Button(resolution_word(about.t, name), _value(case, about, f"dismiss:{place}"))
        for place, name in enumerate(workflow.RESOLUTIONS)
    )
    return Choice(verb_label(about.t, "dismiss"), _value(case, about, "dismiss"), options)


def _value(case: Case, about: About, step: str) -> str:
    return actionlinks.button(about.settings, case.id, about.channel.id, step)


def _ways(item: Item, about: About) -> tuple[Way, ...]:
    ways = [Way(about.t.gettext("Open the case"), item.desk)]
    if item.place:
        ways.append(Way(about.t.gettext("Open the page at the place"), item.place))
    return tuple(ways)

"""The foot of a mail: what its links and a reply do, why it comes, and how to have it otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

from core import actionlinks
from core.i18n import Translator
from core.i18n.moments import moment
from core.messages.items import About, Link
from core.models import Channel, Delivery, User
from core.rights import rights_of
from core.settings import Settings

_LONGEST_RULE = 60
_MOST_RULES = 5


@dataclass(frozen=True)
class Foot:
    """`doing`: what the links do, and what a reply does; `why`: why the mail comes; `ways`: where
    its rhythm is changed and its mails are ended."""

    doing: tuple[str, ...]
    why: str
    ways: tuple[Link, ...]


def foot_of(rows: Sequence[Delivery], user: User | None, acts: bool, about: About) -> Foot:
    """The foot of a mail about cases. `user` is the person with its address, `acts` says whether
    it has links that act."""
    doing = [_of_links(user, about)] if acts else []
    if about.settings.mail_replies:
        doing += _of_replies(len({row.case_id for row in rows}), user, about)
    channel, settings, t = about.channel, about.settings, about.t
    return Foot(tuple(doing), reasons_of(rows, channel, t), ways_of(channel, settings, t))


def reasons_of(rows: Sequence[Delivery], channel: Channel, t: Translator) -> str:
    """Why a mail comes: one sentence with every reason that its rows have, each once."""
    words = list(dict.fromkeys(_word(row, channel) for row in rows))
    rules = [word.partition(" ")[2] for word in words if word.startswith("rule ")]
    said = [_by_rules(rules, channel, t)] if rules else []
    said += [_because(word, channel, t) for word in words if not word.startswith("rule ")]
    return t.gettext("You get this mail because {reasons}.", reasons="; ".join(said))


def ways_of(channel: Channel, settings: Settings, t: Translator) -> tuple[Link, ...]:
    """Where the rhythm of a channel is changed (by its person, else by administrators), and where
    its mails are ended."""
    if channel.user_id is not None:
        rhythm = Link(t.gettext("Change the rhythm"), f"{settings.base_url}/profile/mail")
    else:
        address = f"{settings.base_url}/settings/{channel.site_id}/channels/{channel.id}"
        rhythm = Link(t.gettext("Rhythm of this channel (for administrators)"), address)
    return rhythm, Link(t.gettext("Unsubscribe"), actionlinks.stop_address(settings, channel.id))


def _of_links(user: User | None, about: About) -> str:
    until = about.now + actionlinks.VALID_FOR
    date = moment(about.t, until, about.channel.site.timezone, about.now).replace(" ", "\u00a0")
    if user is not None:
        return about.t.gettext(
            "A button leads to a page that asks once, then acts in your name. It works until "
            "{date}. Do not pass this mail on.",
            date=date,
        )
    return about.t.gettext(
        "A button leads to a page that asks once, then acts in the name of {address}. It works "
        "until {date}. Do not pass this mail on.",
        date=date,
        address=about.channel.target,
    )


def _of_replies(cases: int, user: User | None, about: About) -> list[str]:
    """What a reply comes to, as core/mailbox has it; nothing for a person whose replies are
    refused there."""
    t, channel = about.t, about.channel
    if user is not None and not rights_of(user).may("editor", channel.site_id):
        return []
    if cases > 1:
        return [
            t.gettext(
                "A reply to this mail cannot become a note, for it is about several errors: open "
                "the one that you mean."
            )
        ]
    if user is not None:
        return [
            t.gettext(
                "What you write in a reply to this mail becomes a note on the error, in your name. "
                "Colleagues see it on the desk, readers do not."
            )
        ]
    return [
        t.gettext(
            "What you write in a reply to this mail becomes a note on the error, under the "
            "address {address}. Colleagues see it on the desk, readers do not.",
            address=channel.target,
        )
    ]


def _word(row: Delivery, channel: Channel) -> str:
    """The reason of one row: the one that was written down, else what its type says."""
    if row.event_type.startswith("channel.") and row.event_type != "channel.test":
        return "administers"
    if row.event_type == "case.mentioned":
        return "mentioned"
    if row.why == "duty" and row.event_type == "case.updated":
        return "was on duty"
    return row.why or ("channel" if channel.user_id is None else "settings")


def _by_rules(names: Sequence[str], channel: Channel, t: Translator) -> str:
    short = (name if len(name) <= _LONGEST_RULE else f"{name[:_LONGEST_RULE]}…" for name in names)
    quoted = [t.gettext("“{words}”", words=name) for name in short][:_MOST_RULES]
    return t.ngettext(
        "the rule {rules} of {site} sends it to {address}",
        "the rules {rules} of {site} send it to {address}",
        len(quoted),
        rules=", ".join(quoted),
        site=channel.site.name,
        address=channel.target,
    )


def _because(word: str, channel: Channel, t: Translator) -> str:
    site, address = channel.site.name, channel.target
    return {
        "fallback": t.gettext(
            "what no rule of {site} catches goes to {address}", site=site, address=address
        ),
        "duty": t.gettext("you are on duty for {site}", site=site),
        "was on duty": t.gettext(
            "you were on duty for {site} when the first report came", site=site
        ),
        "author": t.gettext("it is about an article of yours"),
        "assigned": t.gettext("what waits is assigned to you"),
        "escalated": t.gettext("{site} passes on to you what nobody has decided about", site=site),
        "mentioned": t.gettext("you asked to be told when a note names you"),
        "wished": t.gettext("you asked for the week in numbers"),
        "administers": t.gettext("you administer {site}", site=site),
        "settings": t.gettext("the settings of {site} send it to you", site=site),
    }.get(word, t.gettext("{address} is a channel of {site}", address=address, site=site))

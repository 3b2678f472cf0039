"""The words of the commands about channels and rules; what they do is in delivering.py."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - its only name
KINDS = [
    "email",
    "webhook",
    "telegram",
    "slack",
    "mattermost",
    "discord",
    "msteams",
    "apprise",
]


def declare(
    channel: "Parsers", commands: "Parsers", actions: "Callable[[Parsers, str, str], Parsers]"
) -> None:
    """Add `channel list|test|…` beside `channel add`, and `rule`, `plan`, `duty`, `mail-in`."""
    _channels(channel)
    rule = actions(commands, "rule", "which new errors go to whom")
    add = _on_site(rule, "add", "add a rule after the others")
    add.add_argument("--name", required=True)
    add.add_argument("--when", default="{}", metavar="JSON", help='such as {"section": ["Sport"]}')
    add.add_argument("--then", required=True, metavar="JSON", help='such as {"channels": [3]}')
    _on_site(rule, "list", "list the rules in their order")
    remove = _on_site(rule, "remove", "take a rule away")
    remove.add_argument("id", type=int, metavar="ID")
    _on_site(rule, "try", "show where the errors of the last week would have gone")
    plan = actions(commands, "plan", "fallback, thresholds, reminders, the weekly list")
    change = _on_site(plan, "set", "settle some of it")
    change.add_argument("values", metavar="JSON", help='such as {"remind_hours": 24}')
    _on_site(plan, "show", "show what is settled")
    duty = actions(commands, "duty", "who is on duty")
    turn = _on_site(duty, "add", "add a person's turn")
    turn.add_argument("--person", required=True, metavar="EMAIL")
    turn.add_argument("--from", required=True, dest="begins", metavar="TIME", help="ISO 8601")
    turn.add_argument("--until", required=True, dest="ends", metavar="TIME", help="ISO 8601")
    commands.add_parser("mail-in", help="make a note of a reply to a mail, from standard input")


def add_secret(add: argparse.ArgumentParser) -> None:
    """What `channel add` takes for chats."""
    add.add_argument(
        "--secret-stdin", action="store_true", help="read a chat's secret from standard input"
    )
    add.add_argument("--api", metavar="URL", help="another address of the platform's interface")


def _channels(channel: "Parsers") -> None:
    listing = channel.add_parser("list", help="list the channels and how they fare")
    listing.add_argument("--site", metavar="KEY", help="of this site alone")
    _json(listing)
    for name, what in (
        ("test", "send a test, now"),
        ("pause", "send nothing until it is resumed"),
        ("resume", "send again what waits"),
        ("rotate", "give a webhook a new secret; the old one signs for a day more"),
    ):
        _one(channel, name, what)
    change = _one(channel, "set", "when it hears what")
    change.add_argument(
        "options",
        nargs="+",
        metavar="NAME=VALUE",
        help="such as new=15m readers=daily quiet=22:00-07:00",
    )


def _one(channel: "Parsers", name: str, what: str) -> argparse.ArgumentParser:
    parser = channel.add_parser(name, help=what)
    parser.add_argument("id", type=int, metavar="ID")
    _json(parser)
    return parser


def _on_site(group: "Parsers", name: str, what: str) -> argparse.ArgumentParser:
    parser = group.add_parser(name, help=what)
    parser.add_argument("--site", required=True, metavar="KEY")
    _json(parser)
    return parser


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object and nothing else"
    )

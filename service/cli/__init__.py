"""The `tuzet` command: runs the service, and makes what it needs to begin."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from core.errors import Invalid, NotFound, SettingsError, TuzetError
from service.cli import delivery_words

WRONG_INPUT = 2
FAILURE = 1
_INTERRUPTED = 130
_LANGUAGE_HELP = "kk, ru or en"


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say. Returns the exit code: 0, 1 for a failure, 2 for wrong input."""
    wanted = _parser().parse_args(arguments)
    try:
        return int(_do(wanted))
    except SettingsError as fault:
        return _complain(fault.problems, WRONG_INPUT)
    except Invalid as fault:
        return _complain([f"{error.field} {error.message}" for error in fault.errors], WRONG_INPUT)
    except NotFound as fault:
        return _complain([str(fault)], WRONG_INPUT)
    except TuzetError as fault:
        return _complain([str(fault)], FAILURE)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:  # whoever read our output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILURE


def _do(wanted: argparse.Namespace) -> int:
    """Find the command. Each is imported only when it is asked for: `tuzet --help` is quick."""
    if wanted.command in {"up", "web", "worker", "scheduler", "migrate"}:
        from service.cli import running

        return running.COMMANDS[wanted.command](wanted)
    if wanted.command == "doctor":
        from service.cli import doctor

        return doctor.run(wanted)
    from service.cli import delivering, making

    asked = wanted.command, getattr(wanted, "action", "")
    if asked in delivering.COMMANDS:
        return delivering.COMMANDS[asked](wanted)
    return making.COMMANDS[wanted.command, wanted.action](wanted)


def _complain(lines: Sequence[str], code: int) -> int:
    for line in lines:
        print(f"tuzet: {line}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tuzet",
        description="Readers select an error, press Ctrl+Enter, and editors put it right.",
        epilog="Settings are environment variables that begin with TUZET_: see docs/settings.md.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _running(commands)
    _making(commands)
    return parser


def _running(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    up = commands.add_parser("up", help="run web, worker and scheduler under one parent")
    _address(up)
    up.add_argument("--ready-file", type=Path, metavar="PATH", help="written when all answer")
    web = commands.add_parser("web", help="run the web server alone")
    _address(web)
    web.add_argument("--fd", type=int, help=argparse.SUPPRESS)
    commands.add_parser("worker", help="run one worker alone")
    commands.add_parser("scheduler", help="run the scheduler alone")
    commands.add_parser("migrate", help="bring the database's schema up to date")
    doctor = commands.add_parser("doctor", help="say what is wrong and what to do")
    _json(doctor)


def _making(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    _sites(commands)
    _people(commands)
    _channels(commands)
    _wordings(commands)
    _systems(commands)


def _sites(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    site = _actions(commands, "site", "the publications")
    add = site.add_parser("add", help="add a publication")
    add.add_argument("--name", required=True)
    add.add_argument("--url", required=True, help="address of its home page")
    add.add_argument(
        "--origin",
        action="extend",
        nargs="+",
        default=[],
        metavar="URL",
        help="another web origin whose pages may report",
    )
    add.add_argument(
        "--language",
        action="extend",
        nargs="+",
        default=[],
        metavar="LANGUAGE",
        help=f"{_LANGUAGE_HELP}; the main one first (default: kk)",
    )
    add.add_argument("--timezone", default="Asia/Almaty", help="for digests (Asia/Almaty)")
    _json(add)
    _json(site.add_parser("list", help="list the publications"))


def _channels(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    channels = _actions(commands, "channel", "ways to reach editors")
    channel = channels.add_parser("add", help="add a channel")
    channel.add_argument("--site", required=True, metavar="KEY")
    channel.add_argument("--kind", required=True, choices=delivery_words.KINDS)
    channel.add_argument("--target", required=True, help="an address, by the kind")
    channel.add_argument("--language", help=f"{_LANGUAGE_HELP} (default: the site's)")
    delivery_words.add_secret(channel)
    _json(channel)
    delivery_words.declare(channels, commands, _actions)


def _wordings(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    wordings = _actions(commands, "wording", "sentences of messages to readers")
    listing = wordings.add_parser("list", help="show every sentence of a site")
    change = wordings.add_parser("set", help="say a sentence in the site's own words")
    for action in (listing, change):
        action.add_argument("--site", required=True, metavar="KEY")
        _json(action)
    change.add_argument("--outcome", required=True, help="which sentence: see `wording list`")
    change.add_argument("--language", required=True, help=_LANGUAGE_HELP)
    change.add_argument("--text", default="", help="the sentence; without it ours is said again")


def _systems(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    system = _actions(commands, "cms", "newsrooms' own systems").add_parser(
        "add", help="name the system that a site is written in, or name it anew"
    )
    system.add_argument("--site", required=True, metavar="KEY")
    system.add_argument("--kind", required=True, choices=["wordpress", "ghost", "http"])
    system.add_argument("--url", required=True, help="address of the system")
    system.add_argument("--user", default="", help="whose application password it is (WordPress)")
    system.add_argument(
        "--password-stdin",
        action="store_true",
        help="read the application password, Admin API key or token from standard input",
    )
    _json(system)


def _people(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    people = _actions(commands, "user", "the people")
    reset = people.add_parser("reset-totp", help="let somebody in by the password alone")
    reset.add_argument("email", metavar="EMAIL")
    _json(reset)
    user = people.add_parser("add", help="add a person")
    user.add_argument("email", metavar="EMAIL")
    user.add_argument("--role", required=True, choices=["owner", "admin", "editor", "viewer"])
    user.add_argument("--site", metavar="KEY", help="only on this site (default: on all)")
    user.add_argument("--name", default="", help="as colleagues see it")
    user.add_argument("--language", default="kk", help=f"{_LANGUAGE_HELP} (default: kk)")
    user.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )
    _json(user)

    token = _actions(commands, "token", "programs' ways in").add_parser("add", help="add a token")
    token.add_argument("--user", required=True, metavar="EMAIL", help="whom it acts for")
    token.add_argument("--name", required=True, help="what it is for")
    token.add_argument("--scope", choices=["write", "read"], default="write", help="(write)")
    token.add_argument("--days", type=_days, metavar="N", help="how long it is good (for ever)")
    _json(token)


def _actions(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, what: str
) -> "argparse._SubParsersAction[argparse.ArgumentParser]":
    parser = commands.add_parser(name, help=what)
    return parser.add_subparsers(dest="action", required=True, metavar="ACTION")


def _address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument(
        "--port", type=_port, default=8000, help="port to listen on; 0 is any free one (8000)"
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > 65535:
        raise argparse.ArgumentTypeError("must be a number from 0 to 65535")
    return int(text)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= 3650:
        raise argparse.ArgumentTypeError("must be a number of days from 1 to 3650")
    return int(text)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object and nothing else"
    )

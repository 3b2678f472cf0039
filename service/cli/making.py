"""Commands that make something: sites, people, tokens, channels."""

import argparse
import getpass
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import accounts, connecting, readermail, sites, tokens
from core.clock import utcnow
from core.errors import FieldError, Invalid, NotFound
from core.i18n import translator
from core.models import Site, User
from service.cli.place import OPERATOR, note, opened, say, site_of


def add_site(wanted: argparse.Namespace) -> int:
    """`tuzet site add`"""
    with opened() as place, place.db.write() as session:
        site = sites.add_site(
            session,
            wanted.name,
            wanted.url,
            wanted.origin,
            wanted.language or ["kk"],
            utcnow(),
            wanted.timezone,
        )
        note(session, "site added", site.name, site.id)
        made = {"id": site.id, "key": site.key}
        unread = sites.why_unread(site.url, site.origins, place.settings)
        line = f'<script src="{place.settings.base_url}/tuzet.js" data-site="{site.key}" async>'
    text = f"Site {site.key} added. The line for its pages:\n{line}</script>"
    if unread is not None:
        text += f"\nWhether an error is fixed there is not seen. {unread}"
    say(wanted, made, text)
    return 0


def list_sites(wanted: argparse.Namespace) -> int:
    """`tuzet site list`"""
    with opened() as place, place.db.read() as session:
        found = session.scalars(select(Site).order_by(Site.id)).all()
        items = [
            {
                "id": site.id,
                "key": site.key,
                "name": site.name,
                "url": site.url,
                "origins": site.origins,
                "languages": site.languages,
            }
            for site in found
        ]
    text = "\n".join(f"{item['key']}  {item['name']}  {item['url']}" for item in items)
    say(wanted, {"items": items}, text or "There is no site yet: tuzet site add")
    return 0


def add_user(wanted: argparse.Namespace) -> int:
    """`tuzet user add`"""
    password = _password(wanted)
    with opened() as place, place.db.write() as session:
        user = accounts.add_user(
            session,
            wanted.email,
            wanted.name,
            password,
            wanted.role,
            wanted.site,
            wanted.language,
            utcnow(),
        )
        site_id = user.memberships[0].site_id
        role = user.memberships[0].held
        note(session, "person added", user.email, site_id, role=role)
        made = {"id": user.id}
    say(wanted, made, f"{user.email} may log in at {place.settings.base_url}/login.")
    return 0


def reset_totp(wanted: argparse.Namespace) -> int:
    """`tuzet user reset-totp`: the way out where nobody on the desk can do it any more."""
    with opened() as place, place.db.write() as session:
        user = _user(session, wanted.email)
        accounts.turn_off(session, user, OPERATOR, utcnow())
        accounts.end_sessions(session, user.id)
        done = {"id": user.id, "reset": True}
    say(wanted, done, f"{user.email} logs in by the password alone from now on.")
    return 0


def add_token(wanted: argparse.Namespace) -> int:
    """`tuzet token add`"""
    with opened() as place, place.db.write() as session:
        lasts = timedelta(days=wanted.days) if wanted.days else None
        user = _user(session, wanted.user)
        token = tokens.add(session, user, wanted.name, utcnow(), wanted.scope, lasts)
        note(session, "token", f"{wanted.name.strip()} ({user.email})", None)
    say(wanted, {"token": token}, f"{token}\nIt is not shown again.")
    return 0


def add_channel(wanted: argparse.Namespace) -> int:
    """`tuzet channel add`"""
    with opened() as place, place.db.write() as session:
        channel, secret = sites.add_channel(
            session,
            wanted.site,
            wanted.kind,
            wanted.target,
            wanted.language,
            place.settings,
            utcnow(),
            sys.stdin.readline().strip() if wanted.secret_stdin else None,
            {"api": wanted.api} if wanted.api else None,
        )
        note(session, "channel added", f"{channel.kind} {channel.target}", channel.site_id)
        made: dict[str, object] = {"id": channel.id}
    text = f"Channel {channel.id} added."
    if secret is not None:
        made["secret"] = secret
        text += f" Its secret, not shown again:\n{secret}"
    say(wanted, made, text)
    return 0


def add_cms(wanted: argparse.Namespace) -> int:
    """`tuzet cms add`"""
    secret = _password(wanted)
    with opened() as place, place.db.write() as session:
        row, hook_secret = connecting.add_connection(
            session,
            wanted.site,
            wanted.kind,
            wanted.url,
            wanted.user,
            secret,
            place.settings,
            utcnow(),
        )
        note(session, "cms added", f"{row.kind} {row.url}", row.site_id)
        made = {"id": row.id, "hook_secret": hook_secret}
        base_url = place.settings.base_url
    text = f"""The system of site {wanted.site} is known. For its plugin:
address of Tuzet     {base_url}
site key             {wanted.site}
secret of the calls  {hook_secret}"""
    say(wanted, made, text)
    return 0


def list_wordings(wanted: argparse.Namespace) -> int:
    """`tuzet wording list`"""
    with opened() as place, place.db.read() as session:
        found = readermail.wordings(session, site_of(session, wanted.site))
    items = [asdict(wording) for wording in found]
    lines = [f"{w.outcome} {w.language}{'*' if w.own else ' '} {w.text}" for w in found]
    say(wanted, {"items": items}, "\n".join(lines))
    return 0


def set_wording(wanted: argparse.Namespace) -> int:
    """`tuzet wording set`"""
    with opened() as place, place.db.write() as session:
        site = site_of(session, wanted.site)
        readermail.change_wording(session, site, wanted.outcome, wanted.language, wanted.text)
        note(session, "wording changed", f"{wanted.outcome} {wanted.language}", site.id)
        said = readermail.say(session, site, wanted.outcome, translator(wanted.language))
    say(wanted, {"text": said}, said)
    return 0


def _user(session: Session, email: str) -> User:
    email = email.strip().lower()
    user = session.scalar(select(User).where(User.email == email))
    if user is None:
        raise NotFound(f"There is no user {email}.")
    return user


def _password(wanted: argparse.Namespace) -> str:
    if wanted.password_stdin:
        text = sys.stdin.readline().rstrip("\r\n")
        if not text:
            raise Invalid(FieldError("password", "is missing on standard input"))
        return text
    if not sys.stdin.isatty():
        raise Invalid(FieldError("password", "cannot be asked for here: use --password-stdin"))
    first = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != first:
        raise Invalid(FieldError("password", "was not the same twice"))
    return first


COMMANDS: dict[tuple[str, str], Callable[[argparse.Namespace], int]] = {
    ("site", "add"): add_site,
    ("site", "list"): list_sites,
    ("user", "add"): add_user,
    ("user", "reset-totp"): reset_totp,
    ("token", "add"): add_token,
    ("channel", "add"): add_channel,
    ("wording", "list"): list_wordings,
    ("wording", "set"): set_wording,
    ("cms", "add"): add_cms,
}

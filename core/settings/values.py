"""The values of the environment's variables as they are kept; ValueError says how to mend one."""

import os
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

Network = IPv4Network | IPv6Network

_SECRET_LENGTH = 32


def long_enough(secret: str) -> str:
    """A secret that nobody guesses."""
    if len(secret) < _SECRET_LENGTH:
        raise ValueError(
            f"must have at least {_SECRET_LENGTH} characters; a database server needs one. Make it "
            "with `python3 -c 'import secrets; print(secrets.token_urlsafe(48))'` and set "
            "TUZET_SECRET_KEY or TUZET_SECRET_KEY_FILE"
        )
    return secret


def sqlite_in(data_dir: Path) -> str:
    """The embedded database."""
    return f"sqlite:///{data_dir / 'tuzet.sqlite3'}"


def kept_secret(data_dir: Path) -> str:
    """The embedded secret: made once, readable by its owner only, kept beside the data."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / "secret.key"
    draft = data_dir / f".secret.{secrets.token_hex(8)}"
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            path.hardlink_to(draft)  # the first of several starters wins, whole
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()


def database_url(text: str) -> str:
    """A SQLAlchemy URL, with the driver that we bring along."""
    try:
        url = make_url(text)
    except ArgumentError as fault:
        raise ValueError("must look like postgresql+psycopg://user@host/name") from fault
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ValueError("must name sqlite or postgresql+psycopg")
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)


def redis_url(text: str) -> str:
    """The address of a broker."""
    if urlsplit(text).scheme not in {"redis", "rediss", "unix"}:
        raise ValueError("must begin with redis://, rediss:// or unix://")
    return text


def base_url(text: str) -> str:
    """What links in messages begin with, without a slash at its end."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an http or https address like https://tuzet.example.kz")
    if parts.query or parts.fragment or parts.username:
        raise ValueError("must have no user name, query or fragment")
    return text.rstrip("/")


def smtp_url(text: str) -> str:
    """The address of a mail server."""
    parts = urlsplit(text)
    if parts.scheme not in {"smtp", "smtps", "smtp+starttls"} or not parts.hostname:
        raise ValueError("must look like smtp://user:password@host:port")
    if parts.port == 0:
        raise ValueError("names port 0")
    return text


def issuer(text: str) -> str:
    """Who says who people are: over https, but for one on this machine."""
    parts = urlsplit(text)
    own = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if not parts.hostname or parts.scheme not in ({"http", "https"} if own else {"https"}):
        raise ValueError("must be an https address like https://login.example.kz/realms/news")
    if parts.query or parts.fragment or parts.username:
        raise ValueError("must have no user name, query or fragment")
    return text


def one_line(text: str) -> str:
    """A few words."""
    if len(text) > 40 or not text.isprintable():
        raise ValueError("must be one line of at most 40 characters")
    return text


def sender(text: str) -> str:
    """Whom mails come from."""
    if "@" not in text or any(ord(char) < 32 for char in text):
        raise ValueError("must be an address like Tuzet <tuzet@example.kz>")
    return text


def small_count(text: str) -> int:
    """A number of proxies."""
    if not text.isascii() or not text.isdigit() or int(text) > 16:
        raise ValueError("must be a whole number from 0 to 16")
    return int(text)


def networks(text: str) -> tuple[Network, ...]:
    """Networks, commas between them."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    try:
        return tuple(ip_network(name) for name in names)
    except ValueError as fault:
        raise ValueError(f"must be CIDRs with commas between, like 10.0.0.0/8 ({fault})") from fault


def on_or_off(text: str) -> bool:
    """A switch."""
    if text.lower() not in {"on", "off"}:
        raise ValueError("must be on or off")
    return text.lower() == "on"


def executable(text: str) -> Path:
    """A program."""
    path = Path(text)
    if not path.is_file() or not os.access(path, os.X_OK):
        raise ValueError("must be the path of a Chromium, like /usr/bin/chromium")
    return path


def scale(text: str) -> float:
    """By how much waiting times are divided."""
    scale = float(text)
    if not 1 <= scale <= 1_000_000:
        raise ValueError("must be a number from 1 to 1000000")
    return scale

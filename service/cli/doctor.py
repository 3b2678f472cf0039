"""`tuzet doctor`: looks at everything that the service leans on, and says what to do."""

import argparse
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import delete, text
from sqlalchemy.exc import SQLAlchemyError

from core import openid, queries
from core.channels import PassingFailure, PermanentFailure
from core.channels.smtp import greet
from core.clock import utcnow
from core.db import Database
from core.errors import SettingsError
from core.models import LoginFailure
from core.settings import Provider, Settings, names_a_server
from service.bell import broker_fault
from service.cli import schema
from service.cli.faults import database_fault
from service.outside import make_outside

_PATIENCE_S = 5
_MOST_SKEW = timedelta(seconds=5)
_LEAST_SPACE = 200 * 1024 * 1024
OTHER_KEY = (
    "Put the key back with which they were stored. If it is lost, add these channels and the CMS "
    "again, and let people set up their second step anew (tuzet user reset-totp)."
)


@dataclass(frozen=True)
class Finding:
    """What one look has shown. `advice` says what to do and is empty where all is well."""

    check: str
    ok: bool
    says: str
    advice: str = ""


def run(wanted: argparse.Namespace) -> int:
    """Look at everything and say it. 1 if anything is wrong."""
    findings = list(examine())
    if wanted.json:
        sound = all(finding.ok for finding in findings)
        print(json.dumps({"ok": sound, "checks": [asdict(one) for one in findings]}))
    else:
        for finding in findings:
            print(f"{'ok   ' if finding.ok else 'WRONG'}  {finding.check}: {finding.says}")
            if finding.advice:
                print(f"       {finding.advice}")
    return 0 if all(finding.ok for finding in findings) else 1


def examine() -> Iterator[Finding]:
    """All looks, one after the other; each waits some seconds at most."""
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as fault:
        for problem in fault.problems:
            yield Finding("settings", False, problem, "See docs/settings.md.")
        return
    yield Finding("settings", True, f"links begin with {settings.base_url}")
    checks: tuple[Callable[[Settings], Finding], ...] = (
        _data_folder,
        _database,
        _schema,
        _secrets,
        _broker,
        _mail,
        _clock,
    )
    for check in checks:
        yield check(settings)
    if settings.provider:
        yield _log_in_provider(settings.provider, settings)


def _data_folder(settings: Settings) -> Finding:
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as fault:
        return Finding(
            "data folder",
            False,
            f"{folder} cannot be written ({fault.strerror})",
            "Give the service's user the folder, or name another one in TUZET_DATA_DIR.",
        )
    if free < _LEAST_SPACE:
        says = f"{folder} has {free // 1024**2} MiB left"
        return Finding("data folder", False, says, "Make room before it is full.")
    return Finding("data folder", True, f"{folder} can be written, {free // 1024**2} MiB left")


def _database(settings: Settings) -> Finding:
    kind = "PostgreSQL" if names_a_server(settings.database_url) else "SQLite"
    db = Database(settings.database_url)
    try:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        if schema.present(db) is not None:
            with db.write() as session:
                session.execute(delete(LoginFailure).where(LoginFailure.id == -1))
    except SQLAlchemyError as fault:
        return Finding("database", False, kind, str(database_fault(fault)))
    finally:
        db.close()
    return Finding("database", True, f"{kind} answers and can be written")


def _schema(settings: Settings) -> Finding:
    db = Database(settings.database_url)
    newest = schema.newest()
    try:
        present = schema.present(db)
    except SQLAlchemyError:
        return Finding("schema", False, "unknown", "Mend the database first.")
    finally:
        db.close()
    if present is None and not names_a_server(settings.database_url):
        return Finding("schema", True, "no tables yet: `tuzet up` makes them")
    if present != newest:
        says = f"{present or 'no tables yet'}, this version needs {newest}"
        return Finding("schema", False, says, "Take a backup, then run `tuzet migrate`.")
    return Finding("schema", True, newest)


def _secrets(settings: Settings) -> Finding:
    db = Database(settings.database_url)
    try:
        if schema.present(db) != schema.newest():
            return Finding("secrets", True, "not looked at before the schema is this version's")
        with db.read() as session:
            unopened = queries.unopened_secrets(session, settings.secret_key)
    except SQLAlchemyError:
        return Finding("secrets", False, "unknown", "Mend the database first.")
    finally:
        db.close()
    if unopened:
        return Finding("secrets", False, f"TUZET_SECRET_KEY does not open {unopened}", OTHER_KEY)
    return Finding("secrets", True, "TUZET_SECRET_KEY opens all that are stored")


def _broker(settings: Settings) -> Finding:
    name = "Redis" if settings.redis_url else f"the folder {settings.broker_folder}"
    fault = broker_fault(settings)
    if fault is None:
        return Finding("broker", True, f"{name} answers")
    advice = (
        "Start Redis or mend TUZET_REDIS_URL. Until then reports are taken and sorted all the "
        "same, only some seconds later."
        if settings.redis_url
        else "Give the service's user the folder."
    )
    return Finding("broker", False, f"{name}: {fault}", advice)


def _mail(settings: Settings) -> Finding:
    if settings.smtp_url is None:
        says = f"no mail server: mails are kept in {settings.mail_folder}"
        return Finding("mail", True, says)
    target = urlsplit(settings.smtp_url)
    try:
        greet(settings.smtp_url)
    except (PassingFailure, PermanentFailure) as fault:
        return Finding(
            "mail",
            False,
            f"{target.hostname}: {fault.reason}",
            "Mend TUZET_SMTP_URL (smtp://user:password@host:port) or the server. Messages wait "
            "and are tried again.",
        )
    return Finding("mail", True, f"{target.hostname} answers")


def _log_in_provider(provider: Provider, settings: Settings) -> Finding:
    try:
        openid.discover(provider, make_outside(settings))
    except openid.ProviderFault as fault:
        return Finding(
            "log-in provider",
            False,
            f"{provider.issuer}: {fault}",
            "Mend TUZET_OIDC_ISSUER (as the provider itself writes it, with or without the last "
            "slash) or the way to it; a private address needs TUZET_PRIVATE_NETWORKS. People with "
            "a password still log in.",
        )
    back = f"{settings.base_url}/login/provider/back"
    return Finding("log-in provider", True, f"{provider.issuer} answers; it sends back to {back}")


def _clock(settings: Settings) -> Finding:
    """Rows are due by the clock of whoever looks; machines must agree what time it is."""
    skews: list[tuple[str, timedelta]] = []
    try:
        if names_a_server(settings.database_url):
            skews.append(("the database", _database_time(settings) - utcnow()))
        if settings.redis_url:
            skews.append(("Redis", _redis_time(settings.redis_url) - utcnow()))
    except (SQLAlchemyError, redis.RedisError, OSError):
        return Finding("clock", False, "cannot be compared", "Mend the database and Redis first.")
    for name, skew in skews:
        if abs(skew) > _MOST_SKEW:
            says = f"differs from that of {name} by {skew.total_seconds():.1f} s"
            return Finding("clock", False, says, "Let both machines keep their time by NTP.")
    return Finding("clock", True, f"{utcnow():%Y-%m-%d %H:%M:%S} UTC, and others agree")


def _database_time(settings: Settings) -> datetime:
    db = Database(settings.database_url)
    try:
        with db.engine.connect() as connection:
            moment: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
            return moment.astimezone(UTC)
    finally:
        db.close()


def _redis_time(url: str) -> datetime:
    client = redis.Redis.from_url(
        url,
        socket_timeout=_PATIENCE_S,
        socket_connect_timeout=_PATIENCE_S,
        retry=Retry(NoBackoff(), 0),
    )
    with client:
        seconds, microseconds = client.time()
    return datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=microseconds)

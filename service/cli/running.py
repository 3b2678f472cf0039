"""Commands that run the service or a part of it."""

import argparse
import os
import socket
import sys
from collections.abc import Callable

import structlog
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from core import logs, queries
from core.db import Database, migrate
from core.errors import TuzetError
from core.lifeline import Lifeline
from core.settings import Settings
from service.cli.faults import Away, database_fault

_log = structlog.get_logger(__name__)


def up(wanted: argparse.Namespace) -> int:
    """`tuzet up`"""
    from service import supervisor
    from service.server import listen

    listener = listen(wanted.host, wanted.port)
    environ = supervisor.child_environment(os.environ, listener)
    settings = Settings.from_environment(environ)
    logs.configure("supervisor", [settings.secret_key])
    _migrate(settings)
    _look_at_secrets(settings)

    def announce(address: str) -> None:
        print(f"Tuzet answers at {address}. Ctrl+C ends it.", flush=True)

    return supervisor.Supervisor(listener, settings, environ, wanted.ready_file, announce).run()


def web(wanted: argparse.Namespace) -> int:
    """`tuzet web`"""
    from service.app import create_app
    from service.bell import BrokerBell
    from service.server import listen, serve
    from service.supervisor import child_environment

    if wanted.fd is not None:
        listener = socket.socket(fileno=wanted.fd)
    else:
        listener = listen(wanted.host, wanted.port)
    settings = Settings.from_environment(child_environment(os.environ, listener))
    logs.configure("web", [settings.secret_key])
    bell = BrokerBell(settings)
    app = create_app(settings, Database(settings.database_url), bell)
    code = serve(app, listener, Lifeline(os.environ), lambda: bell.drain(1.0))
    sys.stderr.flush()
    sys.stdout.flush()
    os._exit(code)  # a thread that hangs on a server must not hold up the end


def worker(_wanted: argparse.Namespace) -> int:
    """`tuzet worker`"""
    return _become("worker.app")


def scheduler(_wanted: argparse.Namespace) -> int:
    """`tuzet scheduler`"""
    return _become("worker.clock")


def bring_up_to_date(_wanted: argparse.Namespace) -> int:
    """`tuzet migrate`"""
    settings = Settings.from_environment(os.environ)
    _migrate(settings)
    print("The database's schema is up to date.")
    return 0


def _become(module: str) -> int:
    """The other room is entered by its own door: this one imports nothing of it."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module])  # noqa: S606 (no shell is wanted)


def _look_at_secrets(settings: Settings) -> None:
    """Say at the start, and not only when a message fails, that the key is another one."""
    from service.cli.doctor import OTHER_KEY

    db = Database(settings.database_url)
    try:
        with db.read() as session:
            unopened = queries.unopened_secrets(session, settings.secret_key)
    finally:
        db.close()
    if unopened:
        _log.warning("TUZET_SECRET_KEY is another one", opens_not=str(unopened), advice=OTHER_KEY)


def _migrate(settings: Settings) -> None:
    try:
        migrate(settings.database_url)
    except SQLAlchemyError as fault:
        raise database_fault(fault) from fault
    except CommandError as fault:
        raise Away(f"The database belongs to another version of Tuzet: {fault}") from fault
    except OSError as fault:
        raise TuzetError(f"The data folder cannot be used: {fault}") from fault


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "up": up,
    "web": web,
    "worker": worker,
    "scheduler": scheduler,
    "migrate": bring_up_to_date,
}

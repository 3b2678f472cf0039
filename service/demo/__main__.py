"""`python -m service.demo [--fresh] [--port N]`: the whole service and a newsroom, until Ctrl+C."""

import argparse
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from core import logs
from core.db import Database, migrate
from core.errors import TuzetError
from core.settings import Settings
from service.demo.house import House, prepare
from service.demo.seeding import COLLEAGUES, PASSWORD
from service.demo.web import create_newsroom
from service.server import address_of, listen
from service.supervisor import Supervisor, child_environment

_HOST = "127.0.0.1"
_PORT = 8000
_TAIL = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 after Ctrl+C, 1 if something keeps the demo from starting (and says what)."""
    wanted = _parser().parse_args(arguments)
    try:
        return _run(wanted)
    except TuzetError as fault:
        print(f"The demo cannot start.\n{fault}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="begin anew, with the first reports")
    parser.add_argument("--port", type=int, default=_PORT, help="of the service, if it is free")
    parser.add_argument("--ready-file", type=Path, help="as of `tuzet up`")
    return parser


def _run(wanted: argparse.Namespace) -> int:
    folder = Path(os.environ.get("TUZET_DATA_DIR", "").strip() or "var/demo").absolute()
    with House.at(folder, fresh=wanted.fresh) as house:
        service, pages = _listen(wanted.port), _listen(house.port or wanted.port + 1)
        environ = child_environment(_environment(folder), service)
        settings = Settings.from_environment(environ)
        logs.configure("supervisor", [settings.secret_key])
        print("Setting up the newsroom. The first time this takes a few seconds.", flush=True)
        migrate(settings.database_url)
        db = Database(settings.database_url)
        try:
            around = prepare(house, db, settings, address_of(pages))
        finally:
            db.close()
        house.open_doors(create_newsroom(around), pages)
        log = house.log_to_file()
        newsroom = address_of(pages)
        supervisor = Supervisor(
            service, settings, environ, wanted.ready_file, lambda tuzet: _tell(tuzet, newsroom)
        )
        code = supervisor.run()
    if code:
        _complain(log)
    return code


def _environment(folder: Path) -> dict[str, str]:
    """The demo's own settings. Its addresses are invented, so its mails never leave the folder."""
    kept = {name: value for name, value in os.environ.items() if name != "TUZET_SMTP_URL"}
    return {
        "TUZET_TIME_SCALE": "20",  # a check that is due after two minutes comes after six seconds
        "TUZET_RATE_LIMITS": "on",
        **kept,
        "TUZET_DATA_DIR": str(folder),
        "TUZET_PRIVATE_NETWORKS": "127.0.0.0/8",  # the newsroom's pages are on this machine
    }


def _listen(port: int) -> socket.socket:
    try:
        return listen(_HOST, port)
    except TuzetError:
        return listen(_HOST, 0)


def _tell(tuzet: str, newsroom: str) -> None:
    people = "\n".join(f"    {person.email:<28} {person.role}" for person in COLLEAGUES)
    print(
        f"""
  Start here        {newsroom}/demo/
  The newsroom      {newsroom}/demo/kk/   {newsroom}/demo/ru/   {newsroom}/demo/en/
  Its inbox         {newsroom}/demo/inbox/
  Its own system    {newsroom}/demo/cms/

  The desk          {tuzet}/login
  Log in as
{people}
    with the password {PASSWORD}

  Ctrl+C ends everything.
""",
        flush=True,
    )


def _complain(log: Path) -> None:
    last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_TAIL:]
    print("\n".join([f"A part of the service cannot start. The end of {log}:", *last]))


if __name__ == "__main__":
    sys.exit(main())

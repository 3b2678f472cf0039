"""Where a command works: the settings, the database, and standard output."""

import argparse
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core import accounts
from core.clock import utcnow
from core.db import Database
from core.errors import NotFound
from core.models import Site
from core.settings import Settings
from service.cli import schema
from service.cli.faults import database_fault

OPERATOR = "operator"  # in the book of acts: somebody with a shell on the server


@dataclass(frozen=True)
class Place:
    """What a command works with."""

    settings: Settings
    db: Database


@contextmanager
def opened() -> Iterator[Place]:
    """The installation that the environment names, with its schema up to date."""
    settings = Settings.from_environment(os.environ)
    db = Database(settings.database_url)
    try:
        schema.prepared(settings, db)
        yield Place(settings, db)
    except SQLAlchemyError as fault:
        raise database_fault(fault) from fault
    finally:
        db.close()


def site_of(session: Session, key: str) -> Site:
    """The site with that key. Raises NotFound."""
    site = session.scalar(select(Site).where(Site.key == key))
    if site is None:
        raise NotFound(f"There is no site with the key {key}.")
    return site


def say(wanted: argparse.Namespace, made: Mapping[str, object], text: str) -> None:
    """Print the one or the other, as was wished."""
    print(json.dumps(made, ensure_ascii=False) if wanted.json else text)


def note(session: Session, act: str, subject: str, site_id: int | None, **facts: str) -> None:
    """Write what a command has done into the book of administrative acts."""
    accounts.note_act(session, OPERATOR, act, subject, site_id, utcnow(), **facts)

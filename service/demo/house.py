"""The demo's folder: made once, kept between starts, used by one demo at a time."""

import fcntl
import json
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select
from waitress import create_server

from core.clock import utcnow
from core.db import Database
from core.errors import Conflict
from core.models import Site
from core.settings import Settings
from service.demo.inbox import Inbox
from service.demo.newsroom import Newsroom
from service.demo.seeding import Past, add_newsroom, move_house
from service.demo.stories import mended
from service.demo.web import Surroundings

_AGE = timedelta(days=14)  # of the newsroom, when it is opened


@dataclass(frozen=True)
class House:
    """The folder, and what was noted there at an earlier start."""

    folder: Path
    site_key: str | None
    url: str | None

    @classmethod
    @contextmanager
    def at(cls, folder: Path, fresh: bool) -> Iterator["House"]:
        """Enter the folder; `fresh` clears it first. Raises Conflict if another demo uses it,
        or if it should be cleared but is not a demo's."""
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "demo.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as fault:
                raise Conflict(f"Another demo uses {folder}. End it first.") from fault
            if fresh:
                _clear(folder)
            noted = _noted(folder)
            yield cls(folder, noted.get("site_key"), noted.get("url"))

    @property
    def port(self) -> int | None:
        """Where the newsroom was the last time."""
        return urlsplit(self.url).port if self.url else None

    def note(self, site_key: str, url: str) -> None:
        """Remember this start for the next."""
        draft = self.folder / ".demo.json"
        draft.write_text(json.dumps({"site_key": site_key, "url": url}), encoding="utf-8")
        draft.replace(self.folder / "demo.json")

    def open_doors(self, newsroom: Flask, listener: socket.socket) -> None:
        """Serve the newsroom's pages for as long as this process lives."""
        server = create_server(newsroom, sockets=[listener], threads=4, ident=None)
        Thread(target=server.run, name="newsroom", daemon=True).start()

    def log_to_file(self) -> Path:
        """From here on this process and its children log into the folder, not onto the screen."""
        path = self.folder / "demo.log"
        sys.stderr.flush()
        with path.open("w", encoding="utf-8") as log:
            os.dup2(log.fileno(), sys.stderr.fileno())
        return path


def prepare(house: House, db: Database, settings: Settings, url: str) -> Surroundings:
    """The newsroom with its past, told at the first start; later only its address may be new.

    Raises Conflict for a database that has sites but none of the demo.
    """
    now = utcnow()
    newsroom = Newsroom(house.folder)
    origins = [url, url.replace("127.0.0.1", "localhost")]
    with db.write() as session:
        keys = session.scalars(select(Site.key)).all()
        if keys and house.site_key not in keys:
            raise Conflict("The database has sites already, and the demo wants one of its own.")
        if house.site_key in keys:
            site = session.scalars(select(Site).where(Site.key == house.site_key)).one()
            if house.url != url:
                move_house(session, site, url, origins)
            key = site.key
        else:
            key = add_newsroom(session, url, origins, settings, now - _AGE).key
    if not keys:
        newsroom.open(mended(), now)
        unhurried = replace(settings, time_scale=1.0)
        Past(db, unhurried, key, url, now).tell()
    house.note(key, url)
    return Surroundings(settings.base_url, key, newsroom, Inbox(settings.mail_folder))


def _noted(folder: Path) -> dict[str, str]:
    try:
        noted: dict[str, str] = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted


def _clear(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()} - {"demo.lock"}
    if names and "demo.json" not in names:
        raise Conflict(f"{folder} is not a demo's folder, so it is not cleared.")
    for name in names:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()

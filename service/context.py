"""What every request may use: the settings, the database and the bell."""

from dataclasses import dataclass
from typing import Protocol, cast

from flask import current_app

from core.db import Database
from core.settings import Settings


class Bell(Protocol):
    """Wakes the workers. Ringing never blocks and never fails; the rows are the truth."""

    def ring(self, signal: str) -> None:
        """Say "look now" for one of core.signals."""


@dataclass(frozen=True)
class Service:
    """The parts that create_app has put together."""

    settings: Settings
    db: Database
    bell: Bell


def service() -> Service:
    """The parts of the application that answers the present request."""
    return cast(Service, current_app.extensions["tuzet"])

"""What an operator is told when a server is not as it should be."""

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from core.errors import TuzetError


class Away(TuzetError):
    """A server cannot be used now."""


def database_fault(fault: SQLAlchemyError) -> Away:
    """One line out of a driver's many: what it says first, and where to look."""
    said = str(fault.orig) if isinstance(fault, DBAPIError) else str(fault)
    first = next((line.strip() for line in said.splitlines() if line.strip()), "no reason given")
    return Away(
        f"The database cannot be used: {first}. Check that its server runs and that "
        "TUZET_DATABASE_URL (or TUZET_DATA_DIR) is right; `tuzet doctor` looks closer."
    )

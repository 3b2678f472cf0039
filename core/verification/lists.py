"""What the readings of a case's page have said so far."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Verification


def verifications_of(session: Session, case_id: int, most: int = 50) -> list[Verification]:
    """The runs of agreeing readings of one case, the newest first.

    Each says what was found (`verdict`, `reason`), the place `before` and `after`, how many
    `readings` agreed, from `first_at` to `last_at`, and the last answer's status, ETag and address.
    """
    query = select(Verification).where(Verification.case_id == case_id)
    return list(session.scalars(query.order_by(Verification.id.desc()).limit(most)))

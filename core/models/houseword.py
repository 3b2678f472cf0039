"""Words as a newsroom spells them."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, Key


class HouseWord(Base):
    """One line of a site's dictionary: a word or name as the house spells it.

    `wrong`: a form that the house puts right by it. The keys are both folded (core.text.fold), so
    that a word is found however it is written.
    """

    __tablename__ = "house_word"
    __table_args__ = (
        Index("ix_house_word_site_id_right_key", "site_id", "right_key"),
        Index("ix_house_word_site_id_wrong_key", "site_id", "wrong_key"),
    )

    id: Mapped[Key]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    right: Mapped[str]
    wrong: Mapped[str | None]
    right_key: Mapped[str]
    wrong_key: Mapped[str | None]

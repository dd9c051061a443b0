"""The register of disclosures: every time names left the program, to whom, on what paper, and by which two people."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aidtrack.store.base import Base, DayDate, Id, JsonList, Moment, Note, OwnId, Quantity, Word


class Disclosure(Base):
    """One copy of a list of people. `second_id` is empty only for the command line on a file that is not encrypted."""

    __tablename__ = "disclosure"
    __table_args__ = (
        UniqueConstraint("site_id", "year", "number"),
        CheckConstraint("people >= 0", name="people"),
        Index("ix_disclosure_day", "site_id", "day"),
    )
    exchange = "append"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    year: Mapped[int]
    number: Mapped[int]
    code: Mapped[Word]
    mark: Mapped[Word]
    day: Mapped[DayDate]
    at: Mapped[Moment]
    asked_by: Mapped[Word] = mapped_column(default="")
    paper: Mapped[Word] = mapped_column(default="")
    purpose: Mapped[Note] = mapped_column(default="")
    fields: Mapped[JsonList] = mapped_column(default=list)
    people: Mapped[Quantity]
    families: Mapped[Quantity]
    given_by_id: Mapped[Id | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"), default=None)
    given_by: Mapped[Word]
    second_id: Mapped[Id | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"), default=None)
    second: Mapped[Word] = mapped_column(default="")
    is_locked: Mapped[bool] = mapped_column(default=True)



"""The aid form as data: versions of the questions, and what families answered."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aidtrack.store.base import Base, Code, DayDate, Id, Json, JsonList, Moment, OwnId


class Form(Base):
    """One version of the centre's questions; it never changes, a change is the next version. `questions` after `domain.intake`."""

    __tablename__ = "form"
    __table_args__ = (UniqueConstraint("site_id", "code", "edition"),)
    exchange = "append"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    code: Mapped[Code]
    edition: Mapped[int]
    names: Mapped[Json]
    questions: Mapped[JsonList]
    made_at: Mapped[Moment]


class Submission(Base):
    """One filled form of a family; a corrected one names the one it replaces."""

    __tablename__ = "submission"
    __table_args__ = (Index("ix_submission_household", "household_id"),)
    exchange = "append"
    id: Mapped[OwnId]
    form_id: Mapped[Id] = mapped_column(ForeignKey("form.id", ondelete="RESTRICT"))
    household_id: Mapped[Id] = mapped_column(ForeignKey("household.id", ondelete="RESTRICT"))
    replaces_id: Mapped[Id | None] = mapped_column(ForeignKey("submission.id", ondelete="RESTRICT"), default=None)
    number: Mapped[Code] = mapped_column(default="")
    answers: Mapped[Json]
    day: Mapped[DayDate]
    at: Mapped[Moment]

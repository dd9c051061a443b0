"""Which person rows are one human being: words said about pairs, and pairs left for somebody to settle.

Owns the two tables. Both are only ever added to: joining is a word, taking it back is one more word. Classes, disputes and what is
still open are derived from the last word of each pair by `services.identity.links`.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from aidtrack.store.base import Base, Code, DayDate, Id, JsonList, Moment, Note, OwnId


class PersonLink(Base):
    """One word about a pair (`a_id` < `b_id`): same, different, or open again. The highest `no` of a pair counts.

    `no` counts the words of one pair, so that the last one is known whatever the clocks of two windows say.
    """

    __tablename__ = "person_link"
    __table_args__ = (
        CheckConstraint("verdict IN ('same', 'different', 'open')", name="verdict"),
        CheckConstraint("a_id < b_id", name="order"),
        Index("ix_person_link_pair", "a_id", "b_id", "no"),
        Index("ix_person_link_b", "b_id"),
    )
    exchange = "append"
    subject_column = "a_id"
    id: Mapped[OwnId]
    a_id: Mapped[Id] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    b_id: Mapped[Id] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    verdict: Mapped[Code]
    no: Mapped[int]
    operation_id: Mapped[Id] = mapped_column(ForeignKey("operation.id", ondelete="RESTRICT"), index=True)
    day: Mapped[DayDate]
    at: Mapped[Moment]
    reason: Mapped[Note] = mapped_column(default="")


class SimilarPair(Base):
    """A pair somebody passed by for the evening: how alike (thousandths) and why, as codes with facts."""

    __tablename__ = "similar_pair"
    __table_args__ = (
        CheckConstraint("a_id < b_id", name="order"),
        CheckConstraint("score BETWEEN 0 AND 1000", name="score"),
        Index("ix_similar_pair_pair", "a_id", "b_id"),
    )
    exchange = "append"
    subject_column = "a_id"
    id: Mapped[OwnId]
    a_id: Mapped[Id] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    b_id: Mapped[Id] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    score: Mapped[int] = mapped_column(Integer)
    reasons: Mapped[JsonList] = mapped_column(default=list)
    operation_id: Mapped[Id] = mapped_column(ForeignKey("operation.id", ondelete="RESTRICT"), index=True)
    day: Mapped[DayDate]
    at: Mapped[Moment]

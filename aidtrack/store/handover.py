"""What families received: hand-over, everybody it covered, its lines; and the voids that reverse one completely.

Owns these five tables. `services.campaigns` reads from them who was covered by what: void hand-overs and declined
items count for nothing there.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aidtrack.store.base import Base, Code, DayDate, Id, Json, JsonList, Moment, Note, OwnId, Quantity


class HandOver(Base):
    """What one household received at one time; `sheet` and `line` are where it was signed."""

    __tablename__ = "hand_over"
    __table_args__ = (
        Index("ix_hand_over_household", "household_id"),
        Index("ix_hand_over_day", "site_id", "day"),
        UniqueConstraint("site_id", "day", "desk_id", "sheet", "line"),
    )
    exchange = "append"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    household_id: Mapped[Id] = mapped_column(ForeignKey("household.id", ondelete="RESTRICT"))
    ticket_id: Mapped[Id | None] = mapped_column(ForeignKey("ticket.id", ondelete="RESTRICT"), default=None, index=True)
    desk_id: Mapped[Id] = mapped_column(ForeignKey("desk.id", ondelete="RESTRICT"))
    day: Mapped[DayDate]
    at: Mapped[Moment]
    collector_id: Mapped[Id | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), default=None)
    collector_text: Mapped[Note] = mapped_column(default="")
    sheet: Mapped[int]
    line: Mapped[int]
    people: Mapped[int]
    cohorts: Mapped[Json] = mapped_column(default=dict)
    served_ticket: Mapped[bool] = mapped_column(default=False)


class HandOverPerson(Base):
    """Everybody a hand-over covered; the windows of allowances follow these people."""

    __tablename__ = "hand_over_person"
    exchange = "append"
    subject_column = "person_id"
    hand_over_id: Mapped[Id] = mapped_column(ForeignKey("hand_over.id", ondelete="RESTRICT"), primary_key=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), primary_key=True, index=True)


class HandOverLine(Base):
    """One item of a hand-over: how many, of how many allowed, under which edition of which rule, for which people.

    `person_ids` are those this item was given for; None when it is everybody the hand-over covered.
    """

    __tablename__ = "hand_over_line"
    __table_args__ = (UniqueConstraint("hand_over_id", "no"), CheckConstraint("quantity > 0", name="quantity"))
    exchange = "append"
    id: Mapped[OwnId]
    hand_over_id: Mapped[Id] = mapped_column(ForeignKey("hand_over.id", ondelete="RESTRICT"))
    no: Mapped[int]
    rule_id: Mapped[Id] = mapped_column(ForeignKey("campaign_rule.id", ondelete="RESTRICT"), index=True)
    item_id: Mapped[Id] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"))
    lot_id: Mapped[Id] = mapped_column(ForeignKey("lot.id", ondelete="RESTRICT"))
    quantity: Mapped[Quantity]
    allowed: Mapped[Quantity]
    person_ids: Mapped[JsonList | None] = mapped_column(default=None)


class HandOverDecline(Base):
    """An item the family did not want at this hand-over: settles its line, covers nobody, moves nothing."""

    __tablename__ = "hand_over_decline"
    __table_args__ = (CheckConstraint("allowed > 0", name="allowed"),)
    exchange = "append"
    hand_over_id: Mapped[Id] = mapped_column(ForeignKey("hand_over.id", ondelete="RESTRICT"), primary_key=True)
    rule_id: Mapped[Id] = mapped_column(ForeignKey("campaign_rule.id", ondelete="RESTRICT"), primary_key=True)
    item_id: Mapped[Id] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"))
    allowed: Mapped[Quantity]


class HandOverVoid(Base):
    """A cancelled hand-over: why, and where the goods are. Each is cancelled at most once."""

    __tablename__ = "hand_over_void"
    __table_args__ = (
        CheckConstraint("goods IN ('shelf', 'other_household', 'set_aside', 'never_left')", name="goods"),
    )
    exchange = "append"
    id: Mapped[OwnId]
    hand_over_id: Mapped[Id] = mapped_column(ForeignKey("hand_over.id", ondelete="RESTRICT"), unique=True)
    goods: Mapped[Code]
    reason: Mapped[Note] = mapped_column(default="")
    replaced_by_id: Mapped[Id | None] = mapped_column(ForeignKey("hand_over.id", ondelete="RESTRICT"), default=None)
    day: Mapped[DayDate] = mapped_column(index=True)
    at: Mapped[Moment]

"""What families received: hand-over, everybody it covered, its lines, who allowed more; and the voids that reverse one completely.

Owns these tables, and the sheets that go out to families at home. `services.campaigns` reads from them who was covered by what: void
hand-overs and declined items count for nothing there.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aidtrack.store.base import Base, Code, DayDate, Id, Json, JsonList, Moment, Note, OwnId, Quantity, Word


class HandOver(Base):
    """What one household received at one time; `sheet` and `line` are where it was signed.

    Without a household it is a hand-over to people who are not registered: `people` is how many there were. `how_known` is the word of
    somebody who collects for another family. `counts_from` is the day from which it counts where that is not the day it was booked.
    `again` counts how often that line was written before: typed in from paper and taken back, or signed by somebody else.
    """

    __tablename__ = "hand_over"
    __table_args__ = (
        CheckConstraint("sign_off IN ('sheet', 'none', 'witnesses')", name="sign_off"),
        Index("ix_hand_over_household", "household_id"),
        Index("ix_hand_over_day", "site_id", "day"),
        UniqueConstraint("site_id", "day", "desk_id", "sheet", "line", "again"),
    )
    exchange = "append"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    household_id: Mapped[Id | None] = mapped_column(ForeignKey("household.id", ondelete="RESTRICT"), default=None)
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
    how_known: Mapped[Code] = mapped_column(default="")
    sign_off: Mapped[Code] = mapped_column(default="sheet")
    counts_from: Mapped[DayDate | None] = mapped_column(default=None)
    again: Mapped[int] = mapped_column(default=0)


class HandOverPerson(Base):
    """Everybody a hand-over covered; the windows of allowances follow these people."""

    __tablename__ = "hand_over_person"
    exchange = "append"
    subject_column = "person_id"
    hand_over_id: Mapped[Id] = mapped_column(ForeignKey("hand_over.id", ondelete="RESTRICT"), primary_key=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), primary_key=True, index=True)


class HandOverLine(Base):
    """One item of a hand-over: how many, of how many allowed, under which edition of which rule, for which people.

    `person_ids` are those this item was given for; None when it is everybody the hand-over covered. `substitute_of_id` is the item it
    was given in place of. Without a rule it was given to people who are not registered. `by_new_home`: it was due only because a new home
    has its own.
    """

    __tablename__ = "hand_over_line"
    __table_args__ = (UniqueConstraint("hand_over_id", "no"), CheckConstraint("quantity > 0", name="quantity"))
    exchange = "append"
    id: Mapped[OwnId]
    hand_over_id: Mapped[Id] = mapped_column(ForeignKey("hand_over.id", ondelete="RESTRICT"))
    no: Mapped[int]
    rule_id: Mapped[Id | None] = mapped_column(ForeignKey("campaign_rule.id", ondelete="RESTRICT"), default=None, index=True)
    item_id: Mapped[Id] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"))
    lot_id: Mapped[Id] = mapped_column(ForeignKey("lot.id", ondelete="RESTRICT"))
    quantity: Mapped[Quantity]
    allowed: Mapped[Quantity]
    person_ids: Mapped[JsonList | None] = mapped_column(default=None)
    substitute_of_id: Mapped[Id | None] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"), default=None)
    by_new_home: Mapped[bool] = mapped_column(default=False)


class HandOverNumber(Base):
    """The number on one piece of a numbered item, as it was scanned. Each is with one family at a time; a cancelled one is free again."""

    __tablename__ = "hand_over_number"
    __table_args__ = (Index("ix_hand_over_number_item", "item_id", "number"),)
    exchange = "append"
    hand_over_line_id: Mapped[Id] = mapped_column(
        ForeignKey("hand_over_line.id", ondelete="RESTRICT"), primary_key=True
    )
    number: Mapped[Word] = mapped_column(primary_key=True)
    item_id: Mapped[Id] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"))


class Approval(Base):
    """Who allowed a hand-over to give more than is due, at the window where it was given, and why."""

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint("reason IN ('need', 'our_mistake', 'good_faith', 'size', 'other')", name="reason"),
    )
    exchange = "append"
    hand_over_id: Mapped[Id] = mapped_column(ForeignKey("hand_over.id", ondelete="RESTRICT"), primary_key=True)
    approver_id: Mapped[Id | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="RESTRICT"), default=None, index=True
    )
    approver_name: Mapped[Word]
    reason: Mapped[Code]
    note: Mapped[Note] = mapped_column(default="")
    at: Mapped[Moment]


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
    """A cancelled hand-over: why, and where the goods are. Each is cancelled at most once.

    `kind` says what it was for: cancelled, corrected or exchanged; `replaced_by_id` is what stands in its place.
    """

    __tablename__ = "hand_over_void"
    __table_args__ = (
        CheckConstraint("kind IN ('cancelled', 'corrected', 'exchanged')", name="kind"),
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
    kind: Mapped[Code] = mapped_column(default="cancelled")


class DeliverySheet(Base):
    """One numbered copy of a home-delivery sheet: for which families it was printed, and who took it out."""

    __tablename__ = "delivery_sheet"
    __table_args__ = (UniqueConstraint("site_id", "day", "number"),)
    exchange = "append"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    day: Mapped[DayDate]
    number: Mapped[int]
    carrier: Mapped[Word]
    household_ids: Mapped[JsonList]
    at: Mapped[Moment]


class DeliveryReturn(Base):
    """A home-delivery sheet that is back: when it was signed in, or what became of it."""

    __tablename__ = "delivery_return"
    exchange = "append"
    sheet_id: Mapped[Id] = mapped_column(ForeignKey("delivery_sheet.id", ondelete="RESTRICT"), primary_key=True)
    note: Mapped[Note] = mapped_column(default="")
    at: Mapped[Moment]


class LoanReturn(Base):
    """What became of something lent: back on the shelf, set aside, or kept by the family. Each line is closed at most once."""

    __tablename__ = "loan_return"
    __table_args__ = (CheckConstraint("outcome IN ('shelf', 'set_aside', 'kept')", name="outcome"),)
    exchange = "append"
    id: Mapped[OwnId]
    hand_over_line_id: Mapped[Id] = mapped_column(ForeignKey("hand_over_line.id", ondelete="RESTRICT"), unique=True)
    outcome: Mapped[Code]
    reason: Mapped[Note] = mapped_column(default="")
    day: Mapped[DayDate] = mapped_column(index=True)
    at: Mapped[Moment]

"""What was announced, promised and waited for: deliveries with a date, promises on goods or on such a delivery, places in the wait list.

Owns these seven tables. What stands aside for a promise is the fold of its reservations; `balance.reserved` is their sum by lot.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aidtrack.store.base import Base, Code, DayDate, Id, Moment, Note, OwnId, Quantity, Versioned, Word


class Announcement(Versioned, Base):
    """A delivery that was announced to a centre; a receipt fulfils it, or it is cancelled."""

    __tablename__ = "announcement"
    __table_args__ = (
        CheckConstraint("document_id IS NULL OR cancelled_on IS NULL", name="one_end"),
        Index("ix_announcement_site", "site_id", "expected_on"),
    )
    exchange = "fields"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    supplier: Mapped[Word]
    donor: Mapped[Word] = mapped_column(default="")
    expected_on: Mapped[DayDate]
    note: Mapped[Note] = mapped_column(default="")
    day: Mapped[DayDate]
    at: Mapped[Moment]
    document_id: Mapped[Id | None] = mapped_column(ForeignKey("document.id", ondelete="RESTRICT"), default=None)
    cancelled_on: Mapped[DayDate | None] = mapped_column(default=None)
    cancelled_because: Mapped[Note] = mapped_column(default="")


class AnnouncementLine(Base):
    """So many units of an item that an announced delivery brings. `promised` of them families were told about: never more."""

    __tablename__ = "announcement_line"
    __table_args__ = (
        UniqueConstraint("announcement_id", "item_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("promised >= 0 AND promised <= quantity", name="promised"),
    )
    exchange = "append"
    id: Mapped[OwnId]
    announcement_id: Mapped[Id] = mapped_column(ForeignKey("announcement.id", ondelete="RESTRICT"))
    item_id: Mapped[Id] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"), index=True)
    quantity: Mapped[Quantity]
    promised: Mapped[Quantity] = mapped_column(default=0, info={"derived": True})


class Promise(Versioned, Base):
    """Goods promised to a family. Its date and delivery may be set anew; it is closed by hand-overs (`owed` is 0) or by one reason."""

    __tablename__ = "promise"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("owed >= 0 AND owed <= quantity", name="owed"),
        CheckConstraint("(ended_on IS NULL) = (ended_because IS NULL)", name="end"),
        CheckConstraint(
            "ended_because IN ('not_coming', 'not_wanted', 'not_fetched', 'other_help', 'mistake')", name="ended_because"
        ),
        Index("ix_promise_household", "household_id"),
        Index("ix_promise_open", "site_id", "item_id", "ended_on"),
        Index("ix_promise_line", "line_id"),
    )
    exchange = "fields"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    household_id: Mapped[Id] = mapped_column(ForeignKey("household.id", ondelete="RESTRICT"))
    rule_id: Mapped[Id] = mapped_column(ForeignKey("campaign_rule.id", ondelete="RESTRICT"))
    item_id: Mapped[Id] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"))
    quantity: Mapped[Quantity]
    owed: Mapped[Quantity] = mapped_column(info={"derived": True})
    until_on: Mapped[DayDate]
    line_id: Mapped[Id | None] = mapped_column(ForeignKey("announcement_line.id", ondelete="RESTRICT"), default=None)
    day: Mapped[DayDate]
    at: Mapped[Moment]
    ended_on: Mapped[DayDate | None] = mapped_column(default=None)
    ended_because: Mapped[Code | None] = mapped_column(default=None)


class PromisePerson(Base):
    """Whom a promise is for: it counts for these people wherever they go, as a hand-over would."""

    __tablename__ = "promise_person"
    exchange = "append"
    subject_column = "person_id"
    promise_id: Mapped[Id] = mapped_column(ForeignKey("promise.id", ondelete="RESTRICT"), primary_key=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), primary_key=True, index=True)


class Reservation(Base):
    """Units of a lot put aside for a promise (above zero), or drawn, given free or taken by a count (below)."""

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint("quantity <> 0", name="quantity"),
        CheckConstraint("kind IN ('put_aside', 'given', 'returned', 'released')", name="kind"),
        Index("ix_reservation_promise", "promise_id"),
        Index("ix_reservation_lot", "place_id", "item_id", "lot_id"),
        Index("ix_reservation_line", "hand_over_line_id"),
    )
    exchange = "append"
    id: Mapped[OwnId]
    promise_id: Mapped[Id] = mapped_column(ForeignKey("promise.id", ondelete="RESTRICT"))
    place_id: Mapped[Id] = mapped_column(ForeignKey("stock_place.id", ondelete="RESTRICT"))
    item_id: Mapped[Id] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"))
    lot_id: Mapped[Id] = mapped_column(ForeignKey("lot.id", ondelete="RESTRICT"))
    quantity: Mapped[Quantity]
    kind: Mapped[Code]
    hand_over_line_id: Mapped[Id | None] = mapped_column(
        ForeignKey("hand_over_line.id", ondelete="RESTRICT"), default=None
    )
    day: Mapped[DayDate]
    at: Mapped[Moment]


class WaitEntry(Base):
    """A place kept for an item that ran out: nothing is owed. `came_on` is when the family was told that it came."""

    __tablename__ = "wait_entry"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        Index("ix_wait_entry_household", "household_id"),
        Index("ix_wait_entry_item", "site_id", "item_id"),
    )
    exchange = "fields"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    household_id: Mapped[Id] = mapped_column(ForeignKey("household.id", ondelete="RESTRICT"))
    rule_id: Mapped[Id] = mapped_column(ForeignKey("campaign_rule.id", ondelete="RESTRICT"))
    item_id: Mapped[Id] = mapped_column(ForeignKey("item.id", ondelete="RESTRICT"))
    quantity: Mapped[Quantity]
    day: Mapped[DayDate]
    at: Mapped[Moment]
    came_on: Mapped[DayDate | None] = mapped_column(default=None)


class WaitEnd(Base):
    """How a place in the wait list ended. It counts while its hand-over is not cancelled, or its promise not broken by us."""

    __tablename__ = "wait_end"
    __table_args__ = (
        CheckConstraint("because IN ('given', 'promised', 'left')", name="because"),
        CheckConstraint("(because = 'given') = (hand_over_id IS NOT NULL)", name="hand_over"),
        CheckConstraint("(because = 'promised') = (promise_id IS NOT NULL)", name="promise"),
        Index("ix_wait_end_entry", "wait_entry_id"),
    )
    exchange = "append"
    id: Mapped[OwnId]
    wait_entry_id: Mapped[Id] = mapped_column(ForeignKey("wait_entry.id", ondelete="RESTRICT"))
    because: Mapped[Code]
    hand_over_id: Mapped[Id | None] = mapped_column(ForeignKey("hand_over.id", ondelete="RESTRICT"), default=None)
    promise_id: Mapped[Id | None] = mapped_column(ForeignKey("promise.id", ondelete="RESTRICT"), default=None)
    day: Mapped[DayDate]
    at: Mapped[Moment]

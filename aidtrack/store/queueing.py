"""Tickets and what happened to them; the state of a ticket is the fold of its events, kept beside it for quick lists."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from aidtrack.store.base import Base, Code, DayDate, Id, Moment, Note, OwnId


class Ticket(Base):
    """A number in a lane of one day. Every column marked derived folds from its events (`domain.queueing.ticket_now`).

    `from_id` is the number of the day before that this one continues; `calls` counts the calls nobody answered in a row.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("site_id", "day", "lane", "number"),
        CheckConstraint("lane IN ('A', 'K', 'M', 'T')", name="lane"),
        CheckConstraint(
            "state IN ('waiting', 'called', 'serving', 'served', 'missed', 'left', 'cancelled', 'expired', 'tomorrow')",
            name="state",
        ),
        Index("ix_ticket_day_state", "site_id", "day", "state"),
        Index("ix_ticket_household", "household_id"),
    )
    exchange = "append"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    day: Mapped[DayDate]
    lane: Mapped[Code]
    number: Mapped[int]
    issued_at: Mapped[Moment]
    from_id: Mapped[Id | None] = mapped_column(ForeignKey("ticket.id", ondelete="RESTRICT"), default=None)
    state: Mapped[Code] = mapped_column(default="waiting", info={"derived": True})
    stage: Mapped[Code] = mapped_column(default="", info={"derived": True})
    household_id: Mapped[Id | None] = mapped_column(
        ForeignKey("household.id", ondelete="RESTRICT"), default=None, info={"derived": True}
    )
    desk_id: Mapped[Id | None] = mapped_column(
        ForeignKey("desk.id", ondelete="RESTRICT"), default=None, info={"derived": True}
    )
    for_desk_id: Mapped[Id | None] = mapped_column(
        ForeignKey("desk.id", ondelete="RESTRICT"), default=None, info={"derived": True}
    )
    called_at: Mapped[Moment | None] = mapped_column(default=None, info={"derived": True})
    first_called_at: Mapped[Moment | None] = mapped_column(default=None, info={"derived": True})
    ended_at: Mapped[Moment | None] = mapped_column(default=None, info={"derived": True})
    returned_at: Mapped[Moment | None] = mapped_column(default=None, info={"derived": True})
    calls: Mapped[int] = mapped_column(default=0, info={"derived": True})
    families: Mapped[int] = mapped_column(default=0, info={"derived": True})
    is_printed: Mapped[bool | None] = mapped_column(default=None, info={"derived": True})


class TicketEvent(Base):
    """One thing that happened to a number: issued, tied, called (again), not_here, missed, back, serving, moved, served,
    reopened, left, cancelled, expired, tomorrow, printed, not_printed, undone. `undoes_no` names the event that an
    *undone* takes back: neither counts any more. `to_desk_id` is the window a *moved* number is sent to, if to one.
    """

    __tablename__ = "ticket_event"
    __table_args__ = (UniqueConstraint("ticket_id", "no"), Index("ix_ticket_event_at", "at"))
    exchange = "append"
    id: Mapped[OwnId]
    operation_id: Mapped[Id] = mapped_column(ForeignKey("operation.id", ondelete="RESTRICT"), index=True)
    ticket_id: Mapped[Id] = mapped_column(ForeignKey("ticket.id", ondelete="RESTRICT"))
    no: Mapped[int]
    kind: Mapped[Code]
    at: Mapped[Moment]
    desk_id: Mapped[Id | None] = mapped_column(ForeignKey("desk.id", ondelete="RESTRICT"), default=None)
    household_id: Mapped[Id | None] = mapped_column(ForeignKey("household.id", ondelete="RESTRICT"), default=None)
    stage: Mapped[Code] = mapped_column(default="")
    reason: Mapped[Note] = mapped_column(default="")
    undoes_no: Mapped[int | None] = mapped_column(default=None)
    to_desk_id: Mapped[Id | None] = mapped_column(ForeignKey("desk.id", ondelete="RESTRICT"), default=None)


class NumberBlock(Base):
    """Numbers of a lane cut from the counter for a paper roll: they are given by hand, and typed in as far as the roll has come."""

    __tablename__ = "number_block"
    __table_args__ = (
        UniqueConstraint("site_id", "day", "lane", "first"),
        CheckConstraint("first > 0 AND last >= first", name="numbers"),
    )
    exchange = "append"
    id: Mapped[OwnId]
    operation_id: Mapped[Id] = mapped_column(ForeignKey("operation.id", ondelete="RESTRICT"), index=True)
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    day: Mapped[DayDate]
    lane: Mapped[Code]
    first: Mapped[int]
    last: Mapped[int]
    at: Mapped[Moment]


class Slot(Base):
    """The hour of the next day a number was put off to; of several the newest counts, and none once the number is back."""

    __tablename__ = "slot"
    exchange = "append"
    id: Mapped[OwnId]
    operation_id: Mapped[Id] = mapped_column(ForeignKey("operation.id", ondelete="RESTRICT"), index=True)
    ticket_id: Mapped[Id] = mapped_column(ForeignKey("ticket.id", ondelete="RESTRICT"), index=True)
    day: Mapped[DayDate]
    hour: Mapped[int]
    at: Mapped[Moment]


class TurnedAway(Base):
    """What a family was told at the door before it waited in vain: not today, and from when; once a day for each family."""

    __tablename__ = "turned_away"
    __table_args__ = (UniqueConstraint("household_id", "day"), Index("ix_turned_away_day", "site_id", "day"))
    exchange = "append"
    id: Mapped[OwnId]
    operation_id: Mapped[Id] = mapped_column(ForeignKey("operation.id", ondelete="RESTRICT"), index=True)
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    household_id: Mapped[Id] = mapped_column(ForeignKey("household.id", ondelete="RESTRICT"))
    day: Mapped[DayDate]
    said: Mapped[Code]
    next_day: Mapped[DayDate | None] = mapped_column(default=None)
    at: Mapped[Moment]


class Dispute(Base):
    """How the shift lead ended a dispute: one of five outcomes, about which hand-over, and the collector it stops if there is one."""

    __tablename__ = "dispute"
    __table_args__ = (
        CheckConstraint("outcome IN ('our_error', 'wrong_family', 'other_collector', 'signature', 'good_faith')", name="outcome"),
        Index("ix_dispute_day", "site_id", "day"),
    )
    exchange = "append"
    id: Mapped[OwnId]
    operation_id: Mapped[Id] = mapped_column(ForeignKey("operation.id", ondelete="RESTRICT"), index=True)
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    household_id: Mapped[Id] = mapped_column(ForeignKey("household.id", ondelete="RESTRICT"), index=True)
    ticket_id: Mapped[Id | None] = mapped_column(ForeignKey("ticket.id", ondelete="RESTRICT"), default=None)
    hand_over_id: Mapped[Id | None] = mapped_column(ForeignKey("hand_over.id", ondelete="RESTRICT"), default=None)
    stopped_id: Mapped[Id | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), default=None)
    day: Mapped[DayDate]
    outcome: Mapped[Code]
    next_day: Mapped[DayDate | None] = mapped_column(default=None)
    at: Mapped[Moment]


class DisputeUndo(Base):
    """Says that a dispute did not end as it was written; once for each."""

    __tablename__ = "dispute_undo"
    __table_args__ = (UniqueConstraint("dispute_id"),)
    exchange = "append"
    id: Mapped[OwnId]
    operation_id: Mapped[Id] = mapped_column(ForeignKey("operation.id", ondelete="RESTRICT"), index=True)
    dispute_id: Mapped[Id] = mapped_column(ForeignKey("dispute.id", ondelete="RESTRICT"))
    at: Mapped[Moment]


def dispute_stands(until: datetime | None = None) -> ColumnElement[bool]:
    """That a dispute was not taken back, or not by then."""
    undone = select(DisputeUndo.id).where(DisputeUndo.dispute_id == Dispute.id)
    return ~(undone if until is None else undone.where(DisputeUndo.at <= until)).exists()

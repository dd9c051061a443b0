"""Tickets and what happened to them; the state of a ticket is the fold of its events, kept beside it for quick lists."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
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
    *undone* takes back: neither counts any more.
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

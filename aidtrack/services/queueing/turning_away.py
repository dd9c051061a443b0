"""Who was told “not today” before waiting in vain: written down as a fact, with the day they were told (field.md §1, 2).

Owns the record. What is said at the door is `services.door`'s work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.errors import Text
from aidtrack.services.queueing.issuing import lock_cards
from aidtrack.services.today import require_open_day
from aidtrack.store import journal
from aidtrack.store.people import Card
from aidtrack.store.queueing import Ticket, TurnedAway


class Said(StrEnum):
    """What a family was told."""

    LATER = "later"
    NOTHING = "nothing"

    @property
    def text(self) -> Text:
        return Text("not today") if self is Said.LATER else Text("nothing to hand over")


@dataclass(frozen=True, slots=True)
class TurnedAwayRow:
    """One family of a day, by the end of its card only. `came_in` says that it took a number all the same."""

    household_id: UUID
    card_tail: str
    at: datetime
    said: Said
    next_day: date | None
    came_in: bool


def turn_away(
    session: Session, by: Actor, *, request_id: UUID, household_id: UUID, said: Said, next_day: date | None = None
) -> bool:
    """Writes down what the family was told; False when it was told so today already, under any of its cards."""
    by.require(Permission.ISSUE_TICKET)
    facts: dict[str, Any] = {"household_id": household_id, "said": said, "next_day": next_day}
    with journal.operation(session, by, request_id, "turn_away", **facts) as op:
        if op.is_repeat:
            return bool(op.ids("turned_away"))
        day = require_open_day(session, by).day
        cards = lock_cards(session, household_id)
        known = select(TurnedAway.id).where(TurnedAway.household_id.in_(cards), TurnedAway.day == day)
        if session.scalars(known).first() is not None:
            return False
        row = TurnedAway(
            id=new_id(), operation_id=op.id, site_id=by.site, household_id=household_id, day=day, said=said.value,
            next_day=next_day, at=by.now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        return True


def turned_away(session: Session, by: Actor, day: date) -> tuple[TurnedAwayRow, ...]:
    """Everybody who was told so on a day, in the order it was said."""
    took = select(Ticket.id).where(Ticket.household_id == TurnedAway.household_id, Ticket.day == TurnedAway.day)
    took = took.where(Ticket.site_id == TurnedAway.site_id, Ticket.issued_at >= TurnedAway.at)
    tail = select(Card.tail).where(Card.household_id == TurnedAway.household_id, Card.is_valid)
    query = (
        select(TurnedAway, tail.order_by(Card.issued_at.desc()).limit(1).scalar_subquery(), took.exists())
        .where(TurnedAway.site_id == by.site, TurnedAway.day == day)
        .order_by(TurnedAway.at, TurnedAway.id)
    )
    return tuple(
        TurnedAwayRow(row.household_id, end or "", row.at, Said(row.said), row.next_day, bool(came))
        for row, end, came in session.execute(query)
    )

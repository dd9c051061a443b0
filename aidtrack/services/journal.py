"""Reading the journal: what was done, by whom, where, when, and to which rows. Nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.arrivals import KEPT, Seen
from aidtrack.services.identity.classes import household_class
from aidtrack.store.days import Desk
from aidtrack.store.handover import HandOver
from aidtrack.store.identity import PersonLink
from aidtrack.store.journal import Change, Operation
from aidtrack.store.people import HouseholdMember
from aidtrack.store.queueing import Ticket

_MANY = 100


@dataclass(frozen=True, slots=True)
class OperationRow:
    """One thing somebody did; `arrival` grows with every operation."""

    arrival: int
    id: UUID
    kind: str
    actor_name: str
    desk_number: int | None
    at: datetime
    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What one operation did to one row: new values, and the old ones where it changed them."""

    table_name: str
    new: dict[str, Any]
    was: dict[str, Any]


def operations(session: Session, by: Actor) -> tuple[OperationRow, ...]:
    """The newest operations of the actor's site, the last one first."""
    by.require(Permission.JOURNAL)
    return _newest(session, _rows().where(Operation.site_id == by.site), _MANY)


def of_household(session: Session, by: Actor, household_id: UUID, *, limit: int = _MANY) -> tuple[OperationRow, ...]:
    """What was last done to a household, its people, cards, tickets and hand-overs, newest first; under all cards of the family."""
    by.require(Permission.JOURNAL)
    cards = household_class(session, household_id)
    touched = select(Change.operation_id).where(Change.row_id.in_(_rows_of(session, cards)))
    about = select(Change.operation_id).where(Change.subject_id.in_(_people_of(cards)))
    return _newest(session, _rows().where(Operation.id.in_(touched) | Operation.id.in_(about)), limit)


def changes(session: Session, by: Actor, operation_id: UUID) -> tuple[ChangeRow, ...]:
    """What an operation changed, in the order it did."""
    by.require(Permission.JOURNAL)
    query = select(Change.table_name, Change.body).where(Change.operation_id == operation_id).order_by(Change.no)
    return tuple(ChangeRow(table, body.get("new", {}), body.get("was", {})) for table, body in session.execute(query))


def _rows() -> Select[*tuple[Any, ...]]:
    return select(
        Operation.arrival,
        Operation.id,
        Operation.kind,
        Operation.actor_name,
        Desk.number,
        Operation.at,
        Operation.day,
        Operation.reason,
    ).outerjoin(Desk, Desk.id == Operation.desk_id)


def _newest(session: Session, query: Select[*tuple[Any, ...]], limit: int) -> tuple[OperationRow, ...]:
    return tuple(OperationRow(*row) for row in session.execute(query.order_by(Operation.arrival.desc()).limit(limit)))


def _rows_of(session: Session, cards: Collection[UUID]) -> Sequence[str]:
    """The rows of other tables that belong to these families: numbers, hand-overs, words about their people."""
    people = _people_of(cards)
    found = (
        select(Ticket.id).where(Ticket.household_id.in_(cards)),
        select(HandOver.id).where(HandOver.household_id.in_(cards)),
        select(PersonLink.id).where(PersonLink.a_id.in_(people) | PersonLink.b_id.in_(people)),
    )
    return [card.hex for card in cards] + [row.hex for query in found for row in session.scalars(query)]


def _people_of(cards: Collection[UUID]) -> Select[UUID]:
    return select(HouseholdMember.person_id).where(HouseholdMember.household_id.in_(cards))


def touched(session: Session, by: Actor, seen: Seen) -> tuple[tuple[int, str | None], ...]:
    """(arrival, table) of everything saved that was not seen yet; the table is None where an operation changed nothing.

    It tells which kinds of things changed, never whose, and so asks for no permission.
    """
    query = (
        select(Operation.arrival, Change.table_name)
        .outerjoin(Change, Change.operation_id == Operation.id)
        .where(Operation.arrival.in_(seen.missing) | (Operation.arrival > seen.newest))
        .distinct()
    )
    return tuple((arrival, table) for arrival, table in session.execute(query))


def seen_until_now(session: Session, by: Actor) -> Seen:
    """Everything saved up to now counts as seen; what is still being saved does not."""
    newest = select(Operation.arrival).order_by(Operation.arrival.desc()).limit(KEPT)
    return Seen.beginning(session.scalars(newest).all())

"""Giving numbers: the next one of a lane, once a family, tied to its card, drawn in the same transaction."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import no_family
from aidtrack.domain.queueing import OPEN, Lane, Stage, TicketEventKind, TicketState
from aidtrack.errors import Refused, Text
from aidtrack.services.identity.classes import household_class
from aidtrack.services.queueing.tickets import TicketRow, append, label_of, locked, of_day, ticket_row
from aidtrack.services.today import hold_open_day, require_running_day
from aidtrack.store import journal
from aidtrack.store.days import Day, draw
from aidtrack.store.journal import Operation
from aidtrack.store.people import Household
from aidtrack.store.queueing import NumberBlock, Ticket


def issue_ticket(
    session: Session,
    by: Actor,
    *,
    request_id: UUID,
    lane: Lane,
    household_id: UUID | None = None,
    stage: Stage | None = None,
    from_id: UUID | None = None,
) -> TicketRow:
    """The next number of a lane. A family that holds an open number today gets that one again: its earliest place
    counts.

    With a card it goes straight to the hand-over, without one to registration, unless `stage` says otherwise.
    `from_id` is yesterday's number that this one continues.
    """
    by.require(Permission.ISSUE_TICKET)
    with journal.operation(
        session, by, request_id, "issue_ticket", lane=lane, household_id=household_id, stage=stage, from_id=from_id
    ) as op:
        if op.is_repeat:
            return _receipt(session, op, household_id)
        day = require_running_day(session, by)
        hold_open_day(session, by)
        held = _held(session, day, household_id)
        if held is not None:
            return ticket_row(session, held)
        ticket = _new_ticket(session, by, day, lane, _checked_origin(session, day, from_id))
        first = stage or (Stage.HAND_OVER if household_id else Stage.REGISTER)
        known = _known_household(session, household_id)
        append(session, by, ticket, TicketEventKind.ISSUED, stage=first, household_id=known)
        return ticket_row(session, ticket.id)


def _receipt(session: Session, op: journal.Open, household_id: UUID | None) -> TicketRow:
    """A repeated request tells the same number; a family that got its earlier number has no row of its own."""
    ids = op.ids("ticket")
    if ids:
        return ticket_row(session, ids[0])
    operation_at = session.scalars(select(Operation.day).where(Operation.id == op.id)).one()
    cards = household_class(session, household_id) if household_id else ()
    query = select(Ticket.id).where(Ticket.household_id.in_(cards), Ticket.day == operation_at)
    return ticket_row(session, session.scalars(query.order_by(Ticket.issued_at)).first() or op.only("ticket"))


def _held(session: Session, day: Day, household_id: UUID | None) -> UUID | None:
    """The family's earliest open number of the day, under any of its cards. The cards are locked: two doors give one number."""
    if household_id is None:
        return None
    cards = lock_cards(session, household_id)
    query = select(Ticket.id).where(*of_day(day), Ticket.household_id.in_(cards), Ticket.state.in_(OPEN))
    return session.scalars(query.order_by(Ticket.issued_at, Ticket.id).limit(1)).first()


def lock_cards(session: Session, household_id: UUID) -> frozenset[UUID]:
    """The cards of this family, locked in the order of ids until the commit."""
    cards = household_class(session, household_id)
    query = select(Household.id).where(Household.id.in_(cards)).order_by(Household.id)
    session.execute(query.with_for_update(key_share=True))
    return cards


def _known_household(session: Session, household_id: UUID | None) -> UUID | None:
    if household_id is not None and session.get(Household, household_id) is None:
        raise no_family()
    return household_id


def _checked_origin(session: Session, day: Day, from_id: UUID | None) -> UUID | None:
    """Yesterday's number may be continued once."""
    if from_id is None:
        return None
    old = locked(session, from_id)
    if old.day >= day.day or old.state not in (TicketState.TOMORROW, TicketState.MISSED, TicketState.EXPIRED):
        raise Refused(
            "not-from-before", Text("{label} is not an unserved number of an earlier day.", label=label_of(old))
        )
    if session.scalar(select(func.count()).where(Ticket.from_id == from_id, Ticket.state != TicketState.CANCELLED)):
        raise Refused("continued-already", Text("{label} has got its number of today already.", label=label_of(old)))
    return from_id


def series_of(day: date, lane: Lane) -> str:
    """The counter of a lane of one day."""
    return f"ticket/{day.isoformat()}/{lane}"


def _new_ticket(session: Session, by: Actor, day: Day, lane: Lane, from_id: UUID | None) -> Ticket:
    number = _next_number(session, day, lane)
    ticket = Ticket(
        site_id=day.site_id, day=day.day, lane=lane, number=number, issued_at=by.now(), from_id=from_id, id=new_id()
    )
    session.add(ticket)
    session.flush()
    return ticket


def _next_number(session: Session, day: Day, lane: Lane) -> int:
    """The next of the lane that stands on no paper roll."""
    number = draw(session, day.site_id, series_of(day.day, lane))
    query = select(NumberBlock.last).where(
        NumberBlock.site_id == day.site_id, NumberBlock.day == day.day, NumberBlock.lane == lane,
        NumberBlock.first <= number, NumberBlock.last >= number,
    )  # fmt: skip
    while (last := session.scalar(query)) is not None:
        number = draw(session, day.site_id, series_of(day.day, lane), last - number + 1)
        query = query.where(NumberBlock.first <= number, NumberBlock.last >= number)
    return number


def mark_printed(session: Session, by: Actor, *, request_id: UUID, ticket_id: UUID, printed: bool) -> TicketRow:
    """Whether the slip came out of the printer; one that did not is shown and printed again."""
    by.require(Permission.ISSUE_TICKET)
    with journal.operation(session, by, request_id, "mark_printed", ticket_id=ticket_id, printed=printed) as op:
        ticket = locked(session, ticket_id)
        if not op.is_repeat and ticket.is_printed is not printed:
            append(session, by, ticket, TicketEventKind.PRINTED if printed else TicketEventKind.NOT_PRINTED)
        return ticket_row(session, ticket_id)


def tie_ticket(session: Session, by: Actor, *, request_id: UUID, ticket_id: UUID, household_id: UUID) -> TicketRow:
    """Ties a number to a family. If the family holds an earlier open number, that one stays and this one is
    cancelled."""
    by.require(Permission.ISSUE_TICKET)
    with journal.operation(session, by, request_id, "tie_ticket", ticket_id=ticket_id, household_id=household_id) as op:
        ticket = locked(session, ticket_id)
        if op.is_repeat:
            return ticket_row(session, _earliest(session, ticket, household_id))
        _known_household(session, household_id)
        lock_cards(session, household_id)
        earliest = _earliest(session, ticket, household_id)
        if earliest != ticket_id:
            append(session, by, ticket, TicketEventKind.CANCELLED, reason=f"earlier number {earliest.hex}")
        elif ticket.household_id != household_id:
            append(session, by, ticket, TicketEventKind.TIED, household_id=household_id)
        return ticket_row(session, earliest)


def _earliest(session: Session, ticket: Ticket, household_id: UUID) -> UUID:
    """The number that keeps the family's place: an earlier open one under any of its cards, else this one."""
    query = select(Ticket.id).where(
        Ticket.site_id == ticket.site_id,
        Ticket.day == ticket.day,
        Ticket.household_id.in_(household_class(session, household_id)),
        Ticket.state.in_(OPEN),
        Ticket.issued_at < ticket.issued_at,
    )
    return session.scalars(query.order_by(Ticket.issued_at, Ticket.id).limit(1)).first() or ticket.id

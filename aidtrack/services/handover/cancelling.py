"""Cancelling a hand-over: one counter-entry that restores allowance, number and stock, and knows where the goods are.

Owns `cancel_hand_over`. Nothing is deleted: the cancelled one stays visible with its reason. The allowance comes back by
itself, because void hand-overs cover nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.handover import GoodsAre
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import TicketState
from aidtrack.domain.stock import MovementKind, PlaceKind
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, NotFound, Problem, Refused, Text
from aidtrack.services import queueing
from aidtrack.services.campaigns import AllowanceRow, allowances
from aidtrack.services.handover.giving import (
    Family,
    HandOverReceipt,
    Window,
    give_lines,
    lock_people,
    locked_family,
    new_hand_over,
    person_ids,
    receipt,
    window_of,
)
from aidtrack.services.stock import ledger
from aidtrack.store import journal
from aidtrack.store.handover import HandOver, HandOverLine, HandOverVoid
from aidtrack.store.queueing import Ticket
from aidtrack.store.stock import Movement


@dataclass(frozen=True, slots=True)
class CancelReceipt:
    """What a cancelling did. `moved_to` is the hand-over of the other family, when the goods are with one."""

    cancelled: HandOverReceipt
    goods: GoodsAre
    reason: str
    ticket_reopened: bool
    moved_to: HandOverReceipt | None


def cancel_hand_over(
    session: Session,
    by: Actor,
    *,
    request_id: UUID,
    hand_over_id: UUID,
    where: GoodsAre,
    reason: str = "",
    other_household_id: UUID | None = None,
) -> CancelReceipt:
    """Takes a hand-over back, once. With OTHER_FAMILY it moves to that family, over its allowance if need be, never refused."""
    by.require(Permission.CANCEL_HAND_OVER)
    facts = {"hand_over_id": hand_over_id, "where": where, "reason": reason, "other_household_id": other_household_id}
    with journal.operation(session, by, request_id, "cancel_hand_over", because=clean(reason), **facts) as op:
        if op.is_repeat:
            return _receipt(session, op.only("hand_over_void"))
        row = _hand_over(session, by, hand_over_id)
        _expect_other_family(row, where, other_household_id)
        lock_people(session, row.household_id, *([other_household_id] if other_household_id else []))
        _expect_valid(session, row)
        return _cancel(session, by, row, where, clean(reason), other_household_id)


def _hand_over(session: Session, by: Actor, hand_over_id: UUID) -> HandOver:
    row = session.get(HandOver, hand_over_id)
    if row is None or row.site_id != by.site:
        raise NotFound("no-hand-over", Text("This hand-over is not in the database."))
    return row


def _expect_other_family(row: HandOver, where: GoodsAre, other: UUID | None) -> None:
    if where is GoodsAre.OTHER_FAMILY and other is None:
        raise InvalidInput([Problem("other_household", Text("Scan the card of the family that has the goods."))])
    if where is GoodsAre.OTHER_FAMILY and other == row.household_id:
        raise InvalidInput(
            [Problem("other_household", Text("This is the same family. Scan the card of the other one."))]
        )


def _expect_valid(session: Session, row: HandOver) -> None:
    """Asked under the lock: of two windows that cancel at once, the second is told."""
    if session.scalar(select(HandOverVoid.id).where(HandOverVoid.hand_over_id == row.id)):
        raise Refused("cancelled-already", Text("This hand-over was cancelled already."))


def _cancel(
    session: Session, by: Actor, row: HandOver, where: GoodsAre, reason: str, other: UUID | None
) -> CancelReceipt:
    window = window_of(session, by)
    shelves = _shelves(session, row.id)
    to = PlaceKind.QUARANTINE if where is GoodsAre.SET_ASIDE else PlaceKind.SHELF
    ledger.return_from_household(session, by, hand_over_id=row.id, where=to)
    taker = locked_family(session, other, window.day) if where is GoodsAre.OTHER_FAMILY and other else None
    moved = new_hand_over(session, by, window, taker) if taker else None
    void = HandOverVoid(
        id=new_id(),
        hand_over_id=row.id,
        goods=where.value,
        reason=reason,
        replaced_by_id=moved,
        day=window.day,
        at=by.now(),
    )
    session.add(void)
    session.flush()
    if taker and moved:
        _move(session, by, row, moved, window, taker, shelves)
    _reopen_ticket(session, by, row)
    return _receipt(session, void.id)


def _shelves(session: Session, hand_over_id: UUID) -> dict[UUID, UUID]:
    """The shelf each line was taken from."""
    query = (
        select(HandOverLine.id, Movement.from_id)
        .join(Movement, Movement.hand_over_line_id == HandOverLine.id)
        .where(HandOverLine.hand_over_id == hand_over_id, Movement.kind == MovementKind.ISSUE.value)
        .where(Movement.reverses_id.is_(None))
    )
    return {row[0]: row[1] for row in session.execute(query)}


# ── with another family ──────────────────────────────────────────────────────────────────────────


def _move(
    session: Session,
    by: Actor,
    row: HandOver,
    moved: UUID,
    window: Window,
    family: Family,
    shelves: Mapping[UUID, UUID],
) -> None:
    """The same batches booked to the family that has them; what it was not due stands as more than allowed.

    Asked when the first hand-over counts no more: both cards may be of the same people.
    """
    due = {one.rule_id: one for one in allowances(session, by, family.household_id, day=window.day, family=family.seen)}
    left = {rule: one.due for rule, one in due.items()}
    query = select(HandOverLine).where(HandOverLine.hand_over_id == row.id).order_by(HandOverLine.no)
    lines = session.scalars(query).all()
    total = Counter[UUID]()
    for line in lines:
        total[line.rule_id] += line.quantity
    copies = []
    for line in lines:
        allowed = min(left.get(line.rule_id, 0), line.quantity)
        left[line.rule_id] = left.get(line.rule_id, 0) - allowed
        covered = _covered(due.get(line.rule_id), family, total[line.rule_id])
        copies.append(_moved_line(line, moved, allowed, covered))
    give_lines(session, by, copies, {copy["id"]: shelves[line.id] for copy, line in zip(copies, lines, strict=True)})


def _covered(due: AllowanceRow | None, family: Family, quantity: int) -> list[str] | None:
    """Who has the goods is covered by them: as many of those the rule is for as they are enough for, or everybody where it is for
    nobody now.
    """
    return person_ids(due.covers(quantity), family) if due and due.covered else None


def _moved_line(line: HandOverLine, hand_over_id: UUID, allowed: int, covered: list[str] | None) -> dict[str, Any]:
    return {
        "id": new_id(), "hand_over_id": hand_over_id, "no": line.no, "rule_id": line.rule_id, "item_id": line.item_id,
        "lot_id": line.lot_id, "quantity": line.quantity, "allowed": allowed, "person_ids": covered,
    }  # fmt: skip


# ── the number ───────────────────────────────────────────────────────────────────────────────────


def _reopen_ticket(session: Session, by: Actor, row: HandOver) -> None:
    """The number this hand-over ended is at the window again; an earlier day's number stays as its day closed it."""
    if row.served_ticket and row.ticket_id is not None:
        ticket = session.get(Ticket, row.ticket_id, with_for_update=True, populate_existing=True)
        if ticket is not None and ticket.state == TicketState.SERVED and _is_of_today(session, by, ticket):
            queueing.reopen_ticket(session, by, request_id=journal.current(session).id, ticket_id=ticket.id)


def _is_of_today(session: Session, by: Actor, ticket: Ticket) -> bool:
    return ticket.day == window_of(session, by).day


# ── the receipt ──────────────────────────────────────────────────────────────────────────────────


def _receipt(session: Session, void_id: UUID) -> CancelReceipt:
    void = session.get_one(HandOverVoid, void_id)
    cancelled = receipt(session, void.hand_over_id)
    return CancelReceipt(
        cancelled=cancelled,
        goods=GoodsAre(void.goods),
        reason=void.reason,
        ticket_reopened=cancelled.ticket_served and _was_reopened(session, void.hand_over_id),
        moved_to=receipt(session, void.replaced_by_id) if void.replaced_by_id else None,
    )


def _was_reopened(session: Session, hand_over_id: UUID) -> bool:
    query = (
        select(func.count())
        .select_from(HandOver)
        .join(Ticket, Ticket.id == HandOver.ticket_id)
        .where(HandOver.id == hand_over_id, Ticket.state != TicketState.SERVED)
    )
    return bool(session.scalar(query))

"""Cancelling a hand-over: one counter-entry that restores allowance, number and stock, and knows where the goods are.

Owns `cancel_hand_over` and who may take a hand-over back. Nothing is deleted: the cancelled one stays visible with its reason. The
allowance comes back by itself, because void hand-overs cover nobody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.handover import GoodsAre, SignOff, VoidKind, why_not_taken_back
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import TicketState
from aidtrack.domain.stock import MovementKind, PlaceKind
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, NotFound, Problem, Refused, Text
from aidtrack.services import queueing
from aidtrack.services.campaigns import AllowanceRow, allowances
from aidtrack.services.handover.giving import (
    Family,
    Taken,
    Window,
    lock_people,
    new_hand_over,
    people_in,
    person_ids,
    read_family,
    window_of,
)
from aidtrack.services.handover.receipts import HandOverReceipt, receipt
from aidtrack.services.handover.taking import give_lines
from aidtrack.services.promises import fetching
from aidtrack.services.promises.fetching import Pick
from aidtrack.services.stock import ledger
from aidtrack.store import journal
from aidtrack.store.base import by_first
from aidtrack.store.handover import HandOver, HandOverLine, HandOverNumber, HandOverVoid
from aidtrack.store.journal import Change, Operation
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
    approver: Actor | None = None,
) -> CancelReceipt:
    """Takes a hand-over back, once. With OTHER_FAMILY it moves to that family, over its allowance if need be, never refused.

    On the same day whoever did it may, or a shift lead (`approver`, at this window); later a coordinator.
    """
    by.require(Permission.CANCEL_HAND_OVER)
    facts = {"hand_over_id": hand_over_id, "where": where, "reason": reason, "other_household_id": other_household_id}
    who = approver.user_id if approver else None
    with journal.operation(
        session, by, request_id, "cancel_hand_over", because=clean(reason), approver=who, **facts
    ) as op:
        if op.is_repeat:
            return _receipt(session, op.only("hand_over_void"))
        row = hand_over_row(session, by, hand_over_id)
        _expect_other_family(row, where, other_household_id)
        hold(session, row, *([other_household_id] if other_household_id else []))
        expect_valid(session, row)
        window = window_of(session, by, hold=True)
        expect_may(session, row, window, by, approver)
        return _cancel(session, by, row, where, window, (clean(reason), other_household_id))


def hold(session: Session, row: HandOver, *others: UUID) -> None:
    """Locks the people of the family it was given to, and of the others."""
    families = [one for one in (row.household_id, *others) if one is not None]
    if families:
        lock_people(session, *families)


def expect_may(session: Session, row: HandOver, window: Window, by: Actor, approver: Actor | None) -> None:
    """Refused for those who may not take this one back."""
    who = approver or by
    refusal = why_not_taken_back(
        row.day,
        window.day,
        is_own=who_handed_over(session, row.id) == (by.user_id, by.name),
        is_lead=who.may(Permission.APPROVE),
        is_coordinator=who.may(Permission.CHANGE_PAST),
    )
    if refusal is not None:
        raise refusal


def who_handed_over(session: Session, hand_over_id: UUID) -> tuple[UUID | None, str]:
    """The account and the name of whoever booked it, as the journal knows them."""
    query = (
        select(Operation.actor_id, Operation.actor_name)
        .join(Change, Change.operation_id == Operation.id)
        .where(Change.row_id == hand_over_id.hex, Change.table_name == HandOver.__tablename__)
    )
    found = session.execute(query.order_by(Operation.arrival)).first()
    return (found.actor_id, found.actor_name) if found else (None, "")


def hand_over_row(session: Session, by: Actor, hand_over_id: UUID) -> HandOver:
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


def expect_valid(session: Session, row: HandOver) -> None:
    """Asked under the lock: of two windows that cancel at once, the second is told."""
    if session.scalar(select(HandOverVoid.id).where(HandOverVoid.hand_over_id == row.id)):
        raise Refused("cancelled-already", Text("This hand-over was cancelled already."))


def _cancel(
    session: Session,
    by: Actor,
    row: HandOver,
    where: GoodsAre,
    window: Window,
    why: tuple[str, UUID | None],
) -> CancelReceipt:
    reason, other = why
    shelves = shelves_of(session, row.id)
    drawn = fetching.drawn_by(session, row.id)
    bring_back(session, by, row.id, where)
    taker = None
    if where is GoodsAre.OTHER_FAMILY and other is not None:
        taker = read_family(session, other, people_in(session, other), window.day)
    taken = _taken_before(session, row, other)
    moved = new_hand_over(session, by, window, taker.household_id, taker.here, taken) if taker else None
    void = write_void(session, by, row.id, where, window, (VoidKind.CANCELLED, reason, moved))
    if taker and moved:
        _move(session, by, row, moved, window, taker, shelves)
    restore_promises(session, by, drawn, where)
    _reopen_ticket(session, by, row, window)
    return _receipt(session, void)


def _taken_before(session: Session, row: HandOver, household_id: UUID | None) -> Taken:
    """Who took the goods and how we know, where they go back to the family they were moved from; else nobody knows."""
    came_from = HandOverVoid.replaced_by_id == row.id
    query = select(HandOver).join(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id).where(came_from)
    first = session.scalar(query.where(HandOver.household_id == household_id)) if household_id else None
    if first is None:
        return Taken()
    return Taken(
        collector_id=first.collector_id,
        collector_text=first.collector_text,
        how_known=first.how_known,
        sign_off=SignOff(first.sign_off),
    )


def bring_back(session: Session, by: Actor, hand_over_id: UUID, where: GoodsAre) -> None:
    """The goods of a hand-over, as far as they are here: back on their shelf, or set aside to check."""
    to = PlaceKind.QUARANTINE if where is GoodsAre.SET_ASIDE else PlaceKind.SHELF
    ledger.return_from_household(session, by, hand_over_id=hand_over_id, where=to)


def restore_promises(session: Session, by: Actor, drawn: fetching.Drawn, where: GoodsAre) -> None:
    """What this family was promised is owed to it again, and stands aside again where the goods are back on their shelf."""
    is_on_shelf = where in (GoodsAre.BACK_ON_SHELF, GoodsAre.NEVER_LEFT)
    fetching.give_back(session, by, drawn, is_on_shelf=is_on_shelf)


def write_void(
    session: Session,
    by: Actor,
    hand_over_id: UUID,
    where: GoodsAre,
    window: Window,
    why: tuple[VoidKind, str, UUID | None],
) -> UUID:
    """The counter-entry: what for, in whose words, and what stands in its place."""
    kind, reason, replaced_by = why
    row = {
        "id": new_id(), "hand_over_id": hand_over_id, "goods": where.value, "reason": reason,
        "replaced_by_id": replaced_by, "day": window.day, "at": by.now(), "kind": kind.value,
    }  # fmt: skip
    journal.add_many(session, HandOverVoid, [row])
    return row["id"]  # type: ignore[return-value]


def shelves_of(session: Session, hand_over_id: UUID) -> dict[UUID, UUID]:
    """The shelf each line was taken from."""
    query = (
        select(HandOverLine.id, Movement.from_id)
        .join(Movement, Movement.hand_over_line_id == HandOverLine.id)
        .where(HandOverLine.hand_over_id == hand_over_id, Movement.kind == MovementKind.ISSUE.value)
        .where(Movement.reverses_id.is_(None))
    )
    return by_first(session, query)


# ── with another family ──────────────────────────────────────────────────────────────────────────


@dataclass
class _Due:
    """What the family that has the goods is due of each rule, and what it was promised: used up line by line."""

    rows: Mapping[UUID, AllowanceRow]
    left: dict[UUID, int]
    owed: dict[UUID, int]

    @classmethod
    def of(cls, rows: Iterable[AllowanceRow]) -> _Due:
        due = {row.rule_id: row for row in rows}
        left = {rule: row.due for rule, row in due.items()}
        return cls(due, left, {one.id: one.owed for row in due.values() for one in row.promises})

    def allowed(self, line: HandOverLine) -> int:
        """How many of these units are not more than is due."""
        if line.rule_id is None:
            return 0
        most = self.left.get(line.rule_id, 0)
        self.left[line.rule_id] = most - min(most, line.quantity)
        return min(most, line.quantity)

    def promise(self, line: HandOverLine) -> UUID | None:
        """The promise these goods keep: one that is owed as many as the line brings."""
        row = self.rows.get(line.rule_id) if line.rule_id else None
        found = next((one.id for one in (row.promises if row else ()) if self.owed[one.id] >= line.quantity), None)
        if found is not None:
            self.owed[found] -= line.quantity
        return found


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
    due = _Due.of(allowances(session, by, family.household_id, day=window.day, home=family.home))
    fetching.hold(session, due.rows.values())
    query = select(HandOverLine).where(HandOverLine.hand_over_id == row.id).order_by(HandOverLine.no)
    lines = session.scalars(query).all()
    copies, drawn = _copies(lines, moved, due, family, shelves)
    of = {line.id: copy["id"] for copy, line in zip(copies, lines, strict=True)}
    numbers = _moved_numbers(session, of)
    give_lines(session, by, copies, {of[line.id]: shelves[line.id] for line in lines}, numbers, drawn)


def _copies(
    lines: Sequence[HandOverLine], moved: UUID, due: _Due, family: Family, shelves: Mapping[UUID, UUID]
) -> tuple[list[dict[str, Any]], dict[UUID, Pick]]:
    """The lines anew, and of those that keep a promise what they draw it from."""
    total = Counter[UUID | None]()
    for line in lines:
        total[line.rule_id] += line.quantity
    copies, drawn = [], dict[UUID, Pick]()
    for line in lines:
        promise, allowed = due.promise(line), due.allowed(line)
        covered = _covered(due.rows.get(line.rule_id) if line.rule_id else None, family, total[line.rule_id])
        copies.append(_moved_line(line, moved, line.quantity if promise else allowed, covered))
        if promise is not None:
            pick = Pick(shelves[line.id], line.item_id, line.lot_id, line.quantity, promise, is_fresh=True)
            drawn[copies[-1]["id"]] = pick
    return copies, drawn


def _covered(due: AllowanceRow | None, family: Family, quantity: int) -> list[str] | None:
    """Who has the goods is covered by them: as many of those the rule is for as they are enough for, or everybody where it is for
    nobody now.
    """
    return person_ids(due.covers(quantity), family.here) if due and due.covered else None


def _moved_line(line: HandOverLine, hand_over_id: UUID, allowed: int, covered: list[str] | None) -> dict[str, Any]:
    return {
        "id": new_id(), "hand_over_id": hand_over_id, "no": line.no, "rule_id": line.rule_id, "item_id": line.item_id,
        "lot_id": line.lot_id, "quantity": line.quantity, "allowed": allowed, "person_ids": covered,
        "substitute_of_id": line.substitute_of_id,
    }  # fmt: skip


def _moved_numbers(session: Session, of: Mapping[UUID, UUID]) -> list[dict[str, Any]]:
    """The numbers on the pieces go with them; `of` names the new line of each old one."""
    query = select(HandOverNumber).where(HandOverNumber.hand_over_line_id.in_(of))
    return [
        {"hand_over_line_id": of[row.hand_over_line_id], "number": row.number, "item_id": row.item_id}
        for row in session.scalars(query)
    ]


def numbers_by_item(session: Session, hand_over_id: UUID) -> dict[tuple[UUID | None, UUID], tuple[str, ...]]:
    """The numbers on the pieces of a hand-over, by rule and item."""
    query = (
        select(HandOverLine.rule_id, HandOverLine.item_id, HandOverNumber.number)
        .join(HandOverNumber, HandOverNumber.hand_over_line_id == HandOverLine.id)
        .where(HandOverLine.hand_over_id == hand_over_id)
        .order_by(HandOverLine.no, HandOverNumber.number)
    )
    found: dict[tuple[UUID | None, UUID], list[str]] = defaultdict(list)
    for rule, item, number in session.execute(query):
        found[rule, item].append(number)
    return {key: tuple(numbers) for key, numbers in found.items()}


# ── the number ───────────────────────────────────────────────────────────────────────────────────


def _reopen_ticket(session: Session, by: Actor, row: HandOver, window: Window) -> None:
    """The number this hand-over ended is at the window again; an earlier day's number stays as its day closed it."""
    if row.served_ticket and row.ticket_id is not None:
        ticket = session.get(Ticket, row.ticket_id, with_for_update=True, populate_existing=True)
        if ticket is not None and ticket.state == TicketState.SERVED and ticket.day == window.day:
            queueing.reopen_ticket(session, by, request_id=journal.current(session).id, ticket_id=ticket.id)


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

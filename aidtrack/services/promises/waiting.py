"""The wait list: one key keeps a place for an item that ran out. Nothing is owed, and the slip says so.

Owns keeping and leaving a place. Who waits in which order is `stock.waiting`; a hand-over or a promise ends a place by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.promises import WaitEndReason
from aidtrack.errors import NotFound, Refused, Text
from aidtrack.services.campaigns import AllowanceRow, allowances
from aidtrack.services.identity.classes import lock_family
from aidtrack.services.stock.ledger import available_at
from aidtrack.services.stock.sizes import sizes_of, with_sizes
from aidtrack.services.stock.waiting import is_open, open_entries
from aidtrack.services.today import hold_open_day
from aidtrack.store import journal
from aidtrack.store.promises import WaitEnd, WaitEntry


@dataclass(frozen=True, slots=True)
class WaitReceipt:
    """A place in the wait list: which in the line of its item, and whether it was kept already."""

    entry_id: UUID
    household_id: UUID
    item_id: UUID
    place: int
    since: date
    was_kept: bool = False


def keep_place(session: Session, by: Actor, *, request_id: UUID, household_id: UUID, rule_id: UUID) -> WaitReceipt:
    """A place for this family and rule; the one it has already where there is one. It is not counted as served.

    Refused `can-be-given` while the item can be given in this centre, `nothing-due` when the rule gives it nothing now.
    """
    by.require(Permission.HAND_OVER)
    asked = {"household_id": household_id, "rule_id": rule_id}
    with journal.operation(session, by, request_id, "keep_place", asked=asked) as op:
        if op.is_repeat:
            return _repeated(session, by, op, household_id, rule_id)
        day = hold_open_day(session, by)
        lock_family(session, household_id)
        row = row_of(allowances(session, by, household_id, day=day, as_ruled=True), rule_id)
        if row.waiting is not None:
            return _receipt(session, session.get_one(WaitEntry, row.waiting.id), was_kept=True)
        there = with_sizes(available_at(session, by.site, day), sizes_of(session))
        if there.get(row.item_id) and _is_given_today(session, by, row, household_id, day):
            words = Text("{item} has not run out here: nobody needs to wait for it.", item=row.item_names)
            raise Refused("can-be-given", words)
        if row.due <= row.promised:
            raise Refused("nothing-due", Text("{item}: nothing more is due to this family now.", item=row.item_names))
        entry = WaitEntry(
            id=new_id(), site_id=by.site, household_id=household_id, rule_id=rule_id, item_id=row.item_id,
            quantity=row.due - row.promised, day=day, at=by.now(),
        )  # fmt: skip
        session.add(entry)
        session.flush()
        return _receipt(session, entry)


def _is_given_today(session: Session, by: Actor, asked: AllowanceRow, household_id: UUID, day: date) -> bool:
    """Whether the family could have it today: it may lie here and not be given, by a decision or because today's share is given out."""
    rows = allowances(session, by, household_id, day=day)
    return any(row.due > row.promised for row in rows if row.rule_id == asked.rule_id)


def row_of(rows: Sequence[AllowanceRow], rule_id: UUID) -> AllowanceRow:
    """The row of a rule; Refused when the programme was changed meanwhile."""
    found = next((row for row in rows if row.rule_id == rule_id), None)
    if found is None:
        raise Refused("rule-changed", Text("The programme was changed meanwhile. Look at the list again."))
    return found


def leave_list(session: Session, by: Actor, *, request_id: UUID, entry_id: UUID) -> None:
    """The family does not wait any more; a second time changes nothing."""
    by.require(Permission.HAND_OVER)
    with journal.operation(session, by, request_id, "leave_list", entry_id=entry_id) as op:
        if op.is_repeat:
            return
        entry = session.get(WaitEntry, entry_id)
        if entry is None or entry.site_id != by.site:
            raise NotFound("no-place", Text("This place is not in the wait list of this centre."))
        lock_family(session, entry.household_id)
        if session.scalar(select(WaitEntry.id).where(WaitEntry.id == entry_id, is_open())) is not None:
            end_place(session, by, entry_id, WaitEndReason.LEFT)


def end_place(
    session: Session, by: Actor, entry_id: UUID, because: WaitEndReason, *, hand_over_id: UUID | None = None,
    promise_id: UUID | None = None,
) -> None:  # fmt: skip
    """Ends a place; inside an operation, the family locked. With a hand-over or promise it counts only while that does."""
    day = journal.current(session).day
    assert day is not None, "a place in the list is of a centre"
    row = {
        "id": new_id(), "wait_entry_id": entry_id, "because": because.value, "hand_over_id": hand_over_id,
        "promise_id": promise_id, "day": day, "at": by.now(),
    }  # fmt: skip
    journal.add_many(session, WaitEnd, [row])


def end_by_hand_over(session: Session, by: Actor, hand_over_id: UUID, given: Sequence[AllowanceRow]) -> None:
    """Who was handed the item waits for it no more; a cancelled hand-over gives the old place back by itself."""
    for row in given:
        if row.waiting is not None:
            end_place(session, by, row.waiting.id, WaitEndReason.GIVEN, hand_over_id=hand_over_id)


def _repeated(session: Session, by: Actor, op: journal.Open, household_id: UUID, rule_id: UUID) -> WaitReceipt:
    written = op.ids("wait_entry")
    if written:
        return _receipt(session, session.get_one(WaitEntry, written[0]))
    row = row_of(allowances(session, by, household_id, as_ruled=True), rule_id)
    if row.waiting is None:
        raise NotFound("no-place", Text("This place is not in the wait list of this centre."))
    return _receipt(session, session.get_one(WaitEntry, row.waiting.id), was_kept=True)


def _receipt(session: Session, entry: WaitEntry, *, was_kept: bool = False) -> WaitReceipt:
    line = [one.id for one in open_entries(session, entry.site_id, [entry.item_id])]
    place = line.index(entry.id) + 1 if entry.id in line else 0
    return WaitReceipt(entry.id, entry.household_id, entry.item_id, place, entry.day, was_kept)

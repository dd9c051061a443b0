"""Correcting a hand-over: quantity, item or size, as one operation that cancels it and writes what really was given.

Owns `correct_hand_over` and `exchange_size`. The family keeps its number, its collector and its time: the new hand-over counts from the
day of the old one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.handover import (
    GoodsAre,
    LineDraft,
    LinesRefused,
    MoreDraft,
    SignOff,
    VoidKind,
    allowed_per_line,
    number_problems,
    over_allowance,
    standing_twice,
)
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, Problem, Refused, Text
from aidtrack.services.campaigns import AllowanceRow, allowances
from aidtrack.services.handover import taking
from aidtrack.services.handover.cancelling import (
    bring_back,
    expect_may,
    expect_valid,
    hand_over_row,
    hold,
    numbers_by_item,
    restore_promises,
    shelves_of,
    write_void,
)
from aidtrack.services.handover.giving import (
    Family,
    Taken,
    Window,
    absent_of,
    asked_by_rule,
    cover,
    expect_approved,
    given_rows,
    new_hand_over,
    people_in,
    person_ids,
    read_family,
    window_of,
    write_approval,
)
from aidtrack.services.handover.receipts import GivenLine, HandOverReceipt, receipt
from aidtrack.services.handover.taking import Wanted
from aidtrack.services.promises import fetching
from aidtrack.services.promises.fetching import Shelf
from aidtrack.services.promises.waiting import end_by_hand_over
from aidtrack.store import journal
from aidtrack.store.handover import HandOver, HandOverVoid


@dataclass(frozen=True, slots=True)
class CorrectionDraft:
    """What really was given in place of a hand-over: its lines, where the goods of the old one are now, and why."""

    hand_over_id: UUID
    lines: tuple[LineDraft, ...]
    where: GoodsAre = GoodsAre.BACK_ON_SHELF
    reason: str = ""
    more: MoreDraft | None = None


@dataclass(frozen=True, slots=True)
class CorrectReceipt:
    """What stood before and what stands now."""

    before: HandOverReceipt
    now: HandOverReceipt


def correct_hand_over(
    session: Session, by: Actor, *, request_id: UUID, draft: CorrectionDraft, approver: Actor | None = None
) -> CorrectReceipt:
    """Cancels a hand-over and writes another one for the same family, in one operation. Idempotent by `request_id`.

    On the same day whoever did it may, or a shift lead (`approver`); later a coordinator. More than was due needs the shift lead.
    LinesRefused `short` or `numbers` where the shelf or the numbers do not allow it: then nothing has changed.
    """
    by.require(Permission.CANCEL_HAND_OVER)
    draft = replace(draft, reason=clean(draft.reason))
    who = approver.user_id if approver else None
    with journal.operation(
        session, by, request_id, "correct_hand_over", because=draft.reason, draft=draft, approver=who
    ) as op:
        if op.is_repeat:
            return _receipt(session, op.only("hand_over_void"))
        row, window = _held(session, by, draft.hand_over_id)
        expect_may(session, row, window, by, approver)
        return _correct(session, by, row, window, draft, (VoidKind.CORRECTED, approver))


def exchange_size(
    session: Session, by: Actor, *, request_id: UUID, hand_over_id: UUID, from_item: UUID, to_item: UUID, quantity: int
) -> CorrectReceipt:
    """So many pieces of one size come back and leave in another one: on the same day, without a new allowance. At any window."""
    by.require(Permission.HAND_OVER)
    facts: dict[str, Any] = {"hand_over_id": hand_over_id, "from_item": from_item, "to_item": to_item, "quantity": quantity}
    with journal.operation(session, by, request_id, "exchange_size", **facts) as op:
        if op.is_repeat:
            return _receipt(session, op.only("hand_over_void"))
        row, window = _held(session, by, hand_over_id)
        if row.day != window.day:
            raise Refused("earlier-day", Text("A size is exchanged on the day it was given."))
        lines = _exchanged(session, given_as_drafts(session, hand_over_id), (from_item, to_item), quantity)
        return _correct(session, by, row, window, CorrectionDraft(hand_over_id, lines), (VoidKind.EXCHANGED, None))


def _held(session: Session, by: Actor, hand_over_id: UUID) -> tuple[HandOver, Window]:
    """The hand-over under the locks of its family, still valid, and the open day."""
    row = hand_over_row(session, by, hand_over_id)
    if row.household_id is None:
        raise Refused("not-a-family", Text("Goods without registration are cancelled and given again."))
    hold(session, row)
    expect_valid(session, row)
    return row, window_of(session, by, hold=True)


def given_as_drafts(session: Session, hand_over_id: UUID) -> tuple[LineDraft, ...]:
    """The lines of a hand-over as they would be typed, with the numbers on their pieces."""
    numbers = numbers_by_item(session, hand_over_id)
    given = [line for line in receipt(session, hand_over_id).given if line.rule_id is not None]
    found = taking.pieces(session, [line.item_id for line in given])
    return tuple(
        LineDraft(
            line.rule_id, line.quantity, numbers=numbers.get((line.rule_id, line.item_id), ()),
            instead_id=line.item_id if line.substitute_of_id else None,
            size_id=line.item_id if found[line.item_id].size_of and not line.substitute_of_id else None,
        )
        for line in given
        if line.rule_id is not None
    )  # fmt: skip


def _exchanged(
    session: Session, lines: Sequence[LineDraft], items: tuple[UUID, UUID], quantity: int
) -> tuple[LineDraft, ...]:
    """`quantity` of the first size becomes the second one, by the same rule."""
    old, new = items
    found = next((line for line in lines if line.size_id == old), None)
    sizes = taking.pieces(session, items)
    is_same_item = len({one.size_of for one in sizes.values()}) == 1 and len(sizes) == 2
    if found is None or not is_same_item or not 1 <= quantity <= found.quantity:
        raise InvalidInput([Problem("quantity", Text("This size was not given like that. Look at the hand-over again."))])
    there = next((line for line in lines if line.size_id == new and line.rule_id == found.rule_id), None)
    more = replace(there or replace(found, quantity=0, numbers=()), size_id=new)
    changed = replace(found, quantity=found.quantity - quantity), replace(more, quantity=more.quantity + quantity)
    kept = [line for line in lines if line not in (found, there)]
    return tuple(line for line in (*kept, *changed) if line.quantity)


def _correct(
    session: Session,
    by: Actor,
    row: HandOver,
    window: Window,
    draft: CorrectionDraft,
    how: tuple[VoidKind, Actor | None],
) -> CorrectReceipt:
    kind, approver = how
    before = receipt(session, row.id)
    _expect_lines(draft, given_as_drafts(session, row.id))
    shelf_id = next(iter(shelves_of(session, row.id).values()), window.shelf_id)
    drawn = fetching.drawn_by(session, row.id)
    bring_back(session, by, row.id, draft.where)
    assert row.household_id is not None
    family = read_family(session, row.household_id, people_in(session, row.household_id), window.day)
    now = _again(session, by, row, window, family)
    write_void(session, by, row.id, draft.where, window, (kind, draft.reason, now))
    restore_promises(session, by, drawn, draft.where)
    rows = {one.rule_id: one for one in allowances(session, by, family.household_id, day=window.day, home=family.home)}
    allowed = _allowed(before.lines, rows)
    is_more = _expect_allowed(by, draft, rows, allowed, approver)
    wanted = _wanted(session, draft, family, rows, allowed)
    cover(session, now, absent_of(draft.lines, rows, family))
    shelf = _laid_out(session, (shelf_id, window.day), wanted, rows)
    if is_more and draft.more is not None:
        write_approval(session, by, now, draft.more, approver or by)
    taking.take(session, by, now, wanted, shelf, (shelf_id, window.day))
    end_by_hand_over(session, by, now, given_rows(draft.lines, rows))
    return CorrectReceipt(before, receipt(session, now))


def _expect_allowed(
    by: Actor, draft: CorrectionDraft, rows: Mapping[UUID, AllowanceRow], allowed: Mapping[UUID, int], approver: Actor | None
) -> bool:
    """Whether it is more than was due, and a shift lead allows it; raises where nobody does."""
    troubles = over_allowance(draft.lines, allowed, {rule: one.item_names for rule, one in rows.items()})
    if troubles and draft.more is None:
        raise LinesRefused("more-than-allowed", troubles)
    if troubles:
        expect_approved(by, approver)
    return bool(troubles)


def _laid_out(
    session: Session, where: tuple[UUID, date], wanted: Sequence[Wanted], rows: Mapping[UUID, AllowanceRow]
) -> Shelf:
    """The shelf and what stands aside for the family, held; everything wanted is there."""
    shelf_id, day = where
    fetching.hold(session, rows.values())
    promised = [one for row in rows.values() for one in row.promises]
    shelf = taking.lay_out(session, shelf_id, [one.piece.id for one in wanted], promised)
    taking.expect_there(session, shelf, shelf_id, day, wanted)
    taking.expect_numbers(session, wanted)
    return shelf


def _expect_lines(draft: CorrectionDraft, unchanged: Sequence[LineDraft]) -> None:
    problems, twice = number_problems(draft.lines), standing_twice(draft.lines)
    if draft.where is GoodsAre.OTHER_FAMILY:
        problems.append(Problem("where", Text("Goods that another family has are moved to it by cancelling.")))
    if twice:
        problems += twice
    elif not any(line.quantity for line in draft.lines):
        problems.append(Problem("lines", Text("Nothing was given after all? Then cancel the hand-over.")))
    elif _as_given(draft.lines) == _as_given(unchanged):
        problems.append(Problem("lines", Text("Nothing differs from what is written.")))
    if problems:
        raise InvalidInput(problems)


def _as_given(lines: Sequence[LineDraft]) -> dict[tuple[UUID, UUID | None], int]:
    return {(line.rule_id, line.other_id): line.quantity for line in lines if line.quantity}


def _again(session: Session, by: Actor, row: HandOver, window: Window, family: Family) -> UUID:
    """The hand-over that stands in its place: same family, collector and number, counting from the same day."""
    since = row.counts_from or row.day
    taken = Taken(
        row.ticket_id, row.served_ticket, row.collector_id, row.collector_text, row.how_known, SignOff(row.sign_off),
        since if since < window.day else None,
    )  # fmt: skip
    return new_hand_over(session, by, window, family.household_id, family.here, taken)


def _allowed(before: Sequence[GivenLine], rows: dict[UUID, AllowanceRow]) -> dict[UUID, int]:
    """What was allowed then, by rule; of a rule that was not given then what is due now."""
    then = Counter[UUID]()
    for line in before:
        if line.rule_id is not None:
            then[line.rule_id] += line.allowed
    return {rule: one.due for rule, one in rows.items()} | dict(then)


def _wanted(
    session: Session,
    draft: CorrectionDraft,
    family: Family,
    rows: dict[UUID, AllowanceRow],
    allowed: dict[UUID, int],
) -> list[Wanted]:
    lines = [line for line in draft.lines if line.quantity]
    if any(line.rule_id not in rows for line in lines):
        raise Refused("rule-changed", Text("The programme was changed meanwhile. Look at the list again."))
    items = [line.other_id or rows[line.rule_id].item_id for line in lines]
    found, absent, asked = taking.pieces(session, items), absent_of(lines, rows, family), asked_by_rule(lines)
    parts, wanted = allowed_per_line([(line.rule_id, line.quantity) for line in lines], allowed), []
    for line, item, part in zip(lines, items, parts, strict=True):
        row = rows[line.rule_id]
        covered = person_ids(row.covers(asked[line.rule_id]), family.here, absent) if row.due else None
        instead = row.item_id if line.instead_id else None
        wanted.append(
            Wanted(
                line.rule_id, found[item], line.quantity, part, line.rule_id, covered, instead, line.numbers,
                promises=row.promises, is_lent=row.rule.loan_days is not None, by_new_home=row.by_new_home,
            )
        )  # fmt: skip
    return wanted


def _receipt(session: Session, void_id: UUID) -> CorrectReceipt:
    void = session.get_one(HandOverVoid, void_id)
    assert void.replaced_by_id is not None, "a correction has what stands in its place"
    return CorrectReceipt(receipt(session, void.hand_over_id), receipt(session, void.replaced_by_id))

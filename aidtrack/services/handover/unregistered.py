"""Goods for people who are not registered: tea, water, bread; a shelter's representative with a list of nobody's names.

Owns `hand_over_unregistered`. How many people there were is written down, never who; no allowance is asked and none is used up.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.handover import UnregisteredDraft, unregistered_problems
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput
from aidtrack.services.handover import taking
from aidtrack.services.handover.giving import Taken, new_hand_over, window_of
from aidtrack.services.handover.receipts import HandOverReceipt, receipt
from aidtrack.services.handover.taking import Wanted
from aidtrack.services.today import current_day
from aidtrack.store import journal
from aidtrack.store.handover import HandOver, HandOverVoid

SHOWN = 8


def hand_over_unregistered(
    session: Session, by: Actor, *, request_id: UUID, draft: UnregisteredDraft
) -> HandOverReceipt:
    """Takes the goods off this window's shelf on the next line of its sheet. Idempotent by `request_id`.

    InvalidInput for the draft; LinesRefused `short`, `numbers` or `number-given` names each item by its id.
    """
    by.require(Permission.HAND_OVER)
    lines = tuple(replace(line, numbers=tuple(map(clean, line.numbers))) for line in draft.lines)
    draft = replace(draft, lines=lines, taken_by=clean(draft.taken_by))
    with journal.operation(session, by, request_id, "hand_over_unregistered", draft=draft) as op:
        if op.is_repeat:
            return receipt(session, op.only("hand_over"))
        problems = unregistered_problems(draft)
        if problems:
            raise InvalidInput(problems)
        return _give(session, by, draft)


def _give(session: Session, by: Actor, draft: UnregisteredDraft) -> HandOverReceipt:
    window = window_of(session, by, hold=True)
    items = [line.item_id for line in draft.lines]
    found = taking.pieces(session, items)
    taking.expect_active(found, items)
    shelf = taking.lay_out(session, window.shelf_id, items)
    wanted = [
        Wanted(line.item_id, found[line.item_id], line.quantity, line.quantity, numbers=line.numbers)
        for line in draft.lines
    ]
    taking.expect_there(session, shelf, window.shelf_id, window.day, wanted)
    taking.expect_numbers(session, wanted)
    hand_over_id = new_hand_over(
        session, by, window, None, (), Taken(collector_text=draft.taken_by, people=draft.people)
    )
    taking.take(session, by, hand_over_id, wanted, shelf, (window.shelf_id, window.day))
    return receipt(session, hand_over_id)


def given_without_registration(session: Session, by: Actor) -> tuple[HandOverReceipt, ...]:
    """What this window gave today to people who are not registered and was not cancelled, the newest first."""
    by.require(Permission.HAND_OVER)
    query = (
        select(HandOver.id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(HandOver.site_id == by.site, HandOver.day == current_day(session, by), HandOver.desk_id == by.desk)
        .where(HandOver.household_id.is_(None), HandOverVoid.id.is_(None))
        .order_by(HandOver.at.desc(), HandOver.id.desc())
        .limit(SHOWN)
    )
    return tuple(receipt(session, one) for one in session.scalars(query))

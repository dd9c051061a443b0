"""Proves the truths of what is owed: what stands aside is there and for open promises only (T2, T3), nobody is promised more than was
announced (T3), each promise is open or closed by exactly one reason (T4), and cancelled hand-overs gave their promises back (T8).

Reads only. Counts reservations and promises again; trusts no figure the program keeps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.promises import AsideKind
from aidtrack.errors import Text
from aidtrack.services.check.failure import Failure
from aidtrack.services.stock.waiting import is_open
from aidtrack.store.campaigns import CampaignRule
from aidtrack.store.handover import HandOverLine, HandOverVoid
from aidtrack.store.promises import AnnouncementLine, Promise, Reservation, WaitEntry
from aidtrack.store.stock import Balance, Item


def failures(session: Session) -> Iterator[Failure]:
    """Every broken truth of promises and the wait list."""
    yield from reserved_off(session)
    yield from standing_for_nobody(session)
    yield from promised_beyond(session)
    yield from owed_off(session)
    yield from places_twice(session)


def reserved_off(session: Session) -> Iterator[Failure]:
    """Put aside in the book = the fold of reservations, lot by lot, and never more than lies there."""
    total = func.sum(Reservation.quantity)
    query = select(Reservation.place_id, Reservation.item_id, Reservation.lot_id, total)
    told = {
        (place, item, lot): int(n)
        for place, item, lot, n in session.execute(
            query.group_by(Reservation.place_id, Reservation.item_id, Reservation.lot_id)
        )
    }
    rows = select(Balance.place_id, Balance.item_id, Balance.lot_id, Balance.quantity, Balance.reserved, Item.names)
    for place, item, lot, quantity, reserved, names in session.execute(rows.join(Item, Item.id == Balance.item_id)):
        aside = told.pop((place, item, lot), 0)
        if reserved != aside:
            words = Text(
                "{item}: {kept} stand aside in the book, {told} by the promises.", item=names, kept=reserved, told=aside
            )
            yield Failure("T2-put-aside", words, lot.hex)
        if reserved > quantity:
            words = Text(
                "{item}: {kept} stand aside, but only {quantity} lie there.", item=names, kept=reserved, quantity=quantity
            )
            yield Failure("T3-put-aside", words, lot.hex)
    for (_place, _item, lot), aside in told.items():
        if aside:
            yield Failure("T2-put-aside", Text("{n} units stand aside that lie nowhere.", n=aside), lot.hex)


def standing_for_nobody(session: Session) -> Iterator[Failure]:
    """What stands aside for a promise, of any lot never below zero, is no more than it is owed; for a closed one nothing."""
    total = func.sum(Reservation.quantity)
    by_lot = select(Reservation.promise_id, Reservation.place_id, Reservation.lot_id, total)
    stands: dict[UUID, int] = defaultdict(int)
    for promise, _place, _lot, units in session.execute(
        by_lot.group_by(Reservation.promise_id, Reservation.place_id, Reservation.lot_id)
    ):
        stands[promise] += int(units)
        if units < 0:
            yield Failure("T3-aside", Text("More was drawn for a promise than stood aside for it."), promise.hex)
    for row_id, owed in session.execute(select(Promise.id, Promise.owed)):
        if stands[row_id] > owed:
            words = Text("{aside} stand aside for a promise of {owed}.", aside=stands[row_id], owed=owed)
            yield Failure("T3-aside", words, row_id.hex)


def promised_beyond(session: Session) -> Iterator[Failure]:
    """Promised of an announced line = the promises on it that were not cancelled, and never more than it brings."""
    query = select(Promise.line_id, func.sum(Promise.quantity)).where(Promise.ended_on.is_(None))
    told = {line: int(n) for line, n in session.execute(query.where(Promise.line_id.is_not(None)).group_by(Promise.line_id))}
    for line in session.scalars(select(AnnouncementLine)):
        promised = told.get(line.id, 0)
        if not promised == line.promised <= line.quantity:
            words = Text("{promised} units were promised of a delivery of {n}.", promised=promised, n=line.quantity)
            yield Failure("T3-promised", words, line.id.hex)


def owed_off(session: Session) -> Iterator[Failure]:
    """Owed = promised without what valid hand-overs brought; nothing once it was cancelled. It is closed by one or the other."""
    query = (
        select(Reservation.promise_id, -func.sum(Reservation.quantity))
        .join(HandOverLine, HandOverLine.id == Reservation.hand_over_line_id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOverLine.hand_over_id)
        .where(Reservation.kind == AsideKind.GIVEN.value, HandOverVoid.id.is_(None))
        .group_by(Reservation.promise_id)
    )
    given = {promise: int(units) for promise, units in session.execute(query)}
    for row in session.scalars(select(Promise)):
        left = row.quantity - given.get(row.id, 0)
        if row.ended_on is not None and (row.owed or left <= 0):
            yield Failure("T4-promise", Text("A promise is closed for two reasons."), row.id.hex)
        elif row.ended_on is None and row.owed != left:
            words = Text("A promise is owed {owed}, by its hand-overs {left}.", owed=row.owed, left=left)
            yield Failure("T8-promise", words, row.id.hex)


def places_twice(session: Session) -> Iterator[Failure]:
    """One place a family and rule."""
    query = (
        select(WaitEntry.household_id, CampaignRule.campaign_id, CampaignRule.no)
        .join(CampaignRule, CampaignRule.id == WaitEntry.rule_id)
        .where(is_open())
        .group_by(WaitEntry.household_id, CampaignRule.campaign_id, CampaignRule.no)
        .having(func.count() > 1)
    )
    for household, _campaign, _no in session.execute(query):
        yield Failure("T4-place", Text("A family stands twice in one wait list."), household.hex)

"""Proves T6 and T7 on the figures people hold in their hands: each day's reports are made again and held against the rows.

Reads only, with an auditor's eyes: totals, no names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Role
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import Period
from aidtrack.errors import Text
from aidtrack.services import overview
from aidtrack.services.check.failure import Failure
from aidtrack.services.check.goods import fold
from aidtrack.store.days import Day
from aidtrack.store.stock import StockPlace

_Lot = tuple[UUID, UUID]
_SPANS = select(Day.site_id, func.min(Day.day), func.max(Day.day)).group_by(Day.site_id).order_by(Day.site_id)


def failures(session: Session, by: Actor, known: Collection[Failure]) -> Iterator[Failure]:
    """Every day whose printed figures are not what its rows come to.

    What is `known` to be broken already is not reported on again: no paper can be made of a day without its events, nor
    a queue report of a number without its own.
    """
    broken = {one.code for one in known}
    broken_days = {one.about for one in known if one.code == "T10-day-state"}
    for day_id, site_id, day in session.execute(select(Day.id, Day.site_id, Day.day).order_by(Day.site_id, Day.day)):
        auditor = replace(by, site_id=site_id, roles=by.roles | {Role.AUDITOR})
        if day_id.hex in broken_days:
            continue
        yield from _stock(session, auditor, day)
        if "T10-ticket-events" not in broken:
            yield from _queue(session, auditor, day)
    if not broken_days:
        for site_id, first, last in session.execute(_SPANS):
            yield from _all_days(session, replace(by, site_id=site_id, roles=by.roles | {Role.AUDITOR}), Period(first, last))


def _stock(session: Session, by: Actor, day: date) -> Iterator[Failure]:
    """Opening + in − out − losses ± count = closing on the stock report, lot by lot."""
    expected = _held(session, by.site, day)
    for item in overview.stock_report(session, by, day).items:
        for lot in item.lots:
            held = expected.pop((item.item_id, lot.lot_id), 0)
            if lot.flow.closing != held:
                words = Text("{day}, {item}, batch {lot}: the stock report closes with {printed}, the shelf with {held}.",
                             day=day, item=item.names, lot=lot.code, printed=lot.flow.closing, held=held)  # fmt: skip
                yield Failure("T6-printed", words, f"{day}/{lot.lot_id.hex}")
    for (_item, lot_id), held in expected.items():
        words = Text("{day}: the stock report leaves out a batch of {held}.", day=day, held=held)
        yield Failure("T6-left-out", words, f"{day}/{lot_id.hex}")


def _all_days(session: Session, by: Actor, days: Period) -> Iterator[Failure]:
    """The same for all days of a centre together, as a paper of several days prints it (R8)."""
    printed = overview.goods_report(session, by, days).total.closing
    held = sum(_held(session, by.site, days.last).values())
    if printed != held:
        words = Text("{first} to {day}: the book of the shelves closes with {printed}, the shelves with {held}.",
                     first=days.first, day=days.last, printed=printed, held=held)  # fmt: skip
        yield Failure("T6-printed", words, f"{days.first}/{days.last}/{by.site.hex}")


def _held(session: Session, site_id: UUID, day: date) -> dict[_Lot, int]:
    """What lay at the centre at the end of the day, shelves and what is set aside together."""
    own = select(StockPlace.id).where(StockPlace.site_id == site_id, StockPlace.kind.in_(("shelf", "quarantine")))
    places = set(session.scalars(own))
    total: dict[_Lot, int] = defaultdict(int)
    for (place, item, lot), quantity in fold(session, until=day).items():
        if place in places:
            total[item, lot] += quantity
    return {lot: quantity for lot, quantity in total.items() if quantity}


def _queue(session: Session, by: Actor, day: date) -> Iterator[Failure]:
    """Issued = served + missed + left + cancelled + expired + open on the queue report, line by line."""
    report = overview.queue_report(session, by, day)
    for lane in (*report.lanes, report.total):
        if not lane.adds_up:
            words = Text("{day}, line {lane}: the queue report does not add up.", day=day, lane=lane.letter)
            yield Failure("T7-printed", words, f"{day}/{lane.letter}")

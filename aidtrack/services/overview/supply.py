"""What the shelf is enough for, what will not be given out before its day, and what to ask for tomorrow.

Reads only; the shelf is the one of the stock report of that day. Forecasts are rounded down, and a request for goods is a proposal to be
signed, not an order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import about_families
from aidtrack.domain.queueing import TicketState
from aidtrack.domain.supply import LotAhead, left_over, to_ask_for
from aidtrack.services import campaigns, promises
from aidtrack.services.campaigns import Round, RuleRow, Then
from aidtrack.services.overview.evening_figures import (
    EnoughLine,
    Expiring,
    ExpiringLine,
    GoodsRequest,
    RequestLine,
    Supply,
)
from aidtrack.services.overview.figures import ItemFigures, StockReport
from aidtrack.services.overview.heading import Frame, frame_of
from aidtrack.services.overview.reached import in_days, stands
from aidtrack.services.overview.stock import count_stock
from aidtrack.services.stock import sizes_of
from aidtrack.store.handover import HandOver, HandOverLine, HandOverVoid
from aidtrack.store.people import Household
from aidtrack.store.queueing import Ticket

DAYS_OF_PACE = 3
"""So many days with hand-overs make the present pace (domain.md §7, R6)."""


def count_supply(session: Session, by: Actor, day: date) -> Supply:
    """R6 of a day; of a closed one by the rules, families and deliveries of its end."""
    stock, frame = count_stock(session, by, day), frame_of(session, by, day)
    shelf, then = _Shelf(session, stock), _then(session, by, frame)
    waiting, to_come = _tickets(session, by, day, TicketState.WAITING), campaigns.still_to_come(session, by, day, then)
    announced = promises.expected(session, by, day=day, at=frame.until)
    pace = stock.families_per_hour
    lines = []
    for rule, one in _items(session, by, day, then):
        item = rule.rule.item_id
        held = shelf.held.get(item, 0)
        families = about_families(held * one.families // one.units) if one.units else 0
        until = _until(families, pace, stock.opens_at)
        lines.append(
            EnoughLine(
                rule.item_names, rule.unit, held, one.units, one.families, families, until, waiting,
                to_come.get(item, 0), announced.get(item),
            )
        )  # fmt: skip
    return Supply(stock.heading, tuple(lines), waiting, pace, stock.opens_at)


def _until(families: int, per_hour: int, opens: time) -> time | None:
    """The time of a day that begins at `opens`, to ten minutes; None when it lasts longer, or nobody knows the pace."""
    minutes = opens.hour * 60 + opens.minute + families * 60 // per_hour if per_hour else 24 * 60
    return time(minutes // 60, minutes % 60 // 10 * 10) if minutes < 24 * 60 else None


def _then(session: Session, by: Actor, frame: Frame) -> Then | None:
    """None while the day runs; a closed one is reckoned with the rules in force when it was closed."""
    if not frame.heading.is_closed:
        return None
    return Then(campaigns.rules_then(session, by, frame.day, frame.until).rows, frame.until)


def _items(session: Session, by: Actor, day: date, then: Then | None) -> Sequence[tuple[RuleRow, Round]]:
    """Each item once, in the order of the rules, with what one round of it takes."""
    found = campaigns.rounds(session, by, day, then)
    rules = campaigns.running_rules(session, by, day) if then is None else then.rules
    first = {row.rule.item_id: row for row in reversed(rules)}
    return [(first[item], one) for item, one in found.items()]


class _Shelf:
    """What could be given at the end of the day, an item with all its sizes, and its batches."""

    def __init__(self, session: Session, stock: StockReport) -> None:
        whole = {one.item_id: item for item, ones in sizes_of(session).items() for one in ones}
        self.held: dict[UUID, int] = defaultdict(int)
        self.rows: dict[UUID, list[ItemFigures]] = defaultdict(list)
        for item in stock.items:
            self.held[whole.get(item.item_id, item.item_id)] += max(item.available, 0)
            self.rows[whole.get(item.item_id, item.item_id)].append(item)


# ── what will not be given out in time ───────────────────────────────────────────────────────────


def count_expiring(session: Session, by: Actor, day: date) -> Expiring:
    """R7 of a day: every batch with a last day, and what of it is left then at the present pace."""
    stock = count_stock(session, by, day)
    paces = _a_day(session, frame_of(session, by, day))
    lines = [line for item in stock.items for line in _expiring_lines(item, paces.get(item.item_id, 0), day)]
    return Expiring(stock.heading, tuple(sorted(lines, key=lambda line: (line.use_by, line.lot))))


def _expiring_lines(item: ItemFigures, a_day: int, day: date) -> list[ExpiringLine]:
    lots = [lot for lot in item.lots if lot.flow.closing > 0]
    ahead = [LotAhead(lot.flow.closing, lot.use_by) for lot in lots]
    return [
        ExpiringLine(item.names, item.unit, lot.code, lot.use_by, (lot.use_by - day).days, lot.flow.closing, a_day, left)
        for lot, left in zip(lots, left_over(ahead, a_day, day), strict=True)
        if lot.use_by is not None
    ]


def _a_day(session: Session, frame: Frame) -> Mapping[UUID, int]:
    """Units of each item given on an average day: over the last days on which anything was given."""
    valid = (stands(frame), HandOver.day <= frame.day)
    days = (
        select(HandOver.day)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(*valid)
        .distinct()
        .order_by(HandOver.day.desc())
        .limit(DAYS_OF_PACE)
    )
    last = list(session.scalars(days))
    query = (
        select(HandOverLine.item_id, func.sum(HandOverLine.quantity))
        .join(HandOver, HandOver.id == HandOverLine.hand_over_id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(*valid, HandOver.day.in_(last))
        .group_by(HandOverLine.item_id)
    )
    return {item: int(units) // len(last) for item, units in session.execute(query)} if last else {}


# ── what to ask for ──────────────────────────────────────────────────────────────────────────────


def count_request(session: Session, by: Actor, day: date) -> GoodsRequest:
    """R19 of a day: for each item what the expected families take, less the shelf, less what is announced by tomorrow; of a closed one by
    the rules and families of its end.
    """
    stock, frame = count_stock(session, by, day), frame_of(session, by, day)
    shelf, then = _Shelf(session, stock), _then(session, by, frame)
    served, moved = _served(session, frame, then), _tickets(session, by, day, TicketState.TOMORROW)
    known = select(Household.id).where(Household.status == "active", Household.registered_day <= day)
    everybody = campaigns.families_among(session, known, Household.id, then)
    tomorrow = day + timedelta(days=1)
    announced = promises.expected(session, by, day=day, at=frame.until, until=tomorrow)
    lines = []
    for rule, one in _items(session, by, day, then):
        item = rule.rule.item_id
        needed = to_ask_for(served + moved, one.units, everybody)
        coming = announced[item].units if item in announced else 0
        ask = max(needed - shelf.held.get(item, 0) - coming, 0)
        lines.append(RequestLine(rule.item_names, rule.unit, needed, shelf.held.get(item, 0), coming, ask))
    return GoodsRequest(stock.heading, tuple(lines), served, moved)


def _served(session: Session, frame: Frame, then: Then | None) -> int:
    query = (
        select(HandOver.household_id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(stands(frame), in_days(frame), HandOver.household_id.is_not(None))
    )
    return campaigns.families_among(session, query, HandOver.household_id, then)


def _tickets(session: Session, by: Actor, day: date, state: TicketState) -> int:
    query = select(func.count()).select_from(Ticket)
    return session.scalar(query.where(Ticket.site_id == by.site, Ticket.day == day, Ticket.state == state)) or 0

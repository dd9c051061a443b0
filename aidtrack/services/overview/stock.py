"""R5: what every lot on the shelves did that day, how long it lasts, and that the book agrees with the hand-overs.

Reads movements up to the day, never balances, so that a day printed later says what it said then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import about_families, about_time
from aidtrack.domain.days import without_pauses
from aidtrack.domain.handover import VoidKind
from aidtrack.domain.lending import LoanEnd
from aidtrack.domain.stock import DocumentKind, MovementKind, PlaceKind, Unit
from aidtrack.errors import Names
from aidtrack.services.days.checklist import count_topic, owed_topic, sentences
from aidtrack.services.overview.figures import (
    DifferenceFigures,
    DocumentFigures,
    ExpiryFigures,
    Flow,
    ItemFigures,
    LotFigures,
    Reconciliation,
    StockReport,
)
from aidtrack.services.overview.heading import Frame, frame_of
from aidtrack.services.overview.once import each_once, once_in
from aidtrack.services.overview.period_figures import ItemFlow
from aidtrack.services.overview.promises import announced_after
from aidtrack.store.days import Desk
from aidtrack.store.handover import HandOver, HandOverLine, HandOverVoid, LoanReturn
from aidtrack.store.on_paper import ON_PAPER, seen_at_shelf
from aidtrack.store.promises import Reservation
from aidtrack.store.stock import CountLine, Document, Item, Lot, Movement, StockPlace

_SHELF, _ASIDE = PlaceKind.SHELF.value, PlaceKind.QUARANTINE.value
_OUTWARDS = {
    MovementKind.ISSUE: "issued",
    MovementKind.TRANSFER: "transferred",
    MovementKind.WRITE_OFF: "written_off",
}
_INWARDS = {
    MovementKind.RECEIVE: "received",
    MovementKind.RETURN: "returned",
    MovementKind.COUNT: "difference",
}
_LISTED = (DocumentKind.RECEIPT, DocumentKind.WAYBILL, DocumentKind.WRITE_OFF, DocumentKind.ASSEMBLY)


@dataclass(slots=True)
class LotSum:
    """A lot while it is added up: its flow, what is set aside of it, what the last count saw."""

    flow: Flow
    aside: int = 0
    counted: int | None = None


def count_stock(session: Session, by: Actor, day: date) -> StockReport:
    """The figures of the shelves of a day."""
    frame = frame_of(session, by, day)
    places = places_of(session, frame.site_id)
    lots = lots_of(session, frame, places)
    given, families = _given(session, frame)
    pace = _pace(families, frame)
    items = _items(session, frame, lots, (given, pace))
    shown = [lot for item in items for lot in item.lots]
    return StockReport(
        heading=frame.heading,
        items=items,
        total=sum((item.flow for item in items), Flow()),
        put_aside=sum(item.put_aside for item in items),
        counted_lots=sum(lot.counted is not None for lot in shown),
        lots=len(shown),
        documents=_documents(session, frame, places),
        differences=_differences(session, frame),
        expiries=_expiries(items, day),
        reconciliation=_reconciliation(session, frame, items),
        families_per_hour=round(pace),
        opens_at=_opens_at(frame),
        announced=tuple(announced_after(session, frame)),
    )


# ── the book ─────────────────────────────────────────────────────────────────────────────────────


def places_of(session: Session, site_id: UUID) -> Mapping[UUID, str]:
    """The places where goods of the centre lie: shelves, and what is set aside to check."""
    query = select(StockPlace.id, StockPlace.kind).where(
        StockPlace.site_id == site_id, StockPlace.kind.in_((_SHELF, _ASIDE))
    )
    return dict(session.execute(query).all())


Key = tuple[UUID, UUID]


def lots_of(session: Session, frame: Frame, places: Mapping[UUID, str]) -> dict[Key, LotSum]:
    """Every lot by (item, lot): what it did in the days of the frame, what is set aside, what was last counted."""
    found: dict[Key, LotSum] = defaultdict(lambda: LotSum(Flow()))
    for key, target, quantity in _before(session, frame, places):
        lot = found[key]
        lot.flow = replace(lot.flow, opening=lot.flow.opening + quantity)
        lot.aside += quantity if places[target] == _ASIDE else 0
    for kind, key, origin, target, quantity in _of_the_day(session, frame, places):
        lot = found[key]
        lot.flow = _moved(lot.flow, MovementKind(kind), (origin in places, target in places), quantity)
        lot.aside += _aside(places, target, quantity) - _aside(places, origin, quantity)
    for key, seen in _counted(session, frame).items():
        found[key].counted = seen
    for key, units in _promised(session, frame).items():
        found[key].aside += units
    return found


def _promised(session: Session, frame: Frame) -> dict[Key, int]:
    """What stood aside for families of each lot at the end of the day."""
    query = (
        select(Reservation.item_id, Reservation.lot_id, func.sum(Reservation.quantity))
        .join(StockPlace, StockPlace.id == Reservation.place_id)
        .where(StockPlace.site_id == frame.site_id, Reservation.day <= frame.day)
        .group_by(Reservation.item_id, Reservation.lot_id)
    )
    return {(item, lot): int(units) for item, lot, units in session.execute(query) if units}


def _before(session: Session, frame: Frame, places: Mapping[UUID, str]) -> Iterable[tuple[Key, UUID, int]]:
    """What every place held of every lot when the days began, as sums of what went in and what went out."""
    total = func.sum(Movement.quantity)
    for column, sign in ((Movement.to_id, 1), (Movement.from_id, -1)):
        query = select(Movement.item_id, Movement.lot_id, column, total).where(
            Movement.day < frame.first, column.in_(list(places))
        )
        for item, lot, place, quantity in session.execute(query.group_by(Movement.item_id, Movement.lot_id, column)):
            yield (item, lot), place, sign * int(quantity)


def _of_the_day(
    session: Session, frame: Frame, places: Mapping[UUID, str]
) -> Iterable[tuple[str, Key, UUID, UUID, int]]:
    group = (Movement.kind, Movement.item_id, Movement.lot_id, Movement.from_id, Movement.to_id)
    ours = Movement.to_id.in_(list(places)) | Movement.from_id.in_(list(places))
    query = select(*group, func.sum(Movement.quantity)).where(Movement.day.between(frame.first, frame.day), ours).group_by(*group)
    for kind, item, lot, origin, target, quantity in session.execute(query):
        yield kind, (item, lot), origin, target, int(quantity)


def _aside(places: Mapping[UUID, str], place: UUID, quantity: int) -> int:
    return quantity if places.get(place) == _ASIDE else 0


def _moved(flow: Flow, kind: MovementKind, ours: tuple[bool, bool], quantity: int) -> Flow:
    """A counter-entry goes backwards in the column of what it reverses; kits come in and their parts are passed on."""
    from_us, to_us = ours
    if from_us and to_us:
        return flow
    if kind in _INWARDS:
        name, sign = _INWARDS[kind], 1 if to_us else -1
    elif kind in _OUTWARDS:
        name, sign = _OUTWARDS[kind], 1 if from_us else -1
    else:
        name, sign = ("received", 1) if to_us else ("transferred", 1)
    return replace(flow, **{name: getattr(flow, name) + sign * quantity})


def _counted(session: Session, frame: Frame) -> dict[Key, int]:
    """What the last count of the day saw of each lot, all places together."""
    query = (
        select(CountLine.item_id, CountLine.lot_id, CountLine.place_id, CountLine.seen)
        .join(Document, Document.id == CountLine.document_id)
        .where(Document.site_id == frame.site_id, Document.day.between(frame.first, frame.day), seen_at_shelf())
        .order_by(CountLine.counted_at, CountLine.id)
    )
    last: dict[tuple[UUID, UUID, UUID], int] = {}
    for item, lot, place, seen in session.execute(query):
        last[item, lot, place] = seen
    found: dict[Key, int] = defaultdict(int)
    for (item, lot, _), seen in last.items():
        found[item, lot] += seen
    return found


def item_flows(session: Session, frame: Frame) -> tuple[ItemFlow, ...]:
    """What the shelves did with each item in the days of the frame, in the order of their codes; items nothing happened to left out."""
    sums: dict[UUID, Flow] = defaultdict(Flow)
    for (item, _), lot in lots_of(session, frame, places_of(session, frame.site_id)).items():
        sums[item] += lot.flow
    moved = {item: flow for item, flow in sums.items() if flow != Flow()}
    query = select(Item.id, Item.names, Item.unit).where(Item.id.in_(moved)).order_by(Item.code)
    return tuple(ItemFlow(names, Unit(unit).text, moved[item]) for item, names, unit in session.execute(query))


def flow_of(session: Session, frame: Frame) -> Flow:
    """All items together: a sum to check others by."""
    return sum((row.flow for row in item_flows(session, frame)), Flow())


# ── how long it lasts ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Given:
    """What families took of an item today."""

    units: int
    families: int


def _given(session: Session, frame: Frame) -> tuple[dict[UUID, _Given], int]:
    """Units and families of each item in the hand-overs of the day that stand, and the families of all of them."""
    once = once_in(session, frame).cards
    standing = (
        select()
        .select_from(HandOver)
        .outerjoin(HandOverVoid, (HandOverVoid.hand_over_id == HandOver.id) & (HandOverVoid.day <= frame.day))
        .where(HandOver.site_id == frame.site_id, HandOver.day == frame.day, HandOverVoid.id.is_(None))
    )
    lines = standing.join(HandOverLine, HandOverLine.hand_over_id == HandOver.id).add_columns(HandOverLine.item_id)
    families = each_once(session, lines, HandOver.household_id, once)
    units = lines.add_columns(func.sum(HandOverLine.quantity)).group_by(HandOverLine.item_id)
    by_item = {item: _Given(int(n), families[item,]) for item, n in session.execute(units)}
    return by_item, each_once(session, standing, HandOver.household_id, once)[()]


def _pace(families: int, frame: Frame) -> float:
    """Families an hour today, pauses left out."""
    if frame.now.opened_at is None:
        return 0.0
    hours = without_pauses(frame.now.opened_at, frame.until, frame.now.pauses) / timedelta(hours=1)
    return families / hours if hours >= 0.1 else 0.0


def _opens_at(frame: Frame) -> time:
    """Tomorrow is thought to open as today did, to the half hour."""
    if frame.now.opened_at is None:
        return time(9)
    minutes = round(frame.since_midnight(frame.now.opened_at) * 2) * 30
    return time(minutes // 60 % 24, minutes % 60)


def _enough(
    available: int, given: _Given | None, pace: float, frame: Frame
) -> tuple[int | None, float | None, time | None]:
    """Families, working days and the time of tomorrow it lasts until; rounded down, as forecasts are."""
    if given is None or not given.units or available <= 0:
        return (0 if available <= 0 and given else None), None, None
    families = available * given.families // given.units
    return about_families(families), round(available / given.units, 1), _until(families, pace, frame)


def _until(families: int, pace: float, frame: Frame) -> time | None:
    """None when it lasts a day as long as today's."""
    if not pace:
        return None
    opens = datetime.combine(frame.day, _opens_at(frame))
    lasts = opens + timedelta(hours=families / pace)
    today = frame.until - (frame.now.opened_at or frame.until)
    if lasts >= opens + today or lasts.date() > opens.date():
        return None
    return about_time(lasts).time()


# ── items and lots ───────────────────────────────────────────────────────────────────────────────


def _items(
    session: Session, frame: Frame, lots: Mapping[Key, LotSum], use: tuple[Mapping[UUID, _Given], float]
) -> tuple[ItemFigures, ...]:
    query = select(Lot.id, Lot.item_id, Lot.code, Lot.expires_on).order_by(Lot.expires_on, Lot.received_day, Lot.code)
    known = session.execute(query.where(Lot.id.in_({lot for _, lot in lots}))).all()
    by_item: dict[UUID, list[LotFigures]] = defaultdict(list)
    for lot_id, item_id, code, use_by in sorted(known, key=lambda row: (row[3] is None, row[3] or date.max)):
        lot = lots[item_id, lot_id]
        if lot.flow != Flow() or lot.counted is not None:
            past = use_by is not None and use_by < frame.day
            aside = lot.flow.closing if past else lot.aside
            by_item[item_id].append(LotFigures(lot_id, code, use_by, lot.flow, aside, lot.counted))
    rows = session.execute(select(Item.id, Item.names, Item.unit, Item.code).where(Item.id.in_(by_item)).order_by(Item.code))
    return tuple(replace(_item((item, names, unit), by_item[item], use, frame), code=code) for item, names, unit, code in rows)


def _item(
    row: tuple[UUID, Names, str], lots: Sequence[LotFigures], use: tuple[Mapping[UUID, _Given], float], frame: Frame
) -> ItemFigures:
    item_id, names, unit = row
    given, pace = use
    flow = sum((lot.flow for lot in lots), Flow())
    aside = sum(lot.put_aside for lot in lots)
    counted = [lot.counted for lot in lots if lot.counted is not None]
    families, days, until = _enough(flow.closing - aside, given.get(item_id), pace, frame)
    return ItemFigures(
        item_id,
        names,
        Unit(unit).text,
        flow,
        aside,
        sum(counted) if counted else None,
        families,
        days,
        until,
        tuple(lots),
    )


def _expiries(items: Iterable[ItemFigures], day: date) -> tuple[ExpiryFigures, ...]:
    rows = [
        ExpiryFigures(item.names, item.unit, lot.code, lot.use_by, (lot.use_by - day).days, lot.flow.closing)
        for item in items
        for lot in item.lots
        if lot.use_by is not None and lot.flow.closing > 0
    ]
    return tuple(sorted(rows, key=lambda row: row.use_by))


# ── documents, differences, agreement ────────────────────────────────────────────────────────────


def _documents(session: Session, frame: Frame, places: Mapping[UUID, str]) -> tuple[DocumentFigures, ...]:
    query = (
        select(
            Document.id,
            Document.code,
            Document.kind,
            Document.at,
            Movement.item_id,
            Item.names,
            Movement.to_id,
            Movement.from_id,
            Movement.quantity,
        )
        .join(Movement, Movement.document_id == Document.id)
        .join(Item, Item.id == Movement.item_id)
        .where(
            Document.site_id == frame.site_id, Document.day == frame.day, Document.kind.in_([k.value for k in _LISTED])
        )
        .order_by(Document.at, Document.code, Item.code)
    )
    heads: dict[UUID, tuple[str, str, datetime]] = {}
    items: dict[UUID, dict[UUID, Names]] = defaultdict(dict)
    sums: dict[UUID, int] = defaultdict(int)
    for document, code, kind, at, item, names, target, origin, quantity in session.execute(query):
        heads[document] = (code, kind, at)
        items[document][item] = names
        sums[document] += quantity * ((target in places) - (origin in places))
    return tuple(
        DocumentFigures(
            code, DocumentKind(kind).text, tuple(items[document].values()), sums[document], frame.local(at).time()
        )
        for document, (code, kind, at) in heads.items()
    )


def _differences(session: Session, frame: Frame) -> tuple[DifferenceFigures, ...]:
    """Each lot's counts of the day together: the book before the first, what the last one saw."""
    query = (
        select(CountLine, Item.names, Lot.code, Document.facts)
        .join(Document, Document.id == CountLine.document_id)
        .join(Item, Item.id == CountLine.item_id)
        .join(Lot, Lot.id == CountLine.lot_id)
        .where(Document.site_id == frame.site_id, Document.day == frame.day, CountLine.seen != CountLine.book)
        .order_by(Item.code, CountLine.counted_at, CountLine.id)
    )
    said = sentences(session, frame.day_id) if frame.day_id else {}
    return tuple(
        DifferenceFigures(names, code, line.book, line.seen, said.get(_topic(line.item_id, facts)) or line.note)
        for line, names, code, facts in session.execute(query)
    )


def _topic(item_id: UUID, facts: Mapping[str, object]) -> str:
    """Under which topic of the checklist a difference is explained."""
    return owed_topic(item_id) if facts.get(ON_PAPER) else count_topic(item_id)


def _reconciliation(session: Session, frame: Frame, items: Iterable[ItemFigures]) -> Reconciliation:
    flow = sum((item.flow for item in items), Flow())
    total = select(func.coalesce(func.sum(HandOverLine.quantity), 0)).join(
        HandOver, HandOver.id == HandOverLine.hand_over_id
    )
    ours = HandOver.site_id == frame.site_id
    booked = session.scalar(total.where(ours, HandOver.day == frame.day)) or 0
    void = total.join(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id).where(ours, HandOverVoid.day == frame.day)
    ended = LoanReturn.day == frame.day, LoanReturn.outcome != LoanEnd.KEPT.value
    back = total.join(LoanReturn, LoanReturn.hand_over_line_id == HandOverLine.id).where(ours, *ended)
    cancelled = select(func.count(HandOverVoid.id)).join(HandOver, HandOver.id == HandOverVoid.hand_over_id)
    return Reconciliation(
        issued=flow.issued,
        returned=flow.returned,
        lines=int(booked) - int(session.scalar(void) or 0) - int(session.scalar(back) or 0),
        cancelled=session.scalar(cancelled.where(ours, HandOverVoid.day == frame.day, HandOverVoid.kind != VoidKind.EXCHANGED)) or 0,
        sheets=_sheets(session, frame),
    )


def _sheets(session: Session, frame: Frame) -> tuple[str, str] | None:
    query = (
        select(Desk.number, HandOver.sheet)
        .join(Desk, Desk.id == HandOver.desk_id)
        .where(HandOver.site_id == frame.site_id, HandOver.day == frame.day)
        .distinct()
    )
    names = [f"{desk}-{sheet:02}" for desk, sheet in sorted((desk, sheet) for desk, sheet in session.execute(query))]
    return (names[0], names[-1]) if names else None

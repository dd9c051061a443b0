"""R1, beside the families: what organisations were given and what went out on the free table, and that both stand in R5's passed-on goods.

Reads movements of the day with the waybill they are of. A waybill taken back on its own day is nothing; one of an earlier day that was
taken back is a line below zero on the day it was, so that a closed day keeps its figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from aidtrack.domain.stock import Destination, MovementKind, Unit
from aidtrack.services.overview.beside_figures import BesideFigures, PassedFigures
from aidtrack.services.overview.heading import Frame
from aidtrack.services.overview.stock import places_of
from aidtrack.store.stock import Document, Item, Movement

_OWN = (Destination.ORGANISATION, Destination.FREE_TABLE)


def beside_families(session: Session, frame: Frame) -> tuple[BesideFigures, ...]:
    """Organisations waybill by waybill, then the free table item by item."""
    rows = [row for row in _waybills(session, frame) if row.quantity]
    partners = sorted((row for row in rows if row.organisation), key=lambda row: row.document)
    return (*partners, *_together(row for row in rows if not row.organisation))


def _waybills(session: Session, frame: Frame) -> Iterable[BesideFigures]:
    """What each waybill took off the shelves that day, less what came back of it, by item."""
    query, document = _signed(session, frame)
    facts = (document.id, document.code, document.other_party, document.facts)
    goods = (Item.id, Item.code, Item.names, Item.unit)
    query = query.add_columns(*facts, *goods).join(Item, Item.id == Movement.item_id)
    found: dict[tuple[UUID, UUID], tuple[Any, int]] = {}
    for row in session.execute(query.where(Movement.kind == MovementKind.TRANSFER.value).order_by(document.code, Item.code)):
        key = row[1], row[5]
        found[key] = row, (found[key][1] if key in found else 0) + row[0]
    for row, quantity in found.values():
        to = row[4].get("to", "")
        if to in _OWN:
            yield _beside(row, quantity, to == Destination.ORGANISATION)


def _beside(row: Any, quantity: int, to_organisation: bool) -> BesideFigures:
    _, _, code, party, facts, _, _, names, unit = row
    people = int(facts.get("people", 0)) * (1 if quantity > 0 else -1)
    if to_organisation:
        return BesideFigures(party or "–", code, people, names, Unit(unit).text, quantity)
    return BesideFigures("", "", 0, names, Unit(unit).text, quantity)


def _together(rows: Iterable[BesideFigures]) -> Iterable[BesideFigures]:
    """The same goods of several waybills as one line."""
    found: dict[tuple[Any, ...], BesideFigures] = {}
    for row in rows:
        key = (*sorted(row.names.items()), row.unit.msgid)
        before = found[key].quantity if key in found else 0
        found[key] = BesideFigures("", "", 0, row.names, row.unit, before + row.quantity)
    return [row for row in found.values() if row.quantity]


def passed_on(session: Session, frame: Frame, from_shelves: int) -> PassedFigures:
    """How `from_shelves`, what R5 says was passed on, divides."""
    query, document = _signed(session, frame)
    sums: dict[str, int] = {}
    for signed, kind, facts in session.execute(query.add_columns(Movement.kind, document.facts)):
        name = _named(MovementKind(kind), facts or {})
        sums[name] = sums.get(name, 0) + signed
    return PassedFigures(**{name: units for name, units in sums.items() if name}, from_shelves=from_shelves)


def _named(kind: MovementKind, facts: Mapping[str, Any]) -> str:
    if kind is MovementKind.TRANSFER:
        to = facts.get("to", "")
        return {Destination.ORGANISATION: "organisations", Destination.FREE_TABLE: "free_table"}.get(to, "others")
    return "kits" if kind is MovementKind.ASSEMBLE else ""


def _signed(session: Session, frame: Frame) -> tuple[Any, Any]:
    """Movements of the day that left our places (+) or came back to them (−), with the document of what they are or take back. Parts
    leave for a kit; kits that come of them are received (R5).
    """
    places = list(places_of(session, frame.site_id))
    first, document = aliased(Movement), aliased(Document)
    out, back = Movement.from_id.in_(places), Movement.to_id.in_(places)
    sign = case((out & ~back, Movement.quantity), (back & ~out, -Movement.quantity), else_=0)
    query = (
        select(sign)
        .outerjoin(first, first.id == Movement.reverses_id)
        .outerjoin(document, document.id == func.coalesce(first.document_id, Movement.document_id))
        .where(Movement.day == frame.day, out | back)
        .where((Movement.kind == MovementKind.TRANSFER.value) | ((Movement.kind == MovementKind.ASSEMBLE.value) & out))
    )
    return query, document

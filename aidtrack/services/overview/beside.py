"""R1, beside the families: what organisations were given and what went out on the free table, and that both stand in R5's passed-on goods.

Reads movements of the day with the waybill they are of. A waybill taken back on its own day is nothing; one of an earlier day that was
taken back is a line below zero on the day it was, so that a closed day keeps its figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, case, func, select
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
    paper = (document.id.label("document"), document.code.label("number"), document.other_party.label("party"), document.facts)
    goods = (Item.id.label("item"), Item.names, Item.unit)
    query = query.add_columns(*paper, *goods).join(Item, Item.id == Movement.item_id)
    query = query.where(Movement.kind == MovementKind.TRANSFER.value).order_by(document.code, Item.code)
    lines: dict[tuple[UUID, UUID], Row[*tuple[Any, ...]]] = {}
    units = Counter[tuple[UUID, UUID]]()
    for row in session.execute(query):
        lines[row.document, row.item] = row
        units[row.document, row.item] += row.units
    return [_beside(line, units[key]) for key, line in lines.items() if line.facts.get("to", "") in _OWN]


def _beside(line: Row[*tuple[Any, ...]], units: int) -> BesideFigures:
    unit = Unit(line.unit).text
    if line.facts["to"] != Destination.ORGANISATION:
        return BesideFigures("", "", 0, line.names, unit, units)
    people = int(line.facts.get("people", 0)) * (1 if units > 0 else -1)
    return BesideFigures(line.party or "–", line.number, people, line.names, unit, units)


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
        select(sign.label("units"))
        .outerjoin(first, first.id == Movement.reverses_id)
        .outerjoin(document, document.id == func.coalesce(first.document_id, Movement.document_id))
        .where(Movement.day == frame.day, out | back)
        .where((Movement.kind == MovementKind.TRANSFER.value) | ((Movement.kind == MovementKind.ASSEMBLE.value) & out))
    )
    return query, document

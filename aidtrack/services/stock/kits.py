"""Kits put together and taken apart: parts = kits × the recipe of their edition, both ways.

Owns recipes as they are asked for and the movements of kits. The catalogue writes recipes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from aidtrack.domain import stock
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.stock import DocumentKind, KitPart, LotPick, MovementKind, PlaceKind, ShelfLot
from aidtrack.errors import Refused, Text
from aidtrack.services.stock.ledger import Step, book, pick_from_shelf, place_of, shelf_of
from aidtrack.services.stock.papers import new_document, new_lot, raise_if
from aidtrack.store import journal
from aidtrack.store.stock import Document, KitRecipe, Lot, Movement, StockPlace


def newest_recipe(session: Session, kit_id: UUID) -> tuple[int, tuple[KitPart, ...]]:
    """The edition in force and the parts of one kit; edition 0 when there is none."""
    edition = session.scalar(select(func.max(KitRecipe.edition)).where(KitRecipe.kit_id == kit_id)) or 0
    return edition, recipe(session, kit_id, edition)


def recipe(session: Session, kit_id: UUID, edition: int) -> tuple[KitPart, ...]:
    """The parts of one kit of an edition."""
    query = select(KitRecipe).where(KitRecipe.kit_id == kit_id, KitRecipe.edition == edition)
    return tuple(KitPart(row.part_id, row.quantity) for row in session.scalars(query.order_by(KitRecipe.part_id)))


def _no_recipe() -> Refused:
    return Refused("no-recipe", Text("Say first what one kit is made of."))


# ── put together ─────────────────────────────────────────────────────────────────────────────────


def assemble_kits(session: Session, by: Actor, *, request_id: UUID, kit_id: UUID, kits: int) -> UUID:
    """Parts leave the shelf and kits come back to it, by the newest recipe; the kit lasts as long as its shortest
    part.
    """
    by.require(Permission.STOCK_MOVE)
    with journal.operation(session, by, request_id, "assemble_kits", kit_id=kit_id, kits=kits) as op:
        if op.is_repeat:
            return op.only("document")
        raise_if(stock.quantity_problems("kits", kits))
        edition, parts = newest_recipe(session, kit_id)
        if not parts:
            raise _no_recipe()
        document = new_document(session, by, DocumentKind.ASSEMBLY, facts={"kit": kit_id.hex, "kits": kits})
        shelf, bench = shelf_of(session, by), place_of(session, by.site, PlaceKind.ASSEMBLY)
        plain = Step(MovementKind.ASSEMBLE, kit_id, kit_id, shelf, bench, 1, document.id, recipe_edition=edition)
        taken = _part_steps(session, stock.parts_for(parts, kits), plain, document.day)
        lot = new_lot(session, kit_id, document.code, _shortest(session, taken), document.day)
        made = replace(plain, lot_id=lot, origin=bench, target=shelf, quantity=kits)
        book(session, by, [*taken, made])
        return document.id


def _part_steps(session: Session, parts: Sequence[KitPart], plain: Step, day: date) -> list[Step]:
    steps = []
    for part in sorted(parts, key=lambda one: one.item_id):
        picks = pick_from_shelf(session, shelf_id=plain.origin, item_id=part.item_id, quantity=part.quantity, day=day)
        steps += [replace(plain, item_id=part.item_id, lot_id=p.lot_id, quantity=p.quantity) for p in picks]
    return steps


def _shortest(session: Session, parts: Sequence[Step]) -> date | None:
    query = select(Lot.expires_on).where(Lot.id.in_({step.lot_id for step in parts}), Lot.expires_on.is_not(None))
    return min((expiry for expiry in session.scalars(query) if expiry), default=None)


# ── taken apart ──────────────────────────────────────────────────────────────────────────────────


def break_up_kits(session: Session, by: Actor, *, request_id: UUID, kit_id: UUID, kits: int) -> tuple[UUID, ...]:
    """Kits leave the shelf and their parts lie there again, in the batches they came from; a sheet for each batch of kits.

    Parts of kits that came ready made have no batch of their own: one is made that lasts as long as the kit. Returns the documents' ids.
    """
    by.require(Permission.STOCK_MOVE)
    with journal.operation(session, by, request_id, "break_up_kits", kit_id=kit_id, kits=kits) as op:
        if op.is_repeat:
            return tuple(op.ids("document"))
        raise_if(stock.quantity_problems("kits", kits))
        shelf, day = shelf_of(session, by), journal.current(session).day
        assert day is not None
        picks = pick_from_shelf(session, shelf_id=shelf, item_id=kit_id, quantity=kits, day=day)
        return tuple(_break_up(session, by, kit_id, shelf, pick) for pick in picks)


def _break_up(session: Session, by: Actor, kit_id: UUID, shelf: UUID, pick: LotPick) -> UUID:
    edition = _edition_of(session, kit_id, pick.lot_id)
    parts = stock.parts_for(recipe(session, kit_id, edition), pick.quantity)
    if not parts:
        raise _no_recipe()
    document = new_document(session, by, DocumentKind.BREAKING, facts={"kit": kit_id.hex, "kits": pick.quantity})
    bench = place_of(session, by.site, PlaceKind.ASSEMBLY)
    gone = Step(
        MovementKind.ASSEMBLE, kit_id, pick.lot_id, shelf, bench, pick.quantity, document.id, recipe_edition=edition
    )
    out = stock.unpack(parts, _inside(session, pick.lot_id))
    back = replace(gone, origin=bench, target=shelf)
    steps = [replace(back, item_id=item, lot_id=lot.lot_id, quantity=lot.quantity) for item, lot in out.known]
    steps += [_unknown(session, part, back, document) for part in out.unknown]
    book(session, by, [gone, *steps])
    return document.id


def _edition_of(session: Session, kit_id: UUID, lot_id: UUID) -> int:
    """The edition kits of this batch were made by; of ready-made ones the newest."""
    query = select(Movement.recipe_edition).where(
        Movement.lot_id == lot_id, Movement.kind == MovementKind.ASSEMBLE.value, Movement.recipe_edition.is_not(None)
    )
    return session.scalar(query.order_by(Movement.at).limit(1)) or newest_recipe(session, kit_id)[0]


def _unknown(session: Session, part: KitPart, back: Step, document: Document) -> Step:
    lasts = session.scalar(select(Lot.expires_on).where(Lot.id == back.lot_id))
    lot = new_lot(session, part.item_id, document.code, lasts, document.day)
    return replace(back, item_id=part.item_id, lot_id=lot, quantity=part.quantity)


def _inside(session: Session, kit_lot: UUID) -> Mapping[UUID, Sequence[LotPick]]:
    """The batches still inside kits of this batch: all that went in, less what came out again; first expiring first."""
    touching = select(Movement.document_id).where(
        Movement.lot_id == kit_lot, Movement.kind == MovementKind.ASSEMBLE.value
    )
    target = aliased(StockPlace)
    into = case((target.kind == PlaceKind.ASSEMBLY.value, Movement.quantity), else_=-Movement.quantity)
    query = (
        select(Movement.item_id, Movement.lot_id, Lot.received_day, Lot.expires_on, func.sum(into))
        .join(target, target.id == Movement.to_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .where(Movement.document_id.in_(touching), Movement.lot_id != kit_lot)
        .group_by(Movement.item_id, Movement.lot_id, Lot.received_day, Lot.expires_on)
    )
    found: dict[UUID, list[ShelfLot]] = defaultdict(list)
    for item, lot, received, expiry, number in session.execute(query):
        found[item].append(ShelfLot(lot, int(number), received, expiry))
    return {item: _in_order(lots) for item, lots in found.items()}


def _in_order(lots: Iterable[ShelfLot]) -> Sequence[LotPick]:
    ordered = sorted(lots, key=stock.picking_order)
    return [LotPick(lot.lot_id, lot.quantity) for lot in ordered if lot.quantity > 0]

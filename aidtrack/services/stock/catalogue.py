"""The catalogue of goods: items, what kits are made of, and the pack a centre starts with.

Owns items and recipes only; how many there are is the book's answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain import stock
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.packs import Pack, PackItem, read_pack
from aidtrack.domain.stock import ItemDraft, ItemMode, KitPart, PlaceKind, Unit
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, Names, NotFound, Problem, Refused, Text
from aidtrack.services.stock.kits import newest_recipe
from aidtrack.services.stock.ledger import add_place, place_ids, place_of
from aidtrack.services.stock.sizes import follow_item, save_sizes
from aidtrack.shipped import RESOURCES
from aidtrack.store import journal
from aidtrack.store.base import by_first, expect_version
from aidtrack.store.days import Site
from aidtrack.store.stock import Item, KitRecipe, StockPlace

PACK = RESOURCES / "packs" / "catalogue.toml"



@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item of the catalogue."""

    id: UUID
    code: str
    names: Names
    unit: Unit
    category: str
    expires: bool
    is_kit: bool
    mode: ItemMode
    is_active: bool
    version: int
    variant_of: UUID | None = None
    size: str = ""
    is_numbered: bool = False

    @property
    def draft(self) -> ItemDraft:
        """The item as it would be typed again."""
        return ItemDraft(
            self.names, self.code, self.unit, self.category, self.expires, self.is_kit, self.mode, self.is_active,
            self.version, self.is_numbered,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A shelf of the centre, or where goods are set aside."""

    id: UUID
    kind: PlaceKind
    code: str
    name: str

    @property
    def text(self) -> Text:
        """“shelf 1 · by the door”."""
        words = stock.place_words(self.kind, self.code)
        return Text("{place} · {name}", place=words, name=self.name) if self.name else words


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A centre to send goods to."""

    id: UUID
    name: str


def item_rows(session: Session, by: Actor, *, active_only: bool = True) -> tuple[ItemRow, ...]:
    """The catalogue in the order of its codes."""
    query = select(Item).order_by(Item.code)
    rows = session.scalars(query.where(Item.is_active) if active_only else query)
    return tuple(_item_row(row) for row in rows)


def _item_row(row: Item) -> ItemRow:
    return ItemRow(
        row.id, row.code, row.names, Unit(row.unit), row.category, row.expires, row.is_kit, ItemMode(row.mode),
        row.is_active, row.version, row.variant_of_id, row.size, row.is_numbered,
    )  # fmt: skip


def find_items(rows: Sequence[ItemRow], typed: str) -> tuple[ItemRow, ...]:
    """Items whose name in any language, or code, holds every word typed; those that begin with it first."""
    words = clean(typed).casefold().split()
    found = [(row, [*(n.casefold() for n in row.names.values()), row.code.casefold()]) for row in rows]
    hits = [(row, names) for row, names in found if all(any(word in name for name in names) for word in words)]
    hits.sort(key=lambda hit: not any(name.startswith(words[0]) for name in hit[1]) if words else False)
    return tuple(row for row, _ in hits)


def save_item(session: Session, by: Actor, *, request_id: UUID, draft: ItemDraft, item_id: UUID | None = None) -> UUID:
    """A new item, or new values of one; returns its id. An empty code is filled."""
    by.require(Permission.CATALOGUE)
    with journal.operation(session, by, request_id, "save_item", draft=draft, item_id=item_id) as op:
        if op.is_repeat:
            return item_id or op.only("item")
        names = {lang: clean(name) for lang, name in draft.names.items() if clean(name)}
        draft = replace(draft, names=names, code=clean(draft.code).upper(), category=clean(draft.category))
        problems = stock.item_problems(draft) + _code_problems(session, draft.code, item_id)
        if problems:
            raise InvalidInput(problems)
        row = _item(session, item_id) if item_id else Item(id=new_id())
        if row.variant_of_id is not None:
            raise Refused("size-of-item", Text("This is one size of an item: change the item, its sizes follow."))
        if item_id:
            expect_version(row, draft.version)
        _fill(row, draft, draft.code or _free_code(session))
        session.add(row)
        session.flush()
        follow_item(session, row)
        return row.id


def _fill(row: Item, draft: ItemDraft, code: str) -> None:
    row.names, row.code, row.unit, row.category = dict(draft.names), code, draft.unit.value, draft.category
    row.expires, row.is_kit, row.mode, row.is_active = draft.expires, draft.is_kit, draft.mode.value, draft.is_active
    row.is_numbered = draft.is_numbered


def _item(session: Session, item_id: UUID) -> Item:
    row = session.get(Item, item_id)
    if row is None:
        raise NotFound("no-item", Text("There is no such item."))
    return row


def _code_problems(session: Session, code: str, item_id: UUID | None) -> list[Problem]:
    taken = session.scalar(select(Item.id).where(Item.code == code)) if code else None
    return [Problem("code", Text("Another item has this code."))] if taken and taken != item_id else []


def _free_code(session: Session) -> str:
    n = (session.scalar(select(func.count()).select_from(Item)) or 0) + 1
    while session.scalar(select(Item.id).where(Item.code == f"I-{n:03}")):
        n += 1
    return f"I-{n:03}"


def save_recipe(session: Session, by: Actor, *, request_id: UUID, kit_id: UUID, parts: tuple[KitPart, ...]) -> int:
    """What one kit is made of from now on: the next edition; returns its number."""
    by.require(Permission.CATALOGUE)
    with journal.operation(session, by, request_id, "save_recipe", kit_id=kit_id, parts=parts) as op:
        if op.is_repeat:
            return session.get_one(KitRecipe, op.only("kit_recipe")).edition
        problems = stock.recipe_problems(kit_id, parts)
        if problems:
            raise InvalidInput(problems)
        session.get(Item, kit_id, with_for_update=True)
        edition = newest_recipe(session, kit_id)[0] + 1
        session.add_all(
            KitRecipe(id=new_id(), kit_id=kit_id, edition=edition, part_id=part.item_id, quantity=part.quantity)
            for part in parts
        )
        return edition


# ── places ───────────────────────────────────────────────────────────────────────────────────────


def place_rows(session: Session, by: Actor) -> tuple[PlaceRow, ...]:
    """The shelves of the centre, then where goods are set aside."""
    kinds = (PlaceKind.SHELF, PlaceKind.QUARANTINE)
    query = select(StockPlace).where(StockPlace.site_id == by.site, StockPlace.kind.in_([k.value for k in kinds]))
    rows = session.scalars(query.order_by(StockPlace.kind.desc(), StockPlace.code))
    return tuple(PlaceRow(row.id, PlaceKind(row.kind), row.code, row.name) for row in rows)


def other_centres(session: Session, by: Actor) -> tuple[PlaceName, ...]:
    """The other centres that keep their book in this database."""
    query = select(Site.id, Site.name).where(Site.id != by.site).order_by(Site.name)
    return tuple(PlaceName(*row) for row in session.execute(query))


def add_shelf(session: Session, by: Actor, *, request_id: UUID, code: str, name: str = "") -> UUID:
    """One more shelf of the centre; returns its id."""
    by.require(Permission.CATALOGUE)
    with journal.operation(session, by, request_id, "add_shelf", code=code, name=name) as op:
        if op.is_repeat:
            return op.only("stock_place")
        code, name = clean(code), clean(name)
        problems = stock.length_problems(stock.LONGEST_CODE, code=code) + stock.length_problems(
            stock.LONGEST_NAME, name=name
        )
        if problems:
            raise InvalidInput(problems)
        query = select(StockPlace.id).where(StockPlace.site_id == by.site, StockPlace.code == code)
        if not code or session.scalar(query):
            raise InvalidInput([Problem("code", Text("A shelf needs a short name of its own."))])
        return add_place(session, by.site, PlaceKind.SHELF, code, name)


def prepare_places(session: Session, by: Actor, *, request_id: UUID) -> UUID:
    """The places every centre has: a first shelf and where goods come from and go to. Returns the shelf; safe to
    repeat.
    """
    with journal.operation(session, by, request_id, "prepare_places") as op:
        if not op.is_repeat:
            for kind in PlaceKind:
                place_of(session, by.site, kind)
        return place_ids(session, by.site, PlaceKind.SHELF)[0]


# ── the pack ─────────────────────────────────────────────────────────────────────────────────────


@cache
def pack() -> Pack:
    """The pack of goods that came with the program."""
    return shipped_pack(PACK)


def shipped_pack(path: Path) -> Pack:
    """A pack that came with the program: nothing is wrong with it."""
    found, problems = read_pack(path.read_text(encoding="utf-8"))
    assert not problems, problems
    return found


def load_catalogue(session: Session, by: Actor, *, request_id: UUID) -> int:
    """Takes in the items and kits of the pack that this database does not have yet, by code; returns how many items."""
    by.require(Permission.CATALOGUE)
    with journal.operation(session, by, request_id, "load_catalogue") as op:
        if op.is_repeat:
            return sum(session.get_one(Item, item).variant_of_id is None for item in op.ids("item"))
        return len(take_in(session, by, request_id=request_id, items=pack().items))


def take_in(session: Session, by: Actor, *, request_id: UUID, items: Sequence[PackItem]) -> tuple[UUID, ...]:
    """Those of these items that are not here yet, by code, with their sizes and what their kits are made of; the ids of the new ones.

    What is here already stays as it is. An inner step of taking in a pack.
    """
    by.require(Permission.CATALOGUE)
    known = set(session.scalars(select(Item.code)))
    new = {one.code: _item_of(one) for one in items if one.code not in known}
    session.add_all(new.values())
    session.flush()
    ids = by_first(session, select(Item.code, Item.id))
    for one in (one for one in items if one.code in new):
        if one.parts:
            parts = tuple(KitPart(ids[code], number) for code, number in one.parts)
            save_recipe(session, by, request_id=request_id, kit_id=ids[one.code], parts=parts)
        if one.sizes:
            save_sizes(session, by, request_id=request_id, item_id=ids[one.code], sizes=one.sizes)
    return tuple(row.id for row in new.values())


def _item_of(one: PackItem) -> Item:
    draft = one.draft
    return Item(
        id=new_id(), code=draft.code, names=dict(draft.names), unit=draft.unit.value, category=draft.category,
        expires=draft.expires, is_kit=draft.is_kit, mode=draft.mode.value, is_numbered=draft.is_numbered,
    )  # fmt: skip

"""Sizes of an item in the catalogue: added, taken out of use, and kept like the item they are sizes of.

Each is an item with stock of its own; what families may have of it is the rule of the whole item. Owns `variant_of_id` and `size`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.sizes import size_names, size_order, sizes_problems
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, NotFound, Refused, Text
from aidtrack.store import journal
from aidtrack.store.base import table_of
from aidtrack.store.stock import Item

_ITEM = table_of(Item)
# Made once: each allowance asks for it.
_ALL_SIZES = select(_ITEM.c.id, _ITEM.c.variant_of_id, _ITEM.c.size, _ITEM.c.is_active).where(
    _ITEM.c.variant_of_id.is_not(None)
)


@dataclass(frozen=True, slots=True)
class Size:
    """One size of an item: an item of its own on the shelf."""

    item_id: UUID
    size: str
    is_active: bool = True


def sizes_of(session: Session) -> dict[UUID, tuple[Size, ...]]:
    """The sizes of every item that has some, those out of use too, in the order of sizes."""
    found: dict[UUID, list[Size]] = defaultdict(list)
    for item, whole, size, is_active in session.connection().execute(_ALL_SIZES):
        found[whole].append(Size(item, size, is_active))
    return in_order(found)


def in_order(sizes: Mapping[UUID, Iterable[Size]]) -> dict[UUID, tuple[Size, ...]]:
    """The sizes of each item in the order of sizes."""
    return {whole: tuple(sorted(ones, key=lambda one: size_order(one.size))) for whole, ones in sizes.items()}


def with_sizes(held: Mapping[UUID, int], sizes: Mapping[UUID, Iterable[Size]]) -> dict[UUID, int]:
    """Quantities by item, where an item that comes in sizes counts together with all of them."""
    found = dict(held)
    for whole, ones in sizes.items():
        found[whole] = held.get(whole, 0) + sum(held.get(one.item_id, 0) for one in ones)
    return found


def item_with_sizes(item_id: UUID) -> Select[UUID]:
    """An item and its sizes, to be asked for with IN."""
    return select(Item.id).where(or_(Item.id == item_id, Item.variant_of_id == item_id))


def save_sizes(
    session: Session, by: Actor, *, request_id: UUID, item_id: UUID, sizes: tuple[str, ...]
) -> tuple[UUID, ...]:
    """The sizes an item comes in from now on: new ones are made, those left out are taken out of use but keep their stock and past,
    those that were there before come back. Returns the ids of those in use, in the order of sizes. Same request, same answer.

    Refused for a size of another item, a kit, and goods of the free table.
    """
    by.require(Permission.CATALOGUE)
    with journal.operation(session, by, request_id, "save_sizes", item_id=item_id, sizes=sizes) as op:
        if not op.is_repeat:
            _save(session, item_id, tuple(dict.fromkeys(clean(size) for size in sizes if clean(size))))
        return tuple(one.item_id for one in sizes_of(session).get(item_id, ()) if one.is_active)


def _save(session: Session, item_id: UUID, sizes: tuple[str, ...]) -> None:
    whole = session.get(Item, item_id, with_for_update=True)
    if whole is None:
        raise NotFound("no-item", Text("There is no such item."))
    if whole.variant_of_id is not None or whole.is_kit or whole.mode != "counted":
        raise Refused("no-sizes", Text("Only a counted item that is no kit and no size itself comes in sizes."))
    problems = sizes_problems(whole.names, sizes)
    if problems:
        raise InvalidInput(problems)
    known = {row.size: row for row in _rows(session, item_id)}
    for row in known.values():
        _set_active(row, row.size in sizes)
    session.add_all(_new(session, whole, size) for size in sizes if size not in known)
    session.flush()


def _rows(session: Session, item_id: UUID) -> list[Item]:
    return list(session.scalars(select(Item).where(Item.variant_of_id == item_id)))


def _set_active(row: Item, is_active: bool) -> None:
    if row.is_active != is_active:
        row.is_active = is_active
        row.version += 1


def _new(session: Session, whole: Item, size: str) -> Item:
    row = Item(id=new_id(), code=_code(session, f"{whole.code}-{size.upper()}"), variant_of_id=whole.id, size=size)
    _fill(row, whole)
    return row


def _code(session: Session, wanted: str) -> str:
    """The code of the item with the size behind it; a number more where another item has it."""
    code, n = wanted[:60], 1
    while session.scalar(select(Item.id).where(Item.code == code)):
        n += 1
        code = f"{wanted[:60]}-{n}"
    return code


def _fill(row: Item, whole: Item) -> None:
    row.names, row.unit, row.category = size_names(whole.names, row.size), whole.unit, whole.category
    row.expires, row.mode, row.is_numbered = whole.expires, whole.mode, whole.is_numbered


def follow_item(session: Session, whole: Item) -> None:
    """Sizes are called, counted and dated like their item: after it changed they change with it. Inside an operation."""
    for row in _rows(session, whole.id):
        _fill(row, whole)
        row.version += 1

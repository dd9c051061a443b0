"""What of a shelf the rules can give, size by size. Goods move only through `services.stock`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.services.campaigns.owed import Promised
from aidtrack.services.stock.ledger import free_of
from aidtrack.services.stock.sizes import Size, in_order, with_sizes
from aidtrack.store.base import table_of
from aidtrack.store.campaigns import CampaignRule
from aidtrack.store.stock import Item

_ITEM, _RULE = table_of(Item), table_of(CampaignRule)
_OF_A_RULE = select(_RULE.c.item_id)
# Only what some rule gives or gave: a store has thousands of items. Made once: each allowance asks for it.
_LYING = select(
    _ITEM.c.id, _ITEM.c.variant_of_id, _ITEM.c.size, _ITEM.c.is_active, free_of(_ITEM.c.id)
).where(_ITEM.c.id.in_(_OF_A_RULE) | _ITEM.c.variant_of_id.in_(_OF_A_RULE))


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One size of an item and how many of it this shelf has now."""

    item_id: UUID
    size: str
    available: int


@dataclass(frozen=True, slots=True)
class ShelfNow:
    """What can be given from a shelf: of each row of the catalogue, of each item with its sizes, and which sizes there are."""

    lying: Mapping[UUID, int]
    held: Mapping[UUID, int]
    sizes: Mapping[UUID, tuple[Size, ...]]

    def sizes_of(self, item_id: UUID, own: Sequence[Promised], day: date) -> tuple[SizeRow, ...]:
        """What this family may be given of each size: what lies free, and what stands aside for it."""
        sizes = self.sizes.get(item_id, ())
        if not sizes:
            return ()
        ready: dict[UUID, int] = defaultdict(int)
        for part in (part for one in own for part in one.parts if part.can_be_given(day)):
            ready[part.item_id] += part.quantity
        rows = ((one, self.lying.get(one.item_id, 0) + ready[one.item_id]) for one in sizes)
        return tuple(SizeRow(one.item_id, one.size, number) for one, number in rows if number or one.is_active)


def shelf_for_rules(session: Session, shelf_id: UUID | None, day: date) -> ShelfNow:
    """What lies on a shelf of the items of rules and can be given to anybody on `day`; nothing where there is no shelf yet."""
    lying: dict[UUID, int] = {}
    sizes: dict[UUID, list[Size]] = defaultdict(list)
    for item, whole, size, is_active, free in session.connection().execute(_LYING, {"place": shelf_id, "day": day}):
        lying[item] = int(free or 0)
        if whole is not None:
            sizes[whole].append(Size(item, size, is_active))
    ordered = in_order(sizes)
    return ShelfNow(lying, with_sizes(lying, ordered), ordered)

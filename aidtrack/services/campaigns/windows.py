"""The windows of a centre as allowances see them: what each gives and from which shelf. Setting windows up is `services.accounts`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from aidtrack.domain.stock import PlaceKind
from aidtrack.store.base import table_of
from aidtrack.store.days import Desk
from aidtrack.store.stock import StockPlace

_DESK, _PLACE = table_of(Desk), table_of(StockPlace)
_FIRST_SHELF = (
    select(_PLACE.c.id)
    .where(_PLACE.c.site_id == _DESK.c.site_id, _PLACE.c.kind == PlaceKind.SHELF.value)
    .order_by(_PLACE.c.code)
    .limit(1)
    .scalar_subquery()
)
# Made once: each hand-over and each opened family asks for them.
_WINDOWS = (
    select(
        _DESK.c.id, _DESK.c.number, _DESK.c.gives, func.coalesce(_DESK.c.shelf_id, _FIRST_SHELF, type_=_DESK.c.shelf_id.type),
        _DESK.c.is_active, _DESK.c.stages,
    )
    .where(_DESK.c.site_id == bindparam("site"))
    .order_by(_DESK.c.number)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A window: what it gives, None for all, and from which shelf: its own, else the first of the centre."""

    id: UUID
    number: int
    gives: frozenset[str] | None
    shelf_id: UUID | None
    hands_over: bool

    def gives_item(self, item_id: UUID) -> bool:
        return self.gives is None or item_id.hex in self.gives


def windows_of(session: Session, site_id: UUID) -> tuple[WindowRow, ...]:
    """The windows of a centre by their numbers."""
    rows = session.connection().execute(_WINDOWS, {"site": site_id})
    return tuple(
        WindowRow(desk, n, _items(gives), shelf, is_active and "hand_over" in stages)
        for desk, n, gives, shelf, is_active, stages in rows
    )


def _items(gives: list[str] | None) -> frozenset[str] | None:
    return None if gives is None else frozenset(map(str, gives))


def elsewhere(item_id: UUID, here: WindowRow | None, windows: Sequence[WindowRow]) -> tuple[int, ...] | None:
    """None when this window gives the item, else the numbers of those that do; somebody without a window sees them all."""
    if here is None or here.gives_item(item_id):
        return None
    return tuple(one.number for one in windows if one.hands_over and one.gives_item(item_id))

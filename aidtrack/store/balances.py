"""Balances while they are changed: held in the one order in which every desk takes their locks, so that two never wait in a ring.

Who may change which figure is the business of `services.stock`: `ledger` what lies there, `aside` what of it is put aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Update, bindparam, select, update
from sqlalchemy.orm import Session

from aidtrack.store.base import table_of
from aidtrack.store.stock import Balance

Key = tuple[UUID, UUID, UUID]
"""Place, item and lot."""


class Held(NamedTuple):
    """What lies there, and what of it is put aside."""

    quantity: int
    reserved: int


NOTHING = Held(0, 0)

_BALANCE = table_of(Balance)
_KEY = (_BALANCE.c.place_id, _BALANCE.c.item_id, _BALANCE.c.lot_id)
_HELD = (
    select(*_KEY, _BALANCE.c.quantity, _BALANCE.c.reserved)
    .where(_BALANCE.c.place_id.in_(bindparam("places", expanding=True)))
    .where(_BALANCE.c.lot_id.in_(bindparam("lots", expanding=True)))
    .order_by(*_KEY)
    .with_for_update()
)
_OF_KEY = [column == bindparam(name) for column, name in zip(_KEY, ("place", "item", "lot"), strict=True)]
_SET_QUANTITY = update(_BALANCE).where(*_OF_KEY).values(quantity=bindparam("now"))
_SET_RESERVED = update(_BALANCE).where(*_OF_KEY).values(reserved=bindparam("now"))


def hold(session: Session, keys: Iterable[Key]) -> dict[Key, Held]:
    """What lies at these places of these lots, until the commit; what never lay there is left out."""
    wanted = list(keys)
    asked = {"places": list({place for place, _, _ in wanted}), "lots": list({lot for _, _, lot in wanted})}
    return {tuple(row[:3]): Held(*row[3:]) for row in session.connection().execute(_HELD, asked)}


def set_quantities(session: Session, now: Mapping[Key, int]) -> None:
    """So much lies there from now on."""
    _set(session, _SET_QUANTITY, now)


def set_reserved(session: Session, now: Mapping[Key, int]) -> None:
    """So much of it is put aside from now on."""
    _set(session, _SET_RESERVED, now)


def _set(session: Session, how: Update, now: Mapping[Key, int]) -> None:
    if now:
        rows = [{"place": place, "item": item, "lot": lot, "now": figure} for (place, item, lot), figure in now.items()]
        session.connection().execute(how, rows)

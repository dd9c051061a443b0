"""How items are given today: to all, to those served first, a ration for each family, or not at all.

A decision for one day at one centre, in force at all windows at once; the rules stay as they are, and tomorrow begins without it.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import Giving, Switch, switch_problems
from aidtrack.domain.ids import new_id
from aidtrack.errors import InvalidInput, NotFound, Text
from aidtrack.services.today import require_open_day
from aidtrack.store import journal
from aidtrack.store.base import table_of
from aidtrack.store.campaigns import ItemSwitch
from aidtrack.store.stock import Item

_SWITCH = table_of(ItemSwitch)
_OF_DAY = (
    select(_SWITCH.c.item_id, _SWITCH.c.giving, _SWITCH.c.ration)
    .where(_SWITCH.c.site_id == bindparam("site"), _SWITCH.c.day == bindparam("day"))
    .order_by(_SWITCH.c.no)
)


def switch_item(session: Session, by: Actor, *, request_id: UUID, item_id: UUID, switch: Switch) -> Switch:
    """From now on today the item is given like this at every window; returns what is in force."""
    by.require(Permission.CAMPAIGN)
    with journal.operation(session, by, request_id, "switch_item", item_id=item_id, switch=switch) as op:
        if op.is_repeat:
            return switch
        problems = switch_problems(switch)
        if problems:
            raise InvalidInput(problems)
        if session.scalar(select(Item.id).where(Item.id == item_id).with_for_update()) is None:
            raise NotFound("no-item", Text("This item is not in the list."))
        day = require_open_day(session, by).day
        _write(session, by, item_id, day, switch)
        return switch


def _write(session: Session, by: Actor, item_id: UUID, day: date, switch: Switch) -> None:
    mine = ItemSwitch.site_id == by.site, ItemSwitch.day == day, ItemSwitch.item_id == item_id
    last = session.scalar(select(func.max(ItemSwitch.no)).where(*mine)) or 0
    ration = switch.ration if switch.giving is Giving.RATION else None
    row = ItemSwitch(
        id=new_id(), site_id=by.site, item_id=item_id, day=day, no=last + 1, giving=switch.giving.value, ration=ration,
        at=by.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()


def switched_since(session: Session, site_id: UUID, day: date) -> datetime | None:
    """When somebody last said how an item is given on this day."""
    return session.scalar(select(func.max(ItemSwitch.at)).where(ItemSwitch.site_id == site_id, ItemSwitch.day == day))


def switches(session: Session, site_id: UUID, day: date) -> dict[UUID, Switch]:
    """How items are given on this day where that is not as the rules say."""
    session.flush()
    rows = session.connection().execute(_OF_DAY, {"site": site_id, "day": day})
    found = {item: Switch(Giving(giving), ration) for item, giving, ration in rows}
    return {item: switch for item, switch in found.items() if switch.giving is not Giving.ALL}

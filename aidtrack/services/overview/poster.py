"""What a family may have, as the poster on the wall says it: the rules in force that day, and what there is none of.

Reads only. Rules are editions: the poster of an earlier day says what it said then. No name, no family, no figure of the stock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain import wall
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import Giving, Switch
from aidtrack.errors import Names, Text
from aidtrack.services import campaigns, promises
from aidtrack.services.campaigns import RuleRow
from aidtrack.services.overview.figures import Heading
from aidtrack.services.overview.heading import heading_of
from aidtrack.services.promises import Expected
from aidtrack.services.stock import ItemRow, item_rows
from aidtrack.services.today import current_day, now_of
from aidtrack.store.days import Day


@dataclass(frozen=True, slots=True)
class PosterRow:
    """One line of the poster. `sizes` are those there are; `is_out`: none today, `expected` when some is announced; `today`: less than
    the rule says, today.
    """

    code: str
    category: str
    names: Names
    unit: Text
    quantity: int
    whom: Text
    only: tuple[Text, ...]
    again: Text
    sizes: tuple[str, ...] = ()
    is_out: bool = False
    today: Text | None = None
    expected: Expected | None = None


@dataclass(frozen=True, slots=True)
class Poster:
    """The lines in the order of the rules, since when they hold (None: nothing is said yet), and how many times rules were written."""

    heading: Heading
    rows: tuple[PosterRow, ...]
    since: datetime | None
    changes: int


def poster(session: Session, by: Actor, day: date, campaign_id: UUID | None = None) -> Poster:
    """The poster of a day: of one programme, or of all that run. What there is none of is said only of the open day."""
    by.require(Permission.REPORT)
    heading = heading_of(session, by, day)
    then = campaigns.rules_then(session, by, day, _end_of(session, by, day, heading.zone), campaign_id)
    wall_now = _wall(session, by, day)
    moments = [then.since, campaigns.switched_since(session, by.site, day)]
    since = max((one for one in moments if one is not None), default=None)
    return Poster(heading, tuple(wall_now.row(rule) for rule in then.rows), since, then.changes)


def _end_of(session: Session, by: Actor, day: date, zone: str) -> datetime:
    """Until when what was written counts for the day: now on the open one, else when it was closed, or its last midnight."""
    if day >= current_day(session, by):
        return by.now()
    row = session.scalar(select(Day.id).where(Day.site_id == by.site, Day.day == day))
    closed = now_of(session, row).closed_at if row else None
    return closed or datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))


@dataclass(frozen=True, slots=True)
class _Wall:
    """What the lines are made from: the catalogue, what can be given (None on a day that is over), how items are given today."""

    items: Mapping[UUID, ItemRow]
    held: Mapping[UUID, int] | None
    switched: Mapping[UUID, Switch]
    announced: Mapping[UUID, Expected]

    def row(self, rule: RuleRow) -> PosterRow:
        item, draft = self.items[rule.rule.item_id], rule.draft
        switch = self.switched.get(item.id, Switch())
        is_out = switch.giving is Giving.NONE or (self.held is not None and not self.held.get(item.id))
        return PosterRow(
            code=item.code,
            category=item.category,
            names=rule.item_names,
            unit=rule.unit,
            quantity=rule.rule.quantity,
            whom=wall.whom(draft),
            only=wall.only(draft, [names for _, names in rule.places]),
            again=wall.again(draft),
            sizes=self._sizes(item.id),
            is_out=is_out,
            today=switch.text if switch.giving in (Giving.RATION, Giving.SERVED_FIRST) else None,
            expected=self.announced.get(item.id) if is_out else None,
        )

    def _sizes(self, item_id: UUID) -> tuple[str, ...]:
        """The sizes that lie here; on a day that is over all that are in use."""
        ones = [item for item in self.items.values() if item.variant_of == item_id and item.is_active]
        return wall.in_order(item.size for item in ones if self.held is None or self.held.get(item.id))


def _wall(session: Session, by: Actor, day: date) -> _Wall:
    items = {row.id: row for row in item_rows(session, by, active_only=False)}
    held = campaigns.can_be_given(session, by, day) if day == current_day(session, by) else None
    announced = promises.expected(session, by) if held is not None else {}
    return _Wall(items, held, campaigns.switches(session, by.site, day), announced)

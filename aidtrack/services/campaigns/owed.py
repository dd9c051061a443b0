"""What a family was promised and waits for, as its allowance needs it: promises count once, and only its own cards fetch them.

Reads only, in two statements for a family that has neither. Promising is `services.promises`, the order of the list `stock.waiting`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from aidtrack.domain.entitlement import Covering
from aidtrack.domain.promises import PromiseState, state_of
from aidtrack.services.identity.classes import household_class
from aidtrack.services.stock import aside
from aidtrack.services.stock.aside import Aside
from aidtrack.services.stock.waiting import is_open
from aidtrack.store.base import IdType, table_of
from aidtrack.store.campaigns import CampaignRule
from aidtrack.store.people import HouseholdMember
from aidtrack.store.promises import Announcement, AnnouncementLine, Promise, PromisePerson, WaitEntry
from aidtrack.store.stock import Item

RuleKey = tuple[UUID, int]
"""A rule whatever its edition: programme and number."""

_PROMISE, _FOR, _LINE, _DELIVERY, _WAIT, _RULE, _MEMBER, _ITEM = map(
    table_of, (Promise, PromisePerson, AnnouncementLine, Announcement, WaitEntry, CampaignRule, HouseholdMember, Item)
)
_GROUP = _RULE.c.filters["group"].as_string()
_PROMISED = (
    select(
        _PROMISE.c.id, _PROMISE.c.household_id, _PROMISE.c.rule_id, _PROMISE.c.item_id, _PROMISE.c.owed,
        _PROMISE.c.until_on, _PROMISE.c.at, _RULE.c.campaign_id, _RULE.c.no, _GROUP.label("group"),
        _FOR.c.person_id, _DELIVERY.c.id.label("delivery"), _DELIVERY.c.document_id, _DELIVERY.c.cancelled_on,
        func.coalesce(_ITEM.c.variant_of_id, _ITEM.c.id, type_=IdType).label("whole_id"),
    )
    .join_from(_FOR, _PROMISE, _PROMISE.c.id == _FOR.c.promise_id)
    .join(_RULE, _RULE.c.id == _PROMISE.c.rule_id)
    .join(_ITEM, _ITEM.c.id == _PROMISE.c.item_id)
    .outerjoin(_LINE, _LINE.c.id == _PROMISE.c.line_id)
    .outerjoin(_DELIVERY, _DELIVERY.c.id == _LINE.c.announcement_id)
    .where(
        _PROMISE.c.owed > 0,
        _PROMISE.c.ended_on.is_(None),
        _FOR.c.person_id.in_(bindparam("persons", expanding=True))
        | (_PROMISE.c.household_id == bindparam("household")),
    )
    .order_by(_PROMISE.c.at, _PROMISE.c.id, _FOR.c.person_id)
)  # fmt: skip
_CARDS = select(_MEMBER.c.household_id).where(
    _MEMBER.c.person_id.in_(bindparam("persons", expanding=True)), _MEMBER.c.until_day.is_(None)
)
_WAITING = (
    select(_WAIT.c.id, _WAIT.c.household_id, _WAIT.c.day, _WAIT.c.came_on, _RULE.c.campaign_id, _RULE.c.no)
    .join_from(_WAIT, _RULE, _RULE.c.id == _WAIT.c.rule_id)
    .where((_WAIT.c.household_id == bindparam("household")) | _WAIT.c.household_id.in_(_CARDS), is_open())
    .order_by(_WAIT.c.at, _WAIT.c.id)
)


@dataclass(frozen=True, slots=True)
class Promised:
    """An open promise: `owed` units until `until`, `aside` of them standing on a shelf. `persons` are those it is for; `item_id` may be
    one size of the whole item.
    """

    id: UUID
    household_id: UUID
    rule_id: UUID
    rule: RuleKey
    item_id: UUID
    whole_id: UUID
    owed: int
    until: date
    persons: tuple[UUID, ...]
    group: str
    is_coming: bool
    parts: tuple[Aside, ...] = ()

    def aside(self, day: date) -> int:
        """Units that stand aside and can be given on `day`."""
        return sum(part.quantity for part in self.parts if part.can_be_given(day))

    def state(self, day: date) -> PromiseState:
        return state_of(owed=self.owed, aside=self.aside(day), until=self.until, is_coming=self.is_coming, day=day)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A place kept in the wait list since a day; `came_on` is when it came."""

    id: UUID
    rule: RuleKey
    since: date
    came_on: date | None


@dataclass(frozen=True, slots=True)
class Owed:
    """Everything promised to the people of a family, and of it what its own cards fetch; and what the family waits for."""

    promised: tuple[Promised, ...] = ()
    own: Mapping[RuleKey, tuple[Promised, ...]] = field(default_factory=dict)
    waiting: Mapping[RuleKey, Waiting] = field(default_factory=dict)

    def coverings(self, whose: Mapping[UUID, UUID], day: date) -> list[Covering]:
        """Promises as the rules count them: whoever is promised something is not due it again. `whose` names the member of a record."""
        return [
            Covering(whose[record], one.whole_id, day, one.group, one.household_id, is_promised=True)
            for one in self.promised
            for record in one.persons
            if record in whose
        ]


NOTHING = Owed()


def owed_to(session: Session, household_id: UUID, records: Sequence[UUID]) -> Owed:
    """What the people with these `records`, who stand here under this card, were promised and wait for."""
    session.flush()
    asked = {"household": household_id, "persons": list(records)}
    rows = session.connection().execute(_PROMISED, asked).all()
    waits = session.connection().execute(_WAITING, asked).all()
    if not rows and not waits:
        return NOTHING
    homes = {row.household_id for row in (*rows, *waits)}
    cards = household_class(session, household_id) if homes != {household_id} else {household_id}
    promised = _promised(session, rows)
    own: dict[RuleKey, list[Promised]] = defaultdict(list)
    for one in promised:
        if one.household_id in cards:
            own[one.rule].append(one)
    waiting = {
        (row.campaign_id, row.no): Waiting(row.id, (row.campaign_id, row.no), row.day, row.came_on)
        for row in reversed(waits)
        if row.household_id in cards
    }
    return Owed(promised, {rule: tuple(ones) for rule, ones in own.items()}, waiting)


def _promised(session: Session, rows: Sequence[Any]) -> tuple[Promised, ...]:
    persons: dict[UUID, list[UUID]] = defaultdict(list)
    for row in rows:
        persons[row.id].append(row.person_id)
    stands = aside.standing(session, list(persons))
    return tuple(_one(row, persons[row.id], stands.get(row.id, ())) for row in {row.id: row for row in rows}.values())


def _one(row: Any, persons: Sequence[UUID], parts: Sequence[Aside]) -> Promised:
    coming = row.delivery is not None and row.document_id is None and row.cancelled_on is None
    return Promised(
        id=row.id,
        household_id=row.household_id,
        rule_id=row.rule_id,
        rule=(row.campaign_id, row.no),
        item_id=row.item_id,
        whole_id=row.whole_id,
        owed=row.owed,
        until=row.until_on,
        persons=tuple(persons),
        group=str(row.group or "").casefold(),
        is_coming=coming,
        parts=tuple(parts),
    )

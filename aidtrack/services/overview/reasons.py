"""Why families did not get all they were due of an item (R1, R4): it was given otherwise that day by a decision, or its shelf was empty.

Reads the decisions and the movements of the days; what nothing of the kind explains, a family took part of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from aidtrack.domain.campaigns import Giving, Switch
from aidtrack.domain.stock import PlaceKind
from aidtrack.errors import Text
from aidtrack.services.overview.heading import Frame
from aidtrack.store.campaigns import ItemSwitch
from aidtrack.store.handover import HandOver
from aidtrack.store.stock import Item, Movement, StockPlace

TOOK_PART = Text("took part of it")
_Move = tuple[date, datetime, int]


@dataclass(frozen=True, slots=True)
class Spell:
    """A time of one day in which an item was not given as due; None is the morning and the evening."""

    since: datetime | None
    until: datetime | None
    switch: Switch | None = None


def reasons(session: Session, frame: Frame, items: Iterable[UUID]) -> dict[UUID, Text]:
    """The reason for each of these items that has one; a decision comes before an empty shelf, the last of a day before earlier ones.
    Of several days it says on how many there was one.
    """
    asked = set(items)
    if not asked:
        return {}
    spells = _empty_shelves(session, frame, asked)
    for item, days in _decisions(session, frame, asked).items():
        spells[item] = {**spells.get(item, {}), **days}
    return {item: _words(frame, days) for item, days in spells.items() if days}


def _words(frame: Frame, days: Mapping[date, Spell]) -> Text:
    if frame.first != frame.day:
        return Text.plural("none or limited on {n} day", "none or limited on {n} days", n=len(days))
    ((_, spell),) = days.items()
    since, until = _minute(frame, spell.since), _minute(frame, spell.until)
    return _decided(spell.switch, since, until) if spell.switch else _was_empty(since, until)


def _minute(frame: Frame, moment: datetime | None) -> time | None:
    return frame.local(moment).time().replace(second=0, microsecond=0) if moment else None


def _was_empty(since: time | None, until: time | None) -> Text:
    if since and until:
        return Text("none {from_}–{until}", from_=since, until=until)
    if since:
        return Text("ran out at {time}", time=since)
    return Text("none until {time}", time=until) if until else Text("none all day")


def _decided(switch: Switch, since: time | None, until: time | None) -> Text:
    """A decision always has a beginning; it ends with the next one, or with the day."""
    if switch.giving is Giving.NONE:
        return Text("not given {from_}–{until}", from_=since, until=until) if until else Text("not given from {time}", time=since)
    if until:
        return Text("{how}, {from_}–{until}", how=switch.text, from_=since, until=until)
    return Text("{how}, from {time}", how=switch.text, time=since)


# ── decisions ────────────────────────────────────────────────────────────────────────────────────


def _decisions(session: Session, frame: Frame, asked: set[UUID]) -> dict[UUID, dict[date, Spell]]:
    """The last limit of each day; what is decided for an item holds for its sizes."""
    whole = {size: of or size for size, of in session.execute(select(Item.id, Item.variant_of_id).where(Item.id.in_(asked)))}
    row = ItemSwitch
    query = (
        select(row.item_id, row.day, row.giving, row.ration, row.at)
        .where(row.site_id == frame.site_id, row.day.between(frame.first, frame.day), row.item_id.in_(set(whole.values())))
        .order_by(row.day, row.no)
    )
    said: dict[UUID, dict[date, Spell]] = defaultdict(dict)
    for item, day, giving, ration, at in session.execute(query):
        before, switch = said[item].get(day), Switch(Giving(giving), ration)
        if switch.giving is not Giving.ALL:
            said[item][day] = Spell(at, None, switch)
        elif before is not None:
            said[item][day] = Spell(before.since, before.until or at, before.switch)
    lasted = {item: {day: one for day, one in days.items() if _lasted(frame, one)} for item, days in said.items()}
    return {size: lasted[item] for size, item in whole.items() if lasted.get(item)}


def _lasted(frame: Frame, spell: Spell) -> bool:
    """Whether somebody could have met it: a slip of the hand that was put right at once kept nothing from anybody."""
    return spell.until is None or _minute(frame, spell.since) != _minute(frame, spell.until)


# ── empty shelves ────────────────────────────────────────────────────────────────────────────────


def _empty_shelves(session: Session, frame: Frame, asked: set[UUID]) -> dict[UUID, dict[date, Spell]]:
    """By item, the last time of each day on which families were served and no shelf of the centre had any."""
    served, lying, moves = _served(session, frame), _at_first(session, frame, asked), _moves(session, frame, asked)
    found: dict[UUID, dict[date, Spell]] = {item: {} for item in asked}
    for item in asked:
        left = lying.get(item, 0)
        for day, (first, last) in served.items():
            steps = [move for move in moves.get(item, ()) if move[0] == day]
            met = [one for one in _spells(left, steps) if (one.until or last) > first and (one.since or first) < last]
            if met:
                found[item][day] = met[-1]
            left += sum(quantity for _, _, quantity in steps)
    return found


def _spells(lying: int, moves: Iterable[_Move]) -> Iterator[Spell]:
    """The times of one day without any."""
    since, is_empty = None, lying <= 0
    for _, at, quantity in moves:
        lying += quantity
        if is_empty and lying > 0:
            yield Spell(since, at)
        elif not is_empty and lying <= 0:
            since = at
        is_empty = lying <= 0
    if is_empty:
        yield Spell(since, None)


def _served(session: Session, frame: Frame) -> dict[date, tuple[datetime, datetime]]:
    """By day, the first and the last hand-over of it; a day without one has nothing to explain."""
    query = (
        select(HandOver.day, func.min(HandOver.at), func.max(HandOver.at))
        .where(HandOver.site_id == frame.site_id, HandOver.day.between(frame.first, frame.day))
        .group_by(HandOver.day)
        .order_by(HandOver.day)
    )
    return {day: (first, last) for day, first, last in session.execute(query)}


def _at_first(session: Session, frame: Frame, asked: set[UUID]) -> dict[UUID, int]:
    """What lay on the shelves before the first of the days."""
    here, there, signed = _shelves(session, frame)
    query = select(Movement.item_id, func.sum(signed)).where(Movement.item_id.in_(asked), Movement.day < frame.first)
    rows = session.execute(query.where(here | there).group_by(Movement.item_id))
    return {item: int(units or 0) for item, units in rows}


def _moves(session: Session, frame: Frame, asked: set[UUID]) -> dict[UUID, list[_Move]]:
    """What went onto the shelves and off them in those days, in the order it happened."""
    here, there, signed = _shelves(session, frame)
    query = (
        select(Movement.item_id, Movement.day, Movement.at, signed)
        .where(Movement.item_id.in_(asked), Movement.day.between(frame.first, frame.day), here | there)
        .order_by(Movement.day, Movement.at, Movement.id)
    )
    found: dict[UUID, list[_Move]] = defaultdict(list)
    for item, day, at, quantity in session.execute(query):
        found[item].append((day, at, int(quantity)))
    return found


def _shelves(session: Session, frame: Frame) -> tuple[Any, Any, Any]:
    """(came onto a shelf, left one, the units with their sign); from shelf to shelf is nothing."""
    query = select(StockPlace.id).where(StockPlace.site_id == frame.site_id, StockPlace.kind == PlaceKind.SHELF.value)
    shelves = session.scalars(query).all()
    onto, off = Movement.to_id.in_(shelves), Movement.from_id.in_(shelves)
    return onto, off, case((onto & ~off, Movement.quantity), (off & ~onto, -Movement.quantity), else_=0)

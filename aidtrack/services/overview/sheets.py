"""R12: which sheets the windows sign on today. The program counts sheet and line of every hand-over; these are the papers they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.entitlement import Basis
from aidtrack.domain.handover import LINES_PER_SHEET
from aidtrack.domain.queueing import Stage
from aidtrack.errors import Names, NotFound, Text
from aidtrack.services import campaigns
from aidtrack.services.campaigns import RuleRow
from aidtrack.services.overview.figures import Heading
from aidtrack.services.overview.heading import heading_of
from aidtrack.store.campaigns import Campaign
from aidtrack.store.days import Desk
from aidtrack.store.handover import HandOver
from aidtrack.store.stock import Item

MOST_ITEMS = 6
"""Columns of goods a sheet has room for; a window that gives more writes the others by hand."""
_FIRST_DAY = 3


@dataclass(frozen=True, slots=True)
class WindowSheets:
    """The sheets of one window: its number, what it gives, the first sheet that is not begun, and how many; then what the running
    programmes give there, to each person and to each family, and whose programmes they are.
    """

    window: int
    gives: tuple[Names, ...]
    first: int
    count: int
    per_person: tuple[tuple[Names, int], ...] = ()
    per_family: tuple[tuple[Names, int], ...] = ()
    programmes: tuple[tuple[Names, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SignOffSheets:
    """The sheets to sign on, window by window."""

    heading: Heading
    lines: int
    windows: tuple[WindowSheets, ...]


def sign_off_sheets(session: Session, by: Actor, day: date) -> SignOffSheets:
    """Blank sheets for every window that hands over: as many as its last day filled, and one more.

    They begin with the first sheet nobody has signed on yet. NotFound where no window hands over.
    """
    by.require(Permission.REPORT)
    query = select(Desk).where(Desk.site_id == by.site).order_by(Desk.number)
    desks = [desk for desk in session.scalars(query) if Stage.HAND_OVER in desk.stages]
    if not desks:
        raise NotFound(
            "no-window", Text("No window hands over: there is nothing to sign. Windows are set in Settings.")
        )
    items = dict(session.execute(select(Item.id, Item.names).order_by(Item.code)).all())
    rules = campaigns.rules_then(session, by, day, by.now()).rows
    windows = tuple(_due(session, _of(session, desk, items, day), desk, rules) for desk in desks)
    return SignOffSheets(heading_of(session, by, day), LINES_PER_SHEET, windows)


def _due(session: Session, sheets: WindowSheets, desk: Desk, rules: Sequence[RuleRow]) -> WindowSheets:
    """With what the programmes give at this window; a window that says nothing of goods gives what any of them gives."""
    wanted = {UUID(str(item)) for item in desk.gives or ()}
    here = [row for row in rules if row.is_active and (not wanted or row.rule.item_id in wanted)]
    each = {
        basis: tuple((row.item_names, row.rule.quantity) for row in here if (row.rule.basis is Basis.HOUSEHOLD) is basis)
        for basis in (True, False)
    }
    query = select(Campaign.names, Campaign.donor).where(Campaign.id.in_({row.campaign_id for row in here}))
    programmes = tuple((names, donor) for names, donor in session.execute(query.order_by(Campaign.starts_on, Campaign.id)))
    return replace(sheets, per_person=each[False], per_family=each[True], programmes=programmes)


def _of(session: Session, desk: Desk, items: Mapping[UUID, Names], day: date) -> WindowSheets:
    wanted: Sequence[UUID] = [UUID(str(item)) for item in desk.gives or ()]
    gives = tuple(names for item, names in items.items() if item in wanted)[:MOST_ITEMS]
    begun = session.scalar(select(func.max(HandOver.sheet)).where(HandOver.desk_id == desk.id, HandOver.day == day))
    return WindowSheets(desk.number, gives, (begun or 0) + 1, _usual(session, desk.id, day))


def _usual(session: Session, desk_id: UUID, day: date) -> int:
    """What the window's last day before this one filled, and one more."""
    per_day = select(func.count(HandOver.id)).where(HandOver.desk_id == desk_id, HandOver.day < day)
    last = session.scalar(per_day.group_by(HandOver.day).order_by(HandOver.day.desc()).limit(1))
    return ceil(last / LINES_PER_SHEET) + 1 if last else _FIRST_DAY

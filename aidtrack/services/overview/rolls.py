"""The numbers that are still on the paper rolls of a day, to be printed, cut and given by hand when there is no power."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.queueing import Lane, label
from aidtrack.errors import NotFound, Text
from aidtrack.services.overview.figures import Heading
from aidtrack.services.overview.heading import heading_of
from aidtrack.store.queueing import NumberBlock, Ticket


@dataclass(frozen=True, slots=True)
class RollNumbers:
    """Numbers to cut out, in their order, each with the name of its line."""

    heading: Heading
    numbers: tuple[tuple[str, Text], ...]


def roll_numbers(session: Session, by: Actor, day: date) -> RollNumbers:
    """What is left on the rolls of the day; NotFound when no roll was cut or all is given."""
    by.require(Permission.ISSUE_TICKET)
    found = []
    for roll, given in rolls_of(session, by, day):
        lane = Lane(roll.lane)
        found += [(label(lane, n), lane.text) for n in range((given or roll.first - 1) + 1, roll.last + 1)]
    if not found:
        raise NotFound("no-roll", Text("No numbers are kept for a paper roll today."))
    return RollNumbers(heading_of(session, by, day), tuple(found))


def rolls_of(session: Session, by: Actor, day: date) -> list[tuple[NumberBlock, int | None]]:
    """The rolls of the day in the order they were cut, each with the last number of it that was given out."""
    query = select(NumberBlock).where(NumberBlock.site_id == by.site, NumberBlock.day == day).order_by(NumberBlock.at)
    return [(roll, _last_given(session, roll)) for roll in session.scalars(query).all()]


def _last_given(session: Session, roll: NumberBlock) -> int | None:
    mine = (Ticket.site_id == roll.site_id, Ticket.day == roll.day, Ticket.lane == roll.lane)
    return session.scalar(select(func.max(Ticket.number)).where(*mine, Ticket.number.between(roll.first, roll.last)))

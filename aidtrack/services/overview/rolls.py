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
    query = select(NumberBlock).where(NumberBlock.site_id == by.site, NumberBlock.day == day).order_by(NumberBlock.at)
    found = []
    for roll in session.scalars(query).all():
        mine = (Ticket.site_id == by.site, Ticket.day == day, Ticket.lane == roll.lane)
        given = session.scalar(select(func.max(Ticket.number)).where(*mine, Ticket.number.between(roll.first, roll.last)))
        lane = Lane(roll.lane)
        found += [(label(lane, n), lane.text) for n in range((given or roll.first - 1) + 1, roll.last + 1)]
    if not found:
        raise NotFound("no-roll", Text("No numbers are kept for a paper roll today."))
    return RollNumbers(heading_of(session, by, day), tuple(found))

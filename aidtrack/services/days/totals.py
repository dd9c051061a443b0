"""What a day came to, in a few figures: families, people, children, older people, the middle wait, pauses.

The reports of `services.overview` say the same in full.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median_high
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.birth import age_on
from aidtrack.domain.days import Pause, whole_minutes, without_pauses
from aidtrack.domain.queueing import TicketState
from aidtrack.errors import NotFound, Text
from aidtrack.services.today import now_of
from aidtrack.store.days import Day
from aidtrack.store.handover import HandOver, HandOverPerson, HandOverVoid
from aidtrack.store.people import Person
from aidtrack.store.queueing import Ticket

ADULT = 18
OLDER = 60


@dataclass(frozen=True, slots=True)
class DayTotals:
    """Families and people who got something; `wait_minutes` is what half of the called numbers waited at most."""

    families: int
    people: int
    children: int
    older: int
    served: int
    cancelled_hand_overs: int
    wait_minutes: int | None
    pauses: tuple[Pause, ...]


def day_totals(session: Session, by: Actor, day_id: UUID) -> DayTotals:
    """The figures of a day; cancelled hand-overs do not count."""
    by.require(Permission.REPORT)
    day = session.get(Day, day_id)
    if day is None:
        raise NotFound("day", Text("This day was never opened."))
    ages = list(_ages(session, day))
    pauses = now_of(session, day_id).pauses
    return DayTotals(
        families=_number(session, _given(day).with_only_columns(func.count(func.distinct(HandOver.household_id)))),
        people=len(ages),
        children=sum(age is not None and age < ADULT for age in ages),
        older=sum(age is not None and age >= OLDER for age in ages),
        served=_number(session, _tickets(day).where(Ticket.state == TicketState.SERVED)),
        cancelled_hand_overs=_number(session, _voids(day)),
        wait_minutes=_half_waited(session, day, pauses),
        pauses=pauses,
    )


def _number(session: Session, query: Select[int]) -> int:
    return session.scalar(query) or 0


def _given(day: Day) -> Select[UUID]:
    return (
        select(HandOver.id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(HandOver.site_id == day.site_id, HandOver.day == day.day, HandOverVoid.id.is_(None))
    )


def _voids(day: Day) -> Select[int]:
    query = select(func.count()).select_from(HandOverVoid).join(HandOver, HandOver.id == HandOverVoid.hand_over_id)
    return query.where(HandOver.site_id == day.site_id, HandOverVoid.day == day.day)


def _tickets(day: Day) -> Select[int]:
    return select(func.count()).select_from(Ticket).where(Ticket.site_id == day.site_id, Ticket.day == day.day)


def _ages(session: Session, day: Day) -> Iterable[int | None]:
    """The age on that day of everybody covered, each person once; None where nobody knows it."""
    covered = select(HandOverPerson.person_id).where(HandOverPerson.hand_over_id.in_(_given(day)))
    born = select(Person.birth_date, Person.birth_precision).where(Person.id.in_(covered))
    return [age_on(day.day, first, precision) for first, precision in session.execute(born)]


def _half_waited(session: Session, day: Day, pauses: tuple[Pause, ...]) -> int | None:
    query = select(Ticket.issued_at, Ticket.first_called_at).where(
        Ticket.site_id == day.site_id, Ticket.day == day.day, Ticket.first_called_at.is_not(None)
    )
    waits = [without_pauses(issued, called, pauses) for issued, called in session.execute(query) if called]
    return whole_minutes(median_high(waits)) if waits else None

"""The door: what a family is told before it waits, the number it gets, and what the shelf is enough for.

Shows no name: only “something today”, “from 3 September”, “see shift lead”. Allowances are `services.campaigns`' work,
numbers `services.queueing`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.entitlement import AllowanceState
from aidtrack.domain.people import Need
from aidtrack.domain.queueing import OPEN, Lane, TicketState, label, read_label
from aidtrack.errors import Names, Text
from aidtrack.services import campaigns, people, queueing
from aidtrack.services.identity.classes import household_class
from aidtrack.services.queueing import BlockRow, TicketRow
from aidtrack.services.today import current_day
from aidtrack.store.days import Day, open_day_row
from aidtrack.store.people import Card, Household, HouseholdMember, Person, PersonNeed
from aidtrack.store.queueing import Ticket

OLDER = 65
BABY = 2
HEX_DIGITS = 32
SHORT = 20
"""Families: from here on an item is marked as soon short."""


class DoorState(StrEnum):
    """What the door says, in the order of the icons: given, put aside, not today, the shift lead, a number there is already."""

    TODAY = "today"
    PUT_ASIDE = "put_aside"
    LATER = "later"
    NOTHING = "nothing"
    SHIFT_LEAD = "shift_lead"
    HELD = "held"
    YESTERDAY = "yesterday"
    ON_ROLL = "on_roll"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DoorAnswer:
    """The sentence at the door. `lane` is where the family goes if it takes a number now; `ticket` is one it has
    already."""

    state: DoorState
    text: Text
    second: Text
    lane: Lane = Lane.A
    household_id: UUID | None = None
    ticket: TicketRow | None = None
    from_id: UUID | None = None
    next_day: date | None = None
    roll: BlockRow | None = None
    """The paper roll a number is on that is not in the line yet."""

    @property
    def is_no(self) -> bool:
        """Nothing for this family today: it is told so before it waits."""
        return self.state in (DoorState.LATER, DoorState.NOTHING)

    @property
    def wants_enter(self) -> bool:
        """Enter does what the sentence says."""
        return self.state in (DoorState.YESTERDAY, DoorState.ON_ROLL)


def ask_at_door(session: Session, by: Actor, typed: str) -> DoorAnswer:
    """A scanned or typed card, or the number on a slip."""
    slip = slip_id(typed)
    if slip is not None:
        return _of_slip(session, by, slip)
    number = read_label(typed)
    if number is not None:
        return _of_number(session, by, *number)
    household_id = people.household_by_code(session, by, typed)
    if household_id is None:
        return DoorAnswer(
            DoorState.UNKNOWN,
            Text("This card is not known here"),
            Text("It may be of another centre: give a number for registration."),
        )
    return _of_family(session, by, household_id)


# ── a family's card ──────────────────────────────────────────────────────────────────────────────


def _of_family(session: Session, by: Actor, household_id: UUID) -> DoorAnswer:
    held = _open_ticket(session, by, household_id)
    if held is not None:
        return _held(held)
    tail = Text("card ·{tail}", tail=_tail(session, household_id))
    if session.scalar(select(Household.is_protected).where(Household.id == household_id)):
        return DoorAnswer(DoorState.SHIFT_LEAD, Text("See the shift lead"), tail, Lane.K, household_id)
    lane = Lane.K if _is_served_first(session, household_id, current_day(session, by)) else Lane.A
    cards = household_class(session, household_id)
    before = _unserved_before(session, by, Ticket.household_id.in_(cards))
    day = current_day(session, by)
    state, text, next_day = _sentence(campaigns.allowances(session, by, household_id), day)
    from_id = before.id if before else None
    lane = Lane.M if state is DoorState.PUT_ASIDE and lane is Lane.A else lane
    return DoorAnswer(state, text, tail, Lane.M if before else lane, household_id, from_id=from_id, next_day=next_day)


def _sentence(rows: Sequence[campaigns.AllowanceRow], day: date) -> tuple[DoorState, Text, date | None]:
    if any(promised.aside(day) for row in rows for promised in row.promises):
        return DoorState.PUT_ASIDE, Text("Put aside for the family, ready"), None
    if any(row.due > 0 and row.state in (AllowanceState.GIVE, AllowanceState.OTHER_WINDOW) for row in rows):
        return DoorState.TODAY, Text("There is something today"), None
    coming = [row.until for row in rows if row.state is AllowanceState.PROMISED and row.until is not None and row.until >= day]
    days = [row.next_day for row in rows if row.next_day is not None] + coming
    if days:
        return DoorState.LATER, Text("Not today, from {day}", day=min(days)), min(days)
    return DoorState.NOTHING, Text("Nothing to hand over today"), None


def _tail(session: Session, household_id: UUID) -> str:
    query = select(Card.tail).where(Card.household_id == household_id, Card.is_valid)
    return session.scalars(query.order_by(Card.issued_at.desc())).first() or "—"


def _is_served_first(session: Session, household_id: UUID, day: date) -> bool:
    """Somebody of the family here is old, a baby, or has a need that opens the lane; the digit at the door can say
    otherwise."""
    here = select(HouseholdMember.person_id).where(
        HouseholdMember.household_id == household_id,
        HouseholdMember.until_day.is_(None),
        HouseholdMember.presence == "here",
    )
    needs = [need for need in Need if need.served_first]
    current = or_(PersonNeed.until_day.is_(None), PersonNeed.until_day > day)
    with_need = select(PersonNeed.id).where(PersonNeed.person_id.in_(here), PersonNeed.need.in_(needs), current)
    if session.scalars(with_need.limit(1)).first() is not None:
        return True
    old, young = date(day.year - OLDER, 1, 1), date(day.year - BABY, day.month, 1)
    by_age = select(Person.id).where(Person.id.in_(here), or_(Person.birth_date < old, Person.birth_date > young))
    return session.scalars(by_age.limit(1)).first() is not None


def _open_ticket(session: Session, by: Actor, household_id: UUID) -> TicketRow | None:
    day = current_day(session, by)
    rows = queueing.ticket_rows(
        session,
        Ticket.site_id == by.site,
        Ticket.day == day,
        Ticket.household_id.in_(household_class(session, household_id)),
        Ticket.state.in_(OPEN),
        limit=1,
    )
    return rows[0] if rows else None


def _held(row: TicketRow) -> DoorAnswer:
    second = Text("It keeps its place: {state}", state=row.state.text)
    text = Text("Has the number {label} already", label=row.label)
    return DoorAnswer(DoorState.HELD, text, second, row.lane, row.household_id, ticket=row)


# ── a number on a slip ───────────────────────────────────────────────────────────────────────────


def slip_id(code: str) -> UUID | None:
    """The number a scanned slip means (`T:…`); None for any other code."""
    digits = code.strip()[2:].lower()
    is_slip = code.strip()[:2].upper() == "T:" and len(digits) == HEX_DIGITS and set(digits) <= set("0123456789abcdef")
    return UUID(hex=digits) if is_slip else None


def _of_slip(session: Session, by: Actor, ticket_id: UUID) -> DoorAnswer:
    """The very number of the paper, whatever day it is from."""
    rows = queueing.ticket_rows(session, Ticket.id == ticket_id, Ticket.site_id == by.site)
    if not rows:
        return DoorAnswer(DoorState.UNKNOWN, Text("This slip is not known here"), Text("Look again."))
    row = rows[0]
    before = _unserved_before(session, by, Ticket.id == ticket_id)
    if before is not None:
        return _yesterday(before)
    if row.day == current_day(session, by):
        return _held(row)
    text = Text("{label} of {day}: {state}", label=row.label, day=row.day, state=row.state.text)
    return DoorAnswer(DoorState.UNKNOWN, text, Text("It is over. Scan the card, or give a new number."))


def _yesterday(before: Ticket) -> DoorAnswer:
    number = label(Lane(before.lane), before.number)
    return DoorAnswer(
        DoorState.YESTERDAY,
        Text("{label} was not served on {day}", label=number, day=before.day),
        Text("Enter gives a number of the line M: it comes first there"),
        Lane.M,
        before.household_id,
        from_id=before.id,
    )


def _of_number(session: Session, by: Actor, lane: Lane, number: int) -> DoorAnswer:
    """Today's number, if it is still open; else the newest unserved one of an earlier day."""
    where = (Ticket.site_id == by.site, Ticket.lane == lane, Ticket.number == number)
    today = queueing.ticket_rows(session, *where, Ticket.day == current_day(session, by))
    before = _unserved_before(session, by, *where)
    if today and (today[0].state in OPEN or before is None):
        return _held(today[0])
    day = open_day_row(session, by.site, by.now())
    roll = queueing.block_of(session, day, lane, number) if day is not None else None
    if roll is not None:
        return DoorAnswer(
            DoorState.ON_ROLL,
            Text("{label} is on the paper roll", label=label(lane, number)),
            Text("Enter: the roll has come to this number, all up to it join the line"),
            lane,
            roll=replace(roll, given_to=number),
        )
    if before is not None:
        return _yesterday(before)
    return DoorAnswer(
        DoorState.UNKNOWN, Text("There is no number {label}", label=label(lane, number)), Text("Look again.")
    )


def _unserved_before(session: Session, by: Actor, *where: object) -> Ticket | None:
    """The newest number of the last day before today that kept a place for tomorrow and was not continued."""
    last_day = select(Day.day).where(Day.site_id == by.site, Day.day < current_day(session, by))
    newest = session.scalar(last_day.order_by(Day.day.desc()).limit(1))
    continued = select(Ticket.from_id).where(Ticket.from_id.is_not(None), Ticket.state != TicketState.CANCELLED)
    query = select(Ticket).where(
        *where,  # type: ignore[arg-type]
        Ticket.site_id == by.site,
        Ticket.day == newest,
        Ticket.state.in_((TicketState.TOMORROW, TicketState.MISSED)),
        Ticket.id.not_in(continued),
    )
    return session.scalar(query.order_by(Ticket.issued_at).limit(1))


# ── enough for ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class EnoughRow:
    """An item some rule gives: for how many families what can be given is enough, until when by today's pace."""

    item_id: UUID
    names: Names
    families: int
    until: datetime | None
    is_short: bool


@dataclass(frozen=True, slots=True)
class EnoughBoard:
    """What the shelf is enough for, and the last number it reaches if somebody would go without."""

    rows: tuple[EnoughRow, ...] = ()
    stop_line: str = ""


def enough(session: Session, by: Actor) -> EnoughBoard:
    """In the order of the rules. An item is short when it does not reach everybody who waits now."""
    day = current_day(session, by)
    found = campaigns.enough_for(session, by, day)
    names = {row.rule.item_id: row.item_names for row in campaigns.running_rules(session, by, day)}
    line = _line(session, by)
    rows = [
        EnoughRow(
            item, names[item], found[item].families, found[item].until, found[item].families < max(len(line), SHORT)
        )
        for item in names
        if item in found
    ]
    return EnoughBoard(tuple(rows), _stop_line(rows, line))


def _line(session: Session, by: Actor) -> list[str]:
    rows = queueing.ticket_rows(
        session,
        Ticket.site_id == by.site,
        Ticket.day == current_day(session, by),
        Ticket.state == TicketState.WAITING,
    )
    return [row.label for row in rows]


def _stop_line(rows: Sequence[EnoughRow], line: Sequence[str]) -> str:
    """The last number in line that the first item still lying there reaches, when it does not reach all."""
    left = [row.families for row in rows if row.families]
    return line[left[0] - 1] if left and left[0] < len(line) else ""

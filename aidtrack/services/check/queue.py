"""Proves the truths of the queue: T7 every number ended somewhere, T10 numbers and days stand where their events say.

Reads only. Folds the events again by the rules of `domain.queueing` and `domain.days`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain import days as day_rules
from aidtrack.domain import queueing as rules
from aidtrack.errors import Refused, Text
from aidtrack.services.check.failure import Failure
from aidtrack.store.days import Counter, Day, DayEvent
from aidtrack.store.queueing import NumberBlock, Ticket, TicketEvent


def failures(session: Session) -> Iterator[Failure]:
    """Every broken truth of the queue and the days."""
    tickets = session.scalars(select(Ticket).order_by(Ticket.day, Ticket.lane, Ticket.number)).all()
    yield from numbers_missing(tickets, session.scalars(select(NumberBlock)).all())
    yield from numbers_unaccounted(tickets)
    yield from tickets_off(session, tickets)
    yield from days_off(session)
    yield from counters_behind(session)


def _label(ticket: Ticket) -> dict[str, Any]:
    return {"ticket": f"{ticket.lane} {ticket.number}", "day": ticket.day}


# ── T7 ───────────────────────────────────────────────────────────────────────────────────────────


def numbers_missing(tickets: Sequence[Ticket], blocks: Sequence[NumberBlock] = ()) -> Iterator[Failure]:
    """The numbers of a line and day are 1, 2, 3 … without a gap: none was lost and none given twice. Those on a paper roll wait there, and
    a roll may lie ahead of where the computer has come.
    """

    def line(one: Ticket | NumberBlock) -> tuple[UUID, date, str]:
        return one.site_id, one.day, one.lane

    on_rolls: dict[tuple[UUID, date, str], set[int]] = defaultdict(set)
    for block in blocks:
        on_rolls[line(block)] |= set(range(block.first, block.last + 1))
    for (site, day, lane), numbers in groupby(sorted(tickets, key=lambda t: (*line(t), t.number)), key=line):
        found = [ticket.number for ticket in numbers]
        rolls = on_rolls[site, day, lane]
        come_to = max((number for number in found if number not in rolls), default=0)
        if len(set(found)) < len(found) or not set(range(1, come_to + 1)) <= set(found) | rolls:
            words = Text(
                "{day}, line {lane}: {issued} numbers were issued, the last one is {last}.",
                day=day,
                lane=lane,
                issued=len(found),
                last=found[-1],
            )
            yield Failure("T7-numbers", words, f"{day}/{lane}")


def numbers_unaccounted(tickets: Sequence[Ticket]) -> Iterator[Failure]:
    """Issued = served + missed + left + cancelled + expired + open, on each day."""
    ended: dict[date, int] = defaultdict(int)
    issued: dict[date, int] = defaultdict(int)
    known = {state.value for state in rules.TicketState}
    for ticket in tickets:
        issued[ticket.day] += 1
        ended[ticket.day] += ticket.state in known
    for day, count in issued.items():
        if ended[day] != count:
            words = Text(
                "{day}: {issued} numbers were issued, only {ended} of them stand somewhere.",
                day=day,
                issued=count,
                ended=ended[day],
            )
            yield Failure("T7-sum", words, str(day))


# ── T10 ──────────────────────────────────────────────────────────────────────────────────────────


def tickets_off(session: Session, tickets: Sequence[Ticket]) -> Iterator[Failure]:
    """A number stands where the fold of its events says, at the window and with the family they say."""
    events = _ticket_events(session)
    for ticket in tickets:
        own = events.get(ticket.id, [])
        if [event.no for event in own] != list(range(1, len(own) + 1)) or not own:
            words = Text("Number {ticket} of {day}: something that happened to it is missing.", **_label(ticket))
            yield Failure("T10-ticket-events", words, ticket.id.hex)
            continue
        now = rules.ticket_now(own)
        if ticket.state != now.state.value:
            words = Text(
                "Number {ticket} of {day} stands as “{kept}”, its events say “{told}”.",
                **_label(ticket),
                kept=rules.TicketState(ticket.state).text,
                told=now.state.text,
            )
            yield Failure("T10-ticket-state", words, ticket.id.hex)
        elif (ticket.household_id, ticket.stage, ticket.for_desk_id) != (now.household_id, now.stage.value, now.for_desk_id):
            words = Text(
                "Number {ticket} of {day} is tied to another family, stage or window than its events say.", **_label(ticket)
            )
            yield Failure("T10-ticket-tie", words, ticket.id.hex)


def _ticket_events(session: Session) -> dict[UUID, list[rules.TicketEvent]]:
    found: dict[UUID, list[rules.TicketEvent]] = defaultdict(list)
    for row in session.scalars(select(TicketEvent).order_by(TicketEvent.ticket_id, TicketEvent.no)):
        found[row.ticket_id].append(_as_rule_sees(row))
    return found


def _as_rule_sees(row: TicketEvent) -> rules.TicketEvent:
    return rules.TicketEvent(
        row.no,
        rules.TicketEventKind(row.kind),
        row.at,
        desk_id=row.desk_id,
        stage=rules.Stage(row.stage) if row.stage else None,
        household_id=row.household_id,
        undoes=row.undoes_no,
        to_desk_id=row.to_desk_id,
    )


def days_off(session: Session) -> Iterator[Failure]:
    """A day is open, paused, closed or signed off as its events say."""
    for day in session.scalars(select(Day).order_by(Day.day)):
        rows = session.scalars(select(DayEvent).where(DayEvent.day_id == day.id).order_by(DayEvent.no)).all()
        told = _day_state([day_rules.DayEvent(day_rules.DayEventKind(row.kind), row.at) for row in rows])
        if told != day.state or [row.no for row in rows] != list(range(1, len(rows) + 1)):
            words = Text("{day} does not stand as its events say.", day=day.day)
            yield Failure("T10-day-state", words, day.id.hex)


def _day_state(events: Sequence[day_rules.DayEvent]) -> str:
    try:
        return day_rules.day_now(events).state.value
    except Refused as impossible:
        return impossible.code


def counters_behind(session: Session) -> Iterator[Failure]:
    """No series will draw a number again that a ticket has already."""
    last = {(row.site_id, row.series): row.last for row in session.scalars(select(Counter))}
    roll = NumberBlock
    of_lane = (roll.site_id == Ticket.site_id) & (roll.day == Ticket.day) & (roll.lane == Ticket.lane)
    on_roll = select(roll.id).where(of_lane, roll.first <= Ticket.number, roll.last >= Ticket.number).exists()
    query = (
        select(Ticket.site_id, Ticket.day, Ticket.lane, func.max(Ticket.number))
        .where(~on_roll)
        .group_by(Ticket.site_id, Ticket.day, Ticket.lane)
    )
    for site, day, lane, highest in session.execute(query):
        drawn = [n for (where, series), n in last.items() if where == site and str(day) in series and lane in series]
        if max(drawn, default=0) < highest:
            words = Text("{day}, line {lane}: the next number would be given a second time.", day=day, lane=lane)
            yield Failure("T10-counter", words, f"{day}/{lane}")

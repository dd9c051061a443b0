"""Numbers for a paper roll: cut in one piece, at the next number or where a printed roll starts (“start at 38”), typed in as far as the
roll has come.

A number on paper and one from a computer are never the same; none is missing in the evening (truth T7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane, Stage, TicketEventKind, label
from aidtrack.errors import InvalidInput, NotFound, Problem, Text
from aidtrack.services.queueing.issuing import series_of
from aidtrack.services.queueing.tickets import append, of_day
from aidtrack.services.today import hold_open_day, now_of, require_open_day
from aidtrack.store import journal
from aidtrack.store.base import by_first
from aidtrack.store.days import Day, draw, hold_series
from aidtrack.store.queueing import NumberBlock, Ticket

MOST = 500
"""Numbers on one roll."""


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A roll of a lane: its first and last number, and the last one that is known to be given (0: none yet)."""

    id: UUID
    lane: Lane
    first: int
    last: int
    given_to: int

    @property
    def start_at(self) -> str:
        """What is written on the roll."""
        return label(self.lane, self.first)

    @property
    def left(self) -> int:
        """Numbers that are still on the roll."""
        return self.last - max(self.given_to, self.first - 1)


def cut_block(
    session: Session, by: Actor, *, request_id: UUID, lane: Lane, number: int, first: int | None = None
) -> BlockRow:
    """So many numbers of a lane for a roll, from the next one on, or from `first` where the roll is printed already. The computer never
    gives them: it goes on behind them, and up to them first where they lie ahead.
    """
    by.require(Permission.ISSUE_TICKET)
    facts: dict[str, Any] = {"lane": lane, "number": number} | ({"first": first} if first is not None else {})
    with journal.operation(session, by, request_id, "cut_block", **facts) as op:
        if op.is_repeat:
            return _row(session, session.get_one(NumberBlock, op.only("number_block")))
        if not 0 < number <= MOST:
            raise InvalidInput([Problem("number", Text("From 1 to {most} numbers.", most=MOST))])
        day = require_open_day(session, by)
        hold_open_day(session, by)
        first = _first_of(session, day, lane, number, first)
        block = NumberBlock(
            id=new_id(), operation_id=op.id, site_id=day.site_id, day=day.day, lane=lane, first=first,
            last=first + number - 1, at=by.now(),
        )  # fmt: skip
        session.add(block)
        session.flush()
        return _row(session, block)


def _first_of(session: Session, day: Day, lane: Lane, number: int, wanted: int | None) -> int:
    """Where the roll starts: at the next numbers, which are drawn, or behind other rolls that lie there; or where it is printed, if all of
    those are still free."""
    series = series_of(day.day, lane)
    after = hold_series(session, day.site_id, series)
    query = select(NumberBlock.first, NumberBlock.last).where(
        NumberBlock.site_id == day.site_id, NumberBlock.day == day.day, NumberBlock.lane == lane, NumberBlock.last > after
    )
    ahead = [(first, last) for first, last in session.execute(query)]
    free = max((last for _, last in ahead), default=after) + 1
    is_taken = any(first < (wanted or after + 1) + number and (wanted or after + 1) <= last for first, last in ahead)
    if wanted is not None and (wanted <= after or is_taken):
        words = Text("Some of these numbers are given or stand on another roll. Free from {label} on.", label=label(lane, free))
        raise InvalidInput([Problem("first", words)])
    start = wanted or (free if is_taken else after + 1)
    if start == after + 1:
        draw(session, day.site_id, series, number)
    return start


def take_in_block(session: Session, by: Actor, *, request_id: UUID, block_id: UUID, given_to: int) -> BlockRow:
    """The roll has come to this number: all before it stand in the line, as if given one after the other since it was told last, or,
    for the first time, in the pause it was for.

    A fact on paper is never refused in a pause. Numbers that are in already stay as they are.
    """
    by.require(Permission.ISSUE_TICKET)
    with journal.operation(session, by, request_id, "take_in_block", block_id=block_id, given_to=given_to) as op:
        block = _locked(session, by, block_id)
        if op.is_repeat:
            return _row(session, block)
        if not block.first <= given_to <= block.last:
            words = Text("This roll goes from {first} to {last}.", first=block.first, last=block.last)
            raise InvalidInput([Problem("given_to", words)])
        day = require_open_day(session, by)
        if day.day != block.day:
            raise NotFound("no-block", Text("This roll is not one of today."))
        _give(session, by, day, block, given_to)
        return _row(session, block)


def _give(session: Session, by: Actor, day: Day, block: NumberBlock, given_to: int) -> None:
    """Each gets its share of the time in which they were given: who came first keeps the earlier place."""
    known, since, until = _given_between(session, by, day, block)
    new = range(known + 1, given_to + 1)
    span = until - since
    for place, number in enumerate(new, 1):
        ticket = Ticket(
            id=new_id(), site_id=block.site_id, day=block.day, lane=block.lane, number=number,
            issued_at=since + span * place / len(new),
        )  # fmt: skip
        session.add(ticket)
        session.flush()
        given = replace(by, clock=partial(_moment, ticket.issued_at))
        append(session, given, ticket, TicketEventKind.ISSUED, stage=Stage.REGISTER)
        append(session, by, ticket, TicketEventKind.PRINTED)


def _given_between(session: Session, by: Actor, day: Day, block: NumberBlock) -> tuple[int, datetime, datetime]:
    """The last number that is in, and the time the new ones were given in: since the roll was told about last. A roll nobody has begun,
    as it lies in the paper kit, is begun when the computer gives no numbers: in the newest pause since it was cut.
    """
    known, since = _known(session, block)
    pauses = [pause for pause in now_of(session, day.id).pauses if pause.since > since]
    if known >= block.first or not pauses:
        return known, since, by.now()
    return known, pauses[-1].since, pauses[-1].until or by.now()


def blocks(session: Session, by: Actor) -> tuple[BlockRow, ...]:
    """The rolls of the open day, the oldest first."""
    day = require_open_day(session, by)
    query = select(NumberBlock).where(NumberBlock.site_id == day.site_id, NumberBlock.day == day.day)
    return tuple(_row(session, block) for block in session.scalars(query.order_by(NumberBlock.at, NumberBlock.id)))


def block_of(session: Session, day: Day, lane: Lane, number: int) -> BlockRow | None:
    """The roll a number is on that is not in the line yet."""
    query = select(NumberBlock).where(NumberBlock.site_id == day.site_id, NumberBlock.day == day.day)
    on_it = (NumberBlock.lane == lane, NumberBlock.first <= number, NumberBlock.last >= number)
    block = session.scalar(query.where(*on_it))
    taken = select(Ticket.id).where(*of_day(day), Ticket.lane == lane, Ticket.number == number)
    if block is None or session.scalar(taken) is not None:
        return None
    return _row(session, block)


def _locked(session: Session, by: Actor, block_id: UUID) -> NumberBlock:
    block = session.get(NumberBlock, block_id, with_for_update=True)
    if block is None or block.site_id != by.site:
        raise NotFound("no-block", Text("This roll is not in the database."))
    return block


def _row(session: Session, block: NumberBlock) -> BlockRow:
    known, _ = _known(session, block)
    return BlockRow(block.id, Lane(block.lane), block.first, block.last, known if known >= block.first else 0)


def _moment(at: datetime) -> datetime:
    """A clock that stood still when the number was given."""
    return at


def _known(session: Session, block: NumberBlock) -> tuple[int, datetime]:
    """The last number that is in, and when; before the first one, when the roll was cut."""
    mine = (
        Ticket.site_id == block.site_id, Ticket.day == block.day, Ticket.lane == block.lane,
        Ticket.number.between(block.first, block.last),
    )  # fmt: skip
    found: Sequence[tuple[int | None, datetime | None]] = [
        (row[0], row[1])
        for row in session.execute(select(func.max(Ticket.number), func.max(Ticket.issued_at, type_=Ticket.issued_at.type)).where(*mine))
    ]
    number, at = found[0]
    return (number, at) if number is not None and at is not None else (block.first - 1, block.at)


@dataclass(frozen=True, slots=True)
class Drawn:
    """How many numbers of a day were given or passed over, and how many of them lie on paper rolls the computer went around: those are
    missing in no line. A roll that lies ahead counts as far as it was given.
    """

    numbers: int
    left_on_rolls: int


def drawn(session: Session, day: Day) -> Drawn:
    """The numbers of all lanes of a day."""
    query = select(NumberBlock).where(NumberBlock.site_id == day.site_id, NumberBlock.day == day.day)
    rolls, come_to = [_row(session, block) for block in session.scalars(query)], _come_to(session, day)
    passed = [one for one in rolls if one.first <= come_to.get(one.lane, 0)]
    ahead = sum(one.last - one.first + 1 - one.left for one in rolls if one not in passed)
    return Drawn(sum(come_to.values()) + ahead, sum(one.left for one in passed))


def _come_to(session: Session, day: Day) -> dict[str, int]:
    """The last number of each lane that stands on no roll."""
    roll = NumberBlock
    same = (roll.site_id == Ticket.site_id, roll.day == Ticket.day, roll.lane == Ticket.lane)
    on_one = select(roll.id).where(*same, Ticket.number.between(roll.first, roll.last))
    query = select(Ticket.lane, func.max(Ticket.number)).where(*of_day(day), ~on_one.exists()).group_by(Ticket.lane)
    return by_first(session, query)

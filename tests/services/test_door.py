"""The door on both databases: what a family is told before it waits, paper rolls, and numbers for tomorrow."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import select

from aidtrack.domain.days import PauseReason
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane, TicketState, label
from aidtrack.errors import InvalidInput
from aidtrack.services import days, door, overview, people, queueing
from aidtrack.services.check import check
from aidtrack.services.days.checklist import TICKETS, RowState, checklist
from aidtrack.services.door import DoorAnswer, DoorState
from aidtrack.services.handover import hand_over
from aidtrack.services.queueing import BlockRow, Said, TicketRow
from aidtrack.store.database import Database
from aidtrack.store.queueing import Ticket
from tests.aid import TODAY, WEEK, Aid, draft_of, make_aid, make_family
from tests.factories import Centre, SettableClock, Team


@pytest.fixture
def aid(database: Database, centre: Centre, by: Team) -> Aid:
    return database.write(lambda s: make_aid(s, by, centre))


@pytest.fixture
def family(database: Database, by: Team, aid: Aid) -> people.HouseholdReceipt:
    return database.write(lambda s: make_family(s, by.registrar))


def ask(database: Database, by: Team, typed: str) -> DoorAnswer:
    return database.read(lambda s: door.ask_at_door(s, by.registrar, typed))


def issue(database: Database, by: Team, lane: Lane = Lane.A, household: UUID | None = None) -> TicketRow:
    work = partial(queueing.issue_ticket, by=by.registrar, request_id=new_id(), lane=lane, household_id=household)
    return database.write(work)


def serve_all(database: Database, by: Team, aid: Aid, family: people.HouseholdReceipt) -> None:
    draft = draft_of(family.household_id, (aid.food, 4), (aid.soap, 4))
    database.write(lambda s: hand_over(s, by.distributor, request_id=new_id(), draft=draft))
    blanket = draft_of(family.household_id, (aid.blanket, 1))
    other = by.at(by.distributor, database.read(lambda s: queueing.board(s, by.distributor)).at_windows[1].desk_id)
    database.write(lambda s: hand_over(s, other, request_id=new_id(), draft=blanket))


# ── not today ────────────────────────────────────────────────────────────────────────────────────


def test_a_served_family_is_told_the_day_before_it_waits(
    database: Database, by: Team, aid: Aid, family: people.HouseholdReceipt
) -> None:
    assert ask(database, by, family.card_number).state is DoorState.TODAY
    serve_all(database, by, aid, family)
    told = ask(database, by, family.card_number)
    assert (told.state, told.next_day, told.is_no) == (DoorState.LATER, TODAY + timedelta(days=WEEK), True)


def test_what_was_said_is_a_fact_once_a_day_and_stands_in_the_report(
    database: Database, by: Team, aid: Aid, family: people.HouseholdReceipt, clock: SettableClock
) -> None:
    serve_all(database, by, aid, family)
    next_day = TODAY + timedelta(days=WEEK)

    def tell() -> bool:
        said = {"household_id": family.household_id, "said": Said.LATER, "next_day": next_day}
        return database.write(lambda s: queueing.turn_away(s, by.registrar, request_id=new_id(), **said))  # type: ignore[arg-type]

    assert [tell(), tell()] == [True, False]
    clock.forward(minutes=5)
    report = database.read(lambda s: overview.exception_report(s, by.coordinator, TODAY))
    (row,) = report.turned_away
    assert (row.card_tail, row.next_day, row.came_in) == (family.card_number[-4:], next_day, False)
    issue(database, by, household=family.household_id)
    (row,) = database.read(lambda s: overview.exception_report(s, by.coordinator, TODAY)).turned_away
    assert row.came_in


def test_the_slip_says_what_from_which_day_and_no_name(
    database: Database, by: Team, aid: Aid, family: people.HouseholdReceipt
) -> None:
    serve_all(database, by, aid, family)
    slip = database.read(lambda s: overview.come_back_slip(s, by.registrar, household_id=family.household_id))
    assert [day for _, day in slip.again] == [TODAY + timedelta(days=WEEK)] * 2
    assert "Ткач" not in str(slip)


# ── yesterday ────────────────────────────────────────────────────────────────────────────────────


def test_yesterdays_slip_gives_a_number_of_the_line_m_once(
    database: Database, by: Team, aid: Aid, clock: SettableClock
) -> None:
    old, first_today = issue(database, by), None
    database.write(lambda s: days.close_day(s, by.coordinator, request_id=new_id()))
    clock.forward(days=1)
    database.write(lambda s: days.open_day(s, by.coordinator, request_id=new_id()))
    first_today = issue(database, by, Lane.M)
    told = ask(database, by, f"T:{old.id.hex}")
    assert (told.state, told.lane, told.from_id, told.wants_enter) == (DoorState.YESTERDAY, Lane.M, old.id, True)
    take = partial(queueing.issue_ticket, by=by.registrar, lane=Lane.M, from_id=told.from_id)
    mine = database.write(partial(take, request_id=new_id()))
    assert (mine.label, mine.continues) == ("M 02", old.label)
    called = database.write(lambda s: queueing.call_next(s, by.distributor, request_id=new_id()))
    assert called is not None
    assert (called.id, first_today.state) == (mine.id, TicketState.WAITING)
    assert ask(database, by, f"T:{old.id.hex}").state is DoorState.UNKNOWN


def test_todays_slip_keeps_its_place(database: Database, by: Team, aid: Aid) -> None:
    mine = issue(database, by)
    told = ask(database, by, f"T:{mine.id.hex}")
    assert (told.state, told.ticket) == (DoorState.HELD, mine)


# ── paper rolls ──────────────────────────────────────────────────────────────────────────────────


def cut(database: Database, by: Team, number: int = 10) -> BlockRow:
    return database.write(lambda s: queueing.cut_block(s, by.registrar, request_id=new_id(), lane=Lane.A, number=number))


def take_in(database: Database, by: Team, block: BlockRow, to: int) -> BlockRow:
    work = partial(queueing.take_in_block, by=by.registrar, request_id=new_id(), block_id=block.id, given_to=to)
    return database.write(work)


def test_a_roll_starts_where_the_counter_stands_and_the_computer_goes_on_behind_it(
    database: Database, by: Team, aid: Aid
) -> None:
    issue(database, by)
    block = cut(database, by)
    assert (block.start_at, block.last, block.left) == ("A 02", 11, 10)
    assert issue(database, by).label == "A 12"


def test_numbers_of_the_roll_join_the_line_in_their_order_and_with_their_share_of_the_time(
    database: Database, by: Team, aid: Aid, clock: SettableClock
) -> None:
    block = cut(database, by)
    clock.forward(minutes=10)
    later = issue(database, by)
    clock.forward(minutes=10)
    row = take_in(database, by, block, 4)
    assert (row.given_to, row.left) == (4, 6)
    line = database.read(lambda s: queueing.board(s, by.registrar)).lanes[0].line
    assert [one.label for one in line] == ["A 01", "A 02", later.label, "A 03", "A 04"]
    assert take_in(database, by, block, 4) == row
    assert ask(database, by, "A 05").state is DoorState.ON_ROLL
    assert ask(database, by, "A 03").state is DoorState.HELD


def test_a_roll_of_the_paper_kit_is_begun_when_the_light_goes(
    database: Database, by: Team, aid: Aid, clock: SettableClock
) -> None:
    """Cut in the morning, first used in the power cut: nobody on it has waited since the morning, and who came before is before it."""
    block = cut(database, by)
    clock.forward(hours=6)
    before = issue(database, by)
    clock.forward(minutes=10)
    went = database.write(lambda s: days.pause(s, by.registrar, request_id=new_id(), reason=PauseReason.POWER)).day
    dark = clock()
    clock.forward(minutes=40)
    database.write(lambda s: days.resume(s, by.shift_lead, request_id=new_id()))
    clock.forward(minutes=3)
    after = issue(database, by)
    take_in(database, by, block, 4)
    line = database.read(lambda s: queueing.board(s, by.registrar)).lanes[0].line
    assert [one.label for one in line] == [before.label, "A 01", "A 02", "A 03", "A 04", after.label]
    assert max(one.minutes for one in line) == 13
    rows = database.read(lambda s: s.scalars(select(Ticket.issued_at).where(Ticket.day == went, Ticket.number <= 4)).all())
    assert all(dark <= at <= dark + timedelta(minutes=40) for at in rows)


def test_a_number_beyond_the_roll_is_refused_and_nothing_is_taken_in(database: Database, by: Team, aid: Aid) -> None:
    block = cut(database, by)
    with pytest.raises(InvalidInput):
        take_in(database, by, block, 11)
    assert database.read(lambda s: queueing.blocks(s, by.registrar)) == (block,)


def test_the_day_adds_up_with_a_roll_half_given(database: Database, by: Team, aid: Aid, clock: SettableClock) -> None:
    """Truth T7: issued = what became of the numbers; those left on paper are said and are missing in no line."""
    block = cut(database, by)
    issue(database, by)
    clock.forward(minutes=1)
    take_in(database, by, block, 3)
    day = database.read(lambda s: days.day_state(s, by.coordinator))
    database.write(lambda s: days.close_day(s, by.coordinator, request_id=new_id()))
    assert database.read(lambda s: check(s, by.administrator)).failures == ()
    day_id = day.id
    assert day_id is not None
    rows = {row.topic: row for row in database.read(lambda s: checklist(s, by.coordinator, day_id))}
    assert rows[TICKETS].state is RowState.DONE
    assert "7 left on paper rolls" in str(rows[TICKETS].figures)


# ── tomorrow ─────────────────────────────────────────────────────────────────────────────────────


def test_who_is_put_off_gets_an_hour_and_comes_first_the_next_morning(
    database: Database, by: Team, aid: Aid, clock: SettableClock
) -> None:
    hours = []
    for _ in range(12):
        given = database.write(lambda s: queueing.issue_for_tomorrow(s, by.registrar, request_id=new_id()))
        assert given.state is TicketState.TOMORROW
        slot = database.read(lambda s, i=given.id: queueing.slot_of(s, i))
        assert slot is not None
        hours.append(slot[1])
    assert hours == [8] * 10 + [9] * 2
    slip = database.read(lambda s: overview.ticket_slip(s, by.registrar, ticket_id=given.id))
    assert slip.slot == (TODAY + timedelta(days=1), 9)
    database.write(lambda s: days.close_day(s, by.coordinator, request_id=new_id()))
    clock.forward(days=1)
    database.write(lambda s: days.open_day(s, by.coordinator, request_id=new_id()))
    assert ask(database, by, label(given.lane, given.number)).state is DoorState.YESTERDAY


def test_putting_off_is_taken_back(database: Database, by: Team, aid: Aid) -> None:
    mine = issue(database, by)
    database.write(lambda s: queueing.put_off(s, by.registrar, request_id=new_id(), ticket_id=mine.id))
    back = database.write(lambda s: queueing.undo_last(s, by.registrar, request_id=new_id()))
    assert (back.id, back.state) == (mine.id, TicketState.WAITING)
    assert database.read(lambda s: queueing.slot_of(s, mine.id)) is None


# ── out of turn ──────────────────────────────────────────────────────────────────────────────────


def test_nobody_is_called_out_of_turn_without_a_written_reason(database: Database, by: Team, aid: Aid) -> None:
    issue(database, by)
    late = issue(database, by)

    def jump(reason: str) -> TicketRow:
        work = partial(queueing.call_ticket, by=by.distributor, request_id=new_id(), ticket_id=late.id, reason=reason)
        return database.write(work)

    with pytest.raises(InvalidInput):
        jump("  ")
    assert jump("женщина рожает").state is TicketState.CALLED
    again = database.write(lambda s: queueing.call_again(s, by.distributor, request_id=new_id(), ticket_id=late.id))
    assert again.state is TicketState.CALLED
    report = database.read(lambda s: overview.queue_report(s, by.coordinator, TODAY))
    assert report.called_out_of_turn == (late.label,)
    deeds = database.read(lambda s: overview.exception_report(s, by.coordinator, TODAY)).deeds
    (deed,) = (one for one in deeds if str(one.name) == "Number called out of turn")
    assert (deed.count, deed.reasons) == (1, ("женщина рожает",))

"""The day on both databases: whose day a fact has, pauses, the checklist, closing that holds nobody hostage, signing off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayState, PauseReason
from aidtrack.domain.handover import GoodsAre
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane, TicketState
from aidtrack.domain.stock import CountDraft, SeenLine
from aidtrack.errors import InvalidInput, NotAllowed, Refused
from aidtrack.services import days, door, queueing
from aidtrack.services.days import ChecklistRow, DayRow, RowState
from aidtrack.services.door import DoorState
from aidtrack.services.handover import cancel_hand_over, hand_over
from aidtrack.services.queueing import TicketRow
from aidtrack.services.stock import counting
from aidtrack.store.database import Database
from aidtrack.store.journal import Operation
from aidtrack.store.people import Card
from tests.aid import Aid, draft_of, make_aid, make_family
from tests.factories import Centre, SettableClock, Team

NIGHT = datetime(2024, 8, 12, 21, 30, tzinfo=UTC)  # half past midnight on the wall


class Centred:
    """The coordinator's and everybody's keys, one transaction each, a minute apart."""

    def __init__(self, database: Database, by: Team, clock: SettableClock) -> None:
        self.database, self.by, self.clock = database, by, clock

    def do(self, use_case: Callable[..., Any], who: Actor | None = None, **arguments: Any) -> Any:
        self.clock.forward(minutes=1)
        return self.database.write(partial(use_case, by=who or self.by.coordinator, request_id=new_id(), **arguments))

    def open(self) -> DayRow:
        shown: DayRow = self.do(days.open_day)
        return shown

    def issue(self, lane: Lane = Lane.A, **more: Any) -> TicketRow:
        row: TicketRow = self.do(queueing.issue_ticket, self.by.registrar, lane=lane, **more)
        return row

    def state(self) -> DayRow:
        return self.database.read(partial(days.day_state, by=self.by.registrar))

    def row(self, ticket: TicketRow) -> TicketRow:
        return self.database.read(lambda session: queueing.ticket_row(session, ticket.id))

    def today(self) -> date:
        return self.database.read(partial(days.current_day, by=self.by.registrar))

    def checklist(self) -> dict[str, ChecklistRow]:
        shown = self.state()
        assert shown.id is not None
        rows = self.database.read(partial(days.checklist, by=self.by.shift_lead, day_id=shown.id))
        return {row.topic: row for row in rows}


@pytest.fixture
def centre_day(database: Database, by: Team, clock: SettableClock) -> Centred:
    return Centred(database, by, clock)


@pytest.fixture
def aid(database: Database, centre: Centre, by: Team, centre_day: Centred) -> Aid:
    return database.write(lambda s: make_aid(s, by, centre))


# ── whose day ────────────────────────────────────────────────────────────────────────────────────


def test_before_opening_the_wall_says_the_date(centre_day: Centred) -> None:
    assert centre_day.today() == date(2024, 8, 12)
    assert (centre_day.state().state, centre_day.state().id) == (DayState.NOT_OPEN, None)


def test_after_midnight_a_fact_belongs_to_the_open_day(centre_day: Centred) -> None:
    centre_day.open()
    centre_day.clock.moment = NIGHT
    assert centre_day.today() == date(2024, 8, 12)
    assert centre_day.issue().day == date(2024, 8, 12)


def test_a_day_opened_after_four_at_night_is_the_new_date(centre_day: Centred) -> None:
    centre_day.clock.moment = NIGHT + timedelta(hours=4)
    assert centre_day.open().day == date(2024, 8, 13)


def test_a_forgotten_day_takes_no_facts_and_waits_to_be_closed(centre_day: Centred) -> None:
    centre_day.open()
    centre_day.clock.forward(hours=31)
    assert centre_day.today() == date(2024, 8, 13)
    assert centre_day.state().is_forgotten
    for use_case in (days.open_day, days.pause):
        with pytest.raises(Refused):
            centre_day.do(use_case)
    assert centre_day.do(days.close_day).state is DayState.CLOSED
    assert centre_day.open().day == date(2024, 8, 13)


def test_operations_carry_the_open_day(centre_day: Centred) -> None:
    centre_day.open()
    centre_day.clock.moment = NIGHT
    centre_day.issue()
    found = centre_day.database.read(
        lambda s: s.scalars(select(Operation.day).where(Operation.kind == "issue_ticket")).all()
    )
    assert list(found) == [date(2024, 8, 12)]


# ── opening ──────────────────────────────────────────────────────────────────────────────────────


def test_the_day_is_opened_once(centre_day: Centred) -> None:
    request = new_id()
    press = partial(days.open_day, by=centre_day.by.coordinator, request_id=request)
    assert centre_day.database.write(press) == centre_day.database.write(press)
    with pytest.raises(Refused):
        centre_day.open()


@pytest.mark.parametrize("use_case", [days.open_day, days.close_day, days.reopen_day])
def test_only_the_coordinator_opens_and_closes(centre_day: Centred, use_case: Callable[..., Any]) -> None:
    with pytest.raises(NotAllowed):
        centre_day.do(use_case, centre_day.by.shift_lead)


def test_after_signing_off_buses_at_night_open_the_next_date(centre_day: Centred) -> None:
    centre_day.open()
    centre_day.do(days.close_day)
    centre_day.do(days.sign_off)
    with pytest.raises(Refused) as refused:
        centre_day.open()
    assert refused.value.code == "day-signed-off"
    centre_day.clock.moment = NIGHT
    assert centre_day.open().day == date(2024, 8, 13)
    assert centre_day.state().day == date(2024, 8, 13)
    centre_day.do(days.close_day)
    assert (centre_day.state().day, centre_day.state().state) == (date(2024, 8, 13), DayState.CLOSED)


# ── pause ────────────────────────────────────────────────────────────────────────────────────────


def test_anybody_pauses_and_the_shift_lead_goes_on(centre_day: Centred) -> None:
    centre_day.open()
    for who in (centre_day.by.storekeeper, centre_day.by.registrar):
        shown = centre_day.do(days.pause, who)
    assert shown.paused_since == centre_day.state().paused_since == centre_day.clock() - timedelta(minutes=1)
    with pytest.raises(NotAllowed):
        centre_day.do(days.resume, centre_day.by.registrar)
    shown = centre_day.do(days.resume, centre_day.by.shift_lead, reason=PauseReason.ALARM)
    assert [(p.reason, p.until) for p in shown.pauses] == [(PauseReason.ALARM, centre_day.clock())]


def test_the_reason_of_a_pause_is_told_when_there_is_time(centre_day: Centred) -> None:
    centre_day.open()
    with pytest.raises(Refused):
        centre_day.do(days.name_pause, reason=PauseReason.ALARM)
    centre_day.do(days.pause)
    centre_day.do(days.resume)
    for reason in (PauseReason.HEAT, PauseReason.ALARM):
        shown = centre_day.do(days.name_pause, centre_day.by.shift_lead, reason=reason)
    assert [pause.reason for pause in shown.pauses] == [PauseReason.ALARM]
    assert shown.state is DayState.OPEN


def test_who_was_called_before_the_pause_is_called_again_after_it(centre_day: Centred) -> None:
    centre_day.open()
    issued = centre_day.issue()
    centre_day.do(queueing.call_next, centre_day.by.distributor)
    centre_day.do(days.pause)
    centre_day.clock.forward(minutes=45)
    centre_day.do(days.resume)
    called = centre_day.row(issued)
    assert (called.state, called.called_at) == (TicketState.CALLED, centre_day.clock())
    assert called.desk_id == issued.desk_id or called.desk_number == 1


def test_nobody_is_missed_for_a_pause(centre_day: Centred) -> None:
    centre_day.open()
    issued = centre_day.issue()
    for _ in range(3):
        centre_day.do(queueing.call_next, centre_day.by.distributor)
        centre_day.do(queueing.not_here, centre_day.by.distributor, ticket_id=issued.id)
    centre_day.do(days.pause)
    centre_day.clock.forward(hours=2)
    centre_day.do(days.resume)
    centre_day.do(queueing.call_next, centre_day.by.distributor)
    assert centre_day.row(issued).state is TicketState.MISSED


# ── the checklist ────────────────────────────────────────────────────────────────────────────────


def test_an_empty_day_agrees(centre_day: Centred) -> None:
    centre_day.open()
    rows = centre_day.checklist()
    assert {row.state for row in rows.values()} == {RowState.DONE}
    assert str(rows["tickets"].figures) == "0 issued = 0 served"


def test_issued_is_the_sum_of_what_became_of_the_numbers(centre_day: Centred) -> None:
    centre_day.open()
    first, second, _third = (centre_day.issue() for _ in range(3))
    centre_day.do(queueing.serve, centre_day.by.distributor, ticket_id=first.id)
    centre_day.do(queueing.gone, centre_day.by.distributor, ticket_id=second.id)
    rows = centre_day.checklist()
    assert str(rows["tickets"].figures) == "3 issued = 1 served + 1 gone + 1 still in the queue"
    assert rows["tickets"].state is RowState.DONE
    assert rows["still_waiting"].state is RowState.OPEN


def test_a_counted_difference_wants_one_sentence_and_gets_it(centre_day: Centred, aid: Aid, centre: Centre) -> None:
    item, lot = aid.soap.item_id, aid.soap.lots[0]
    seen = CountDraft((SeenLine(item, lot, 47),), centre.shelf)
    centre_day.do(counting.count, centre_day.by.storekeeper, draft=seen)
    row = centre_day.checklist()[days.count_topic(item)]
    assert (row.state, str(row.figures)) == (RowState.SENTENCE, "difference -3")
    shown = centre_day.state()
    centre_day.do(days.explain, day_id=shown.id, topic=row.topic, sentence="  три промокли ")
    row = centre_day.checklist()[row.topic]
    assert (row.state, row.sentence) == (RowState.DONE, "три промокли")
    centre_day.do(days.explain, day_id=shown.id, topic=row.topic, sentence="")
    assert centre_day.checklist()[row.topic].state is RowState.SENTENCE


def test_goods_nobody_counted_are_named(centre_day: Centred, aid: Aid) -> None:
    row = centre_day.checklist()["not_counted"]
    assert row.state is RowState.SENTENCE
    assert "not counted" in str(row.title)


def test_a_sentence_is_one_sentence(centre_day: Centred) -> None:
    shown = centre_day.open()
    with pytest.raises(InvalidInput):
        centre_day.do(days.explain, day_id=shown.id, topic="tickets", sentence="a" * 301)


# ── closing ──────────────────────────────────────────────────────────────────────────────────────


def test_closing_keeps_places_for_tomorrow(centre_day: Centred) -> None:
    centre_day.open()
    waiting, called, served = (centre_day.issue() for _ in range(3))
    centre_day.do(queueing.call_ticket, centre_day.by.distributor, ticket_id=called.id, reason="роды")
    centre_day.do(queueing.serve, centre_day.by.distributor, ticket_id=served.id)
    assert centre_day.do(days.close_day).state is DayState.CLOSED
    states = [centre_day.row(ticket).state for ticket in (waiting, called, served)]
    assert states == [TicketState.TOMORROW, TicketState.TOMORROW, TicketState.SERVED]


def test_closing_can_let_them_expire(centre_day: Centred) -> None:
    centre_day.open()
    waiting = centre_day.issue()
    centre_day.do(days.close_day, to_tomorrow=False)
    assert centre_day.row(waiting).state is TicketState.EXPIRED


def test_closing_in_a_pause_ends_it(centre_day: Centred) -> None:
    centre_day.open()
    centre_day.do(days.pause)
    shown = centre_day.do(days.close_day)
    assert [p.until for p in shown.pauses] == [centre_day.clock()]


@pytest.mark.parametrize("to_tomorrow", [True, False])
def test_closing_is_taken_back_exactly(centre_day: Centred, to_tomorrow: bool) -> None:
    centre_day.open()
    waiting, called = centre_day.issue(), centre_day.issue()
    centre_day.do(queueing.call_ticket, centre_day.by.distributor, ticket_id=called.id, reason="роды")
    before = [centre_day.row(ticket) for ticket in (waiting, called)]
    centre_day.do(days.close_day, to_tomorrow=to_tomorrow)
    assert centre_day.do(days.reopen_day).state is DayState.OPEN
    assert [centre_day.row(ticket) for ticket in (waiting, called)] == before


def test_the_hours_between_closing_and_opening_again_are_nobodys_wait(centre_day: Centred) -> None:
    centre_day.open()
    centre_day.issue()
    centre_day.do(days.close_day)
    centre_day.clock.forward(hours=3)
    centre_day.open()
    board = centre_day.database.read(partial(queueing.board, by=centre_day.by.registrar))
    assert board.lanes[0].longest_minutes == 1


def test_a_signed_off_day_stays_as_it_is(centre_day: Centred) -> None:
    centre_day.open()
    centre_day.do(days.close_day)
    shown = centre_day.do(days.sign_off)
    assert (shown.state, shown.signed_off_at) == (DayState.SIGNED_OFF, centre_day.clock())
    for use_case, more in (
        (days.reopen_day, {}),
        (days.close_day, {}),
        (days.explain, {"day_id": shown.id, "topic": "tickets", "sentence": "x"}),
    ):
        with pytest.raises(Refused):
            centre_day.do(use_case, **more)


def test_signing_off_twice_with_one_request_is_one(centre_day: Centred) -> None:
    centre_day.open()
    centre_day.do(days.close_day)
    press = partial(days.sign_off, by=centre_day.by.coordinator, request_id=new_id())
    assert centre_day.database.write(press) == centre_day.database.write(press)


# ── next morning, at the door ────────────────────────────────────────────────────────────────────


def test_yesterdays_number_becomes_a_number_of_the_line_m(centre_day: Centred) -> None:
    centre_day.open()
    old = centre_day.issue()
    centre_day.do(days.close_day)
    centre_day.clock.forward(days=1)
    centre_day.open()
    answer = centre_day.database.read(partial(door.ask_at_door, by=centre_day.by.registrar, typed="а1"))
    assert (answer.state, answer.lane, answer.from_id) == (DoorState.YESTERDAY, Lane.M, old.id)
    continued = centre_day.issue(Lane.M, from_id=old.id)
    assert (continued.label, continued.continues) == ("M 01", "A 01")
    with pytest.raises(Refused):
        centre_day.issue(Lane.M, from_id=old.id)
    again = centre_day.database.read(partial(door.ask_at_door, by=centre_day.by.registrar, typed="A 1"))
    assert again.state is DoorState.UNKNOWN


def test_todays_number_is_not_continued(centre_day: Centred) -> None:
    centre_day.open()
    issued = centre_day.issue()
    with pytest.raises(Refused):
        centre_day.issue(Lane.M, from_id=issued.id)


def test_the_door_says_what_there_is_and_then_when_again(centre_day: Centred, aid: Aid, centre: Centre) -> None:
    made = centre_day.database.write(lambda s: make_family(s, centre_day.by.registrar, size=4))

    def ask() -> door.DoorAnswer:
        return centre_day.database.read(partial(door.ask_at_door, by=centre_day.by.distributor, typed=made.card_number))

    answer = ask()
    assert (answer.state, answer.household_id) == (DoorState.TODAY, made.household_id)
    assert made.card_number[-4:] in str(answer.second)
    window_1 = draft_of(made.household_id, (aid.food, 4), (aid.soap, 4))
    centre_day.do(hand_over, centre_day.by.distributor, draft=window_1)
    assert ask().state is DoorState.TODAY
    at_window_2 = centre_day.by.at(centre_day.by.distributor, centre.windows[1])
    centre_day.do(hand_over, at_window_2, draft=draft_of(made.household_id, (aid.blanket, 1)))
    assert (ask().state, str(ask().text)) == (DoorState.LATER, "Not today, from 2024-08-19")
    assert "Ткач" not in str(ask().text) + str(ask().second)


def test_the_door_knows_an_open_number(centre_day: Centred, aid: Aid) -> None:
    made = centre_day.database.write(lambda s: make_family(s, centre_day.by.registrar))
    issued = centre_day.issue(household_id=made.household_id)
    ask = partial(door.ask_at_door, by=centre_day.by.registrar)
    assert centre_day.database.read(partial(ask, typed=made.card_number)).state is DoorState.HELD
    by_label = centre_day.database.read(partial(ask, typed=issued.label))
    assert by_label.ticket is not None
    assert by_label.ticket.id == issued.id


def test_the_scanned_token_is_read_at_the_door(centre_day: Centred, aid: Aid) -> None:
    made = centre_day.database.write(lambda s: make_family(s, centre_day.by.registrar))
    token = centre_day.database.read(
        lambda s: s.scalars(select(Card.token).where(Card.household_id == made.household_id)).one()
    )
    answer = centre_day.database.read(partial(door.ask_at_door, by=centre_day.by.registrar, typed=token))
    assert answer.household_id == made.household_id


def test_an_unknown_card_is_no_fault_of_the_family(centre_day: Centred) -> None:
    centre_day.open()
    answer = centre_day.database.read(partial(door.ask_at_door, by=centre_day.by.registrar, typed="000000000000"))
    assert answer.state is DoorState.UNKNOWN


def test_enough_for_is_in_the_order_of_the_rules(centre_day: Centred, aid: Aid) -> None:
    centre_day.database.write(lambda s: make_family(s, centre_day.by.registrar))
    shown = centre_day.database.read(partial(door.enough, by=centre_day.by.distributor))
    assert shown.rows
    assert all(row.families >= 0 for row in shown.rows)


# ── totals ───────────────────────────────────────────────────────────────────────────────────────


def test_totals_count_families_and_people_once_and_leave_cancelled_ones_out(centre_day: Centred, aid: Aid) -> None:
    made = centre_day.database.write(lambda s: make_family(s, centre_day.by.registrar))
    shown = centre_day.state()
    assert shown.id is not None
    draft = draft_of(made.household_id, (aid.food, 1))
    given = centre_day.do(hand_over, centre_day.by.distributor, draft=draft)
    read = partial(days.day_totals, by=centre_day.by.shift_lead, day_id=shown.id)
    totals = centre_day.database.read(read)
    assert (totals.families, totals.cancelled_hand_overs) == (1, 0)
    assert totals.people >= totals.children + totals.older
    centre_day.do(
        cancel_hand_over,
        centre_day.by.shift_lead,
        hand_over_id=given.id,
        where=GoodsAre.BACK_ON_SHELF,
        reason="не та семья",
    )
    totals = centre_day.database.read(read)
    assert (totals.families, totals.people, totals.cancelled_hand_overs) == (0, 0, 1)

"""The queue on both databases: numbers, calls, places kept, things taken back, eight doors at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft, MemberDraft
from aidtrack.domain.queueing import Lane, Stage, TicketState, ticket_now
from aidtrack.errors import Conflict, InvalidInput, NotAllowed, NotFound, Refused
from aidtrack.services import accounts, days, overview, people, queueing
from aidtrack.services.queueing import TicketRow
from aidtrack.services.queueing.tickets import events_of
from aidtrack.store.database import Database
from aidtrack.store.queueing import Ticket, TicketEvent
from tests.factories import Centre, SettableClock, Team


@pytest.fixture
def queue(database: Database, by: Team, clock: SettableClock) -> Queue:
    """An open day at eight."""
    desk = Queue(database, by, clock)
    desk.database.write(partial(days.open_day, by=by.coordinator, request_id=new_id()))
    return desk


class Queue:
    """What people at the door and at window 1 do, one transaction each, a minute apart."""

    def __init__(self, database: Database, by: Team, clock: SettableClock) -> None:
        self.database, self.by, self.clock = database, by, clock

    def issue(self, lane: Lane = Lane.A, **more: Any) -> TicketRow:
        self.clock.forward(minutes=1)
        done = partial(queueing.issue_ticket, by=self.by.registrar, request_id=new_id(), lane=lane, **more)
        return self.database.write(done)

    def call(self, who: Actor | None = None) -> TicketRow | None:
        self.clock.forward(minutes=1)
        return self.database.write(partial(queueing.call_next, by=who or self.by.distributor, request_id=new_id()))

    def do(
        self, use_case: Callable[..., TicketRow], ticket: TicketRow | None = None, who: Actor | None = None, **more: Any
    ) -> TicketRow:
        self.clock.forward(minutes=1)
        arguments = more | ({"ticket_id": ticket.id} if ticket else {})
        done: TicketRow = self.database.write(
            partial(use_case, by=who or self.by.distributor, request_id=new_id(), **arguments)
        )
        return done

    def board(self, who: Actor | None = None) -> queueing.QueueBoard:
        return self.database.read(partial(queueing.board, by=who or self.by.distributor))

    def family(self, name: str = "Ткаченко Мария") -> UUID:
        draft = HouseholdDraft(members=(MemberDraft(family_name=name.split()[0], given_name=name.split()[1]),))
        done = partial(people.register_household, by=self.by.registrar, request_id=new_id(), draft=draft)
        return self.database.write(done).household_id


def only_gives(queue: Queue, window: UUID) -> None:
    """A window that hands over and does nothing else."""
    changes_window(queue, window, stages=("hand_over",))


def changes_window(queue: Queue, window: UUID, **how: Any) -> None:
    rows = {row.id: row for row in queue.database.read(partial(accounts.windows, by=queue.by.coordinator))}
    draft = replace(rows[window].draft, **how)
    done = partial(accounts.change_window, by=queue.by.coordinator, request_id=new_id(), window_id=window, draft=draft)
    queue.database.write(done)


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def test_numbers_count_in_each_lane(queue: Queue) -> None:
    labels = [queue.issue(lane).label for lane in (Lane.A, Lane.A, Lane.K, Lane.A, Lane.T)]
    assert labels == ["A 01", "A 02", "K 01", "A 03", "T 01"]


def test_numbers_begin_again_on_another_day(queue: Queue) -> None:
    queue.issue()
    queue.database.write(partial(days.close_day, by=queue.by.coordinator, request_id=new_id()))
    queue.clock.forward(days=1)
    queue.database.write(partial(days.open_day, by=queue.by.coordinator, request_id=new_id()))
    assert queue.issue().label == "A 01"


def test_the_slip_of_a_number_the_evening_left_over_says_to_come_tomorrow(queue: Queue) -> None:
    given = queue.issue()
    queue.database.write(partial(days.close_day, by=queue.by.coordinator, request_id=new_id()))
    slip = queue.database.read(partial(overview.ticket_slip, by=queue.by.registrar, ticket_id=given.id))
    assert slip.slot == (given.day + timedelta(days=1), None)


def test_the_same_press_gives_one_number(queue: Queue) -> None:
    request = new_id()
    press = partial(queueing.issue_ticket, by=queue.by.registrar, request_id=request, lane=Lane.A)
    first, second = queue.database.write(press), queue.database.write(press)
    assert first == second
    assert queue.issue().label == "A 02"


def test_the_same_request_with_another_lane_is_a_conflict(queue: Queue) -> None:
    request = new_id()
    queue.database.write(partial(queueing.issue_ticket, by=queue.by.registrar, request_id=request, lane=Lane.A))
    with pytest.raises(Conflict):
        queue.database.write(partial(queueing.issue_ticket, by=queue.by.registrar, request_id=request, lane=Lane.K))


def test_no_number_before_the_day_is_open(database: Database, by: Team) -> None:
    with pytest.raises(Refused) as refused:
        database.write(partial(queueing.issue_ticket, by=by.registrar, request_id=new_id(), lane=Lane.A))
    assert refused.value.code == "day-not-open"


def test_a_refused_number_is_not_drawn(queue: Queue) -> None:
    with pytest.raises(NotFound):
        queue.issue(household_id=new_id())
    assert queue.issue().label == "A 01"


def test_the_storekeeper_gives_no_numbers(queue: Queue) -> None:
    with pytest.raises(NotAllowed):
        queue.do(queueing.issue_ticket, None, queue.by.storekeeper, lane=Lane.A)


def test_a_family_keeps_its_earliest_open_number(queue: Queue) -> None:
    family = queue.family()
    first = queue.issue(household_id=family)
    again = queue.issue(Lane.K, household_id=family)
    assert again.id == first.id
    assert queue.issue(Lane.K).label == "K 01"


def test_a_repeated_press_for_a_family_that_had_a_number_tells_the_same_one(queue: Queue) -> None:
    family = queue.family()
    first = queue.issue(household_id=family)
    press = partial(queueing.issue_ticket, by=queue.by.registrar, request_id=new_id(), lane=Lane.K, household_id=family)
    assert [queue.database.write(press).id for _ in range(2)] == [first.id, first.id]


def test_a_served_family_may_take_a_number_again(queue: Queue) -> None:
    family = queue.family()
    first = queue.issue(household_id=family)
    queue.do(queueing.serve, first)
    assert queue.issue(household_id=family).id != first.id


def test_with_a_card_straight_to_the_hand_over_without_to_registration(queue: Queue) -> None:
    assert queue.issue(household_id=queue.family()).stage is Stage.HAND_OVER
    assert queue.issue().stage is Stage.REGISTER


def test_tying_a_number_to_a_family_with_an_earlier_one_keeps_the_earlier(queue: Queue) -> None:
    family = queue.family()
    first, second = queue.issue(household_id=family), queue.issue()
    kept = queue.do(queueing.tie_ticket, second, household_id=family)
    assert kept.id == first.id
    assert queue.database.read(lambda s: queueing.ticket_row(s, second.id)).state is TicketState.CANCELLED


def test_tying_a_number_to_a_new_family_keeps_number_and_time(queue: Queue) -> None:
    issued = queue.issue()
    family = queue.family()
    tied = queue.do(queueing.tie_ticket, issued, household_id=family)
    assert (tied.id, tied.household_id, tied.issued_at) == (issued.id, family, issued.issued_at)


def test_a_number_for_several_families_counts_them(queue: Queue) -> None:
    issued = queue.issue(Lane.T)
    for name in ("Иванова Анна", "Петрова Ольга", "Гуменюк Іван"):
        issued = queue.do(queueing.tie_ticket, issued, household_id=queue.family(name))
    assert issued.families == 3


# ── calling ──────────────────────────────────────────────────────────────────────────────────────


def test_the_longest_waiting_is_called_to_this_window(queue: Queue, centre: Centre) -> None:
    first = queue.issue()
    queue.issue()
    called = queue.call()
    assert called is not None
    assert (called.id, called.state, called.desk_id) == (first.id, TicketState.CALLED, centre.windows[0])
    assert queue.database.read(partial(queueing.current_ticket, by=queue.by.distributor)) == called


def test_nobody_waits_nobody_is_called(queue: Queue) -> None:
    assert queue.call() is None


def test_the_same_call_twice_calls_one(queue: Queue) -> None:
    queue.issue()
    queue.issue()
    press = partial(queueing.call_next, by=queue.by.distributor, request_id=new_id())
    first, second = queue.database.write(press), queue.database.write(press)
    assert first == second
    assert queue.board().waiting == 1


def test_two_windows_call_different_numbers(queue: Queue, centre: Centre) -> None:
    queue.issue()
    queue.issue()
    other = queue.by.at(queue.by.distributor, centre.windows[1])
    one, two = queue.call(), queue.call(other)
    assert one is not None
    assert two is not None
    assert one.id != two.id


def test_every_third_call_is_ordinary(queue: Queue) -> None:
    for lane in (Lane.A, Lane.K, Lane.K, Lane.K):
        queue.issue(lane)
    queue.clock.forward(minutes=30)
    lanes = [called.lane for called in (queue.call(), queue.call(), queue.call()) if called]
    assert lanes == [Lane.K, Lane.K, Lane.A]


def test_a_number_that_is_called_again_takes_no_turn_from_the_ordinary_line(queue: Queue) -> None:
    """Nor does going on after a pause, which calls everybody again who was called."""
    for _ in range(3):
        queue.issue()
    for _ in range(5):
        queue.issue(Lane.K)
    labels = []
    for _ in range(6):
        called = queue.call()
        assert called is not None
        labels.append(called.label)
        if called.lane is Lane.A:
            queue.do(queueing.call_again, called)
            queue.database.write(partial(days.pause, by=queue.by.registrar, request_id=new_id()))
            queue.database.write(partial(days.resume, by=queue.by.shift_lead, request_id=new_id()))
    assert labels == ["K 01", "K 02", "A 01", "K 03", "K 04", "A 02"]


def test_a_number_that_is_called_again_is_none_of_the_three_others(queue: Queue) -> None:
    absent, others = queue.issue(), [queue.issue() for _ in range(4)]
    called = queue.do(queueing.call_ticket, others[3], reason="с младенцем")
    queue.do(queueing.call_ticket, absent, reason="с младенцем")
    queue.do(queueing.not_here, absent)
    queue.do(queueing.call_again, called)
    for label in ("A 02", "A 03", "A 04", "A 01"):
        row = queue.call()
        assert row is not None
        assert row.label == label


def test_not_here_three_times_is_missed_and_keeps_its_time(queue: Queue) -> None:
    issued = queue.issue()
    for expected in (TicketState.WAITING, TicketState.WAITING, TicketState.MISSED):
        called = queue.call()
        assert called is not None
        assert queue.do(queueing.not_here, called).state is expected
    back = queue.do(queueing.bring_back, issued)
    assert (back.state, back.issued_at, back.not_here) == (TicketState.WAITING, issued.issued_at, 0)


def test_who_was_not_here_comes_up_after_three_others(queue: Queue) -> None:
    issued = [queue.issue() for _ in range(5)]
    called = queue.call()
    assert called is not None
    queue.do(queueing.not_here, called)
    order = [row.label for row in (queue.call() for _ in range(4)) if row]
    assert order == [issued[1].label, issued[2].label, issued[3].label, issued[0].label]


def test_in_a_slow_line_too_somebody_comes_up_after_three_others_of_any_line(queue: Queue) -> None:
    """Three numbers of its own line may take all morning."""
    slow = queue.issue(Lane.T)
    queue.clock.forward(minutes=60)
    others = [queue.issue() for _ in range(4)]
    called = queue.call()
    assert called is not None
    assert called.id == slow.id
    queue.do(queueing.not_here, called)
    order = [row.label for row in (queue.call() for _ in range(4)) if row]
    assert order == [others[0].label, others[1].label, others[2].label, slow.label]


def test_calls_at_windows_that_do_something_else_do_not_count_as_others(queue: Queue, centre: Centre) -> None:
    """Who waits for registration is not reminded because the hand-over calls quickly."""
    only_gives(queue, centre.windows[0])
    away = queue.issue()
    ordinary = queue.by.at(queue.by.registrar, centre.windows[1])
    queue.call(ordinary)
    queue.do(queueing.not_here, away, ordinary)
    for name in ("Иванова Анна", "Петрова Ольга", "Гуменюк Іван"):
        queue.issue(household_id=queue.family(name))
        queue.call()
    other = queue.issue()
    called = queue.call(ordinary)
    assert called is not None
    assert called.id == other.id


def test_over_the_cap_an_old_number_is_called_before_every_lane(queue: Queue) -> None:
    old = queue.issue(Lane.T)
    queue.clock.forward(minutes=40)
    for _ in range(3):
        queue.issue(Lane.K)
    queue.clock.forward(minutes=50)
    called = queue.call()
    assert called is not None
    assert called.id == old.id


def test_half_an_hour_after_missing_the_number_expires_at_the_next_call(queue: Queue) -> None:
    issued = queue.issue()
    for _ in range(3):
        queue.call()
        queue.do(queueing.not_here, issued)
    queue.clock.forward(minutes=31)
    assert queue.call() is None
    row = queue.database.read(lambda s: queueing.ticket_row(s, issued.id))
    assert row.state is TicketState.EXPIRED
    with pytest.raises(NotAllowed):
        queue.do(queueing.bring_back, issued)
    assert queue.do(queueing.bring_back, issued, queue.by.shift_lead).state is TicketState.WAITING


def test_a_number_called_by_hand_and_sent_on_keeps_its_time(queue: Queue) -> None:
    queue.issue()
    second = queue.issue()
    called = queue.do(queueing.call_ticket, second, reason="роды")
    assert called.state is TicketState.CALLED
    moved = queue.do(queueing.move_stage, called, stage=Stage.SHIFT_LEAD)
    assert (moved.state, moved.stage, moved.issued_at) == (TicketState.WAITING, Stage.SHIFT_LEAD, second.issued_at)


def test_a_window_calls_only_for_its_stages(queue: Queue) -> None:
    issued = queue.issue()
    queue.do(queueing.move_stage, issued, stage=Stage.SHIFT_LEAD)
    assert queue.call() is None
    assert queue.board().next is None


def test_a_served_number_may_be_opened_again(queue: Queue) -> None:
    issued = queue.issue()
    queue.call()
    queue.do(queueing.serve, issued)
    assert queue.do(queueing.reopen_ticket, issued).state is TicketState.SERVING


def test_serving_is_a_fact_even_for_a_number_never_called(queue: Queue) -> None:
    assert queue.do(queueing.serve, queue.issue()).state is TicketState.SERVED


def test_a_number_is_cancelled_only_with_a_reason(queue: Queue) -> None:
    issued = queue.issue()
    with pytest.raises(InvalidInput):
        queue.do(queueing.cancel_ticket, issued, reason="  ")
    assert queue.do(queueing.cancel_ticket, issued, reason="выдан по ошибке").state is TicketState.CANCELLED


def test_a_served_number_is_not_called(queue: Queue) -> None:
    issued = queue.issue()
    queue.do(queueing.serve, issued)
    with pytest.raises(Refused):
        queue.do(queueing.call_ticket, issued, reason="роды")


def test_in_a_pause_nobody_is_called_and_no_number_is_given_but_facts_are_taken(queue: Queue) -> None:
    issued = queue.issue()
    queue.database.write(partial(days.pause, by=queue.by.registrar, request_id=new_id()))
    for refused in (queue.call, queue.issue):
        with pytest.raises(Refused) as caught:
            refused()
        assert caught.value.code == "day-paused"
    assert queue.do(queueing.serve, issued).state is TicketState.SERVED


def test_nobody_is_missed_in_a_pause(queue: Queue) -> None:
    """Whoever was called ran to the shelter: the key that was pressed a moment too late counts for nothing."""
    queue.issue()
    called = queue.call()
    for _ in range(2):
        queue.do(queueing.not_here, called)
        called = queue.call()
    queue.database.write(partial(days.pause, by=queue.by.registrar, request_id=new_id()))
    with pytest.raises(Refused, match="day-paused"):
        queue.do(queueing.not_here, called)
    queue.database.write(partial(days.resume, by=queue.by.shift_lead, request_id=new_id()))
    assert queue.do(queueing.not_here, called).state is TicketState.MISSED


def test_a_slip_that_did_not_come_out_is_marked_until_it_does(queue: Queue) -> None:
    issued = queue.issue()
    assert issued.is_printed is None
    assert queue.do(queueing.mark_printed, issued, printed=False).is_printed is False
    assert queue.board().lanes[0].line[0].is_not_printed
    assert queue.do(queueing.mark_printed, issued, printed=True).is_printed is True
    assert not queue.board().lanes[0].line[0].is_not_printed
    assert queue.call() is not None
    assert queue.do(queueing.undo_last).state is TicketState.WAITING


# ── taking back ──────────────────────────────────────────────────────────────────────────────────


def test_undo_takes_back_step_by_step(queue: Queue) -> None:
    queue.do(queueing.issue_ticket, None, lane=Lane.A)
    called = queue.call()
    assert called is not None
    queue.do(queueing.not_here, called)
    states = [queue.do(queueing.undo_last).state for _ in range(3)]
    assert states == [TicketState.CALLED, TicketState.WAITING, TicketState.CANCELLED]
    with pytest.raises(Refused):
        queue.do(queueing.undo_last)


def test_undo_takes_back_only_what_this_person_did_here(queue: Queue) -> None:
    queue.issue()
    queue.call()
    with pytest.raises(Refused):
        queue.do(queueing.undo_last, None, queue.by.shift_lead)


def test_undo_says_so_when_the_number_has_gone_on(queue: Queue) -> None:
    queue.issue()
    called = queue.call()
    assert called is not None
    queue.do(queueing.start_serving, called, queue.by.shift_lead)
    with pytest.raises(Conflict):
        queue.do(queueing.undo_last)


def test_an_undone_number_is_never_given_again(queue: Queue) -> None:
    queue.do(queueing.issue_ticket, None, lane=Lane.A)
    queue.do(queueing.undo_last)
    assert queue.issue().label == "A 02"


def test_the_same_undo_twice_takes_back_one_step(queue: Queue) -> None:
    queue.issue()
    called = queue.call()
    assert called is not None
    queue.do(queueing.not_here, called)
    press = partial(queueing.undo_last, by=queue.by.distributor, request_id=new_id())
    assert [queue.database.write(press).state for _ in range(2)] == [TicketState.CALLED, TicketState.CALLED]


# ── the board ────────────────────────────────────────────────────────────────────────────────────


def test_the_board_shows_lanes_windows_and_the_reason(queue: Queue) -> None:
    first = queue.issue()
    queue.call()
    queue.issue(Lane.K)
    queue.clock.forward(minutes=50)
    shown = queue.board()
    assert (shown.waiting, shown.served) == (1, 0)
    assert [(lane.lane, lane.waiting) for lane in shown.lanes] == [(Lane.A, 0), (Lane.K, 1), (Lane.M, 0), (Lane.T, 0)]
    assert shown.lanes[1].line[0].is_long
    assert [window.ticket.label if window.ticket else "" for window in shown.at_windows] == [first.label, ""]
    assert shown.at_windows[0].minutes == 51
    assert shown.next is not None
    assert str(shown.next.why) == "nobody else waits"


def test_the_board_is_empty_before_the_day_opens(database: Database, by: Team) -> None:
    assert database.read(partial(queueing.board, by=by.distributor)) == queueing.QueueBoard()


def test_waits_leave_the_pause_out(queue: Queue) -> None:
    queue.issue()
    queue.clock.forward(minutes=10)
    queue.database.write(partial(days.pause, by=queue.by.registrar, request_id=new_id()))
    queue.clock.forward(minutes=40)
    assert queue.board().lanes[0].longest_minutes == 10
    assert queue.board().paused_minutes == 40
    queue.database.write(partial(days.resume, by=queue.by.shift_lead, request_id=new_id()))
    queue.clock.forward(minutes=5)
    assert queue.board().lanes[0].longest_minutes == 15


def test_a_number_is_called_before_others_with_a_written_reason_only(queue: Queue) -> None:
    queue.issue()
    second = queue.issue()
    for empty in ("", "  "):
        with pytest.raises(InvalidInput):
            queue.do(queueing.call_ticket, second, reason=empty)
    assert queue.do(queueing.call_ticket, second, reason="роды").state is TicketState.CALLED


def test_the_slip_says_who_is_ahead(queue: Queue) -> None:
    queue.issue()
    queue.issue()
    third = queue.issue()
    assert queue.database.read(lambda s: queueing.ahead_of(s, queue.by.registrar, third.id)) == (2, 5)


# ── truths ───────────────────────────────────────────────────────────────────────────────────────


def folds(session: Session) -> list[tuple[TicketState, TicketState]]:
    """The shown and the folded state of every number."""
    tickets = session.scalars(select(Ticket)).all()
    return [(TicketState(t.state), ticket_now(events_of(session, t.id)).state) for t in tickets]


def test_the_shown_state_is_always_the_fold(queue: Queue) -> None:
    rows = [queue.issue(lane) for lane in (Lane.A, Lane.K, Lane.M, Lane.A)]
    queue.call()
    queue.do(queueing.gone, rows[2])
    queue.do(queueing.serve, rows[3])
    queue.do(queueing.undo_last)
    assert all(shown is folded for shown, folded in queue.database.read(folds))


def test_eight_doors_never_give_a_number_twice(queue: Queue) -> None:
    def door(_n: int) -> list[tuple[Lane, int]]:
        given = []
        for lane in (Lane.A, Lane.K, Lane.A):
            press = partial(queueing.issue_ticket, by=queue.by.registrar, request_id=new_id(), lane=lane)
            row = queue.database.write(press)
            given.append((row.lane, row.number))
        return given

    with ThreadPoolExecutor(8) as doors:
        given = [number for numbers in doors.map(door, range(8)) for number in numbers]
    assert sorted(given) == [(Lane.A, n) for n in range(1, 17)] + [(Lane.K, n) for n in range(1, 9)]


def test_eight_windows_never_call_one_number_twice(queue: Queue) -> None:
    for _ in range(16):
        queue.issue()

    def window(_n: int) -> list[UUID]:
        calls = [
            queue.database.write(partial(queueing.call_next, by=queue.by.distributor, request_id=new_id()))
            for _ in "ab"
        ]
        return [row.id for row in calls if row]

    with ThreadPoolExecutor(8) as windows:
        called = [ticket for tickets in windows.map(window, range(8)) for ticket in tickets]
    assert len(called) == len(set(called)) == 16


def test_one_family_at_two_doors_at_once_gets_one_number(queue: Queue) -> None:
    family = queue.family()

    def door(_n: int) -> UUID:
        press = partial(
            queueing.issue_ticket, by=queue.by.registrar, request_id=new_id(), lane=Lane.A, household_id=family
        )
        return queue.database.write(press).id

    with ThreadPoolExecutor(4) as doors:
        assert len(set(doors.map(door, range(4)))) == 1


def test_events_name_their_operation_and_day(queue: Queue) -> None:
    row = queue.issue()
    assert row.day == date(2024, 8, 12)
    events = queue.database.read(lambda s: s.scalars(select(TicketEvent)).all())
    assert [event.no for event in events] == [1]
    assert row.issued_at - queue.clock() == timedelta(0)

"""The queue on both databases, what came later: a number sent to one window, every state taken back exactly, and pauses in no wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import UUID

import pytest

from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane, Stage, TicketState
from aidtrack.errors import InvalidInput, Refused
from aidtrack.services import dashboard, days, overview, queueing
from aidtrack.services.check import check
from aidtrack.services.days import RowState
from aidtrack.services.queueing import TicketRow
from aidtrack.services.queueing.tickets import events_of
from tests.factories import Centre
from tests.services.test_queueing import Queue, changes_window, folds, only_gives, queue

__all__ = ["queue"]

# ── one window ───────────────────────────────────────────────────────────────────────────────────


def test_a_number_sent_to_a_window_is_called_by_that_one_only_and_in_its_turn(queue: Queue, centre: Centre) -> None:
    sent, other = queue.issue(), queue.issue()
    there = queue.by.at(queue.by.registrar, centre.windows[1])
    moved = queue.do(queueing.send_to_window, sent, desk_id=centre.windows[1])
    assert (moved.state, moved.for_window, moved.issued_at) == (TicketState.WAITING, 2, sent.issued_at)
    assert [(row.label, row.for_window) for row in queue.board().lanes[0].line] == [("A 01", 2), ("A 02", None)]
    assert queue.board().next is not None
    assert (queue.board().next.id, queue.board(there).next.id) == (other.id, sent.id)
    assert queue.call().id == other.id
    assert queue.call() is None
    called = queue.call(there)
    assert (called.id, called.desk_number) == (sent.id, 2)


def test_a_number_sent_to_a_window_waits_for_what_that_window_does(queue: Queue, centre: Centre) -> None:
    only_gives(queue, centre.windows[1])
    sent = queue.issue()
    assert sent.stage is Stage.REGISTER
    assert queue.do(queueing.send_to_window, sent, desk_id=centre.windows[1]).stage is Stage.HAND_OVER


def test_not_here_at_the_other_window_it_is_called_again_there(queue: Queue, centre: Centre) -> None:
    sent, there = queue.issue(), queue.by.at(queue.by.registrar, centre.windows[1])
    queue.do(queueing.send_to_window, sent, desk_id=centre.windows[1])
    queue.call(there)
    assert queue.do(queueing.not_here, sent, there).for_window == 2
    assert queue.call() is None
    assert queue.call(there) is not None


def test_sending_to_a_window_is_taken_back_and_a_stage_lets_it_go(queue: Queue, centre: Centre) -> None:
    sent = queue.issue()
    called = queue.call()
    assert called is not None
    queue.do(queueing.send_to_window, called, desk_id=centre.windows[1])
    undone = queue.do(queueing.undo_last)
    assert (undone.state, undone.for_window, undone.desk_number) == (TicketState.CALLED, None, 1)
    queue.do(queueing.send_to_window, called, desk_id=centre.windows[1])
    assert queue.do(queueing.move_stage, sent, stage=Stage.REGISTER).for_window is None
    assert queue.call() is not None
    assert queue.database.read(lambda s: check(s, queue.by.coordinator)).failures == ()


def test_a_window_that_was_closed_lets_its_numbers_go(queue: Queue, centre: Centre) -> None:
    sent = queue.issue()
    queue.do(queueing.send_to_window, sent, desk_id=centre.windows[1])
    changes_window(queue, centre.windows[1], is_active=False)
    called = queue.call()
    assert called is not None
    assert called.id == sent.id
    with pytest.raises(Refused):
        queue.do(queueing.send_to_window, sent, desk_id=centre.windows[1])


def test_a_family_is_not_told_to_wait_for_numbers_of_another_window(queue: Queue, centre: Centre) -> None:
    for _ in range(6):
        queue.do(queueing.send_to_window, queue.issue(), desk_id=centre.windows[1])
    ahead, minutes = queue.database.read(lambda s: queueing.ahead_of(s, queue.by.coordinator, queue.issue().id))
    assert (ahead, minutes) == (0, 0)


def test_the_same_press_sends_once(queue: Queue, centre: Centre) -> None:
    sent = queue.issue()
    press = partial(
        queueing.send_to_window, by=queue.by.distributor, request_id=new_id(), ticket_id=sent.id, desk_id=centre.windows[1]
    )
    assert [queue.database.write(press).for_window for _ in range(2)] == [2, 2]
    assert len(queue.database.read(lambda s: events_of(s, sent.id))) == 2


# ── taking back ──────────────────────────────────────────────────────────────────────────────────


def _before(*steps: str) -> Callable[[Queue], TicketRow]:
    """A number that went through these steps."""

    def make(queue: Queue) -> TicketRow:
        row: TicketRow | None = queue.issue()
        for step in steps:
            row = queue.call() if step == "call" else queue.do(getattr(queueing, step), row)
        assert row is not None
        return row

    return make


STEPS = {
    "called": (_before(), lambda q, t: q.call()),
    "called again": (_before("call"), lambda q, t: q.do(queueing.call_again, t)),
    "called before others": (_before(), lambda q, t: q.do(queueing.call_ticket, t, reason="роды")),
    "called before others though not here": (
        _before("call", "not_here", "call", "not_here", "call", "not_here"), lambda q, t: q.do(queueing.call_ticket, t, reason="роды"),
    ),
    "not here": (_before("call"), lambda q, t: q.do(queueing.not_here, t)),
    "not here the third time": (
        _before("call", "not_here", "call", "not_here", "call"), lambda q, t: q.do(queueing.not_here, t),
    ),
    "back": (
        _before("call", "not_here", "call", "not_here", "call", "not_here"), lambda q, t: q.do(queueing.bring_back, t),
    ),
    "back though gone": (_before("call", "gone"), lambda q, t: q.do(queueing.bring_back, t)),
    "opened again": (_before("call", "serve"), lambda q, t: q.do(queueing.reopen_ticket, t)),
    "gone": (_before("call"), lambda q, t: q.do(queueing.gone, t)),
    "at the window": (_before("call"), lambda q, t: q.do(queueing.start_serving, t)),
    "another stage": (_before("call"), lambda q, t: q.do(queueing.move_stage, t, stage=Stage.HAND_OVER)),
    "shift lead": (_before("call"), lambda q, t: q.do(queueing.move_stage, t, stage=Stage.SHIFT_LEAD)),
    "another window": (_before("call"), lambda q, t: q.do(queueing.send_to_window, t, desk_id=_second_window(q))),
    "tomorrow": (_before(), lambda q, t: q.do(queueing.put_off, t, q.by.registrar)),
    "cancelled": (_before(), lambda q, t: q.do(queueing.cancel_ticket, t, reason="выдан дважды")),
    "served": (_before("call", "start_serving"), lambda q, t: q.do(queueing.serve, t)),
}  # fmt: skip


def _second_window(queue: Queue) -> UUID:
    return queue.board().at_windows[1].desk_id


@pytest.mark.parametrize("closes", [False, True], ids=["while open", "closed and opened again"])
@pytest.mark.parametrize("step", STEPS)
def test_every_state_is_taken_back_exactly_until_the_day_is_signed_off(queue: Queue, step: str, closes: bool) -> None:
    """Hours later, and after the day was closed by mistake; nothing else of the number changes."""
    make, happen = STEPS[step]
    before = make(queue)
    who = queue.by.registrar if step == "tomorrow" else queue.by.distributor
    after = happen(queue, before)
    assert after is not None
    assert after != before
    queue.clock.forward(hours=3)
    if closes:
        queue.database.write(partial(days.close_day, by=queue.by.coordinator, request_id=new_id()))
        with pytest.raises(Refused):
            queue.do(queueing.undo_last, None, who)
        queue.database.write(partial(days.reopen_day, by=queue.by.coordinator, request_id=new_id()))
    assert queue.do(queueing.undo_last, None, who) == before
    assert all(shown is folded for shown, folded in queue.database.read(folds))
    queue.database.write(partial(days.close_day, by=queue.by.coordinator, request_id=new_id()))
    queue.database.write(partial(days.sign_off, by=queue.by.coordinator, request_id=new_id()))
    with pytest.raises(Refused):
        queue.do(queueing.undo_last, None, who)


# ── pauses ───────────────────────────────────────────────────────────────────────────────────────


def test_what_people_are_told_comes_from_measured_visits_and_no_pause_changes_it(queue: Queue) -> None:
    """Twenty quick visits are told quickly; an alarm of forty minutes makes nobody's wait longer, nor the visit it fell into."""
    for _ in range(30):
        queue.issue()
    told = lambda: queue.board().wait_minutes or 0  # noqa: E731
    usual = told()
    for _ in range(20):
        called = queue.call()
        queue.do(queueing.serve, called)
    assert 0 < told() < usual / 2
    called = queue.call()
    before = told()
    queue.database.write(partial(days.pause, by=queue.by.registrar, request_id=new_id()))
    queue.clock.forward(minutes=40)
    assert told() == before
    queue.database.write(partial(days.resume, by=queue.by.shift_lead, request_id=new_id()))
    assert told() == before
    queue.do(queueing.serve, called)
    assert told() <= before


def test_an_alarm_of_two_hours_stands_in_no_wait_anywhere(queue: Queue) -> None:
    """On the page, at the window, on the slip, in the glance of the shift, in R9, and not in the half hour a place is kept."""
    missed, served, waits = queue.issue(), queue.issue(), queue.issue(Lane.K)
    for _ in range(3):
        queue.do(queueing.call_ticket, missed, reason="роды")
        queue.do(queueing.not_here, missed)
    called = queue.do(queueing.call_ticket, served, reason="роды")
    ahead = partial(queueing.ahead_of, by=queue.by.registrar, ticket_id=waits.id)
    before = queue.board()
    told = queue.database.read(ahead)
    queue.database.write(partial(days.pause, by=queue.by.registrar, request_id=new_id()))
    queue.clock.forward(minutes=120)
    queue.database.write(partial(days.resume, by=queue.by.shift_lead, request_id=new_id()))
    after = queue.board()
    assert [lane.longest_minutes for lane in after.lanes] == [lane.longest_minutes for lane in before.lanes]
    assert [window.minutes for window in after.at_windows] == [window.minutes for window in before.at_windows]
    assert (after.wait_minutes, queue.database.read(ahead)) == (before.wait_minutes, told)
    queue.do(queueing.serve, called)
    assert queue.call() is not None
    assert queue.database.read(lambda s: queueing.ticket_row(s, missed.id)).state is TicketState.MISSED
    glance = queue.database.read(partial(dashboard.dashboard, by=queue.by.shift_lead))
    assert (glance.ordinary_nine_in_ten or 0) < 15
    assert (glance.first_nine_in_ten or 0) < 15
    assert [str(text) for text in glance.exceptions] == ["1 is not here, place kept"]
    report = queue.database.read(partial(overview.queue_report, by=queue.by.coordinator, day=date(2024, 8, 12)))
    assert max(lane.waits.longest for lane in report.lanes if lane.waits is not None) < 15
    assert len(report.pauses) == 1


# ── printed rolls ────────────────────────────────────────────────────────────────────────────────


def cut(queue: Queue, number: int, first: int | None = None) -> queueing.BlockRow:
    facts = {"lane": Lane.A, "number": number, "first": first}
    return queue.database.write(partial(queueing.cut_block, by=queue.by.registrar, request_id=new_id(), **facts))  # type: ignore[arg-type]


def test_a_printed_roll_starts_where_it_is_printed_and_the_computer_goes_around_it(queue: Queue) -> None:
    queue.issue()
    roll = cut(queue, 5, first=3)
    assert (roll.start_at, roll.last) == ("A 03", 7)
    assert [queue.issue().label for _ in range(3)] == ["A 02", "A 08", "A 09"]
    take = partial(queueing.take_in_block, by=queue.by.registrar, request_id=new_id(), block_id=roll.id, given_to=4)
    assert queue.database.write(take).given_to == 4
    assert queue.database.read(lambda s: check(s, queue.by.coordinator)).failures == ()


def test_a_roll_ahead_is_no_gap_and_no_number_is_on_two(queue: Queue) -> None:
    roll = cut(queue, 100, first=38)
    for first in (1, 30, 137):
        queue.issue()
        with pytest.raises(InvalidInput) as said:
            cut(queue, 100 if first == 1 else 10, first=first)
        assert [str(one.text) for one in said.value.problems] == [
            "Some of these numbers are given or stand on another roll. Free from A 138 on."
        ]
    take = partial(queueing.take_in_block, by=queue.by.registrar, request_id=new_id(), block_id=roll.id, given_to=40)
    queue.database.write(take)
    assert queue.issue().label == "A 04"
    assert numbers_row(queue) == (RowState.DONE, "7 issued = 7 still in the queue")
    assert queue.database.read(lambda s: check(s, queue.by.coordinator)).failures == ()
    assert cut(queue, 40).start_at == "A 138"
    assert cut(queue, 10).start_at == "A 05"
    assert queue.issue().label == "A 15"
    assert queue.database.read(lambda s: check(s, queue.by.coordinator)).failures == ()


def test_a_roll_the_computer_went_around_is_told_as_left(queue: Queue) -> None:
    roll = cut(queue, 5, first=3)
    for _ in range(3):
        queue.issue()
    take = partial(queueing.take_in_block, by=queue.by.registrar, request_id=new_id(), block_id=roll.id, given_to=4)
    queue.database.write(take)
    assert numbers_row(queue) == (RowState.DONE, "8 issued = 5 still in the queue + 3 left on paper rolls")


def numbers_row(queue: Queue) -> tuple[RowState, str]:
    """How the evening's checklist counts the numbers."""
    shown = queue.database.read(partial(days.day_state, by=queue.by.coordinator))
    assert shown.id is not None
    rows = queue.database.read(partial(days.checklist, by=queue.by.coordinator, day_id=shown.id))
    return rows[0].state, str(rows[0].figures)

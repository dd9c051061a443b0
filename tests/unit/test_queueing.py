"""The queue's rules: a number's state folds from its events, nobody starves, reasons are true."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aidtrack.domain.queueing import (
    AT_WINDOW,
    MAX_WAIT,
    OPEN,
    ORDINARY_ONE_IN,
    TICKETS_BEFORE_RETURN,
    Coming,
    Lane,
    Pace,
    Stage,
    TicketEvent,
    TicketEventKind,
    TicketState,
    Waiting,
    about_minutes,
    balances,
    first_of_lane,
    forecast,
    in_line_order,
    label,
    lane_of_digit,
    last_undoable,
    next_in_line,
    not_here_kind,
    read_label,
    score,
    ticket_now,
    why_not,
)

K = TicketEventKind
START = datetime(2024, 8, 12, 6, 0, tzinfo=UTC)
CHANGES = [kind for kind in K if kind not in (K.ISSUED, K.UNDONE)]


def events(*kinds: TicketEventKind, household: UUID | None = None) -> list[TicketEvent]:
    """A minute between each."""
    return [TicketEvent(no, kind, START + timedelta(minutes=no - 1)) for no, kind in enumerate(kinds, 1)]


def undone(before: list[TicketEvent], no: int) -> list[TicketEvent]:
    return [*before, TicketEvent(len(before) + 1, K.UNDONE, START + timedelta(hours=1), undoes=no)]


def waiting(lane: Lane, number: int, minutes: float, **more: object) -> Waiting:
    return Waiting(uuid4(), lane, number, timedelta(minutes=minutes), **more)  # type: ignore[arg-type]


# ── the fold ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ((K.ISSUED,), TicketState.WAITING),
        ((K.ISSUED, K.CALLED), TicketState.CALLED),
        ((K.ISSUED, K.CALLED, K.SERVING, K.SERVED), TicketState.SERVED),
        ((K.ISSUED, K.CALLED, K.NOT_HERE), TicketState.WAITING),
        ((K.ISSUED, K.CALLED, K.MISSED), TicketState.MISSED),
        ((K.ISSUED, K.CALLED, K.MISSED, K.BACK), TicketState.WAITING),
        ((K.ISSUED, K.LEFT), TicketState.LEFT),
        ((K.ISSUED, K.CANCELLED), TicketState.CANCELLED),
        ((K.ISSUED, K.CALLED, K.MISSED, K.EXPIRED), TicketState.EXPIRED),
        ((K.ISSUED, K.POSTPONED), TicketState.TOMORROW),
        ((K.ISSUED, K.CALLED, K.SERVED, K.REOPENED), TicketState.SERVING),
        ((K.ISSUED, K.CALLED, K.SERVING, K.MOVED), TicketState.WAITING),
    ],
)
def test_the_state_is_what_happened(kinds: tuple[TicketEventKind, ...], state: TicketState) -> None:
    assert ticket_now(events(*kinds)).state is state


def test_an_undone_issue_is_a_cancelled_number() -> None:
    assert ticket_now(undone(events(K.ISSUED), 1)).state is TicketState.CANCELLED


def test_an_undone_call_never_happened() -> None:
    now = ticket_now(undone(events(K.ISSUED, K.CALLED), 2))
    assert (now.state, now.first_called_at) == (TicketState.WAITING, None)


def test_the_third_unanswered_call_makes_it_missed_and_keeps_the_time_of_issue() -> None:
    twice = events(K.ISSUED, K.CALLED, K.NOT_HERE, K.CALLED, K.NOT_HERE, K.CALLED)
    now = ticket_now(twice)
    assert not_here_kind(now) is K.MISSED
    assert not_here_kind(ticket_now(twice[:2])) is K.NOT_HERE
    assert now.issued_at == START


def test_who_is_brought_back_may_be_called_three_times_again() -> None:
    now = ticket_now(events(K.ISSUED, K.CALLED, K.NOT_HERE, K.CALLED, K.NOT_HERE, K.CALLED, K.MISSED, K.BACK, K.CALLED))
    assert not_here_kind(now) is K.NOT_HERE


def test_the_first_call_counts_for_the_wait() -> None:
    now = ticket_now(events(K.ISSUED, K.CALLED, K.NOT_HERE, K.CALLED, K.SERVED))
    assert now.first_called_at == START + timedelta(minutes=1)
    assert now.called_at == START + timedelta(minutes=3)


def test_a_number_served_without_a_call_was_called_when_it_was_served() -> None:
    now = ticket_now(events(K.ISSUED, K.SERVED))
    assert now.first_called_at == now.finished_at == START + timedelta(minutes=1)


def test_a_number_of_several_families_counts_them_and_keeps_the_first() -> None:
    first, second = uuid4(), uuid4()
    happened = [TicketEvent(1, K.ISSUED, START, household_id=first), TicketEvent(2, K.TIED, START, household_id=second)]
    now = ticket_now(happened)
    assert (now.household_id, now.families) == (first, 2)


def test_the_stage_moves_with_the_number() -> None:
    happened = [
        TicketEvent(1, K.ISSUED, START, stage=Stage.REGISTER),
        TicketEvent(2, K.MOVED, START, stage=Stage.HAND_OVER),
    ]
    assert ticket_now(happened).stage is Stage.HAND_OVER


def test_a_served_number_is_not_called_and_the_refusal_says_how_it_stands() -> None:
    refusal = why_not(ticket_now(events(K.ISSUED, K.CALLED, K.SERVED)), K.CALLED)
    assert refusal is not None
    assert "served" in str(refusal.text)


@st.composite
def lives(draw: st.DrawFn) -> list[TicketEvent]:
    """Any life of a number that the rules allow, with things taken back on the way."""
    happened = [TicketEvent(1, K.ISSUED, START, stage=draw(st.sampled_from(Stage)))]
    for no in range(2, draw(st.integers(2, 14))):
        now = ticket_now(happened)
        allowed = [kind for kind in CHANGES if why_not(now, kind) is None]
        last = last_undoable(happened)
        kind = draw(st.sampled_from([*allowed, *([K.UNDONE] if last else [])] or [K.TIED]))
        at = START + timedelta(minutes=no)
        household = uuid4() if kind is K.TIED else None
        undoes = last.no if kind is K.UNDONE and last else None
        happened.append(TicketEvent(no, kind, at, household_id=household, undoes=undoes))
    return happened


@given(lives())
def test_any_life_has_one_state_and_undoing_the_last_event_gives_the_one_before(happened: list[TicketEvent]) -> None:
    now = ticket_now(happened)
    assert now.state in TicketState
    last = last_undoable(happened)
    if last is not None and last.no > 1:
        taken_back = ticket_now([*happened, TicketEvent(len(happened) + 1, K.UNDONE, START, undoes=last.no)])
        kept = [e for e in happened if e.no != last.no]
        assert taken_back.state is ticket_now(kept).state
        assert taken_back.issued_at == now.issued_at


@given(lives())
def test_the_order_in_which_events_are_read_does_not_matter(happened: list[TicketEvent]) -> None:
    assert ticket_now(reversed(happened)) == ticket_now(happened)


@given(st.lists(lives(), max_size=12))
def test_issued_is_the_sum_of_what_became_of_the_numbers(numbers: list[list[TicketEvent]]) -> None:
    states = [ticket_now(happened).state for happened in numbers]
    assert balances(len(numbers), {state: states.count(state) for state in TicketState})


def test_open_states_are_those_that_keep_a_place() -> None:
    assert AT_WINDOW < OPEN
    assert TicketState.SERVED not in OPEN


# ── who is next ──────────────────────────────────────────────────────────────────────────────────

lines = st.lists(
    st.builds(
        Waiting,
        id=st.uuids(version=4),
        lane=st.sampled_from(Lane),
        number=st.integers(1, 999),
        waited=st.integers(0, 7200).map(lambda s: timedelta(seconds=s)),
        families=st.integers(0, 8),
        called_since_return=st.none() | st.integers(0, 6),
        from_yesterday=st.booleans(),
    ),
    max_size=30,
    unique_by=(lambda w: w.id, lambda w: (w.lane, w.number)),
)


@given(lines, st.lists(st.sampled_from(Lane), max_size=5))
def test_somebody_is_next_exactly_when_somebody_waits(line: list[Waiting], calls: list[Lane]) -> None:
    chosen = next_in_line(line, calls)
    assert (chosen is None) == (not line)
    if chosen is not None:
        assert chosen.id in {w.id for w in line}
        assert chosen.why.msgid


@given(lines, st.lists(st.sampled_from(Lane), max_size=5))
def test_within_a_lane_nobody_is_overtaken_by_a_later_one(line: list[Waiting], calls: list[Lane]) -> None:
    chosen = next_in_line(line, calls)
    if chosen is None:
        return
    own = in_line_order(line, chosen.lane)
    assert own[0].id == chosen.id
    first = first_of_lane(line, chosen.lane, calls)
    assert first is not None
    assert first.id == chosen.id


@given(st.integers(1, 40), st.integers(1, 40))
def test_one_of_three_calls_goes_to_the_ordinary_line(ordinary: int, first: int) -> None:
    """However many are served first: as long as somebody ordinary waits, no three calls pass them by."""
    line = [waiting(Lane.A, n, 1) for n in range(ordinary)] + [waiting(Lane.K, n, 60) for n in range(first)]
    calls: list[Lane] = []
    while line:
        chosen = next_in_line(line, calls)
        assert chosen is not None
        had_ordinary = any(w.lane is Lane.A for w in line)
        line = [w for w in line if w.id != chosen.id]
        calls.append(chosen.lane)
        if had_ordinary and len(calls) >= ORDINARY_ONE_IN:
            assert Lane.A in calls[-ORDINARY_ONE_IN:]


@given(st.integers(1, 5), st.data())
def test_nobody_starves_while_people_served_first_keep_coming(lanes: int, data: st.DataObject) -> None:
    """Three new ones served first for every call: an ordinary number is called all the same."""
    old = waiting(data.draw(st.sampled_from([Lane.A, Lane.T, Lane.M])), 1, 0)
    line, called = [old], False
    calls: list[Lane] = []
    for minute in range(1, 400):
        line = [Waiting(w.id, w.lane, w.number, w.waited + timedelta(minutes=1)) for w in line]
        line += [waiting(Lane.K, 1000 + 3 * minute + n, 0) for n in range(lanes)]
        chosen = next_in_line(line, calls)
        assert chosen is not None
        calls.append(chosen.lane)
        line = [w for w in line if w.id != chosen.id]
        if chosen.id == old.id:
            called = True
            break
    assert called


def test_served_first_counts_three_times() -> None:
    line = [waiting(Lane.A, 1, 29), waiting(Lane.K, 1, 10)]
    chosen = next_in_line(line, [])
    assert chosen is not None
    assert (chosen.lane, str(chosen.why)) == (Lane.K, "served first: a minute counts three times")


def test_after_the_longest_wait_a_number_is_next_whatever_the_lanes_say() -> None:
    late, due = waiting(Lane.T, 1, 90), waiting(Lane.A, 1, 89)
    chosen = next_in_line([due, late, waiting(Lane.K, 1, 80)], [Lane.K, Lane.K])
    assert chosen is not None
    assert (chosen.id, str(chosen.why)) == (late.id, "waits longer than 90 minutes")


def test_who_collects_for_few_families_waits_like_everybody() -> None:
    assert score(waiting(Lane.T, 1, 10, families=3)) == 10
    assert score(waiting(Lane.T, 1, 10, families=4)) == 8


@given(lines, st.lists(st.sampled_from(Lane), max_size=5))
def test_nobody_over_the_cap_is_passed_by_anyone_who_waits_less(line: list[Waiting], calls: list[Lane]) -> None:
    chosen = next_in_line(line, calls)
    over = [w for w in line if w.is_ready() and w.waited >= MAX_WAIT]
    if over:
        called = next(w for w in line if chosen is not None and w.id == chosen.id)
        assert called.waited == max(w.waited for w in over)


SERVICE = timedelta(minutes=5)
comings = st.lists(st.tuples(st.sampled_from(Lane), st.integers(0, 9), st.integers(0, 2)), min_size=1, max_size=40)


@settings(deadline=None)
@given(comings)
def test_past_the_cap_a_number_waits_one_visit_more_for_each_older_one_and_for_nobody_else(
    day: list[tuple[Lane, int, int]],
) -> None:
    """One window; so many minutes between those who come, and so many calls that each does not answer."""
    at = list(accumulate(gap for _, gap, _ in day))
    numbers = {UUID(int=n): Waiting(UUID(int=n), lane, n, timedelta(0)) for n, (lane, _, _) in enumerate(day, 1)}
    came = {one: timedelta(minutes=at[waiting.number - 1]) for one, waiting in numbers.items()}
    unanswered = {one: day[waiting.number - 1][2] for one, waiting in numbers.items()}
    back_after: dict[UUID, int] = {}
    limit: dict[UUID, timedelta] = {}
    calls: list[Lane] = []
    now = timedelta(0)
    while unanswered:
        there = [one for one in unanswered if came[one] <= now]
        returned = {one: len(calls) - n for one, n in back_after.items()}
        line = [replace(numbers[one], waited=now - came[one], called_since_return=returned.get(one)) for one in there]
        for one in line:
            if one.is_ready() and one.waited >= MAX_WAIT:
                older = sum(1 + unanswered[w.id] for w in line if w.waited >= one.waited and w.id != one.id)
                limit.setdefault(one.id, one.waited + SERVICE * (1 + older))
        chosen = next_in_line(line, calls)
        if chosen is not None:
            assert now - came[chosen.id] <= limit.pop(chosen.id, now)
            calls.append(chosen.lane)
            back_after[chosen.id] = len(calls)
            unanswered[chosen.id] -= 1
            unanswered = {one: left for one, left in unanswered.items() if left >= 0}
        now += SERVICE


def test_who_was_not_here_comes_up_again_after_three_others_of_any_line() -> None:
    back, other = waiting(Lane.A, 1, 60, called_since_return=TICKETS_BEFORE_RETURN - 1), waiting(Lane.A, 2, 10)
    chosen = next_in_line([back, other], [])
    assert chosen is not None
    assert chosen.id == other.id
    ready = waiting(Lane.A, 1, 60, called_since_return=TICKETS_BEFORE_RETURN)
    chosen = next_in_line([ready, other], [])
    assert chosen is not None
    assert (chosen.id, str(chosen.why)) == (ready.id, "was not here before; the place was kept")


def test_over_the_cap_one_other_is_enough() -> None:
    back, other = waiting(Lane.T, 1, 90, called_since_return=0), waiting(Lane.A, 2, 95)
    assert first_called([back, other]) == other.id
    ready = waiting(Lane.T, 1, 90, called_since_return=1)
    assert first_called([ready, waiting(Lane.A, 2, 89)]) == ready.id


def first_called(line: list[Waiting]) -> UUID:
    chosen = next_in_line(line, [])
    assert chosen is not None
    return chosen.id


def test_who_was_not_here_is_called_at_once_when_nobody_else_waits() -> None:
    back = waiting(Lane.A, 1, 60, called_since_return=0)
    chosen = next_in_line([back], [])
    assert chosen is not None
    assert chosen.id == back.id


def test_a_number_from_yesterday_is_first_of_its_line() -> None:
    old = waiting(Lane.M, 5, 2, from_yesterday=True)
    chosen = first_of_lane([waiting(Lane.M, 1, 30), old], Lane.M, [])
    assert chosen is not None
    assert (chosen.id, str(chosen.why)) == (old.id, "a number from yesterday")


# ── how long ─────────────────────────────────────────────────────────────────────────────────────


def pace(windows: int = 2, visits: tuple[float, ...] = (4.0,) * 40, **more: Any) -> Pace:
    return Pace(tuple(timedelta(minutes=m) for m in visits), windows, **more)


def newcomer(lane: Lane = Lane.A) -> Waiting:
    return waiting(lane, 500, 0)


def minutes(duration: timedelta) -> float:
    return duration.total_seconds() / 60


def test_the_wait_is_the_numbers_before_shared_by_the_windows() -> None:
    line = [waiting(Lane.A, n, 40 - n) for n in range(1, 10)]
    told = forecast(line, newcomer(), pace())
    assert told.ahead == 9
    assert minutes(told.expected) == pytest.approx(10 * 4 / 2, rel=0.05)
    assert told.stated > told.expected


def test_one_long_dispute_frightens_nobody() -> None:
    assert pace(visits=(2.0,) * 19 + (90.0,)).each < 3


def test_before_anything_is_measured_the_usual_visit_stands_in() -> None:
    assert pace(visits=()).each == 5


def test_a_free_window_means_no_wait() -> None:
    assert forecast([], newcomer(), pace(free=1)).stated == timedelta(0)
    assert forecast([], newcomer(), pace(free=0)).expected == timedelta(minutes=pace().between_calls)


def test_who_is_served_first_is_told_the_wait_of_that_line() -> None:
    line = [waiting(Lane.A, n, 20) for n in range(1, 30)]
    assert forecast(line, newcomer(Lane.K), pace()).stated < forecast(line, newcomer(), pace()).stated / 2


def test_those_who_will_come_and_be_called_first_count_too() -> None:
    line = [waiting(Lane.A, n, 20) for n in range(1, 20)]
    busy = pace(arrivals={Lane.K: Coming(0.2)})
    told, alone = forecast(line, newcomer(), busy), forecast(line, newcomer(), pace())
    assert told.expected > alone.expected
    assert told.ahead == alone.ahead == 19


HERE, THERE, NOBODYS = uuid4(), uuid4(), uuid4()


def test_numbers_sent_to_one_window_hold_up_nobody_at_the_others() -> None:
    line = [waiting(Lane.A, n, 40 - n, window=THERE) for n in range(1, 10)]
    told = forecast(line, newcomer(), pace(turns=(HERE, THERE)))
    assert told.ahead == 0
    assert forecast(line, newcomer(), pace(windows=1, turns=(THERE,))).ahead == 9


def test_who_was_sent_to_a_window_waits_for_its_turn() -> None:
    line = [waiting(Lane.A, n, 40 - n) for n in range(1, 10)]
    sent = waiting(Lane.A, 500, 50, window=THERE)
    told = forecast(line, sent, pace(windows=3, turns=(HERE, NOBODYS, THERE)))
    assert told.ahead == 2
    assert minutes(told.expected) == pytest.approx(3 * 4 / 3, rel=0.05)


def test_who_was_sent_to_a_window_that_is_not_at_work_goes_to_any() -> None:
    sent = waiting(Lane.A, 500, 50, window=NOBODYS)
    assert forecast([], sent, pace(turns=(HERE, THERE))).ahead == 0


@given(lines, st.integers(1, 9), st.data())
def test_a_forecast_ends_whoever_was_sent_wherever(line: list[Waiting], windows: int, data: st.DataObject) -> None:
    turns = tuple(uuid4() for _ in range(windows))
    somewhere = st.sampled_from([None, *turns, NOBODYS])
    line = [replace(w, window=data.draw(somewhere)) for w in line]
    asks = replace(newcomer(), window=data.draw(somewhere))
    told = forecast(line, asks, pace(windows, turns=turns))
    assert 0 <= told.ahead <= len(line)
    assert told.expected <= timedelta(minutes=4 * (len(line) + 1) + 1)


@given(lines, st.integers(1, 9))
def test_the_forecast_plays_the_rule_itself(line: list[Waiting], windows: int) -> None:
    """With nobody else to come, the numbers before somebody are those the rule calls before, one call after the other."""
    line = [replace(w, called_since_return=None, from_yesterday=False) for w in line]
    asks, at_work = newcomer(), pace(windows)
    told = forecast(line, asks, at_work)
    calls: list[Lane] = []
    everybody, before, passed = [*line, asks], 0, 0.0
    while True:
        passed += at_work.between_calls
        later = [replace(w, waited=w.waited + timedelta(minutes=passed)) for w in everybody]
        chosen = next_in_line(later, calls)
        if chosen is None or chosen.id == asks.id:
            break
        everybody = [w for w in everybody if w.id != chosen.id]
        calls, before = [*calls, chosen.lane], before + 1
    assert told.ahead == before


@pytest.mark.parametrize(("minutes", "said"), [(0, 0), (1, 5), (5, 5), (26, 30), (31, 40), (40, 40), (41, 50)])
def test_a_forecast_is_rounded_up_to_what_people_can_remember(minutes: int, said: int) -> None:
    assert about_minutes(timedelta(minutes=minutes)) == said


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 9))
def test_more_people_never_wait_less(few: int, more: int, windows: int) -> None:
    line = [waiting(Lane.A, n, 200 - n) for n in range(1, 61)]
    few, more = sorted((few, more))
    told = [forecast(line[:n], newcomer(), pace(windows)).stated for n in (few, more)]
    assert told[0] <= told[1]


# ── labels ───────────────────────────────────────────────────────────────────────────────────────


@given(st.sampled_from(Lane), st.integers(1, 9999))
def test_a_label_is_read_back(lane: Lane, number: int) -> None:
    assert read_label(label(lane, number)) == (lane, number)


@pytest.mark.parametrize("typed", ["A 17", "a17", "А-17", "а 017", " а17 "])
def test_a_label_is_read_in_both_scripts(typed: str) -> None:
    assert read_label(typed) == (Lane.A, 17)


@pytest.mark.parametrize("typed", ["", "17", "В 5", "482117905570", "A", "A 0", "А¹²"])
def test_what_is_no_label_is_none(typed: str) -> None:
    assert read_label(typed) is None


def test_digits_at_the_door() -> None:
    assert [lane_of_digit(n) for n in range(1, 5)] == [Lane.A, Lane.K, Lane.M, Lane.T]
    assert [lane.digit for lane in Lane] == [1, 2, 3, 4]

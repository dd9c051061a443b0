"""A day's rules: what may follow what, whose date a moment has, and clocks that stand still in a pause."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidtrack.domain.days import (
    DayEvent,
    DayEventKind,
    DayNow,
    DayState,
    Pause,
    PauseReason,
    after,
    day_now,
    last_time,
    wall_day,
    whole_minutes,
    why_not,
    without_pauses,
)
from aidtrack.errors import Refused

K = DayEventKind
START = datetime(2024, 8, 12, 6, 0, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def events(*kinds: DayEventKind) -> list[DayEvent]:
    """An hour between each."""
    return [DayEvent(kind, at(60 * n)) for n, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ((), DayState.NOT_OPEN),
        ((K.OPENED,), DayState.OPEN),
        ((K.OPENED, K.PAUSED), DayState.PAUSED),
        ((K.OPENED, K.PAUSED, K.RESUMED), DayState.OPEN),
        ((K.OPENED, K.CLOSED), DayState.CLOSED),
        ((K.OPENED, K.PAUSED, K.CLOSED), DayState.CLOSED),
        ((K.OPENED, K.CLOSED, K.REOPENED), DayState.OPEN),
        ((K.OPENED, K.CLOSED, K.SIGNED_OFF), DayState.SIGNED_OFF),
    ],
)
def test_the_state_is_what_happened(kinds: tuple[DayEventKind, ...], state: DayState) -> None:
    assert day_now(events(*kinds)).state is state


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        ((K.CLOSED,), "day-not-open"),
        ((K.OPENED, K.OPENED), "day-open"),
        ((K.OPENED, K.RESUMED), "day-not-paused"),
        ((K.OPENED, K.PAUSED, K.PAUSED), "day-paused"),
        ((K.OPENED, K.SIGNED_OFF), "day-still-open"),
        ((K.OPENED, K.CLOSED, K.PAUSED), "day-closed"),
        ((K.OPENED, K.CLOSED, K.SIGNED_OFF, K.REOPENED), "day-signed-off"),
    ],
)
def test_what_cannot_follow_is_refused_with_a_sentence(kinds: tuple[DayEventKind, ...], code: str) -> None:
    with pytest.raises(Refused) as refused:
        day_now(events(*kinds))
    assert refused.value.code == code


def test_closing_ends_a_pause_and_opening_again_leaves_the_gap_out() -> None:
    now = day_now(events(K.OPENED, K.PAUSED, K.CLOSED, K.REOPENED))
    assert [(p.since, p.until) for p in now.pauses] == [(at(60), at(120)), (at(120), at(180))]
    assert now.closed_at is None


def test_the_reason_of_a_pause_may_be_given_at_its_end() -> None:
    opened = after(DayNow(), DayEvent(K.OPENED, START))
    paused = after(opened, DayEvent(K.PAUSED, at(1)))
    resumed = after(paused, DayEvent(K.RESUMED, at(2), PauseReason.ALARM))
    assert resumed.pauses[0].reason is PauseReason.ALARM
    assert (paused.paused_since, resumed.paused_since) == (at(1), None)


def test_a_forgotten_day_is_over_after_thirty_hours() -> None:
    now = day_now(events(K.OPENED))
    assert not now.is_over_at(START + timedelta(hours=30))
    assert now.is_over_at(START + timedelta(hours=30, seconds=1))


@given(st.lists(st.sampled_from(K), max_size=20))
def test_whatever_is_tried_a_day_is_in_one_state_and_its_pauses_lie_in_order(tried: list[DayEventKind]) -> None:
    now = DayNow()
    for n, kind in enumerate(tried):
        if why_not(now, kind) is None:
            now = after(now, DayEvent(kind, at(n)))
    assert now.is_paused == (now.state is DayState.PAUSED)
    ends = [moment for pause in now.pauses for moment in (pause.since, pause.until) if moment is not None]
    assert ends == sorted(ends)
    assert all(pause.until is not None for pause in now.pauses[:-1])


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2024, 8, 12, 21, 30, tzinfo=UTC), date(2024, 8, 12)),
        (datetime(2024, 8, 13, 0, 59, tzinfo=UTC), date(2024, 8, 12)),
        (datetime(2024, 8, 13, 1, 0, tzinfo=UTC), date(2024, 8, 13)),
        (datetime(2024, 8, 12, 12, 0, tzinfo=UTC), date(2024, 8, 12)),
    ],
)
def test_the_night_belongs_to_the_day_before(moment: datetime, day: date) -> None:
    assert wall_day(moment, MOSCOW, 4 * 60) == day


minutes = st.integers(0, 600)


@st.composite
def pauses(draw: st.DrawFn) -> list[Pause]:
    """Pauses one after the other; the last one may still last."""
    ends = sorted(draw(st.lists(minutes, max_size=8, unique=True)))
    found = [Pause(at(a), at(b)) for a, b in zip(ends[::2], ends[1::2], strict=False)]
    return [*found, Pause(at(ends[-1]))] if len(ends) % 2 else found


@given(minutes, minutes, pauses())
def test_a_wait_is_never_longer_than_the_clock_on_the_wall_nor_negative(a: int, b: int, stopped: list[Pause]) -> None:
    since, until = sorted((a, b))
    waited = without_pauses(at(since), at(until), stopped)
    assert timedelta(0) <= waited <= at(until) - at(since)
    assert without_pauses(at(until), at(since), stopped) == timedelta(0)


@given(minutes, minutes, minutes, pauses())
def test_two_waits_one_after_the_other_are_one_wait(a: int, b: int, c: int, stopped: list[Pause]) -> None:
    first, second, third = (at(m) for m in sorted((a, b, c)))
    whole = without_pauses(first, third, stopped)
    assert without_pauses(first, second, stopped) + without_pauses(second, third, stopped) == whole


def test_minutes_are_whole_and_never_rounded_up() -> None:
    assert whole_minutes(timedelta(minutes=2, seconds=59)) == 2


@given(st.times(), st.integers(0, 10**6).map(lambda n: (START + timedelta(minutes=n)).astimezone(MOSCOW)))
def test_a_time_on_the_wall_is_the_last_one_that_is_over(clock: time, now: datetime) -> None:
    found = last_time(clock, now)
    assert (found.hour, found.minute) == (clock.hour, clock.minute)
    assert timedelta(0) <= now - found < timedelta(days=1, minutes=1)


def test_after_midnight_an_hour_of_the_evening_was_yesterday() -> None:
    now = datetime(2024, 8, 13, 0, 20, tzinfo=MOSCOW)
    assert last_time(time(23, 50), now) == datetime(2024, 8, 12, 23, 50, tzinfo=MOSCOW)
    assert last_time(time(0, 10), now) == datetime(2024, 8, 13, 0, 10, tzinfo=MOSCOW)

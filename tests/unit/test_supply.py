"""How goods last: batches against their last days, and what to ask for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aidtrack.domain.campaigns import Enough, about_families
from aidtrack.domain.supply import LotAhead, left_over, to_ask_for

DAY = date(2024, 8, 12)


def in_days(n: int | None) -> date | None:
    return None if n is None else DAY + timedelta(days=n)


def test_the_first_expiring_leave_first_and_what_is_too_late_is_left() -> None:
    lots = [LotAhead(100, in_days(30)), LotAhead(50, in_days(2)), LotAhead(40, None), LotAhead(7, in_days(-1))]
    assert left_over(lots, 10, DAY) == (0, 30, 0, 7)
    assert left_over(lots, 0, DAY) == (100, 50, 0, 7)
    assert left_over([LotAhead(5, DAY)], 10, DAY) == (5,), "its last day is today: from tomorrow on it cannot be given"


lots = st.lists(st.builds(LotAhead, st.integers(0, 200), st.none() | st.integers(-3, 60).map(in_days)), max_size=6)


@given(lots, st.integers(0, 50), st.integers(0, 50))
def test_more_pace_leaves_less_and_never_more_than_there_is(held: list[LotAhead], slow: int, more: int) -> None:
    left, less = left_over(held, slow, DAY), left_over(held, slow + more, DAY)
    assert all(0 <= one <= lot.quantity for one, lot in zip(left, held, strict=True))
    assert sum(less) <= sum(left)
    for day in {lot.use_by for lot in held if lot.use_by}:
        gone = sum(lot.quantity - one for lot, one in zip(held, left, strict=True) if lot.use_by and lot.use_by <= day)
        assert gone <= slow * max((day - DAY).days, 0), "nobody gives more than the pace until that day"


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_what_is_asked_for_is_enough_and_less_than_one_more(families: int, units: int, of: int) -> None:
    ask = to_ask_for(families, units, of)
    if of:
        assert ask * of >= families * units > (ask - 1) * of or ask == families * units == 0
    else:
        assert ask == 0


def test_forecasts_are_said_rounded_down() -> None:
    assert [about_families(n) for n in (0, 7, 10, 128)] == [0, 7, 10, 120]
    until = datetime(2024, 8, 12, 13, 48, 20, tzinfo=UTC)
    assert Enough(128, until).about == Enough(120, datetime(2024, 8, 12, 13, 40, tzinfo=UTC))

"""Days as people type them: those that were, and those on a box of goods."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidtrack.domain.dates import any_day, past_day

TODAY = date(2024, 8, 26)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("12.8.24", date(2024, 8, 12)),
        ("12/08/2024", date(2024, 8, 12)),
        ("2024-08-12", date(2024, 8, 12)),
        ("12 8", date(2024, 8, 12)),
        ("27.8", date(2023, 8, 27)),
        ("1.1.99", date(1999, 1, 1)),
        ("29.2", date(2024, 2, 29)),
        ("31.2", None),
        ("29.2.24", date(2024, 2, 29)),
        ("", None),
        ("x", None),
        ("12", None),
        ("1.2.3.4", None),
        ("٣.٤.٢٠٢٤", None),
    ],
)
def test_days_that_were_as_they_are_typed(typed: str, day: date | None) -> None:
    assert past_day(typed, TODAY) == day


@given(st.dates(date(1930, 1, 1), TODAY))
def test_a_day_typed_in_any_usual_way_is_that_day(day: date) -> None:
    for typed in (f"{day.day}.{day.month}.{day.year}", day.isoformat(), f"{day.day:02}/{day.month:02}/{day.year}"):
        assert past_day(typed, TODAY) == day
    if day > TODAY - timedelta(days=364):
        assert past_day(f"{day.day}.{day.month}", TODAY) in (day, None)


@pytest.mark.parametrize(
    ("typed", "month_ok", "day"),
    [
        ("12.8.26", False, date(2026, 8, 12)),
        ("12.08.2026", False, date(2026, 8, 12)),
        ("12 8", False, date(2024, 8, 12)),
        ("120826", False, date(2026, 8, 12)),
        ("2026-08-12", False, date(2026, 8, 12)),
        ("6.27", True, date(2027, 6, 30)),
        ("31.2.2026", False, None),
        ("0.0.0", False, None),
        ("", False, None),
        ("мыло", False, None),
        ("1.1.99999999999999", False, None),
        ("13.27", True, None),
    ],
)
def test_days_are_typed_as_people_write_them(typed: str, month_ok: bool, day: date | None) -> None:
    assert any_day(typed, TODAY, month_ok=month_ok) == day


@given(st.one_of(st.text(max_size=20), st.text("0123456789. -", max_size=20)), st.booleans())
def test_no_text_breaks_a_day(typed: str, month_ok: bool) -> None:
    any_day(typed, TODAY, month_ok=month_ok)

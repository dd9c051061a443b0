"""Days as people type them in figures: days that were, and days of any time, such as a use-by date on a box.

Owns what is meant. Births, of which often only the year is known, are `birth`'s.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date


def past_day(typed: str, today: date) -> date | None:
    """12.8.24, 12/08/2024, 2024-08-12, or 12.8 for the latest such day; None if it is no date."""
    parts = re.split(r"[.\-/ ]+", typed.strip().rstrip("."))
    if not 2 <= len(parts) <= 3 or not all(p.isascii() and p.isdigit() and len(p) <= 4 for p in parts):
        return None
    numbers = [int(part) for part in parts]
    if len(parts[0]) == 4:
        numbers.reverse()
    if len(numbers) == 2:
        return _latest(numbers[0], numbers[1], today)
    year = numbers[2]
    return _date(numbers[0], numbers[1], _past_year(year, today) if year < 100 else year)


def _past_year(short: int, today: date) -> int:
    century = today.year - today.year % 100
    return century + short if century + short <= today.year else century - 100 + short


def _latest(day: int, month: int, today: date) -> date | None:
    this_year = _date(day, month, today.year)
    return this_year if this_year is not None and this_year <= today else _date(day, month, today.year - 1)


def any_day(typed: str, today: date, *, month_ok: bool = False) -> date | None:
    """`12.8.26`, `12.08.2026`, `2026-08-12`, `120826`, `12 8` of this year, or with `month_ok` `6.27`: its last day; None if it is none."""
    match _numbers(typed):
        case [month, year] if month_ok:
            return _last_of(month, _full_year(year))
        case [day, month]:
            return _date(day, month, today.year)
        case [day, month, year]:
            return _date(day, month, _full_year(year))
    return None


def _numbers(typed: str) -> list[int]:
    """What was typed as day, month, year, in this order."""
    numbers = [int(n) for n in re.findall(r"\d+", typed)]
    if re.fullmatch(r"\s*\d{4}-\d{1,2}-\d{1,2}\s*", typed):
        return numbers[::-1]
    solid = typed.strip()
    return [int(solid[:2]), int(solid[2:4]), int(solid[4:])] if re.fullmatch(r"\d{6}|\d{8}", solid) else numbers


def _full_year(year: int) -> int:
    return year + 2000 if year < 100 else year


def _last_of(month: int, year: int) -> date | None:
    first = _date(1, month, year)
    return first and first.replace(day=monthrange(year, month)[1])


def _date(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None

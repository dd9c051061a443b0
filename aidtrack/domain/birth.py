"""When somebody was born, as exactly as it is known, and how old that makes them on a day.

Owns reading of typed dates, years and ages. Ages are computed at the day of the event, never at the day of the print.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from aidtrack.errors import Text

OLDEST = 120
EARLIEST = 150
"""Years ago: lists keep the births of people who are long dead; nobody's age is more than `OLDEST`."""

_PARTS = re.compile(r"[.,/\s-]+")
_SOLID = re.compile(r"(\d\d)(\d\d)(\d\d|\d{4})")
_BABY = re.compile(r"(\d{1,2})\s*(?:мес|міс|mo)\w*\.?", re.IGNORECASE)
_AGE = re.compile(r"(\d{1,3})\s*(?:лет|год|года|р|рік|роки|років|y|yrs?|years?)?\.?", re.IGNORECASE)


class Unclear(ValueError):
    """Something typed that cannot be read; `text` says what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


class Precision(StrEnum):
    """How exactly a birth is known; an age is an estimate somebody said."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Birth:
    """The first day a birth may have been on, and how exactly that is known."""

    first: date
    precision: Precision

    def age_at(self, day: date) -> int:
        """Whole years on `day`; from a year alone the age reached in that year; never negative."""
        years = day.year - self.first.year
        if self.precision is Precision.DAY:
            years -= (day.month, day.day) < (self.first.month, self.first.day)
        elif self.precision is Precision.MONTH:
            years -= day.month < self.first.month
        return max(0, years)

    @property
    def iso(self) -> str:
        """1961-08-12, 1961-08 or 1961: as exact as it is known."""
        length = {Precision.DAY: 10, Precision.MONTH: 7}.get(self.precision, 4)
        return self.first.isoformat()[:length]

    @property
    def typed(self) -> str:
        """As it would be typed again: 12.08.1961, 08.1961 or 1961."""
        return ".".join(reversed(self.iso.split("-")))


def age_on(day: date, first: date | None, precision: str) -> int | None:
    """How old a stored birth makes somebody on `day`; None where nothing is known of it."""
    return Birth(first, Precision(precision)).age_at(day) if first and precision else None


def of_age(age: int, day: date) -> Birth:
    """Somebody who is said to be `age` on `day`."""
    return Birth(date(day.year - age, 1, 1), Precision.AGE)


def read_birth(typed: str, day: date) -> Birth | None:
    """`12.8.61`, `1961-08-12`, `120861`, `8.1961`, `1961`, `63`, `5 мес`; None for nothing. Raises Unclear."""
    text = typed.strip().rstrip(".")
    if not text:
        return None
    birth = _read(text, day)
    if birth.first > day:
        raise Unclear(Text("This day is still to come."))
    if birth.age_at(day) > EARLIEST:
        raise Unclear(Text("Nobody is older than {years} years: check the year.", years=OLDEST))
    return birth


def _read(text: str, day: date) -> Birth:
    if baby := _BABY.fullmatch(text):
        return _months_ago(int(baby[1]), day)
    age = _AGE.fullmatch(text)
    if age and len(age[1]) <= 3 and int(age[1]) <= OLDEST:
        return of_age(int(age[1]), day)
    solid = _SOLID.fullmatch(text)
    parts = list(solid.groups()) if solid else [p for p in _PARTS.split(text) if p]
    if not parts or not all(p.isascii() and p.isdigit() for p in parts):
        raise Unclear(Text("Write the date as 12.8.61, or the age as 63."))
    return _from_parts(parts, day)


def _from_parts(parts: list[str], day: date) -> Birth:
    if len(parts[0]) == 4 and len(parts) > 1:
        parts = parts[::-1]
    precision = {1: Precision.YEAR, 2: Precision.MONTH, 3: Precision.DAY}.get(len(parts))
    if precision is None or len(parts[-1]) not in (2, 4) or (precision is not Precision.DAY and len(parts[-1]) != 4):
        raise Unclear(Text("Write the date as 12.8.61, or the age as 63."))
    numbers = [1] * (3 - len(parts)) + [int(p) for p in parts[:-1]]
    try:
        return Birth(date(_year(parts[-1], day), numbers[1], numbers[0]), precision)
    except ValueError:
        raise Unclear(Text("There is no such day: check day and month.")) from None


def _year(written: str, day: date) -> int:
    """Two digits mean the latest such year that is not to come."""
    if len(written) == 4:
        return int(written)
    year = day.year // 100 * 100 + int(written)
    return year if year <= day.year else year - 100


def _months_ago(months: int, day: date) -> Birth:
    count = day.year * 12 + day.month - 1 - months
    return Birth(date(count // 12, count % 12 + 1, 1), Precision.MONTH)

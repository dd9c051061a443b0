"""What was given on paper while there was no power, as it is typed in afterwards: one line a family, and what is missing between the lines.

Owns reading a typed line and finding gaps. A fact has happened: nothing here refuses it for a rule or for the book of the shelf.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from uuid import UUID

from aidtrack.domain.days import LONGEST_DAY
from aidtrack.domain.handover import LINES_PER_SHEET, SheetLine
from aidtrack.errors import Problem, Text

MOST_UNITS = 999
_ITEM = re.compile(  # number, size behind a stroke, how many behind an x, Latin or Cyrillic
    r"(\d{1,2})(?:\s*/\s*([^\s,;+/×*:=]+?))?(?:\s*[xх×*:=]\s*(\d{1,4}))?(?=[\s,;+]|$)", re.IGNORECASE
)
_TIME = re.compile(r"(\d{1,2})[:.,\s-]?(\d{2})")
_PLACE = re.compile(r"(?:(?:(\d{1,2})\s*[-–])?\s*(\d{1,3})\s*[/.,]\s*)?(\d{1,2})")


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One family's line of a sheet signed without power: what it took, when, at which window, on which line.

    `place` counts the lines of the window's day from 1; None is the first line that is still missing, or the next.
    `because` is wanted for a day that is signed off: its reports get a revision that says so.
    """

    household_id: UUID
    items: tuple[tuple[UUID, int], ...]
    at: datetime
    window_id: UUID
    day: date
    place: int | None = None
    because: str = ""


def read_items(
    typed: str, numbers: Sequence[UUID], due: Mapping[UUID, int], sizes: Mapping[UUID, Mapping[str, UUID]] | None = None
) -> tuple[tuple[UUID, int], ...] | None:
    """«1x4 2 3/XLx1» as items by their numbers on the paper; one without a quantity is what the family is due of it, at least one. A size
    stands behind a stroke: `sizes` are those of an item by what is written on them. Where the paper says none, it is the item without one.

    None when it cannot be read: a number that is on no list, a size the item does not come in, nothing at all, or an item twice.
    """
    found: dict[UUID, int] = {}
    rest = typed
    for match in _ITEM.finditer(typed):
        no, size, quantity = int(match[1]), match[2], match[3]
        whole = numbers[no - 1] if 1 <= no <= len(numbers) else None
        item = _of_size(whole, size, sizes or {}) if whole is not None and size else whole
        if whole is None or item is None or item in found:
            return None
        found[item] = int(quantity) if quantity else max(due.get(whole, 0), 1)
        rest = rest.replace(match[0], " ", 1)
    is_read = found and not re.sub(r"[\s,;+]", "", rest)
    return tuple(found.items()) if is_read and all(1 <= n <= MOST_UNITS for n in found.values()) else None


def _of_size(whole: UUID, size: str, sizes: Mapping[UUID, Mapping[str, UUID]]) -> UUID | None:
    return {_folded(known): item for known, item in sizes.get(whole, {}).items()}.get(_folded(size))


def _folded(size: str) -> str:
    """A size as hands write it: Cyrillic letters that look like Latin ones, no spaces."""
    return "".join(size.upper().split()).translate(_ALIKE)


_ALIKE = str.maketrans("ХМСЛ", "XMSL")


def read_time(typed: str, day: date, now: datetime, zone: tzinfo) -> datetime | None:
    """«14:20», «1420» or «9.05» as a moment of the day: the last such time that is over and within thirty hours of the day's date.

    After midnight 0:30 is still this day. None when it is no time, or lies ahead.
    """
    match = _TIME.fullmatch(typed.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    clock = time(int(match[1]), int(match[2]))
    for later in (1, 0):
        moment = datetime.combine(day + timedelta(days=later), clock, zone)
        begins = datetime.combine(day, time(0), zone)
        if moment <= now and moment - begins <= LONGEST_DAY + timedelta(hours=4):
            return moment
    return None


def read_place(typed: str, window: int) -> int | None:
    """«2-03/12», «3/12» or «12» (on the first sheet) as the line's number in the window's day; None when it is no line of this window."""
    match = _PLACE.fullmatch(typed.strip())
    if match is None or (match[1] and int(match[1]) != window):
        return None
    sheet, line = int(match[2] or 1), int(match[3])
    return (sheet - 1) * LINES_PER_SHEET + line if sheet and 1 <= line <= LINES_PER_SHEET else None


def show_place(window: int, place: int) -> str:
    """2-03/12"""
    return str(SheetLine.of(str(window), place))


def missing(taken: Collection[int], last: int) -> tuple[int, ...]:
    """The lines up to the last one that nobody is written down for, rising."""
    known = set(taken)
    return tuple(n for n in range(1, last + 1) if n not in known)


def in_runs(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Rising numbers as runs from–to: 3 4 5 9 → (3, 5), (9, 9)."""
    runs: list[tuple[int, int]] = []
    for n in numbers:
        if runs and runs[-1][1] == n - 1:
            runs[-1] = (runs[-1][0], n)
        else:
            runs.append((n, n))
    return tuple(runs)


def line_problems(line: PaperLine, *, now: datetime, is_signed_off: bool) -> list[Problem]:
    """All that is wrong with how a line is written; never with what was given."""
    problems = []
    quantities = [quantity for _, quantity in line.items]
    if not quantities or any(not 1 <= n <= MOST_UNITS for n in quantities):
        words = Text("Type what was given: the item’s number, x and how many. Example: 1x4 2x1, a size as 3/4x1")
        problems.append(Problem("items", words))
    if line.at > now:
        problems.append(Problem("time", Text("This time is still ahead. When was it given?")))
    if line.place is not None and line.place < 1:
        problems.append(Problem("place", Text("The line as it stands on the sheet: 2-03/12, or 3/12.")))
    if is_signed_off and not line.because:
        problems.append(Problem("because", Text("The day is signed off. Say in one sentence why this comes later.")))
    return problems

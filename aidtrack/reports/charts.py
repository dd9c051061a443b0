"""The two charts of the papers: numbers by the hour, and days left. Bars from zero, the value on the bar, no frame.

Owns the drawing. Which figures are shown, and in what order, is decided by the paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from aidtrack.reports.fonts import BOLD, NARROW, NARROW_BOLD, TEXT
from aidtrack.reports.page import HEAVY, Sheet, Words

_BAR = 4.7
_HIGH = 40.0
_HIGH_UNDER_BRACKET = 33.0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two bars of a group: what came in (hatched) and what was done (solid)."""

    came: int
    done: int


@dataclass(frozen=True, slots=True)
class Bracket:
    """A span over the groups, in group widths from the left, with its words."""

    start: float
    end: float
    words: Words


def hours(
    sheet: Sheet, x: float, floor: float, width: float, pairs: Sequence[Pair], brackets: Sequence[Bracket]
) -> None:
    """Pairs of bars standing on `floor`, `width` shared evenly."""
    high = _HIGH_UNDER_BRACKET if brackets else _HIGH - 2
    most = max((max(p.came, p.done) for p in pairs), default=0) or 1
    group = width / max(len(pairs), 1)
    bar = min(_BAR, group * 0.38)
    tops = []
    for n, pair in enumerate(pairs):
        middle = x + (n + 0.5) * group
        tops.append(_pair(sheet, middle, floor, bar, (pair, high / most)))
    sheet.rule(x, floor, x + width, HEAVY)
    _brackets(sheet, x, group, [floor - top for top in tops], brackets)


def _pair(sheet: Sheet, middle: float, floor: float, bar: float, scaled: tuple[Pair, float]) -> float:
    pair, scale = scaled
    came, done = pair.came * scale, pair.done * scale
    if pair.came:
        sheet.hatched(middle - bar, floor - came, bar, came)
        sheet.text(middle - bar / 2, floor - came - 1, sheet.number(pair.came), NARROW, 8.5, "middle")
    if pair.done:
        sheet.box(middle, floor - done, bar, done, fill=True)
        sheet.text(middle + bar / 2, floor - done - 1, sheet.number(pair.done), NARROW_BOLD, 8.5, "middle")
    return max(came, done)


def _brackets(sheet: Sheet, x: float, group: float, tops: Sequence[float], brackets: Sequence[Bracket]) -> None:
    """Each above the bars it spans; one whose words would meet the last one's stands higher."""
    taken_until, last_level = 0.0, 0.0
    for bracket in brackets:
        left, right = x + bracket.start * group, x + max(bracket.end, bracket.start + 0.15) * group
        under = tops[max(0, int(bracket.start) - 1) : int(bracket.end) + 2] or [min(tops)]
        level = min(under) - 6
        half = sheet.wide(bracket.words, NARROW, 8.5) / 2
        if (left + right) / 2 - half < taken_until + 1:
            level = min(level, last_level - 5)
        _bracket(sheet, left, right, level, bracket.words)
        taken_until, last_level = (left + right) / 2 + half, level


def _bracket(sheet: Sheet, left: float, right: float, level: float, words: Words) -> None:
    sheet.rule(left, level, right, HEAVY)
    sheet.upright(left, level, level + 2, HEAVY)
    sheet.upright(right, level, level + 2, HEAVY)
    middle = min((left + right) / 2, sheet.paper.edge - sheet.wide(words, NARROW, 8.5) / 2)
    sheet.text(middle, level - 1.5, words, NARROW, 8.5, "middle")


def key(sheet: Sheet, x: float, down: float, came: Words, done: Words) -> None:
    """Which fill says what, beside the first bar."""
    sheet.hatched(x, down, 4.6, 4.6)
    sheet.text(x + 6.6, down + 3.7, came, TEXT, 9)
    sheet.box(x, down + 7, 4.6, 4.6, fill=True)
    sheet.text(x + 6.6, down + 10.7, done, BOLD, 9)


@dataclass(frozen=True, slots=True)
class Left:
    """How long an item lasts: days (None: none left), and the words for the columns beside the bar."""

    name: str
    days: float | None
    days_text: str
    families_text: str


_MARKS = (0.5, 1.0, 2.0)


def days_left(sheet: Sheet, x: float, down: float, rows: Sequence[Left], heads: tuple[Words, Words, Words]) -> float:
    """A bar an item, the shortest first; solid is less than a day. `heads` are days, families, none. Returns where it ends."""
    name_room, bar_room, step = 50.0, 56.0, 6.2
    zero, longest = x + name_room, _longest(rows)
    scale = bar_room / longest
    bottom = down + 4 + len(rows) * step + 1
    sheet.text(x + 118, down, heads[0], NARROW, 8.5, "right")
    sheet.text(x + 136, down, heads[1], NARROW, 8.5, "right")
    _marks(sheet, zero, down, bottom, (scale, longest))
    for n, row in enumerate(rows):
        base = down + 5 + n * step
        sheet.fitted(x, base, row.name, name_room - 2, NARROW, 9)
        _bar_of(sheet, zero, base, row, (scale, longest, heads[2]))
        sheet.text(x + 118, base, row.days_text, BOLD, 9, "right")
        sheet.text(x + 136, base, row.families_text, TEXT, 9, "right")
    return bottom


def _longest(rows: Sequence[Left]) -> float:
    most = max((row.days for row in rows if row.days is not None), default=1.0)
    return min(max(most, 1.0), 3.0) * 1.05


def _marks(sheet: Sheet, zero: float, down: float, bottom: float, scaled: tuple[float, float]) -> None:
    scale, longest = scaled
    sheet.text(zero, down, "0", NARROW, 8.5, "middle")
    sheet.upright(zero, down + 1.3, bottom, HEAVY)
    for mark in _MARKS:
        if mark <= longest:
            words = sheet.number(int(mark)) if mark >= 1 else ("0.5" if sheet.lang == "en" else "0,5")
            sheet.text(zero + mark * scale, down, words, NARROW, 8.5, "middle")
            sheet.dotted(zero + mark * scale, down + 1.3, zero + mark * scale, bottom)


def _bar_of(sheet: Sheet, zero: float, base: float, row: Left, scaled: tuple[float, float, Words]) -> None:
    scale, longest, none = scaled
    if row.days is None:
        sheet.text(zero + 2, base, none, BOLD, 9)
        return
    wide = min(row.days, longest) * scale
    if row.days < 1:
        sheet.box(zero, base - 3.3, wide, 3.9, fill=True)
    else:
        sheet.hatched(zero, base - 3.3, wide, 3.9)


def grouped(hours_of_day: Sequence[int], most: int = 12) -> list[tuple[int, int]]:
    """Hours as (first, one after the last) groups of at most `most`: 9–10, 10–11 … or 8–10, 10–12 … on a long day."""
    if not hours_of_day:
        return []
    step = -(-len(hours_of_day) // most)
    starts = list(hours_of_day[::step])
    return list(pairwise([*starts, hours_of_day[-1] + 1]))

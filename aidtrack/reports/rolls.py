"""Queue numbers to cut out for a day without power: the same numbers the computer keeps free, thirty-six on a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from aidtrack.errors import Text
from aidtrack.reports.fonts import BOLD, NARROW, TEXT
from aidtrack.reports.page import A4, Sheet, Stamp, document
from aidtrack.services.overview import RollNumbers

_ACROSS, _DOWN = 4, 9
_TOP = 38.0
_WIDE, _TALL = 45.0, 25.6


def make_pdf(paper: RollNumbers, stamp: Stamp, lang: str) -> bytes:
    """As many sheets as there are numbers."""
    each = _ACROSS * _DOWN
    sheets = [paper.numbers[n : n + each] for n in range(0, len(paper.numbers), each)]
    pages = [partial(_sheet, some, stamp) for some in sheets]
    return document(A4, lang, f"AidTrack {stamp.number}", pages, other=stamp.other(lang))


def _sheet(numbers: Sequence[tuple[str, Text]], stamp: Stamp, sheet: Sheet) -> None:
    sheet.head(stamp)
    sheet.text(A4.left, 24.2, Text("Queue numbers for a paper roll"), BOLD, 17)
    words = Text("Cut out and give in this order. The computer keeps these numbers free: tell it how far the roll has come.")
    sheet.fitted(A4.left, 29.4, words, A4.usable, TEXT, 9)
    rows = (len(numbers) + _ACROSS - 1) // _ACROSS
    for column in range(_ACROSS + 1):
        sheet.dotted(A4.left + column * _WIDE, _TOP, A4.left + column * _WIDE, _TOP + rows * _TALL)
    for row in range(rows + 1):
        sheet.dotted(A4.left, _TOP + row * _TALL, A4.left + _ACROSS * _WIDE, _TOP + row * _TALL)
    for n, (number, lane) in enumerate(numbers):
        middle, top = A4.left + (n % _ACROSS + 0.5) * _WIDE, _TOP + n // _ACROSS * _TALL
        sheet.text(middle, top + 13.4, number, BOLD, 32, "middle")
        both = " / ".join(part for part in (sheet.say(lane), sheet.also(lane)) if part)
        sheet.fitted(middle, top + 18.4, both, _WIDE - 4, TEXT, 9, "middle")
        sheet.fitted(middle, top + 22.6, stamp.site, _WIDE - 4, NARROW, 8, "middle")
    sheet.foot(stamp)

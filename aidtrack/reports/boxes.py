"""What a form is filled in by: digit cells, boxes to tick, the black number of a section. They are drawn, no font has them.

Owns the strokes and their measures; which box stands where is the form's.
"""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.units import mm

from aidtrack.reports.fonts import BOLD, NARROW, TEXT
from aidtrack.reports.page import Sheet, Words

TICK = 3.8


def digit(sheet: Sheet, x: float, top: float, n: int) -> None:
    """The number of a section, the only reversed type there is."""
    sheet.box(x, top, 5, 5, fill=True)
    sheet.canvas.setFillGray(1)
    sheet.text(x + 2.5, top + 3.7, str(n), BOLD, 10 if n < 10 else 9, "middle")
    sheet.canvas.setFillGray(0)


def cells(
    sheet: Sheet,
    x: float,
    top: float,
    shape: Sequence[int],
    content: str = "",
    *,
    wide: float = 5.4,
    tall: float = 6.6,
    between: str = "",
) -> float:
    """Groups of digit cells 1.8 apart with the separator drawn between; returns where they end."""
    signs = iter(content)
    for k, group in enumerate(shape):
        if k:
            if between[k - 1 : k].strip():
                sheet.text(x + 0.9, top + tall - 1.5, between[k - 1], BOLD, 9, "middle")
            x += 1.8
        for _ in range(group):
            sheet.box(x, top, wide, tall, thick=0.75)
            sheet.text(x + wide / 2, top + tall - 1.9, next(signs, "").strip(), BOLD, 10, "middle")
            x += wide
    return x


def tick(
    sheet: Sheet, x: float, base: float, words: Words, *, is_on: bool = False, face: str = TEXT, size: float = 9
) -> float:
    """A box to tick and its words; returns where they end."""
    top = base - 3.3
    sheet.box(x, top, TICK, TICK, thick=0.9)
    if is_on:
        sheet.canvas.setLineWidth(1.2)
        for a, b in ((top + 0.7, top + TICK - 0.7), (top + TICK - 0.7, top + 0.7)):
            sheet.canvas.line((x + 0.7) * mm, sheet.y(a), (x + TICK - 0.7) * mm, sheet.y(b))
    return x + TICK + 1.2 + sheet.text(x + TICK + 1.2, base, words, face, size)


def ticks(sheet: Sheet, x: float, base: float, choices: Sequence[tuple[Words, bool]], until: float) -> None:
    """Boxes on one line, spread evenly; the words shrink together when they would not fit."""
    room = until - x
    for face, size in _SIZES:
        needed = sum(TICK + 1.2 + sheet.wide(words, face, size) for words, _ in choices)
        if needed + 2 * (len(choices) - 1) <= room:
            break
    gap = min((room - needed) / max(len(choices) - 1, 1), 9)
    for words, is_on in choices:
        x = tick(sheet, x, base, words, is_on=is_on, face=face, size=size) + gap


_SIZES = ((TEXT, 9.0), (NARROW, 9.0), (NARROW, 8.5), (NARROW, 8.0), (NARROW, 7.5), (NARROW, 7.0))

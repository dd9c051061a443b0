"""Quick registration on paper: eight families on a sheet, the same answers in the same order as the quick form of the window."""

from __future__ import annotations

from functools import partial

from aidtrack import i18n
from aidtrack.domain.people import Lodging
from aidtrack.errors import Text
from aidtrack.reports.fonts import BOLD, NARROW, NARROW_BOLD, TEXT
from aidtrack.reports.page import A4_ACROSS, HEAVY, LINE, Sheet, Stamp, document
from aidtrack.services.overview import QuickSheets

_HEAD, _ROW, _ROWS = 50.0, 16.0, 8
_COLUMNS: tuple[tuple[Text | str, float], ...] = (
    ("№", 8),
    (Text("card, if given"), 26),
    (Text("surname, first name"), 58),
    (Text("birth or age"), 20),
    (Text("from where"), 40),
    (Text("lives"), 12),
    (Text("with whom: м36 ж8"), 40),
    (Text("phone, if there is one"), 32),
    (Text("told"), 10),
    (Text("sheet, line"), 26),
)


def make_pdf(paper: QuickSheets, stamp: Stamp, lang: str) -> bytes:
    """So many sheets, their lines numbered on."""
    pages = [partial(_page, paper, stamp, n) for n in range(paper.sheets)]
    return document(A4_ACROSS, lang, f"AidTrack {stamp.number}", pages, other=stamp.other(lang))


def _page(paper: QuickSheets, stamp: Stamp, n: int, sheet: Sheet) -> None:
    left, edge = A4_ACROSS.left, A4_ACROSS.edge
    sheet.head(stamp)
    sheet.title(30.2, Text("Quick registration"))
    sheet.fitted(left, 35.4, _ADVICE, A4_ACROSS.usable, TEXT, 9)
    sheet.fitted(left, 39.2, sheet.also(_ADVICE), A4_ACROSS.usable, NARROW, 8.5)
    at = left
    for head, width in _COLUMNS:
        also = sheet.also(head)
        sheet.fitted(at + 0.8, _HEAD - (4.8 if also else 1.4), head, width - 1.6, NARROW_BOLD, 8.5)
        sheet.fitted(at + 0.8, _HEAD - 1.4, also, width - 1.6, NARROW, 8.5)
        at += width
    sheet.rule(left, _HEAD, edge, HEAVY)
    for row in range(1, _ROWS + 1):
        down = _HEAD + row * _ROW
        sheet.text(left + 0.8, down - _ROW / 2 + 1.2, str(n * _ROWS + row), BOLD, 9)
        sheet.rule(left, down, edge, LINE)
    at = left
    for _head, width in _COLUMNS[:-1]:
        at += width
        sheet.upright(at, _HEAD, _HEAD + _ROWS * _ROW)
    _boxes(sheet)
    for line, lang in enumerate(code for code in (sheet.lang, sheet.other) if code):
        sheet.fitted(left, _HEAD + _ROWS * _ROW + 4.4 + 3.7 * line, _lives(lang), A4_ACROSS.usable, NARROW, 8.5)
    sheet.foot(stamp)


_ADVICE = Text("A line a family; papers are not asked for. Members as м36 ж8: sex and age. Food and water at once, whatever is missing.")


def _lives(lang: str) -> str:
    """живёт: 1 своё жильё · 2 …"""
    listed = " · ".join(f"{digit} {i18n.render(one.text, lang)}" for digit, one in enumerate(Lodging, 1))
    return i18n.render(Text("lives: {list}", list=listed), lang)


def _boxes(sheet: Sheet) -> None:
    """A box to tick under “told”: the notice was said aloud."""
    x = A4_ACROSS.left + sum(width for _, width in _COLUMNS[:8]) + (10 - 3.8) / 2
    for row in range(_ROWS):
        sheet.box(x, _HEAD + row * _ROW + (_ROW - 3.8) / 2, 3.8, 3.8)

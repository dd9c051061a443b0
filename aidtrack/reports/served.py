"""The list of served cards for a day without power: card numbers, each with the day every item is due again. No names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.reports import tables
from aidtrack.reports.fonts import BOLD, NARROW, TEXT
from aidtrack.reports.page import A4, Draw, Sheet, Stamp, document
from aidtrack.reports.tables import NONE, Column, Row
from aidtrack.services.overview.served import ServedCard, ServedCards

TITLE = Text("Cards served, and when again")
_GAP, _CARD = 5.0, 27.0
_BESIDE = 5
"""Up to so many items two tables stand side by side."""
_FLOOR = 277.0
_LEGEND_STEP = 4.2


def make_pdf(served: ServedCards, stamp: Stamp, lang: str) -> bytes:
    """As many pages as the cards need; the numbers of the items are explained on each."""
    columns, top = _columns(served), _top(served)
    rows = [_row(card, len(served.items), lang) for card in served.cards]
    rows = rows or [Row((i18n.render(Text("none"), lang), *[NONE] * len(served.items)))]
    parts = tables.split(columns, rows, (_FLOOR - top,))
    a_page = 2 if len(served.items) <= _BESIDE else 1
    pages: list[Draw] = [
        partial(_page, served, stamp, (columns, parts[n : n + a_page])) for n in range(0, len(parts), a_page)
    ]
    return document(A4, lang, f"AidTrack {stamp.number}", pages)


def _columns(served: ServedCards) -> tuple[Column, ...]:
    """The card, then a column an item, headed by its number."""
    count = max(len(served.items), 1)
    room = (A4.usable - _GAP) / 2 - _CARD if count <= _BESIDE else A4.usable - _CARD
    goods = (Column(str(n), room / count, right=True) for n in range(1, len(served.items) + 1))
    return (Column(Text("card"), _CARD, face=NARROW), *goods)


def _top(served: ServedCards) -> float:
    """Where the tables begin: below the legend of the items."""
    return 45.0 + (len(served.items) + 1) // 2 * _LEGEND_STEP


def _page(
    served: ServedCards, stamp: Stamp, placed: tuple[Sequence[Column], Sequence[Sequence[Row]]], sheet: Sheet
) -> None:
    columns, parts = placed
    sheet.head(stamp)
    sheet.text(A4.left, 24.2, TITLE, BOLD, 17)
    words = Text(
        "For serving by hand without power. The day stands where something was given and from when it is due again; – is due now, "
        "0 was given once. Nobody is sent away without food."
    )
    sheet.block(A4.left, 29.0, words, A4.usable, TEXT, 9, 3.9)
    _legend(served, sheet)
    for n, rows in enumerate(parts):
        x = A4.left + n * (sum(column.width for column in columns) + _GAP)
        tables.table(sheet, x, _top(served), columns, tables.closed(rows))
    sheet.foot(stamp)


def _legend(served: ServedCards, sheet: Sheet) -> None:
    half = A4.usable / 2
    for n, names in enumerate(served.items):
        x, down = A4.left + n % 2 * half, 38.0 + n // 2 * _LEGEND_STEP
        sheet.text(x + 4, down, str(n + 1), BOLD, 9, "right")
        sheet.fitted(x + 6, down, i18n.pick(names, sheet.lang), half - 8, TEXT, 9)


def _row(card: ServedCard, items: int, lang: str) -> Row:
    again = dict(card.again)
    return Row((card.number, *(_when(again.get(n, _NOW), lang) for n in range(1, items + 1))))


_NOW = date.min


def _when(again: date | None, lang: str) -> str:
    if again is None:
        return "0"
    return NONE if again == _NOW else i18n.day_brief(again, lang)

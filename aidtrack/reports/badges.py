"""Day badges to cut out, ten on a sheet: role, number and code; a line for a first name, which nobody has to write."""

from __future__ import annotations

from functools import partial

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.reports.cards import A_SHEET, LEFT, TALL, TOP, WIDE, sheet_of_cards
from aidtrack.reports.fonts import BOLD, NARROW, TEXT
from aidtrack.reports.page import CARDS, Sheet, Stamp, document
from aidtrack.services.overview import BadgeFigures, DayBadges


def make_pdf(paper: DayBadges, stamp: Stamp, lang: str) -> bytes:
    """Sheets of ten."""
    sheets = [paper.badges[n : n + A_SHEET] for n in range(0, len(paper.badges), A_SHEET)]
    return document(CARDS, lang, f"AidTrack {stamp.number}", [partial(_sheet, ten, stamp) for ten in sheets])


def _sheet(badges: tuple[BadgeFigures, ...], stamp: Stamp, sheet: Sheet) -> None:
    first, last = f"{badges[0].number:02}", f"{badges[-1].number:02}"
    numbers = Text("badges {first}–{last}", first=first, last=last) if len(badges) > 1 else Text("one badge")
    sheet_of_cards(sheet, stamp, numbers)
    for place, badge in enumerate(badges):
        _badge(sheet, LEFT + place % 2 * WIDE, TOP + place // 2 * TALL, (badge, stamp))


def _badge(sheet: Sheet, x: float, y: float, content: tuple[BadgeFigures, Stamp]) -> None:
    badge, stamp = content
    inside, edge = x + 3.9, x + 81.7
    room = 52.0
    sheet.fitted(inside, y + 7.4, stamp.site, room, NARROW, 8.5)
    sheet.text(inside, y + 20, f"{badge.number:02}", BOLD, 32)
    sheet.fitted(inside, y + 27.4, badge.role, room, BOLD, 13)
    sheet.fitted(inside, y + 32.6, Text("badge of {day}", day=i18n.day_brief(stamp.day, sheet.lang)), room, TEXT, 9)
    sheet.rule(inside, y + 42.4, x + 56)
    sheet.text(inside, y + 45.6, Text("first name, if you like"), NARROW, 7.5)
    sheet.fitted(inside, y + 50.4, Text("holds until the day is closed; give it back then"), 77, NARROW, 8)
    sheet.qr(edge - 24, y + 6, 24, badge.code)
    sheet.fitted(edge, y + 34.6, Text("scan, then four digits"), 25, NARROW, 8, "right")

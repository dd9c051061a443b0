"""Day badges to cut out, ten on a sheet: role, number and code; a line for a first name, which nobody has to write. Where a centre has two
languages its words stand in both: whoever wears one may read either.
"""

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
    pages = [partial(_sheet, ten, stamp) for ten in sheets]
    return document(CARDS, lang, f"AidTrack {stamp.number}", pages, other=stamp.other(lang))


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
    sheet.fitted(inside + sheet.wide(badge.role, BOLD, 13) + 2, y + 27.4, sheet.also(badge.role), 24, NARROW, 10)
    days = dict.fromkeys(_of_day(stamp, lang) for lang in (sheet.lang, sheet.other) if lang)
    sheet.fitted(inside, y + 32.6, " / ".join(days), room, TEXT, 9)
    lift = 2.4 if sheet.other else 0.0
    sheet.rule(inside, y + 42.4 - lift, x + 56)
    sheet.fitted(inside, y + 45.6 - lift, sheet.both(Text("first name, if you like")), x + 56 - inside, NARROW, 7.5)
    for n, words in enumerate((sheet.say(_HOLDS), sheet.also(_HOLDS))):
        sheet.fitted(inside, y + 50.4 - lift + 3.2 * n, words, 77, NARROW, 8)
    sheet.qr(edge - 24, y + 6, 24, badge.code)
    for n, words in enumerate((sheet.say(_SCAN), sheet.also(_SCAN))):
        sheet.fitted(edge, y + 33.6 + 3.2 * n, words, 25, NARROW, 8, "right")


def _of_day(stamp: Stamp, lang: str) -> str:
    return i18n.render(Text("badge of {day}", day=i18n.day_brief(stamp.day, lang)), lang)


_HOLDS, _SCAN = Text("holds until the day is closed; give it back then"), Text("scan, then four digits")

"""Family cards to cut out, ten on a sheet or one on a sheet already begun, and the sheet with the recovery code.

A card holds a number, a random token and 24 boxes to stamp; nothing personal but the line a family may write on itself. Where the public
reads two languages its words stand in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from aidtrack.errors import Text
from aidtrack.reports.fonts import BOLD, NARROW, NARROW_BOLD, TEXT
from aidtrack.reports.page import A4, CARDS, HEAVY, Sheet, Stamp, document
from aidtrack.services.overview import CardFigures, Cards

WIDE, TALL = 85.6, 54.0
LEFT, TOP = 19.4, 13.5
A_SHEET = 10
_BOXES, _BOX_WIDE, _BOX_TALL = 12, 6.5, 7.4


def day_pdf(paper: Cards, stamp: Stamp, lang: str) -> bytes:
    """The cards of a day, ten on a sheet."""
    return cards_pdf(paper.cards, stamp, lang, paper.heading.phone)


def cards_pdf(cards: Sequence[CardFigures], stamp: Stamp, lang: str, phone: str = "", first: int = 1) -> bytes:
    """Sheets of ten; `first` is the running number of the first card, printed in the foot."""
    sheets = [cards[n : n + A_SHEET] for n in range(0, len(cards), A_SHEET)]
    pages = [partial(_sheet, tuple(enumerate(ten)), stamp, phone, first + n * A_SHEET) for n, ten in enumerate(sheets)]
    return document(CARDS, lang, f"AidTrack {stamp.number}", pages, other=stamp.other(lang))


def card_pdf(card: CardFigures, stamp: Stamp, lang: str, phone: str = "", place: int = 1) -> bytes:
    """One card at a place (1–10) of a sheet, so that a sheet already begun can be used up."""
    page = partial(_sheet, ((place - 1, card),), stamp, phone, place)
    return document(CARDS, lang, f"AidTrack {stamp.number}", [page], other=stamp.other(lang))


def _sheet(cards: Sequence[tuple[int, CardFigures]], stamp: Stamp, phone: str, first: int, sheet: Sheet) -> None:
    last = first + len(cards) - 1
    numbers = (
        Text("cards {first}–{last}", first=f"{first:04}", last=f"{last:04}") if len(cards) > 1 else Text("one card")
    )
    sheet_of_cards(sheet, stamp, numbers)
    for place, card in cards:
        _card(sheet, LEFT + place % 2 * WIDE, TOP + place // 2 * TALL, (card, stamp, phone))


def sheet_of_cards(sheet: Sheet, stamp: Stamp, numbers: Text) -> None:
    """Where to cut, and in the margins which sheet this is: ten places of the size of a card."""
    _cut_lines(sheet)
    sheet.fitted(LEFT + 2, 9.6, stamp.site, 74, NARROW, 8.5)
    sheet.text(
        LEFT + 2 * WIDE - 2, 9.6, Text("print without scaling, 100 %; cut along the marks"), NARROW, 8.5, "right"
    )
    chain = " · " + sheet.say(Text("day {chain}", chain=stamp.chain)) if stamp.chain else ""
    sheet.fitted(LEFT + 2, 289, f"{stamp.number}{chain} · {sheet.say(numbers)}", 78, NARROW, 8.5)
    sheet.text(105 + 4, 289, sheet.sheet_of(), NARROW_BOLD, 8.5)
    sheet.fitted(LEFT + 2 * WIDE - 2, 289, stamp.printed, 56, NARROW, 8.5, "right")


def _cut_lines(sheet: Sheet) -> None:
    right, floor = LEFT + 2 * WIDE, TOP + 5 * TALL
    for column in range(3):
        x = LEFT + column * WIDE
        sheet.upright(x, 6.4, 11.4)
        sheet.upright(x, floor + 2, floor + 7)
    for row in range(6):
        y = TOP + row * TALL
        sheet.rule(10, y, 16.2)
        sheet.rule(right + 3.2, y, right + 9.4)
        if 0 < row < 5:
            sheet.dotted(LEFT, y, right, y)
    sheet.dotted(LEFT + WIDE, TOP, LEFT + WIDE, floor)


def _card(sheet: Sheet, x: float, y: float, content: tuple[CardFigures, Stamp, str]) -> None:
    card, stamp, phone = content
    inside, edge = x + 3.9, x + 81.7
    used = sheet.text(inside, y + 6.7, _TITLE, BOLD, 11)
    sheet.fitted(inside + used + 2, y + 6.7, sheet.also(_TITLE), 53.5 - used, NARROW, 9)
    free = f"{stamp.site} · {sheet.say(_FREE)}"
    sheet.fitted(inside, y + 10.7, free, 55.5, NARROW, 8.5)
    sheet.fitted(inside, y + 13.9, sheet.also(_FREE), 55.5, NARROW, 8)
    sheet.text(inside, y + 21.2, card.number, BOLD, 20)
    lift = 1.6 if sheet.other else 0.0
    sheet.rule(inside, y + 29.5 - lift, x + 58.4)
    for n, words in enumerate((sheet.say(_NAME), sheet.also(_NAME))):
        sheet.fitted(inside, y + 32.8 - lift + 2.7 * n, words, 54.5, NARROW, 7.5)
    sheet.qr(edge - 20, y + 4.1, 20, card.token)
    if phone:
        _ask(sheet, edge, y + (27.4 if sheet.other else 28.1), phone)
    _boxes(sheet, inside, y + 35.2)


def _ask(sheet: Sheet, edge: float, down: float, phone: str) -> None:
    """Where to ask, under the code."""
    sheet.fitted(edge, down, _LOST, 22, NARROW, 8, "right")
    also = sheet.also(_LOST)
    sheet.fitted(edge, down + 2.7, also, 22, NARROW, 8, "right")
    sheet.fitted(edge, down + (6.0 if also else 3.4), phone, 22, NARROW_BOLD, 8.5, "right")


_TITLE, _FREE = Text("Family card"), Text("help is free of charge")
_NAME, _LOST = Text("name, if you like; the family writes it itself"), Text("lost it? a question?")


def _boxes(sheet: Sheet, x: float, y: float) -> None:
    for n in range(2 * _BOXES):
        left, top = x + n % _BOXES * _BOX_WIDE, y + n // _BOXES * _BOX_TALL
        sheet.box(left, top, _BOX_WIDE, _BOX_TALL, thick=0.7)
        sheet.text(left + 0.8, top + 2.4, str(n + 1), NARROW, 6.5)


# ── the recovery code ────────────────────────────────────────────────────────────────────────────


def recovery_pdf(code: str, stamp: Stamp, lang: str) -> bytes:
    """The sheet that opens the database when every password is forgotten; made once, kept apart from the computer."""
    return document(A4, lang, "AidTrack", [partial(_recovery, code, stamp)])


def _recovery(code: str, stamp: Stamp, sheet: Sheet) -> None:
    sheet.head(stamp)
    sheet.text(A4.left, 24.2, Text("Recovery code"), BOLD, 17)
    sheet.text(
        A4.left, 29.4, Text("It opens the data of this centre when the coordinator’s password is lost."), TEXT, 9
    )
    sheet.rule(A4.left, 36, A4.edge, HEAVY)
    down = 48.0
    groups = code.replace("-", " ").split()
    for n in range(0, len(groups), _GROUPS_A_LINE):
        sheet.fitted(A4.left, down, "   ".join(groups[n : n + _GROUPS_A_LINE]), A4.usable - 30, BOLD, 24)
        down += 12
    sheet.qr(A4.edge - 24, 39, 24, code)
    down = max(down, 66.0)
    sheet.rule(A4.left, down, A4.edge, HEAVY)
    for n, words in enumerate(_ADVICE, 1):
        sheet.text(A4.left, down + 9, str(n), BOLD, 11)
        down = sheet.block(A4.left + 8, down + 9, words, A4.usable - 8, TEXT, 11, 5.2) - 5.2
    sheet.signatures((Text("Printed by"), Text("Put away by")), Text("signature, surname, date, where it lies"))
    sheet.foot(stamp)


_GROUPS_A_LINE = 5
"""As on the screen, where it is typed in again."""
_ADVICE = (
    Text(
        "Put this sheet into a closed envelope and sign over the flap. Keep it in the safe, or outside the centre, never with the computer."
    ),
    Text("Whoever has this sheet and a copy of the data can read every name in it. Do not photograph or send it."),
    Text(
        "To use it: start AidTrack, choose the recovery code at sign-in, type it or scan the square, set a new password."
    ),
    Text("A new code makes this sheet worthless: then destroy it."),
    Text("Without the password and without this sheet nobody can open the data, we neither."),
)

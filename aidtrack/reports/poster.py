"""The poster on the wall, A3: what a family may have, how many, for whom, when again; what there is none of today stands in a frame.

Owns the page and its words; the lines come ready from `services.overview`. It is free of charge, and nothing on it is a promise.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from zoneinfo import ZoneInfo

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.reports import fonts, pictures
from aidtrack.reports.fonts import BOLD, NARROW, NARROW_BOLD, TEXT
from aidtrack.reports.page import A3, HEAVY, LINE, Draw, Sheet, Stamp, Words, document
from aidtrack.services.overview import Poster, PosterRow

A_PAGE = 10
_TOP, _ROW = 79.0, 26.4
_PICTURE, _NAME, _NUMBER, _WHOM, _AGAIN = 22.0, 51.0, 146.6, 151.0, 226.0
_SIZE = 20.5
_FEET = 353.0
_SAID = 15.0
_LEAST_AGAIN = 16.0


def make_pdf(poster: Poster, stamp: Stamp, lang: str) -> bytes:
    """Ten lines a page, a centre with more rules has more sheets; all of them in each public language, or in another one alone."""
    parts = [poster.rows[n : n + A_PAGE] for n in range(0, len(poster.rows), A_PAGE)] or [()]
    public = poster.heading.languages
    said = (lang, *(one for one in public if one != lang)) if lang in public else (lang,)
    pages: list[Draw] = [partial(_page, poster, stamp, part, one) for one in said for part in parts]
    return document(A3, lang, f"AidTrack {stamp.number}", pages)


def _page(poster: Poster, stamp: Stamp, rows: Sequence[PosterRow], lang: str, sheet: Sheet) -> None:
    sheet.lang = lang
    _head(poster, stamp, sheet)
    _heads(sheet)
    down = _TOP
    for row in rows:
        _row(row, sheet, down)
        down += _ROW
        sheet.rule(A3.left, down, A3.edge, HEAVY if row is rows[-1] else LINE)
    if not rows:
        sheet.text(A3.left, down + 14, Text("No programme gives anything yet."), TEXT, 26)
    _feet(stamp, poster.heading.phone, sheet)
    _foot(poster, stamp, sheet)


def _head(poster: Poster, stamp: Stamp, sheet: Sheet) -> None:
    since = _since(poster, sheet)
    sheet.text(A3.edge, 19.5, since, BOLD, 17, "right")
    sheet.fitted(A3.left, 19.5, stamp.site, A3.usable - sheet.wide(since, BOLD, 17) - 6, BOLD, 17)
    sheet.rule(A3.left, 23.8, A3.edge, 2)
    sheet.fitted(A3.left, 46.6, Text("What your family may have"), A3.usable, BOLD, 54)
    used = sheet.text(A3.left, 60, Text("Free of charge."), BOLD, 27)
    words = Text("No papers are needed. If you have a family card, show it.")
    sheet.fitted(A3.left + used + 6, 60, words, A3.usable - used - 6, TEXT, 25)


def _since(poster: Poster, sheet: Sheet) -> str:
    """с 12 августа 2024, 11:10"""
    if poster.since is None:
        return i18n.day_long(poster.heading.day, sheet.lang)
    local = poster.since.astimezone(ZoneInfo(poster.heading.zone))
    day = i18n.day_in_words(local.date(), sheet.lang)
    return sheet.say(Text("since {day}, {time}", day=f"{day} {local.year}", time=f"{local:%H:%M}"))


def _heads(sheet: Sheet) -> None:
    for x, words in ((_NUMBER - 11, Text("how many of it")), (_AGAIN, Text("when again"))):
        sheet.text(x, _TOP - 3, words, TEXT, 15)
    sheet.rule(A3.left, _TOP, A3.edge, HEAVY)


def _row(row: PosterRow, sheet: Sheet, down: float) -> None:
    pictures.draw(sheet, _PICTURE, down + (_ROW - _SIZE) / 2, _SIZE, pictures.picture(row.code, row.category))
    name, second = _name(row, sheet)
    room = (_NUMBER - 14 if not row.is_out else 132.0) - _NAME
    _say_name(sheet, down, name, room, bool(second))
    if second:
        sheet.fitted(_NAME, down + 20.4, second, room, TEXT, 18)
    if row.is_out:
        _out(row, sheet, down)
    else:
        _given(row, sheet, down)


def _say_name(sheet: Sheet, down: float, name: str, room: float, has_second: bool) -> None:
    """Large on one line; a long name on two."""
    lines = fonts.wrap(name, BOLD, 22, room * 72 / 25.4)
    if has_second or len(lines) == 1 or sheet.wide(name, BOLD, 28) <= room:
        sheet.fitted(_NAME, down + (11.5 if has_second else 15.4), name, room, BOLD, 28)
        return
    for n, line in enumerate(lines[:2]):
        sheet.fitted(_NAME, down + 11.5 + n * 8.6, line, room, BOLD, 22)


def _name(row: PosterRow, sheet: Sheet) -> tuple[str, str]:
    """“Food kit” and “7 days · kit · sizes 4, 5”: what follows the comma of a name is small."""
    name, _, more = i18n.pick(row.names, sheet.lang).partition(", ")
    sizes = sheet.say(Text("sizes {sizes}", sizes=", ".join(row.sizes))) if row.sizes else ""
    return name, " · ".join(part for part in (more, sizes) if part)


def _given(row: PosterRow, sheet: Sheet, down: float) -> None:
    only = list(row.only)
    whom_at = down + (15.4 if not only else 11.8)
    sheet.text(_NUMBER, down + 17.4, sheet.number(row.quantity), BOLD, 44, "right")
    sheet.fitted(_WHOM, whom_at, row.whom, _AGAIN - _WHOM - 3, TEXT, 22)
    for n, line in enumerate(_small(only, sheet)[:3]):
        sheet.text(_WHOM, whom_at + 5.6 + n * 4.4, line, TEXT, 12)
    said = row.today
    _say_again(sheet, down + (15.4 if said is None else 11.8), row.again)
    if said is not None:
        words = Text("today: {how}", how=said)
        sheet.fitted(_AGAIN, down + 19.6, words, A3.edge - _AGAIN, TEXT, 15)


def _say_again(sheet: Sheet, base: float, again: Text) -> None:
    """When it is given again: large on one line, or on two that are read from the queue all the same."""
    room = A3.edge - _AGAIN
    if sheet.wide(again, BOLD, _LEAST_AGAIN) <= room:
        sheet.fitted(_AGAIN, base, again, room, BOLD, 22)
        return
    lines = fonts.wrap(sheet.say(again), BOLD, _LEAST_AGAIN, room * 72 / 25.4)
    for n, line in enumerate(lines):
        sheet.text(_AGAIN, base + (n - (len(lines) - 1) / 2) * 6.4, line, BOLD, _LEAST_AGAIN)


def _small(only: Sequence[Text], sheet: Sheet) -> list[str]:
    """The further conditions in lines of small letters."""
    whole = "; ".join(sheet.say(one) for one in only)
    return list(fonts.wrap(whole, TEXT, 12, (_AGAIN - _WHOM - 3) * 72 / 25.4)) if whole else []


def _out(row: PosterRow, sheet: Sheet, down: float) -> None:
    """None today: a frame across, with the day when some is announced, and that nothing is promised."""
    left, wide = 134.0, A3.edge - 134.0
    sheet.box(left, down + 3.5, wide, _ROW - 7, thick=2.2)
    used = sheet.text(left + 4, down + 11.6, Text("None today."), BOLD, 21)
    if row.expected is not None:
        words = Text(
            "Expected {day}, {n} {unit}", day=i18n.day_in_words(row.expected.first_on, sheet.lang),
            n=sheet.number(row.expected.units), unit=row.unit,
        )  # fmt: skip
        sheet.fitted(left + 4 + used + 5, down + 11.6, words, wide - used - 13, TEXT, 20)
    words = Text("We write you on the wait list. This is not a promise.")
    sheet.fitted(left + 4, down + 19.6, words, wide - 8, TEXT, 20)


def _feet(stamp: Stamp, phone: str, sheet: Sheet) -> None:
    width = A3.usable / 3
    for n, (title, words) in enumerate(_BLOCKS):
        x = A3.left + n * (width + 2)
        sheet.text(x, _FEET, title, BOLD, 18)
        end = sheet.block(x, _FEET + 8, words, width - 8, TEXT, _SAID, 6.4)
        if n == len(_BLOCKS) - 1 and phone:
            end = sheet.block(x, end, Text("A complaint, not to us, free of charge:"), width - 4, TEXT, _SAID, 6.4)
            sheet.fitted(x, end + 2, phone, width - 4, BOLD, 23)


_BLOCKS: tuple[tuple[Words, Words], ...] = (
    (
        Text("Who is served first"),
        Text(
            "65 and older, pregnant women, with a child under 2, whoever finds it hard to stand. No certificate is needed, say so at"
            " the door."
        ),
    ),
    (Text("Alarm"), Text("Go to the shelter. Your number keeps its place; after the alarm we call it again.")),
    (Text("A mistake? A question?"), Text("To the shift lead, at any window.")),
)


def _foot(poster: Poster, stamp: Stamp, sheet: Sheet) -> None:
    """Which paper, after how many changes of the rules, printed when and by which role."""
    base = A3.floor - 3.4
    sheet.rule(A3.left, base - 4, A3.edge)
    rule = sheet.say(Text("rule {n}", n=poster.changes))
    chain = sheet.say(Text("day {chain}", chain=stamp.chain)) if stamp.chain else ""
    left = " · ".join(part for part in (stamp.number, rule, chain) if part)
    sheet.text(A3.left, base, left, NARROW, 10)
    sheet.text((A3.left + A3.edge) / 2, base, sheet.sheet_of(), NARROW_BOLD, 10, "middle")
    sheet.text(A3.edge, base, stamp.printed, NARROW, 10, "right")

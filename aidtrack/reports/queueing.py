"""R9, the day of the queue on one page: served of issued, how long people waited, by line, by hour, by window.

Owns the page and its words; the figures come ready from `services.overview`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from functools import partial

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.reports import charts, tables
from aidtrack.reports.fonts import BOLD, NARROW, TEXT
from aidtrack.reports.hours import open_hours, pause_words
from aidtrack.reports.page import A4, HEAVY, Draw, Figure, Sheet, Stamp, Words, document
from aidtrack.reports.tables import NONE, Column, Row, counts
from aidtrack.services.overview import HourFigures, LaneFigures, QueueReport, Waits, WindowFigures
from aidtrack.services.overview.figures import LONG_WAIT, ORDINARY_WAIT, SECOND_DESK_SHARE

TITLE = Text("The queue of the day")
_CHART_X = 32.0
_WINDOWS_WIDTH = 123.0
_NOTES_X = 131.5
_SIGNATURES_FROM = 258.0
_LEGEND = 9.0


def make_pdf(report: QueueReport, stamp: Stamp, lang: str) -> bytes:
    """The report as PDF; one page, and another one when there are more windows than fit."""
    other = stamp.other(lang)
    rooms = (_SIGNATURES_FROM - _LEGEND - _windows_top(report, lang, other), 200.0)
    parts = tables.split(_WINDOWS, _window_rows(report, lang), rooms)
    pages: list[Draw] = [partial(_first, report, stamp, parts[0])]
    pages += [partial(_more_windows, stamp, rows) for rows in parts[1:]]
    pages[-1] = partial(_signed, pages[-1])
    return document(A4, lang, f"AidTrack {stamp.number}", pages, other=other)


def _signed(draw: Draw, sheet: Sheet) -> None:
    draw(sheet)
    sheet.block(A4.left, _SIGNATURES_FROM - _LEGEND + 1, _TERMS, A4.usable, NARROW, 8.5, 3.5)
    sheet.signatures((Text("Leader of the shift"), Text("Coordinator of the centre")), Text("signature, surname"))


_TERMS = Text(
    "A number is closed by the last window that hands over. “Not here”: called three times, the place was kept, the day closed. "
    "“Expired”: did not come within 30 minutes after that. “Gone”: told us that they leave. "
    "“Half waited” is the median, “9 in 10 up to” the 90th percentile."
)


def _first(report: QueueReport, stamp: Stamp, windows: Sequence[Row], sheet: Sheet) -> None:
    sheet.head(stamp)
    sheet.title(24.2, TITLE)
    sheet.fitted(A4.left, 29.4, _opening_hours(report, sheet), A4.usable, TEXT, 9)
    sheet.big(32.6, _figures(report, sheet))
    _lanes(report, sheet)
    _hours(report, sheet)
    _windows(report, windows, sheet)
    sheet.foot(stamp)


def _more_windows(stamp: Stamp, rows: Sequence[Row], sheet: Sheet) -> None:
    sheet.head(stamp)
    sheet.title(24.2, TITLE)
    sheet.section(A4.left, 33, Text("By window"), _WINDOWS_NOTE)
    tables.table(sheet, A4.left, 42 + tables.head_room(_WINDOWS, sheet.lang, sheet.other, 2), _WINDOWS, rows)
    sheet.foot(stamp)


# ── the answer first ─────────────────────────────────────────────────────────────────────────────


def _opening_hours(report: QueueReport, sheet: Sheet) -> str:
    parts = open_hours(report.opened, report.closed, report.pauses, sheet)
    after = (
        sheet.say(Text("Time in a pause is not in any figure."))
        if report.pauses
        else sheet.say(Text("There was no pause."))
    )
    return f"{', '.join(parts)}. {after}"


def _figures(report: QueueReport, sheet: Sheet) -> tuple[Figure, ...]:
    return _served(report, sheet), _waited(report.total.waits, sheet), _left_over(report, sheet)


def _served(report: QueueReport, sheet: Sheet) -> Figure:
    total = report.total
    unit = Text.plural("number of {all}", "numbers of {all}", n=total.served, all=total.issued)
    sentence = sheet.say(Text.plural("served, that is {n} family", "served, that is {n} families", n=report.families))
    if report.tickets_for_others:
        several = Text.plural(
            "({n} number for several families: {families})",
            "({n} numbers for several families: {families})",
            n=report.tickets_for_others,
            families=report.families_for_others,
        )
        sentence += "\n" + sheet.say(several)
    return Figure(sheet.number(total.served), unit, sentence)


def _waited(waits: Waits | None, sheet: Sheet) -> Figure:
    if waits is None:
        return Figure(NONE, Text("minutes"), Text("no number was called"))
    sentence = Text(
        "nine in ten waited up to {nine} min,\nthe longest wait was {longest} min",
        nine=waits.nine_in_ten,
        longest=waits.longest,
    )
    return Figure(
        sheet.number(waits.half), Text.plural("minute half waited", "minutes half waited", n=waits.half), sentence
    )


def _left_over(report: QueueReport, sheet: Sheet) -> Figure:
    total = report.total
    if report.closed:
        unit = Text.plural("number for tomorrow", "numbers for tomorrow", n=total.waiting)
        first = Text("they are called first in the morning;") if total.waiting else Text("nobody was left in the line;")
    else:
        unit = Text.plural("number in the line now", "numbers in the line now", n=total.waiting)
        first = Text("the day goes on;")
    rest = Text("besides: {gone} gone, {expired} expired", gone=total.gone, expired=total.expired)
    return Figure(sheet.number(total.waiting), unit, f"{sheet.say(first)}\n{sheet.say(rest)}")


# ── by line ──────────────────────────────────────────────────────────────────────────────────────


def _lane_columns(report: QueueReport) -> tuple[Column, ...]:
    over = Text("for tomorrow") if report.closed else Text("in line")
    return (
        Column("", 7, face=BOLD),
        Column(Text("queue line"), 30),
        Column(Text("issued"), 13, right=True),
        Column(Text("were served"), 14.6, right=True, bold=True),
        Column(Text("not here"), 13.1, right=True),
        Column(Text("went away"), 15.5, right=True),
        Column(Text("called off"), 13.1, right=True),
        Column(Text("ran out of time"), 15.3, right=True),
        Column(over, 12.6, right=True),
        Column(Text("half waited"), 16, right=True),
        Column(Text("9 in 10\nup to"), 14, right=True),
        Column(Text("the longest"), 15.8, right=True),
    )


def _lanes(report: QueueReport, sheet: Sheet) -> None:
    sheet.section(
        A4.left,
        62.2,
        Text("By line"),
        Text("numbers; the wait in minutes from the issue of the number to its first call"),
    )
    rows = [_lane_row(lane, sheet) for lane in report.lanes]
    rows = [*tables.closed(rows), tables.total(("", sheet.say(Text("Total")), *_lane_cells(report.total, sheet)))]
    end = tables.table(sheet, A4.left, _lanes_top(report, sheet.lang, sheet.other), _lane_columns(report), rows)
    sheet.text(A4.left, end + 4.2, _check_line(report.total, sheet), TEXT, 8.5)


def _lane_row(lane: LaneFigures, sheet: Sheet) -> Row:
    return Row((lane.letter, sheet.say(lane.name), *_lane_cells(lane, sheet)))


def _lane_cells(lane: LaneFigures, sheet: Sheet) -> tuple[str, ...]:
    ends = (lane.not_here, lane.gone, lane.cancelled, lane.expired, lane.waiting)
    waits = (lane.waits.half, lane.waits.nine_in_ten, lane.waits.longest) if lane.waits else None
    return (
        sheet.number(lane.issued),
        sheet.number(lane.served),
        *counts(ends, sheet.lang),
        *(map(sheet.number, waits) if waits else (NONE,) * 3),
    )


def _check_line(total: LaneFigures, sheet: Sheet) -> str:
    parts = (total.served, total.not_here, total.gone, total.cancelled, total.expired, total.waiting)
    sum_ = " + ".join(map(sheet.number, parts))
    if total.adds_up:
        return sheet.say(Text("It adds up: {issued} issued = {sum}.", issued=total.issued, sum=sum_))
    return sheet.say(Text("It does not add up: {issued} issued, but {sum}.", issued=total.issued, sum=sum_))


# ── by hour ──────────────────────────────────────────────────────────────────────────────────────


def _lanes_top(report: QueueReport, lang: str, other: str) -> float:
    """Where the rule under the heads of the lines lies."""
    return 70.9 + tables.head_room(_lane_columns(report), lang, other, 2)


def _lanes_end(report: QueueReport, lang: str, other: str) -> float:
    return _lanes_top(report, lang, other) + (len(report.lanes) + 1) * tables.ROW


def _chart_floor(report: QueueReport, lang: str, other: str) -> float:
    return _lanes_end(report, lang, other) + 58.5


def _hours(report: QueueReport, sheet: Sheet) -> None:
    top = _lanes_end(report, sheet.lang, sheet.other) + 11
    note = Text("numbers issued and served within the hour; waiting at its end")
    sheet.section(A4.left, top, Text("By hour"), note)
    groups = charts.grouped([h.hour for h in report.hours])
    if not groups:
        sheet.text(A4.left, top + 8, Text("No number was issued that day."), TEXT, 9)
        return
    together = [_together([h for h in report.hours if a <= h.hour < b]) for a, b in groups]
    floor, width = _chart_floor(report, sheet.lang, sheet.other), A4.usable - _CHART_X
    charts.key(sheet, A4.left, top + 12, Text("issued"), Text("served"))
    pairs = [charts.Pair(h.issued, h.served) for h in together]
    charts.hours(sheet, A4.left + _CHART_X, floor, width, pairs, _pause_brackets(report, groups, sheet))
    _under_the_bars(sheet, floor, groups, together)


def _together(hours: Sequence[HourFigures]) -> HourFigures:
    """Two hours of a long day as one group: sums, the line at the end of the second, the wait of the one that called more."""
    busiest = max(hours, key=lambda h: h.served)
    return HourFigures(
        hours[0].hour, sum(h.issued for h in hours), sum(h.served for h in hours), hours[-1].waiting, busiest.half
    )


def _pause_brackets(report: QueueReport, groups: Sequence[tuple[int, int]], sheet: Sheet) -> list[charts.Bracket]:
    first, step = groups[0][0], groups[0][1] - groups[0][0]
    last = float(len(groups))

    def place(moment: time) -> float:
        hours = moment.hour + moment.minute / 60
        after_midnight = 24 if hours < first else 0
        return min(max((hours + after_midnight - first) / step, 0.0), last)

    ended = [p for p in report.pauses if p.until is not None]
    return [charts.Bracket(place(p.start), place(p.until or p.start), pause_words(p.start, p.until)) for p in ended]


def _under_the_bars(
    sheet: Sheet, floor: float, groups: Sequence[tuple[int, int]], hours: Sequence[HourFigures]
) -> None:
    lines: list[tuple[Words, list[str], str]] = [
        (Text("hour"), [f"{a % 24:02}–{b % 24 or 24:02}" for a, b in groups], TEXT),
        (Text("waiting at its end"), [sheet.number(h.waiting) for h in hours], BOLD),
        (Text("half waited, min"), [NONE if h.half is None else sheet.number(h.half) for h in hours], TEXT),
    ]
    group = (A4.usable - _CHART_X) / len(groups)
    for n, (label, cells, face) in enumerate(lines):
        base = floor + 4 + n * 5.1
        sheet.fitted(A4.left, base, label, _CHART_X - 2, TEXT, 9)
        for k, cell in enumerate(cells):
            sheet.text(A4.left + _CHART_X + (k + 0.5) * group, base, cell, face, 9, "middle")
        sheet.rule(A4.left, base + 1.5, A4.edge, HEAVY if n == 2 else 0.75)


# ── by window ────────────────────────────────────────────────────────────────────────────────────

_WINDOWS_NOTE = Text("the last stage of a number; time at the window from the call to the end, min:s")
_WINDOWS = (
    Column(Text("window"), 12),
    Column(Text("what it does"), 46, smallest=8),
    Column(Text("hours at work"), 16, right=True),
    Column(Text("were served"), 16, right=True, bold=True),
    Column(Text("an hour"), 15, right=True),
    Column(Text("time at the window"), 18, right=True),
)


def _windows_top(report: QueueReport, lang: str, other: str) -> float:
    return _chart_floor(report, lang, other) + 31.5 + tables.head_room(_WINDOWS, lang, other, 2)


def _windows(report: QueueReport, rows: Sequence[Row], sheet: Sheet) -> None:
    top = _windows_top(report, sheet.lang, sheet.other)
    titles = top - 9 - tables.head_room(_WINDOWS, sheet.lang, sheet.other, 2)
    sheet.section(A4.left, titles, Text("By window"), _WINDOWS_NOTE, _WINDOWS_WIDTH)
    sheet.section(A4.left + _NOTES_X, titles, Text("To explain"))
    tables.table(sheet, A4.left, top, _WINDOWS, rows)
    _notes(report, sheet, titles + 6.6)


def _window_rows(report: QueueReport, lang: str) -> list[Row]:
    handing = [w for w in report.windows if w.hands_over]
    others = [w for w in report.windows if not w.hands_over]
    rows = tables.closed([_window_row(w, lang) for w in handing])
    if len(handing) > 1:
        rows.append(_group_row(handing, Text("hand-over"), lang))
    rows += tables.closed([_window_row(w, lang) for w in others])
    if len(others) > 1:
        rows.append(_group_row(others, Text("registration"), lang))
    return rows


def _window_row(window: WindowFigures, lang: str) -> Row:
    each = NONE if window.seconds_each is None else f"{window.seconds_each // 60}:{window.seconds_each % 60:02}"
    return Row((window.name, _does(window, lang), *_rate(_minutes(window), window.served, lang), each))


def _group_row(windows: Sequence[WindowFigures], name: Text, lang: str) -> Row:
    served = sum(w.served for w in windows)
    names = f"{windows[0].name}–{windows[-1].name}"
    return tables.total(
        (names, i18n.render(name, lang), *_rate(sum(map(_minutes, windows)), served, lang), "")
    )


def _minutes(window: WindowFigures) -> int:
    """Whole minutes, as they are printed: whoever adds the lines up or divides by them comes to the same."""
    return round(window.seconds_open / 60)


def _rate(minutes: int, served: int, lang: str) -> tuple[str, str, str]:
    an_hour = i18n.decimal(served * 60 / minutes, lang) if minutes else NONE
    return f"{minutes // 60}:{minutes % 60:02}", i18n.number(served, lang), an_hour


def _does(window: WindowFigures, lang: str) -> str:
    goods = i18n.together(i18n.pick(names, lang) for names in window.gives)
    if not window.hands_over:
        return i18n.render(Text("registration"), lang)
    if window.registers:
        return i18n.render(Text("registration and hand-over"), lang)
    return i18n.render(Text("hand-over: {goods}", goods=goods) if goods else Text("hand-over: everything"), lang)


# ── to explain ───────────────────────────────────────────────────────────────────────────────────


def _notes(report: QueueReport, sheet: Sheet, down: float) -> None:
    x = A4.left + _NOTES_X
    room = A4.usable - _NOTES_X - 12
    for figure, words in _to_explain(report, sheet):
        sheet.text(x + 10, down, figure, BOLD, 9, "right")
        down = sheet.block(x + 12, down, words, room, TEXT, 8.5, 3.6) + 1.2


def _to_explain(report: QueueReport, sheet: Sheet) -> list[tuple[str, Text]]:
    total = report.total
    notes: list[tuple[str, Text]] = []
    if report.waited_too_long:
        notes.append((sheet.number(len(report.waited_too_long)), _too_long(report.waited_too_long)))
    if report.ordinary_over_an_hour:
        n = report.ordinary_over_an_hour
        words = Text.plural(
            "ordinary number waited longer than {m} min",
            "ordinary numbers waited longer than {m} min",
            n=n,
            m=ORDINARY_WAIT,
        )
        notes.append((sheet.number(n), words))
    first = next((lane for lane in report.lanes if lane.letter == "K"), None)
    if first and first.issued:
        words = Text(
            "served first ({n} of {all}); a second window from {share} %",
            n=first.issued,
            all=total.issued,
            share=SECOND_DESK_SHARE,
        )
        notes.append((i18n.share(first.issued, total.issued, sheet.lang), words))
    if report.left_unserved:
        words = Text("gone or expired ({n} of {all})", n=report.left_unserved, all=total.issued)
        notes.append((i18n.share(report.left_unserved, total.issued, sheet.lang), words))
    if report.called_out_of_turn:
        notes.append((sheet.number(len(report.called_out_of_turn)), _out_of_turn(report.called_out_of_turn)))
    return notes or [(NONE, Text("nothing to explain"))]


def _too_long(labels: Sequence[str]) -> Text:
    return Text.plural(
        "number waited longer than {m} min: {which}",
        "numbers waited longer than {m} min: {which}",
        n=len(labels),
        m=LONG_WAIT,
        which=_first_few(labels),
    )


def _out_of_turn(labels: Sequence[str]) -> Text:
    return Text.plural(
        "number called by hand out of turn: {which}",
        "numbers called by hand out of turn: {which}",
        n=len(labels),
        which=_first_few(labels),
    )


def _first_few(labels: Sequence[str]) -> Text | str:
    if len(labels) <= 4:
        return ", ".join(labels)
    return Text("{few} and {n} more", few=", ".join(labels[:3]), n=len(labels) - 3)

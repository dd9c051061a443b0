"""R1, the day of the distribution on one page: families and people, what they were due and received, where they come from.

Owns the page and its words; the figures come ready from `services.overview`. Small districts stand together, so that nobody is
recognised by where they come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from typing import Any

from reportlab.lib.units import mm

from aidtrack import i18n
from aidtrack.domain.handover import COHORTS
from aidtrack.domain.people import Lodging
from aidtrack.errors import Text
from aidtrack.reports import fonts, tables
from aidtrack.reports.fonts import BOLD, NARROW, TEXT
from aidtrack.reports.hours import open_hours
from aidtrack.reports.page import A4, Draw, Figure, Sheet, Stamp, document
from aidtrack.reports.tables import NONE, Column, Row, counts
from aidtrack.services.overview import (
    BesideFigures,
    CohortFigures,
    DistributionReport,
    DueFigures,
    LodgingFigures,
    OriginFigures,
    SaidFigures,
)

TITLE = Text("The distribution of the day")
_RIGHT_X = 108.0
_RIGHT_WIDTH = 72.0
_TERMS_AT = 252.6
_AFTER_ITEMS = 6.5
_HEAD_ROOM = 7.0
_TOLD_STEP, _TOLD_GAP = 3.6, 0.7
_SAID_STEP, _SAID_GAP = 3.3, 0.4
_MOST_LINES = 9
"""So many lines of differences page one has room for."""


@dataclass(frozen=True, slots=True)
class _Room:
    """How close the page is set: the height of a row, and how many organisations, and goods of the free table, have lines of their own
    before one line counts them; with none of them the line of the sum says how many there are (R8 has each). `districts` and `places`
    are named, the rest stands together (R3 has each). Of `problems` there are fewer before a difference goes on another page."""

    row: float = tables.ROW
    named: int = 3
    districts: int = 6
    places: int = 4
    problems: int = 3


_ROOMS = (
    _Room(), _Room(4.4), _Room(4.4, 0), _Room(4.2, 0), _Room(4.0, 0), _Room(4.0, 0, 4, 3), _Room(4.0, 0, 3, 2), _Room(4.0, 0, 3, 2, 1),
)  # fmt: skip
"""From the kindest to the closest in which 9 points still stand clear of the rules."""


def make_pdf(report: DistributionReport, stamp: Stamp, lang: str) -> bytes:
    """The report as PDF; one page, set as close as it must be for that. Only items that find no room even then go on the next."""
    rows = tables.closed([_item_row(item, lang) for item in report.items] or [_no_item(lang)])
    other = stamp.other(lang)
    room, parts = _fitted(report, rows, lang, other)
    pages: list[Draw] = [partial(_first, report, stamp, (room, parts[0]))]
    pages += [partial(_more, stamp, rows) for rows in parts[1:]]
    return document(A4, lang, f"AidTrack {stamp.number}", pages, other=other)


def _fitted(report: DistributionReport, rows: list[Row], lang: str, other: str) -> tuple[_Room, list[list[Row]]]:
    """The kindest room in which one page holds everything; of two pages each is kind."""
    for room in _ROOMS:
        parts = tables.split(_ITEMS, rows, (_items_room(report, room, lang, other), 215.0), room.row)
        if len(parts) == 1:
            return room, parts
    kindest = _Room(4.4, 0) if report.differences else _Room(named=0)
    return kindest, tables.split(_ITEMS, rows, (_items_room(report, kindest, lang, other), 215.0))


def _items_room(report: DistributionReport, room: _Room, lang: str, other: str) -> float:
    """What the other parts of the page leave for the table of items."""
    left = _HEAD_ROOM + 2.5 + (len(shown_origins(report.origins, room.districts)) + 1) * room.row
    left += tables.head_room(_ORIGINS, lang, other, 2)
    right = _HEAD_ROOM + (len(shown_lodgings(report.lodgings, room.places)) + 1) * room.row + 7 + 5 + _told_height(report, room, lang) - 4.3
    right += tables.head_room(_LODGINGS, lang, other)
    problems = 8.5 + max(len(report.problems[: room.problems]), 1) * 4.7 + _said_height(report, lang)
    check = 4 + 3.8 * bool(report.passed.from_shelves or report.beside)
    return _TERMS_AT - 2.5 - problems - max(left, right) - _AFTER_ITEMS - check - _items_top(report, room, lang, other)


def _said_height(report: DistributionReport, lang: str) -> float:
    """What the differences below the problems need."""
    return sum(len(_said_lines(words, lang)) * _SAID_STEP + _SAID_GAP for words in shown_differences(report, lang))


def shown_differences(report: DistributionReport, lang: str) -> list[Text]:
    """As many as page one has room for; a line says how many more the paper of the shift holds."""
    said = [_said(one) for one in report.differences]
    fit = sum(lines <= _MOST_LINES for lines in accumulate(len(_said_lines(words, lang)) for words in said))
    more = Text.plural("and {n} difference more: R17", "and {n} differences more: R17", n=len(said) - fit)
    return [*said[:fit], more] if fit < len(said) else said


def _said(one: SaidFigures) -> Text:
    sentence = one.sentence or Text("not explained yet")
    return Text("{what}: {figures} – {sentence}", what=one.what, figures=one.figures, sentence=sentence)


def _said_lines(words: Text, lang: str) -> tuple[str, ...]:
    return fonts.wrap(i18n.render(words, lang), NARROW, 8.5, (A4.usable - 4) * mm)


def _told_height(report: DistributionReport, room: _Room, lang: str) -> float:
    """What the lines below where they live need."""
    lines = (len(_told_lines(words, lang)) for _, words in _told(report, room, lang))
    return sum(n * _TOLD_STEP + _TOLD_GAP for n in lines)


def _told_lines(words: Text, lang: str) -> tuple[str, ...]:
    return fonts.wrap(i18n.render(words, lang), TEXT, 8.5, (_RIGHT_WIDTH - 12) * mm)


def _people_top(report: DistributionReport, lang: str, other: str) -> float:
    """Where the rule under the heads of the people lies."""
    return 70 + tables.head_room(_people_columns(_has_unknown(report)), lang, other)


def _items_top(report: DistributionReport, room: _Room, lang: str, other: str) -> float:
    """Where the rule under the heads of the items lies."""
    people = _people_top(report, lang, other) + (len(report.cohorts) + 2) * room.row
    return people + 14.5 + tables.head_room(_ITEMS, lang, other, 2)


def _first(report: DistributionReport, stamp: Stamp, items: tuple[_Room, Sequence[Row]], sheet: Sheet) -> None:
    room, rows = items
    sheet.head(stamp)
    sheet.title(24.2, TITLE)
    sheet.fitted(A4.left, 29.4, _context(report, sheet), A4.usable, TEXT, 9)
    sheet.big(32.6, _figures(report, sheet))
    _people(report, room, sheet)
    down = _items(report, room, rows, sheet) + _AFTER_ITEMS
    low = max(_origins(report, room, down, sheet), _right_side(report, room, down, sheet))
    _problems(replace(report, problems=report.problems[: room.problems]), low + 6.5, sheet)
    sheet.block(A4.left, _TERMS_AT, _TERMS, A4.usable, NARROW, 8.5, 3.5)
    signed = (Text("Leader of the shift"), Text("Coordinator of the centre"), Text("Received by"))
    sheet.signatures(signed, Text("signature, surname"))
    sheet.foot(stamp)


def _more(stamp: Stamp, rows: Sequence[Row], sheet: Sheet) -> None:
    sheet.head(stamp)
    sheet.title(24.2, TITLE)
    sheet.section(A4.left, 33, _ITEMS_TITLE, _ITEMS_NOTE)
    tables.table(sheet, A4.left, 45 + tables.head_room(_ITEMS, sheet.lang, sheet.other, 2), _ITEMS, rows)
    sheet.foot(stamp)


_TERMS = Text(
    "Families and people served on this day; a family that came twice is counted once. Figures come from hand-overs, not from "
    "estimates. “For the first time”: their first hand-over at this centre."
)


# ── the answer first ─────────────────────────────────────────────────────────────────────────────


def _context(report: DistributionReport, sheet: Sheet) -> str:
    parts = open_hours(report.opened, report.closed, report.pauses, sheet)
    parts.append(sheet.say(Text.plural("{n} window handed over", "{n} windows handed over", n=report.windows)))
    return " · ".join(parts)


def _figures(report: DistributionReport, sheet: Sheet) -> tuple[Figure, ...]:
    return _families_figure(report, sheet), _people_figure(report, sheet), _units_figure(report, sheet)


def _families_figure(report: DistributionReport, sheet: Sheet) -> Figure:
    first = Text("{n} for the first time,", n=report.new)
    before = Text("{n} had been here before", n=report.families - report.new)
    unit = Text.plural("family served", "families served", n=report.families)
    return Figure(sheet.number(report.families), unit, f"{sheet.say(first)}\n{sheet.say(before)}")


def _people_figure(report: DistributionReport, sheet: Sheet) -> Figure:
    women = report.cohorts[0].total
    one = Text("women and girls {women} · aged 60+ {older}", women=women, older=report.older)
    two = Text(
        "under 18 {children} · hard to walk or see {hard}", children=report.children, hard=report.with_difficulty.total
    )
    unit = Text.plural("person in them", "people in them", n=report.people)
    return Figure(sheet.number(report.people), unit, f"{sheet.say(one)}\n{sheet.say(two)}")


def _units_figure(report: DistributionReport, sheet: Sheet) -> Figure:
    declined, less = (sum(getattr(item, name) for item in report.items) for name in ("not_wanted", "held_back"))
    one = Text("did not want {n}, given less {m};", n=declined, m=less)
    two = Text.plural("{n} hand-over was cancelled", "{n} hand-overs were cancelled", n=report.cancelled)
    unit = Text.plural("unit handed over", "units handed over", n=report.units)
    return Figure(sheet.number(report.units), unit, f"{sheet.say(one)}\n{sheet.say(two)}")


# ── people by age ────────────────────────────────────────────────────────────────────────────────


def _people(report: DistributionReport, room: _Room, sheet: Sheet) -> None:
    note = Text("age on the day; each person counted once")
    sheet.section(A4.left, 62.5, Text("People in the families served"), note)
    has_unknown = _has_unknown(report)
    columns = _people_columns(has_unknown)
    rows = [_people_row(row, report.people, has_unknown, sheet) for row in report.cohorts]
    everybody = CohortFigures(
        Text("All people"), tuple(map(sum, zip(*(r.counts for r in report.cohorts), strict=True)))
    )
    rows = tables.closed(rows)
    rows.append(tables.total(_people_row(everybody, report.people, has_unknown, sheet).cells))
    rows += tables.closed([_people_row(report.with_difficulty, report.people, has_unknown, sheet, indent=3)])
    tables.table(sheet, A4.left, _people_top(report, sheet.lang, sheet.other), columns, rows, room.row)


def _has_unknown(report: DistributionReport) -> bool:
    return any(row.counts[-1] for row in report.cohorts)


def _people_columns(has_unknown: bool) -> tuple[Column, ...]:
    """The column of unknown ages only where there are some."""
    unknown = (Column(Text("age unknown"), 17, right=True),) if has_unknown else ()
    groups = tuple(Column(group.replace("-", "–"), 14 if has_unknown else 15.5, right=True) for group in COHORTS)
    used = sum(column.width for column in (*groups, *unknown))
    ends = (Column(Text("all ages"), 19, right=True, bold=True), Column(Text("share"), 19, right=True))
    return (Column("", A4.usable - used - 38), *groups, *unknown, *ends)


def _people_row(row: CohortFigures, everybody: int, has_unknown: bool, sheet: Sheet, indent: float = 0) -> Row:
    groups = counts(row.counts if has_unknown else row.counts[:-1], sheet.lang)
    return Row(
        (sheet.say(row.name), *groups, sheet.number(row.total), i18n.share(row.total, everybody, sheet.lang, 1)),
        indent=indent,
    )


# ── what they were due ───────────────────────────────────────────────────────────────────────────

_ITEMS_TITLE = Text("What they were due and what they received")
_ITEMS_NOTE = Text("an item: due = handed over + did not want + given less")
_ITEMS = (
    Column(Text("item"), 46),
    Column(Text("unit"), 11, face=NARROW),
    Column(Text("due"), 14.2, right=True),
    Column(Text("handed over"), 15.2, right=True, bold=True),
    Column(Text("did not want"), 15.6, right=True),
    Column(Text("given less"), 19.6, right=True),
    Column(Text("wait list"), 22.1, right=True),
    Column(Text("share"), 13, right=True),
    Column(Text("reason"), 23.3, face=NARROW, smallest=8),
)
"""Heads of one line in each language: a head of two would cost a bilingual page two rows."""


def _item_row(item: DueFigures, lang: str) -> Row:
    figures = (item.due, item.given, item.not_wanted, item.held_back, item.waiting)
    cells = counts(figures, lang)
    share = i18n.share(item.given, item.due, lang, 0)
    return Row((i18n.pick(item.names, lang), i18n.render(item.unit, lang), *cells, share, why_words(item.why, lang)))


def why_words(why: Text | None, lang: str) -> str:
    """The reason in a column of its own."""
    return i18n.render(why, lang) if why else NONE


def _no_item(lang: str) -> Row:
    return Row((i18n.render(Text("nothing was handed over"), lang), *[NONE] * (len(_ITEMS) - 1)))


def _items(report: DistributionReport, room: _Room, rows: Sequence[Row], sheet: Sheet) -> float:
    top = _items_top(report, room, sheet.lang, sheet.other)
    heads = tables.head_room(_ITEMS, sheet.lang, sheet.other, 2)
    sheet.section(A4.left, top - 9 - heads, _ITEMS_TITLE, _ITEMS_NOTE)
    end = tables.table(sheet, A4.left, top, _ITEMS, rows, room.row)
    sheet.fitted(A4.left, end + 4, _check_line(report, sheet), A4.usable, NARROW, 8.5)
    if report.passed.from_shelves or report.beside:
        end += 3.8
        sheet.fitted(A4.left, end + 4, _beside_line(report, room, sheet), A4.usable, NARROW, 8.5)
    return end + 4


def _beside_line(report: DistributionReport, room: _Room, sheet: Sheet) -> str:
    passed = report.passed
    sums: dict[str, Any] = {
        "organisations": passed.organisations, "free": passed.free_table, "others": passed.others, "kits": passed.kits,
        "shelves": passed.from_shelves,
    }  # fmt: skip
    holds = Text(
        "Beside the families: {organisations} to organisations + {free} free table + {others} other centres, donors + {kits} into kits = "
        "{shelves} passed on (R5).",
        **sums,
    )
    fails = Text(
        "It does not add up: {organisations} to organisations + {free} free table + {others} other centres, donors + {kits} into kits, "
        "but {shelves} passed on (R5).",
        **sums,
    )
    counted = "" if room.named or not report.beside else " " + sheet.say(_counted(report))
    return sheet.say(holds if passed.adds_up else fails) + counted


def _counted(report: DistributionReport) -> Text:
    """How many there are of what has no line of its own."""
    papers = len({row.document for row in report.partners})
    return Text(
        "Organisations {n}, people {people}; free table, items {items} (R8).",
        n=papers, people=report.partner_people, items=len(report.free_table),
    )  # fmt: skip


def _check_line(report: DistributionReport, sheet: Sheet) -> str:
    sums: dict[str, Any] = {"units": report.units, "issued": report.issued, "returned": report.returned}
    holds = Text(
        "It adds up: {units} units to families = {issued} from the shelves − {returned} put back (R5).", **sums
    )
    fails = Text(
        "It does not add up: {units} units to families, but {issued} from the shelves − {returned} put back (R5).",
        **sums,
    )
    return sheet.say(holds if report.adds_up else fails)


# ── where from, where now, exceptions ────────────────────────────────────────────────────────────

_ORIGINS = (
    Column(Text("district"), 36),
    Column(Text("families"), 13, right=True, bold=True),
    Column(Text("people"), 11, right=True),
    Column(Text("new today"), 19, right=True),
    Column(Text("families to date"), 21, right=True),
)


def _origins(report: DistributionReport, room: _Room, down: float, sheet: Sheet) -> float:
    sheet.section(A4.left, down, Text("Where they came from"), Text("home district"), _RIGHT_X - 10)
    rows = [_origin_row(row, sheet) for row in shown_origins(report.origins, room.districts)]
    whole = together(report.origins, None)
    all_cells = (sheet.say(Text("All")), *_origin_cells(whole, sheet))
    top = down + _HEAD_ROOM + 2.5 + tables.head_room(_ORIGINS, sheet.lang, sheet.other, 2)
    return tables.table(sheet, A4.left, top, _ORIGINS, [*tables.closed(rows), tables.total(all_cells)], room.row)


def shown_origins(origins: Sequence[OriginFigures], named_first: int) -> list[OriginFigures]:
    """The districts most families came from; the others, and who named no place, in one line."""
    named = [row for row in origins if row.names is not None]
    rest = [*named[named_first:], *(row for row in origins if row.names is None)]
    return [*named[:named_first], *([together(rest, None)] if rest else [])]


def together(rows: Sequence[OriginFigures], names: None) -> OriginFigures:
    """Several districts as one line."""
    sums = [sum(getattr(row, field) for row in rows) for field in ("families", "people", "new", "to_date")]
    return OriginFigures(names, *sums)


def _origin_row(row: OriginFigures, sheet: Sheet) -> Row:
    name = i18n.pick(row.names, sheet.lang) if row.names else sheet.say(Text("Other places, not stated"))
    return Row((name, *_origin_cells(row, sheet)))


def _origin_cells(row: OriginFigures, sheet: Sheet) -> tuple[str, ...]:
    return counts((row.families, row.people, row.new, row.to_date), sheet.lang)


_LODGINGS = (
    Column(Text("lodging"), 42),
    Column(Text("families"), 15, right=True, bold=True),
    Column(Text("share"), 15, right=True),
)


def _right_side(report: DistributionReport, room: _Room, down: float, sheet: Sheet) -> float:
    x = A4.left + _RIGHT_X
    sheet.section(x, down, Text("Where they live now"), Text("families"))
    rows = [_lodging_row(row, report.families, sheet) for row in shown_lodgings(report.lodgings, room.places)]
    all_of_them = (
        sheet.say(Text("All")),
        sheet.number(report.families),
        i18n.share(report.families, report.families, sheet.lang),
    )
    top = down + _HEAD_ROOM + tables.head_room(_LODGINGS, sheet.lang, sheet.other)
    end = tables.table(sheet, x, top, _LODGINGS, [*tables.closed(rows), tables.total(all_of_them)], room.row)
    return _exceptions(report, room, x, end + 7, sheet)


def shown_lodgings(lodgings: Sequence[LodgingFigures], most: int) -> list[LodgingFigures]:
    """Where most families live; the other places, and who did not say, in one line."""
    other = Lodging.OTHER.text
    named = [row for row in lodgings if row.name not in (None, other)]
    shown, rest = named[:most], named[most:] + [row for row in lodgings if row.name in (None, other)]
    families = sum(row.families for row in rest)
    return [*shown, *([LodgingFigures(Text("other, not stated"), families)] if families else [])]


def _lodging_row(row: LodgingFigures, families: int, sheet: Sheet) -> Row:
    name = sheet.say(row.name) if row.name else sheet.say(Text("not stated"))
    return Row(
        (name[:1].upper() + name[1:], sheet.number(row.families), i18n.share(row.families, families, sheet.lang, 0))
    )


def _exceptions(report: DistributionReport, room: _Room, x: float, down: float, sheet: Sheet) -> float:
    sheet.section(x, down, Text("Lines and exceptions"))
    down += 5
    for figure, words in _told(report, room, sheet.lang):
        sheet.text(x + 10, down, sheet.number(figure), BOLD, 9, "right")
        for line in _told_lines(words, sheet.lang):
            sheet.text(x + 12, down, line, TEXT, 8.5)
            down += _TOLD_STEP
        down += _TOLD_GAP
    return down - 4.3


def _told(report: DistributionReport, room: _Room, lang: str) -> tuple[tuple[int, Text], ...]:
    first = i18n.share(report.served_first, report.numbers_served, lang)
    left = i18n.share(report.left_unserved, report.numbers, lang)
    return (
        (
            report.served_first,
            Text.plural("number served first ({share})", "numbers served first ({share})", n=report.served_first, share=first),
        ),
        (report.left_unserved, Text("gone or expired ({share}), see R9", share=left)),
        (report.allowed_more, Text("given more than the rule, with reason")),
        (report.cancelled, Text.plural("hand-over cancelled", "hand-overs cancelled", n=report.cancelled)),
        *([(report.unregistered, Text("people without registration, apart"))] if report.unregistered else []),
        *(_beside_lines(report, room.named) if room.named else ()),
    )


def _beside_lines(report: DistributionReport, named: int) -> list[tuple[int, Text]]:
    return shown_partners(report, named) + shown_free_table(report, named)


def shown_partners(report: DistributionReport, named: int) -> list[tuple[int, Text]]:
    """Units for each organisation, by waybill; of more than `named` one line counts them."""
    papers: dict[str, list[BesideFigures]] = {}
    for row in report.partners:
        papers.setdefault(row.document, []).append(row)
    if len(papers) > named:
        units = sum(row.quantity for row in report.partners)
        words = Text("units to {n} organisations, for {people} people: R8", n=len(papers), people=report.partner_people)
        return [(units, words)]
    return [(sum(row.quantity for row in rows), _to_organisation(rows[0])) for rows in papers.values()]


def shown_free_table(report: DistributionReport, named: int) -> list[tuple[int, Text]]:
    """Units from the free table, item by item; of more than `named` items one line counts them."""
    rows = report.free_table
    if len(rows) > named:
        words = Text.plural("units from the free table, {n} item: R8", "units from the free table, {n} items: R8", n=len(rows))
        return [(sum(row.quantity for row in rows), words)]
    return [(one.quantity, Text("{unit} from the free table: {item}", unit=one.unit, item=one.names)) for one in rows]


def _to_organisation(row: BesideFigures) -> Text:
    facts: dict[str, Any] = {"name": row.organisation, "paper": row.document}
    if row.people:
        return Text("units to {name}, for {people} people ({paper})", people=row.people, **facts)
    return Text("units to {name} ({paper})", **facts)


def _problems(report: DistributionReport, down: float, sheet: Sheet) -> None:
    sheet.section(A4.left, down, Text("Main problems, in one sentence each"))
    problems = report.problems or (() if report.differences else (Text("None."),))
    for n, words in enumerate(problems, 1):
        sheet.text(A4.left, down + 0.9 + n * 4.7, str(n) if report.problems else NONE, BOLD, 9)
        sheet.fitted(A4.left + 4, down + 0.9 + n * 4.7, words, A4.usable - 4, TEXT, 9)
    _differences(report, down + 0.9 + len(problems) * 4.7 + _SAID_STEP + _SAID_GAP, sheet)


def _differences(report: DistributionReport, down: float, sheet: Sheet) -> None:
    """What did not agree in the evening, each with its sentence; nobody has to turn the page for it."""
    for no, words in enumerate(shown_differences(report, sheet.lang), len(report.problems) + 1):
        sheet.text(A4.left, down, str(no), BOLD, 8.5)
        down = sheet.block(A4.left + 4, down, words, A4.usable - 4, NARROW, 8.5, _SAID_STEP) + _SAID_GAP

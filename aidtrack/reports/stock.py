"""R5, the day of the shelves: what every item and lot did, how long it lasts, and that the book agrees with the hand-overs.

Owns the pages and their words; the figures come ready from `services.overview`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from aidtrack import i18n
from aidtrack.domain.stock import SOON_DAYS
from aidtrack.domain.supply import advice
from aidtrack.errors import Names, Text
from aidtrack.reports import charts, sections, tables
from aidtrack.reports.fonts import NARROW, TEXT
from aidtrack.reports.page import A4_ACROSS, LINE, Draw, Figure, Sheet, Stamp, Words, document
from aidtrack.reports.sections import Section
from aidtrack.reports.tables import NONE, Column, Row, count, counts, signed
from aidtrack.services.overview import AnnouncedFigures, ExpiryFigures, Flow, ItemFigures, LotFigures, StockReport

TITLE = Text("The stock of the day")
_P = A4_ACROSS
_TABLE_TOP = 73.1
_MORE_TOP = 46.0
_TABLE_FLOOR = 185.5
_SIDE = 136.0
_RIGHT = _P.left + 146.0
_SECTIONS_TOP = 37.5
_SECTIONS_FLOOR = 168.0
_CLOSER = 6.5


def make_pdf(report: StockReport, stamp: Stamp, lang: str) -> bytes:
    """The report as PDF: the table on as many pages as it needs, then what explains it."""
    rows = _rows(report, lang)
    other = stamp.other(lang)
    floor = _TABLE_FLOOR - tables.head_room(_COLUMNS, lang, other, 2)
    parts = tables.split(_COLUMNS, rows, (floor - _TABLE_TOP, floor - _MORE_TOP))
    gap, columns = _flow(report, lang, other)
    pages: list[Draw] = [partial(_first, report, stamp, parts[0])]
    pages += [partial(_more, report, stamp, part) for part in parts[1:]]
    pages.append(partial(_explained, report, stamp, (columns[0], gap)))
    pages += [partial(_continued, stamp, columns[n : n + 2]) for n in range(1, len(columns), 2)]
    pages[-1] = partial(_signed, pages[-1])
    return document(_P, lang, f"AidTrack {stamp.number}", pages, other=other)


def _flow(report: StockReport, lang: str, other: str) -> tuple[float, list[list[Section]]]:
    """What explains the table, closer together where that saves a page; how far apart its parts stand."""
    parts, room = sections.in_both(_sections(report, lang), lang, other), _SECTIONS_FLOOR - _SECTIONS_TOP
    closer = sections.flow(parts, room, gap=_CLOSER)
    if len(closer) == 1 < len(sections.flow(parts, room)):
        return _CLOSER, closer
    return sections.AFTER, sections.flow(parts, room)


def _signed(draw: Draw, sheet: Sheet) -> None:
    draw(sheet)
    labels = (Text("Storekeeper"), Text("Leader of the shift"), Text("Coordinator of the centre"))
    sheet.signatures(labels, Text("signature, surname, time"), gap=8)


def _titled(stamp: Stamp, context: Words, sheet: Sheet) -> None:
    sheet.head(stamp)
    used = sheet.title(30.6, TITLE)
    sheet.fitted(_P.left + max(used + 8, 53), 30.6, context, _P.usable - max(used + 8, 53), TEXT, 9)
    sheet.foot(stamp)


def _first(report: StockReport, stamp: Stamp, rows: Sequence[Row], sheet: Sheet) -> None:
    _titled(stamp, Text("The shelves of the centre. Only what lies with us by the book."), sheet)
    sheet.big(34.6, _figures(report, sheet), gap=8)
    sheet.section(_P.left, 63.8, Text("Movement by item and batch"), _SUM)
    tables.table(sheet, _P.left, _TABLE_TOP + _heads(sheet), _COLUMNS, rows)
    _terms(report, sheet)


def _more(report: StockReport, stamp: Stamp, rows: Sequence[Row], sheet: Sheet) -> None:
    _titled(stamp, Text("Movement by item and batch, continued"), sheet)
    tables.table(sheet, _P.left, _MORE_TOP + _heads(sheet), _COLUMNS, rows)
    _terms(report, sheet)


def _heads(sheet: Sheet) -> float:
    """What the heads of the large table need more in two languages: a line and the sign are its usual height."""
    return tables.head_room(_COLUMNS, sheet.lang, sheet.other, 2)


def _terms(report: StockReport, sheet: Sheet) -> None:
    words = Text(
        "Came back: cancelled hand-overs. Passed on: to another centre or an organisation by waybill; "
        "kits made here come in, their parts are passed on. Put aside: for families, to be checked, or past its day. "
        "Was counted: what the last count of the day saw, goods may have moved after it. "
        "“Enough for families” is what can be given out ÷ what a family took today; "
        "“tomorrow until” is with {families} families an hour from {opens}.",
        families=report.families_per_hour,
        opens=f"{report.opens_at:%H:%M}",
    )
    sheet.block(_P.left, _TABLE_FLOOR + 4.2, words, _P.usable, NARROW, 8.5, 3.5)


# ── the answer first ─────────────────────────────────────────────────────────────────────────────


def _figures(report: StockReport, sheet: Sheet) -> tuple[Figure, ...]:
    return _short(report, sheet), _unexplained(report, sheet), _close_to_date(report, sheet)


def _short(report: StockReport, sheet: Sheet) -> Figure:
    short = [item for item in report.items if item.available > 0 and item.days is not None and item.days < 0.5]
    none = [item for item in report.items if _is_gone(item)]
    unit = Text.plural("item for less than half a day", "items for less than half a day", n=len(short))
    first = _few([item.names for item in short], sheet) if short else sheet.say(Text("everything else lasts longer"))
    second = sheet.say(Text("none left: {items}", items=_few([item.names for item in none], sheet))) if none else ""
    return Figure(sheet.number(len(short)), unit, f"{first};\n{second}" if second else first)


def _is_gone(item: ItemFigures) -> bool:
    """Nothing can be given although it was given, or lay there, today."""
    return item.available <= 0 and bool(item.flow.opening or item.flow.received or item.flow.issued)


def _few(names: Sequence[Names], sheet: Sheet, most: int = 2) -> str:
    said = [i18n.pick(name, sheet.lang) for name in names]
    if len(said) <= most:
        return i18n.together(said)
    return sheet.say(Text("{few} and {n} more", few=i18n.together(said[:most]), n=len(said) - most))


def _unexplained(report: StockReport, sheet: Sheet) -> Figure:
    n = report.unexplained
    unit = Text.plural("difference not explained", "differences not explained", n=n)
    counted = sheet.say(Text("counted: {counted} of {all} batches", counted=report.counted_lots, all=report.lots))
    explained = len(report.differences) - n
    words = Text.plural("{n} difference is explained below", "{n} differences are explained below", n=explained)
    if not report.differences:
        words = Text("the shelf and the book agree") if report.counted_lots else Text("nobody has counted yet")
    return Figure(sheet.number(n), unit, f"{counted},\n{sheet.say(words)}")


def _close_to_date(report: StockReport, sheet: Sheet) -> Figure:
    soon = [lot for lot in report.expiries if lot.days <= SOON_DAYS]
    unit = Text.plural("batch close to its use-by day", "batches close to their use-by day", n=len(soon))
    if not soon:
        return Figure("0", unit, Text("no batch has {n} days or less", n=SOON_DAYS))
    lot = soon[0]
    what = sheet.say(Text("{item}, batch {lot}", item=i18n.pick(lot.names, sheet.lang), lot=lot.lot))
    quantity = f"{sheet.number(lot.on_shelf)} {sheet.say(lot.unit)}"
    when = Text.plural(
        "{quantity}, until {day} ({n} day)",
        "{quantity}, until {day} ({n} days)",
        n=lot.days,
        quantity=quantity,
        day=lot.use_by,
    )
    if lot.days < 0:
        when = Text("{quantity}, past its day since {day}", quantity=quantity, day=lot.use_by)
    return Figure(sheet.number(len(soon)), unit, f"{what},\n{sheet.say(when)}")


# ── the table ────────────────────────────────────────────────────────────────────────────────────

_SUM = Text("start + came in + came back − given out − passed on − written off ± count = end")
_COLUMNS = (
    Column(Text("item\nbatch"), 46.5),
    Column(Text("use\nby"), 20.5),
    Column(Text("unit"), 10.5),
    Column(Text("at the start"), 15, right=True),
    Column(Text("came in"), 16, right=True, sign="+"),
    Column(Text("came back"), 15, right=True, sign="+"),
    Column(Text("given out"), 16.2, right=True, sign="−"),
    Column(Text("passed on"), 15, right=True, sign="−"),
    Column(Text("written off"), 14, right=True, sign="−"),
    Column(Text("by count"), 16, right=True, sign="±"),
    Column(Text("at the end"), 16.5, right=True, sign="="),
    Column(Text("put aside"), 12, right=True),
    Column(Text("can be given out"), 16.3, right=True),
    Column(Text("enough for families"), 15, right=True),
    Column(Text("tomorrow\nuntil"), 14, right=True),
    Column(Text("was counted"), 13.5, right=True),
)
_CLOSING, _AVAILABLE = 10, 12


def _rows(report: StockReport, lang: str) -> list[Row]:
    rows = [row for item in report.items for row in _item_rows(item, lang)]
    if not rows:
        return [Row((i18n.render(Text("nothing lies on the shelves"), lang),) + ("",) * 15, below=1.2)]
    return [*tables.closed(rows), _control_sum(report, lang)]


def _item_rows(item: ItemFigures, lang: str) -> list[Row]:
    if len(item.lots) == 1:
        lot = item.lots[0]
        name = f"{i18n.pick(item.names, lang)} · {lot.code}" if lot.code else i18n.pick(item.names, lang)
        return [Row(_item_cells(item, name, (_use_by(lot, lang), _count(lot.counted, lang)), lang), bold=True)]
    first = Row(
        _item_cells(item, i18n.pick(item.names, lang), ("", ""), lang),
        bold=True,
        below=0 if item.lots else LINE,
        keeps_next=True,
    )
    lots = [_lot_row(lot, n == len(item.lots) - 1, lang) for n, lot in enumerate(item.lots)]
    return [first, *lots]


def _item_cells(item: ItemFigures, name: str, of_lot: tuple[str, str], lang: str) -> tuple[str, ...]:
    use_by, counted = of_lot
    return (
        name,
        use_by,
        i18n.render(item.unit, lang),
        *_flow_cells(item.flow, lang),
        count(item.put_aside, lang),
        i18n.number(item.available, lang),
        _families(item, lang),
        _until(item, lang),
        counted,
    )


def _lot_row(lot: LotFigures, is_last: bool, lang: str) -> Row:
    aside = count(lot.put_aside, lang)
    available = i18n.number(lot.available, lang)
    counted = _count(lot.counted, lang)
    cells = (lot.code or NONE, _use_by(lot, lang), "", *_flow_cells(lot.flow, lang), aside, available, "", "", counted)
    return Row(cells, indent=3, below=LINE if is_last else 0, strong=frozenset({_CLOSING, _AVAILABLE}))


def _use_by(lot: LotFigures, lang: str) -> str:
    return i18n.day_short(lot.use_by, lang) if lot.use_by else NONE


def _count(counted: int | None, lang: str) -> str:
    return NONE if counted is None else i18n.number(counted, lang)


def _flow_cells(flow: Flow, lang: str) -> tuple[str, ...]:
    moved = (flow.received, flow.returned, flow.issued, flow.transferred, flow.written_off)
    return (
        i18n.number(flow.opening, lang),
        *counts(moved, lang),
        signed(flow.difference, lang),
        i18n.number(flow.closing, lang),
    )


def _families(item: ItemFigures, lang: str) -> str:
    if item.available <= 0:
        return i18n.render(Text("none"), lang)
    return NONE if item.families is None else i18n.number(item.families, lang)


def _until(item: ItemFigures, lang: str) -> str:
    if item.available <= 0 or item.families is None:
        return NONE
    return f"{item.until:%H:%M}" if item.until else i18n.render(Text("later"), lang)


def _control_sum(report: StockReport, lang: str) -> Row:
    name = i18n.render(Text("Control sum (units differ)"), lang)
    aside = count(report.put_aside, lang)
    available = i18n.number(report.total.closing - report.put_aside, lang)
    return tables.total((name, "", "", *_flow_cells(report.total, lang), aside, available, "", "", ""))


# ── what explains it ─────────────────────────────────────────────────────────────────────────────


def _explained(report: StockReport, stamp: Stamp, right: tuple[Sequence[Section], float], sheet: Sheet) -> None:
    _titled(stamp, Text("Enough for how long, use-by days, agreement, differences, signatures"), sheet)
    end = _days_left(report, sheet)
    _expiries(report, sheet, end + 8)
    parts, gap = right
    sections.draw(parts, _RIGHT, _SECTIONS_TOP, sheet, gap)


def _continued(stamp: Stamp, columns: Sequence[Sequence[Section]], sheet: Sheet) -> None:
    _titled(stamp, Text("Documents and differences, continued"), sheet)
    for n, parts in enumerate(columns):
        sections.draw(parts, (_P.left, _RIGHT)[n], _SECTIONS_TOP, sheet)


def _days_left(report: StockReport, sheet: Sheet) -> float:
    x = _P.left
    note = Text("working days at what was given today")
    sheet.section(x, _SECTIONS_TOP, Text("Enough for how long"), note, _SIDE)
    known = [item for item in report.items if item.days is not None or _is_gone(item)]
    if not known:
        sheet.text(x, _SECTIONS_TOP + 7, Text("Nothing was given that day."), TEXT, 9)
        return _SECTIONS_TOP + 7
    shortest = sorted(known, key=lambda item: -1.0 if _is_gone(item) or item.days is None else item.days)[:12]
    heads = (Text("days"), Text("families"), Text("none"))
    end = charts.days_left(sheet, x, _SECTIONS_TOP + 6, [_left(item, sheet) for item in shortest], heads)
    sheet.box(x, end + 2, 4.4, 3.4, fill=True)
    used = sheet.text(x + 6, end + 5, Text("less than a day"), TEXT, 9)
    sheet.hatched(x + used + 14, end + 2, 4.4, 3.4)
    sheet.text(x + used + 20, end + 5, Text("a day and more"), TEXT, 9)
    return end + 5


def _left(item: ItemFigures, sheet: Sheet) -> charts.Left:
    name = i18n.pick(item.names, sheet.lang)
    if _is_gone(item) or item.days is None:
        return charts.Left(name, None, "", "")
    families = NONE if item.families is None else sheet.number(item.families)
    return charts.Left(name, item.days, i18n.decimal(item.days, sheet.lang), families)


_EXPIRY_COLUMNS = (
    Column(Text("item"), 43, face=NARROW),
    Column(Text("batch"), 20, face=NARROW),
    Column(Text("use by"), 22),
    Column(Text("days"), 11, right=True),
    Column(Text("on shelf"), 15, right=True, bold=True),
    Column(Text("what to do"), 25, face=NARROW),
)


def _expiries(report: StockReport, sheet: Sheet, down: float) -> None:
    x = _P.left
    sheet.section(x, down, Text("Next use-by days"), room=_SIDE)
    room = int((_SECTIONS_FLOOR - down - 12 - tables.head_room(_EXPIRY_COLUMNS, sheet.lang, sheet.other)) / tables.ROW)
    shown = report.expiries[: max(room, 1)]
    if shown:
        top = down + 6.6 + tables.head_room(_EXPIRY_COLUMNS, sheet.lang, sheet.other)
        end = tables.table(sheet, x, top, _EXPIRY_COLUMNS, tables.closed([_expiry_row(lot, shown, sheet) for lot in shown]))
        sheet.fitted(x, end + 4.2, _expiry_words(report), _SIDE, TEXT, 8.5)
    else:
        sheet.text(x, down + 7, Text("No batch on the shelf has a use-by day."), TEXT, 9)


def _expiry_row(lot: ExpiryFigures, shown: Sequence[ExpiryFigures], sheet: Sheet) -> Row:
    name = i18n.pick(lot.names, sheet.lang)
    when = i18n.day_short(lot.use_by, sheet.lang)
    cells = (
        name,
        lot.lot or NONE,
        when,
        sheet.number(lot.days),
        sheet.number(lot.on_shelf),
        sheet.say(advice(lot, shown)),
    )
    return Row(cells)


def _expiry_words(report: StockReport) -> Text:
    def within(least: int, most: int) -> int | Text:
        n = sum(least <= lot.days <= most for lot in report.expiries)
        return n or Text("none")

    return Text(
        "Past their day: {past}. Within 7 days: {week}. Within 30 days: {month}.",
        past=within(-99999, -1),
        week=within(0, 7),
        month=within(0, 30),
    )


def _sections(report: StockReport, lang: str) -> tuple[Section, ...]:
    return _agreement(report, lang), _documents(report, lang), _differences(report, lang), _announced(report, lang)


def _agreement(report: StockReport, lang: str) -> Section:
    book = report.reconciliation
    sheets = (
        Text("Sum of the lines of sheets {first} … {last}", first=book.sheets[0], last=book.sheets[1])
        if book.sheets
        else Text("Sum of the lines of the sheets")
    )
    given = book.issued - book.returned
    cancelled = Text.plural(
        "− back on the shelf ({n} cancelled hand-over)",
        "− back on the shelf ({n} cancelled hand-overs)",
        n=book.cancelled,
    )
    verdict = Text("agrees") if not book.difference else Text("to explain")
    lines: list[tuple[Text, int, Text, bool]] = [
        (Text("Given from the shelf (this book)"), book.issued, Text("page 1"), False),
        (cancelled, -book.returned, Text("page 1"), False),
        (Text("= given to families"), given, Text("by the book"), True),
        (sheets, book.lines, Text("hand-overs"), False),
        (Text("Difference"), book.difference, verdict, True),
    ]
    columns = (
        Column("", 86),
        Column(Text("units"), 16, right=True, bold=True),
        Column(Text("by what"), 24, face=NARROW),
    )
    rows = [
        Row((i18n.render(a, lang), i18n.number(n, lang), i18n.render(b, lang)), bold=strong)
        for a, n, b, strong in lines
    ]
    return Section(Text("What was given agrees with the hand-overs"), columns, tuple(tables.closed(rows)))


def _documents(report: StockReport, lang: str) -> Section:
    columns = (
        Column(Text("document"), 32),
        Column(Text("what"), 60, face=NARROW),
        Column(Text("units"), 17, right=True, bold=True),
        Column(Text("time"), 17),
    )
    rows = [
        Row((d.number, _document_words(d.kind, d.items, lang), signed(d.quantity, lang), f"{d.at:%H:%M}"))
        for d in report.documents
    ]
    nothing = Row((NONE, i18n.render(Text("nothing came, left or was written off"), lang), NONE, NONE))
    return Section(Text("Received, passed on, written off"), columns, tuple(tables.closed(rows or [nothing])))


def _document_words(kind: Text, items: Sequence[Names], lang: str) -> str:
    named = i18n.together(i18n.pick(names, lang) for names in items[:2])
    if len(items) > 2:
        named = i18n.render(Text.plural("{n} item", "{n} items", n=len(items)), lang)
    return f"{i18n.render(kind, lang)}: {named}"


def _differences(report: StockReport, lang: str) -> Section:
    columns = (
        Column(Text("item"), 37, face=NARROW),
        Column(Text("in the book"), 16, right=True),
        Column(Text("was seen"), 15, right=True),
        Column("", 11, right=True, bold=True, sign="±"),
        Column(Text("explained in one sentence"), 47, face=NARROW),
    )
    rows = [
        Row(
            (
                f"{i18n.pick(d.names, lang)} · {d.lot}" if d.lot else i18n.pick(d.names, lang),
                i18n.number(d.book, lang),
                i18n.number(d.seen, lang),
                signed(d.difference, lang),
                d.explanation or i18n.render(Text("not explained yet"), lang),
            )
        )
        for d in report.differences
    ]
    nothing = Row((i18n.render(Text("none"), lang), NONE, NONE, NONE, NONE))
    return Section(Text("Differences of the count, explained"), columns, tuple(tables.closed(rows or [nothing])))


_ANNOUNCED = (
    Column(Text("expected"), 20),
    Column(Text("what"), 60, face=NARROW),
    Column(Text("units"), 17, right=True, bold=True),
    Column(Text("promised of it"), 29, right=True),
)


def _announced(report: StockReport, lang: str) -> Section:
    rows = [_announced_row(one, lang) for one in report.announced]
    nothing = Row((NONE, i18n.render(Text("nothing is announced"), lang), NONE, NONE))
    return Section(Text("Announced deliveries"), _ANNOUNCED, tuple(tables.closed(rows or [nothing])))


def _announced_row(one: AnnouncedFigures, lang: str) -> Row:
    what = " · ".join(part for part in (i18n.pick(one.names, lang), one.supplier) if part)
    promised = count(one.promised, lang)
    return Row((i18n.day_short(one.expected_on, lang), what, i18n.number(one.quantity, lang), promised))

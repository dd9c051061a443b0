"""The papers of the store on A4: receipt act with its shortage, waybill, write-off act, count and kit sheets, and the stock card.

Only prints what it is given; the figures are the stock use cases'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from zoneinfo import ZoneInfo

from reportlab.lib.units import mm

from aidtrack import i18n
from aidtrack.domain.access import Role
from aidtrack.domain.stock import (
    DOCUMENT_MARK,
    LOT_MARK,
    Destination,
    DocumentKind,
    WaybillLine,
    waybill_codes,
)
from aidtrack.errors import Text
from aidtrack.reports import fonts, tables
from aidtrack.reports.catalogue import Printed
from aidtrack.reports.fonts import BOLD, NARROW, TEXT
from aidtrack.reports.page import A4, Draw, Sheet, Stamp, document, stamp_of
from aidtrack.reports.tables import NONE, Column, Row, count, signed
from aidtrack.services.overview import Heading
from aidtrack.services.stock import DocumentLine, DocumentView, MovementRow, StockCard, ToCount

_TOP, _MORE, _FLOOR = 66.0, 44.0, 246.0
_TITLE_DOWN, _FACTS_DOWN, _FACT_STEP, _FACT_LINE, _CAPTION_WIDE = 28.0, 37.0, 5.2, 3.9, 34.0
_SIGNED = Text("signature, surname, time")
Fact = tuple[Text, str]


@dataclass(frozen=True, slots=True)
class StorePaper:
    """A document of the store with the centre and day it stands under."""

    heading: Heading
    view: DocumentView


@dataclass(frozen=True, slots=True)
class CountPaper:
    """What is to be counted, in the order somebody walks, without the book."""

    heading: Heading
    lines: tuple[ToCount, ...]


@dataclass(frozen=True, slots=True)
class CardPaper:
    """A stock card with the centre and day it is printed under."""

    heading: Heading
    card: StockCard


# ── documents ────────────────────────────────────────────────────────────────────────────────────

_DRIVER, _KEEPER = Text("Handed over (driver)"), Text("Storekeeper")
_LEAD, _HEAD = Text("Leader of the shift"), Text("Coordinator of the centre")
_SIGN = {
    DocumentKind.RECEIPT: (_DRIVER, _KEEPER, Text("Witness of the count")),
    DocumentKind.SIGNED: (_DRIVER, _KEEPER),
    DocumentKind.WAYBILL: (_KEEPER, Text("Driver"), Text("Received by")),
    DocumentKind.WRITE_OFF: (_KEEPER, Text("Witness"), _LEAD, _HEAD),
    DocumentKind.COUNT: (Text("Counted by"), Text("Witness"), _LEAD),
}
_SIGN_HERE = (_KEEPER, Text("Witness"), _HEAD)
_PARTNER = (_KEEPER, Text("For the organisation, stamp"), _HEAD)


def document_pdf(paper: StorePaper, printed: Printed, lang: str) -> bytes:
    """One document of the store, as many pages as its lines need."""
    view = paper.view
    stamp = stamp_of(paper.heading, view.row.kind.value, printed.words(paper.heading.zone))
    if view.row.kind is DocumentKind.RECEIPT and not view.row.is_counter:
        from aidtrack.reports.receipt_paper import receipt_pdf  # it is made of the same parts

        return receipt_pdf(paper, stamp, lang)
    columns, rows = _document_table(view, lang)
    title = Text("{kind} {number}", kind=_title(view), number=view.row.code)
    layout = Layout(title, document_facts(paper, lang), columns, rows, _signs(view), _codes(view), _context(view))
    return pages(stamp, lang, layout)


def _title(view: DocumentView) -> Text:
    """A waybill is called by where it goes: it is signed by whoever it goes to. A counter-entry says first that it is one."""
    if view.row.is_counter:
        return Text("taken back: {kind}", kind=view.row.kind.text)
    to = view.facts.get("to")
    if view.row.kind is not DocumentKind.WAYBILL or to in (None, Destination.CENTRE.value):
        return view.row.kind.text
    return Text("{kind} {to}", kind=view.row.kind.text, to=Destination(to).text)


def _signs(view: DocumentView) -> Sequence[Text]:
    if view.facts.get("to") == Destination.ORGANISATION.value:
        return _PARTNER
    if view.facts.get("to") == Destination.FREE_TABLE.value:
        return _SIGN_HERE
    return _SIGN.get(view.row.kind, _SIGN_HERE)


def _context(view: DocumentView) -> Text | str:
    """What somebody must know who reads only the top."""
    if view.row.kind is DocumentKind.SIGNED:
        return Text("Contents not checked: boxes only. Two copies, one for the driver. The count makes the receipt act.")
    if view.facts.get("to") == Destination.CENTRE.value:
        return Text("Scan the code on arrival: the receipt fills itself. A signed copy comes back to the sender.")
    return ""


def _codes(view: DocumentView) -> tuple[str, ...]:
    """What the other side scans: the lines of a waybill, or the paper that was signed for."""
    row = view.row
    if row.kind is DocumentKind.SIGNED:
        return (f"{DOCUMENT_MARK}{row.id.hex}",)
    if row.kind is not DocumentKind.WAYBILL or view.facts.get("to") != Destination.CENTRE.value:
        return ()
    lines = [
        WaybillLine(one.item_code, one.quantity, one.lot_code, one.expiry, one.donor) for one in view.lines
    ]
    return waybill_codes(row.id, row.code, str(view.facts.get("from", "")), lines)


def document_facts(paper: StorePaper, lang: str) -> list[Fact]:
    """What stands between the title and the table; what is not known is left out."""
    row, facts = paper.view.row, paper.view.facts
    moment = row.at.astimezone(ZoneInfo(paper.heading.zone))
    cause = i18n.render(row.cause.text, lang) if row.cause else ""
    approved = i18n.render(Role(facts["approved_as"]).text, lang) if facts.get("approved_as") else ""
    told = [
        (Text("day, time"), f"{i18n.day_short(row.day, lang)}, {moment:%H:%M}"),
        (Text("from or to"), row.other_party),
        (Text("their paper"), row.paper_number),
        (Text("donor"), str(facts.get("donor") or "")),
        (Text("boxes"), _count(facts.get("boxes"), lang)),
        (Text("cause"), cause),
        (Text("approved by"), approved),
        (Text("for people"), _count(facts.get("people"), lang)),
        (Text("takes back"), str(facts.get("reverses") or "")),
        (Text("goes on with"), paper.view.follows.code if paper.view.follows and not row.is_counter else ""),
        (Text("note"), row.note),
    ]
    return [(caption, words) for caption, words in told if words]


def _count(number: object, lang: str) -> str:
    return i18n.number(int(str(number)), lang) if number else ""


def _document_table(view: DocumentView, lang: str) -> tuple[list[Column], list[Row]]:
    if view.row.kind is DocumentKind.COUNT and not view.row.is_counter:
        return _COUNTED, tables.closed([_counted_row(n, line, lang) for n, line in enumerate(view.lines, 1)])
    if view.row.kind is DocumentKind.MOVE:
        return _PLACED, tables.closed([_placed_row(n, line, lang) for n, line in enumerate(view.lines, 1)])
    rows = [_document_row(n, line, lang, view.row.kind) for n, line in enumerate(view.lines, 1)]
    if not rows or view.row.kind in _OF_KITS:
        none = Row(("", i18n.render(Text("no list of goods"), lang), *[NONE] * 4, ""))
        return _COLUMNS, tables.closed(rows or [none])
    words = i18n.render(Text("Control sum, units differ"), lang)
    sums = sum(_moved(line) for line in view.lines)
    return _COLUMNS, [*rows, tables.total(["", words, "", "", "", i18n.number(sums, lang), ""])]


_OF_KITS = (DocumentKind.ASSEMBLY, DocumentKind.BREAKING)
"""What was taken and what was made of it are never added up."""


_COLUMNS = [
    Column("№", 8),
    Column(Text("item"), 70),
    Column(Text("unit"), 15),
    Column(Text("batch"), 26),
    Column(Text("use by"), 21),
    Column(Text("quantity"), 18, right=True, bold=True),
    Column(Text("remark"), 22, face=NARROW),
]
_PLACED = [
    Column("№", 8),
    Column(Text("item"), 56),
    Column(Text("batch"), 26),
    Column(Text("use by"), 21),
    Column(Text("from which place"), 26, face=NARROW),
    Column(Text("to which place"), 26, face=NARROW),
    Column(Text("quantity"), 17, right=True, bold=True),
]
_COUNTED = [
    Column("№", 8),
    Column(Text("item"), 50),
    Column(Text("batch"), 24),
    Column(Text("place"), 20, face=NARROW),
    Column(Text("first"), 13, right=True),
    Column(Text("seen"), 14, right=True, bold=True),
    Column(Text("book"), 14, right=True),
    Column("±", 12, right=True, bold=True),
    Column(Text("why"), 25, face=NARROW),
]


def _moved(line: DocumentLine) -> int:
    """Units of a line: of one that is only signed for what the waybill says."""
    return line.quantity if line.quantity or line.on_waybill is None else line.on_waybill


def _document_row(n: int, line: DocumentLine, lang: str, kind: DocumentKind) -> Row:
    expiry = i18n.day_short(line.expiry, lang) if line.expiry else NONE
    name, unit = i18n.pick(line.item_names, lang), i18n.render(line.unit, lang)
    remark = _remark(line, kind)
    said = i18n.render(remark, lang) if remark else ""
    return Row((str(n), name, unit, line.lot_code, expiry, i18n.number(_moved(line), lang), said))


def _remark(line: DocumentLine, kind: DocumentKind) -> Text | None:
    """What of a waybill did not arrive; what was taken for kits and what was made of it."""
    if kind in _OF_KITS:
        return Text("came of it") if line.place else Text("taken for it")
    return Text("did not arrive") if kind is DocumentKind.ARRIVAL and line.is_lost else None


def _placed_row(n: int, line: DocumentLine, lang: str) -> Row:
    """Goods that changed their place."""
    expiry = i18n.day_short(line.expiry, lang) if line.expiry else NONE
    places = (i18n.render(one, lang) if one else NONE for one in (line.origin, line.place))
    name = i18n.pick(line.item_names, lang)
    return Row((str(n), name, line.lot_code, expiry, *places, i18n.number(_moved(line), lang)))


def _counted_row(n: int, line: DocumentLine, lang: str) -> Row:
    """A line of a count; a difference nobody explained leaves room to write why."""
    book = line.book or 0
    difference = line.quantity - book
    first = i18n.number(line.first_seen, lang) if line.first_seen is not None else NONE
    place = i18n.render(line.place, lang) if line.place else ""
    why = line.note or ("" if difference else NONE)
    cells = (str(n), i18n.pick(line.item_names, lang), line.lot_code, place, first)
    return Row((*cells, i18n.number(line.quantity, lang), i18n.number(book, lang), signed(difference, lang), why))


# ── stock and bin card ───────────────────────────────────────────────────────────────────────────

_CARD = [
    Column(Text("date"), 21),
    Column(Text("time"), 12),
    Column(Text("document"), 30, face=NARROW),
    Column(Text("from whom, to whom"), 44, face=NARROW, smallest=7.5),
    Column(Text("in"), 15, right=True),
    Column(Text("out"), 15, right=True),
    Column(Text("balance"), 17, right=True, bold=True),
    Column(Text("signature"), 26),
]
_CARD_ROW, _CARD_TOP, _CARD_MORE, _CARD_FLOOR = 6.9, 72.0, 50.0, 262.0


def card_pdf(paper: CardPaper, printed: Printed, lang: str) -> bytes:
    """The stock card of an item, or the bin card of one batch that hangs on the stack: oldest movement first, blank rows go on by hand."""
    card, zone = paper.card, ZoneInfo(paper.heading.zone)
    stamp = stamp_of(paper.heading, "SC", printed.words(paper.heading.zone))
    rows = tables.closed([_card_row(row, zone, lang, card.lot_id is None) for row in card.rows])
    heads = tables.head_room(_CARD, lang, stamp.other(lang), 2)
    first, more = _CARD_TOP + heads, _CARD_MORE + heads
    parts = tables.split(_CARD, rows, (_CARD_FLOOR - first, _CARD_FLOOR - more), _CARD_ROW)
    draws: list[Draw] = [
        partial(_card_page, stamp, card, (part, first if n == 0 else more), n == len(parts) - 1) for n, part in enumerate(parts)
    ]
    return document(A4, lang, f"AidTrack {stamp.number}", draws, other=stamp.other(lang))


def _card_row(row: MovementRow, zone: ZoneInfo, lang: str, names_lot: bool) -> Row:
    words = i18n.render(row.words, lang)
    into, out = max(row.quantity, 0), max(-row.quantity, 0)
    document = row.document or NONE
    day, time = i18n.day_short(row.day, lang), i18n.clock_time(row.at, zone)
    parts = (words, row.party, row.lot_code if names_lot else "")
    what = " · ".join(part for part in parts if part)
    return Row((day, time, document, what, count(into, lang), count(out, lang), i18n.number(row.after, lang), ""))


def _card_page(
    stamp: Stamp, card: StockCard, part: tuple[Sequence[Row], float], is_last: bool, sheet: Sheet
) -> None:
    sheet.head(stamp)
    title = Text("Bin card: one item, one batch") if card.lot_id else Text("Stock card")
    sheet.title(_TITLE_DOWN, title, A4.usable - 26)
    sheet.fitted(A4.left, _TITLE_DOWN + 9, i18n.pick(card.item_names, sheet.lang), A4.usable - 30, BOLD, 14)
    if sheet.page == 1:
        _card_facts(sheet, card)
    if card.lot_id:
        sheet.qr(A4.edge - 22, 21, 22, f"{LOT_MARK}{card.lot_id.hex}")
    down = tables.table(sheet, A4.left, part[1], _CARD, part[0], _CARD_ROW)
    _uprights(sheet, _CARD, part[1], _blank_rows(sheet, down) if is_last else down)
    note = Text("Balance = balance before + in − out. A mistake is struck out once, the right number and a signature stand beside it.")
    sheet.fitted(A4.left, 270, note, A4.usable, NARROW, 8.5)
    sheet.foot(stamp)


def _card_facts(sheet: Sheet, card: StockCard) -> None:
    """Code, unit, batch, date, donor, the least to have: two lines of three."""
    lang = sheet.lang
    facts = [
        (Text("code"), card.code),
        (Text("unit"), i18n.render(card.unit, lang)),
        (Text("batch"), card.lot_code or NONE),
        (Text("use by"), i18n.day_short(card.expiry, lang) if card.expiry else NONE),
        (Text("donor"), card.donor or NONE),
        (Text("least stock"), count(card.least, lang)),
    ]
    for n, (caption, words) in enumerate(facts):
        x, down = A4.left + (n % 3) * 50, 46 + n // 3 * 6
        used = sheet.text(x, down, caption, NARROW, 9)
        sheet.fitted(x + used + 2, down, words, 46 - used, BOLD, 9.5)


def _blank_rows(sheet: Sheet, down: float) -> float:
    """Rows to go on by hand; returns where they end."""
    while down + _CARD_ROW <= _CARD_FLOOR:
        down += _CARD_ROW
        sheet.rule(A4.left, down, A4.edge)
    return down


# ── sheets to count on ───────────────────────────────────────────────────────────────────────────

_TO_COUNT = [
    Column("№", 9),
    Column(Text("item"), 58),
    Column(Text("batch"), 26),
    Column(Text("use by"), 20),
    Column(Text("place"), 25, face=NARROW),
    Column(Text("seen"), 21),
    Column(Text("once more"), 21),
]


def count_sheet_pdf(paper: CountPaper, printed: Printed, lang: str) -> bytes:
    """Sheets to count on: blind, so the book stands nowhere; filled by hand and typed in with the time they were counted."""
    stamp = stamp_of(paper.heading, "CS", printed.words(paper.heading.zone))
    rows = [_to_count(n, line, lang) for n, line in enumerate(paper.lines, 1)]
    facts = [(Text("counted on, at"), "____________________"), (Text("counted by"), "____________________")]
    context = Text("Type what you see; the book is not on this sheet. What differs is counted once more.")
    layout = Layout(Text("Sheet to count on"), facts, _TO_COUNT, rows, _SIGN[DocumentKind.COUNT], (), context, 7.4, True)
    ways = [replace(layout, rows=tables.closed([*rows, *_empty(len(rows), n)])) for n in _EMPTY]
    return pages(stamp, lang, min(ways, key=lambda one: len(_parts(one, lang, stamp.other(lang)))))


_EMPTY = (6, 5, 4, 3, 2)
"""Lines for goods nobody knew of: fewer where that saves a page."""


def _empty(after: int, lines: int) -> list[Row]:
    return [Row((str(after + n), "", "", "", "", "", "")) for n in range(1, lines + 1)]


def _to_count(n: int, line: ToCount, lang: str) -> Row:
    name = i18n.pick(line.names, lang)
    expiry = i18n.day_short(line.expiry, lang) if line.expiry else NONE
    is_named = not line.size or name.endswith(f", {line.size}")  # a size that is an item of its own says it in its name
    words = name if is_named else f"{name}, {line.size}"
    return Row((str(n), words, line.code, expiry, i18n.render(line.place, lang), "", ""))


# ── pages of all ─────────────────────────────────────────────────────────────────────────────────

_CODE, _CODE_GAP, _AIR = 36.0, 4.0, 1.0


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands on a paper: title, a line of context, facts, a table, who signs, codes to scan, and how tall a row is."""

    title: Text
    facts: Sequence[Fact]
    columns: Sequence[Column]
    rows: Sequence[Row]
    signs: Sequence[Text]
    codes: Sequence[str] = ()
    context: Text | str = ""
    row: float = tables.ROW
    uprights: bool = False
    """Lines between the columns, where somebody writes by hand."""

    @property
    def top(self) -> float:
        """Where the table begins on the first page."""
        under_facts = _FACTS_DOWN + facts_height(self.facts, self.room) + _FACT_STEP + 8
        return max(_TOP, under_facts, 21 + (_CODE + 12 if self.codes else 0))

    @property
    def room(self) -> float:
        """Millimetres for the words on the first page; a code to scan stands beside them."""
        return A4.usable - (_CODE + 4 if self.codes else 0)


def pages(stamp: Stamp, lang: str, layout: Layout) -> bytes:
    """The paper on A4, signatures on its last page."""
    parts = _parts(layout, lang, stamp.other(lang))
    draws: list[Draw] = [partial(_page, stamp, layout, part, n == 0) for n, part in enumerate(parts)]
    if len(layout.codes) > 1:
        draws.append(partial(_more_codes, stamp, layout))
    draws[len(parts) - 1] = partial(_signed, draws[len(parts) - 1], layout.signs)
    return document(A4, lang, f"AidTrack {stamp.number}", draws, other=stamp.other(lang))


def _parts(layout: Layout, lang: str, other: str) -> list[list[Row]]:
    """The rows of each page."""
    heads = tables.head_room(layout.columns, lang, other, 2)
    return tables.split(layout.columns, layout.rows, (_FLOOR - layout.top - heads, _FLOOR - _MORE - heads), layout.row)


def _page(stamp: Stamp, layout: Layout, rows: Sequence[Row], is_first: bool, sheet: Sheet) -> None:
    sheet.head(stamp)
    room = layout.room if is_first else A4.usable
    sheet.title(_TITLE_DOWN, layout.title, room)
    if is_first:
        sheet.fitted(A4.left, _TITLE_DOWN + 5.2, layout.context, room, TEXT, 9)
        put_facts(sheet, layout.facts, room)
        if layout.codes:
            _code(sheet, A4.edge - _CODE, 20, layout.codes[0], 1, len(layout.codes))
    begins = (layout.top if is_first else _MORE) + tables.head_room(layout.columns, sheet.lang, sheet.other, 2)
    ends = tables.table(sheet, A4.left, begins, layout.columns, rows, layout.row)
    if layout.uprights:
        _uprights(sheet, layout.columns, begins, ends)
    sheet.foot(stamp)


def _uprights(sheet: Sheet, columns: Sequence[Column], begins: float, ends: float) -> None:
    """Lines between the columns; one before words leaves them air."""
    x = A4.left
    for column, following in pairwise(columns):
        x += column.width
        sheet.upright(x - (0 if column.right or following.right else _AIR), begins, ends)


def put_facts(
    sheet: Sheet, facts: Sequence[Fact], room: float, down: float = _FACTS_DOWN + 2, x: float = A4.left
) -> float:
    """Captions on the left, words beside them, long ones on as many lines as they need; returns where the next fact would stand."""
    for caption, words in facts:
        sheet.text(x, down, caption, TEXT, 9)
        sheet.block(x + _CAPTION_WIDE, down, words, room - _CAPTION_WIDE, BOLD, 9, _FACT_LINE)
        down += facts_height([(caption, words)], room)
    return down


def facts_height(facts: Sequence[Fact], room: float) -> float:
    """What the facts take beside each other's captions in so many millimetres."""
    lines = [len(fonts.wrap(words, BOLD, 9, (room - _CAPTION_WIDE) * mm)) for _, words in facts]
    return sum(_FACT_STEP + (n - 1) * _FACT_LINE for n in lines)


def _code(sheet: Sheet, x: float, down: float, code: str, n: int, of: int) -> None:
    sheet.qr(x, down, _CODE, code)
    if of > 1:
        sheet.text(x + _CODE, down + _CODE + 3.4, Text("code {n} of {all}", n=n, all=of), NARROW, 8.5, "right")


def _more_codes(stamp: Stamp, layout: Layout, sheet: Sheet) -> None:
    """The other codes of a long waybill: scanned one after the other."""
    sheet.head(stamp)
    sheet.title(_TITLE_DOWN, Text("The other codes: scan them too"))
    for n, code in enumerate(layout.codes[1:]):
        x = A4.left + n % 4 * (_CODE + _CODE_GAP + 4)
        _code(sheet, x, 36 + n // 4 * (_CODE + 12), code, n + 2, len(layout.codes))
    sheet.foot(stamp)


def _signed(draw: Draw, signs: Sequence[Text], sheet: Sheet) -> None:
    draw(sheet)
    sheet.signatures(signs, _SIGNED)

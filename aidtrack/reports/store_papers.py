"""The papers of the store on A4: receipt act with its shortage, waybill, write-off act, count and kit sheets, and the stock card.

Only prints what it is given; the figures are the stock use cases'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from aidtrack import i18n
from aidtrack.domain.stock import DocumentKind
from aidtrack.errors import Text
from aidtrack.reports import tables
from aidtrack.reports.catalogue import Printed
from aidtrack.reports.fonts import BOLD, TEXT
from aidtrack.reports.page import A4, Draw, Sheet, Stamp, document, stamp_of
from aidtrack.reports.tables import Column, Row
from aidtrack.services.overview import Heading
from aidtrack.services.stock import DocumentLine, DocumentView, MovementRow, StockCard

_TOP, _MORE, _FLOOR = 66.0, 44.0, 246.0
_TITLE_DOWN, _FACTS_DOWN, _FACT_STEP = 28.0, 37.0, 5.2
_SIGNED = Text("signature, surname, time")


@dataclass(frozen=True, slots=True)
class StorePaper:
    """A document of the store with the centre and day it stands under."""

    heading: Heading
    view: DocumentView


@dataclass(frozen=True, slots=True)
class CardPaper:
    """A stock card with the centre and day it is printed under."""

    heading: Heading
    card: StockCard


# ── documents ────────────────────────────────────────────────────────────────────────────────────

_SIGN = {
    DocumentKind.RECEIPT: (Text("Handed over (driver)"), Text("Storekeeper"), Text("Witness of the count")),
    DocumentKind.WAYBILL: (Text("Storekeeper"), Text("Driver"), Text("Received by")),
}
_SIGN_HERE = (Text("Storekeeper"), Text("Witness"), Text("Coordinator of the centre"))


def document_pdf(paper: StorePaper, printed: Printed, lang: str) -> bytes:
    """One document of the store, as many pages as its lines need."""
    stamp = stamp_of(paper.heading, paper.view.row.kind.value, printed.words(paper.heading.zone, lang))
    columns, rows = _document_table(paper.view, lang)
    title = Text("{kind} {number}", kind=paper.view.row.kind.text, number=paper.view.row.code)
    return _pages(stamp, lang, title, _document_facts(paper, lang), columns, rows, _signs(paper.view))


def _signs(view: DocumentView) -> Sequence[Text]:
    return _SIGN.get(view.row.kind, _SIGN_HERE)


def _document_facts(paper: StorePaper, lang: str) -> list[tuple[Text, str]]:
    row, facts = paper.view.row, paper.view.facts
    moment = row.at.astimezone(ZoneInfo(paper.heading.zone))
    cause = i18n.render(row.cause.text, lang) if row.cause else ""
    people = i18n.number(int(facts["people"]), lang) if facts.get("people") else ""
    told = [
        (Text("day, time"), f"{i18n.day_short(row.day, lang)}, {moment:%H:%M}"),
        (Text("from or to"), row.other_party),
        (Text("their paper"), row.paper_number),
        (Text("donor"), str(facts.get("donor") or "")),
        (Text("cause"), cause),
        (Text("for people"), people),
        (Text("takes back"), str(facts.get("reverses") or "")),
        (Text("note"), row.note),
    ]
    return [(caption, words) for caption, words in told if words]


def _document_table(view: DocumentView, lang: str) -> tuple[list[Column], list[Row]]:
    is_receipt = any(line.on_waybill is not None for line in view.lines)
    rows = [_document_row(n, line, lang, is_receipt) for n, line in enumerate(view.lines, 1)]
    return _document_columns(is_receipt), [*rows, _document_total(view.lines, lang, is_receipt)]


def _document_columns(is_receipt: bool) -> list[Column]:
    plain = [
        Column("№", 8),
        Column(Text("item"), 56 if is_receipt else 92),
        Column(Text("unit"), 15),
        Column(Text("batch"), 26),
        Column(Text("use by"), 21),
    ]
    if not is_receipt:
        return [*plain, Column(Text("quantity"), 18, right=True, bold=True)]
    figures = (Text("on the waybill"), Text("accepted"), Text("damaged"), Text("short"))
    return [*plain, *(Column(head, 13.5, right=True, bold=n == 1) for n, head in enumerate(figures))]


def _document_row(n: int, line: DocumentLine, lang: str, is_receipt: bool) -> Row:
    expiry = i18n.day_short(line.expiry, lang) if line.expiry else "–"
    plain = (str(n), i18n.pick(line.item_names, lang), i18n.render(line.unit, lang), line.lot_code, expiry)
    if not is_receipt:
        return Row((*plain, i18n.number(line.quantity, lang)))
    figures = (line.on_waybill or 0, line.quantity, line.damaged, line.short)
    return Row((*plain, *(_figure(number, lang) for number in figures)))


def _document_total(lines: Sequence[DocumentLine], lang: str, is_receipt: bool) -> Row:
    words = i18n.render(Text("Control sum, units differ"), lang)
    sums = [sum(line.quantity for line in lines)]
    if is_receipt:
        sums = [sum(line.on_waybill or 0 for line in lines), *sums]
        sums += [sum(line.damaged for line in lines), sum(line.short for line in lines)]
    return tables.total(["", words, "", "", "", *(_figure(number, lang) for number in sums)])


def _figure(number: int, lang: str) -> str:
    return i18n.number(number, lang) if number else "–"


# ── stock card ───────────────────────────────────────────────────────────────────────────────────

_CARD = [
    Column(Text("day"), 21),
    Column(Text("time"), 13),
    Column(Text("paper or hand-over"), 62),
    Column(Text("batch"), 28),
    Column(Text("in"), 18, right=True),
    Column(Text("out"), 18, right=True),
    Column(Text("balance"), 20, right=True, bold=True),
]


def card_pdf(paper: CardPaper, printed: Printed, lang: str) -> bytes:
    """The stock card of an item or a batch, oldest movement first."""
    card, zone = paper.card, ZoneInfo(paper.heading.zone)
    stamp = stamp_of(paper.heading, "SC", printed.words(paper.heading.zone, lang))
    title = Text("Stock card: {item}", item=card.item_names)
    rows = [_card_row(row, zone, lang) for row in card.rows]
    facts = [
        (Text("code, unit"), f"{card.code}, {i18n.render(card.unit, lang)}"),
        (Text("batch"), card.lot_code),
        (Text("use by"), i18n.day_short(card.expiry, lang) if card.expiry else ""),
        (Text("balance"), i18n.number(card.closing, lang)),
    ]
    told = [(caption, words) for caption, words in facts if words]
    return _pages(stamp, lang, title, told, _CARD, tables.closed(rows), (Text("Storekeeper"), Text("Checked by")))


def _card_row(row: MovementRow, zone: ZoneInfo, lang: str) -> Row:
    words = i18n.render(row.words, lang)
    into, out = max(row.quantity, 0), max(-row.quantity, 0)
    what = f"{words} · {row.document}" if row.document and row.document not in words else words
    day, time = i18n.day_short(row.day, lang), i18n.clock_time(row.at, zone)
    return Row((day, time, what, row.lot_code, _figure(into, lang), _figure(out, lang), i18n.number(row.after, lang)))


# ── pages of both ────────────────────────────────────────────────────────────────────────────────


def _pages(
    stamp: Stamp,
    lang: str,
    title: Text,
    facts: Sequence[tuple[Text, str]],
    columns: Sequence[Column],
    rows: Sequence[Row],
    signs: Sequence[Text],
) -> bytes:
    top = max(_TOP, _FACTS_DOWN + _FACT_STEP * (len(facts) + 1) + 8)
    parts = tables.split(columns, rows, (_FLOOR - top, _FLOOR - _MORE))
    pages: list[Draw] = []
    for n, part in enumerate(parts):
        told, begins = (facts, top) if n == 0 else ((), _MORE)
        pages.append(partial(_page, stamp, title, told, (columns, part, begins)))
    pages[-1] = partial(_signed, pages[-1], signs)
    return document(A4, lang, f"AidTrack {stamp.number}", pages)


def _page(
    stamp: Stamp,
    title: Text,
    facts: Sequence[tuple[Text, str]],
    table: tuple[Sequence[Column], Sequence[Row], float],
    sheet: Sheet,
) -> None:
    sheet.head(stamp)
    words = sheet.say(title)
    sheet.fitted(A4.left, _TITLE_DOWN, words[:1].upper() + words[1:], A4.usable, BOLD, 17)
    for n, (caption, words) in enumerate(facts):
        down = _FACTS_DOWN + _FACT_STEP * n
        sheet.text(A4.left, down, caption, TEXT, 9)
        sheet.fitted(A4.left + 34, down, words, A4.usable - 34, BOLD, 9)
    tables.table(sheet, A4.left, table[2], table[0], table[1])
    sheet.foot(stamp)


def _signed(draw: Draw, signs: Sequence[Text], sheet: Sheet) -> None:
    draw(sheet)
    sheet.signatures(signs, _SIGNED)

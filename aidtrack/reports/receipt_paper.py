"""The receipt act on A4: how much was accepted in three figures, every line against its waybill, and the act of what did not come or
came damaged, which makes itself.

Only prints what it is given. Good units are stock; damaged and short ones make none.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from zoneinfo import ZoneInfo

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.reports import boxes, tables
from aidtrack.reports.fonts import BOLD, NARROW, TEXT
from aidtrack.reports.page import A4, HEAVY, Draw, Figure, Sheet, Stamp, document
from aidtrack.reports.store_papers import Fact, StorePaper, document_facts, facts_height, put_facts
from aidtrack.reports.tables import NONE, Column, Row, counts
from aidtrack.services.stock import DocumentLine, DocumentView

_MORE, _FLOOR = 44.0, 232.0
_FACTS, _UNDER_FACTS, _HALF = 68.0, 20.0, 86.0
"""Where the facts begin, how far under them the table does, and how wide each of their two columns is."""
_ACT_ROW, _ACT_FOOT = 5.6, 50.0
_CAPTION = Text("signature, surname, time")
_COLUMNS = [
    Column("№", 7),
    Column(Text("item"), 45),
    Column(Text("unit"), 11),
    Column(Text("batch"), 22),
    Column(Text("use by"), 20),
    Column(Text("on the waybill"), 15, right=True),
    Column(Text("accepted"), 15, right=True, bold=True),
    Column(Text("damaged"), 18, right=True),
    Column(Text("short"), 13, right=True),
    Column(Text("place"), 14, face=NARROW),
]
_ACT = [
    Column(Text("item"), 62),
    Column(Text("what"), 30),
    Column(Text("quantity"), 18, right=True, bold=True),
    Column(Text("cause"), 32),
    Column(Text("done"), 28),
]


def receipt_pdf(paper: StorePaper, stamp: Stamp, lang: str) -> bytes:
    """The act of one delivery, and on it the act of its shortage where there is one: two copies, one for the driver."""
    view, other = paper.view, stamp.other(lang)
    rows = [_row(n, line, lang) for n, line in enumerate(view.lines, 1)]
    rows.append(_total(view.lines, lang))
    heads = tables.head_room(_COLUMNS, lang, other, 2)
    table = _facts_end(paper, lang) + _UNDER_FACTS
    parts = tables.split(_COLUMNS, rows, (_FLOOR - table - heads, _FLOOR - _MORE - heads))
    act = _act_rows(view, lang)
    tall = sum(tables.row_height(_COLUMNS, row) for row in parts[-1])
    ends = (table if len(parts) == 1 else _MORE) + heads + tall
    fits = ends + 12 + len(act) * _ACT_ROW + _ACT_FOOT + tables.head_room(_ACT, lang, other) < _FLOOR + 8
    draws: list[Draw] = [partial(_page, paper, stamp, part, n == 0) for n, part in enumerate(parts)]
    if act and fits:
        draws[-1] = partial(_with_act, draws[-1], view, act, ends + 9)
    elif act:
        draws.append(partial(_act_page, stamp, view, act))
    draws[-1] = partial(_signed, draws[-1])
    return document(A4, lang, f"AidTrack {stamp.number}", draws, other=other)


# ── lines ────────────────────────────────────────────────────────────────────────────────────────


def _row(n: int, line: DocumentLine, lang: str) -> Row:
    expiry = i18n.day_short(line.expiry, lang) if line.expiry else NONE
    plain = (str(n), i18n.pick(line.item_names, lang), i18n.render(line.unit, lang), line.lot_code, expiry)
    figures = (line.on_waybill or 0, line.quantity, line.damaged, line.short)
    place = i18n.render(line.place, lang) if line.place else NONE
    return Row((*plain, *counts(figures, lang), place))


def _total(lines: Sequence[DocumentLine], lang: str) -> Row:
    sums = [sum(one.on_waybill or 0 for one in lines), sum(one.quantity for one in lines)]
    sums += [sum(one.damaged for one in lines), sum(one.short for one in lines)]
    words = i18n.render(Text("Control sum, units differ"), lang)
    return tables.total(["", words, "", "", "", *counts(sums, lang), ""])


def _act_rows(view: DocumentView, lang: str) -> list[Row]:
    """One row for what is short and one for what is damaged of each line."""
    rows = []
    for line in view.lines:
        name = i18n.pick(line.item_names, lang) + (f", {line.lot_code}" if line.lot_code else "")
        for number, what in ((line.short, Text("did not come")), (line.damaged, Text("damaged"))):
            if number > 0:
                rows.append(Row((name, i18n.render(what, lang), i18n.number(number, lang), "", "")))
    missing = sum(max(line.short, 0) + line.damaged for line in view.lines)
    total = i18n.render(Text("Not accepted in all"), lang)
    return [*rows, tables.total([total, "", i18n.number(missing, lang), "", ""])] if rows else []


# ── pages ────────────────────────────────────────────────────────────────────────────────────────


def _page(paper: StorePaper, stamp: Stamp, rows: Sequence[Row], is_first: bool, sheet: Sheet) -> None:
    sheet.head(stamp)
    if is_first:
        _first(paper, sheet)
    heads = tables.head_room(_COLUMNS, sheet.lang, sheet.other, 2)
    table = _facts_end(paper, sheet.lang) + _UNDER_FACTS if is_first else _MORE
    tables.table(sheet, A4.left, table + heads, _COLUMNS, rows)
    note = Text("Accepted: good and put on the shelf, only this is stock. Damaged and short make no stock.")
    sheet.fitted(A4.left, A4.floor - 38, note, A4.usable, NARROW, 8.5)
    sheet.foot(stamp)


def _first(paper: StorePaper, sheet: Sheet) -> None:
    row = paper.view.row
    sheet.title(28, Text("Receipt act {code}", code=row.code))
    sheet.fitted(A4.left, 33.2, _context(paper, sheet.lang), A4.usable, TEXT, 9)
    sheet.big(37, _figures(paper.view, sheet))
    left, right = _facts(paper, sheet.lang)
    put_facts(sheet, left, _HALF, _FACTS)
    put_facts(sheet, right, _HALF, _FACTS, A4.edge - _HALF)
    ends = _facts_end(paper, sheet.lang)
    sheet.section(A4.left, ends + _UNDER_FACTS - 10, Text("Lines"), Text("on the waybill = accepted + damaged + short"))


def _facts(paper: StorePaper, lang: str) -> tuple[Sequence[Fact], Sequence[Fact]]:
    """In two columns, the first one longer."""
    facts = document_facts(paper, lang)
    half = (len(facts) + 1) // 2
    return facts[:half], facts[half:]


def _facts_end(paper: StorePaper, lang: str) -> float:
    """Where the last line of the longer column of facts stands; room for three at least."""
    return max(_FACTS + 13, *(_FACTS + facts_height(some, _HALF) - 2.6 for some in _facts(paper, lang)))


def _context(paper: StorePaper, lang: str) -> str:
    """When it was signed for, when counted; copies; that the act is the waybill where the driver had none."""
    view, zone = paper.view, ZoneInfo(paper.heading.zone)
    counted = f"{view.row.at.astimezone(zone):%H:%M}"
    said = [Text("Counted {time}.", time=counted)]
    if view.follows is not None and view.follows_facts.get("boxes"):
        signed = f"{i18n.day_short(view.follows.day, lang)} {view.follows.at.astimezone(zone):%H:%M}"
        said = [Text("Signed for {day}, counted {time}.", day=signed, time=counted)]
    if not view.row.paper_number:
        said.append(Text("The driver had no waybill: this act stands for it."))
    said.append(Text("Two copies, the second for the driver."))
    return " ".join(i18n.render(one, lang) for one in said)


def _figures(view: DocumentView, sheet: Sheet) -> list[Figure]:
    good = sum(line.quantity for line in view.lines)
    promised = sum(line.on_waybill or 0 for line in view.lines)
    damaged, short = sum(one.damaged for one in view.lines), sum(max(one.short, 0) for one in view.lines)
    fine = sum(not line.damaged and not line.short for line in view.lines)
    lines = len(view.lines)
    told = Text("{short} did not come,\n{damaged} damaged", short=short, damaged=damaged)
    return [
        Figure(sheet.number(good), Text.plural("unit accepted", "units accepted", n=good),
               Text("{n} on the waybill\n(units differ, control sum)", n=promised)),
        Figure(sheet.number(short + damaged), Text.plural("unit not accepted", "units not accepted", n=short + damaged),
               told if short + damaged else Text("nothing is short,\nnothing is damaged")),
        Figure(sheet.number(lines), Text.plural("line of goods", "lines of goods", n=lines),
               Text("all counted,\n{n} without remarks", n=fine)),
    ]  # fmt: skip


def _with_act(draw: Draw, view: DocumentView, rows: Sequence[Row], down: float, sheet: Sheet) -> None:
    draw(sheet)
    _act(sheet, view, rows, down)


def _act_page(stamp: Stamp, view: DocumentView, rows: Sequence[Row], sheet: Sheet) -> None:
    sheet.head(stamp)
    _act(sheet, view, rows, 24)
    sheet.foot(stamp)


def _act(sheet: Sheet, view: DocumentView, rows: Sequence[Row], down: float) -> None:
    """In a frame, because it must not be overlooked."""
    heads = tables.head_room(_ACT, sheet.lang, sheet.other)
    tall = 16 + heads + len(rows) * _ACT_ROW + 36
    x, edge = A4.left + 5, A4.edge - 5
    sheet.box(A4.left, down, A4.usable, tall, thick=HEAVY)
    title = Text("Shortage and damage act to {code}", code=view.row.code)
    sheet.fitted(x, down + 7, title, A4.usable - 10, BOLD, 13)
    foot = tables.table(sheet, x, down + 15 + heads, _ACT, rows, _ACT_ROW)
    used = sheet.text(x, foot + 7, Text("What is seen:"), BOLD, 9)
    if view.row.note:
        sheet.fitted(x + used + 3, foot + 7, view.row.note, edge - x - used - 3, TEXT, 9)
    else:
        sheet.rule(x + used + 3, foot + 7.6, edge)
    used = sheet.text(x, foot + 14, Text("Words of the driver:"), BOLD, 9)
    sheet.rule(x + used + 3, foot + 14.6, edge)
    sheet.rule(x, foot + 21, edge)
    agrees = (Text("the driver agrees"), Text("the driver does not agree"), Text("the driver left before the count"))
    boxes.ticks(sheet, x, foot + 27, [(words, False) for words in agrees], edge)
    used = sheet.text(x, foot + 33.5, Text("We ask the supplier to:"), BOLD, 9)
    asked = (Text("bring it"), Text("write it off"), Text("replace it"))
    boxes.ticks(sheet, x + used + 5, foot + 33.5, [(words, False) for words in asked], edge)


def _signed(draw: Draw, sheet: Sheet) -> None:
    draw(sheet)
    sheet.signatures((Text("Handed over (driver)"), Text("Storekeeper"), Text("Witness of the count")), _CAPTION)

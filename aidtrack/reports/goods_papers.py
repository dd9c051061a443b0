"""R4 and R8: what was due and delivered, and the papers on which goods came and were lost. The page is `outline`'s."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.reports import outline, tables
from aidtrack.reports.fonts import NARROW
from aidtrack.reports.outline import STORE_SIGNED_BY, Outline
from aidtrack.reports.page import A4_ACROSS, Figure, Sheet, Stamp
from aidtrack.reports.sections import Section
from aidtrack.reports.tables import NONE, Column, Row, counts, signed
from aidtrack.services.overview import DeliveredFigures, DeliveryReport, GoodsReport, ItemFlow, LossLine, PassedLine

# ── R4 ───────────────────────────────────────────────────────────────────────────────────────────


def delivered_pdf(report: DeliveryReport, stamp: Stamp, lang: str) -> bytes:
    """Due against delivered, item by item."""
    paper = Outline(
        title=Text("Due and delivered"),
        context=outline.days_counted(report.open_days),
        figures=lambda sheet: _delivered_figures(report, sheet),
        parts=(_delivered(report, lang),),
        terms=Text(
            "Due is what the rules gave at each hand-over, with what was allowed above them. “Given less”: the family took part of it now. "
            "“Wait list”: a place was kept, nothing is owed, and it is in no other column. Figures come from hand-overs that stand, not "
            "from estimates."
        ),
    )
    return outline.make_pdf(paper, stamp, lang)


def _delivered_figures(report: DeliveryReport, sheet: Sheet) -> tuple[Figure, ...]:
    not_given = report.due - report.given
    families = Text.plural("to {n} family", "to {n} families", n=report.families)
    times = Text.plural("{n} hand-over", "{n} hand-overs", n=report.hand_overs)
    unwanted = Text("did not want {n}", n=sum(row.not_wanted for row in report.items))
    less = Text("given less {n}", n=sum(row.held_back for row in report.items))
    more = sum(row.more for row in report.items)
    share = i18n.share(report.given, report.due, sheet.lang)
    missing = Text.plural("unit not delivered", "units not delivered", n=not_given)
    above = Text.plural("unit above the rule", "units above the rule", n=more)
    return (
        Figure(share, Text("of what was due"), f"{sheet.say(families)}\n{sheet.say(times)}"),
        Figure(sheet.number(not_given), missing, f"{sheet.say(unwanted)}\n{sheet.say(less)}"),
        Figure(sheet.number(more), above, Text("allowed, each with a reason: see R10")),
    )


_DELIVERED = (
    Column(Text("item"), 42),
    Column(Text("unit"), 10, face=NARROW),
    Column(Text("families"), 12, right=True),
    Column(Text("due"), 14, right=True),
    Column(Text("handed over"), 13, right=True, bold=True),
    Column(Text("did not want"), 13, right=True),
    Column(Text("given less"), 12, right=True),
    Column(Text("wait list"), 15, right=True),
    Column(Text("above the rule"), 12, right=True),
    Column(Text("share"), 12.5, right=True),
    Column(Text("if not all, why"), 24.5, face=NARROW, smallest=8),
)


def _delivered(report: DeliveryReport, lang: str) -> Section:
    rows = [delivered_row(row, lang) for row in report.items]
    note = Text("an item: due = handed over + did not want + given less")
    title = Text("What they were due and what they received")
    total = delivered_sum(report.items, lang)
    return outline.part(title, _DELIVERED, rows, lang, total=total, note=note, check=_delivered_check(report))


def delivered_sum(rows: Sequence[DeliveredFigures], lang: str) -> Row:
    """What the items come to, families left out: one is served several of them."""
    sums = [sum(getattr(row, name) for row in rows) for name in ("due", "given", "not_wanted", "held_back", "waiting", "more")]
    words, share = i18n.render(_CONTROL_SUM, lang), i18n.share(sums[1], sums[0], lang, 0)
    return tables.total((words, "", "", *counts(sums, lang), share, ""))


def delivered_row(row: DeliveredFigures, lang: str) -> Row:
    """An item with its unit, families, units, share and why it is not all."""
    figures = counts((row.families, row.due, row.given, row.not_wanted, row.held_back, row.waiting, row.more), lang)
    share = i18n.share(row.given, row.due, lang, 0)
    return Row((i18n.pick(row.names, lang), i18n.render(row.unit, lang), *figures, share, i18n.render(row.why, lang) if row.why else NONE))


def _delivered_check(report: DeliveryReport) -> Text:
    sums: dict[str, Any] = {"units": report.given, "issued": report.issued, "returned": report.returned}
    if report.adds_up:
        return Text("It adds up: {units} units to families = {issued} from the shelves − {returned} put back (R5).", **sums)
    return Text(
        "It does not add up: {units} units to families, but {issued} from the shelves − {returned} put back (R5).", **sums
    )


# ── R8 ───────────────────────────────────────────────────────────────────────────────────────────


def goods_pdf(report: GoodsReport, stamp: Stamp, lang: str) -> bytes:
    """Receipts, losses, what was passed on, and the book of the shelves."""
    paper = Outline(
        title=Text("Receipts and losses"),
        context=outline.days_counted(report.open_days),
        figures=lambda sheet: _goods_figures(report, sheet),
        parts=_goods_parts(report, lang),
        terms=Text("In the book kits made here come in and their parts are passed on; of kits taken apart it is the other way round."),
        signed_by=STORE_SIGNED_BY,
        paper=A4_ACROSS,
    )
    return outline.make_pdf(paper, stamp, lang)


def _goods_parts(report: GoodsReport, lang: str) -> tuple[Section, ...]:
    """What was lost on the way stands where something was: most centres send nothing on."""
    lost = _losses(Text("Goods written off"), report.losses, lang)
    on_the_way = _losses(Text("Sent from here and lost on the way"), report.on_the_way, lang, Text("in the book it is passed on"))
    ways = (on_the_way,) if report.on_the_way else ()
    return _receipts(report, lang), lost, _passed_on(report, lang), *ways, _book(report, lang)


def _goods_figures(report: GoodsReport, sheet: Sheet) -> tuple[Figure, ...]:
    acts = len({line.number for line in report.receipts})
    losses = len({line.number for line in report.losses})
    short = sum(line.short for line in report.receipts)
    damaged = sum(line.damaged for line in report.receipts)
    return (
        Figure(
            sheet.number(report.taken_in),
            Text.plural("unit taken in", "units taken in", n=report.taken_in),
            Text.plural("on {n} receipt act", "on {n} receipt acts", n=acts),
        ),
        Figure(
            sheet.number(report.missing),
            Text("short or damaged"),
            Text("on delivery: short {short}, damaged {damaged}", short=short, damaged=damaged),
        ),
        Figure(
            sheet.number(report.lost),
            Text.plural("unit written off", "units written off", n=report.lost),
            sheet.say(Text.plural("on {n} write-off act", "on {n} write-off acts", n=losses))
            + "\n" + sheet.say(Text("lost on the way: {n}", n=report.lost_on_the_way)),
        ),
    )  # fmt: skip


_RECEIPTS = (
    Column(Text("document"), 32),
    Column(Text("day"), 20),
    Column(Text("supplier"), 50),
    Column(Text("their waybill"), 26, face=NARROW),
    Column(Text("item"), 58),
    Column(Text("on waybill"), 20, right=True),
    Column(Text("good"), 20, right=True, bold=True),
    Column(Text("damaged"), 23, right=True),
    Column(Text("short"), 23, right=True),
)


def _receipts(report: GoodsReport, lang: str) -> Section:
    rows = [
        Row((
            line.number, i18n.day_short(line.day, lang), line.supplier or NONE, line.waybill or NONE, i18n.pick(line.names, lang),
            NONE if line.promised is None else i18n.number(line.promised, lang), *counts((line.good, line.damaged, line.short), lang),
        ))
        for line in report.receipts
    ]  # fmt: skip
    promised = [line.promised for line in report.receipts]
    sums = [sum(getattr(line, name) for line in report.receipts) for name in ("good", "damaged", "short")]
    told = NONE if None in promised else i18n.number(sum(one or 0 for one in promised), lang)
    total = _total(_RECEIPTS, rows, 4, {5: told} | dict(enumerate(counts(sums, lang), 6)), lang)
    note = Text("on the waybill = good + damaged + short")
    return outline.part(Text("Goods received"), _RECEIPTS, rows, lang, total=total, note=note)


def _total(columns: Sequence[Column], rows: Sequence[Row], item: int, sums: Mapping[int, str], lang: str) -> Row | None:
    """What several rows come to: the words stand in the column of the `item`."""
    named = {item: i18n.render(_CONTROL_SUM, lang)} | dict(sums)
    return tables.total(named.get(n, "") for n in range(len(columns))) if len(rows) > 1 else None


_CONTROL_SUM = Text("Control sum (units differ)")
_LOSSES = (
    Column(Text("document"), 32),
    Column(Text("day"), 20),
    Column(Text("item"), 58),
    Column(Text("batch"), 26, face=NARROW),
    Column(Text("units"), 18, right=True, bold=True),
    Column(Text("cause"), 40),
    Column(Text("approved by"), 28),
    Column(Text("as it was written"), 50, face=NARROW),
)


def _losses(title: Text, lines: Sequence[LossLine], lang: str, note: Text | str = "") -> Section:
    rows = [
        Row((
            line.number, i18n.day_short(line.day, lang), i18n.pick(line.names, lang), line.lot or NONE, i18n.number(line.quantity, lang),
            i18n.render(line.cause, lang), i18n.render(line.approved, lang) if line.approved else NONE, line.note or NONE,
        ))
        for line in lines
    ]  # fmt: skip
    total = _total(_LOSSES, rows, 2, {4: i18n.number(sum(line.quantity for line in lines), lang)}, lang)
    return outline.part(title, _LOSSES, rows, lang, total=total, note=note)


_PASSED = (
    Column(Text("document"), 32),
    Column(Text("day"), 20),
    Column(Text("to whom"), 92),
    Column(Text("item"), 92),
    Column(Text("units"), 36, right=True, bold=True),
)


def _passed_on(report: GoodsReport, lang: str) -> Section:
    rows = [
        _passed_row(line.number, line.day, (_to(line, lang), i18n.pick(line.names, lang)), line.quantity, lang)
        for line in report.passed_on
    ]
    total = _total(_PASSED, rows, 3, {4: i18n.number(sum(line.quantity for line in report.passed_on), lang)}, lang)
    return outline.part(Text("Goods passed on"), _PASSED, rows, lang, total=total)


def _to(line: PassedLine, lang: str) -> str:
    """Городская больница № 2 · 60 человек"""
    people = Text.plural("{n} person", "{n} people", n=line.people)
    to = i18n.render(line.where, lang) if line.where else line.to
    return f"{to} · {i18n.render(people, lang)}" if line.people else to


def _passed_row(number: str, day: date, words: tuple[str, str], quantity: int, lang: str) -> Row:
    return Row((number, i18n.day_short(day, lang), words[0] or NONE, words[1], i18n.number(quantity, lang)))


BOOK = (
    Column(Text("item"), 82),
    Column(Text("unit"), 16, face=NARROW),
    Column(Text("at the start"), 22, right=True),
    Column(Text("came in"), 20, right=True, sign="+"),
    Column(Text("came back"), 20, right=True, sign="+"),
    Column(Text("given out"), 22, right=True, sign="−"),
    Column(Text("passed on"), 22, right=True, sign="−"),
    Column(Text("written off"), 22, right=True, sign="−"),
    Column(Text("by count"), 20, right=True, sign="±"),
    Column(Text("at the end"), 26, right=True, bold=True, sign="="),
)


def _book(report: GoodsReport, lang: str) -> Section:
    rows = [book_row(row, lang) for row in report.items]
    total = tables.total(book_row(ItemFlow({lang: i18n.render(_CONTROL_SUM, lang)}, Text(""), report.total), lang).cells)
    return outline.part(Text("The book of the shelves"), BOOK, rows, lang, total=total, check=_book_check(report))


def _book_check(report: GoodsReport) -> Text:
    flow = report.total
    sums: dict[str, Any] = {
        "closing": flow.closing, "opening": flow.opening, "received": flow.received, "returned": flow.returned, "issued": flow.issued,
        "passed": flow.transferred, "lost": flow.written_off, "count": abs(flow.difference), "acts": report.lost,
        "sign": "−" if flow.difference < 0 else "+",
    }  # fmt: skip
    if report.adds_up:
        return Text(
            "It adds up: {closing} = {opening} + {received} + {returned} − {issued} − {passed} − {lost} {sign} {count}; "
            "the acts wrote off {acts}.",
            **sums,
        )
    return Text("It does not add up: the book wrote off {lost}, the acts {acts}.", lost=flow.written_off, acts=report.lost)


def book_row(row: ItemFlow, lang: str) -> Row:
    """An item on the shelves from the first morning to the last evening."""
    flow = row.flow
    moved = counts((flow.received, flow.returned, flow.issued, flow.transferred, flow.written_off), lang)
    cells = (i18n.number(flow.opening, lang), *moved, signed(flow.difference, lang), i18n.number(flow.closing, lang))
    return Row((i18n.pick(row.names, lang), i18n.render(row.unit, lang), *cells))

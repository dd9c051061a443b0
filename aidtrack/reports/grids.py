"""Which figures of a report stand in which column of a table file. The files are `workbook`'s work."""

from __future__ import annotations

from collections.abc import Sequence

from aidtrack import i18n
from aidtrack.domain import small_counts
from aidtrack.domain.handover import COHORTS
from aidtrack.errors import Names, Text
from aidtrack.reports.workbook import Cell, Field, Grid
from aidtrack.services.overview import (
    AnnouncedFigures,
    ComplaintReport,
    DistributionReport,
    ExceptionReport,
    Flow,
    LaneFigures,
    OriginCell,
    PromiseReport,
    QueueReport,
    SaidFigures,
    StockReport,
)

_WAITS = (
    Field(Text("half waited, min"), "#indicator+wait_p50+num"),
    Field(Text("9 in 10 up to, min"), "#indicator+wait_p90+num"),
    Field(Text("the longest, min"), "#indicator+wait_max+num"),
)


# ── queue ────────────────────────────────────────────────────────────────────────────────────────


def queue_grids(report: QueueReport, lang: str) -> tuple[Grid, ...]:
    """By line, by hour, by window."""
    return _lanes(report, lang), _hours(report), _windows(report, lang)


def _lanes(report: QueueReport, lang: str) -> Grid:
    fields = (
        Field(Text("queue line"), "#service+lane"),
        Field(Text("name of the line"), "#service+name", 24),
        Field(Text("issued"), "#output+issued+num"),
        Field(Text("were served"), "#output+num+served"),
        Field(Text("not here"), "#output+missed+num"),
        Field(Text("went away"), "#output+left+num"),
        Field(Text("called off"), "#output+cancelled+num"),
        Field(Text("ran out of time"), "#output+expired+num"),
        Field(Text("in line or for tomorrow"), "#output+num+waiting"),
        *_WAITS,
    )
    rows = [_lane_row(lane, lang) for lane in report.lanes]
    return Grid("lines", Text("By line"), fields, tuple(rows), total=_lane_row(report.total, lang))


def _lane_row(lane: LaneFigures, lang: str) -> tuple[Cell, ...]:
    waits: tuple[Cell, ...] = (
        (lane.waits.half, lane.waits.nine_in_ten, lane.waits.longest) if lane.waits else (None,) * 3
    )
    ends = (lane.issued, lane.served, lane.not_here, lane.gone, lane.cancelled, lane.expired, lane.waiting)
    return (lane.letter, i18n.render(lane.name, lang), *ends, *waits)


def _hours(report: QueueReport) -> Grid:
    fields = (
        Field(Text("hour"), "#meta+hour"),
        Field(Text("issued"), "#output+issued+num"),
        Field(Text("were served"), "#output+num+served"),
        Field(Text("waiting at its end"), "#output+num+waiting"),
        _WAITS[0],
    )
    rows = [(f"{h.hour % 24:02}:00", h.issued, h.served, h.waiting, h.half) for h in report.hours]
    return Grid("hours", Text("By hour"), fields, tuple(rows))


def _windows(report: QueueReport, lang: str) -> Grid:
    fields = (
        Field(Text("window"), "#service+window"),
        Field(Text("what it gives"), "#item+list+name", 40),
        Field(Text("minutes at work"), "#indicator+num+open_minutes"),
        Field(Text("were served"), "#output+num+served"),
        Field(Text("seconds at the window"), "#indicator+num+service_seconds"),
    )
    rows = [
        (w.name, _names(w.gives, lang), w.seconds_open // 60, w.served, w.seconds_each)
        for w in report.windows
    ]
    return Grid("windows", Text("By window"), fields, tuple(rows))


# ── stock ────────────────────────────────────────────────────────────────────────────────────────

FLOW = (
    Field(Text("at the start"), "#indicator+num+opening"),
    Field(Text("came in"), "#indicator+num+received"),
    Field(Text("came back"), "#indicator+num+returned"),
    Field(Text("given out"), "#indicator+issued+num"),
    Field(Text("passed on"), "#indicator+num+transferred"),
    Field(Text("written off"), "#indicator+lost+num"),
    Field(Text("by count"), "#indicator+adjusted+num"),
    Field(Text("at the end"), "#indicator+closing+num"),
)


def stock_grids(report: StockReport, lang: str) -> tuple[Grid, ...]:
    """By item, by batch, documents, differences, the agreement with the hand-overs, and deliveries to come."""
    return (
        _items(report, lang),
        _lots(report, lang),
        _documents(report, lang),
        _differences(report, lang),
        _agreement(report),
        _deliveries(report.announced, lang),
    )


def flow_cells(flow: Flow) -> tuple[int, ...]:
    moved = (flow.received, flow.returned, flow.issued, flow.transferred, flow.written_off, flow.difference)
    return (flow.opening, *moved, flow.closing)


_CODE = Field(Text("code of the item"), "#item+code", 14)


def _items(report: StockReport, lang: str) -> Grid:
    fields = (
        _CODE,
        Field(Text("item"), "#item+name", 34),
        Field(Text("unit"), "#indicator+unit"),
        *FLOW,
        Field(Text("put aside"), "#indicator+num+reserved"),
        Field(Text("can be given out"), "#indicator+available+num"),
        Field(Text("enough for families"), "#indicator+families+num"),
        Field(Text("enough for days"), "#indicator+days_of_supply+num"),
        Field(Text("was counted"), "#indicator+counted+num"),
    )
    rows = [
        (
            item.code,
            i18n.pick(item.names, lang),
            i18n.render(item.unit, lang),
            *flow_cells(item.flow),
            item.put_aside,
            item.available,
            item.families,
            item.days,
            item.counted,
        )
        for item in report.items
    ]
    total: tuple[Cell, ...] = (
        "",
        i18n.render(Text("Control sum (units differ)"), lang),
        "",
        *flow_cells(report.total),
        report.put_aside,
    )
    end: tuple[Cell, ...] = (report.total.closing - report.put_aside, None, None, None)
    return Grid("items", Text("Stock by item"), fields, tuple(rows), is_state=True, total=(*total, *end))


def _lots(report: StockReport, lang: str) -> Grid:
    fields = (
        _CODE,
        Field(Text("item"), "#item+name", 34),
        Field(Text("batch"), "#meta+lot", 16),
        Field(Text("use by"), "#date+expiry"),
        *FLOW,
        Field(Text("put aside"), "#indicator+num+reserved"),
        Field(Text("can be given out"), "#indicator+available+num"),
        Field(Text("was counted"), "#indicator+counted+num"),
    )
    rows = [
        (item.code, i18n.pick(item.names, lang), lot.code, lot.use_by, *flow_cells(lot.flow), lot.put_aside, lot.available, lot.counted)
        for item in report.items
        for lot in item.lots
    ]
    return Grid("batches", Text("Stock by batch"), fields, tuple(rows))


def _documents(report: StockReport, lang: str) -> Grid:
    fields = (
        Field(Text("document"), "#meta+document", 18),
        Field(Text("what"), "#activity+name", 24),
        Field(Text("item"), "#item+name", 40),
        Field(Text("units"), "#indicator+moved+num"),
        Field(Text("time"), "#meta+time"),
    )
    rows = [(d.number, i18n.render(d.kind, lang), _names(d.items, lang), d.quantity, d.at) for d in report.documents]
    return Grid("documents", Text("Documents of the day"), fields, tuple(rows))


def _names(items: Sequence[Names], lang: str) -> str:
    return i18n.together(i18n.pick(names, lang) for names in items)


def _differences(report: StockReport, lang: str) -> Grid:
    fields = (
        Field(Text("item"), "#item+name", 34),
        Field(Text("batch"), "#meta+lot", 16),
        Field(Text("in the book"), "#indicator+book+num"),
        Field(Text("was seen"), "#indicator+counted+num"),
        Field(Text("difference"), "#indicator+adjusted+num"),
        Field(Text("explained in one sentence"), "#description", 50),
    )
    rows = [(i18n.pick(d.names, lang), d.lot, d.book, d.seen, d.difference, d.explanation) for d in report.differences]
    return Grid("differences", Text("Differences of the count"), fields, tuple(rows))


def _agreement(report: StockReport) -> Grid:
    book = report.reconciliation
    fields = (
        Field(Text("given from the shelf"), "#indicator+issued+num"),
        Field(Text("back on the shelf"), "#indicator+num+returned"),
        Field(Text("lines of the hand-overs"), "#indicator+lines+num"),
        Field(Text("difference"), "#indicator+adjusted+num"),
    )
    return Grid("agreement", Text("Agreement"), fields, ((book.issued, book.returned, book.lines, book.difference),))


# ── distribution ─────────────────────────────────────────────────────────────────────────────────

_SEX_TAGS = {"f": "f", "m": "m", "x": "x", "": "sex_unknown"}
AGE_TAGS = dict(
    zip(
        (*COHORTS, "?"),
        ("children+age_0_4", "children+age_5_11", "children+age_12_17", "adults+age_18_59", "elderly+age_60_plus", "age_unknown"),
        strict=True,
    )
)  # fmt: skip


def distribution_grids(report: DistributionReport, lang: str) -> tuple[Grid, ...]:
    """People by sex and age, items, what was given beside the families, districts, district with sex and age, lodging, and what did not
    agree."""
    return (
        *_ages(report, lang),
        _dues(report, lang),
        _beside(report, lang),
        _districts(report, lang),
        cells_grid(report.cells, lang),
        _lodgings(report, lang),
        said_grid(report.differences, lang),
    )


HARD = Text("Of them hard to walk or see")


def _ages(report: DistributionReport, lang: str) -> tuple[Grid, ...]:
    """Who is counted again as hard to walk, see, hear or speak stands in a part of its own."""
    fields = (
        Field(Text("who"), "#beneficiary+type", 30),
        *(Field(age_words(group), f"#reached+ind+{AGE_TAGS[group]}") for group in AGE_TAGS),
        Field(Text("all ages"), "#reached+ind+total"),
    )
    return tuple(
        Grid(name, title, fields, tuple((i18n.render(row.name, lang), *row.counts, row.total) for row in lines))
        for name, title, lines in (
            ("people", Text("People in the families served"), report.cohorts),
            ("people_hard", HARD, (report.with_difficulty,)),
        )
    )


def age_words(group: str) -> Text:
    return Text("age unknown") if group == "?" else Text("aged {ages}", ages=group.replace("-", "–"))


def _dues(report: DistributionReport, lang: str) -> Grid:
    fields = (
        Field(Text("item"), "#item+name", 34),
        Field(Text("unit"), "#indicator+unit"),
        Field(Text("due"), "#indicator+due+num"),
        Field(Text("handed over"), "#item+provided+num"),
        Field(Text("did not want"), "#indicator+declined+num"),
        Field(Text("given less"), "#indicator+less+num"),
        Field(Text("wait list"), "#indicator+num+waiting"),
        Field(Text("if not all, why"), "#description+reason", 28),
    )
    rows = [
        (
            i18n.pick(i.names, lang), i18n.render(i.unit, lang), i.due, i.given, i.not_wanted, i.held_back, i.waiting,
            i18n.render(i.why, lang) if i.why else "",
        )
        for i in report.items
    ]  # fmt: skip
    return Grid("items", Text("What they were due and what they received"), fields, tuple(rows))


def _beside(report: DistributionReport, lang: str) -> Grid:
    """Organisations and the free table, in no other figure of families and people."""
    fields = (
        Field(Text("to whom"), "#org+name+beneficiary", 34),
        Field(Text("paper"), "#meta+id+paper", 18),
        Field(Text("people, as the waybill says"), "#reached+ind+num+partner"),
        Field(Text("item"), "#item+name", 34),
        Field(Text("unit"), "#indicator+unit"),
        Field(Text("units"), "#item+provided+num"),
    )
    table = i18n.render(Text("free table"), lang)
    rows = [
        (one.organisation or table, one.document, one.people or None, i18n.pick(one.names, lang), i18n.render(one.unit, lang), one.quantity)
        for one in report.beside
    ]
    return Grid("beside", Text("Beside the families"), fields, tuple(rows))


def _place(names: Names | None, lang: str) -> str:
    return i18n.pick(names, lang) if names else i18n.render(Text("not stated"), lang)


def _districts(report: DistributionReport, lang: str) -> Grid:
    fields = (
        Field(Text("district"), "#adm2+name+origin", 30),
        Field(Text("families"), "#reached+hh"),
        Field(Text("people"), "#reached+ind+total"),
        Field(Text("new today"), "#reached+hh+new"),
        Field(Text("families to date"), "#reached+cumulative+hh"),
    )
    rows: list[tuple[Cell, ...]] = [
        (_place(o.names, lang), o.families, o.people, o.new, o.to_date) for o in report.origins
    ]
    return Grid("origins", Text("Where they came from"), fields, tuple(rows))


def cells_grid(cells: Sequence[OriginCell], lang: str) -> Grid:
    """District crossed with sex and age. What is too small says only that, and so do others beside it: nobody finds it by taking
    away from the totals."""
    fields = (
        Field(Text("district"), "#adm2+name+origin", 30),
        Field(Text("sex"), "#beneficiary+sex"),
        Field(Text("age"), "#beneficiary+age"),
        Field(Text("people"), "#reached+ind+total"),
        Field(Text("remark"), "#meta+remark", 16),
    )
    hidden = small_counts.hidden({_place_of(cell): cell.people for cell in cells})
    rows = [_cell_row(cell, _place_of(cell) in hidden, lang) for cell in cells]
    return Grid("origin_age", Text("Where they came from, by sex and age"), fields, tuple(rows))


def _place_of(cell: OriginCell) -> tuple[str, str]:
    """Line and column of the crossed table."""
    return str(cell.names), f"{cell.sex}:{cell.cohort}"


def _cell_row(cell: OriginCell, is_hidden: bool, lang: str) -> tuple[Cell, ...]:
    age = i18n.render(age_words(cell.cohort), lang)
    remark = i18n.render(Text("too few to tell"), lang) if is_hidden else ""
    return _place(cell.names, lang), _SEX_TAGS[cell.sex], age, None if is_hidden else cell.people, remark


def _lodgings(report: DistributionReport, lang: str) -> Grid:
    fields = (Field(Text("lodging"), "#beneficiary+lodging", 30), Field(Text("families"), "#reached+hh"))
    rows: list[tuple[Cell, ...]] = [
        (i18n.render(row.name or Text("not stated"), lang), row.families) for row in report.lodgings
    ]
    return Grid("lodging", Text("Where they live now"), fields, tuple(rows))


def said_grid(differences: Sequence[SaidFigures], lang: str) -> Grid:
    """What did not agree in the evening, and the sentence said about it."""
    fields = (
        Field(Text("what did not agree"), "#status+difference", 40),
        Field(Text("figures"), "#description+figures", 50),
        Field(Text("explained in one sentence"), "#description", 50),
    )
    rows = [(i18n.render(one.what, lang), i18n.render(one.figures, lang), one.sentence) for one in differences]
    return Grid("evening", Text("What did not agree, in one sentence each"), fields, tuple(rows))


# ── out of the ordinary ──────────────────────────────────────────────────────────────────────────


def exception_grids(report: ExceptionReport, lang: str) -> tuple[Grid, ...]:
    """Cancelled hand-overs, lines above the rule, deeds with their reasons."""
    return _cancelled(report, lang), _above(report, lang), _turned_away(report, lang), _declared(report, lang), *_rest(report, lang)


def _cancelled(report: ExceptionReport, lang: str) -> Grid:
    fields = (
        Field(Text("time"), "#meta+time"),
        Field(Text("window"), "#service+window"),
        Field(Text("sheet and line"), "#meta+sheet", 16),
        Field(Text("units"), "#indicator+num+units"),
        Field(Text("where the goods are"), "#status+goods", 30),
        Field(Text("why"), "#description+reason", 40),
    )
    rows: list[tuple[Cell, ...]] = [
        (c.at, c.window, c.signed, c.units, i18n.render(c.goods, lang), c.reason or i18n.render(c.part_of or Text(""), lang))
        for c in report.cancelled
    ]
    return Grid("cancelled", Text("Cancelled hand-overs"), fields, tuple(rows))


def _above(report: ExceptionReport, lang: str) -> Grid:
    fields = (
        Field(Text("time"), "#meta+time"),
        Field(Text("window"), "#service+window"),
        Field(Text("item"), "#item+name", 34),
        Field(Text("allowed"), "#indicator+allowed+num"),
        Field(Text("given"), "#item+provided+num"),
        Field(Text("who allowed it, and why"), "#description+reason", 40),
    )
    rows: list[tuple[Cell, ...]] = [
        (m.at, m.window, i18n.pick(m.names, lang), m.allowed, m.given, i18n.render(m.allowed_by or Text(""), lang))
        for m in report.more
    ]
    return Grid("above", Text("More than the rule allows"), fields, tuple(rows))


def complaint_grids(report: ComplaintReport, lang: str) -> tuple[Grid, ...]:
    """How disputes ended (R13)."""
    fields = (
        Field(Text("how it ended"), "#status+outcome", 40),
        Field(Text("today"), "#indicator+num+today"),
        Field(Text("seven days"), "#indicator+num+week"),
        Field(Text("to date"), "#indicator+num+total"),
    )
    rows: list[tuple[Cell, ...]] = [(i18n.render(one.name, lang), one.today, one.week, one.to_date) for one in report.rows]
    return (Grid("complaints", Text("How disputes ended"), fields, tuple(rows)),)


def _rest(report: ExceptionReport, lang: str) -> tuple[Grid, Grid]:
    return _look_ups(report, lang), _deeds(report, lang)


def _declared(report: ExceptionReport, lang: str) -> Grid:
    fields = (
        Field(Text("item"), "#item+name", 34),
        Field(Text("stamped on"), "#meta+stamped"),
        Field(Text("families"), "#reached+hh"),
    )
    rows: list[tuple[Cell, ...]] = [(i18n.pick(one.names, lang), one.stamped_on, one.families) for one in report.declared]
    return Grid("declared", Text("Declared by cards of other centres"), fields, tuple(rows))


def _turned_away(report: ExceptionReport, lang: str) -> Grid:
    fields = (
        Field(Text("time"), "#meta+time"),
        Field(Text("card"), "#beneficiary+code"),
        Field(Text("what was said"), "#status+said", 24),
        Field(Text("from when"), "#date+next"),
        Field(Text("took a number all the same"), "#status+returned"),
    )
    rows: list[tuple[Cell, ...]] = [
        (one.at, one.card_tail, i18n.render(one.said, lang), one.next_day, i18n.render(Text("yes"), lang) if one.came_in else "")
        for one in report.turned_away
    ]
    return Grid("turned_away", Text("Told “not today” at the door"), fields, tuple(rows))


def _look_ups(report: ExceptionReport, lang: str) -> Grid:
    fields = (
        Field(Text("time"), "#meta+time"),
        Field(Text("card"), "#beneficiary+code"),
        Field(Text("how it was opened"), "#service+used", 24),
        Field(Text("how often"), "#indicator+num+times"),
    )
    rows: list[tuple[Cell, ...]] = [
        (one.at, one.card_tail, i18n.render(one.how, lang), one.times) for one in report.look_ups
    ]
    return Grid("look_ups", Text("Families looked at and nothing done"), fields, tuple(rows))


def _deeds(report: ExceptionReport, lang: str) -> Grid:
    fields = (
        Field(Text("what was done"), "#activity+name", 34),
        Field(Text("how often"), "#indicator+num+times"),
        Field(Text("reasons written down"), "#description+reason", 40),
    )
    rows: list[tuple[Cell, ...]] = [(i18n.render(d.name, lang), d.count, "; ".join(d.reasons)) for d in report.deeds]
    return Grid("deeds", Text("Deeds to answer for"), fields, tuple(rows))


# ── promises ─────────────────────────────────────────────────────────────────────────────────────


def promise_grids(report: PromiseReport, lang: str) -> tuple[Grid, ...]:
    """Overdue promises, what is owed and waited for by item, deliveries to come, cancelled promises."""
    return _overdue(report, lang), _owed(report, lang), _deliveries(report.announced, lang), _promise_ends(report, lang)


def _overdue(report: PromiseReport, lang: str) -> Grid:
    fields = (
        Field(Text("item"), "#item+name", 34),
        Field(Text("card"), "#beneficiary+card+id", 18),
        Field(Text("units"), "#indicator+num+overdue"),
        Field(Text("promised for"), "#date+promised"),
        Field(Text("days late"), "#indicator+days_late+num"),
        Field(Text("why"), "#description+reason", 34),
    )
    rows = [
        (i18n.pick(one.names, lang), one.card, one.owed, one.until, one.days_late, i18n.render(one.why, lang))
        for one in report.overdue
    ]
    return Grid("overdue", Text("Overdue promises"), fields, tuple(rows))


def _owed(report: PromiseReport, lang: str) -> Grid:
    fields = (
        Field(Text("item"), "#item+name", 34),
        Field(Text("unit"), "#indicator+unit"),
        Field(Text("promises"), "#indicator+num+open"),
        Field(Text("units"), "#indicator+num+units"),
        Field(Text("stand ready"), "#indicator+num+reserved"),
        Field(Text("on the way"), "#indicator+expected+num"),
        Field(Text("overdue"), "#indicator+num+overdue"),
        Field(Text("oldest, days"), "#indicator+num+oldest_days"),
        Field(Text("made today"), "#output+made+num"),
        Field(Text("kept, units"), "#output+fulfilled+num"),
        Field(Text("wait list"), "#indicator+num+waiting"),
        Field(Text("wait list, units"), "#indicator+num+waiting_units"),
        Field(Text("waiting longest, days"), "#indicator+num+waiting_days"),
        Field(Text("told that it came"), "#output+called+num"),
    )
    rows = [
        (
            i18n.pick(one.names, lang), i18n.render(one.unit, lang), one.promises, one.units, one.ready, one.expected,
            one.overdue, one.oldest_days, one.made_today, one.kept_today, one.waiting, one.waiting_units, one.waiting_days,
            one.called,
        )
        for one in report.items
    ]  # fmt: skip
    return Grid("items", Text("Promises by item"), fields, tuple(rows))


def _deliveries(announced: Sequence[AnnouncedFigures], lang: str) -> Grid:
    fields = (
        Field(Text("from whom"), "#org+name+supplier", 28),
        Field(Text("expected"), "#date+expected"),
        Field(Text("item"), "#item+name", 34),
        Field(Text("units"), "#indicator+announced+num"),
        Field(Text("promised of it"), "#indicator+num+promised"),
    )
    rows = [
        (one.supplier, one.expected_on, i18n.pick(one.names, lang), one.quantity, one.promised) for one in announced
    ]
    return Grid("announced", Text("Announced deliveries"), fields, tuple(rows))


def _promise_ends(report: PromiseReport, lang: str) -> Grid:
    fields = (
        Field(Text("item"), "#item+name", 34),
        Field(Text("reason"), "#description+reason", 34),
        Field(Text("families"), "#affected+hh+num"),
        Field(Text("units"), "#indicator+cancelled+num"),
    )
    rows = [(i18n.pick(one.names, lang), i18n.render(one.reason, lang), one.families, one.units) for one in report.ends]
    return Grid("cancelled", Text("Cancelled promises"), fields, tuple(rows))

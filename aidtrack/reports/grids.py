"""Which figures of the queue and the stock report stand in which column of a table file. The files are `workbook`'s work."""

from __future__ import annotations

from collections.abc import Sequence

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.reports.workbook import Cell, Field, Grid
from aidtrack.services.overview import Flow, LaneFigures, QueueReport, StockReport

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
    rows = [_lane_row(lane, lang) for lane in (*report.lanes, report.total)]
    return Grid("lines", Text("By line"), fields, tuple(rows))


def _lane_row(lane: LaneFigures, lang: str) -> tuple[Cell, ...]:
    waits: tuple[Cell, ...] = (
        (lane.waits.half, lane.waits.nine_in_ten, lane.waits.longest) if lane.waits else (None,) * 3
    )
    ends = (lane.issued, lane.served, lane.not_here, lane.gone, lane.cancelled, lane.expired, lane.waiting)
    return (lane.letter, i18n.render(lane.name, lang), *ends, *waits)


def _hours(report: QueueReport) -> Grid:
    fields = (
        Field(Text("hour"), "#date+hour"),
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
        (w.name, ", ".join(i18n.pick(names, lang) for names in w.gives), w.seconds_open // 60, w.served, w.seconds_each)
        for w in report.windows
    ]
    return Grid("windows", Text("By window"), fields, tuple(rows))


# ── stock ────────────────────────────────────────────────────────────────────────────────────────

_FLOW = (
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
    """By item, by batch, documents, differences, and the agreement with the hand-overs."""
    return (
        _items(report, lang),
        _lots(report, lang),
        _documents(report, lang),
        _differences(report, lang),
        _agreement(report),
    )


def _flow(flow: Flow) -> tuple[int, ...]:
    moved = (flow.received, flow.returned, flow.issued, flow.transferred, flow.written_off, flow.difference)
    return (flow.opening, *moved, flow.closing)


def _items(report: StockReport, lang: str) -> Grid:
    fields = (
        Field(Text("item"), "#item+name", 34),
        Field(Text("unit"), "#indicator+unit"),
        *_FLOW,
        Field(Text("put aside"), "#indicator+num+reserved"),
        Field(Text("can be given out"), "#indicator+available+num"),
        Field(Text("enough for families"), "#indicator+families+num"),
        Field(Text("enough for days"), "#indicator+days_of_supply+num"),
        Field(Text("was counted"), "#indicator+counted+num"),
    )
    rows = [
        (
            i18n.pick(item.names, lang),
            i18n.render(item.unit, lang),
            *_flow(item.flow),
            item.put_aside,
            item.available,
            item.families,
            item.days,
            item.counted,
        )
        for item in report.items
    ]
    total: tuple[Cell, ...] = (
        i18n.render(Text("Control sum (units differ)"), lang),
        "",
        *_flow(report.total),
        report.put_aside,
    )
    end: tuple[Cell, ...] = (report.total.closing - report.put_aside, None, None, None)
    return Grid("items", Text("Stock by item"), fields, (*rows, (*total, *end)))


def _lots(report: StockReport, lang: str) -> Grid:
    fields = (
        Field(Text("item"), "#item+name", 34),
        Field(Text("batch"), "#meta+lot", 16),
        Field(Text("use by"), "#date+expiry"),
        *_FLOW,
        Field(Text("put aside"), "#indicator+num+reserved"),
        Field(Text("can be given out"), "#indicator+available+num"),
        Field(Text("was counted"), "#indicator+counted+num"),
    )
    rows = [
        (i18n.pick(item.names, lang), lot.code, lot.use_by, *_flow(lot.flow), lot.put_aside, lot.available, lot.counted)
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
        Field(Text("time"), "#date+time"),
    )
    rows = [(d.number, i18n.render(d.kind, lang), _names(d.items, lang), d.quantity, d.at) for d in report.documents]
    return Grid("documents", Text("Documents of the day"), fields, tuple(rows))


def _names(items: Sequence[object], lang: str) -> str:
    return ", ".join(i18n.pick(names, lang) for names in items if isinstance(names, dict))


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

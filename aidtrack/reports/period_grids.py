"""The tables of the papers of a day or of several, with the tags of domain.md §6.1 (E1–E4). The files are `workbook`'s work."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from aidtrack import i18n
from aidtrack.domain.handover import COHORTS, UNKNOWN_AGE
from aidtrack.domain.small_counts import FEWEST
from aidtrack.errors import Names, Text
from aidtrack.reports.grids import AGE_TAGS, FLOW, HARD, age_words, cells_grid, flow_cells
from aidtrack.reports.workbook import Cell, Field, Grid
from aidtrack.services.overview import ActivityReport as _ActivityReport
from aidtrack.services.overview import (
    AgeReport,
    CohortFigures,
    DeliveryReport,
    DisclosureReport,
    GoodsReport,
    LossLine,
    OriginReport,
    PassedLine,
    ProgrammeReport,
)

_Rows = list[tuple[Cell, ...]]
_SEX_TAGS = ("f", "m", "x", "sex_unknown")
_GROUPS = (*COHORTS, UNKNOWN_AGE)
IN_KIND = Text("in kind")


# ── R2, E1 ───────────────────────────────────────────────────────────────────────────────────────


def age_grids(report: AgeReport, lang: str) -> tuple[Grid, ...]:
    """One line with a column for each sex and age, as others take it in (E1); then the same as people read it."""
    return _reached(report), *_ages(report, lang), _needs(report, lang)


def _needs(report: AgeReport, lang: str) -> Grid:
    """What is too small to be told says only that."""
    fields = (
        Field(Text("what helps"), "#need+type", 34),
        Field(Text("people"), "#reached+ind+num+need"),
        Field(Text("remark"), "#meta+remark", 16),
    )
    few = i18n.render(Text("too few to tell"), lang)
    rows: _Rows = [
        (i18n.render(one.name, lang), one.people, "") if one.people >= FEWEST else (i18n.render(one.name, lang), None, few)
        for one in report.needs
    ]
    return Grid("needs", Text("What helps the people reached"), fields, tuple(rows))


def _reached(report: AgeReport) -> Grid:
    fields = [
        Field(Text("organisation"), "#org+impl+name", 26),
        Field(Text("region, code"), "#adm1+code"),
        Field(Text("families"), "#reached+hh"),
        Field(Text("people"), "#reached+ind+total"),
    ]
    cells: list[Cell] = [report.organisation, report.region, report.families, report.people]
    for tag, row in zip(_tags_of(report.cohorts), report.cohorts, strict=True):
        for group, count in zip(_GROUPS, row.counts, strict=True):
            words = Text("{who}, {ages}", who=row.name, ages=age_words(group))
            fields.append(Field(words, f"#reached+{tag}+{AGE_TAGS[group]}"))
            cells.append(count)
    fields += [
        Field(Text("hard to walk or see"), "#reached+ind+disability"),
        Field(Text("hand-overs"), "#output+num+visits"),
        Field(Text("days open"), "#indicator+num+days"),
    ]
    return Grid("reached", Text("People reached"), tuple(fields), ((*cells, report.with_difficulty, report.hand_overs, report.open_days),))


def _tags_of(cohorts: Sequence[CohortFigures]) -> list[str]:
    """Women and men stand always, the other two only where there is somebody."""
    rare = {Text("Other"): "x", Text("Sex not stated"): "sex_unknown"}
    return [*_SEX_TAGS[:2], *(rare[row.name] for row in cohorts[2:])]


def _ages(report: AgeReport, lang: str) -> tuple[Grid, Grid]:
    """All of them, and once more those for whom it is hard to walk, see, hear or speak."""
    fields = (
        Field(Text("who"), "#beneficiary+type", 34),
        *(Field(age_words(group), f"#reached+ind+{AGE_TAGS[group]}") for group in _GROUPS),
        Field(Text("all ages"), "#reached+ind+total"),
    )
    whole: _Rows = [(i18n.render(row.name, lang), *row.counts, row.total) for row in report.cohorts]
    hard: _Rows = [(i18n.render(row.name, lang), *part.counts, part.total) for row, part in zip(report.cohorts, report.hard, strict=True)]
    return Grid("ages", Text("People by sex and age"), fields, tuple(whole)), Grid("ages_hard", HARD, fields, tuple(hard))


# ── R3 ───────────────────────────────────────────────────────────────────────────────────────────


def origin_grids(report: OriginReport, lang: str) -> tuple[Grid, ...]:
    """Districts, places, and districts crossed with sex and age."""
    return _districts(report, lang), _places(report, lang), cells_grid(report.cells, lang)


_COUNTED = (
    Field(Text("families"), "#reached+hh"),
    Field(Text("people"), "#reached+ind+total"),
    Field(Text("for the first time"), "#reached+hh+new"),
    Field(Text("families to date"), "#reached+cumulative+hh"),
)


def _name(names: Names | None, other: Text, lang: str) -> str:
    return i18n.pick(names, lang) if names else i18n.render(other, lang)


def _districts(report: OriginReport, lang: str) -> Grid:
    fields = (Field(Text("code"), "#adm2+code+origin", 24), Field(Text("district"), "#adm2+name+origin", 30), *_COUNTED)
    rows: _Rows = [
        (o.code, _name(o.names, Text("not stated"), lang), o.families, o.people, o.new, o.to_date)
        for o in (district.whole for district in report.districts)
    ]
    return Grid("districts", Text("Districts"), fields, tuple(rows))


def _places(report: OriginReport, lang: str) -> Grid:
    fields = (
        Field(Text("district"), "#adm2+name+origin", 30),
        Field(Text("code of the place"), "#loc+code+origin", 24),
        Field(Text("place"), "#loc+name+origin", 30),
        *_COUNTED,
    )
    rows: _Rows = [
        (
            _name(district.whole.names, Text("not stated"), lang), o.code, _name(o.names, Text("other places together"), lang),
            o.families, o.people, o.new, o.to_date,
        )
        for district in report.districts
        for o in district.places
    ]  # fmt: skip
    return Grid("places", Text("Places"), fields, tuple(rows))


# ── R4, E2 ───────────────────────────────────────────────────────────────────────────────────────


def _item_fields(lang: str) -> tuple[Field, ...]:
    return (
        Field(Text("code of the item"), "#item+code", 14),
        Field(Text("item"), f"#item+i_{lang}+name", 34),
        Field(Text("unit"), "#indicator+unit"),
    )


_DELIVERED = (
    Field(Text("families"), "#reached+hh"),
    Field(Text("due"), "#indicator+due+num"),
    Field(Text("handed over"), "#item+num+provided"),
    Field(Text("did not want"), "#indicator+declined+num"),
    Field(Text("given less"), "#indicator+less+num"),
    Field(Text("wait list"), "#indicator+num+waiting"),
    Field(Text("above the rule"), "#indicator+more+num"),
)


def delivery_grids(report: DeliveryReport, lang: str) -> tuple[Grid, ...]:
    """Item by item (E2)."""
    why = Field(Text("if not all, why"), "#description+reason", 28)
    paid = Field(Text("funder"), "#org+funder+name", 26)
    fields = (*_item_fields(lang), *_DELIVERED, Field(Text("how it was given"), "#modality+name"), paid, why)
    rows: _Rows = [
        (
            r.code, i18n.pick(r.names, lang), i18n.render(r.unit, lang), r.families, r.due, r.given, r.not_wanted, r.held_back, r.waiting,
            r.more, i18n.render(IN_KIND, lang), r.funder, i18n.render(r.why, lang) if r.why else "",
        )
        for r in report.items
    ]  # fmt: skip
    return (Grid("delivered", Text("Due and delivered"), fields, tuple(rows)),)


# ── R8 ───────────────────────────────────────────────────────────────────────────────────────────


def goods_grids(report: GoodsReport, lang: str) -> tuple[Grid, ...]:
    """Receipts, losses, what was passed on, the book."""
    losses = _losses("losses", Text("Goods written off"), report.losses, lang)
    on_the_way = _losses("on_the_way", Text("Sent from here and lost on the way"), report.on_the_way, lang)
    return _receipts(report, lang), losses, _passed(report, lang), on_the_way, _book(report, lang)


_PAPER = (Field(Text("document"), "#meta+document", 18), Field(Text("day"), "#date+occurred+document"))


def _receipts(report: GoodsReport, lang: str) -> Grid:
    fields = (
        *_PAPER,
        Field(Text("supplier"), "#org+name+supplier", 26),
        Field(Text("their waybill"), "#meta+waybill", 16),
        Field(Text("donor"), "#org+funder+name", 26),
        Field(Text("item"), "#item+name", 34),
        Field(Text("on waybill"), "#indicator+num+promised"),
        Field(Text("good"), "#indicator+num+received"),
        Field(Text("damaged"), "#indicator+damaged+num"),
        Field(Text("short"), "#indicator+num+short"),
    )
    rows: _Rows = [
        (
            line.number, line.day, line.supplier, line.waybill, line.donor, i18n.pick(line.names, lang), line.promised, line.good,
            line.damaged, line.short,
        )
        for line in report.receipts
    ]  # fmt: skip
    return Grid("receipts", Text("Goods received"), fields, tuple(rows))


def _losses(name: str, title: Text, lines: Sequence[LossLine], lang: str) -> Grid:
    fields = (
        *_PAPER,
        Field(Text("item"), "#item+name", 34),
        Field(Text("batch"), "#meta+lot", 16),
        Field(Text("units"), "#indicator+lost+num"),
        Field(Text("cause"), "#status+cause", 24),
        Field(Text("as it was written"), "#description+reason", 40),
        Field(Text("approved by"), "#status+approved", 20),
    )
    rows: _Rows = [
        (
            line.number, line.day, i18n.pick(line.names, lang), line.lot, line.quantity, i18n.render(line.cause, lang), line.note,
            i18n.render(line.approved, lang) if line.approved else "",
        )
        for line in lines
    ]  # fmt: skip
    return Grid(name, title, fields, tuple(rows))


def _passed(report: GoodsReport, lang: str) -> Grid:
    fields = (
        *_PAPER,
        Field(Text("to whom"), "#org+name+recipient", 26),
        Field(Text("item"), "#item+name", 34),
        Field(Text("units"), "#indicator+num+transferred"),
    )
    rows: _Rows = [
        (line.number, line.day, _to(line, lang), i18n.pick(line.names, lang), line.quantity) for line in report.passed_on
    ]
    return Grid("passed_on", Text("Goods passed on"), fields, tuple(rows))


def _to(line: PassedLine, lang: str) -> str:
    return i18n.render(line.where, lang) if line.where else line.to


def _book(report: GoodsReport, lang: str) -> Grid:
    fields = (Field(Text("item"), "#item+name", 34), Field(Text("unit"), "#indicator+unit"), *FLOW)
    rows: _Rows = [(i18n.pick(i.names, lang), i18n.render(i.unit, lang), *flow_cells(i.flow)) for i in report.items]
    total: tuple[Cell, ...] = (i18n.render(Text("Control sum (units differ)"), lang), "", *flow_cells(report.total))
    return Grid("book", Text("The book of the shelves"), fields, tuple(rows), total=total)


# ── R14, E4 ──────────────────────────────────────────────────────────────────────────────────────

_FIVE_W = (
    Field(Text("organisation"), "#org+impl+name", 26),
    Field(Text("programme"), "#org+name+prog", 30),
    Field(Text("funder"), "#org+funder+name", 26),
    Field(Text("sector"), "#sector+cluster+name", 26),
    Field(Text("subsector"), "#subsector+name"),
    Field(Text("activity"), "#activity+name", 24),
    Field(Text("how it was given"), "#modality+name"),
    Field(Text("code of the item"), "#item+code", 14),
    Field(Text("item"), "#item+name", 34),
    Field(Text("unit"), "#indicator+unit"),
    Field(Text("units"), "#indicator+num"),
    Field(Text("value"), "#value"),
    Field(Text("currency"), "#currency+code"),
    Field(Text("region, code"), "#adm1+code"),
    Field(Text("district, code"), "#adm2+code"),
    Field(Text("place"), "#loc+name+place", 20),
    Field(Text("for whom"), "#beneficiary+type", 20),
    Field(Text("people planned"), "#targeted+ind"),
    Field(Text("people"), "#reached+ind"),
    Field(Text("families"), "#reached+hh"),
    Field(Text("from"), "#date+given+start"),
    Field(Text("until"), "#date+end+given"),
    Field(Text("status"), "#status"),
    Field(Text("contact"), "#contact+email"),
)


def activity_grids(report: _ActivityReport, lang: str) -> tuple[Grid, ...]:
    """The 5W sheet (E4). Money, targets and contact are not known here and stay free."""
    say = partial(i18n.render, lang=lang)
    rows: _Rows = [
        (
            report.organisation, i18n.pick(a.programme, lang), a.funder, say(a.sector), None, say(Text("Handing goods over")), say(IN_KIND),
            a.code, i18n.pick(a.names, lang), say(a.unit), a.units, None, None, report.region, report.district, report.place,
            say(Text("people affected")), None, a.people, a.families, a.first, a.last,
            say(Text("ongoing") if a.is_running else Text("completed")), None,
        )
        for a in report.activities
    ]  # fmt: skip
    return (Grid("activities", Text("Who does what where"), _FIVE_W, tuple(rows)),)


# ── R16 ──────────────────────────────────────────────────────────────────────────────────────────


def programme_grids(report: ProgrammeReport, lang: str) -> tuple[Grid, ...]:
    """Programmes, and their items."""
    return _programmes(report, lang), _programme_items(report, lang)


def _programmes(report: ProgrammeReport, lang: str) -> Grid:
    fields = (
        Field(Text("programme"), "#org+name+prog", 30),
        Field(Text("funder"), "#org+funder+name", 26),
        Field(Text("from"), "#date+programme+start"),
        Field(Text("until"), "#date+end+programme"),
        Field(Text("families registered"), "#targeted+hh"),
        Field(Text("families"), "#reached+hh"),
        Field(Text("people"), "#reached+ind+total"),
        Field(Text("hand-overs"), "#output+num+visits"),
        Field(Text("hand-overs cancelled"), "#output+cancelled+num"),
    )
    rows: _Rows = [
        (
            i18n.pick(p.names, lang), p.donor, p.starts_on, p.ends_on, p.registered, p.families, p.people, p.hand_overs, p.cancelled,
        )
        for p in report.programmes
    ]  # fmt: skip
    return Grid("programmes", Text("Programmes"), fields, tuple(rows))


def _programme_items(report: ProgrammeReport, lang: str) -> Grid:
    fields = (Field(Text("programme"), "#org+name+prog", 30), *_item_fields(lang), *_DELIVERED, *FLOW)
    rows: _Rows = []
    for programme in report.programmes:
        for item in programme.items:
            d = item.delivered
            figures = (d.families, d.due, d.given, d.not_wanted, d.held_back, d.waiting, d.more)
            head = (i18n.pick(programme.names, lang), d.code, i18n.pick(d.names, lang), i18n.render(d.unit, lang))
            rows.append((*head, *figures, *flow_cells(item.flow)))
    return Grid("programme_items", Text("Goods of the programmes"), fields, tuple(rows))


# ── R18 ──────────────────────────────────────────────────────────────────────────────────────────


def disclosure_grids(report: DisclosureReport, lang: str) -> tuple[Grid, ...]:
    """The register, line by line."""
    fields = (
        Field(Text("number"), "#meta+disclosure", 18),
        Field(Text("day"), "#date+disclosed"),
        Field(Text("who asked"), "#org+name+recipient", 30),
        Field(Text("on what paper"), "#meta+paper", 20),
        Field(Text("for what"), "#description+purpose", 40),
        Field(Text("fields"), "#meta+fields", 40),
        Field(Text("people"), "#output+num+people"),
        Field(Text("families"), "#output+hh+num"),
        Field(Text("given by"), "#contact+name+given", 20),
        Field(Text("second person"), "#contact+name+second", 20),
    )
    rows: _Rows = [
        (r.number, r.day, r.asked_by, r.paper, r.purpose, " ".join(r.fields), r.people, r.families, r.given_by, r.second)
        for r in report.rows
    ]
    return (Grid("disclosures", Text("Register of disclosures"), fields, tuple(rows)),)

"""R6, R7 and R19 as tables of files, with HXL tags."""

from __future__ import annotations

from aidtrack import i18n
from aidtrack.domain.supply import advice
from aidtrack.errors import Text
from aidtrack.reports.workbook import Field, Grid
from aidtrack.services.overview import Expiring, GoodsRequest, Supply

_ITEM = Field(Text("item"), "#item+name", 32)
_UNIT = Field(Text("unit"), "#item+unit")


def enough_grids(supply: Supply, lang: str) -> tuple[Grid, ...]:
    """An item a row."""
    fields = (
        _ITEM,
        _UNIT,
        Field(Text("can be given out"), "#indicator+available+num"),
        Field(Text("units of one round"), "#indicator+num+round"),
        Field(Text("families it is for"), "#affected+families+num"),
        Field(Text("enough for about, families"), "#indicator+enough+num"),
        Field(Text("until about"), "#meta+until"),
        Field(Text("families in line"), "#affected+num+waiting"),
        Field(Text("have not had it, families"), "#affected+num+remaining"),
        Field(Text("expected"), "#indicator+expected+num"),
        Field(Text("expected on"), "#date+expected"),
    )
    rows = [
        (
            i18n.pick(one.names, lang), i18n.render(one.unit, lang), one.can_be_given, one.units, one.of_families,
            one.families, one.until, one.waiting, one.to_come, one.expected.units if one.expected else None,
            one.expected.first_on if one.expected else None,
        )
        for one in supply.lines
    ]  # fmt: skip
    return (Grid("enough", Text("Enough for …"), fields, tuple(rows), is_state=True),)


def expiring_grids(found: Expiring, lang: str) -> tuple[Grid, ...]:
    """A batch a row."""
    fields = (
        _ITEM,
        _UNIT,
        Field(Text("batch"), "#item+code+lot"),
        Field(Text("use by"), "#date+expiry"),
        Field(Text("days left"), "#indicator+days+num"),
        Field(Text("on the shelf"), "#indicator+num+stock"),
        Field(Text("a day at this pace"), "#indicator+num+pace"),
        Field(Text("will be left over"), "#indicator+left+num"),
        Field(Text("what to do"), "#activity+name", 24),
    )
    rows = [
        (
            i18n.pick(one.names, lang), i18n.render(one.unit, lang), one.lot, one.use_by, one.days, one.quantity,
            one.a_day, one.left, i18n.render(advice(one, found.lines, one.left), lang),
        )
        for one in found.lines
    ]  # fmt: skip
    return (Grid("expiring", Text("What expires"), fields, tuple(rows), is_state=True),)


def request_grids(request: GoodsRequest, lang: str) -> tuple[Grid, ...]:
    """An item a row, as it can be sent to whoever has the goods."""
    fields = (
        _ITEM,
        _UNIT,
        Field(Text("needed"), "#inneed+num"),
        Field(Text("can be given out"), "#indicator+available+num"),
        Field(Text("announced"), "#indicator+announced+num"),
        Field(Text("we ask for"), "#indicator+num+requested"),
    )
    rows = [
        (i18n.pick(one.names, lang), i18n.render(one.unit, lang), one.needed, one.can_be_given, one.announced, one.ask)
        for one in request.lines
    ]
    return (Grid("request", Text("Request for goods"), fields, tuple(rows), is_state=True),)

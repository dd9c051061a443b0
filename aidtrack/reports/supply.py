"""R6 enough for, R7 what expires, R19 the request for goods: three papers of one page or more, to decide by and to sign.

Owns the pages and their words; the figures come ready from `services.overview`.
"""

from __future__ import annotations

from collections.abc import Sequence

from aidtrack import i18n
from aidtrack.domain.supply import advice
from aidtrack.errors import Names, Text
from aidtrack.reports import outline
from aidtrack.reports.fonts import NARROW
from aidtrack.reports.outline import Outline
from aidtrack.reports.page import Figure, Sheet, Stamp
from aidtrack.reports.tables import NONE, Column, Row, counts
from aidtrack.services.overview import (
    EnoughLine,
    Expiring,
    ExpiringLine,
    GoodsRequest,
    RequestLine,
    Supply,
)

_TIMED = Text("signature, surname, time")


# ── R6 ───────────────────────────────────────────────────────────────────────────────────────────

_ENOUGH = (
    Column(Text("item"), 50),
    Column(Text("unit"), 14),
    Column(Text("can be given out"), 18, right=True),
    Column(Text("a family takes"), 17, right=True),
    Column(Text("enough for about, families"), 22, right=True, bold=True),
    Column(Text("until about"), 15, right=True),
    Column(Text("have not had it, families"), 22, right=True),
    Column(Text("expected"), 22, right=True),
)


def enough_pdf(supply: Supply, stamp: Stamp, lang: str) -> bytes:
    """R6: items a family would wait for in vain stand first in the figures."""
    rows = [_enough_row(line, lang) for line in supply.lines]
    paper = Outline(
        title=Text("Enough for …"),
        context=Text("What the shelves are enough for, against the families in line and those who have not had it yet."),
        figures=lambda sheet: _enough_figures(supply, sheet),
        parts=(outline.part(Text("Item by item"), _ENOUGH, rows, lang),),
        terms=Text(
            "Enough for: can be given out ÷ what an average family takes, rounded down to tens. Until about: with {families} families an "
            "hour from {opens}, rounded down to ten minutes; – is longer than a day, or the pace is not known. A forecast is no promise.",
            families=supply.families_per_hour, opens=f"{supply.opens_at:%H:%M}",
        ),
        signed_by=(Text("Storekeeper"), Text("Leader of the shift")),
        caption=_TIMED,
    )  # fmt: skip
    return outline.make_pdf(paper, stamp, lang)


def _enough_row(line: EnoughLine, lang: str) -> Row:
    a_family = i18n.decimal(line.units / line.of_families, lang) if line.of_families else NONE
    expected = NONE
    if line.expected is not None:
        expected = f"{i18n.number(line.expected.units, lang)}, {i18n.day_brief(line.expected.first_on, lang)}"
    return Row(
        (
            i18n.pick(line.names, lang), i18n.render(line.unit, lang), i18n.number(line.can_be_given, lang), a_family,
            i18n.number(line.families, lang) if line.of_families else NONE,
            f"{line.until:%H:%M}" if line.until is not None and line.families else NONE,
            i18n.number(line.to_come, lang), expected,
        )
    )  # fmt: skip


def _enough_figures(supply: Supply, sheet: Sheet) -> tuple[Figure, ...]:
    short = [line for line in supply.lines if line.is_short]
    first = min(supply.lines, key=lambda line: line.families, default=None)
    lacking = [line for line in supply.lines if not line.is_enough_for_all]
    wait = Text.plural("family in line", "families in line", n=supply.waiting)
    return (
        Figure(sheet.number(len(short)), Text("not enough for the line"), _names([line.names for line in short], sheet)),
        Figure(sheet.number(supply.waiting), wait, _least(first, sheet)),
        Figure(sheet.number(len(lacking)), Text("not enough for all"), _names([one.names for one in lacking], sheet)),
    )


def _names(names: Sequence[Names], sheet: Sheet) -> str:
    said = [i18n.pick(one, sheet.lang) for one in names]
    if not said:
        return sheet.say(Text("nobody waits in vain"))
    few = i18n.together(said[:2])
    return few if len(said) <= 2 else sheet.say(Text("{few} and {n} more", few=few, n=len(said) - 2))


def _least(first: EnoughLine | None, sheet: Sheet) -> str:
    if first is None:
        return sheet.say(Text("No programme gives anything yet."))
    words = Text("{item}: for about {n}", item=first.names, n=first.families)
    return sheet.say(words if first.families else Text("{item}: none", item=first.names))


# ── R7 ───────────────────────────────────────────────────────────────────────────────────────────

_EXPIRING = (
    Column(Text("item"), 43),
    Column(Text("batch"), 20, face=NARROW),
    Column(Text("use by"), 20),
    Column(Text("days left"), 17, right=True),
    Column(Text("on the shelf"), 15, right=True),
    Column(Text("a day at this pace"), 17, right=True),
    Column(Text("will be left over"), 17, right=True, bold=True),
    Column(Text("what to do"), 31, face=NARROW),
)
_BANDS = (0, 7, 30)


def expiring_pdf(found: Expiring, stamp: Stamp, lang: str) -> bytes:
    """R7: first expiring first; what will not be given out in time is bold."""
    rows = [_expiring_row(line, found, lang) for line in found.lines]
    paper = Outline(
        title=Text("What expires"),
        context=Text("Batches with a last day, in the order they are given out."),
        figures=lambda sheet: _bands(found, sheet),
        parts=(outline.part(Text("Batch by batch"), _EXPIRING, rows, lang),),
        terms=Text(
            "A day at this pace: units given on an average of the last three days with hand-overs. Will be left over: what still lies there"
            " after the last day when the pace stays. Give it first, or pass it on while there is time."
        ),
        signed_by=(Text("Storekeeper"), Text("Coordinator of the centre")),
        caption=_TIMED,
    )
    return outline.make_pdf(paper, stamp, lang)


def _expiring_row(line: ExpiringLine, found: Expiring, lang: str) -> Row:
    a_day, left = counts((line.a_day, line.left), lang)
    return Row(
        (
            i18n.pick(line.names, lang), line.lot or NONE, i18n.day_short(line.use_by, lang), i18n.number(line.days, lang),
            i18n.number(line.quantity, lang), a_day, left, i18n.render(advice(line, found.lines, line.left), lang),
        ),
        strong=frozenset({3}) if line.days <= _BANDS[1] else frozenset(),
    )  # fmt: skip


def _bands(found: Expiring, sheet: Sheet) -> tuple[Figure, ...]:
    over, week, month = (_within(found, n) for n in _BANDS)
    left = sum(line.left for line in found.lines if line.days <= _BANDS[2])
    return (
        Figure(sheet.number(over), _batches(over), Text("today is their last day,\nor it is over")),
        Figure(sheet.number(week - over), _batches(week - over), Text("have a week at most")),
        Figure(sheet.number(month - week), _batches(month - week), _left_words(left, sheet)),
    )


def _batches(n: int) -> Text:
    return Text.plural("dated batch", "dated batches", n=n)


def _within(found: Expiring, days: int) -> int:
    return sum(line.days <= days for line in found.lines)


def _left_words(left: int, sheet: Sheet) -> str:
    """Units of several kinds are a control sum only."""
    return sheet.say(Text("have a month at most;\ncontrol sum left over within it: {n}", n=sheet.number(left)))


# ── R19 ──────────────────────────────────────────────────────────────────────────────────────────

_REQUEST = (
    Column(Text("item"), 62),
    Column(Text("unit"), 16),
    Column(Text("needed"), 20, right=True),
    Column(Text("can be given out"), 20, right=True, sign="−"),
    Column(Text("announced"), 20, right=True, sign="−"),
    Column(Text("we ask for"), 20, right=True, bold=True, sign="="),
    Column(Text("agreed"), 22, right=True),
)


def request_pdf(request: GoodsRequest, stamp: Stamp, lang: str) -> bytes:
    """R19: to be signed and sent; what is asked for of nothing stands too, so that nobody wonders."""
    rows = [_request_row(line, lang) for line in request.lines]
    note = Text("we ask for = needed − can be given out − announced")
    paper = Outline(
        title=Text("Request for goods"),
        context=Text("What the centre needs for the next day, less what lies here and what is announced."),
        figures=lambda sheet: _request_figures(request, sheet),
        parts=(outline.part(Text("Item by item"), _REQUEST, rows, lang, note=note),),
        terms=Text(
            "Needed: {families} families as expected × what an average family takes by the rules, rounded up. Agreed: to be written by "
            "whoever sends the goods.",
            families=request.families,
        ),
        signed_by=(Text("Storekeeper"), Text("Coordinator of the centre"), Text("Agreed by")),
        caption=_TIMED,
    )
    return outline.make_pdf(paper, stamp, lang)


def _request_row(line: RequestLine, lang: str) -> Row:
    needed, announced, ask = counts((line.needed, line.announced, line.ask), lang)
    shelf = i18n.number(line.can_be_given, lang)  # a balance, so nothing is 0
    return Row((i18n.pick(line.names, lang), i18n.render(line.unit, lang), needed, shelf, announced, ask, ""))


def _request_figures(request: GoodsRequest, sheet: Sheet) -> tuple[Figure, ...]:
    asked = [line for line in request.lines if line.ask]
    items = Text.plural("item to ask for", "items to ask for", n=len(asked))
    families = Text.plural("family expected", "families expected", n=request.families)
    covered = len(request.lines) - len(asked)
    enough = Text.plural("item is enough", "items are enough", n=covered)
    moved = Text("{n} were served today,\n{m} numbers wait for tomorrow", n=request.served, m=request.moved)
    return (
        Figure(sheet.number(len(asked)), items, _asked_names(asked, sheet)),
        Figure(sheet.number(request.families), families, moved),
        Figure(sheet.number(covered), enough, Text("with what is announced")),
    )


def _asked_names(asked: Sequence[RequestLine], sheet: Sheet) -> str:
    return _names([line.names for line in asked], sheet) if asked else sheet.say(Text("nothing is missing"))

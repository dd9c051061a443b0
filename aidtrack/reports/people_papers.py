"""R2 and R3: people by sex and age, and where they came from. Owns the words and columns; the page is `outline`'s."""

from __future__ import annotations

from collections.abc import Sequence

from aidtrack import i18n
from aidtrack.domain.handover import COHORTS
from aidtrack.domain.small_counts import FEWEST
from aidtrack.errors import Text
from aidtrack.reports import outline, tables
from aidtrack.reports.outline import Outline
from aidtrack.reports.page import A4, Figure, Sheet, Stamp
from aidtrack.reports.sections import Section
from aidtrack.reports.tables import NONE, Column, Row, counts
from aidtrack.services.overview import AgeReport, CohortFigures, OriginFigures, OriginReport

_ONCE = Text(
    "Everybody is counted once for all the days, a family that came several times too; hand-overs count every time. Age is that on the "
    "day of the hand-over. Figures come from hand-overs, not from estimates."
)

_HARD = Text("of these with difficulty")


# ── R2 ───────────────────────────────────────────────────────────────────────────────────────────


def ages_pdf(report: AgeReport, stamp: Stamp, lang: str) -> bytes:
    """People by sex and age; one page."""
    paper = Outline(
        title=Text("People by sex and age"),
        context=outline.days_counted(report.open_days),
        figures=lambda sheet: _age_figures(report, sheet),
        parts=(_ages(report, lang), _shares(report, lang), _needs(report, lang)),
        terms=_ONCE,
    )
    return outline.make_pdf(paper, stamp, lang)


def _age_figures(report: AgeReport, sheet: Sheet) -> tuple[Figure, ...]:
    families = Text.plural("in {n} family", "in {n} families", n=report.families)
    hand_overs = Text.plural("{n} hand-over", "{n} hand-overs", n=report.hand_overs)
    women, men = report.cohorts[0].total, report.cohorts[1].total
    young = sum(sum(row.counts[:3]) for row in report.cohorts)
    old = sum(row.counts[len(COHORTS) - 1] for row in report.cohorts)
    people = Text.plural("person reached", "people reached", n=report.people)
    return (
        Figure(sheet.number(report.people), people, f"{sheet.say(families)}\n{sheet.say(hand_overs)}"),
        Figure(
            i18n.share(women, report.people, sheet.lang),
            Text("women and girls"),
            sheet.say(Text("women {women}, men {men}", women=women, men=men)) + "\n"
            + sheet.say(Text("under 18 {young}, aged 60+ {old}", young=young, old=old)),
        ),
        Figure(
            sheet.number(report.with_difficulty),
            Text("hard to walk or see"),
            Text("walk, see, hear or speak:\n{share} of all", share=i18n.share(report.with_difficulty, report.people, sheet.lang)),
        ),
    )  # fmt: skip


def _age_columns() -> tuple[Column, ...]:
    groups = tuple(Column(group.replace("-", "–"), 17, right=True) for group in COHORTS)
    ends = (Column(Text("age unknown"), 19, right=True), Column(Text("all ages"), 19, right=True, bold=True))
    return (Column("", A4.usable - 17 * len(COHORTS) - 38 - 17), *groups, *ends, Column(Text("share"), 17, right=True))


def _ages(report: AgeReport, lang: str) -> Section:
    columns = _age_columns()
    rows: list[Row] = []
    for row, hard in zip(report.cohorts, report.hard, strict=True):
        rows.append(_age_row(row, report.people, lang))
        rows.append(_age_row(CohortFigures(_HARD, hard.counts), report.people, lang, 3))
    everybody = CohortFigures(Text("All people"), _sums(report.cohorts))
    hard = CohortFigures(_HARD, _sums(report.hard))
    rows = [*tables.closed(rows), tables.total(_age_row(everybody, report.people, lang).cells)]
    rows += tables.closed([_age_row(hard, report.people, lang, 3)])
    parts = " + ".join(i18n.number(row.total, lang) for row in report.cohorts)
    check = Text("It adds up: {all} people = {parts}.", all=i18n.number(report.people, lang), parts=parts)
    return Section(Text("People by sex and age"), columns, tuple(rows), note=Text("persons"), check=check)


def _sums(rows: Sequence[CohortFigures]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*(row.counts for row in rows), strict=True)))


def _age_row(row: CohortFigures, everybody: int, lang: str, indent: float = 0) -> Row:
    share = i18n.share(row.total, everybody, lang, 1) if row.total else NONE
    cells = (*counts((*row.counts, row.total), lang), share)
    return Row((i18n.render(row.name, lang), *cells), indent=indent)


def _shares(report: AgeReport, lang: str) -> Section:
    """The same in percent of everybody."""
    columns = _age_columns()[:-1]
    rows = [_share_row(row.name, row.counts, report.people, lang) for row in report.cohorts]
    total = tables.total(_share_row(Text("All people"), _sums(report.cohorts), report.people, lang).cells)
    return outline.part(Text("Shares of all people"), columns, rows, lang, total=total, note=Text("percent"))


def _share_row(name: Text, numbers: Sequence[int], everybody: int, lang: str) -> Row:
    cells = [i18n.share(n, everybody, lang, 1) if n else NONE for n in (*numbers, sum(numbers))]
    return Row((i18n.render(name, lang), *cells))


_NEEDS = (Column(Text("what helps"), 120), Column(Text("people"), 30, right=True, bold=True), Column(Text("share"), 30, right=True))


def _needs(report: AgeReport, lang: str) -> Section:
    """A number so small that somebody might be recognised says only that."""
    rows = [
        Row((i18n.render(one.name, lang), i18n.number(one.people, lang), i18n.share(one.people, report.people, lang, 1)))
        if one.people >= FEWEST
        else Row((i18n.render(one.name, lang), f"< {FEWEST}", NONE))
        for one in report.needs
    ]
    note = Text("one person may stand in several lines")
    return outline.part(Text("What helps the people reached"), _NEEDS, rows, lang, note=note)


# ── R3 ───────────────────────────────────────────────────────────────────────────────────────────


def origins_pdf(report: OriginReport, stamp: Stamp, lang: str) -> bytes:
    """Districts and their places, as many pages as they need."""
    paper = Outline(
        title=Text("Where families came from"),
        context=outline.days_counted(report.open_days),
        figures=lambda sheet: _origin_figures(report, sheet),
        parts=(_origins(report, lang),),
        terms=Text(
            "Families are counted once for all the days. Places of fewer than five people stand together, so that nobody is recognised by "
            "where they come from. “To date”: from the first day of the centre to the last day of this paper."
        ),
    )
    return outline.make_pdf(paper, stamp, lang)


def _origin_figures(report: OriginReport, sheet: Sheet) -> tuple[Figure, ...]:
    total = report.total
    named = [row for row in report.districts if row.whole.names]
    first = max(named, key=lambda row: row.whole.families, default=None)
    unit = Text.plural("family served", "families served", n=total.families)
    people = Text.plural("{n} person in them", "{n} people in them", n=total.people)
    new = Text("for the first time {n}", n=total.new)
    most = Text("most from: {district}", district=first.whole.names or {}) if first else Text("none")
    unsaid = total.families - sum(row.whole.families for row in named)
    return (
        Figure(sheet.number(total.families), unit, f"{sheet.say(people)}\n{sheet.say(new)}"),
        Figure(sheet.number(len(named)), Text.plural("district of origin", "districts of origin", n=len(named)), most),
        Figure(sheet.number(unsaid), Text("place not named"), Text("families whose home is in no list of places")),
    )


_PLACES = (
    Column(Text("district and place"), 92),
    Column(Text("families"), 20, right=True, bold=True),
    Column(Text("people"), 20, right=True),
    Column(Text("for the first time"), 22, right=True),
    Column(Text("families\nto date"), 26, right=True),
)


def _origins(report: OriginReport, lang: str) -> Section:
    rows: list[Row] = []
    for district in report.districts:
        name = _place_name(district.whole, Text("not stated"), lang)
        is_alone = len(district.places) < 2 and district.places[0].names == district.whole.names
        whole = Row((name, *_numbers(district.whole, lang)), bold=True, keeps_next=not is_alone)
        rows.append(whole)
        places = () if is_alone else district.places
        rows += [Row((_place_name(row, Text("other places together"), lang), *_numbers(row, lang)), indent=3) for row in places]
    total = tables.total((i18n.render(Text("All"), lang), *_numbers(report.total, lang)))
    parts = " + ".join(i18n.number(row.whole.families, lang) for row in report.districts) or "0"
    check = Text("It adds up: {all} families = {parts}.", all=i18n.number(report.total.families, lang), parts=parts)
    note = Text("home district and place")
    return outline.part(Text("Where families came from"), _PLACES, rows, lang, total=total, note=note, check=check)


def _place_name(row: OriginFigures, other: Text, lang: str) -> str:
    return i18n.pick(row.names, lang) if row.names else i18n.render(other, lang)


def _numbers(row: OriginFigures, lang: str) -> tuple[str, ...]:
    return counts((row.families, row.people, row.new, row.to_date), lang)

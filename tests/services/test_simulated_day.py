"""A whole day on both databases: its truths hold, every report comes to what the raw tables come to, and prints the same for ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from aidtrack.demo import DAY
from aidtrack.domain.days import Period
from aidtrack.domain.people import Need
from aidtrack.domain.queueing import MAX_WAIT, USUAL_VISIT, Stage
from aidtrack.errors import NotFound
from aidtrack.reports import catalogue
from aidtrack.reports.catalogue import REPORTS, Format, Printed
from aidtrack.services import overview
from aidtrack.services.check import check
from aidtrack.services.overview.daily import COUNTED
from aidtrack.store.database import Database
from tests import recount
from tests.evening_proof import Evening
from tests.recount import Raw
from tests.simulation import OPENS, Simulation
from tests.visits import NEXT_DAY

DAYS = (Period.of(DAY), Period.of(NEXT_DAY), Period(DAY, NEXT_DAY))
FEW, MANY = 26, 800
PRINTED = Printed(OPENS)
PRINTED_AGAIN = tuple(report for report in REPORTS if report.has_tables)


@pytest.fixture
def day(database: Database) -> Simulation:
    """A short day, played to its end."""
    simulation = Simulation(database, FEW)
    simulation.run()
    return simulation


def test_a_simulated_day_proves_itself(database: Database, day: Simulation) -> None:
    prove(database, day)


@pytest.mark.soak
def test_a_day_of_eight_hundred_families_proves_itself(database: Database) -> None:
    simulation = Simulation(database, MANY, registrars=7)
    simulation.run()
    prove(database, simulation)


def prove(database: Database, day: Simulation) -> None:
    """Everything that must hold of such a day: in the evening, the morning after, and when a sheet is found then."""
    _adds_up(database, day, DAYS[:1])
    Evening(database, day).prove()
    before = papers(database, day)
    day.morning_after()
    _adds_up(database, day, DAYS)
    assert papers(database, day) == before
    _kept(database, day)
    day.a_sheet_is_found()
    _adds_up(database, day, DAYS)
    _revised(database, day)
    assert papers(database, day, revision=1) == before
    if database.is_sqlite:  # how a paper is drawn does not depend on the kind
        _every_paper(database, day)


def _adds_up(database: Database, day: Simulation, periods: tuple[Period, ...]) -> None:
    assert database.read(lambda s: check(s, day.coordinator)).failures == ()
    for period in periods:
        _people(database, day, period)
        _goods(database, day, period)
    _queue(database, day)
    _exceptions(database, day)


def papers(database: Database, day: Simulation, revision: int | None = None) -> dict[str, bytes]:
    """The papers of the signed-off day that hold figures, byte for byte; how a paper is drawn does not depend on the database."""
    found = {}
    for report in PRINTED_AGAIN:
        figures = database.read(lambda s, r=report: r.figures(s, day.coordinator, DAY, revision if r.is_kept else None))
        for kind in (Format.PDF, Format.CSV) if database.is_sqlite else (Format.CSV,):
            found[f"{report.name}.{kind}"] = catalogue.make(report.name, kind, figures, PRINTED, "ru")
    return found


def _people(database: Database, day: Simulation, period: Period) -> None:
    """R2, R3, R14 and R16 against hand-overs, people and places."""
    by = day.coordinator
    with_raw = lambda count: database.read(lambda s: count(Raw(s, period.first, period.last)))  # noqa: E731
    ages = database.read(lambda s: overview.age_report(s, by, period))
    counted_again = with_raw(recount.people_by_sex)
    if period.first == DAY and period.last == DAY:
        assert ages.families > FEW * 0.7
    assert ages.families == with_raw(recount.families)
    assert ages.hand_overs == with_raw(recount.hand_overs)
    assert ages.people == sum(counted_again.values())
    assert [row.total for row in ages.cohorts[:2]] == [counted_again["f"], counted_again["m"]]
    assert sum(row.counts[3] for row in ages.cohorts) >= with_raw(recount.adults_by_full_date)
    origins = database.read(lambda s: overview.origin_report(s, by, period))
    assert Counter(one.whole.families for one in origins.districts) == with_raw(recount.families_by_district)
    assert origins.total.people == ages.people
    assert sum(cell.people for cell in origins.cells) == ages.people
    for district in origins.districts:
        assert sum(place.people for place in district.places) == district.whole.people
    activities = database.read(lambda s: overview.activity_report(s, by, period))
    assert (activities.families, activities.people) == (ages.families, ages.people)
    assert ages.new == with_raw(recount.new_families)
    assert {row.name: row.people for row in ages.needs} == {Need(need).text: n for need, n in with_raw(recount.needs).items()}
    (programme,) = database.read(lambda s: overview.programme_report(s, by, period)).programmes
    assert (programme.families, programme.people) == (ages.families, ages.people)
    assert programme.hand_overs == with_raw(recount.hand_overs_of_programmes)


def _goods(database: Database, day: Simulation, period: Period) -> None:
    """R4 and R8 against lines, movements and acts; truth T6 for every printed period."""
    by = day.coordinator
    with_raw = lambda count, *args: database.read(lambda s: count(Raw(s, period.first, period.last), *args))  # noqa: E731
    delivered = database.read(lambda s: overview.delivery_report(s, by, period))
    assert {r.code: (r.given, r.held_back, r.not_wanted) for r in delivered.items} == with_raw(recount.given)
    assert all(row.adds_up for row in delivered.items)
    goods = database.read(lambda s: overview.goods_report(s, by, period))
    codes = {row.code: row.names for row in delivered.items}
    flows = {str(item.names): item.flow for item in goods.items}
    for code, (opening, closing) in with_raw(recount.shelves).items():
        flow = flows.get(str(codes.get(code)))
        if flow is not None:
            assert (flow.opening, flow.closing) == (opening, closing), code
    total = goods.total
    assert sum(opening for opening, _ in with_raw(recount.shelves).values()) == total.opening
    assert sum(closing for _, closing in with_raw(recount.shelves).values()) == total.closing
    assert total.issued == with_raw(recount.moved, "issue", True)
    assert total.returned == with_raw(recount.moved, "return", False)
    assert total.transferred == with_raw(recount.moved, "transfer", True)
    assert total.written_off == goods.lost == with_raw(recount.moved, "write_off", True)
    assert total.difference == with_raw(recount.moved, "count", False)
    assert goods.taken_in == with_raw(recount.received_on_paper)
    activities = database.read(lambda s: overview.activity_report(s, by, period))
    assert {a.code: a.units for a in activities.activities} == with_raw(recount.given_by_rule)


def _queue(database: Database, day: Simulation) -> None:
    """R9 and truth T7: every number ended in one column."""
    report = database.read(lambda s: overview.queue_report(s, day.coordinator, DAY))
    raw, waits = database.read(lambda s: (recount.tickets(Raw(s, DAY, DAY)), recount.minutes_at_calls(Raw(s, DAY, DAY))))
    assert 0 < max(waits.values()) <= (MAX_WAIT + USUAL_VISIT[Stage.REGISTER]).total_seconds() / 60
    assert report.total.issued == day.issued == sum(sum(lane.values()) for lane in raw.values())
    for lane in report.lanes:
        states = raw.get(lane.letter, Counter())
        assert lane.adds_up
        assert (lane.served, lane.not_here, lane.gone) == (states["served"], states["missed"], states["left"])
        assert lane.waiting == states["waiting"]
    assert len(report.pauses) == 2
    assert report.hours[-1].hour >= 24, "the buses came after midnight"


def _exceptions(database: Database, day: Simulation) -> None:
    """R10, and R1 and R5 against one another and the lines."""
    report = database.read(lambda s: overview.exception_report(s, day.coordinator, DAY))
    raw = database.read(lambda s: (recount.cancelled(Raw(s, DAY, DAY)), recount.units_cancelled(Raw(s, DAY, DAY))))
    assert (len(report.cancelled), report.units_cancelled) == raw
    one = database.read(lambda s: overview.distribution_report(s, day.coordinator, DAY))
    ages = database.read(lambda s: overview.age_report(s, day.coordinator, Period.of(DAY)))
    delivered = database.read(lambda s: overview.delivery_report(s, day.coordinator, Period.of(DAY)))
    five = database.read(lambda s: overview.stock_report(s, day.coordinator, DAY))
    assert (one.families, one.people, one.units) == (ages.families, ages.people, delivered.given)
    assert five.total == database.read(lambda s: overview.goods_report(s, day.coordinator, Period.of(DAY))).total
    assert five.reconciliation.difference == 0
    assert one.adds_up


def _kept(database: Database, day: Simulation) -> None:
    """Truth T9: what became known the morning after changed nothing of the day that was signed off, and may be revised beside it."""
    for name, count in COUNTED.items():
        kept = database.read(lambda s, n=name: overview.revisions(s, day.coordinator, DAY, n))
        assert kept == (1,), name
        now = database.read(lambda s, c=count: c(s, day.coordinator, DAY))
        report = catalogue.report(name)
        then = database.read(lambda s, r=report: r.figures(s, day.coordinator, DAY))
        assert _without_head(now) == _without_head(then), name


def _revised(database: Database, day: Simulation) -> None:
    """What the found sheet changed stands in a revision beside the first print; what it did not change has none."""
    revised = {n for n in COUNTED if database.read(lambda s, n=n: overview.revisions(s, day.coordinator, DAY, n)) == (1, 2)}
    assert {"distribution", "stock", "delivered", "goods"} <= revised
    assert not {"queue", "promises", "complaints"} & revised


def _without_head(figures: object) -> Iterator[object]:
    from dataclasses import fields

    return [getattr(figures, f.name) for f in fields(figures) if f.name != "heading"]  # type: ignore[return-value,arg-type]


def _every_paper(database: Database, day: Simulation) -> None:
    """Every report of the list, of the day and of both days where that makes sense, in all its formats."""
    for report in REPORTS:
        for period in (DAYS[0], DAYS[2]) if report.is_of_period else DAYS[:1]:
            try:
                figures = database.read(lambda s, r=report, p=period: r.figures(s, day.coordinator, p))
            except NotFound:
                assert not report.has_tables, "only a paper to fill in may have nothing to print"
                continue
            for kind in report.formats:
                assert catalogue.make(report.name, kind, figures, PRINTED, "uk")

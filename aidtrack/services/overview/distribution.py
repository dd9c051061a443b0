"""R1: who was served that day, where they come from, what they were due and what they received."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.handover import COHORTS
from aidtrack.errors import Text
from aidtrack.services.overview.beside import beside_families, passed_on
from aidtrack.services.overview.delivered import delivered_rows, lines_above
from aidtrack.services.overview.figures import DistributionReport, DueFigures, QueueReport, StockReport
from aidtrack.services.overview.heading import Frame, frame_of
from aidtrack.services.overview.queue import count_queue
from aidtrack.services.overview.reached import (
    GROUPS,
    HARD,
    by_age,
    by_district,
    cells_of,
    cohort_rows,
    districts_of,
    families_to_date,
    lodgings_of,
    origins_of,
    reached,
    windows_of,
)
from aidtrack.services.overview.said import differences_of
from aidtrack.services.overview.stock import count_stock
from aidtrack.store.handover import HandOver, HandOverVoid

_MOST_PROBLEMS = 3


def count_distribution(session: Session, by: Actor, day: date) -> DistributionReport:
    """The figures of the distribution of a day; NotFound for a day that never was."""
    frame = frame_of(session, by, day)
    queue, shelves = count_queue(session, by, day), count_stock(session, by, day)
    districts = districts_of(session)
    served = reached(session, frame, districts)
    families, people = served.families, served.people
    counted = {group: sum(p.cohort == group for p in people) for group in GROUPS}
    return DistributionReport(
        heading=frame.heading,
        opened=queue.opened,
        closed=queue.closed,
        pauses=queue.pauses,
        windows=windows_of(session, frame),
        families=len(families),
        new=sum(family.is_new for family in families),
        cohorts=cohort_rows(people),
        with_difficulty=by_age(HARD, [p for p in people if p.has_difficulty]),
        children=sum(counted[group] for group in COHORTS[:3]),
        older=counted[COHORTS[-1]],
        items=_items(session, frame),
        origins=origins_of(served, by_district(families_to_date(session, frame), districts)),
        cells=cells_of(served),
        lodgings=lodgings_of(families),
        issued=shelves.reconciliation.issued,
        returned=shelves.reconciliation.returned,
        served_first=next((lane.served for lane in queue.lanes if lane.letter == "K"), 0),
        numbers_served=queue.total.served,
        left_unserved=queue.left_unserved,
        numbers=queue.total.issued,
        allowed_more=lines_above(session, frame),
        cancelled=shelves.reconciliation.cancelled,
        problems=_problems(queue, shelves),
        unregistered=_unregistered(session, frame),
        beside=beside_families(session, frame),
        passed=passed_on(session, frame, shelves.total.transferred),
        differences=differences_of(session, by, frame),
    )  # fmt: skip


def _items(session: Session, frame: Frame) -> tuple[DueFigures, ...]:
    return tuple(
        DueFigures(row.names, row.unit, row.due, row.given, row.not_wanted, row.held_back, row.waiting, row.why)
        for row in delivered_rows(session, frame)
        if row.due or row.waiting
    )


def _unregistered(session: Session, frame: Frame) -> int:
    """How many people goods were given for without registration."""
    query = (
        select(func.coalesce(func.sum(HandOver.people), 0))
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(HandOver.site_id == frame.site_id, HandOver.day == frame.day, HandOver.household_id.is_(None))
        .where(HandOverVoid.id.is_(None) | (HandOverVoid.day > frame.day))
    )
    return int(session.scalar(query) or 0)


# ── what must be said ────────────────────────────────────────────────────────────────────────────


def _problems(queue: QueueReport, shelves: StockReport) -> tuple[Text, ...]:
    """At most three sentences a clerk would ask about: what ran out, who was not reached. What did not agree stands below them."""
    return tuple([*_ran_out(shelves), *_not_reached(queue), *_scarce(shelves)][:_MOST_PROBLEMS])


def _ran_out(shelves: StockReport) -> list[Text]:
    gone = [item for item in shelves.items if item.flow.issued and item.available <= 0]
    return [Text("{item}: nothing left at the end of the day.", item=item.names) for item in gone]


def _not_reached(queue: QueueReport) -> list[Text]:
    found = []
    if queue.closed and queue.total.waiting:
        found.append(
            Text.plural(
                "{n} number goes on tomorrow and is called first.",
                "{n} numbers go on tomorrow and are called first.",
                n=queue.total.waiting,
            )
        )
    if queue.pauses and queue.total.waits:
        longest = queue.total.waits.longest
        found.append(Text("Pause: every number kept its place. The longest wait was {n} min.", n=longest))
    return found


def _scarce(shelves: StockReport) -> list[Text]:
    """What runs out first tomorrow."""
    scarce = sorted((item for item in shelves.items if item.until and item.families), key=lambda i: i.families or 0)
    return [
        Text.plural(
            "{item}: left for about {n} family, enough until about {time} tomorrow.",
            "{item}: left for about {n} families, enough until about {time} tomorrow.",
            item=item.names,
            n=item.families or 0,
            time=item.until,
        )
        for item in scarce[:1]
    ]

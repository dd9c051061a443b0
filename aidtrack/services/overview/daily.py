"""The reports of a day: counted while it runs, read as they were kept once it is signed off.

Owns the list of reports that are kept. How figures are counted and how they are kept stands beside it.
"""

from __future__ import annotations

from datetime import date
from typing import cast
from uuid import UUID

from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.days import Period
from aidtrack.errors import NotFound, Text
from aidtrack.services.days import DayRow
from aidtrack.services.overview import keeping
from aidtrack.services.overview.complaints import count_complaints
from aidtrack.services.overview.delivered import count_delivered
from aidtrack.services.overview.distribution import count_distribution
from aidtrack.services.overview.evening_figures import Expiring, GoodsRequest, ShiftReport, Supply
from aidtrack.services.overview.exceptions import count_exceptions
from aidtrack.services.overview.figures import (
    ComplaintReport,
    DistributionReport,
    ExceptionReport,
    PromiseReport,
    QueueReport,
    StockReport,
)
from aidtrack.services.overview.goods import count_goods
from aidtrack.services.overview.people_reached import count_ages, count_origins
from aidtrack.services.overview.period_figures import (
    ActivityReport,
    AgeReport,
    DeliveryReport,
    GoodsReport,
    OriginReport,
    ProgrammeReport,
)
from aidtrack.services.overview.programmes import count_activities, count_programmes
from aidtrack.services.overview.promises import count_promises
from aidtrack.services.overview.queue import count_queue
from aidtrack.services.overview.shift import count_shift
from aidtrack.services.overview.stock import count_stock
from aidtrack.services.overview.supply import count_expiring, count_request, count_supply

COUNTED: dict[str, keeping.Reader] = {
    "distribution": count_distribution,
    "queue": count_queue,
    "stock": count_stock,
    "exceptions": count_exceptions,
    "ages": lambda session, by, day: count_ages(session, by, Period.of(day)),
    "origins": lambda session, by, day: count_origins(session, by, Period.of(day)),
    "delivered": lambda session, by, day: count_delivered(session, by, Period.of(day)),
    "goods": lambda session, by, day: count_goods(session, by, Period.of(day)),
    "promises": count_promises,
    "complaints": count_complaints,
    "5w": lambda session, by, day: count_activities(session, by, Period.of(day)),
    "programme": lambda session, by, day: count_programmes(session, by, Period.of(day)),
}
TOLD: dict[str, keeping.Reader] = {
    "enough": count_supply,
    "expiring": count_expiring,
    "request": count_request,
    "shift": count_shift,
}
"""What was told that evening about the time after. It stands as it was told: what becomes known later makes no revision of it."""


def distribution_report(session: Session, by: Actor, day: date, revision: int | None = None) -> DistributionReport:
    """Who was served that day and with what (R1); of a signed-off day as it was kept, the newest revision unless one is named."""
    return cast(DistributionReport, _figures(session, by, "distribution", day, revision))


def queue_report(session: Session, by: Actor, day: date, revision: int | None = None) -> QueueReport:
    """What became of the numbers of that day (R9); of a signed-off day as it was kept."""
    return cast(QueueReport, _figures(session, by, "queue", day, revision))


def stock_report(session: Session, by: Actor, day: date, revision: int | None = None) -> StockReport:
    """What the shelves did that day (R5); of a signed-off day as it was kept."""
    return cast(StockReport, _figures(session, by, "stock", day, revision))


def exception_report(session: Session, by: Actor, day: date, revision: int | None = None) -> ExceptionReport:
    """What was out of the ordinary that day (R10); of a signed-off day as it was kept."""
    return cast(ExceptionReport, _figures(session, by, "exceptions", day, revision))


def age_report(session: Session, by: Actor, period: Period, revision: int | None = None) -> AgeReport:
    """People by sex and age (R2); of one signed-off day as it was kept, of several days as they are known now."""
    if period.is_day:
        return cast(AgeReport, _figures(session, by, "ages", period.last, revision))
    return count_ages(session, by, period)


def origin_report(session: Session, by: Actor, period: Period, revision: int | None = None) -> OriginReport:
    """Where families came from (R3); of one signed-off day as it was kept."""
    if period.is_day:
        return cast(OriginReport, _figures(session, by, "origins", period.last, revision))
    return count_origins(session, by, period)


def delivery_report(session: Session, by: Actor, period: Period, revision: int | None = None) -> DeliveryReport:
    """What families were due and what they received (R4); of one signed-off day as it was kept."""
    if period.is_day:
        return cast(DeliveryReport, _figures(session, by, "delivered", period.last, revision))
    return count_delivered(session, by, period)


def goods_report(session: Session, by: Actor, period: Period, revision: int | None = None) -> GoodsReport:
    """Receipts and losses (R8); of one signed-off day as it was kept."""
    if period.is_day:
        return cast(GoodsReport, _figures(session, by, "goods", period.last, revision))
    return count_goods(session, by, period)


def activity_report(session: Session, by: Actor, period: Period, revision: int | None = None) -> ActivityReport:
    """Who does what, where (R14); of one signed-off day as it was kept."""
    if period.is_day:
        return cast(ActivityReport, _figures(session, by, "5w", period.last, revision))
    return count_activities(session, by, period)


def programme_report(session: Session, by: Actor, period: Period, revision: int | None = None) -> ProgrammeReport:
    """What became of each programme (R16); of one signed-off day as it was kept."""
    if period.is_day:
        return cast(ProgrammeReport, _figures(session, by, "programme", period.last, revision))
    return count_programmes(session, by, period)


def promise_report(session: Session, by: Actor, day: date, revision: int | None = None) -> PromiseReport:
    """What was promised and waited for by the end of that day (R11); of a signed-off day as it was kept."""
    return cast(PromiseReport, _figures(session, by, "promises", day, revision))


def complaint_report(session: Session, by: Actor, day: date, revision: int | None = None) -> ComplaintReport:
    """How disputes ended that day (R13); of a signed-off day as it was kept."""
    return cast(ComplaintReport, _figures(session, by, "complaints", day, revision))


def supply(session: Session, by: Actor, day: date, revision: int | None = None) -> Supply:
    """What the shelf is enough for (R6); of a signed-off day as it was told then."""
    return cast(Supply, _figures(session, by, "enough", day, revision))


def expiring(session: Session, by: Actor, day: date, revision: int | None = None) -> Expiring:
    """What will not be given out before its last day (R7); of a signed-off day as it was told then."""
    return cast(Expiring, _figures(session, by, "expiring", day, revision))


def goods_request(session: Session, by: Actor, day: date, revision: int | None = None) -> GoodsRequest:
    """What to ask for (R19); of a signed-off day as it was signed."""
    return cast(GoodsRequest, _figures(session, by, "request", day, revision))


def shift_report(session: Session, by: Actor, day: date, revision: int | None = None) -> ShiftReport:
    """What one shift hands over to the next (R17); of a signed-off day as it was handed over."""
    return cast(ShiftReport, _figures(session, by, "shift", day, revision))


def _figures(session: Session, by: Actor, name: str, day: date, revision: int | None) -> object:
    found = keeping.kept(session, by, day, name, revision)
    if found is not None:
        return found
    if revision not in (None, 1):
        raise NotFound("no-revision", Text("There is no revision {n} of this report.", n=revision))
    return (COUNTED | TOLD)[name](session, by, day)


def sign_off(session: Session, by: Actor, *, request_id: UUID, day: date | None = None) -> DayRow:
    """Signs the closed day off; its reports are printed the same from now on (truth T9)."""
    return keeping.sign_off(session, by, request_id=request_id, readers=COUNTED | TOLD, day=day)


def revise(session: Session, by: Actor, *, request_id: UUID, day: date, because: str) -> int:
    """Revisions beside the reports of a signed-off day whose figures are others by now; how many. Refused without a reason."""
    return keeping.revise(session, by, request_id=request_id, readers=COUNTED, day=day, because=because)

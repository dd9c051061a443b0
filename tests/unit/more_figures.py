"""More figures for the papers to be drawn from: those that look ahead, between two shifts, and out of the centre."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from aidtrack.domain.disclosures import FIELDS
from aidtrack.errors import Text
from aidtrack.reports.page import Stamp
from aidtrack.services.overview import (
    AnnouncedFigures,
    ComplaintReport,
    DisclosureReport,
    DoorList,
    EnoughLine,
    Expiring,
    ExpiringLine,
    GoodsRequest,
    OverdueFigures,
    OwedFigures,
    PromiseEndFigures,
    PromiseReport,
    RequestLine,
    Supply,
    WallRule,
)
from aidtrack.services.overview.deliveries import DeliveryLine, DeliveryPaper
from aidtrack.services.overview.figures import ComplaintFigures
from aidtrack.services.overview.period_figures import DisclosureFigures
from aidtrack.services.promises import CallRow, Calls, Expected
from tests.unit.report_figures import BLANKET, DAY, FOOD, HEADING, HYGIENE, INFANT, KIT, LINEN, PACK, PIECE, SET, stamp

__all__ = ["alone", "stamp"]

TOMORROW = date(2024, 8, 14)


def alone(paper: str) -> Stamp:
    """The head and foot of a paper of a centre whose public reads one language."""
    return replace(stamp(paper), languages=("ru",))


def supply() -> Supply:
    """Two items: one lasts till the evening, of the other there is none."""
    lines = (
        EnoughLine(FOOD, KIT, 1072, 2208, 812, 390, time(13, 50), 15, 611, None),
        EnoughLine(LINEN, SET, 0, 420, 210, 0, None, 15, 430, Expected(300, 40, TOMORROW)),
    )
    return Supply(HEADING, lines, 15, 81, time(9))


def expiring() -> Expiring:
    lines = (
        ExpiringLine(INFANT, PACK, "Д-0511", date(2024, 8, 26), 14, 37, 30, 0),
        ExpiringLine(FOOD, KIT, "П-0811", date(2024, 11, 28), 108, 1112, 5, 572),
    )
    return Expiring(HEADING, lines)


def goods_request() -> GoodsRequest:
    lines = (
        RequestLine(FOOD, KIT, 2249, 1072, 0, 1177), RequestLine(BLANKET, PIECE, 519, 113, 600, 0),
        RequestLine(HYGIENE, KIT, 395, 446, 0, 0),
    )  # fmt: skip
    return GoodsRequest(HEADING, lines, 812, 15)


def complaints() -> ComplaintReport:
    rows = (
        ComplaintFigures(Text("our error, given now"), 2, 9, 40),
        ComplaintFigures(Text("the signature was shown, the next day was said"), 1, 4, 12),
    )
    return ComplaintReport(HEADING, rows, 1, 2, 25)


def promise_report() -> PromiseReport:
    late = tuple(
        OverdueFigures(LINEN, f"4821 1790 {n:04}", 1, date(2024, 8, 10), 2, Text("stands ready, not fetched")) for n in range(3)
    )
    item = OwedFigures(LINEN, Text("set"), 5, 6, 4, 1, 3, 7, 2, 3, 11, 12, 4, 2)
    coming = AnnouncedFigures("Красный Крест", TOMORROW, LINEN, Text("set"), 300, 40, is_late=False)
    return PromiseReport(HEADING, late, (item,), (coming,), (PromiseEndFigures(LINEN, Text("promised by mistake"), 1, 1),))


def disclosures() -> DisclosureReport:
    rows = (
        DisclosureFigures(
            "K1-D-2024-1", DAY, "Администрация Курской области, отдел учёта", "исх. № 114 от 11.08.2024", "выплаты эвакуированным",
            FIELDS, 2987, 812, "Ольга К.", "Ирина Л.",
        ),
        DisclosureFigures("K1-D-2024-2", DAY, "", "", "", ("family_name", "card"), 4, 1, "Ольга К.", "", is_locked=False),
    )  # fmt: skip
    return DisclosureReport(HEADING, 1, rows)


def delivery_paper() -> DeliveryPaper:
    goods = ((FOOD, 2, KIT), (HYGIENE, 1, KIT))
    lines = tuple(
        DeliveryLine(f"{n:04}", "Мария", f"Курск, улица Карла Маркса, дом {n}, подъезд 2, квартира {n}", goods) for n in range(1, 15)
    )
    return DeliveryPaper(HEADING, 2, "Пётр В.", lines)


def door_list() -> DoorList:
    ready = tuple(CallRow(f"4821 1790 {n:04}", LINEN, TOMORROW) for n in range(40))
    came = (CallRow("4821 1790 9001", BLANKET, None),)
    return DoorList(HEADING, Calls(ready, came, ()))


def wall_rule() -> WallRule:
    return WallRule(HEADING)

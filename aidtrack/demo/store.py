"""What happens in the store on the demonstration day: a lorry signed for at eleven and counted half an hour later, a hospital that is given
water and soap, a lorry of the afternoon that nobody has counted yet, a count and a write-off.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from aidtrack.demo.centre import DAY, Centre, on
from aidtrack.domain.stock import (
    CountDraft,
    Destination,
    GoodsLine,
    LossCause,
    ReceiveDraft,
    ReceiveLine,
    SeenLine,
    SignedDraft,
    TransferDraft,
    WriteOffDraft,
)
from aidtrack.services import stock

KEEPER = "Виктор Т."
At = Callable[[datetime, Callable[[], None]], None]


class DayOfTheStore:
    """The moments of the storekeeper, each done by the use case the window uses."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self._signed: UUID | None = None

    def plan(self, at: At) -> None:
        """What is going to happen, and when."""
        at(on(DAY, 11, 5), self._sign_for_delivery)
        at(on(DAY, 11, 30), self._count_delivery)
        at(on(DAY, 14, 10), self._count_shelf)
        at(on(DAY, 15, 20), self._give_to_hospital)
        at(on(DAY, 16, 5), self._write_off)
        at(on(DAY, 17, 40), self._sign_for_late_lorry)

    def _sign_for_delivery(self) -> None:
        """The driver has another stop: boxes only."""
        lines = (self._line("FOOD-KIT-P7", 420, date(2024, 8, 25), "0812-C"), self._line("WATER-5L", 240, date(2025, 8, 1), "W-121"))
        draft = SignedDraft("Красный Крест", 22, lines, "ТН-4460", "Красный Крест")
        self._signed = self._centre.do(KEEPER, stock.sign_for, draft=draft)

    def _count_delivery(self) -> None:
        """One line short, and four units damaged."""
        item = self._centre.items
        lines = (
            ReceiveLine(item["FOOD-KIT-P7"], 410, date(2024, 8, 25), "0812-C", on_waybill=420, damaged=4),
            ReceiveLine(item["WATER-5L"], 240, date(2025, 8, 1), "W-121"),
        )
        draft = ReceiveDraft("Красный Крест", lines, "ТН-4460", "Красный Крест", follows_id=self._signed)
        self._centre.do(KEEPER, stock.receive, draft=draft)

    def _count_shelf(self) -> None:
        """Soap and bed linen are counted; two pieces of soap are not there."""
        soap, linen = self._centre.items["SOAP-250"], self._centre.items["BED-SET"]
        lots = [row for row in self._centre.ask(KEEPER, stock.lot_rows) if row.item_id in (soap, linen) and row.quantity]
        lines = tuple(
            SeenLine(row.item_id, row.lot_id, row.quantity - 2 * (row.item_id == soap), "две штуки не найдены" * (row.item_id == soap))
            for row in lots
        )
        self._centre.do(KEEPER, stock.count, draft=CountDraft(lines))

    def _give_to_hospital(self) -> None:
        """People whom nobody registers here: an organisation says for how many it is."""
        lines = (GoodsLine(self._centre.items["WATER-5L"], 12), GoodsLine(self._centre.items["SOAP-250"], 24))
        draft = TransferDraft(Destination.ORGANISATION, "Городская больница № 2", lines, people=60)
        self._centre.do(KEEPER, stock.transfer, draft=draft)

    def _write_off(self) -> None:
        lines = (GoodsLine(self._centre.items["WATER-5L"], 3),)
        self._centre.do(KEEPER, stock.write_off, draft=WriteOffDraft(LossCause.DAMAGED, lines, "бутыли лопнули при разгрузке"))

    def _sign_for_late_lorry(self) -> None:
        """It stands uncounted in the evening, in sight of whoever opens the store."""
        lines = (self._line("HYG-F", 120, None, "H-23"), self._line("SOAP-250", 300, None, "S-8"))
        self._centre.do(KEEPER, stock.sign_for, draft=SignedDraft("Фонд «Соседи»", 14, lines, "126", "Фонд «Соседи»"))

    def _line(self, code: str, quantity: int, expiry: date | None, lot: str) -> ReceiveLine:
        return ReceiveLine(self._centre.items[code], quantity, expiry, lot)

"""Goods on their way: signed for by boxes and counted later, sent from centre to centre, received by one scan, given to an organisation,
back to the donor, onto the free table.
"""

from __future__ import annotations

import threading
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from aidtrack.domain.actor import Actor
from aidtrack.domain.days import Period
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import (
    ArrivalLine,
    Destination,
    GoodsLine,
    LossCause,
    MoveDraft,
    ReceiveDraft,
    ReceiveLine,
    SignedDraft,
    TransferDraft,
    WaybillLine,
    read_waybill,
    waybill_codes,
)
from aidtrack.errors import InvalidInput, NotFound, Refused
from aidtrack.services import days, overview, stock
from aidtrack.store import journal
from aidtrack.store.database import Database
from aidtrack.store.days import Site
from tests.factories import Team
from tests.services.test_stock import LATER, SOON, check_fold, items, received, shelf

__all__ = ["items"]


@pytest.fixture
def other(database: Database, by: Team) -> Actor:
    """The storekeeper of a second centre of the same database."""

    def found(session: Any) -> UUID:
        with journal.operation(session, by.coordinator, new_id(), "found_other"):
            site = Site(code="BEL", name="Пункт на Победы", place="Белгород", public_languages=["ru"])
            session.add(site)
            session.flush()
            return site.id

    site = database.write(found)
    keeper = Actor(by.storekeeper.user_id, "storekeeper", by.storekeeper.roles, by.clock, site)
    database.write(lambda s: stock.prepare_places(s, keeper, request_id=new_id()))
    return keeper


def sign(database: Database, by: Team, draft: SignedDraft) -> UUID:
    return database.write(lambda s: stock.sign_for(s, by.storekeeper, request_id=new_id(), draft=draft))


def send(database: Database, who: Actor, draft: TransferDraft) -> UUID:
    return database.write(lambda s: stock.transfer(s, who, request_id=new_id(), draft=draft))


def take_in(database: Database, who: Actor, draft: ReceiveDraft) -> UUID:
    return database.write(lambda s: stock.receive(s, who, request_id=new_id(), draft=draft))


# ── in two steps ─────────────────────────────────────────────────────────────────────────────────


def test_signed_for_is_no_stock_until_it_is_counted(database: Database, by: Team, items: dict[str, UUID]) -> None:
    food, soap = items["FOOD-KIT-P7"], items["SOAP-250"]
    draft = SignedDraft("Фонд", 22, (ReceiveLine(food, 100, LATER, "24-9"), ReceiveLine(soap, 50)), "ТН-4471")
    signed = sign(database, by, draft)
    assert shelf(database, by, food) == {}
    (row,) = database.read(lambda s: stock.expected_deliveries(s, by.storekeeper))
    assert (row.document_id, row.code, row.boxes, row.waybill) == (signed, "KRS-SF-2024-1", 22, "ТН-4471")
    assert [(line.item_id, line.quantity, line.expiry) for line in row.lines] == [(food, 100, LATER), (soap, 50, None)]
    counted = (ReceiveLine(food, 96, LATER, "24-9", on_waybill=100, damaged=1), ReceiveLine(soap, 50))
    receipt = take_in(database, by.storekeeper, ReceiveDraft("Фонд", counted, "ТН-4471", follows_id=signed))
    assert shelf(database, by, food) == {LATER: 96}
    assert database.read(lambda s: stock.expected_deliveries(s, by.storekeeper)) == ()
    view = database.read(lambda s: stock.document_view(s, by.storekeeper, receipt))
    first = view.lines[0]
    assert (first.on_waybill, first.quantity, first.damaged, first.short) == (100, 96, 1, 3)
    with pytest.raises(Refused, match="received"):
        take_in(database, by.storekeeper, ReceiveDraft("Фонд", counted, "ТН-4471", follows_id=signed))
    check_fold(database)


def test_the_driver_waits_for_boxes_and_nothing_else(database: Database, by: Team, items: dict[str, UUID]) -> None:
    sign(database, by, SignedDraft("Фонд", 3))
    with pytest.raises(InvalidInput) as told:
        sign(database, by, SignedDraft(" ", None, (ReceiveLine(None, None),)))
    fields = [problem.field for problem in told.value.problems]
    assert fields == ["supplier", "boxes", "lines.0.item", "lines.0.quantity"]


def test_a_receipt_taken_back_makes_the_delivery_wait_again(
    database: Database, by: Team, items: dict[str, UUID]
) -> None:
    soap = items["SOAP-250"]
    signed = sign(database, by, SignedDraft("Фонд", 2, (ReceiveLine(soap, 10),)))
    receipt = take_in(database, by.storekeeper, ReceiveDraft("Фонд", (ReceiveLine(soap, 10),), follows_id=signed))

    def back(document: UUID) -> UUID:
        return database.write(
            lambda s: stock.cancel_document(
                s, by.storekeeper, request_id=new_id(), document_id=document, reason="ошибка"
            )
        )

    with pytest.raises(Refused, match="followed"):
        back(signed)
    back(receipt)
    assert [row.document_id for row in database.read(lambda s: stock.expected_deliveries(s, by.storekeeper))] == [signed]
    back(signed)
    assert database.read(lambda s: stock.expected_deliveries(s, by.storekeeper)) == ()
    with pytest.raises(Refused, match="reversed"):
        back(signed)


def test_of_two_who_count_one_delivery_the_second_is_told(database: Database, by: Team, items: dict[str, UUID]) -> None:
    soap = items["SOAP-250"]
    signed = sign(database, by, SignedDraft("Фонд", 2, (ReceiveLine(soap, 10),)))
    told: list[str] = []

    def count() -> None:
        try:
            take_in(database, by.storekeeper, ReceiveDraft("Фонд", (ReceiveLine(soap, 10),), follows_id=signed))
        except Refused as refused:
            told.append(refused.code)

    both = [threading.Thread(target=count) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert told == ["received"]
    assert shelf(database, by, soap) == {None: 10}


# ── between centres ──────────────────────────────────────────────────────────────────────────────


def test_goods_travel_between_two_centres_and_what_does_not_arrive_is_lost(
    database: Database, by: Team, other: Actor, items: dict[str, UUID]
) -> None:
    water = items["WATER-5L"]
    database.write(lambda s: days.open_day(s, by.coordinator, request_id=new_id()))
    received(database, by, ReceiveLine(water, 10, SOON, lot="В-1"), donor="Фонд «Вода»")
    received(database, by, ReceiveLine(water, 10, LATER, lot="В-2"), donor="Фонд «Вода»")
    draft = TransferDraft(Destination.CENTRE, "", (GoodsLine(water, 14),), to_site_id=other.site)
    waybill = send(database, by.storekeeper, draft)
    assert shelf(database, by, water) == {LATER: 6}
    assert database.read(lambda s: stock.lot_rows(s, other, water)) == ()
    (row,) = database.read(lambda s: stock.expected_deliveries(s, other))
    assert (row.document_id, row.waybill, row.supplier) == (waybill, "KRS-WB-2024-1", "Пункт на Гоголя")
    lines = tuple(
        ReceiveLine(line.item_id, line.quantity - (n == 0) * 2, line.expiry, on_waybill=line.quantity, lot_id=line.lot_id)
        for n, line in enumerate(row.lines)
    )
    receipt = take_in(database, other, ReceiveDraft(row.supplier, lines, row.waybill, follows_id=waybill))
    held = database.read(lambda s: stock.lot_rows(s, other, water))
    assert [(lot.code, lot.donor, lot.quantity) for lot in held] == [("В-1", "Фонд «Вода»", 8), ("В-2", "Фонд «Вода»", 4)]
    view = database.read(lambda s: stock.document_view(s, other, receipt))
    assert (view.row.code, view.row.cause) == ("BEL-GRN-2024-1", LossCause.SHORT_DELIVERY)
    assert [(line.on_waybill, line.quantity, line.short) for line in view.lines] == [(10, 8, 2), (4, 4, 0)]
    check_fold(database)
    assert lost_on_the_way(database, by) == [("BEL-GRN-2024-1", "В-1", 2)]
    took_back = database.write(lambda s: stock.cancel_document(s, other, request_id=new_id(), document_id=receipt, reason="не та"))
    assert took_back is not None
    assert sum(units for _, _, units in lost_on_the_way(database, by)) == 0


def lost_on_the_way(database: Database, by: Team) -> list[tuple[str, str, int]]:
    """What R8 of our centre says of goods it sent: act, batch, units; the book has them as passed on, not as written off."""
    report = database.read(lambda s: overview.goods_report(s, by.coordinator, Period.of(date(2024, 8, 12))))
    assert report.adds_up
    assert (report.lost, report.total.written_off) == (0, 0)
    return [(line.number, line.lot, line.quantity) for line in report.on_the_way]


def test_a_waybill_is_not_taken_back_once_it_arrived(
    database: Database, by: Team, other: Actor, items: dict[str, UUID]
) -> None:
    soap = items["SOAP-250"]
    received(database, by, ReceiveLine(soap, 10))
    waybill = send(
        database, by.storekeeper, TransferDraft(Destination.CENTRE, "", (GoodsLine(soap, 4),), to_site_id=other.site)
    )
    (row,) = database.read(lambda s: stock.expected_deliveries(s, other))
    line = ReceiveLine(soap, 4, lot_id=row.lines[0].lot_id)
    take_in(database, other, ReceiveDraft("Курск", (line,), follows_id=waybill))
    with pytest.raises(Refused, match="followed"):
        database.write(
            lambda s: stock.cancel_document(
                s, by.storekeeper, request_id=new_id(), document_id=waybill, reason="передумали"
            )
        )


def test_nobody_moves_what_lies_at_another_centre(
    database: Database, by: Team, other: Actor, items: dict[str, UUID]
) -> None:
    soap = items["SOAP-250"]
    received(database, by, ReceiveLine(soap, 10))
    ours, aside = (row.id for row in database.read(lambda s: stock.place_rows(s, by.storekeeper)))
    with pytest.raises(Refused, match="not-ours"):
        database.write(
            lambda s: stock.move_goods(
                s, other, request_id=new_id(), draft=MoveDraft(ours, aside, (GoodsLine(soap, 1),))
            )
        )
    waybill = send(database, by.storekeeper, TransferDraft(Destination.CENTRE, "Суджа", (GoodsLine(soap, 1),)))
    with pytest.raises(NotFound):
        take_in(database, other, ReceiveDraft("Курск", (ReceiveLine(soap, 1),), follows_id=waybill))


def test_the_signed_copy_ends_a_waybill_to_a_centre_elsewhere(
    database: Database, by: Team, items: dict[str, UUID]
) -> None:
    soap = items["SOAP-250"]
    database.write(lambda s: days.open_day(s, by.coordinator, request_id=new_id()))
    received(database, by, ReceiveLine(soap, 10))
    waybill = send(database, by.storekeeper, TransferDraft(Destination.CENTRE, "Суджа", (GoodsLine(soap, 7),)))
    (lot,) = {row.lot_id for row in database.read(lambda s: stock.lot_rows(s, by.storekeeper, soap))}

    def arrive(came: int) -> UUID:
        return database.write(
            lambda s: stock.arrive(
                s, by.storekeeper, request_id=new_id(), waybill_id=waybill, lines=(ArrivalLine(lot, came),)
            )
        )

    with pytest.raises(InvalidInput):
        arrive(8)
    document = arrive(5)
    view = database.read(lambda s: stock.document_view(s, by.storekeeper, document))
    assert (view.row.code, view.row.cause, sorted(line.quantity for line in view.lines)) == (
        "KRS-AR-2024-1",
        LossCause.SHORT_DELIVERY,
        [2, 5],
    )
    with pytest.raises(Refused, match="received"):
        arrive(5)
    assert shelf(database, by, soap) == {None: 3}
    check_fold(database)
    assert [(number, units) for number, _, units in lost_on_the_way(database, by)] == [("KRS-AR-2024-1", 2)]


# ── the printed code ─────────────────────────────────────────────────────────────────────────────


def test_a_waybill_printed_elsewhere_fills_the_receipt_and_is_received_once(
    database: Database, by: Team, items: dict[str, UUID]
) -> None:
    lines = [WaybillLine("FOOD-KIT-P7", 100, "24-131", LATER, "Фонд"), WaybillLine("NO-SUCH", 5, donor="Фонд")]
    (code,) = waybill_codes(new_id(), "BEL-WB-2024-7", "Белгород", lines)
    found = database.read(lambda s: stock.expected(s, by.storekeeper, code))
    assert found is not None
    assert (found.document_id, found.supplier, found.waybill, found.donor) == (None, "Белгород", "BEL-WB-2024-7", "Фонд")
    assert [(line.item_id, line.quantity, line.lot) for line in found.lines] == [
        (items["FOOD-KIT-P7"], 100, "24-131"),
        (None, 5, ""),
    ]
    line = ReceiveLine(items["FOOD-KIT-P7"], 100, LATER, "24-131")
    take_in(database, by.storekeeper, ReceiveDraft(found.supplier, (line,), found.waybill))
    with pytest.raises(Refused, match="received"):
        database.read(lambda s: stock.expected(s, by.storekeeper, code))


@pytest.mark.parametrize("with_lines", [True, False], ids=["lines", "boxes only"])
def test_the_code_of_a_waybill_that_was_signed_for_goes_on_with_what_was_signed(
    database: Database, by: Team, items: dict[str, UUID], with_lines: bool
) -> None:
    """Counted by the same scan its receipt stood beside the boxes, which waited to be counted a second time."""
    (code,) = waybill_codes(new_id(), "BEL-WB-2024-7", "Белгород", [WaybillLine("FOOD-KIT-P7", 100, "24-131", LATER)])
    line = ReceiveLine(items["FOOD-KIT-P7"], 100, LATER, "24-131")
    signed = sign(database, by, SignedDraft("Белгород", 14, (line,) if with_lines else (), "BEL-WB-2024-7"))
    found = database.read(lambda s: stock.expected(s, by.storekeeper, code))
    assert found is not None
    assert (found.document_id, found.boxes, [(one.item_id, one.quantity, one.lot) for one in found.lines]) == (
        signed, 14, [(items["FOOD-KIT-P7"], 100, "24-131")],
    )  # fmt: skip
    take_in(database, by.storekeeper, ReceiveDraft(found.supplier, (line,), found.waybill, follows_id=found.document_id))
    assert database.read(lambda s: stock.expected_deliveries(s, by.storekeeper)) == ()


def test_codes_of_other_things_are_not_deliveries(database: Database, by: Team) -> None:
    for code in ("4821 1790 5570", "W:NOTACODE", f"D:{new_id().hex}", "T:00", "W:"):
        assert database.read(lambda s, c=code: stock.expected(s, by.storekeeper, c)) is None  # type: ignore[misc]


def test_a_long_waybill_has_several_codes() -> None:
    lines = [WaybillLine(f"ITEM-{n}", n + 1, "Партия", date(2027, 1, 1), "Фонд") for n in range(23)]
    read = [read_waybill(code) for code in waybill_codes(new_id(), "K1-WB-2024-1", "Курск", lines)]
    assert [(one.part, one.parts, len(one.lines)) for one in read if one] == [(1, 3, 10), (2, 3, 10), (3, 3, 3)]
    assert [line for one in read if one for line in one.lines] == lines


# ── organisations, donors, the free table ────────────────────────────────────────────────────────


def test_an_organisation_says_for_how_many_people(database: Database, by: Team, items: dict[str, UUID]) -> None:
    soap = items["SOAP-250"]
    received(database, by, ReceiveLine(soap, 50))
    with pytest.raises(InvalidInput) as told:
        send(database, by.storekeeper, TransferDraft(Destination.ORGANISATION, "Больница № 1", (GoodsLine(soap, 9),)))
    assert [problem.field for problem in told.value.problems] == ["people"]
    draft = TransferDraft(Destination.ORGANISATION, "Больница № 1", (GoodsLine(soap, 30),), people=40)
    sent = send(database, by.storekeeper, draft)
    facts = database.read(lambda s: stock.document_view(s, by.storekeeper, sent)).facts
    assert (facts["to"], facts["people"]) == ("organisation", 40)


def test_goods_go_back_to_the_donor_who_gave_them(database: Database, by: Team, items: dict[str, UUID]) -> None:
    soap = items["SOAP-250"]
    received(database, by, ReceiveLine(soap, 10, lot="а"), donor="Фонд")
    received(database, by, ReceiveLine(soap, 10, lot="б"), donor="Красный Крест")
    lots = {lot.code: lot.lot_id for lot in database.read(lambda s: stock.lot_rows(s, by.storekeeper, soap))}
    wrong = TransferDraft(Destination.DONOR, "Фонд", (GoodsLine(soap, 2, lots["б"]),))
    with pytest.raises(InvalidInput) as told:
        send(database, by.storekeeper, wrong)
    assert told.value.problems[0].text.facts["donor"] == "Красный Крест"
    send(database, by.storekeeper, TransferDraft(Destination.DONOR, "Красный Крест", (GoodsLine(soap, 6),)))
    held = database.read(lambda s: stock.lot_rows(s, by.storekeeper, soap))
    assert {lot.code: lot.quantity for lot in held} == {"а": 10, "б": 4}
    with pytest.raises(Refused, match="short"):
        send(database, by.storekeeper, TransferDraft(Destination.DONOR, "Красный Крест", (GoodsLine(soap, 6),)))
    check_fold(database)


def test_goods_of_the_free_table_come_and_go_by_box(database: Database, by: Team, items: dict[str, UUID]) -> None:
    clothes = items["CLOTHES-USED"]
    received(database, by, ReceiveLine(clothes, 12))
    send(database, by.storekeeper, TransferDraft(Destination.FREE_TABLE, "", (GoodsLine(clothes, 5),)))
    assert shelf(database, by, clothes) == {None: 7}

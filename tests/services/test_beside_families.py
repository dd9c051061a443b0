"""R1 on both databases: what organisations were given and the free table stand apart, and R1 and R5 say the same of what was passed on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import (
    Destination,
    GoodsLine,
    ItemDraft,
    ItemMode,
    KitPart,
    ReceiveDraft,
    ReceiveLine,
    TransferDraft,
    Unit,
)
from aidtrack.reports import catalogue
from aidtrack.reports.catalogue import Format, Printed
from aidtrack.services import days, handover, overview, stock
from aidtrack.store.database import Database
from aidtrack.store.days import draw_up_to
from tests.aid import TODAY, Aid, draft_of, make_aid, make_family
from tests.factories import MORNING, Centre, Team
from tests.unit.test_reports import text_of


class Store:
    """A day with hand-overs, a hospital, a free table, another centre and kits."""

    def __init__(self, database: Database, centre: Centre, by: Team) -> None:
        self.database, self.by = database, by
        self.aid: Aid = database.write(lambda s: make_aid(s, by, centre))
        database.write(lambda s: draw_up_to(s, centre.site_id, "document:GRN:2024", 1))  # the paper of `make_aid`
        clothes = ItemDraft({"ru": "Одежда", "en": "Clothes"}, "CLOTHES", Unit.BOX, mode=ItemMode.FREE_TABLE)
        self.clothes: UUID = self.do(stock.save_item, by.coordinator, draft=clothes)
        self.do(stock.receive, draft=ReceiveDraft("Фонд", (ReceiveLine(self.clothes, 12),)))
        family = database.write(lambda s: make_family(s, by.registrar)).household_id
        self.do(handover.hand_over, by.distributor, draft=draft_of(family, (self.aid.food, 4), (self.aid.soap, 2)))

    def do(self, use_case: Any, who: Any = None, **facts: Any) -> Any:
        return self.database.write(lambda s: use_case(s, who or self.by.storekeeper, request_id=new_id(), **facts))

    def send(self, to: Destination, name: str, item: UUID, n: int, people: int | None = None) -> UUID:
        draft = TransferDraft(to, name, (GoodsLine(item, n),), people=people)
        return self.do(stock.transfer, draft=draft)  # type: ignore[no-any-return]

    def hospital(self, n: int = 30, people: int = 40, name: str = "Больница № 1") -> UUID:
        return self.send(Destination.ORGANISATION, name, self.aid.soap.item_id, n, people)

    def report(self, days_later: int = 0) -> overview.DistributionReport:
        day = TODAY + timedelta(days=days_later)
        return self.database.read(lambda s: overview.distribution_report(s, self.by.coordinator, day))

    def passed_in_r5(self, days_later: int = 0) -> int:
        day = TODAY + timedelta(days=days_later)
        return self.database.read(lambda s: overview.stock_report(s, self.by.coordinator, day)).total.transferred


@pytest.fixture
def store(database: Database, centre: Centre, by: Team) -> Store:
    return Store(database, centre, by)


def test_an_organisation_has_a_line_of_its_own_with_its_people(store: Store) -> None:
    before = store.report()
    store.hospital()
    report = store.report()
    (row,) = report.beside
    assert (row.organisation, row.document, row.people, row.names["en"], row.quantity) == ("Больница № 1", "KRS-WB-2024-1", 40, "Soap", 30)
    assert (report.families, report.people, report.units, report.items) == (before.families, before.people, 6, before.items)
    assert report.partner_people == 40
    assert report.adds_up


def test_the_free_table_stands_apart_by_box(store: Store) -> None:
    store.send(Destination.FREE_TABLE, "", store.clothes, 5)
    store.send(Destination.FREE_TABLE, "", store.clothes, 2)
    report = store.report()
    assert [(row.names["en"], row.quantity, row.people) for row in report.free_table] == [("Clothes", 7, 0)]
    assert report.partners == ()
    assert report.adds_up


def test_r1_and_r5_say_the_same_of_what_was_passed_on(store: Store) -> None:
    store.hospital()
    store.hospital(5, 12, "Школа")
    store.send(Destination.FREE_TABLE, "", store.clothes, 5)
    store.send(Destination.CENTRE, "Белгород", store.aid.food.item_id, 8)
    kit = store.do(stock.save_item, store.by.coordinator, draft=ItemDraft({"en": "Kit"}, "KIT", Unit.KIT, is_kit=True))
    store.do(stock.save_recipe, store.by.coordinator, kit_id=kit, parts=(KitPart(store.aid.soap.item_id, 2),))
    store.do(stock.assemble_kits, kit_id=kit, kits=3)
    passed = store.report().passed
    assert (passed.organisations, passed.free_table, passed.others, passed.kits) == (35, 5, 8, 6)
    assert passed.from_shelves == store.passed_in_r5() == 54
    assert passed.adds_up


def test_a_waybill_taken_back_the_same_day_is_nothing(store: Store) -> None:
    paper = store.hospital()
    store.do(stock.cancel_document, document_id=paper, reason="не приехали")
    report = store.report()
    assert (report.beside, report.passed.organisations, report.passed.adds_up) == ((), 0, True)


def test_a_waybill_taken_back_the_next_day_leaves_its_own_day_as_it_was(store: Store) -> None:
    paper = store.hospital()
    before = store.report()
    store.do(days.close_day, store.by.coordinator)
    store.by.clock.forward(days=1)
    store.do(days.open_day, store.by.coordinator)
    store.do(stock.cancel_document, document_id=paper, reason="привезли назад")
    assert store.report().beside == before.beside
    tomorrow = store.report(1)
    assert [(row.organisation, row.quantity, row.people) for row in tomorrow.beside] == [("Больница № 1", -30, -40)]
    assert tomorrow.passed.from_shelves == store.passed_in_r5(1) == -30
    assert tomorrow.passed.adds_up


@pytest.mark.parametrize("lang", ["ru", "uk", "en"])
def test_the_paper_shows_them_and_its_sum(store: Store, lang: str) -> None:
    store.hospital()
    store.send(Destination.FREE_TABLE, "", store.clothes, 5)
    said = text_of(catalogue.make("distribution", Format.PDF, store.report(), Printed(MORNING), lang))
    assert "Больница № 1" in said
    assert "KRS-WB-2024-1" in said
    if lang == "en":
        sums = "Beside the families: 30 to organisations + 5 free table + 0 other centres, donors + 0 into kits = 35 passed on (R5)."
        assert sums in said
        assert "box from the free table: Clothes" in said


def test_many_organisations_stand_in_one_line_of_the_paper(store: Store) -> None:
    for n in range(4):
        store.hospital(5, 10 + n, f"Больница № {n}")
    said = text_of(catalogue.make("distribution", Format.PDF, store.report(), Printed(MORNING), "en"))
    assert "units to 4 organisations, for 46 people: R8" in said
    rows = store.report().beside
    assert [row.organisation for row in rows] == [f"Больница № {n}" for n in range(4)], "the table has each of them"

"""The paper kit's list of promises and of the wait list, on both databases: by card, in order, without names or protected families."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from aidtrack.domain.ids import new_id
from aidtrack.domain.promises import AnnouncedLine, AnnouncementDraft, PromiseDraft
from aidtrack.domain.stock import Destination, GoodsLine, TransferDraft
from aidtrack.reports import catalogue, evening
from aidtrack.reports.catalogue import Format, Printed
from aidtrack.services import overview, people, promises, stock
from aidtrack.services.people import HouseholdReceipt
from aidtrack.store.database import Database
from tests.aid import TODAY, Aid, Goods, make_aid, make_family
from tests.factories import MORNING, Centre, Team
from tests.unit.test_reports import text_of

LATER = TODAY + timedelta(days=3)


class Owed:
    """Families who are promised goods and families who wait."""

    def __init__(self, database: Database, centre: Centre, by: Team) -> None:
        self.database, self.by = database, by
        self.aid: Aid = database.write(lambda s: make_aid(s, by, centre))
        gone = TransferDraft(Destination.ORGANISATION, "Больница", (GoodsLine(self.aid.blanket.item_id, 10),), people=9)
        self.do(stock.transfer, draft=gone)  # blankets have run out

    def do(self, use_case: Any, **facts: Any) -> Any:
        return self.database.write(lambda s: use_case(s, self.by.coordinator, request_id=new_id(), **facts))

    def family(self, surname: str = "Ткаченко") -> HouseholdReceipt:
        return self.database.write(lambda s: make_family(s, self.by.registrar, surname))

    def promise(self, family: HouseholdReceipt, goods: Goods, n: int, line: UUID | None = None) -> None:
        draft = PromiseDraft(family.household_id, goods.rule_id, n, line, None if line else LATER)
        self.do(promises.promise, draft=draft)

    def wait(self, family: HouseholdReceipt, goods: Goods) -> None:
        self.do(promises.keep_place, household_id=family.household_id, rule_id=goods.rule_id)

    def cards(self) -> overview.OwedCards:
        return self.database.read(lambda s: overview.owed_cards(s, self.by.coordinator, TODAY))


@pytest.fixture
def owed(database: Database, centre: Centre, by: Team) -> Owed:
    return Owed(database, centre, by)


def spaced(card: str) -> str:
    return f"{card[:4]} {card[4:8]} {card[8:]}"


def test_what_is_promised_and_who_waits_stand_by_card_in_their_order(owed: Owed) -> None:
    first, second, third = (owed.family(name) for name in ("Ткаченко", "Коваль", "Бойко"))
    owed.promise(first, owed.aid.soap, 3)
    lines = (AnnouncedLine(owed.aid.blanket.item_id, 5),)
    announced = owed.do(promises.announce, draft=AnnouncementDraft("Фонд", LATER, lines))
    row = owed.database.read(lambda s: promises.announcement_row(s, owed.by.coordinator, announced))
    owed.promise(second, owed.aid.blanket, 1, row.lines[0].line_id)
    owed.wait(third, owed.aid.blanket)
    owed.wait(first, owed.aid.blanket)
    found = owed.cards()
    assert [(one.names["en"], one.card, one.units, one.ready, one.until, one.supplier) for one in found.promised] == [
        ("Blanket", spaced(second.card_number), 1, 0, LATER, "Фонд"),
        ("Soap", spaced(first.card_number), 3, 3, LATER, ""),
    ]
    assert [(one.place, one.card, one.units) for one in found.waiting] == [
        (1, spaced(third.card_number), 1), (2, spaced(first.card_number), 1),
    ]  # fmt: skip


def test_a_protected_family_stands_on_no_paper_and_keeps_its_place(owed: Owed) -> None:
    hidden, other = owed.family(), owed.family("Коваль")
    owed.wait(hidden, owed.aid.blanket)
    owed.wait(other, owed.aid.blanket)
    owed.promise(hidden, owed.aid.soap, 1)
    owed.do(people.protect_household, household_id=hidden.household_id, reason="просила")
    found = owed.cards()
    assert found.promised == ()
    assert [(one.place, one.card) for one in found.waiting] == [(2, spaced(other.card_number))]


@pytest.mark.parametrize("lang", ["ru", "uk", "en"])
def test_the_paper_has_no_name_and_lines_to_write_on(owed: Owed, lang: str) -> None:
    family = owed.family()
    owed.promise(family, owed.aid.soap, 3)
    said = text_of(catalogue.make("waiting", Format.PDF, owed.cards(), Printed(MORNING), lang))
    assert spaced(family.card_number) in said
    assert "Ткач" not in said
    if lang == "en":
        assert "Wait list, not a promise; lines to write on" in said


def test_the_kit_for_a_power_cut_holds_wait_list_promises_and_door_list(owed: Owed) -> None:
    family = owed.family()
    owed.promise(family, owed.aid.soap, 3)
    sheets = owed.database.read(lambda s: evening.kit_of(s, owed.by.coordinator, TODAY))
    names = [sheet.name for sheet in sheets]
    assert {"served", "sheets", "quick", "waiting", "promises", "door"} <= set(names)
    papers = evening.make_pack(sheets, Printed(MORNING))
    tail = spaced(family.card_number)
    by_name = dict(zip(names, papers, strict=True))
    assert tail in text_of(by_name["waiting"].pdf), "what is put aside for whom"
    assert tail in text_of(by_name["door"].pdf), "whom to call"


def test_the_kit_names_only_papers_there_are() -> None:
    known = {report.name for report in catalogue.REPORTS}
    assert set(evening.KIT) <= known
    assert set(evening.BESIDE) <= known



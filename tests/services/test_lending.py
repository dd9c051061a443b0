"""Goods on loan, on both databases: given, due back, returned once, lent again; and the truths of the shelf hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from aidtrack import i18n
from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import CampaignDraft, RuleDraft
from aidtrack.domain.entitlement import Basis
from aidtrack.domain.handover import GoodsAre, HandOverDraft, LineDraft
from aidtrack.domain.ids import new_id
from aidtrack.domain.lending import LoanEnd
from aidtrack.domain.stock import ItemDraft, ReceiveDraft, ReceiveLine
from aidtrack.errors import Conflict, InvalidInput, NotAllowed, Refused
from aidtrack.reports import slips
from aidtrack.services import campaigns, days, handover, overview, stock
from aidtrack.services.campaigns import AllowanceRow
from aidtrack.services.check import check
from aidtrack.services.handover import CorrectionDraft, LoanRow
from aidtrack.store import journal
from aidtrack.store.database import Database
from aidtrack.store.handover import LoanReturn
from aidtrack.store.stock import Movement
from tests.aid import TODAY, make_family
from tests.factories import Centre, Team
from tests.unit.test_reports import text_of


class Heaters:
    """Heaters lent for thirty days, two for a family; five on the shelf."""

    def __init__(self, database: Database, by: Team) -> None:
        self.database, self.by = database, by
        self.write(days.open_day, by.coordinator)
        self.item = self.write(stock.save_item, by.coordinator, draft=ItemDraft({"ru": "Обогреватель"}, "HEATER"))
        self.campaign = self.write(
            campaigns.save_campaign, by.coordinator, draft=CampaignDraft({"ru": "Зима"}, TODAY)
        )
        draft = RuleDraft(self.item, Basis.HOUSEHOLD, 2, loan_days=30)
        self.rule = self.write(campaigns.save_rule, by.coordinator, campaign_id=self.campaign, draft=draft)
        self.write(stock.receive, by.storekeeper, draft=ReceiveDraft("Фонд", (ReceiveLine(self.item, 5),)))
        self.home: UUID = self.database.write(lambda s: make_family(s, by.registrar)).household_id

    def write(self, do: Callable[..., Any], by: Actor, request: UUID | None = None, **values: Any) -> Any:
        return self.database.write(lambda s: do(s, by, request_id=request or new_id(), **values))

    def give(self, quantity: int = 2) -> UUID:
        draft = HandOverDraft(self.home, (LineDraft(self.rule, quantity),), collector_text="мать")
        found: UUID = self.write(handover.hand_over, self.by.distributor, draft=draft).id
        return found

    def open(self) -> tuple[LoanRow, ...]:
        return self.database.read(lambda s: handover.loans(s, self.by.distributor, household_id=self.home))

    def back(self, line: UUID, end: LoanEnd = LoanEnd.SHELF, by: Actor | None = None, **more: Any) -> LoanRow:
        found: LoanRow = self.write(handover.take_back, by or self.by.distributor, line_id=line, end=end, **more)
        return found

    def row(self) -> AllowanceRow:
        rows = self.database.read(lambda s: campaigns.allowances(s, self.by.distributor, self.home))
        return next(row for row in rows if row.rule_id == self.rule)

    def on_shelf(self) -> int:
        rows = self.database.read(lambda s: stock.lot_rows(s, self.by.storekeeper, self.item))
        return sum(row.quantity for row in rows if row.is_given)

    def holds(self) -> bool:
        return self.database.read(lambda s: check(s, self.by.auditor)).holds


@pytest.fixture
def heaters(database: Database, centre: Centre, by: Team) -> Heaters:
    return Heaters(database, by)


def test_a_loan_is_due_back_and_returns_piece_by_piece(heaters: Heaters) -> None:
    heaters.give()
    first, second = heaters.open()
    assert (first.quantity, first.lent, first.due) == (1, TODAY, TODAY + timedelta(days=30))
    assert first.days_over(TODAY + timedelta(days=33)) == 3
    assert (heaters.row().state, heaters.row().next_day) == ("not_today", None)
    assert i18n.render(heaters.row().reason, "en") == "on loan, due back on 11 Sep 2024"
    assert heaters.back(first.line_id).ended is LoanEnd.SHELF
    assert ([row.line_id for row in heaters.open()], heaters.on_shelf()) == ([second.line_id], 4)
    assert heaters.row().due == 0, "the other one is still with them"
    heaters.back(second.line_id, LoanEnd.SET_ASIDE)
    assert (heaters.open(), heaters.on_shelf(), heaters.row().due) == ((), 4, 2)
    heaters.give(1)
    assert heaters.holds()


def test_the_slip_says_by_which_day_what_is_lent_comes_back(heaters: Heaters, database: Database) -> None:
    given = heaters.give(2)
    slip = database.read(lambda s: overview.hand_over_slip(s, heaters.by.distributor, hand_over_id=given))
    assert [line.back_by for line in slip.given] == [TODAY + timedelta(days=30)]
    said = text_of(slips.hand_over_pdf(slip, "ru"))
    assert "на время, верните до 11 сентября" in said


def test_a_loan_comes_back_once_however_often_it_is_sent(heaters: Heaters, database: Database) -> None:
    heaters.give(1)
    (loan,) = heaters.open()
    request = new_id()
    assert heaters.back(loan.line_id, request=request) == heaters.back(loan.line_id, request=request)
    with pytest.raises(Conflict):
        heaters.back(loan.line_id, LoanEnd.SET_ASIDE, request=request)
    with pytest.raises(Refused, match="not on loan"):
        heaters.back(loan.line_id)
    returns = select(func.count()).select_from(Movement).where(Movement.kind == "return")
    assert database.read(lambda s: s.scalar(returns)) == 1
    assert (heaters.on_shelf(), heaters.holds()) == (5, True)


def test_what_stays_with_the_family_needs_a_coordinator_and_a_reason(heaters: Heaters) -> None:
    heaters.give(1)
    (loan,) = heaters.open()
    with pytest.raises(NotAllowed):
        heaters.back(loan.line_id, LoanEnd.KEPT, reason="сгорел")
    with pytest.raises(InvalidInput):
        heaters.back(loan.line_id, LoanEnd.KEPT, heaters.by.coordinator)
    heaters.back(loan.line_id, LoanEnd.KEPT, heaters.by.coordinator, reason="сгорел")
    assert (heaters.open(), heaters.on_shelf(), heaters.row().due) == ((), 4, 0)
    assert heaters.holds()


def test_a_cancelled_hand_over_is_no_loan_and_a_returned_one_is_not_cancelled(heaters: Heaters) -> None:
    cancel = handover.cancel_hand_over
    hand = heaters.give(1)
    heaters.write(cancel, heaters.by.coordinator, hand_over_id=hand, where=GoodsAre.BACK_ON_SHELF)
    assert heaters.open() == ()
    hand = heaters.give(1)
    heaters.back(heaters.open()[0].line_id)
    with pytest.raises(Refused):
        heaters.write(cancel, heaters.by.coordinator, hand_over_id=hand, where=GoodsAre.BACK_ON_SHELF)
    assert (heaters.on_shelf(), heaters.holds()) == (5, True)


def test_the_check_finds_a_loan_that_ended_without_its_goods(heaters: Heaters, database: Database) -> None:
    heaters.give(1)
    (loan,) = heaters.open()

    def forge(session: Any) -> None:
        with journal.operation(session, heaters.by.coordinator, new_id(), "forged"):
            row = LoanReturn(id=new_id(), hand_over_line_id=loan.line_id, outcome="shelf", day=TODAY, at=heaters.by.clock())
            session.add(row)

    database.write(forge)
    assert [one.code for one in database.read(lambda s: check(s, heaters.by.auditor)).of("T4")] == ["T4-loan"]


def test_the_day_of_the_shelf_adds_up_with_a_loan_that_came_back(heaters: Heaters, database: Database) -> None:
    heaters.give(2)
    heaters.back(heaters.open()[0].line_id)
    told = database.read(lambda s: overview.stock_report(s, heaters.by.coordinator, TODAY)).reconciliation
    assert (told.issued, told.returned, told.lines) == (2, 1, 1)


def test_a_loan_is_not_renewed_by_days(heaters: Heaters) -> None:
    draft = RuleDraft(heaters.item, Basis.HOUSEHOLD, 1, 7, loan_days=30)
    with pytest.raises(InvalidInput) as told:
        heaters.write(campaigns.save_rule, heaters.by.coordinator, campaign_id=heaters.campaign, draft=draft)
    assert [problem.field for problem in told.value.problems] == ["loan_days"]


def test_a_corrected_loan_still_comes_back_piece_by_piece(heaters: Heaters) -> None:
    given = heaters.give(1)
    draft = CorrectionDraft(given, (LineDraft(heaters.rule, 2),))
    heaters.write(handover.correct_hand_over, heaters.by.distributor, draft=draft)
    loans = heaters.open()
    assert [loan.quantity for loan in loans] == [1, 1]
    assert heaters.on_shelf() == 3
    heaters.back(loans[0].line_id)
    assert len(heaters.open()) == 1
    assert heaters.on_shelf() == 4
    assert heaters.holds()

"""Typing in what was given on paper, on both databases: never refused, on its day and at its time, and every truth stays true."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from aidtrack import i18n
from aidtrack.domain import on_paper as rules
from aidtrack.domain.handover import LINES_PER_SHEET
from aidtrack.domain.ids import new_id
from aidtrack.domain.on_paper import PaperLine
from aidtrack.domain.queueing import Lane, TicketState
from aidtrack.domain.stock import CountDraft, ReceiveDraft, ReceiveLine, SeenLine
from aidtrack.errors import AidTrackError, InvalidInput, NotAllowed
from aidtrack.services import check, days, on_paper, overview, queueing
from aidtrack.services.campaigns import allowances
from aidtrack.services.days import RowState
from aidtrack.services.handover import hand_over
from aidtrack.services.on_paper import PaperReceipt
from aidtrack.services.people import HouseholdReceipt
from aidtrack.services.stock import available, counting, receiving, save_sizes
from aidtrack.store.database import Database
from aidtrack.store.days import draw_up_to
from aidtrack.store.people import Card
from tests.aid import TODAY, Goods, draft_of, make_aid, make_family
from tests.factories import Centre, SettableClock, Team

AT = datetime(2024, 8, 12, 11, 20, tzinfo=UTC)  # 14:20 on the wall


class Afternoon:
    """Power came back at six; the sheets of the afternoon lie beside the keyboard."""

    def __init__(self, database: Database, by: Team, centre: Centre) -> None:
        self.database, self.by, self.centre = database, by, centre
        self.aid = database.write(lambda s: make_aid(s, by, centre))
        database.write(lambda s: draw_up_to(s, centre.site_id, "document:GRN:2024", 1))  # the paper of `make_aid`
        by.clock.moment = datetime(2024, 8, 12, 15, 0, tzinfo=UTC)

    def do(self, use_case: Any, who: Any = None, **arguments: Any) -> Any:
        return self.database.write(partial(use_case, by=who or self.by.distributor, request_id=new_id(), **arguments))

    def read(self, use_case: Any, who: Any = None, **arguments: Any) -> Any:
        return self.database.read(partial(use_case, by=who or self.by.shift_lead, **arguments))

    def family(self, surname: str = "Ткаченко", size: int = 4) -> HouseholdReceipt:
        return self.database.write(lambda s: make_family(s, self.by.registrar, surname, size))

    def line(self, family: HouseholdReceipt, *items: tuple[Goods, int], window: int = 0, **more: Any) -> PaperLine:
        taken = tuple((goods.item_id, n) for goods, n in items)
        facts: dict[str, Any] = {"at": AT, "window_id": self.centre.windows[window], "day": TODAY} | more
        return PaperLine(family.household_id, taken, **facts)

    def enter(self, family: HouseholdReceipt, *items: tuple[Goods, int], who: Any = None, **more: Any) -> PaperReceipt:
        receipt: PaperReceipt = self.do(on_paper.enter_paper_line, who, line=self.line(family, *items, **more))
        return receipt

    def problem(self, family: HouseholdReceipt, *items: tuple[Goods, int], **more: Any) -> str:
        with pytest.raises(InvalidInput) as refused:
            self.enter(family, *items, **more)
        return refused.value.problems[0].field

    def due(self, family: HouseholdReceipt) -> dict[UUID, int]:
        rows = self.read(allowances, household_id=family.household_id, day=TODAY)
        return {row.item_id: row.due for row in rows}

    def checklist(self) -> dict[str, Any]:
        shown = self.read(days.day_row, day=TODAY)
        return {row.topic: row for row in self.read(days.checklist, day_id=shown.id)}

    def truths(self) -> None:
        found = self.read(check.check, self.by.auditor)
        assert found.failures == ()
        stock = self.read(overview.stock_report, day=TODAY)
        given_out = self.read(overview.distribution_report, day=TODAY)
        assert stock.reconciliation.difference == 0
        assert given_out.adds_up


@pytest.fixture
def afternoon(database: Database, by: Team, centre: Centre) -> Afternoon:
    return Afternoon(database, by, centre)


def test_a_line_belongs_to_the_day_and_time_it_happened(afternoon: Afternoon) -> None:
    family = afternoon.family()
    food, soap = afternoon.aid.food, afternoon.aid.soap
    booked = afternoon.enter(family, (food, 4), (soap, 2))
    assert (booked.hand_over.day, booked.hand_over.at, str(booked.hand_over.signed_at)) == (TODAY, AT, "1-01/01")
    assert (booked.over, booked.owed, booked.card_tail) == (0, 0, family.card_number[-4:])
    assert afternoon.due(family)[food.item_id] == 0
    assert afternoon.due(family)[soap.item_id] == 2
    afternoon.truths()


def test_the_next_morning_a_line_still_belongs_to_yesterday(afternoon: Afternoon) -> None:
    family = afternoon.family()
    afternoon.do(days.close_day, afternoon.by.coordinator)
    afternoon.by.clock.forward(hours=14)
    afternoon.do(days.open_day, afternoon.by.coordinator)
    booked = afternoon.enter(family, (afternoon.aid.food, 4))
    assert booked.hand_over.day == TODAY
    report = afternoon.read(overview.stock_report, day=TODAY)
    assert [item.flow.issued for item in report.items if item.item_id == afternoon.aid.food.item_id] == [4]
    today = afternoon.read(overview.stock_report, day=TODAY + timedelta(days=1))
    assert [item.flow.opening for item in today.items if item.item_id == afternoon.aid.food.item_id] == [99]
    afternoon.truths()


def test_more_than_allowed_is_marked_and_never_refused(afternoon: Afternoon) -> None:
    family, food = afternoon.family(), afternoon.aid.food
    assert afternoon.enter(family, (food, 6)).over == 2
    assert afternoon.enter(family, (food, 4)).over == 4
    report = afternoon.read(overview.exception_report, day=TODAY)
    assert sum(row.given - row.allowed for row in report.more) == 6
    assert all(row.allowed >= 0 for row in report.more)
    assert {i18n.render(row.allowed_by, "ru") for row in report.more if row.allowed_by} == {"выдано на бумаге"}
    afternoon.truths()


def test_what_the_book_does_not_have_waits_to_be_explained(afternoon: Afternoon) -> None:
    family, blanket = afternoon.family(), afternoon.aid.blanket
    booked = afternoon.enter(family, (blanket, 13), window=1)
    assert (booked.owed, booked.over) == (3, 12)
    afternoon.truths()
    row = afternoon.checklist()[f"owed/{blanket.item_id.hex}"]
    assert (row.state, row.figures.count) == (RowState.SENTENCE, 3)
    report = afternoon.read(overview.stock_report, day=TODAY)
    (item,) = [item for item in report.items if item.item_id == blanket.item_id]
    assert (item.flow.opening + item.flow.received, item.flow.difference, item.flow.issued, item.flow.closing) == (
        10,
        3,
        13,
        0,
    )
    assert (item.counted, report.unexplained) == (None, 1)


def _receive(afternoon: Afternoon, goods: Goods, quantity: int) -> UUID:
    draft = ReceiveDraft(supplier="Гумцентр", lines=(ReceiveLine(goods.item_id, quantity),))
    document: UUID = afternoon.do(receiving.receive, afternoon.by.storekeeper, draft=draft)
    return document


def test_the_receipt_typed_later_explains_them_and_the_shelf_holds_what_is_left(afternoon: Afternoon) -> None:
    family, blanket = afternoon.family(), afternoon.aid.blanket
    afternoon.enter(family, (blanket, 13), window=1)
    receipt = _receive(afternoon, blanket, 20)
    (owed,) = afternoon.read(on_paper.owed_goods, day=TODAY)
    assert (owed.units, owed.receipts[0][0]) == (3, receipt)
    taken = afternoon.do(
        on_paper.came_with, afternoon.by.storekeeper, day=TODAY, item_id=blanket.item_id, receipt_id=receipt
    )
    assert taken == 3
    assert afternoon.read(on_paper.owed_goods, day=TODAY) == ()
    report = afternoon.read(overview.stock_report, day=TODAY)
    (item,) = [item for item in report.items if item.item_id == blanket.item_id]
    assert (item.flow.received, item.flow.issued, item.flow.difference, item.flow.closing) == (30, 13, 0, 17)
    assert report.unexplained == 0
    assert f"owed/{blanket.item_id.hex}" not in afternoon.checklist()
    afternoon.truths()


def test_a_sentence_explains_them_too(afternoon: Afternoon) -> None:
    family, blanket = afternoon.family(), afternoon.aid.blanket
    afternoon.enter(family, (blanket, 13), window=1)
    day_id = afternoon.read(days.day_row, day=TODAY).id
    topic = f"owed/{blanket.item_id.hex}"
    afternoon.do(days.explain, afternoon.by.shift_lead, day_id=day_id, topic=topic, sentence="лежали за печкой")
    assert afternoon.checklist()[topic].state is RowState.DONE
    assert afternoon.read(overview.stock_report, day=TODAY).unexplained == 0


def test_a_receipt_that_brought_too_little_leaves_the_rest_to_explain(afternoon: Afternoon) -> None:
    family, blanket = afternoon.family(), afternoon.aid.blanket
    afternoon.enter(family, (blanket, 16), window=1)
    receipt = _receive(afternoon, blanket, 2)
    settle = partial(on_paper.came_with, day=TODAY, item_id=blanket.item_id, receipt_id=receipt)
    assert afternoon.do(settle, afternoon.by.storekeeper) == 2
    (owed,) = afternoon.read(on_paper.owed_goods, day=TODAY)
    assert owed.units == 4
    with pytest.raises(AidTrackError):
        afternoon.do(settle, afternoon.by.storekeeper)
    afternoon.truths()


def test_a_shelf_counted_since_is_not_emptied_twice(afternoon: Afternoon) -> None:
    """Counted at five without the food that left at half past two; the paper is typed after the count."""
    family, food = afternoon.family(), afternoon.aid.food
    seen = tuple(SeenLine(food.item_id, lot, n) for lot, n in zip(food.lots, (0, 99), strict=True))
    afternoon.do(counting.count, afternoon.by.storekeeper, draft=CountDraft(seen))
    afternoon.enter(family, (food, 4))
    report = afternoon.read(overview.stock_report, day=TODAY)
    (item,) = [item for item in report.items if item.item_id == food.item_id]
    assert (item.flow.issued, item.flow.difference, item.flow.closing) == (4, 0, 99)
    assert afternoon.read(on_paper.owed_goods, day=TODAY) == ()
    afternoon.truths()


def sizes_of_soap(afternoon: Afternoon) -> tuple[UUID, UUID]:
    """Soap comes in two sizes now: five small ones on the shelf, no large one in the book."""
    item = afternoon.aid.soap.item_id
    small, large = afternoon.do(save_sizes, afternoon.by.coordinator, item_id=item, sizes=("S", "L"))
    afternoon.do(receiving.receive, afternoon.by.storekeeper, draft=ReceiveDraft("Фонд", (ReceiveLine(small, 5),)))
    return small, large


def test_sizes_are_typed_behind_a_stroke_and_leave_their_own_stock(afternoon: Afternoon) -> None:
    small, large = sizes_of_soap(afternoon)
    family = afternoon.family()
    view = afternoon.read(on_paper.paper_view, day=TODAY)
    soap = next(one for one in view.items if one.item_id == afternoon.aid.soap.item_id)
    assert dict(soap.sizes) == {"S": small, "L": large}
    numbers, sizes = [one.item_id for one in view.items], {one.item_id: one.sizes for one in view.items}
    items = rules.read_items(f"{soap.number}/sx3 {soap.number}/Lx2", numbers, {}, sizes)
    assert items == ((small, 3), (large, 2))
    line = PaperLine(family.household_id, items, AT, afternoon.centre.windows[0], TODAY)
    booked = afternoon.do(on_paper.enter_paper_line, line=line)
    assert [(one.item_id, one.quantity, one.allowed) for one in booked.hand_over.given] == [(small, 3, 3), (large, 2, 1)]
    assert (booked.over, booked.owed) == (1, 2), "four were due for all sizes together; the book had no large one"
    assert afternoon.due(family)[afternoon.aid.soap.item_id] == 0
    held = afternoon.read(lambda s, by: available(s, afternoon.centre.shelf, TODAY))
    assert (held[small], held.get(large, 0)) == (2, 0)
    afternoon.truths()
    afternoon.do(on_paper.take_back_line, hand_over_id=booked.hand_over.id)
    held = afternoon.read(lambda s, by: available(s, afternoon.centre.shelf, TODAY))
    assert (held[small], held.get(large, 0)) == (5, 0)
    afternoon.truths()


def test_undo_puts_everything_back_and_frees_the_line(afternoon: Afternoon) -> None:
    wrong, right, blanket = afternoon.family(), afternoon.family("Бойко"), afternoon.aid.blanket
    ticket = afternoon.do(queueing.issue_ticket, afternoon.by.registrar, lane=Lane.A, household_id=wrong.household_id)
    before = afternoon.due(wrong)
    booked = afternoon.enter(wrong, (blanket, 13), window=1, place=3)
    assert afternoon.database.read(lambda s: queueing.ticket_row(s, ticket.id)).state is TicketState.SERVED
    back = afternoon.do(on_paper.take_back_line, hand_over_id=booked.hand_over.id)
    assert back.is_back
    (cancelled,) = afternoon.read(overview.exception_report, day=TODAY).cancelled
    assert i18n.render(cancelled.part_of, "ru") == "неверно внесено с бумаги"
    assert afternoon.due(wrong) == before
    assert afternoon.database.read(lambda s: queueing.ticket_row(s, ticket.id)).state is TicketState.WAITING
    assert afternoon.read(on_paper.owed_goods, day=TODAY) == ()
    again = afternoon.enter(right, (blanket, 1), window=1, place=3)
    assert str(again.hand_over.signed_at) == "2-01/03"
    with pytest.raises(AidTrackError):
        afternoon.do(on_paper.take_back_line, hand_over_id=booked.hand_over.id)
    afternoon.truths()


def test_a_line_carries_on_where_the_paper_is_and_gaps_are_listed(afternoon: Afternoon) -> None:
    families = [afternoon.family(name) for name in ("Ткаченко", "Бойко", "Шевчук", "Коваль")]
    soap = afternoon.aid.soap
    afternoon.do(hand_over, draft=draft_of(families[0].household_id, (soap, 1)))
    afternoon.do(on_paper.paper_ended, day=TODAY, window_id=afternoon.centre.windows[0], place=5)
    assert str(afternoon.do(hand_over, draft=draft_of(families[1].household_id, (soap, 1))).signed_at) == "1-01/06"
    shown = afternoon.checklist()["signatures"]
    assert (shown.state, shown.figures.facts["gaps"]) == (RowState.SENTENCE, "1-01/02–1-01/05")
    assert str(afternoon.enter(families[2], (soap, 1)).hand_over.signed_at) == "1-01/02"
    assert str(afternoon.enter(families[3], (soap, 1), place=4).hand_over.signed_at) == "1-01/04"
    windows = afternoon.read(on_paper.missing_lines, day=TODAY)
    assert windows[0].runs == (("1-01/03", "1-01/03"), ("1-01/05", "1-01/05"))


def _places(afternoon: Afternoon) -> list[tuple[str, str, tuple[str, ...]]]:
    rows = afternoon.read(on_paper.paper_view, day=TODAY).entered
    return sorted((row.place, row.card_tail, row.beside) for row in rows if not row.is_back)


def test_a_line_somebody_else_signed_is_booked_and_listed_until_it_is_explained(afternoon: Afternoon) -> None:
    """A window that went on before it was told where the paper ended signed on the lines of the paper once more."""
    ours, theirs, soap = afternoon.family(), afternoon.family("Бойко"), afternoon.aid.soap
    afternoon.do(hand_over, draft=draft_of(ours.household_id, (soap, 1)))
    booked = afternoon.enter(theirs, (soap, 2), place=1)
    tails = ours.card_number[-4:], theirs.card_number[-4:]
    assert (str(booked.hand_over.signed_at), booked.beside, booked.was_written) == ("1-01/01", (tails[0],), False)
    assert _places(afternoon) == [("1-01/01", tails[1], (tails[0],))]
    topic = f"line/{afternoon.centre.windows[0].hex}/1"
    rows = afternoon.checklist()
    assert (rows[topic].state, i18n.render(rows[topic].title, "en")) == (
        RowState.SENTENCE, "Line 1-01/01 of the sheets is written more than once",
    )  # fmt: skip
    assert rows["signatures"].state is RowState.DONE
    assert "2 lines" in i18n.render(rows["signatures"].figures, "en"), "both signed"
    afternoon.truths()
    day = afternoon.read(days.day_row, day=TODAY)
    afternoon.do(days.explain, afternoon.by.shift_lead, day_id=day.id, topic=topic, sentence="Окно 1 не знало, где бумага.")
    assert afternoon.checklist()[topic].state is RowState.DONE


def test_a_typing_error_in_the_line_is_taken_back_and_the_other_family_stays(afternoon: Afternoon) -> None:
    ours, theirs, soap = afternoon.family(), afternoon.family("Бойко"), afternoon.aid.soap
    afternoon.enter(ours, (soap, 1), place=4)
    wrong = afternoon.enter(theirs, (soap, 1), place=4)
    afternoon.do(on_paper.take_back_line, hand_over_id=wrong.hand_over.id)
    assert _places(afternoon) == [("1-01/04", ours.card_number[-4:], ())]
    assert not [topic for topic in afternoon.checklist() if topic.startswith("line/")]
    afternoon.enter(theirs, (soap, 1), place=5)
    afternoon.truths()


@pytest.mark.parametrize("on_window", [False, True])
def test_a_line_typed_a_second_time_is_the_same_line(afternoon: Afternoon, on_window: bool) -> None:
    family, soap = afternoon.family(), afternoon.aid.soap
    if on_window:
        first = afternoon.do(hand_over, draft=draft_of(family.household_id, (soap, 1))).id
    else:
        first = afternoon.enter(family, (soap, 1), place=1).hand_over.id
    before = afternoon.read(overview.stock_report, day=TODAY).reconciliation
    press = partial(
        on_paper.enter_paper_line, by=afternoon.by.distributor, request_id=new_id(),
        line=afternoon.line(family, (soap, 1), place=1, at=AT + timedelta(minutes=5)),
    )  # fmt: skip
    for again in (afternoon.database.write(press), afternoon.database.write(press)):
        assert (again.was_written, again.hand_over.id, again.beside) == (True, first, ())
    assert afternoon.read(overview.stock_report, day=TODAY).reconciliation == before
    assert not [topic for topic in afternoon.checklist() if topic.startswith("line/")]
    other = afternoon.enter(family, (soap, 2), place=1)
    assert (other.was_written, other.beside) == (False, (family.card_number[-4:],)), "other goods are another hand-over"
    afternoon.truths()


def test_only_how_a_line_is_written_is_refused(afternoon: Afternoon) -> None:
    family, food = afternoon.family(), afternoon.aid.food
    assert afternoon.problem(family) == "items"
    assert afternoon.problem(family, (food, 0)) == "items"
    assert afternoon.problem(family, (food, 1), at=AT + timedelta(hours=9)) == "time"
    assert afternoon.problem(family, (food, 1), place=0) == "place"


def test_a_signed_off_day_takes_it_from_the_coordinator_with_a_reason_and_a_revision(afternoon: Afternoon) -> None:
    family, food = afternoon.family(), afternoon.aid.food
    for use_case in (days.close_day, overview.sign_off):
        afternoon.do(use_case, afternoon.by.coordinator)
    with pytest.raises(NotAllowed):
        afternoon.enter(family, (food, 4))
    lead = afternoon.by.coordinator
    with pytest.raises(InvalidInput):
        afternoon.enter(family, (food, 4), who=lead)
    afternoon.enter(family, (food, 4), who=lead, because="лист нашли утром")
    assert afternoon.read(overview.revisions, day=TODAY, name="stock") == (1, 2)
    old = afternoon.read(overview.stock_report, day=TODAY, revision=1)
    new = afternoon.read(overview.stock_report, day=TODAY)
    assert new.reconciliation.lines - old.reconciliation.lines == 4
    afternoon.truths()


def test_the_same_line_twice_is_one_hand_over(afternoon: Afternoon) -> None:
    line = afternoon.line(afternoon.family(), (afternoon.aid.food, 4))
    press = partial(on_paper.enter_paper_line, by=afternoon.by.distributor, request_id=new_id(), line=line)
    assert afternoon.database.write(press) == afternoon.database.write(press)
    assert len(afternoon.read(on_paper.paper_view, day=TODAY).entered) == 1


def test_a_card_is_found_by_its_end_and_one_that_was_replaced_was_good_on_paper(afternoon: Afternoon) -> None:
    family = afternoon.family()
    found = afternoon.read(on_paper.family_of_card, code=family.card_number[-4:], day=TODAY)
    assert (found.household_id, found.name, found.people) == (family.household_id, "Ткаченко М. П.", 4)
    assert found.due[afternoon.aid.food.item_id] == 4
    token = afternoon.database.read(lambda s: s.scalars(select(Card.token)).one())
    assert afternoon.read(on_paper.family_of_card, code=token, day=TODAY).household_id == family.household_id
    with pytest.raises(AidTrackError) as unknown:
        afternoon.read(on_paper.family_of_card, code="123", day=TODAY)
    assert unknown.value.code == "no-card"


def test_a_power_cut_from_the_sheets_to_the_reports(afternoon: Afternoon, clock: SettableClock) -> None:
    """Live hand-overs, paper, a lorry typed late, live again: R1, R5, R9 and R10 are what the sheets add up to."""
    food, soap, blanket = afternoon.aid.food, afternoon.aid.soap, afternoon.aid.blanket
    families = [afternoon.family(f"Семья{n}", size=2) for n in range(12)]
    tickets = [
        afternoon.do(queueing.issue_ticket, afternoon.by.registrar, lane=Lane.A, household_id=one.household_id)
        for one in families[:8]
    ]
    for one, ticket in zip(families[:2], tickets[:2], strict=True):
        afternoon.do(hand_over, draft=draft_of(one.household_id, (food, 2), (soap, 2), ticket_id=ticket.id))
    afternoon.do(days.pause, afternoon.by.shift_lead, reason=days_reason())
    for n, one in enumerate(families[2:8]):
        afternoon.enter(one, (food, 2), (soap, 1), at=AT + timedelta(minutes=n))
    for one in families[2:6]:
        afternoon.enter(one, (blanket, 3), window=1)
    receipt = _receive(afternoon, blanket, 6)
    afternoon.do(on_paper.came_with, afternoon.by.storekeeper, day=TODAY, item_id=blanket.item_id, receipt_id=receipt)
    afternoon.do(days.resume, afternoon.by.shift_lead)
    clock.forward(minutes=5)
    afternoon.do(hand_over, draft=draft_of(families[8].household_id, (food, 2)))
    afternoon.do(days.close_day, afternoon.by.coordinator)
    r1 = afternoon.read(overview.distribution_report, day=TODAY)
    r5 = afternoon.read(overview.stock_report, day=TODAY)
    r9 = afternoon.read(overview.queue_report, day=TODAY)
    r10 = afternoon.read(overview.exception_report, day=TODAY)
    assert (r1.families, r1.people) == (9, 18)
    given = {str(row.names["en"]): row.given for row in r1.items}
    assert given == {"Food kit": 18, "Soap": 10, "Blanket": 12}
    flows = {item.item_id: item.flow for item in r5.items}
    assert [flows[one.item_id].issued for one in (food, soap, blanket)] == [18, 10, 12]
    assert (flows[blanket.item_id].difference, flows[blanket.item_id].closing) == (0, 4)
    assert (r9.total.issued, r9.total.served, r9.total.waiting) == (8, 6, 2)  # two still wait for window 2
    assert sum(row.given - row.allowed for row in r10.more) == 8
    assert {str(row.name): row.count for row in r10.deeds}["Typed in from paper"] == 10
    afternoon.truths()


def days_reason() -> Any:
    from aidtrack.domain.days import PauseReason

    return PauseReason.POWER


# ── the pure rules ───────────────────────────────────────────────────────────────────────────────

FOOD, SOAP = new_id(), new_id()
THREE, FOUR, LARGE = new_id(), new_id(), new_id()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1x4 2x1", ((FOOD, 4), (SOAP, 1))),
        ("1х4, 2×1", ((FOOD, 4), (SOAP, 1))),
        ("1 2", ((FOOD, 3), (SOAP, 1))),
        ("2*12", ((SOAP, 12),)),
        ("", None),
        ("3x1", None),
        ("1x4 1x2", None),
        ("хлеб", None),
        ("1x0", None),
        ("2/3x1 2/4x2", ((THREE, 1), (FOUR, 2))),
        ("2/XLx3", ((LARGE, 3),)),
        ("2/ХЛ х 3", ((LARGE, 3),)),
        ("2/xl 1x2", ((LARGE, 1), (FOOD, 2))),
        ("2/4", ((FOUR, 1),)),
        ("2x1 2/3x1", ((SOAP, 1), (THREE, 1))),
        ("2/9x1", None),
        ("1/3x1", None),
        ("2/3x1 2/3x2", None),
        ("2/x1", None),
    ],
)
def test_items_are_read_by_their_numbers(typed: str, read: Any) -> None:
    assert rules.read_items(typed, (FOOD, SOAP), {FOOD: 3}, {SOAP: {"3": THREE, "4": FOUR, "XL": LARGE}}) == read


@pytest.mark.parametrize(
    ("typed", "day", "hour"),
    [("14:20", 12, 11), ("1420", 12, 11), ("9.05", 12, 6), ("0:30", 12, 21), ("25:00", 0, 0), ("x", 0, 0)],
)
def test_times_are_read_as_the_last_one_that_is_over(typed: str, day: int, hour: int) -> None:
    from zoneinfo import ZoneInfo

    now = datetime(2024, 8, 12, 22, 0, tzinfo=UTC)  # one at night
    found = rules.read_time(typed, date(2024, 8, 12), now, ZoneInfo("Europe/Moscow"))
    assert (
        (found is None)
        if not day
        else (found is not None and (found.astimezone(UTC).day, found.astimezone(UTC).hour) == (day, hour))
    )


@given(st.integers(1, 99), st.integers(1, 40 * LINES_PER_SHEET))
def test_a_place_is_read_as_it_is_shown(window: int, place: int) -> None:
    assert rules.read_place(rules.show_place(window, place), window) == place
    assert rules.read_place(rules.show_place(window, place), window % 99 + 1) is None


@given(st.sets(st.integers(1, 60)), st.integers(0, 60))
def test_runs_say_exactly_what_is_missing(taken: set[int], last: int) -> None:
    gaps = rules.missing(taken, last)
    told = [n for a, b in rules.in_runs(gaps) for n in range(a, b + 1)]
    assert told == list(gaps)
    assert set(gaps) | (taken & set(range(1, last + 1))) == set(range(1, last + 1))


@given(st.text(max_size=40))
def test_nothing_typed_makes_the_reader_fall(typed: str) -> None:
    rules.read_items(typed, (FOOD, SOAP), {})
    rules.read_place(typed, 1)

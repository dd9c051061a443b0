"""Disputes on both databases: what the shift lead sees, the five outcomes, the collector who is stopped, the counts of the day."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import pytest

from aidtrack import i18n
from aidtrack.domain.disputes import Outcome
from aidtrack.domain.handover import GoodsAre, HandOverDraft, LineDraft, LinesRefused
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane, Stage, TicketState
from aidtrack.errors import InvalidInput, NotAllowed, Refused, Text
from aidtrack.reports import catalogue
from aidtrack.reports.catalogue import Format, Printed
from aidtrack.services import disputes, overview, people, queueing
from aidtrack.services.check import check
from aidtrack.services.days.checklist import TO_GIVE_AGAIN, checklist
from aidtrack.services.disputes import DisputeReceipt
from aidtrack.services.handover import HandOverReceipt, cancel_hand_over, hand_over, history
from aidtrack.services.handover.collecting import stopped_for
from aidtrack.services.queueing import TicketRow
from aidtrack.services.today import require_open_day
from aidtrack.store.database import Database
from tests.aid import TODAY, Aid, make_aid, make_family
from tests.factories import MORNING, Centre, SettableClock, Team
from tests.unit.test_reports import text_of


class Window:
    """A family that had food at window 1, and a shift lead there."""

    def __init__(self, database: Database, by: Team, centre: Centre, clock: SettableClock) -> None:
        self.database, self.by, self.clock = database, by, clock
        self.aid: Aid = database.write(lambda s: make_aid(s, by, centre))
        self.family = self.make_family()
        self.mother = self.members(self.family)[0]
        self.given = self.give(self.family.household_id, collector=self.mother)

    def make_family(self, surname: str = "Ткаченко") -> people.HouseholdReceipt:
        return self.database.write(lambda s: make_family(s, self.by.registrar, surname))

    def members(self, family: people.HouseholdReceipt) -> list[UUID]:
        view = self.database.read(lambda s: people.household_view(s, self.by.shift_lead, family.household_id))
        return [member.person_id for member in view.members]

    def give(self, household: UUID, collector: UUID | None = None, by: Any = None) -> HandOverReceipt:
        lines = (LineDraft(self.aid.food.rule_id, 4),)
        draft = HandOverDraft(household, lines, collector_person_id=collector, collector_text="" if collector else "соседка")
        return self.database.write(lambda s: hand_over(s, by or self.by.distributor, request_id=new_id(), draft=draft))

    def to_lead(self) -> TicketRow:
        facts = {"lane": Lane.A, "household_id": self.family.household_id, "stage": Stage.SHIFT_LEAD}
        work = partial(queueing.issue_ticket, by=self.by.registrar, request_id=new_id(), **facts)  # type: ignore[arg-type]
        return self.database.write(work)

    def settle(
        self, outcome: Outcome, *, by: Any = None, other: UUID | None = None, request: UUID | None = None, approver: Any = None
    ) -> DisputeReceipt:
        facts: dict[str, Any] = {
            "household_id": self.family.household_id, "outcome": outcome, "other_household_id": other,
            "hand_over_id": self.given.id if outcome.needs_hand_over else None, "approver": approver,
        }  # fmt: skip
        work = partial(disputes.settle_dispute, by=by or self.by.shift_lead, request_id=request or new_id(), **facts)
        return self.database.write(work)


@pytest.fixture
def window(database: Database, by: Team, centre: Centre, clock: SettableClock) -> Window:
    return Window(database, by, centre, clock)


def test_the_lead_sees_time_window_operator_collector_sheet_and_line(window: Window) -> None:
    (row,) = window.database.read(lambda s: disputes.past(s, window.by.shift_lead, window.family.household_id))
    assert (row.at, row.operator, row.row.collector) == (MORNING, "distributor", "Мария")
    assert str(row.signed_at) == "1-01/01"
    with pytest.raises(NotAllowed):
        window.database.read(lambda s: disputes.past(s, window.by.distributor, window.family.household_id))


def test_our_error_takes_the_hand_over_back_so_that_it_can_be_given_now(window: Window) -> None:
    request = new_id()
    first, second = (window.settle(Outcome.OUR_ERROR, request=request) for _ in range(2))
    assert first == second
    report = window.database.read(lambda s: overview.exception_report(s, window.by.coordinator, TODAY))
    assert [one.part_of for one in report.cancelled] == [Outcome.OUR_ERROR.text]
    assert window.give(window.family.household_id, collector=window.mother).given
    assert window.database.read(lambda s: check(s, window.by.administrator)).failures == ()


def an_earlier_day(window: Window) -> None:
    """The hand-over was on Monday; it is Tuesday."""
    window.clock.forward(days=1)
    window.database.write(lambda s: queueing_day(s, window))


def figures(window: Window) -> Any:
    return window.database.read(lambda s: overview.distribution_report(s, window.by.coordinator, TODAY))


def test_our_error_of_an_earlier_day_is_taken_back_by_a_coordinator_at_the_window(window: Window) -> None:
    an_earlier_day(window)
    before = figures(window)
    (row,) = window.database.read(lambda s: disputes.past(s, window.by.shift_lead, window.family.household_id))
    assert row.is_earlier
    receipt = window.settle(Outcome.OUR_ERROR, approver=window.by.coordinator)
    assert receipt.to_cancel is None
    past = window.database.read(lambda s: history(s, window.by.shift_lead, window.family.household_id))
    assert [one.is_cancelled for one in past] == [True]
    assert window.give(window.family.household_id, collector=window.mother).given, "all of it is due again"
    assert figures(window) == before, "the day of the hand-over keeps its figures"
    assert window.database.read(lambda s: check(s, window.by.administrator)).failures == ()


def test_a_coordinator_at_the_shift_leads_window_takes_it_back_alone(window: Window) -> None:
    an_earlier_day(window)
    assert window.settle(Outcome.OUR_ERROR, by=window.by.coordinator).to_cancel is None


def test_without_a_coordinator_our_error_of_an_earlier_day_is_written_down_and_still_to_cancel(window: Window) -> None:
    an_earlier_day(window)
    request = new_id()
    receipt = window.settle(Outcome.OUR_ERROR, request=request)
    assert receipt.to_cancel == TODAY
    assert window.settle(Outcome.OUR_ERROR, request=request) == receipt
    with pytest.raises(LinesRefused):
        window.give(window.family.household_id, collector=window.mother)
    cancel = partial(cancel_hand_over, hand_over_id=window.given.id, where=GoodsAre.NEVER_LEFT)
    window.database.write(lambda s: cancel(s, window.by.coordinator, request_id=new_id()))
    assert window.give(window.family.household_id, collector=window.mother).given


def test_the_wrong_family_has_it_moved(window: Window) -> None:
    other = window.make_family("Коваль").household_id
    window.settle(Outcome.WRONG_FAMILY, other=other)
    past = window.database.read(lambda s: history(s, window.by.shift_lead, other))
    assert len(past) == 1
    assert window.give(window.family.household_id, collector=window.mother).given


def test_a_wrong_family_needs_the_right_one(window: Window) -> None:
    with pytest.raises(InvalidInput):
        window.settle(Outcome.WRONG_FAMILY)


def test_the_collector_is_stopped_for_this_family_and_no_other(window: Window, clock: SettableClock) -> None:
    window.settle(Outcome.OTHER_COLLECTOR)
    clock.forward(days=8)
    window.database.write(lambda s: queueing_day(s, window))
    with pytest.raises(Refused) as refused:
        window.give(window.family.household_id, collector=window.mother)
    assert refused.value.code == "collector-stopped"
    child = window.members(window.family)[1]
    assert window.give(window.family.household_id, collector=child).given


def queueing_day(session: Any, window: Window) -> None:
    """The day in which the next turn is due."""
    from aidtrack.services import days

    days.close_day(session, window.by.coordinator, request_id=new_id())
    days.open_day(session, window.by.coordinator, request_id=new_id())


def test_a_shown_signature_says_the_next_day_and_ends_the_number(window: Window) -> None:
    ticket = window.to_lead()
    receipt = window.settle(Outcome.SIGNATURE)
    assert receipt.next_day is not None
    assert (receipt.next_day - TODAY).days == 7
    assert window.database.read(lambda s: queueing.ticket_row(s, ticket.id)).state is TicketState.SERVED


def test_the_number_keeps_its_time_and_goes_on_where_the_family_is_served(window: Window) -> None:
    ticket = window.to_lead()
    window.settle(Outcome.OUR_ERROR)
    kept = window.database.read(lambda s: queueing.ticket_row(s, ticket.id))
    assert (kept.state, kept.issued_at, kept.stage) == (TicketState.WAITING, ticket.issued_at, Stage.SHIFT_LEAD)


def test_good_faith_is_counted_and_the_coordinator_sets_how_often(window: Window) -> None:
    window.database.write(lambda s: disputes.set_good_faith(s, window.by.coordinator, request_id=new_id(), a_day=1))
    assert window.settle(Outcome.GOOD_FAITH).left_today == 0
    with pytest.raises(Refused) as refused:
        window.settle(Outcome.GOOD_FAITH)
    assert refused.value.code == "good-faith-used-up"
    with pytest.raises(NotAllowed):
        window.database.write(lambda s: disputes.set_good_faith(s, window.by.shift_lead, request_id=new_id(), a_day=9))


def undo(window: Window, receipt: DisputeReceipt, by: Any = None, request: UUID | None = None) -> DisputeReceipt:
    work = partial(disputes.undo_dispute, by=by or window.by.shift_lead, request_id=request or new_id(), dispute_id=receipt.id)
    return window.database.write(work)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_each_of_the_five_outcomes_is_taken_back_until_the_day_is_closed(window: Window, outcome: Outcome) -> None:
    """The number stands where it stood, nothing is counted, nobody is stopped, the book says what it said."""
    ticket = window.to_lead()
    other = window.make_family("Бойко").household_id if outcome is Outcome.WRONG_FAMILY else None
    report = lambda: window.database.read(lambda s: overview.complaint_report(s, window.by.coordinator, TODAY))  # noqa: E731
    before, row = report(), window.database.read(lambda s: queueing.ticket_row(s, ticket.id))
    settled = window.settle(outcome, other=other)
    assert report() != before
    window.clock.forward(hours=5)
    request = new_id()
    assert [undo(window, settled, request=request).is_undone for _ in range(2)] == [True, True]
    assert report().rows == before.rows
    assert (report().stopped, window.database.read(lambda s: queueing.ticket_row(s, ticket.id))) == (before.stopped, row)
    valid = [one for one in window.database.read(
        lambda s: history(s, window.by.shift_lead, window.family.household_id)
    ) if not one.is_cancelled]  # fmt: skip
    assert [one.collector for one in valid] == ([] if outcome is Outcome.OUR_ERROR else ["Мария"])
    if outcome is Outcome.OUR_ERROR:
        assert window.give(window.family.household_id, collector=window.mother).given
    if outcome is Outcome.GOOD_FAITH:
        assert settled.left_today + 1 == undo_left(window)
    with pytest.raises(Refused):
        undo(window, settled)
    assert window.database.read(lambda s: check(s, window.by.administrator)).failures == ()


def test_our_error_taken_back_stands_on_the_checklist_and_on_r10_until_it_is_handed_over_again(window: Window) -> None:
    settled = window.settle(Outcome.OUR_ERROR)
    line = str(window.database.read(lambda s: history(s, window.by.shift_lead, window.family.household_id))[0].signed_at)
    day = window.database.read(lambda s: require_open_day(s, window.by.coordinator).id)

    def told() -> tuple[list[Text], tuple[str, ...]]:
        rows = window.database.read(lambda s: checklist(s, window.by.coordinator, day))
        report = window.database.read(lambda s: overview.exception_report(s, window.by.coordinator, TODAY))
        return [row.figures for row in rows if row.topic == TO_GIVE_AGAIN], report.to_give_again

    assert told() == ([], ()), "while our error stands the family is simply served"
    window.clock.forward(minutes=5)
    undo(window, settled)
    figures, on_paper = told()
    assert [i18n.render(one, "en") for one in figures] == [f"hand over again: {line}"]
    assert on_paper == (line,)
    window.clock.forward(minutes=5)
    window.give(window.family.household_id, collector=window.mother)
    assert told() == ([], ())


def undo_left(window: Window) -> int:
    return window.database.read(lambda s: disputes.left_in_good_faith(s, window.by.shift_lead, TODAY))


def test_a_collector_who_was_stopped_by_mistake_collects_again(window: Window) -> None:
    settled = window.settle(Outcome.OTHER_COLLECTOR)
    assert window.database.read(lambda s: stopped_for(s, window.family.household_id))
    undo(window, settled)
    assert not window.database.read(lambda s: stopped_for(s, window.family.household_id))


def test_another_day_or_another_role_takes_no_outcome_back(window: Window) -> None:
    settled = window.settle(Outcome.SIGNATURE)
    with pytest.raises(NotAllowed):
        undo(window, settled, window.by.distributor)
    an_earlier_day(window)
    with pytest.raises(Refused):
        undo(window, settled)


def test_only_a_shift_lead_ends_a_dispute(window: Window) -> None:
    with pytest.raises(NotAllowed):
        window.settle(Outcome.SIGNATURE, by=window.by.distributor)


def test_the_report_counts_outcomes_and_who_still_waits(window: Window) -> None:
    window.to_lead()
    window.clock.forward(minutes=12)
    window.settle(Outcome.OTHER_COLLECTOR)
    window.settle(Outcome.GOOD_FAITH)
    report = window.database.read(lambda s: overview.complaint_report(s, window.by.coordinator, TODAY))
    assert [row.today for row in report.rows] == [0, 0, 1, 0, 1]
    assert (report.today, report.stopped, report.waiting, report.longest) == (2, 1, 1, 12)
    pdf = catalogue.make("complaints", Format.PDF, report, Printed(MORNING), "en")
    said = text_of(pdf)
    assert "given in good faith 1 1 1" in said
    assert "Ткач" not in said
    assert catalogue.make("complaints", Format.XLSX, report, Printed(MORNING), "ru")
    assert "given in good faith,1,1,1" in catalogue.make("complaints", Format.CSV, report, Printed(MORNING), "en").decode("utf-8-sig")


def test_the_sheet_for_the_wall_says_the_rule_in_every_public_language(window: Window) -> None:
    rule = window.database.read(lambda s: overview.wall_rule(s, window.by.coordinator, TODAY))
    said = text_of(catalogue.make("wall", Format.PDF, rule, Printed(MORNING), "ru"))
    assert "Как вызывают номера" in said
    assert "Як викликають номери" in said
    assert "90 минут" in said

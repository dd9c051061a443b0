"""A dispute at the shift lead's window, by keys: F8, what the book says, one digit; and what is heard at the Desk."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane, Stage, TicketState
from aidtrack.services import days, queueing
from aidtrack.store import journal
from aidtrack.store.days import Desk
from aidtrack.store.handover import HandOverVoid
from aidtrack.store.queueing import Dispute, DisputeUndo
from aidtrack.ui import jobs, messages, sound
from aidtrack.ui.approving import WordDialog
from aidtrack.ui.dialogs import Question
from aidtrack.ui.page import Key
from tests.ui.test_desk import Visit, said, visit

__all__ = ["visit"]


@pytest.fixture
def disputed(visit: Visit) -> Visit:
    """The family was served, comes back, and stands with its number before the shift lead."""
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_F9)
    facts = {"lane": Lane.A, "household_id": visit.family.household_id, "stage": Stage.SHIFT_LEAD}
    visit.database.write(partial(queueing.issue_ticket, by=visit.by.registrar, request_id=new_id(), **facts))  # type: ignore[arg-type]
    jobs.use_actor(visit.by.shift_lead)
    visit.scan(visit.family)
    return visit


def answer(visit: Visit, name: str, digit: int) -> str:
    QApplication.processEvents()
    question = next(one for one in visit.window.findChildren(Question) if one.isVisible() and one.objectName() == name)
    facts = question._facts.said()
    assert question.answer_digit(digit)
    visit.settle()
    return facts


def outcomes(visit: Visit) -> list[str]:
    return list(visit.ask(lambda s: s.scalars(select(Dispute.outcome)).all()))


def test_f8_shows_the_book_and_a_digit_ends_it_so_that_it_can_be_given(disputed: Visit) -> None:
    assert str(disputed.page.keys()[Key.SHIFT_LEAD].word) == "How it ended"
    disputed.key(Qt.Key.Key_F8)
    facts = answer(disputed, "dispute_outcome", 1)
    assert "1-01/01" in facts
    assert "distributor" in facts
    assert "Let us look together." in facts
    assert outcomes(disputed) == ["our_error"]
    assert said() == "Our error is written down: hand over now"
    assert disputed.page.run_main()
    disputed.settle()
    assert len(disputed.hand_overs()) == 2


def test_how_it_ended_is_taken_back_by_one_key(disputed: Visit) -> None:
    disputed.key(Qt.Key.Key_F8)
    answer(disputed, "dispute_outcome", 3)
    assert said() == "That person no longer collects for this family"
    assert messages.undo()
    disputed.settle()
    assert said() == "Taken back: the dispute is open again."
    assert len(disputed.ask(lambda s: s.scalars(select(DisputeUndo.id)).all())) == 1


@pytest.fixture
def of_yesterday(visit: Visit) -> Visit:
    """The family was served yesterday; today it stands before the shift lead."""
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_F9)
    visit.by.clock.forward(days=1)
    for step in (days.close_day, days.open_day):
        visit.database.write(partial(step, by=visit.by.coordinator, request_id=new_id()))
    facts = {"lane": Lane.A, "household_id": visit.family.household_id, "stage": Stage.SHIFT_LEAD}
    visit.database.write(partial(queueing.issue_ticket, by=visit.by.registrar, request_id=new_id(), **facts))  # type: ignore[arg-type]
    jobs.use_actor(visit.by.shift_lead)
    visit.scan(visit.family)
    return visit


def cancelled(visit: Visit) -> int:
    return len(visit.ask(lambda s: s.scalars(select(HandOverVoid.id)).all()))


def test_our_error_of_yesterday_is_cancelled_by_a_coordinator_at_this_window(of_yesterday: Visit) -> None:
    of_yesterday.key(Qt.Key.Key_F8)
    answer(of_yesterday, "dispute_outcome", 1)
    facts = answer(of_yesterday, "dispute_earlier", 1)
    assert facts.startswith("A hand-over of an earlier day is cancelled by a coordinator.")
    word = next(one for one in of_yesterday.window.findChildren(WordDialog) if one.isVisible())
    assert word.title.text() == "A coordinator cancels it"
    assert word.form.field("who").input.value() == of_yesterday.by.coordinator.user_id, "the only one who may"
    word.accept_now()
    of_yesterday.settle()
    assert said() == "Our error is written down: hand over now"
    assert (outcomes(of_yesterday), cancelled(of_yesterday)) == (["our_error"], 1)
    of_yesterday.window.activateWindow()
    of_yesterday.settle()
    assert of_yesterday.page.run_main()
    of_yesterday.settle()
    assert len(of_yesterday.hand_overs()) == 2


def test_without_a_coordinator_our_error_of_yesterday_waits_for_one(of_yesterday: Visit) -> None:
    of_yesterday.key(Qt.Key.Key_F8)
    answer(of_yesterday, "dispute_outcome", 1)
    answer(of_yesterday, "dispute_earlier", 2)
    wanted = "Our error is written down: hand over now by the shift lead’s word. A coordinator cancels that of 12 Aug 2024: F7"
    assert said() == wanted
    assert (outcomes(of_yesterday), cancelled(of_yesterday)) == (["our_error"], 0)


def test_a_shown_signature_ends_the_number(disputed: Visit) -> None:
    disputed.key(Qt.Key.Key_F8)
    answer(disputed, "dispute_outcome", 4)
    assert said() == "Done: the family comes again from 19 Aug 2024"
    (ticket,) = disputed.ask(lambda s: queueing.ticket_rows(s))
    assert ticket.state is TicketState.SERVED
    assert disputed.page._view is None


def test_in_good_faith_the_way_to_hand_over_is_named_and_open(disputed: Visit) -> None:
    """The book stands, so F9 has nothing to give: what is given is more than is due."""
    disputed.key(Qt.Key.Key_F8)
    answer(disputed, "dispute_outcome", 5)
    assert "F7, “More than is due”" in said()
    assert [one.enabled for one in disputed.page.more() if str(one.word) == "More than is due"] == [True]


def test_a_window_that_only_registers_sends_the_number_on(visit: Visit) -> None:
    def only_register(session: Session) -> None:
        with journal.operation(session, visit.by.coordinator, new_id(), "change_window"):
            session.get_one(Desk, visit.centre.windows[0]).stages = ["register"]
            session.flush()

    visit.database.write(only_register)
    issue = partial(queueing.issue_ticket, by=visit.by.registrar, request_id=new_id(), lane=Lane.A)
    ticket = visit.database.write(issue)
    visit.key(Qt.Key.Key_F5)
    done = next(one for one in visit.page.more() if str(one.word) == "Done: nothing else today")
    done.run()
    visit.settle()
    now = visit.ask(lambda s: queueing.ticket_row(s, ticket.id))
    assert (now.state, now.stage, now.issued_at) == (TicketState.WAITING, Stage.HAND_OVER, ticket.issued_at)
    assert said() == "A 01 goes on to the hand-over and keeps its time"


def test_a_card_and_a_hand_over_sound_soft_and_an_unknown_code_low(visit: Visit, heard: list[bytes]) -> None:
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_F9)
    visit.scan_code("4821179055709999")
    soft, low = sound.samples(sound.Tone.SOFT), sound.samples(sound.Tone.LOW)
    assert heard.count(soft) == 2
    assert heard[-1] == low

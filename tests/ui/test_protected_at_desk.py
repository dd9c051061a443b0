"""A protected family at a window: it opens by its own card, and everywhere else the window says only where to send it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from aidtrack.domain.ids import new_id
from aidtrack.services import people
from aidtrack.store.people import Household
from aidtrack.ui import jobs
from aidtrack.ui.dialogs import FormDialog, Panelled, Question
from tests.ui.test_desk import Visit, said, ticket_for, visit
from tests.ui.typing import type_text

__all__ = ["visit"]


@pytest.fixture
def hidden(visit: Visit) -> Visit:
    """The family is protected by the shift lead."""
    visit.database.write(
        lambda s: people.protect_household(
            s, visit.by.shift_lead, request_id=new_id(), household_id=visit.family.household_id, reason="просьба семьи"
        )
    )
    return visit


def test_it_opens_by_its_card_and_is_served(hidden: Visit) -> None:
    hidden.scan(hidden.family)
    assert hidden.words("family_name") == "Ткаченко Мария Петровна"
    hidden.key(Qt.Key.Key_F9)
    assert len(hidden.hand_overs()) == 1


def test_its_name_finds_nobody_and_its_number_sends_to_the_shift_lead(hidden: Visit) -> None:
    hidden.key(Qt.Key.Key_F2)
    hidden.write("ткач мар")
    hidden.settle()
    assert hidden.page.find_box.hits.items() == []
    hidden.page.find_box.clear()
    ticket_for(hidden, hidden.family.household_id)
    hidden.key(Qt.Key.Key_F5)
    assert said() == "See the shift lead"
    assert hidden.page._view is None


def test_its_whole_card_number_typed_says_nothing_but_opens(hidden: Visit) -> None:
    hidden.key(Qt.Key.Key_F2)
    hidden.write(hidden.family.card_number)
    hidden.settle()
    (row,) = hidden.page.find_box.hits.items()
    assert row.title == "See the shift lead"
    assert "Ткаченко" not in f"{row.title} {row.second} {row.right}"
    hidden.key(Qt.Key.Key_Return)
    assert hidden.words("family_name") == "Ткаченко Мария Петровна"


def panel(visit: Visit) -> Panelled:
    return next(one for one in visit.window.findChildren(Panelled) if one.isVisible())


def test_the_shift_lead_protects_the_open_family_by_keys(visit: Visit) -> None:
    jobs.use_actor(visit.by.shift_lead)
    visit.scan(visit.family)
    action = next(one for one in visit.page.more() if one.word is not None and one.word.msgid == "Card and protection")
    action.run()
    question = panel(visit)
    assert isinstance(question, Question)
    assert question.answer_digit(3)
    QApplication.processEvents()
    form = panel(visit)
    assert isinstance(form, FormDialog)
    type_text(next(iter(form.form.fields())).input, "просьба семьи")
    form.accept_now()
    visit.settle()
    assert visit.ask(lambda s: s.get_one(Household, visit.family.household_id).is_protected)
    assert said() == "The family is protected now"


def test_who_comes_to_the_window_next_does_not_see_it(hidden: Visit) -> None:
    """The lead's family stayed open, with every name and age, before the volunteer who signed in at the locked screen."""
    jobs.use_actor(hidden.by.shift_lead)
    hidden.window.start(hidden.by.shift_lead)
    hidden.page.open_family(hidden.family.household_id)
    hidden.settle()
    assert hidden.words("family_name") == "Ткаченко Мария Петровна"
    jobs.use_actor(hidden.by.distributor)
    hidden.window.start(hidden.by.distributor)
    assert hidden.page.view is None, "not even until the answer comes"
    hidden.settle()
    assert "Ткаченко Мария Петровна" not in seen(hidden)


def test_a_family_protected_meanwhile_goes_from_the_other_windows(visit: Visit) -> None:
    visit.page.open_family(visit.family.household_id)
    visit.settle()
    visit.page._to_change()
    visit.settle()
    assert visit.page._panel() is visit.page.register
    visit.database.write(
        lambda s: people.protect_household(
            s, visit.by.shift_lead, request_id=new_id(), household_id=visit.family.household_id, reason="просьба семьи"
        )
    )
    visit.page.load()
    visit.settle()
    assert (said(), visit.page.view, visit.page._panel()) == ("See the shift lead", None, None)
    assert "Ткаченко Мария Петровна" not in seen(visit)


def seen(visit: Visit) -> set[str]:
    """Every word on the page that can be read."""
    labels = {label.text() for label in visit.page.findChildren(QLabel) if label.isVisible()}
    return labels | {field.text() for field in visit.page.findChildren(QLineEdit) if field.isVisible()}

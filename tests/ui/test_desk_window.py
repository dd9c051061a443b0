"""The Desk beside a visit: numbers called and sent on, the window in every size and language, a child without parents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from sqlalchemy import select

from aidtrack import i18n
from aidtrack.domain.actor import Actor
from aidtrack.domain.birth import read_birth
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft, MemberDraft, Presence
from aidtrack.domain.queueing import Stage, TicketState
from aidtrack.services.frame import FrameView, frame_view
from aidtrack.services.handover import hand_over
from aidtrack.services.people import register_household
from aidtrack.store.people import ChildAlone, Person
from aidtrack.store.queueing import Ticket
from aidtrack.ui import jobs, messages
from aidtrack.ui.frame.state import merged
from aidtrack.ui.main_window import switch_language
from aidtrack.ui.pages.desk.allowance_line import AllowanceLine
from aidtrack.ui.parts.choices import ChoiceChip
from tests.aid import draft_of, make_family
from tests.factories import SettableClock
from tests.ui.test_desk import Visit, give_blanket, said, state, ticket_for, visit

__all__ = ["visit"]


# ── the queue ────────────────────────────────────────────────────────────────────────────────────


def test_f5_opens_the_tied_family_and_f9_serves_its_number(visit: Visit) -> None:
    give_blanket(visit, visit.family.household_id)
    ticket = ticket_for(visit, visit.family.household_id)
    visit.key(Qt.Key.Key_F5)
    assert state(visit, ticket) is TicketState.CALLED
    assert visit.words("family_name") == "Ткаченко Мария Петровна"
    visit.key(Qt.Key.Key_F9)
    assert said().startswith("Who is collecting?"), "nobody was seen yet: a number is no person"
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_F9)
    assert state(visit, ticket) is TicketState.SERVED
    assert said().startswith("Given to A 01: food kit 4, soap 4")


def test_undoing_the_hand_over_brings_the_number_back(visit: Visit) -> None:
    give_blanket(visit, visit.family.household_id)
    ticket = ticket_for(visit, visit.family.household_id)
    visit.key(Qt.Key.Key_F5)
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_F9)
    visit.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert state(visit, ticket) is TicketState.SERVING


def test_nobody_waiting_is_said(visit: Visit) -> None:
    visit.key(Qt.Key.Key_F5)
    assert said() == "Nobody waits for this window"


def test_a_clock_set_back_while_the_day_runs_is_said_to_whoever_comes(visit: Visit, clock: SettableClock) -> None:
    clock.forward(hours=-2)
    visit.window.start(visit.by.distributor)
    visit.settle()
    assert said().endswith("but something was written later than that. Set the clock first.")
    assert merged(replace_age(visit, timedelta(hours=-3)), None, "").backup_hours == 0


def replace_age(visit: Visit, age: timedelta) -> FrameView:
    view = visit.ask(lambda s: frame_view(s, visit.by.coordinator))
    assert view is not None
    return replace(view, centre=replace(view.centre, backup_age=age))


def test_a_key_held_too_long_pushes_nothing_over_the_edge(visit: Visit) -> None:
    """A word without end in a place or a name made the page wider than the window, and its right side was not seen any more."""
    endless = "щ" * 190
    member = MemberDraft(family_name=endless, given_name=endless, birth=read_birth("40", date(2024, 8, 12)))
    draft = HouseholdDraft(members=(member,), origin_text=endless)
    family = visit.database.write(lambda s: register_household(s, visit.by.registrar, request_id=new_id(), draft=draft))
    visit.window.resize(1024, 700)
    visit.page.open_family(family.household_id)
    visit.settle()
    assert visit.window.minimumSizeHint().width() <= 1024
    assert endless in visit.words("family_facts")


def test_tab_goes_through_the_form_as_it_is_read(visit: Visit) -> None:
    """Where they live now came last of all, after everything that stands below it."""
    visit.key(Qt.Key.Key_F3)
    reached = []
    for _ in range(6):
        reached.append(visit.window.focusWidget().objectName())
        visit.key(Qt.Key.Key_Tab)
    assert reached == ["full_name", "birth", "settlement", "phone", "lodging", "members"]


def test_f6_keeps_the_place(visit: Visit) -> None:
    ticket = ticket_for(visit, None)
    visit.key(Qt.Key.Key_F5)
    assert visit.words("next_number") == "A 01"
    visit.key(Qt.Key.Key_F6)
    assert state(visit, ticket) is TicketState.WAITING
    assert said() == "A 01: not here, the place is kept"


def test_the_slip_of_a_number_brings_it_to_this_window(visit: Visit) -> None:
    ticket = ticket_for(visit, None)
    visit.scan_code(f"T:{ticket.hex}")
    assert state(visit, ticket) is TicketState.SERVING
    assert said() == "A 01 is at this window"


def test_the_slip_of_a_hand_over_opens_its_family(visit: Visit) -> None:
    draft = draft_of(visit.family.household_id, (visit.aid.food, 4))
    given = visit.database.write(lambda s: hand_over(s, visit.by.distributor, request_id=new_id(), draft=draft))
    visit.scan_code(f"H:{given.id.hex}")
    assert visit.words("family_name") == "Ткаченко Мария Петровна"


def test_f8_sends_the_family_to_the_shift_lead(visit: Visit) -> None:
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_F8)
    (ticket,) = visit.ask(lambda s: s.scalars(select(Ticket)).all())
    assert (ticket.stage, ticket.household_id) == (Stage.SHIFT_LEAD, visit.family.household_id)
    assert said() == "A 01 goes to the shift lead and keeps its time"


def test_done_is_the_main_key_when_nothing_is_left_to_give(visit: Visit) -> None:
    draft = draft_of(visit.family.household_id, (visit.aid.food, 4), (visit.aid.soap, 4))
    visit.database.write(lambda s: hand_over(s, visit.by.distributor, request_id=new_id(), draft=draft))
    ticket = ticket_for(visit, visit.family.household_id)
    visit.key(Qt.Key.Key_F5)
    assert visit.page.allowance.main.said() == "Done"
    visit.key(Qt.Key.Key_F9)
    assert state(visit, ticket) is TicketState.SERVED


# ── the window ───────────────────────────────────────────────────────────────────────────────────


def test_another_language_keeps_what_was_typed(visit: Visit) -> None:
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_Down)
    visit.write("2")
    switch_language("ru")
    visit.settle()
    assert visit.words("allowance_title") == "Можно получить сейчас"
    assert visit.line(visit.aid.food).box.value() == 2
    assert visit.line(visit.aid.food).findChild(QLabel, "allowance_name").text() == "Продуктовый набор"


def test_news_from_another_window_keeps_what_was_typed(visit: Visit) -> None:
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_Down)
    visit.write("2")
    visit.database.write(lambda s: make_family(s, visit.by.registrar, "Гость"))
    visit.page.load()
    visit.settle()
    assert visit.line(visit.aid.food).box.value() == 2
    assert visit.line(visit.aid.food).box.hasFocus()


def test_a_desk_nobody_stood_at_yet_can_be_painted(visit: Visit) -> None:
    """Its lines are made before there is a family, and have a size before they have a row."""
    line = AllowanceLine()
    line.setParent(visit.page)
    line.resize(420, 60)
    assert not line.grab().isNull()
    line.setParent(None)
    line.deleteLater()
    assert not visit.page.grab().isNull()


def test_the_smallest_window_folds_and_fits(visit: Visit) -> None:
    visit.scan(visit.family)
    visit.window.resize(1024, 700)
    visit.settle()
    assert visit.window.width() == 1024
    assert visit.page.findChild(QWidget, "history_line").isVisible()
    assert not visit.page.findChild(QWidget, "history").isVisible()
    assert visit.page.findChild(QWidget, "card_number_below").isVisible()


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_the_new_family_fits_the_smallest_window(visit: Visit, lang: str) -> None:
    """Every field whole and every digit of where they live in sight, with the banner of a plain file; quick, full, a child alone."""
    visit.window.resize(1024, 700)
    visit.window.show_state(replace(visit.window.state(), is_plain=True))
    switch_language(lang)
    visit.key(Qt.Key.Key_F3)
    form = visit.page.register
    for change in (lambda: None, form.switch, lambda: form.fields.birth.input.set_value("9")):
        change()
        form.fields.full_name.input.set_value("Олійник Олег")
        form._on_edited()
        visit.settle()
        QApplication.processEvents()
        assert (visit.window.width(), visit.window.height()) == (1024, 700)
        for line in form.findChildren(QLineEdit):
            if line.isVisible():
                assert line.height() >= 34, line.objectName()
                assert line.visibleRegion().boundingRect().height() == line.height(), line.objectName()
        chips = form.fields.lodging.input.findChildren(ChoiceChip)
        assert [chip.visibleRegion().boundingRect().size() == chip.size() for chip in chips] == [True] * 5


def test_a_registrar_sees_the_family_and_hands_nothing_over(visit: Visit) -> None:
    registrar: Actor = visit.by.registrar
    jobs.use_actor(registrar)
    visit.scan(visit.family)
    visit.key(Qt.Key.Key_F9)
    assert visit.hand_overs() == []
    assert not visit.page.allowance.main.isEnabled()


# ── a child without parents ──────────────────────────────────────────────────────────────────────


def test_a_shift_lead_is_called_to_a_window_without_a_word_about_whom(visit: Visit) -> None:
    child = MemberDraft(family_name="Коваль", given_name="Олег", birth=read_birth("9", visit_day(visit)))
    draft = HouseholdDraft(members=(child,), came_with="соседка Нина", found_at="вокзал")
    at_window_2 = visit.by.at(visit.by.registrar, visit.centre.windows[1])
    visit.database.write(lambda s: register_household(s, at_window_2, request_id=new_id(), draft=draft))
    calls = visit.page.findChild(QWidget, "lead_calls")
    visit.page.load()
    visit.settle()
    assert not calls.isVisible(), "nobody but the shift lead is told"
    jobs.use_actor(visit.by.at(visit.by.shift_lead, visit.centre.windows[0]))
    visit.page.load()
    visit.settle()
    assert calls.isVisible()
    assert visit.words("lead_call_words") == "Window 2 asks for the shift lead"
    visit.key(Qt.Key.Key_F8)
    assert visit.words("family_name") == "Коваль Олег"
    assert visit.words("family_facts").endswith("came with: соседка Нина · found: вокзал")
    assert not calls.isVisible()
    assert visit.ask(lambda s: s.scalars(select(Ticket)).all()) == [], "no number, nothing on the board"


def test_a_child_alone_is_written_down_by_one_key_and_food_is_given_at_once(visit: Visit) -> None:
    visit.key(Qt.Key.Key_F3)
    visit.write("Коваль Олег")
    visit.key(Qt.Key.Key_Return)
    visit.write("9")
    visit.settle()
    visit.key(Qt.Key.Key_F8)
    assert said() == "The shift lead is called, without a sound. Food and water can be given now."
    assert visit.words("family_name") == "Коваль Олег"
    visit.page.on_digit(1)
    visit.key(Qt.Key.Key_F9)
    (booked,) = visit.hand_overs()
    record = visit.ask(lambda s: s.scalars(select(ChildAlone)).one())
    assert (booked.household_id, record.seen_at) == (record.household_id, None)
    assert visit.ask(lambda s: s.scalars(select(Ticket)).all()) == []


def test_ctrl_1_opens_the_known_family_and_ctrl_z_brings_the_form_back(visit: Visit) -> None:
    visit.key(Qt.Key.Key_F3)
    visit.write("Ткаченко Мария Петровна")
    visit.key(Qt.Key.Key_Return)
    visit.write("35")
    visit.settle()
    assert visit.page.register.alike.rows()[0].household_id == visit.family.household_id
    visit.key(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert visit.words("family_name") == "Ткаченко Мария Петровна"
    assert said() == "This family is known. What was typed can be brought back."
    assert messages.undo()
    visit.settle()
    form = visit.page.register
    assert (form.isVisible(), form.fields.full_name.input.value()) == (True, "Ткаченко Мария Петровна")


def test_a_teenager_sent_with_the_own_card_is_ordinary(visit: Visit) -> None:
    day = visit_day(visit)
    people = [("Анна", "40", Presence.ELSEWHERE), ("Олег", "14", Presence.HERE), ("Ира", "13", Presence.HERE)]
    members = [
        MemberDraft(family_name="Коваль", given_name=name, birth=read_birth(age, day), presence=where)
        for name, age, where in people
    ]
    draft = HouseholdDraft(members=tuple(members))
    family = visit.database.write(lambda s: register_household(s, visit.by.registrar, request_id=new_id(), draft=draft))
    visit.scan(family)
    visit.key(Qt.Key.Key_F9)
    (booked,) = visit.hand_overs()
    assert visit.ask(lambda s: s.get_one(Person, booked.collector_id).given_name) == "Олег"
    assert visit.ask(lambda s: s.scalars(select(ChildAlone)).all()) == []


def visit_day(visit: Visit) -> date:
    return visit.by.registrar.now().date()

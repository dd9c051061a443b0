"""A separate card and a move to another family, at the Desk: ticks, one key, the other card scanned."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from aidtrack.services.people import household_view
from aidtrack.ui import jobs
from aidtrack.ui.pages.desk.separating import WhoGoes
from tests.aid import make_family
from tests.ui.test_desk import Visit, said, visit

__all__ = ["visit"]


def people_of(visit: Visit, household_id: object) -> int:
    return len(visit.ask(lambda s: household_view(s, visit.by.shift_lead, household_id)).members)  # type: ignore[arg-type]


def tick(visit: Visit, *nos: int) -> WhoGoes:
    dialog = visit.window.findChildren(WhoGoes)[-1]
    members = visit.ask(lambda s: household_view(s, visit.by.shift_lead, visit.family.household_id)).members
    dialog.form.fill({"people": tuple(members[no - 1].person_id for no in nos)})
    return dialog


def test_who_is_ticked_gets_a_card_of_their_own_and_stands_open(visit: Visit) -> None:
    jobs.use_actor(visit.by.registrar)
    visit.scan(visit.family)
    visit.page._separate()
    dialog = tick(visit, 1, 2)
    visit.settle()
    dialog.accept_now()
    visit.settle()
    assert said().startswith("Separate card ")
    view = visit.page._view
    assert view is not None
    assert view.family.id != visit.family.household_id
    assert people_of(visit, visit.family.household_id) == 2
    assert people_of(visit, view.family.id) == 2
    assert visit.words("family_name") == "Ткаченко Мария Петровна"


def test_nobody_ticked_is_told_beside_the_ticks(visit: Visit) -> None:
    jobs.use_actor(visit.by.registrar)
    visit.scan(visit.family)
    visit.page._separate()
    dialog = visit.window.findChildren(WhoGoes)[-1]
    dialog.accept_now()
    visit.settle()
    assert dialog.form.field("people").problem_text() == "Tick who lives elsewhere now."


def test_who_lives_with_another_family_goes_there_by_its_card(visit: Visit, window_kit: QtBot) -> None:
    other = visit.database.write(lambda s: make_family(s, visit.by.registrar, "Бондаренко", 2))
    jobs.use_actor(visit.by.registrar)
    visit.scan(visit.family)
    visit.page._move_people()
    tick(visit, 2).accept_now()
    visit.settle()
    visit.window.activateWindow()
    window_kit.waitUntil(lambda: QApplication.focusWidget() is not None)
    assert said() == "Scan the card of the family they live with, or find it. Esc: back"
    assert not visit.page._may_give(), "nothing is given while it is asked whose family they are"
    visit.scan(other)
    assert said() == "They belong to this family now."
    assert people_of(visit, other.household_id) == 3
    assert people_of(visit, visit.family.household_id) == 3


def test_esc_leaves_everybody_where_they_are(visit: Visit, window_kit: QtBot) -> None:
    jobs.use_actor(visit.by.registrar)
    visit.scan(visit.family)
    visit.page._move_people()
    tick(visit, 2).accept_now()
    visit.settle()
    visit.window.activateWindow()
    window_kit.waitUntil(lambda: QApplication.focusWidget() is not None)
    visit.key(Qt.Key.Key_Escape)
    window_kit.waitUntil(lambda: visit.page._moving() is None)
    visit.scan(visit.family)
    assert people_of(visit, visit.family.household_id) == 4
    assert visit.page.findChild(QWidget, "family_name") is not None

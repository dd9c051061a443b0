"""The aid form on the Desk by keyboard: digits answer, conditions open, all problems at once, nothing typed is lost."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aidtrack.domain.ids import new_id
from aidtrack.services import intake
from aidtrack.services.intake import SubmissionRow
from aidtrack.store.database import Database
from aidtrack.ui import jobs
from aidtrack.ui.main_window import switch_language
from aidtrack.ui.pages.desk.intake import IntakePanel, OneOf, SomeOf
from aidtrack.ui.parts import Words
from tests.aid import make_family
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn
from tests.ui.lost import lose_next_answer
from tests.ui.typing import press, type_text


class Shown:
    """The panel over a database."""

    def __init__(self, panel: IntakePanel, database: Database, by: Team, family: UUID) -> None:
        self.panel, self.database, self.by, self.family = panel, database, by, family

    def start(self, family: UUID | None = None) -> None:
        self.panel.start(family or self.family)
        jobs.wait_all()

    def input(self, key: str) -> Any:
        return self.panel._form.field(key).input

    def is_asked(self, key: str) -> bool:
        return not self.panel._blocks[key].isHidden()

    def save(self) -> None:
        action = self.panel.main_action()
        assert action is not None
        assert action.enabled
        action.run()
        jobs.wait_all()

    def latest(self) -> SubmissionRow | None:
        return self.database.read(partial(intake.latest, by=self.by.registrar, household_id=self.family))


@pytest.fixture
def shown(window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, centre: Centre, by: Team) -> Shown:
    sqlite_database.write(partial(intake.load_form, by=by.coordinator, request_id=new_id()))
    family = sqlite_database.write(lambda s: make_family(s, by.registrar)).household_id
    jobs_on(sqlite_database, by.registrar)
    panel = IntakePanel()
    window_kit.addWidget(panel)
    panel.resize(1240, 620)
    panel.show()
    shown = Shown(panel, sqlite_database, by, family)
    shown.start()
    return shown


def digit(widget: QWidget, number: int) -> None:
    type_text(widget, str(number))


def test_digits_answer_and_conditions_open(shown: Shown) -> None:
    assert not shown.is_asked("diaper_size")
    digit(shown.input("needs"), 4)
    digit(shown.input("needs"), 1)
    assert shown.is_asked("diaper_size")
    digit(shown.input("diaper_size"), 3)
    type_text(shown.input("left_on"), "8.8.24")
    type_text(shown.input("remarks"), "с кошкой")
    shown.save()
    row = shown.latest()
    assert row is not None
    assert row.answers == {
        "left_on": "2024-08-08",
        "needs": ["food", "diapers"],
        "diaper_size": ["4"],
        "remarks": "с кошкой",
    }


def test_an_answer_is_taken_back_by_its_own_digit_or_backspace(shown: Shown) -> None:
    language, needs = shown.input("language"), shown.input("needs")
    assert isinstance(language, OneOf)
    assert isinstance(needs, SomeOf)
    digit(language, 1)
    assert language.value() == "ru"
    digit(language, 1)
    assert language.value() is None
    digit(language, 2)
    press(language, Qt.Key.Key_Backspace)
    assert language.value() is None
    digit(needs, 2)
    digit(needs, 2)
    assert needs.value() is None


def test_answers_beyond_nine_are_reached_by_arrows_and_space(shown: Shown) -> None:
    needs = shown.input("needs")
    press(needs, Qt.Key.Key_Left)
    press(needs, Qt.Key.Key_Space)
    assert needs.value() == ["other"]
    assert shown.is_asked("other_need")


def test_enter_goes_on_and_never_saves(shown: Shown) -> None:
    field = shown.input("left_on")
    type_text(field, "8.8.24")
    press(field, Qt.Key.Key_Return)
    assert shown.latest() is None


def test_nothing_answered_cannot_be_saved(shown: Shown) -> None:
    action = shown.panel.main_action()
    assert action is not None
    assert not action.enabled


def test_problems_stand_beside_their_questions_and_what_was_typed_stays(shown: Shown) -> None:
    digit(shown.input("needs"), 6)
    type_text(shown.input("sleeps"), "99")
    type_text(shown.input("left_on"), "31.2.24")
    shown.save()
    assert shown.latest() is None
    assert all(shown.panel._form.field(key).problem_text() for key in ("sleeps", "left_on"))
    assert shown.input("left_on").text() == "31.2.24"


def test_saving_again_after_a_lost_answer_files_one_form(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    digit(shown.input("needs"), 4)
    lose_next_answer(monkeypatch, shown.database)
    shown.save()
    first = shown.latest()
    assert first is not None
    shown.save()
    again = shown.latest()
    assert again is not None
    assert (again.id, again.number) == (first.id, first.number)


def test_what_was_answered_is_shown_again_and_corrected(shown: Shown) -> None:
    digit(shown.input("cook"), 1)
    type_text(shown.input("left_on"), "8.8.24")
    shown.save()
    first = shown.latest()
    shown.start()
    assert shown.input("cook").value() == "yes"
    assert shown.input("left_on").text() == "08.08.2024"
    digit(shown.input("cook"), 3)
    shown.save()
    second = shown.latest()
    assert first is not None
    assert second is not None
    assert (second.answers["cook"], second.id != first.id) == ("no", True)


def test_a_half_filled_form_waits_for_its_family(shown: Shown) -> None:
    type_text(shown.input("remarks"), "начало")
    other = shown.database.write(lambda s: make_family(s, shown.by.registrar, "Иваненко")).household_id
    shown.start(other)
    assert shown.input("remarks").value() == ""
    shown.start()
    assert shown.input("remarks").value() == "начало"


def test_escape_gives_up_without_losing_anything(shown: Shown, window_kit: QtBot) -> None:
    type_text(shown.input("remarks"), "начало")
    with window_kit.waitSignal(shown.panel.given_up):
        press(shown.panel, Qt.Key.Key_Escape)
    shown.start()
    assert shown.input("remarks").value() == "начало"


def test_the_language_changes_while_the_form_is_half_filled(shown: Shown) -> None:
    digit(shown.input("needs"), 1)
    type_text(shown.input("remarks"), "начало")
    switch_language("uk")
    title = shown.panel.findChild(Words, "intake_title")
    assert title is not None
    assert title.said() == "Про що просить родина"
    assert shown.input("remarks").value() == "начало"
    assert shown.input("needs").value() == ["food"]


def test_a_centre_without_a_form_says_what_to_do(
    window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, centre: Centre, by: Team
) -> None:
    family = sqlite_database.write(lambda s: make_family(s, by.registrar)).household_id
    jobs_on(sqlite_database, by.coordinator)
    panel = IntakePanel()
    window_kit.addWidget(panel)
    panel.start(family)
    jobs.wait_all()
    action = panel.main_action()
    assert action is not None
    assert (str(action.word), action.enabled) == ("Load the usual form", True)
    action.run()
    for _ in range(3):
        jobs.wait_all()
    assert "needs" in panel._blocks


def test_the_form_goes_on_paper_filled_or_blank(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted: list[UUID | None] = []
    monkeypatch.setattr(
        "aidtrack.ui.printing.print_form", lambda _owner, household_id=None: wanted.append(household_id)
    )
    filled, blank, _back = shown.panel.more()
    assert not filled.enabled
    blank.run()
    digit(shown.input("cook"), 1)
    shown.save()
    shown.start()
    filled, _blank, _back = shown.panel.more()
    assert filled.enabled
    filled.run()
    assert wanted == [None, shown.family]

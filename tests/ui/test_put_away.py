"""What is asked over the work when it is locked, when the centre pauses, when somebody else comes in: hidden, kept, read by nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from aidtrack.clock import wall_clock
from aidtrack.domain.days import DayState
from aidtrack.errors import Text
from aidtrack.store.database import Database
from aidtrack.ui import jobs
from aidtrack.ui.application import Application
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.frame.state import FrameState
from aidtrack.ui.inputs import TextInput
from aidtrack.ui.main_window import MainWindow
from aidtrack.ui.parts import Field
from aidtrack.ui.shell import Shell
from tests.factories import Centre, Team
from tests.ui.typing import press, type_text

PAUSED = FrameState(state=DayState.PAUSED, paused_since=wall_clock() - timedelta(minutes=3))
OPEN = FrameState(state=DayState.OPEN)


def why_form(page: QWidget) -> tuple[FormDialog, Field]:
    """A form as any page has one, not open yet."""
    form = FormDialog(page, title=Text("Why"), main=Text("Save"), name="why_form")
    field = Field(Text("Why, in a few words"), TextInput(), name="why")
    form.body.addWidget(field)
    form.form.add(field)
    return form, field


class Work:
    """The whole program with a coordinator at the window, on the page of the people."""

    def __init__(self, application: Application, by: Team) -> None:
        self.application, self.by = application, by
        self.window: MainWindow = application.window

    def settle(self) -> None:
        for _ in range(4):
            jobs.wait_all()
            QApplication.processEvents()

    def form(self) -> FormDialog:
        """A form as any page opens one, half typed."""
        page = self.window.page()
        assert page is not None
        form, field = why_form(page)
        form.open()
        self.settle()
        field.input.setFocus()
        type_text(field.input, "he looks for her")
        return form

    def typed(self) -> list[str]:
        """What can be read of it in any form."""
        forms = [form for form in self.window.window().findChildren(FormDialog) if form.isVisible()]
        return [form.form.field("why").input.text() for form in forms]


@pytest.fixture
def work(window_kit: QtBot, qapp: QApplication, sqlite_database: Database, centre: Centre, by: Team) -> Iterator[Work]:
    shell = Shell("#ffffff")
    window_kit.addWidget(shell)
    shell.show()
    application = Application(qapp, shell, "", "en")
    application.window.cover(QWidget())
    application.enter(sqlite_database, by.coordinator)
    work = Work(application, by)
    window_kit.waitUntil(lambda: not work.window.is_locked(), timeout=20_000)
    work.window.show_page("people")
    work.settle()
    yield work
    work.settle()
    application.deleteLater()
    jobs.stop()


@pytest.mark.parametrize("key", [Qt.Key.Key_F12, Qt.Key.Key_F11])
def test_lock_and_pause_come_through_an_open_form(work: Work, window_kit: QtBot, key: Qt.Key) -> None:
    """In an air alarm nobody presses Esc first; they did nothing while a question was open."""
    form = work.form()
    asked: list[bool] = []
    work.window.pause_wanted.disconnect()
    work.window.pause_wanted.connect(asked.append)
    work.window.show_state(OPEN)
    press(form.form.field("why").input, key)
    assert (work.window.is_locked(), asked) == ((True, []) if key is Qt.Key.Key_F12 else (False, [True]))


def test_a_pause_hides_the_form_and_gives_it_back(work: Work) -> None:
    form = work.form()
    work.window.show_state(PAUSED)
    assert not form.isVisible()
    work.window.show_state(OPEN)
    assert work.typed() == ["he looks for her"]


def test_a_form_stays_away_where_a_locked_screen_is_opened_in_a_pause(work: Work) -> None:
    work.form()
    work.window.lock()
    work.window.show_state(PAUSED)
    work.window.uncover(work.by.coordinator)
    work.window.show_state(PAUSED)
    assert work.typed() == []
    work.window.show_state(OPEN)
    assert work.typed() == ["he looks for her"]


def test_nothing_is_typed_into_a_page_that_a_pause_covers(work: Work) -> None:
    work.window.show_state(PAUSED)
    for name in ("desk", "people"):
        page = work.window.show_page(name)
        assert page is not None
        type_text(None, "abc")
        assert [field.text() for field in page.findChildren(QLineEdit) if field.text()] == []
    work.window.show_state(OPEN)
    focus = work.window.focusWidget()
    assert isinstance(focus, QLineEdit)
    assert focus.objectName() == "people_find"


def test_somebody_else_sees_nothing_of_a_form_and_who_began_it_finds_it_again(work: Work, window_kit: QtBot) -> None:
    """A volunteer who came in read why a family is hidden, in a form whose page was not theirs."""
    work.form()
    for actor in (work.by.distributor, work.by.coordinator):
        work.window.lock()
        work.settle()
        work.application._unlock(actor)
        window_kit.waitUntil(lambda: not work.window.is_locked(), timeout=20_000)
        work.settle()
        assert work.typed() == []
    work.window.show_page("people")
    work.settle()
    page = work.window.page()
    assert page is not None
    again, _ = why_form(page)
    again.open()
    assert work.typed() == ["he looks for her"]
    again.close()

"""Esc never loses typed text: a form opened again from the same beginning has it, for the same person, and no secret."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from aidtrack.store.database import Database
from aidtrack.ui import jobs
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.inputs import NumberInput, PasswordInput, TextInput
from aidtrack.ui.parts import Field, Note
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn
from tests.ui.typing import press, type_text


@pytest.fixture
def desk(sqlite_database: Database, centre: Centre, by: Team, jobs_on: JobsOn, window_kit: QtBot) -> Iterator[QWidget]:
    """A window of a coordinator."""
    jobs_on(sqlite_database, by.coordinator)
    window = QWidget()
    window_kit.addWidget(window)
    window.resize(800, 600)
    window.show()
    yield window
    for one in window.findChildren(FormDialog):
        one.close()


def opened(desk: QWidget, *, of: str = "Tkachenko", units: int | None = None, asks_secret: bool = False) -> FormDialog:
    """The form, as a page opens it."""
    form = FormDialog(desk, title="Why?", main="Save", facts=of, name="why")
    fields = [Field("Why", TextInput(), name="why"), Field("Units", NumberInput(0), name="units")]
    for field in [*fields, Field("Password", PasswordInput(), name="secret")][: 3 if asks_secret else 2]:
        form.body.addWidget(form.form.add(field))
    form.form.fill({"units": units})
    form.open()
    QApplication.processEvents()
    return form


def written(form: FormDialog) -> tuple[str, ...]:
    return tuple(field.input.text() for field in form.form.fields())


def left_with(desk: QWidget, text: str, *, asks_secret: bool = False) -> None:
    """Somebody types, and Esc."""
    form = opened(desk, asks_secret=asks_secret)
    type_text(form.form.field("why").input, text)
    type_text(form.form.field("units").input, "12x")
    press(form, Qt.Key.Key_Escape)
    QApplication.processEvents()


def is_told(form: FormDialog) -> bool:
    note = form.findChild(Note, "dialog_again")
    return isinstance(note, Note) and note.isVisible()


def test_what_was_typed_stands_there_again_letter_by_letter(desk: QWidget) -> None:
    left_with(desk, "промокли")
    again = opened(desk)
    assert written(again) == ("промокли", "12x")
    assert is_told(again)


def test_a_form_that_asks_for_a_secret_keeps_nothing(desk: QWidget) -> None:
    """Where a password is typed a badge may have been scanned beside it."""
    left_with(desk, "AT-B-4711", asks_secret=True)
    assert written(opened(desk, asks_secret=True)) == ("", "", "")


def test_a_form_about_somebody_else_or_of_other_figures_begins_empty(desk: QWidget) -> None:
    left_with(desk, "промокли")
    assert written(opened(desk, of="Ivanova")) == ("", "")
    other = opened(desk, units=7)
    assert written(other) == ("", "7")
    assert not is_told(other)


def test_somebody_else_does_not_read_it(desk: QWidget, by: Team) -> None:
    left_with(desk, "промокли")
    jobs.use_actor(replace(by.coordinator, user_id=by.shift_lead.user_id))
    assert written(opened(desk)) == ("", "")


def test_what_is_saved_or_left_as_it_stood_again_is_forgotten(desk: QWidget) -> None:
    left_with(desk, "промокли")
    opened(desk).done_close()
    assert written(opened(desk)) == ("", "")
    left_with(desk, "порвана")
    press(opened(desk), Qt.Key.Key_Escape)
    assert written(opened(desk)) == ("", "")

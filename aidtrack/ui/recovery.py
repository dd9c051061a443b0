"""The recovery code: typed in when a password is forgotten, and printed when it is new."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintDevice, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.clock import wall_clock
from aidtrack.domain import recovery
from aidtrack.domain.accounts import password_problems
from aidtrack.errors import InvalidInput, Text
from aidtrack.reports import catalogue
from aidtrack.services import signing_in
from aidtrack.ui import jobs
from aidtrack.ui.form import Form
from aidtrack.ui.inputs import AreaInput, ChoiceInput, PasswordInput
from aidtrack.ui.parts import Field
from aidtrack.ui.preview import Pages

if TYPE_CHECKING:
    from aidtrack.domain.actor import Actor
    from aidtrack.services.signing_in import PersonRow
    from aidtrack.store.database import Database

SHARP = 300 / 72
"""Pixels a point on paper: more is slow and nobody sees it."""


class RecoveryPane(QWidget):
    """First the code, then who gets a new password. `wants(work, then)`: something slow; `recovered(database, user_id)`."""

    wants = Signal(object, object)
    recovered = Signal(object, object)
    given_up = Signal()

    def __init__(self, address: str, by: Actor) -> None:
        super().__init__()
        self._address, self._by = address, by
        self._database: Database | None = None
        self.code = Field(Text("Recovery code, 50 digits"), AreaInput(lines=2), name="recovery_code", lines=2)
        self.who = Field(Text("Who gets a new password"), ChoiceInput(), name="recovery_who", reserve=False)
        self.password = Field(Text("New password"), PasswordInput(), name="password", lines=2)
        self.again = Field(Text("The same password again"), PasswordInput(), name="again")
        self._form = Form(self.code, self.who, self.password, self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for field in (self.code, self.who, self.password, self.again):
            column.addWidget(field)
        self._show_second(False)

    def focus(self) -> None:
        """The cursor goes to the first field."""
        (self.code if self._database is None else self.password).input.setFocus()

    def submit(self) -> None:
        """Goes on with what was typed; problems stand beside the fields."""
        if self._database is None:
            self._submit_code()
            return
        password = self.password.input.value()
        problems = password_problems(password, self.again.input.value())
        self._form.show_problems(problems)
        if not problems:
            who: UUID = self.who.input.value()
            self.wants.emit(
                partial(self._keep, who, password), lambda _answer: self.recovered.emit(self._database, who)
            )

    def _submit_code(self) -> None:
        try:
            typed = recovery.read(self.code.input.value())
        except InvalidInput as error:
            self._form.show_problems(error.problems)
            return
        self.wants.emit(partial(self._open, typed), self._show_people)

    def _open(self, typed: str) -> tuple[PersonRow, ...]:
        unlocked = signing_in.unlock_by_code(self._address, typed)
        database = jobs.open_database(self._address, unlocked.key)
        rows = database.read(partial(signing_in.coordinators_to_recover, by=self._by))
        self._database = database
        return rows

    def _keep(self, user_id: UUID, password: str) -> None:
        assert self._database is not None
        self._database.read(partial(signing_in.recover, by=self._by, user_id=user_id, password=password))
        self._database.write(partial(signing_in.keep_password, by=self._by, user_id=user_id, password=password))

    def _show_people(self, rows: object) -> None:
        assert isinstance(rows, tuple)
        self.who.input.show_choices([(row.id, row.name) for row in rows])
        self.who.input.set_value(rows[0].id if rows else None)
        self._show_second(True)
        self.focus()

    def _show_second(self, second: bool) -> None:
        self.code.setVisible(not second)
        for field in (self.who, self.password, self.again):
            field.setVisible(second)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


def print_code(parent: QWidget, code: str, centre: str) -> QPrintDialog:
    """Asks for a printer and prints the code large, with what it is for; the dialog is returned open."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent)
    dialog.setObjectName("print_code")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    # The dialog keeps no printer alive, and one that is gone takes the program with it: the connection holds it.
    dialog.accepted.connect(lambda: draw_code(printer, code, centre))
    dialog.setModal(True)
    dialog.show()
    return dialog


def draw_code(paper: QPaintDevice, code: str, centre: str) -> None:
    """One page: what it is, the code in large digits, where to keep it. No name of a person."""
    now, zone = wall_clock(), jobs.zone()
    day = now.astimezone(zone).date()
    pdf = catalogue.make_recovery(recovery.show(code), centre, day, catalogue.Printed(now), str(zone), i18n.language())
    page = Pages(pdf)
    image = page.image(0, min(paper.width() / page.sizes[0][0], SHARP), grey=True)
    painter = QPainter(paper)
    painter.drawImage(QRectF(0, 0, paper.width(), paper.width() * image.height() / image.width()), image)
    painter.end()

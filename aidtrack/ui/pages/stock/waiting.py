"""What is on its way or stands uncounted: the list of deliveries to count, and the signed copy of a waybill that came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.stock import ArrivalLine, DocumentKind
from aidtrack.errors import Problem, Text
from aidtrack.services.stock import Expected
from aidtrack.ui import theme
from aidtrack.ui.dialogs import FormDialog, Panelled
from aidtrack.ui.inputs import NumberInput, TextInput
from aidtrack.ui.parts import Caption, Field, Words
from aidtrack.ui.record_table import Column, RecordTable

Names = Mapping[UUID, Mapping[str, str]]


class WaitingDialog(Panelled):
    """Deliveries to count and waybills of ours on their way; Enter goes on with the chosen one."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget, rows: Sequence[Expected]) -> None:
        super().__init__(parent, Text("On the way and to be counted"), width=820, name="waiting_dialog")
        columns = [
            Column(Text("Number"), lambda row: row.code, width=150, strong=True),
            Column(Text("What"), _what, width=210, wrap=True),
            Column(Text("From or to"), lambda row: row.supplier, stretch=True, width=130, wrap=True),
            Column(Text("Waybill"), lambda row: row.waybill, width=130),
            Column(Text("Boxes"), lambda row: row.boxes, align="right", width=64),
        ]
        self.table = RecordTable(columns, row_height=36, key=lambda row: row.document_id, name="waiting_table")
        self.table.set_empty("truck", Text("Nothing is on its way"), Text("A scanned waybill opens by itself"))
        self.table.show_rows(rows)
        self.table.setMinimumHeight(theme.px(260))
        self.table.chosen.connect(self._on_chosen)
        self.body.addWidget(self.table)
        self.add_foot(Text("Enter: count it, or write down what arrived."))
        if rows:
            self.table.select_row(0)
        self.table.setFocus()

    def _on_chosen(self, row: Expected) -> None:
        self.close()
        self.chosen.emit(row)


def _what(row: Expected) -> Text:
    if row.kind is DocumentKind.SIGNED:
        return Text("signed for, to be counted")
    return Text("from another centre") if not row.is_ours else Text("ours, copy not back yet")


class ArrivalDialog(FormDialog):
    """What the signed copy says came of each batch; what is less is lost on the way."""

    def __init__(self, parent: QWidget, row: Expected, names: Names) -> None:
        title = Text("Arrived: {code}", code=row.code)
        facts = Text("As the copy signed by {who} says. What did not come is written off as lost on the way.", who=row.supplier)
        super().__init__(parent, title=title, main=Text("Write down"), facts=facts, width=640, name="arrival_dialog")
        self.row = row
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(0, 1)
        for column, words in enumerate((Text("Item and batch"), Text("Sent"), Text("Came"))):
            grid.addWidget(Caption(words), 0, column)
        self._came = [self._line(grid, n, names) for n in range(len(row.lines))]
        self.body.addLayout(grid)
        self.body.addWidget(self.form.add(Field(Text("Note, may be empty"), TextInput(max_length=300), name="note")))

    def _focus_first(self) -> None:
        """What came is typed first; the note may stay empty."""
        self._came[0].setFocus()
        self._came[0].selectAll()

    def _line(self, grid: QGridLayout, n: int, names: Names) -> NumberInput:
        line = self.row.lines[n]
        name = i18n.pick(names.get(line.item_id, {}), i18n.language()) if line.item_id else line.item_code
        came = NumberInput(0, line.quantity, name=f"came_{n}")
        came.set_value(line.quantity)
        came.setFixedWidth(theme.px(104))
        grid.addWidget(Words(f"{name} · {line.lot}" if line.lot else name, "row", elide=True), n + 1, 0)
        grid.addWidget(Words(i18n.number(line.quantity, i18n.language()), "row"), n + 1, 1)
        grid.addWidget(came, n + 1, 2)
        return came

    def lines(self) -> tuple[ArrivalLine, ...]:
        """What came, by batch."""
        return tuple(
            ArrivalLine(line.lot_id, came.value())
            for line, came in zip(self.row.lines, self._came, strict=True)
            if line.lot_id is not None
        )

    def failed(self, error: BaseException) -> None:
        """What is wrong with a line is said above the button."""
        problems: Sequence[Problem] = getattr(error, "problems", ())
        if problems:
            self.main_button.setEnabled(True)
            self.say_problem(problems[0].text)
            self._came[int(problems[0].field.split(".")[1])].setFocus()
        else:
            super().failed(error)

    def say_problem(self, text: Text) -> None:
        """One sentence above the button."""
        self._problem.say(text)
        self._problem.show()
        self.fit()


def names_of(rows: Any) -> Names:
    """The names of items by their ids."""
    return {row.id: row.names for row in rows}



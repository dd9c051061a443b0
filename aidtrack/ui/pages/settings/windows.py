"""Shows the windows of the centre: what each does and gives. F3 adds one, Enter changes one."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.accounts import WindowDraft
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Stage
from aidtrack.errors import Text
from aidtrack.services import accounts
from aidtrack.services.accounts import GoodsRow, WindowRow
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.inputs import CheckInput, NumberInput, TextInput
from aidtrack.ui.page import Action
from aidtrack.ui.pages.settings.section import Section
from aidtrack.ui.parts import Field, Note
from aidtrack.ui.record_table import Cell, Column, RecordTable
from aidtrack.ui.ticks import TickList, TicksInput

GIVES_ALL = Text("everything there is")


class WindowDialog(FormDialog):
    """One window as a form."""

    def __init__(self, parent: QWidget, draft: WindowDraft, goods: tuple[GoodsRow, ...], *, is_new: bool) -> None:
        title = Text("New window") if is_new else Text("Window {n}", n=draft.number)
        super().__init__(parent, title=title, main=Text("Save"), width=640, name="window_dialog")
        lang = i18n.language()
        self.gives_all = CheckInput(GIVES_ALL)
        self.gives = TickList([(row.id, i18n.pick(row.names, lang)) for row in goods])
        fields = [
            Field(Text("Number"), NumberInput(1, 99, optional=False), name="number"),
            Field(Text("Name, if it has one"), TextInput(max_length=60), name="name"),
            Field(Text("What this window does"), TicksInput([(s.value, s.text) for s in Stage]), name="stages"),
            Field(Text("What it gives"), self.gives_all, name="gives_all", reserve=False),
            Field(Text("Or only this"), self.gives, name="gives"),
            Field(Text("State"), CheckInput(Text("open: numbers are called here")), name="is_active", reserve=False),
        ]
        for field in fields:
            self.form.add(field)
        first = QHBoxLayout()
        first.setSpacing(16)
        first.addWidget(fields[0], 1)
        first.addWidget(fields[1], 3)
        self.body.addLayout(first)
        last = QHBoxLayout()
        for field in (fields[3], fields[5]):
            last.addWidget(field, 1)
        self.body.addWidget(fields[2])
        self.body.addLayout(last)
        self.body.addWidget(fields[4])
        self.form.fill(
            {
                "number": draft.number,
                "name": draft.name,
                "stages": draft.stages,
                "gives_all": draft.gives is None,
                "gives": draft.gives or (),
                "is_active": draft.is_active,
            }
        )
        self.gives.edited.connect(lambda: self.gives_all.set_value(False))
        self._version = draft.version

    def draft(self) -> WindowDraft:
        """What was typed."""
        typed = self.form.values()
        gives = None if typed["gives_all"] else typed["gives"]
        return WindowDraft(
            typed["number"], typed["name"], typed["stages"], gives, typed["is_active"], version=self._version
        )


class WindowsSection(Section):
    """The table of windows."""

    name = "windows"
    title = Text("Windows")
    hint = Text("A window calls the numbers of what it does, and hands over only what it gives.")
    icon = "monitor"
    needs = Permission.SETTINGS

    def __init__(self) -> None:
        super().__init__()
        self._goods: tuple[GoodsRow, ...] = ()
        self.table = RecordTable(
            [
                Column(Text("No."), lambda r: r.draft.number, align="right", width=50, strong=True),
                Column(Text("Its name"), lambda r: r.draft.name or None, width=110),
                Column(Text("What it does"), _does, width=150, wrap=True),
                Column(Text("What it gives"), _gives, stretch=True, width=150, wrap=True),
                Column(Text("State"), _state, width=104),
            ],
            key=lambda r: r.id,
            name="windows_table",
        )
        self.table.set_empty("monitor", Text("There is no window yet"), Text("F3 adds one"))
        self.table.chosen.connect(self._change)
        self.column.addWidget(self.table, 1)
        self.column.addWidget(Note(Text("Enter changes the chosen window, F3 adds one.")))

    def load(self) -> None:
        jobs.read(accounts.windows, owner=self, then=self._show_windows, latest="windows")
        jobs.read(accounts.goods, owner=self, then=self._show_goods, latest="goods")

    def main_action(self) -> Action | None:
        return Action(Text("Change"), lambda: self._change(self.table.current()), self.table.current() is not None)

    def new_action(self) -> Action | None:
        return Action(Text("New window"), self._add)

    def focus(self) -> None:
        self.table.setFocus()

    def _show_windows(self, rows: tuple[WindowRow, ...]) -> None:
        self.table.show_rows(rows)
        if self.table.current() is None:
            self.table.select_row(0)
        self.actions_changed.emit()

    def _show_goods(self, rows: tuple[GoodsRow, ...]) -> None:
        self._goods = rows

    def _add(self) -> None:
        numbers = [row.draft.number for row in self.table.rows()]
        self._open(WindowDraft(max(numbers, default=0) + 1), None)

    def _change(self, row: object) -> None:
        if isinstance(row, WindowRow):
            self._open(row.draft, row.id)

    def _open(self, draft: WindowDraft, window_id: UUID | None) -> None:
        dialog = WindowDialog(self, draft, self._goods, is_new=window_id is None)
        dialog.accepted_values.connect(lambda _values: self._save(dialog, window_id))
        dialog.open()

    def _save(self, dialog: WindowDialog, window_id: UUID | None) -> None:
        draft, request_id = dialog.draft(), new_id()
        if window_id is None:
            do = partial(accounts.add_window, request_id=request_id, draft=draft)
        else:
            do = partial(accounts.change_window, request_id=request_id, window_id=window_id, draft=draft)

        def saved(_row: object) -> None:
            dialog.done_close()
            messages.done(Text("Saved"))
            self.load()

        jobs.write(do, owner=dialog, then=saved, failed=dialog.failed)


def _does(row: WindowRow) -> str:
    lang = i18n.language()
    return ", ".join(i18n.render(Stage(stage).text, lang) for stage in row.draft.stages)


def _gives(row: WindowRow) -> Text | str:
    lang = i18n.language()
    if row.draft.gives is None:
        return GIVES_ALL
    return "; ".join(i18n.pick(names, lang) for names in row.gives_names)  # a name may have a comma of its own


def _state(row: WindowRow) -> Cell:
    if row.draft.is_active:
        return Cell(Text("window open"), icon="circle-check", tone="accent")
    return Cell(Text("window closed"), icon="circle-slash", tone="ink3")

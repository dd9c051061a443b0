"""Taking a list in: what would happen to every row, then family by family with progress, cancel and undo.

Shows the plan of one file. Reading the file is done in a process of its own, writing in small steps between which others may write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.ids import new_id
from aidtrack.errors import Text
from aidtrack.ui import jobs, messages
from aidtrack.ui.page import Action
from aidtrack.ui.parts import Button, Chips, MainButton, Panel, Words
from aidtrack.ui.parts.panels import Bar
from aidtrack.ui.record_table import Cell, Column, RecordTable

if TYPE_CHECKING:
    from aidtrack.services.spreadsheets import ImportPlan, RowFate, Table

ICONS = {"new": "plus", "changed": "pencil", "already_here": "check", "refused": "circle-x", "not_reached": "clock"}


class TakeInPanel(QWidget):
    """`ended` when the list is done with; `changed` when the main action did."""

    ended = Signal()
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._plan: ImportPlan | None = None
        self._path = Path()
        self._fates: list[RowFate] = []
        self._batch: UUID | None = None
        self._at = 0
        self._is_running = self._is_cancelled = False

    def build(self) -> Iterator[None]:
        """Makes its parts one after another."""
        panel = Panel(Text("Take a list in"), padding=20, cls="h2", name="take_in")
        self.file = Words("", "small", tone="ink2", elide=True, name="take_in_file")
        self.chips = Chips()
        self.table: RecordTable = RecordTable(
            [
                Column(Text("Row"), lambda fate: fate.row, align="right", width=64),
                Column(
                    Text("What happens"),
                    lambda fate: Cell(_words(fate.fate.text), icon=ICONS[fate.fate.value]),
                    width=190,
                ),
                Column(Text("Name"), self._name_cell, width=280),
                Column(Text("Remark"), _remarks, stretch=True, width=220, wrap=True),
            ],
            row_height=32,
            key=lambda fate: fate.row,
            name="take_in_rows",
        )
        yield
        self.bar = Bar()
        self.bar.hide()
        self.progress = Words("", "small", tone="ink2", name="take_in_progress")
        for part in (self.file, self.chips):
            panel.body.addWidget(part)
        panel.body.addWidget(self.table, 1)
        panel.body.addWidget(self.bar)
        panel.body.addWidget(self.progress)
        foot = panel.add_foot()
        self.back = Button(Text("Back"), cap="Esc")
        self.back.setObjectName("take_in_back")
        self.main = MainButton()
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.main)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panel)
        self.back.clicked.connect(self.give_up)
        self.main.clicked.connect(self._run_main)
        self._say_main()

    # ── planning ──

    def start(self, path: Path) -> None:
        """Reads a file and tells what would happen."""
        from aidtrack.services import spreadsheets

        self._plan, self._path, self._fates, self._batch, self._at = None, path, [], None, 0
        self._is_running = self._is_cancelled = False
        self.file.say(path.name)
        self.chips.show_chips([(Text("The file is being read"), "hourglass", "sunken")])
        self.table.show_rows(())
        self.bar.hide()
        self.progress.say("")
        self._say_main()
        jobs.paper(spreadsheets.read_table, path, owner=self, then=self._on_read, failed=self._on_failed)

    def _on_read(self, table: Table) -> None:
        from aidtrack.services import spreadsheets

        jobs.read(
            partial(spreadsheets.plan_import, table=table), owner=self, then=self._show_plan, failed=self._on_failed
        )

    def _on_failed(self, error: BaseException) -> None:
        self._is_running = False
        messages.show_error(error)
        self.ended.emit()

    def _show_plan(self, plan: ImportPlan) -> None:
        self._plan = plan
        fates = plan.fates()
        self.table.show_rows(sorted(fates, key=lambda fate: (not fate.remarks, fate.row)))
        self.chips.show_chips(_chips(plan))
        self._say_main()

    def _name_cell(self, fate: RowFate) -> Cell:
        name = self._name_in(fate.row)
        return Cell(name) if name else Cell(Text("without name"), tone="ink3")

    def _name_in(self, row: int) -> str:
        """Who stands in the row, as far as its columns of names say."""
        if self._plan is None:
            return ""
        cells, columns = self._plan.table.rows[row - 1], self._plan.header.columns
        names = ("full_name", "family_name", "given_name", "patronymic")
        return " ".join(
            cells[columns[n]] for n in names if n in columns and columns[n] < len(cells) and cells[columns[n]]
        )

    # ── taking in ──

    def main_action(self) -> Action:
        """F9: take in; while it runs, stop."""
        if self._is_running:
            return Action(Text("Stop"), self._cancel, not self._is_cancelled)
        people = self._plan.people if self._plan else 0
        is_anything = bool(self._plan and self._plan.is_anything)
        return Action(Text.plural("Take in {n} person", "Take in {n} people", n=people), self._begin, is_anything)

    def _run_main(self) -> None:
        action = self.main_action()
        if action.enabled:
            action.run()

    def _say_main(self) -> None:
        action = self.main_action()
        self.main.say(action.word or "")
        self.main.setEnabled(action.enabled)
        self.back.setEnabled(not self._is_running)
        self.changed.emit()

    def _begin(self) -> None:
        from aidtrack.services import spreadsheets

        if self._plan is None or self._is_running:
            return
        self._is_running, self._at = True, 0
        self._fates = list(self._plan.refused)
        self._say_main()
        start = partial(spreadsheets.start_import, request_id=new_id(), table=self._plan.table)
        jobs.write(start, owner=self, then=self._on_started, failed=self._on_failed)

    def _on_started(self, batch_id: UUID) -> None:
        self._batch = batch_id
        self._next()

    def _next(self) -> None:
        """One step; the next one when this is saved."""
        from aidtrack.services import spreadsheets

        assert self._plan is not None
        assert self._batch is not None
        families = self._plan.families[self._at : self._at + spreadsheets.CHUNK]
        if not families or self._is_cancelled:
            self._finish()
            return
        step = partial(spreadsheets.import_chunk, batch_id=self._batch, families=families)
        jobs.write(step, owner=self, then=self._on_step, failed=self._on_failed)

    def _on_step(self, fates: tuple[RowFate, ...]) -> None:
        from aidtrack.services import spreadsheets

        assert self._plan is not None
        self._fates += fates
        self._at += spreadsheets.CHUNK
        whole = len(self._plan.families)
        done = min(self._at, whole)
        self.bar.show_part(done / whole)
        self.bar.show()
        self.progress.say(Text("families: {done} of {whole}", done=done, whole=whole))
        self._next()

    def _cancel(self) -> None:
        self._is_cancelled = True
        self._say_main()

    def _finish(self) -> None:
        from aidtrack.services import spreadsheets
        from aidtrack.services.spreadsheets import Fate, RowFate

        assert self._plan is not None
        assert self._batch is not None
        batch_id = self._batch
        told = {fate.row for fate in self._fates}
        fates = (*self._fates, *(RowFate(f.row, Fate.NOT_REACHED) for f in self._plan.fates() if f.row not in told))
        result = self._path.with_name(f"{self._path.stem}-result.xlsx")
        plan, new = self._plan, sum(fate.fate is Fate.NEW for fate in fates)
        self._is_running = False
        jobs.paper(spreadsheets.write_result, result, plan, fates, i18n.language(), owner=self)
        text = Text("Rows taken in: {n}. What became of every row: {name}", n=new, name=result.name)
        messages.done(text, undo=partial(take_back, self, batch_id), icon="file-spreadsheet")
        self.ended.emit()

    def give_up(self) -> None:
        """Esc: nothing was done."""
        if not self._is_running:
            self.ended.emit()


def take_back(owner: QWidget, batch_id: UUID) -> None:
    """Undoes a list, step by step; families changed or served since then stay."""
    from aidtrack.services import spreadsheets

    def again(step: Any) -> None:
        if step.done and step.left:
            ask()
        else:
            text = Text("The list was taken back. Families kept, because changed or served since: {n}.", n=step.kept)
            messages.done(text, icon="undo-2")

    def ask() -> None:
        jobs.write(partial(spreadsheets.undo_chunk, batch_id=batch_id), owner=owner, then=again)

    ask()


_FIELDS = {
    "external_id": Text("code"), "household": Text("family"), "relation": Text("relation"), "family_name": Text("surname"),
    "given_name": Text("name"), "patronymic": Text("patronymic"), "full_name": Text("name"), "sex": Text("sex"),
    "birth_date": Text("date of birth"), "birth": Text("date of birth"), "age": Text("age"), "phone": Text("phone"),
    "document_number": Text("document"), "address": Text("address"), "origin": Text("where from"), "members": Text("family"),
    "lodging": Text("where living now"), "needs": Text("what helps"), "note": Text("note"),
}  # fmt: skip
"""How the columns of a list are called in the window; the command line knows them by their own names."""


def _remarks(fate: RowFate) -> str:
    return " ".join(_words(_named(remark)) for remark in fate.remarks)


def _named(remark: Text) -> Text:
    """The remark with its column in words."""
    column = _FIELDS.get(str(remark.facts.get("field", "")))
    return Text(remark.msgid, **{**remark.facts, "field": column}) if column is not None and remark.count is None else remark


def _words(text: Text) -> str:
    return i18n.render(text, i18n.language())


def _chips(plan: ImportPlan) -> list[tuple[Text, str, str]]:
    changed, known = len(plan.changed_families), plan.known_families
    counts: Mapping[Text, tuple[int, str, str]] = {
        Text.plural("{n} new person", "{n} new people", n=plan.people): (plan.people, "plus", "soft"),
        Text.plural("{n} family is changed", "{n} families are changed", n=changed): (changed, "pencil", "soft"),
        Text.plural("{n} family here already", "{n} families here already", n=known): (known, "check", "sunken"),
        Text.plural("{n} row not taken in", "{n} rows not taken in", n=len(plan.refused)): (len(plan.refused), "circle-x", "att"),
    }  # fmt: skip
    chips = [(text, icon, tone) for text, (n, icon, tone) in counts.items() if n]
    if plan.header.unknown:
        names = ", ".join(plan.header.unknown[:6])
        chips.append((Text("columns nobody asked for: {names}", names=names), "info", "sunken"))
    return chips

"""What is on loan, as a list over any page: of one family or of the whole centre; Enter takes one thing back.

Owns the list and its questions. What a return books is `services.handover`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.ids import new_id
from aidtrack.domain.lending import LoanEnd
from aidtrack.errors import Text
from aidtrack.services import handover
from aidtrack.services.handover import LoanRow
from aidtrack.ui import jobs, messages, theme
from aidtrack.ui.dialogs import Answer, FormDialog, Panelled, Question
from aidtrack.ui.inputs import TextInput
from aidtrack.ui.parts import Field
from aidtrack.ui.record_table import Cell, Column, RecordTable


def show_loans(page: QWidget, household_id: UUID | None = None) -> None:
    """Reads what is on loan and opens the list over the page."""
    ask = partial(handover.loans, household_id=household_id)
    jobs.read(ask, owner=page, then=partial(_open, page, household_id))


def _open(page: QWidget, household_id: UUID | None, rows: tuple[LoanRow, ...]) -> None:
    dialog = LoansDialog(page, rows, jobs.today())
    again = partial(show_loans, page, household_id)
    dialog.table.chosen.connect(lambda row: QTimer.singleShot(0, partial(_ask_end, page, dialog, row, again)))
    dialog.open()


class LoansDialog(Panelled):
    """Things on loan, first due first; what is overdue is marked. Cards by their last digits, no names."""

    def __init__(self, parent: QWidget, rows: tuple[LoanRow, ...], day: date | None) -> None:
        super().__init__(parent, Text("On loan"), width=760, name="loans_dialog")
        columns = [
            Column(Text("Item"), lambda row: i18n.pick(row.item_names, i18n.language()), stretch=True, strong=True),
            Column(Text("Card"), lambda row: f"·{row.card_tail}", width=80),
            Column(Text("Since"), lambda row: row.lent, width=96),
            Column(Text("Due back"), partial(_due, day), width=190),
            Column(Text("Signed"), lambda row: str(row.signed_at), width=90),
        ]
        self.table = RecordTable(columns, row_height=36, key=lambda row: row.line_id, name="loans_table")
        self.table.set_empty("package-check", Text("Nothing is on loan"))
        self.table.show_rows(rows)
        self.table.setMinimumHeight(theme.px(320))
        self.body.addWidget(self.table)
        self.add_foot(Text("Enter: it came back, or it stays with the family."))
        if rows:
            self.table.select_row(0)
        self.table.setFocus()


def _due(day: date | None, row: LoanRow) -> Cell:
    over = row.days_over(day) if day is not None else 0
    if not over:
        return Cell(row.due)
    return Cell(Text.plural("{n} day over", "{n} days over", n=over), icon="triangle-alert", tone="att")


def _ask_end(page: QWidget, dialog: LoansDialog, row: LoanRow, again: Callable[[], None]) -> None:
    may_leave = jobs.actor().may(Permission.CAMPAIGN)
    question = Question(
        dialog, title=Text("Where is it now?"), facts=i18n.pick(row.item_names, i18n.language()),
        answers=[Answer(end, end.text, enabled=end.came_back or may_leave) for end in LoanEnd],
        foot=Text("Nothing is deleted: a counter-entry is written"), name="loan_end",
    )  # fmt: skip
    question.answered.connect(lambda end: QTimer.singleShot(0, partial(_on_end, page, dialog, row, (end, again))))
    question.open()


def _on_end(page: QWidget, dialog: LoansDialog, row: LoanRow, asked: tuple[LoanEnd, Callable[[], None]]) -> None:
    end, again = asked
    take = partial(handover.take_back, request_id=new_id(), line_id=row.line_id, end=end)

    def done(*_: object) -> None:
        dialog.close()
        messages.done(Text("Taken back: {item}", item=row.item_names) if end.came_back else Text("It stays with the family."))
        again()

    if end.came_back:
        jobs.write(take, owner=page, then=done)
    else:
        _ask_reason(dialog, take, done)


def _ask_reason(parent: QWidget, take: Callable[..., Any], done: Callable[..., None]) -> None:
    form = FormDialog(parent, title=Text("It stays with the family"), main=Text("Save"), name="loan_kept")
    form.body.addWidget(form.form.add(Field(Text("Why, in one sentence"), TextInput(max_length=300), name="reason")))

    def then(_row: object) -> None:
        form.done_close()
        done()

    form.accepted_values.connect(
        lambda values: jobs.write(
            partial(take, reason=values["reason"], request_id=new_id()), owner=form, then=then, failed=form.failed
        )
    )
    form.open()

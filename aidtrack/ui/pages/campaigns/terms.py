"""The form of what a rule asks more seldom: limits, turns, loans, kinds and sizes of families, days of registration, whose time runs.

What a rule gives, to whom and how often is `dialogs.RuleDialog`'s; each keeps what the other shows.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aidtrack.domain.campaigns import RuleDraft
from aidtrack.domain.categories import FamilyKind
from aidtrack.domain.entitlement import Shared, Windows
from aidtrack.domain.people import Lodging
from aidtrack.errors import Text
from aidtrack.services.campaigns import RuleRow
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.inputs import CheckInput, ChoiceInput, DateInput, NumberInput, TextInput
from aidtrack.ui.pages.campaigns.dialogs import BETWEEN, ManyInput
from aidtrack.ui.parts import Field


class TermsDialog(FormDialog):
    """More conditions of one rule."""

    def __init__(self, parent: QWidget, row: RuleRow) -> None:
        foot = Text("What was handed over keeps the rule it was handed over by.")
        super().__init__(
            parent, title=Text("More conditions"), main=Text("Save"), facts=row.sentence, foot=foot, width=980,
            name="terms_dialog",
        )  # fmt: skip
        self._row = row
        self._build()
        self._fill(row.draft)

    def _build(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(self._limits(), 5)
        columns.addLayout(self._families(), 7)
        self.body.addLayout(columns)

    def _limits(self) -> QVBoxLayout:
        """How much, how often, whose time."""
        column = QVBoxLayout()
        column.setSpacing(BETWEEN)
        month = CheckInput(Text("once in each calendar month"))
        self._line(column, Field("", month, name="monthly", reserve=False))
        self._line(
            column,
            Field(Text("On loan for days"), NumberInput(1), name="loan_days"),
            Field(Text("In turn with"), TextInput(), Text("a word: food"), name="group"),
        )
        self._line(
            column,
            Field(Text("At most for a family"), NumberInput(1), name="cap"),
            Field(Text("At most a day"), NumberInput(1), name="daily_cap"),
        )
        self._line(column, Field(Text("Whose time runs"), _windows_input(), name="windows"))
        self._line(column, Field(Text("Counts as received"), _shared_input(), name="shared"))
        stamps = CheckInput(Text("stamps of other centres count too"))
        self._line(column, Field("", stamps, name="counts_declared", reserve=False))
        column.addStretch(1)
        return column

    def _families(self) -> QVBoxLayout:
        """Whom it is for, besides who is in the family and where they come from."""
        column = QVBoxLayout()
        column.setSpacing(BETWEEN)
        self._line(
            column,
            Field(Text("Families from"), NumberInput(1), Text("people"), name="size_from"),
            Field(Text("Families up to"), NumberInput(1), Text("people"), name="size_to"),
        )
        self._line(
            column,
            Field(Text("Registered from"), DateInput(), name="registered_from"),
            Field(Text("Registered to"), DateInput(), name="registered_to"),
        )
        kinds = ManyInput(((kind.value, kind.text) for kind in FamilyKind), 2)
        self._line(column, Field(Text("Only for families"), kinds, reserve=False, name="kinds"))
        column.addSpacing(8)
        lodgings = ManyInput(((one.value, one.text) for one in Lodging), 3)
        self._line(column, Field(Text("Only for those living"), lodgings, reserve=False, name="lodgings"))
        column.addStretch(1)
        return column

    def _line(self, column: QVBoxLayout, *fields: Field) -> None:
        line = QHBoxLayout()
        line.setSpacing(12)
        for field in fields:
            field.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
            line.addWidget(self.form.add(field), 1)
        column.addLayout(line)

    def _fill(self, draft: RuleDraft) -> None:
        wanted = draft.filters
        self.form.fill(
            {
                "monthly": draft.monthly, "windows": draft.windows, "shared": draft.shared, "group": draft.group,
                "cap": draft.cap, "daily_cap": draft.daily_cap, "size_from": wanted.size_from,
                "size_to": wanted.size_to, "registered_from": wanted.registered_from,
                "registered_to": wanted.registered_to, "kinds": wanted.kinds, "lodgings": wanted.lodgings,
                "loan_days": draft.loan_days, "counts_declared": draft.counts_declared,
            }
        )  # fmt: skip

    def draft(self) -> RuleDraft:
        """The rule with these conditions; with the calendar month, or on loan, it has no number of days."""
        values, before = self.form.values(), self._row.draft
        wanted = replace(
            before.filters, size_from=values["size_from"], size_to=values["size_to"],
            registered_from=values["registered_from"], registered_to=values["registered_to"], kinds=values["kinds"],
            lodgings=values["lodgings"],
        )  # fmt: skip
        monthly, loan_days = bool(values["monthly"]), values["loan_days"]
        return replace(
            before, filters=wanted, monthly=monthly, loan_days=loan_days,
            every_days=None if monthly or loan_days else before.every_days,
            windows=values["windows"], shared=values["shared"] or Shared.HALF, group=values["group"],
            cap=values["cap"], daily_cap=values["daily_cap"], counts_declared=bool(values["counts_declared"]),
        )  # fmt: skip


def _windows_input() -> ChoiceInput:
    chosen = ChoiceInput()
    chosen.show_choices([(None, Text("as usual")), *((one, one.text) for one in Windows)])
    chosen.set_value(None)
    return chosen


def _shared_input() -> ChoiceInput:
    chosen = ChoiceInput()
    chosen.show_choices([(one, one.text) for one in Shared])
    chosen.set_value(Shared.HALF)
    return chosen

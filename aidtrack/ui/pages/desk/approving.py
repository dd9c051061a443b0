"""More than is due, allowed by the shift lead at the volunteer's own window: why, in a digit and a few words.

Owns the reason. Whose word it is, is proved by `ui.approving`; what is approved is the caller's work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from aidtrack.domain.handover import MoreDraft, WhyMore
from aidtrack.errors import Problem, Text
from aidtrack.ui.approving import Word, WordDialog
from aidtrack.ui.inputs import TextInput
from aidtrack.ui.parts import DigitChips, Field

if TYPE_CHECKING:
    from aidtrack.domain.actor import Actor

Approved = Callable[["Actor", MoreDraft], object]


class ApprovalDialog(WordDialog):
    """Why more is given, and who allows it: a lead who sits here says why only."""

    def __init__(self, parent: QWidget, facts: Text) -> None:
        super().__init__(
            parent, facts, title=Text("The shift lead allows it"), main=Text("Allow and hand over"),
            foot=Text("It stands in the evening’s report with the reason."), name="approval",
        )  # fmt: skip

    def ask_first(self) -> None:
        self.reason = DigitChips()
        self.reason.show_choices([(why, why.text) for why in WhyMore])
        self.reason.went_on.connect(self.focusNextChild)
        self.body.addWidget(self.form.add(Field(Text("Why"), self.reason, name="reason")))
        self.body.addWidget(self.form.add(Field(Text("In a few words, may be empty"), TextInput(), name="note")))

    def missing(self) -> list[Problem]:
        if isinstance(self.form.values()["reason"], WhyMore):
            return []
        return [Problem("reason", Text("Why? Press a digit."))]

    def more(self) -> MoreDraft:
        """What was said."""
        values = self.form.values()
        return MoreDraft(values["reason"], str(values["note"]))


class Approving(QObject):
    """One approval at a time."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def ask(self, then: Approved, facts: Text | None = None) -> None:
        """Opens the form; `then(approver, more)` when a shift lead has allowed it. Esc: nothing happened."""
        dialog = ApprovalDialog(self._window, facts or Text("More than is due is to be given."))
        Word(self, dialog, lambda approver: then(approver, dialog.more()))

"""Asks which printer of this computer gives slips, and whether on a roll or on sheets."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from aidtrack.errors import AidTrackError, Text
from aidtrack.reports.catalogue import SlipSize
from aidtrack.ui import messages, slip_printer
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.inputs import ChoiceInput
from aidtrack.ui.parts import DigitChips, Field


class SlipsDialog(FormDialog):
    """In force with the next slip."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(
            owner, title=Text("Printer of slips"), main=Text("Save"), name="slips_dialog",
            facts=Text("Queue numbers and slips for families come out at once. Papers go to the usual printer."),
        )  # fmt: skip
        self.printer, self.paper = ChoiceInput(), DigitChips()
        self._show_printers()
        self.paper.show_choices([(size, size.text) for size in SlipSize])
        self.paper.set_value(slip_printer.size())
        for field in (
            Field(Text("Printer"), self.printer, name="printer", reserve=False),
            Field(Text("Paper in it"), self.paper, name="paper", reserve=False),
        ):
            self.form.add(field)
            self.body.addWidget(field)
        self.printer.edited.connect(self._on_printer)
        self.accepted_values.connect(self._save)

    def _show_printers(self) -> None:
        """One that was chosen stays in the list while it is away."""
        usual, chosen = slip_printer.usual(), slip_printer.chosen()
        first = Text("the usual one: {name}", name=usual) if usual else Text("the usual one")
        away = [(chosen, Text("{name} (not connected)", name=chosen))] if slip_printer.is_missing() else []
        self.printer.show_choices([("", first), *((name, name) for name in slip_printer.names()), *away])
        self.printer.set_value(chosen)

    def _on_printer(self) -> None:
        self.paper.set_value(slip_printer.size_of(self.printer.value() or slip_printer.usual()))

    def _save(self, typed: dict[str, Any]) -> None:
        try:
            slip_printer.choose(typed["printer"], typed["paper"])
        except AidTrackError as error:
            self.failed(error)
            return
        self.done_close()
        messages.done(Text("Saved"))

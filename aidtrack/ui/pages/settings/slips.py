"""Asks which printer of this computer gives slips, and whether on a roll or on sheets."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from aidtrack.errors import AidTrackError, Text
from aidtrack.reports.catalogue import SlipSize
from aidtrack.ui import messages, printers
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
        self.paper.set_value(printers.slip_size())
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
        usual, chosen = printers.usual(), printers.for_slips()
        first = Text("the usual one: {name}", name=usual) if usual else Text("the usual one")
        away = [(chosen, Text("{name} (not connected)", name=chosen))] if printers.is_slip_printer_away() else []
        self.printer.show_choices([("", first), *((name, name) for name in printers.names()), *away])
        self.printer.set_value(chosen)

    def _on_printer(self) -> None:
        self.paper.set_value(printers.size_for(self.printer.value() or printers.usual()))

    def _save(self, typed: dict[str, Any]) -> None:
        try:
            printers.choose_for_slips(typed["printer"], typed["paper"])
        except AidTrackError as error:
            self.failed(error)
            return
        self.done_close()
        messages.done(Text("Saved"))

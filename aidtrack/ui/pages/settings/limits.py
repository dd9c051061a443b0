"""Shows from where on a window asks the shift lead: families one person collects for, counts beside the book. Saves it with F9."""

from __future__ import annotations

from functools import partial

from aidtrack.domain.access import Permission
from aidtrack.domain.handover import MOST_BESIDE_BOOK, MOST_FAMILIES, Limits
from aidtrack.domain.ids import new_id
from aidtrack.errors import Text
from aidtrack.services import handover
from aidtrack.ui import jobs, messages
from aidtrack.ui.form import Form
from aidtrack.ui.inputs import NumberInput
from aidtrack.ui.page import Action
from aidtrack.ui.pages.settings.section import Section
from aidtrack.ui.parts import Field


class LimitsSection(Section):
    """The limits of this centre."""

    name = "limits"
    title = Text("Limits of the windows")
    hint = Text("Beyond them a window asks the shift lead, who may allow more on the spot. They hold for this centre from now on.")
    icon = "lock"
    needs = Permission.SETTINGS

    def __init__(self) -> None:
        super().__init__()
        self._limits = Limits()
        self.form = Form(
            Field(
                Text("Other families one person may collect for in a day"),
                NumberInput(0, MOST_FAMILIES, optional=False),
                Text("0: only for the own family"),
                name="families",
            ),
            Field(
                Text("“It is on the shelf”: units of an item beside the book in a day"),
                NumberInput(0, MOST_BESIDE_BOOK),
                Text("empty: as many as there are"),
                name="spot_count",
            ),
        )
        for field in self.form.fields():
            self.column.addWidget(field)
        self.column.addStretch(1)

    def load(self) -> None:
        jobs.read(handover.limits, owner=self, then=self._show_limits, latest="limits")

    def main_action(self) -> Action | None:
        return Action(Text("Save"), self._save)

    def focus(self) -> None:
        self.form.field("families").input.setFocus()

    def _show_limits(self, limits: Limits) -> None:
        if self.form.is_touched and self._limits.version != limits.version:
            return  # half typed: a change from elsewhere shows as a conflict when it is saved, nothing typed is lost
        self._limits = limits
        self.form.fill({"families": limits.families, "spot_count": limits.spot_count})

    def _save(self) -> None:
        if not self.form.check():
            return
        draft = Limits(**self.form.values(), version=self._limits.version)
        save = partial(handover.save_limits, request_id=new_id(), draft=draft)
        jobs.write(save, owner=self, then=self._on_saved, failed=self.form.failed)

    def _on_saved(self, limits: Limits) -> None:
        self._limits = limits
        self.form.fill({"families": limits.families, "spot_count": limits.spot_count})
        messages.done(Text("Saved"))

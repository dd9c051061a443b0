"""The form of how an item is given today: to all, to those served first, a ration, or not."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aidtrack import i18n
from aidtrack.domain.campaigns import Giving, Switch
from aidtrack.errors import Text
from aidtrack.services.campaigns import RuleReach
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.inputs import ChoiceInput, NumberInput
from aidtrack.ui.parts import Field


class TodayDialog(FormDialog):
    """One item, today, at every window."""

    def __init__(self, parent: QWidget, found: RuleReach) -> None:
        foot = Text("In force at every window at once, for today only. The rules stay as they are.")
        name = i18n.pick(found.row.item_names, i18n.language())
        super().__init__(
            parent, title=Text("How is it given today?"), main=Text("Save"), facts=name, foot=foot, name="today_dialog"
        )
        self.item_id = found.row.rule.item_id
        giving = ChoiceInput()
        giving.show_choices([(one, one.text) for one in Giving])
        self.body.addWidget(self.form.add(Field(Text("Today"), giving, name="giving")))
        ration = Field(Text("Ration for a family"), NumberInput(1), Text("may be empty"), name="ration")
        self.body.addWidget(self.form.add(ration))
        switch = found.switch or Switch()
        self.form.fill({"giving": switch.giving, "ration": switch.ration})

    def switch(self) -> Switch:
        """What was chosen."""
        values = self.form.values()
        return Switch(values["giving"] or Giving.ALL, values["ration"])

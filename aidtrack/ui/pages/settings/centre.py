"""Shows the centre: name, place, clock, languages of its papers, outside phone. Saves it with F9."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from PySide6.QtWidgets import QGridLayout

from aidtrack.domain.access import Permission
from aidtrack.domain.accounts import CentreDraft
from aidtrack.domain.ids import new_id
from aidtrack.errors import Text
from aidtrack.services import accounts
from aidtrack.ui import jobs, messages, zones
from aidtrack.ui.first_steps import LANGUAGE_NAMES
from aidtrack.ui.form import Form
from aidtrack.ui.inputs import ChoiceInput, TextInput
from aidtrack.ui.page import Action
from aidtrack.ui.pages.settings.section import Section
from aidtrack.ui.parts import Field
from aidtrack.ui.ticks import TicksInput


class HourInput(TextInput):
    """An hour of the clock, typed 4, 4:30 or 4.30. Its value is minutes after midnight, or None."""

    def value(self) -> Any:
        """Minutes after midnight."""
        found = re.fullmatch(r"\s*(\d{1,2})(?:[:.](\d{2}))?\s*", self.text())
        if found is None:
            return None
        hour, minute = int(found[1]), int(found[2] or 0)
        return hour * 60 + minute if hour < 24 and minute < 60 else None

    def set_value(self, value: Any) -> None:
        """Shows minutes after midnight as an hour."""
        self.setText("" if value is None else f"{value // 60}:{value % 60:02}")

    def problem(self) -> Text | None:
        """Says how an hour is typed."""
        return Text("Type the hour like 4:00.") if self.value() is None else None


class CentreSection(Section):
    """The form of the centre."""

    name = "centre"
    title = Text("Centre")
    hint = Text("What stands on papers, slips and board. Papers that are printed already stay as they are.")
    icon = "clipboard-list"
    needs = Permission.SETTINGS

    def __init__(self) -> None:
        super().__init__()
        self._draft = CentreDraft("")
        self._zone, self._hour = ChoiceInput(), HourInput()
        self._zone.setMinimumContentsLength(14)
        self._zone.setSizeAdjustPolicy(ChoiceInput.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.form = Form(
            Field(Text("Name of the centre"), TextInput(), name="name"),
            Field(Text("Town or village"), TextInput(), name="place", reserve=False),
            Field(Text("Clock on the wall"), self._zone, name="timezone"),
            Field(Text("A new day begins at"), self._hour, Text("if nobody opens one"), name="day_starts_at"),
            Field(
                Text("Languages of board, slips and papers"),
                TicksInput([(lang, LANGUAGE_NAMES[lang]) for lang in LANGUAGE_NAMES]),
                name="public_languages",
            ),
            Field(
                Text("Outside phone"),
                TextInput(max_length=60),
                Text("on slips and posters"),
                name="outside_phone",
            ),
        )
        two = QGridLayout()
        two.setHorizontalSpacing(20)
        two.setVerticalSpacing(8)
        for n, field in enumerate(self.form.fields()):
            two.addWidget(field, n // 2, n % 2)
        for column in (0, 1):
            two.setColumnStretch(column, 1)
        self.column.addLayout(two)
        self.column.addStretch(1)

    def fold(self, large: bool, *, tight: bool = False) -> None:
        """In a small window no room is kept for what may go wrong: all languages are seen."""
        super().fold(large, tight=tight)
        for name in ("name", "timezone", "day_starts_at", "public_languages", "outside_phone") if hasattr(self, "form") else ():
            self.form.field(name).reserve(not tight)

    def load(self) -> None:
        jobs.read(accounts.centre, owner=self, then=self._show_centre, latest="centre")

    def main_action(self) -> Action | None:
        return Action(Text("Save"), self._save)

    def focus(self) -> None:
        self.form.field("name").input.setFocus()

    def _show_centre(self, draft: CentreDraft) -> None:
        if self.form.is_touched and self._draft.version:
            return  # half typed: a change from elsewhere shows as a conflict when it is saved, nothing typed is lost
        self._draft = draft
        self._zone.show_choices(zones.choices(draft.timezone))
        self.form.fill(
            {
                "name": draft.name,
                "place": draft.place,
                "timezone": draft.timezone,
                "day_starts_at": draft.day_starts_at,
                "public_languages": draft.public_languages,
                "outside_phone": draft.outside_phone,
            }
        )

    def _save(self) -> None:
        if not self.form.check():
            return
        draft = CentreDraft(**{**self.form.values(), "version": self._draft.version})
        change = partial(accounts.change_centre, request_id=new_id(), draft=draft)
        jobs.write(change, owner=self, then=self._on_saved, failed=self.form.failed)

    def _on_saved(self, draft: CentreDraft) -> None:
        self._draft = draft
        self.form.fill(self.form.values())
        self._show_centre(draft)
        messages.done(Text("Saved"))

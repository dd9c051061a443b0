"""People who go on under another card, at the Desk: a separate card for some of the family, or a place in a family that is known.

Owns the forms and the move that waits for the other card. What the Desk shows afterwards is the page's work.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from aidtrack.domain.ids import new_id, show_card
from aidtrack.domain.people import Lodging
from aidtrack.errors import Text
from aidtrack.i18n import tr
from aidtrack.services.people import HouseholdReceipt, MoveDraft, SeparationDraft
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.inputs import ChoiceInput, TextInput
from aidtrack.ui.parts import Field
from aidtrack.ui.ticks import TicksInput

if TYPE_CHECKING:
    from aidtrack.services.people import HouseholdView, MemberRow


class WhoGoes(FormDialog):
    """Who of the family: ticks, and for a separate card how they live now."""

    def __init__(self, parent: QWidget, family: HouseholdView, *, separate: bool) -> None:
        title = Text("Who lives elsewhere now?") if separate else Text("Who lives with another family now?")
        main = Text("Give the card") if separate else Text("Next: the other card")
        foot = Text("What these people had counts for them there too.")
        super().__init__(parent, title=title, main=main, facts=family.head_name, foot=foot, name="who_goes")
        people = TicksInput([(member.person_id, _name(member)) for member in family.members])
        self.body.addWidget(self.form.add(Field("", people, name="people")))
        if separate:
            lives = ChoiceInput()
            lives.show_choices([(None, Text("as before")), *((one, one.text) for one in Lodging)])
            lives.set_value(None)
            self.body.addWidget(self.form.add(Field(Text("How do they live now"), lives, name="lodging")))
        self.body.addWidget(self.form.add(Field(Text("Reason, may be empty"), TextInput(), name="reason")))


def _name(member: MemberRow) -> str:
    name = member.name or tr("without name")
    return name if member.age is None else f"{name}, {member.age}"


class Separating(QObject):
    """`separated` carries the family of the new card, `moved` the one they live with now; `wants_family`: it is to be found."""

    separated = Signal(object)
    moved = Signal(object)
    wants_family = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._moving: MoveDraft | None = None

    @property
    def is_moving(self) -> bool:
        """Whether the next family that is scanned or found is the one they live with."""
        return self._moving is not None

    def ask_separate(self, family: HouseholdView) -> None:
        """Who goes, then the card."""
        dialog = WhoGoes(self._window, family, separate=True)
        dialog.accepted_values.connect(lambda values: self._separate(dialog, family, values))
        dialog.open()

    def _separate(self, dialog: WhoGoes, family: HouseholdView, values: dict[str, object]) -> None:
        from aidtrack.services import people

        lodging = values["lodging"]
        draft = SeparationDraft(
            family.id, family.version, _chosen(values), lodging=Lodging(str(lodging)) if lodging else None,
            reason=str(values["reason"]),
        )  # fmt: skip
        send = partial(people.separate_card, request_id=new_id(), draft=draft)
        jobs.write(send, owner=self, then=partial(self._on_separated, dialog), failed=dialog.failed)

    def _on_separated(self, dialog: WhoGoes, receipt: HouseholdReceipt) -> None:
        dialog.done_close()
        messages.done(Text("Separate card {number} is given.", number=show_card(receipt.card_number)))
        self.separated.emit(receipt.household_id)

    def ask_move(self, family: HouseholdView) -> None:
        """Who goes, then the other card."""
        dialog = WhoGoes(self._window, family, separate=False)
        dialog.accepted_values.connect(lambda values: self._wait_for_card(dialog, family, values))
        dialog.open()

    def _wait_for_card(self, dialog: WhoGoes, family: HouseholdView, values: dict[str, object]) -> None:
        self._moving = MoveDraft(family.id, family.version, _chosen(values), family.id, str(values["reason"]))
        dialog.done_close()
        text = Text("Scan the card of the family they live with, or find it. Esc: back")
        messages.attention(text, icon="scan-line")
        QTimer.singleShot(0, self.wants_family.emit)

    def move_to(self, household_id: UUID) -> None:
        """This family has them now."""
        from aidtrack.services import people

        waiting, self._moving = self._moving, None
        if waiting is not None:
            draft = replace(waiting, to_household_id=household_id)
            jobs.write(partial(people.move_member, request_id=new_id(), draft=draft), owner=self, then=self._on_moved)

    def _on_moved(self, household_id: UUID) -> None:
        messages.done(Text("They belong to this family now."))
        self.moved.emit(household_id)

    def stop_moving(self) -> None:
        """Back: everybody stays."""
        self._moving = None
        messages.clear()


def _chosen(values: dict[str, object]) -> frozenset[UUID]:
    ticked = values["people"]
    return frozenset(one for one in ticked if isinstance(one, UUID)) if isinstance(ticked, tuple) else frozenset()

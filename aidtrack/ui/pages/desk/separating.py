"""People who go on under another card, at the Desk: a separate card for some of the family, or a place in a family that is known.

Owns the forms and the move that waits for the other card. What the Desk shows afterwards is the page's work.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.ids import new_id, show_card
from aidtrack.domain.people import LONGEST_NOTE, Lodging
from aidtrack.errors import Text
from aidtrack.i18n import tr
from aidtrack.services.people import HouseholdReceipt, MoveDraft, SeparationDraft
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.inputs import ChoiceInput, SuggestInput, TextInput
from aidtrack.ui.parts import Field
from aidtrack.ui.ticks import TickList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aidtrack.services.handover import DeskView
    from aidtrack.services.people import HouseholdView, MemberRow
    from aidtrack.services.settlements import SettlementRow


WIDTH, MOST_IN_SIGHT = 640, 5
"""Wide enough for two fields side by side: the panel is never higher than the smallest window; a large family scrolls."""


class NewPlaceInput(SuggestInput):
    """A place of the list, or nothing at all: what is only typed says no place."""

    def problem(self) -> Text | None:
        """Asks for a place of the list."""
        is_only_typed = self.value() is None and bool(self.text().strip())
        return Text("Choose a place of the list, or leave it empty: as before.") if is_only_typed else None


class WhoGoes(FormDialog):
    """Who of the family: ticks, and for a separate card where and how they live now."""

    def __init__(self, parent: QWidget, family: HouseholdView, *, separate: bool) -> None:
        title = Text("Who lives elsewhere now?") if separate else Text("Who lives with another family now?")
        main = Text("Give the card") if separate else Text("Next: the other card")
        foot = Text("What these people had counts for them there too.") if not separate else Text(
            "What these people had counts for them there too. Another place or another way of living is a new home: "
            "some programmes give a new home its own."
        )
        super().__init__(parent, title=title, main=main, facts=family.head_name, foot=foot, width=WIDTH, name="who_goes")
        rows = min(len(family.members), MOST_IN_SIGHT)
        people = TickList([(member.person_id, _name(member)) for member in family.members], rows=rows)
        people.select_first()
        self.body.addWidget(self.form.add(Field("", people, name="people")))
        if separate:
            self._ask_home(family)
        else:
            self.body.addWidget(self._reason())

    def _reason(self) -> QWidget:
        return self.form.add(Field(Text("Reason, may be empty"), TextInput(), name="reason"))

    def _side_by_side(self, *fields: QWidget) -> None:
        row = QHBoxLayout()
        row.setSpacing(16)
        for one in fields:
            row.addWidget(one, 1)
        self.body.addLayout(row)

    def _ask_home(self, family: HouseholdView) -> None:
        """The new home; whatever is left as it is stays as before."""
        place = NewPlaceInput(Text("first letters"))
        place.wanted.connect(self._ask_places)
        before = i18n.pick(family.settlement, i18n.language()) or family.origin_text
        hint = Text("empty: {before}, as before", before=before) if before else Text("empty: as before")
        from_where = self.form.add(Field(Text("Where from, if from another place"), place, hint, name="settlement_id"))
        self.body.addWidget(from_where)
        lives = ChoiceInput()
        lives.show_choices([(None, Text("as before")), *((one, one.text) for one in Lodging)])
        lives.set_value(None)
        how = self.form.add(Field(Text("How do they live now"), lives, name="lodging", reserve=False))
        address = Field(Text("Address now, may be empty"), TextInput(max_length=LONGEST_NOTE), name="address", reserve=False)
        self._side_by_side(how, self.form.add(address))
        self.body.addWidget(self._reason())

    def _ask_places(self, text: str) -> None:
        from aidtrack.services import settlements

        place = self.form.field("settlement_id").input
        if len(text.strip()) < 2:
            place.hide_list()
            return
        jobs.read(partial(settlements.find_settlements, text=text), owner=self, then=self._show_places, latest="new_place")

    def _show_places(self, rows: Sequence[SettlementRow]) -> None:
        lang = i18n.language()
        choices = [(row.id, i18n.pick(row.names, lang), i18n.pick(row.within, lang)) for row in rows]
        self.form.field("settlement_id").input.show_choices(choices)


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

    def ask_separate(self, view: DeskView | None) -> None:
        """Who goes, then the card."""
        if view is None:
            return
        family = view.family
        dialog = WhoGoes(self._window, family, separate=True)
        dialog.accepted_values.connect(lambda values: self._separate(dialog, family, values))
        dialog.open()

    def _separate(self, dialog: WhoGoes, family: HouseholdView, values: dict[str, object]) -> None:
        from aidtrack.services import people

        lodging, place = values["lodging"], values["settlement_id"]
        draft = SeparationDraft(
            family.id, family.version, _chosen(values), settlement_id=place if isinstance(place, UUID) else None,
            lodging=Lodging(str(lodging)) if lodging else None, address=str(values["address"]), reason=str(values["reason"]),
        )  # fmt: skip
        send = partial(people.separate_card, request_id=new_id(), draft=draft)
        jobs.write(send, owner=self, then=partial(self._on_separated, dialog), failed=dialog.failed)

    def _on_separated(self, dialog: WhoGoes, receipt: HouseholdReceipt) -> None:
        dialog.done_close()
        messages.done(Text("Separate card {number} is given.", number=show_card(receipt.card_number)))
        self.separated.emit(receipt.household_id)

    def ask_move(self, view: DeskView | None) -> None:
        """Who goes, then the other card."""
        if view is None:
            return
        family = view.family
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

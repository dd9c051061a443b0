"""The card of another centre in hand: its number and what is stamped on it, typed once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from aidtrack import i18n
from aidtrack.domain.foreign_cards import read_stamps
from aidtrack.domain.ids import new_id, show_card
from aidtrack.errors import InvalidInput, Problem, Text
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.inputs import TextInput
from aidtrack.ui.parts import Field, Words

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor
    from aidtrack.services.on_paper import PaperItem
    from aidtrack.services.people import HouseholdReceipt


def ask(owner: QWidget, household_id: UUID | None) -> None:
    """Asks what the items are numbered, then for the card."""
    if household_id is not None:
        asking = ForeignCard(owner, household_id)
        asking.begin()


class ForeignCard(QObject):
    """One card that is taken over; goes with its dialog."""

    def __init__(self, owner: QWidget, household_id: UUID) -> None:
        super().__init__(owner)
        self._owner, self._household = owner, household_id
        self._items: tuple[PaperItem, ...] = ()

    def begin(self) -> None:
        """The numbers of the items are those of the list of served cards."""
        jobs.read(_items_and_day, owner=self, then=self._ask)

    def _ask(self, known: tuple[tuple[PaperItem, ...], date]) -> None:
        items, self._day = known
        self._items = items
        self._dialog = FormDialog(
            self._owner, title=Text("Card from another centre"), main=Text("Go on with this card"), name="foreign_card",
            facts=Text("Its number becomes the family’s card here. What is stamped is reported; nobody goes without food or soap for it."),
        )  # fmt: skip
        stamps = Field(Text("Stamped days"), TextInput(Text("1 12.8, 4 3.8; may be empty"), max_length=200), name="stamps")
        self._dialog.body.addWidget(self._dialog.form.add(Field(Text("Number of the card"), TextInput(max_length=20), name="number")))
        self._dialog.body.addWidget(self._dialog.form.add(stamps))
        legend = " · ".join(f"{one.number} {i18n.pick(one.names, i18n.language())}" for one in items)
        self._dialog.body.addWidget(Words(legend, "small", tone="ink2", wrap=True))
        self._dialog.accepted_values.connect(self._send)
        self._dialog.open()

    def _send(self, values: dict[str, object]) -> None:
        from aidtrack.services import people

        stamps = read_stamps(str(values["stamps"]), [one.item_id for one in self._items], self._day)
        if stamps is None:
            words = Text("The item’s number, then the day of the stamp. Example: 1 12.8, 4 3.8")
            self._dialog.failed(InvalidInput([Problem("stamps", words)]))
            return
        take = partial(
            people.take_over_card, request_id=new_id(), household_id=self._household, number=str(values["number"]), stamps=stamps
        )
        jobs.write(take, owner=self, then=self._on_taken, failed=self._dialog.failed)

    def _on_taken(self, receipt: HouseholdReceipt) -> None:
        self._dialog.done_close()
        messages.done(Text("The family goes on with card {number}.", number=show_card(receipt.card_number)), icon="ticket")
        self.deleteLater()


def _items_and_day(session: Session, by: Actor) -> tuple[tuple[PaperItem, ...], date]:
    """In a worker: the items by their numbers, and which day it is here."""
    from aidtrack.services import on_paper
    from aidtrack.services.today import current_day

    return on_paper.items_of_today(session, by), current_day(session, by)

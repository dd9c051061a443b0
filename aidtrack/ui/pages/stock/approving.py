"""A shift lead's word for a great write-off, given at the storekeeper's own window; whoever is signed in stays signed in.

Owns the form and the proof of who it is: a badge with its PIN, a name with its password, on a plain file a name. What is approved is
the caller's work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from aidtrack.domain.access import Permission, may
from aidtrack.errors import InvalidInput, NotAllowed, Problem, Refused, Text
from aidtrack.services import badges, signing_in
from aidtrack.ui import jobs
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.inputs import ChoiceInput, PasswordInput, TextInput
from aidtrack.ui.parts import Field

if TYPE_CHECKING:
    from aidtrack.domain.actor import Actor
    from aidtrack.services.signing_in import PersonRow

_WRONG = ("wrong-password", "wrong-pin")


class WordDialog(FormDialog):
    """Who gives their word for what `facts` say."""

    def __init__(self, parent: QWidget, facts: Text, *, is_plain: bool) -> None:
        super().__init__(
            parent, title=Text("A shift lead approves"), main=Text("Approve and write off"), facts=facts,
            foot=Text("It stands on the act. Esc: nothing is written off."), name="stock_approval",
        )  # fmt: skip
        self.is_plain = is_plain
        if is_plain:
            self.body.addWidget(self.form.add(Field(Text("Who approves"), ChoiceInput(), name="who")))
        else:
            self.body.addWidget(self.form.add(Field(Text("Badge or name"), TextInput(), name="who")))
            self.body.addWidget(self.form.add(Field(Text("PIN or password"), PasswordInput(), name="secret")))

    def show_people(self, rows: Sequence[PersonRow]) -> None:
        """Those of a plain file who may."""
        leads = [row for row in rows if may(row.roles, Permission.APPROVE)]
        field = self.form.field("who")
        field.input.show_choices([(row.id, row.name) for row in leads])
        if len(leads) == 1:
            field.input.set_value(leads[0].id)


class Approving(QObject):
    """One approval at a time: `then(approver)` when a shift lead has given their word; Esc: nothing happened."""

    def __init__(self, owner: QWidget, facts: Text, then: Callable[[Actor], object]) -> None:
        super().__init__(owner)
        self._then = then
        database = jobs.database()
        self.dialog = WordDialog(owner, facts, is_plain=database.is_sqlite and not database.is_encrypted)
        self.dialog.accepted_values.connect(self._check)
        if self.dialog.is_plain:
            jobs.read(signing_in.people_to_choose, owner=self, then=self.dialog.show_people)
        self.dialog.open()

    def _check(self, values: dict[str, Any]) -> None:
        if not values["who"]:
            self.dialog.failed(InvalidInput([Problem("who", Text("Who approves?"))]))
        elif self.dialog.is_plain and isinstance(values["who"], UUID):
            ask = partial(signing_in.person_at_window, user_id=values["who"])
            jobs.read(ask, owner=self, then=self._on_known, failed=self.dialog.failed)
        else:
            ask = partial(badges.who_is, who=values["who"], secret=values["secret"])
            jobs.read(ask, owner=self, then=self._on_known, failed=partial(self._on_wrong, values["who"]))

    def _on_wrong(self, who: str, error: BaseException) -> None:
        """A wrong PIN or password is counted before it is said."""
        if isinstance(error, Refused) and error.code in _WRONG:
            count = partial(badges.count_wrong, who=who)
            jobs.write(count, owner=self, then=lambda _: self.dialog.failed(error), failed=self.dialog.failed)
        else:
            self.dialog.failed(error)

    def _on_known(self, approver: Actor) -> None:
        if not approver.may(Permission.APPROVE):
            self.dialog.failed(NotAllowed("no-lead", Text("This person is no shift lead today.")))
            return
        self.dialog.done_close()
        self._then(approver)

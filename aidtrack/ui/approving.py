"""The word of somebody who may, given at a volunteer's own window; whoever is signed in stays signed in.

Owns the form and the proof of who it is: a badge with its PIN, a name with its password, on a plain file a name. What is allowed, and
what else is asked beside it, is the caller's work.
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
_NOT_THEM = {
    Permission.APPROVE: Text("This person is no shift lead today."),
    Permission.CHANGE_PAST: Text("This person is no coordinator today."),
}


class WordDialog(FormDialog):
    """Who gives their word for what `facts` say. Whoever is signed in and may do it by themselves is not asked who they are."""

    def __init__(
        self, parent: QWidget, facts: Text, *, title: Text, main: Text, foot: Text, name: str,
        needs: Permission = Permission.APPROVE,
    ) -> None:  # fmt: skip
        super().__init__(parent, title=title, main=main, facts=facts, foot=foot, width=560, name=name)
        database = jobs.database()
        self.needs = needs
        self.is_plain = database.is_sqlite and not database.is_encrypted
        self.asks_who = not jobs.actor().may(needs)
        self.ask_first()
        if self.asks_who and self.is_plain:
            self.body.addWidget(self.form.add(Field(Text("Who allows it"), ChoiceInput(), name="who")))
        elif self.asks_who:
            self.body.addWidget(self.form.add(Field(Text("Badge or name"), TextInput(), name="who")))
            self.body.addWidget(self.form.add(Field(Text("PIN or password"), PasswordInput(), name="secret")))

    def ask_first(self) -> None:
        """What is asked before who it is."""

    def missing(self) -> list[Problem]:
        """What is not answered yet."""
        return []

    def show_people(self, rows: Sequence[PersonRow]) -> None:
        """Those of a plain file who may."""
        field = self.form.field("who")
        leads = [row for row in rows if may(row.roles, self.needs)]
        field.input.show_choices([(row.id, row.name) for row in leads])
        if len(leads) == 1:
            field.input.set_value(leads[0].id)


class Word(QObject):
    """One word at a time: `then(approver)` when it is given; Esc: nothing happened."""

    def __init__(self, owner: QObject, dialog: WordDialog, then: Callable[[Actor], object]) -> None:
        super().__init__(owner)
        self.dialog, self._then = dialog, then
        dialog.accepted_values.connect(self._check)
        if dialog.asks_who and dialog.is_plain:
            jobs.read(signing_in.people_to_choose, owner=self, then=dialog.show_people)
        dialog.open()

    def _check(self, _sent: dict[str, Any]) -> None:
        missing = self.dialog.missing()
        values = self.dialog.form.values()  # a signal makes plain words of codes
        if not missing and self.dialog.asks_who and not values["who"]:
            missing = [Problem("who", Text("Who allows it?"))]
        if missing:
            self.dialog.failed(InvalidInput(missing))
        elif self.dialog.asks_who:
            self._prove(values)
        else:
            self._on_known(jobs.actor())

    def _prove(self, values: dict[str, Any]) -> None:
        who = values["who"]
        if isinstance(who, UUID):
            ask = partial(signing_in.person_at_window, user_id=who)
            jobs.read(ask, owner=self, then=self._on_known, failed=self.dialog.failed)
        else:
            prove = partial(badges.who_is, who=str(who), secret=str(values["secret"]))
            jobs.read(prove, owner=self, then=self._on_known, failed=partial(self._on_wrong, str(who)))

    def _on_wrong(self, who: str, error: BaseException) -> None:
        """A wrong PIN or password is counted before it is said."""
        if isinstance(error, Refused) and error.code in _WRONG:
            count = partial(badges.count_wrong, who=who)
            jobs.write(count, owner=self, then=lambda _: self.dialog.failed(error), failed=self.dialog.failed)
        else:
            self.dialog.failed(error)

    def _on_known(self, approver: Actor) -> None:
        if not approver.may(self.dialog.needs):
            self.dialog.failed(NotAllowed("no-lead", _NOT_THEM[self.dialog.needs]))
            return
        self.dialog.done_close()
        self._then(approver)

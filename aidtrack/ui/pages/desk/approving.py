"""The shift lead's approval at the volunteer's own window: why, and who they are. Whoever is signed in stays signed in.

Owns the form and the checking of badge, PIN or password. What is approved is the caller's work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from aidtrack.domain.access import Permission, may
from aidtrack.domain.handover import MoreDraft, WhyMore
from aidtrack.errors import InvalidInput, NotAllowed, Problem, Refused, Text
from aidtrack.ui import jobs
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.inputs import ChoiceInput, PasswordInput, TextInput
from aidtrack.ui.parts import DigitChips, Field

if TYPE_CHECKING:
    from aidtrack.domain.actor import Actor
    from aidtrack.services.signing_in import PersonRow

Approved = Callable[["Actor", MoreDraft], object]
_WRONG = ("wrong-password", "wrong-pin")
_NOT_A_LEAD = Text("This person is no shift lead today.")


class ApprovalDialog(FormDialog):
    """Why more is given, and who allows it: a lead who sits here says why only."""

    def __init__(self, parent: QWidget, facts: Text, *, asks_who: bool, is_plain: bool) -> None:
        super().__init__(
            parent, title=Text("The shift lead allows it"), main=Text("Allow and hand over"), facts=facts,
            foot=Text("It stands in the evening's report with the reason."), width=560, name="approval",
        )  # fmt: skip
        self.reason = DigitChips()
        self.reason.show_choices([(why, why.text) for why in WhyMore])
        self.reason.went_on.connect(self.focusNextChild)
        self.body.addWidget(self.form.add(Field(Text("Why"), self.reason, name="reason")))
        self.body.addWidget(self.form.add(Field(Text("In a few words, may be empty"), TextInput(), name="note")))
        self.is_plain, self.asks_who = is_plain, asks_who
        if asks_who and is_plain:
            self.body.addWidget(self.form.add(Field(Text("Who allows it"), ChoiceInput(), name="who")))
        elif asks_who:
            self.body.addWidget(self.form.add(Field(Text("Badge of the shift lead, or name"), TextInput(), name="who")))
            self.body.addWidget(self.form.add(Field(Text("PIN or password"), PasswordInput(), name="secret")))

    def show_people(self, rows: Sequence[PersonRow]) -> None:
        """Those of a plain file who may allow it."""
        field = self.form.field("who")
        leads = [row for row in rows if may(row.roles, Permission.APPROVE)]
        field.input.show_choices([(row.id, row.name) for row in leads])
        if len(leads) == 1:
            field.input.set_value(leads[0].id)


class Approving(QObject):
    """One approval at a time."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def ask(self, then: Approved, facts: Text | None = None) -> None:
        """Opens the form; `then(approver, more)` when a shift lead has allowed it. Esc: nothing happened."""
        database, by = jobs.database(), jobs.actor()
        is_plain = database.is_sqlite and not database.is_encrypted
        words = facts or Text("More than is due is to be given.")
        dialog = ApprovalDialog(
            self._window, words, asks_who=not by.may(Permission.APPROVE), is_plain=is_plain
        )
        dialog.accepted_values.connect(partial(self._check, dialog, then))
        if dialog.asks_who and is_plain:
            from aidtrack.services import signing_in

            jobs.read(signing_in.people_to_choose, owner=self, then=dialog.show_people)
        dialog.open()

    def _check(self, dialog: ApprovalDialog, then: Approved, _sent: dict[str, object]) -> None:
        values = dialog.form.values()  # a signal makes plain words of codes
        reason = values["reason"]
        if not isinstance(reason, WhyMore):
            dialog.failed(InvalidInput([Problem("reason", Text("Why? Press a digit."))]))
            return
        more = MoreDraft(reason, str(values["note"]))
        done = partial(self._on_known, dialog, then, more)
        if not dialog.asks_who:
            done(jobs.actor())
        elif dialog.is_plain:
            self._check_chosen(dialog, values["who"], done)
        else:
            self._check_secret(dialog, str(values["who"]), str(values["secret"]), done)

    def _check_chosen(self, dialog: ApprovalDialog, who: object, done: Callable[[Actor], object]) -> None:
        from aidtrack.services import signing_in

        if not isinstance(who, UUID):
            dialog.failed(InvalidInput([Problem("who", Text("Who allows it?"))]))
            return
        ask = partial(signing_in.person_at_window, user_id=who)
        jobs.read(ask, owner=self, then=done, failed=dialog.failed)

    def _check_secret(
        self, dialog: ApprovalDialog, who: str, secret: str, done: Callable[[Actor], object]
    ) -> None:
        from aidtrack.services import badges

        ask = partial(badges.who_is, who=who, secret=secret)
        jobs.read(ask, owner=self, then=done, failed=partial(self._on_wrong, dialog, who))

    def _on_wrong(self, dialog: ApprovalDialog, who: str, error: BaseException) -> None:
        """A wrong PIN or password is counted before it is said."""
        from aidtrack.services import badges

        if isinstance(error, Refused) and error.code in _WRONG:
            say = partial(dialog.failed, error)
            jobs.write(partial(badges.count_wrong, who=who), owner=self, then=lambda _: say(), failed=dialog.failed)
        else:
            dialog.failed(error)

    def _on_known(self, dialog: ApprovalDialog, then: Approved, more: MoreDraft, approver: Actor) -> None:
        if not approver.may(Permission.APPROVE):
            dialog.failed(NotAllowed("no-lead", _NOT_A_LEAD))
            return
        dialog.done_close()
        then(approver, more)

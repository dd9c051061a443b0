"""What is done to a family as a whole from any page that shows one: a new card for a lost one, its protection set and lifted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from aidtrack.domain.access import Permission
from aidtrack.domain.ids import show_card
from aidtrack.errors import Text
from aidtrack.i18n import tr
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import Answer, FormDialog, Question
from aidtrack.ui.inputs import TextInput
from aidtrack.ui.page import Action
from aidtrack.ui.pages.people import foreign_card
from aidtrack.ui.parts import Field
from aidtrack.ui.request import Request

LONGEST_REASON = 300


def actions(owner: QWidget, household_id: UUID | None, is_protected: bool) -> list[Action]:
    """What F7 offers for this family; faint without one or without leave."""
    by, there = jobs.actor(), household_id is not None
    word = Text("Lift the protection") if is_protected else Text("Protect this family")
    return [
        Action(
            Text("New card for a lost one"),
            partial(ask_new_card, owner, household_id),
            there and by.may(Permission.REGISTER),
        ),
        Action(
            word,
            partial(ask_protection, owner, household_id, is_protected=is_protected),
            there and by.may(Permission.PROTECT),
        ),
        Action(
            Text("Card from another centre"),
            partial(foreign_card.ask, owner, household_id),
            there and by.may(Permission.REGISTER),
        ),
    ]


def ask(owner: QWidget, household_id: UUID, is_protected: bool, print_card: Callable[[], object]) -> None:
    """The card of a family that is open, and its protection: what of it, by a digit."""
    offered = [Action(Text("Print the family card"), print_card), *actions(owner, household_id, is_protected)]
    answers = [Answer(n, action.word or "", action.enabled) for n, action in enumerate(offered)]
    question = Question(owner, title=Text("Card and protection"), answers=answers, name="card_question")
    question.answered.connect(lambda n: QTimer.singleShot(0, offered[n].run))
    question.open()


def ask_new_card(owner: QWidget, household_id: UUID | None) -> None:
    """The old number and QR code are valid no longer: that is asked once."""
    if household_id is None:
        return
    question = Question(
        owner, title=Text("A new card for this family?"), name="new_card_question",
        facts=Text("The old card is valid no longer, wherever it is. History and allowances stay."),
        answers=[
            Answer(tr("the card was lost"), Text("the card was lost")),
            Answer(tr("the card cannot be read"), Text("the card cannot be read")),
        ],
    )  # fmt: skip
    request = Request()
    question.answered.connect(lambda reason: _new_card(owner, household_id, str(reason), request))
    question.open()


def _new_card(owner: QWidget, household_id: UUID, reason: str, request: Request) -> None:
    from aidtrack.services import people

    write = partial(people.reissue_card, request_id=request.id_of(reason), household_id=household_id, reason=reason)
    again = partial(_new_card, owner, household_id, reason, request)
    jobs.write(
        write, owner=owner, then=partial(_on_new_card, owner), failed=lambda error: _failed(request, error, again)
    )


def _on_new_card(owner: QWidget, receipt: Any) -> None:
    from aidtrack.ui import printing

    messages.attention(
        Text("New card {number}: print it", number=show_card(receipt.card_number)),
        action=(Text("Print"), lambda: printing.print_family_card(owner, receipt.household_id)),
        icon="printer",
    )


def ask_protection(owner: QWidget, household_id: UUID | None, *, is_protected: bool) -> None:
    """Asks for the reason, which stands in the journal and nowhere else."""
    if household_id is None:
        return
    form = FormDialog(
        owner,
        title=Text("Lift the protection") if is_protected else Text("Protect this family"),
        main=Text("Lift the protection") if is_protected else Text("Protect this family"),
        facts=Text("Protected: found only by its own card or by the shift lead, in no list, marked nowhere in public."),
        name="protection_form",
    )
    field = Field(Text("Why"), TextInput(max_length=LONGEST_REASON), Text("for the journal"), name="reason")
    form.body.addWidget(field)
    form.form.add(field)
    request = Request()
    form.accepted_values.connect(
        lambda values: _protect(form, household_id, str(values["reason"]), request, is_protected=is_protected)
    )
    form.open()


def _protect(form: FormDialog, household_id: UUID, reason: str, request: Request, *, is_protected: bool) -> None:
    from aidtrack.services import people

    do = people.lift_protection if is_protected else people.protect_household
    said = Text("The family is found like any other again") if is_protected else Text("The family is protected now")

    def then(_: Any) -> None:
        request.ended()
        form.done_close()
        messages.done(said, icon="lock-open" if is_protected else "lock")

    def failed(error: BaseException) -> None:
        request.ended(error)
        form.failed(error)

    write = partial(do, request_id=request.id_of((reason, is_protected)), household_id=household_id, reason=reason)
    jobs.write(write, owner=form, then=then, failed=failed)


def _failed(request: Request, error: BaseException, again: Any) -> None:
    request.ended(error)
    messages.show_error(error, again)

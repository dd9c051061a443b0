"""Home delivery at the shift lead's Desk: a numbered copy goes out with whoever carries it, and is signed back in.

Owns the questions. What is handed over at a door is typed in as any hand-over.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from aidtrack.domain.ids import new_id
from aidtrack.errors import Text
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import Answer, FormDialog, Question
from aidtrack.ui.inputs import TextInput
from aidtrack.ui.parts import Field

if TYPE_CHECKING:
    from aidtrack.services.handover import SheetOut

SHOWN = 8


def ask(owner: QWidget) -> None:
    """A new copy, or one of those that are out."""
    from aidtrack.services import handover

    jobs.read(handover.sheets_out, owner=owner, then=partial(_show, owner))


def _show(owner: QWidget, sheets: Sequence[SheetOut]) -> None:
    answers = [Answer(None, Text("A new copy to take out"))]
    answers += [Answer(one, _back_word(one), second=_about(one)) for one in sheets[:SHOWN]]
    question = Question(owner, title=Text("Home delivery"), answers=answers, name="deliveries", width=560)
    question.answered.connect(lambda one: QTimer.singleShot(0, partial(_chosen, owner, one)))
    question.open()


def _back_word(one: SheetOut) -> Text:
    return Text("Copy {n} is back", n=str(one.number))


def _about(one: SheetOut) -> Text:
    return Text.plural("{who}, {n} family", "{who}, {n} families", n=one.families, who=one.carrier)


def _chosen(owner: QWidget, one: SheetOut | None) -> None:
    main, title = (Text("Sign out and print"), Text("Who takes the copy out?")) if one is None else (
        Text("It is back"), _back_word(one),
    )  # fmt: skip
    caption = Text("Badge or name") if one is None else Text("What became of it, may be empty")
    dialog = FormDialog(owner, title=title, main=main, name="delivery")
    dialog.body.addWidget(dialog.form.add(Field(caption, TextInput(), name="carrier" if one is None else "note")))
    dialog.accepted_values.connect(partial(_send, owner, dialog, one))
    dialog.open()


def _send(owner: QWidget, dialog: FormDialog, one: SheetOut | None, values: dict[str, Any]) -> None:
    from aidtrack.services import handover

    if one is None:
        send: Any = partial(handover.sign_out_sheet, request_id=new_id(), carrier=values["carrier"])
    else:
        send = partial(handover.sign_in_sheet, request_id=new_id(), sheet_id=one.id, note=values["note"])
    jobs.write(send, owner=owner, then=partial(_on_sent, owner, dialog, one is None), failed=dialog.failed)


def _on_sent(owner: QWidget, dialog: FormDialog, is_out: bool, sheet: SheetOut) -> None:
    dialog.done_close()
    if is_out:
        messages.done(Text("Copy {n} is out with {who}.", n=str(sheet.number), who=sheet.carrier), icon="printer")
        _print(owner, sheet.id)
    else:
        messages.done(Text("Copy {n} is back.", n=str(sheet.number)))


def _print(owner: QWidget, sheet_id: UUID) -> None:
    from aidtrack.ui import printing

    printing.print_delivery(owner, sheet_id)

"""Names on their way out: totals are offered first; then who asks and on what paper, two people who sign in, and a locked file.

Does one disclosure at a time. The page says how many people there are; nothing typed is lost when somebody mistypes a password.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog

from aidtrack import files, i18n
from aidtrack.domain import disclosures as rules
from aidtrack.domain.disclosures import DisclosureDraft, Extent
from aidtrack.errors import InvalidInput, Problem, Refused, StoreTrouble, Text
from aidtrack.i18n import tr
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import Answer, FormDialog, Question
from aidtrack.ui.inputs import PasswordInput, TextInput
from aidtrack.ui.parts import Field, Segmented
from aidtrack.ui.request import Request

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor
    from aidtrack.services.disclosures import Disclosed
    from aidtrack.ui.page import Page

_TOTALS, _NAMES = "totals", "names"


class GivingOut(QObject):
    """The steps from the question to the file."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._people = 0
        self._draft = DisclosureDraft("", "", "")
        self._request = Request()

    def start(self, people: int) -> None:
        """What is given out: sums, or names."""
        self._people = people
        names = Text.plural("The names of {n} person", "The names of {n} people", n=people)
        question = Question(
            self._page,
            title=Text("Somebody asks for a list"),
            facts=Text("Offer the totals first: numbers, no names. Names go out by two people, on a paper, in a locked file."),
            answers=[
                Answer(_TOTALS, Text("Totals of the day"), second=Text("no names")),
                Answer(_NAMES, names, second=Text("two people")),
            ],
            name="give_out_question",
        )
        question.answered.connect(self._on_answered)
        self._page.ask(question)

    def _on_answered(self, what: str) -> None:
        if what == _TOTALS:
            self._page.go("reports", ("distribution", "totals"))
        else:
            self._ask_for_whom()

    # ── who asks ──

    def _ask_for_whom(self) -> None:
        dialog = FormDialog(
            self._page, title=Text("Who asks for names?"), main=Text("Go on"), width=560, name="disclosure_dialog",
            facts=Text("What is written here stands in the register of disclosures (R18), and on every page of the file."),
        )  # fmt: skip
        extent = Segmented()
        extent.show_choices(tuple((one, one.text) for one in Extent))
        extent.set_value(Extent.NAMES)
        for field in (
            Field(Text("Who asks? Organisation, name and office"), TextInput(), name="asked_by"),
            Field(Text("On what paper? Number and date"), TextInput(), name="paper"),
            Field(Text("For what? One sentence"), TextInput(), name="purpose"),
            Field(Text("Which fields"), extent, name="extent"),
        ):
            dialog.body.addWidget(dialog.form.add(field))
        dialog.accepted_values.connect(partial(self._on_asked, dialog))
        self._page.ask(dialog)

    def _on_asked(self, dialog: FormDialog, values: dict[str, Any]) -> None:
        fields = Extent(values["extent"] or Extent.NAMES).fields
        asked_by, paper, purpose = (str(values[name]).strip() for name in ("asked_by", "paper", "purpose"))
        draft = DisclosureDraft(asked_by, paper, purpose, fields)
        wrong = rules.problems(draft)
        if wrong:
            dialog.failed(InvalidInput(wrong))
            return
        self._draft = draft
        dialog.done_close()
        self._ask_who_signs()

    # ── two people ──

    def _ask_who_signs(self) -> None:
        me = jobs.actor().name
        dialog = FormDialog(
            self._page, title=Text("Two people sign for this"), width=560, name="two_people_dialog",
            main=Text.plural("Give out {n} person", "Give out {n} people", n=self._people),
            facts=Text("Both type their own password or the digits of their badge. Where nobody has passwords, the name is enough."),
        )  # fmt: skip
        for field in (
            Field(Text("{name}: password or digits", name=me), PasswordInput(), name="own_secret"),
            Field(Text("Second person: name, or scan the badge"), TextInput(), name="second"),
            Field(Text("Second person: password or digits"), PasswordInput(), name="second_secret"),
            Field(Text("Password of the file"), PasswordInput(), Text("at least 10 characters"), name="password"),
        ):
            dialog.body.addWidget(dialog.form.add(field))
        dialog.accepted_values.connect(partial(self._on_signed, dialog))
        self._page.ask(dialog)

    def _on_signed(self, dialog: FormDialog, values: dict[str, Any]) -> None:
        wrong = rules.password_problems(values["password"])
        if not values["second"]:
            wrong.append(Problem("second", Text("Names go out by two people only: ask a second one to sign in here too.")))
        if wrong:
            dialog.failed(InvalidInput(wrong))
            return
        then = partial(self._disclose, dialog, values["password"])
        failed = partial(self._not_proved, dialog, values)
        jobs.read(partial(_proved, values=values), owner=self, then=then, failed=failed)

    def _not_proved(self, dialog: FormDialog, values: dict[str, Any], error: BaseException) -> None:
        """A wrong password or PIN is counted, and said beside the field of whoever typed it."""
        if not isinstance(error, _WrongSecret):
            dialog.failed(error)
            return
        who = jobs.actor().name if error.field == "own_secret" else str(values["second"])
        jobs.write(partial(_counted, who=who), owner=self)
        dialog.failed(InvalidInput([Problem(error.field, error.text)]))

    def _disclose(self, dialog: FormDialog, password: str, second: Actor) -> None:
        from aidtrack.services import disclosures

        request = self._request.id_of((self._draft, second.user_id))

        def ended(error: BaseException | None = None) -> None:
            self._request.ended(error)
            if error is not None:
                dialog.failed(error)

        def done(copy: Disclosed) -> None:
            ended()
            dialog.done_close()
            self._ask_where(copy, password)

        use_case = partial(disclosures.disclose, request_id=request, draft=self._draft, second=second)
        jobs.write(use_case, owner=self, then=done, failed=ended)

    # ── the file ──

    def _ask_where(self, copy: Disclosed, password: str) -> None:
        dialog = QFileDialog(self._page, tr("Save as {format}", format="XLSX"))
        dialog.setObjectName("export_dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        dialog.selectFile(f"{copy.code}.xlsx")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.write(Path(name), copy, password))
        dialog.open()

    def write(self, path: Path, copy: Disclosed, password: str) -> None:
        """The locked file, made in the other process."""
        from aidtrack.reports import disclosures

        then = partial(self._keep, path, copy)
        jobs.paper(disclosures.locked_workbook, copy, password, i18n.language(), owner=self, then=then)

    def _keep(self, path: Path, copy: Disclosed, content: bytes) -> None:
        try:
            files.write_whole(path, content)
        except StoreTrouble as trouble:
            messages.fault(trouble.text)
            return
        n = len(copy.sheet.rows)
        said = Text.plural("Given out: {n} person, {name}", "Given out: {n} people, {name}", n=n, name=path.name)
        messages.done(said, icon="file-down")


class _WrongSecret(Refused):
    """Whose password or PIN was not right: the field it was typed in."""

    def __init__(self, field: str, refusal: Refused) -> None:
        super().__init__(refusal.code, refusal.text)
        self.field = field


def _proved(session: Session, by: Actor, *, values: dict[str, Any]) -> Actor:
    """The second person, when both have proved who they are."""
    _one(session, by, ("own_secret", by.name, values["own_secret"]))
    return _one(session, by, ("second_secret", str(values["second"]).strip(), values["second_secret"]))


def _one(session: Session, by: Actor, typed: tuple[str, str, str]) -> Actor:
    from aidtrack.services import disclosures

    field, who, secret = typed
    try:
        return disclosures.who_signs(session, by, who=who, secret=secret)
    except Refused as refusal:
        raise _WrongSecret(field, refusal) from refusal


def _counted(session: Session, by: Actor, *, who: str) -> int:
    from aidtrack.services import badges

    return badges.count_wrong(session, by, who=who)

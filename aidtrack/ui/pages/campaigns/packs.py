"""Packs at the page of programmes: an example or any file is looked at first, then taken in or not; a programme is written as a file.

Owns the preview and the two file dialogs. What a file may say is `domain.packs`.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from aidtrack import files, i18n
from aidtrack.errors import StoreTrouble, Text
from aidtrack.services import campaigns
from aidtrack.services.campaigns import CampaignRow, PackPlan, PackReceipt
from aidtrack.ui import jobs, messages, theme
from aidtrack.ui.dialogs import Answer, FormDialog, Question
from aidtrack.ui.parts import Note, Words
from aidtrack.ui.request import Request

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor

SUFFIX = "toml"
_HIGH = 320


class PackDialog(FormDialog):
    """What a file would bring, rule by rule; or everything that is to be mended in it first."""

    def __init__(self, parent: QWidget, name: str, plan: PackPlan) -> None:
        is_wrong = bool(plan.problems)
        title = Text("This file cannot be taken in yet") if is_wrong else Text("Take this in?")
        foot = Text("Nothing was taken in.") if is_wrong else Text("It comes stopped: read its rules, then let it run.")
        super().__init__(
            parent, title=title, main=Text("Take it in"), facts=name, foot=foot, width=640, name="pack_dialog"
        )
        self.said = _wrong(plan) if is_wrong else _coming(plan)
        self.body.addWidget(Words(_counted(plan), "small", wrap=True, name="pack_counted"))
        self.list = _Scrolled(self.said, "circle-alert" if is_wrong else "")
        self.body.addWidget(self.list)
        self.main_button.setEnabled(not is_wrong)
        self.list.setFocus()


class _Scrolled(QScrollArea):
    """Sentences below each other; ↑ and ↓ move them where they are many."""

    def __init__(self, said: list[Text], icon: str) -> None:
        super().__init__()
        self.setObjectName("pack_list")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(theme.px(min(_HIGH, 16 + 44 * len(said))))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setSpacing(8)
        for sentence in said:
            column.addWidget(Note(sentence, icon, tone="att") if icon else Words(sentence, wrap=True))
        column.addStretch(1)
        self.setWidget(inside)
        for ground in (self.viewport(), inside):
            ground.setAutoFillBackground(False)


def _wrong(plan: PackPlan) -> list[Text]:
    return [problem.text for problem in plan.problems]


def _coming(plan: PackPlan) -> list[Text]:
    """Rules first, then goods that are new here."""
    return [*plan.sentences, *(Text("new item: {item}", item=names) for names in plan.new_items)]


def _counted(plan: PackPlan) -> Text:
    if plan.problems:
        return Text.plural("{n} thing to mend in the file:", "{n} things to mend in the file:", n=len(plan.problems))
    return Text(
        "Rules: {rules}. New items: {items}. Here already, they stay as they are: {known}.",
        rules=len(plan.sentences), items=len(plan.new_items), known=plan.known_items,
    )  # fmt: skip


class Packs(QObject):
    """What F7 of the page does with packs."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._request = Request()

    def ask_example(self) -> None:
        """One of the programmes that came with the program."""
        lang = i18n.language()
        question = Question(
            self._page, title=Text("Which example?"),
            answers=[Answer(one, i18n.pick(one.names, lang)) for one in campaigns.programme_packs()],
            foot=Text("You see its rules before it comes in."), width=560, name="which_example",
        )  # fmt: skip
        question.answered.connect(lambda one: self._plan(i18n.pick(one.names, i18n.language()), one.text))
        question.open()

    def ask_file(self) -> None:
        """A file from a stick or a colleague."""
        dialog = QFileDialog(self._page, i18n.tr("Take in a file of rules or goods"))
        dialog.setObjectName("pack_file")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(f"*.{SUFFIX}")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.look_at(Path(name)))
        dialog.open()

    def look_at(self, path: Path) -> None:
        """Reads a file and shows what it would bring."""
        read = partial(_read, path=path)
        jobs.read(read, owner=self, then=lambda found: self._show(path.name, *found), latest="pack")

    def _plan(self, name: str, text: str) -> None:
        plan = partial(campaigns.plan_pack, text=text)
        jobs.read(plan, owner=self, then=partial(self._show, name, text), latest="pack")

    def _show(self, name: str, text: str, plan: PackPlan) -> None:
        dialog = PackDialog(self._page, name, plan)
        dialog.accepted_values.connect(lambda _values: self._take_in(dialog, text))
        dialog.open()

    def _take_in(self, dialog: PackDialog, text: str) -> None:
        def failed(error: BaseException) -> None:
            self._request.ended(error)
            dialog.failed(error)

        take_in = partial(campaigns.import_pack, request_id=self._request.id_of(text), text=text)
        jobs.write(take_in, owner=self, then=partial(self._on_taken, dialog), failed=failed)

    def _on_taken(self, dialog: PackDialog, receipt: PackReceipt) -> None:
        self._request.ended()
        dialog.done_close()
        if receipt.campaign_id is not None:
            messages.done(Text("The programme is here, stopped. Read its rules, then let it run."))
        else:
            messages.done(Text.plural("{n} new item is here", "{n} new items are here", n=receipt.items))

    # ── out ──

    def ask_where(self, row: CampaignRow) -> None:
        """Where the programme is to be written."""
        dialog = QFileDialog(self._page, i18n.tr("Write the programme into a file"))
        dialog.setObjectName("pack_save")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"*.{SUFFIX}")
        dialog.setDefaultSuffix(SUFFIX)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.write(Path(name), row.id))
        dialog.open()

    def write(self, path: Path, campaign_id: UUID) -> None:
        """The programme with its rules and goods as a file."""
        export = partial(campaigns.export_programme, campaign_id=campaign_id)
        jobs.read(export, owner=self, then=partial(self._keep, path))

    def _keep(self, path: Path, text: str) -> None:
        try:
            files.write_whole(path, text.encode())
        except StoreTrouble as trouble:
            messages.fault(trouble.text)
            return
        messages.done(Text("Saved: {file}", file=path.name), icon="save")


def _read(session: Session, by: Actor, *, path: Path) -> tuple[str, PackPlan]:
    text = campaigns.pack_text(path)
    return text, campaigns.plan_pack(session, by, text=text)

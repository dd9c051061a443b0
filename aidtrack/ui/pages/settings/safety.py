"""Shows how old the last backup is and makes one; gives a new recovery code. Listens to nothing but its own work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout

from aidtrack import i18n, settings
from aidtrack.domain import recovery
from aidtrack.domain.access import Permission
from aidtrack.domain.ids import new_id
from aidtrack.errors import AidTrackError, Refused, Text
from aidtrack.services import backup, signing_in
from aidtrack.services.backup import BackupReceipt, LastBackup
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import Answer, Panelled, Question
from aidtrack.ui.inputs import TextInput
from aidtrack.ui.page import Action
from aidtrack.ui.pages.settings.restoring import RestoreDialog
from aidtrack.ui.pages.settings.section import Section
from aidtrack.ui.parts import Bar, Button, Field, LinkButton, Note, Words
from aidtrack.ui.recovery import print_code

STALE_HOURS = 24


class _Told(QObject):
    """Progress crosses from the worker to the window here."""

    moved = Signal(int, int)


class SafetySection(Section):
    """Backup now, with proof; and the recovery code."""

    name = "safety"
    title = Text("Backup and recovery")
    hint = Text("A backup is opened, checked and counted before it counts. People go on working meanwhile.")
    icon = "shield-check"
    needs = Permission.BACKUP

    def __init__(self) -> None:
        super().__init__()
        self._last: LastBackup | None = None
        self._stop: Event | None = None
        self._told = _Told()
        self._told.moved.connect(self._on_progress)
        self._age = Note("", "hard-drive", name="backup_age")
        self.folder = Field(Text("Folder for backups"), TextInput(max_length=1000), name="backup_folder")
        self.folder.input.set_value(settings.read().settings.backup_folder or str(settings.data_folder() / "backup"))
        self._choose = Button(Text("Choose a folder"), "hard-drive", name="choose_folder")
        self._choose.clicked.connect(self._choose_folder)
        self._restore = Button(Text("Restore"), "history", name="restore_backup")
        self._restore.clicked.connect(self._ask_restore)
        self._bar, self._cancel = Bar(), LinkButton(Text("Stop"), "x", name="stop_backup")
        self._cancel.clicked.connect(self.stop)
        self._result = Words("", "small", wrap=True, name="backup_result")
        self._code = Button(Text("New recovery code"), "key-round", name="new_recovery_code")
        self._code.clicked.connect(self._ask_new_code)
        self._lay_out()
        self._show_running(False)

    def _lay_out(self) -> None:
        self.column.addWidget(self._age)
        self.column.addWidget(self.folder.beside(self._choose))
        for widget in (self._bar, self._cancel, self._result):
            self.column.addWidget(widget)
        self.column.addSpacing(4)
        self.column.addWidget(Words(Text("Recovery code"), "h3"))
        self._code_words = Words("", "small", wrap=True)
        self.column.addWidget(self._code_words)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._code)
        row.addWidget(self._restore)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addStretch(1)
        encrypted = jobs.database().is_encrypted
        self._code.setEnabled(encrypted)
        self._code_words.say(
            Text("It gives a coordinator a new password when the old one is forgotten. A new code ends the one before.")
            if encrypted
            else Text("This database is not encrypted: it has no recovery code.")
        )

    def load(self) -> None:
        jobs.read(backup.last_backup, owner=self, then=self._show_last, latest="last backup")

    def main_action(self) -> Action | None:
        return Action(Text("Back up now"), self.back_up, self._stop is None)

    def focus(self) -> None:
        self.folder.input.setFocus()

    def retranslate(self) -> None:
        self._show_last(self._last)

    # ── backup ──

    def _show_last(self, last: LastBackup | None) -> None:
        self._last = last
        if last is None:
            self._age.say(Text("No backup yet. Put in a stick and press F9."))
            return
        hours = int((jobs.actor().now() - last.at).total_seconds() // 3600)
        day = last.at.astimezone(jobs.zone()).date()
        time = i18n.clock_time(last.at, jobs.zone())
        words = Text("Last backup {day}, {time}, checked: {name}", day=day, time=time, name=last.name)
        self._age.say(words if hours < STALE_HOURS else Text("{last}. Make one today.", last=words))

    def back_up(self) -> None:
        """F9: a backup into the folder, under a name made of the moment."""
        folder = Path(self.folder.input.value()).expanduser()
        if not self._prepare(folder):
            return
        self._stop = Event()
        self._result.say("")
        self._show_running(True)
        target = folder / backup.default_name(jobs.actor().now().astimezone(jobs.zone()))
        make = partial(
            backup.back_up, target=target, overwrite=True, progress=self._told.moved.emit,
            is_cancelled=self._stop.is_set,
        )  # fmt: skip
        jobs.read(make, owner=self, then=self._on_made, failed=self._on_failed)

    def stop(self) -> None:
        """The copy is given up, nothing is left of it."""
        if self._stop is not None:
            self._stop.set()

    def _prepare(self, folder: Path) -> bool:
        """The folder is there and remembered; else the field says why not."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            settings.write(replace(settings.read().settings, backup_folder=str(folder)))
        except (OSError, AidTrackError):
            self.folder.show_problem(Text("This folder cannot be written. Is the stick in, and not read-only?"))
            return False
        self.folder.clear_problem()
        return True

    def _on_progress(self, done: int, of: int) -> None:
        self._bar.show_part(done / of if of else 0)

    def _on_made(self, receipt: BackupReceipt) -> None:
        words = Text("Backup made, opened and counted: {path}, {rows} rows.", path=str(receipt.path), rows=receipt.rows)
        self._result.say(words)
        self._show_running(False)
        note = partial(backup.record, request_id=new_id(), receipt=receipt)
        jobs.write(note, owner=self, then=self._on_recorded)

    def _on_recorded(self, last: LastBackup) -> None:
        self._show_last(last)
        messages.done(Text("Backup made and checked"), icon="shield-check")

    def _on_failed(self, error: BaseException) -> None:
        self._show_running(False)
        if isinstance(error, Refused):
            self._result.say(error.text)
        else:
            messages.show_error(error)

    def _show_running(self, running: bool) -> None:
        if not running:
            self._stop = None
            self._bar.show_part(0)
        self._bar.setVisible(running)
        self._cancel.setVisible(running)
        self.actions_changed.emit()

    def _ask_restore(self) -> None:
        RestoreDialog(self, self.folder.input.value()).open()

    def more_actions(self) -> Sequence[Action]:
        """A backup brought back, beside what is at work."""
        return (Action(Text("Bring a backup back into a new file"), self._ask_restore),)

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, i18n.tr("Folder for backups"), self.folder.input.value())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.folder.input.set_value)
        dialog.setModal(True)
        dialog.show()

    # ── recovery code ──

    def _ask_new_code(self) -> None:
        question = Question(
            self,
            title=Text("A new recovery code?"),
            facts=Text("The one printed before stops working at once."),
            answers=[Answer("new", Text("Make a new code and print it"))],
            name="new_code_question",
        )
        question.answered.connect(lambda _what: self._make_code())
        question.open()

    def _make_code(self) -> None:
        jobs.read(signing_in.new_recovery_code, owner=self, then=self._show_code)

    def _show_code(self, code: str) -> None:
        dialog = Panelled(self, Text("Recovery code"), facts=Text("It is shown only now."), name="code_dialog")
        dialog.body.addWidget(Words(recovery.show(code), "h2", name="recovery_code_shown"))
        button = Button(Text("Print"), "printer", name="print_recovery_code")
        button.clicked.connect(lambda: print_code(dialog, code, settings.read().settings.site_name))
        dialog.body.addWidget(button)
        dialog.add_foot(Text("Keep it away from this computer."))
        dialog.open()

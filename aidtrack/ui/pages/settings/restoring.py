"""A backup brought back into a new file: the database at work is never touched. Owns the dialog and its one job."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QWidget

from aidtrack import i18n
from aidtrack.errors import AidTrackError, InvalidInput, Problem, StoreTrouble, Text
from aidtrack.services import backup
from aidtrack.services.backup import Restored, Secret
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.inputs import PasswordInput, TextInput
from aidtrack.ui.parts import Button, Field

_LONG = 1000


class RestoreDialog(FormDialog):
    """Which backup, into which new file, and what opens it if it is encrypted."""

    def __init__(self, parent: QWidget, folder: str) -> None:
        super().__init__(
            parent,
            title=Text("Bring a backup back"),
            facts=Text("It becomes a new file beside the others. The database you work with stays as it is."),
            main=Text("Restore into the new file"),
            width=640,
            name="restore_dialog",
        )
        self._folder = folder
        choose = Button(Text("Choose a backup"), "hard-drive", name="choose_backup")
        choose.clicked.connect(self._choose)
        self.body.addWidget(self.form.add(Field(Text("Backup"), TextInput(max_length=_LONG), name="source").beside(choose)))
        self.body.addWidget(self.form.add(Field(Text("New file"), TextInput(max_length=_LONG), name="target", lines=2)))
        encrypted = Text("of an encrypted backup")
        self.body.addWidget(self.form.add(Field(Text("Name"), TextInput(), encrypted, name="name")))
        self.body.addWidget(
            self.form.add(Field(Text("Password or PIN"), PasswordInput(), encrypted, name="password", lines=2))
        )
        self.accepted_values.connect(self._restore)

    def _choose(self) -> None:
        dialog = QFileDialog(self, i18n.tr("Choose a backup"), self._folder, "*.db")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.take_backup)
        dialog.setModal(True)
        dialog.show()

    def take_backup(self, path: str) -> None:
        """This backup; the new file is named after it."""
        self.form.field("source").input.set_value(path)
        source = Path(path)
        if not self.form.field("target").input.value():
            self.form.field("target").input.set_value(str(source.with_name(f"{source.stem}-restored.db")))

    def _restore(self, typed: dict[str, Any]) -> None:
        problems = [
            Problem(name, Text("Choose a file.")) for name in ("source", "target") if not str(typed[name]).strip()
        ]
        if problems:
            self.failed(InvalidInput(problems))
            return
        secret = Secret(typed["name"], typed["password"]) if typed["name"] else None
        restore: Callable[[], Restored] = partial(
            backup.restore,
            Path(typed["source"]).expanduser(),
            Path(typed["target"]).expanduser(),
            now=jobs.actor().now(),
            secret=secret,
        )
        jobs.run(restore, owner=self, then=self._on_restored, failed=self._on_failed)

    def _on_restored(self, restored: Restored) -> None:
        self.done_close()
        said = Text("Restored and counted: {path}, {rows} rows. Start AidTrack with this file to work in it.",
                    path=str(restored.path), rows=restored.rows)  # fmt: skip
        messages.done(said, icon="shield-check")

    def _on_failed(self, error: BaseException) -> None:
        """Each trouble beside the field it is about; nothing typed is lost."""
        code = error.code if isinstance(error, AidTrackError) else ""
        place = "target" if code in _OF_TARGET else "password" if code in _OF_SECRET else "source"
        if isinstance(error, InvalidInput) and error.problems:
            self.failed(InvalidInput([Problem("password", error.problems[0].text)]))
        elif isinstance(error, AidTrackError) and (
            code in _OF_TARGET or code in _OF_SECRET or isinstance(error, StoreTrouble)
        ):
            self.failed(InvalidInput([Problem(place, error.text)]))
        else:
            self.failed(error)


_OF_TARGET = {"restore-exists", "restore-onto-itself", "restore-in-use", "copy-not-written"}
_OF_SECRET = {"password-needed", "wrong-password"}

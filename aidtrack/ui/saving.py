"""A paper or a table as a file: where it is to lie, and whether it does. What may be saved at all, the page says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from aidtrack import files, i18n
from aidtrack.errors import StoreTrouble, Text
from aidtrack.ui import messages


def ask_where(parent: QWidget, kind: str, name: str, then: Callable[[Path], object]) -> None:
    """Asks for a place and a name; `name` is offered."""
    dialog = QFileDialog(parent, i18n.tr("Save as {format}", format=kind.upper()))
    dialog.setObjectName("save_dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(f"*.{kind}")
    dialog.setDefaultSuffix(kind)
    dialog.selectFile(name)
    dialog.fileSelected.connect(lambda path: then(Path(path)))
    dialog.open()


def keep(path: Path, content: bytes) -> None:
    """Writes the file whole and says so; what cannot be written is a sentence."""
    try:
        files.write_whole(path, content)
    except StoreTrouble as trouble:
        messages.fault(trouble.text)
        return
    messages.done(Text("Saved: {file}", file=path.name), icon="save")

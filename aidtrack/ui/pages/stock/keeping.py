"""Half-filled papers of the store are kept in the encrypted file, so that a power cut takes nothing away.

Owns when a paper is kept and what of it; the panels own their inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from aidtrack.services import drafts
from aidtrack.ui import jobs
from aidtrack.ui.inputs import ChoiceInput, SuggestInput

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor

SOON_MS = 700
Body = dict[str, Any]


class Keeper(QObject):
    """Keeps one paper: `typed` gives what stands in it (empty: nothing to keep), `show` puts it back."""

    def __init__(
        self, panel: QWidget, kind: str, typed: Callable[[], Body], show: Callable[[Mapping[str, Any]], None]
    ) -> None:
        super().__init__(panel)
        self._kind, self._typed, self._show = kind, typed, show
        self._is_looked_at = False
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._keep)

    def touched(self) -> None:
        """Somebody typed: it is kept when the hand rests for a moment."""
        self._soon.start()

    def bring_back(self) -> None:
        """What an earlier run left half filled is shown, once, unless something is typed already."""
        if not self._is_looked_at:
            self._is_looked_at = True
            jobs.read(partial(drafts.kept_draft, kind=self._kind), owner=self, then=self._on_kept)

    def leave(self) -> None:
        """The page is hidden or locked: what was typed last is kept now."""
        if self._soon.isActive():
            self._soon.stop()
            self._keep()

    def saved(self) -> None:
        """It is booked: nothing half filled is left."""
        self._soon.stop()
        jobs.write(partial(drafts.drop_draft, kind=self._kind), owner=self)

    def _on_kept(self, body: Mapping[str, Any] | None) -> None:
        if body and not self._typed():
            self._show(body)

    def _keep(self) -> None:
        jobs.write(partial(_keep, kind=self._kind, body=self._typed()), owner=self)


def _keep(session: Session, by: Actor, *, kind: str, body: Body) -> None:
    if body:
        drafts.keep_draft(session, by, kind=kind, body=body)
    else:
        drafts.drop_draft(session, by, kind=kind)


def typed_in(one: QWidget) -> Any:
    """What stands in an input, as JSON keeps it: its letters as typed, right or wrong."""
    if isinstance(one, SuggestInput):
        value = one.value()
        return [value.hex if isinstance(value, UUID) else "", one.text()]
    if isinstance(one, ChoiceInput):
        return _plain(one.value())
    return one.text() if isinstance(one, QLineEdit) else ""


def put_back(one: QWidget, typed: Any) -> None:
    """The same letters stand there again; nobody is told."""
    if isinstance(one, SuggestInput):
        taken, text = typed
        if taken:
            one.set_value((UUID(hex=taken), text))
        else:
            one.setText(text)
    elif isinstance(one, ChoiceInput):
        one.set_value(next((value for value in one.values() if _plain(value) == typed), one.value()))
    elif isinstance(one, QLineEdit):
        one.setText(str(typed))


def _plain(value: Any) -> str:
    """A choice as a word: members of enumerations, ids of batches, nothing."""
    if value is None:
        return ""
    return value.hex if isinstance(value, UUID) else str(value)

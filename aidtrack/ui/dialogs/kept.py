"""What was typed in a form that was left by Esc: it stands there again when the same form is opened from the same beginning.

In memory only, for whoever typed it at this database. A form that asks for a password or a PIN keeps nothing: beside it a badge may
have been scanned. A form that is saved is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID
from weakref import WeakKeyDictionary

from PySide6.QtWidgets import QWidget

from aidtrack.ui import jobs
from aidtrack.ui.form import Form
from aidtrack.ui.inputs import AreaInput, CheckInput, ChoiceInput, PasswordInput, PinInput, SuggestInput, TextInput
from aidtrack.ui.parts import DigitChips
from aidtrack.ui.ticks import TicksInput

if TYPE_CHECKING:
    from aidtrack.store.database import Database

MOST = 8
"""Forms that are kept for one person; the oldest is forgotten first."""
Key = tuple[str, ...]
Typed = Mapping[str, tuple[Any, str]]


@dataclass(frozen=True)
class Beginning:
    """Which form it is, and what stood in it before anybody typed."""

    key: Key
    typed: Typed


_kept: WeakKeyDictionary[Database, dict[UUID | None, dict[Key, Typed]]] = WeakKeyDictionary()


def beginning(name: str, title: str, facts: str, form: Form) -> Beginning:
    """Of a form that is shown now: with other rows behind it, it begins otherwise and recalls nothing of these."""
    typed = _typed(form)
    return Beginning((name, title, facts, *(f"{field}={value}|{text}" for field, (value, text) in typed.items())), typed)


def recall(start: Beginning, form: Form) -> bool:
    """Puts back what was typed; False where nothing was."""
    typed = _of_this_person().get(start.key)
    for name, (value, text) in (typed or {}).items():
        _put(form.field(name).input, value, text)
    return typed is not None


def leave(start: Beginning, form: Form) -> None:
    """Esc: what was changed is kept; nothing changed, nothing is kept any longer."""
    mine, typed = _of_this_person(), _typed(form)
    if typed in (start.typed, mine.get(start.key)):
        mine.pop(start.key, None)
        return
    mine.pop(start.key, None)
    mine[start.key] = typed
    while len(mine) > MOST:
        mine.pop(next(iter(mine)))


def forget(start: Beginning) -> None:
    """It is saved."""
    _of_this_person().pop(start.key, None)


def _of_this_person() -> dict[Key, Typed]:
    """Without a database behind the window nothing is kept."""
    if not jobs.is_started():
        return {}
    return _kept.setdefault(jobs.database(), {}).setdefault(jobs.actor().user_id, {})


def _typed(form: Form) -> Typed:
    """Value and letters of each field that may be kept."""
    if any(isinstance(field.input, PasswordInput | PinInput) for field in form.fields()):
        return {}
    inputs = {field.name: field.input for field in form.fields() if _keeper(field.input) is not None}
    return {name: (input_.value(), _letters(input_)) for name, input_ in inputs.items()}


def _letters(input_: QWidget) -> str:
    if isinstance(input_, AreaInput):
        return input_.toPlainText()
    return input_.text() if isinstance(input_, TextInput) else ""


def _put(input_: QWidget, value: Any, text: str) -> None:
    keeper = _keeper(input_)
    if keeper is not None:
        keeper(value, text)


def _keeper(input_: Any) -> Callable[[Any, str], object] | None:
    """How what was typed is put back; None for what holds more than it tells."""
    if isinstance(input_, SuggestInput):
        return lambda value, text: input_.set_value((value, text)) if value is not None else input_.setText(text)
    if isinstance(input_, AreaInput):
        return lambda _value, text: input_.setPlainText(text)
    if isinstance(input_, TextInput):
        return lambda _value, text: input_.setText(text)
    if isinstance(input_, CheckInput | ChoiceInput | DigitChips | TicksInput):
        return lambda value, _text: input_.set_value(value)
    return None

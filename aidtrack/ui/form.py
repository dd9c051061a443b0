"""Fields and a draft: filling fires no handler, saving is explicit, problems stand beside their fields, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from aidtrack.errors import InvalidInput, Problem
from aidtrack.ui import messages
from aidtrack.ui.parts.field import Field


class Form(QObject):
    """The fields of one draft by name. `changed` is emitted by a person's edit only."""

    changed = Signal()

    def __init__(self, *fields: Field) -> None:
        super().__init__()
        self._fields: dict[str, Field] = {}
        self._filled: dict[str, Any] = {}
        for field in fields:
            self.add(field)

    def add(self, field: Field) -> Field:
        """Takes a field in; its name is the draft's."""
        self._fields[field.name] = field
        self._filled[field.name] = field.input.value()
        field.input.edited.connect(lambda *_: self.changed.emit())
        return field

    def field(self, name: str) -> Field:
        """The field of that name."""
        return self._fields[name]

    def fields(self) -> list[Field]:
        """All fields in their order."""
        return list(self._fields.values())

    def holds(self, widget: QObject | None) -> bool:
        """Whether this is the input of one of them."""
        return any(field.input is widget for field in self._fields.values())

    def fill(self, values: Mapping[str, Any]) -> None:
        """Shows values; a field that is not named keeps what it has."""
        for name, value in values.items():
            if name in self._fields:
                self._fields[name].input.set_value(value)
                self._fields[name].clear_problem()
        self._filled = self.values()

    def clear(self) -> None:
        """Empty fields without problems."""
        for field in self._fields.values():
            field.input.clear()
            field.clear_problem()
        self._filled = self.values()

    def values(self) -> dict[str, Any]:
        """What the fields hold now."""
        return {name: field.input.value() for name, field in self._fields.items()}

    @property
    def is_touched(self) -> bool:
        """Whether a person changed anything since the form was filled."""
        return self.values() != self._filled

    def check(self) -> bool:
        """Shows what the inputs themselves find wrong, all at once; True when nothing is."""
        found = ((name, field.input.problem()) for name, field in self._fields.items())
        problems = [Problem(name, text) for name, text in found if text is not None]
        self.show_problems(problems)
        return not problems

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Each beside its field, the cursor in the first; a problem of no field here is said in the message line."""
        for field in self._fields.values():
            field.clear_problem()
        focused = False
        for problem in problems:
            place = self._place(problem.field)
            if place is None:
                messages.attention(problem.text, icon="circle-alert")
                continue
            place.show_problem(problem.text)
            if not focused:
                place.input.setFocus()
                focused = True

    def _place(self, name: str) -> Field | None:
        """`members[2].age` belongs to the field `members` when there is no closer one."""
        return self._fields.get(name) or self._fields.get(name.split("[")[0].split(".")[0])

    def failed(self, error: BaseException) -> None:
        """The treatment of a save that failed: problems beside the fields, everything else in the message line."""
        if isinstance(error, InvalidInput):
            self.show_problems(error.problems)
        else:
            messages.show_error(error)

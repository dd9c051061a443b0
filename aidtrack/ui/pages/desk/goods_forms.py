"""The small forms about goods at the Desk: a correction, a size exchanged, something else in place of what is out, no registration.

They take rows and give values; they know no service.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout, QWidget

from aidtrack.domain.entitlement import AllowanceState
from aidtrack.domain.handover import GoodsAre, GoodsDraft, LineDraft, UnregisteredDraft
from aidtrack.errors import Text
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.inputs import ChoiceInput, NumberInput, TextInput
from aidtrack.ui.pages.desk import sentences
from aidtrack.ui.parts import Field

if TYPE_CHECKING:
    from aidtrack.services.campaigns import AllowanceRow
    from aidtrack.services.handover import GivenLine, GoodsHere

UNREGISTERED_LINES = 4
BACK = (GoodsAre.BACK_ON_SHELF, GoodsAre.SET_ASIDE, GoodsAre.NEVER_LEFT)
"""Where the goods of a corrected hand-over can be: with another family it is moved, not corrected."""


def _beside(dialog: FormDialog, first: Field, second: Field) -> None:
    line = QHBoxLayout()
    line.setSpacing(12)
    line.addWidget(dialog.form.add(first), 1)
    second.setMaximumWidth(120)
    line.addWidget(dialog.form.add(second))
    dialog.body.addLayout(line)


class CorrectDialog(FormDialog):
    """What really was given: each line with its item and its number, prefilled; where the goods are; why."""

    def __init__(
        self, parent: QWidget, facts: str, given: Sequence[tuple[LineDraft, GivenLine]], here: Sequence[GoodsHere]
    ) -> None:
        super().__init__(
            parent, title=Text("What was really given?"), main=Text("Correct"), facts=facts,
            foot=Text("The old line stays visible; one operation writes the new one."), width=560, name="correct",
        )  # fmt: skip
        self._given = given
        for n, (draft, line) in enumerate(given):
            item, number = ChoiceInput(), NumberInput(0, optional=False)
            item.show_choices(_choices(line, here))
            item.set_value(line.item_id)
            number.set_value(draft.quantity)
            caption = sentences.item_name(line.item_names)
            _beside(self, Field(caption, item, name=f"item_{n}"), Field(Text("How many"), number, name=f"lines[{n}]"))
        where = ChoiceInput()
        where.show_choices([(one, one.text) for one in BACK])
        where.set_value(GoodsAre.BACK_ON_SHELF)
        self.body.addWidget(self.form.add(Field(Text("Where are the first goods?"), where, name="where")))
        self.body.addWidget(self.form.add(Field(Text("Reason, may be empty"), TextInput(), name="reason")))

    def lines(self, sizes: Mapping[UUID, UUID | None]) -> tuple[LineDraft, ...]:
        """The lines as they stand; `sizes` says of which item each is a size."""
        values = self.form.values()
        found = []
        for n, (draft, line) in enumerate(self._given):
            item, quantity = values[f"item_{n}"] or line.item_id, values[f"lines[{n}]"] or 0
            found.append(_changed(draft, line, item, quantity, sizes))
        return tuple(found)


def _choices(line: GivenLine, here: Iterable[GoodsHere]) -> list[tuple[UUID, str]]:
    others = [(one.item_id, sentences.item_name(one.names)) for one in here if one.item_id != line.item_id]
    return [(line.item_id, sentences.item_name(line.item_names)), *others]


def _changed(
    draft: LineDraft, line: GivenLine, item: UUID, quantity: int, sizes: Mapping[UUID, UUID | None]
) -> LineDraft:
    """The same rule with another number, size or item."""
    if item == line.item_id:
        return LineDraft(draft.rule_id, quantity, None, draft.size_id, draft.instead_id, draft.numbers[:quantity])
    is_size = sizes.get(item) is not None and sizes.get(item) in (sizes.get(line.item_id), line.item_id)
    if is_size:
        return LineDraft(draft.rule_id, quantity, size_id=item)
    return LineDraft(draft.rule_id, quantity, instead_id=item)


class ExchangeDialog(FormDialog):
    """Which size comes back, which one is given, how many."""

    def __init__(self, parent: QWidget, given: Sequence[tuple[UUID, str, int]], sizes: Mapping[UUID, Sequence[tuple[UUID, str]]]) -> None:
        super().__init__(
            parent, title=Text("Exchange a size"), main=Text("Exchange"),
            foot=Text("On the same day, without a new turn."), name="exchange",
        )  # fmt: skip
        self._sizes = sizes
        old, new, number = ChoiceInput(), ChoiceInput(), NumberInput(1, optional=False)
        old.show_choices([(item, name) for item, name, _ in given])
        old.edited.connect(self._on_old)
        self._old, self._new = old, new
        number.set_value(1)
        self.body.addWidget(self.form.add(Field(Text("Comes back"), old, name="old")))
        self.body.addWidget(self.form.add(Field(Text("Is given"), new, name="new")))
        self.body.addWidget(self.form.add(Field(Text("How many"), number, name="quantity")))
        if given:
            old.set_value(given[0][0])
            self._on_old()

    def _on_old(self) -> None:
        self._new.show_choices(self._sizes.get(self._old.value(), ()))


class InsteadDialog(FormDialog):
    """What is out, and what is given in its place."""

    def __init__(self, parent: QWidget, rows: Sequence[AllowanceRow], here: Sequence[GoodsHere]) -> None:
        super().__init__(
            parent, title=Text("Something else in its place"), main=Text("Put it on the line"),
            foot=Text("It counts as what it stands for."), name="instead",
        )  # fmt: skip
        what, other = ChoiceInput(), ChoiceInput()
        what.show_choices([(row.rule_id, sentences.item_name(row.item_names)) for row in rows])
        out = next((row for row in rows if row.state is AllowanceState.NONE_LEFT), rows[0] if rows else None)
        what.set_value(out.rule_id if out else None)
        other.show_choices([(one, f"{sentences.item_name(one.names)} · {one.available}") for one in here])
        self.body.addWidget(self.form.add(Field(Text("What is out"), what, name="rule")))
        self.body.addWidget(self.form.add(Field(Text("What is given"), other, name="goods")))


class UnregisteredDialog(FormDialog):
    """Goods, for how many people, who took them; no names of those they are for."""

    def __init__(self, parent: QWidget, here: Sequence[GoodsHere]) -> None:
        super().__init__(
            parent, title=Text("Goods without registration"), main=Text("Hand over"),
            foot=Text("No names: how many people it is for is enough."), width=560, name="unregistered",
        )  # fmt: skip
        choices = [(one.item_id, f"{sentences.item_name(one.names)} · {one.available}") for one in here]
        for n in range(UNREGISTERED_LINES):
            item, number = ChoiceInput(), NumberInput(1)
            item.show_choices(choices)
            caption = Text("What") if n == 0 else Text("and")
            _beside(
                self,
                Field(caption, item, name=f"item_{n}", reserve=False),
                Field(Text("How many") if n == 0 else "", number, name=f"quantity_{n}", reserve=False),
            )
        self.body.addWidget(self.form.add(Field(Text("For how many people"), NumberInput(1, optional=False), name="people")))
        taken = Field(Text("Who takes it: shelter, hospital, representative"), TextInput(), Text("may be empty"), name="taken_by")
        self.body.addWidget(self.form.add(taken))

    def draft(self) -> UnregisteredDraft:
        """As typed; what has no item or number is left out."""
        values: dict[str, Any] = self.form.values()
        pairs = [(values[f"item_{n}"], values[f"quantity_{n}"]) for n in range(UNREGISTERED_LINES)]
        lines = tuple(GoodsDraft(item, quantity) for item, quantity in pairs if item is not None and quantity)
        return UnregisteredDraft(lines, values["people"] or 0, values["taken_by"])

"""The form of the sizes an item comes in: typed as `3, 4, 5` or `36-46`."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from aidtrack import i18n
from aidtrack.domain.sizes import read_sizes, show_sizes
from aidtrack.errors import Text
from aidtrack.services.stock import ItemRow
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.inputs import TextInput
from aidtrack.ui.parts import Field, Words


class SizesDialog(FormDialog):
    """Sizes of one item; each has stock of its own, all are given by the same rule."""

    def __init__(self, parent: QWidget, item: ItemRow, items: Iterable[ItemRow]) -> None:
        facts = i18n.pick(item.names, i18n.language())
        foot = Text("A rule gives any of them, in one turn. A size that is left out keeps its stock and its past.")
        super().__init__(parent, title=Text("Sizes"), main=Text("Save"), facts=facts, foot=foot, name="sizes_dialog")
        self._typed = TextInput(max_length=300)
        field = Field(Text("Sizes"), self._typed, Text("3, 4, 5 or 36-46"), name="sizes")
        self.body.addWidget(self.form.add(field))
        self._read = Words("", "small", tone="ink2", wrap=True, name="sizes_read")
        self.body.addWidget(self._read)
        in_use = [row.size for row in items if row.variant_of == item.id and row.is_active]
        self.form.fill({"sizes": show_sizes(read_sizes(", ".join(in_use)))})
        self._typed.edited.connect(self._show_read)
        self._show_read()

    def sizes(self) -> tuple[str, ...]:
        """The sizes as typed, in their order."""
        return read_sizes(self._typed.text())

    def _show_read(self) -> None:
        sizes = self.sizes()
        many = Text.plural("{n} size: {sizes}", "{n} sizes: {sizes}", n=len(sizes), sizes=show_sizes(sizes))
        self._read.say(many if sizes else Text("One size only."))

"""The cards of who may be the same family, beside the new-family form: at most three, each with its reasons and its keys.

Shows rows and tells what was answered; asking and remembering is the work of `likenesses`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.identity import Verdict
from aidtrack.errors import Text
from aidtrack.i18n import tr
from aidtrack.ui import theme
from aidtrack.ui.parts import Chip, Icon, LinkButton, Note, Panel, Words
from aidtrack.ui.parts.chips import FlowLayout

if TYPE_CHECKING:
    from aidtrack.services.identity.candidates import CandidateRow

MOST_CARDS = 3
MOST_REASONS = (4, 4, 2)
FOLDED_REASONS = (4, 2, 1)
"""How many reasons there is room for on one card, on each of two, on each of three."""


class LikenessCards(QWidget):
    """`chosen` carries the id of the family it is; `refused` says that they are other people."""

    chosen = Signal(object)
    refused = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[CandidateRow, ...] = ()
        self._cards: list[QWidget] = []
        self._is_narrow = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._title = Words(Text("Who may be the same family"), "h3", wrap=True)
        self._column.addWidget(self._title)
        self._column.addWidget(Words(Text("Food is given whatever the answer is."), "small", tone="ink3", wrap=True))
        self._column.addStretch(1)
        self._note = Note("", "info")
        self._column.addWidget(self._note)
        self.show_rows(())

    def show_rows(self, rows: Sequence[CandidateRow]) -> None:
        """Other candidates; cards that say the same stay as they are."""
        most = MOST_CARDS - 1 if self._is_narrow and theme.is_large() else MOST_CARDS
        if tuple(rows[:most]) == self._rows and self._cards:
            return
        self._rows = tuple(rows[:most])
        self._draw()

    def show_title(self, shown: bool) -> None:
        """Where a word over them says what they are, the room is theirs."""
        self._title.setVisible(shown)

    def shown(self) -> tuple[CandidateRow, ...]:
        """Who stands on the cards, in the order of their keys."""
        return self._rows

    def fold(self, narrow: bool) -> None:
        """With less room the cards say less."""
        if narrow != self._is_narrow:
            self._is_narrow = narrow
            self._draw()

    def _draw(self) -> None:
        for card in self._cards:
            card.setParent(None)
            card.deleteLater()
        self._cards = [self._card(at, row) for at, row in enumerate(self._rows, 1)]
        for at, card in enumerate(self._cards):
            self._column.insertWidget(2 + at, card)
        has_room = not theme.is_large() and not (self._is_narrow and len(self._rows) > 1)
        self._note.setVisible(bool(self._rows) and has_room)
        if any(row.verdict is Verdict.SAME for row in self._rows):
            self._note.say(
                Text("“The same” wants an answer. “Perhaps” does not: just go on, it is looked at in the evening.")
            )
        else:
            self._note.say(Text("They may be other people: just go on with Enter, it is looked at in the evening."))

    def _card(self, at: int, row: CandidateRow) -> QWidget:
        is_same = row.verdict is Verdict.SAME
        card = Panel(padding=12, name=f"candidate_{at}")
        card.body.setSpacing(4)
        theme.set_look(card, cls="softpanel" if is_same else "panel")
        head = QHBoxLayout()
        head.addWidget(Words(row.name, "row", wrap=self._is_narrow, elide=not self._is_narrow), 1)
        head.addWidget(Chip(Text("the same"), "equal", "outline") if is_same else Chip(Text("perhaps"), "circle-help"))
        card.body.addLayout(head)
        card.body.addWidget(Words(_facts(row), "small", tone="ink3", wrap=True))
        most = (FOLDED_REASONS if self._is_narrow else MOST_REASONS)[len(self._rows) - 1]
        for reason in row.reasons[:most]:
            card.body.addLayout(_reason(reason))
        is_last = not any(one.verdict is Verdict.SAME for one in self._rows[at:])
        if not self._is_narrow:
            card.body.addSpacing(4)
        card.body.addWidget(self._answers(at, row, is_same and is_last))
        return card

    def _answers(self, at: int, row: CandidateRow, asks: bool) -> QWidget:
        """Its keys; *other people* answers for all that look the same, so it stands once, on the last of them."""
        holder = QWidget()
        answers = FlowLayout(holder, 4 if self._is_narrow else 10)
        this = LinkButton(Text("this is them"), cap=f"Ctrl+{at}", name=f"same_{at}")
        this.clicked.connect(partial(self.chosen.emit, row.household_id))
        answers.addWidget(this)
        if asks:
            others = LinkButton(Text("other people"), cap="Ctrl+0", name=f"others_{at}")
            others.clicked.connect(self.refused)
            answers.addWidget(others)
        return holder

    def retranslate(self) -> None:
        """Facts are said in the language of the window."""
        self._draw()


def _facts(row: CandidateRow) -> str:
    place = i18n.pick(row.settlement, i18n.language())
    card = tr("card {tail}", tail=row.card_tail) if row.card_tail else ""
    return " · ".join(fact for fact in (str(row.year or ""), place, card) if fact)


def _reason(reason: Text) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    line.addWidget(Icon("check", 16, "ink2"))
    line.addWidget(Words(reason, "small", elide=True), 1)
    return line

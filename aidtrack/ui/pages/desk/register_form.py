"""The widgets of the new-family form: its fields, the editor of one member, the table of members, the cards of who may be the same.

Owns how they look and which field follows which by Enter. What is typed means something only in `register` and `typed`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from aidtrack.domain.people import (
    LODGING_DIGITS,
    RELATION_DIGITS,
    HowConfirmed,
    MemberDraft,
    Need,
    Presence,
    Sex,
    name_of,
)
from aidtrack.errors import Text
from aidtrack.i18n import tr
from aidtrack.ui import theme
from aidtrack.ui.inputs import CheckInput, ChoiceInput, SuggestInput, TextInput
from aidtrack.ui.pages.desk.find import place_of
from aidtrack.ui.parts import Chip, DigitChips, Field, Icon, KeyCap, LinkButton, Note, Panel, Words
from aidtrack.ui.record_table import Cell, Column, RecordTable

if TYPE_CHECKING:
    from aidtrack.services.people import FoundRow

SEX_WORDS = {Sex.FEMALE: Text("f"), Sex.MALE: Text("m"), Sex.OTHER: Text("x")}


class EnterGoesOn(QObject):
    """Enter in a field moves on to the next one, as Tab does; a scanner's Enter does no more than that."""

    def __init__(self, fields: Sequence[QWidget], then: Any) -> None:
        super().__init__()
        self._fields = list(fields)
        self._then = then
        for field in fields:
            field.installEventFilter(self)

    def go_on_from(self, field: QWidget) -> None:
        """The field after this one that can be typed into; after the last one, what comes then."""
        at = self._fields.index(field) + 1
        following = next((one for one in self._fields[at:] if one.isVisibleTo(one.window())), None)
        if following is None:
            self._then()
            return
        following.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(following, QLineEdit):
            following.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not _is_enter(event) or not isinstance(watched, QWidget):
            return False
        if isinstance(watched, SuggestInput) and isinstance(event, QKeyEvent):
            watched.keyPressEvent(event)
        self.go_on_from(watched)
        return True


def _is_enter(event: QEvent) -> bool:
    """Enter alone: with Ctrl it is the page's main action."""
    if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
        return False
    held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held


class FamilyFields(QWidget):
    """What is asked of every family."""

    def __init__(self) -> None:
        super().__init__()
        self.full_name = Field(Text("Surname and name of the card holder"), TextInput(max_length=400), name="full_name")
        self.birth = Field(Text("Date of birth or age"), TextInput(Text("12.8.61 or 63"), 40), name="birth")
        self.settlement = Field(
            Text("Where from"), SuggestInput(Text("first letters")), Text("Places: GeoNames"), name="settlement"
        )
        self.phone = Field(Text("Phone"), TextInput(Text("can be skipped")), name="phone")
        self.lodging = Field(Text("Where living now"), DigitChips(), name="lodging", reserve=False)
        self.lodging.input.show_choices([(lodging, lodging.text) for lodging in LODGING_DIGITS])
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        for at, field in enumerate((self.full_name, self.birth, self.settlement, self.phone)):
            grid.addWidget(field, at // 2, at % 2)
        grid.addWidget(self.lodging, 2, 0, 1, 2)


class RelationInput(ChoiceInput):
    """Who a member is to the card holder: a digit chooses and goes on."""

    went_on = Signal()

    def __init__(self) -> None:
        super().__init__()
        words = [
            (relation, Text("{digit} {word}", digit=str(at), word=relation.text))
            for at, relation in enumerate(RELATION_DIGITS, 1)
        ]
        self.show_choices([(None, Text("not said")), *words])
        _may_be_narrow(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = int(event.text()) if event.text() and event.text() in "1234567" else 0
        if not digit:
            super().keyPressEvent(event)
            return
        self.set_value(RELATION_DIGITS[digit - 1])
        self.edited.emit()
        self.went_on.emit()


class MemberEditor(QWidget):
    """One member written out: name, date, relation; Enter takes it over, an empty name ends."""

    taken = Signal()
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name = Field(Text("Next member: name"), TextInput(Text("Enter ends the members"), 400), name="member_name")
        self.birth = Field(Text("Date of birth or age"), TextInput(Text("12.8.61 or 63"), 40), name="member_birth")
        self.relation = Field(Text("Who it is to the card holder"), RelationInput(), name="member_relation")
        self.presence = ChoiceInput(name="member_presence")
        self.presence.show_choices([(presence, presence.text) for presence in Presence])
        self.presence.set_value(Presence.HERE)
        self.gone = LinkButton(Text("has left the family"))
        self.gone.setObjectName("member_gone")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        grid.addWidget(self.name, 0, 0)
        grid.addWidget(self.birth, 0, 1)
        grid.setColumnStretch(2, 2)
        grid.addWidget(self.relation, 0, 2)
        row = QHBoxLayout()
        row.addWidget(self.presence)
        row.addWidget(self.gone)
        row.addStretch(1)
        grid.addLayout(row, 1, 0, 1, 3)
        self._path = EnterGoesOn([self.name.input, self.birth.input, self.relation.input], self.taken.emit)
        self.name.input.installEventFilter(self)
        self.relation.input.went_on.connect(self.taken.emit)
        self.show_member(None)

    def show_member(self, member: MemberDraft | None) -> None:
        """A member to change, or an empty line for a new one."""
        self.name.input.set_value(name_of(member) if member else "")
        self.birth.input.set_value(member.birth.typed if member and member.birth else "")
        self.relation.input.set_value(member.relation if member else None)
        self.presence.set_value(member.presence if member else Presence.HERE)
        self.presence.setVisible(member is not None)
        self.gone.setVisible(member is not None)
        for field in (self.name, self.birth):
            field.clear_problem()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if _is_enter(event) and not self.name.input.value() and not self.birth.input.value():
            self.ended.emit()
            return True
        return False


class MoreFields(Panel):
    """What the full form asks beside: what helps the card holder, the paper (last, optional), how we know, who collects."""

    def __init__(self) -> None:
        super().__init__(Text("What helps"), name="more_fields")
        self.needs = {need: CheckInput(need.text, name=f"need_{need.value}") for need in Need}
        self.document = Field(
            Text("Paper: number"), TextInput(Text("0: none with them")), name="document", reserve=False
        )
        self.how = Field(Text("How we know"), ChoiceInput(), name="how_confirmed", reserve=False)
        self.how.input.show_choices([(None, Text("not asked")), *((how, how.text) for how in HowConfirmed)])
        _may_be_narrow(self.how.input)
        self.address = Field(Text("Street and house now"), TextInput(max_length=400), name="address", reserve=False)
        self.collector = Field(
            Text("Somebody else collects"), TextInput(Text("name, how we know it")), name="collector", reserve=False
        )
        self.note = Field(Text("Note"), TextInput(max_length=4000), name="note", reserve=False)
        self.body.addWidget(_scrolled(list(self.needs.values())), 1)
        for field in self.fields():
            self.body.addWidget(field)

    def ticked(self) -> frozenset[Need]:
        """What is ticked."""
        return frozenset(need for need, tick in self.needs.items() if tick.value())

    def show_needs(self, needs: frozenset[Need], whose: str) -> None:
        """The ticks of one person; `whose` empty: the card holder."""
        self.title.say(Text("What helps: {name}", name=whose) if whose else Text("What helps"))
        for need, tick in self.needs.items():
            tick.set_value(need in needs)

    def fields(self) -> list[Field]:
        """In the order of the form."""
        return [self.document, self.how, self.address, self.collector, self.note]


def _may_be_narrow(choice: ChoiceInput) -> None:
    """The longest word of a list must not decide how wide the form is."""
    choice.setSizeAdjustPolicy(ChoiceInput.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    choice.setMinimumContentsLength(8)


def _scrolled(ticks: Sequence[QWidget]) -> QScrollArea:
    """A list of ticks that scrolls alone."""
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for tick in ticks:
        column.addWidget(tick)
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setMinimumHeight(theme.px(84))
    area.setWidget(inner)
    theme.set_look(inner, cls="plain")
    area.viewport().setAutoFillBackground(False)
    return area


def members_table() -> RecordTable:
    """Everybody who is typed so far, the card holder first; rows are (number, member, age)."""
    return RecordTable(
        [
            Column(Text("No."), lambda row: row[0], align="right", width=44),
            Column(Text("Who"), lambda row: row[1].relation.text if row[1].relation else Text("member"), stretch=True),
            Column(Text("Sex"), lambda row: SEX_WORDS.get(row[1].sex, "—"), width=56),
            Column(Text("Age"), lambda row: row[2], align="right", width=56),
            Column(Text("Name"), _name_cell, stretch=True),
        ],
        row_height=32,
        key=lambda row: row[0],
        name="members_table",
    )


def _name_cell(row: Any) -> Cell | str:
    member: MemberDraft = row[1]
    named = " ".join(part for part in (member.given_name, member.patronymic) if part) or member.family_name
    return named or Cell(tr("without name"), tone="ink3")


class LikenessCards(QWidget):
    """Who may be the same, at most three, each with its reasons and its key."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._column.addWidget(Words(Text("Who may be the same family"), "h3", wrap=True))
        self._column.addWidget(Words(Text("Food is given whatever the answer is."), "small", tone="ink3", wrap=True))
        self._cards: list[QWidget] = []
        self._column.addStretch(1)
        self._column.addWidget(Note(Text("They may be other people: just go on with Enter."), "info"))

    def show_rows(self, rows: Sequence[tuple[FoundRow, Sequence[Text]]]) -> None:
        """Other candidates with their reasons in words."""
        for card in self._cards:
            card.setParent(None)
            card.deleteLater()
        self._cards = [self._card(at, row, reasons) for at, (row, reasons) in enumerate(rows[:3], 1)]
        for at, card in enumerate(self._cards):
            self._column.insertWidget(2 + at, card)

    def _card(self, at: int, row: FoundRow, reasons: Sequence[Text]) -> QWidget:
        card = Panel(padding=12, name=f"candidate_{at}")
        head = QHBoxLayout()
        head.addWidget(Words(row.name, "row", elide=True), 1)
        head.addWidget(Chip(Text("perhaps"), "circle-help"))
        card.body.addLayout(head)
        facts = (str(row.year or ""), place_of(row), tr("card {tail}", tail=row.card_tail) if row.card_tail else "")
        card.body.addWidget(Words(" · ".join(fact for fact in facts if fact), "small", tone="ink3"))
        for reason in reasons:
            line = QHBoxLayout()
            line.addWidget(Icon("check", 16, "ink2"))
            line.addWidget(Words(reason, "small", wrap=True), 1)
            card.body.addLayout(line)
        this = LinkButton(Text("this is them"), cap=f"Ctrl+{at}")
        this.setObjectName(f"same_{at}")
        this.clicked.connect(partial(self.chosen.emit, row.household_id))
        card.body.addWidget(this)
        return card


def foot_of(panel: Panel) -> tuple[CheckInput, CheckInput, QHBoxLayout]:
    """`0` no papers, `1` told in one sentence, and the room for the main button."""
    foot = panel.add_foot()
    papers = CheckInput(Text("no papers with them"), name="no_papers")
    told = CheckInput(Text("told in one sentence"), name="is_told")
    ticks = QGridLayout()
    ticks.setVerticalSpacing(2)
    for at, (cap, tick) in enumerate((("0", papers), ("1", told))):
        ticks.addWidget(KeyCap(cap), at, 0)
        ticks.addWidget(tick, at, 1)
    foot.addLayout(ticks)
    foot.addStretch(1)
    return papers, told, foot

"""The widgets of the new-family form: its fields, the editor of one member, the table of members, what a child alone is asked.

Owns how they look and which field follows which by Enter. What is typed means something only in `register` and `typed`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.contacts import phone_doubt
from aidtrack.domain.documents import doubt, kind_of
from aidtrack.domain.people import (
    LODGING_DIGITS,
    RELATION_DIGITS,
    DocumentDraft,
    DocumentKind,
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
from aidtrack.ui.pages.desk.typed import HalfMember
from aidtrack.ui.parts import DigitChips, Field, KeyCap, LinkButton, Panel, Scrolling
from aidtrack.ui.record_table import Cell, Column, RecordTable

if TYPE_CHECKING:
    from aidtrack.services.settlements import SettlementRow

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

    def build(self) -> Iterator[None]:
        """Makes its parts one after another, each in its place."""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._grid = grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        self._column.addLayout(grid)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        self.full_name = Field(Text("Surname and name of the card holder"), TextInput(max_length=400), name="full_name")
        self.birth = Field(Text("Date of birth or age"), TextInput(Text("12.8.61 or 63"), 40), name="birth")
        yield
        self.settlement = Field(
            Text("Where from"), SuggestInput(Text("first letters")), Text("Places: GeoNames"),
            name="settlement", reserve=False,
        )  # fmt: skip
        self.phone = Field(Text("Phone"), TextInput(Text("can be skipped")), name="phone", reserve=False)
        yield
        self.lodging = Field(Text("Where living now"), DigitChips(), name="lodging", reserve=False)
        self.lodging.input.show_choices([(lodging, lodging.short) for lodging in LODGING_DIGITS])
        # In a column: a grid does not ask how high chips are that go on in a second row.
        self._column.addWidget(self.lodging)
        for at, field in enumerate((self.full_name, self.birth, self.settlement, self.phone)):
            grid.addWidget(field, at // 2, at % 2)
        self.fold(False)

    def fold(self, tight: bool) -> None:
        """Where large letters fill a small window no room is kept for what may go wrong."""
        for layout in (self._column, self._grid):
            layout.setSpacing(2 if tight else 6)
        self._grid.setHorizontalSpacing(16)
        for column, share in enumerate((1, 1) if tight else (3, 2)):
            self._grid.setColumnStretch(column, share)
        self._grid.setColumnMinimumWidth(1, theme.px(258) if tight else 0)  # the age beside the caption is read whole
        for field in (self.full_name, self.birth):
            field.reserve(not tight)

    def show_places(self, rows: Sequence[SettlementRow]) -> None:
        """Places that begin like what is typed, with the district they lie in."""
        lang = i18n.language()
        choices = [(row.id, i18n.pick(row.names, lang), i18n.pick(row.within, lang)) for row in rows]
        self.settlement.input.show_choices(choices)

    def show_phone_doubt(self) -> None:
        """What is odd about the number, when it is written to its end; it is saved as it is."""
        odd = phone_doubt(self.phone.input.value())
        if odd is None:
            self.phone.clear_problem()
        else:
            self.phone.show_problem(odd)


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
    edited = Signal()

    def __init__(self) -> None:
        super().__init__()

    def build(self) -> Iterator[None]:
        """Makes its parts one after another."""
        self.name = Field(
            Text("Next: name"), TextInput(Text("Enter: that is everybody"), 400), name="member_name", reserve=False
        )
        self.birth = Field(
            Text("Date or age"), TextInput(Text("12.8.61 or 63"), 40), name="member_birth", reserve=False
        )
        self.relation = Field(Text("Who it is"), RelationInput(), name="member_relation", reserve=False)
        yield
        self.presence = ChoiceInput(name="member_presence")
        self.presence.show_choices([(presence, presence.text) for presence in Presence])
        self.presence.set_value(Presence.HERE)
        self.gone = LinkButton(Text("has left the family"))
        self.gone.setObjectName("member_gone")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        for column, share in enumerate((34, 31, 32)):
            grid.setColumnStretch(column, share)  # what stands in each as a hint is read whole in the smallest window too
        grid.addWidget(self.name, 0, 0)
        grid.addWidget(self.birth, 0, 1)
        grid.addWidget(self.relation, 0, 2)
        row = QHBoxLayout()
        row.addWidget(self.presence)
        row.addWidget(self.gone)
        row.addStretch(1)
        grid.addLayout(row, 1, 0, 1, 3)
        self._path = EnterGoesOn([self.name.input, self.birth.input, self.relation.input], self.taken.emit)
        self.name.input.installEventFilter(self)
        self.relation.input.went_on.connect(self.taken.emit)
        for input_ in (self.name.input, self.birth.input, self.relation.input, self.presence):
            input_.edited.connect(self.edited)
        self.show_member(None)

    def show_member(self, member: MemberDraft | None) -> None:
        """A member to change, or an empty line for a new one."""
        birth = member.birth.typed if member and member.birth else ""
        written = HalfMember(name_of(member), birth, member.relation, member.presence) if member else HalfMember()
        self.show_half(written, known=member is not None)

    def show_half(self, half: HalfMember, *, known: bool) -> None:
        """What was half typed; `known`: of a member of the table, who can be elsewhere or have left."""
        self.name.input.set_value(half.name)
        self.birth.input.set_value(half.birth)
        self.relation.input.set_value(half.relation)
        self.presence.set_value(half.presence)
        self.presence.setVisible(known)
        self.gone.setVisible(known)
        for field in (self.name, self.birth):
            field.clear_problem()

    def half(self) -> HalfMember:
        """What stands in the line now."""
        return HalfMember(
            self.name.input.value(), self.birth.input.value(), self.relation.input.value(), self.presence.value()
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if _is_enter(event) and not self.name.input.value() and not self.birth.input.value():
            self.ended.emit()
            return True
        return False


class MoreFields(Panel):
    """What the full form asks beside: what helps the card holder, the paper (last, optional), how we know, who collects."""

    def __init__(self) -> None:
        super().__init__(Text("What helps"), name="more_fields")

    def build(self) -> Iterator[None]:
        """Makes its parts one after another."""
        self.needs = {need: CheckInput(need.text, name=f"need_{need.value}") for need in Need}
        self.body.addWidget(_scrolled(list(self.needs.values())), 1)
        yield
        self.document = Field(
            Text("Paper: number"), TextInput(Text("0: none with them")), name="document", reserve=False
        )
        self.kind = ChoiceInput(name="document_kind")
        self.kind.show_choices([(None, Text("kind: by the number")), *((k, k.text) for k in DocumentKind)])
        _may_be_narrow(self.kind)
        self.how = Field(Text("How we know"), ChoiceInput(), name="how_confirmed", reserve=False)
        self.how.input.show_choices([(None, Text("not asked")), *((how, how.text) for how in HowConfirmed)])
        _may_be_narrow(self.how.input)
        self.address = Field(Text("Street and house now"), TextInput(max_length=400), name="address", reserve=False)
        self.collector = Field(
            Text("Somebody else collects"), TextInput(Text("name, how we know it")), name="collector", reserve=False
        )
        self.note = Field(Text("Note"), TextInput(max_length=4000), name="note", reserve=False)
        yield
        self.fold(False)
        for field in self.fields():
            self.body.addWidget(field)
            if field is self.document:
                self.body.addWidget(self.kind)

    def fold(self, tight: bool) -> None:
        """Where large letters fill a small window the fields stand closer."""
        sides, ends = (12, 4) if tight else (16, 16)
        self.body.setContentsMargins(sides, ends, sides, ends)
        self.body.setSpacing(1 if tight else 6)

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

    def show_paper(self, paper: DocumentDraft | None) -> None:
        """The kind the number shows, and what is odd about it; nothing of this keeps anybody from saving."""
        shown = kind_of(paper.number) if paper is not None else None
        self.document.set_hint(shown.text if shown is not None and self.kind.value() is None else "")
        odd = doubt(paper) if paper is not None else None
        if odd is None:
            self.document.clear_problem()
        else:
            self.document.show_problem(odd)


class ChildFields(QWidget):
    """What a child without parents is asked, gently: who it came with, where it was found. Both may stay empty."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("child_fields")
        self.came_with = Field(
            Text("Who the child came with"), TextInput(Text("can be skipped"), 400), name="came_with", reserve=False
        )
        self.found_at = Field(
            Text("Where the child was found"), TextInput(Text("can be skipped"), 400), name="found_at", reserve=False
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.came_with, 1)
        row.addWidget(self.found_at, 1)
        self.hide()


def _may_be_narrow(choice: ChoiceInput) -> None:
    """The longest word of a list must not decide how wide the form is."""
    choice.setSizeAdjustPolicy(ChoiceInput.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    choice.setMinimumContentsLength(8)


def _scrolled(ticks: Sequence[QWidget]) -> Scrolling:
    """A list of ticks that scrolls alone."""
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for tick in ticks:
        column.addWidget(tick)
    area = Scrolling(inner)
    area.setMinimumHeight(theme.px(34))
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


class Foot(QWidget):
    """`0` no papers, `1` told in one sentence: beside each other, or with less room one over the other."""

    def __init__(self) -> None:
        super().__init__()
        self.papers = CheckInput(Text("no papers with them"), name="no_papers")
        self.told = CheckInput(Text("told in one sentence"), name="is_told")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(0)
        self._caps = [KeyCap("0"), KeyCap("1")]
        self.fold(False)

    def fold(self, narrow: bool) -> None:
        """Where the ticks stand."""
        for at, (cap, tick) in enumerate(zip(self._caps, (self.papers, self.told), strict=True)):
            row, column = (at, 0) if narrow else (0, 3 * at)
            self._grid.addWidget(cap, row, column)
            self._grid.addWidget(tick, row, column + 1)
        self._grid.setColumnMinimumWidth(2, 0 if narrow else theme.px(20))

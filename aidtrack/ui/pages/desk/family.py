"""The middle of the Desk: who the family is, its people, and what it had before. Reads rows, changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.ids import show_card
from aidtrack.domain.people import Presence
from aidtrack.errors import Text
from aidtrack.i18n import tr
from aidtrack.ui import theme
from aidtrack.ui.pages.desk import sentences
from aidtrack.ui.pages.desk.blink import Blink
from aidtrack.ui.parts import Caption, Chips, EmptyState, Icon, Line, Panel, Words, at_once
from aidtrack.ui.record_table import Cell, Column, RecordTable

if TYPE_CHECKING:
    from aidtrack.services.handover import DeskView, HistoryRow
    from aidtrack.services.people import MemberRow

MOST_SHOWN = 7
HEADER = 30
MARGIN = 20


def _name(member: MemberRow) -> Cell:
    name = sentences.member_name(member)
    return Cell(name, strong=True) if name else Cell(tr("without name"), tone="ink3")


def _name_and_needs(member: MemberRow) -> Cell:
    cell, needs = _name(member), sentences.member_needs(member)
    return Cell(f"{cell.text} · {needs}", strong=cell.strong, tone=cell.tone) if needs else cell


def _name_and_all(member: MemberRow) -> Cell:
    cell, where = _name_and_needs(member), _where(member)
    is_here = member.presence is Presence.HERE
    return cell if is_here else Cell(f"{cell.text} · {where.text}", tone="ink3")


def _sex(member: MemberRow) -> str:
    letters = {"f": tr("f"), "m": tr("m"), "x": tr("x")}
    return letters[member.sex.value] if member.sex else "—"


def _where(member: MemberRow) -> Cell:
    is_here = member.presence is Presence.HERE
    return Cell(i18n.render(member.presence.text, i18n.language()), tone="ink" if is_here else "ink3")


_NO = Column(Text(""), lambda m: str(m.no), width=30)
_SEX = Column(Text("Sex"), _sex, width=46)
_AGE = Column(Text("Age"), lambda m: m.age, align="right", width=50)
_HERE = Column(Text("Where"), _where, width=76)
WIDE = (
    _NO,
    Column(Text("Name"), _name, stretch=True, width=214),
    _SEX,
    _AGE,
    _HERE,
    Column(Text("What helps"), sentences.member_needs, width=120, wrap=True),
)
FOLDED = (_NO, Column(Text("Name"), _name_and_needs, stretch=True, wrap=True), _SEX, _AGE, _HERE)
TIGHT = (_NO, Column(Text("Name"), _name_and_all, stretch=True, wrap=True), _SEX, _AGE)
"""In large letters names would be cut for a column that says «here» in almost every line."""
ROOM_FOR_WHERE = 480


def _tone(row: HistoryRow) -> str:
    return "ink3" if row.is_cancelled else "ink"


HISTORY = (
    Column(Text("Day"), lambda r: Cell(sentences.on_day(r.day), tone=_tone(r)), width=100),
    Column(Text("What was given"), lambda r: Cell(sentences.what_was_given(r), tone=_tone(r)), stretch=True, wrap=True),
    Column(Text("Who collected"), lambda r: Cell(r.collector or None, tone=_tone(r)), width=100),
    Column(Text("Signed"), lambda r: Cell(str(r.signed_at), tone=_tone(r)), align="right", width=76),
)


def _quiet(table: RecordTable) -> RecordTable:
    """A table to read: digits and arrows belong to the page."""
    table.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    table.view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return table


class FamilyPanel(Panel):
    """Name, card, facts, chips; the people; what was given before. Folded, the past is one line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(padding=0, name="family_panel", parent=parent)
        self._view: DeskView | None = None
        self._is_narrow = False
        self._blank = Blink(self, self._blank_now)

    def build(self) -> Iterator[None]:
        """Makes its parts one after another."""
        self._name = Words("", "h1", elide=True, name="family_name")
        self._card_caption = Caption(Text("card"))
        self._card = Words("", "h3", name="card_number")
        self._card_below = Words("", "h3", name="card_number_below")
        self._facts = Words("", "small", wrap=True, name="family_facts")
        self._chips = Chips(name="family_chips")
        yield
        self._people_title = Words(Text("Family"), "h3")
        self._people = _quiet(RecordTable(WIDE, row_height=36, key=lambda m: m.person_id, name="members"))
        yield
        self._past_title = Words(Text("Given earlier"), "h3")
        self._past_since = Words(Text("last 30 days"), "small", tone="ink3")
        self._past = _quiet(RecordTable(HISTORY, row_height=34, key=lambda r: r.id, name="history"))
        self._past.set_empty("history", Text("Nothing was given in the last 30 days"))
        self._past_line = Words("", "small", elide=True, name="history_line")
        self._empty = EmptyState(
            "users", Text("No family is open"), Text("Scan a card, or F2 to find"), name="family_empty"
        )
        yield
        self._build()
        self.show_nothing()

    def _build(self) -> None:
        self.body.setSpacing(0)
        holder = QWidget()
        self.body.addWidget(holder, 1)
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self._empty)
        self._whole_family = QWidget()
        self._stack.addWidget(self._whole_family)
        column = QVBoxLayout(self._whole_family)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(Line())
        column.addLayout(self._middle(), 1)
        column.addWidget(self._folded_past())

    def _head(self) -> QVBoxLayout:
        right = QVBoxLayout()
        right.setSpacing(0)
        for part in (self._card_caption, self._card):
            right.addWidget(part, 0, Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout()
        row.addWidget(self._name, 1)
        row.addLayout(right)
        head = QVBoxLayout()
        head.setContentsMargins(MARGIN, 16, MARGIN, 14)
        head.setSpacing(6)
        head.addLayout(row)
        head.addWidget(self._card_below)
        head.addWidget(self._facts)
        head.addWidget(self._chips)
        return head

    def _middle(self) -> QVBoxLayout:
        past_head = QHBoxLayout()
        past_head.setContentsMargins(8, 0, 8, 0)
        past_head.addWidget(self._past_title)
        past_head.addStretch(1)
        past_head.addWidget(self._past_since)
        people_head = QHBoxLayout()
        people_head.setContentsMargins(8, 0, 8, 0)
        people_head.addWidget(self._people_title)
        middle = QVBoxLayout()
        middle.setContentsMargins(12, 12, 12, 8)
        middle.setSpacing(4)
        middle.addLayout(people_head)
        middle.addWidget(self._people)
        self._gap = QWidget()
        self._gap.setFixedHeight(10)
        middle.addWidget(self._gap)
        middle.addLayout(past_head)
        middle.addWidget(self._past, 1)
        return middle

    def _folded_past(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Line())
        row = QHBoxLayout()
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(10)
        row.addWidget(Icon("history", 18))
        row.addWidget(self._past_line, 1)
        column.addLayout(row)
        self._past_foot = holder
        return holder

    # ── what it shows ──

    def show_nothing(self, *, soon: bool = False) -> None:
        """No family is open. `soon`: another is being read; whoever was here is gone at once, the empty frame a blink later."""
        self._view = None
        if soon:
            with at_once(self._whole_family):
                self._show_who(False)
                for table in (self._people, self._past):
                    table.show_rows(())
            self._blank.start()
        else:
            self._blank_now()

    def _show_who(self, shown: bool) -> None:
        for part in (self._name, self._facts, self._chips):
            part.setVisible(shown)
        for part in (self._card, self._card_below):
            part.setVisible(shown and (part is self._card_below) == self._is_narrow)

    def _blank_now(self) -> None:
        self._blank.stop()
        self._stack.setCurrentWidget(self._empty)

    def show_view(self, view: DeskView) -> None:
        """A family with its people and its past."""
        self._view = view
        self._blank.stop()
        with at_once(self._whole_family):
            self._people.show_rows(view.family.members)
            self._past.show_rows(sentences.earlier(view.history, view.day))
            self._show_who(True)
            self._stack.setCurrentWidget(self._whole_family)
            self.retranslate()
            self._fit()

    def retranslate(self) -> None:
        """Says its own sentences again."""
        view = self._view
        if view is None:
            return
        family = view.family
        self._name.say(family.head_name or tr("without name"))
        self._size_name()
        for words in (self._card, self._card_below):
            words.say(show_card(family.card_number))
        self._facts.say(sentences.facts(family))
        ticket = view.ticket.label if view.ticket else ""
        self._chips.show_chips(sentences.chips(family, ticket, is_day_open=view.is_day_open))
        self._past_line.say(sentences.one_line(sentences.earlier(view.history, view.day)))
        for table in (self._people, self._past):
            table.view.viewport().update()

    def fold(self, narrow: bool) -> None:
        """Less room: card under the name, what helps beside the name, the past in one line."""
        self._is_narrow = narrow
        self._people.show_columns(self._columns())
        self._fit()

    def _columns(self) -> Sequence[Column]:
        if not self._is_narrow:
            return WIDE
        return FOLDED if not theme.is_large() or self.width() >= theme.px(ROOM_FOR_WHERE) else TIGHT

    def _fit(self) -> None:
        narrow = self._is_narrow
        for part in (
            self._people_title,
            self._past_title,
            self._past_since,
            self._past,
            self._gap,
        ):
            part.setVisible(not narrow)
        self._past_foot.setVisible(narrow)
        self._place_card()
        height = self._people.height_of(MOST_SHOWN)
        self._people.setMinimumHeight(theme.px(HEADER) + 2 * theme.px(36) if narrow else height)
        self._people.setMaximumHeight(16_777_215 if narrow else height)

    def _place_card(self) -> None:
        """The name is read first and whole: where the card leaves it no room, the card stands under it."""
        needs = self._name.sizeHint().width() + self._card.sizeHint().width() + 16
        below = self._is_narrow or needs > self.width() - 2 * MARGIN
        self._card_below.setVisible(below)
        for part in (self._card, self._card_caption):
            part.setVisible(not below)

    def _size_name(self) -> None:
        """The name is never cut where smaller letters show it whole; its line stays as high."""
        metrics = {style: QFontMetrics(theme.styled(self._name.font(), style)) for style in ("h1", "h2")}
        self._name.setMinimumHeight(metrics["h1"].height())
        fits = metrics["h1"].horizontalAdvance(self._name.said()) <= self.width() - 2 * MARGIN
        if self._name.property("cls") != ("h1" if fits else "h2"):
            theme.set_look(self._name, cls="h1" if fits else "h2")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._size_name()
        self._place_card()
        if self._is_narrow and self._people.columns() != [*self._columns()]:
            self._people.show_columns(self._columns())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.StyleChange and self._view is not None:
            self._fit()

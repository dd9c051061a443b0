"""The coordinator's page: families to look through, one family whole, lists taken in and given out.

Shows names, so only who may see them has it. Does import, export and undo of an import. Listens to people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.people import Lodging
from aidtrack.errors import Text
from aidtrack.i18n import tr
from aidtrack.ui import jobs, messages, theme
from aidtrack.ui.dialogs import Answer, Question
from aidtrack.ui.inputs import ChoiceInput, SearchInput, SuggestInput
from aidtrack.ui.page import Action, Key, Kind, Page
from aidtrack.ui.pages.people import keeping
from aidtrack.ui.pages.people.family import FamilyDetail
from aidtrack.ui.pages.people.giving_out import GivingOut
from aidtrack.ui.pages.people.settle import SettlePanel
from aidtrack.ui.pages.people.take_in import TakeInPanel, take_back
from aidtrack.ui.parts import Button, Chip, LinkButton, MainButton, Panel, Stack, Words
from aidtrack.ui.promising import Promising
from aidtrack.ui.record_table import Cell, Column, RecordTable

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor
    from aidtrack.services.journal import OperationRow
    from aidtrack.services.people import FamilyRow, HouseholdView
    from aidtrack.services.settlements import SettlementRow
    from aidtrack.services.spreadsheets import BatchRow

PAGE_ROWS = 100
LIST_FILES = "CSV, XLSX, XLS, ODS (*.csv *.xlsx *.xls *.ods *.txt)"


class PeoplePage(Page):
    """A list at the left, the chosen family at the right; a list being taken in lies over both."""

    name = "people"
    title = Text("People")
    icon = "users"
    shows = frozenset({Kind.PEOPLE})

    def __init__(self) -> None:
        super().__init__()
        self._count = (0, 0)
        self.giving_out = GivingOut(self)
        self.made_of(self._build())

    def _build(self) -> Iterator[None]:
        head = self.head()
        self.counted = Chip("", "users")
        head.add(self.counted)
        self.settle_button = Button(Text("Similar records"), "users", name="settle_button")
        self.import_button = Button(Text("Take a list in"), "file-spreadsheet")
        self.import_button.setObjectName("take_in_button")
        self.export_button = Button("", "file-down")
        self.export_button.setObjectName("export_button")
        self.back_button = LinkButton(Text("Back to the families"), cap="Esc", name="back_button")
        for button in (self.settle_button, self.import_button, self.export_button, self.back_button):
            head.add_right(button)
        self._stack = Stack()
        self.root.addWidget(self._stack, 1)
        yield
        self.find_field = SearchInput(Text("name, card, phone"), name="people_find")
        self.lodging = ChoiceInput(name="people_lodging")
        self.lodging.show_choices([("", Text("all lodgings")), *((lodging.value, lodging.text) for lodging in Lodging)])
        self.lodging.set_value("")
        yield
        self.place = SuggestInput(Text("where from"), name="people_place")
        self.shown = Words("", "small", tone="ink3", name="people_shown")
        yield
        self.table = RecordTable(_ALL, row_height=36, key=lambda row: row.id, name="families")
        self.table.set_empty("users", Text("Nobody here"), _NOBODY)
        yield
        self.detail = FamilyDetail()
        self.promising = Promising(self)
        self.detail.setMinimumWidth(theme.px(300))
        yield
        both = QWidget()
        self._stack.addWidget(both)
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._list_side(), 5)
        yield
        row.addWidget(self._beside(), 3)
        yield
        self.take_in = TakeInPanel()
        self._stack.addWidget(self.take_in)
        yield from self.take_in.build()
        yield
        self.settle = SettlePanel()
        self._stack.addWidget(self.settle)
        yield from self.settle.build()
        yield
        self._connect()

    def _list_side(self) -> Panel:
        filters = QHBoxLayout()
        filters.setSpacing(8)
        for field, share in ((self.find_field, 4), (self.place, 3), (self.lodging, 3)):
            filters.addWidget(field, share)
        self._list = Panel(padding=12, name="people_list")
        self._list.body.addLayout(filters)
        self._list.body.addWidget(self.table, 1)
        kept = self.shown.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # the rows stay where they are while somebody types
        self.shown.setSizePolicy(kept)
        self._list.body.addWidget(self.shown)
        return self._list

    def _beside(self) -> QWidget:
        self._side = QWidget()
        right = QVBoxLayout(self._side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(12)
        right.addWidget(self.detail, 1)
        self.main = MainButton()
        right.addWidget(self.main)
        return self._side

    def _connect(self) -> None:
        self.find_field.edited.connect(self._read)
        self.lodging.edited.connect(self._read)
        self.place.wanted.connect(self._ask_places)
        self.place.took.connect(lambda _place: self._read())
        self.find_field.went_down.connect(self.table.setFocus)
        self.table.moved.connect(self._on_moved)
        self.table.chosen.connect(self._on_chosen)
        self.settle_button.clicked.connect(self.start_settling)
        self.back_button.clicked.connect(self._back_to_list)
        self._stack.currentChanged.connect(lambda _at: self._say_head())
        self.import_button.clicked.connect(self._ask_file)
        self.export_button.clicked.connect(self._give_out)
        self.detail.new_card.clicked.connect(lambda: keeping.ask_new_card(self, self._chosen_id()))
        self.detail.protect.clicked.connect(self._ask_protection)
        self.take_in.changed.connect(self.refresh_actions)
        self.take_in.ended.connect(self._back_to_list)
        self.settle.changed.connect(self.refresh_actions)
        self.settle.ended.connect(self._back_to_list)
        self.follow_main(self.main)
        self.follow_main(self.settle.main)
        self._say_head()

    # ── room ──

    def on_narrow(self, narrow: bool) -> None:
        """With little room one family opens by Enter over the list, and closes by Esc; the list keeps what decides."""
        self._show_side(not narrow)
        self.detail.fold(narrow)
        self.settle.fold(narrow)
        for button, word, icon in (
            (self.settle_button, Text("Similar records"), "users"),
            (self.import_button, Text("Take a list in"), "file-spreadsheet"),
        ):
            button.say(word, "" if narrow else icon)
        self._say_head()
        self._say_counts()

    def _say_head(self) -> None:
        """While something lies over the families only the way back stands in the head."""
        columns = _FEW if self.is_narrow() and theme.is_large() else _ALL
        if self.table.columns() != list(columns):
            self.table.show_columns(columns)
        at_list = self._stack.currentIndex() == 0
        for button in (self.settle_button, self.import_button, self.export_button):
            button.setVisible(at_list)
        self.counted.setVisible(at_list and not (self.is_narrow() and theme.is_large()))
        self.back_button.setVisible(self._stack.currentWidget() is self.settle)

    def _show_side(self, shown: bool) -> None:
        self._side.setVisible(shown)
        self._list.setVisible(not (shown and self.is_narrow()))
        self.refresh_actions()

    def _on_chosen(self, _row: FamilyRow) -> None:
        """Enter shows the family whole; where it is shown already it opens it on the Desk."""
        if self._side.isVisible():
            self._open_on_desk()
        else:
            self._show_side(True)
            self.detail.journal.setFocus()

    # ── reading ──

    def load(self) -> None:
        jobs.follow(self._listing(), owner=self, then=self._show, name="families")
        row = self.table.current()
        if row is not None:
            jobs.follow(partial(_whole, household_id=row.id), owner=self, then=self._show_family, name="family")
        if self._stack.currentWidget() is self.settle:
            self.settle.load()

    def _read(self) -> None:
        jobs.read(self._listing(), owner=self, then=self._show_found, latest="families")

    def _show_found(self, found: tuple[Sequence[FamilyRow], tuple[int, int], int | None]) -> None:
        """A family that is not among those asked for does not stand beside them."""
        self._show(found)
        if self.table.current() is None:
            self.detail.show_family(None, ())

    def _listing(self) -> jobs.Ask[Any]:
        return partial(_listed, text=self.find_field.value(), **self._filters())

    def _filters(self) -> dict[str, Any]:
        """What the families of the list have in common; a place only when it was chosen, not while it is typed."""
        place = self.place.value() if self.place.text().strip() else None
        return {"lodging": self.lodging.value() or "", "settlement_id": place}

    def _ask_places(self, text: str) -> None:
        from aidtrack.services import settlements

        if not text.strip():
            self.place.hide_list()
            self._read()
            return
        jobs.read(partial(settlements.find_settlements, text=text), owner=self, then=self._show_places, latest="places")

    def _show_places(self, rows: Sequence[SettlementRow]) -> None:
        lang = i18n.language()
        self.place.show_choices([(row.id, i18n.pick(row.names, lang), i18n.pick(row.within, lang)) for row in rows])

    def _show(self, found: tuple[Sequence[FamilyRow], tuple[int, int], int | None]) -> None:
        rows, self._count, fitting = found
        self.shown.say(Text.plural("{n} family fits", "{n} families fit", n=fitting) if fitting is not None else "")
        self.shown.setVisible(bool(fitting))
        self.table.set_empty("users", *((Text("Nobody here"), _NOBODY) if fitting is None else (Text("No family fits"), _FEWER)))
        more = self._load_more if len(rows) == PAGE_ROWS and not self.find_field.value() else None
        self.table.show_rows(rows, more=more)
        self._say_counts()
        self.refresh_actions()

    def _load_more(self, last: FamilyRow) -> None:
        ask = partial(_page, **self._filters(), after=last)
        jobs.read(ask, owner=self, then=self._show_more, latest="more families")

    def _show_more(self, rows: Sequence[FamilyRow]) -> None:
        self.table.add_rows(rows, more=self._load_more if len(rows) == PAGE_ROWS else None)

    def _say_counts(self) -> None:
        families, people = self._count
        counted = Text.plural("{n} family", "{n} families", n=families)
        self.counted.say(
            Text("{families}, {people}", families=counted, people=Text.plural("{n} person", "{n} people", n=people))
        )
        words = Text.plural("Give out {n} person", "Give out {n} people", n=people)
        self.export_button.say(words, "" if self.is_narrow() else "file-down")
        self.export_button.setEnabled(bool(people) and jobs.actor().may(Permission.EXPORT_NAMES))
        self.import_button.setEnabled(jobs.actor().may(Permission.IMPORT))
        self.settle_button.setEnabled(jobs.actor().may(Permission.SETTLE))

    def _on_moved(self, row: FamilyRow) -> None:
        jobs.read(partial(_whole, household_id=row.id), owner=self, then=self._show_family, latest="family")
        self.refresh_actions()

    def _show_family(self, found: tuple[HouseholdView, Sequence[OperationRow], Sequence[str]]) -> None:
        self.detail.show_family(*found)

    # ── keys ──

    def main_action(self) -> Action | None:
        if self._stack.currentWidget() is self.take_in:
            return self.take_in.main_action()
        if self._stack.currentWidget() is self.settle:
            return self.settle.main_action()
        return Action(Text("Open on the Desk"), self._open_on_desk, self.table.current() is not None)

    def keys(self) -> Mapping[Key, Action]:
        return {Key.FIND: Action(None, self._to_find)}

    def more(self) -> Sequence[Action]:
        may_import = jobs.actor().may(Permission.IMPORT)
        view = self.detail.view
        return [
            Action(Text("Similar records"), self.start_settling, jobs.actor().may(Permission.SETTLE)),
            *keeping.actions(self, view.id if view else None, bool(view and view.is_protected)),
            Action(Text("Promise goods to the family"), self._promise, view is not None and jobs.actor().may(Permission.PROMISE)),
            Action(Text("Take a list in"), self._ask_file, may_import),
            Action(Text("Take a list back"), self._ask_batches, may_import),
            Action(Text("Give people out as a table"), self._give_out, jobs.actor().may(Permission.EXPORT_NAMES)),
        ]

    def _promise(self) -> None:
        if self.detail.view is not None:
            self.promising.ask(self.detail.view.id)

    def on_digit(self, digit: int) -> bool:
        if self._stack.currentWidget() is not self.settle or digit != 0:
            return False
        self.settle.say_different()
        return True

    def on_space(self) -> bool:
        if self._stack.currentWidget() is not self.settle:
            return False
        self.settle.go_on()
        return True

    def start_settling(self) -> None:
        """Similar records, side by side."""
        self._stack.setCurrentWidget(self.settle)
        self.settle.start()
        self.refresh_actions()

    def _chosen_id(self) -> UUID | None:
        return self.detail.view.id if self.detail.view else None

    def _ask_protection(self) -> None:
        view = self.detail.view
        keeping.ask_protection(self, self._chosen_id(), is_protected=bool(view and view.is_protected))

    def _to_find(self) -> None:
        self._back_to_list()
        self.find_field.setFocus()
        self.find_field.selectAll()

    def _open_on_desk(self) -> None:
        row = self.table.current()
        if row is not None:
            self.go("desk", row.id)

    def _give_out(self) -> None:
        self.giving_out.start(self._count[1])

    def _back_to_list(self) -> None:
        self._stack.setCurrentIndex(0)
        self._read()
        self.refresh_actions()

    # ── lists in ──

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, tr("Take a list in"), "", LIST_FILES)
        dialog.setObjectName("take_in_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.take_list_in(Path(name)))
        dialog.open()

    def take_list_in(self, path: Path) -> None:
        """Shows what would happen to every row of this file."""
        self._stack.setCurrentWidget(self.take_in)
        self.take_in.start(path)
        self.refresh_actions()

    def _ask_batches(self) -> None:
        from aidtrack.services import spreadsheets

        jobs.read(spreadsheets.import_batches, owner=self, then=self._show_batches)

    def _show_batches(self, batches: Sequence[BatchRow]) -> None:
        if not batches:
            messages.attention(Text("No list was taken in."), icon="info")
            return
        answers = [Answer(b.id, b.name, second=_batch_words(b)) for b in batches[:8]]
        question = Question(
            self, title=Text("Take a list back: which one?"), answers=answers, name="which_list",
            foot=Text("Families changed or served since then stay"),
        )  # fmt: skip
        question.answered.connect(lambda batch_id: take_back(self, batch_id))
        self.ask(question)

    def on_shown(self) -> None:
        if self._stack.currentIndex() == 0:
            self.find_field.setFocus()

    # ── Qt ──

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self.is_whole:
            self._say_head()

    def retranslate(self) -> None:
        self._say_counts()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._stack.currentWidget() is self.take_in:
            self.take_in.give_up()
        elif event.key() == Qt.Key.Key_Escape and self._stack.currentWidget() is self.settle:
            self._back_to_list()
        elif event.key() == Qt.Key.Key_Escape and self.is_narrow() and self._side.isVisible():
            self._show_side(False)
            self.table.setFocus()
        else:
            super().keyPressEvent(event)


def _head(row: FamilyRow) -> Cell | str:
    name = " ".join(part for part in (row.family_name, row.given_name, row.patronymic) if part)
    return name or Cell(tr("without name"), tone="ink3")


_NOBODY = Text("F3 on the Desk registers a family; a list can be taken in")
_FEWER = Text("Fewer letters find more; any part of a name, a card or a phone will do")
_HOLDER = Column(Text("Card holder"), _head, stretch=True, strong=True)
_PEOPLE = Column(Text("People"), lambda row: row.people, align="right", width=76)
_FROM = Column(
    Text("Where from"), lambda row: i18n.pick(row.settlement, i18n.language()) or row.origin_text or None, width=170
)
_CARD = Column(Text("Card"), lambda row: f"·{row.card_number[-4:]}" if row.card_number else None, width=76)
_REGISTERED = Column(Text("Registered"), lambda row: row.registered_day, align="right", width=110)
_ALL = (_HOLDER, _PEOPLE, _FROM, _CARD, _REGISTERED)
_FEW = (_HOLDER, _PEOPLE, _FROM, _CARD)


def _batch_words(batch: BatchRow) -> str:
    return tr(
        "{at}: families {families}, can be taken back {n}",
        at=i18n.day_short(batch.at.astimezone(jobs.zone()).date(), i18n.language()), families=batch.families, n=batch.can_undo,
    )  # fmt: skip


# ── what is asked of the services ──


def _listed(
    session: Session, by: Actor, *, text: str, lodging: str, settlement_id: UUID | None
) -> tuple[Sequence[FamilyRow], tuple[int, int], int | None]:
    """The first rows, everybody there is, and how many families fit where something is asked for."""
    from aidtrack.services import people

    only: list[UUID] | None = None
    if text:
        only = [row.household_id for row in people.find(session, by, text, limit=PAGE_ROWS)]
    asked: dict[str, Any] = {"lodging": lodging, "settlement_id": settlement_id}
    rows: Sequence[Any] = people.families(session, by, **asked, only=only, limit=PAGE_ROWS)
    if only is not None:
        rows = sorted(rows, key=lambda row: only.index(row.id))
    fitting = len(rows) if text else people.family_count(session, by, **asked)[0] if lodging or settlement_id else None
    return rows, people.family_count(session, by), fitting


def _page(
    session: Session, by: Actor, *, lodging: str, settlement_id: UUID | None, after: FamilyRow
) -> Sequence[FamilyRow]:
    from aidtrack.services import people

    return people.families(session, by, lodging=lodging, settlement_id=settlement_id, after=after, limit=PAGE_ROWS)


def _whole(
    session: Session, by: Actor, *, household_id: UUID
) -> tuple[HouseholdView, Sequence[OperationRow], Sequence[str]]:
    from aidtrack.services import journal, people

    view = people.household_view(session, by, household_id)
    done = journal.of_household(session, by, household_id, limit=50) if by.may(Permission.JOURNAL) else ()
    return view, done, people.other_cards(session, by, household_id)

"""Similar records to settle: the list at the left, two records side by side at the right, differences marked, by keyboard.

Shows pairs and what was joined. Does join, other people, un-join. Decides nothing by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.errors import InvalidInput, Text
from aidtrack.i18n import tr, trn
from aidtrack.ui import jobs, messages, theme
from aidtrack.ui.dialogs import Answer, FormDialog, Question
from aidtrack.ui.inputs import CheckInput, TextInput
from aidtrack.ui.page import Action
from aidtrack.ui.pages.people.side_by_side import Comparison
from aidtrack.ui.pages.people.whole_file import WholeFile
from aidtrack.ui.parts import Button, Chip, Field, MainButton, Panel, RowItem, RowList
from aidtrack.ui.request import Request

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor
    from aidtrack.services.identity.links import PairToSettle, Words
    from aidtrack.services.identity.records import Record
    from aidtrack.services.identity.settling import JoinRow, PairRow, SideBySide

LIST_WIDTH, NARROW_LIST = 320, 272
MOST_ASKED = 9
_SECTIONS = {
    "dispute": Text("Contradictions"),
    "evening": Text("Left for the evening"),
    "file": Text("Found in the whole file"),
}

Found = tuple[Sequence["PairRow"], Sequence["JoinRow"]]


class SettlePanel(QWidget):
    """`changed` when F9 means something else now; `ended` when the person goes back to the list of families."""

    changed = Signal()
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("settle")
        self._pairs: dict[tuple[str, Any], PairRow] = {}
        self._joins: dict[tuple[str, Any], JoinRow] = {}
        self._beside: SideBySide | None = None
        self._requests = {name: Request() for name in ("join", "different", "unjoin")}

    def build(self) -> Iterator[None]:
        """Makes its parts one after another."""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self._left = left = Panel(Text("Similar records"), padding=12, name="settle_list")
        left.setFixedWidth(theme.px(LIST_WIDTH))
        self.counted = Chip("", "users")
        left.head.addWidget(self.counted)
        self.rows = RowList(52, name="settle_rows")
        left.body.addWidget(self.rows, 1)
        yield
        self.file = WholeFile()
        left.body.addWidget(self.file)
        row.addWidget(left)
        yield
        right = QVBoxLayout()
        right.setSpacing(10)
        row.addLayout(right, 1)
        self.comparison = Comparison()
        right.addWidget(self.comparison, 1)
        yield
        self._add_answers(right)
        self.rows.moved.connect(lambda _data: self._on_moved())
        self.rows.chosen.connect(lambda _data: self._on_moved())
        self.file.found.connect(self._read)

    def _add_answers(self, right: QVBoxLayout) -> None:
        """What can be said about the two, under them."""
        self.with_family = CheckInput("", name="join_family")
        self.with_family.set_value(True)
        self.different = Button(Text("Other people"), "users", cap="0", name="different_button")
        self.skip = Button(Text("Skip"), "arrow-right", cap="", name="skip_button")
        self.main = MainButton(name="settle_main")
        keys = QHBoxLayout()
        keys.setSpacing(8)
        keys.addWidget(self.different)
        keys.addWidget(self.skip)
        keys.addWidget(self.main, 1)
        right.addWidget(self.with_family)
        right.addLayout(keys)
        self.different.clicked.connect(self.say_different)
        self.skip.clicked.connect(self.go_on)

    def fold(self, narrow: bool) -> None:
        """With little room the list is as wide as a name, and the buttons are words alone."""
        self._left.setFixedWidth(theme.px(NARROW_LIST if narrow else LIST_WIDTH))
        self.different.say(Text("Other people"), "" if narrow else "users")
        self.skip.say(Text("Skip"), "" if narrow else "arrow-right")

    # ── reading ──

    def start(self) -> None:
        """Shows what waits, the first of it chosen."""
        self.rows.show_rows((), keep=False)
        self.load()
        self.rows.setFocus()

    def load(self) -> None:
        """Reads the list again."""
        self._read()

    def _read(self) -> None:
        jobs.follow(partial(_listed, found=self.file.pairs()), owner=self, then=self._show, name="to settle")

    def _show(self, found: Found) -> None:
        pairs, joins = found
        at = self.rows.currentIndex().row()
        before = self.rows.current()
        self._pairs = {("pair", row.key): row for row in pairs}
        self._joins = {("join", row.id): row for row in joins}
        self.rows.show_rows(self._items(), keep=False)
        if not (before is not None and self.rows.select(before)):
            self._choose_near(at)
        self._say_counts()
        self._on_moved()

    def _choose_near(self, at: int) -> None:
        """Where a row has gone the next one is chosen, so that settling goes on by itself."""
        items = self.rows.items()
        below = [item.data for item in items[max(at, 0) :] if not item.is_section]
        if not (below and self.rows.select(below[0])):
            self.rows.select_first()

    def _items(self) -> list[RowItem]:
        items: list[RowItem] = []
        for origin, title in _SECTIONS.items():
            rows = [(key, row) for key, row in self._pairs.items() if row.origin == origin]
            if rows:
                items.append(RowItem(i18n.render(title, i18n.language()), is_section=True))
                items += [_pair_item(key, row) for key, row in rows]
        if self._joins:
            items.append(RowItem(tr("Joined"), is_section=True))
            items += [_join_item(key, row) for key, row in self._joins.items()]
        return items

    def _say_counts(self) -> None:
        self.counted.say(Text.plural("{n} pair", "{n} pairs", n=len(self._pairs)))

    def _on_moved(self) -> None:
        row = self._chosen()
        self._beside = None
        self._say_choices()
        if row is None:
            self.comparison.show_nothing(is_empty=not self._pairs and not self._joins)
            return
        ask = partial(_beside, a=row.a.person_id, b=row.b.person_id)
        jobs.read(ask, owner=self, then=partial(self._show_beside, row), latest="side by side")

    def _show_beside(self, row: PairRow | JoinRow, beside: SideBySide) -> None:
        self._beside = beside
        self.comparison.show_two(beside, _reasons(row, beside), _told_by(self.chosen_pair(), self.chosen_join()))
        self._say_choices()

    def _chosen(self) -> PairRow | JoinRow | None:
        key = self.rows.current()
        return self._pairs.get(key) or self._joins.get(key) if key is not None else None

    def chosen_pair(self) -> PairRow | None:
        """The pair that can be joined or told apart now."""
        key = self.rows.current()
        return self._pairs.get(key) if key is not None else None

    def chosen_join(self) -> JoinRow | None:
        """What can be taken apart now."""
        key = self.rows.current()
        return self._joins.get(key) if key is not None else None

    def _say_choices(self) -> None:
        pair, beside = self.chosen_pair(), self._beside
        also = len(beside.also) if beside is not None and pair is not None else 0
        self.with_family.setVisible(bool(also))
        words = Text.plural("with {n} more person of the family", "with {n} more people of the family", n=also)
        self.with_family.say(words)
        self.different.setEnabled(pair is not None)
        self.skip.setEnabled(self._chosen() is not None)
        self.changed.emit()

    # ── deciding ──

    def main_action(self) -> Action:
        """F9 joins a pair, or takes apart what is joined."""
        if self.chosen_join() is not None:
            return Action(Text("Un-join"), self.ask_unjoin, self._beside is not None)
        can = self.chosen_pair() is not None and self._beside is not None
        return (
            Action(Text("One person"), self.join, can) if self._is_dispute() else Action(Text("Join"), self.join, can)
        )

    def _is_dispute(self) -> bool:
        """The chosen two are held together by others, and somebody called them other people."""
        pair = self.chosen_pair()
        return pair is not None and pair.origin == "dispute"

    def join(self, reason: str = "") -> None:
        """The two records are one person, and so is the family if it is ticked."""
        from aidtrack.services.identity import links

        beside = self._beside
        if beside is None:
            return
        also = _pairs_of(beside) if self.with_family.isVisible() and self.with_family.value() else ()
        a, b = beside.a.person_id, beside.b.person_id
        request = self._requests["join"]
        write = partial(links.join, request_id=request.id_of((a, b, also, reason)), a=a, b=b, also=also, reason=reason)
        self._write("join", write, self._on_joined, failed=self._on_not_joined)

    def _on_joined(self, words: Words) -> None:
        n = len(words.pairs)
        said = Text.plural("Joined: {n} person stands once now", "Joined: {n} people stand once now", n=n)
        messages.done(said, undo=partial(self.unjoin, *words.pairs[0], are_others=False))

    def _on_not_joined(self, error: BaseException) -> None:
        """A child without parents is joined with a reason: it is asked for."""
        self._requests["join"].ended(error)
        if not isinstance(error, InvalidInput):
            messages.show_error(error)
            return
        form = FormDialog(
            self, title=Text("Why is this child joined to a family?"), main=Text("Join records"), name="join_reason",
            facts=error.problems[0].text,
        )  # fmt: skip
        field = Field(Text("Who decided it, and why"), TextInput(max_length=300), name="reason")
        form.body.addWidget(field)
        form.form.add(field)
        form.accepted_values.connect(partial(self._join_with_reason, form))
        form.open()

    def _join_with_reason(self, form: FormDialog, values: dict[str, Any]) -> None:
        form.done_close()
        self.join(str(values["reason"]))

    def say_different(self) -> None:
        """These are other people; the pair is not shown again. In a contradiction one joining was wrong: which, is asked."""
        from aidtrack.services.identity import links, settling

        pair = self.chosen_pair()
        if pair is None:
            return
        if self._is_dispute():
            a, b = pair.key
            jobs.read(partial(settling.holding, a=a, b=b), owner=self, then=self._ask_wrong, latest="holding")
            return
        request = self._requests["different"].id_of(pair.key)
        write = partial(links.say_different, request_id=request, pairs=[pair.key])
        self._write("different", write, lambda _: messages.done(Text("Other people: this pair is not asked again")))

    def _ask_wrong(self, rows: Sequence[JoinRow]) -> None:
        """Which joining holds two other people together."""
        answers = [
            Answer(row, f"{_said_name(row.a)} = {_said_name(row.b)}", second=row.by_name) for row in rows[:MOST_ASKED]
        ]
        question = Question(
            self, title=Text("Which of these was joined wrongly?"), answers=answers, name="wrong_join", width=640,
            foot=Text("It is taken apart; the others stay joined"),
        )  # fmt: skip
        question.answered.connect(lambda row: self.unjoin(row.a.person_id, row.b.person_id, are_others=True))
        question.open()

    def ask_unjoin(self) -> None:
        """Taking apart asks what they are then."""
        row = self.chosen_join()
        if row is None:
            return
        question = Question(
            self, title=Text("Take these records apart?"), name="unjoin_question",
            facts=Text.plural("{n} pair was joined together", "{n} pairs were joined together", n=row.pairs),
            answers=[
                Answer(False, Text("Not decided: show the pair again")),
                Answer(True, Text("They are other people")),
            ],
            foot=Text("Nothing is deleted: one more word about the pair"),
        )  # fmt: skip
        a, b = row.a.person_id, row.b.person_id
        question.answered.connect(lambda are_others: self.unjoin(a, b, are_others=bool(are_others)))
        question.open()

    def unjoin(self, a: UUID, b: UUID, *, are_others: bool) -> None:
        """Takes apart everything that was joined together with this pair."""
        from aidtrack.services.identity import links

        request = self._requests["unjoin"].id_of((a, b, are_others))
        write = partial(links.unjoin, request_id=request, a=a, b=b, are_others=are_others)
        self._write("unjoin", write, lambda _: messages.done(Text("Taken apart: each card stands for itself again")))

    def _write(
        self,
        name: str,
        write: Callable[[Session, Actor], Any],
        then: Callable[[Any], object],
        failed: Callable[[BaseException], object] | None = None,
    ) -> None:
        request = self._requests[name]

        def done(answer: Any) -> None:
            request.ended()
            then(answer)
            self._read()

        def trouble(error: BaseException) -> None:
            request.ended(error)
            messages.show_error(error)

        jobs.write(write, owner=self, then=done, failed=failed or trouble, busy=self.main)

    def go_on(self) -> None:
        """Leaves this pair for later and shows the next one."""
        items = self.rows.items()
        after = [item.data for item in items[self.rows.currentIndex().row() + 1 :] if not item.is_section]
        if not (after and self.rows.select(after[0])):
            self.rows.select_first()
        self._on_moved()

    # ── Qt ──

    def give_up(self) -> None:
        """Esc: back to the families; what was found stays found."""
        self.ended.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            chosen = self.rows.current()
            self.rows.show_rows(self._items(), keep=False)
            if chosen is not None:
                self.rows.select(chosen)
            self._say_choices()


# ── words ──


def _pairs_of(beside: SideBySide) -> tuple[tuple[UUID, UUID], ...]:
    return tuple((ours.person_id, theirs.person_id) for ours, theirs in beside.also)


def _reasons(row: PairRow | JoinRow, beside: SideBySide) -> Sequence[Text]:
    """Why they are on the list; what speaks for it by what is written now, where that says more."""
    return beside.reasons or getattr(row, "reasons", ())


def _told_by(pair: PairRow | None, join: JoinRow | None) -> Text | None:
    """Who passed the pair by, or who joined it, when and why."""
    if join is not None:
        said = Text("joined by {name}, {day}", name=join.by_name, day=join.day)
        return Text("{said}: {reason}", said=said, reason=join.reason) if join.reason else said
    return Text("left by {name}", name=pair.left_by) if pair is not None and pair.left_by else None


def _pair_item(key: tuple[str, Any], row: PairRow) -> RowItem:
    more = trn("{n} record", "{n} records", row.cluster) if row.cluster > 2 else ""
    second = " · ".join(part for part in (_said_name(row.b), more) if part)
    return RowItem(_said_name(row.a), second, data=key)


def _join_item(key: tuple[str, Any], row: JoinRow) -> RowItem:
    return RowItem(_said_name(row.a), f"= {_said_name(row.b)}", data=key)


def _said_name(record: Record) -> str:
    """«Ткаченко Мария, 1961»: as much as a line of the list holds."""
    name = " ".join(part for part in record.names[:2] if part) or record.name or tr("without name")
    return f"{name}, {record.birth.first.year}" if record.birth else name


# ── what is asked of the services ──


def _listed(session: Session, by: Actor, *, found: Sequence[PairToSettle]) -> Found:
    from aidtrack.services.identity import settling

    return settling.to_settle(session, by, found=found), settling.joins(session, by)


def _beside(session: Session, by: Actor, *, a: UUID, b: UUID) -> SideBySide:
    from aidtrack.services.identity import settling

    return settling.side_by_side(session, by, a=a, b=b)

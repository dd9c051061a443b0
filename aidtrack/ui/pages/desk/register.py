"""A new family, quick or full, and a family to change: one page, one key forward, everything typed kept.

Shows the form, its members and who may be the same. Saves by F9. Listens to nothing: what is typed here is nobody else's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.ids import show_card
from aidtrack.domain.people import HouseholdDraft, MemberDraft, is_child_alone
from aidtrack.errors import InvalidInput, Problem, Text
from aidtrack.i18n import trn
from aidtrack.ui import jobs, messages, theme
from aidtrack.ui.form import Form
from aidtrack.ui.page import Action, Key
from aidtrack.ui.pages.desk import register_work as work
from aidtrack.ui.pages.desk.likenesses import Likenesses
from aidtrack.ui.pages.desk.members import MembersPart, day_here
from aidtrack.ui.pages.desk.register_form import EnterGoesOn, FamilyFields, Foot
from aidtrack.ui.pages.desk.register_side import RegisterSide
from aidtrack.ui.pages.desk.typed import Typed, from_body, place_of_problem, to_body, typed_from
from aidtrack.ui.parts import Chip, LinkButton, MainButton, Panel
from aidtrack.ui.parts.pieces import all_of
from aidtrack.ui.request import Request

if TYPE_CHECKING:
    from aidtrack.services.people import HouseholdReceipt
    from aidtrack.services.settlements import SettlementRow

KEEP_AFTER_MS = 700
LETTERS_TO_ASK = 3
SMALL = 1200
"""A window below this has no room for all in large letters."""


class RegisterPanel(QWidget):
    """`saved` carries a receipt with the household's id, `same_family` the id of the family it turned out to be."""

    saved = Signal(object)
    same_family = Signal(object)
    given_up = Signal()
    changed = Signal()
    wanted = Signal()

    def __init__(self, parent: QWidget | None = None, *, at_once: bool = True) -> None:
        super().__init__(parent)
        self._head = MemberDraft()
        self._editing: HouseholdDraft | None = None
        self._household_id: UUID | None = None
        self._reading: jobs.Job | None = None
        self._aside: Typed | None = None
        self._as_read = Typed()
        self._request = Request()
        self._is_full = self._prefers_full = False
        self._is_busy = self._saves_when_answered = False
        self._was_kept = self._is_narrow = self._is_made = False
        if at_once:
            all_of(self.build())

    # ── building ──

    def build(self) -> Iterator[None]:
        """Makes its parts one after another, each in its place; whoever asked for it not to be made at once goes through them."""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self._panel = Panel(Text("New family"), padding=20, cls="h1", name="register", parent=self)
        row.addWidget(self._panel, 1)
        self._build_head()
        yield
        self.fields = FamilyFields()
        self._panel.body.addWidget(self.fields)
        yield from self.fields.build()
        yield
        self.side = RegisterSide()
        row.addWidget(self.side)
        yield from self.side.build()
        self.cards, self.more_fields = self.side.cards, self.side.more_fields
        yield
        self.members = MembersPart(self.more_fields)
        self._panel.body.addWidget(self.members, 1)
        yield from self.members.build()
        yield
        self.line, self.member, self.table = self.members.line, self.members.editor, self.members.table
        self.alike = Likenesses(self)
        self._build_foot()
        yield
        self._connect()
        self._show_kind()
        self._is_made = True
        self.fold(self._is_narrow)

    def _build_foot(self) -> None:
        self._foot_row = foot = self._panel.add_foot()
        self._foot = Foot()
        self.papers, self.told = self._foot.papers, self._foot.told
        self.main = MainButton()
        foot.addWidget(self._foot)
        foot.addStretch(1)
        foot.addWidget(self.main)

    def _build_head(self) -> None:
        self._kind = Chip(Text("quick"), "zap", "soft", name="register_kind")
        self._panel.head.insertWidget(1, self._kind)
        self._empty_it = LinkButton(Text("empty the form"), name="empty_form")
        self._switch = LinkButton(Text("full form"), cap="F7", name="switch_form")
        for link in (self._empty_it, self._switch):
            link.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._panel.head.addWidget(link)
        self._empty_it.clicked.connect(self._empty)
        self._switch.clicked.connect(self.switch)

    def _connect(self) -> None:
        f, child = self.fields, self.members.child
        beside = (*self.more_fields.fields(), child.came_with, child.found_at)
        self.form = Form(f.full_name, f.birth, f.settlement, f.phone, f.lodging, self.line, *beside)
        self.form.changed.connect(self._on_edited)
        self.members.edited.connect(self._on_edited)
        self.more_fields.kind.edited.connect(self._on_edited)
        for tick in (self.papers, self.told, *self.more_fields.needs.values()):
            tick.edited.connect(self._on_edited)
        inputs = [f.full_name.input, f.birth.input, f.settlement.input, f.lodging.input, self.line.input]
        self._path = EnterGoesOn(inputs, self.told.setFocus)
        self._phone_path = EnterGoesOn([f.phone.input], self._from_phone)
        self._child_path = EnterGoesOn([child.came_with.input, child.found_at.input], self.told.setFocus)
        f.phone.input.editingFinished.connect(f.show_phone_doubt)
        f.lodging.input.went_on.connect(self._after_lodging)
        f.settlement.input.wanted.connect(self._ask_places)
        self.members.ended.connect(self.told.setFocus)
        self.members.holder_wanted.connect(self._focus_first)
        self.main.clicked.connect(self._save)
        self._connect_likenesses()
        self._keep_timer = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._keep_timer.timeout.connect(self._keep)

    def _connect_likenesses(self) -> None:
        self.alike.changed.connect(lambda: self.side.show_rows(self.alike.rows()))
        self.alike.answered.connect(self._on_answered)
        self.cards.chosen.connect(self._on_same)
        self.cards.refused.connect(self._say_other)
        keys = [(f"Ctrl+{no}", partial(self._choose_candidate, no - 1)) for no in (1, 2, 3)]
        for keys_held, run in (*keys, ("Ctrl+0", self._say_other)):
            key = QShortcut(QKeySequence(keys_held), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(run)

    def fold(self, narrow: bool) -> None:
        """With less room what stands beside the form takes less of it."""
        self._is_narrow = narrow
        if not self._is_made:
            return  # the window got another size meanwhile
        self.side.fold(narrow)
        self._foot.fold(narrow)
        tight = narrow and theme.is_large() and self.window().width() < SMALL
        for part in (self.members, self.fields, self.more_fields):
            part.fold(tight)
        self._kind.setVisible(not tight)
        self._panel.body.setSpacing(4 if tight else 8)
        self._foot_row.setContentsMargins(20, 3 if tight else 10, 20, 3 if tight else 12)
        sides, ends = (16, 2 if tight else 10) if narrow else (20, 16)
        self._panel.body.setContentsMargins(sides, ends, sides, ends)

    # ── starting ──

    def start(self, typed: str) -> None:
        """A new family from what was typed in Find; a half-filled form is shown again instead."""
        self._end_edit()
        if not self._typed().is_empty:
            self._focus_first()
            return
        self._panel.title.say(Text("New family"))
        if typed and not any(c.isdigit() for c in typed):
            self.fields.full_name.input.set_value(_capitalised(typed))
        self._show_typed_changes()
        self._focus_first()
        if not self._was_kept:
            self._was_kept = True
            jobs.read(work.kept, owner=self, then=partial(self._show_kept, typed), latest="kept draft")

    def _show_kept(self, typed: str, body: Mapping[str, Any] | None) -> None:
        only_carried = replace(self._typed(), full_name="", is_full=False).is_empty
        if body and only_carried and self._editing is None and not typed:
            self._fill(from_body(body))
            messages.done(Text("What was typed before is here again."), icon="save")
            self._focus_first()

    def edit(self, household_id: UUID) -> None:
        """A family that is there, as the full form; a new one that is half typed waits aside."""
        self._reading = jobs.read(
            partial(work.family_to_edit, household_id=household_id), owner=self,
            then=partial(self._show_editing, household_id), failed=self._on_not_read, latest="edit",
        )  # fmt: skip

    def _on_not_read(self, error: BaseException) -> None:
        self._end_edit()
        messages.show_error(error)
        self.given_up.emit()

    def _end_edit(self) -> None:
        """The new family's form again, unless an edit is just being saved."""
        if not self._is_busy and (self._reading is not None or self._editing is not None):
            self._reset()

    def _show_editing(self, household_id: UUID, found: tuple[HouseholdDraft, SettlementRow | None]) -> None:
        draft, place = found
        if self._editing is None:
            self.keep_now()
            self._aside = self._typed()
        typed = typed_from(draft)
        if place is not None and not typed.settlement_text:
            typed = replace(typed, settlement_text=i18n.pick(place.names, i18n.language()))
        self._change(household_id, draft, typed)
        self._as_read = self._typed()

    def _change(self, household_id: UUID | None, draft: HouseholdDraft | None, typed: Typed) -> None:
        self._reading, self._editing, self._household_id = None, draft, household_id
        self._fill(typed)
        self._panel.title.say(Text("Change the family"))
        self._focus_first()
        self.changed.emit()

    def put_down(self) -> bool:
        """The form is left; True where a new family waits in it. A change that is not saved comes back by one key."""
        self.keep_now()
        is_changed = self._editing is not None and not self._is_busy and self._typed() != self._as_read
        if is_changed:
            again = partial(self._take_up, self._household_id, self._editing, self._typed(), self._as_read)
            text = Text("The change of the family is not saved. What was typed can be brought back.")
            messages.done(text, undo=again, icon="save")
        self._end_edit()
        return not is_changed and not self._typed().is_empty

    def _take_up(self, household_id: UUID | None, draft: HouseholdDraft | None, typed: Typed, as_read: Typed) -> None:
        if self._editing is None:
            self._aside = self._typed()
        self.wanted.emit()
        self._change(household_id, draft, typed)
        self._as_read = as_read

    def _fill(self, typed: Typed) -> None:
        self._head, self._is_full = typed.head, typed.is_full
        place = (typed.settlement, typed.settlement_text) if typed.settlement_text else None
        self.form.fill(
            {"full_name": typed.full_name, "birth": typed.birth, "settlement": place, "phone": typed.phone,
             "lodging": typed.lodging, "members": typed.line, "document": typed.document,
             "address": typed.address, "how_confirmed": typed.how_confirmed,
             "collector": typed.collector, "note": typed.note, "came_with": typed.came_with, "found_at": typed.found_at}
        )  # fmt: skip
        self.more_fields.kind.set_value(typed.document_kind)
        self.told.set_value(typed.is_told)
        self.papers.set_value(typed.document == "0")
        self.members.fill(typed)
        self.alike.forget()
        self.alike.remember(typed.refused)
        self._show_kind()
        self._show_typed_changes()

    def _reset(self) -> None:
        """An empty form; after an edit, the new family that was put aside for it."""
        if self._reading is not None:
            self._reading.cancel()
        typed = self._typed() if self._reading is not None and self._editing is None else self._aside
        self._editing = self._household_id = self._reading = self._aside = None
        self._saves_when_answered = False
        self.form.clear()
        self._fill(typed or Typed(is_full=self._prefers_full))
        self._panel.title.say(Text("New family"))

    def _focus_first(self) -> None:
        empty = next(
            (f for f in (self.fields.full_name, self.fields.birth) if not f.input.value()), self.fields.full_name
        )
        field = self.fields.full_name if self._editing is None and not self._is_full else empty
        field.input.setFocus()
        field.input.end(False)

    # ── what stands in the form ──

    def _typed(self) -> Typed:
        v = self.form.values()
        return Typed(
            full_name=v["full_name"], birth=v["birth"], settlement=v["settlement"],
            settlement_text=self.fields.settlement.input.text().strip(), lodging=v["lodging"], phone=v["phone"],
            line=v["members"], others=self.members.others(), half=self.members.half(), address=v["address"],
            document=v["document"] or ("0" if self.papers.value() else ""), document_kind=self.more_fields.kind.value(),
            needs=self.members.head_needs(), how_confirmed=v["how_confirmed"], collector=v["collector"], note=v["note"],
            came_with=v["came_with"], found_at=v["found_at"], is_told=self.told.value(), is_full=self._is_full,
            refused=self.alike.refused(), head=self._head,
        )  # fmt: skip

    def _on_edited(self) -> None:
        self._show_typed_changes()
        self._keep_timer.start()
        self.changed.emit()

    def _show_typed_changes(self) -> None:
        """The members as they would be saved, the age beside the date, what is odd, and who may be the same."""
        typed, day = self._typed(), day_here()
        members, problems = typed.members(day)
        shown = members if typed.full_name or typed.birth or len(members) > 1 else ()
        self.members.show_members(shown, problems)
        birth = members[0].birth
        age = birth.age_at(day) if birth else None
        self.fields.birth.set_hint(trn("{n} year", "{n} years", age) if age is not None else "")
        self.more_fields.show_paper(members[0].document)
        self._show_main()
        self._ask_likenesses(typed)

    def _draft(self) -> tuple[HouseholdDraft, list[Problem]]:
        """The family to save, and what keeps it from being saved."""
        editing = self._editing
        version = editing.version if editing else 0
        draft, problems = self._typed().draft(day_here(), i18n.language(), version)
        if editing:
            draft = replace(draft, external_id=editing.external_id, arrived_on=editing.arrived_on)
        if not (draft.members[0].family_name or draft.members[0].given_name) and editing is None:
            problems.append(Problem("full_name", Text("Write the surname or the name of the card holder.")))
        return draft, problems

    def _is_child_alone(self) -> bool:
        return self._editing is None and is_child_alone(self._draft()[0], day_here())

    # ── who may be the same ──

    def _ask_likenesses(self, typed: Typed) -> None:
        if self._editing is None and sum(c.isalpha() for c in typed.full_name) >= LETTERS_TO_ASK:
            self.alike.ask(typed.draft(day_here(), "")[0])
        elif self.alike.rows() or self.alike.is_asking:
            self.alike.forget()
            self.alike.remember(typed.refused)

    def _choose_candidate(self, at: int) -> None:
        rows = self.cards.shown()
        if at < len(rows):
            self._on_same(rows[at].household_id)

    def _on_same(self, household_id: UUID) -> None:
        """It is them: their family opens; what was typed comes back by one key."""
        typed = self._typed()
        self.keep_now()
        self._reset()
        text = Text("This family is known. What was typed can be brought back.")
        messages.done(text, undo=partial(self._bring_back, typed), icon="users")
        self.same_family.emit(household_id)

    def _bring_back(self, typed: Typed) -> None:
        self._fill(typed)
        self._keep_timer.start()
        self.wanted.emit()
        self._focus_first()

    def _say_other(self) -> None:
        if self.alike.say_other():
            self._on_edited()

    def _on_answered(self) -> None:
        if self._saves_when_answered:
            self._saves_when_answered = False
            self._save()

    def _may_go_on(self) -> bool:
        """*Same* wants an answer first; a child without parents waits for nobody's."""
        if self._editing is not None or self._is_child_alone():
            return True
        if self.alike.is_asking:
            self._saves_when_answered = True
            return False
        asked = self.alike.open_questions()
        if asked:
            self.side.show_cards()
            at = self.alike.rows().index(asked[0]) + 1
            text = Text("Is this {name}? Ctrl+{n}: this is them. Ctrl+0: other people.", name=asked[0].name, n=at)
            messages.attention(text, icon="users")
        return not asked

    # ── going on ──

    def _ask_places(self, text: str) -> None:
        from aidtrack.services import settlements

        if len(text.strip()) < 2:
            self.fields.settlement.input.hide_list()
            return
        ask = partial(settlements.find_settlements, text=text)
        jobs.read(ask, owner=self, then=self.fields.show_places, latest="places")

    def _after_lodging(self) -> None:
        (self.fields.phone.input if self._is_full else self.line.input).setFocus()

    def _from_phone(self) -> None:
        (self.member.name.input if self._is_full else self.fields.lodging.input).setFocus()

    def switch(self) -> None:
        """F7: from quick to full and back, keeping everything; members written out need the full one."""
        if self._editing is not None:
            return
        members, problems = self._typed().members(day_here())
        unread = next((p.text for p in problems if p.field == "members"), None)
        if unread is not None:
            self.line.show_problem(unread)
            self.line.input.setFocus()
            return
        if self._is_full and (self.members.half() != Typed().half or any(m.is_named for m in self.members.others())):
            messages.attention(Text("Members with names are written in the full form."), icon="file-text")
            return
        if not self._is_full:
            self.members.write_out(members[1:])
        self._is_full = self._prefers_full = not self._is_full
        self._show_kind()
        self._on_edited()
        self._focus_first()

    def _show_kind(self) -> None:
        full = self._is_full
        self._kind.say(Text("full") if full else Text("quick"), icon="file-text" if full else "zap")
        self._switch.say(Text("quick entry") if full else Text("full form"))
        for link in (self._switch, self._empty_it):
            link.setVisible(self._editing is None)
        self.members.show_kind(full)
        self.side.show_kind(full)

    def _empty(self) -> None:
        self._reset()
        self._keep_timer.start()
        self._focus_first()
        self.changed.emit()

    # ── what the page asks ──

    def main_action(self) -> Action:
        """F9; for a child without parents it calls the shift lead, without a sound."""
        may = not self._is_busy and self._reading is None and jobs.actor().may(Permission.REGISTER)
        return Action(self._main_word(), self._save, may)

    def _main_word(self) -> Text:
        call = Text("Call") if theme.is_large() else Text("Call shift lead")
        return call if self._is_child_alone() else Text("Save")

    def _show_main(self) -> None:
        alone = self._is_child_alone()
        self.main.say(self._main_word())
        self.main.show_cap("F8" if alone else "F9")
        self.members.show_child(alone or bool(self._editing and is_child_alone(self._editing, day_here())))

    def keys(self) -> Mapping[Key, Action]:
        """F7 is the other form while a new family is typed; F8 calls for a child without parents."""
        if self._editing is not None:
            return {}
        word = Text("Quick entry") if self._is_full else Text("Full form")
        other = {Key.MORE: Action(word, self.switch)}
        call = {Key.SHIFT_LEAD: replace(self.main_action(), word=None)}
        return {**other, **call} if self._is_child_alone() else other

    def more(self) -> Sequence[Action]:
        """F7 while a family is changed: nothing but what the frame offers everywhere."""
        return ()

    def on_digit(self, digit: int) -> bool:
        """0 no papers, 1 told."""
        tick = {0: self.papers, 1: self.told}.get(digit)
        if tick is None:
            return False
        tick.set_value(not tick.value())
        self._on_edited()
        return True

    # ── saving ──

    def _save(self) -> None:
        if self._is_busy or self._reading is not None or not self.members.take_half():
            return
        draft, problems = self._draft()
        if problems:
            self._on_refused(InvalidInput(problems))
            return
        if not self._may_go_on():
            return
        self._is_busy = True
        self.changed.emit()
        then = partial(self._on_saved, self._is_child_alone(), self._editing is None)
        jobs.write(self._saving(draft), owner=self, then=then, failed=self._on_refused)

    def _saving(self, draft: HouseholdDraft) -> Any:
        from aidtrack.services import newcomers

        if self._household_id is not None and self._editing is not None:
            request_id = self._request.id_of((self._household_id, draft))
            return partial(work.change, request_id=request_id, household_id=self._household_id, draft=draft)
        others, perhaps = self.alike.others(), self.alike.passed_by()
        request_id = self._request.id_of((draft, others, perhaps))
        register = newcomers.register_newcomer
        return partial(register, request_id=request_id, draft=draft, others=others, perhaps=perhaps)

    def _on_saved(self, child_alone: bool, was_new: bool, receipt: HouseholdReceipt) -> None:
        self._is_busy = False
        self._request.ended()
        self._keep_timer.stop()
        self._reset()
        if was_new:
            jobs.write(work.drop, owner=self)
        if child_alone:
            text = Text("The shift lead is called, without a sound. Food and water can be given now.")
            messages.attention(text, icon="users")
        elif was_new:
            messages.done(Text("Saved. The card number is {number}.", number=show_card(receipt.card_number)))
        else:
            messages.done(Text("Saved."))
        self.saved.emit(receipt)

    def _on_refused(self, error: BaseException) -> None:
        self._is_busy = False
        self._request.ended(error)
        if isinstance(error, InvalidInput):
            order = [field.name for field in self.form.fields()]
            placed = [place_of_problem(problem) for problem in error.problems]
            error = InvalidInput(sorted(placed, key=lambda p: order.index(p.field) if p.field in order else -1))
        self.form.failed(error)
        self.changed.emit()

    # ── keeping ──

    def keep_now(self) -> None:
        """What would be kept in a moment is kept at once."""
        if self._keep_timer.isActive():
            self._keep_timer.stop()
            self._keep()

    def _keep(self) -> None:
        if self._editing is None:
            typed = self._typed()
            jobs.write(work.drop if typed.is_empty else partial(work.keep, body=to_body(typed)), owner=self)

    # ── Qt ──

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fold(self._is_narrow)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.put_down()
            self.given_up.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.cards.retranslate()
            self._show_typed_changes()


def _capitalised(typed: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in typed.split())

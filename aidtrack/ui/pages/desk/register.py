"""A new family, quick or full, and a family to change: one page, one key forward, everything typed kept.

Shows the form, its members and who may be the same. Saves by F9. Listens to nothing: what is typed here is nobody else's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.birth import Unclear
from aidtrack.domain.people import HouseholdDraft, MemberDraft, Need, is_child_alone
from aidtrack.errors import InvalidInput, Problem, Text
from aidtrack.i18n import tr, trn
from aidtrack.ui import jobs, messages, theme
from aidtrack.ui.form import Form
from aidtrack.ui.inputs import TextInput
from aidtrack.ui.page import Action, Key
from aidtrack.ui.pages.desk.register_form import (
    EnterGoesOn,
    FamilyFields,
    LikenessCards,
    MemberEditor,
    MoreFields,
    foot_of,
    members_table,
)
from aidtrack.ui.pages.desk.typed import (
    Typed,
    from_body,
    member_of,
    place_of_problem,
    to_body,
    typed_from,
)
from aidtrack.ui.parts import Chip, Field, LinkButton, MainButton, Panel
from aidtrack.ui.request import Request

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor
    from aidtrack.services.people import FoundRow, HouseholdReceipt
    from aidtrack.services.settlements import SettlementRow

DRAFT = "register"
KEEP_AFTER_MS = 700
SIDE, SIDE_FOLDED = 340, 252


class RegisterPanel(QWidget):
    """`saved` carries a receipt with the household's id, `same_family` the id of the family it turned out to be."""

    saved = Signal(object)
    same_family = Signal(object)
    given_up = Signal()
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._others: tuple[MemberDraft, ...] = ()
        self._head = MemberDraft()
        self._editing: HouseholdDraft | None = None
        self._household_id: UUID | None = None
        self._reading: jobs.Job | None = None
        self._aside: Typed | None = None
        self._request = Request()
        self._member_at: int | None = None
        self._head_needs: frozenset[Need] = frozenset()
        self._is_full = False
        self._is_busy = False
        self._was_kept = False
        self._candidates: Sequence[FoundRow] = ()
        self._build()

    # ── building ──

    def _build(self) -> None:
        self._panel = Panel(Text("New family"), padding=20, cls="h1", name="register")
        self._kind = Chip(Text("quick"), "zap", "soft")
        self._panel.head.insertWidget(1, self._kind)
        self._switch = LinkButton(Text("full form"), cap="F7")
        self._switch.setObjectName("switch_form")
        self._panel.head.addWidget(self._switch)
        self.fields = FamilyFields()
        self.line = Field(
            Text("Who is with them, in one line"),
            TextInput(max_length=600),
            Text("sex and age: m36 f8"),
            name="members",
        )
        self.member = MemberEditor()
        self.more_fields = MoreFields()
        self.table = members_table()
        for part in (self.fields, self.line, self.member):
            self._panel.body.addWidget(part)
        self._panel.body.addWidget(self.table, 1)
        self.papers, self.told, foot = foot_of(self._panel)
        self.main = MainButton()
        self.main.say(Text("Save"))
        foot.addWidget(self.main)
        self.cards = LikenessCards()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._panel, 1)
        for side in (self.cards, self.more_fields):
            row.addWidget(side)
        self.fold(False)
        self._connect()
        self._show_kind()

    def _connect(self) -> None:
        f = self.fields
        self.form = Form(f.full_name, f.birth, f.settlement, f.phone, f.lodging, self.line, *self.more_fields.fields())
        self.form.changed.connect(self._on_edited)
        for tick in (self.papers, self.told, *self.more_fields.needs.values()):
            tick.edited.connect(self._on_edited)
        self._path = EnterGoesOn(
            [f.full_name.input, f.birth.input, f.settlement.input, f.lodging.input, self.line.input], self._to_foot
        )
        self._full_path = EnterGoesOn([f.phone.input], self._from_phone)
        f.lodging.input.went_on.connect(self._after_lodging)
        f.settlement.input.wanted.connect(self._ask_places)
        self.member.taken.connect(self._take_member)
        self.member.ended.connect(self._to_foot)
        self.member.gone.clicked.connect(self._remove_member)
        self.table.chosen.connect(self._open_member)
        self._switch.clicked.connect(self.switch)
        self.main.clicked.connect(self._save)
        self.cards.chosen.connect(self._on_same)
        self._keep_timer = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._keep_timer.timeout.connect(self._keep)
        for digit in (1, 2, 3):
            key = QShortcut(QKeySequence(f"Ctrl+{digit}"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(partial(self._choose_candidate, digit - 1))

    def fold(self, narrow: bool) -> None:
        """With less room what stands beside the form takes less of it."""
        for side in (self.cards, self.more_fields):
            side.setFixedWidth(theme.px(SIDE_FOLDED if narrow else SIDE))

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
            jobs.read(_kept, owner=self, then=partial(self._show_kept, typed), latest="kept draft")

    def _show_kept(self, typed: str, body: Mapping[str, Any] | None) -> None:
        only_carried = replace(self._typed(), full_name="", is_full=False).is_empty
        if body and only_carried and self._editing is None and not typed:
            self._fill(from_body(body))
            messages.done(Text("What was typed before is here again."), icon="save")
            self._focus_first()

    def edit(self, household_id: UUID) -> None:
        """A family that is there, as the full form; a new one that is half typed waits aside."""
        self._reading = jobs.read(
            partial(_family_to_edit, household_id=household_id), owner=self,
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
        self._reading, self._editing, self._household_id = None, draft, household_id
        typed = typed_from(draft)
        if place is not None and not typed.settlement_text:
            typed = replace(typed, settlement_text=i18n.pick(place.names, i18n.language()))
        self._fill(typed)
        self._panel.title.say(Text("Change the family"))
        self._focus_first()
        self.changed.emit()

    def _fill(self, typed: Typed) -> None:
        self._others, self._head, self._is_full = typed.others, typed.head, typed.is_full
        place = (typed.settlement, typed.settlement_text) if typed.settlement_text else None
        self.form.fill(
            {"full_name": typed.full_name, "birth": typed.birth, "settlement": place, "phone": typed.phone,
             "lodging": typed.lodging, "members": typed.line, "document": typed.document, "address": typed.address,
             "how_confirmed": typed.how_confirmed, "collector": typed.collector,
             "note": typed.note}
        )  # fmt: skip
        self._head_needs = typed.needs
        self.more_fields.show_needs(typed.needs, "")
        self.told.set_value(typed.is_told)
        self.papers.set_value(typed.document == "0")
        self._member_at = None
        self.member.show_member(None)
        self._show_kind()
        self._show_typed_changes()

    def _reset(self) -> None:
        """An empty form; after an edit, the new family that was put aside for it."""
        if self._reading is not None:
            self._reading.cancel()
        typed = self._typed() if self._reading is not None and self._editing is None else self._aside
        self._editing = self._household_id = self._reading = self._aside = None
        self._candidates = ()
        self._fill(Typed())
        self.form.clear()
        if typed is not None:
            self._fill(typed)
        self._panel.title.say(Text("New family"))

    def _focus_first(self) -> None:
        empty = next(
            (f for f in (self.fields.full_name, self.fields.birth) if not f.input.value()), self.fields.full_name
        )
        field = self.fields.full_name if self._editing is None and not self._is_full else empty
        field.input.setFocus()
        field.input.end(False)

    # ── what stands in the form ──

    def _day(self) -> date:
        return jobs.today() or jobs.actor().now().date()

    def _typed(self) -> Typed:
        v = self.form.values()
        return Typed(
            full_name=v["full_name"], birth=v["birth"], settlement=v["settlement"],
            settlement_text=self.fields.settlement.input.text().strip(), lodging=v["lodging"], phone=v["phone"],
            line=v["members"], others=self._others, address=v["address"],
            document=v["document"] or ("0" if self.papers.value() else ""),
            needs=self.more_fields.ticked() if self._member_at is None else self._head_needs,
            how_confirmed=v["how_confirmed"], collector=v["collector"], note=v["note"],
            is_told=self.told.value(), is_full=self._is_full, head=self._head,
        )  # fmt: skip

    def _on_edited(self) -> None:
        self._show_typed_changes()
        self._keep_timer.start()
        self.changed.emit()

    def _show_typed_changes(self) -> None:
        """The members as they would be saved, the age beside the date, and who may be the same."""
        typed, day = self._typed(), self._day()
        members, problems = typed.members(day)
        shown = members if typed.full_name or typed.birth or len(members) > 1 else ()
        rows = [(no, member, member.birth.age_at(day) if member.birth else None) for no, member in enumerate(shown, 1)]
        self.table.show_rows(rows)
        birth = members[0].birth
        age = birth.age_at(day) if birth else None
        self.fields.birth.set_hint(trn("{n} year", "{n} years", age) if age is not None else "")
        line_problem = next((p.text for p in problems if p.field == "members"), None)
        if line_problem is None or not self.line.input.text()[-1:].isspace():
            self.line.clear_problem()
        else:
            self.line.show_problem(line_problem)
        self._ask_candidates(typed)

    def _ask_candidates(self, typed: Typed) -> None:
        from aidtrack.services import people

        if self._editing is None and sum(c.isalpha() for c in typed.full_name) >= 3:
            fn = partial(people.find, text=typed.full_name, limit=3)
            jobs.read(fn, owner=self, then=self._show_candidates, latest="candidates")
        else:
            self._show_candidates(())

    def _show_candidates(self, rows: Sequence[FoundRow]) -> None:
        self._candidates = [row for row in rows if row.score > 0.8 and not row.is_protected]
        typed = self._typed()
        birth = typed.members(self._day())[0][0].birth
        year = birth.first.year if birth else None
        self.cards.show_rows([(row, _reasons(row, year, typed.settlement_text)) for row in self._candidates])

    def _ask_places(self, text: str) -> None:
        from aidtrack.services import settlements

        if len(text.strip()) < 2:
            self.fields.settlement.input.hide_list()
            return
        fn = partial(settlements.find_settlements, text=text)
        jobs.read(fn, owner=self, then=self._show_places, latest="places")

    def _show_places(self, rows: Sequence[SettlementRow]) -> None:
        lang = i18n.language()
        choices = [(row.id, i18n.pick(row.names, lang), i18n.pick(row.within, lang)) for row in rows]
        self.fields.settlement.input.show_choices(choices)

    # ── going on ──

    def _after_lodging(self) -> None:
        if self._is_full:
            self.fields.phone.input.setFocus()
        else:
            self.line.input.setFocus()

    def _from_phone(self) -> None:
        (self.member.name.input if self._is_full else self.fields.lodging.input).setFocus()

    def _to_foot(self) -> None:
        self.told.setFocus()

    def switch(self) -> None:
        """F7: from quick to full and back, keeping everything; members written out need the full one."""
        if self._is_full and (self._editing is not None or any(member.is_named for member in self._others)):
            return
        if not self._is_full:
            members, _ = self._typed().members(self._day())
            self._others = members[1:]
            self.line.input.clear()
        self._is_full = not self._is_full
        self._show_kind()
        self._on_edited()
        self._focus_first()

    def _show_kind(self) -> None:
        full = self._is_full
        self._kind.say(Text("full") if full else Text("quick"), icon="file-text" if full else "zap")
        self._switch.say(Text("quick entry") if full else Text("full form"))
        self._switch.setVisible(self._editing is None)
        self.line.setVisible(not full)
        self.member.setVisible(full)
        self.more_fields.setVisible(full)
        self.cards.setVisible(not full)

    # ── members ──

    def _take_member(self) -> None:
        editor = self.member
        try:
            member = member_of(
                editor.name.input.value(), editor.birth.input.value(), editor.relation.input.value(), self._day()
            )
        except Unclear as unclear:
            editor.birth.show_problem(unclear.text)
            editor.birth.input.setFocus()
            return
        self._put_member(member)
        editor.show_member(None)
        editor.name.input.setFocus()
        self._on_edited()

    def _put_member(self, member: MemberDraft) -> None:
        at = self._member_at
        if at is None:
            self._others = (*self._others, member)
            return
        old = self._others[at]
        named = replace(
            old, family_name=member.family_name, given_name=member.given_name, patronymic=member.patronymic,
            sex=old.sex or member.sex, needs=self.more_fields.ticked(), relation=member.relation, presence=self.member.presence.value(),
            birth=old.birth if old.birth and self.member.birth.input.value() == old.birth.typed else member.birth,
        )  # fmt: skip
        self._others = (*self._others[:at], named, *self._others[at + 1 :])
        self._close_member()

    def _close_member(self) -> None:
        """The ticks are the card holder's again."""
        self._member_at = None
        self.more_fields.show_needs(self._head_needs, "")

    def _open_member(self, row: Any) -> None:
        """A member of the table is changed in its line; the card holder is changed above."""
        at = int(row[0]) - 2
        if not self._is_full or not 0 <= at < len(self._others):
            self._focus_first()
            return
        if self._member_at is None:
            self._head_needs = self.more_fields.ticked()
        self._member_at = at
        self.member.show_member(self._others[at])
        self.more_fields.show_needs(self._others[at].needs, self._others[at].given_name or tr("without name"))
        self.member.name.input.setFocus()

    def _remove_member(self) -> None:
        if self._member_at is not None:
            self._others = (*self._others[: self._member_at], *self._others[self._member_at + 1 :])
            self._close_member()
            self.member.show_member(None)
            self._on_edited()

    # ── what the page asks ──

    def main_action(self) -> Action:
        """F9."""
        may = not self._is_busy and self._reading is None and jobs.actor().may(Permission.REGISTER)
        return Action(Text("Save"), self._save, may)

    def keys(self) -> Mapping[Key, Action]:
        """F7 is the other form while a new family is typed."""
        return {Key.MORE: Action(Text("full form"), self.switch)} if self._editing is None else {}

    def more(self) -> Sequence[Action]:
        """F7 where the frame keeps it for its list."""
        word = Text("quick entry") if self._is_full else Text("full form")
        return [
            Action(word, self.switch, self._editing is None),
            Action(Text("Empty the form"), self._empty, self._editing is None and self._reading is None),
        ]

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
        if self._is_busy or self._reading is not None:
            return
        day = self._day()
        version = self._editing.version if self._editing else 0
        draft, problems = self._typed().draft(day, i18n.language(), version)
        if self._editing:
            draft = replace(draft, external_id=self._editing.external_id, arrived_on=self._editing.arrived_on)
        if not (draft.members[0].family_name or draft.members[0].given_name) and self._editing is None:
            problems.append(Problem("full_name", Text("Write the surname or the name of the card holder.")))
        if problems:
            self._on_refused(InvalidInput(problems))
            return
        self._is_busy = True
        self.changed.emit()
        jobs.write(
            self._saving(draft),
            owner=self,
            then=partial(self._on_saved, is_child_alone(draft, day), self._editing is None),
            failed=self._on_refused,
        )

    def _saving(self, draft: HouseholdDraft) -> Any:
        from aidtrack.services import people

        request_id = self._request.id_of((self._household_id, draft))
        if self._household_id is not None and self._editing is not None:
            return partial(_change, request_id=request_id, household_id=self._household_id, draft=draft)
        return partial(people.register_household, request_id=request_id, draft=draft)

    def _on_saved(self, child_alone: bool, was_new: bool, receipt: HouseholdReceipt) -> None:
        self._is_busy = False
        self._request.ended()
        self._keep_timer.stop()
        self._reset()
        if was_new:
            jobs.write(_drop, owner=self)
        if child_alone:
            messages.attention(
                Text("A child without an adult: call the shift lead, F8. Food and water now."), icon="users"
            )
        elif was_new:
            messages.done(
                Text("Saved. The card number is {number}.", number=_shown_card(receipt.card_number)),
                icon="circle-check",
            )
        else:
            messages.done(Text("Saved."), icon="circle-check")
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

    def _choose_candidate(self, at: int) -> None:
        if at < len(self._candidates) and not self._is_full:
            self._on_same(self._candidates[at].household_id)

    def _on_same(self, household_id: UUID) -> None:
        """It is them: their family opens; what was typed stays here until the next one is saved or emptied."""
        self.same_family.emit(household_id)

    def _empty(self) -> None:
        self._reset()
        self._keep_timer.start()
        self._focus_first()
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
            jobs.write(_drop if typed.is_empty else partial(_keep, body=to_body(typed)), owner=self)

    # ── Qt ──

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._end_edit()
            self.given_up.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._show_typed_changes()


def _capitalised(typed: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in typed.split())


def _shown_card(number: str) -> str:
    from aidtrack.domain.ids import show_card

    return show_card(number)


def _reasons(row: FoundRow, year: int | None, place: str) -> list[Text]:
    """Why these may be the same people, in words."""
    reasons = [Text("the name is the same") if row.score >= 0.97 else Text("the name is alike")]
    if year and row.year:
        apart = abs(year - row.year)
        if apart <= 1:
            reasons.append(Text("the year of birth is the same") if not apart else Text("one year apart"))
    known = {name.casefold() for name in (*row.settlement.values(), row.origin_text) if name}
    if place and place.casefold() in known:
        reasons.append(Text("from the same place: {place}", place=place))
    return reasons


# ── what is asked of the services ──


def _kept(session: Session, by: Actor) -> Mapping[str, Any] | None:
    from aidtrack.services import drafts

    return drafts.kept_draft(session, by, kind=DRAFT)


def _keep(session: Session, by: Actor, *, body: Mapping[str, Any]) -> None:
    from aidtrack.services import drafts

    drafts.keep_draft(session, by, kind=DRAFT, body=body)


def _drop(session: Session, by: Actor) -> None:
    from aidtrack.services import drafts

    drafts.drop_draft(session, by, kind=DRAFT)


def _family_to_edit(session: Session, by: Actor, *, household_id: UUID) -> tuple[HouseholdDraft, SettlementRow | None]:
    from aidtrack.services import people, settlements

    draft = people.household_draft(session, by, household_id)
    return draft, settlements.settlement(session, draft.settlement_id) if draft.settlement_id else None


def _change(
    session: Session, by: Actor, *, request_id: UUID, household_id: UUID, draft: HouseholdDraft
) -> HouseholdReceipt:
    from aidtrack.services import people

    people.change_household(session, by, request_id=request_id, household_id=household_id, draft=draft)
    return people.household_receipt(session, household_id)

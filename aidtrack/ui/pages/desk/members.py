"""Everybody of the family but the card holder: one line of signs and ages in the quick form, each by name in the full one.

Owns who was written out so far and which of them is open in the line. Says with `edited` that a person changed something.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aidtrack.domain.birth import Unclear
from aidtrack.domain.people import MemberDraft, Need
from aidtrack.errors import Problem, Text
from aidtrack.i18n import tr
from aidtrack.ui import jobs, theme
from aidtrack.ui.inputs import TextInput
from aidtrack.ui.pages.desk.register_form import ChildFields, MemberEditor, MoreFields, members_table
from aidtrack.ui.pages.desk.typed import HalfMember, Typed, member_of
from aidtrack.ui.parts import Field

ROOM_FOR_ONE = 64


def day_here() -> date:
    """The day ages are counted on."""
    return jobs.today() or jobs.actor().now().astimezone(jobs.zone()).date()


class MembersPart(QWidget):
    """`edited`: a person changed something. `ended`: nobody else is to be written out. `holder_wanted`: the fields above."""

    edited = Signal()
    ended = Signal()
    holder_wanted = Signal()

    def __init__(self, more_fields: MoreFields) -> None:
        super().__init__()
        self._more = more_fields
        self._others: tuple[MemberDraft, ...] = ()
        self._at: int | None = None
        self._head_needs: frozenset[Need] = frozenset()
        self._is_full = self._is_child = self._is_tight = False

    def build(self) -> Iterator[None]:
        """Makes its parts one after another, each in its place."""
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.line = Field(
            Text("Who is with them, in one line"),
            TextInput(max_length=600),
            Text("sex and age: m36 f8"),
            name="members",
            reserve=False,
        )
        column.addWidget(self.line)
        self.editor = MemberEditor()
        column.addWidget(self.editor)
        yield from self.editor.build()
        yield
        self.child = ChildFields()
        column.addWidget(self.child)
        yield
        self.table = members_table()
        column.addWidget(self.table, 1)
        column.addStretch(0)
        self.table.setMinimumHeight(theme.px(ROOM_FOR_ONE))
        self.editor.taken.connect(self.take)
        self.editor.ended.connect(self.ended)
        self.editor.edited.connect(self.edited)
        self.editor.gone.clicked.connect(self._remove)
        self.table.chosen.connect(self.open_member)

    # ── what stands here ──

    def others(self) -> tuple[MemberDraft, ...]:
        """Everybody who was written out."""
        return self._others

    def half(self) -> HalfMember:
        """What stands in the line and is not taken over."""
        return replace(self.editor.half(), at=self._at)

    def head_needs(self) -> frozenset[Need]:
        """What helps the card holder; the ticks may be those of a member just now."""
        return self._more.ticked() if self._at is None else self._head_needs

    def fill(self, typed: Typed) -> None:
        """Shows what was typed, with the member that stood half typed."""
        self._others, self._head_needs = typed.others, typed.needs
        at = typed.half.at
        self._at = at if at is not None and at < len(self._others) else None
        self.editor.show_half(typed.half, known=self._at is not None)
        self._show_needs()

    def show_kind(self, full: bool) -> None:
        """One line, or one by one."""
        self._is_full = full
        self.line.setVisible(not full)
        self.editor.setVisible(full)
        self._show_table()

    def show_child(self, alone: bool) -> None:
        """A child without parents is asked two things; there is nobody to list."""
        self.child.setVisible(alone)
        self._is_child = alone
        self._show_table()

    def fold(self, tight: bool) -> None:
        """Where large letters fill a small window, the line says who is there, and the table does not."""
        self._is_tight = tight
        self._column.setSpacing(2 if tight else 8)
        self.table.setMinimumHeight(theme.px(ROOM_FOR_ONE - 20 if tight else ROOM_FOR_ONE))
        self._show_table()

    def _show_table(self) -> None:
        has_rows = not self._is_child or bool(self._others)
        self.table.setVisible(has_rows and (bool(self._others) or not self._is_tight))

    def show_members(self, members: Sequence[MemberDraft], problems: Sequence[Problem]) -> None:
        """Everybody as they would be saved; what of the line cannot be read is told when its word is finished."""
        day = day_here()
        rows = [
            (no, member, member.birth.age_at(day) if member.birth else None) for no, member in enumerate(members, 1)
        ]
        self.table.show_rows(rows)
        problem = next((p.text for p in problems if p.field == "members"), None)
        if problem is None or not self.line.input.text()[-1:].isspace():
            self.line.clear_problem()
        else:
            self.line.show_problem(problem)

    def write_out(self, members: Sequence[MemberDraft]) -> None:
        """The members of the line stand one by one from now on."""
        self._others = tuple(members)
        self.line.input.clear()

    # ── one by one ──

    def take(self) -> bool:
        """Takes the member in the line over; False when its date cannot be read, which is said beside it."""
        half = self.half()
        try:
            member = member_of(half.name, half.birth, half.relation, day_here())
        except Unclear as unclear:
            self.editor.birth.show_problem(unclear.text)
            self.editor.birth.input.setFocus()
            return False
        self._put(member)
        self.editor.show_member(None)
        self.editor.name.input.setFocus()
        self.edited.emit()
        return True

    def take_half(self) -> bool:
        """Before saving: a member that stands in the line is one of the family, whether Enter was pressed or not."""
        half = self.half()
        return not self._is_full or not (half.name or half.birth) or self.take()

    def _put(self, member: MemberDraft) -> None:
        at = self._at
        if at is None:
            self._others = (*self._others, member)
            return
        old = self._others[at]
        is_same_birth = old.birth is not None and self.editor.birth.input.value() == old.birth.typed
        named = replace(
            old, family_name=member.family_name, given_name=member.given_name, patronymic=member.patronymic,
            sex=old.sex or member.sex, needs=self._more.ticked(), relation=member.relation,
            presence=self.editor.presence.value(), birth=old.birth if is_same_birth else member.birth,
        )  # fmt: skip
        self._others = (*self._others[:at], named, *self._others[at + 1 :])
        self._close()

    def open_member(self, row: Any) -> None:
        """A member of the table is changed in the line; the card holder is changed above."""
        at = int(row[0]) - 2
        if not self._is_full or not 0 <= at < len(self._others):
            self.holder_wanted.emit()
            return
        if not self.take_half():
            return
        self._head_needs = self.head_needs()
        self._at = at
        self.editor.show_member(self._others[at])
        self._show_needs()
        self.editor.name.input.setFocus()

    def _remove(self) -> None:
        if self._at is not None:
            self._others = (*self._others[: self._at], *self._others[self._at + 1 :])
            self._close()
            self.editor.show_member(None)
            self.edited.emit()

    def _close(self) -> None:
        """The ticks are the card holder's again."""
        self._at = None
        self._show_needs()

    def _show_needs(self) -> None:
        if self._at is None:
            self._more.show_needs(self._head_needs, "")
        else:
            member = self._others[self._at]
            self._more.show_needs(member.needs, member.given_name or tr("without name"))

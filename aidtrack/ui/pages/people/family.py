"""One family beside the list: its facts, its people, what was done with it, and two buttons the page answers. Changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout

from aidtrack import i18n
from aidtrack.domain.deeds import DEEDS
from aidtrack.domain.ids import show_card
from aidtrack.errors import Text
from aidtrack.i18n import clock_time, day_short, tr, trn
from aidtrack.ui import jobs
from aidtrack.ui.parts import Button, Caption, Chips, EmptyState, Panel, RowItem, RowList, Words
from aidtrack.ui.record_table import Cell, Column, RecordTable

if TYPE_CHECKING:
    from aidtrack.services.journal import OperationRow
    from aidtrack.services.people import HouseholdView, MemberRow


class FamilyDetail(Panel):
    """Empty until a family is chosen."""

    def __init__(self) -> None:
        super().__init__(name="family_detail")
        self._view: HouseholdView | None = None
        self._journal: Sequence[OperationRow] = ()
        self._cards: Sequence[str] = ()
        self.name = Words("", "h2", elide=True, name="family_name")
        self.card = Words("", "h3", name="family_card")
        self.facts = Words("", "small", tone="ink2", wrap=True, name="family_facts")
        self.chips = Chips()
        self.members: RecordTable = RecordTable(
            [
                Column(Text("Name"), _name, stretch=True),
                Column(
                    Text("Sex"), lambda m: i18n.render(m.sex.text, i18n.language())[:1] if m.sex else None, width=46
                ),
                Column(Text("Age"), lambda m: m.age, align="right", width=48),
                Column(Text("Relation"), lambda m: m.relation.text if m.relation else None, width=112),
            ],
            row_height=32,
            key=lambda m: m.person_id,
            name="family_members",
        )
        self.journal = RowList(44, name="family_journal")
        self._nobody = EmptyState("users", Text("Choose a family"), Text("Its people and what was done stand here"))
        self.body.addWidget(self._nobody, 1)
        for part in (self.name, self.card, self.facts, self.chips):
            self.body.addWidget(part)
        self._lists = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._lists.setSpacing(8)
        done = QVBoxLayout()
        self._done = Caption(Text("What was done"))
        done.addWidget(self._done)
        done.addWidget(self.journal, 1)
        self._lists.addWidget(self.members, 3)
        self._lists.addLayout(done, 2)
        self.body.addLayout(self._lists, 1)
        self.new_card = Button(Text("New card"), "refresh-cw", name="new_card_button")
        self.protect = Button(Text("Protect"), "lock", name="protect_button")
        keys = QHBoxLayout()
        keys.setSpacing(8)
        for button in (self.new_card, self.protect):
            keys.addWidget(button)
        keys.addStretch(1)
        self.body.addLayout(keys)
        self.show_family(None, ())

    @property
    def view(self) -> HouseholdView | None:
        """The family that is shown."""
        return self._view

    def fold(self, narrow: bool) -> None:
        """Over the whole page people and journal stand beside each other, else one above the other."""
        way = QBoxLayout.Direction.LeftToRight if narrow else QBoxLayout.Direction.TopToBottom
        self._lists.setDirection(way)

    def show_family(
        self, view: HouseholdView | None, journal: Sequence[OperationRow], cards: Sequence[str] = ()
    ) -> None:
        """Another family, or none; `cards` are its others, where it was registered twice and joined."""
        self._view, self._journal, self._cards = view, journal, cards
        self._say()

    def _say(self) -> None:
        view = self._view
        self._nobody.setVisible(view is None)
        whole = (self.name, self.card, self.facts, self.chips, self.members, self._done, self.journal, self.new_card, self.protect)
        for part in whole:
            part.setVisible(view is not None)
        is_protected = view is not None and view.is_protected
        self.protect.say(
            Text("Lift protection") if is_protected else Text("Protect"), "lock-open" if is_protected else "lock"
        )
        self.name.say((view.head_name or tr("without name")) if view else "")
        self.card.say(show_card(view.card_number) if view else "")
        self.facts.say(_facts(view) if view else "")
        self.chips.show_chips(_chips(view, self._cards) if view else [])
        self.members.show_rows(view.members if view else ())
        self.journal.show_rows([_deed(row) for row in self._journal], keep=False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say()


def _name(member: MemberRow) -> Cell:
    return Cell(member.name, strong=True) if member.name else Cell(tr("without name"), tone="ink3")


def _facts(view: HouseholdView) -> str:
    lang = i18n.language()
    facts = [
        trn("{n} person", "{n} people", len(view.members)),
        i18n.pick(view.settlement, lang) or view.origin_text,
        i18n.render(view.lodging.text, lang) if view.lodging else "",
        tr("registered {day}", day=view.registered_day),
        view.address,
        view.note,
    ]
    return " · ".join(fact for fact in facts if fact)


def _chips(view: HouseholdView, cards: Sequence[str]) -> list[tuple[Text, str, str]]:
    chips = [(Text("also card ·{tail}", tail=number[-4:]), "users", "sunken") for number in cards]
    chips += [(need.text, "armchair" if need.served_first else "info", "soft") for need in view.needs]
    if view.unnamed:
        chips.append((Text.plural("{n} name missing", "{n} names missing", n=view.unnamed), "pencil", "sunken"))
    if view.is_protected:
        chips.append((Text("protected: for the shift lead only"), "lock", "sunken"))
    return chips


def _deed(row: OperationRow) -> RowItem:
    words = i18n.render(DEEDS.get(row.kind, Text("Something else")), i18n.language())
    when = f"{day_short(row.day, i18n.language())} {clock_time(row.at, jobs.zone())}"
    who = tr("{name}, window {n}", name=row.actor_name, n=row.desk_number) if row.desk_number else row.actor_name
    return RowItem(words, second=" · ".join(part for part in (who, row.reason) if part), right_second=when, data=row.id)

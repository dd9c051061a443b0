"""Trying the rules on one family: found by a few letters, every rule answers with how much, why, or from when."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.entitlement import Allowance
from aidtrack.domain.stock import so_many
from aidtrack.errors import Text
from aidtrack.services import campaigns, people
from aidtrack.services.campaigns import RuleRow
from aidtrack.services.people import FoundRow
from aidtrack.ui import jobs
from aidtrack.ui.inputs import SuggestInput
from aidtrack.ui.parts import Caption, RowItem, RowList, Words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor

Answers = tuple[tuple[RuleRow, Allowance], ...]


def ask_trial(session: Session, by: Actor, *, household_id: UUID, campaign_id: UUID) -> Answers:
    """What every rule of the programme says about one family today."""
    return campaigns.try_rules(session, by, household_id, campaign_id=campaign_id)


class FamilyInput(SuggestInput):
    """A family found as at the desk."""

    def __init__(self) -> None:
        super().__init__(Text("name, card"), name="trial_family")
        self.wanted.connect(self._on_wanted)

    def _on_wanted(self, typed: str) -> None:
        jobs.read(lambda s, by: people.find(s, by, typed), owner=self, then=self._offer, latest="families")

    def _offer(self, rows: tuple[FoundRow, ...]) -> None:
        self.show_choices([(row.household_id, row.name, _about(row)) for row in rows])


def _about(row: FoundRow) -> str:
    place = i18n.pick(row.settlement, i18n.language())
    return " · ".join(str(part) for part in (row.year, place) if part)


class Trial(QWidget):
    """The family's field and the answers under it."""

    def __init__(self) -> None:
        super().__init__()
        self._campaign: UUID | None = None
        self._family: UUID | None = None
        self._answers: Answers = ()
        self.input = FamilyInput()
        self.answers = RowList(48, name="trial_answers")
        self._hint = Words(Text("Find a family: every rule answers."), "small", tone="ink3", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(Caption(Text("Try it on a family")))
        column.addWidget(self.input)
        column.addWidget(self._hint)
        column.addWidget(self.answers, 1)
        column.addStretch(0)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.answers.hide()
        self.input.took.connect(self._on_took)

    def use(self, campaign: UUID | None) -> None:
        """Another programme, or the same one after a change."""
        self._campaign = campaign
        self._ask()

    def _on_took(self, family: UUID) -> None:
        self._family = family
        self._ask()

    def _ask(self) -> None:
        if self._family is not None and self._campaign is not None:
            ask = partial(ask_trial, household_id=self._family, campaign_id=self._campaign)
            jobs.read(ask, owner=self, then=self._show, latest="trial")

    def _show(self, answers: Answers) -> None:
        self._answers = answers
        self._hint.setVisible(not answers)
        self.answers.setVisible(bool(answers))
        self.answers.show_rows([_row(row, answer) for row, answer in answers])

    def retranslate(self) -> None:
        """Names and reasons in another language."""
        self._show(self._answers)


def _row(row: RuleRow, answer: Allowance) -> RowItem:
    lang = i18n.language()
    icon = "check" if answer.due else "clock" if answer.fits else "circle-slash"
    return RowItem(
        title=i18n.pick(row.item_names, lang),
        second=i18n.render(answer.reason, lang),
        right=i18n.render(so_many(answer.due, row.unit), lang) if answer.due else "",
        icon=icon,
        tone="ink" if answer.due else "ink3",
        data=row.rule.id,
    )

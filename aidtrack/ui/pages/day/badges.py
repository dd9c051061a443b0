"""Day badges at the page Day: made and printed for a role, ended when one is lost, and the lead's badge that signs the day off.

Owns the questions. What a badge opens is `services.badges`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from aidtrack import i18n
from aidtrack.domain.access import Permission, Role
from aidtrack.domain.badges import ROLES
from aidtrack.domain.ids import new_id
from aidtrack.errors import NotAllowed, Refused, Text
from aidtrack.reports import catalogue
from aidtrack.reports.catalogue import Format, Printed
from aidtrack.services import badges, overview
from aidtrack.services.badges import BadgeRow
from aidtrack.ui import jobs, messages, printing
from aidtrack.ui.dialogs import Answer, FormDialog, Question
from aidtrack.ui.inputs import ChoiceInput, NumberInput, PinInput
from aidtrack.ui.parts import Field

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor
    from aidtrack.services.days import DayRow

_SHOWN = 9


class Badges(QObject):
    """`signed_off(day)`: a lead's badge ended the day."""

    signed_off = Signal(object)

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page

    # ── made and printed ──

    def ask_how_many(self) -> None:
        """For which role and how many; then they are printed."""
        dialog = FormDialog(
            self._page, title=Text("Day badges"), name="make_badges",
            main=Text("Make and print") if printing.has_printer() else Text("Make and save as PDF"),
            facts=Text("No name stands on them. Whoever scans one first gives a name and four digits; they hold until the day is closed."),
        )  # fmt: skip
        role = ChoiceInput()
        role.show_choices([(one, one.text) for one in ROLES])
        role.set_value(ROLES[1])
        dialog.body.addWidget(dialog.form.add(Field(Text("Role"), role, name="role")))
        dialog.body.addWidget(dialog.form.add(Field(Text("How many"), NumberInput(1), name="count")))
        dialog.accepted_values.connect(partial(self._make, dialog))
        dialog.open()

    def _make(self, dialog: FormDialog, values: dict[str, object]) -> None:
        make = partial(
            badges.make_badges, request_id=new_id(), role=Role(str(values["role"])), count=int(str(values["count"] or 0))
        )
        jobs.write(make, owner=self, then=partial(self._on_made, dialog), failed=dialog.failed)

    def _on_made(self, dialog: FormDialog, made: Sequence[BadgeRow]) -> None:
        dialog.done_close()
        messages.done(Text.plural("{n} badge is made.", "{n} badges are made.", n=len(made)), icon="user")
        self.print_unclaimed(made[0].day)

    def print_unclaimed(self, day: date) -> None:
        """The badges of a day nobody took yet, ten on a sheet."""
        jobs.read(partial(overview.day_badges, day=day), owner=self, then=self._draw)

    def _draw(self, figures: overview.DayBadges) -> None:
        lang = figures.heading.languages[0]
        jobs.paper(
            catalogue.make, "badges", Format.PDF, figures, Printed.by(jobs.actor()), lang, owner=self,
            then=lambda pdf: printing.print_or_keep(self._page, pdf, i18n.tr("Day badges"), printing.nobody),
        )  # fmt: skip

    # ── lost ──

    def ask_which_is_lost(self, day: date) -> None:
        """The badges somebody works under; the one that is chosen opens nothing any more."""
        jobs.read(partial(badges.badges_of, day=day), owner=self, then=self._ask_which)

    def _ask_which(self, rows: Sequence[BadgeRow]) -> None:
        alive = [row for row in rows if row.is_claimed and not row.is_dead][:_SHOWN]
        answers = [
            Answer(row.id, Text("{number} · {name}", number=f"{row.number:02}", name=row.name), True, row.role.text)
            for row in alive
        ]
        if not answers:
            messages.attention(Text("Nobody works under a badge now."), icon="user")
            return
        question = Question(self._page, title=Text("Which badge is lost?"), answers=answers, name="lost_badge")
        question.answered.connect(self._end)
        question.open()

    def _end(self, badge_id: object) -> None:
        if isinstance(badge_id, UUID):
            end = partial(badges.end_badge, request_id=new_id(), badge_id=badge_id)
            jobs.write(end, owner=self, then=lambda row: messages.done(Text("The badge of {name} opens nothing any more.", name=row.name)))

    # ── signing off ──

    def ask_lead(self, code: str) -> None:
        """A badge was scanned over a closed day: its four digits sign it off."""
        dialog = FormDialog(
            self._page, title=Text("Sign off the day?"), main=Text("Sign off: the figures stand"), name="lead_signs",
            facts=Text("With the badge of the shift lead: its four digits."),
        )  # fmt: skip
        pin = PinInput(4)
        dialog.body.addWidget(dialog.form.add(Field(Text("PIN, 4 digits"), pin, name="pin")))
        dialog.accepted_values.connect(lambda values: self._sign_off(dialog, code, str(values["pin"])))
        dialog.open()

    def _sign_off(self, dialog: FormDialog, code: str, pin: str) -> None:
        sign = partial(_sign_off_by_badge, code=code, pin=pin)
        jobs.write(sign, owner=self, then=partial(self._on_signed, dialog), failed=partial(self._not_signed, dialog, code))

    def _on_signed(self, dialog: FormDialog, day: DayRow) -> None:
        dialog.done_close()
        self.signed_off.emit(day)

    def _not_signed(self, dialog: FormDialog, code: str, error: BaseException) -> None:
        dialog.failed(error)
        if isinstance(error, Refused) and error.code == "wrong-pin":
            dialog.form.clear()
            jobs.write(partial(badges.count_wrong, who=code), owner=self)


def _sign_off_by_badge(session: Session, by: Actor, *, code: str, pin: str) -> DayRow:
    """In a worker: the lead signs, not whoever is signed in at this window."""
    lead = badges.who_is(session, by, who=code, secret=pin, to_sign_off=True)
    if not lead.may(Permission.SIGN_OFF):
        raise NotAllowed("not-allowed", Text("This badge does not sign off. The shift lead’s or the coordinator’s does."))
    return overview.sign_off(session, lead, request_id=new_id())

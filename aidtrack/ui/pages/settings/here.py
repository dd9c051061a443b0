"""Shows what is of this computer and of one's own screen: which window it is, language, letters, colours, own password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout

from aidtrack import settings
from aidtrack.domain.accounts import password_problems
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.errors import AidTrackError, Text
from aidtrack.services import accounts, signing_in
from aidtrack.services.accounts import FrameView, WindowRow
from aidtrack.ui import jobs, messages, sound
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.frame.my_screen import LooksChoice
from aidtrack.ui.inputs import ChoiceInput, PasswordInput
from aidtrack.ui.pages.settings.section import Section
from aidtrack.ui.pages.settings.slips import SlipsDialog
from aidtrack.ui.parts import Button, Field, Words
from aidtrack.ui.ticks import TicksInput

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session


class HereSection(Section):
    """Everything is in force as soon as it is chosen."""

    name = "here"
    title = Text("My screen")
    hint = Text(
        "In force as soon as it is chosen. Language, letters and colours follow you to every computer of the centre."
    )
    icon = "laptop"

    def __init__(self) -> None:
        super().__init__()
        self.desk = ChoiceInput()
        self.looks = LooksChoice()
        self.sounds = Button(Text("Sounds of this computer"), "volume-2", name="ask_sounds")
        self.slips = Button(Text("Printer of slips"), "printer", name="ask_slips")
        self._database = Words("", "small", elide=True, name="database_address")
        self._password = Button(Text("Change my password"), "key-round", name="change_own_password")
        self._lay_out()
        self.desk.edited.connect(self._on_desk)
        self.sounds.clicked.connect(self._ask_sounds)
        self.slips.clicked.connect(lambda: SlipsDialog(self).open())
        self._password.clicked.connect(self._ask_password)
        base = jobs.database()
        self._password.setVisible(jobs.actor().user_id is not None and (base.is_encrypted or not base.is_sqlite))

    def _lay_out(self) -> None:
        self.column.addWidget(Field(Text("This computer stands at"), self.desk, name="desk", reserve=False).beside(self.sounds))
        self.column.addWidget(self.looks)
        self.column.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(self._database, 1)
        foot.addWidget(self.slips)
        foot.addWidget(self._password)
        self.column.addLayout(foot)

    def load(self) -> None:
        jobs.read(accounts.windows, owner=self, then=self._show_windows, latest="windows")
        self.looks.load()
        address = settings.without_password(jobs.database().address)
        self._database.say(Text("Database: {path}", path=address))

    def focus(self) -> None:
        self.desk.setFocus()

    def retranslate(self) -> None:
        self.looks.show_language()

    def _show_windows(self, rows: tuple[WindowRow, ...]) -> None:
        active = [row for row in rows if row.draft.is_active]
        self.desk.show_choices([(row, _window_words(row)) for row in active])
        self.desk.set_value(next((row for row in active if row.id == jobs.actor().desk_id), None))

    # ── what is chosen ──

    def _on_desk(self) -> None:
        row: WindowRow = self.desk.value()
        actor = jobs.actor()
        jobs.use_actor(replace(actor, desk_id=row.id))
        here = replace(settings.read().settings, desk=row.draft.number, site=str(actor.site_id))
        try:
            settings.write(here)
        except AidTrackError as error:
            messages.show_error(error)
        else:
            messages.done(Text("This computer is window {n} now", n=row.draft.number))
        jobs.read(accounts.frame_view, owner=self, then=self._keep_name, latest="name")

    def _ask_sounds(self) -> None:
        """Which tones this computer plays; Space turns one."""
        tones = TicksInput([(tone, tone.text) for tone in sound.Tone])
        tones.set_value(set(sound.Tone) - sound.silent())
        dialog = FormDialog(self, title=Text("Sounds of this computer"), main=Text("Save"), name="sounds_dialog")
        field = Field(Text("Played when something happens"), tones, name="sounds", reserve=False)
        dialog.form.add(field)
        dialog.body.addWidget(field)
        dialog.accepted_values.connect(lambda values: self._save_sounds(dialog, values["sounds"]))
        dialog.open()

    def _save_sounds(self, dialog: FormDialog, wanted: Sequence[sound.Tone]) -> None:
        """A tone that was switched on is heard at once."""
        before = sound.silent()
        off = " ".join(tone for tone in sound.Tone if tone not in wanted)
        try:
            settings.write(replace(settings.read().settings, silent=off))
        except AidTrackError as error:
            dialog.failed(error)
            return
        dialog.done_close()
        for tone in before & set(wanted):
            sound.play(tone)
        messages.done(Text("Saved"))

    def _keep_name(self, view: FrameView) -> None:
        """The sign-in says where it stands before any database is open."""
        try:
            settings.write(replace(settings.read().settings, site_name=view.site_name))
        except AidTrackError as error:
            messages.show_error(error)

    # ── own password ──

    def _ask_password(self) -> None:
        dialog = FormDialog(self, title=Text("Change my password"), main=Text("Save"), name="own_password_dialog")
        for field in (
            Field(Text("The password that holds now"), PasswordInput(), name="old"),
            Field(Text("New password"), PasswordInput(), name="password", lines=2),
            Field(Text("The same password again"), PasswordInput(), name="again"),
        ):
            dialog.form.add(field)
            dialog.body.addWidget(field)
        dialog.accepted_values.connect(lambda values: self._save_password(dialog, values))
        dialog.open()

    def _save_password(self, dialog: FormDialog, typed: dict[str, Any]) -> None:
        problems = password_problems(typed["password"], typed["again"], pin_is_enough=True)
        dialog.form.show_problems(problems)
        if problems:
            dialog.main_button.setEnabled(True)
            return
        keys = partial(signing_in.change_own_key, old=typed["old"], new=typed["password"])
        save = partial(_save_own, request_id=new_id(), old=typed["old"], new=typed["password"])

        def saved(_answer: object) -> None:
            dialog.done_close()
            messages.done(Text("Saved"))

        # First the key file, which knows whether the old password is right; then the database.
        def then(_answer: object) -> None:
            jobs.write(save, owner=dialog, then=saved, failed=dialog.failed)

        jobs.read(keys, owner=dialog, then=then, failed=dialog.failed)


def _window_words(row: WindowRow) -> Text | str:
    return row.draft.name or Text("Window {n}", n=row.draft.number)


def _save_own(session: Session, by: Actor, *, request_id: UUID, old: str, new: str) -> None:
    accounts.change_own_password(session, by, request_id=request_id, old=old, new=new)

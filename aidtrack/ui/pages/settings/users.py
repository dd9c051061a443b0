"""Shows who uses the program: roles, until when, who may start it. F3 adds somebody, Enter asks what to change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from aidtrack import i18n
from aidtrack.domain.access import Permission, Role
from aidtrack.domain.accounts import UserDraft, password_problems
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.errors import Text
from aidtrack.services import accounts, signing_in
from aidtrack.services.accounts import UserRow
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import Answer, FormDialog, Question
from aidtrack.ui.inputs import CheckInput, DateInput, PasswordInput, TextInput
from aidtrack.ui.page import Action
from aidtrack.ui.pages.settings.section import Section
from aidtrack.ui.parts import Field, Note
from aidtrack.ui.record_table import Cell, Column, RecordTable
from aidtrack.ui.ticks import TicksInput

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAY_START = Text("may start the program: this password opens the encrypted file")


@dataclass(frozen=True, slots=True)
class Team:
    """Everybody, and whose password opens the file."""

    rows: tuple[UserRow, ...]
    may_start: frozenset[UUID]
    is_encrypted: bool
    needs_password: bool


class UserDialog(FormDialog):
    """Name, roles, last day; a new person also gets a password or PIN."""

    def __init__(self, parent: QWidget, draft: UserDraft, team: Team, *, is_new: bool) -> None:
        title = Text("New person") if is_new else Text("Change {name}", name=draft.name)
        super().__init__(parent, title=title, main=Text("Save"), width=640, name="user_dialog")
        self._version, self._is_active, self._team, self._is_new = draft.version, draft.is_active, team, is_new
        fields = [
            Field(Text("Name to sign in with"), TextInput(Text("for example: Olha K."), 60), name="name"),
            Field(Text("Roles"), TicksInput([(role, role.text) for role in Role]), name="roles"),
            Field(Text("Last day"), DateInput(), Text("empty: no end"), name="until"),
        ]
        if is_new and team.needs_password:
            fields += _password_fields(team)
        for field in fields:
            self.form.add(field)
            self.body.addWidget(field)
        self.form.fill({"name": draft.name, "roles": tuple(draft.roles), "until": draft.until})

    def draft(self) -> UserDraft:
        """What was typed."""
        typed = self.form.values()
        roles = frozenset(typed["roles"])
        return UserDraft(typed["name"], roles, typed["until"], self._is_active, self._version)

    def password(self) -> str:
        """The first password or PIN."""
        return str(self.form.values().get("password", ""))

    def may_start(self) -> bool:
        """Whether the password opens the file."""
        return bool(self.form.values().get("may_start", False))

    def check_password(self) -> bool:
        """Problems of the password beside its field."""
        if not (self._is_new and self._team.needs_password):
            return True
        problems = password_problems(self.password(), pin_is_enough=not self.may_start())
        self.form.show_problems(problems)
        return not problems


class PasswordDialog(FormDialog):
    """A new password or PIN for somebody."""

    def __init__(self, parent: QWidget, row: UserRow, team: Team) -> None:
        title = Text("New password or PIN for {name}", name=row.draft.name)
        super().__init__(parent, title=title, main=Text("Save"), name="password_dialog")
        for field in _password_fields(team):
            self.form.add(field)
            self.body.addWidget(field)
        self.form.fill({"may_start": row.id in team.may_start})

    def check_password(self) -> bool:
        """Problems of the password beside its field."""
        typed = self.form.values()
        problems = password_problems(typed["password"], pin_is_enough=not typed.get("may_start", False))
        self.form.show_problems(problems)
        return not problems


def _password_fields(team: Team) -> list[Field]:
    hint = Text("a PIN of 4 digits, or 10 letters")
    fields = [Field(Text("Password or PIN"), PasswordInput(), hint, name="password", lines=2)]
    if team.is_encrypted:
        fields.append(Field("", CheckInput(MAY_START), name="may_start", reserve=False))
    return fields


class UsersSection(Section):
    """The table of people who work here."""

    name = "users"
    title = Text("Team")
    hint = Text(
        "Roles say what a person sees and may do. A PIN is enough at a window; starting the program needs a password."
    )
    icon = "users"
    needs = Permission.USERS

    def __init__(self) -> None:
        super().__init__()
        self._team = Team((), frozenset(), False, False)
        self.table = RecordTable(
            [
                Column(Text("Name"), lambda r: r.draft.name, width=130, strong=True),
                Column(Text("Roles"), _roles, stretch=True, wrap=True),
                Column(Text("Last day"), lambda r: r.draft.until, width=88),
                Column(Text("Opens file"), self._starts, width=96),
                Column(Text("State"), _state, width=124),
            ],
            key=lambda r: r.id,
            name="users_table",
        )
        self.table.chosen.connect(self._ask)
        self.column.addWidget(self.table, 1)
        self.column.addWidget(Note(Text("Enter asks what to change, F3 adds somebody.")))

    def load(self) -> None:
        jobs.read(_team, owner=self, then=self._show_team, latest="team")

    def main_action(self) -> Action | None:
        return Action(Text("Change"), lambda: self._ask(self.table.current()), self.table.current() is not None)

    def new_action(self) -> Action | None:
        return Action(Text("New person"), self._add)

    def focus(self) -> None:
        self.table.setFocus()

    def _starts(self, row: UserRow) -> Cell | None:
        return Cell(Text("yes"), icon="key-round", tone="accent") if row.id in self._team.may_start else None

    def _show_team(self, team: Team) -> None:
        self._team = team
        self.table.show_rows(team.rows)
        if self.table.current() is None:
            self.table.select_row(0)
        self.actions_changed.emit()

    # ── what is changed ──

    def _ask(self, row: object) -> None:
        if not isinstance(row, UserRow):
            return
        answers = [
            Answer("change", Text("Change name, roles or last day")),
            Answer("password", Text("New password or PIN"), enabled=self._team.needs_password),
            Answer("end", Text("Bring back") if not row.draft.is_active else Text("Does not work here any more")),
        ]
        question = Question(self, title=row.draft.name, answers=answers, name="user_question")
        question.answered.connect(lambda what: self._do(str(what), row))
        question.open()

    def _do(self, what: str, row: UserRow) -> None:
        if what == "change":
            self._open(row.draft, row.id)
        elif what == "password":
            self._new_password(row)
        else:
            draft = replace(row.draft, is_active=not row.draft.is_active)
            do = partial(accounts.change_user, request_id=new_id(), user_id=row.id, draft=draft)
            jobs.write(do, owner=self, then=partial(self._ended, row))

    def _ended(self, before: UserRow, _after: object) -> None:
        messages.done(Text("Saved"))
        if before.draft.is_active and before.id in self._team.may_start:
            self._then(partial(signing_in.take_key, user_id=before.id))
        else:
            self.load()

    def _add(self) -> None:
        self._open(UserDraft("", frozenset({Role.REGISTRAR})), None)

    def _open(self, draft: UserDraft, user_id: UUID | None) -> None:
        dialog = UserDialog(self, draft, self._team, is_new=user_id is None)
        dialog.accepted_values.connect(lambda _values: self._save(dialog, user_id))
        dialog.open()

    def _save(self, dialog: UserDialog, user_id: UUID | None) -> None:
        if not dialog.check_password():
            dialog.main_button.setEnabled(True)
            return
        draft, request_id = dialog.draft(), new_id()
        if user_id is None:
            password = dialog.password()
            do: Callable[..., Any] = partial(accounts.add_user, request_id=request_id, draft=draft, password=password)
        else:
            do = partial(accounts.change_user, request_id=request_id, user_id=user_id, draft=draft)
        key = dialog.password() if dialog.may_start() else ""
        jobs.write(do, owner=dialog, then=partial(self._saved, dialog, key), failed=dialog.failed)

    def _saved(self, dialog: FormDialog, key: str, row: UserRow) -> None:
        dialog.done_close()
        messages.done(Text("Saved"))
        if key:
            self._then(partial(signing_in.give_key, user_id=row.id, password=key))
        elif row.id in self._team.may_start:
            self._then(partial(signing_in.rename_key, user_id=row.id))
        else:
            self.load()

    def _new_password(self, row: UserRow) -> None:
        dialog = PasswordDialog(self, row, self._team)
        dialog.accepted_values.connect(lambda values: self._save_password(dialog, row, values))
        dialog.open()

    def _save_password(self, dialog: PasswordDialog, row: UserRow, values: dict[str, Any]) -> None:
        if not dialog.check_password():
            dialog.main_button.setEnabled(True)
            return
        password, may_start = values["password"], bool(values.get("may_start", False))
        do = partial(accounts.set_password, request_id=new_id(), user_id=row.id, password=password)

        def saved(_row: object) -> None:
            dialog.done_close()
            messages.done(Text("Saved"))
            if may_start:
                self._then(partial(signing_in.give_key, user_id=row.id, password=password))
            elif row.id in self._team.may_start:
                self._then(partial(signing_in.take_key, user_id=row.id))
            else:
                self.load()

        jobs.write(do, owner=dialog, then=saved, failed=dialog.failed)

    def _then(self, change_keys: Callable[..., None]) -> None:
        """After the database, the key file; a failure is said, and the table shows who may start."""
        jobs.read(change_keys, owner=self, then=lambda _answer: self.load(), failed=self._on_keys_failed)

    def _on_keys_failed(self, error: BaseException) -> None:
        messages.show_error(error)
        self.load()


def _team(session: Session, by: Actor) -> Team:
    database = jobs.database()
    rows = accounts.users(session, by)
    needs = database.is_encrypted or not database.is_sqlite
    return Team(rows, signing_in.who_may_start(session, by), database.is_encrypted, needs)


def _roles(row: UserRow) -> str:
    lang = i18n.language()
    return ", ".join(i18n.render(role.text, lang) for role in Role if role in row.draft.roles)


def _state(row: UserRow) -> Cell:
    if not row.draft.is_active:
        return Cell(Text("ended"), icon="circle-slash", tone="ink3")
    if row.is_blocked:
        return Cell(Text("PIN blocked"), icon="lock", tone="att")
    return Cell(Text("works here"), icon="circle-check", tone="accent")

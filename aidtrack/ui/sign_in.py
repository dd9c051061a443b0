"""Who is at this window: the sign-in before the work, and the lock screen that waits behind F12 with nothing of anybody on it.

On a plain file people choose their name; everywhere else they type name and password. Owns no rule: those are `services.signing_in`,
which is imported in a worker: a person can type before that is done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import UUID

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.clock import wall_clock
from aidtrack.domain.badges import token_of
from aidtrack.domain.ids import new_id
from aidtrack.errors import AidTrackError, InvalidInput, Refused, StoreTrouble, Text
from aidtrack.services import addresses
from aidtrack.services.addresses import AddressKind
from aidtrack.ui import jobs, messages, theme
from aidtrack.ui.badge_pane import CHOOSE, FOUR_DIGITS, SCAN_OR_TYPE, BadgePane
from aidtrack.ui.door import Door
from aidtrack.ui.inputs import PasswordInput, TextInput
from aidtrack.ui.parts import Field, LinkButton, MainButton, Note, RowItem, RowList

if TYPE_CHECKING:
    from aidtrack.domain.actor import Actor
    from aidtrack.services.badges import BadgeRow
    from aidtrack.services.signing_in import PersonRow
    from aidtrack.store.database import Database
    from aidtrack.ui.recovery import RecoveryPane

WHO = Text("Who is at this window?")
TYPE_IT = Text("Type your name and your password or PIN")
TOO_OLD = "too-old"
WRONG_PIN = "wrong-pin"
OLD_FILE = Text(
    "This file was made by an earlier AidTrack. F9 brings it to this one; a checked copy is kept beside it first."
)
CHOOSE_IT = Text("Choose your name: this file is not encrypted")


class PasswordPane(QWidget):
    """Name and password; Enter goes on, and in the password comes in."""

    submitted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name = Field(Text("Name"), TextInput(name="sign_in_name"), name="sign_in_name", reserve=False)
        self.password = Field(Text("Password or PIN"), PasswordInput(), name="sign_in_password", reserve=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for field in (self.name, self.password):
            column.addWidget(field)
        self.name.input.returnPressed.connect(self.again)
        self.password.input.returnPressed.connect(self.submitted)

    def focus(self) -> None:
        """The cursor goes to what is missing."""
        (self.password if self.name.input.value() else self.name).input.setFocus()

    def again(self) -> None:
        """The password was not right: it is typed again over the old one."""
        self.password.input.selectAll()
        self.password.input.setFocus()


class ChoosePane(QWidget):
    """The people of a plain file; Enter or a double click comes in."""

    submitted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[PersonRow] = ()
        self.people = RowList(height=44, name="people_to_choose")
        self.people.chosen.connect(lambda _data: self.submitted.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.people)

    def show_people(self, rows: Sequence[PersonRow], chosen: UUID | None = None) -> None:
        """Everybody with a role today; the one who was here last is marked."""
        self._rows = rows
        lang = i18n.language()
        items = [RowItem(r.name, right=", ".join(i18n.render(x.text, lang) for x in r.roles), data=r.id) for r in rows]
        self.people.show_rows(items)
        self.people.setFixedHeight(theme.px(44) * max(2, min(len(rows), 6)) + 4)
        ids = [row.id for row in rows]
        if ids:
            self.people.select(chosen if chosen in ids else ids[0])

    def chosen(self) -> UUID | None:
        """Who is marked."""
        found = self.people.current()
        return found if isinstance(found, UUID) else None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.show_people(self._rows, self.chosen())


class _Asking(Door):
    """What sign-in and lock screen have in common: panes, the one button, trouble that keeps what was typed."""

    def __init__(self, title: Text, second: Text, *, name: str) -> None:
        super().__init__(title, second, name=name)
        self._scanned = ""
        self.password, self.choose, self.badge = PasswordPane(), ChoosePane(), BadgePane()
        self.panes = QVBoxLayout()
        self.pane: QWidget = self.password
        for pane in (self.password, self.choose, self.badge):
            self.add_pane(pane)
            pane.submitted.connect(self.run_main)
        self.button = MainButton(name="sign_in_button")
        self.button.say(Text("Sign in"))
        self.button.clicked.connect(self.run_main)
        self._busy = QTimer(self, singleShot=True, interval=jobs.BUSY_AFTER_MS)
        self._busy.timeout.connect(lambda: self.button.say(Text("One moment…")))
        self.body.addLayout(self.panes)
        self.body.addWidget(self.button)
        if self.machine.problem is not None:
            self.say_trouble(self.machine.problem)

    def show_pane(self, pane: QWidget, second: Text) -> None:
        """One way of coming in."""
        self.second.say(second)
        self.pane.hide()
        self.pane = pane
        pane.show()

    def add_pane(self, pane: QWidget) -> None:
        """Another way of coming in, not shown yet."""
        pane.hide()
        self.panes.addWidget(pane)

    def wait_for(self, work: Callable[[], object], then: Callable[[object], None]) -> None:
        """Does something slow away from the hands; the button takes no second press, and says so where it takes long."""
        self.say_trouble("")
        self.button.setEnabled(False)
        self._busy.start()
        jobs.run(work, owner=self, then=partial(self._came, then), failed=self._failed)

    def on_scan(self, code: str) -> None:
        """A badge was scanned: the pane for its four digits. Anything else is said not to be one."""
        if not self.button.isEnabled():
            self._scanned = code  # a scan is never lost to a slow answer: it is looked at next
            return
        if token_of(code) is None:
            self.say_trouble(Text("This is not a badge. Scan the badge of the day."))
            return
        self.wait_for(partial(self._look_at_badge, code), partial(self._show_badge, code))

    def _look_at_badge(self, code: str) -> object:
        """In a worker: whose badge it is."""
        return _badge(jobs.database(), jobs.actor(), code)

    def _show_badge(self, code: str, badge: object) -> None:
        badge = cast("BadgeRow", badge)
        self.show_pane(self.badge, FOUR_DIGITS if badge.is_claimed else CHOOSE)
        self.badge.show_badge(code, badge)

    def come_in_by_badge(self, database: Database, by: Actor, desk: int, then: Callable[[object], None]) -> None:
        """With the digits (and the name) that were typed."""
        badge, pane = self.badge.badge, self.badge
        name, pin = pane.name.input.value(), pane.pin.input.value()
        if badge is None:
            return
        enter = _enter_by_badge if badge.is_claimed else partial(_claim, name)
        self.wait_for(partial(enter, database, by, pane.code, pin, desk), then)

    def come_in(self, actor: object) -> None:
        """Somebody may come in; each door says who hears of it."""

    def _came(self, then: Callable[[object], None], answer: object) -> None:
        if then == self.come_in:  # the page is still being made: the button waits until this door is gone
            then(answer)
            return
        self.release()
        then(answer)
        waiting, self._scanned = self._scanned, ""
        if waiting:
            self.on_scan(waiting)

    def release(self) -> None:
        """The button may be pressed again."""
        self._busy.stop()
        self.button.setEnabled(True)
        self.button.say(Text("Sign in"))

    def _failed(self, error: BaseException) -> None:
        self.release()
        if not isinstance(error, AidTrackError):
            messages.show_error(error)
            return
        text = error.problems[0].text if isinstance(error, InvalidInput) else error.text
        self.say_trouble(text)
        if self.pane is self.password:
            self.password.again()
        elif self.pane is self.badge:
            self._badge_failed(error)

    def _badge_failed(self, error: AidTrackError) -> None:
        if error.code == WRONG_PIN:
            self.badge.show_tries(int(error.text.count or 0))
        self.badge.again()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.pane is self.password:
            self.password.focus()
        elif self.pane is self.choose:
            self.choose.people.setFocus()
        elif self.pane is self.badge:
            self.badge.focus()


class SignIn(_Asking):
    """Before the work. `opened(database, actor)`: somebody came in."""

    opened = Signal(object, object)

    def __init__(self, address: str) -> None:
        super().__init__(WHO, TYPE_IT, name="sign_in")
        self._address = address
        self._kind = addresses.kind_of(address)
        self._database: Database | None = None
        self._key: bytes | None = None
        self._is_old = False
        self.forgotten = LinkButton(Text("The password is forgotten: use the recovery code"), name="forgotten")
        self.forgotten.clicked.connect(self._recover)
        self.body.addWidget(self.forgotten)
        self.recovery: RecoveryPane | None = None
        self.show_encrypted(self._kind is AddressKind.ENCRYPTED)
        self.forgotten.setVisible(self._kind is AddressKind.ENCRYPTED)
        if self._kind is AddressKind.PLAIN:
            self.show_pane(self.choose, CHOOSE_IT)
            self.wait_for(self._open_plain, self._show_people)
        else:
            self.show_pane(self.password, TYPE_IT)

    def run_main(self) -> bool:
        """Comes in with what was typed or chosen."""
        if not self.button.isEnabled():
            return False
        if self._is_old:
            self.wait_for(self._upgrade, self._on_upgraded)
        elif self.recovery is not None and self.pane is self.recovery:
            self.recovery.submit()
        elif self.pane is self.badge:
            assert self._database is not None
            self.come_in_by_badge(self._database, self._stranger(), self._desk(), self.come_in)
        elif self._kind is AddressKind.PLAIN:
            self._enter_chosen()
        else:
            name, password = self.password.name.input.value(), self.password.password.input.value()
            if not name:
                self.say_trouble(TYPE_IT)
                self.password.focus()
                return True
            enter = self._enter_encrypted if self._kind is AddressKind.ENCRYPTED else self._enter_server
            self.wait_for(partial(enter, name, password), self.come_in)
        return True

    def _enter_chosen(self) -> None:
        chosen = self.choose.chosen()
        if chosen is not None and self._database is not None:
            self.wait_for(partial(_enter, self._database, self._stranger(), chosen, self._desk()), self.come_in)
        elif self._database is None:
            self.wait_for(self._open_plain, self._show_people)

    def _stranger(self) -> Actor:
        return addresses.stranger(wall_clock, site_id=self.machine.settings.site_id)

    def _desk(self) -> int:
        return self.machine.settings.desk

    # ── in a worker ──

    def _open_plain(self) -> tuple[PersonRow, ...]:
        from aidtrack.services import signing_in

        self._database = jobs.open_database(self._address)
        return self._database.read(partial(signing_in.people_to_choose, by=self._stranger()))

    def _enter_encrypted(self, name: str, password: str) -> Actor:
        from aidtrack.services import signing_in

        unlocked = signing_in.unlock(self._address, name=name, password=password)
        assert unlocked.user_id is not None
        self._key = unlocked.key
        self._database = jobs.open_database(self._address, unlocked.key)
        by = self._stranger()
        self._database.write(partial(signing_in.keep_password, by=by, user_id=unlocked.user_id, password=password))
        return _enter(self._database, by, unlocked.user_id, self._desk())

    def _enter_server(self, name: str, password: str) -> Actor:
        if self._database is None:
            self._database = jobs.open_database(self._address)
        return _enter_by_password(self._database, self._stranger(), name, password, self._desk())

    def _look_at_badge(self, code: str) -> object:
        if self._kind is AddressKind.ENCRYPTED:
            text = Text("The data is still closed: the coordinator opens it with a password, then badges let people in.")
            raise Refused("badge-opens-no-file", text)
        if self._database is None:
            self._database = jobs.open_database(self._address)
        return _badge(self._database, self._stranger(), code)

    def _upgrade(self) -> Path | None:
        from aidtrack.services import upgrading

        return upgrading.upgrade(self._address, key=self._key).kept

    # ── a file of the version before ──

    def _failed(self, error: BaseException) -> None:
        super()._failed(error)
        if isinstance(error, StoreTrouble) and error.code == TOO_OLD and self._kind is not AddressKind.SERVER:
            self._is_old = True
            self.say_trouble(OLD_FILE)
            self.button.say(Text("Upgrade"))

    def _on_upgraded(self, kept: object) -> None:
        """Upgraded: who it is was told already, so the work goes on."""
        self._is_old = False
        if isinstance(kept, Path):
            messages.done(Text("Upgraded. As it was before, it lies here: {name}", name=kept.name), icon="shield-check")
        if self._kind is AddressKind.PLAIN:
            self.wait_for(self._open_plain, self._show_people)
        else:
            self.run_main()

    # ── answers ──

    def _show_people(self, rows: object) -> None:
        assert isinstance(rows, tuple)
        self.choose.show_people(rows)
        self.choose.people.setFocus()
        if not rows:
            self.say_trouble(Text("Nobody has a role today in this database."))

    def come_in(self, actor: object) -> None:
        self.opened.emit(self._database, actor)

    # ── the password is forgotten ──

    def _recover(self) -> None:
        from aidtrack.ui.recovery import RecoveryPane

        if self.recovery is None:
            self.recovery = RecoveryPane(self._address, self._stranger())
            self.add_pane(self.recovery)
            self.recovery.recovered.connect(self._on_recovered)
            self.recovery.given_up.connect(self._back)
            self.recovery.wants.connect(self.wait_for)
        self.forgotten.hide()
        self.show_pane(self.recovery, Text("Type the recovery code that was printed at the first run"))
        self.recovery.focus()

    def _on_recovered(self, database: object, user_id: object) -> None:
        self._database = database  # type: ignore[assignment]
        assert self._database is not None
        assert isinstance(user_id, UUID)
        self.wait_for(partial(_enter, self._database, self._stranger(), user_id, self._desk()), self.come_in)

    def _back(self) -> None:
        self.say_trouble("")
        self.forgotten.show()
        self.show_pane(self.password, TYPE_IT)
        self.password.focus()


class ShutDoor(Door):
    """The database cannot even be looked at: what is wrong, and one key to try again. `tried_again`: somebody pressed it."""

    tried_again = Signal()

    def __init__(self, error: AidTrackError) -> None:
        super().__init__(Text("The database cannot be opened"), error.text, name="shut_door")
        self.button = MainButton(name="try_again")
        self.button.say(Text("Try again"))
        self.button.clicked.connect(self.run_main)
        self.body.addWidget(self.button)

    def run_main(self) -> bool:
        """Looks once more: the stick may be in now, the other program closed."""
        self.tried_again.emit()
        return True


class Lock(_Asking):
    """Over the work. `unlocked(actor)`: the same person, or another one, goes on; what is half typed waits behind."""

    unlocked = Signal(object)

    def __init__(self) -> None:
        super().__init__(WHO, Text("The screen is locked. What was begun is kept."), name="lock")
        self._before = jobs.actor()
        database = jobs.database()
        self._is_plain = database.is_sqlite and not database.is_encrypted
        self.show_encrypted(database.is_encrypted)
        time = i18n.clock_time(wall_clock(), jobs.zone())
        kept = Text("What was begun is kept: {name}, {time}", name=self._before.name, time=time)
        self.body.addWidget(Note(kept, "save", name="lock_note"))
        if self._is_plain:
            self.show_pane(self.choose, CHOOSE_IT)
            self.wait_for(partial(_people, database, self._before), self._show_people)
        else:
            self.show_pane(self.password, SCAN_OR_TYPE)
            self.password.name.input.set_value(self._before.name)

    def run_main(self) -> bool:
        """Unlocks with what was typed or chosen."""
        if not self.button.isEnabled():
            return False
        database, by = jobs.database(), self._before
        if self.pane is self.badge:
            self.come_in_by_badge(database, by, 0, self.come_in)
            return True
        if self._is_plain:
            chosen = self.choose.chosen()
            if chosen is not None:
                self.wait_for(partial(_enter, database, by, chosen, 0), self.come_in)
            return True
        name, password = self.password.name.input.value(), self.password.password.input.value()
        self.wait_for(partial(_enter_by_password, database, by, name, password, 0), self.come_in)
        return True

    def _show_people(self, rows: object) -> None:
        assert isinstance(rows, tuple)
        self.choose.show_people(rows, self._before.user_id)
        self.choose.people.setFocus()

    def come_in(self, actor: object) -> None:
        self.unlocked.emit(actor)


# ── in a worker ──────────────────────────────────────────────────────────────────────────────────


def _people(database: Database, by: Actor) -> tuple[PersonRow, ...]:
    from aidtrack.services import signing_in

    return database.read(partial(signing_in.people_to_choose, by=by))


def _enter(database: Database, by: Actor, user_id: UUID, desk: int) -> Actor:
    """Signs in; whoever was at this window before stays at the same window of the same centre."""
    from aidtrack.services import signing_in

    request_id = new_id()
    enter = partial(signing_in.enter, by=by, request_id=request_id, user_id=user_id, desk_number=desk)
    actor = database.write(enter).actor
    return signing_in.at_window(actor, by.desk_id) if by.desk_id is not None else actor


def _badge(database: Database, by: Actor, code: str) -> BadgeRow:
    from aidtrack.services import badges

    return database.read(partial(badges.badge_row, by=by, code=code))


def _claim(name: str, database: Database, by: Actor, code: str, pin: str, desk: int) -> Actor:
    from aidtrack.services import badges

    claim = partial(
        badges.claim_badge, by=by, request_id=new_id(), code=code, name=name, pin=pin, language=i18n.language(),
        desk_number=desk,
    )  # fmt: skip
    return database.write(claim).actor


def _enter_by_badge(database: Database, by: Actor, code: str, pin: str, desk: int) -> Actor:
    from aidtrack.services import badges

    try:
        badge = database.read(partial(badges.check_badge, by=by, code=code, pin=pin))
    except Refused as refusal:
        if refusal.code != WRONG_PIN:
            raise
        left = database.write(partial(badges.wrong_pin, by=by, code=code))
        words = Text.plural("{why} {n} try is left.", "{why} {n} tries are left.", n=left, why=refusal.text)
        raise Refused(refusal.code, words) from refusal
    enter = partial(badges.enter_by_badge, by=by, request_id=new_id(), badge_id=badge.id, desk_number=desk)
    return database.write(enter).actor


def _enter_by_password(database: Database, by: Actor, name: str, password: str, desk: int) -> Actor:
    from aidtrack.services import signing_in

    try:
        user_id = database.read(partial(signing_in.check_password, by=by, name=name, password=password))
    except Refused as refusal:
        if refusal.code != "wrong-password":
            raise
        left = database.write(partial(signing_in.wrong_try, by=by, name=name))
        words = Text.plural("{why} {n} try is left.", "{why} {n} tries are left.", n=left, why=refusal.text)
        raise Refused(refusal.code, words) from refusal
    return _enter(database, by, user_id, desk)

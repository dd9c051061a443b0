"""From an address and a password to somebody who acts: unlocking files, checking passwords, entering, key slots of people.

Opens no database and ends no transaction: whoever owns the scope calls these in turn. Users themselves are `services.accounts`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission, Role
from aidtrack.domain.accounts import WRONG_TRIES, TextSize, Theme, folded, password_problems
from aidtrack.domain.actor import Actor
from aidtrack.errors import InvalidInput, NotFound, Refused, StoreTrouble, Text
from aidtrack.services import passwords
from aidtrack.store import journal, keys
from aidtrack.store.accounts import User, grants_on, roles_of
from aidtrack.store.database import database_of
from aidtrack.store.days import Desk, Site, day_of

WAIT_AFTER_WRONG = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The raw key of a file, and whose password opened it; None when it was the recovery code."""

    key: bytes
    user_id: UUID | None

    def __repr__(self) -> str:
        return f"Unlocked(user_id={self.user_id})"


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody who signed in, and how they like the window."""

    actor: Actor
    language: str
    text_size: TextSize
    theme: Theme


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who can be chosen on a plain file."""

    id: UUID
    name: str
    roles: tuple[Role, ...]


# ── before there is a database ───────────────────────────────────────────────────────────────────


def unlock(address: str, *, name: str, password: str) -> Unlocked:
    """The key of an encrypted file by a person's name and password."""
    slots = keys.path_beside(Path(address))
    keys.check_belongs(slots, Path(address))
    opened = keys.unlock(slots, name=name, password=password)
    return Unlocked(opened.key.raw, opened.user_id)


def unlock_by_code(address: str, typed: str) -> Unlocked:
    """The key of an encrypted file by its recovery code."""
    slots = keys.path_beside(Path(address))
    keys.check_belongs(slots, Path(address))
    return Unlocked(keys.unlock_by_code(slots, typed).key.raw, None)


# ── entering ─────────────────────────────────────────────────────────────────────────────────────


def people_to_choose(session: Session, by: Actor) -> tuple[PersonRow, ...]:
    """On a plain file everybody with a role today is chosen by name, without a password."""
    _require_plain(session)
    site_id = site_of(session, by.site_id)
    grants = grants_on(session, day_of(session, site_id, by.now()), site_id)
    rows = [
        PersonRow(user.id, user.name, tuple(Role(role) for role in roles_of(grants, user.id)))
        for user in session.scalars(select(User).where(User.is_active).order_by(User.name))
    ]
    return tuple(row for row in rows if row.roles)


def check_password(session: Session, by: Actor, *, name: str, password: str) -> UUID:
    """Who `name` is, if the password is right. Refused otherwise; then `wrong_try` counts it in a write scope."""
    user = _named(session, name)
    if user is not None and user.is_pin and user.wrong_tries >= WRONG_TRIES:
        text = Text("This PIN is blocked after {n} wrong tries. The coordinator gives a new one.", n=WRONG_TRIES)
        raise Refused("pin-blocked", text)
    if user is not None and user.locked_until is not None and user.locked_until > by.now():
        raise Refused("wait", Text("Too many wrong tries. Wait half a minute, then try again."))
    if user is None or not user.is_active or not passwords.is_right(user.password, password):
        raise Refused(
            "wrong-password", Text("Name or password is not right. Check the keyboard language and Caps Lock.")
        )
    return user.id


def wrong_try(session: Session, by: Actor, *, name: str) -> int:
    """Counts a wrong password. Five wrong PINs block it; five wrong passwords make everybody wait. Returns tries left."""
    user = _named(session, name, lock=True)
    if user is None:
        return WRONG_TRIES
    user.wrong_tries += 1
    if not user.is_pin and user.wrong_tries % WRONG_TRIES == 0:
        user.locked_until = by.now() + WAIT_AFTER_WRONG
    return max(0, WRONG_TRIES - user.wrong_tries) if user.is_pin else WRONG_TRIES - user.wrong_tries % WRONG_TRIES


def enter(session: Session, by: Actor, *, request_id: UUID, user_id: UUID, desk_number: int = 0) -> Entered:
    """Signs somebody in at a window (0: the first one) and journals it. Refused for those whose account or roles have ended."""
    site_id = site_of(session, by.site_id)
    user = session.get(User, user_id, with_for_update=True)
    if user is None or not user.is_active:
        raise Refused("not-active", Text("This account has ended. Ask the coordinator."))
    roles = roles_of(grants_on(session, day_of(session, site_id, by.now()), site_id), user_id)
    if not roles:
        raise Refused("no-role", Text("No role holds today for this account. Ask the coordinator."))
    desk_id = desk_of(session, site_id, desk_number)
    actor = Actor(user.id, user.name, frozenset(Role(role) for role in roles), by.clock, site_id, desk_id)
    with journal.operation(session, actor, request_id, "sign_in", user_id=user_id):
        user.wrong_tries, user.locked_until = 0, None
    return entered(actor, user)


def person_at_window(session: Session, by: Actor, *, user_id: UUID) -> Actor:
    """Somebody chosen by name on a plain file who approves at this window."""
    row = next((one for one in people_to_choose(session, by) if one.id == user_id), None)
    if row is None:
        raise Refused("no-role", Text("No role holds today for this account. Ask the coordinator."))
    return beside(by, row)


def beside(by: Actor, row: PersonRow) -> Actor:
    """Somebody at this window beside whoever is signed in: own roles, the same clock, centre and window."""
    return Actor(row.id, row.name, frozenset(row.roles), by.clock, by.site_id, by.desk_id)


def entered(actor: Actor, user: User) -> Entered:
    """Signed in, with the language and the looks the account chose."""
    return Entered(actor, user.language, TextSize(user.text_size), Theme(user.theme))


def at_window(actor: Actor, desk_id: UUID) -> Actor:
    """The same person at another window."""
    return replace(actor, desk_id=desk_id)


def keep_password(session: Session, by: Actor, *, user_id: UUID, password: str) -> None:
    """After a file was opened by a password, the lock screen knows the same one, even if a change was once cut in half."""
    user = session.get(User, user_id, with_for_update=True)
    if user is not None and not passwords.is_right(user.password, password):
        user.password, user.is_pin = passwords.kept_form(password), False


def console_actor(session: Session, *, os_user: str, clock: Callable[[], datetime], site_code: str = "") -> Actor:
    """The command line on a plain file: whoever can read the file can do all, and the journal says who it was."""
    _require_plain(session)
    site_id = session.scalar(select(Site.id).where(Site.code == site_code)) if site_code else site_of(session, None)
    if site_id is None:
        raise NotFound("no-site", Text("There is no centre with the code {code}.", code=site_code))
    return Actor(None, f"console:{os_user}", frozenset(Role), clock, site_id, desk_of(session, site_id, 0))


def site_of(session: Session, site_id: UUID | None) -> UUID:
    """The centre this computer stands in, or the first one there is."""
    if site_id is not None and session.get(Site, site_id) is not None:
        return site_id
    found = session.scalar(select(Site.id).order_by(Site.id).limit(1))
    if found is None:
        raise NotFound("no-site", Text("This database has no centre yet. Make one: init --site NAME."))
    return found


def desk_of(session: Session, site_id: UUID, number: int) -> UUID | None:
    """The window with this number, else the first one that is open."""
    query = select(Desk.id).where(Desk.site_id == site_id, Desk.is_active)
    chosen = session.scalar(query.where(Desk.number == number))
    return chosen or session.scalar(query.order_by(Desk.number).limit(1))


def _named(session: Session, name: str, *, lock: bool = False) -> User | None:
    wanted = folded(name)
    found = next((row for row in session.execute(select(User.id, User.name)) if folded(row[1]) == wanted), None)
    return session.get(User, found[0], with_for_update=lock or None) if found and wanted else None


def _require_plain(session: Session) -> None:
    database = database_of(session)
    if not database.is_sqlite or database.is_encrypted:
        raise Refused("password-needed", Text("This database asks for a name and a password."))


# ── who may start the program: the key slots of people ───────────────────────────────────────────


def who_may_start(session: Session, by: Actor) -> frozenset[UUID]:
    """Whose password opens the encrypted file; empty where there is none."""
    by.require(Permission.USERS)
    path = _slots(session)
    return keys.read(path).people if path else frozenset()


def give_key(session: Session, by: Actor, *, user_id: UUID, password: str) -> None:
    """Somebody's password opens the file from now on (a change to the key file, not to the database)."""
    by.require(Permission.USERS)
    problems = password_problems(password)
    if problems:
        raise InvalidInput(problems)
    _put_key(session, user_id, password)


def change_own_key(session: Session, by: Actor, *, old: str, new: str) -> None:
    """One's own password for the file; nothing happens for those who have none."""
    path = _slots(session)
    if path is None or by.user_id is None or by.user_id not in keys.read(path).people:
        return
    problems = password_problems(new)
    if problems:
        raise InvalidInput(problems)
    keys.change_password(path, name=by.name, old=old, new=new)


def take_key(session: Session, by: Actor, *, user_id: UUID) -> None:
    """Somebody's password no longer opens the file; the last one stays."""
    by.require(Permission.USERS)
    path = _slots(session)
    if path is not None and user_id in keys.read(path).people:
        keys.remove_slot(path, user_id=user_id)


def rename_key(session: Session, by: Actor, *, user_id: UUID) -> None:
    """The slot of somebody whose name was changed is found under the new one."""
    by.require(Permission.USERS)
    path, user = _slots(session), session.get(User, user_id)
    if path is not None and user is not None:
        keys.rename(path, user_id=user_id, name=user.name)


def new_recovery_code(session: Session, by: Actor) -> str:
    """A fresh recovery code to print; the one before ends."""
    by.require(Permission.BACKUP)
    path = _slots(session)
    if path is None:
        raise Refused("not-encrypted", Text("This database is not encrypted: it has no recovery code."))
    return keys.new_recovery_code(path, _key(session))


def coordinators_to_recover(session: Session, by: Actor) -> tuple[PersonRow, ...]:
    """Who may be given a new password by the recovery code: active coordinators and administrators."""
    site_id = site_of(session, by.site_id)
    grants = grants_on(session, day_of(session, site_id, by.now()), site_id)
    rows = [
        PersonRow(user.id, user.name, tuple(Role(role) for role in roles_of(grants, user.id)))
        for user in session.scalars(select(User).where(User.is_active).order_by(User.name))
    ]
    return tuple(row for row in rows if {Role.COORDINATOR, Role.ADMINISTRATOR} & set(row.roles))


def recover(session: Session, by: Actor, *, user_id: UUID, password: str) -> None:
    """A new password for a coordinator in a file that was just opened by its recovery code; `keep_password` follows."""
    if user_id not in {row.id for row in coordinators_to_recover(session, by)}:
        raise Refused("no-coordinator", Text("Only a coordinator or an administrator gets a new password by the code."))
    problems = password_problems(password)
    if problems:
        raise InvalidInput(problems)
    _put_key(session, user_id, password)


def _put_key(session: Session, user_id: UUID, password: str) -> None:
    path, user = _slots(session), session.get(User, user_id)
    if user is None:
        raise NotFound("no-user", Text("There is no such user."))
    if path is not None:
        keys.put_slot(path, _key(session), user_id=user_id, name=user.name, password=password)


def _slots(session: Session) -> Path | None:
    database = database_of(session)
    return keys.path_beside(database.path) if database.path and database.is_encrypted else None


def _key(session: Session) -> keys.DatabaseKey:
    raw = database_of(session).key
    if raw is None:
        raise StoreTrouble("no-key", Text("The key of this database is not at hand. Sign in again."))
    return keys.DatabaseKey(raw[:32], UUID(bytes=raw[32:48]))

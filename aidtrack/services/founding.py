"""The first centre of a new database: keys, site, windows, coordinator.

A new file is made complete under another name, then takes its own, so that a power cut leaves either nothing or a whole centre.
Making the empty database itself is the scope owner's work.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain import accounts as rules
from aidtrack.domain.access import Role
from aidtrack.domain.accounts import CentreDraft, UserDraft
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, Problem, Refused, Text
from aidtrack.services import passwords
from aidtrack.services.accounts import put_centre
from aidtrack.services.addresses import folder_trouble, new_path
from aidtrack.store import journal, keys
from aidtrack.store.accounts import RoleGrant, User
from aidtrack.store.days import Desk, Site, local_day
from aidtrack.store.stock import StockPlace


@dataclass(frozen=True, slots=True)
class Begun:
    """A new database under way: where it is made, the key to make it with, and the code to print."""

    address: str
    key: bytes | None
    user_id: UUID
    code: str

    def __repr__(self) -> str:
        return f"Begun({self.address!r})"


@dataclass(frozen=True, slots=True)
class Founded:
    """The new centre and its coordinator (None: nobody yet, on a plain file from the command line)."""

    site_id: UUID
    site_code: str
    user_id: UUID | None


def problems_of(centre: CentreDraft, coordinator: str, password: str | None, again: str | None = None) -> list[Problem]:
    """All that is wrong with what the first run was told. `password` None: a plain file."""
    problems = rules.centre_problems(replace(centre, name=clean(centre.name)))
    if not clean(coordinator):
        problems.append(Problem("coordinator", Text("Give a name to sign in with, for example: Olha K.")))
    if password is not None:
        problems.extend(rules.password_problems(password, again))
    return problems


def begin(address: str, *, name: str, password: str | None) -> Begun:
    """Prepares a new database. With a password it will be encrypted, and its key file is made; without one it is plain.

    Nothing that is there already is touched: Refused when a database stands at `address`.
    """
    user_id = new_id()
    if "://" in address:
        return Begun(address, None, user_id, "")
    final, new = Path(address), new_path(Path(address))
    if final.exists() and final.stat().st_size:
        raise Refused(
            "database-exists", Text("There is a database at {path} already. It was not touched.", path=address)
        )
    with folder_trouble(final.parent):
        final.parent.mkdir(parents=True, exist_ok=True)
        _clear(new)
    if password is None:
        return Begun(str(new), None, user_id, "")
    key = keys.new_key()
    code = keys.create(keys.own_path(new), key, user_id=user_id, name=clean(name), password=password)
    return Begun(str(new), key.raw, user_id, code)


def found_centre(
    session: Session,
    by: Actor,
    *,
    request_id: UUID,
    draft: CentreDraft,
    coordinator: str = "",
    user_id: UUID | None = None,
    password: str = "",
) -> Founded:
    """The site with a shelf and two windows, and its coordinator, if one is named, who signs in with `password`.

    Only in a database that has no centre yet: there nobody can be asked for leave.
    """
    with journal.operation(session, by, request_id, "found_centre", draft=draft, coordinator=coordinator) as op:
        if op.is_repeat:
            return _founded(session, op)
        if session.scalar(select(Site.id).limit(1)) is not None:
            raise Refused("centre-exists", Text("This database has a centre already."))
        site = _site(session, draft)
        if coordinator:
            _coordinator(session, by, site, UserDraft(clean(coordinator)), user_id or new_id(), password)
        return _founded(session, op)


def finish(begun: Begun, address: str) -> None:
    """The closed new database takes its name; from now on it is the database."""
    if "://" not in address:
        with folder_trouble(Path(address).parent):
            _take_names(Path(begun.address), Path(address))


def _take_names(new: Path, final: Path) -> None:
    """First the keys, then the database: a database without its keys must never be seen."""
    slots = keys.own_path(new)
    if slots.exists():
        shared = final.with_name("keys.json")
        os.replace(slots, keys.own_path(final) if shared.exists() else shared)
    os.replace(new, final)
    new.with_name(f"{new.name}.turn").unlink(missing_ok=True)


def _clear(new: Path) -> None:
    """What an earlier first run left before it was complete: it never held anything."""
    for name in (new.name, f"{new.name}-wal", f"{new.name}-shm", f"{new.name}.turn", keys.own_path(new).name):
        new.with_name(name).unlink(missing_ok=True)


def _site(session: Session, draft: CentreDraft) -> Site:
    site = Site(code=rules.site_code(draft.name, session.scalars(select(Site.code))))
    put_centre(site, draft)
    session.add(site)
    session.flush()
    shelf = StockPlace(site_id=site.id, code="shelf", kind="shelf")
    session.add(shelf)
    session.flush()
    session.add_all(Desk(site_id=site.id, number=number, shelf_id=shelf.id) for number in (1, 2))
    session.flush()
    return site


def _coordinator(session: Session, by: Actor, site: Site, draft: UserDraft, user_id: UUID, password: str) -> None:
    problems = [Problem("coordinator", p.text) for p in _name_problems(session, draft)]
    if problems:
        raise InvalidInput(problems)
    session.add(
        User(id=user_id, name=draft.name, password=passwords.kept_form(password), is_pin=rules.is_pin(password))
    )
    session.flush()
    today = local_day(session, site.id, by.now())
    session.add(RoleGrant(user_id=user_id, role=Role.COORDINATOR.value, site_id=None, from_day=today))
    session.flush()


def _name_problems(session: Session, draft: UserDraft) -> list[Problem]:
    taken = [rules.folded(name) for name in session.scalars(select(User.name))]
    return [p for p in rules.user_problems(draft, taken=taken, today=date.min) if p.field == "name"]


def _founded(session: Session, op: journal.Open) -> Founded:
    site = session.get(Site, op.only("site"))
    assert site is not None
    return Founded(site.id, site.code, next(iter(op.ids("user_account")), None))

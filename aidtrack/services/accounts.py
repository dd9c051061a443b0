"""Users with their roles for a time, the centre and its windows: what the page Settings shows and changes.

Signing in is `services.signing_in`, the first centre of a new database `services.founding`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from aidtrack.domain import accounts as rules
from aidtrack.domain.access import Permission, Role
from aidtrack.domain.accounts import CentreDraft, TextSize, Theme, UserDraft, WindowDraft
from aidtrack.domain.actor import Actor
from aidtrack.domain.queueing import Stage
from aidtrack.domain.text import clean
from aidtrack.errors import LANGUAGES, InvalidInput, NotFound, Problem, Refused, Text
from aidtrack.services import passwords
from aidtrack.store import journal
from aidtrack.store.accounts import Badge, RoleGrant, User, grants_on, roles_of, setting_of
from aidtrack.store.base import expect_version
from aidtrack.store.database import database_of
from aidtrack.store.days import Desk, Site, day_of
from aidtrack.store.stock import Item, StockPlace

LAST_BACKUP = "last_backup"


@dataclass(frozen=True, slots=True)
class FrameView:
    """What the frame of the window says around every page. `backup_age` only for those who care for backups."""

    site_name: str
    desk_name: str
    user_name: str
    zone: str
    language: str
    large_text: bool
    theme: Theme
    is_plain: bool
    backup_age: timedelta | None


@dataclass(frozen=True, slots=True)
class WindowRow:
    """One working place. `gives` None: every item."""

    id: UUID
    draft: WindowDraft
    gives_names: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class UserRow:
    """Somebody who may sign in, with the roles in force today. `is_blocked`: five wrong PINs."""

    id: UUID
    draft: UserDraft
    language: str
    has_password: bool
    is_blocked: bool


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """A thing a window may give."""

    id: UUID
    names: dict[str, str]


# ── the frame ────────────────────────────────────────────────────────────────────────────────────


def frame_view(session: Session, by: Actor) -> FrameView:
    """Centre, window, person and looks for the frame."""
    site = session.get(Site, by.site)
    user = session.get(User, by.user_id) if by.user_id else None
    assert site is not None
    return FrameView(
        site_name=site.name,
        desk_name=_desk_name(session, by),
        user_name=by.name,
        zone=site.timezone,
        language=user.language if user else "en",
        large_text=bool(user and user.text_size == TextSize.LARGE),
        theme=Theme(user.theme) if user else Theme.SYSTEM,
        is_plain=_is_plain(session),
        backup_age=backup_age(session, by),
    )


def backup_age(session: Session, by: Actor) -> timedelta | None:
    """How old the last verified backup is; None when there is none, or when it is not this person's care."""
    kept = setting_of(session, LAST_BACKUP) if by.may(Permission.BACKUP) else {}
    return by.now() - datetime.fromisoformat(kept["at"]) if kept else None


def _is_plain(session: Session) -> bool:
    database = database_of(session)
    return database.is_sqlite and not database.is_encrypted


def _desk_name(session: Session, by: Actor) -> str:
    desk = session.get(Desk, by.desk_id) if by.desk_id else None
    return (desk.name or str(desk.number)) if desk else ""


# ── the centre ───────────────────────────────────────────────────────────────────────────────────


def centre(session: Session, by: Actor) -> CentreDraft:
    """The centre as it can be changed."""
    site = session.get(Site, by.site)
    assert site is not None
    return CentreDraft(
        name=site.name,
        place=site.place,
        timezone=site.timezone,
        public_languages=tuple(site.public_languages),
        day_starts_at=site.day_starts_at,
        outside_phone=site.outside_phone,
        version=site.version,
    )


def change_centre(session: Session, by: Actor, *, request_id: UUID, draft: CentreDraft) -> CentreDraft:
    """Saves the centre. Papers printed from now on say the new words; those printed before stay as they are."""
    by.require(Permission.SETTINGS)
    with journal.operation(session, by, request_id, "change_centre", draft=draft) as op:
        if not op.is_repeat:
            site = session.get(Site, by.site, with_for_update=True)
            assert site is not None
            expect_version(site, draft.version)
            put_centre(site, draft)
            session.flush()
        return centre(session, by)


def put_centre(site: Site, draft: CentreDraft) -> None:
    """Fills the row from a draft; all problems at once."""
    draft = replace(draft, name=clean(draft.name), place=clean(draft.place), outside_phone=clean(draft.outside_phone))
    _raise_if(rules.centre_problems(draft))
    site.name, site.place, site.timezone = draft.name, draft.place, draft.timezone
    site.public_languages = [lang for lang in draft.public_languages if lang]
    site.day_starts_at, site.outside_phone = draft.day_starts_at, draft.outside_phone


# ── windows ──────────────────────────────────────────────────────────────────────────────────────


def windows(session: Session, by: Actor) -> tuple[WindowRow, ...]:
    """The windows of the centre by their numbers, closed ones too."""
    names = {item.id: item.names for item in goods(session, by)}
    desks = session.scalars(select(Desk).where(Desk.site_id == by.site).order_by(Desk.number))
    return tuple(_window_row(desk, names) for desk in desks)


def goods(session: Session, by: Actor) -> tuple[GoodsRow, ...]:
    """What a window may give: the active items."""
    query = select(Item.id, Item.names).where(Item.is_active, Item.variant_of_id.is_(None)).order_by(Item.code)
    return tuple(GoodsRow(*row) for row in session.execute(query))


def add_window(session: Session, by: Actor, *, request_id: UUID, draft: WindowDraft) -> WindowRow:
    """A new window of the centre; it gives from the centre's shelf."""
    by.require(Permission.SETTINGS)
    with journal.operation(session, by, request_id, "add_window", draft=draft) as op:
        if op.is_repeat:
            return _window(session, by, op.only("desk"))
        desk = Desk(site_id=by.site, number=draft.number, shelf_id=_shelf(session, by.site))
        _put_window(session, by, desk, draft)
        session.add(desk)
        session.flush()
        return _window(session, by, desk.id)


def change_window(session: Session, by: Actor, *, request_id: UUID, window_id: UUID, draft: WindowDraft) -> WindowRow:
    """Saves a window. One that is closed keeps its number on old papers and is called no more."""
    by.require(Permission.SETTINGS)
    with journal.operation(session, by, request_id, "change_window", window_id=window_id, draft=draft) as op:
        if not op.is_repeat:
            desk = session.get(Desk, window_id, with_for_update=True)
            if desk is None or desk.site_id != by.site:
                raise NotFound("no-window", Text("There is no such window."))
            expect_version(desk, draft.version)
            _put_window(session, by, desk, draft)
            session.flush()
        return _window(session, by, window_id)


def _put_window(session: Session, by: Actor, desk: Desk, draft: WindowDraft) -> None:
    others = session.scalars(select(Desk.number).where(Desk.site_id == by.site, Desk.id != desk.id))
    draft = replace(draft, name=clean(draft.name))
    _raise_if(rules.window_problems(draft, taken=others, stages=[stage.value for stage in Stage]))
    desk.number, desk.name, desk.is_active = draft.number, draft.name, draft.is_active
    desk.stages = [stage.value for stage in Stage if stage.value in draft.stages]
    desk.gives = None if draft.gives is None else [item_id.hex for item_id in draft.gives]


def _window(session: Session, by: Actor, window_id: UUID) -> WindowRow:
    return next(row for row in windows(session, by) if row.id == window_id)


def _window_row(desk: Desk, names: dict[UUID, dict[str, str]]) -> WindowRow:
    gives = None if desk.gives is None else tuple(UUID(hex=item_id) for item_id in desk.gives)
    draft = WindowDraft(desk.number, desk.name, tuple(desk.stages), gives, desk.is_active, desk.version)
    return WindowRow(desk.id, draft, tuple(names[item_id] for item_id in gives or () if item_id in names))


def _shelf(session: Session, site_id: UUID) -> UUID | None:
    where = (StockPlace.site_id == site_id, StockPlace.kind == "shelf")
    return session.scalar(select(StockPlace.id).where(*where).order_by(StockPlace.id).limit(1))


# ── users ────────────────────────────────────────────────────────────────────────────────────────


def users(session: Session, by: Actor) -> tuple[UserRow, ...]:
    """Everybody who has an account, by name; those who were ended last. Who only ever worked under a day badge has none."""
    by.require(Permission.USERS)
    grants = grants_on(session, _today(session, by), by.site)
    by_badge = exists().where(Badge.user_id == User.id) & ~exists().where(RoleGrant.user_id == User.id)
    rows = session.scalars(select(User).where(~by_badge).order_by(User.is_active.desc(), User.name))
    return tuple(_user_row(user, grants) for user in rows)


def add_user(session: Session, by: Actor, *, request_id: UUID, draft: UserDraft, password: str = "") -> UserRow:
    """A new user with their roles at this centre, signing in with `password` (empty: only by being chosen on a plain file)."""
    by.require(Permission.USERS)
    with journal.operation(session, by, request_id, "add_user", draft=draft) as op:
        if op.is_repeat:
            return _user(session, by, op.only("user_account"))
        user = User(name=draft.name, is_active=True)
        _put_user(session, by, user, draft)
        _put_password(user, password)
        session.add(user)
        session.flush()
        _put_roles(session, by, user.id, draft)
        return _user(session, by, user.id)


def change_user(session: Session, by: Actor, *, request_id: UUID, user_id: UUID, draft: UserDraft) -> UserRow:
    """Saves name, roles and whether somebody still works here. The last coordinator cannot be ended."""
    by.require(Permission.USERS)
    with journal.operation(session, by, request_id, "change_user", user_id=user_id, draft=draft) as op:
        if not op.is_repeat:
            user = _locked(session, user_id)
            expect_version(user, draft.version)
            had = _coordinators(session, by)
            _put_user(session, by, user, draft)
            _put_roles(session, by, user.id, draft)
            if had and not _coordinators(session, by):
                raise _last_coordinator()
        return _user(session, by, user_id)


def set_password(session: Session, by: Actor, *, request_id: UUID, user_id: UUID, password: str) -> UserRow:
    """A new password or PIN for somebody, who is no longer blocked by wrong ones."""
    by.require(Permission.USERS)
    _raise_if(rules.password_problems(password, pin_is_enough=True))
    with journal.operation(session, by, request_id, "set_password", user_id=user_id) as op:
        if not op.is_repeat:
            _put_password(_locked(session, user_id), password)
            session.flush()
        return _user(session, by, user_id)


def change_own_password(session: Session, by: Actor, *, request_id: UUID, old: str, new: str) -> None:
    """One's own password; the old one must be known."""
    with journal.operation(session, by, request_id, "change_own_password") as op:
        if op.is_repeat or by.user_id is None:
            return
        user = _locked(session, by.user_id)
        if user.password and not passwords.is_right(user.password, old):
            raise InvalidInput([Problem("old", Text("This is not the password that holds now."))])
        _raise_if(rules.password_problems(new, pin_is_enough=True))
        _put_password(user, new)


def change_looks(
    session: Session, by: Actor, *, request_id: UUID, language: str, text_size: TextSize, theme: Theme
) -> None:
    """One's own language, letter size and colours, kept for every computer of this database."""
    arguments = {"language": language, "text_size": text_size, "theme": theme}
    with journal.operation(session, by, request_id, "change_looks", **arguments) as op:
        if op.is_repeat or by.user_id is None:
            return
        user = _locked(session, by.user_id)
        if language in LANGUAGES:
            user.language = language
        user.text_size, user.theme = text_size.value, theme.value


def _user(session: Session, by: Actor, user_id: UUID) -> UserRow:
    return _user_row(_locked(session, user_id), grants_on(session, _today(session, by), by.site))


def _user_row(user: User, grants: Sequence[RoleGrant]) -> UserRow:
    mine = [grant for grant in grants if grant.user_id == user.id]
    until = max((grant.until_day for grant in mine if grant.until_day), default=None)
    lasting = any(grant.until_day is None for grant in mine)
    draft = UserDraft(
        name=user.name,
        roles=frozenset(Role(role) for role in roles_of(mine, user.id)),
        until=None if lasting else until,
        is_active=user.is_active,
        version=user.version,
    )
    blocked = user.is_pin and user.wrong_tries >= rules.WRONG_TRIES
    return UserRow(user.id, draft, user.language, bool(user.password), blocked)


def _put_user(session: Session, by: Actor, user: User, draft: UserDraft) -> None:
    draft = replace(draft, name=clean(draft.name))
    taken = [rules.folded(name) for name in session.scalars(select(User.name).where(User.id != user.id))]
    _raise_if(rules.user_problems(draft, taken=taken, today=_today(session, by)))
    user.name, user.is_active = draft.name, draft.is_active


def _put_roles(session: Session, by: Actor, user_id: UUID, draft: UserDraft) -> None:
    """Ends the grants that no longer hold and gives the new ones from today; a grant is never deleted."""
    today, wanted = _today(session, by), {role.value for role in draft.roles}
    for grant in grants_on(session, today, by.site):
        if grant.user_id != user_id:
            continue
        if grant.role in wanted:
            grant.until_day = draft.until
            wanted.discard(grant.role)
        else:
            grant.until_day = today - timedelta(days=1)
    for role in sorted(wanted):
        given = RoleGrant(user_id=user_id, role=role, site_id=by.site, from_day=today, until_day=draft.until)
        session.add(given)
    session.flush()


def _put_password(user: User, password: str) -> None:
    user.password, user.is_pin = passwords.kept_form(password), rules.is_pin(password)
    user.wrong_tries, user.locked_until = 0, None


def _coordinators(session: Session, by: Actor) -> set[UUID]:
    """Active coordinators of the centre whose role has no end."""
    grants = grants_on(session, _today(session, by), by.site)
    lasting = {grant.user_id for grant in grants if grant.role == Role.COORDINATOR and grant.until_day is None}
    return set(session.scalars(select(User.id).where(User.id.in_(lasting), User.is_active)))


def _last_coordinator() -> Refused:
    text = Text("This is the last coordinator of the centre. Make somebody else coordinator first.")
    return Refused("last-coordinator", text)


def _locked(session: Session, user_id: UUID) -> User:
    user = session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound("no-user", Text("There is no such user."))
    return user


def _today(session: Session, by: Actor) -> date:
    return day_of(session, by.site, by.now())


def _raise_if(problems: list[Problem]) -> None:
    if problems:
        raise InvalidInput(problems)

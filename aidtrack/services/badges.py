"""Day badges: made by the coordinator, claimed with a name and four digits, signed in with until the day is closed.

Owns who stands behind a badge. Accounts with passwords are `services.accounts` and `services.signing_in`; a badge never opens a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain import badges as rules
from aidtrack.domain.access import Permission, Role
from aidtrack.domain.accounts import WRONG_TRIES, folded
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayState
from aidtrack.domain.ids import new_id, new_token
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, NotFound, Problem, Refused, Text
from aidtrack.services import passwords, signing_in
from aidtrack.services.signing_in import Entered
from aidtrack.store import journal
from aidtrack.store.accounts import Badge, RoleGrant, User, grants_on, roles_of
from aidtrack.store.days import Day, day_of, draw


@dataclass(frozen=True, slots=True)
class BadgeRow:
    """A badge as the door and the coordinator see it. `name` is empty until somebody claimed it."""

    id: UUID
    day: date
    number: int
    role: Role
    name: str
    tries_left: int
    is_ended: bool

    @property
    def is_claimed(self) -> bool:
        return bool(self.name)

    @property
    def is_dead(self) -> bool:
        """Five wrong PINs, or reported lost."""
        return self.is_ended or self.tries_left == 0


# ── the coordinator ──────────────────────────────────────────────────────────────────────────────


def make_badges(
    session: Session, by: Actor, *, request_id: UUID, role: Role, count: int, day: date | None = None
) -> tuple[BadgeRow, ...]:
    """New badges of a role for the open day, or today; numbered on from those the day has. They are printed by `overview.day_badges`."""
    by.require(Permission.DAY)
    with journal.operation(session, by, request_id, "make_badges", role=role, count=count, day=day) as op:
        if op.is_repeat:
            return tuple(_row(session, session.get_one(Badge, one)) for one in op.ids("badge"))
        problems = rules.batch_problems(role, count)
        if problems:
            raise InvalidInput(problems)
        of = day or day_of(session, by.site, by.now())
        made = [_new(session, by, role, of) for _ in range(count)]
        session.flush()
        return tuple(_row(session, badge) for badge in made)


def _new(session: Session, by: Actor, role: Role, day: date) -> Badge:
    number = draw(session, by.site, f"badge/{day.isoformat()}")
    badge = Badge(id=new_id(), site_id=by.site, day=day, number=number, role=role.value, token=new_token())
    session.add(badge)
    return badge


def badges_of(session: Session, by: Actor, day: date) -> tuple[BadgeRow, ...]:
    """The badges of a day by their numbers, with who works under them."""
    by.require(Permission.DAY)
    query = select(Badge).where(Badge.site_id == by.site, Badge.day == day).order_by(Badge.number)
    return tuple(_row(session, badge) for badge in session.scalars(query))


def end_badge(session: Session, by: Actor, *, request_id: UUID, badge_id: UUID) -> BadgeRow:
    """A badge that was lost opens nothing any more; whoever had it gets a new one and keeps the name."""
    by.require(Permission.DAY)
    with journal.operation(session, by, request_id, "end_badge", badge_id=badge_id) as op:
        badge = session.get(Badge, badge_id, with_for_update=True)
        if badge is None or badge.site_id != by.site:
            raise _unknown()
        if not op.is_repeat and badge.ended_at is None:
            badge.ended_at = by.now()
            session.flush()
        return _row(session, badge)


# ── at the window ────────────────────────────────────────────────────────────────────────────────


def badge_row(session: Session, by: Actor, *, code: str) -> BadgeRow:
    """The badge that was scanned, if it still opens anything: whose it is, or that it asks for a name first."""
    return _row(session, _living(session, by, code))


def claim_badge(
    session: Session, by: Actor, *, request_id: UUID, code: str, name: str, pin: str, language: str = "ru",
    desk_number: int = 0,
) -> Entered:  # fmt: skip
    """The first scan: from now on the badge is this person's, with these four digits; signs in at once.

    Somebody who worked under a badge on an earlier day, or lost today's, keeps the name and how the window looks.
    """
    badge = _living(session, by, code, lock=True)
    name = clean(name)
    problems = rules.claim_problems(name, pin)
    if problems:
        raise InvalidInput(problems)
    door, by = by, _stranger_at(session, by, badge, name)
    with journal.operation(session, by, request_id, "claim_badge", badge_id=badge.id, name=name) as op:
        if not op.is_repeat:
            if badge.user_id is not None:
                raise Refused("badge-claimed", Text("Somebody works under this badge already. Take another one."))
            user = _person(session, badge, name, language)
            badge.user_id, badge.pin, badge.wrong_tries = user.id, passwords.kept_form(pin), 0
            session.flush()
        return _entered(session, door, badge, desk_number)


def check_badge(session: Session, by: Actor, *, code: str, pin: str, to_sign_off: bool = False) -> BadgeRow:
    """The badge, if the four digits are right; Refused `wrong-pin` otherwise, then `wrong_pin` counts it in a write scope."""
    badge = _living(session, by, code, to_sign_off=to_sign_off)
    if badge.user_id is None:
        raise Refused("badge-unclaimed", Text("Nobody works under this badge yet: scan it at the locked screen first."))
    if not passwords.is_right(badge.pin, pin):
        raise Refused("wrong-pin", Text("These are not the four digits of this badge."))
    return _row(session, badge)


def wrong_pin(session: Session, by: Actor, *, code: str) -> int:
    """Counts a wrong PIN; the fifth ends the badge. Returns the tries that are left."""
    badge = _found(session, by, code, lock=True)
    if badge is None:
        return 0
    badge.wrong_tries = min(badge.wrong_tries + 1, WRONG_TRIES)
    session.flush()
    return WRONG_TRIES - badge.wrong_tries


def enter_by_badge(
    session: Session, by: Actor, *, request_id: UUID, badge_id: UUID, desk_number: int = 0
) -> Entered:  # fmt: skip
    """Signs the holder of a checked badge in at a window (0: the first one) and journals it."""
    badge = session.get(Badge, badge_id, with_for_update=True)
    if badge is None or badge.user_id is None:
        raise _unknown()
    entered = _entered(session, by, badge, desk_number)
    with journal.operation(session, entered.actor, request_id, "sign_in", badge_id=badge_id):
        badge.wrong_tries = 0
    return entered


def who_is(session: Session, by: Actor, *, who: str, secret: str, to_sign_off: bool = False) -> Actor:
    """Somebody beside the operator who approves at this window: a scanned badge with its PIN, or a name with its password.

    The same clock, centre and window, their own roles. Refused `wrong-pin` or `wrong-password`: then `count_wrong` in a write scope.
    """
    if rules.token_of(who) is not None:
        badge = check_badge(session, by, code=who, pin=secret, to_sign_off=to_sign_off)
        return _actor(session, by, session.get_one(Badge, badge.id), by.desk_id)
    user_id = signing_in.check_password(session, by, name=who, password=secret)
    grants = grants_on(session, day_of(session, by.site, by.now()), by.site)
    roles = frozenset(Role(role) for role in roles_of(grants, user_id))
    return Actor(user_id, session.get_one(User, user_id).name, roles, by.clock, by.site_id, by.desk_id)


def count_wrong(session: Session, by: Actor, *, who: str) -> int:
    """Counts a wrong PIN or password of `who_is`; returns the tries that are left."""
    if rules.token_of(who) is not None:
        return wrong_pin(session, by, code=who)
    return signing_in.wrong_try(session, by, name=who)


# ── one badge ────────────────────────────────────────────────────────────────────────────────────


def _found(session: Session, by: Actor, code: str, *, lock: bool = False) -> Badge | None:
    token = rules.token_of(code)
    query = select(Badge).where(Badge.token == token, Badge.site_id == signing_in.site_of(session, by.site_id))
    return session.scalar(query.with_for_update() if lock else query) if token else None


def _living(session: Session, by: Actor, code: str, *, lock: bool = False, to_sign_off: bool = False) -> Badge:
    badge = _found(session, by, code, lock=lock)
    if badge is None:
        raise _unknown()
    if badge.ended_at is not None:
        raise Refused("badge-ended", Text("This badge was reported lost. Ask the coordinator for a new one."))
    if badge.wrong_tries >= WRONG_TRIES:
        text = Text("This badge is dead after {n} wrong tries. Ask the coordinator for a new one.", n=WRONG_TRIES)
        raise Refused("badge-dead", text)
    today = day_of(session, badge.site_id, by.now())
    if not rules.holds(badge.day, today, _state(session, badge), to_sign_off=to_sign_off):
        raise Refused(
            "badge-over", Text("This badge was for {day}. Ask the coordinator for one of today.", day=badge.day)
        )
    return badge


def _unknown() -> NotFound:
    return NotFound("no-badge", Text("This badge is not known here. Ask the coordinator for one of today."))


def _state(session: Session, badge: Badge) -> DayState:
    query = select(Day.state).where(Day.site_id == badge.site_id, Day.day == badge.day)
    return DayState(session.scalar(query) or DayState.NOT_OPEN)


def _row(session: Session, badge: Badge) -> BadgeRow:
    user = session.get(User, badge.user_id) if badge.user_id else None
    left = max(WRONG_TRIES - badge.wrong_tries, 0)
    name = user.name if user else ""
    return BadgeRow(badge.id, badge.day, badge.number, Role(badge.role), name, left, badge.ended_at is not None)


def _stranger_at(session: Session, by: Actor, badge: Badge, name: str) -> Actor:
    """Who claims is written down under the name that is claimed."""
    return Actor(by.user_id if by.name == name else None, name, frozenset(), by.clock, badge.site_id, by.desk_id)


def _person(session: Session, badge: Badge, name: str, language: str) -> User:
    """The account behind a badge: it has no password and no lasting role, so nobody comes in by it without a badge."""
    wanted = folded(name)
    for user in session.scalars(select(User).order_by(User.id)):
        if folded(user.name) == wanted:
            if not _is_free(session, user, badge):
                text = Text("Somebody signs in with this name already. Add a letter of the surname.")
                raise InvalidInput([Problem("name", text)])
            return user
    user = User(id=new_id(), name=name, is_active=True, language=language)
    session.add(user)
    session.flush()
    return user


def _is_free(session: Session, user: User, badge: Badge) -> bool:
    """Whether the name only ever stood behind badges, and behind none that still opens something today."""
    if (
        not user.is_active
        or user.password
        or session.scalar(select(RoleGrant.id).where(RoleGrant.user_id == user.id).limit(1))
    ):
        return False
    mine = select(Badge.id).where(Badge.user_id == user.id)
    alive = mine.where(Badge.day == badge.day, Badge.ended_at.is_(None), Badge.wrong_tries < WRONG_TRIES)
    return bool(session.scalar(mine.limit(1))) and session.scalar(alive.limit(1)) is None


def _entered(session: Session, by: Actor, badge: Badge, desk_number: int) -> Entered:
    actor = _actor(session, by, badge, by.desk_id or signing_in.desk_of(session, badge.site_id, desk_number))
    return signing_in.entered(actor, session.get_one(User, badge.user_id))


def _actor(session: Session, by: Actor, badge: Badge, desk_id: UUID | None) -> Actor:
    """The holder with the badge's role and nothing more."""
    user = session.get_one(User, badge.user_id)
    return Actor(user.id, user.name, frozenset({Role(badge.role)}), by.clock, badge.site_id, desk_id)

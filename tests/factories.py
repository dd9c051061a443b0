"""What tests start from: a clock that can be set, a centre with two windows and a shelf, and the people who work there.

Rows are written as plainly as the tables allow; everything a use case can do, tests let the use case do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from aidtrack.domain.access import Role
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.store import journal
from aidtrack.store.accounts import RoleGrant, User
from aidtrack.store.days import Desk, Site
from aidtrack.store.stock import StockPlace

MORNING = datetime(2024, 8, 12, 5, 0, tzinfo=UTC)  # eight o'clock on the wall of the centre
VIRTUAL_PLACES = ("supplier", "household", "partner", "loss", "count", "kit", "quarantine", "transit")


@dataclass
class SettableClock:
    """A clock that stands still until a test moves it."""

    moment: datetime = MORNING

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **span: float) -> datetime:
        """Moves on by minutes=, hours=, days=…"""
        self.moment += timedelta(**span)
        return self.moment


@dataclass(frozen=True)
class Centre:
    """Where tests take place: `windows[0]` and `windows[1]` both give from `shelf`."""

    site_id: UUID
    windows: tuple[UUID, UUID]
    shelf: UUID
    places: dict[str, UUID] = field(hash=False)


@dataclass(frozen=True)
class Team:
    """One actor a role, at window 1 of the centre, all by one clock. `at(window)` moves somebody to another window."""

    clock: SettableClock
    registrar: Actor
    distributor: Actor
    storekeeper: Actor
    shift_lead: Actor
    coordinator: Actor
    administrator: Actor
    auditor: Actor

    @staticmethod
    def at(actor: Actor, desk_id: UUID) -> Actor:
        """The same person at another window."""
        return Actor(actor.user_id, actor.name, actor.roles, actor.clock, actor.site_id, desk_id)


def make_centre(session: Session, clock: SettableClock) -> Centre:
    """A site with two windows, one shelf and the virtual places goods come from and go to."""
    founder = Actor(None, "founder", frozenset(Role), clock)
    with journal.operation(session, founder, new_id(), "found_centre"):
        site = Site(code="KRS", name="Пункт на Гоголя", place="Курск", public_languages=["ru", "uk"])
        session.add(site)
        session.flush()
        places = {kind: StockPlace(site_id=site.id, code=kind, kind=kind) for kind in ("shelf", *VIRTUAL_PLACES)}
        session.add_all(places.values())
        session.flush()
        desks = [Desk(site_id=site.id, number=n, name=f"Окно {n}", shelf_id=places["shelf"].id) for n in (1, 2)]
        session.add_all(desks)
        session.flush()
    return Centre(site.id, (desks[0].id, desks[1].id), places["shelf"].id, {kind: row.id for kind, row in places.items()})


def make_team(session: Session, clock: SettableClock, centre: Centre) -> Team:
    """A user with one role for each role there is."""
    founder = Actor(None, "founder", frozenset(Role), clock, centre.site_id)
    actors = {}
    with journal.operation(session, founder, new_id(), "found_team"):
        for role in Role:
            user = User(name=role.value)
            session.add(user)
            session.flush()
            session.add(RoleGrant(user_id=user.id, role=role.value, site_id=centre.site_id, from_day=clock().date()))
            actors[role.value] = Actor(user.id, user.name, frozenset({role}), clock, centre.site_id, centre.windows[0])
    return Team(clock=clock, **actors)

"""A race of desks: prepares a centre, lets processes loose on it, and tells what they acknowledged."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from aidtrack.clock import wall_clock
from aidtrack.domain.access import Role
from aidtrack.domain.actor import Actor
from aidtrack.domain.birth import of_age
from aidtrack.domain.campaigns import CampaignDraft, RuleDraft
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft, MemberDraft, Sex
from aidtrack.domain.stock import ItemDraft, ReceiveDraft, ReceiveLine
from aidtrack.services import campaigns, days, people, stock
from aidtrack.services.check import check
from aidtrack.store import journal, schema
from aidtrack.store.database import Database, open_database
from aidtrack.store.days import Desk
from aidtrack.store.handover import HandOver, HandOverVoid
from aidtrack.store.people import Household
from aidtrack.store.stock import Balance
from tests.e2e.console import ROOT
from tests.e2e.desk import SHARED, actor_at
from tests.factories import SettableClock, make_centre

DESKS = 8
SHARED_FAMILIES = 40


@dataclass(frozen=True)
class Outcome:
    """What the desks acknowledged, by table, and what they complained of."""

    acknowledged: dict[str, list[UUID]]
    complaints: list[str]


def prepare(address: str, units: int) -> None:
    """A centre with eight windows, an open day, a shelf with so many units, one item once a person, families all desks want."""
    database = open_database(address)
    centre = database.write(lambda s: make_centre(s, SettableClock(wall_clock())))
    by = Actor(None, "founder", frozenset(Role), wall_clock, centre.site_id, centre.windows[0])
    database.write(lambda s: _more_windows(s, by, centre.shelf))
    today = database.write(lambda s: days.open_day(s, by, request_id=new_id())).day
    item = database.write(lambda s: stock.save_item(s, by, request_id=new_id(), draft=ItemDraft({"ru": "Набор"}, "KIT")))
    lines = tuple(ReceiveLine(item, units // 4, lot=f"L{n}") for n in range(4))
    database.write(lambda s: stock.receive(s, by, request_id=new_id(), draft=ReceiveDraft("Поставщик", lines)))
    programme = CampaignDraft({"ru": "Выдача"}, today)
    campaign = database.write(lambda s: campaigns.save_campaign(s, by, request_id=new_id(), draft=programme))
    database.write(lambda s: campaigns.save_rule(s, by, request_id=new_id(), campaign_id=campaign, draft=RuleDraft(item)))
    for n in range(SHARED_FAMILIES):
        member = MemberDraft(family_name="Общий", given_name=f"Иван{n}", sex=Sex.MALE, birth=of_age(40, today))
        draft = HouseholdDraft(members=(member,), external_id=SHARED)
        database.write(lambda s, d=draft: people.register_household(s, by, request_id=new_id(), draft=d))  # type: ignore[misc]
    database.close()


def _more_windows(session: Session, by: Actor, shelf: UUID) -> None:
    with journal.operation(session, by, new_id(), "more_windows"):
        session.add_all(Desk(site_id=by.site, number=number, shelf_id=shelf) for number in range(3, DESKS + 1))


def start(address: str, window: int, seconds: float, desk: str = "desk") -> subprocess.Popen[str]:
    """One desk as a process of its own, ready and waiting for `go`; `desk` is its module."""
    command = [sys.executable, "-m", f"tests.e2e.{desk}", address, str(window), str(seconds)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True, encoding="utf-8")


def go(*desks: subprocess.Popen[str]) -> None:
    """Waits until all are ready, then lets them begin together."""
    for desk in desks:
        assert desk.stdout
        if desk.stdout.readline() != "ready\n":
            raise AssertionError(desk.communicate(timeout=20)[1])
    for desk in desks:
        assert desk.stdin
        desk.stdin.write("go\n")
        desk.stdin.flush()


def run(address: str, seconds: float) -> Outcome:
    """All desks at once for so many seconds."""
    desks = [start(address, window, seconds) for window in range(1, DESKS + 1)]
    go(*desks)
    ends = [desk.communicate(timeout=seconds + 60) for desk in desks]
    complaints = [err for desk, (_, err) in zip(desks, ends, strict=True) if desk.returncode or err]
    return Outcome(acknowledged("".join(out for out, _ in ends)), complaints)


def acknowledged(printed: str) -> dict[str, list[UUID]]:
    """What was said to be saved. A line that a kill cut in half was never said."""
    found: dict[str, list[UUID]] = {}
    for line in printed.splitlines():
        table, _, row = line.partition(" ")
        if len(row) == 32:
            found.setdefault(table, []).append(UUID(hex=row))
    return found


def missing(database: Database, receipts: dict[str, list[UUID]]) -> list[str]:
    """Acknowledged rows that are not there."""
    lost = []
    for name, ids in receipts.items():
        table: Table = schema.metadata.tables[name]
        there = set(database.read(lambda s, t=table: s.scalars(select(t.c.id)).all()))  # type: ignore[misc]
        lost += [f"{name} {row}" for row in ids if row not in there]
    return lost


def failures(database: Database) -> list[str]:
    """What `check` finds."""
    by = database.read(lambda s: actor_at(s, 1))
    return [f"{one.code} {one.about}" for one in database.read(lambda s: check(s, by)).failures]


def served_twice(database: Database) -> int:
    """Shared families that received more than once what is given once."""
    voided = select(HandOverVoid.hand_over_id)
    query = (
        select(HandOver.household_id).join(Household, Household.id == HandOver.household_id)
        .where(Household.external_id == SHARED, HandOver.id.not_in(voided))
        .group_by(HandOver.household_id).having(func.count() > 1)
    )  # fmt: skip
    return len(database.read(lambda s: s.scalars(query).all()))


def left_on_shelf(database: Database) -> int:
    """Units the book still has."""
    return database.read(lambda s: s.scalar(select(func.sum(Balance.quantity)))) or 0

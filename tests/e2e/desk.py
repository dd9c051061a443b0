"""One desk of a race: a process of its own that registers, gives numbers and hands over until its time is over or it is killed.

Every receipt is printed the moment it is acknowledged, so that whoever reads along knows what must not be lost. Run by
`python -m tests.e2e.desk ADDRESS WINDOW SECONDS`; it says `ready` and begins when a line is written to it.
"""

from __future__ import annotations

import sys
import time
from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.clock import wall_clock
from aidtrack.domain.access import Role
from aidtrack.domain.actor import Actor
from aidtrack.domain.birth import of_age
from aidtrack.domain.entitlement import AllowanceState
from aidtrack.domain.handover import GoodsAre, HandOverDraft, LineDraft
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft, MemberDraft, Sex
from aidtrack.domain.queueing import Lane
from aidtrack.errors import Refused
from aidtrack.services import campaigns, handover, people, queueing
from aidtrack.services.today import current_day
from aidtrack.store.database import Database, open_database
from aidtrack.store.days import Desk
from aidtrack.store.people import Household, HouseholdMember

SHARED = "shared"
"""The external id of families that every desk tries to serve."""

REFUSALS = {"more-than-allowed", "short", "none-left"}
"""What a rule may answer when two desks want the same: no fault of anybody."""


def main(address: str, window: int, seconds: float) -> None:
    """Works until the time is over; everything acknowledged is a line on the standard output."""
    database = open_database(address)
    by = database.read(lambda session: actor_at(session, window))
    shared = database.read(shared_families)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    chance, until = Random(window), time.monotonic() + seconds
    turn = 0
    while time.monotonic() < until:
        work_once(database, by, chance, turn, shared)
        turn += 1
    database.close()


def actor_at(session: Session, window: int) -> Actor:
    """Somebody who may do everything, at this window."""
    site_id, desk_id = session.execute(select(Desk.site_id, Desk.id).where(Desk.number == window)).one()
    return Actor(None, f"desk {window}", frozenset(Role), wall_clock, site_id, desk_id)


def shared_families(session: Session) -> list[tuple[UUID, UUID]]:
    """The families all desks want to serve, each with its head, in one order."""
    query = select(Household.id, HouseholdMember.person_id).join(HouseholdMember, HouseholdMember.household_id == Household.id)
    return [(row[0], row[1]) for row in session.execute(query.where(Household.external_id == SHARED).order_by(Household.id))]


def work_once(database: Database, by: Actor, chance: Random, turn: int, shared: list[tuple[UUID, UUID]]) -> None:
    """A new family from the door to the goods, and a try at a family that others try to serve too."""
    today = database.read(lambda s: current_day(s, by))
    name, birth = f"Стол{by.name[-1]}", of_age(chance.randint(20, 70), today)
    head_draft = MemberDraft(family_name=name, given_name="Анна", sex=Sex.FEMALE, birth=birth)
    draft = HouseholdDraft(members=(head_draft, MemberDraft(birth=of_age(7, today))))
    receipt = database.write(lambda s: people.register_household(s, by, request_id=new_id(), draft=draft))
    say("household", receipt.household_id)
    ticket = database.write(lambda s: queueing.issue_ticket(s, by, request_id=new_id(), lane=Lane.A, household_id=receipt.household_id))
    say("ticket", ticket.id)
    head = database.read(lambda s: people.household_view(s, by, receipt.household_id)).members[0].person_id
    give(database, by, receipt.household_id, head, ticket.id, cancel=turn % 5 == 4)
    if turn < len(shared):
        give(database, by, *shared[turn], None, cancel=False)


def give(database: Database, by: Actor, household_id: UUID, head: UUID, ticket_id: UUID | None, *, cancel: bool) -> None:
    """Everything due to the family; a rule's no is fine, anything else ends the desk with a traceback."""
    rows = database.read(lambda s: campaigns.allowances(s, by, household_id))
    lines = tuple(LineDraft(row.rule_id, row.due) for row in rows if row.state is AllowanceState.GIVE and row.due)
    if not lines:
        return
    draft = HandOverDraft(household_id, lines, ticket_id, head)
    try:
        receipt = database.write(lambda s: handover.hand_over(s, by, request_id=new_id(), draft=draft))
    except Refused as refusal:
        if refusal.code not in REFUSALS:
            raise
        return
    say("hand_over", receipt.id)
    if cancel:
        database.write(
            lambda s: handover.cancel_hand_over(
                s, by, request_id=new_id(), hand_over_id=receipt.id, where=GoodsAre.BACK_ON_SHELF, reason="не та карта"
            )
        )


def say(table: str, row: UUID) -> None:
    """Acknowledged: from now on it must be there."""
    sys.stdout.write(f"{table} {row.hex}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))

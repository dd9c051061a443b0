"""What giving costs: a hand-over of five lines against its own rows by the bare driver, an allowance with a long past, a rule's reach."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import CampaignDraft, RuleDraft
from aidtrack.domain.entitlement import Basis, Filters
from aidtrack.domain.handover import HandOverDraft, LineDraft
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import ItemDraft, ReceiveDraft, ReceiveLine
from aidtrack.services import campaigns, stock
from aidtrack.services.campaigns import allowances
from aidtrack.services.handover import hand_over
from aidtrack.services.today import current_day
from aidtrack.store import journal
from aidtrack.store.campaigns import CampaignRule
from aidtrack.store.database import Database
from aidtrack.store.days import Desk
from aidtrack.store.handover import HandOver, HandOverLine, HandOverPerson
from aidtrack.store.people import Household, HouseholdMember
from aidtrack.store.stock import Lot
from tests.bench import population
from tests.bench.floor import Floor, Recording
from tests.bench.measures import Figure, percentile, timed

LINES, RULES, PAST = 5, 30, 40
HAND_OVERS, ASKED = 200, 1_000
WARM = 19


def handing(people_file: Path, folder: Path, number: int) -> list[Figure]:
    """Five lines for a family of four, turn about with the floor on two copies."""
    ours, bare = (Path(shutil.copyfile(people_file, folder / name)) for name in ("giving.db", "giving-floor.db"))
    database, by = population.opened(ours)
    give = _giving(database, by)
    for n in range(WARM):
        give(n)
    database.checkpoint()
    shutil.copyfile(ours, bare)
    with Recording(database._writers) as heard:
        give(WARM)
    floor = Floor(bare, heard.statements)
    service_times, floor_times = [], []
    for n in range(WARM + 1, WARM + 1 + HAND_OVERS):
        service_times.append(timed(partial(give, n)))
        floor_times.append(floor.write())
    floor.close()
    database.close()
    ratio = statistics.median(service_times) / statistics.median(floor_times)
    return [
        Figure(f"floor: {floor.rows} rows by the bare driver, p50", percentile(floor_times, 0.5), "ms"),
        *_handed(service_times, f"{number:,} people in the file"),
        Figure("… p50 as times the floor", ratio, "×", 6),
    ]


def _giving(database: Database, by: Actor) -> Callable[[int], object]:
    """Hands five lines over to the family of this number."""
    by, rules = _goods(database, by, LINES)
    homes = _homes(database, WARM + 1 + HAND_OVERS)

    def give(n: int) -> object:
        draft = HandOverDraft(homes[n], tuple(LineDraft(rule, 4) for rule in rules), collector_text="bench")
        return database.write(lambda s: hand_over(s, by, request_id=new_id(), draft=draft))

    return give


def _handed(times: Sequence[float], where: str) -> list[Figure]:
    return [
        Figure(f"hand over five lines, {where}, p50", percentile(times, 0.5), "ms", 8),
        Figure("… p99", percentile(times, 0.99), "ms"),
    ]


def serving(number: int) -> list[Figure]:
    """The same, and what a family may have, on a PostgreSQL server of this computer."""
    with population.served(number) as copy:
        database, by = population.opened(copy("giving"))
        give = _giving(database, by)
        for n in range(WARM + 1):
            give(n)
        times = [timed(partial(give, n)) for n in range(WARM + 1, WARM + 1 + HAND_OVERS)]
        database.close()
        database, by = population.opened(copy("past"))
        asks = _with_past(database, by)
        with database.connection() as connection, connection.begin():
            connection.execute(text("ANALYZE"))  # as a server does by itself within a minute
        return [*_handed(times, f"{number:,} people on a server"), *_allowing(database, *asks)]


def allowing(people_file: Path, folder: Path) -> list[Figure]:
    """What a family with two hundred past lines may have under thirty rules."""
    database, by = population.opened(Path(shutil.copyfile(people_file, folder / "past.db")))
    return _allowing(database, *_with_past(database, by))


def _with_past(database: Database, by: Actor) -> tuple[Actor, UUID]:
    """Who asks at a window, and the family."""
    by, rules = _goods(database, by, RULES)
    (home,) = _homes(database, 1)
    database.write(lambda s: _long_past(s, by, home, rules))
    return by, home


def _allowing(database: Database, by: Actor, home: UUID) -> list[Figure]:
    times = [timed(lambda: database.read(lambda s: allowances(s, by, home))) for _ in range(ASKED)]
    database.close()
    return [
        Figure(f"what a family may have under {RULES} rules, p50", percentile(times, 0.5), "ms"),
        Figure("… p99", percentile(times, 0.99), "ms", 5),
    ]


def _long_past(session: Session, by: Actor, home: UUID, rules: list[UUID]) -> None:
    """Forty hand-overs of five lines, one every eight days; only what allowances read of them."""
    query = select(HouseholdMember.person_id).where(HouseholdMember.household_id == home)
    people = session.scalars(query).all()
    known = {row.id: row.item_id for row in session.scalars(select(CampaignRule).where(CampaignRule.id.in_(rules)))}
    lots = {row.item_id: row.id for row in session.scalars(select(Lot).where(Lot.item_id.in_(known.values())))}
    today = current_day(session, by)
    with journal.operation(session, by, new_id(), "long_past"):
        for n in range(PAST):
            hand = {
                "id": new_id(), "site_id": by.site, "household_id": home, "desk_id": by.desk,
                "day": today - timedelta(days=8 * (n + 1)), "at": by.now(), "sheet": 1, "line": n + 1, "people": len(people),
            }  # fmt: skip
            lines: list[dict[str, Any]] = [
                {
                    "id": new_id(), "hand_over_id": hand["id"], "no": k + 1, "rule_id": rules[(n * LINES + k) % RULES],
                    "quantity": 4, "allowed": 4,
                }
                for k in range(LINES)
            ]  # fmt: skip
            for line in lines:
                item = known[line["rule_id"]]
                line |= {"item_id": item, "lot_id": lots[item]}
            journal.add_many(session, HandOver, [hand])
            journal.add_many(session, HandOverPerson, [{"hand_over_id": hand["id"], "person_id": p} for p in people])
            journal.add_many(session, HandOverLine, lines)


def reaching(people_file: Path, folder: Path, number: int) -> list[Figure]:
    """How many families a rule fits, for the costliest kind of filter; and what a whole programme costs."""
    database, by = population.opened(Path(shutil.copyfile(people_file, folder / "reach.db")))
    by, _ = _goods(database, by, LINES)
    campaign = database.read(lambda s: campaigns.campaign_rows(s, by))[0].id
    day = database.read(lambda s: current_day(s, by))
    row = database.read(lambda s: campaigns.rule_rows(s, by, campaign))[0].rule
    old = replace(row, basis=Basis.HOUSEHOLD, filters=Filters(age_from=60, size_from=2))
    one = timed(lambda: database.read(lambda s: campaigns.fits(s, old, day)))
    whole = timed(lambda: database.read(lambda s: campaigns.reach(s, by, campaign)))
    database.close()
    return [
        Figure(f"how many families a rule fits, {number:,} people", one, "s", 1),
        Figure(f"… all {LINES} rules of a programme", whole, "s"),
    ]


def _homes(database: Database, number: int) -> list[UUID]:
    return list(database.read(lambda s: s.scalars(select(Household.id).limit(number)).all()))


def _goods(database: Database, by: Actor, number: int) -> tuple[Actor, list[UUID]]:
    """So many items on the shelf, one each person every seven days; and the actor at a window that gives them all."""
    desk = database.read(lambda s: s.scalars(select(Desk.id).where(Desk.site_id == by.site)).first())
    by = replace(by, desk_id=desk)
    items = [
        database.write(
            lambda s, n=n: stock.save_item(s, by, request_id=new_id(), draft=ItemDraft({"en": f"T{n}"}, f"T{n}"))
        )  # type: ignore[misc]
        for n in range(number)
    ]
    lines = tuple(ReceiveLine(item, 1_000_000) for item in items)
    database.write(lambda s: stock.receive(s, by, request_id=new_id(), draft=ReceiveDraft("Bench", lines)))
    plan = CampaignDraft({"en": "Bench"}, database.read(lambda s: current_day(s, by)))
    campaign = database.write(lambda s: campaigns.save_campaign(s, by, request_id=new_id(), draft=plan))
    drafts = [RuleDraft(item, Basis.PERSON, 1, 7) for item in items]
    save = campaigns.save_rule
    return by, [
        database.write(lambda s, d=d: save(s, by, request_id=new_id(), campaign_id=campaign, draft=d))  # type: ignore[misc]
        for d in drafts
    ]

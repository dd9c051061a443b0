"""While a family is typed: who is here already is among the first five, and who is new is interrupted at most once in twenty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time
from uuid import UUID

import pytest

from aidtrack.domain.identity import Verdict
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft
from aidtrack.services import people
from aidtrack.services.identity.candidates import candidates
from aidtrack.store.database import Database
from tests.accuracy.records import DAY, drafts_of, sample
from tests.factories import Centre, Team

RECOGNISED, INTERRUPTED = 0.97, 1 / 20
FIRST = 5


@pytest.mark.parametrize("families", [120, pytest.param(1500, marks=pytest.mark.soak)], ids=["a part", "most"])
def test_who_is_here_is_recognised_and_who_is_new_is_not_interrupted(
    sqlite_database: Database, centre: Centre, by: Team, families: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Families of the list are registered; then they come again, and others come for the first time."""
    database, households = sqlite_database, sample("households")
    by.clock.moment = datetime.combine(DAY, time(9), tzinfo=UTC)
    again = {b: a for a, b in households.pairs}
    drafts = [draft for draft in drafts_of(households.rows) if draft.members[0].is_named]
    first = [draft for draft in drafts if draft.members[0].external_id.startswith("A")]
    homes = [(draft, _register(database, by, draft)) for draft in first[:families]]
    here = {who: household for draft, household in homes for who in _ids(draft)}
    known = [draft for draft in drafts if any(again.get(who) in here for who in _ids(draft))][: families // 2]
    unknown = first[families : families + families // 2]
    right = sum(
        any(row[0] in {here.get(again.get(who, "")) for who in _ids(draft)} for row in _ask(database, by, draft))
        for draft in known
    )
    stopped = sum(any(verdict is Verdict.SAME for _, verdict in _ask(database, by, draft)) for draft in unknown)
    with capsys.disabled():
        print(
            f"\n{right} of {len(known)} recognised among the first {FIRST}, {stopped} of {len(unknown)} new ones interrupted"
        )
    assert len(known) > families / 4
    assert right >= RECOGNISED * len(known)
    assert stopped <= INTERRUPTED * len(unknown)


def _ids(draft: HouseholdDraft) -> Iterable[str]:
    return [member.external_id for member in draft.members]


def _register(database: Database, by: Team, draft: HouseholdDraft) -> UUID:
    return database.write(
        lambda s: people.register_household(s, by.registrar, request_id=new_id(), draft=draft)
    ).household_id


def _ask(database: Database, by: Team, draft: HouseholdDraft) -> list[tuple[UUID, Verdict]]:
    rows = database.read(lambda s: candidates(s, by.registrar, draft, limit=FIRST))
    return [(row.household_id, row.verdict) for row in rows]

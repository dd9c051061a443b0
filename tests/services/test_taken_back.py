"""What is taken back must stand as it was: a closed day by the clock on the wall, a restore that failed, a name nobody touched."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aidtrack.domain.ids import new_id
from aidtrack.domain.people import MemberDraft
from aidtrack.domain.queueing import Lane, TicketState
from aidtrack.errors import StoreTrouble
from aidtrack.services import backup, days, queueing
from aidtrack.store.database import Database
from aidtrack.store.queueing import Ticket
from aidtrack.ui.pages.desk.typed import Typed
from tests.factories import Centre, Team


class TickingClock:
    """As on the wall: every look is a little later than the one before."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        self.moment += timedelta(milliseconds=3)
        return self.moment


def test_a_day_opened_again_gives_everybody_the_place_back_by_a_real_clock(
    database: Database, centre: Centre, by: Team
) -> None:
    lead = replace(by.coordinator, clock=TickingClock(by.clock()))
    database.write(lambda s: days.open_day(s, lead, request_id=new_id()))
    ticket = database.write(lambda s: queueing.issue_ticket(s, lead, request_id=new_id(), lane=Lane.A))
    database.write(lambda s: days.close_day(s, lead, request_id=new_id()))
    database.write(lambda s: days.reopen_day(s, lead, request_id=new_id()))
    assert database.read(lambda s: s.get_one(Ticket, ticket.id).state) == TicketState.WAITING


def test_a_restore_that_cannot_finish_leaves_the_database_where_it_stood(
    sqlite_database: Database, centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "here" / "centre.db"
    target.parent.mkdir()
    target.write_bytes(Path(sqlite_database.address).read_bytes())
    before = target.read_bytes()
    monkeypatch.setattr(os, "replace", _full_disk)
    with pytest.raises(StoreTrouble):
        backup.restore(Path(sqlite_database.address), target, now=datetime.now(UTC), overwrite=True)
    assert target.read_bytes() == before


def _full_disk(*_: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("family", "given", "patronymic"),
    [("", "Мария", ""), ("Иванова", "", "Петровна"), ("де ла Крус", "Мария", ""), ("Салтыков Щедрин", "Иван", "Ильич")],
)
def test_a_name_nobody_touched_stays_as_it_was_written(family: str, given: str, patronymic: str) -> None:
    head = MemberDraft(family_name=family, given_name=given, patronymic=patronymic)
    typed = replace(Typed(), head=head, full_name=" ".join(part for part in (family, given, patronymic) if part))
    (kept, *_), _problems = typed.members(datetime(2024, 8, 12, tzinfo=UTC).date())
    assert (kept.family_name, kept.given_name, kept.patronymic) == (family, given, patronymic)

"""The store and the coordinator of a race: a process that receives, sends on, types in paper, and closes and reopens the day until it is
killed.

Like `tests.e2e.desk` it prints what is acknowledged the moment it is. Run by `python -m tests.e2e.store_desk ADDRESS WINDOW SECONDS`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from aidtrack.domain.actor import Actor
from aidtrack.domain.birth import of_age
from aidtrack.domain.days import DayState
from aidtrack.domain.ids import new_id
from aidtrack.domain.on_paper import PaperLine
from aidtrack.domain.people import HouseholdDraft, MemberDraft
from aidtrack.domain.queueing import Lane
from aidtrack.domain.stock import Destination, GoodsLine, ReceiveDraft, ReceiveLine, TransferDraft
from aidtrack.services import days, on_paper, people, queueing, stock
from aidtrack.store.database import Database, open_database
from tests.e2e.desk import actor_at, say

T = TypeVar("T")


class Store:
    """One process at one database."""

    def __init__(self, database: Database, window: int) -> None:
        self.database = database
        self.by: Actor = database.read(lambda session: actor_at(session, window))
        self.item: UUID = database.read(lambda session: stock.item_rows(session, self.by))[0].id

    def do(self, use_case: Callable[..., T], **facts: Any) -> T:
        return self.database.write(lambda session: use_case(session, self.by, request_id=new_id(), **facts))

    def work_once(self) -> None:
        """Goods in and out, a family off a sheet, then the evening and the morning again."""
        self.reopen()
        say("document", self.do(stock.receive, draft=ReceiveDraft("Поставщик", (ReceiveLine(self.item, 5),), "ТН")))
        draft = TransferDraft(Destination.ORGANISATION, "Больница", (GoodsLine(self.item, 2),), people=9)
        say("document", self.do(stock.transfer, draft=draft))
        say("ticket", self.do(queueing.issue_ticket, lane=Lane.A).id)
        say("hand_over", self._off_paper().hand_over.id)
        self.close()

    def _off_paper(self) -> on_paper.PaperReceipt:
        day = self.database.read(lambda session: days.day_state(session, self.by)).day
        draft = HouseholdDraft((MemberDraft(family_name="Бумажная", given_name="Анна", birth=of_age(40, day)),))
        home = self.do(people.register_household, draft=draft).household_id
        line = PaperLine(home, ((self.item, 1),), self.by.now(), self.by.desk, day)
        return self.do(on_paper.enter_paper_line, line=line)

    def close(self) -> None:
        """Closing is acknowledged by its operation: everything of it is there, or nothing."""
        request = new_id()
        self.database.write(lambda session: days.close_day(session, self.by, request_id=request))
        say("operation", request)

    def reopen(self) -> None:
        """The day may stand closed, by us or by the process before that was killed."""
        if self.database.read(lambda session: days.day_state(session, self.by)).state is DayState.CLOSED:
            self.do(days.reopen_day)


def main(address: str, window: int, seconds: float) -> None:
    database = open_database(address)
    store = Store(database, window)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        store.work_once()
    store.reopen()
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))

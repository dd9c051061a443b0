"""`check`: proves the truths T1–T4, T6, T7, T8 and T10 of the data on any database, and names each place where one does not hold.

Owns the order of the proofs. Each is counted again from rows, never read from a figure the program keeps.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.services.check import goods, printed, promised, queue, record
from aidtrack.services.check.failure import Failure
from aidtrack.store.handover import HandOver
from aidtrack.store.journal import Operation
from aidtrack.store.queueing import Ticket
from aidtrack.store.stock import Movement

__all__ = ["CheckReport", "Failure", "check"]


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was proved: how much was looked at, and where a truth does not hold."""

    operations: int
    movements: int
    hand_overs: int
    tickets: int
    failures: tuple[Failure, ...]

    @property
    def holds(self) -> bool:
        """Whether every truth holds."""
        return not self.failures

    def of(self, truth: str) -> tuple[Failure, ...]:
        """The failures of one truth."""
        return tuple(one for one in self.failures if one.truth == truth)


def check(session: Session, by: Actor) -> CheckReport:
    """Counts everything again. Changes nothing; may take a minute on a large database."""
    by.require(Permission.JOURNAL)
    found = [*goods.failures(session), *promised.failures(session), *queue.failures(session)]
    found += printed.failures(session, by, tuple(found))
    found += record.failures(session)
    counts = [
        session.scalar(select(func.count()).select_from(table)) for table in (Operation, Movement, HandOver, Ticket)
    ]
    operations, movements, hand_overs, tickets = (count or 0 for count in counts)
    return CheckReport(operations, movements, hand_overs, tickets, tuple(found))

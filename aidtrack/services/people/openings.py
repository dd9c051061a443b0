"""That somebody opened a family, and which look-ups led to nothing: the past of a family can give it away (field.md §1, 11).

Owns the record of openings. What the desk shows of a family is `services.handover`, the printed list is a report.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import no_family
from aidtrack.errors import Text
from aidtrack.services.people.find import is_own_card
from aidtrack.store import journal
from aidtrack.store.base import Base
from aidtrack.store.people import Card, FamilyOpening, Household
from aidtrack.store.queueing import Ticket, TicketEvent

_AT_ONCE = 500


class Opened(StrEnum):
    """How somebody came to a family: by a name, a code in somebody's hands, a number of the queue, a list."""

    NAME = "name"
    CODE = "code"
    QUEUE = "queue"
    LIST = "list"

    @property
    def text(self) -> Text:
        return _WORDS[self]


_WORDS = {
    Opened.NAME: Text("by name"),
    Opened.CODE: Text("by card"),
    Opened.QUEUE: Text("from the queue"),
    Opened.LIST: Text("from a list"),
}


@dataclass(frozen=True, slots=True)
class LookupRow:
    """Somebody looked at a family and did nothing for it that day; who the family is, its card says to those who may find it."""

    by_id: UUID | None
    by_name: str
    household_id: UUID
    card_tail: str
    at: datetime
    how: Opened
    times: int


def open_household(
    session: Session, by: Actor, *, request_id: UUID, household_id: UUID, card: str = "", from_list: bool = False
) -> None:
    """Writes down that the family was opened; `card` is what was scanned or typed. Idempotent by `request_id`."""
    by.require(Permission.FIND)
    with journal.operation(session, by, request_id, "open_household", household_id=household_id, card=card) as op:
        if op.is_repeat:
            return
        if session.get(Household, household_id) is None:
            raise no_family()
        how = Opened.LIST if from_list else _how(session, by, household_id, card)
        row = {
            "id": new_id(), "household_id": household_id, "by_id": by.user_id, "by_name": by.name, "site_id": by.site,
            "day": op.day, "at": by.now(), "how": how.value,
        }  # fmt: skip
        journal.add_many(session, FamilyOpening, [row])


def _how(session: Session, by: Actor, household_id: UUID, card: str) -> Opened:
    if card and is_own_card(session, household_id, card):
        return Opened.CODE
    here = select(Ticket.id).where(Ticket.household_id == household_id, Ticket.state.in_(("called", "serving")))
    return Opened.QUEUE if session.scalar(here.limit(1)) else Opened.NAME


# ── look-ups without an action ───────────────────────────────────────────────────────────────────


def lookups_without_action(session: Session, by: Actor, day: date) -> tuple[LookupRow, ...]:
    """Families somebody opened on `day` without doing anything for them that day, in the order of the first look; one row for a
    person and a family."""
    by.require(Permission.REPORT)
    query = select(FamilyOpening).where(FamilyOpening.site_id == by.site, FamilyOpening.day == day)
    looked: dict[tuple[UUID | None, str, UUID], list[FamilyOpening]] = {}
    for row in session.scalars(query.order_by(FamilyOpening.at, FamilyOpening.id)):
        looked.setdefault((row.by_id, row.by_name, row.household_id), []).append(row)
    acted = _acted(session, by, day, {household for *_, household in looked})
    idle = {who: rows for who, rows in looked.items() if who not in acted}
    tails = _tails(session, {household for *_, household in idle})
    return tuple(
        LookupRow(user, name, household, tails.get(household, ""), rows[0].at, Opened(rows[0].how), len(rows))
        for (user, name, household), rows in idle.items()
    )


def _acted(session: Session, by: Actor, day: date, families: Collection[UUID]) -> set[tuple[UUID | None, str, UUID]]:
    """Who did something for which of these families that day: changed a row of theirs, whatever it was."""
    rows = dict(_rows_of(session, families))
    done, change = journal.Operation, journal.Change
    query = select(done.actor_id, done.actor_name, change.table_name, change.row_id)
    query = query.join(change, change.operation_id == done.id)
    query = query.where(done.site_id == by.site, done.day == day, done.kind != "open_household")
    found = ((user, name, rows.get((table, row))) for user, name, table, row in session.execute(query))
    return {(user, name, family) for user, name, family in found if family is not None}


def _rows_of(session: Session, families: Collection[UUID]) -> Iterator[tuple[tuple[str, str], UUID]]:
    """(table, row) and family of everything that belongs to these families, as the journal names rows."""
    wanted = sorted(families)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        yield from ((("household", family.hex), family) for family in some)
        for table in _tables_of_families():
            query = select(table.c.id, table.c.household_id).where(table.c.household_id.in_(some))
            yield from (((table.name, row.hex), family) for row, family in session.execute(query))
        events = select(TicketEvent.id, Ticket.household_id).join(Ticket, Ticket.id == TicketEvent.ticket_id)
        yield from (
            (("ticket_event", row.hex), family)
            for row, family in session.execute(events.where(Ticket.household_id.in_(some)))
            if family
        )


def _tables_of_families() -> Iterator[Table]:
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        is_journaled = mapper.class_.exchange in journal.CAPTURED and mapper.class_ is not FamilyOpening
        if is_journaled and isinstance(table, Table) and {"id", "household_id"} <= set(table.columns.keys()):
            yield table


def _tails(session: Session, families: Collection[UUID]) -> dict[UUID, str]:
    query = select(Card.household_id, Card.tail).where(Card.household_id.in_(families), Card.is_valid)
    return {row.household_id: row.tail for row in session.execute(query)} if families else {}

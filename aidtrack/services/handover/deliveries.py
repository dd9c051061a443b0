"""Home-delivery sheets: for families who cannot come, numbered copy by copy, signed out with whoever carries it and back in.

Owns the sheets. What is handed over at a door is typed in as any hand-over; the paper is `services.overview`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.entitlement import AllowanceState
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import Need
from aidtrack.domain.stock import LONGEST_NAME, length_problems
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, NotFound, Problem, Refused, Text
from aidtrack.services.campaigns import AllowanceRow, allowances
from aidtrack.services.identity.classes import joined_families
from aidtrack.services.today import require_open_day
from aidtrack.store import journal
from aidtrack.store.days import draw
from aidtrack.store.handover import DeliveryReturn, DeliverySheet
from aidtrack.store.people import Household, HouseholdMember, PersonNeed

TO_THE_DOOR = (Need.OLDER_ALONE, Need.OLDER_CARE, Need.MOBILITY)
"""Who cannot be asked to come."""
MOST = 30
"""Families on one sheet: what two people carry in a day."""


@dataclass(frozen=True, slots=True)
class SheetOut:
    """One copy: its number of the day, who carries it, how many families, whether it is back."""

    id: UUID
    day: date
    number: int
    carrier: str
    families: int
    out_at: datetime
    back_at: datetime | None


def sign_out_sheet(session: Session, by: Actor, *, request_id: UUID, carrier: str) -> SheetOut:
    """A new copy for families who cannot come, have an address and may have something now. The shift lead's work.

    Idempotent by `request_id`. Protected families stand on no sheet; a family on a sheet that is out stands on no other.
    """
    by.require(Permission.PROTECT)
    carrier = clean(carrier)
    with journal.operation(session, by, request_id, "sign_out_sheet", carrier=carrier) as op:
        if op.is_repeat:
            return sheet_out(session, op.only("delivery_sheet"))
        if not carrier:
            raise InvalidInput([Problem("carrier", Text("Who takes the sheet out? Badge or name."))])
        if problems := length_problems(LONGEST_NAME, carrier=carrier):
            raise InvalidInput(problems)
        day = require_open_day(session, by).day
        number = draw(session, by.site, f"delivery/{day.isoformat()}")
        families = [one for one in _waiting(session, by, day) if due_at_home(session, by, one)][:MOST]
        if not families:
            raise Refused("nobody-at-home", Text("Nobody with an address who cannot come may have something today."))
        row = {
            "id": new_id(), "site_id": by.site, "day": day, "number": number, "carrier": carrier,
            "household_ids": [one.hex for one in families], "at": by.now(),
        }  # fmt: skip
        journal.add_many(session, DeliverySheet, [row])
        return sheet_out(session, row["id"])  # type: ignore[arg-type]


def _waiting(session: Session, by: Actor, day: date) -> Sequence[UUID]:
    """Families of this centre with somebody who cannot come, an address, no protection, on no sheet that is out."""
    needing = (
        select(HouseholdMember.household_id)
        .join(PersonNeed, PersonNeed.person_id == HouseholdMember.person_id)
        .where(HouseholdMember.until_day.is_(None), PersonNeed.need.in_(TO_THE_DOOR))
        .where(PersonNeed.until_day.is_(None) | (PersonNeed.until_day > day))
    )
    query = (
        select(Household.id, Household.address)
        .where(Household.id.in_(needing), Household.status == "active", Household.is_protected.is_(False))
        .where(Household.address != "", Household.site_id == by.site)
    )
    doors = sorted(session.execute(query).all(), key=lambda row: (_as_walked(row.address), row.id))
    out = {UUID(hex=one) for sheet in _rows_out(session, by) for one in sheet.household_ids}
    return list(_a_door_once(session, [row.id for row in doors], out))


def _as_walked(address: str) -> list[tuple[bool, int, str]]:
    """House 4 stands before house 12."""
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in re.split(r"(\d+)", address.casefold()) if part]


def _a_door_once(session: Session, families: Iterable[UUID], out: Collection[UUID]) -> Iterator[UUID]:
    """Nothing is brought twice: a family with two cards is one door, and is out when either of its cards is."""
    cards_of = {card: cards for cards in joined_families(session) for card in cards}
    known = set(out).union(*(cards_of.get(one, frozenset()) for one in out))
    for one in families:
        if one not in known:
            known |= cards_of.get(one, frozenset({one}))
            yield one


def due_at_home(session: Session, by: Actor, household_id: UUID) -> tuple[AllowanceRow, ...]:
    """What is brought to the door: everything due that some window gives now."""
    rows = allowances(session, by, household_id)
    return tuple(row for row in rows if row.due and row.state in (AllowanceState.GIVE, AllowanceState.OTHER_WINDOW))


def sign_in_sheet(session: Session, by: Actor, *, request_id: UUID, sheet_id: UUID, note: str = "") -> SheetOut:
    """The copy is back, or a note says what became of it. Once."""
    by.require(Permission.PROTECT)
    note = clean(note)
    with journal.operation(session, by, request_id, "sign_in_sheet", because=note, sheet_id=sheet_id, note=note) as op:
        if not op.is_repeat:
            row = session.get(DeliverySheet, sheet_id, with_for_update={"key_share": True})
            if row is None or row.site_id != by.site:
                raise NotFound("no-sheet", Text("This sheet is not one of ours."))
            if session.get(DeliveryReturn, sheet_id) is not None:
                raise Refused("back-already", Text("This sheet is back already."))
            journal.add_many(session, DeliveryReturn, [{"sheet_id": sheet_id, "note": note, "at": by.now()}])
        return sheet_out(session, sheet_id)


def sheets_out(session: Session, by: Actor) -> tuple[SheetOut, ...]:
    """The copies that are not back, the oldest first."""
    by.require(Permission.PROTECT)
    return tuple(sheet_out(session, row.id) for row in _rows_out(session, by))


def _rows_out(session: Session, by: Actor) -> Sequence[DeliverySheet]:
    query = (
        select(DeliverySheet)
        .outerjoin(DeliveryReturn, DeliveryReturn.sheet_id == DeliverySheet.id)
        .where(DeliverySheet.site_id == by.site, DeliveryReturn.sheet_id.is_(None))
        .order_by(DeliverySheet.day, DeliverySheet.number)
    )
    return session.scalars(query).all()


def sheet_out(session: Session, sheet_id: UUID) -> SheetOut:
    """One copy as it stands."""
    row = session.get(DeliverySheet, sheet_id)
    if row is None:
        raise NotFound("no-sheet", Text("This sheet is not one of ours."))
    back = session.scalar(select(DeliveryReturn.at).where(DeliveryReturn.sheet_id == sheet_id))
    return SheetOut(row.id, row.day, row.number, row.carrier, len(row.household_ids), row.at, back)

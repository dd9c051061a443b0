"""Who collects for other families: whose word was given for them today, and how many families that are.

Owns no table: the word stands on each hand-over, and what was asked once that day is read from there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.handover import HandOverDraft
from aidtrack.domain.people import HowConfirmed
from aidtrack.errors import Refused, Text
from aidtrack.services.handover.limits import limits
from aidtrack.services.identity.classes import class_of, closure
from aidtrack.services.today import current_day
from aidtrack.store.days import draw
from aidtrack.store.handover import HandOver, HandOverVoid
from aidtrack.store.queueing import Dispute, dispute_stands


def word_of(session: Session, by: Actor, *, person_id: UUID | None, name: str = "") -> HowConfirmed | None:
    """How we know today that this person collects for others; None where nobody has asked yet."""
    by.require(Permission.FIND)
    if person_id is None and not name:
        return None
    who = _is_them(session, person_id, name)
    query = _today(by, current_day(session, by), who).with_only_columns(HandOver.how_known)
    found = session.scalar(query.order_by(HandOver.at.desc()).limit(1))
    return HowConfirmed(found) if found else None


def expect_not_stopped(session: Session, by: Actor, drafts: Sequence[HandOverDraft], approver: Actor | None) -> None:
    """Refused for somebody whom a shift lead stopped from collecting for this family (field.md §1, 26); a shift lead may allow it."""
    if (approver or by).may(Permission.APPROVE):
        return
    for draft in drafts:
        if draft.collector_person_id is not None and draft.collector_person_id in stopped_for(session, draft.household_id):
            words = Text("The shift lead stopped this person from collecting for the family. Choose who else is here, or call: F8.")
            raise Refused("collector-stopped", words)


def stopped_for(session: Session, household_id: UUID) -> frozenset[UUID]:
    """Everybody, under any record, who no longer collects for this family."""
    query = select(Dispute.stopped_id).where(Dispute.household_id == household_id, Dispute.stopped_id.is_not(None), dispute_stands())
    return frozenset(one for stopped in session.scalars(query) if stopped is not None for one in class_of(session, stopped))


def expect_within_cap(
    session: Session, by: Actor, day: date, drafts: Sequence[HandOverDraft], approver: Actor | None
) -> None:
    """Refused when somebody collects for more families in a day than the centre allows; a shift lead lifts it.

    The person is locked with the families; somebody who is not registered is locked by a counter of their name.
    """
    for_others = [draft for draft in drafts if draft.how_known is not None]
    if not for_others:
        return
    for who in {(draft.collector_person_id, draft.collector_text) for draft in for_others}:
        _expect(session, by, day, [one.household_id for one in for_others if _who(one) == who], who, approver or by)


def _who(draft: HandOverDraft) -> tuple[UUID | None, str]:
    return draft.collector_person_id, draft.collector_text


def _expect(
    session: Session, by: Actor, day: date, households: Sequence[UUID], who: tuple[UUID | None, str], lead: Actor
) -> None:
    person, name = who
    if person is None:
        draw(session, by.site, f"collects/{day.isoformat()}/{hashlib.sha256(_folded(name).encode()).hexdigest()[:16]}")
    query = _today(by, day, _is_them(session, person, name)).with_only_columns(HandOver.household_id).distinct()
    within, before = limits(session, by), set(session.scalars(query))
    if not within.allows_families(len(before | set(households))) and not lead.may(Permission.APPROVE):
        words = Text("One person collects for {n} other families a day at most. More needs the shift lead.", n=within.families or 0)
        raise Refused("too-many-families", words)


def _today(by: Actor, day: date, who: ColumnElement[bool]) -> Select[HandOver]:
    return (
        select(HandOver)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(HandOver.site_id == by.site, HandOver.day == day, HandOver.how_known != "", who)
        .where(HandOverVoid.id.is_(None))
    )


def _is_them(session: Session, person_id: UUID | None, name: str) -> ColumnElement[bool]:
    """The same person under any record, or the same written name."""
    if person_id is not None:
        return HandOver.collector_id.in_(class_of(session, person_id))
    return HandOver.collector_id.is_(None) & (HandOver.collector_text == name)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def expect_other_people(session: Session, households: Sequence[UUID]) -> None:
    """Refused where somebody stands in two of these families: they are served one after the other."""
    seen: set[UUID] = set()
    for one in households:
        people = closure(session, [one])
        if people & seen:
            raise Refused(
                "same-people",
                Text("Somebody stands in two of these families. Hand over to one, then look at the other."),
            )
        seen |= people

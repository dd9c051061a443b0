"""A family held until the commit, so that nobody changes it meanwhile, and who belongs to it now."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.people import no_family
from aidtrack.store.base import expect_version
from aidtrack.store.people import Household, HouseholdMember


def held(session: Session, household_id: UUID, version: int | None = None) -> Household:
    """The family, locked. NotFound where it is not there; Conflict where it is not of this `version` any more."""
    query = select(Household).where(Household.id == household_id, Household.status == "active")
    found = session.scalar(query.with_for_update())
    if found is None:
        raise no_family()
    if version is not None:
        expect_version(found, version)
    return found


def members_now(session: Session, household_id: UUID) -> list[HouseholdMember]:
    """The memberships that have not ended, in their order."""
    query = select(HouseholdMember).where(HouseholdMember.household_id == household_id)
    return list(session.scalars(query.where(HouseholdMember.until_day.is_(None)).order_by(HouseholdMember.no)))

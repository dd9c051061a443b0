"""A second person's word for goods that are written off: from how many units on, and who may give it.

Owns the organisation's limit and the proof of an approval. How somebody shows who they are is the window's work (`signing_in`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from aidtrack.domain import access, stock
from aidtrack.domain.access import Permission, Role
from aidtrack.domain.actor import Actor
from aidtrack.errors import InvalidInput, Refused, Text
from aidtrack.services import days
from aidtrack.store import journal
from aidtrack.store.accounts import User, grants_on, put_setting, roles_of, setting_of

LIMIT = "write_off_limit"


def write_off_limit(session: Session, by: Actor) -> int:
    """Units of one write-off that need nobody else's word."""
    return int(setting_of(session, LIMIT).get("units", stock.WRITE_OFF_LIMIT))


def save_write_off_limit(session: Session, by: Actor, *, request_id: UUID, units: int) -> int:
    """From now on more units than this are approved by a second person; 0: every write-off is."""
    by.require(Permission.SETTINGS)
    with journal.operation(session, by, request_id, "save_write_off_limit", units=units) as op:
        problems = stock.quantity_problems("units", units, zero=True)
        if problems:
            raise InvalidInput(problems)
        if not op.is_repeat:
            put_setting(session, LIMIT, {"units": units})
        return units


def may_approve(session: Session, by: Actor, user_id: UUID) -> Role | None:
    """The role by which somebody may approve a write-off here today; None when none of theirs does."""
    user = session.get(User, user_id)
    if user is None or not user.is_active:
        return None
    roles = roles_of(grants_on(session, days.current_day(session, by), by.site), user_id)
    return next((Role(one) for one in roles if access.may([Role(one)], Permission.STOCK_APPROVE)), None)


def approval(session: Session, by: Actor, units: int, approved_by: UUID | None) -> Mapping[str, Any]:
    """What the document says of its approval; nothing where none is needed. Refused `needs-approval` where it is missing."""
    limit = write_off_limit(session, by)
    if not stock.needs_approval(units, limit):
        return {}
    if approved_by is None and by.may(Permission.STOCK_APPROVE):
        return {"approved_by": by.user_id.hex if by.user_id else "", "approved_as": _role_of(by).value}
    role = may_approve(session, by, approved_by) if approved_by else None
    if approved_by is None or role is None:
        raise Refused("needs-approval", Text("More than {n} units: a shift lead approves this here.", n=limit))
    return {"approved_by": approved_by.hex, "approved_as": role.value}


def _role_of(by: Actor) -> Role:
    return next(role for role in Role if role in by.roles and access.may([role], Permission.STOCK_APPROVE))

"""A second person's word for goods that are written off: from how many units on, and who may give it.

Owns the organisation's limit and what a paper says of its approval. Who the second person is, is proved by `badges.who_is`.
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
from aidtrack.store import journal
from aidtrack.store.accounts import put_setting, setting_of

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


def approval(session: Session, by: Actor, units: int, approver: Actor | None) -> Mapping[str, Any]:
    """What the document says of its approval; nothing where none is needed. Refused `needs-approval` where it is missing."""
    limit = write_off_limit(session, by)
    if not stock.needs_approval(units, limit):
        return {}
    lead = approver or by
    if not lead.may(Permission.APPROVE):
        raise Refused("needs-approval", Text("More than {n} units: a shift lead approves this here.", n=limit))
    role = next(role for role in Role if role in lead.roles and access.may([role], Permission.APPROVE))
    return {"approved_by": lead.user_id.hex if lead.user_id else "", "approved_as": role.value}

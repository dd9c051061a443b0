"""From where on a window of this centre asks the shift lead: families one person collects for, counts beside the book.

Owns how the answer is kept; each centre has its own. Who asks it is `collecting` and `giving`.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.handover import Limits, limits_problems
from aidtrack.errors import Conflict, InvalidInput, Text
from aidtrack.store import journal
from aidtrack.store.accounts import put_setting, setting_of


def limits(session: Session, by: Actor) -> Limits:
    """The limits of the actor's centre as they are in force now."""
    kept = setting_of(session, _key(by.site))
    return Limits(**kept) if kept else Limits()


def save_limits(session: Session, by: Actor, *, request_id: UUID, draft: Limits) -> Limits:
    """From now on the windows of this centre keep to these; what was handed over before stays."""
    by.require(Permission.SETTINGS)
    with journal.operation(session, by, request_id, "save_limits", draft=draft) as op:
        if not op.is_repeat:
            problems = limits_problems(draft)
            if problems:
                raise InvalidInput(problems)
            if limits(session, by).version != draft.version:
                raise Conflict("changed-meanwhile", Text("Somebody saved this meanwhile. Look at the new values, then save again."))
            kept = {"families": draft.families, "spot_count": draft.spot_count, "version": draft.version + 1}
            put_setting(session, _key(by.site), kept)
        return limits(session, by)


def _key(site_id: UUID) -> str:
    return f"hand_over/{site_id.hex}"

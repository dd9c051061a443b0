"""Whether the family that is open may stay on the screen: somebody else may sit before it now, or it was protected meanwhile.

Owns no rule: who may see whom is `services.people.protection`, which refuses whatever is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidtrack.domain.access import Permission
from aidtrack.errors import NotAllowed, NotFound, Refused
from aidtrack.ui import jobs

if TYPE_CHECKING:
    from aidtrack.services.handover import DeskView


def may_stay(view: DeskView, card: str) -> bool:
    """Said before it is asked again: not even for a blink may a protected family stand before somebody who came without its card."""
    return not view.family.is_protected or bool(card) or jobs.actor().may(Permission.PROTECT)


def is_hidden(error: BaseException) -> bool:
    """The answer says that this family is not shown here (any more); trouble with the database says nothing of it."""
    return isinstance(error, Refused | NotAllowed | NotFound)

"""Who may do what: roles of the centre and the permissions each carries (product.md, “The people who use it”).

A registrar or distributor cannot list, print or export names, so that they can truthfully say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from aidtrack.errors import Text


class Role(StrEnum):
    """A set of duties a person holds for a time at a site."""

    REGISTRAR = "registrar"
    DISTRIBUTOR = "distributor"
    STOREKEEPER = "storekeeper"
    SHIFT_LEAD = "shift_lead"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"

    @property
    def text(self) -> Text:
        return _ROLE_WORDS[self]


_ROLE_WORDS = {
    Role.REGISTRAR: Text("registration"),
    Role.DISTRIBUTOR: Text("hand-over"),
    Role.STOREKEEPER: Text("storekeeper"),
    Role.SHIFT_LEAD: Text("shift lead"),
    Role.COORDINATOR: Text("coordinator"),
    Role.ADMINISTRATOR: Text("administrator"),
    Role.AUDITOR: Text("auditor"),
}


class Permission(StrEnum):
    """One thing a use case asks leave for."""

    FIND = "find"
    REGISTER = "register"
    PROTECT = "protect"
    SETTLE = "settle"
    SEE_NAMES = "see_names"
    EXPORT_NAMES = "export_names"
    WITNESS_NAMES = "witness_names"
    IMPORT = "import"
    ISSUE_TICKET = "issue_ticket"
    CALL = "call"
    HAND_OVER = "hand_over"
    CANCEL_HAND_OVER = "cancel_hand_over"
    APPROVE = "approve"
    CHANGE_PAST = "change_past"
    PROMISE = "promise"
    PAUSE = "pause"
    RESUME = "resume"
    STOCK_SEE = "stock_see"
    STOCK_MOVE = "stock_move"
    STOCK_COUNT = "stock_count"
    CATALOGUE = "catalogue"
    CAMPAIGN = "campaign"
    DAY = "day"
    SIGN_OFF = "sign_off"
    REPORT = "report"
    USERS = "users"
    SETTINGS = "settings"
    BACKUP = "backup"
    JOURNAL = "journal"


_P = Permission
_DESK = {_P.FIND, _P.REGISTER, _P.ISSUE_TICKET, _P.CALL, _P.PAUSE}
_HANDS = _DESK | {_P.HAND_OVER, _P.CANCEL_HAND_OVER, _P.STOCK_SEE}
_STORE = {_P.STOCK_SEE, _P.STOCK_MOVE, _P.STOCK_COUNT, _P.PAUSE, _P.REPORT}
_LEAD = _HANDS | {_P.APPROVE, _P.PROTECT, _P.PROMISE, _P.RESUME, _P.REPORT, _P.STOCK_COUNT, _P.SIGN_OFF}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.REGISTRAR: frozenset(_DESK),
    Role.DISTRIBUTOR: frozenset(_HANDS),
    Role.STOREKEEPER: frozenset(_STORE),
    Role.SHIFT_LEAD: frozenset(_LEAD | {_P.WITNESS_NAMES}),
    Role.COORDINATOR: frozenset(_P),
    Role.ADMINISTRATOR: frozenset({_P.WITNESS_NAMES, _P.USERS, _P.SETTINGS, _P.BACKUP, _P.JOURNAL}),
    Role.AUDITOR: frozenset({_P.WITNESS_NAMES, _P.REPORT, _P.STOCK_SEE, _P.JOURNAL}),
}


def may(roles: Iterable[Role], permission: Permission) -> bool:
    """Whether any of `roles` carries `permission`."""
    return any(permission in GRANTS[role] for role in roles)

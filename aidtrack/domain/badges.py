"""Day badges: a printed code and four digits that let somebody work until the day is closed (field.md §1, 9).

Owns what a badge says when it is scanned, for how long it holds, and what is wrong with a batch or a claim. Whose it is, only the
database knows. A badge never opens a database file.
"""

from __future__ import annotations

from datetime import date

from aidtrack.domain.access import Role
from aidtrack.domain.accounts import NAME_LETTERS, PIN_DIGITS
from aidtrack.domain.days import DayState
from aidtrack.errors import Problem, Text

PREFIX = "B:"
TOKEN_DIGITS = 20
MOST_AT_ONCE = 99
ROLES = (Role.REGISTRAR, Role.DISTRIBUTOR, Role.STOREKEEPER, Role.SHIFT_LEAD)
"""Roles a badge may carry; who opens the day and the database file has a password."""


def badge_code(token: str) -> str:
    """What the QR code of a badge says."""
    return PREFIX + token


def token_of(code: str) -> str | None:
    """The token of a scanned badge, whatever case the scanner typed; None when it is no badge."""
    plain = "".join(code.split()).lower()
    token = plain.removeprefix(PREFIX.lower())
    is_badge = plain.startswith(PREFIX.lower()) and len(token) == TOKEN_DIGITS
    return token if is_badge and set(token) <= set("0123456789abcdef") else None


def holds(day: date, today: date, state: DayState, *, to_sign_off: bool = False) -> bool:
    """Whether a badge of `day` lets somebody work now: until that day is closed, also past midnight and before it is opened.

    A lead signs the closed day off with it.
    """
    if state is DayState.CLOSED:
        return to_sign_off
    return day == today and state is not DayState.SIGNED_OFF


def batch_problems(role: Role, count: int) -> list[Problem]:
    """All that is wrong with badges to be made."""
    problems = []
    if role not in ROLES:
        problems.append(Problem("role", Text("This role signs in with a password: no badge carries it.")))
    if not 1 <= count <= MOST_AT_ONCE:
        problems.append(Problem("count", Text("From 1 to {most} badges at once.", most=MOST_AT_ONCE)))
    return problems


def pin_ok(pin: str) -> bool:
    """Exactly four digits."""
    return pin.isascii() and pin.isdigit() and len(pin) == PIN_DIGITS


def claim_problems(name: str, pin: str) -> list[Problem]:
    """All that is wrong with what somebody typed at the first scan of a badge."""
    problems = []
    if not name:
        problems.append(Problem("name", Text("Give a name to sign in with, for example: Olha K.")))
    elif len(name) > NAME_LETTERS:
        problems.append(Problem("name", Text("At most {n} letters.", n=NAME_LETTERS)))
    if not pin_ok(pin):
        problems.append(Problem("pin", Text("Choose four digits and keep them in mind.")))
    elif len(set(pin)) == 1 or pin in "0123456789 9876543210":
        problems.append(Problem("pin", Text("Four digits that are harder to guess, please.")))
    return problems

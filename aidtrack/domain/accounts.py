"""The centre, its windows and the people who use the program, as they are typed, and what must be true of them.

Who may do what is `domain.access`; whether a name is taken and who is the last coordinator, only the database knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from anyascii import anyascii

from aidtrack.domain.access import Role
from aidtrack.domain.days import DAY_STARTS_AT
from aidtrack.errors import LANGUAGES, Problem, Text

PASSWORD_LETTERS = 10
PIN_DIGITS = 4
WRONG_TRIES = 5
NAME_LETTERS = 60
DAY_MINUTES = 24 * 60


class TextSize(StrEnum):
    """How large the letters of the window are."""

    NORMAL = "normal"
    LARGE = "large"


class Theme(StrEnum):
    """Light, dark, or as the system says."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class CentreDraft:
    """A distribution centre as typed. `day_starts_at` is in minutes after midnight; hours before it belong to the day before."""

    name: str
    place: str = ""
    timezone: str = "Europe/Moscow"
    public_languages: tuple[str, ...] = ("ru",)
    day_starts_at: int = DAY_STARTS_AT
    outside_phone: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class WindowDraft:
    """One working place as typed. `gives` None: every item."""

    number: int
    name: str = ""
    stages: tuple[str, ...] = ("register", "hand_over")
    gives: tuple[UUID, ...] | None = None
    is_active: bool = True
    version: int = 0


@dataclass(frozen=True, slots=True)
class UserDraft:
    """Somebody who uses the program, as typed. `until` is the last day the roles hold; None: no end."""

    name: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    until: date | None = None
    is_active: bool = True
    version: int = 0


def centre_problems(draft: CentreDraft) -> list[Problem]:
    """All that is wrong with a centre, each beside its field."""
    problems = _name_problems("name", draft.name, Text("Give the centre a name: it stands on every paper."))
    if not _is_zone(draft.timezone):
        problems.append(Problem("timezone", Text("There is no such time zone. Example: Europe/Moscow.")))
    if not draft.public_languages or set(draft.public_languages) - set(LANGUAGES):
        problems.append(Problem("public_languages", Text("Choose at least one language for board, slips and papers.")))
    if not 0 <= draft.day_starts_at < DAY_MINUTES:
        problems.append(Problem("day_starts_at", Text("Give an hour between 0:00 and 23:59.")))
    return problems


def window_problems(draft: WindowDraft, *, taken: Iterable[int], stages: Iterable[str]) -> list[Problem]:
    """All that is wrong with a window. `taken`: numbers of the other windows; `stages`: those there are."""
    problems = []
    if not 1 <= draft.number <= 99:
        problems.append(Problem("number", Text("A window has a number from 1 to 99.")))
    elif draft.number in set(taken):
        problems.append(Problem("number", Text("There is a window {number} already.", number=str(draft.number))))
    if not draft.stages or set(draft.stages) - set(stages):
        problems.append(Problem("stages", Text("Choose at least one thing this window does.")))
    if draft.gives is not None and not draft.gives:
        problems.append(Problem("gives", Text("Choose what this window gives, or “everything”.")))
    return problems


def user_problems(draft: UserDraft, *, taken: Iterable[str], today: date) -> list[Problem]:
    """All that is wrong with a user. `taken`: folded names of the other users."""
    problems = _name_problems("name", draft.name, Text("Give a name to sign in with, for example: Olha K."))
    if folded(draft.name) in set(taken):
        problems.append(Problem("name", Text("Somebody signs in with this name already. Add a letter of the surname.")))
    if not draft.roles:
        problems.append(Problem("roles", Text("Choose at least one role.")))
    if draft.until is not None and draft.until < today:
        problems.append(Problem("until", Text("This day is over already.")))
    return problems


def password_problems(password: str, again: str | None = None, *, pin_is_enough: bool = False) -> list[Problem]:
    """What is wrong with a new password. A PIN is enough for those whose password does not open the file."""
    problems = []
    if pin_is_enough and len(password) < PASSWORD_LETTERS and not is_pin(password):
        text = Text(
            "A PIN of {pin} digits or more, or a password of {n} letters or more.", pin=PIN_DIGITS, n=PASSWORD_LETTERS
        )
        problems.append(Problem("password", text))
    elif not pin_is_enough and len(password) < PASSWORD_LETTERS:
        text = Text("At least {n} letters or digits; three or four words are easy to keep in mind.", n=PASSWORD_LETTERS)
        problems.append(Problem("password", text))
    if again is not None and again != password:
        problems.append(Problem("again", Text("The two passwords differ. Type both again.")))
    return problems


def is_pin(password: str) -> bool:
    """Whether it is a PIN: few digits and nothing else, so that five wrong ones must end it."""
    return password.isascii() and password.isdigit() and PIN_DIGITS <= len(password) < PASSWORD_LETTERS


def folded(name: str) -> str:
    """Names that only differ in case or spaces sign in as the same person."""
    return " ".join(name.casefold().split())


def site_code(name: str, taken: Iterable[str] = ()) -> str:
    """Up to six Latin letters and digits for document numbers: «Школа № 12» → SHKO12. Unique among `taken`."""
    latin = re.sub(r"[^A-Z0-9 ]", "", anyascii(name.replace("№", " ")).upper())
    digits = "".join(c for c in latin if c.isdigit())[:3]
    letters = "".join(c for c in latin if c.isalpha())[: 6 - len(digits)]
    base = letters + digits or "SITE"
    numbered = (f"{base[:5]}{n}" for n in range(2, 1000))
    others = set(taken)
    return next(code for code in (base, *numbered) if code not in others)


def _name_problems(key: str, name: str, missing: Text) -> list[Problem]:
    if not name:
        return [Problem(key, missing)]
    if len(name) > NAME_LETTERS:
        return [Problem(key, Text("At most {n} letters.", n=NAME_LETTERS))]
    return []


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and ZoneInfo(name).key == name
    except (KeyError, ValueError, OSError):
        return False

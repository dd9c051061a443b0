"""The card of another centre: paper is the network. Its number goes on as the family's card, and its stamps are what the family declares.

Owns reading the number and the stamped days, and for which goods a rule may count what a family declares. Where no rule says so, it is
reported and withholds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from aidtrack.domain.ids import card_number_ok
from aidtrack.errors import Problem, Text

_STAMP = re.compile(r"(\d{1,2})\s+(\d{1,2})[./](\d{1,2})")
_MOST = 24

NEVER_WITHHELD = frozenset({"food", "water", "hygiene", "infant"})
"""Kinds of goods that nobody goes without for what another centre may have given."""

Stamp = tuple[UUID, date]


def may_count(category: str) -> bool:
    """Whether a rule for goods of this kind may count what families declare. Goods that nobody sorted could be food: they may not."""
    return bool(category) and category not in NEVER_WITHHELD


def card_digits(typed: str) -> str:
    """«4821 1790 5570» as it is kept."""
    return "".join(typed.split())


def read_stamps(typed: str, numbers: Sequence[UUID], today: date) -> tuple[Stamp, ...] | None:
    """«1 12.8, 4 3.8»: items by their numbers, each with the day of the stamp, the last such day that is over. Nothing typed: none.

    None when it cannot be read.
    """
    found: list[Stamp] = []
    rest = typed
    for match in _STAMP.finditer(typed):
        no, day = int(match[1]), _last_day(int(match[2]), int(match[3]), today)
        if not 1 <= no <= len(numbers) or day is None:
            return None
        found.append((numbers[no - 1], day))
        rest = rest.replace(match[0], " ", 1)
    return tuple(dict.fromkeys(found)) if not re.sub(r"[\s,;]", "", rest) else None


def _last_day(day: int, month: int, today: date) -> date | None:
    for year in (today.year, today.year - 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None


def problems_of(number: str, stamps: Sequence[Stamp], today: date) -> list[Problem]:
    """All that is wrong with what was typed off the card."""
    problems = []
    if not card_number_ok(number):
        words = Text("Twelve digits as on the card; the last one checks the others. Look at it once more.")
        problems.append(Problem("number", words))
    if len(stamps) > _MOST or any(day > today for _, day in stamps):
        problems.append(Problem("stamps", Text("Stamped days lie behind us, at most {n} of them.", n=_MOST)))
    return problems

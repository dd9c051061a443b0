"""Who is at work and who holds a number on the simulated day: what `simulation`, `power_cut` and `errands` speak about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from aidtrack.demo.centre import DAY
from aidtrack.demo.families import Family

NEXT_DAY = DAY + timedelta(days=1)
REGISTRAR, LEAD, STORE, COORDINATOR = "Марина С.", "Ирина Л.", "Виктор Т.", "Ольга К."
GIVERS = {1: "Андрей П.", 2: "Наталья В."}


@dataclass
class Visit:
    """A number and who holds it; `family` is None for somebody who does not wait. `is_on_paper`: served without light, and gone."""

    ticket_id: UUID
    family: Family | None
    household_id: UUID | None = None
    card: str = ""
    seen: set[int] = field(default_factory=set)
    given: list[UUID] = field(default_factory=list)
    is_on_paper: bool = False

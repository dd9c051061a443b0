"""What R1 says beside the families as values: goods to organisations, the free table, and how what was passed on divides."""

from __future__ import annotations

from dataclasses import dataclass

from aidtrack.errors import Names, Text


@dataclass(frozen=True, slots=True)
class BesideFigures:
    """Goods beside the families, item by item: to an organisation on a waybill for so many people as it says, or from the free table,
    where `organisation` is empty. What was taken back of another day is below zero.
    """

    organisation: str
    document: str
    people: int
    names: Names
    unit: Text
    quantity: int


@dataclass(frozen=True, slots=True)
class PassedFigures:
    """How what the shelves passed on (R5) divides: to organisations, the free table, other centres and donors, and into kits."""

    organisations: int = 0
    free_table: int = 0
    others: int = 0
    kits: int = 0
    from_shelves: int = 0

    @property
    def total(self) -> int:
        """All that is told apart here."""
        return self.organisations + self.free_table + self.others + self.kits

    @property
    def adds_up(self) -> bool:
        """Whether that is what the book of the shelves has."""
        return self.total == self.from_shelves


NOTHING_PASSED = PassedFigures()

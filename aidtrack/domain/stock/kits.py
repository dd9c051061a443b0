"""The rules of kits: what goes into one, what comes out of it again, how many the shelf is enough for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from aidtrack.domain.stock.goods import LotPick, quantity_problems
from aidtrack.errors import Problem, Text


@dataclass(frozen=True, slots=True)
class KitPart:
    """So many units of an item in one kit."""

    item_id: UUID
    quantity: int


def parts_for(recipe: Sequence[KitPart], kits: int) -> tuple[KitPart, ...]:
    """What `kits` kits take from the shelf: kits times the recipe."""
    return tuple(KitPart(part.item_id, part.quantity * kits) for part in recipe)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What comes out of kits: batches that went into them, and units of items whose batch nobody knows."""

    known: tuple[tuple[UUID, LotPick], ...]
    unknown: tuple[KitPart, ...]


def unpack(parts: Sequence[KitPart], inside: Mapping[UUID, Sequence[LotPick]]) -> Unpacked:
    """The batches that come out, of those still inside kits of this batch; what more comes out has no known batch."""
    known: list[tuple[UUID, LotPick]] = []
    unknown = []
    for part in parts:
        left = part.quantity
        for lot in inside.get(part.item_id, ()):
            taken = min(lot.quantity, left)
            known += [(part.item_id, LotPick(lot.lot_id, taken))] if taken > 0 else []
            left -= max(taken, 0)
        unknown += [KitPart(part.item_id, left)] if left else []
    return Unpacked(tuple(known), tuple(unknown))


def kits_possible(recipe: Sequence[KitPart], can_be_given: Mapping[UUID, int]) -> int:
    """How many kits the shelf is enough for; none without a recipe."""
    return min((can_be_given.get(part.item_id, 0) // part.quantity for part in recipe), default=0)


def recipe_problems(kit_id: UUID, recipe: Sequence[KitPart]) -> list[Problem]:
    """A recipe has parts, each once and at least one unit, and never the kit itself."""
    problems = [] if recipe else [Problem("parts", Text("Name at least one item of the kit."))]
    for n, part in enumerate(recipe):
        if part.item_id == kit_id:
            problems.append(Problem(f"parts.{n}.item", Text("A kit cannot contain itself.")))
        problems += quantity_problems(f"parts.{n}.quantity", part.quantity)
    items = sorted(part.item_id for part in recipe)
    if any(len(list(same)) > 1 for _, same in groupby(items)):
        problems.append(Problem("parts", Text("One item stands twice in the kit: put it on one line.")))
    return problems

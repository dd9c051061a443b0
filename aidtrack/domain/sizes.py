"""Sizes of an item: how they are typed, named and ordered.

A size is an item of its own on the shelf (own batches, own balance), and the same item to the rules: one window for all sizes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aidtrack.domain.stock import LONGEST_NAME, length_problems
from aidtrack.errors import Names, Problem, Text

LONGEST_SIZE = 12
MOST_SIZES = 40
_LETTERS = ("XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL")


def read_sizes(typed: str) -> tuple[str, ...]:
    """`3, 4, 5` or `36-46` as sizes, each once, in the order of sizes; a span is of whole numbers."""
    found: list[str] = []
    for part in typed.replace(";", ",").split(","):
        found += _span(" ".join(part.split()))
    return tuple(sorted(dict.fromkeys(size for size in found if size), key=size_order))


def _span(part: str) -> Sequence[str]:
    first, sign, last = (word.strip() for word in part.replace("–", "-").partition("-"))
    if not (sign and first.isdecimal() and last.isdecimal() and int(first) <= int(last) < int(first) + MOST_SIZES):
        return (part,)
    return [str(n) for n in range(int(first), int(last) + 1)]


def show_sizes(sizes: Iterable[str]) -> str:
    """Sizes as they are typed."""
    return ", ".join(sizes)


def size_order(size: str) -> tuple[int, float, str]:
    """Numbers by their value, then letters from the smallest to the largest, then anything else by its letters."""
    try:
        return 0, float(size.replace(",", ".")), size
    except ValueError:
        return (1, _LETTERS.index(size.upper()), size) if size.upper() in _LETTERS else (2, 0, size)


def size_names(names: Names, size: str) -> dict[str, str]:
    """What a size is called: “Diapers for children, 4”."""
    return {lang: f"{name}, {size}" for lang, name in names.items()}


def sizes_problems(names: Names, sizes: Sequence[str]) -> list[Problem]:
    """Everything wrong with the sizes of an item of these names."""
    found = []
    if len(sizes) > MOST_SIZES:
        found.append(Problem("sizes", Text("{most} sizes at most.", most=MOST_SIZES)))
    for size in sizes:
        found += length_problems(LONGEST_SIZE, sizes=size)
        found += length_problems(LONGEST_NAME, sizes=max(size_names(names, size).values(), key=len, default=""))
    return found[:1]

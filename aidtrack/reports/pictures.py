"""Pictures of goods for people who read no language of the poster: line drawings on a grid of 24, stroke 2.6 points.

Owns the drawings and which item has which; an item without one of its own has that of its category, else a parcel.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from reportlab.lib.units import mm

from aidtrack.reports.page import Sheet

GRID = 24.0
_STROKE = 2.6

_BOX = "r 3 8 18 13 1|p M3 8 L6 3 L18 3 L21 8|p M12 3 L12 8|p M9 14 L15 14|p M10 17 L14 17"
_BOTTLE = (
    "r 9 2 6 3 0.6|"
    "p M9.5 5 L9.5 7 C7 8.5 6 9.5 6 12 L6 20 C6 21.2 6.8 22 8 22 L16 22 C17.2 22 18 21.2 18 20 L18 12 C18 9.5 17 "
    "8.5 14.5 7 L14.5 5|"
    "p M12 12 C10.5 14 9.8 15 9.8 16.3 C9.8 17.6 10.8 18.5 12 18.5 C13.2 18.5 14.2 17.6 14.2 16.3 C14.2 15 13.5 14 "
    "12 12 Z"
)
_MEAL = (
    "e 3 3 11 4|p M3 5 L3 19 C3 20.2 5.5 21 8.5 21 C11.5 21 14 20.2 14 19 L14 5|"
    "p M3 12 C3 13.2 5.5 14 8.5 14 C11.5 14 14 13.2 14 12|e 17 3 4 6|p M19 9 L19 21"
)
_BABY = (
    "p M9.5 8 C9.5 6 11 5.5 11 4 C11 2.6 13 2.6 13 4 C13 5.5 14.5 6 14.5 8|p M7 8 L17 8|"
    "p M8 8 L8 20 C8 21.2 8.8 22 10 22 L14 22 C15.2 22 16 21.2 16 20 L16 8|p M13 12 L16 12|p M13 15 L16 15|"
    "p M13 18 L16 18"
)
_DIAPER = "p M2 5 L22 5 L22 9 C18.5 10 16 13 15.5 20 L8.5 20 C8 13 5.5 10 2 9 Z|p M2 8 L6 8|p M18 8 L22 8"
_PAD = (
    "r 8 2 8 20 4|p M8 9 L5.5 9 C4 9 3 10 3 12 C3 14 4 15 5.5 15 L8 15|"
    "p M16 9 L18.5 9 C20 9 21 10 21 12 C21 14 20 15 18.5 15 L16 15|p M10.8 7.5 L10.8 16.5|p M13.2 7.5 L13.2 16.5"
)
_HYGIENE = (
    "r 3 11 10 11 1.5|p M6 11 L6 8 L10 8 L10 11|p M8 8 L8 4 L4.5 4|p M18.5 9 L18.5 22|r 16.8 2 3.4 7 0.8|"
    "p M20.2 4 L22 4|p M20.2 6.5 L22 6.5"
)
_SOAP = "r 2 11 20 10 3|r 6 14.5 12 3.4 1.7|c 7 6.5 2.6|c 12.4 4.2 1.8|c 17.4 6.6 2.3"
_BLANKET = "r 3 4 18 6 1.6|r 3 10 18 5 1.6|r 3 15 18 5 1.6|p M9 4 L9 10|p M15 4 L15 10|p M3 7 L21 7"
_BED = "p M2 4 L2 21|p M2 17 L22 17|p M22 21 L22 14 C22 12 20.5 11 18 11 C14 11 11.5 12 10.5 14 L2 14|r 3.6 9.2 6.4 4.4 1.6"
_PILLOW = (
    "p M4 6 C8 7.4 16 7.4 20 6 C21.6 6 21.6 7.6 21.2 9 C20.6 11 20.6 13 21.2 15 C21.6 16.4 21.6 18 20 18 C16 16.6 "
    "8 16.6 4 18 C2.4 18 2.4 16.4 2.8 15 C3.4 13 3.4 11 2.8 9 C2.4 7.6 2.4 6 4 6 Z"
)
_MATTRESS = "r 2 8 20 9 2|p M2 12.5 L22 12.5|p M7 8 L7 17|p M12 8 L12 17|p M17 8 L17 17"
_TOWEL = "p M6 3 L18 3 L18 18 L6 18 Z|p M6 13 L18 13|p M6 15.5 L18 15.5|p M8 18 L8 21|p M12 18 L12 21|p M16 18 L16 21"
_POT = (
    "p M4 10 L20 10 L20 18 C20 19.6 19 21 17 21 L7 21 C5 21 4 19.6 4 18 Z|p M2 12 L4 12|p M20 12 L22 12|"
    "p M3 8.4 L21 8.4|p M10 8 L10 5.5 L14 5.5 L14 8"
)
_SHIRT = "p M8 3 L3 6 L5 11 L7.5 10 L7.5 21 L16.5 21 L16.5 10 L19 11 L21 6 L16 3 C15 5.4 9 5.4 8 3 Z"
_SHOE = (
    "p M2.5 8 L2.5 19 L21.5 19 L21.5 16.5 C21.5 14.5 19.5 14 17 13.5 C14 13 12.5 11 11.5 8.5 C9.5 10 5.5 10 2.5 8 "
    "Z|p M12.5 12.6 L14.2 10.8|p M15 14 L16.4 12"
)
_CARD = "r 2 5 20 14 2|p M2 9.5 L22 9.5|p M5.5 15 L11 15"
_HEATER = "r 3 5 18 14 2|p M8 8 L8 16|p M12 8 L12 16|p M16 8 L16 16|p M6 19 L6 21|p M18 19 L18 21"
_STOVE = "r 3 9 18 11 1.5|p M3 13 L21 13|c 8 16.6 1.5|c 16 16.6 1.5|p M6 6.5 L11 6.5|p M13 6.5 L18 6.5"
_PET = (
    "c 6 10 2.2|c 10 5.6 2.2|c 14.6 5.6 2.2|c 18.4 10 2.2|"
    "p M12.2 11 C9.6 11 6.6 15 6.6 17.6 C6.6 19.6 8.4 20.6 10.2 20.2 C11.6 19.8 12.8 19.8 14.2 20.2 C16 20.6 17.8 "
    "19.6 17.8 17.6 C17.8 15 14.8 11 12.2 11 Z"
)
_SPRAY = (
    "r 6 10 9 12 2|p M8 10 L8 6.5 L13 6.5 L13 10|p M7 6.5 L7 3.5 L14.5 3.5 L16.5 6|p M19 3 L21.5 2|p M19 5 L21.5 5|"
    "p M19 7 L21.5 8"
)

_OF_ITEM = {
    "FOOD-KIT-P7": _BOX, "FOOD-KIT-F": _BOX, "FOOD-RTE5": _MEAL, "WATER-5L": _BOTTLE, "BABY-FOOD": _BABY, "HYG-F": _HYGIENE,
    "HYG-W": _PAD, "DIAP-C": _DIAPER, "DIAP-A": _DIAPER, "SOAP-250": _SOAP, "LAUNDRY-200": _SPRAY, "HOUSE-CHEM": _SPRAY,
    "BED-SET": _BED, "BLANKET": _BLANKET, "PILLOW": _PILLOW, "MATTRESS": _MATTRESS, "TOWEL": _TOWEL, "KITCHEN": _POT,
    "CLOTH-A": _SHIRT, "CLOTH-C": _SHIRT, "SHOES": _SHOE, "MED-CARD": _CARD, "CERT-GOODS": _CARD, "HEATER": _HEATER,
    "STOVE": _STOVE, "PET": _PET, "TOOTH": _HYGIENE, "SHAMPOO": _HYGIENE,
}  # fmt: skip
_OF_CATEGORY = {
    "food": _BOX, "water": _BOTTLE, "infant": _BABY, "hygiene": _HYGIENE, "bedding": _BED, "household": _POT, "clothing": _SHIRT,
    "voucher": _CARD,
}  # fmt: skip


def picture(code: str, category: str) -> str:
    """The drawing of an item of this code and category."""
    return _OF_ITEM.get(code) or _OF_CATEGORY.get(category, _BOX)


def draw(sheet: Sheet, x: float, down: float, size: float, strokes: str) -> None:
    """Draws it `size` mm wide and high with its upper left corner there."""
    canvas, unit = sheet.canvas, size / GRID * mm
    canvas.saveState()
    canvas.setLineWidth(_STROKE)
    canvas.setLineJoin(1)
    canvas.setLineCap(1)
    canvas.translate(x * mm, sheet.y(down))
    canvas.scale(unit, -unit)
    canvas.setLineWidth(_STROKE / unit)
    path = canvas.beginPath()
    for kind, numbers, steps in _read(strokes):
        _add(path, kind, numbers, steps)
    canvas.drawPath(path, stroke=1, fill=0)
    canvas.restoreState()


Steps = tuple[tuple[str, tuple[float, ...]], ...]


@cache
def _read(strokes: str) -> tuple[tuple[str, tuple[float, ...], Steps], ...]:
    """Each stroke: its kind (rectangle, circle, ellipse, path), its numbers, and the steps of a path."""
    found: list[tuple[str, tuple[float, ...], Steps]] = []
    for stroke in strokes.split("|"):
        kind, rest = stroke[0], stroke[2:]
        if kind == "p":
            found.append((kind, (), _steps(rest)))
        else:
            found.append((kind, tuple(map(float, rest.split())), ()))
    return tuple(found)


def _steps(words: str) -> Steps:
    found: list[tuple[str, list[float]]] = []
    for word in words.split():
        letter = word[0] if word[0].isalpha() else ""
        if letter:
            found.append((letter, []))
        if word[len(letter) :]:
            found[-1][1].append(float(word[len(letter) :]))
    return tuple((letter, tuple(numbers)) for letter, numbers in found)


def _add(path: object, kind: str, numbers: tuple[float, ...], steps: Steps) -> None:
    draw_on = _Path(path)
    if kind == "r":
        draw_on.rounded(*numbers)
    elif kind == "c":
        x, y, r = numbers
        draw_on.path.circle(x, y, r)
    elif kind == "e":
        x, y, wide, high = numbers
        draw_on.path.ellipse(x, y, wide, high)
    for letter, at in steps:
        draw_on.step(letter, at)


class _Path:
    """A path of the canvas, told by letters: M to, L line, C curve, Z closed."""

    def __init__(self, path: object) -> None:
        self.path: Any = path

    def rounded(self, x: float, y: float, wide: float, high: float, radius: float) -> None:
        self.path.roundRect(x, y, wide, high, radius)

    def step(self, letter: str, at: tuple[float, ...]) -> None:
        made = {"M": self.path.moveTo, "L": self.path.lineTo, "C": self.path.curveTo, "Z": self.path.close}
        made[letter](*at)

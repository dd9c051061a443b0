"""Everything people can open, as scenes: who sits at the window, on which page, at what moment, and what is pressed.

A scene names the dialogs it shows; `tests/house` holds that no dialog and no page is without one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.screenshots.studio import Studio

COORDINATOR = "Ольга К."


@dataclass(frozen=True)
class Scene:
    """One picture in every look. `folded`: also in the small window and in large letters."""

    page: str
    name: str
    run: Callable[[Studio], object]
    shows: tuple[str, ...] = ()
    who: str = COORDINATOR
    at: str = "morning"
    folded: bool = True

    @property
    def path(self) -> str:
        """The name of its picture."""
        return f"{self.page}-{self.name}" if self.name else self.page


SCENES: list[Scene] = []


def scene(
    path: str, *shows: str, who: str = COORDINATOR, at: str = "morning", folded: bool = True
) -> Callable[[Callable[[Studio], object]], Callable[[Studio], object]]:
    """`@scene("stock/transfer", "name of a dialog")`: opens it, by what a person would press."""
    page, _, name = path.partition("/")

    def add(run: Callable[[Studio], object]) -> Callable[[Studio], object]:
        SCENES.append(Scene(page, name, run, shows, who, at, folded))
        return run

    return add


def scenes() -> list[Scene]:
    """All of them, in the order of the pages."""
    from tests.screenshots.scenes import day, desk, people, programmes, queue, reports, settings, stock

    assert all((day, desk, people, programmes, queue, reports, settings, stock))
    return SCENES

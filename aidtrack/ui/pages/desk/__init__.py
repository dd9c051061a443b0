"""The Desk: find a family, see what it can have now, hand it over by one key; register a new one; call the next number.

The page itself is `page`; its parts stand beside it and know nothing of each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aidtrack.ui.pages.desk.page import DeskPage as DeskPage


def __getattr__(name: str) -> object:
    """The page is put together when somebody wants it; a part alone needs none of the others."""
    if name == "DeskPage":
        from aidtrack.ui.pages.desk.page import DeskPage

        return DeskPage
    raise AttributeError(name)

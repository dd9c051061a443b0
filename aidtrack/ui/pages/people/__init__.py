"""The page People: families to look through, one family whole with its journal, lists taken in and given out."""

from aidtrack.ui.pages.people.page import PeoplePage

__all__ = ["PeoplePage"]

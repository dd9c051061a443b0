"""The page Day: open, look over, close, sign off; the paper for a power cut, and typing in what was given on it."""

from aidtrack.ui.pages.day.page import DayPage

__all__ = ["DayPage"]

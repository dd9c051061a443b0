"""Settings: the centre, its windows, its people, this computer, backup, and what the program is made of."""

from aidtrack.ui.pages.settings.page import SettingsPage

__all__ = ["SettingsPage"]

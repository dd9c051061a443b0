"""A demonstration day: invented, always the same, of a real day's size, and made by the program's own use cases.

It shows what the window and the papers look like in the evening, and it is what tests and benchmarks work on.
"""

from aidtrack.demo.centre import DAY, Scopes, founded
from aidtrack.demo.day import DemoDay, Figures

__all__ = ["DAY", "DemoDay", "Figures", "Scopes", "write_day"]


def write_day(scopes: Scopes) -> Figures:
    """The whole day, from the founding of the centre to the evening's closing."""
    return DemoDay(founded(scopes)).run()

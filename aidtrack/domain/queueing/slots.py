"""Tomorrow's hours: instead of standing in vain, a family gets an hour of the next day, filled in the order people were put off."""

from __future__ import annotations

from aidtrack.errors import Text

FEWEST_AN_HOUR = 10
LONGEST_DAY = 9


def slot_hour(put_off_before: int, an_hour: float, opens: int) -> int:
    """The hour, by the clock on the wall, for whom so many were put off before: as many an hour as were served today, ten at least.

    Whoever does not fit into the day comes in its last hour.
    """
    hours = int(put_off_before // max(an_hour, FEWEST_AN_HOUR))
    return min(opens + min(hours, LONGEST_DAY - 1), 23)


def slot_text(hour: int) -> Text:
    """“from 10 to 11”."""
    return Text("from {since}:00 to {until}:00", since=hour, until=hour + 1)

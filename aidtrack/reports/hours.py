"""When the centre was open that day and when its clocks stood still, as the papers of a day say it under their title."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from aidtrack.errors import Text
from aidtrack.reports.page import Sheet
from aidtrack.reports.tables import NONE
from aidtrack.services.overview import PauseFigures


def open_hours(opened: time | None, closed: time | None, pauses: Sequence[PauseFigures], sheet: Sheet) -> list[str]:
    """The hours first, then each pause with its reason."""
    since = Text("Open since {from_}, the day is not closed yet", from_=_clock(opened))
    hours = Text("Open {from_}–{until}", from_=_clock(opened), until=_clock(closed))
    return [sheet.say(hours if closed else since), *(_pause(pause, sheet) for pause in pauses)]


def _pause(pause: PauseFigures, sheet: Sheet) -> str:
    reason = f" ({sheet.say(pause.reason)})" if pause.reason else ""
    return sheet.say(pause_words(pause.start, pause.until)) + reason


def pause_words(start: time, until: time | None) -> Text:
    """Without its end while it lasts."""
    if until is None:
        return Text("pause since {from_}", from_=_clock(start))
    return Text("pause {from_}–{until}", from_=_clock(start), until=_clock(until))


def _clock(moment: time | None) -> str:
    return f"{moment:%H:%M}" if moment else NONE

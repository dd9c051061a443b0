"""Time zones to choose from: those of the regions AidTrack is made for first, with what the clock says there."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from aidtrack.clock import wall_clock
from aidtrack.errors import Text

UTC = "UTC"
FIRST: dict[str, Text] = {
    "Europe/Moscow": Text("Moscow"),
    "Europe/Kyiv": Text("Kyiv"),
    "Europe/Kaliningrad": Text("Kaliningrad"),
    "Europe/Samara": Text("Samara"),
    "Europe/Saratov": Text("Saratov"),
    "Europe/Volgograd": Text("Volgograd"),
    "Europe/Minsk": Text("Minsk"),
    "Europe/Chisinau": Text("Chisinau"),
    "Europe/Warsaw": Text("Warsaw"),
    "Europe/Bucharest": Text("Bucharest"),
    "Europe/Berlin": Text("Berlin"),
    "Asia/Yekaterinburg": Text("Yekaterinburg"),
    "Asia/Omsk": Text("Omsk"),
    "Asia/Novosibirsk": Text("Novosibirsk"),
    "Asia/Krasnoyarsk": Text("Krasnoyarsk"),
    "Asia/Irkutsk": Text("Irkutsk"),
    "Asia/Vladivostok": Text("Vladivostok"),
    "Asia/Tbilisi": Text("Tbilisi"),
    "Asia/Yerevan": Text("Yerevan"),
    "Asia/Almaty": Text("Almaty"),
    UTC: Text(""),
}
"""By what the people call the town; a rare zone of another place keeps the name the computer has for it."""


def choices(present: str = "") -> list[tuple[str, Text]]:
    """Zones by what their clock shows and their town; the one in use stands among them even if it is a rare one."""
    zones = list(FIRST) if present in ("", *FIRST) else [present, *FIRST]
    known, now = _known(), wall_clock()
    return [(zone, _clock(zone, now)) for zone in zones if zone in known]


@cache
def _known() -> frozenset[str]:
    """Those this machine has; they are looked for in its files."""
    return frozenset(available_timezones())


def of_this_machine() -> str:
    """The zone the machine's clock shows, if it is one of the list; else the first. A clock left at UTC says nothing."""
    now = wall_clock()
    here = now.astimezone().utcoffset()
    zones = [zone for zone in FIRST if zone != UTC and now.astimezone(ZoneInfo(zone)).utcoffset() == here]
    return zones[0] if zones and here else next(iter(FIRST))


def _clock(zone: str, now: datetime) -> Text:
    """“19:03 · Moscow · UTC+3”: short enough for a field of half a page on an old laptop."""
    there = now.astimezone(ZoneInfo(zone))
    hours, minutes = divmod(int((there.utcoffset() or now - now).total_seconds()) // 60, 60)
    shift = f"UTC{'+' if hours >= 0 else '−'}{abs(hours)}{f':{minutes:02}' if minutes else ''}"
    town = FIRST.get(zone) or zone.rpartition("/")[2].replace("_", " ")
    if zone == UTC:
        return Text("{time} · {shift}", time=f"{there:%H:%M}", shift=shift)
    return Text("{time} · {town} · {shift}", time=f"{there:%H:%M}", town=town, shift=shift)

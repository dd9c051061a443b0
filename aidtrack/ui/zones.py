"""Time zones to choose from: those of the regions AidTrack is made for first, with what the clock says there."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from aidtrack.clock import wall_clock

FIRST = (
    "Europe/Moscow", "Europe/Kyiv", "Europe/Kaliningrad", "Europe/Samara", "Europe/Saratov", "Europe/Volgograd",
    "Europe/Minsk", "Europe/Chisinau", "Europe/Warsaw", "Europe/Bucharest", "Europe/Berlin", "Asia/Yekaterinburg",
    "Asia/Omsk", "Asia/Novosibirsk", "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Vladivostok", "Asia/Tbilisi",
    "Asia/Yerevan", "Asia/Almaty", "UTC",
)  # fmt: skip


def choices(present: str = "") -> list[tuple[str, str]]:
    """Zones by what their clock shows and their town; the one in use stands among them even if it is a rare one."""
    zones = list(FIRST) if present in ("", *FIRST) else [present, *FIRST]
    known = available_timezones()
    now = wall_clock()
    return [(zone, _clock(zone, now)) for zone in zones if zone in known]


def of_this_machine() -> str:
    """The zone the machine's clock shows, if it is one of the list; else the first. A clock left at UTC says nothing."""
    now = wall_clock()
    here = now.astimezone().utcoffset()
    zones = [zone for zone in FIRST if zone != "UTC" and now.astimezone(ZoneInfo(zone)).utcoffset() == here]
    return zones[0] if zones and here else FIRST[0]


def _clock(zone: str, now: datetime) -> str:
    """“19:03 · Moscow · UTC+3”: short enough for a field of half a page on an old laptop."""
    there = now.astimezone(ZoneInfo(zone))
    hours, minutes = divmod(int((there.utcoffset() or now - now).total_seconds()) // 60, 60)
    shift = f"UTC{'+' if hours >= 0 else '−'}{abs(hours)}{f':{minutes:02}' if minutes else ''}"
    town = zone.rpartition("/")[2].replace("_", " ")
    return f"{there:%H:%M} · {shift if town == 'UTC' else f'{town} · {shift}'}"

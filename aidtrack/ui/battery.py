"""The battery of this laptop: how full it is, and one word to everybody when it runs low.

Owns reading it from the system, without any package of its own. Where there is no battery, or nobody can tell, nothing is said.
"""

from __future__ import annotations

import ctypes
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

LOW, VERY_LOW = 30, 15
_EVERY_MS = 60_000
_LINUX = Path("/sys/class/power_supply")


@dataclass(frozen=True, slots=True)
class Battery:
    """How full, in percent, and whether power comes in."""

    percent: int
    is_charging: bool


def read_battery() -> Battery | None:
    """The battery now; None where there is none."""
    try:
        if sys.platform == "win32":
            return _of_windows()
        if sys.platform == "darwin":
            return _of_mac()
        return _of_linux(_LINUX)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def _of_linux(folder: Path) -> Battery | None:
    """The fullest says how long: the first battery that tells its capacity."""
    for one in sorted(folder.glob("*/capacity")) if folder.is_dir() else []:
        if (one.parent / "type").read_text().strip() == "Battery":
            state = (one.parent / "status").read_text().strip()
            return Battery(int(one.read_text()), state != "Discharging")
    return None


class _PowerStatus(ctypes.Structure):
    _fields_ = (
        ("line", ctypes.c_ubyte), ("flag", ctypes.c_ubyte), ("percent", ctypes.c_ubyte), ("saver", ctypes.c_ubyte),
        ("left", ctypes.c_ulong), ("full", ctypes.c_ulong),
    )  # fmt: skip


def _of_windows() -> Battery | None:
    status = _PowerStatus()
    library = getattr(ctypes, "windll").kernel32  # noqa: B009  only there on Windows
    if not library.GetSystemPowerStatus(ctypes.byref(status)) or status.percent > 100:
        return None
    return Battery(int(status.percent), status.line == 1)


def _of_mac() -> Battery | None:
    told = subprocess.run(["pmset", "-g", "batt"], capture_output=True, text=True, timeout=5, check=True).stdout
    percent = next((word.rstrip("%;") for word in told.split() if word.rstrip(";").endswith("%")), "")
    return Battery(int(percent), "AC Power" in told) if percent.isdigit() else None


class BatteryWatch(QObject):
    """Looks once a minute. `ran_low(percent)` under 30, `ran_very_low(percent)` under 15; each once until power comes in again."""

    ran_low = Signal(int)
    ran_very_low = Signal(int)

    def __init__(self, parent: QObject | None = None, read: Callable[[], Battery | None] = read_battery) -> None:
        super().__init__(parent)
        self._read = read
        self._told = 101
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """From now on."""
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Tells what is new since the last look."""
        battery = self._read()
        if battery is None or battery.is_charging:
            self._told = 101
        elif battery.percent < VERY_LOW <= self._told:
            self._told = battery.percent
            self.ran_very_low.emit(battery.percent)
        elif battery.percent < LOW <= self._told:
            self._told = battery.percent
            self.ran_low.emit(battery.percent)

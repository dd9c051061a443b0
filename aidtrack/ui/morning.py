"""The morning check: what this computer can tell of itself, a sentence a row. It stops nobody from opening the day.

Owns the rows and how they are found out. The page Day shows them; sound and scanner are tried there by a key and a scan.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from aidtrack import settings
from aidtrack.errors import Text
from aidtrack.services.days import ChecklistRow, RowState
from aidtrack.ui import jobs, printers, sound
from aidtrack.ui.battery import LOW, Battery, read_battery
from aidtrack.ui.dialogs import Answer, Question

MORNING = "morning/"
CLOCK, PRINTER, SCANNER, SOUND, DISK, BATTERY, STICK = (
    MORNING + one for one in ("clock", "printer", "scanner", "sound", "disk", "battery", "stick")
)
_ROOM = 2 << 30
_LATE = timedelta(minutes=5)


class SoundWas(StrEnum):
    """What came of the three tones: the device tells whether it took them, only people whether they were heard."""

    UNTRIED = "untried"
    NO_DEVICE = "no_device"
    NOT_HEARD = "not_heard"
    HEARD = "heard"


class SoundTrial(QObject):
    """Plays the tones and asks. `ended` tells what came of it; Esc tells nothing."""

    ended = Signal(object)

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page

    def begin(self) -> None:
        """The tones take a second, beside the window."""
        jobs.run(sound.try_out, owner=self, then=self._on_played)

    def _on_played(self, was_taken: bool) -> None:
        if not was_taken:
            self.ended.emit(SoundWas.NO_DEVICE)
            return
        answers = [Answer(SoundWas.HEARD, Text("yes")), Answer(SoundWas.NOT_HEARD, Text("no"))]
        facts = Text("A short soft one, a chime of two, a low one.")
        title = Text("Three tones were played. Were they heard?")
        question = Question(self._page, title=title, facts=facts, answers=answers, name="was_heard")
        question.answered.connect(lambda what: self.ended.emit(SoundWas(what)))
        question.open()


@dataclass(frozen=True, slots=True)
class Tried:
    """What was tried at this computer since it was started."""

    scanned: bool = False
    sound: SoundWas = SoundWas.UNTRIED


def rows(now: datetime, written: datetime | None, clock: str, tried: Tried) -> tuple[ChecklistRow, ...]:
    """Every row. `written` is when the newest entry of the book was made, `clock` the time as it is shown."""
    return (
        _clock(now, written, clock),
        _printer(),
        _scanner(tried),
        _sound(tried),
        _disk(),
        _battery(read_battery()),
        _stick(),
    )


def _row(topic: str, good: bool | None, title: Text, sentence: Text) -> ChecklistRow:
    state = RowState.OPEN if good is None else RowState.DONE if good else RowState.SENTENCE
    return ChecklistRow(topic, state, title, sentence)


def behind(now: datetime, written: datetime | None, clock: str) -> Text | None:
    """What to say of a clock that runs behind the book: it is wrong for certain."""
    if written is None or written <= now + _LATE:
        return None
    return Text("The clock shows {clock}, but something was written later than that. Set the clock first.", clock=clock)


def _clock(now: datetime, written: datetime | None, clock: str) -> ChecklistRow:
    """A clock that is right only people can see."""
    if (words := behind(now, written, clock)) is not None:
        return _row(CLOCK, False, Text("Clock"), words)
    return _row(CLOCK, True, Text("Clock"), Text("It shows {clock}. Is that the time on the wall?", clock=clock))


def _printer() -> ChecklistRow:
    name, slips = printers.usual(), printers.for_slips()
    if printers.is_slip_printer_away():
        return _row(PRINTER, False, Text("Printer"), Text("The printer of slips is not there: {name}.", name=slips))
    if not name:
        words = Text("No printer is set up. Slips and papers stay PDF until there is one.")
        return _row(PRINTER, False, Text("Printer"), words)
    if slips and slips != name:
        words = Text("{name}, for slips {slips}. Is there paper in both?", name=name, slips=slips)
        return _row(PRINTER, True, Text("Printer"), words)
    return _row(PRINTER, True, Text("Printer"), Text("{name}. Is there paper in it?", name=name))


def _scanner(tried: Tried) -> ChecklistRow:
    words = Text("It reads.") if tried.scanned else Text("Scan any card or badge: this row tells whether it was read.")
    return _row(SCANNER, True if tried.scanned else None, Text("Scanner"), words)


def _sound(tried: Tried) -> ChecklistRow:
    good = {SoundWas.UNTRIED: None, SoundWas.HEARD: True}.get(tried.sound, False)
    return _row(SOUND, good, Text("Sound"), _SOUND_WORDS[tried.sound])


_SOUND_WORDS = {
    SoundWas.UNTRIED: Text("Enter plays the three tones."),
    SoundWas.NO_DEVICE: Text("No sound comes out of this computer. Plug a loudspeaker in, then press Enter."),
    SoundWas.NOT_HEARD: Text("They were played and not heard. Turn the loudspeaker up, then press Enter."),
    SoundWas.HEARD: Text("All three tones were heard."),
}


def _disk() -> ChecklistRow:
    free = _free(settings.data_folder())
    size = f"{(free or 0) / (1 << 30):.0f}"
    if free is not None and free < _ROOM:
        return _row(DISK, False, Text("Disk"), Text("Only {size} GB are free. Make room before people come.", size=size))
    return _row(DISK, True, Text("Disk"), Text("{size} GB are free.", size=size))


def _free(folder: Path) -> int | None:
    known = next((one for one in (folder, *folder.parents) if one.exists()), None)
    return shutil.disk_usage(known).free if known else None


def _battery(battery: Battery | None) -> ChecklistRow:
    if battery is None:
        return _row(BATTERY, None, Text("Battery"), Text("There is none, or it cannot be read: keep the paper kit at hand."))
    if battery.is_charging:
        return _row(BATTERY, True, Text("Battery"), Text("{n} %, power comes in.", n=battery.percent))
    words = Text("{n} % and no power comes in. Print the paper kit first.", n=battery.percent)
    return _row(BATTERY, battery.percent >= LOW, Text("Battery"), words)


def _stick() -> ChecklistRow:
    """The folder for backups: there, to be written, and on another disk than the book."""
    chosen = settings.read().settings.backup_folder
    folder = Path(chosen).expanduser() if chosen else None
    if folder is None:
        words = Text("No folder for backups is chosen: Settings, Backup and recovery. A stick is best.")
        return _row(STICK, False, Text("Backup stick"), words)
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        words = Text("{folder} is not there or cannot be written. Put the stick in.", folder=str(folder))
        return _row(STICK, False, Text("Backup stick"), words)
    if folder.stat().st_dev == _device(settings.data_folder()):
        words = Text("{folder} lies on the same disk as the book. A stick outlives the laptop.", folder=str(folder))
        return _row(STICK, None, Text("Backup stick"), words)
    return _row(STICK, True, Text("Backup stick"), Text("{folder} is there.", folder=str(folder)))


def _device(folder: Path) -> int:
    known = next(one for one in (folder, *folder.parents) if one.exists())
    return known.stat().st_dev

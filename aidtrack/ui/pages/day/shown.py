"""What the page Day is shown: everything of one moment, read together, and the small words and parts that are only there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.days import DayState, Pause, PauseReason
from aidtrack.errors import Text
from aidtrack.services import days, overview
from aidtrack.services.days import ChecklistRow, DayRow, DayTotals, RowState
from aidtrack.services.promises.evening import evening_rows, item_of
from aidtrack.ui import jobs, morning
from aidtrack.ui.parts import MainButton, Words, clear_layout
from aidtrack.ui.parts.words import glued, rendered

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor


@dataclass(frozen=True, slots=True)
class Evening:
    """The day, its checklist, its figures; the newest day that was closed; when the paper kit was printed; the newest entry of the book."""

    day: DayRow
    rows: tuple[ChecklistRow, ...]
    totals: DayTotals | None
    packed: date | None
    kits: tuple[datetime, ...]
    written: datetime | None


OWED = "owed/"
MORNING_WORDS = {
    RowState.DONE: ("done", Text("in order")),
    RowState.SENTENCE: ("sentence", Text("look at it")),
    RowState.OPEN: ("later", Text("look at it")),
}


def morning_words(row: ChecklistRow) -> tuple[str, Text]:
    """How a row of the morning check stands, and what is said at its right; what Enter plays offers Enter."""
    state, right = MORNING_WORDS[row.state]
    if state == "later" and row.topic in (morning.SCANNER, morning.SOUND):
        return "count" if row.topic == morning.SOUND else state, Text("try it")
    return state, right


_SIGNED_OFF = Text("The figures stay as they are. Papers can be printed again on the page Reports.")
_OTHERS_DO = Text("The coordinator opens, closes and signs off.")
_FORGOTTEN = Text("This day was forgotten: close it, then open today.")
_OPEN_ROWS = Text("It can be closed with open rows too: they stand on the first page.")
_CLOSED = Text("F7 opens the day again; after signing off nothing changes any more.")


def advice(day: DayRow | None, wants: int) -> Text | str:
    """The line under the main key: who may press it, and what it leaves behind; `wants` rows want a sentence."""
    if day is None or day.state is DayState.SIGNED_OFF:
        return _SIGNED_OFF
    if not jobs.actor().may(Permission.DAY):
        return _OTHERS_DO
    if day.is_forgotten:
        return _FORGOTTEN
    if day.state is DayState.OPEN and wants:
        return _OPEN_ROWS
    return _CLOSED if day.state is DayState.CLOSED else ""


def state_of(row: ChecklistRow, *, may_explain: bool) -> str:
    """How a row of the checklist stands: Enter is offered only where it opens something."""
    if row.state is RowState.DONE:
        return "done"
    if row.state is RowState.OPEN:
        return "count" if days.is_counted_by_hand(row.topic) and may_explain else "later"
    return "sentence" if may_explain or item_of(row.topic) is not None else "later"


class AdviceLine(Words):
    """The line under the main key. The place of its longest sentence is always kept, so that the key stays where it is."""

    def __init__(self, *, name: str) -> None:
        super().__init__("", "small", tone="ink3", wrap=True, name=name)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)

    def hasHeightForWidth(self) -> bool:
        return True  # Qt would say no where nothing is said

    def heightForWidth(self, width: int) -> int:
        place, wrapped = QRect(0, 0, width, 10_000), int(Qt.TextFlag.TextWordWrap)
        told = (glued(rendered(text)) for text in (_SIGNED_OFF, _OTHERS_DO, _FORGOTTEN, _OPEN_ROWS, _CLOSED))
        return max(self.fontMetrics().boundingRect(place, wrapped, text).height() for text in told)


class Legend(QWidget):
    """Items by their numbers in two columns: a long name goes on under itself, not under its number."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("paper_legend")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)

    def show_items(self, items: Iterable[tuple[int, str]]) -> None:
        """Number and name, in order."""
        clear_layout(self._grid)
        top = Qt.AlignmentFlag.AlignTop
        for line, (number, name) in enumerate(items):
            self._grid.addWidget(Words(str(number), "body"), line, 0, top | Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(Words(name, "body", wrap=True), line, 1)


ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down)


class DayButton(MainButton):
    """What the day needs next; ↑ ↓ go to the rows."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ARROWS:
            event.ignore()
        else:
            super().keyPressEvent(event)


def read_evening(session: Session, by: Actor) -> Evening:
    """Everything the page shows, of one moment."""
    day, packed = days.day_state(session, by), overview.last_closed_day(session, by)
    written = days.last_written(session, by)
    if day.id is None:
        return Evening(day, (), None, packed, (), written)
    rows, totals = days.checklist(session, by, day.id), days.day_totals(session, by, day.id)
    rows += evening_rows(session, by, day.day)
    return Evening(day, rows, totals, packed, days.kits_of(session, by, day.day), written)


def pauses_of(pauses: Sequence[Pause]) -> tuple[str, ...]:
    """«12:40–13:05 воздушная тревога», the last two pauses of the day; said shorter where there is less room."""
    zone, lang = jobs.zone(), i18n.language()
    times, whole = [], []
    for pause in pauses[-2:]:
        until = i18n.clock_time(pause.until, zone) if pause.until else "…"
        times.append(f"{i18n.clock_time(pause.since, zone)}–{until}")
        whole.append(times[-1] + _because(pause.reason, lang))
    return (", ".join(whole), ", ".join(times), times[-1]) if times else ("—",)


def _because(reason: PauseReason | None, lang: str) -> str:
    return f" {i18n.render(reason.text, lang)}" if reason is not None else ""


def hours_of(day: DayRow | None) -> str:
    """08:00–17:30, or since 08:00 while it is open."""
    if day is None or day.opened_at is None:
        return "—"
    zone = jobs.zone()
    since = i18n.clock_time(day.opened_at, zone)
    return f"{since}–{i18n.clock_time(day.closed_at, zone)}" if day.closed_at else i18n.tr("since {time}", time=since)

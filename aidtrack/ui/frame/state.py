"""What the frame shows of the centre and its day, taken again after every change. Owns no widgets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from aidtrack.domain.campaigns import about_families, about_time
from aidtrack.domain.days import DayState
from aidtrack.domain.queueing import Lane, about_minutes

if TYPE_CHECKING:
    from aidtrack.services.frame import EnoughView, FrameView


@dataclass(frozen=True, slots=True)
class FrameState:
    """The centre, its day and its queue; None where nothing is known (yet)."""

    site_name: str = ""
    desk_name: str = ""
    user_name: str = ""
    day: date | None = None
    state: DayState = DayState.NOT_OPEN
    paused_since: datetime | None = None
    lanes: tuple[tuple[Lane, int], ...] = ()
    wait_minutes: int | None = None
    called: tuple[str, ...] = ()
    enough_families: int | None = None
    enough_until: datetime | None = None
    backup_hours: int | None = None
    is_plain: bool = False

    @property
    def waiting(self) -> int | None:
        """How many numbers wait; None before the day is open."""
        return sum(n for _, n in self.lanes) if self.state is not DayState.NOT_OPEN else None

    @property
    def is_paused(self) -> bool:
        """Whether the clocks stand still."""
        return self.paused_since is not None


def merged(view: FrameView | None, enough: EnoughView | None, user_name: str) -> FrameState:
    """The two answers as one state."""
    if view is None:
        return FrameState(user_name=user_name)
    age = view.centre.backup_age
    enough = enough if view.state in (DayState.OPEN, DayState.PAUSED) else None
    return FrameState(
        site_name=view.centre.site_name, desk_name=view.centre.desk_name, user_name=view.centre.user_name, day=view.day,
        state=view.state, paused_since=view.paused_since, lanes=view.waiting, called=view.called, is_plain=view.centre.is_plain,
        wait_minutes=None if view.wait is None else about_minutes(view.wait),
        enough_families=about_families(enough.families) if enough else None,
        enough_until=about_time(enough.until) if enough and enough.until else None,
        backup_hours=None if age is None else max(int(age.total_seconds() // 3600), 0),
    )  # fmt: skip

"""The working day of a centre: which day a fact belongs to, opening, pausing, the evening checklist, closing, signing
off."""

from aidtrack.services.days.checklist import (
    ChecklistRow,
    RowState,
    checklist,
    count_topic,
    is_counted_by_hand,
    signed_counts,
)
from aidtrack.services.days.states import (
    DayRow,
    close_day,
    count_up,
    day_row,
    day_state,
    explain,
    kit_printed,
    kits_of,
    last_written,
    name_pause,
    open_day,
    pause,
    reopen_day,
    resume,
    sign_off,
)
from aidtrack.services.days.totals import DayTotals, day_totals
from aidtrack.services.today import current_day, require_open_day, require_running_day, zone_of

__all__ = [
    "ChecklistRow",
    "DayRow",
    "DayTotals",
    "RowState",
    "checklist",
    "close_day",
    "count_topic",
    "count_up",
    "current_day",
    "day_row",
    "day_state",
    "day_totals",
    "explain",
    "is_counted_by_hand",
    "kit_printed",
    "kits_of",
    "last_written",
    "name_pause",
    "open_day",
    "pause",
    "reopen_day",
    "require_open_day",
    "require_running_day",
    "resume",
    "sign_off",
    "signed_counts",
    "zone_of",
]

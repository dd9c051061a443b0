"""What is announced, promised and waited for. A promise stands on goods or on an announced delivery; a wait list owes nothing.

The entry points stand here; each is in the module of its name.
"""

from aidtrack.services.promises.announcing import (
    AnnouncedItem,
    AnnouncementRow,
    Expected,
    announce,
    announced,
    announcement_row,
    cancel_announcement,
    date_announcement,
    expected,
)
from aidtrack.services.promises.promising import (
    DatedReceipt,
    PromiseReceipt,
    cancel_promises,
    date_promises,
    promise,
)
from aidtrack.services.promises.views import (
    CallRow,
    Calls,
    PromiseRow,
    ToAnswer,
    WaitRow,
    calls,
    open_places,
    open_promises,
    promise_rows,
    to_answer,
    wait_rows,
)
from aidtrack.services.promises.waiting import WaitReceipt, keep_place, leave_list

__all__ = [
    "AnnouncedItem",
    "AnnouncementRow",
    "CallRow",
    "Calls",
    "DatedReceipt",
    "Expected",
    "PromiseReceipt",
    "PromiseRow",
    "ToAnswer",
    "WaitReceipt",
    "WaitRow",
    "announce",
    "announced",
    "announcement_row",
    "calls",
    "cancel_announcement",
    "cancel_promises",
    "date_announcement",
    "date_promises",
    "expected",
    "keep_place",
    "leave_list",
    "open_places",
    "open_promises",
    "promise",
    "promise_rows",
    "to_answer",
    "wait_rows",
]

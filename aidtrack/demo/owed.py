"""What the demonstration day owes: a lorry announced for tomorrow, a bed set put aside and fetched, a place in the wait list that was kept.

Called while the day is played; each is done by the use cases the window uses.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from aidtrack.demo.centre import DAY, Centre
from aidtrack.domain.campaigns import Giving, Switch
from aidtrack.domain.promises import AnnouncedLine, AnnouncementDraft, PromiseDraft
from aidtrack.services import campaigns, promises

if TYPE_CHECKING:
    from aidtrack.services.campaigns import AllowanceRow

COORDINATOR, LEAD, STORE, GIVES = "Ольга К.", "Ирина Л.", "Виктор Т.", "Наталья В."
PROMISED_TO, WAITS, CALLS = 12, 30, 45
"""The families by the order of their registration that this happens to, and the one after whom the Red Cross calls."""


def after_registration(centre: Centre, number: int, household_id: UUID) -> None:
    """The `number`-th family of the day is registered now."""
    if number == PROMISED_TO:
        _put_aside(centre, household_id)
    elif number == WAITS:
        _keep_place(centre, household_id)
    elif number == CALLS:
        _announce_a_lorry(centre)


def _row(centre: Centre, household_id: UUID, code: str) -> AllowanceRow:
    rows = centre.ask(LEAD, campaigns.allowances, household_id)
    return next(row for row in rows if row.item_id == centre.items[code])


def _put_aside(centre: Centre, household_id: UUID) -> None:
    """The bed set waits while the family is at the other window: nobody else is given it."""
    row = _row(centre, household_id, "BED-SET")
    draft = PromiseDraft(household_id, row.rule_id, row.due, until=DAY + timedelta(days=2))
    centre.do(LEAD, promises.promise, draft=draft)


def _keep_place(centre: Centre, household_id: UUID) -> None:
    """The soap is not found for a moment: a place is kept, and ends by itself when the soap is handed over."""
    soap = centre.items["SOAP-250"]
    centre.do(COORDINATOR, campaigns.switch_item, item_id=soap, switch=Switch(Giving.NONE))
    row = _row(centre, household_id, "SOAP-250")
    centre.do(GIVES, promises.keep_place, household_id=household_id, rule_id=row.rule_id)
    centre.do(COORDINATOR, campaigns.switch_item, item_id=soap, switch=Switch(Giving.ALL))


def _announce_a_lorry(centre: Centre) -> None:
    """Tomorrow's lorry: what it brings can be promised, and need not be asked for again."""
    lines = (AnnouncedLine(centre.items["BED-SET"], 120), AnnouncedLine(centre.items["FOOD-KIT-P7"], 400))
    draft = AnnouncementDraft("Красный Крест", DAY + timedelta(days=1), lines, "Красный Крест")
    centre.do(STORE, promises.announce, draft=draft)

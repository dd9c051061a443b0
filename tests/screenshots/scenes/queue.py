"""The Queue: lanes, the door and what it answers, what is asked about a number, and the screens that hang on the wall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from aidtrack.ui.page import Key
from aidtrack.ui.pages.queue import QueuePage
from tests.screenshots.scenes import scene
from tests.screenshots.scenes.desk import lent_card, waiting_card

if TYPE_CHECKING:
    from tests.screenshots.studio import Studio

LEAD = "Ирина Л."


def _queue(studio: Studio) -> QueuePage:
    return cast("QueuePage", studio.page("queue"))


def _waiting(studio: Studio) -> Any:
    return next(row for lane in _queue(studio)._board.lanes for row in lane.line)


@scene("queue/", who=LEAD)
def lanes(studio: Studio) -> None:
    _queue(studio)


@scene("queue/closed-day", at="dawn")
def closed(studio: Studio) -> None:
    _queue(studio)


@scene("queue/nobody", at="empty", folded=False)
def nobody(studio: Studio) -> None:
    _queue(studio)


@scene("queue/more", "more")
def more(studio: Studio) -> None:
    _queue(studio)
    studio.press(Key.MORE)


@scene("queue/door-today", who=LEAD)
def door_today(studio: Studio) -> None:
    _queue(studio)._ask_door(waiting_card(), is_scan=False)


@scene("queue/door-later", who=LEAD, folded=False)
def door_later(studio: Studio) -> None:
    _queue(studio)._ask_door(lent_card(), is_scan=False)


@scene("queue/door-unknown", who=LEAD, folded=False)
def door_unknown(studio: Studio) -> None:
    _queue(studio)._ask_door("4821 1790 5573", is_scan=False)


@scene("queue/number", "ticket_question", who=LEAD)
def number(studio: Studio) -> None:
    page = _queue(studio)
    row = _waiting(studio)
    page.asking.about(row.id, row.label, page._others(), is_missed=False)


@scene("queue/stage", "which_stage", who=LEAD)
def stage(studio: Studio) -> None:
    number(studio)
    studio.answer(5)


@scene("queue/jump", "why_jump", who=LEAD)
def jump(studio: Studio) -> None:
    number(studio)
    studio.answer(1)


@scene("queue/jump-reason", "jump_ticket", who=LEAD)
def jump_reason(studio: Studio) -> None:
    jump(studio)
    studio.answer(2)


@scene("queue/cancel", "cancel_ticket", who=LEAD)
def cancel(studio: Studio) -> None:
    number(studio)
    studio.answer(4)


@scene("queue/rolls", "rolls", who=LEAD)
def rolls(studio: Studio) -> None:
    _queue(studio)
    studio.more("Paper rolls …")


@scene("queue/roll-come-to", "roll_come_to", who=LEAD)
def come_to(studio: Studio) -> None:
    rolls(studio)
    studio.answer(1)


@scene("queue/new-roll", "new_roll", who=LEAD)
def new_roll(studio: Studio) -> None:
    rolls(studio)
    studio.answer(2)


@scene("queue/good-faith", "good_faith")
def good_faith(studio: Studio) -> None:
    _queue(studio)
    studio.more("Good faith: how many a day …")

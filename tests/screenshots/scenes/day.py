"""The Day from the morning check to the signature, typing in from paper, and the badges."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt

from aidtrack.ui import jobs
from aidtrack.ui.page import Key
from aidtrack.ui.pages.day import DayPage
from tests.screenshots.scenes import scene
from tests.screenshots.scenes.desk import served_card

if TYPE_CHECKING:
    from tests.screenshots.studio import Studio


def _day(studio: Studio) -> DayPage:
    return cast("DayPage", studio.page("day"))


@scene("day/")
def running(studio: Studio) -> None:
    _day(studio)


@scene("day/morning-check", at="dawn")
def morning(studio: Studio) -> None:
    _day(studio)


@scene("day/was-heard", "was_heard", at="dawn")
def was_heard(studio: Studio) -> None:
    """The tones themselves are not played for a picture."""
    _day(studio)._sound_trial._on_played(True)


@scene("day/first-morning", at="empty")
def first_morning(studio: Studio) -> None:
    _day(studio)


@scene("day/evening", at="evening")
def evening(studio: Studio) -> None:
    _day(studio)


@scene("day/sentence", at="evening")
def sentence(studio: Studio) -> None:
    page = _day(studio)
    topic = next(row.topic for row in page._shown if row.topic.startswith("count"))
    page._open_field(topic)


@scene("day/cash-up", at="evening", folded=False)
def cash_up(studio: Studio) -> None:
    from aidtrack.services import days

    page = _day(studio)
    topic = next(row.topic for row in page._shown if days.is_counted_by_hand(row.topic))
    page._open_row(topic)


@scene("day/late-promises", "late_promises", at="closed")
def late(studio: Studio) -> None:
    from aidtrack.services.promises.evening import item_of

    page = _day(studio)
    page._open_row(next(row.topic for row in page._shown if item_of(row.topic) is not None))


@scene("day/new-date", "new_date_dialog", at="closed", folded=False)
def new_date(studio: Studio) -> None:
    late(studio)
    studio.settle()
    studio.answer(1)


@scene("day/closed", at="closed")
def closed(studio: Studio) -> None:
    _day(studio)


@scene("day/sign-off", "sign_off", at="closed")
def sign_off(studio: Studio) -> None:
    _day(studio)
    studio.press(Key.MAIN)


@scene("day/lead-signs", "lead_signs", at="closed")
def lead_signs(studio: Studio) -> None:
    _day(studio)._badges.ask_lead("nobody's")


@scene("day/signed-off", at="signed")
def signed(studio: Studio) -> None:
    _day(studio)


@scene("day/more", "more")
def more(studio: Studio) -> None:
    _day(studio)
    studio.press(Key.MORE)


@scene("day/why-paused", "why_paused", at="evening")
def why_paused(studio: Studio) -> None:
    _day(studio)._ask_why_paused()


@scene("day/badges", "make_badges")
def badges(studio: Studio) -> None:
    _day(studio)
    studio.more("Day badges: make and print")


@scene("day/lost-badge", "lost_badge")
def lost_badge(studio: Studio) -> None:
    _day(studio)
    studio.more("A badge is lost")


@scene("day/paper")
def paper(studio: Studio) -> None:
    page = _day(studio)
    page._leave_paper()
    studio.more("Type in what was given on paper")


@scene("day/paper-card")
def paper_card(studio: Studio) -> None:
    paper(studio)
    page = cast("DayPage", studio.window.page())
    page._paper.take_card(served_card())


@scene("day/paper-ended", "paper_ended")
def paper_ended(studio: Studio) -> None:
    paper(studio)
    studio.more("The last line that was signed on paper")


@scene("day/paper-more", "more", folded=False)
def paper_more(studio: Studio) -> None:
    paper(studio)
    studio.press(Key.MORE)


@scene("day/came-with", "came_with", at="evening", folded=False)
def came_with(studio: Studio) -> None:
    from aidtrack.domain.ids import new_id
    from aidtrack.services.on_paper import OwedRow

    page, item = _day(studio), new_id()
    topic = f"owed/{item.hex}"
    names = {"en": "Soap", "ru": "Мыло", "uk": "Мило"}
    receipts = ((new_id(), "K1-GRN-2024-4"), (new_id(), "K1-GRN-2024-6"))
    page._ask_what_explains(topic, (OwedRow(item, names, 12, "", receipts),))
    studio.key(Qt.Key.Key_Down)
    assert jobs.is_started()

"""The Reports: each on the screen as it will be printed, and what is asked about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidtrack.ui.page import Key
from tests.screenshots.scenes import scene

if TYPE_CHECKING:
    from tests.screenshots.studio import Studio


def _report(studio: Studio, name: str) -> None:
    studio.page("reports")
    page = studio.window.page()
    assert page is not None
    page.receive(name)
    studio.settle()


@scene("reports/")
def distribution(studio: Studio) -> None:
    _report(studio, "distribution")


@scene("reports/queue")
def queue(studio: Studio) -> None:
    _report(studio, "queue")


@scene("reports/disclosures")
def disclosures(studio: Studio) -> None:
    _report(studio, "disclosures")


@scene("reports/empty", at="empty")
def empty(studio: Studio) -> None:
    _report(studio, "distribution")


@scene("reports/more", "more")
def more(studio: Studio) -> None:
    _report(studio, "distribution")
    studio.press(Key.MORE)


@scene("reports/totals", "totals_dialog")
def totals(studio: Studio) -> None:
    _report(studio, "distribution")
    studio.more("Totals as words and QR code")


@scene("reports/revise", "revise_dialog", at="signed")
def revise(studio: Studio) -> None:
    _report(studio, "distribution")
    studio.more("Revise the reports of this day")

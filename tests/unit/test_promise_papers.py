"""R11, the list for the door and the slips: the sums are there, overdue stands on page one, no name anywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from aidtrack.errors import Text
from aidtrack.reports import grids, promises, slips
from aidtrack.reports.page import stamp_of
from aidtrack.services.overview import (
    AnnouncedFigures,
    DoorList,
    Heading,
    OverdueFigures,
    OwedFigures,
    OwedSlip,
    PromiseEndFigures,
    PromiseReport,
)
from aidtrack.services.promises import CallRow, Calls

DAY = date(2024, 8, 12)
LINEN = {"ru": "Постельное бельё", "uk": "Постільна білизна", "en": "Bed linen"}
HEADING = Heading("Школа № 12", "K1", "Europe/Moscow", DAY, "7F3A 91C2", 1, is_closed=True, phone="+7 471 200 00 00")


def read(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as pages:
        return [page.get_textpage().get_text_bounded() for page in pages]


def report(overdue: int = 3) -> PromiseReport:
    late = tuple(
        OverdueFigures(LINEN, f"4821 1790 {n:04}", 1, date(2024, 8, 10), 2, Text("stands ready, not fetched")) for n in range(overdue)
    )
    item = OwedFigures(LINEN, Text("set"), 5, 6, 4, 1, overdue, 7, 2, 3, 11, 12, 4, 2)
    coming = AnnouncedFigures("Красный Крест", date(2024, 8, 15), LINEN, Text("set"), 100, 40, is_late=False)
    return PromiseReport(HEADING, late, (item,), (coming,), (PromiseEndFigures(LINEN, Text("promised by mistake"), 1, 1),))


@pytest.mark.parametrize("lang", ["ru", "uk", "en"])
def test_overdue_promises_stand_on_page_one_and_all_are_there(lang: str) -> None:
    pages = read(promises.make_pdf(report(120), stamp_of(HEADING, "R11"), lang))
    assert "4821 1790 0000" in pages[0]
    whole = " ".join(pages)
    assert all(f"4821 1790 {n:04}" in whole for n in range(120))
    assert LINEN[lang] in pages[0]


def test_the_figures_of_an_item_are_printed_and_given_as_tables() -> None:
    (page,) = read(promises.make_pdf(report(), stamp_of(HEADING, "R11"), "en"))
    assert "3 promises overdue" in page.replace("\n", " ").replace("\r", "") or "promises overdue" in page
    assert "Красный Крест" in page
    tables = grids.promise_grids(report(), "en")
    assert [table.name for table in tables] == ["overdue", "items", "announced", "cancelled"]
    assert tables[1].rows[0][2:] == (5, 6, 4, 1, 3, 7, 2, 3, 11, 12, 4, 2)


def test_a_quiet_day_says_none() -> None:
    quiet = PromiseReport(HEADING, (), (), (), ())
    (page,) = read(promises.make_pdf(quiet, stamp_of(HEADING, "R11"), "ru"))
    assert page.count("нет") >= 4


@pytest.mark.parametrize("lang", ["ru", "uk", "en"])
def test_the_door_list_holds_card_numbers_and_nothing_of_a_family(lang: str) -> None:
    calls = Calls(
        ready=tuple(CallRow(f"4821 1790 {n:04}", LINEN, date(2024, 8, 20)) for n in range(90)),
        came=(CallRow("5000 0000 0001", LINEN),),
        broken=(CallRow("6000 0000 0001", LINEN),),
    )
    pages = read(promises.door_pdf(DoorList(HEADING, calls), stamp_of(HEADING, "L"), lang))
    whole = " ".join(pages)
    assert len(pages) > 1
    assert all(f"4821 1790 {n:04}" in whole for n in range(90))
    assert "5000 0000 0001" in whole
    assert "6000 0000 0001" in whole


def test_a_slip_of_the_wait_list_says_that_it_is_no_promise_and_one_of_a_promise_carries_the_date() -> None:
    slip = OwedSlip(HEADING, "5570", LINEN, Text("set"), 2)
    (wait,) = read(slips.owed_pdf(slip, "en"))
    assert "This is not a promise." in wait.replace("\r\n", " ").replace("\n", " ")
    (kept,) = read(slips.owed_pdf(replace(slip, until=date(2024, 8, 15), is_aside=True), "ru"))
    assert "15 августа" in kept
    assert "5570" in kept

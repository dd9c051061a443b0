"""What the lines of a paper come to is what a reader comes to who adds them up."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from aidtrack import i18n
from aidtrack.reports import queueing, shift
from tests.unit import report_figures as figures
from tests.unit.test_reports import text_of


def test_the_hand_over_of_a_shift_says_what_windows_and_numbers_come_to() -> None:
    report = figures.shift_report()
    said = text_of(shift.make_pdf(report, figures.stamp("R17"), "en"))
    done = [sum(getattr(lane, name) for lane in report.lanes) for name in ("issued", "served", "waiting")]
    assert f"All {sum(one.hand_overs for one in report.windows)}" in said
    assert re.search(rf"All {done[0]} {done[1]} .*{done[2]}", said)


def test_hours_of_windows_add_up_as_they_are_printed() -> None:
    """Seconds nobody sees do not make a sum that nobody comes to."""
    report = figures.queue_report()
    first, second, *_ = report.windows
    windows = (replace(first, seconds_open=25_590), replace(second, seconds_open=28_770))
    said = text_of(queueing.make_pdf(replace(report, windows=windows), figures.stamp("R9"), "en"))
    times = [int(hours) * 60 + int(minutes) for hours, minutes in re.findall(r"(?<!\d)(\d{1,2}):(\d\d) \d+ \d+\.\d", said)]
    assert len(times) == 3
    assert times[2] == times[0] + times[1]


@pytest.mark.parametrize(
    ("part", "digits", "wanted"),
    [(352, 1, "55.9 %"), (630, 1, "100.0 %"), (6, 0, "1 %"), (1, 0, "< 1 %"), (629, 0, "> 99 %"), (0, 0, "0 %"), (37, None, "5.9 %")],
)
def test_shares_of_a_column_have_equal_digits_and_are_never_all_or_nothing(part: int, digits: int | None, wanted: str) -> None:
    assert i18n.share(part, 630, "en", digits).replace("\u00a0", " ") == wanted


def test_names_that_hold_commas_are_parted_by_semicolons() -> None:
    assert i18n.together(("Food kit, 7 days", "Water, 5 L")) == "Food kit, 7 days; Water, 5 L"
    assert i18n.together(("Heater", "Blanket")) == "Heater, Blanket"


def test_words_stand_in_the_order_of_their_alphabet() -> None:
    words = ["ґудзик", "їжа", "Ірис", "гумка", "ящик", "5 л"]
    assert sorted(words, key=lambda word: i18n.by_alphabet(word, "uk")) == ["5 л", "гумка", "ґудзик", "Ірис", "їжа", "ящик"]
    assert sorted(["Ёлка", "Жилет", "Ель"], key=lambda word: i18n.by_alphabet(word, "ru")) == ["Ель", "Ёлка", "Жилет"]

"""Figures written as plain values and read back: nothing is lost, nothing else is ever made from what a file says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from aidtrack.services.overview.keeping import plain, read_figures
from tests.unit import report_figures as figures

REPORTS = (figures.distribution_report, figures.queue_report, figures.stock_report, figures.exception_report)


@pytest.mark.parametrize("make", REPORTS)
def test_kept_figures_come_back_equal(make: Callable[[], Any]) -> None:
    report = make()
    kept = json.loads(json.dumps(plain(report), sort_keys=True))
    assert read_figures(kept) == report


def test_figures_of_an_older_version_are_read() -> None:
    """A field that came later has a default; an older day does not know it."""
    kept = plain(figures.queue_report())
    del kept["heading"]["phone"], kept["heading"]["languages"]
    assert read_figures(kept).heading.phone == ""


def test_nothing_but_figures_is_made_from_a_file() -> None:
    with pytest.raises(KeyError):
        read_figures({"_": "Path", "path": "/etc/passwd"})

"""A Latin spelling, of whatever language, finds the Cyrillic name it stands for: measured on names nothing was learned from."""

from __future__ import annotations

import pytest

from tests.accuracy.spelling import places, report, share, unseen

FIRST, AMONG_TEN = 0.80, 0.92


@pytest.mark.parametrize("every", [6, pytest.param(1, marks=pytest.mark.soak)], ids=["a sample", "all"])
def test_a_latin_spelling_finds_the_cyrillic_name(every: int, capsys: pytest.CaptureFixture[str]) -> None:
    asked = unseen(every)
    found = places(asked)
    with capsys.disabled():
        print("", *report(asked, found), sep="\n")
    reached = share((place, 1) for place in found)
    assert reached.first >= FIRST
    assert reached.ten >= AMONG_TEN

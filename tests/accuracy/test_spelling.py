"""A Latin spelling, of whatever language, finds the Cyrillic name it stands for: measured on names nothing was learned from."""

from __future__ import annotations

from pathlib import Path

import pytest

from aidtrack.shipped import RESOURCES
from tests.accuracy import learn_spellings
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


@pytest.mark.soak
def test_the_tables_that_ship_are_what_is_learned(tmp_path: Path) -> None:
    """Nothing in them was written by hand, and nothing comes from the rows that measure them."""
    learn_spellings.write_tables(learn_spellings.NAMES, tmp_path)
    for name in ("spellings.tsv", "groups.tsv"):
        assert (tmp_path / name).read_text(encoding="utf-8") == (RESOURCES / "names" / name).read_text(encoding="utf-8")

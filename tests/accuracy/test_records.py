"""Who is the same person: lists with known truths, one fixed set of weights and thresholds for all, and lists nobody has looked at."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from zlib import crc32

import pytest

from tests.accuracy.records import Outcome, Pair, lines_of, newcomers, outcome, sample
from tests.accuracy.varied import febrl, households

SECONDS = 15


@cache
def told(name: str) -> Outcome:
    """The outcome of one list; comparing takes seconds, so it is done once."""
    return outcome(sample(name))


def half(no: int) -> Callable[[Pair], bool]:
    """Two halves of a list: what holds must hold in each."""
    return lambda pair: crc32(pair[0].encode()) % 2 == no


def test_typing_errors_of_one_script(capsys: pytest.CaptureFixture[str]) -> None:
    found = told("febrl1")
    show(found, capsys)
    assert found.figures().f1 >= 0.996
    assert min(found.figures(half(0)).f1, found.figures(half(1)).f1) >= 0.990


def test_names_of_many_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    found = told("multiscript")
    show(found, capsys)
    assert min(found.figures(half(0)).f1, found.figures(half(1)).f1) >= 0.985
    assert found.recall_of("translit", "ascii") >= 0.97
    assert found.seconds <= SECONDS


def test_families_speak_for_their_members(capsys: pytest.CaptureFixture[str]) -> None:
    found = told("households")
    show(found, capsys)
    for no in (0, 1):
        here = half(no)
        assert found.figures(lambda pair, here=here: newcomers(pair) and here(pair)).f1 >= 0.93
        assert found.figures(here).f1 >= 0.88
    assert len(found.sample.apart) > 600
    assert found.together == frozenset()
    assert found.seconds <= SECONDS


@pytest.mark.parametrize("seed", [11, *(pytest.param(n, marks=pytest.mark.soak) for n in range(12, 20))])
def test_families_nobody_has_looked_at(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    found = outcome(households(seed, 300 if seed == 11 else 900))
    show(found, capsys)
    assert found.figures().f1 >= 0.97
    assert found.together == frozenset()


@pytest.mark.parametrize("seed", [1, 3, 6, 7, *(pytest.param(n, marks=pytest.mark.soak) for n in range(8, 30))])
def test_typing_errors_nobody_has_looked_at(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    found = outcome(febrl(seed))
    show(found, capsys)
    assert found.figures().f1 >= 0.990


def show(found: Outcome, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(*lines_of(found), sep="\n")

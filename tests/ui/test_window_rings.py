"""Rings of objects that hold widgets go away in the thread of the window, whatever workers do."""

from __future__ import annotations

import gc
import sys
import threading
import weakref
from collections.abc import Iterator
from itertools import count

import pytest
from PySide6.QtWidgets import QApplication

from aidtrack.ui import rings
from aidtrack.ui.rings import LEARNING, RingCollector, collect_due

ROUNDS = 300


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[None]:
    """Rings are collected as in the program."""
    made = RingCollector(qapp)
    yield
    made.deleteLater()


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """They change as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


class Ring:
    """Holds itself, so that only the collector can end it."""

    def __init__(self, ended_in: list[int]) -> None:
        self.itself = self
        weakref.finalize(self, lambda: ended_in.append(threading.get_ident()))


def allocate_much() -> None:
    """Enough new objects to make Python collect many times over."""
    kept = [[n] for n in range(50_000)]
    assert kept


def in_a_worker() -> None:
    """Runs `allocate_much` in a thread of its own."""
    worker = threading.Thread(target=allocate_much)
    worker.start()
    worker.join()


@pytest.mark.usefixtures("collector")
def test_a_worker_never_ends_a_ring_of_the_window() -> None:
    ended_in: list[int] = []
    Ring(ended_in)
    in_a_worker()
    assert ended_in == []
    kept = [[n] for n in range(5_000)]
    collect_due()
    assert kept
    assert ended_in == [threading.get_ident()]


def test_left_to_itself_python_would(qapp: QApplication) -> None:
    gc.collect()
    gc.enable()
    ended_in: list[int] = []
    Ring(ended_in)
    in_a_worker()
    gc.disable()
    assert ended_in
    assert ended_in != [threading.get_ident()]


@pytest.mark.usefixtures("collector")
def test_what_lives_on_is_left_out_of_later_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rings, "_rounds", count(LEARNING))
    ended_in: list[int] = []
    kept = []
    frozen = []
    for _ in range(3):
        Ring(ended_in)
        kept.append([[n] for n in range(5_000)])
        for generation in (0, 1):
            for _ in range(gc.get_threshold()[generation + 1] + 1):
                gc.collect(generation)
        kept.append([[n] for n in range(1_000)])
        before = gc.get_freeze_count()
        collect_due()
        frozen.append(gc.get_freeze_count() - before)
    assert ended_in == 3 * [threading.get_ident()]
    assert frozen[0] > 6_000
    assert max(frozen[1:]) <= 0
    assert kept


@pytest.mark.usefixtures("collector", "hasty_threads")
def test_a_round_holds_nothing_a_worker_is_making() -> None:
    """A tuple that is being filled must be held by nobody else."""
    failed: list[SystemError] = []
    is_over = threading.Event()

    def fill() -> None:
        while not is_over.is_set():
            try:
                assert len(tuple([n] for n in range(3_000))) == 3_000
            except SystemError as error:
                failed.append(error)

    workers = [threading.Thread(target=fill) for _ in range(2)]
    for worker in workers:
        worker.start()
    for _ in range(ROUNDS):
        kept = [[n] for n in range(gc.get_threshold()[0] + 1)]
        collect_due()
    is_over.set()
    for worker in workers:
        worker.join()
    assert kept
    assert failed == []

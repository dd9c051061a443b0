"""Rings of objects that hold widgets go away in the thread of the window, whatever workers do."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtWidgets import QApplication

from aidtrack.ui.rings import MANY, RingCollector, collect_due


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


def test_a_worker_never_ends_a_ring_of_the_window(qapp: QApplication) -> None:
    RingCollector(qapp).setObjectName("rings_of_the_test")
    ended_in: list[int] = []
    Ring(ended_in)
    in_a_worker()
    assert ended_in == []
    kept = [[n] for n in range(5_000)]
    collect_due()
    assert kept
    assert ended_in == [threading.get_ident()]
    for made in qapp.findChildren(RingCollector, "rings_of_the_test"):
        made.deleteLater()


def test_left_to_itself_python_would(qapp: QApplication) -> None:
    gc.collect()
    gc.enable()
    ended_in: list[int] = []
    Ring(ended_in)
    in_a_worker()
    gc.disable()
    assert ended_in
    assert ended_in != [threading.get_ident()]


def test_much_that_lives_on_is_left_out_of_later_rounds(qapp: QApplication) -> None:
    RingCollector(qapp).setObjectName("rings_of_the_test")
    ended_in: list[int] = []
    kept = [[n] for n in range(2 * MANY)]
    gc.collect(1)
    for _ in range(gc.get_threshold()[1] + 1):
        gc.collect(0)
    Ring(ended_in)
    kept += [[n] for n in range(1_000)]
    before = gc.get_freeze_count()
    collect_due()
    assert ended_in == [threading.get_ident()]
    assert gc.get_freeze_count() - before > MANY
    assert len(gc.get_objects(2)) < MANY
    Ring(ended_in)
    gc.collect()
    assert len(ended_in) == 2
    assert kept
    for made in qapp.findChildren(RingCollector, "rings_of_the_test"):
        made.deleteLater()

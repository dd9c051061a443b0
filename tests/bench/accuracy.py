"""`make bench ARGS=accuracy`: how well records of one person are told from those of others, and in what time, beside what it should be."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from tests.accuracy import spelling, varied
from tests.accuracy.records import Outcome, newcomers, outcome, sample
from tests.accuracy.spelling import places, unseen

EVERY = 3
SEEDS, FEW = range(1, 13), 3
"""Lists made anew that no weight was chosen by."""
Line = tuple[str, float, str]


def table() -> Table:
    """The three lists with known truths, compared as `people duplicates` does it."""
    shown = Table(box=None, pad_edge=False)
    for header, side in (("who is the same person", "left"), ("measured", "right"), ("wanted", "right")):
        shown.add_column(header, justify=side)  # type: ignore[arg-type]
    for what, value, wanted in _lines():
        shown.add_row(what, f"{value:.4f}" if value <= 1 else f"{value:.1f}", wanted)
    return shown


def _lines() -> Iterator[Line]:
    febrl = outcome(sample("febrl1"))
    yield "typing errors of one script (FEBRL 1), F1", febrl.figures().f1, "≥ 0.996"
    unseen_lists = [outcome(varied.febrl(seed)).figures().f1 for seed in SEEDS]
    yield f"    the worst of {len(SEEDS)} other lists of the kind, F1", min(unseen_lists), "≥ 0.990"
    scripts = outcome(sample("multiscript"))
    yield "names of many scripts, F1", scripts.figures().f1, "≥ 0.985"
    yield "    pairs in other scripts, recall", scripts.recall_of("translit", "ascii"), "≥ 0.97"
    yield from _of_time(scripts)
    families = outcome(sample("households"))
    yield "families, newcomers against registered, F1", families.figures(newcomers).f1, "≥ 0.93"
    yield "    every row with every row, F1", families.figures().f1, "≥ 0.88"
    yield f"    of {len(families.sample.apart)} fathers, twins and cousins taken for one", len(families.together), "0"
    yield from _of_time(families)
    others = [outcome(varied.households(seed)) for seed in SEEDS[:FEW]]
    yield (
        f"    the worst of {FEW} other lists of the kind, every row, F1",
        min(one.figures().f1 for one in others),
        "≥ 0.88",
    )
    yield "        of their fathers, twins and cousins taken for one", sum(len(one.together) for one in others), "0"
    yield from _of_spellings()


def _of_spellings() -> Iterator[Line]:
    """Names nothing was learned from, by the length of the Latin spelling, too."""
    asked = unseen(EVERY)
    found = spelling.by_size(asked, places(asked))
    for size, wanted in (("every row", True), *((size, False) for size in found if size != "every row")):
        at = found[size]
        yield f"Latin spelling, {size} ({at.asked:,}): first", at.first, "≥ 0.80" if wanted else ""
        yield "    among the first ten", at.ten, "≥ 0.92" if wanted else ""


def _of_time(one: Outcome) -> Iterator[Line]:
    yield f"    all pairs of {len(one.sample.rows):,}, seconds of one core", one.seconds, "≤ 15"

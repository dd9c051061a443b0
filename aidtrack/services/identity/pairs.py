"""All pairs of records that may be one person and that nobody has answered yet.

Owns what is read and who may ask. The comparing is `domain.identity`'s and needs no database: `load_people` in a read scope, then
`find_pairs` wherever there is time, also in a process of its own; `similar_pairs` does both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.identity import PERHAPS_FROM, Verdict, similar_people
from aidtrack.domain.links import Pair, Said, classes, pair_of
from aidtrack.errors import Text
from aidtrack.services.identity.classes import last_words
from aidtrack.services.identity.known import Record, records_of
from aidtrack.services.spreadsheets.reading import write_table

Progress = Callable[[int, int], object]

PAIR_FIELDS = ("a_external_id", "b_external_id", "score", "reasons")


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who may be compared, families together, and what was said of pairs of them, by their places: True for one person."""

    records: tuple[Record, ...]
    answers: Mapping[tuple[int, int], bool]


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two records that may be one person: `score` 0 to 1, why, the strongest reason first; pairs of one `group` hang together."""

    a: UUID
    b: UUID
    a_household: UUID
    b_household: UUID
    a_external_id: str
    b_external_id: str
    score: float
    verdict: Verdict
    reasons: tuple[Text, ...]
    group: int


def similar_pairs(
    session: Session,
    by: Actor,
    *,
    min_score: float = PERHAPS_FROM,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[PairRow, ...]:
    """Only pairs worth a person's time, the likeliest first; none that is answered, none of a protected family. For who settles them.

    `progress(done, of)`; Refused with “stopped” when `cancelled()` becomes true.
    """
    return find_pairs(load_people(session, by), min_score=min_score, progress=progress, cancelled=cancelled)


def load_people(session: Session, by: Actor) -> People:
    """What `find_pairs` needs. For who settles pairs."""
    by.require(Permission.SETTLE)
    records = records_of(session)
    places = {record.person_id: no for no, record in enumerate(records)}
    said = _told_of_all(last_words(session))
    known = {pair: is_same for pair, is_same in said.items() if pair[0] in places and pair[1] in places}
    return People(records, {_ordered(places[a], places[b]): is_same for (a, b), is_same in known.items()})


def find_pairs(
    people: People,
    *,
    min_score: float = PERHAPS_FROM,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[PairRow, ...]:
    """The same without a database; everything it takes and gives can be sent to another process."""
    homes: dict[UUID, int] = {}
    found = similar_people(
        [record.known for record in people.records],
        [homes.setdefault(record.household_id, len(homes)) for record in people.records],
        least=min_score,
        answers=people.answers,
        progress=progress,
        cancelled=cancelled,
    )
    rows = []
    for alike in found:
        a, b = sorted((people.records[alike.a], people.records[alike.b]), key=_told_first)
        like = alike.likeness
        rows.append(
            PairRow(
                a.person_id, b.person_id, a.household_id, b.household_id, a.external_id, b.external_id,
                like.score, like.verdict, like.reasons, alike.group,
            )
        )  # fmt: skip
    return tuple(rows)


def _told_first(record: Record) -> tuple[str, UUID]:
    return record.external_id, record.person_id


def _ordered(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


def _told_of_all(words: Mapping[Pair, Said]) -> dict[Pair, bool]:
    """Answers for every two records of a class, not only for the two that were asked about."""
    told = {pair: False for pair, said in words.items() if said is Said.DIFFERENT}
    for members in set(classes(words).values()):
        ordered = sorted(members)
        told |= {pair_of(a, b): True for no, a in enumerate(ordered) for b in ordered[no + 1 :]}
    return told


def write_pairs(path: Path, kind: str, rows: Sequence[PairRow], lang: str) -> None:
    """A table of `PAIR_FIELDS`, csv or xlsx; who came with no id stands by the program’s own. StoreTrouble if it cannot be written."""
    write_table(path, kind, PAIR_FIELDS, (_cells(row, lang) for row in rows))


def _cells(row: PairRow, lang: str) -> tuple[str, ...]:
    reasons = "; ".join(i18n.render(reason, lang) for reason in row.reasons)
    return row.a_external_id or str(row.a), row.b_external_id or str(row.b), f"{row.score:.4f}", reasons

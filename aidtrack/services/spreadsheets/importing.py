"""Taking a list of people in: planned first, then family by family, each an operation of its own; repeatable, and undone as one.

A family is known again by the content of its rows, so that the same list, whole or mended, brings nobody twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import request_id_of
from aidtrack.services.people.change import withdraw_household
from aidtrack.services.people.register import Source, register_household
from aidtrack.services.settlements import places_by_spelling
from aidtrack.services.spreadsheets.columns import find_header
from aidtrack.services.spreadsheets.mending import Met, mend, met
from aidtrack.services.spreadsheets.planning import Fate, ImportPlan, PlannedFamily, RowFate, plan
from aidtrack.services.spreadsheets.reading import Table, write_table
from aidtrack.services.today import current_day
from aidtrack.store import journal
from aidtrack.store.handover import HandOver
from aidtrack.store.intake import Submission
from aidtrack.store.people import Household, ImportBatch
from aidtrack.store.queueing import Ticket

CHUNK = 50
_ASKED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A list that was taken in: how many of its families are here, and how many of them an undo would take back."""

    id: UUID
    name: str
    at: datetime
    families: int
    can_undo: int


@dataclass(frozen=True, slots=True)
class UndoStep:
    """What one step of an undo did: families taken back, and how many can still be; `kept` were served or changed since."""

    done: int
    left: int
    kept: int


def plan_import(session: Session, by: Actor, table: Table, chosen: Mapping[str, str] | None = None) -> ImportPlan:
    """What would happen to every row, without doing it: the dry run. Refused when the file has no header that names people."""
    by.require(Permission.IMPORT)
    header = find_header(table.rows, chosen)
    planned = plan(table, header, current_day(session, by), places_by_spelling(session))
    return tell_known(session, by, planned)


def tell_known(session: Session, by: Actor, planned: ImportPlan) -> ImportPlan:
    """The plan with the families that are here already."""
    keys = [family.key for family in planned.families]
    known: set[str] = set()
    for start in range(0, len(keys), _ASKED_AT_ONCE):
        query = select(Household.import_key).where(Household.import_key.in_(keys[start : start + _ASKED_AT_ONCE]))
        known.update(session.scalars(query.where(Household.site_id == by.site, Household.status == "active")))
    others = [family for family in planned.families if family.key not in known]
    mended = {key: one.fate for key, one in met(session, by, others).items()}
    return replace(planned, known=frozenset(known), met=mended)


def start_import(session: Session, by: Actor, *, request_id: UUID, table: Table) -> UUID:
    """The batch the families of one file belong to."""
    by.require(Permission.IMPORT)
    with journal.operation(session, by, request_id, "start_import", digest=table.digest, name=table.name) as op:
        if not op.is_repeat:
            row = {"digest": table.digest, "name": table.name, "at": by.now()}
            journal.add_many(session, ImportBatch, [row])
        return op.only("import_batch")


def import_chunk(
    session: Session, by: Actor, *, batch_id: UUID, families: Sequence[PlannedFamily]
) -> tuple[RowFate, ...]:
    """Registers a few families, one operation each, in one transaction; the fates of their rows.

    Who is here already stays one: the same rows change nothing, mended ones change the family they mean.
    """
    by.require(Permission.IMPORT)
    before = _registered(session, by, [family.key for family in families])
    mended = met(session, by, [family for family in families if not before.get(family.key, (0, 0))[0]])
    fates: list[RowFate] = []
    for family in families:
        active, withdrawn = before.get(family.key, (0, 0))
        if active:
            fates += family.told(RowFate(0, Fate.KNOWN))
        elif family.key in mended:
            fates += _mended(session, by, family, mended[family.key])
        else:
            fates += _taken_in(session, by, family, Source(batch_id, family.key), withdrawn)
    return tuple(fates)


def _taken_in(session: Session, by: Actor, family: PlannedFamily, source: Source, withdrawn: int) -> Iterable[RowFate]:
    request_id = request_id_of(by.site, f"{family.key}/{withdrawn}")
    register_household(session, by, request_id=request_id, draft=family.draft, source=source)
    journal.settle(session)
    return family.told(RowFate(0, Fate.NEW))


def _mended(session: Session, by: Actor, family: PlannedFamily, one: Met) -> Iterable[RowFate]:
    if one.fate.fate is Fate.CHANGED:
        mend(session, by, family=family, meant=one)
        journal.settle(session)
    return family.told(one.fate)


def _registered(session: Session, by: Actor, keys: Sequence[str]) -> dict[str, tuple[int, int]]:
    """How often each family is here, and how often it was taken back: then it is a new one, with a new request id."""
    query = select(Household.import_key, Household.status, func.count()).where(Household.import_key.in_(keys))
    query = query.where(Household.site_id == by.site).group_by(Household.import_key, Household.status)
    found: dict[str, tuple[int, int]] = {}
    for key, status, count in session.execute(query):
        active, withdrawn = found.get(key, (0, 0))
        found[key] = (active + count, withdrawn) if status == "active" else (active, withdrawn + count)
    return found


# ── undo ─────────────────────────────────────────────────────────────────────────────────────────


def import_batches(session: Session, by: Actor, *, limit: int = 20) -> tuple[BatchRow, ...]:
    """The lists taken in, the newest first, as far as something of them is still here."""
    by.require(Permission.IMPORT)
    b, h = ImportBatch, Household
    query = select(b.id, b.name, b.at, func.count(h.id).label("families")).join(h, h.batch_id == b.id)
    query = query.where(h.status == "active", h.site_id == by.site).group_by(b.id, b.name, b.at)
    rows = session.execute(query.order_by(b.at.desc()).limit(limit)).all()
    return tuple(BatchRow(r.id, r.name, r.at, r.families, _count_unused(session, r.id)) for r in rows)


def undo_chunk(session: Session, by: Actor, *, batch_id: UUID, limit: int = CHUNK) -> UndoStep:
    """Takes back some families of a batch, one operation each. Called until nothing is `left`; who was served or changed is kept."""
    by.require(Permission.IMPORT)
    unused = _unused(batch_id).order_by(Household.id).limit(limit)
    done = list(session.scalars(unused))
    for household_id in done:
        withdraw_household(
            session, by, request_id=request_id_of(batch_id, str(household_id)), household_id=household_id
        )
        journal.settle(session)
    left = _count_unused(session, batch_id)
    here = select(func.count()).where(Household.batch_id == batch_id, Household.status == "active")
    return UndoStep(len(done), left, (session.scalar(here) or 0) - left)


def _unused(batch_id: UUID) -> Select[UUID]:
    h = Household
    query = select(h.id).where(h.batch_id == batch_id, h.status == "active", h.version == 1)
    for column in (Ticket.household_id, HandOver.household_id, Submission.household_id):
        query = query.where(h.id.not_in(select(column).where(column.is_not(None))))
    return query


def _count_unused(session: Session, batch_id: UUID) -> int:
    return session.scalar(select(func.count()).select_from(_unused(batch_id).subquery())) or 0


# ── the result file ──────────────────────────────────────────────────────────────────────────────


def write_result(path: Path, planned: ImportPlan, fates: Iterable[RowFate], lang: str) -> None:
    """The rows of the file with what became of each, and why; itself a list that can be mended and taken in again."""
    kind = "xlsx" if path.suffix.lower() == ".xlsx" else "csv"
    told = {fate.row: fate for fate in fates}
    rows = planned.table.rows
    headers = [*rows[planned.header.row], "fate", "remark"]
    body = (_told(row, told[no], len(headers) - 2, lang) for no, row in enumerate(rows, 1) if no in told)
    write_table(path, kind, headers, body)


def _told(row: tuple[str, ...], fate: RowFate, width: int, lang: str) -> list[str]:
    cells = [*row, *[""] * width][:width]
    remarks = " ".join(i18n.render(remark, lang) for remark in fate.remarks)
    return [*cells, i18n.render(fate.fate.text, lang), remarks]

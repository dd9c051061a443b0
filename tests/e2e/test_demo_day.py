"""The demonstration day: the size of a real one, always the same, adding up; and any tampering with it is named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import func, select

from aidtrack import display
from aidtrack.demo import DAY
from aidtrack.demo.families import SIZES, families
from aidtrack.domain.queueing import MAX_WAIT, USUAL_VISIT, Stage
from aidtrack.store.database import open_database
from aidtrack.store.handover import HandOverVoid
from aidtrack.store.people import Household, HouseholdMember
from aidtrack.store.promises import Announcement, Promise, WaitEnd
from aidtrack.store.queueing import Ticket
from aidtrack.store.stock import Document, Item
from tests.e2e.console import aidtrack
from tests.recount import Raw, minutes_at_calls

CHECK_FAILED = 9


def test_it_has_the_size_of_a_real_day(demo_file: Path) -> None:
    """170 families, 630 people, five kinds of goods, two windows, a delivery, a count, a pause, two cancelled hand-overs."""
    database = open_database(demo_file)

    def counted(table: type) -> int:
        return database.read(lambda s: s.scalar(select(func.count()).select_from(table))) or 0

    def by_kind(column: Any) -> dict[str, int]:
        rows = database.read(lambda s: s.execute(select(column, func.count()).group_by(column)).all())
        return dict(map(tuple, rows))

    try:
        assert [counted(table) for table in (Household, HouseholdMember, Item, HandOverVoid)] == [170, 630, 5, 2]
        states, papers = by_kind(Ticket.state), by_kind(Document.kind)
    finally:
        database.close()
    assert states["served"] == 170
    assert {"GRN": 3, "CS": 1, "WO": 1}.items() <= papers.items()


def test_nobody_waits_over_the_cap_and_one_visit_at_any_call(demo_file: Path) -> None:
    """Also whoever was not there before, in a line that hardly moves."""
    database = open_database(demo_file)
    try:
        waits = database.read(lambda s: minutes_at_calls(Raw(s, DAY, DAY)))
    finally:
        database.close()
    assert len(waits) > 170
    assert max(waits.values()) <= (MAX_WAIT + USUAL_VISIT[Stage.REGISTER]).total_seconds() / 60


def test_a_promise_is_kept_a_lorry_is_announced_and_a_place_in_the_wait_list_ended_by_itself(demo_file: Path) -> None:
    database = open_database(demo_file)
    try:
        owed = database.read(lambda s: [(row.quantity, row.owed) for row in s.scalars(select(Promise).order_by(Promise.at))])
        because = database.read(lambda s: s.scalars(select(WaitEnd.because)).all())
        deliveries = database.read(lambda s: s.scalar(select(func.count()).select_from(Announcement)))
    finally:
        database.close()
    ((promised, left),) = owed
    assert left == 0 < promised
    assert (list(because), deliveries) == (["given"], 1)


def test_the_same_families_come_every_time() -> None:
    assert families(DAY) == families(DAY)
    assert sum(SIZES.values()) == 170
    assert sum(family.size for family in families(DAY)) == 630


def test_check_passes_and_both_papers_can_be_printed(demo_file: Path, tmp_path: Path) -> None:
    checked = aidtrack("check", database=demo_file)
    assert (checked.code, checked.err) == (0, "")
    for name in ("queue", "stock"):
        paper = tmp_path / f"{name}.pdf"
        printed = aidtrack("report", name, "--day", DAY.isoformat(), "--out", paper, database=demo_file, lang="ru")
        assert (printed.code, printed.err) == (0, "")
        pages = pypdfium2.PdfDocument(paper)
        words = pages[0].get_textpage().get_text_range()
        pages.close()
        assert "Курск" in words
        assert "12 августа 2024" in words


def test_without_a_display_the_demo_prints_where_everything_is(demo_template: Path, tmp_path: Path) -> None:
    """A day made before is opened as it was left; a machine without a screen is told how to open the window."""
    shutil.copyfile(demo_template, tmp_path / "demo.db")
    shown = aidtrack("demo", "--out", tmp_path, database=None)
    assert (shown.code, shown.err) == (0, "")
    for name in ("demo.db", "queue-2024-08-12-en.pdf", "stock-2024-08-12-en.pdf"):
        assert str(tmp_path / name) in shown.out
        assert (tmp_path / name).stat().st_size > 10_000
    assert 'main.py --database "' in shown.out
    assert aidtrack(database=tmp_path / "demo.db").code == display.NO_DISPLAY


TAMPERINGS: dict[str, tuple[str, str]] = {
    "a balance": ("T2", "UPDATE balance SET quantity = quantity + 1 WHERE rowid = (SELECT min(rowid) FROM balance)"),
    "a movement deleted": ("T2", "DELETE FROM movement WHERE id = (SELECT id FROM movement WHERE kind = 'issue' LIMIT 1 OFFSET 7)"),
    "a line deleted": ("T4", "DELETE FROM hand_over_line WHERE id = (SELECT id FROM hand_over_line LIMIT 1 OFFSET 40)"),
    "a movement of another lot": (
        "T1",
        """UPDATE movement SET lot_id = (SELECT l.id FROM lot l WHERE l.item_id <> movement.item_id LIMIT 1)
        WHERE id = (SELECT id FROM movement WHERE kind = 'issue' LIMIT 1)""",
    ),
    "a ticket's state": ("T10", "UPDATE ticket SET state = 'waiting' WHERE id = (SELECT id FROM ticket WHERE state = 'served' LIMIT 1)"),
    "a ticket deleted": ("T7", "DELETE FROM ticket WHERE number = 12 AND lane = 'A'"),
    "a word in the journal": ("T10", "UPDATE change SET body = replace(body, 'Курск', 'Орёл'), row_id = row_id WHERE no = 1"),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_is_named(demo_file: Path, what: str) -> None:
    truth, statement = TAMPERINGS[what]
    _tamper(demo_file, lambda cursor: cursor.execute(statement))
    checked = aidtrack("check", database=demo_file)
    assert checked.code == CHECK_FAILED
    assert f"{truth}-" in checked.out


def _tamper(path: Path, do: Callable[[sqlcipher.Cursor], object]) -> None:
    """What somebody with the file and a database browser can do: triggers and keys do not stop them."""
    connection = sqlcipher.connect(str(path), isolation_level=None)
    cursor = connection.cursor()
    for (trigger,) in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        cursor.execute(f'DROP TRIGGER "{trigger}"')
    do(cursor)
    assert connection.total_changes > 0
    connection.close()

"""`check` holds on an honest database and catches each tampering with a copy; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.handover import GoodsAre
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane
from aidtrack.errors import NotAllowed
from aidtrack.services import overview, people, queueing
from aidtrack.services.check import CheckReport, check
from aidtrack.services.handover import cancel_hand_over, hand_over
from aidtrack.services.overview import StockReport
from aidtrack.store.base import IdType
from aidtrack.store.database import Database
from aidtrack.store.people import Household
from aidtrack.store.queueing import Ticket
from aidtrack.store.schema import append_only
from aidtrack.store.stock import Balance, Movement
from tests.aid import Aid, draft_of, make_aid, make_family
from tests.factories import Centre, Team


@pytest.fixture
def day(database: Database, centre: Centre, by: Team) -> Aid:
    """Three families: one served with a number, one whose hand-over was cancelled, one whose goods another has; one number missed."""
    aid = database.write(lambda s: make_aid(s, by, centre))
    families = [register(database, by, name) for name in ("Ткач", "Коваль", "Гончар")]
    given = [serve(database, by, aid, family) for family in families]
    take_back(database, by, given[1], GoodsAre.SET_ASIDE, None)
    take_back(database, by, given[2], GoodsAre.OTHER_FAMILY, families[1])
    return aid


def register(database: Database, by: Team, surname: str) -> UUID:
    return database.write(lambda s: make_family(s, by.registrar, surname)).household_id


def take_back(database: Database, by: Team, one: UUID, where: GoodsAre, other: UUID | None) -> None:
    def do(session: Session) -> None:
        cancel_hand_over(
            session, by.distributor, request_id=new_id(), hand_over_id=one, where=where, other_household_id=other
        )

    database.write(do)


def serve(database: Database, by: Team, aid: Aid, family: UUID) -> UUID:
    ticket = database.write(
        lambda s: queueing.issue_ticket(s, by.registrar, request_id=new_id(), lane=Lane.A, household_id=family)
    )
    draft = draft_of(family, (aid.food, 4), (aid.soap, 4), ticket_id=ticket.id)
    return database.write(lambda s: hand_over(s, by.distributor, request_id=new_id(), draft=draft)).id


def proved(database: Database, by: Team) -> CheckReport:
    return database.read(lambda s: check(s, by.administrator))


def tamper(database: Database, *statements: str, **facts: UUID) -> None:
    """Changes rows behind the program's back, the way a person with a database tool would: triggers and journal out of the way."""

    def do(session: Session) -> None:
        connection = session.connection()
        lite = connection.dialect.name == "sqlite"
        if lite:
            for table in append_only():
                connection.execute(text(f'DROP TRIGGER IF EXISTS "{table}_keeps"'))
                connection.execute(text(f'DROP TRIGGER IF EXISTS "{table}_stays"'))
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        for statement in statements:
            bound = text(statement)
            for name in facts:
                bound = bound.bindparams(bindparam(name, facts[name], IdType))
            connection.execute(bound)

    database.write(do)


def codes(report: CheckReport) -> set[str]:
    return {failure.code for failure in report.failures}


def first(database: Database, ask: Callable[[Session], UUID | None]) -> UUID:
    found = database.read(ask)
    assert found is not None
    return found


def test_every_truth_holds_after_an_honest_day(database: Database, by: Team, day: Aid) -> None:
    report = proved(database, by)
    assert report.failures == ()
    assert report.holds
    assert (report.hand_overs, report.tickets) == (4, 3)
    assert report.movements > 10


def test_only_who_may_read_the_journal_may_check(database: Database, by: Team, day: Aid) -> None:
    with pytest.raises(NotAllowed):
        database.read(lambda s: check(s, by.distributor))


def test_a_changed_balance_is_caught(database: Database, centre: Centre, by: Team, day: Aid) -> None:
    lot = day.soap.lots[0]
    tamper(database, "UPDATE balance SET quantity = quantity + 5 WHERE lot_id = :lot", lot=lot)
    report = proved(database, by)
    assert {"T2-balance", "T6-closing"} <= codes(report)
    assert "Soap" in str(report.of("T2")[0].text)


def test_a_deleted_movement_is_caught(database: Database, by: Team, day: Aid) -> None:
    query = select(Movement.id).where(Movement.kind == "issue").order_by(Movement.id)
    tamper(database, "DELETE FROM movement WHERE id = :one", one=first(database, lambda s: s.scalar(query)))
    assert {"T2-balance", "T4-issue", "T10-missing-row"} <= codes(proved(database, by))


def test_a_deleted_line_is_caught(database: Database, by: Team, day: Aid) -> None:
    query = select(Movement.hand_over_line_id).where(Movement.kind == "issue").order_by(Movement.id)
    line = first(database, lambda s: s.scalar(query))
    tamper(database, "UPDATE movement SET hand_over_line_id = NULL WHERE hand_over_line_id = :line",
           "DELETE FROM hand_over_line WHERE id = :line", line=line)  # fmt: skip
    assert {"T4-no-hand-over", "T10-missing-row", "T10-changed-row"} <= codes(proved(database, by))


def test_a_changed_ticket_is_caught(database: Database, by: Team, day: Aid) -> None:
    ticket = first(database, lambda s: s.scalar(select(Ticket.id).order_by(Ticket.number)))
    tamper(database, "UPDATE ticket SET state = 'expired' WHERE id = :one", one=ticket)
    report = proved(database, by)
    assert codes(report) == {"T10-ticket-state"}
    assert "A 1" in str(report.failures[0].text)


def test_a_deleted_number_is_caught(database: Database, by: Team, day: Aid) -> None:
    ticket = first(database, lambda s: s.scalar(select(Ticket.id).where(Ticket.number == 2)))
    tamper(database, "DELETE FROM ticket_event WHERE ticket_id = :one",
           "UPDATE hand_over SET ticket_id = NULL WHERE ticket_id = :one",
           "DELETE FROM ticket WHERE id = :one", one=ticket)  # fmt: skip
    assert {"T7-numbers", "T10-missing-row"} <= codes(proved(database, by))


def test_a_deleted_event_of_a_number_is_caught(database: Database, by: Team, day: Aid) -> None:
    ticket = first(database, lambda s: s.scalar(select(Ticket.id).where(Ticket.number == 1)))
    tamper(database, "DELETE FROM ticket_event WHERE ticket_id = :one AND no = 1", one=ticket)
    assert {"T10-ticket-events", "T10-missing-row"} <= codes(proved(database, by))


def test_a_number_without_any_event_is_caught(database: Database, by: Team, day: Aid) -> None:
    ticket = first(database, lambda s: s.scalar(select(Ticket.id).where(Ticket.number == 1)))
    tamper(database, "DELETE FROM ticket_event WHERE ticket_id = :one", one=ticket)
    assert {"T10-ticket-events", "T10-missing-row"} <= codes(proved(database, by))


def test_a_day_without_its_events_is_caught(database: Database, by: Team, day: Aid) -> None:
    tamper(database, "DELETE FROM day_event")
    assert {"T10-day-state", "T10-missing-row"} <= codes(proved(database, by))


def test_a_report_that_differs_from_the_rows_is_caught(
    database: Database, by: Team, day: Aid, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = overview.stock_report

    def without_an_item(session: Session, actor: Actor, on: date) -> StockReport:
        report = honest(session, actor, on)
        return replace(report, items=report.items[1:])

    monkeypatch.setattr(overview, "stock_report", without_an_item)
    assert codes(proved(database, by)) == {"T6-left-out"}


def test_a_deleted_cancelling_is_caught(database: Database, by: Team, day: Aid) -> None:
    tamper(database, "DELETE FROM hand_over_void WHERE goods = 'set_aside'")
    assert {"T4-return", "T10-missing-row"} <= codes(proved(database, by))


def test_goods_from_nowhere_are_caught(database: Database, by: Team, day: Aid) -> None:
    tamper(database, "UPDATE movement SET document_id = NULL WHERE kind = 'receive'")
    assert {"T1-no-receipt", "T10-changed-row"} <= codes(proved(database, by))


def test_a_lot_of_another_item_is_caught(database: Database, by: Team, day: Aid) -> None:
    tamper(database, "UPDATE movement SET item_id = :other WHERE lot_id = :lot", other=day.blanket.item_id,
           lot=day.soap.lots[0])  # fmt: skip
    assert {"T1-other-item", "T2-balance", "T4-issue"} <= codes(proved(database, by))


def test_a_way_goods_cannot_take_is_caught(database: Database, centre: Centre, by: Team, day: Aid) -> None:
    tamper(database, "UPDATE movement SET to_id = :loss WHERE kind = 'issue'", loss=centre.places["loss"])
    assert "T1-way" in codes(proved(database, by))


def test_less_than_nothing_is_caught(database: Database, by: Team, day: Aid) -> None:
    tamper(database, "UPDATE movement SET quantity = 1 WHERE kind = 'receive' AND lot_id = :lot", lot=day.soap.lots[0])
    assert {"T2-balance", "T3-below-zero"} <= codes(proved(database, by))


def test_a_day_that_does_not_stand_as_its_events_say_is_caught(database: Database, by: Team, day: Aid) -> None:
    tamper(database, "UPDATE day SET state = 'signed_off'")
    assert codes(proved(database, by)) == {"T10-day-state"}


def test_a_rewritten_journal_is_caught(database: Database, by: Team, day: Aid) -> None:
    tamper(database, "UPDATE operation SET actor_name = 'somebody else' WHERE kind = 'cancel_hand_over'")
    assert "T10-chain" in codes(proved(database, by))


def test_a_row_nobody_wrote_is_caught(database: Database, by: Team, day: Aid) -> None:
    tamper(database, "UPDATE change SET table_name = 'nothing' WHERE table_name = 'movement'")
    assert "T10-unknown-row" in codes(proved(database, by))


def test_a_family_changed_behind_the_program_is_caught(database: Database, by: Team, day: Aid) -> None:
    family = first(database, lambda s: s.scalar(select(Household.id).order_by(Household.id)))
    draft = replace(database.read(lambda s: people.household_draft(s, by.registrar, family)), origin_text="Суджа")
    change = partial(people.change_household, request_id=new_id(), household_id=family, draft=draft)
    database.write(lambda s: change(s, by.registrar))
    assert proved(database, by).holds
    tamper(database, "UPDATE household SET origin_text = 'Коренево' WHERE id = :one", one=family)
    assert codes(proved(database, by)) == {"T10-changed-row"}
    tamper(database, "UPDATE household SET origin_text = 'Суджа' WHERE id = :one", one=family)
    assert proved(database, by).holds
    tamper(database, "UPDATE person SET family_name = 'Другой' WHERE family_name = 'Ткач'")
    assert codes(proved(database, by)) == {"T10-changed-row"}


def test_a_rewritten_change_is_caught(database: Database, by: Team, day: Aid) -> None:
    written = "SELECT min(operation_id) FROM change WHERE table_name = 'hand_over'"
    lite = database.is_sqlite
    body = "json_set(body, '$.new.size', 99)" if lite else "jsonb_set(body::jsonb, '{new,size}', '99')"
    if not lite:
        written = "SELECT operation_id FROM change WHERE table_name = 'hand_over' LIMIT 1"
    tamper(database, f"UPDATE change SET body = {body} WHERE table_name = 'hand_over' AND operation_id = ({written})")
    assert {"T10-chain", "T10-changed-row"} <= codes(proved(database, by))


def test_a_journal_without_an_operation_is_caught(database: Database, by: Team, day: Aid) -> None:
    tamper(
        database, "DELETE FROM change WHERE operation_id IN (SELECT id FROM operation WHERE kind = 'cancel_hand_over')"
    )
    assert {"T10-chain", "T10-unknown-row"} <= codes(proved(database, by))


def test_a_second_cancelling_is_caught(database: Database, by: Team, day: Aid) -> None:
    """The database itself refuses it; so its lock goes first."""
    columns = "hand_over_id, goods, reason, replaced_by_id, day, at"
    again = f"INSERT INTO hand_over_void (id, {columns}) SELECT hand_over_id, {columns} FROM hand_over_void WHERE goods = 'set_aside'"
    if database.is_sqlite:
        made = "CREATE TABLE two AS SELECT * FROM hand_over_void"
        tamper(database, made, "DROP TABLE hand_over_void", "ALTER TABLE two RENAME TO hand_over_void", again)
    else:
        unique = "uq_hand_over_void_hand_over_id"
        tamper(database, f"ALTER TABLE hand_over_void DROP CONSTRAINT {unique}", again)
    assert {"T4-cancelled-twice", "T10-unknown-row"} <= codes(proved(database, by))


def test_a_lost_counter_is_caught(database: Database, by: Team, day: Aid) -> None:
    tamper(database, "DELETE FROM counter")
    assert "T10-counter" in codes(proved(database, by))


def test_checking_changes_nothing(database: Database, by: Team, day: Aid) -> None:
    def rows(session: Session) -> list[tuple[object, ...]]:
        return [
            tuple(row) for row in session.execute(select(Balance.lot_id, Balance.quantity).order_by(Balance.lot_id))
        ]

    before = database.read(rows)
    proved(database, by)
    assert database.read(rows) == before

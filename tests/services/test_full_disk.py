"""The disk is full in the middle of a hand-over, a receipt, a waybill, a promise, a line of paper, the closing of the day: one sentence,
nothing half is booked, and the same press goes through when there is room.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from aidtrack import i18n
from aidtrack.domain.handover import GoodsAre
from aidtrack.domain.ids import new_id
from aidtrack.domain.on_paper import PaperLine
from aidtrack.domain.promises import PromiseDraft
from aidtrack.domain.stock import Destination, GoodsLine, ReceiveDraft, ReceiveLine, TransferDraft
from aidtrack.errors import StoreTrouble
from aidtrack.services import days, on_paper, promises, stock
from aidtrack.services.check import check
from aidtrack.services.handover import cancel_hand_over, hand_over
from aidtrack.store.database import Database
from aidtrack.store.journal import Change, Operation
from tests.aid import TODAY, draft_of, make_aid
from tests.factories import MORNING, Centre, Team
from tests.services.test_journal import add_desk
from tests.services.test_promises import LATER, Here, _first_receipt_is_written
from tests.services.test_store_trouble import _limit_pages

Work = Callable[..., Any]


def _hand_over(here: Here) -> Work:
    return partial(hand_over, by=here.by.distributor, draft=draft_of(here.family(2), (here.aid.food, 2), (here.aid.soap, 2)))


def _cancel(here: Here) -> Work:
    given = here.give(here.family(2), here.aid.food, 2)
    return partial(cancel_hand_over, by=here.by.shift_lead, hand_over_id=given.id, where=GoodsAre.BACK_ON_SHELF)


def _receive(here: Here) -> Work:
    lines = tuple(ReceiveLine(here.aid.soap.item_id, n, lot=f"Ж-{n}") for n in range(1, 9))
    return partial(stock.receive, by=here.by.storekeeper, draft=ReceiveDraft("Красный Крест", lines, "ТН-1"))


def _send(here: Here) -> Work:
    draft = TransferDraft(Destination.ORGANISATION, "Больница", (GoodsLine(here.aid.soap.item_id, 3),), people=9)
    return partial(stock.transfer, by=here.by.storekeeper, draft=draft)


def _promise(here: Here) -> Work:
    draft = PromiseDraft(here.family(2), here.aid.soap.rule_id, 1, until=LATER)
    return partial(promises.promise, by=here.by.shift_lead, draft=draft)


def _off_paper(here: Here) -> Work:
    line = PaperLine(here.family(2), ((here.aid.blanket.item_id, 13),), MORNING, here.by.distributor.desk, TODAY)
    return partial(on_paper.enter_paper_line, by=here.by.distributor, line=line)


def _close(here: Here) -> Work:
    return partial(days.close_day, by=here.by.coordinator)


@pytest.fixture
def here(sqlite_database: Database, centre: Centre, by: Team) -> Here:
    sqlite_database.write(lambda s: _first_receipt_is_written(s, by))
    return Here(sqlite_database, by, sqlite_database.write(lambda s: make_aid(s, by, centre)))


@pytest.mark.parametrize("prepare", [_hand_over, _cancel, _receive, _send, _promise, _off_paper, _close])
def test_nothing_half_and_the_same_press_again(here: Here, prepare: Callable[[Here], Work]) -> None:
    work, request, database = prepare(here), new_id(), here.database
    press = partial(database.write, lambda s: work(s, request_id=request))
    _fill(database, here.by)
    before = _written(database)
    with pytest.raises(StoreTrouble) as full:
        press()
    assert full.value.code == "disk-full"
    assert all(i18n.render(full.value.text, lang) for lang in i18n.LANGUAGES)
    assert _written(database) == before, "nothing of it is there"
    _limit_pages(database, 1_000_000)
    assert press() == press(), "the same press goes through, once"
    assert database.read(lambda s: check(s, here.by.auditor)).failures == ()


def _fill(database: Database, by: Team) -> None:
    """Small writes until not even one of them fits: a full disk does not wait for a large one."""
    _limit_pages(database, 1)
    for number in range(100, 5_000):
        try:
            database.write(lambda s, n=number: add_desk(s, by.coordinator, new_id(), n))  # type: ignore[misc]
        except StoreTrouble:
            return
    raise AssertionError("the disk never filled up")


def _written(database: Database) -> tuple[int, ...]:
    tables = (Operation, Change)
    return tuple(database.read(lambda s, t=t: s.scalar(select(func.count()).select_from(t)) or 0) for t in tables)  # type: ignore[misc]

"""Promises of what comes in sizes, on both databases: the size is said, stands aside, and may be another one when it is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from aidtrack.domain.handover import GoodsAre
from aidtrack.domain.promises import AnnouncedLine, AnnouncementDraft, EndReason, PromiseDraft
from aidtrack.domain.stock import ReceiveDraft, ReceiveLine
from aidtrack.errors import InvalidInput, Refused
from aidtrack.services import handover, promises, stock
from aidtrack.services.check import check
from aidtrack.store.database import Database
from tests.aid import TODAY, make_family
from tests.factories import Centre, Team
from tests.services.test_sizes import Diapers, diapers, household

__all__ = ["diapers", "household"]

LATER = TODAY + timedelta(days=3)


@pytest.fixture(autouse=True)
def every_truth_holds(diapers: Diapers) -> Iterator[None]:
    """Whatever a test did, book, promises and what stands aside agree afterwards."""
    yield
    assert diapers.database.read(lambda s: check(s, diapers.by.auditor)).failures == ()


def promise(
    diapers: Diapers, household: UUID, n: int, size: UUID | None = None, line: UUID | None = None, until: date | None = LATER
) -> Any:
    draft = PromiseDraft(household, diapers.rule, n, line, until if line is None else None, size_id=size)
    return diapers.write(promises.promise, diapers.by.shift_lead, draft=draft)


def shelf(diapers: Diapers, size: UUID) -> int:
    """What anybody may have of a size."""
    site = diapers.by.distributor.site
    return diapers.database.read(lambda s: stock.available_at(s, site, TODAY)).get(size, 0)


def other(diapers: Diapers) -> UUID:
    return diapers.database.write(lambda s: make_family(s, diapers.by.registrar, "Коваль")).household_id


def test_a_promise_says_which_size(diapers: Diapers, household: UUID) -> None:
    for size in (None, diapers.item):
        with pytest.raises(InvalidInput) as told:
            promise(diapers, household, 1, size)
        assert told.value.problems[0].field == "size_id"
    with pytest.raises(Refused, match="the book has 0"):
        promise(diapers, household, 1, diapers.four)


def test_a_size_put_aside_is_nobody_elses_and_the_other_is_free(diapers: Diapers, household: UUID) -> None:
    diapers.receive(diapers.four, 5)
    made = promise(diapers, household, 4, diapers.three)
    assert (made.item_id, made.is_put_aside) == (diapers.three, True)
    assert (shelf(diapers, diapers.three), shelf(diapers, diapers.four)) == (6, 5)
    mine, theirs = diapers.row(household), diapers.row(other(diapers))
    assert (mine.state, mine.promised, mine.due) == ("put_aside", 4, 4), "counted once by the allowance"
    assert {one.size: one.available for one in mine.sizes} == {"3": 10, "4": 5}
    assert {one.size: one.available for one in theirs.sizes} == {"3": 6, "4": 5}


def test_the_promised_size_is_fetched(diapers: Diapers, household: UUID) -> None:
    promise(diapers, household, 4, diapers.three)
    diapers.give(household, 4, diapers.three)
    row = diapers.row(household)
    assert (row.state, row.promised) == ("not_today", 0)
    assert shelf(diapers, diapers.three) == 6


def test_a_child_that_has_grown_takes_another_size_and_what_stood_aside_is_free(diapers: Diapers, household: UUID) -> None:
    diapers.receive(diapers.four, 5)
    promise(diapers, household, 4, diapers.three)
    diapers.give(household, 4, diapers.four)
    assert (diapers.row(household).promised, diapers.row(household).due) == (0, 0), "one promise is kept once, in whatever size"
    assert (shelf(diapers, diapers.three), shelf(diapers, diapers.four)) == (10, 1)


def test_a_cancelled_hand_over_of_another_size_gives_the_promise_back(diapers: Diapers, household: UUID) -> None:
    diapers.receive(diapers.four, 5)
    promise(diapers, household, 4, diapers.three)
    given = diapers.give(household, 4, diapers.four)
    facts = {"hand_over_id": given.id, "where": GoodsAre.BACK_ON_SHELF}
    diapers.write(handover.cancel_hand_over, diapers.by.coordinator, **facts)
    row = diapers.row(household)
    assert (row.promised, row.due) == (4, 4)
    assert shelf(diapers, diapers.three) + shelf(diapers, diapers.four) == 15 - 4, "four stand aside for them again"


def test_part_in_one_size_and_part_in_the_other(diapers: Diapers, household: UUID) -> None:
    diapers.receive(diapers.four, 5)
    promise(diapers, household, 2, diapers.three)
    promise(diapers, household, 2, diapers.four)
    assert (shelf(diapers, diapers.three), shelf(diapers, diapers.four)) == (8, 3)
    diapers.give(household, 3, diapers.three)
    row = diapers.row(household)
    assert (row.promised, row.due) == (1, 1)
    assert shelf(diapers, diapers.three) == 7


def test_a_delivery_is_promised_in_the_size_it_brings(diapers: Diapers, household: UUID) -> None:
    draft = AnnouncementDraft("Красный Крест", LATER, (AnnouncedLine(diapers.four, 3),))
    announced = diapers.write(promises.announce, diapers.by.storekeeper, draft=draft)
    line = diapers.database.read(lambda s: promises.announcement_row(s, diapers.by.storekeeper, announced)).lines[0]
    made = promise(diapers, household, 3, line=line.line_id)
    assert (made.item_id, made.is_put_aside) == (diapers.four, False)
    with pytest.raises(Refused, match="0 can still be promised"):
        promise(diapers, other(diapers), 1, line=line.line_id)
    receive = ReceiveDraft("Красный Крест", (ReceiveLine(diapers.four, 3),), announcement_id=announced)
    diapers.write(stock.receive, diapers.by.storekeeper, draft=receive)
    assert shelf(diapers, diapers.four) == 0, "what came stands aside"
    assert diapers.row(household).state == "put_aside"
    diapers.give(household, 3, diapers.four)
    assert diapers.row(household).promised == 0


def test_a_size_that_is_exchanged_keeps_the_kept_promise(diapers: Diapers, household: UUID, database: Database) -> None:
    diapers.receive(diapers.four, 5)
    promise(diapers, household, 4, diapers.three)
    given = diapers.give(household, 4, diapers.three)
    facts = {"hand_over_id": given.id, "from_item": diapers.three, "to_item": diapers.four, "quantity": 1}
    diapers.write(handover.exchange_size, diapers.by.distributor, **facts)
    assert (diapers.row(household).promised, diapers.row(household).due) == (0, 0)
    assert (shelf(diapers, diapers.three), shelf(diapers, diapers.four)) == (7, 4)


def test_an_honest_cancellation_frees_the_size(diapers: Diapers, household: UUID, centre: Centre, by: Team) -> None:
    made = promise(diapers, household, 4, diapers.three)
    diapers.write(promises.cancel_promises, by.shift_lead, promise_ids=(made.id,), reason=EndReason.NOT_WANTED)
    assert shelf(diapers, diapers.three) == 10
    assert diapers.row(household).promised == 0

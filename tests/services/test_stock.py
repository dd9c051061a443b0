"""The store of a centre on both databases: papers without gaps, balances that are the fold of movements, counts, kits."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import (
    CountDraft,
    Destination,
    DocumentKind,
    GoodsLine,
    ItemDraft,
    ItemMode,
    KitPart,
    LossCause,
    MovementKind,
    PlaceKind,
    ReceiveDraft,
    ReceiveLine,
    SeenLine,
    TransferDraft,
    Unit,
    WriteOffDraft,
)
from aidtrack.errors import Conflict, InvalidInput, NotAllowed, Refused
from aidtrack.services import stock
from aidtrack.store.database import Database, open_database
from aidtrack.store.stock import Balance, CountLine, Document, Lot, Movement, StockPlace
from tests.factories import Centre, Team

TODAY = date(2024, 8, 12)
SOON, LATER = TODAY + timedelta(days=9), TODAY + timedelta(days=200)


@pytest.fixture
def items(database: Database, by: Team) -> dict[str, UUID]:
    """The catalogue of the pack, by code."""
    database.write(lambda s: stock.load_catalogue(s, by.coordinator, request_id=new_id()))
    return {row.code: row.id for row in database.read(lambda s: stock.item_rows(s, by.storekeeper))}


def received(
    database: Database, by: Team, *lines: ReceiveLine, supplier: str = "Гуманитарный центр", **more: Any
) -> UUID:
    draft = ReceiveDraft(supplier, lines, **more)
    return database.write(lambda s: stock.receive(s, by.storekeeper, request_id=new_id(), draft=draft))


def shelf(database: Database, by: Team, item: UUID) -> dict[date | None, int]:
    """What lies of an item, by its date."""
    return {lot.expiry: lot.quantity for lot in database.read(lambda s: stock.lot_rows(s, by.storekeeper, item))}


def check_fold(database: Database) -> None:
    """Truths 1 to 3: balances are the fold of movements, none below zero, and nothing crosses items or lots."""

    def look(session: Session) -> None:
        kinds = {row[0]: row[1] for row in session.execute(select(StockPlace.id, StockPlace.kind))}
        fold: Counter[tuple[UUID, UUID, UUID]] = Counter()
        for row in session.scalars(select(Movement)):
            fold[row.to_id, row.item_id, row.lot_id] += row.quantity
            fold[row.from_id, row.item_id, row.lot_id] -= row.quantity
        real = {key: number for key, number in fold.items() if PlaceKind(kinds[key[0]]).is_real and number}
        held = {(b.place_id, b.item_id, b.lot_id): b.quantity for b in session.scalars(select(Balance)) if b.quantity}
        assert real == held
        assert all(number > 0 for number in held.values())
        owner = {row[0]: row[1] for row in session.execute(select(Lot.id, Lot.item_id))}
        assert all(owner[lot] == item for _, item, lot in fold)

    database.read(look)


# ── receive ──────────────────────────────────────────────────────────────────────────────────────


def test_a_delivery_goes_on_the_shelf_and_its_shortage_on_the_paper(
    database: Database, by: Team, items: dict[str, UUID]
) -> None:
    food, hygiene = items["FOOD-KIT-P7"], items["HYG-F"]
    document = received(
        database, by,
        ReceiveLine(food, 960, LATER, lot="24-131"),
        ReceiveLine(hygiene, 96, on_waybill=100, damaged=1),
        waybill="ТН-4471",
    )  # fmt: skip
    assert shelf(database, by, food) == {LATER: 960}
    view = database.read(lambda s: stock.document_view(s, by.storekeeper, document))
    assert (view.row.code, view.row.paper_number, view.row.units) == ("KRS-GRN-2024-1", "ТН-4471", 1056)
    assert [(line.on_waybill, line.quantity, line.damaged, line.short) for line in view.lines] == [
        (960, 960, 0, 0),
        (100, 96, 1, 3),
    ]
    check_fold(database)


def test_numbers_of_papers_have_no_gaps_even_after_a_refusal(
    database: Database, by: Team, items: dict[str, UUID]
) -> None:
    soap = items["SOAP-250"]
    received(database, by, ReceiveLine(soap, 10))
    too_many = WriteOffDraft(LossCause.WET, (GoodsLine(soap, 11),))
    with pytest.raises(Refused):
        database.write(lambda s: stock.write_off(s, by.storekeeper, request_id=new_id(), draft=too_many))
    fine = WriteOffDraft(LossCause.WET, (GoodsLine(soap, 1),))
    database.write(lambda s: stock.write_off(s, by.storekeeper, request_id=new_id(), draft=fine))
    received(database, by, ReceiveLine(soap, 5))
    codes = database.read(lambda s: [row.code for row in stock.document_rows(s, by.storekeeper)])
    assert sorted(codes) == ["KRS-GRN-2024-1", "KRS-GRN-2024-2", "KRS-WO-2024-1"]


def test_all_problems_of_a_delivery_are_told_at_once(database: Database, by: Team, items: dict[str, UUID]) -> None:
    lines = (ReceiveLine(items["WATER-5L"], 5), ReceiveLine(None, None), ReceiveLine(items["SOAP-250"], 0))
    with pytest.raises(InvalidInput) as told:
        received(database, by, *lines, supplier="  ")
    fields = [problem.field for problem in told.value.problems]
    assert fields == ["supplier", "lines.0.expiry", "lines.1.item", "lines.1.quantity", "lines.2.quantity"]
    assert database.read(lambda s: stock.document_rows(s, by.storekeeper)) == ()


def test_the_same_request_receives_once_and_other_content_is_a_conflict(
    database: Database, by: Team, items: dict[str, UUID]
) -> None:
    request, soap = new_id(), items["SOAP-250"]

    def ask(number: int) -> UUID:
        draft = ReceiveDraft("Фонд", (ReceiveLine(soap, number),))
        return database.write(lambda s: stock.receive(s, by.storekeeper, request_id=request, draft=draft))

    assert ask(7) == ask(7)
    assert shelf(database, by, soap) == {None: 7}
    with pytest.raises(Conflict):
        ask(8)


def test_who_has_not_the_role_moves_nothing(database: Database, by: Team, items: dict[str, UUID]) -> None:
    draft = ReceiveDraft("Фонд", (ReceiveLine(items["SOAP-250"], 7),))
    with pytest.raises(NotAllowed):
        database.write(lambda s: stock.receive(s, by.distributor, request_id=new_id(), draft=draft))
    with pytest.raises(NotAllowed):
        database.read(lambda s: stock.stock_rows(s, by.registrar))


def test_a_batch_known_by_its_name_and_date_is_one_batch(database: Database, by: Team, items: dict[str, UUID]) -> None:
    water = items["WATER-5L"]
    for expiry in (SOON, SOON, LATER):
        received(database, by, ReceiveLine(water, 10, expiry, lot="В-0806"))
    assert shelf(database, by, water) == {SOON: 20, LATER: 10}


# ── leaving ──────────────────────────────────────────────────────────────────────────────────────


def test_goods_leave_first_expiring_first_and_expired_ones_stay(
    database: Database, by: Team, items: dict[str, UUID]
) -> None:
    water, gone = items["WATER-5L"], TODAY - timedelta(days=1)
    for expiry in (LATER, gone, SOON):
        received(database, by, ReceiveLine(water, 10, expiry))
    draft = TransferDraft(Destination.ORGANISATION, "Больница № 1", (GoodsLine(water, 14),), people=40)
    document = database.write(lambda s: stock.transfer(s, by.storekeeper, request_id=new_id(), draft=draft))
    assert shelf(database, by, water) == {gone: 10, LATER: 6}
    view = database.read(lambda s: stock.document_view(s, by.storekeeper, document))
    assert view.row.code == "KRS-WB-2024-1"
    assert view.facts["people"] == 40
    rows = {row.item_id: row for row in database.read(lambda s: stock.stock_rows(s, by.storekeeper))}
    row = rows[water]
    assert (row.on_shelf, row.set_aside, row.expired, row.can_be_given) == (16, 10, 10, 6)
    assert row.nearest_expiry == LATER
    with pytest.raises(Refused) as refused:
        database.write(
            lambda s: stock.transfer(
                s, by.storekeeper, request_id=new_id(),
                draft=TransferDraft(Destination.CENTRE, "Курск-2", (GoodsLine(water, 7),)),
            )
        )  # fmt: skip
    assert (refused.value.code, refused.value.text.facts["available"]) == ("short", 6)
    check_fold(database)


def test_an_expired_batch_is_written_off_by_name(database: Database, by: Team, items: dict[str, UUID]) -> None:
    water, gone = items["WATER-5L"], TODAY - timedelta(days=1)
    received(database, by, ReceiveLine(water, 10, gone))
    lot = database.read(lambda s: stock.lot_rows(s, by.storekeeper, water))[0]
    draft = WriteOffDraft(LossCause.EXPIRED, (GoodsLine(water, 10, lot.lot_id),), "нашли у стены")
    document = database.write(lambda s: stock.write_off(s, by.storekeeper, request_id=new_id(), draft=draft))
    assert shelf(database, by, water) == {}
    assert database.read(lambda s: stock.document_view(s, by.storekeeper, document)).row.cause is LossCause.EXPIRED
    check_fold(database)


def test_set_aside_goods_are_given_to_nobody_and_come_back(
    database: Database, by: Team, centre: Centre, items: dict[str, UUID]
) -> None:
    soap = items["SOAP-250"]
    received(database, by, ReceiveLine(soap, 10))
    lines = (GoodsLine(soap, 4),)
    aside = database.write(lambda s: stock.set_aside(s, by.storekeeper, request_id=new_id(), lines=lines))
    held = database.read(lambda s: stock.available(s, centre.shelf, TODAY))
    assert held[soap] == 6
    row = next(r for r in database.read(lambda s: stock.stock_rows(s, by.storekeeper)) if r.item_id == soap)
    assert (row.on_shelf, row.set_aside, row.can_be_given) == (10, 4, 6)
    database.write(
        lambda s: stock.cancel_document(s, by.storekeeper, request_id=new_id(), document_id=aside, reason="целое")
    )
    assert database.read(lambda s: stock.available(s, centre.shelf, TODAY))[soap] == 10
    check_fold(database)


def test_a_paper_is_taken_back_once_and_never_below_zero(database: Database, by: Team, items: dict[str, UUID]) -> None:
    soap = items["SOAP-250"]

    def back(document: UUID) -> UUID:
        return database.write(
            lambda s: stock.cancel_document(
                s, by.storekeeper, request_id=new_id(), document_id=document, reason="дважды"
            )
        )

    first, second = (received(database, by, ReceiveLine(soap, 10)) for _ in range(2))
    counter = back(first)
    assert shelf(database, by, soap) == {None: 10}
    for again in (first, counter):
        with pytest.raises(Refused, match="reversed"):
            back(again)
    lot = database.read(lambda s: stock.lot_rows(s, by.storekeeper, soap))[0].lot_id
    gone = WriteOffDraft(LossCause.THEFT, (GoodsLine(soap, 1, lot),))
    database.write(lambda s: stock.write_off(s, by.storekeeper, request_id=new_id(), draft=gone))
    with pytest.raises(Refused, match="short"):
        back(second)
    rows = {row.code: row for row in database.read(lambda s: stock.document_rows(s, by.storekeeper))}
    assert rows["KRS-GRN-2024-1"].is_reversed
    assert rows["KRS-GRN-2024-3"].is_counter
    check_fold(database)


# ── counting ─────────────────────────────────────────────────────────────────────────────────────


def test_a_count_keeps_what_was_seen_and_the_book_and_moves_the_difference(
    database: Database, by: Team, items: dict[str, UUID]
) -> None:
    soap, water = items["SOAP-250"], items["WATER-5L"]
    received(database, by, ReceiveLine(soap, 10), ReceiveLine(water, 20, SOON))
    lots = {lot.item_id: lot.lot_id for lot in database.read(lambda s: stock.lot_rows(s, by.storekeeper))}
    seen = (SeenLine(soap, lots[soap], 12, "две за коробкой"), SeenLine(water, lots[water], 20))
    document = database.write(lambda s: stock.count(s, by.storekeeper, request_id=new_id(), draft=CountDraft(seen)))
    assert shelf(database, by, soap) == {None: 12}
    lines = database.read(lambda s: stock.counted_lines(s, by.storekeeper, document))
    assert [(line.book, line.seen, line.difference, line.note) for line in lines] == [
        (10, 12, 2, "две за коробкой"),
        (20, 20, 0, ""),
    ]
    with database_rows(database, CountLine) as rows:
        assert len(rows) == 2
    check_fold(database)


class database_rows:  # noqa: N801 - reads as a phrase in the tests
    """All rows of a table, as values."""

    def __init__(self, database: Database, model: type[Any]) -> None:
        self._rows = database.read(lambda s: list(s.scalars(select(model))))

    def __enter__(self) -> list[Any]:
        return self._rows

    def __exit__(self, *_: object) -> None:
        return


@pytest.mark.parametrize("seen", [0, 3, 25])
def test_it_is_on_the_shelf_counts_the_sum_of_an_item(
    database: Database, by: Team, items: dict[str, UUID], seen: int
) -> None:
    water = items["WATER-5L"]
    received(database, by, ReceiveLine(water, 10, SOON))
    received(database, by, ReceiveLine(water, 10, LATER))
    database.write(lambda s: stock.spot_count(s, by.distributor, request_id=new_id(), item_id=water, seen=seen))
    expected = {0: {}, 3: {LATER: 3}, 25: {SOON: 10, LATER: 15}}[seen]
    assert shelf(database, by, water) == expected
    check_fold(database)


def test_something_the_book_never_heard_of_can_be_on_the_shelf(
    database: Database, by: Team, items: dict[str, UUID]
) -> None:
    soap = items["SOAP-250"]
    database.write(lambda s: stock.spot_count(s, by.distributor, request_id=new_id(), item_id=soap, seen=9))
    assert shelf(database, by, soap) == {None: 9}
    day = database.read(lambda s: stock.item_day(s, by.storekeeper, soap))
    assert [row.words.msgid for row in day.rows] == ["it is on the shelf"]
    check_fold(database)


def test_the_registrar_does_not_count(database: Database, by: Team, items: dict[str, UUID]) -> None:
    with pytest.raises(NotAllowed):
        database.write(
            lambda s: stock.spot_count(s, by.registrar, request_id=new_id(), item_id=items["SOAP-250"], seen=1)
        )


# ── kits ─────────────────────────────────────────────────────────────────────────────────────────


def test_kits_take_their_parts_and_last_as_long_as_the_shortest(
    database: Database, by: Team, items: dict[str, UUID]
) -> None:
    kit, soap, tooth = items["HYG-F"], items["SOAP-250"], items["TOOTH"]
    parts = (KitPart(soap, 2), KitPart(items["TEA-100"], 1), KitPart(tooth, 1))
    edition = database.write(
        lambda s: stock.save_recipe(s, by.coordinator, request_id=new_id(), kit_id=kit, parts=parts)
    )
    assert edition == 2
    received(database, by, ReceiveLine(soap, 9), ReceiveLine(tooth, 9), ReceiveLine(items["TEA-100"], 9, SOON))
    document = database.write(lambda s: stock.assemble_kits(s, by.storekeeper, request_id=new_id(), kit_id=kit, kits=4))
    assert shelf(database, by, kit) == {SOON: 4}
    assert shelf(database, by, soap) == {None: 1}
    with database_rows(database, Movement) as rows:
        mine = [row for row in rows if row.document_id == document]
        assert {row.recipe_edition for row in mine} == {2}
    with pytest.raises(Refused, match="short"):
        database.write(lambda s: stock.assemble_kits(s, by.storekeeper, request_id=new_id(), kit_id=kit, kits=1))
    check_fold(database)


def test_without_a_recipe_no_kit_is_made(database: Database, by: Team, items: dict[str, UUID]) -> None:
    with pytest.raises(Refused, match="no-recipe"):
        database.write(
            lambda s: stock.assemble_kits(s, by.storekeeper, request_id=new_id(), kit_id=items["FOOD-KIT-F"], kits=1)
        )


# ── the catalogue and the lists ──────────────────────────────────────────────────────────────────


def test_the_pack_is_taken_in_once_and_keeps_what_was_edited(
    database: Database, by: Team, items: dict[str, UUID]
) -> None:
    soap = next(r for r in database.read(lambda s: stock.item_rows(s, by.storekeeper)) if r.code == "SOAP-250")
    draft = ItemDraft({"ru": "Мыло хозяйственное"}, soap.code, Unit.PIECE, version=soap.version)
    database.write(lambda s: stock.save_item(s, by.coordinator, request_id=new_id(), draft=draft, item_id=soap.id))
    assert database.write(lambda s: stock.load_catalogue(s, by.coordinator, request_id=new_id())) == 0
    again = next(r for r in database.read(lambda s: stock.item_rows(s, by.storekeeper)) if r.id == soap.id)
    assert again.names == {"ru": "Мыло хозяйственное"}
    with pytest.raises(Conflict):
        database.write(lambda s: stock.save_item(s, by.coordinator, request_id=new_id(), draft=draft, item_id=soap.id))


def test_a_new_item_gets_a_code_and_a_taken_one_is_a_problem(
    database: Database, by: Team, items: dict[str, UUID]
) -> None:
    def save(draft: ItemDraft) -> UUID:
        return database.write(lambda s: stock.save_item(s, by.coordinator, request_id=new_id(), draft=draft))

    tea = save(ItemDraft({"ru": "Чай"}, unit=Unit.BOX, mode=ItemMode.FREE_TABLE))
    row = next(r for r in database.read(lambda s: stock.item_rows(s, by.storekeeper)) if r.id == tea)
    assert row.code.startswith("I-")
    with pytest.raises(InvalidInput) as told:
        save(ItemDraft({"ru": " "}, code="soap-250"))
    assert [problem.field for problem in told.value.problems] == ["names", "code"]


def test_items_are_found_by_three_letters_in_any_language(database: Database, by: Team, items: dict[str, UUID]) -> None:
    rows = database.read(lambda s: stock.item_rows(s, by.storekeeper))
    assert [row.code for row in stock.find_items(rows, "под дет")][:2] == ["DIAP-C", "DIAP-C-2"]
    assert [row.code for row in stock.find_items(rows, "под дет 4")] == ["DIAP-C-4"]
    assert stock.find_items(rows, "вод")[0].code == "WATER-5L"
    assert stock.find_items(rows, "ковд")[0].code == "BLANKET"
    assert stock.find_items(rows, "water")[0].code == "WATER-5L"


def test_the_day_of_an_item_adds_up_and_the_card_goes_on(database: Database, by: Team, items: dict[str, UUID]) -> None:
    soap = items["SOAP-250"]
    received(database, by, ReceiveLine(soap, 525))
    by.clock.forward(days=1)
    received(database, by, ReceiveLine(soap, 960), waybill="118")
    gone = WriteOffDraft(LossCause.DAMAGED, (GoodsLine(soap, 5),))
    database.write(lambda s: stock.write_off(s, by.storekeeper, request_id=new_id(), draft=gone))
    day = database.read(lambda s: stock.item_day(s, by.storekeeper, soap))
    assert (day.opening, day.closing, day.balances) == (525, 1480, True)
    assert day.sums == ((MovementKind.RECEIVE, 960), (MovementKind.WRITE_OFF, -5))
    assert [row.after for row in day.rows] == [1485, 1480]
    assert day.rows[0].words.facts["number"] == "118"
    card = database.read(lambda s: stock.stock_card(s, by.storekeeper, soap))
    assert (card.opening, card.closing, len(card.rows)) == (0, 1480, 3)
    since = TODAY + timedelta(days=1)
    card = database.read(lambda s: stock.stock_card(s, by.storekeeper, soap, since=since))
    assert (card.opening, card.closing) == (525, 1480)


def test_states_say_what_a_person_must_look_at(database: Database, by: Team, items: dict[str, UUID]) -> None:
    received(database, by, ReceiveLine(items["WATER-5L"], 10, SOON), ReceiveLine(items["SOAP-250"], 5))
    states = {row.code: row.state for row in database.read(lambda s: stock.stock_rows(s, by.storekeeper))}
    assert (states["WATER-5L"], states["SOAP-250"]) == ("soon", "ok")
    assert (states["BLANKET"], states["TEA-BREAD"]) == ("none", "free_table")


def test_a_centre_without_places_gets_them_with_its_first_delivery(
    database: Database, by: Team, items: dict[str, UUID]
) -> None:
    shelf_id = database.write(
        lambda s: stock.add_shelf(s, by.coordinator, request_id=new_id(), code="Б4", name="контейнер")
    )
    draft = ReceiveDraft("Фонд", (ReceiveLine(items["SOAP-250"], 5),), shelf_id=shelf_id)
    database.write(lambda s: stock.receive(s, by.storekeeper, request_id=new_id(), draft=draft))
    with pytest.raises(InvalidInput):
        database.write(lambda s: stock.add_shelf(s, by.coordinator, request_id=new_id(), code="Б4"))
    lot = database.read(lambda s: stock.lot_rows(s, by.storekeeper, items["SOAP-250"]))[0]
    assert (lot.place_id, lot.is_given) == (shelf_id, True)


# ── eight at once ────────────────────────────────────────────────────────────────────────────────


def test_eight_desks_take_the_last_five_and_papers_keep_their_numbers(
    database: Database, database_address: str, by: Team, items: dict[str, UUID]
) -> None:
    soap = items["SOAP-250"]
    received(database, by, ReceiveLine(soap, 5))
    refused: list[str] = []

    def take() -> None:
        own = open_database(database_address)
        try:
            draft = WriteOffDraft(LossCause.SAMPLE, (GoodsLine(soap, 1),))
            own.write(lambda s: stock.write_off(s, by.storekeeper, request_id=new_id(), draft=draft))
        except Refused as error:
            refused.append(error.code)
        finally:
            own.close()

    desks = [threading.Thread(target=take) for _ in range(8)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert refused == ["short"] * 3
    assert shelf(database, by, soap) == {}
    codes = database.read(lambda s: {row.code for row in stock.document_rows(s, by.storekeeper)})
    assert codes == {"KRS-GRN-2024-1", *(f"KRS-WO-2024-{n}" for n in range(1, 6))}
    check_fold(database)


# ── whatever people write ────────────────────────────────────────────────────────────────────────


def test_everything_people_write_can_be_an_item_a_supplier_and_a_note(
    database: Database, by: Team, items: dict[str, UUID]
) -> None:
    written = ["<b>Чай</b>", "=SUM(A1)", "Robert'); DROP TABLE item;--", "中文 🍵 \u202e", "'" * 40, "%s %d {0} {item}"]
    for words in written:
        keeps_words(database, by, words)


def keeps_words(database: Database, by: Team, words: str) -> None:
    draft = ItemDraft({"ru": words})
    item = database.write(lambda s: stock.save_item(s, by.coordinator, request_id=new_id(), draft=draft))
    document = received(database, by, ReceiveLine(item, 3, lot=words), supplier=words, waybill=words, note=words)
    view = database.read(lambda s: stock.document_view(s, by.storekeeper, document))
    assert view.row.other_party == view.row.note == view.lines[0].lot_code == view.lines[0].item_names["ru"]
    rows = database.read(lambda s: stock.item_rows(s, by.storekeeper))
    assert item in {row.id for row in stock.find_items(rows, words)}


def test_what_is_longer_than_a_paper_is_told_beside_its_field(
    database: Database, by: Team, items: dict[str, UUID]
) -> None:
    with pytest.raises(InvalidInput) as told:
        received(database, by, ReceiveLine(items["SOAP-250"], 3, lot="x" * 201), supplier="x" * 201, waybill="x" * 201)
    assert [problem.field for problem in told.value.problems] == ["supplier", "waybill", "lines.0.lot"]


# ── planted faults ───────────────────────────────────────────────────────────────────────────────


def forget_the_balance(session: Session) -> None:
    session.scalars(select(Balance)).first().quantity += 1
    session.flush()


def lose_a_movement(session: Session) -> None:
    from sqlalchemy import text

    session.execute(text("UPDATE balance SET quantity = quantity - 1"))


@pytest.mark.parametrize("fault", [forget_the_balance, lose_a_movement])
def test_a_balance_that_is_not_the_fold_is_caught(
    database: Database, by: Team, items: dict[str, UUID], fault: Callable[[Session], None]
) -> None:
    received(database, by, ReceiveLine(items["SOAP-250"], 5))
    check_fold(database)
    database.write(fault)
    with pytest.raises(AssertionError):
        check_fold(database)


def test_goods_cannot_take_a_way_that_is_none(
    database: Database, by: Team, centre: Centre, items: dict[str, UUID]
) -> None:
    from aidtrack.store import journal

    soap = items["SOAP-250"]
    received(database, by, ReceiveLine(soap, 5))
    lot = database.read(lambda s: stock.lot_rows(s, by.storekeeper, soap))[0].lot_id
    step = stock.Step(MovementKind.ISSUE, soap, lot, centre.places["supplier"], centre.places["household"], 1)

    def around(session: Session) -> None:
        with journal.operation(session, by.storekeeper, new_id(), "around"):
            stock.book(session, by.storekeeper, [step])

    with pytest.raises(Refused, match="no-such-way"):
        database.write(around)
    with database_rows(database, Document) as rows:
        assert [row.kind for row in rows] == [DocumentKind.RECEIPT.value]
    assert PlaceKind.SUPPLIER.value in centre.places

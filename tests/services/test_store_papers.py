"""The store's papers hold the figures they are made of, in three languages, with equal bytes for equal figures."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from sqlalchemy.orm import Session

from aidtrack import i18n
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import (
    ArrivalLine,
    CountDraft,
    GoodsLine,
    KitPart,
    LossCause,
    ReceiveDraft,
    ReceiveLine,
    SeenLine,
    SignedDraft,
    TransferDraft,
    WriteOffDraft,
    read_waybill,
)
from aidtrack.domain.stock import Destination as To
from aidtrack.errors import Text
from aidtrack.reports.catalogue import Printed
from aidtrack.reports.store_papers import CardPaper, CountPaper, StorePaper, card_pdf, count_sheet_pdf, document_pdf
from aidtrack.services import stock
from aidtrack.services.overview.heading import heading_of
from aidtrack.store.database import Database
from tests.factories import Team
from tests.unit.test_reports import cover_each_other, lines_of

DAY = date(2024, 8, 12)


def words_of(pdf: bytes) -> str:
    """Everything written on the pages."""
    book = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in book).replace(" ", "\u00a0")
    finally:
        book.close()


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_the_receipt_act_says_what_came_and_what_did_not(sqlite_database: Database, by: Team, lang: str) -> None:
    sqlite_database.write(lambda s: stock.load_catalogue(s, by.coordinator, request_id=new_id()))
    paper, card = sqlite_database.write(lambda s: _papers(s, by))
    pdf = document_pdf(paper, Printed.by(by.storekeeper), lang)
    assert pdf == document_pdf(paper, Printed.by(by.storekeeper), lang)
    words = words_of(pdf)
    for expected in ("KRS-GRN-2024-1", "ТН-4471", i18n.number(1056, lang), "100", "Фонд «Пример»"):
        assert expected.replace(" ", "\u00a0") in words, expected
    words = words_of(card_pdf(card, Printed.by(by.storekeeper), lang))
    for expected in ("FOOD-KIT-P7", i18n.number(960, lang), "24-131"):
        assert expected.replace(" ", "\u00a0") in words, expected


def _papers(session: Session, by: Team) -> tuple[StorePaper, CardPaper]:
    items = {row.code: row.id for row in stock.item_rows(session, by.storekeeper)}
    lines = (
        ReceiveLine(items["FOOD-KIT-P7"], 960, date(2027, 4, 30), lot="24-131"),
        ReceiveLine(items["HYG-F"], 96, on_waybill=100, damaged=1),
    )
    draft = ReceiveDraft("Фонд «Пример»", lines, "ТН-4471")
    document = stock.receive(session, by.storekeeper, request_id=new_id(), draft=draft)
    heading = heading_of(session, by.coordinator, DAY)
    card = stock.stock_card(session, by.storekeeper, items["FOOD-KIT-P7"])
    return StorePaper(heading, stock.document_view(session, by.storekeeper, document)), CardPaper(heading, card)


# ── every paper of the store ──


def made_papers(session: Session, by: Team) -> dict[str, StorePaper]:
    """One of each paper, by its kind."""
    keeper = by.storekeeper
    items = {row.code: row.id for row in stock.item_rows(session, keeper)}
    soap, kit, towel = items["SOAP-250"], items["HYG-F"], items["TOWEL"]
    def do(use_case: Any, **facts: Any) -> Any:
        with_id = {"request_id": new_id()} | facts
        return use_case(session, keeper, **with_id)

    stock.save_recipe(
        session, by.coordinator, request_id=new_id(), kit_id=kit, parts=(KitPart(soap, 2), KitPart(towel, 1))
    )
    signed = do(stock.sign_for, draft=SignedDraft("Фонд «Пример»", 22, (ReceiveLine(soap, 100, lot="М-1"),), "ТН-1"))
    lines = (
        ReceiveLine(soap, 96, lot="М-1", on_waybill=100, damaged=1),
        ReceiveLine(towel, 40, lot="П-1"),
    )
    receipt = do(stock.receive, draft=ReceiveDraft("Фонд «Пример»", lines, "ТН-1", "Фонд", "плёнка порвана", follows_id=signed))
    lot = stock.lot_rows(session, keeper, soap)[0].lot_id
    centre = do(stock.transfer, draft=TransferDraft(To.CENTRE, "Суджа", (GoodsLine(soap, 9),)))
    partner = do(stock.transfer, draft=TransferDraft(To.ORGANISATION, "Больница № 1", (GoodsLine(soap, 5),), people=1240))
    donor = do(stock.transfer, draft=TransferDraft(To.DONOR, "Фонд", (GoodsLine(soap, 5),)))
    arrival = do(stock.arrive, waybill_id=centre, lines=(ArrivalLine(lot, 7),))
    act = do(
        stock.write_off, draft=WriteOffDraft(LossCause.WET, (GoodsLine(soap, 21),), "залило"), approver=by.shift_lead
    )
    sheet = do(stock.count, draft=CountDraft((SeenLine(soap, lot, 54, "две не найдены", first=55),)))
    assembled = do(stock.assemble_kits, kit_id=kit, kits=3)
    (apart,) = do(stock.break_up_kits, kit_id=kit, kits=1)
    aside = do(stock.set_aside, lines=(GoodsLine(soap, 4),), note="отсырело")
    boxes = do(stock.sign_for, draft=SignedDraft("Фонд «Пример»", 22))
    back = do(stock.cancel_document, document_id=donor, reason="не та партия")
    heading = heading_of(session, by.coordinator, DAY)
    made = {
        "signed": signed, "receipt": receipt, "waybill": centre, "partner": partner, "donor": donor, "arrival": arrival,
        "write_off": act, "count": sheet, "assembly": assembled, "apart": apart, "aside": aside, "boxes": boxes, "back": back,
    }  # fmt: skip
    return {name: StorePaper(heading, stock.document_view(session, keeper, one)) for name, one in made.items()}


EXPECTED = {
    "signed": ("KRS-SF-2024-1", "22", "100", "ТН-1", "Фонд «Пример»"),
    "receipt": ("KRS-GRN-2024-1", "KRS-SF-2024-1", "136", "140", "М-1", "плёнка порвана"),
    "waybill": ("KRS-WB-2024-1", "Суджа", "9"),
    "partner": ("KRS-WB-2024-2", "Больница № 1", "5"),
    "donor": ("KRS-WB-2024-3", "Фонд"),
    "arrival": ("KRS-AR-2024-1", "KRS-WB-2024-1", "7", "2"),
    "write_off": ("KRS-WO-2024-1", "21", "залило"),
    "count": ("KRS-CS-2024-1", "55", "54", "две не найдены"),
    "assembly": ("KRS-KA-2024-1", "3", "6"),
    "apart": ("KRS-KB-2024-1", "2"),
    "aside": ("KRS-MV-2024-1", "4", "отсырело"),
    "boxes": ("KRS-SF-2024-2", "22"),
    "back": ("KRS-WB-2024-4", "KRS-WB-2024-3", "5", "не та партия"),
}


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_paper_of_the_store_says_what_it_is_about(sqlite_database: Database, by: Team, lang: str) -> None:
    sqlite_database.write(lambda s: stock.load_catalogue(s, by.coordinator, request_id=new_id()))
    papers = sqlite_database.write(lambda s: made_papers(s, by))
    for name, paper in papers.items():
        pdf = document_pdf(paper, Printed.by(by.storekeeper), lang)
        assert pdf == document_pdf(paper, Printed.by(by.storekeeper), lang), name
        words = words_of(pdf)
        for expected in EXPECTED[name]:
            assert expected.replace(" ", "\u00a0") in words, (name, expected)
    people = i18n.number(1240, lang)
    assert people.replace(" ", "\u00a0") in words_of(document_pdf(papers["partner"], Printed.by(by.storekeeper), lang))


def test_a_paper_says_what_became_of_its_goods(sqlite_database: Database, by: Team) -> None:
    """Where they were moved, what was taken and what was made of it, that a waybill is taken back, that nothing was listed."""
    sqlite_database.write(lambda s: stock.load_catalogue(s, by.coordinator, request_id=new_id()))
    papers = sqlite_database.write(lambda s: made_papers(s, by))
    printed = Printed.by(by.storekeeper)
    said = {name: words_of(document_pdf(paper, printed, "ru")).replace("\u00a0", " ") for name, paper in papers.items()}
    assert "полка отдельно, проверить 4" in said["aside"]
    assert re.findall(r"взято|получено", said["assembly"]) == ["взято", "взято", "получено"]
    assert re.findall(r"взято|получено", said["apart"]) == ["взято", "получено", "получено"]
    assert "Контрольная сумма" not in said["assembly"] + said["apart"] + said["boxes"], "what is no sum is not called one"
    assert "списка товаров нет" in said["boxes"]
    assert "Отмена: накладная KRS-WB-2024-4" in said["back"]
    assert "Контрольная сумма (единицы разные) 5" in said["back"]


@pytest.mark.parametrize("kind", ["receipt", "signed", "partner"])
def test_a_long_name_is_wrapped_and_covers_nothing(sqlite_database: Database, by: Team, kind: str) -> None:
    sqlite_database.write(lambda s: stock.load_catalogue(s, by.coordinator, request_id=new_id()))
    paper = sqlite_database.write(lambda s: made_papers(s, by))[kind]
    row = replace(paper.view.row, other_party=LONG, note=LONG)
    pdf = document_pdf(replace(paper, view=replace(paper.view, row=row)), Printed.by(by.storekeeper), "ru")
    assert words_of(pdf).replace("\u00a0", " ").replace("-\n", "").split().count("переселенцам") == 2 + (kind == "receipt")
    with pypdfium2.PdfDocument(pdf) as pages:
        for page in pages:
            assert [(a, b) for a, b in combinations(lines_of(page.get_textpage()), 2) if cover_each_other(a, b)] == []


LONG = "Благотворительный фонд помощи вынужденным переселенцам «Соседи рядом», отделение по Курскому и Льговскому районам области"


def test_the_codes_of_the_papers_are_read_as_they_are_printed(sqlite_database: Database, by: Team) -> None:
    sqlite_database.write(lambda s: stock.load_catalogue(s, by.coordinator, request_id=new_id()))
    papers = sqlite_database.write(lambda s: made_papers(s, by))
    waybill = read_waybill(decode(document_pdf(papers["waybill"], Printed.by(by.storekeeper), "ru"))[0])
    assert waybill is not None
    assert (waybill.number, waybill.sender) == ("KRS-WB-2024-1", "Пункт на Гоголя")
    assert [(line.item_code, line.quantity, line.lot, line.donor) for line in waybill.lines] == [
        ("SOAP-250", 9, "М-1", "Фонд")
    ]
    signed = decode(document_pdf(papers["signed"], Printed.by(by.storekeeper), "ru"))
    assert signed == [f"D:{papers['signed'].view.row.id.hex}"]


def test_a_waybill_of_many_lines_has_codes_that_are_all_read(sqlite_database: Database, by: Team) -> None:
    sqlite_database.write(lambda s: stock.load_catalogue(s, by.coordinator, request_id=new_id()))
    paper = sqlite_database.write(lambda s: a_long_waybill(s, by))
    codes = decode(document_pdf(paper, Printed.by(by.storekeeper), "ru"))
    parts = sorted((one for code in codes if (one := read_waybill(code))), key=lambda one: one.part)
    assert [(one.part, one.parts) for one in parts] == [(1, 3), (2, 3), (3, 3)]
    assert sum(line.quantity for one in parts for line in one.lines) == paper.view.row.units


def a_long_waybill(session: Session, by: Team) -> StorePaper:
    keeper = by.storekeeper
    soap = next(row.id for row in stock.item_rows(session, keeper) if row.code == "SOAP-250")
    lines = tuple(ReceiveLine(soap, 10 + n, date(2027, 1 + n % 12, 1), lot=f"Партия-{n}") for n in range(24))
    stock.receive(session, keeper, request_id=new_id(), draft=ReceiveDraft("Фонд", lines, donor="Красный Крест"))
    goods = tuple(GoodsLine(soap, lot.quantity, lot.lot_id) for lot in stock.lot_rows(session, keeper, soap))
    draft = TransferDraft(To.CENTRE, "Суджа", goods)
    document = stock.transfer(session, keeper, request_id=new_id(), draft=draft)
    return StorePaper(heading_of(session, by.coordinator, DAY), stock.document_view(session, keeper, document))


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_a_bin_card_goes_on_by_hand_and_opens_its_batch(sqlite_database: Database, by: Team, lang: str) -> None:
    sqlite_database.write(lambda s: stock.load_catalogue(s, by.coordinator, request_id=new_id()))
    sqlite_database.write(lambda s: made_papers(s, by))
    (card, heading) = sqlite_database.read(lambda s: a_bin_card(s, by))
    pdf = card_pdf(CardPaper(heading, card), Printed.by(by.storekeeper), lang)
    assert decode(pdf) == [f"L:{card.lot_id.hex if card.lot_id else ''}"]
    words = words_of(pdf)
    for expected in ("М-1", "SOAP-250", "KRS-GRN-2024-1", str(card.closing)):
        assert expected in words, expected


def a_bin_card(session: Session, by: Team) -> Any:
    lot = next(row for row in stock.lot_rows(session, by.storekeeper) if row.code == "М-1")
    heading = heading_of(session, by.coordinator, DAY)
    return stock.stock_card(session, by.storekeeper, lot.item_id, lot_id=lot.lot_id), heading


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_a_sheet_to_count_on_says_nothing_of_the_book(sqlite_database: Database, by: Team, lang: str) -> None:
    sqlite_database.write(lambda s: stock.load_catalogue(s, by.coordinator, request_id=new_id()))
    sqlite_database.write(lambda s: _papers(s, by))
    lines = sqlite_database.read(lambda s: stock.batches_to_count(s, by.storekeeper))
    heading = sqlite_database.read(lambda s: heading_of(s, by.coordinator, DAY))
    words = words_of(count_sheet_pdf(CountPaper(heading, lines), Printed.by(by.storekeeper), lang))
    assert "24-131" in words
    assert not {"960", "96"} & set(words.split())


def decode(pdf: bytes) -> list[str]:
    """The codes of all pages, as a scanner reads them at 200 dpi."""
    book = pypdfium2.PdfDocument(pdf)
    try:
        pictures = [page.render(scale=200 / 72).to_pil().convert("L") for page in book]
        return [found.text for picture in pictures for found in zxingcpp.read_barcodes(picture)]
    finally:
        book.close()


def test_a_size_stands_once_in_its_name(sqlite_database: Database, by: Team) -> None:
    """The size is an item of its own and has it in its name; another one says it beside."""
    heading = sqlite_database.read(lambda s: heading_of(s, by.storekeeper, DAY))
    named, beside = {"ru": "Подгузники детские, 3"}, {"ru": "Подгузники детские"}
    lines = tuple(
        stock.ToCount(names, size, f"D-{size}", None, Text("shelf")) for names, size in ((named, "3"), (beside, "4"))
    )
    words = words_of(count_sheet_pdf(CountPaper(heading, lines), Printed.by(by.storekeeper), "ru")).replace("\u00a0", " ")
    assert "Подгузники детские, 3 D-3" in words
    assert "Подгузники детские, 4 D-4" in words


@pytest.mark.parametrize(("lines", "pages"), [(9, 1), (20, 1), (23, 2)])
def test_no_page_of_a_count_sheet_holds_blank_lines_alone(sqlite_database: Database, by: Team, lines: int, pages: int) -> None:
    heading = sqlite_database.read(lambda s: heading_of(s, by.storekeeper, DAY))
    goods = tuple(stock.ToCount({"ru": "Мыло"}, "", f"М-{n}", None, Text("shelf")) for n in range(lines))
    pdf = count_sheet_pdf(CountPaper(heading, goods), Printed.by(by.storekeeper), "ru")
    with pypdfium2.PdfDocument(pdf) as book:
        assert len(book) == pages
    numbers = [int(n) for n in re.findall(r"^(\d+)\b", words_of(pdf), re.MULTILINE)]
    assert max(numbers) >= lines + 2, "room for goods nobody knew of"

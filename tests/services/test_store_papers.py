"""The store's papers hold the figures they are made of, in three languages, with equal bytes for equal figures."""

from __future__ import annotations

from datetime import date

import pypdfium2
import pytest
from sqlalchemy.orm import Session

from aidtrack import i18n
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import ReceiveDraft, ReceiveLine
from aidtrack.reports.catalogue import Printed
from aidtrack.reports.store_papers import CardPaper, StorePaper, card_pdf, document_pdf
from aidtrack.services import stock
from aidtrack.services.overview.heading import heading_of
from aidtrack.store.database import Database
from tests.factories import Team

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

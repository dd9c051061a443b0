"""The evening of the demonstration day with what happens seldom, in a file of its own: every kind of paper of the store, long names, a
slip that says everything."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from aidtrack.demo.centre import DAY, Centre, SetClock
from aidtrack.domain.disclosures import DisclosureDraft, Extent
from aidtrack.domain.handover import HandOverDraft, LineDraft
from aidtrack.domain.promises import AnnouncedLine, AnnouncementDraft, PromiseDraft
from aidtrack.domain.stock import (
    ArrivalLine,
    Destination,
    GoodsLine,
    LossCause,
    MoveDraft,
    PlaceKind,
    ReceiveDraft,
    ReceiveLine,
    SignedDraft,
    TransferDraft,
    WriteOffDraft,
)
from aidtrack.services import accounts, disclosures, handover, people, promises, queueing, stock
from aidtrack.store.database import Database
from aidtrack.store.queueing import Ticket
from aidtrack.store.stock import Item
from tests.screenshots import besides
from tests.screenshots.besides import COORDINATOR, GIVES, LEAD, REGISTRAR, STORE
from tests.screenshots.day import EVENING, Moment

LONG = "Благотворительный фонд помощи вынужденным переселенцам «Соседи рядом», отделение по Курскому и Льговскому районам"
NOTE = "Машина пришла без пломбы, два поддона промокли при разгрузке под дождём; водитель отметил это в своей накладной"


def day(evening: Moment, folder: Path) -> Moment:
    """The same people at the same hour; the file of the evening stays as it was."""
    moment = Moment(folder / "papers.db", evening.people)
    for end in ("", "-wal"):
        if evening.path.with_name(evening.path.name + end).exists():
            shutil.copy(evening.path.with_name(evening.path.name + end), moment.path.with_name(moment.path.name + end))
    with closing(moment.open()) as database:
        centre = _centre(database, moment)
        _papers_of_the_store(centre)
        _a_full_slip(centre)
        _names_out(centre)
        _put_off(centre)
    return moment


def _centre(database: Database, moment: Moment) -> Centre:
    centre = Centre(database, SetClock(EVENING), dict(moment.people))
    centre.items = database.read(lambda session: dict(session.execute(select(Item.code, Item.id)).all()))
    centre.windows = {row.draft.number: row.id for row in centre.ask(COORDINATOR, accounts.windows)}
    return centre


def _papers_of_the_store(centre: Centre) -> None:
    """One of every kind, with words as long as they come."""
    item = centre.items
    _receive(centre)
    centre.do(STORE, stock.sign_for, draft=SignedDraft(LONG, boxes=38, waybill="ТТН-2024/08-000117", note=NOTE))
    lines = tuple(GoodsLine(item[code], n) for code, n in (("OIL-1", 6), ("SUGAR-1", 4), ("SOAP-250", 8)))
    centre.do(STORE, stock.transfer, draft=TransferDraft(Destination.ORGANISATION, LONG, lines, people=42, note=NOTE))
    centre.do(STORE, stock.transfer, draft=TransferDraft(Destination.DONOR, "Фонд «Соседи»", lines[:1]))
    centre.do(STORE, stock.transfer, draft=TransferDraft(Destination.FREE_TABLE, "", (GoodsLine(item["TEA-BREAD"], 2),)))
    gone = centre.do(STORE, stock.write_off, draft=WriteOffDraft(LossCause.WET, lines[1:2], NOTE))
    centre.do(STORE, stock.cancel_document, document_id=gone, reason="Списали не ту партию: сухая стояла рядом с промокшей")
    centre.do(STORE, stock.assemble_kits, kit_id=item["FOOD-KIT-F"], kits=12)
    centre.do(STORE, stock.break_up_kits, kit_id=item["FOOD-KIT-F"], kits=2)
    _move(centre)
    _arrive(centre)


def _receive(centre: Centre) -> None:
    item = centre.items
    lines = (
        ReceiveLine(item["BED-SET"], 36, on_waybill=40, damaged=3),
        ReceiveLine(item["HYG-F"], 1240, lot="ГН-2024-0812/А", on_waybill=1240),
        ReceiveLine(item["OIL-1"], 88, date(2025, 3, 31), "М-77", on_waybill=90),
    )
    centre.do(STORE, stock.receive, draft=ReceiveDraft(LONG, lines, "ТТН-2024/08-000116", LONG, NOTE))


def _move(centre: Centre) -> None:
    there = {row.kind: row.id for row in centre.ask(STORE, stock.place_rows)}
    line = GoodsLine(centre.items["GROATS-1"], 5)
    move = MoveDraft(there[PlaceKind.SHELF], there[PlaceKind.QUARANTINE], (line,), "Крупа отсырела, проверить")
    centre.do(STORE, stock.move_goods, draft=move)


def _arrive(centre: Centre) -> None:
    """The copy of a waybill to another centre is back; not all of it came."""
    (sent,) = centre.ask(STORE, stock.on_the_way)
    lines = tuple(ArrivalLine(line.lot_id, line.quantity - 3) for line in sent.lines if line.lot_id)
    centre.do(STORE, stock.arrive, waybill_id=sent.document_id, lines=lines, note=NOTE)


def _a_full_slip(centre: Centre) -> None:
    """Something lent, something there was none of, something promised: all on one slip."""
    household = besides.served_families(centre)[6]
    line = AnnouncedLine(centre.items["MATTRESS"], 40)
    centre.do(STORE, promises.announce, draft=AnnouncementDraft(LONG, DAY + timedelta(days=2), (line,)))
    announced = centre.ask(STORE, promises.announced)[-1].lines[0].line_id
    promise = PromiseDraft(household, besides.rule_of(centre, household, "MATTRESS"), 2, announced)
    centre.do(LEAD, promises.promise, draft=promise)
    centre.people["fourth window"] = replace(centre.people[GIVES], desk_id=centre.windows[besides.WINDOW])
    blanket = besides.rule_of(centre, household, "BLANKET")
    centre.do("fourth window", promises.keep_place, household_id=household, rule_id=blanket)
    lines = tuple(LineDraft(besides.rule_of(centre, household, code), 1) for code in ("HEATER", "FOOD-KIT-F"))
    head = centre.ask(REGISTRAR, people.household_view, household).members[0].person_id
    centre.do("fourth window", handover.hand_over, draft=HandOverDraft(household, lines, collector_person_id=head))


def _names_out(centre: Centre) -> None:
    """Two copies of lists, as the register shows them."""
    for asked_by, fields in ((LONG, Extent.NAMES.fields), ("Администрация района", Extent.ALL.fields)):
        draft = DisclosureDraft(asked_by, "письмо № 114/2024 от 10.08.2024", "сверка списков перед завозом одеял", fields)
        centre.do(COORDINATOR, disclosures.disclose, draft=draft, second=centre.people[LEAD])


def _put_off(centre: Centre) -> None:
    """A number that goes on tomorrow."""
    query = select(Ticket.id).where(Ticket.state == "waiting", Ticket.stage != "shift_lead").order_by(Ticket.number.desc()).limit(1)
    ticket = centre.scopes.read(lambda session: session.scalars(query).one())
    centre.do(LEAD, queueing.put_off, ticket_id=ticket)

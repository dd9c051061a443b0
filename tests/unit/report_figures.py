"""One invented day as figures, the size of a real one, for the papers to be drawn from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import UUID

from aidtrack.domain.access import Role
from aidtrack.domain.birth import read_birth
from aidtrack.domain.handover import GoodsAre
from aidtrack.domain.intake import Choice, Condition, Question, QuestionKind
from aidtrack.domain.people import HowConfirmed, Lodging, Need, Relation, Sex
from aidtrack.domain.queueing import Lane
from aidtrack.domain.stock import LossCause, Unit, sector
from aidtrack.errors import Text
from aidtrack.reports.page import Stamp
from aidtrack.services.overview import (
    ActivityFigures,
    ActivityReport,
    AgeReport,
    AidForm,
    AnnouncedFigures,
    BadgeFigures,
    CancelledFigures,
    CardFigures,
    CohortFigures,
    ComeBackSlip,
    DayBadges,
    DeedFigures,
    DeliveredFigures,
    DeliveryReport,
    DifferenceFigures,
    DistributionReport,
    DistrictFigures,
    DocumentFigures,
    DueFigures,
    ExceptionReport,
    ExpiryFigures,
    FilledForm,
    Flow,
    FormMember,
    GoodsReport,
    HandOverSlip,
    Heading,
    HourFigures,
    ItemFigures,
    ItemFlow,
    LaneFigures,
    LodgingFigures,
    LookUpFigures,
    LossLine,
    LotFigures,
    MoreFigures,
    NeedFigures,
    OriginCell,
    OriginFigures,
    OriginReport,
    PassedLine,
    PauseFigures,
    ProgrammeFigures,
    ProgrammeItem,
    ProgrammeReport,
    QueueReport,
    QuickSheets,
    ReceiptLine,
    Reconciliation,
    RollNumbers,
    ServedCard,
    ServedCards,
    ShiftBadges,
    ShiftReport,
    ShiftRoll,
    ShiftWindow,
    SignOffSheets,
    SlipLine,
    StockReport,
    TicketSlip,
    TurnedAwayFigures,
    Waits,
    WindowFigures,
    WindowSheets,
)

DAY = date(2024, 8, 12)
HEADING = Heading(
    "Пункт выдачи № 1 · Курск", "К1", "Europe/Moscow", DAY, "7F3A 91C2", 1, True, "8 800 000-00-00", ("ru", "uk")
)


def stamp(paper: str, printed: Text | str = "напечатано 12.08.2024 20:34 · координатор 02") -> Stamp:
    return Stamp(HEADING.site, HEADING.code, DAY, paper, HEADING.chain, printed, languages=HEADING.languages)


def lane(letter: str, *counts: int, waits: tuple[int, int, int]) -> LaneFigures:
    issued, served, not_here, gone, cancelled, expired, waiting = counts
    name = Lane(letter).text
    return LaneFigures(letter, name, issued, served, not_here, gone, cancelled, expired, waiting, Waits(*waits))


FOOD = {"ru": "Продуктовый набор 7 дн.", "uk": "Продуктовий набір 7 дн.", "en": "Food kit, 7 days"}
WATER = {"ru": "Вода 5 л", "uk": "Вода 5 л", "en": "Water 5 l"}
RATION = {"ru": "Готовый рацион, 5 дн.", "uk": "Готовий раціон, 5 дн.", "en": "Ready ration, 5 days"}
INFANT = {"ru": "Детское питание", "uk": "Дитяче харчування", "en": "Infant food"}
HYGIENE = {"ru": "Гигиенический набор, семья", "uk": "Гігієнічний набір, родина", "en": "Hygiene kit, family"}
WOMEN = {"ru": "Женская гигиена", "uk": "Жіноча гігієна", "en": "Women’s hygiene"}
DIAPERS = {"ru": "Подгузники детские, р. 4 и 5", "uk": "Підгузки дитячі, р. 4 і 5", "en": "Diapers, size 4 and 5"}
SOAP = {"ru": "Мыло 250 г", "uk": "Мило 250 г", "en": "Soap 250 g"}
LINEN = {"ru": "Комплект постельного белья", "uk": "Комплект постільної білизни", "en": "Bed linen set"}
BLANKET = {"ru": "Одеяло", "uk": "Ковдра", "en": "Blanket"}
KIT, PIECE, BOTTLE, PACK, SET = Unit.KIT.text, Unit.PIECE.text, Unit.BOTTLE.text, Unit.PACK.text, Unit.SET.text


def queue_report() -> QueueReport:
    hours = [
        (9, 124, 58, 66, 22), (10, 118, 86, 96, 34), (11, 102, 89, 104, 41), (12, 61, 63, 93, 39), (13, 48, 41, 96, 37),
        (14, 96, 92, 94, 36), (15, 98, 96, 89, 33), (16, 87, 94, 77, 30), (17, 66, 88, 50, 25), (18, 36, 67, 15, 14),
    ]  # fmt: skip
    return QueueReport(
        heading=HEADING,
        opened=time(9),
        closed=time(19),
        pauses=(PauseFigures(time(12, 40), time(13, 25), Text("air alarm"), datetime(2024, 8, 12, 9, 40, tzinfo=UTC)),),
        lanes=(
            lane("A", 555, 502, 9, 17, 5, 8, 14, waits=(38, 71, 94)),
            lane("K", 171, 166, 1, 2, 1, 0, 1, waits=(9, 17, 26)),
            lane("M", 88, 85, 1, 1, 0, 1, 0, waits=(12, 24, 31)),
            lane("T", 22, 21, 0, 0, 1, 0, 0, waits=(27, 49, 58)),
        ),
        total=LaneFigures("", Text("Total"), 836, 774, 11, 20, 7, 9, 15, Waits(31, 66, 94)),
        hours=tuple(HourFigures(*h) for h in hours),
        windows=(
            WindowFigures("1", (FOOD,), False, True, 33300, 251, 125),
            WindowFigures("2", (FOOD, WATER), False, True, 33300, 236, 130),
            WindowFigures("3", (HYGIENE, LINEN), False, True, 33300, 189, 160),
            WindowFigures("4", (), False, True, 27000, 98, 230),
            WindowFigures("5", (), True, False, 33300, 81, 280),
            WindowFigures("6", (), True, False, 33300, 74, 295),
            WindowFigures("7", (), True, False, 25200, 59, 310),
        ),
        families=812,
        families_for_others=59,
        tickets_for_others=21,
        waited_too_long=("A 288", "A 291"),
        ordinary_over_an_hour=83,
        called_out_of_turn=("K 04",),
    )


def _lot(code: str, use_by: date | None, *flow: int, aside: int = 0, counted: int | None = None) -> LotFigures:
    return LotFigures(UUID(int=sum(map(ord, code))), code, use_by, Flow(*flow), aside, counted)


def _item(
    names: dict[str, str], unit: Text, lots: list[LotFigures], enough: tuple[int | None, float | None, time | None]
) -> ItemFigures:
    flow = sum((lot.flow for lot in lots), Flow())
    counted = [lot.counted for lot in lots if lot.counted is not None]
    aside = sum(lot.put_aside for lot in lots)
    return ItemFigures(
        UUID(int=sum(map(ord, names["en"]))),
        names,
        unit,
        flow,
        aside,
        sum(counted) if counted else None,
        *enough,
        tuple(lots),
    )


def stock_report() -> StockReport:
    d = date
    items = (
        _item(FOOD, KIT, [
            _lot("П-0729", d(2024, 10, 20), 1480, 0, 0, 1480, counted=0),
            _lot("П-0811", d(2024, 11, 28), 640, 1200, 2, 730, aside=40, counted=1112),
        ], (390, 0.5, time(13, 50))),
        _item(RATION, PIECE, [_lot("Р-0802", d(2025, 2, 2), 1305, 0, 0, 611, counted=694)], (920, 1.1, None)),
        _item(WATER, BOTTLE, [
            _lot("В-0806", d(2025, 8, 6), 1864, 0, 0, 1858, 0, 6, counted=0),
            _lot("В-0811", d(2025, 8, 11), 0, 1440, 0, 554, 60, aside=30, counted=826),
        ], (260, 0.3, time(12, 10))),
        _item(INFANT, PACK, [
            _lot("Д-0511", d(2024, 8, 26), 112, 0, 0, 75, counted=37),
            _lot("Д-0720", d(2025, 1, 20), 0, 48, 0, 16, counted=32),
        ], (610, 0.8, time(16, 30))),
        _item(HYGIENE, KIT, [_lot("Г-0805", None, 742, 96, 0, 380, aside=12, counted=458)], (950, 1.2, None)),
        _item(WOMEN, PACK, [_lot("Ж-0801", None, 1210, 0, 0, 398, 0, 0, -2, counted=810)], (1650, 2.0, None)),
        _item(DIAPERS, PACK, [_lot("К-0708", None, 160, 0, 0, 58, counted=102), _lot("К-0709", None, 54, 0, 0, 54, counted=0)],
              (730, 0.9, time(18))),
        _item(SOAP, PIECE, [_lot("М-0726", None, 2400, 0, 0, 1096, 0, 0, 4, counted=1308)], (960, 1.2, None)),
        _item(LINEN, SET, [_lot("Б-0731", None, 420, 0, 0, 420, counted=0)], (0, None, None)),
        _item(BLANKET, PIECE, [
            _lot("О-0804", None, 318, 0, 0, 318, counted=0), _lot("О-0812", None, 0, 300, 1, 188, counted=113),
        ], (180, 0.2, time(11, 10))),
    )  # fmt: skip
    return StockReport(
        heading=HEADING,
        items=items,
        total=sum((item.flow for item in items), Flow()),
        put_aside=82,
        counted_lots=15,
        lots=15,
        documents=(
            DocumentFigures(
                "K1-GRN-2024-1", Text("receipt act"), (FOOD, WATER, INFANT, HYGIENE, BLANKET), 3084, time(12, 10)
            ),
            DocumentFigures("K1-WB-2024-1", Text("waybill"), (WATER,), -60, time(10, 40)),
            DocumentFigures("K1-WO-2024-1", Text("write-off act"), (WATER,), -6, time(15, 5)),
        ),
        differences=(
            DifferenceFigures(SOAP, "М-0726", 1304, 1308, "коробка из прихода 08.08 на 24, не на 20"),
            DifferenceFigures(WOMEN, "Ж-0801", 812, 810, "две пачки розданы без записи в 12:45"),
        ),
        expiries=(
            ExpiryFigures(INFANT, PACK, "Д-0511", d(2024, 8, 26), 14, 37),
            ExpiryFigures(FOOD, KIT, "П-0811", d(2024, 11, 28), 108, 1112),
            ExpiryFigures(INFANT, PACK, "Д-0720", d(2025, 1, 20), 161, 32),
        ),
        reconciliation=Reconciliation(8236, 3, 8233, 3, ("1-01", "3-14")),
        families_per_hour=81,
        opens_at=time(9),
        announced=(
            AnnouncedFigures("", d(2024, 8, 13), WATER, BOTTLE, 2880, 0, is_late=False),
            AnnouncedFigures("Красный Крест", d(2024, 8, 14), LINEN, SET, 300, 40, is_late=False),
        ),
    )


def ticket_slip() -> TicketSlip:
    return TicketSlip(
        heading=HEADING,
        label="A 217",
        lane=Lane.A.text,
        issued="10:42",
        ahead=68,
        minutes=45,
        code="T-K1-240812-A217",
        window="0",
    )


def come_back_slip() -> ComeBackSlip:
    again = ((FOOD, date(2024, 8, 19)), (SOAP, date(2024, 9, 3)))
    return ComeBackSlip(HEADING, "5570", "10:42", again)


def hand_over_slip() -> HandOverSlip:
    return HandOverSlip(
        heading=HEADING,
        card_tail="5570",
        people=4,
        at="11:26",
        given=(
            SlipLine(FOOD, 4, KIT),
            SlipLine(WATER, 4, BOTTLE),
            SlipLine(SOAP, 4, PIECE),
            SlipLine(HYGIENE, 1, KIT),
        ),
        missing=(SlipLine(LINEN, 4, SET),),
        again=((WATER, date(2024, 8, 13)), (FOOD, date(2024, 8, 19)), (SOAP, date(2024, 9, 11))),
        collector=Text("card holder"),
        sheet="2-03",
        line=12,
        code="H-K1-240812-2-03-12",
        window="2",
        stamp=7,
    )


def family_cards(n: int = 10) -> list[CardFigures]:
    return [CardFigures(f"{4821 + k:04} 1790 {5570 + k:04}", f"TOKEN{k:011}ABCDEF") for k in range(n)]


def _words(ru: str, en: str) -> dict[str, str]:
    return {"ru": ru, "uk": ru, "en": en}


def questions() -> tuple[Question, ...]:
    yes_no = (Choice("yes", _words("да", "yes")), Choice("no", _words("нет", "no")))
    helps = ("лекарства", "коляска", "детское питание", "подгузники", "очки", "связь")
    kinds = tuple(Choice(f"k{n}", _words(word, word)) for n, word in enumerate(helps))
    thanks = _words("Спасибо. Помощь не зависит от ответов.", "Thank you. The help does not depend on the answers.")
    return (
        Question("home", QuestionKind.SECTION, _words("Дом и дорога", "Home and way")),
        Question("left", QuestionKind.DAY, _words("Когда уехали из дома?", "When did you leave home?")),
        Question(
            "people",
            QuestionKind.NUMBER,
            _words("Сколько человек осталось дома?", "How many people stayed at home?"),
            most=99,
        ),
        Question("damaged", QuestionKind.ONE, _words("Дом повреждён?", "Is the home damaged?"), choices=yes_no),
        Question("how", QuestionKind.TEXT, _words("Как?", "How?"), when=Condition("damaged", ("yes",))),
        Question("help", QuestionKind.SECTION, _words("Чем ещё помочь", "What else would help")),
        Question(
            "needs", QuestionKind.SEVERAL, _words("Что нужно в первую очередь?", "What is needed first?"), choices=kinds
        ),
        Question("note", QuestionKind.LONG_TEXT, _words("Что ещё хотите сказать?", "Anything else?")),
        Question("thanks", QuestionKind.NOTE, thanks),
    )


def filled_form() -> FilledForm:
    members = (
        FormMember(
            "Ткаченко Мария Петровна", Sex.FEMALE, read_birth("12.8.89", DAY), 35, Relation.HEAD, (Need.INFANT,)
        ),
        FormMember("Ткаченко Пётр", Sex.MALE, None, 36, Relation.SPOUSE, (), True),
        FormMember("", Sex.FEMALE, None, 8, Relation.CHILD),
    )
    return FilledForm(
        day=DAY, card="4821 1790 5570", ticket="A 217", at="10:42", family_name="Ткаченко", given_name="Мария",
        patronymic="Петровна", district=_words("Суджанский район", "Sudzha district"),
        settlement=_words("Суджа", "Sudzha"), lodging=Lodging.RELATIVES, address="ул. Ленина, 5",
        phone="+7 910 000-00-00", members=members, how_confirmed=HowConfirmed.OWN_WORD,
        answers={"left": "2024-08-07", "people": 2, "damaged": "yes", "how": "окна", "needs": ["k0", "k2"], "note": "Ищем брата. " * 12},
    )  # fmt: skip


def aid_form(filled: FilledForm | None = None) -> AidForm:
    names = _words("Вопросы пункта", "Questions of the centre")
    items = (FOOD, RATION, WATER, INFANT, HYGIENE, WOMEN, DIAPERS, SOAP, LINEN)
    return AidForm(HEADING, "Б-0317" if filled else "", 3, names, items, questions(), filled)


# ── distribution ─────────────────────────────────────────────────────────────────────────────────


def distribution_report() -> DistributionReport:
    """The same invented day: 812 families, 2,987 people, 8,233 units."""
    women = CohortFigures(Text("Women and girls"), (121, 198, 142, 708, 492, 0))
    men = CohortFigures(Text("Men and boys"), (128, 207, 139, 561, 289, 0))
    unsaid = CohortFigures(Text("Sex not stated"), (0, 0, 0, 2, 0, 0))
    return DistributionReport(
        heading=HEADING,
        opened=time(9),
        closed=time(19),
        pauses=queue_report().pauses,
        windows=7,
        families=812,
        new=214,
        cohorts=(women, men, unsaid),
        with_difficulty=CohortFigures(Text("of these hard to walk, see, hear or speak"), (5, 9, 5, 51, 69, 0)),
        children=935,
        older=781,
        items=_dues(),
        origins=_origins(),
        cells=(OriginCell(DISTRICTS[0][0], "f", "60+", 96), OriginCell(DISTRICTS[0][0], "m", "0-4", 3)),
        lodgings=_lodgings(),
        issued=8236,
        returned=3,
        served_first=171,
        numbers_served=774,
        left_unserved=29,
        numbers=836,
        allowed_more=6,
        cancelled=3,
        problems=(
            Text("{item}: nothing left at the end of the day.", item=LINEN),
            Text("Pause: every number kept its place. The longest wait was {n} min.", n=94),
            Text("{item}: left for about {n} families, enough until about {time} tomorrow.", item=FOOD, n=390, time=time(13, 50)),
        ),
    )  # fmt: skip


def _dues() -> tuple[DueFigures, ...]:
    rows = (
        (FOOD, KIT, 2214, 2208), (RATION, PIECE, 611, 611), (WATER, BOTTLE, 2987, 2412), (INFANT, PACK, 96, 91), (HYGIENE, KIT, 388, 380),
        (WOMEN, PACK, 412, 398), (DIAPERS, PACK, 118, 112), (SOAP, PIECE, 1104, 1096), (LINEN, SET, 432, 420), (BLANKET, PIECE, 512, 505),
    )  # fmt: skip
    out = Text("ran out at {time}", time=time(11, 4))
    short = replace(DueFigures(LINEN, SET, 432, 420, 0, 12), waiting=208, why=out)
    wanted = (DueFigures(names, unit, due, given, due - given) for names, unit, due, given in rows)
    return tuple(short if row.names is LINEN else row for row in wanted)


DISTRICTS = (
    ({"ru": "Суджанский район", "uk": "Суджанський район", "en": "Sudzhansky District"}, 301, 1104, 88, 1902),
    ({"ru": "Кореневский район", "uk": "Коренівський район", "en": "Korenevsky District"}, 168, 611, 41, 1015),
    ({"ru": "Глушковский район", "uk": "Глушківський район", "en": "Glushkovsky District"}, 142, 529, 37, 611),
    (
        {"ru": "Большесолдатский район", "uk": "Великосолдатський район", "en": "Bolshesoldatsky District"},
        71,
        268,
        22,
        318,
    ),
    ({"ru": "Рыльский район", "uk": "Рильський район", "en": "Rylsky District"}, 54, 203, 11, 296),
    ({"ru": "Беловский район", "uk": "Біловський район", "en": "Belovsky District"}, 39, 142, 8, 204),
    ({"ru": "Льговский район", "uk": "Льговський район", "en": "Lgovsky District"}, 30, 100, 5, 100),
)


def _origins() -> tuple[OriginFigures, ...]:
    return (*(OriginFigures(*row) for row in DISTRICTS), OriginFigures(None, 7, 30, 2, 51))


def _lodgings() -> tuple[LodgingFigures, ...]:
    rows = ((Lodging.RELATIVES, 402), (Lodging.RENT, 331), (Lodging.SHELTER, 52), (Lodging.OTHER, 20))
    return (*(LodgingFigures(lodging.text, families) for lodging, families in rows), LodgingFigures(None, 7))


def sign_off_sheets() -> SignOffSheets:
    """Two windows: one that gives much, one that says nothing of goods."""
    programmes = ((_words("Первая помощь эвакуированным", "First aid for evacuated families"), "Красный Крест"),)
    much = WindowSheets(
        2, (FOOD, WATER, SOAP, HYGIENE, LINEN, DIAPERS), 3, 2, ((FOOD, 1), (WATER, 1), (SOAP, 1), (LINEN, 1)), ((HYGIENE, 1),), programmes
    )
    return SignOffSheets(HEADING, 20, (much, WindowSheets(4, (), 1, 1)))


def day_badges() -> DayBadges:
    """Two roles, more than one sheet."""
    roles = (Role.DISTRIBUTOR, Role.SHIFT_LEAD)
    badges = tuple(BadgeFigures(n, roles[n % 2].text, f"B:{n:020x}") for n in range(1, 13))
    return DayBadges(HEADING, badges)


def quick_sheets() -> QuickSheets:
    """Two sheets."""
    return QuickSheets(HEADING, 2)


def roll_numbers() -> RollNumbers:
    """More than one sheet of the ordinary line."""
    return RollNumbers(HEADING, tuple((f"A {n}", Lane.A.text) for n in range(38, 110)))


def shift_report() -> ShiftReport:
    """A shift that leaves something open."""
    queue = queue_report()
    rows = (
        (Text("Signatures"), Text("{figures}; nobody is written for {gaps}", figures="2-01 … 2-03", gaps="2-03/14")),
        (
            Text("{item}: given on paper, not in the book", item={"ru": "Мыло", "en": "Soap"}),
            Text.plural("{n} unit to explain", "{n} units to explain", n=12),
        ),
    )
    at = datetime(2024, 8, 12, 11, 0, tzinfo=UTC)
    return ShiftReport(
        heading=HEADING, at=at,
        windows=(ShiftWindow(1, 52, "1-03/12", (), 52), ShiftWindow(2, 40, "2-03/01", ("2-02/14–2-02/16",), None)),
        lanes=queue.lanes, total=queue.total, not_printed=1, rolls=(ShiftRoll("A 38", "A 109", "A 61", 48),),
        badges=(ShiftBadges(Role.DISTRIBUTOR.text, 12, 9, 1),), kits=(at,), open_rows=rows,
    )  # fmt: skip


def exception_report() -> ExceptionReport:
    """A day on which a few things went another way."""
    cancelled = (
        CancelledFigures(time(10, 12), "2", "2-01/14", 9, GoodsAre.BACK_ON_SHELF.text, "открыта не та семья"),
        CancelledFigures(time(14, 40), "1", "1-04/02", 3, GoodsAre.NEVER_LEFT.text, ""),
        CancelledFigures(
            time(16, 5), "3", "3-02/20", 4, GoodsAre.OTHER_FAMILY.text, "карта соседей, товар ушёл с ними"
        ),
    )
    more = (
        MoreFigures(time(12, 3), "2", FOOD, 4, 6, Text("special need"), "Baby", "Olha K."),
        MoreFigures(time(15, 48), "4", DIAPERS, 1, 5),
    )
    deeds = (
        DeedFigures(Text("Hand-over cancelled"), 3, ("открыта не та семья", "карта соседей, товар ушёл с ними")),
        DeedFigures(Text("Number called out of turn"), 2, ("urgent",)),
        DeedFigures(Text("Goods written off"), 1, ("размокла коробка",)),
    )
    looks = (
        LookUpFigures(time(11, 20), "5570", Text("by name"), 3),
        LookUpFigures(time(13, 2), "", Text("by card"), 1),
    )
    away = (
        TurnedAwayFigures(time(9, 40), "5570", Text("not today"), date(2024, 9, 3), False),
        TurnedAwayFigures(time(10, 5), "0417", Text("nothing to hand over"), None, True),
    )
    return ExceptionReport(HEADING, cancelled, more, deeds, joined=4, told_apart=7, left_open=2, look_ups=looks, turned_away=away)


def served_cards() -> ServedCards:
    """Two hundred cards that had four things."""
    again = ((1, date(2024, 8, 19)), (2, date(2024, 8, 19)), (3, date(2024, 9, 3)), (4, None))
    cards = tuple(ServedCard(f"4821 1790 {n:04}", again[: n % 4 + 1]) for n in range(200))
    return ServedCards(HEADING, (FOOD, WATER, SOAP, LINEN), cards)


# ── papers of several days ───────────────────────────────────────────────────────────────────────

WEEK = replace(HEADING, since=date(2024, 8, 6))


def age_report() -> AgeReport:
    """The people of the same day, each sex with those who find something hard."""
    cohorts = distribution_report().cohorts
    women, men = (2, 5, 3, 30, 41, 0), (3, 4, 2, 21, 28, 0)
    hard = (CohortFigures(cohorts[0].name, women), CohortFigures(cohorts[1].name, men), CohortFigures(cohorts[2].name, (0,) * 6))
    needs = (NeedFigures(Need.PREGNANT.text, 31), NeedFigures(Need.MOBILITY.text, 96), NeedFigures(Need.CHILD_ALONE.text, 2))
    return AgeReport(HEADING, 1, 812, 214, 889, cohorts, hard, needs)


def origin_report() -> OriginReport:
    """Districts with their places; the last place of each stands for several small ones."""
    rows = []
    for n, (names, families, people, new, to_date) in enumerate(DISTRICTS):
        large = OriginFigures(_words(f"Место {n}", f"Place {n}"), families - 9, people - 31, new - 2, to_date - 11, f"P{n}")
        small = OriginFigures(None, 9, 31, 2, 11)
        rows.append(DistrictFigures(OriginFigures(names, families, people, new, to_date, f"D{n}"), (large, small)))
    nowhere = OriginFigures(None, 7, 30, 2, 51)
    return OriginReport(WEEK, 6, (*rows, DistrictFigures(nowhere, (nowhere,))), distribution_report().cells)


def delivery_report() -> DeliveryReport:
    """What was due and given that day; some did not want all of it, some took a part."""
    rows = [
        DeliveredFigures(f"I{n}", d.names, d.unit, d.given // 3, d.due, d.given, less // 2, less - less // 2, n % 3, d.waiting, d.why)
        for n, d in enumerate(_dues())
        for less in (d.due - d.given,)
    ]
    return DeliveryReport(WEEK, 6, 812, 889, tuple(rows), 8236, 3)


def goods_report() -> GoodsReport:
    """Two deliveries, one of them taken back in part; two losses; one transfer."""
    day = date(2024, 8, 12)
    receipts = (
        ReceiptLine("K1-GRN-2024-1", day, "Красный Крест", "ТН-4417", "Красный Крест", FOOD, 1210, 1200, 4, 6),
        ReceiptLine("K1-GRN-2024-1", day, "Красный Крест", "ТН-4417", "Красный Крест", WATER, None, 1440, 0, 0),
        ReceiptLine("K1-GRN-2024-2", day, "", "K1-GRN-2024-1", "", WATER, None, -40, 0, 0),
    )
    losses = (
        LossLine(
            "K1-WO-2024-1", day, WATER, "В-0806", 6, LossCause.DAMAGED.text, "бутыли лопнули при разгрузке", Role.SHIFT_LEAD.text
        ),
        LossLine("K1-WO-2024-2", day, SOAP, "М-0726", 4, LossCause.WET.text, ""),
    )
    items = (
        ItemFlow(FOOD, KIT, Flow(2120, 1200, 2, 2210)),
        ItemFlow(WATER, BOTTLE, Flow(1864, 1400, 0, 2412, 60, 6)),
        ItemFlow(SOAP, PIECE, Flow(2400, 0, 0, 1096, 0, 4, 4)),
    )
    passed = (PassedLine("K1-WB-2024-1", day, "ПВР школа № 5", WATER, 60, 52),)
    lost = (LossLine("K1-AR-2024-1", day, WATER, "В-0806", 2, Text("lost on the way"), "две бутыли разбиты в пути"),)
    return GoodsReport(WEEK, 6, items, receipts, losses, passed, lost)


def activity_report() -> ActivityReport:
    """Three kinds of goods of one programme."""
    programme = _words("Первая помощь эвакуированным", "First aid for evacuated families")
    days = (date(2024, 8, 6), date(2024, 8, 12))
    rows = [
        ActivityFigures(programme, "Красный Крест", sector(category), code, names, unit, units, units // 3, units, *days, True)
        for category, code, names, unit, units in (
            ("food", "FOOD", FOOD, KIT, 2208), ("water", "WATER", WATER, BOTTLE, 2412), ("bedding", "BED", LINEN, SET, 420),
        )
    ]  # fmt: skip
    return ActivityReport(WEEK, 6, "Пункт выдачи № 1", "Курск", tuple(rows), 812, 2987, "RU-KRS", "RU-KRS-99")


def programme_report() -> ProgrammeReport:
    """One programme that ran all week and runs on."""
    rule = Text("{item}: {n} for a person", item=FOOD, n=1)
    items = [ProgrammeItem(row, rule if n else None, Flow(100, 50, 0, 40)) for n, row in enumerate(delivery_report().items)]
    programme = ProgrammeFigures(
        _words("Первая помощь эвакуированным", "First aid for evacuated families"), "Красный Крест", date(2024, 8, 6), None, True, 2240,
        812, 2987, 889, tuple(items), ((date(2024, 8, 12), LINEN, Text("none today")),), 3,
    )  # fmt: skip
    return ProgrammeReport(WEEK, 6, (programme,))

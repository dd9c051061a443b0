"""The papers of the demonstration day as they are printed, read back: R1, R4, R5 and the sign-off sheets say the same in every language,
and a signed-off day is printed again byte for byte, whatever comes later.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import select, text

from aidtrack import i18n
from aidtrack.demo import DAY
from aidtrack.demo.centre import on
from aidtrack.domain.access import Role
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import Period
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane
from aidtrack.reports import catalogue, evening
from aidtrack.reports.catalogue import Format, Printed
from aidtrack.services import days, overview, queueing
from aidtrack.store.database import Database, open_database
from aidtrack.store.days import Site
from tests import recount
from tests.factories import SettableClock
from tests.recount import Raw

LANGUAGES = ("ru", "uk", "en")
EVENING = on(DAY, 20, 34)


@pytest.fixture
def day(demo_file: Path) -> Iterator[Database]:
    database = open_database(demo_file)
    yield database
    database.close()


@pytest.fixture
def lead(day: Database) -> Actor:
    """The coordinator in the evening, with a clock that is set."""
    site = day.read(lambda s: s.scalar(select(Site.id)))
    clock = SettableClock(EVENING)
    return Actor(None, "console", frozenset(Role), clock, site)


def printed(day: Database, by: Actor, name: str, lang: str) -> str:
    """What stands on the paper, line by line, no-break spaces as spaces."""
    report = catalogue.report(name)
    figures = day.read(lambda s: report.figures(s, by, DAY))
    return read(catalogue.make(report.name, Format.PDF, figures, Printed.by(by), lang))


def read(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as pages:
        said = "\n".join(page.get_textpage().get_text_range() for page in pages)
    return said.replace("\r", "").replace("\u00a0", " ")


def cells(lang: str, *numbers: int) -> str:
    """Counts as a line of a table prints them; none is a dash."""
    return " ".join(i18n.number(n, lang).replace("\u00a0", " ") if n else "–" for n in numbers)


# ── the same sums on every paper ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("lang", LANGUAGES)
def test_stock_distribution_and_sign_off_sheets_agree_on_paper(day: Database, lead: Actor, lang: str) -> None:
    """R5 ↔ R1 ↔ R4 ↔ R12, item by item, and with the raw tables counted another way."""
    r1, r4, r5, r12 = (printed(day, lead, name, lang) for name in ("distribution", "delivered", "stock", "sheets"))
    given = day.read(lambda s: recount.given(Raw(s, DAY, DAY)))
    shelves = day.read(lambda s: recount.shelves(Raw(s, DAY, DAY)))
    units = issued = returned = 0
    for item in day.read(lambda s: overview.stock_report(s, lead, DAY)).items:
        code = next(code for code, names in _items(day).items() if names == item.names)
        name, flow, (handed_over, held_back, not_wanted) = i18n.pick(item.names, lang), item.flow, given[code]
        due = cells(lang, handed_over + held_back + not_wanted, handed_over, not_wanted, held_back)
        assert any(line.startswith(name) and f" {due} " in line for line in r1.splitlines()), name
        assert any(line.startswith(name) and f" {due} " in line for line in r4.splitlines()), name
        assert flow.issued - flow.returned == handed_over
        assert (flow.opening, flow.closing) == shelves[code]
        moved = cells(lang, flow.received, flow.returned, flow.issued, flow.transferred, flow.written_off)
        line = f" {i18n.number(flow.opening, lang)} {moved} ".replace("\u00a0", " ")
        assert any(words.startswith(name) and line in words for words in r5.splitlines()), name
        units, issued, returned = units + handed_over, issued + flow.issued, returned + flow.returned
    assert f"{_GIVEN[lang]} {cells(lang, units)}" in r5
    lines = next(line for line in r5.splitlines() if line.startswith(_LINES[lang]))
    assert f" {cells(lang, units)} " in lines
    for paper in (r1, r4):
        words = next(line for line in paper.splitlines() if line.startswith(_ADDS_UP[lang]))
        assert [words.count(cells(lang, n)) for n in (units, issued)] == [1, 1]
        assert f"− {cells(lang, returned)} " in words
    _sheets_follow(day, r5, r12)


def _items(day: Database) -> dict[str, dict[str, str]]:
    rows = day.read(lambda s: s.execute(text("SELECT code, names FROM item")).all())
    return {code: json.loads(names) if isinstance(names, str) else names for code, names in rows}


_GIVEN = {"ru": "= выдано семьям", "uk": "= видано родинам", "en": "= given to families"}
_LINES = {"ru": "Сумма строк листов", "uk": "Сума рядків аркушів", "en": "Sum of the lines of sheets"}
_ADDS_UP = {"ru": "Сходится", "uk": "Сходиться", "en": "It adds up"}


def _sheets_follow(day: Database, r5: str, r12: str) -> None:
    """The sheets R5 names are those families signed on, their lines hold the units; R12 begins with the sheet after each."""
    asked = text("SELECT d.number, max(h.sheet) FROM hand_over h JOIN desk d ON d.id = h.desk_id WHERE h.day = :day GROUP BY d.number")
    last: dict[int, int] = dict(map(tuple, day.read(lambda s: s.execute(asked, {"day": DAY.isoformat()}).all())))
    assert f"1-01 … {max(last)}-{last[max(last)]:02}" in r5
    for window, sheet in last.items():
        assert f"{window}-{sheet + 1:02}" in r12
        assert f"{window}-{sheet:02}" not in r12
    lines = text(
        "SELECT sum(l.quantity) FROM hand_over_line l JOIN hand_over h ON h.id = l.hand_over_id WHERE h.day = :day AND h.sheet > 0 "
        "AND NOT EXISTS (SELECT 1 FROM hand_over_void v WHERE v.hand_over_id = h.id)"
    )
    on_sheets = day.read(lambda s: s.execute(lines, {"day": DAY.isoformat()}).scalar())
    assert on_sheets == day.read(lambda s: sum(units for units, *_ in recount.given(Raw(s, DAY, DAY)).values()))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_people_families_and_places_are_the_same_on_r1_r2_r3(day: Database, lead: Actor, lang: str) -> None:
    families = day.read(lambda s: recount.families(Raw(s, DAY, DAY)))
    people = sum(day.read(lambda s: recount.people_by_sex(Raw(s, DAY, DAY))).values())
    for name in ("distribution", "ages", "origins", "5w", "programme"):
        said = printed(day, lead, name, lang)
        for wanted in (families, people):
            assert re.search(rf"(?<!\d){i18n.number(wanted, lang)}(?!\d)", said), (name, wanted)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_printed_number_of_the_queue_is_in_one_column(day: Database, lead: Actor, lang: str) -> None:
    said = printed(day, lead, "queue", lang)
    issued = sum(sum(states.values()) for states in day.read(lambda s: recount.tickets(Raw(s, DAY, DAY))).values())
    line = next(line for line in said.splitlines() if line.startswith(_ADDS_UP[lang]))
    first, *parts = (int(one) for one in re.findall(r"\d+", line))
    assert first == issued == sum(parts)


# ── printed again ────────────────────────────────────────────────────────────────────────────────


def test_a_signed_off_day_is_printed_again_byte_for_byte(day: Database, lead: Actor) -> None:
    """The evening's papers and every other kept one, made before and after a next day with hand-overs, goods and numbers."""
    clock = lead.clock
    assert isinstance(clock, SettableClock)
    day.write(lambda s: overview.sign_off(s, lead, request_id=new_id()))
    kept = [report for report in catalogue.REPORTS if report.is_kept]
    assert {report.code for report in kept} >= {f"R{n}" for n in (*range(1, 12), 13, 14, 16, 17, 19)}
    at = Printed.by(lead)

    def made() -> dict[tuple[str, str, str], bytes]:
        figures = {report.name: day.read(lambda s, report=report: report.figures(s, lead, DAY)) for report in kept}
        return {
            (report.name, kind, lang): catalogue.make(report.name, kind, figures[report.name], at, lang)
            for report in kept
            for lang in LANGUAGES
            for kind in (Format.PDF, Format.CSV)
        }

    before, pack = made(), evening.make_pack(day.read(lambda s: evening.sheets_of(s, lead, DAY)), at)
    clock.moment = on(DAY + timedelta(days=1), 9)
    day.write(lambda s: days.open_day(s, lead, request_id=new_id()))
    for _ in range(3):
        day.write(lambda s: queueing.issue_ticket(s, lead, request_id=new_id(), lane=Lane.A))
    day.write(lambda s: s.execute(text("UPDATE person SET sex = 'm'")))
    assert made() == before
    again = {paper.code: paper.pdf for paper in evening.make_pack(day.read(lambda s: evening.sheets_of(s, lead, DAY)), at)}
    for paper in pack:
        if paper.code not in ("L", "N"):  # the door is told what stands ready now, and who was served by now
            assert again[paper.code] == paper.pdf, paper.code
    assert day.read(lambda s: overview.age_report(s, lead, Period(DAY - timedelta(days=1), DAY))).people == 630


"""The page Day without power: the morning check, the paper kit, what was given on paper by keyboard, cash-up, and the lead's badge."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from aidtrack import settings
from aidtrack.domain.access import Role
from aidtrack.domain.actor import Actor
from aidtrack.domain.badges import badge_code
from aidtrack.domain.days import DayState
from aidtrack.domain.ids import new_id
from aidtrack.services import badges, days, on_paper, overview
from aidtrack.services.handover import hand_over
from aidtrack.store.accounts import Badge
from aidtrack.store.database import Database
from aidtrack.store.days import draw_up_to
from aidtrack.ui import jobs, messages, morning
from aidtrack.ui.battery import Battery, BatteryWatch, _of_linux
from aidtrack.ui.dialogs import FormDialog, Question
from aidtrack.ui.inputs import PinInput
from aidtrack.ui.page import PRINT_KIT
from aidtrack.ui.pages.day import DayPage
from aidtrack.ui.parts import ChecklistRow, KeyCap, Words
from aidtrack.ui.record_table import RecordTable
from tests.aid import TODAY, Aid, draft_of, make_aid, make_family
from tests.factories import Centre, SettableClock, Team
from tests.ui.conftest import JobsOn
from tests.ui.typing import press, type_text

EVENING = datetime(2024, 8, 12, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Papers of these tests go there."""
    monkeypatch.setenv("AIDTRACK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


class Shown:
    """The page over a database."""

    def __init__(self, page: DayPage, database: Database, by: Team) -> None:
        self.page, self.database, self.by = page, database, by

    def load(self) -> None:
        self.page.load()
        jobs.wait_all()

    def do(self, use_case: Callable[..., Any], who: Actor | None = None, **arguments: Any) -> Any:
        done = self.database.write(partial(use_case, by=who or self.by.coordinator, request_id=new_id(), **arguments))
        self.load()
        return done

    def row(self, topic: str) -> ChecklistRow:
        found = self.page.findChild(ChecklistRow, f"row_{topic.replace('/', '_')}")
        assert found is not None, topic
        return found

    def words(self, topic: str) -> str:
        return " | ".join(str(words.said()) for words in self.row(topic).findChildren(Words))

    def field(self, name: str) -> QLineEdit:
        found = self.page.findChild(QLineEdit, name)
        assert found is not None, name
        return found

    def more(self, start: str) -> None:
        action = next(one for one in self.page.more() if str(one.word).startswith(start))
        assert action.enabled
        action.run()
        jobs.wait_all()

    def said(self) -> str:
        now = messages.current()
        return str(now.text) if now else ""


@pytest.fixture
def shown(
    window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, centre: Centre, by: Team, clock: SettableClock
) -> Shown:
    jobs_on(sqlite_database, by.coordinator)
    page = DayPage()
    window_kit.addWidget(page)
    page.resize(1260, 700)
    page.show()
    shown = Shown(page, sqlite_database, by)
    shown.load()
    return shown


@pytest.fixture
def aid(shown: Shown, centre: Centre, by: Team, clock: SettableClock) -> Aid:
    made = shown.database.write(lambda s: make_aid(s, by, centre))
    shown.database.write(lambda s: draw_up_to(s, centre.site_id, "document:GRN:2024", 1))
    clock.moment = EVENING
    shown.load()
    return made


# ── the morning ──────────────────────────────────────────────────────────────────────────────────


def test_before_opening_the_computer_tells_of_itself_and_stops_nobody(shown: Shown) -> None:
    for topic in (
        morning.CLOCK,
        morning.PRINTER,
        morning.SCANNER,
        morning.SOUND,
        morning.DISK,
        morning.BATTERY,
        morning.STICK,
    ):
        assert shown.row(topic).isVisibleTo(shown.page)
    action = shown.page.main_action()
    assert action is not None
    assert action.enabled
    assert str(action.word) == "Open the day"


def test_a_clock_behind_the_book_is_said(shown: Shown, clock: SettableClock) -> None:
    clock.forward(hours=-2)
    shown.load()
    assert "written later than that" in shown.words(morning.CLOCK)


def test_a_stick_that_is_not_there_is_said(shown: Shown) -> None:
    assert "No folder for backups is chosen" in shown.words(morning.STICK)


# ── the kit ──────────────────────────────────────────────────────────────────────────────────────


def test_after_opening_one_enter_makes_the_paper_kit(shown: Shown, home: Path, aid: Aid) -> None:
    shown.do(days.close_day)
    shown.do(days.reopen_day)
    pack = shown.page.findChild(QWidget, "evening_pack")
    assert pack is not None
    press(pack, Qt.Key.Key_Return)
    jobs.wait_all(60_000)
    papers = {path.name.split("-")[0] for path in home.rglob("*.pdf")}
    assert {"N", "R12", "Q", "F"} <= papers
    assert len(shown.database.read(partial(days.kits_of, by=shown.by.coordinator, day=TODAY))) == 1
    assert "Paper kit" in shown.said()


def test_a_day_signed_off_offers_no_enter_that_opens_nothing(shown: Shown, aid: Aid) -> None:
    def offered() -> int:
        rows = shown.page.findChildren(ChecklistRow)
        return sum(cap.isVisibleTo(shown.page) for row in rows for cap in row.findChildren(KeyCap))

    family = shown.database.write(lambda s: make_family(s, shown.by.registrar))
    given = draft_of(family.household_id, (aid.food, 1))
    shown.database.write(partial(hand_over, by=shown.by.distributor, request_id=new_id(), draft=given))
    shown.do(days.close_day)
    assert offered()
    shown.do(overview.sign_off)
    assert offered() == 0


def test_a_full_stick_is_called_full(shown: Shown, aid: Aid, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    shown.do(days.close_day)
    monkeypatch.setattr(Path, "write_bytes", full)
    pack = shown.page.findChild(QWidget, "evening_pack")
    assert pack is not None
    press(pack, Qt.Key.Key_Return)
    jobs.wait_all(60_000)
    assert "no room left" in shown.said()
    assert "Another stick or folder is needed" in shown.said()


def test_a_stick_that_was_pulled_out_is_not_made_anew_on_the_laptop(shown: Shown, aid: Aid, tmp_path: Path) -> None:
    """The pack said that a checked backup lay in a folder of the stick, which lay in a drawer."""
    stick = tmp_path / "stick"
    settings.write(replace(settings.read().settings, backup_folder=str(stick)))
    shown.do(days.close_day)
    pack = shown.page.findChild(QWidget, "evening_pack")
    assert pack is not None
    press(pack, Qt.Key.Key_Return)
    jobs.wait_all(60_000)
    assert "Put the stick in" in shown.said()
    assert not stick.exists()
    stick.mkdir()
    press(pack, Qt.Key.Key_Return)
    jobs.wait_all(60_000)
    assert "backup opened and counted" in shown.said()
    assert [path.suffix for path in stick.rglob("aidtrack-*")] == [".db"]


def test_a_failing_battery_sends_the_kit_to_the_printer(shown: Shown, home: Path, aid: Aid) -> None:
    shown.page.receive(PRINT_KIT)
    jobs.wait_all(60_000)
    assert list(home.rglob("N-*.pdf"))


def test_the_battery_is_told_of_once_at_thirty_and_once_at_fifteen() -> None:
    left = [Battery(80, False), Battery(29, False), Battery(28, False), Battery(14, False), Battery(13, False), None]
    watch = BatteryWatch(read=lambda: left.pop(0) if left else None)
    told: list[tuple[str, int]] = []
    watch.ran_low.connect(lambda n: told.append(("low", n)))
    watch.ran_very_low.connect(lambda n: told.append(("very", n)))
    for _ in range(6):
        watch.look()
    assert told == [("low", 29), ("very", 14)]


def test_the_battery_of_a_laptop_is_read(tmp_path: Path) -> None:
    assert _of_linux(tmp_path / "none") is None
    for name, kind, percent, state in (("AC", "Mains", "0", "x"), ("BAT0", "Battery", "47", "Discharging")):
        (tmp_path / name).mkdir()
        for file, text in (("type", kind), ("capacity", percent), ("status", state)):
            (tmp_path / name / file).write_text(text + "\n")
    assert _of_linux(tmp_path) == Battery(47, is_charging=False)


# ── given on paper ───────────────────────────────────────────────────────────────────────────────


def _type_line(shown: Shown, card: str, items: str, time: str = "", place: str = "") -> None:
    for name, text in (("card", card), ("items", items), ("time", time), ("place", place)):
        if text:
            field = shown.field(name)
            field.setFocus()
            field.selectAll()
            type_text(field, text)
            press(field, Qt.Key.Key_Return)
            jobs.wait_all()
    assert shown.page.run_main()
    jobs.wait_all()


def test_one_line_a_family_by_keyboard_and_the_next_carries_on(shown: Shown, aid: Aid) -> None:
    families = [
        shown.database.write(lambda s, name=name: make_family(s, shown.by.registrar, name))
        for name in ("Ткаченко", "Бойко")
    ]
    shown.more("Type in")
    _type_line(shown, families[0].card_number[-4:], "1 2", "1420")
    assert "1-01/01" in shown.said()
    assert shown.field("card").text() == ""
    assert shown.field("time").text() == "1420"
    _type_line(shown, families[1].card_number[-4:], "1x6")
    assert "2 units more than allowed" in shown.said()
    view = shown.database.read(partial(on_paper.paper_view, by=shown.by.coordinator, day=TODAY))
    assert [(row.place, sum(n for _, n in row.items)) for row in view.entered] == [("1-01/02", 6), ("1-01/01", 8)]
    assert messages.undo()
    jobs.wait_all()
    view = shown.database.read(partial(on_paper.paper_view, by=shown.by.coordinator, day=TODAY))
    assert [row.is_back for row in view.entered] == [True, False]


def test_a_line_that_is_taken_is_written_and_marked_and_the_same_one_is_not_written_twice(shown: Shown, aid: Aid) -> None:
    families = [
        shown.database.write(lambda s, name=name: make_family(s, shown.by.registrar, name))
        for name in ("Ткаченко", "Бойко")
    ]
    cards = [one.card_number[-4:] for one in families]
    shown.more("Type in")
    for card in cards:
        _type_line(shown, card, "1x1", "1420", "3")
    assert f"1-01/03: card … {cards[1]} is written; card … {cards[0]} stands on this line, too" in shown.said()
    table = shown.page.findChild(RecordTable, "paper_lines")
    assert table is not None
    assert f"same line as … {cards[0]}" in [table.view.model().index(0, n).data() for n in range(5)]
    _type_line(shown, cards[1], "1x1", "1420", "3")
    assert "Nothing was written a second time" in shown.said()
    view = shown.database.read(partial(on_paper.paper_view, by=shown.by.coordinator, day=TODAY))
    assert [row.card_tail for row in view.entered] == [cards[1], cards[0]]


def test_what_cannot_be_read_is_said_beside_its_field_and_nothing_is_lost(shown: Shown, aid: Aid) -> None:
    family = shown.database.write(lambda s: make_family(s, shown.by.registrar))
    shown.more("Type in")
    _type_line(shown, family.card_number[-4:], "хлеб", "1420")
    section = shown.page._paper
    assert "Example: 1x4 2x1" in section.form.field("items").problem_text()
    _type_line(shown, "0000", "1 2")
    assert "No card here ends in 0000" in section.form.field("card").problem_text()
    assert shown.field("items").text() == "1 2"


def test_a_scanned_card_goes_to_the_line(shown: Shown, aid: Aid) -> None:
    family = shown.database.write(lambda s: make_family(s, shown.by.registrar))
    shown.more("Type in")
    assert shown.page.on_scan(family.card_number)
    jobs.wait_all()
    whose = shown.page.findChild(Words, "paper_whose")
    assert whose is not None
    assert str(whose.said()).startswith("Ткаченко М. П. · 4 people")
    assert QApplication.focusWidget() in (None, shown.field("items"))


def test_where_the_paper_ended_is_noted_and_the_gaps_are_shown(shown: Shown, aid: Aid, centre: Centre) -> None:
    shown.more("Type in")
    shown.more("The last line")
    dialog = shown.page.window().findChild(FormDialog, "paper_ended")
    assert dialog is not None
    dialog.form.field("window").input.set_value(centre.windows[0])
    dialog.form.field("place").input.set_value("1-02/03")
    dialog.accept_now()
    jobs.wait_all()
    gaps = shown.page.findChild(Words, "paper_gaps")
    assert gaps is not None
    assert str(gaps.said()) == "1-01/01 – 1-02/03"


def test_goods_to_explain_offer_their_receipt(shown: Shown, aid: Aid, centre: Centre) -> None:
    family = shown.database.write(lambda s: make_family(s, shown.by.registrar))
    line = on_paper_line(family.household_id, aid, centre)
    shown.do(on_paper.enter_paper_line, line=line)
    topic = f"owed/{aid.blanket.item_id.hex}"
    assert "3 units to explain" in shown.words(topic)
    press(shown.row(topic), Qt.Key.Key_Return)
    jobs.wait_all()
    question = shown.page.window().findChild(Question, "came_with")
    assert question is not None
    question.answer_digit(2)  # after the receipt of the morning: one sentence
    assert shown.row(topic).field.isVisibleTo(shown.page)


def on_paper_line(household_id: Any, aid: Aid, centre: Centre) -> Any:
    from aidtrack.domain.on_paper import PaperLine

    return PaperLine(household_id, ((aid.blanket.item_id, 13),), EVENING, centre.windows[1], TODAY)


# ── cash-up and the lead's badge ─────────────────────────────────────────────────────────────────


def test_signed_lines_are_counted_against_the_book(shown: Shown, aid: Aid, centre: Centre) -> None:
    family = shown.database.write(lambda s: make_family(s, shown.by.registrar))
    shown.do(hand_over, shown.by.distributor, draft=draft_of(family.household_id, (aid.food, 4)))
    topic = f"signed/{centre.windows[0].hex}"
    assert "by the book 1" in shown.words(topic)
    for typed, words in (("2", "by the book 1, counted 2"), ("1", "by the book 1, counted 1")):
        row = shown.row(topic)
        press(row, Qt.Key.Key_Return)
        row.field.clear()
        type_text(row.field, typed)
        press(row.field, Qt.Key.Key_Return)
        jobs.wait_all()
        shown.load()
        assert words in shown.words(topic)
    assert "agrees" in shown.words(topic)


def test_what_was_not_counted_before_signing_off_is_asked_no_more(shown: Shown, aid: Aid, centre: Centre) -> None:
    family = shown.database.write(lambda s: make_family(s, shown.by.registrar))
    shown.do(hand_over, shown.by.distributor, draft=draft_of(family.household_id, (aid.food, 4)))
    topic = f"signed/{centre.windows[0].hex}"
    assert shown.words(topic).endswith("by the book 1; type what was counted | count")
    shown.do(days.close_day)
    shown.do(overview.sign_off)
    assert shown.words(topic).endswith("by the book 1; it was not counted | left open")
    assert not shown.row(topic)._cap.isVisibleTo(shown.page), "nothing opens there"
    open_rows = sum("left open" in shown.words(row.topic) for row in shown.page._shown)
    assert shown.page._wants.text() == f"{open_rows} left open"


def test_badges_are_made_for_a_role_by_f7(shown: Shown) -> None:
    shown.more("Day badges")
    dialog = shown.page.window().findChild(FormDialog, "make_badges")
    assert dialog is not None
    dialog.form.field("role").input.set_value(Role.SHIFT_LEAD)
    dialog.form.field("count").input.set_value(3)
    dialog.accept_now()
    jobs.wait_all(60_000)
    made = shown.database.read(partial(badges.badges_of, by=shown.by.coordinator, day=TODAY))
    assert [(row.number, row.role) for row in made] == [(n, Role.SHIFT_LEAD) for n in (1, 2, 3)]
    assert len(shown.database.read(partial(overview.day_badges, by=shown.by.coordinator, day=TODAY)).badges) == 3
    where = shown.page.window().findChild(QFileDialog, "save_dialog")
    assert where is not None, "no printer here: they go as a file to one"
    where.close()


def test_the_leads_badge_signs_the_closed_day_off(shown: Shown) -> None:
    (badge,) = shown.do(badges.make_badges, role=Role.SHIFT_LEAD, count=1)
    code = badge_code(shown.database.read(lambda s: s.scalars(select(Badge.token)).one()))
    shown.do(badges.claim_badge, code=code, name="Ирина", pin="4821")
    shown.do(days.open_day)
    assert not shown.page.on_badge(code)
    shown.do(days.close_day)
    assert shown.page.on_badge(code)
    dialog = shown.page.window().findChild(FormDialog, "lead_signs")
    assert dialog is not None
    for pin, state in (("0000", DayState.CLOSED), ("4821", DayState.SIGNED_OFF)):
        dialog.findChildren(PinInput)[0].set_value(pin)
        dialog.accept_now()
        jobs.wait_all()
        assert shown.database.read(partial(days.day_state, by=shown.by.coordinator)).state is state
    assert badge.number == 1


def test_a_lost_badge_is_ended_by_one_digit(shown: Shown) -> None:
    shown.do(badges.make_badges, role=Role.REGISTRAR, count=1)
    code = badge_code(shown.database.read(lambda s: s.scalars(select(Badge.token)).one()))
    shown.do(badges.claim_badge, code=code, name="Пётр", pin="4821")
    shown.more("A badge is lost")
    question = shown.page.findChild(Question, "lost_badge") or shown.page.window().findChild(Question, "lost_badge")
    assert question is not None
    question.answer_digit(1)
    jobs.wait_all()
    assert shown.database.read(partial(badges.badges_of, by=shown.by.coordinator, day=TODAY))[0].is_dead

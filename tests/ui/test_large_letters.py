"""Large letters in the smallest window: what is read first is whole, lists give way before answers, and a change of letters reaches all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from aidtrack import i18n
from aidtrack.domain.campaigns import RuleDraft
from aidtrack.domain.entitlement import Basis, Filters
from aidtrack.domain.queueing import Lane
from aidtrack.errors import Text
from aidtrack.services.campaigns import RuleRow
from aidtrack.services.people import household_view
from aidtrack.ui import inputs, messages, theme
from aidtrack.ui.dialogs import Answer, Question
from aidtrack.ui.main_window import switch_language
from aidtrack.ui.pages.campaigns.dialogs import CampaignDialog, RuleDialog
from aidtrack.ui.pages.campaigns.terms import TermsDialog
from aidtrack.ui.pages.desk.family import FOLDED, TIGHT
from aidtrack.ui.pages.desk.find import POPUP_WIDTH, FindBox
from aidtrack.ui.pages.desk.separating import WhoGoes
from aidtrack.ui.pages.queue.lanes import LaneCard
from aidtrack.ui.pages.stock.delivery import DeliveryPanel
from aidtrack.ui.parts import ChoiceCard, Field, RowItem, RowList, Words
from aidtrack.ui.parts.choices import ChoiceChip
from aidtrack.ui.parts.pieces import all_of
from aidtrack.ui.record_table import Cell, Column, RecordTable
from tests.aid import make_family
from tests.ui.fitting import misfits
from tests.ui.test_desk import Visit, visit
from tests.ui.test_desk_terms import more
from tests.ui.typing import type_text

__all__ = ["visit"]

SMALL = (1024, 700)


@pytest.fixture
def large(visit: Visit, qapp: QApplication) -> Iterator[Visit]:
    """The smallest window with the largest letters, in the language with the longest words."""
    theme.apply(qapp, "light", large=True)
    switch_language("uk")
    visit.window.resize(*SMALL)
    visit.settle()
    QApplication.processEvents()
    yield visit
    theme.apply(qapp, "light")


def words(visit: Visit, name: str) -> Words:
    return words_of(visit.page, name)


def words_of(holder: QWidget, name: str) -> Words:
    found = next(one for one in holder.findChildren(Words, name) if one.isVisible())
    assert isinstance(found, Words)
    return found


@pytest.mark.parametrize(("surname", "style"), [("Воскресенская", "h2"), ("Ко", "h1")])
def test_the_name_of_a_family_is_read_whole(large: Visit, surname: str, style: str) -> None:
    large.scan(large.database.write(lambda s: make_family(s, large.by.registrar, surname)))
    QApplication.processEvents()
    name = words(large, "family_name")
    assert name.text() == name.said() == f"{surname} Мария Петровна"
    assert name.property("cls") == style


def test_members_are_read_whole_and_say_who_is_not_here(large: Visit) -> None:
    large.scan(large.family)
    members = large.page.findChild(RecordTable, "members")
    assert isinstance(members, RecordTable)
    assert members.columns() == list(TIGHT)
    large.window.resize(1366, 768)
    QApplication.processEvents()
    assert members.columns() == list(FOLDED)


def test_every_answer_to_how_we_know_is_in_sight(large: Visit) -> None:
    others = [large.database.write(lambda s, n=n: make_family(s, large.by.registrar, n)) for n in ("Коваль", "Бойко")]  # type: ignore[misc]
    large.scan(large.family)
    more(large, "For several families")
    large.window.activateWindow()
    large.settle()
    for card in others:
        large.scan(card)
    QApplication.processEvents()
    chips = large.page.allowance.who.findChildren(ChoiceChip)
    assert len(chips) == 5
    assert [chip.visibleRegion().boundingRect().size() == chip.size() for chip in chips] == [True] * 5


def test_hits_are_wider_than_a_narrow_field(large: Visit) -> None:
    find = next(iter(large.page.findChildren(FindBox)))
    box = find.hits
    large.key(Qt.Key.Key_F2)
    large.write("Ткач")
    large.settle()
    assert box.isVisible()
    assert box.width() >= POPUP_WIDTH


def test_goods_that_are_out_have_their_name_beside_the_button_and_the_list_under_it(large: Visit) -> None:
    large.scan(large.family)
    line = large.line(large.aid.blanket)
    shelf, wait, name = line._shelf, line._wait, line._name
    for one in (shelf, wait):
        one.show()
    QApplication.processEvents()
    assert wait.mapTo(line, QPoint(0, 0)).y() >= shelf.mapTo(line, QPoint(0, 0)).y() + shelf.height()
    assert name.geometry().right() + 30 >= shelf.geometry().left(), "all the room beside the button is the name's"


def test_who_goes_is_never_higher_than_the_window(large: Visit) -> None:
    crowd = large.database.write(lambda s: make_family(s, large.by.registrar, "Бондар", size=12))
    family = large.ask(lambda s: household_view(s, large.by.shift_lead, crowd.household_id))
    for separate in (True, False):
        dialog = WhoGoes(large.window, family, separate=separate)
        dialog.open()
        QApplication.processEvents()
        assert dialog.height() <= SMALL[1]
        assert misfits(dialog) == []
        dialog.close()


def test_lines_typed_in_ordinary_letters_stand_under_the_others_in_large_ones(window_kit: QtBot, qapp: QApplication) -> None:
    panel = DeliveryPanel()
    all_of(panel.build())
    window_kit.addWidget(panel)
    panel.resize(900, 500)
    panel.show()
    theme.apply(qapp, "light", large=True)
    panel.editor.add_line()
    QApplication.processEvents()
    first, second = panel.editor.rows[:2]
    assert [one.x() for one in first.inputs.values()] == [one.x() for one in second.inputs.values()]
    assert [one.width() for one in panel.editor._captions.values()][1:] == [one.width() for one in first.inputs.values()][1:]


def test_a_lane_has_room_for_its_reason_and_a_number(window_kit: QtBot, qapp: QApplication) -> None:
    card = LaneCard(Lane.K)
    window_kit.addWidget(card)
    card.show()
    theme.apply(qapp, "light", large=True)
    heights = []
    for narrow in (False, True):
        card.fold(narrow)
        QApplication.processEvents()
        heights.append(card.minimumSizeHint().height())
    assert heights[1] < heights[0]
    assert heights[1] <= 184


def test_a_hint_says_less_where_there_is_less_room(window_kit: QtBot) -> None:
    i18n.use("en")
    field = Field(Text("Given name"), inputs.SearchInput(Text("name, card, phone")), Text("by Tab, may be empty"), name="x")
    window_kit.addWidget(field)
    field.show()
    shown = []
    for width in (400, 190, 110):
        field.resize(width, field.height())
        QApplication.processEvents()
        shown.append((field.input.placeholderText(), field._hint.text()))
    assert shown == [("name, card, phone", "by Tab, may be empty"), ("name, card, phone", "by Tab"), ("name", shown[2][1])]
    assert "name, card, phone" in field.input.toolTip()


def test_the_head_of_a_stretched_column_is_never_cut(window_kit: QtBot) -> None:
    columns = [
        Column(Text("What"), lambda row: "signed for, not counted yet", width=150, wrap=True),
        Column(Text("From or to, why"), lambda row: "Red Cross", stretch=True),
        Column(Text("Number"), lambda row: "PUNKTV-GRN-2024-3", width=150),
    ]
    table = RecordTable(columns, name="table")
    window_kit.addWidget(table)
    table.resize(400, 200)
    table.show()
    table.show_rows([1, 2])
    QApplication.processEvents()
    assert table.view.columnWidth(1) >= table._title_width(columns[1])


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_the_widest_forms_fit_the_smallest_window(window_kit: QtBot, qapp: QApplication, lang: str) -> None:
    theme.apply(qapp, "light", large=True)
    i18n.use(lang)
    window = QWidget()
    window_kit.addWidget(window)
    window.resize(*SMALL)
    window.show()
    names = {"ru": "Подгузники детские", "uk": "Підгузки дитячі", "en": "Diapers for children"}
    draft = RuleDraft(UUID(int=2), Basis.MATCHING, 1, 7, Filters(age_to=3))
    row = RuleRow(cast("Any", None), UUID(int=1), 1, 1, names, Text("pack"), draft)
    for dialog in (RuleDialog(window, (), None), TermsDialog(window, row), CampaignDialog(window, None)):
        dialog.open()
        QApplication.processEvents()
        assert dialog.height() <= SMALL[1], dialog.objectName()
        assert misfits(dialog) == []
        dialog.close()
    theme.apply(qapp, "light")


def test_what_is_long_stands_under_an_answer(window_kit: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light", large=True)
    window = QWidget()
    window_kit.addWidget(window)
    window.resize(*SMALL)
    window.show()
    answers = [Answer(1, "list.xlsx", second="12.08.2026: 3 families, 3 can be taken back"), Answer(2, "Window 4", second="gives")]
    question = Question(window, title="Which?", answers=answers)
    question.open()
    QApplication.processEvents()
    assert misfits(question) == []
    long, short = question._rows
    assert long.height() > short.height()
    question.close()
    theme.apply(qapp, "light")


def test_what_is_filled_in_is_read_from_its_beginning_and_gone_on_with_at_its_end(window_kit: QtBot) -> None:
    form = QWidget()
    window_kit.addWidget(form)
    first, second = inputs.TextInput(name="first"), inputs.TextInput(name="second")
    for at, one in enumerate((first, second)):
        one.setParent(form)
        one.move(0, 60 * at)
        one.set_value("Ткаченко Мар")
    form.show()
    form.activateWindow()
    window_kit.waitUntil(lambda: QApplication.activeWindow() is form)
    first.setFocus()
    second.set_value("Ткаченко Мар")
    assert second.cursorPosition() == 0
    second.setFocus()
    type_text(second, "ия")
    assert second.text() == "Ткаченко Мария"


def test_words_that_go_on_in_a_second_line_are_never_cut_in_the_middle(window_kit: QtBot) -> None:
    columns = [
        Column(Text("Number"), lambda row: "PUNKTV-GRN-2024-3", width=150),
        Column(Text("What"), lambda row: "signed for, not counted yet", width=150, wrap=True),
        Column(Text("From or to, why"), lambda row: "Red Cross", stretch=True, width=190, wrap=True),
    ]
    table = RecordTable(columns, name="table")
    window_kit.addWidget(table)
    table.resize(100, 200)
    table.show_rows([1, 2])
    table.show()
    widths = []
    for wide in (100, 700):
        table.resize(wide, 200)
        QApplication.processEvents()
        widths.append(table.view.columnWidth(1))
    assert widths[0] >= table._longest_word(1)
    assert widths[1] >= 150, "a column gives way only while there is no room"


def test_a_row_is_high_enough_for_words_beside_an_icon(window_kit: QtBot) -> None:
    what = Column(Text("What"), lambda row: Cell("wait list, place 1", icon="list-plus" if row else ""), width=150, wrap=True)
    table = RecordTable([what, Column(Text("Number"), lambda row: "", stretch=True)], name="table")
    window_kit.addWidget(table)
    table.show_rows([0, 1])
    table.view.setColumnWidth(0, 20 + QFontMetrics(theme.styled(table.font(), "body")).horizontalAdvance("wait list, place 1"))
    assert table._more_of(1, 0) > table._more_of(0, 0)


def test_what_is_wider_than_its_words_gives_way_before_a_name_is_crushed(window_kit: QtBot) -> None:
    columns = [
        Column(Text("Number"), lambda row: "1", width=150),
        Column(Text("What it does"), lambda row: "registration, shift lead", width=150, wrap=True),
        Column(Text("What it gives"), lambda row: "Food kit, 7 days; water", stretch=True, width=150, wrap=True),
        Column(Text("State"), lambda row: Cell("open", icon="circle-check"), width=120),
    ]
    table = RecordTable(columns, name="table")
    window_kit.addWidget(table)
    table.resize(430, 200)
    table.show_rows([1, 2])
    table.show()
    QApplication.processEvents()
    widths = [table.view.columnWidth(n) for n in range(4)]
    assert sum(widths) <= table.view.viewport().width(), widths
    assert widths[2] >= 150


def test_both_lines_of_a_cell_that_says_two_things_go_on_below(window_kit: QtBot) -> None:
    said = Cell("Family food kit for a month", second="1 kit a family every month; for three children and more", strong=True)
    what = Column(Text("Who gets what"), lambda row: said if row else Cell("Soap", second="1"), stretch=True, wrap=True)
    table = RecordTable([what], row_height=52)
    window_kit.addWidget(table)
    table.resize(160, 300)
    table.show_rows([0, 1])
    table.show()
    QApplication.processEvents()
    assert table.view.rowHeight(1) >= table.view.rowHeight(0) + 2 * 14


def test_an_item_is_never_known_by_half_of_its_name(large: Visit) -> None:
    large.scan(large.family)
    line = large.line(large.aid.blanket)
    before = line.height()
    line._name.say("Гігієнічний набір, родина на місяць, великий")
    large.settle()
    QApplication.processEvents()
    assert misfits(line) == []
    assert line.height() > before


def test_what_nobody_answers_to_is_said_where_hits_would_stand(large: Visit) -> None:
    box = next(iter(large.page.findChildren(FindBox))).hits
    large.key(Qt.Key.Key_F2)
    large.write("хзцфж")
    large.settle()
    assert box.isVisible()
    assert [item.title for item in box.items()] == ["Нікого не знайдено. F3: нова родина, набране перенесеться."]
    assert box.current() is None


def test_a_long_sentence_is_read_whole_before_anybody_is_counted(large: Visit) -> None:
    messages.fault(Text("The disk is full: nothing was saved. Free some space, then press the key again."))
    QApplication.processEvents()
    assert misfits(large.window.message_line) == []
    assert not words_of(large.window, "message").text().endswith("…")
    messages.clear()


def test_titles_that_go_on_beside_a_scroll_bar_never_lie_over_the_next(window_kit: QtBot) -> None:
    rows = RowList(34)
    window_kit.addWidget(rows)
    rows.show_rows([RowItem(f"Where the families come from {n}", wraps=True, data=n) for n in range(9)])
    metrics = QFontMetrics(theme.styled(rows.font(), "row"))
    rows.resize(metrics.horizontalAdvance("Where the families come from 8") + 34, 150)
    rows.show()
    window_kit.waitUntil(lambda: rows.verticalScrollBar().isVisible())
    window_kit.waitUntil(lambda: rows.visualRect(rows.model().index(0, 0)).height() >= 2 * metrics.height())


def test_a_large_answer_is_as_high_as_its_second_line_needs(window_kit: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light", large=True)
    holder = QWidget()
    window_kit.addWidget(holder)
    column = QVBoxLayout(holder)
    second = "Food kits, water, hygiene, bedding and more, with rules: to whom and how often."
    card = ChoiceCard("Usual items and rules", second, "package", 1)
    column.addWidget(card)
    column.addStretch(1)
    holder.resize(420, 400)
    holder.show()
    QApplication.processEvents()
    assert misfits(holder) == []
    theme.apply(qapp, "light")

"""The People page: the list, a family whole, similar records, lists taken in, names on their way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aidtrack.domain.people import Lodging
from aidtrack.errors import InvalidInput, Problem, Text
from aidtrack.ui import jobs
from aidtrack.ui.page import Key
from aidtrack.ui.pages.people import PeoplePage
from tests.screenshots.scenes import scene

if TYPE_CHECKING:
    from tests.screenshots.studio import Studio

LIST = """фио;возраст;откуда;телефон
Гончарова Ирина Олеговна;41;Суджа;+7 900 000-11-11
Лисовский Пётр;67;Коренево;
Шевчук Алла;29;Нигде-на-карте;
;12;Суджа;
Зуева Нина;четырнадцать;Глушково;
"""


def _people(studio: Studio) -> PeoplePage:
    page = cast("PeoplePage", studio.page("people"))
    page.settle.give_up()
    page._back_to_list()
    page.find_field.set_value("")
    page.lodging.set_value("")
    page._read()
    studio.settle()
    return page


@scene("people/")
def listed(studio: Studio) -> None:
    _people(studio)


@scene("people/empty", at="empty")
def empty(studio: Studio) -> None:
    studio.page("people")


@scene("people/nobody", folded=False)
def nobody(studio: Studio) -> None:
    page = _people(studio)
    page.find_field.set_value("хзцфж")
    page.find_field.edited.emit()


@scene("people/more", "more")
def more(studio: Studio) -> None:
    _people(studio)
    studio.press(Key.MORE)


@scene("people/family")
def family(studio: Studio) -> None:
    page = _people(studio)
    page.table.select_row(3)
    page.table.moved.emit(page.table.current())
    if not page.detail.isVisible():
        page.table.chosen.emit(page.table.current())


@scene("people/new-card", "new_card_question")
def new_card(studio: Studio) -> None:
    family(studio)
    studio.settle()
    studio.click("new_card_button")


@scene("people/protect", "protection_form")
def protect(studio: Studio) -> None:
    family(studio)
    studio.settle()
    studio.click("protect_button")


@scene("people/similar")
def similar(studio: Studio) -> None:
    _people(studio).start_settling()


def _choose(studio: Studio, kind: str) -> PeoplePage:
    similar(studio)
    studio.settle()
    page = cast("PeoplePage", studio.window.page())
    rows = page.settle.rows
    found = [item.data for item in rows.items() if item.data and item.data[0] == kind]
    rows.select(found[0])
    rows.moved.emit(found[0])
    studio.settle()
    return page


@scene("people/joined")
def joined(studio: Studio) -> None:
    _choose(studio, "join")


@scene("people/unjoin", "unjoin_question")
def unjoin(studio: Studio) -> None:
    _choose(studio, "join").settle.ask_unjoin()


@scene("people/wrong-join", "wrong_join", folded=False)
def wrong_join(studio: Studio) -> None:
    from aidtrack.services.identity import settling

    page = _choose(studio, "join")
    joins = jobs.database().read(lambda session: settling.joins(session, jobs.actor()))
    page.settle._ask_wrong(joins)


@scene("people/join-reason", "join_reason", folded=False)
def join_reason(studio: Studio) -> None:
    words = Text("A child without parents is joined to a family only with a reason: write who decided it and why.")
    _choose(studio, "pair").settle._on_not_joined(InvalidInput([Problem("reason", words)]))


@scene("people/give-out", "give_out_question")
def give_out(studio: Studio) -> None:
    _people(studio)._give_out()


@scene("people/who-asks", "disclosure_dialog")
def who_asks(studio: Studio) -> None:
    give_out(studio)
    studio.settle()
    studio.answer(2)


@scene("people/two-people", "two_people_dialog")
def two_people(studio: Studio) -> None:
    who_asks(studio)
    studio.fill(asked_by="Администрация района", paper="письмо № 114 от 10.08.2024", purpose="сверка списков")
    studio.accept()


@scene("people/take-in")
def take_in(studio: Studio) -> None:
    path = studio.folder / "список соседей.csv"
    path.write_text(LIST, encoding="utf-8")
    _people(studio).take_list_in(path)


@scene("people/which-list", "which_list")
def which_list(studio: Studio) -> None:
    _people(studio)
    studio.more("Take a list back")


@scene("people/filtered", folded=False)
def filtered(studio: Studio) -> None:
    page = _people(studio)
    page.lodging.set_value(Lodging.SHELTER.value)
    page._read()


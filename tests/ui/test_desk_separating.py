"""A separate card and a move to another family, at the Desk: ticks, one key, the other card scanned."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from aidtrack.domain.entitlement import Shared
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import Lodging
from aidtrack.services.campaigns import rule_rows, save_rule
from aidtrack.services.handover import hand_over
from aidtrack.services.people import household_view
from aidtrack.services.settlements import load_settlements
from aidtrack.store.days import Desk
from aidtrack.ui import jobs
from aidtrack.ui.pages.desk.separating import WhoGoes
from tests.aid import Goods, draft_of, make_family
from tests.ui.test_desk import Visit, said, visit
from tests.ui.typing import press, type_text

__all__ = ["visit"]


def people_of(visit: Visit, household_id: object) -> int:
    return len(visit.ask(lambda s: household_view(s, visit.by.shift_lead, household_id)).members)  # type: ignore[arg-type]


def tick(visit: Visit, *nos: int) -> WhoGoes:
    dialog = visit.window.findChildren(WhoGoes)[-1]
    members = visit.ask(lambda s: household_view(s, visit.by.shift_lead, visit.family.household_id)).members
    dialog.form.fill({"people": tuple(members[no - 1].person_id for no in nos)})
    return dialog


def test_who_is_ticked_gets_a_card_of_their_own_and_stands_open(visit: Visit) -> None:
    jobs.use_actor(visit.by.registrar)
    visit.scan(visit.family)
    visit.page.separating.ask_separate(visit.page.view)
    dialog = tick(visit, 1, 2)
    visit.settle()
    dialog.accept_now()
    visit.settle()
    assert said().startswith("Separate card ")
    view = visit.page._view
    assert view is not None
    assert view.family.id != visit.family.household_id
    assert people_of(visit, visit.family.household_id) == 2
    assert people_of(visit, view.family.id) == 2
    assert visit.words("family_name") == "Ткаченко Мария Петровна"


def test_nobody_ticked_is_told_beside_the_ticks(visit: Visit) -> None:
    jobs.use_actor(visit.by.registrar)
    visit.scan(visit.family)
    visit.page.separating.ask_separate(visit.page.view)
    dialog = visit.window.findChildren(WhoGoes)[-1]
    dialog.accept_now()
    visit.settle()
    assert dialog.form.field("people").problem_text() == "Tick who lives elsewhere now."


def test_who_lives_with_another_family_goes_there_by_its_card(visit: Visit, window_kit: QtBot) -> None:
    other = visit.database.write(lambda s: make_family(s, visit.by.registrar, "Бондаренко", 2))
    jobs.use_actor(visit.by.registrar)
    visit.scan(visit.family)
    visit.page.separating.ask_move(visit.page.view)
    tick(visit, 2).accept_now()
    visit.settle()
    visit.window.activateWindow()
    window_kit.waitUntil(lambda: QApplication.focusWidget() is not None)
    assert said() == "Scan the card of the family they live with, or find it. Esc: back"
    assert not visit.page._may_give(), "nothing is given while it is asked whose family they are"
    visit.scan(other)
    assert said() == "They belong to this family now."
    assert people_of(visit, other.household_id) == 3
    assert people_of(visit, visit.family.household_id) == 3


def test_esc_leaves_everybody_where_they_are(visit: Visit, window_kit: QtBot) -> None:
    jobs.use_actor(visit.by.registrar)
    visit.scan(visit.family)
    visit.page.separating.ask_move(visit.page.view)
    tick(visit, 2).accept_now()
    visit.settle()
    visit.window.activateWindow()
    window_kit.waitUntil(lambda: QApplication.focusWidget() is not None)
    visit.key(Qt.Key.Key_Escape)
    window_kit.waitUntil(lambda: visit.page._moving() is None)
    visit.scan(visit.family)
    assert people_of(visit, visit.family.household_id) == 4
    assert visit.page.findChild(QWidget, "family_name") is not None


# ── the new home ─────────────────────────────────────────────────────────────────────────────────


def blankets_of_a_new_home(visit: Visit) -> Goods:
    """The blanket of the family is given, by a rule that leaves a new home its own; where the family lives is known."""
    lead = visit.by.coordinator

    def make(session: Session) -> Goods:
        row = next(one for one in rule_rows(session, lead, visit.aid.campaign_id) if one.rule.item_id == visit.aid.blanket.item_id)
        draft = replace(row.draft, shared=Shared.OWN_HOME)
        rule = save_rule(
            session, lead, request_id=new_id(), campaign_id=visit.aid.campaign_id, draft=draft, no=row.no, edition=row.edition
        )
        session.get_one(Desk, visit.centre.windows[0]).gives = None
        return replace(visit.aid.blanket, rule_id=rule)

    blanket = visit.database.write(make)
    give = draft_of(visit.family.household_id, (blanket, 1))
    visit.database.write(lambda s: hand_over(s, visit.by.distributor, request_id=new_id(), draft=give))
    return blanket


def reason_of(visit: Visit, goods: Goods) -> str:
    return str(visit.line(goods).findChild(QLabel, "allowance_reason").text())  # type: ignore[union-attr]


def test_another_way_of_living_gives_the_new_card_its_own_blanket(visit: Visit) -> None:
    blanket = blankets_of_a_new_home(visit)
    jobs.use_actor(visit.by.registrar)
    visit.scan(visit.family)
    assert reason_of(visit, blanket) == "not today · last 12 August"
    visit.page.separating.ask_separate(visit.page.view)
    dialog = tick(visit, 1)
    assert {label.text() for label in dialog.findChildren(QLabel)} >= {
        "Where from, if from another place", "How do they live now", "Address now, may be empty",
    }  # fmt: skip
    dialog.form.field("lodging").input.set_value(Lodging.RENT)
    type_text(dialog.form.field("address").input, "ул. Ленина, 3")
    dialog.accept_now()
    visit.settle()
    view = visit.page._view
    assert view is not None
    assert view.family.id != visit.family.household_id
    assert (view.family.lodging, view.family.address) == (Lodging.RENT, "ул. Ленина, 3")
    assert reason_of(visit, blanket) == "per family"


def test_left_as_it_is_the_new_card_shares_the_old_blanket(visit: Visit) -> None:
    blanket = blankets_of_a_new_home(visit)
    jobs.use_actor(visit.by.registrar)
    visit.scan(visit.family)
    visit.page.separating.ask_separate(visit.page.view)
    tick(visit, 1).accept_now()
    visit.settle()
    assert visit.page._view is not None
    assert visit.page._view.family.id != visit.family.household_id
    assert reason_of(visit, blanket) == "not today · last 12 August"


def test_the_new_place_is_typed_and_taken_from_the_list(visit: Visit, window_kit: QtBot) -> None:
    visit.database.write(lambda s: load_settlements(s, visit.by.coordinator, request_id=new_id()))
    jobs.use_actor(visit.by.registrar)
    visit.scan(visit.family)
    visit.page.separating.ask_separate(visit.page.view)
    dialog = tick(visit, 1)
    place = dialog.form.field("settlement_id").input
    dialog.activateWindow()
    place.setFocus()
    window_kit.waitUntil(place.hasFocus)
    type_text(place, "рыльск")
    dialog.accept_now()
    assert dialog.form.field("settlement_id").problem_text() == "Choose a place of the list, or leave it empty: as before."
    visit.settle()
    assert place.text() == "рыльск", "nothing typed is lost"
    place.setFocus()
    type_text(place, " ")
    window_kit.waitUntil(place.list_is_open)
    press(place, Qt.Key.Key_Return)
    assert place.text() == "Rylsk"
    dialog.accept_now()
    visit.settle()
    view = visit.page._view
    assert view is not None
    assert view.family.settlement["ru"] == "Рыльск"

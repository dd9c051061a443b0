"""The forms of a programme: its name and days, and one rule with everything it may ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.campaigns import CampaignDraft, RuleDraft, read_bands, show_bands
from aidtrack.domain.entitlement import Basis
from aidtrack.domain.handover import SignOff
from aidtrack.domain.people import Lodging, Need, Sex
from aidtrack.errors import Names, Problem, Text
from aidtrack.services import campaigns, settlements
from aidtrack.services.campaigns import CampaignRow, RuleRow, SiteRow
from aidtrack.services.settlements import SettlementRow
from aidtrack.services.stock import ItemRow
from aidtrack.ui import jobs
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.inputs import CheckInput, ChoiceInput, DateInput, NumberInput, SuggestInput, TextInput
from aidtrack.ui.pages.stock.lines import Goods, ItemInput
from aidtrack.ui.parts import Chips, DigitChips, Field

BETWEEN = 8
"""Between the fields of a column, told to each: a layout that is not told takes the gap between the columns."""


class CampaignDialog(FormDialog):
    """A programme: its name in the languages, from when to when, whose goods; and where else it gives, where other centres are known."""

    def __init__(self, parent: QWidget, row: CampaignRow | None, sites: tuple[SiteRow, ...] = ()) -> None:
        title = Text("Change the programme") if row else Text("New programme")
        super().__init__(parent, title=title, main=Text("Save"), name="campaign_dialog")
        self._row = row
        names = [("ru", Text("Name in Russian")), ("uk", Text("Name in Ukrainian")), ("en", Text("Name in English"))]
        self._languages = sorted((code for code, _ in names), key=lambda code: code != i18n.language())
        captions = dict(names)
        for code in self._languages:
            self.body.addWidget(self.form.add(Field(captions[code], TextInput(), name=f"names.{code}")))
        days = QHBoxLayout()
        days.setSpacing(16)
        days.addWidget(self.form.add(Field(Text("From day"), DateInput(), name="starts_on")))
        days.addWidget(self.form.add(Field(Text("To day"), DateInput(), Text("may be empty"), name="ends_on")))
        self.body.addLayout(days)
        self.body.addWidget(self.form.add(Field(Text("Donor"), TextInput(), Text("may be empty"), name="donor")))
        signed = ChoiceInput()
        signed.show_choices([(one, one.text) for one in SignOff])
        self.body.addWidget(self.form.add(Field(Text("How it is signed for"), signed, name="sign_off")))
        if sites:
            centres = ManyInput((site.id.hex, site.name) for site in sites)
            self.body.addWidget(self.form.add(Field(Text("It gives at these centres too"), centres, name="sites")))
        self._has_sites = bool(sites)
        self._fill(row)

    def _fill(self, row: CampaignRow | None) -> None:
        if row is None:
            self.form.fill({"starts_on": jobs.today(), "sign_off": SignOff.SHEET})
            return
        self.form.fill({f"names.{code}": row.names.get(code, "") for code in self._languages})
        self.form.fill({"starts_on": row.starts_on, "ends_on": row.ends_on, "donor": row.donor})
        self.form.fill({"sign_off": row.sign_off})
        if self._has_sites:
            self.form.fill({"sites": [site.hex for site in row.sites]})

    def draft(self) -> CampaignDraft:
        """The programme as typed."""
        values = self.form.values()
        names = {code: values[f"names.{code}"] for code in self._languages}
        version, before = (self._row.version, self._row.sites) if self._row else (0, frozenset[UUID]())
        sites = frozenset(UUID(hex=site) for site in values["sites"]) if self._has_sites else before
        signed = values["sign_off"] or SignOff.SHEET
        return CampaignDraft(names, values["starts_on"], values["ends_on"], values["donor"], version, signed, sites)

    def failed(self, error: BaseException) -> None:
        """A missing name stands beside the first one."""
        problems: Iterable[Problem] = getattr(error, "problems", ())
        first = f"names.{self._languages[0]}"
        moved = [Problem(first if p.field == "name" else p.field, p.text) for p in problems]
        if moved:
            self.main_button.setEnabled(True)
            self.form.show_problems(moved)
        else:
            super().failed(error)


class ManyInput(QWidget):
    """Several of some codes, each a tick with its word."""

    edited = Signal()

    def __init__(self, choices: Iterable[tuple[str, Text | str]], columns: int = 2) -> None:
        super().__init__()
        self._ticks = {code: CheckInput(text, name=f"tick_{code}") for code, text in choices}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        for n, tick in enumerate(self._ticks.values()):
            grid.addWidget(tick, n // columns, n % columns)
            tick.edited.connect(self.edited)
        self.setFocusProxy(next(iter(self._ticks.values())))

    def value(self) -> frozenset[str]:
        """The codes that are ticked."""
        return frozenset(code for code, tick in self._ticks.items() if tick.value())

    def set_value(self, value: Iterable[str] | None) -> None:
        """Ticks these codes; nobody is told."""
        chosen = set(value or ())
        for code, tick in self._ticks.items():
            tick.set_value(code in chosen)

    def clear(self) -> None:
        """Nothing ticked."""
        self.set_value(())

    def problem(self) -> Text | None:
        """Ticks are never malformed."""
        return None


class PlacesInput(QWidget):
    """Home places, added one by one by some letters; Backspace in the empty field takes the last one out."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._places: dict[UUID, Names] = {}
        self._typed = _PlaceTyped()
        self._chips = Chips(name="chosen_places")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._typed)
        column.addWidget(self._chips)
        self.setFocusProxy(self._typed)
        self._typed.wanted.connect(self._on_wanted)
        self._typed.took.connect(self._on_took)
        self._typed.emptied.connect(self._on_emptied)
        self._found: tuple[SettlementRow, ...] = ()

    def value(self) -> tuple[tuple[UUID, Names], ...]:
        """The places chosen, in their order."""
        return tuple(self._places.items())

    def set_value(self, value: Iterable[tuple[UUID, Names]] | None) -> None:
        """Shows places; nobody is told."""
        self._places = dict(value or ())
        self._show()

    def clear(self) -> None:
        """No places: every home."""
        self.set_value(())

    def problem(self) -> Text | None:
        """Letters that were not taken from the list name no place."""
        return Text("Choose the place from the list, or empty the field.") if self._typed.text().strip() else None

    def _show(self) -> None:
        lang = i18n.language()
        self._chips.show_chips([(i18n.pick(names, lang), "", "soft") for names in self._places.values()])

    def _on_wanted(self, typed: str) -> None:
        ask = partial(settlements.find_settlements, text=typed)
        jobs.read(ask, owner=self, then=self._offer, latest="places")

    def _offer(self, rows: tuple[SettlementRow, ...]) -> None:
        lang = i18n.language()
        self._found = rows
        self._typed.show_choices([(row.id, i18n.pick(row.names, lang), i18n.pick(row.within, lang)) for row in rows])

    def _on_took(self, place: UUID) -> None:
        row = next((row for row in self._found if row.id == place), None)
        if row is not None:
            self._places[row.id] = row.names
        self._typed.clear()
        self._show()
        self.edited.emit()

    def _on_emptied(self) -> None:
        if self._places:
            self._places.popitem()
            self._show()
            self.edited.emit()


class _PlaceTyped(SuggestInput):
    """The field of a place; Backspace in it when it is empty is told."""

    emptied = Signal()

    def __init__(self) -> None:
        super().__init__(Text("three letters"), name="place_typed")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.emptied.emit()
        else:
            super().keyPressEvent(event)


class BandsInput(TextInput):
    """Other quantities for larger families: `3=2, 6=3`."""

    def problem(self) -> Text | None:
        """Says how sizes are typed."""
        return (
            None
            if read_bands(self.text()) is not None
            else Text("Write sizes as 3=2, 6=3: from 3 people 2, from 6 people 3.")
        )


class RuleDialog(FormDialog):
    """One rule: what, how much, per what, how often, for whom."""

    def __init__(self, parent: QWidget, items: tuple[ItemRow, ...], row: RuleRow | None) -> None:
        title = Text("Change the rule") if row else Text("New rule")
        foot = Text("What was handed over keeps the rule it was handed over by.")
        super().__init__(parent, title=title, main=Text("Save"), foot=foot, width=980, name="rule_dialog")
        self._goods = Goods(items)
        self._items = {item.id: item for item in items}
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(self._left(), 1)
        columns.addLayout(self._right(), 2)
        self.body.addLayout(columns)
        self._fill(row)

    def _left(self) -> QVBoxLayout:
        item = ItemInput("item")
        item.goods = self._goods
        item.took.connect(self._propose)
        column = QVBoxLayout()
        column.setSpacing(BETWEEN)
        column.addWidget(self._low(Field(Text("Item"), item, name="item")))
        column.addLayout(
            self._pair(
                Field(Text("How many"), NumberInput(1, optional=False), name="quantity"),
                Field(Text("Again after days"), NumberInput(1, placeholder=Text("empty: once")), name="every_days"),
            )
        )
        column.addLayout(
            self._pair(
                Field(Text("Age from"), NumberInput(0), name="age_from"),
                Field(Text("Age to"), NumberInput(0), name="age_to"),
                Field(Text("Sex"), _sex_input(), name="sex"),
            )
        )
        bands = Field(Text("Larger families"), BandsInput(), Text("from 3 people 2: 3=2"), name="bands")
        column.addWidget(self._low(bands))
        places = Field(Text("Only for homes in"), PlacesInput(), Text("empty: from everywhere"), name="settlements")
        column.addWidget(self._low(places))
        column.addStretch(1)
        return column

    def _right(self) -> QVBoxLayout:
        basis = DigitChips()
        basis.show_choices([(one, one.text) for one in Basis])
        needs = ManyInput((need.value, need.text) for need in Need)
        lodgings = ManyInput(((one.value, one.text) for one in Lodging), 3)
        column = QVBoxLayout()
        column.setSpacing(BETWEEN)
        column.addWidget(self.form.add(Field(Text("Counted per"), basis, name="basis")))  # may go on in a second row
        column.addWidget(self._low(Field(Text("Who fits"), needs, reserve=False, name="needs")))
        column.addSpacing(8)
        without = Field(Text("Not for those living"), lodgings, reserve=False, name="without_lodgings")
        column.addWidget(self._low(without))
        column.addStretch(1)
        return column

    def _low(self, field: Field) -> Field:
        """A field that is as high as it must be: the other column does not pull it apart."""
        field.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        return self.form.add(field)

    def _pair(self, *fields: Field) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(12)
        for field in fields:
            line.addWidget(self._low(field), 1)
        return line

    def _propose(self, item_id: UUID) -> None:
        """The catalogue's starting values for an item, where nothing else was typed yet."""
        item = self._items.get(item_id)
        if item is not None:
            self._show(campaigns.usual_rule(item.code, item_id), ())

    def _fill(self, row: RuleRow | None) -> None:
        if row is None:
            self._show(RuleDraft(None), ())
            return
        item: Any = self.form.field("item").input
        self._show(row.draft, row.places)
        item.show_item(row.rule.item_id)
        self._kept = row.draft

    _kept = RuleDraft(None)
    """What this form does not show stays as it was."""

    def _show(self, draft: RuleDraft, places: Iterable[tuple[UUID, Names]]) -> None:
        wanted = draft.filters
        self.form.fill(
            {
                "basis": draft.basis, "quantity": draft.quantity, "every_days": draft.every_days,
                "bands": show_bands(draft.bands), "age_from": wanted.age_from, "age_to": wanted.age_to, "sex":
                wanted.sex, "needs": wanted.needs, "without_lodgings": wanted.without_lodgings, "settlements":
                tuple(places),
            }
        )  # fmt: skip

    def draft(self) -> RuleDraft:
        """The rule as typed."""
        values = self.form.values()
        wanted = replace(
            self._kept.filters,
            age_from=values["age_from"],
            age_to=values["age_to"],
            sex=values["sex"],
            needs=values["needs"],
            settlements=frozenset(place for place, _ in values["settlements"]),
            without_lodgings=values["without_lodgings"],
        )
        return replace(
            self._kept,
            item_id=values["item"],
            basis=values["basis"] or Basis.PERSON,
            quantity=values["quantity"],
            every_days=values["every_days"],
            filters=wanted,
            bands=read_bands(values["bands"]) or (),
            monthly=self._kept.monthly and values["every_days"] is None,
            loan_days=self._kept.loan_days if values["every_days"] is None else None,
        )


def _sex_input() -> ChoiceInput:
    chosen = ChoiceInput()
    chosen.show_choices([(None, Text("any sex")), *((one.value, one.text) for one in (Sex.FEMALE, Sex.MALE))])
    chosen.set_value(None)
    return chosen

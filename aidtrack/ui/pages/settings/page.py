"""The page Settings.

Shows the sections the role may see, one at a time. Does what the section does: F9 saves or backs up, F3 adds a row.
Listens to accounts, days, stock and the aid form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtWidgets import QHBoxLayout

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.ui import jobs, theme
from aidtrack.ui.page import Action, Key, Kind, Page
from aidtrack.ui.pages.settings.about import AboutSection
from aidtrack.ui.pages.settings.centre import CentreSection
from aidtrack.ui.pages.settings.form import FormSection
from aidtrack.ui.pages.settings.here import HereSection
from aidtrack.ui.pages.settings.limits import LimitsSection
from aidtrack.ui.pages.settings.safety import SafetySection
from aidtrack.ui.pages.settings.section import Section
from aidtrack.ui.pages.settings.users import UsersSection
from aidtrack.ui.pages.settings.windows import WindowsSection
from aidtrack.ui.parts import MainButton, Panel, RowItem, RowList, Stack

SECTIONS: tuple[type[Section], ...] = (
    CentreSection,
    WindowsSection,
    LimitsSection,
    UsersSection,
    FormSection,
    SafetySection,
    HereSection,
    AboutSection,
)


class SettingsPage(Page):
    """The list of sections at the left, the chosen one beside it, and the one button that saves it."""

    name = "settings"
    title = Text("Settings")
    icon = "settings"
    shows = frozenset({Kind.ACCOUNTS, Kind.DAYS, Kind.STOCK, Kind.INTAKE})

    def __init__(self) -> None:
        super().__init__()
        by = jobs.actor()
        self._makes = [make for make in SECTIONS if make.needs is None or by.may(make.needs)]
        self.made_of(self._build())

    def _build(self) -> Iterator[None]:
        self.head()
        yield
        self.list = RowList(height=44, name="settings_list")
        self.list.moved.connect(self._on_moved)
        self.list.chosen.connect(lambda _name: self.section().focus())
        self._left = left = Panel(padding=8)
        left.body.addWidget(self.list)
        yield
        self._right = right = Panel(padding=20)
        self._stack = Stack()
        right.body.addWidget(self._stack, 1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(left)
        row.addWidget(right, 1)
        self.root.addLayout(row, 1)
        self.sections: list[Section] = []
        for make in self._makes:
            yield
            self.sections.append(make())
            yield
            self._stack.addWidget(self.sections[-1])
            self.sections[-1].actions_changed.connect(self._on_actions_changed)
        yield
        foot = right.add_foot()
        foot.addStretch(1)
        self.main_button = MainButton()
        self.main_button.setMinimumWidth(220)
        foot.addWidget(self.main_button)
        self.follow_main(self.main_button)
        self._show_list()
        self.show_section(self.sections[0].name)

    def retranslate(self) -> None:
        self._show_list()
        for section in self.sections:
            section.retranslate()

    def on_narrow(self, narrow: bool) -> None:
        self._left.setFixedWidth(theme.px(216 if narrow else 250))
        for section in self.sections:
            section.fold(theme.is_large(), tight=narrow and theme.is_large())

    def load(self) -> None:
        for section in self.sections:
            section.load()

    def section(self) -> Section:
        """The section that is shown."""
        shown = self._stack.currentWidget()
        assert isinstance(shown, Section)
        return shown

    def main_action(self) -> Action | None:
        return self.section().main_action()

    def keys(self) -> Mapping[Key, Action]:
        new = self.section().new_action()
        return {Key.NEW: new} if new is not None else {}

    def more(self) -> Sequence[Action]:
        return self.section().more_actions()

    def receive(self, what: object) -> None:
        self.show_section(str(what))

    def show_section(self, name: str) -> None:
        """Shows one section, as if it had been chosen in the list."""
        if self.list.select(name):
            self._on_moved(name)

    def _on_moved(self, name: object) -> None:
        found = next((section for section in self.sections if section.name == name), None)
        if found is not None:
            self._stack.setCurrentWidget(found)
            self._on_actions_changed()

    def _on_actions_changed(self) -> None:
        self._right.show_foot(self.main_action() is not None)
        self.refresh_actions()

    def _show_list(self) -> None:
        lang = i18n.language()
        self.list.show_rows([RowItem(i18n.render(s.title, lang), icon=s.icon, data=s.name) for s in self.sections])

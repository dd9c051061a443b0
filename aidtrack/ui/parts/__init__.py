"""The kit of small parts a page is put together from, each in its own look and without words of its own."""

from aidtrack.ui.parts.buttons import Button, LinkButton, MainButton
from aidtrack.ui.parts.charts import HourChart, Level, LevelChart, Pair
from aidtrack.ui.parts.chips import Chip, Chips, FlowLayout, clear_layout
from aidtrack.ui.parts.choices import ChoiceCard, ChoiceChip, DigitChips, Segmented
from aidtrack.ui.parts.field import Field, Input
from aidtrack.ui.parts.panels import Bar, ChecklistRow, EmptyState, Note, PageHead, Panel, SayLine
from aidtrack.ui.parts.rowlist import RowItem, RowList
from aidtrack.ui.parts.scrolling import Scrolling
from aidtrack.ui.parts.stack import Stack, at_once
from aidtrack.ui.parts.words import BigNumber, Caption, FactRow, Icon, KeyCap, Line, Sayable, Words, rendered, tooltip

__all__ = [
    "Bar", "BigNumber", "Button", "Caption", "ChecklistRow", "Chip", "Chips", "ChoiceCard", "ChoiceChip", "DigitChips",
    "EmptyState", "FactRow", "Field", "FlowLayout", "HourChart", "Icon", "Input", "KeyCap", "Level", "LevelChart", "Line", "LinkButton",
    "MainButton", "Note", "PageHead", "Pair", "Panel",
    "RowItem", "RowList", "SayLine", "Sayable", "Scrolling", "Segmented", "Stack", "Words", "at_once", "clear_layout",
    "rendered", "tooltip",
]  # fmt: skip

"""How everything looks: colour tokens, sizes, fonts, icons, and the one style sheet they are put into.

Owns the numbers of the design and nothing that has behaviour. Pages and parts never write a colour or a font size themselves.
"""

from __future__ import annotations

import logging
from functools import cache
from string import Template

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from aidtrack.logs import Word
from aidtrack.shipped import RESOURCES
from aidtrack.ui.tokens import DARK, FONT_PX, FONT_PX_LARGE, FONT_WEIGHT, LARGE_SCALE, LIGHT, SIZES

_log = logging.getLogger(__name__)

_tokens = LIGHT
_large = False


def apply(app: QApplication, theme: str = "light", large: bool = False) -> None:
    """Makes the whole program look like `theme` (light or dark), in ordinary or large text. May be called again at any time.

    What looks so already is left alone: Qt would polish every widget there is once more.
    """
    global _tokens, _large
    _tokens, _large = (DARK if theme == "dark" else LIGHT), large
    if app.styleSheet() == _style_sheet():
        return
    app.setStyle("Fusion")
    app.setPalette(_palette())
    app.setFont(application_font())
    app.setStyleSheet(_style_sheet())


def is_dark() -> bool:
    """Whether the dark theme is in force."""
    return _tokens is DARK


def is_large() -> bool:
    """Whether large text is in force."""
    return _large


def colour(token: str) -> QColor:
    """The colour of a token of the design in the theme in force."""
    return QColor(_colour(_tokens[token]))


@cache
def _colour(name: str) -> QColor:
    """Read from its digits once: every line that is painted asks for one."""
    return QColor(name)


def px(size: int) -> int:
    """A size of the design in pixels; large text makes it a little larger."""
    return round(size * LARGE_SCALE) if _large else size


def font_px(style: str) -> int:
    """The pixel size of a type style (h1 … caption)."""
    return (FONT_PX_LARGE if _large else FONT_PX)[style]


def styled(font: QFont, style: str, weight: int | None = None) -> QFont:
    """`font` in a type style; delegates start from the font of their option, so that its features stay."""
    made = QFont(font)
    made.setPixelSize(font_px(style))
    made.setWeight(QFont.Weight(weight or FONT_WEIGHT[style]))
    return made


def set_look(widget: QWidget, *, cls: str | None = None, st: str | None = None) -> None:
    """Sets what kind of thing a widget is and its state for the style sheet, and lets it take effect."""
    if cls is not None:
        widget.setProperty("cls", cls)
    if st is not None:
        if (widget.property("st") or "") == st:  # no state yet is the ordinary one
            return
        widget.setProperty("st", st)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # nobody has seen it yet: it is polished once, when it is shown or measured
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def icon(name: str, size: int = 18, tint: str = "ink2", ratio: float = 0.0) -> QPixmap:
    """The icon of that name in a token's colour, sharp at the device pixel ratio."""
    return _pixmap(name, px(size), _tokens[tint], ratio or _screen_ratio())


@cache
def _pixmap(name: str, size: int, colour_name: str, ratio: float) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_svg(name).replace("currentColor", colour_name).encode()))
    pixmap = empty(QSize(size, size), ratio)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


def empty(size: QSize, ratio: float) -> QPixmap:
    """Nothing yet, as large as `size` on a screen of that device pixel ratio."""
    pixmap = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


@cache
def _svg(name: str) -> str:
    try:
        drawn = (RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    except OSError:
        _log.error("icon %s is missing", Word(name))  # nothing may be raised while a widget is painted
        return "<svg xmlns='http://www.w3.org/2000/svg'/>"
    return drawn.replace('stroke-width="2"', 'stroke-width="1.75"')


def _screen_ratio() -> float:
    return QGuiApplication.primaryScreen().devicePixelRatio()


@cache
def _load_fonts() -> str:
    """Registers the shipped fonts once; the name of the family they make."""
    names = ["Inter-Regular.ttf", "Inter-Medium.ttf", "Inter-SemiBold.ttf", "DejaVuSans.ttf"]
    ids = [QFontDatabase.addApplicationFont(str(RESOURCES / "fonts" / name)) for name in names]
    families = QFontDatabase.applicationFontFamilies(ids[0])
    return families[0] if families else QApplication.font().family()


def application_font() -> QFont:
    """The letters everything starts from."""
    font = QFont(_load_fonts())
    font.setFamilies([_load_fonts(), "DejaVu Sans"])
    font.setPixelSize(font_px("body"))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("tnum"), 1)  # figures line up in every list
    return font


def _palette() -> QPalette:
    role = QPalette.ColorRole
    pairs = {
        role.Window: "bg", role.WindowText: "ink", role.Base: "surface", role.AlternateBase: "surface", role.Text: "ink",
        role.Button: "surface", role.ButtonText: "ink", role.BrightText: "onaccent", role.Highlight: "soft",
        role.HighlightedText: "ink", role.ToolTipBase: "surface", role.ToolTipText: "ink", role.PlaceholderText: "ink3",
        role.Link: "accent", role.LinkVisited: "accent", role.Light: "surface", role.Midlight: "line", role.Mid: "line",
        role.Dark: "ctl", role.Shadow: "line", role.Accent: "accent",
    }  # fmt: skip
    palette = QPalette()
    for each, token in pairs.items():
        palette.setColor(each, colour(token))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, colour("ink3"))
    return palette


def _style_sheet() -> str:
    """The style sheet with tokens, type sizes ($f_h1 …), sizes ($s_field …, less 2 for one-pixel borders: $i_field, less 4: $j_field)."""
    words: dict[str, str] = dict(_tokens)
    for style in FONT_PX:
        words[f"f_{style}"] = f"{font_px(style)}px"
    for name, size in SIZES.items():
        words |= {f"s_{name}": f"{px(size)}px", f"i_{name}": f"{px(size) - 2}px", f"j_{name}": f"{px(size) - 4}px"}
    words["icons"] = (RESOURCES / "icons").as_posix()
    sheet = (RESOURCES / "style" / "app.qss").read_text(encoding="utf-8")
    return Template(sheet).substitute(words)


def size_of(name: str) -> int:
    """A named height or width of the design (field, button, row …) in pixels."""
    return px(SIZES[name])

"""A PDF looked at in the window: its pages as pictures, turned and enlarged.

Owns rendering with PDFium, on the thread of the window only (PDFium knows no threads). Where the bytes come from is the page's work.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.ui import theme
from aidtrack.ui.parts import EmptyState, LinkButton, Words

POINTS_AN_INCH = 72
ENLARGED = 1.9
_MARGIN = 16


class Pages:
    """The pages of a PDF; opened anew for each question, so that nothing of PDFium stays behind."""

    def __init__(self, pdf: bytes) -> None:
        self.pdf = pdf
        with self._document() as document:
            self.sizes = [tuple(document.get_page_size(n)) for n in range(len(document))]

    def __len__(self) -> int:
        return len(self.sizes)

    def image(self, page: int, scale: float, *, grey: bool = False) -> QImage:
        """The page (from 0) at `scale` pixels a point."""
        with self._document() as document:
            bitmap = document[page].render(scale=scale, grayscale=grey)
            kind = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_BGR888
            image = QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, kind)
            return image.copy()

    @contextmanager
    def _document(self) -> Iterator[pypdfium2.PdfDocument]:
        document = pypdfium2.PdfDocument(self.pdf)
        try:
            yield document
        finally:
            document.close()


class Preview(QFrame):
    """The paper as it will be printed. PageUp and PageDown turn it, + and − or the glass enlarge it."""

    turned = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("preview")
        self.setProperty("cls", "well")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pages: Pages | None = None
        self._at = 0
        self._is_large = False
        self._title = Words(Text("Preview"), "h3")
        self._where = Words("", "body", name="preview_page")
        self._where.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._back = LinkButton("", "chevron-left", name="preview_back")
        self._on = LinkButton("", "chevron-right", name="preview_on")
        self._glass = LinkButton("", "zoom-in", name="preview_zoom")
        self._empty = EmptyState("file-text", "", "", name="preview_empty")
        self._paper = QLabel()
        self._area = QScrollArea()
        self._stack = QStackedWidget()
        self._late = QTimer(self, singleShot=True, interval=60)
        self._build()

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(_MARGIN, 10, _MARGIN, _MARGIN)
        whole.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._title)
        head.addStretch(1)
        for part in (self._back, self._where, self._on, self._glass):
            head.addWidget(part)
        whole.addLayout(head)
        self._paper.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._paper.setObjectName("preview_paper")
        self._paper.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._area.setWidget(self._paper)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.viewport().setAutoFillBackground(False)
        self._paper.setAutoFillBackground(False)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.viewport().installEventFilter(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._area)
        whole.addWidget(self._stack, 1)
        self._connect()

    def _connect(self) -> None:
        self._back.clicked.connect(lambda: self.turn(-1))
        self._on.clicked.connect(lambda: self.turn(1))
        self._glass.clicked.connect(self.enlarge)
        self._late.timeout.connect(self._draw)
        self._say_names()
        self._show_place()

    # ── what it shows ──

    def show_pdf(self, pdf: bytes) -> None:
        """Another paper; the same page stays in sight if it has one."""
        self._pages = Pages(pdf)
        self._at = min(self._at, len(self._pages) - 1)
        self._stack.setCurrentWidget(self._area)
        self._show_place()
        self._draw()

    def show_words(self, title: Text | str, hint: Text | str = "", icon: str = "file-text") -> None:
        """No paper, and why."""
        self._pages = None
        self._at = 0
        self._empty.say(icon, title, hint)
        self._stack.setCurrentWidget(self._empty)
        self._show_place()

    @property
    def page(self) -> int:
        """The page in sight, from 1; 0 without a paper."""
        return self._at + 1 if self._pages else 0

    @property
    def pages(self) -> int:
        return len(self._pages) if self._pages else 0

    def turn(self, by: int) -> None:
        """To another page, as far as there are any."""
        if self._pages is None:
            return
        wanted = min(max(self._at + by, 0), len(self._pages) - 1)
        if wanted != self._at:
            self._at = wanted
            self._area.verticalScrollBar().setValue(0)
            self._show_place()
            self._draw()
            self.turned.emit(self.page)

    def enlarge(self) -> None:
        """Large enough to read, or whole again."""
        self._is_large = not self._is_large
        theme.set_look(self._glass, st="chosen" if self._is_large else "")
        self._draw()

    def fold(self, narrow: bool) -> None:
        """Where there is little room the paper needs no title."""
        self._title.setVisible(not narrow)

    def _show_place(self) -> None:
        self._where.say(Text("{n} of {all}", n=self.page, all=self.pages) if self._pages else "")
        self._back.setEnabled(self._pages is not None and self._at > 0)
        self._on.setEnabled(self._pages is not None and self._at < self.pages - 1)
        self._glass.setEnabled(self._pages is not None)

    def _draw(self) -> None:
        if self._pages is None:
            return
        wide, tall = self._pages.sizes[self._at]
        room = self._area.viewport().size()
        fit = min(room.width() / wide, room.height() / tall)
        if self._is_large:
            fit = max(fit * ENLARGED, room.width() / wide)
        ratio = self.devicePixelRatioF()
        image = self._pages.image(self._at, max(fit, 0.1) * ratio)
        image.setDevicePixelRatio(ratio)
        self._paper.setPixmap(QPixmap.fromImage(image))
        self._paper.setMinimumSize(QSize(int(wide * fit), int(tall * fit)) if self._is_large else QSize(0, 0))

    def _say_names(self) -> None:
        names = (Text("Page back"), Text("Next page"), Text("Enlarge"))
        for button, name in zip((self._back, self._on, self._glass), names, strict=True):
            button.setAccessibleName(i18n.render(name, i18n.language()))
            button.setToolTip(button.accessibleName())

    # ── Qt ──

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_PageDown: 1, Qt.Key.Key_Right: 1}.get(
            Qt.Key(event.key())
        )
        if step is not None:
            self.turn(step)
        elif event.text() in ("+", "-", "−", "="):
            self.enlarge()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._late.start()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._late.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say_names()

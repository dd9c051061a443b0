"""Shows what the program is, whose work it stands on and under which licence, and where its log lies."""

from __future__ import annotations

from aidtrack import __version__, logs
from aidtrack.errors import Text
from aidtrack.services.settlements import ATTRIBUTION
from aidtrack.ui.pages.settings.section import Section
from aidtrack.ui.parts import RowItem, RowList, Words

WORKS = (
    ("AidTrack", "Apache License 2.0"),
    ("Qt, PySide6", "LGPL 3.0"),
    ("SQLCipher, SQLite", "BSD-3-Clause, public domain"),
    ("SQLAlchemy, Alembic", "MIT"),
    ("psycopg", "LGPL 3.0"),
    ("argon2-cffi, cryptography", "MIT, Apache License 2.0 / BSD"),
    ("ReportLab", "BSD-3-Clause"),
    ("Inter, PT Sans", "SIL Open Font License 1.1"),
    ("DejaVu Sans", "Bitstream Vera / public domain"),
    ("Lucide", "ISC"),
    ("GeoNames", "CC BY 4.0"),
)
"""Works under licences that ask to be named."""


class AboutSection(Section):
    """Nothing to change here."""

    name = "about"
    title = Text("About the program")
    icon = "info"

    def __init__(self) -> None:
        super().__init__()
        self.column.addWidget(Words(Text("AidTrack {version}", version=__version__), "h3", name="version"))
        self.column.addWidget(
            Words(Text("One program for a day at a distribution centre. It sends nothing anywhere."), "small", wrap=True)
        )
        self.column.addSpacing(8)
        works = RowList(height=30, name="works")
        works.setMaximumWidth(640)
        works.show_rows([RowItem(work, right=licence, data=work) for work, licence in WORKS])
        self.column.addWidget(works, 1)
        self.column.addWidget(Words(ATTRIBUTION, "small", wrap=True, name="geonames"))
        self.column.addWidget(
            Words(Text("The log has no names in it: {path}", path=str(logs.log_folder())), "small", wrap=True)
        )

"""Lists of people from and to spreadsheets: reading any CSV or XLSX, taking people in household by household, giving them out again."""

from aidtrack.services.spreadsheets.columns import FIELDS, find_header
from aidtrack.services.spreadsheets.exporting import EXPORT_FIELDS, PeopleSheet, people_sheet, write_people
from aidtrack.services.spreadsheets.importing import (
    CHUNK,
    BatchRow,
    UndoStep,
    import_batches,
    import_chunk,
    plan_import,
    start_import,
    tell_known,
    undo_chunk,
    write_result,
)
from aidtrack.services.spreadsheets.planning import Fate, ImportPlan, PlannedFamily, RowFate
from aidtrack.services.spreadsheets.reading import Table, read_table

__all__ = [
    "CHUNK",
    "EXPORT_FIELDS",
    "FIELDS",
    "BatchRow",
    "Fate",
    "ImportPlan",
    "PeopleSheet",
    "PlannedFamily",
    "RowFate",
    "Table",
    "UndoStep",
    "find_header",
    "import_batches",
    "import_chunk",
    "people_sheet",
    "plan_import",
    "read_table",
    "start_import",
    "tell_known",
    "undo_chunk",
    "write_people",
    "write_result",
]

"""A spreadsheet file as rows of text: encodings, delimiters, merged cells, dates; and back, with cells that are never formulas.

Knows nothing of people. Picklable, so that a long file is read in a process of its own.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from aidtrack.errors import Refused, Text
from aidtrack.files import whole

LARGEST = 200 * 1024 * 1024
DELIMITERS = ",;\t|"

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_PHONE = re.compile(r"\+\d{6,15}")
_UNREADABLE = re.compile("_x(FFFE|FFFF)_")


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its rows from the first line on, and the digest of the file it came from."""

    rows: tuple[tuple[str, ...], ...]
    digest: str
    name: str


def read_table(path: Path) -> Table:
    """The first sheet of a CSV, XLSX, XLS or ODS file. Refused, in a sentence, when it is no such file."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LARGEST else b""
    except OSError:
        raise Refused("no-file", Text("The file cannot be read: {name}.", name=path.name)) from None
    if size > LARGEST:
        raise Refused("too-large", Text("The file is larger than {n} MB: split it.", n=LARGEST // 1024 // 1024))
    if not data.strip():
        raise Refused("empty-file", Text("The file is empty."))
    rows = _workbook_rows(data) if data[:4] in (_ZIP, _OLE) else _csv_rows(data)
    return Table(tuple(rows), hashlib.sha256(data).hexdigest()[:40], path.name)


# ── text files ───────────────────────────────────────────────────────────────────────────────────


def decoded(data: bytes) -> str:
    """UTF-8 and UTF-16 with or without a mark, else Windows-1251. Refused for what is no text."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _text(data, encoding)
    wide = _unmarked_utf16(data[:4000])
    if wide:
        return _text(data, wide)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _text(data, "cp1251")


def _unmarked_utf16(sample: bytes) -> str:
    """Latin and Cyrillic letters have 0 or 4 as every second byte."""
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        highs = sample[first::2]
        if len(sample) > 3 and sum(byte in (0, 4) for byte in highs) > 0.9 * len(highs):
            return encoding
    return ""


def _text(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "replace" if encoding == "cp1251" else "strict")
    except UnicodeDecodeError:
        raise Refused("not-a-table", Text("This is no table: save it as CSV or XLSX.")) from None


def _csv_rows(data: bytes) -> list[tuple[str, ...]]:
    text = decoded(data)
    if text.count("\0") or sum(c < " " and c not in "\t\r\n\x0b\x0c" for c in text[:2000]) > 100:
        raise Refused("not-a-table", Text("This is no table: save it as CSV or XLSX."))
    csv.field_size_limit(10_000_000)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        return [tuple(unescaped(cell) for cell in row) for row in rows]
    except csv.Error:
        raise Refused("not-a-table", Text("This is no table: save it as CSV or XLSX.")) from None


def _delimiter(text: str) -> str:
    """The sign that splits the first lines into the most columns, most evenly."""
    sample = "".join(text.splitlines(keepends=True)[:30])
    return max(DELIMITERS, key=lambda sign: _evenness(sample, sign))


def _evenness(sample: str, sign: str) -> int:
    widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=sign) if row]
    return sum(width - 1 for width in widths if width == max(set(widths), key=widths.count)) if widths else 0


def escaped(cell: str) -> str:
    """A CSV cell no spreadsheet takes for a formula: an apostrophe stands before it. A phone with + is a number to all of them."""
    return "'" + cell if _FORMULA.match(cell) and not _PHONE.fullmatch(cell) else cell


def unescaped(cell: str) -> str:
    """What `escaped` was given."""
    return cell[1:] if _ESCAPED.match(cell) else cell


# ── workbooks ────────────────────────────────────────────────────────────────────────────────────


def _workbook_rows(data: bytes) -> list[tuple[str, ...]]:
    import python_calamine

    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        sheet = next((s for s in map(book.get_sheet_by_name, book.sheet_names) if s.total_height), None)
        rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)] if sheet else []
    except (python_calamine.CalamineError, ValueError, OSError):
        raise Refused("not-a-table", Text("This workbook cannot be read: save it again as XLSX or CSV.")) from None
    if sheet is not None:
        _fill_down(rows, sheet.merged_cell_ranges or ())
    return [tuple(row) for row in rows]


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return _UNREADABLE.sub(lambda m: chr(int(m[1], 16)), str(value)) if value is not None else ""


def _fill_down(rows: list[list[str]], ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """A cell merged over several rows belongs to each of them."""
    for (top, left), (bottom, _) in ranges:
        for row in range(top + 1, min(bottom + 1, len(rows))):
            if left < len(rows[row]) and not rows[row][left]:
                rows[row][left] = rows[top][left]


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def write_table(path: Path, kind: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Writes CSV (UTF-8, for programs) or XLSX (for people), whole or not at all. StoreTrouble when it cannot be written."""
    with whole(path) as part:
        part.parent.mkdir(parents=True, exist_ok=True)
        (_write_xlsx if kind == "xlsx" else _write_csv)(part, headers, rows)


def _write_csv(path: Path, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(headers)
        writer.writerows([escaped(cell) for cell in row] for row in rows)


def _write_xlsx(path: Path, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, bold)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(number, column, cell)
    try:
        book.close()
    except FileCreateError as error:
        refused = error.__context__  # its own error carries the system's only as words
        raise OSError(*(refused.args if isinstance(refused, OSError) else ())) from error

"""A file is written whole or not at all: beside its place first, then moved there. A full disk leaves no half of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from aidtrack.errors import StoreTrouble, Text


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write what becomes `path` when the block ends well. StoreTrouble, in a sentence, when it cannot be written."""
    part = path.with_name(path.name + ".part")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        why = error.strerror or str(error) or type(error).__name__
        raise StoreTrouble("cannot-write", Text("Cannot write {file}: {why}.", file=path.name, why=why)) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """The content as a file."""
    with whole(path) as part:
        part.write_bytes(content)

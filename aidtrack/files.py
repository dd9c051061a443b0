"""A file is written whole or not at all: beside its place first, then moved there. A full disk leaves no half of it.

Owns the words for what a disk or stick refuses: the system's own are English, whatever the window speaks.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from aidtrack.errors import StoreTrouble, Text

_FULL = Text("there is no room left on this disk or stick")
_LOCKED = Text("this disk or stick can only be read")
_GONE = Text("it is not there")
_NO_RIGHT = Text("this user has no right to it")
_SILENT = Text("the disk or stick does not answer")
_WHY = {
    errno.ENOSPC: _FULL, errno.EDQUOT: _FULL, errno.EFBIG: _FULL,
    errno.EROFS: _LOCKED,
    errno.ENOENT: _GONE, errno.ENOTDIR: _GONE, errno.ENODEV: _GONE, errno.ENXIO: _GONE,
    errno.EACCES: _NO_RIGHT, errno.EPERM: _NO_RIGHT,
    errno.EIO: _SILENT, errno.ESTALE: _SILENT, errno.ETIMEDOUT: _SILENT,
}  # fmt: skip


def why_not(error: OSError) -> Text:
    """What a disk, stick or folder refuses, as the end of a sentence; what is seldom has the number the system gives it."""
    if error.errno is None:
        return Text("the system gives no reason")
    return _WHY.get(error.errno) or Text("the system says error {number}", number=str(error.errno))


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write what becomes `path` when the block ends well. StoreTrouble, in a sentence, when it cannot be written."""
    try:
        with beside(path) as part:
            yield part
    except OSError as error:
        raise StoreTrouble("cannot-write", Text("Cannot write {file}: {why}.", file=path.name, why=why_not(error))) from error


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """The same for who has a sentence of his own: OSError leaves it as it is."""
    part = path.with_name(path.name + ".part")
    try:
        yield part
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """The content as a file."""
    with whole(path) as part:
        part.write_bytes(content)

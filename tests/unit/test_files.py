"""What a disk or stick refuses is said in the language of the window, with what is wrong, and leaves no half file."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest

from aidtrack import files, i18n
from aidtrack.errors import StoreTrouble


def _write_half(path: Path, trouble: OSError) -> None:
    with files.whole(path) as part:
        part.write_bytes(b"half")
        raise trouble


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "нет места"),
        (errno.EROFS, "только для чтения"),
        (errno.ENOENT, "такого места нет"),
        (errno.EACCES, "нет прав"),
        (errno.EIO, "не отвечает"),
    ],
)
def test_the_usual_reasons_have_their_own_words(tmp_path: Path, number: int, words: str) -> None:
    with pytest.raises(StoreTrouble) as caught:
        _write_half(tmp_path / "список.pdf", OSError(number, os.strerror(number)))
    said = i18n.render(caught.value.text, "ru")
    assert words in said
    assert not re.search("[a-z]", said.replace("pdf", ""))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lang", ["ru", "uk", "en"])
def test_a_seldom_reason_has_its_number_and_none_is_none(lang: str) -> None:
    assert "40" in i18n.render(files.why_not(OSError(40, "Too many levels of symbolic links")), lang)
    assert i18n.render(files.why_not(OSError("spoken only")), lang)

"""Every kind of operation has words, so that the journal can be read by people."""

from __future__ import annotations

import re
from pathlib import Path

from aidtrack.domain.deeds import DEEDS, deed
from aidtrack.errors import Text

SERVICES = Path(__file__).resolve().parents[2] / "aidtrack" / "services"


def kinds_in_use() -> set[str]:
    """The codes use cases open their operations with."""
    opening = re.compile(r'journal\.operation\(\s*session,\s*by,\s*request_id,\s*"([a-z_]+)"')
    return {kind for path in SERVICES.rglob("*.py") for kind in opening.findall(path.read_text(encoding="utf-8"))}


def test_every_kind_of_operation_has_words() -> None:
    used = kinds_in_use()
    assert len(used) > 20
    assert used - DEEDS.keys() == set()


def test_a_kind_of_a_newer_version_is_shown_as_its_code() -> None:
    assert deed("teleport") == Text("teleport")

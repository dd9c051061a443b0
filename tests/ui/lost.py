"""A database that books what it is asked and then loses the answer, once."""

from __future__ import annotations

from typing import Any

import pytest

from aidtrack.errors import StoreTrouble, Text
from aidtrack.store.database import Database


def lose_next_answer(patch: pytest.MonkeyPatch, database: Database) -> None:
    """The next write is committed, and whoever asked for it hears of trouble."""
    real = database.write
    lost: list[bool] = []

    def write(do: Any) -> Any:
        answer = real(do)
        if not lost:
            lost.append(True)
            raise StoreTrouble("busy", Text("The database is busy."), retry=True)
        return answer

    patch.setattr(database, "write", write)

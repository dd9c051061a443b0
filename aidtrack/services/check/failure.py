"""What a check finds: one broken truth, with a stable code for machines and a sentence for people."""

from __future__ import annotations

from dataclasses import dataclass

from aidtrack.errors import Text


@dataclass(frozen=True, slots=True)
class Failure:
    """One place where a truth does not hold. `code` begins with the truth (data.md §7); `about` finds the row."""

    code: str
    text: Text
    about: str = ""

    @property
    def truth(self) -> str:
        """T1 … T10."""
        return self.code.partition("-")[0]

"""Who may be the same family while a new one is typed: asked in the background at every change, answered once a pair, remembered.

Owns no widget. *Same* waits for an answer and holds the save; *perhaps* never does and goes to the evening list.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from aidtrack.domain.identity import Verdict
from aidtrack.domain.people import HouseholdDraft
from aidtrack.ui import jobs

if TYPE_CHECKING:
    from aidtrack.services.identity.candidates import CandidateRow
    from aidtrack.services.newcomers import Alike

MOST = 3


class Likenesses(QObject):
    """`changed`: there are other candidates, or one was answered. `answered`: what was asked last is known."""

    changed = Signal()
    answered = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: tuple[CandidateRow, ...] = ()
        self._refused: dict[UUID, CandidateRow | None] = {}
        self._asked: HouseholdDraft | None = None
        self._job: jobs.Job | None = None

    @property
    def is_asking(self) -> bool:
        """Whether the answer for what stands in the form is still under way."""
        return self._job is not None

    def rows(self) -> tuple[CandidateRow, ...]:
        """Who may be the same, without those who were said to be other people."""
        return tuple(row for row in self._rows if row.household_id not in self._refused)[:MOST]

    def open_questions(self) -> tuple[CandidateRow, ...]:
        """Who is the same as far as anybody can tell, and nobody has answered."""
        return tuple(row for row in self.rows() if row.verdict is Verdict.SAME)

    # ── asking ──

    def ask(self, draft: HouseholdDraft) -> None:
        """Asks for what stands in the form now; the answer to an older form does not come."""
        from aidtrack.services.identity.candidates import candidates

        if draft == self._asked:
            return
        self._stop()
        self._asked = draft
        # More than are shown: those answered before must not hide the next ones.
        question = partial(candidates, draft=draft, limit=MOST + len(self._refused))
        self._job = jobs.read(question, owner=self, then=self._on_rows, failed=self._on_failed, latest="alike")

    def _on_rows(self, rows: tuple[CandidateRow, ...]) -> None:
        self._job = None
        for row in rows:  # after a crash only the ids are known
            if self._refused.get(row.household_id, row) is None:
                self._refused[row.household_id] = row
        self._rows = rows
        self.changed.emit()
        self.answered.emit()

    def _on_failed(self, _error: BaseException) -> None:
        """Nobody is known to be alike: a question that cannot be asked holds nobody up."""
        self._job = None
        self._asked = None
        self.answered.emit()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def forget(self) -> None:
        """Another form."""
        self._stop()
        self._rows, self._refused, self._asked = (), {}, None
        self.changed.emit()

    # ── answering ──

    def say_other(self) -> bool:
        """Those that look the same are other people; False when nobody does."""
        asked = self.open_questions()
        self._refused |= {row.household_id: row for row in asked}
        if asked:
            self.changed.emit()
        return bool(asked)

    def refused(self) -> frozenset[UUID]:
        """The families that were said to be other people, to be kept with the form."""
        return frozenset(self._refused)

    def remember(self, refused: Collection[UUID]) -> None:
        """What was answered before the form was shown again."""
        self._refused = dict.fromkeys(refused)

    def others(self) -> tuple[Alike, ...]:
        """The pairs that were said to be other people."""
        return tuple(_alike(row) for row in self._refused.values() if row is not None)

    def passed_by(self) -> tuple[Alike, ...]:
        """The pairs nobody has answered, for the evening."""
        return tuple(_alike(row) for row in self.rows())


def _alike(row: CandidateRow) -> Alike:
    from aidtrack.services.newcomers import Alike

    return Alike(row.member_no, row.person_id, row.score, row.reasons)

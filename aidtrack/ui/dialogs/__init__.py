"""Questions and small forms as panels over the window: opened, never executed; they take rows and return a draft, and know no services."""

from aidtrack.ui.dialogs.answer import Answer
from aidtrack.ui.dialogs.panel import Panelled
from aidtrack.ui.dialogs.question import FormDialog, Question
from aidtrack.ui.dialogs.totals import TotalsDialog

__all__ = ["Answer", "FormDialog", "Panelled", "Question", "TotalsDialog"]

"""What Qt calls of ours lets no error out: PySide would go on with the error pending, and the program end without a word.

Owns the guard around every method of the window that Qt has by the same name, too. The error goes where faults nobody caught go.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from types import FunctionType
from typing import Any

from PySide6.QtCore import QObject

OURS = "aidtrack."
QTS = "PySide6."
_ANSWERS = {"viewportEvent"}
"""Named like a handler, but Qt wants to know what came of it."""


def guard() -> None:
    """From now on every class of ours is guarded when it is made."""
    QObject.__init_subclass__ = classmethod(_guard_class)  # type: ignore[assignment,arg-type]


def _guard_class(cls: type[QObject], **kwargs: Any) -> None:
    super(QObject, cls).__init_subclass__(**kwargs)
    if cls.__module__.startswith(OURS):
        for name, own in overrides(cls):
            setattr(cls, name, _guarded(cls, name, own))


def overrides(cls: type[QObject]) -> list[tuple[str, FunctionType]]:
    """The methods a class of ours has in place of Qt's."""
    qts = [base for base in cls.__mro__ if base.__module__.startswith(QTS)]
    own = [(name, one) for name, one in vars(cls).items() if isinstance(one, FunctionType) and not name.startswith("_")]
    return [(name, one) for name, one in own if any(hasattr(base, name) for base in qts)]


def _guarded(cls: type[QObject], name: str, own: FunctionType) -> Callable[..., Any]:
    """Where Qt wants an answer it gets its own. What was asked to handle an event may have done so in part: it is not handled twice."""
    wants_answer = not name.endswith("Event") or name in _ANSWERS

    @wraps(own)
    def guarded(self: QObject, *args: Any, **kwargs: Any) -> Any:
        try:
            return own(self, *args, **kwargs)
        except Exception as error:
            _tell(error)
        return getattr(super(cls, self), name)(*args, **kwargs) if wants_answer else None

    return guarded


def _tell(error: Exception) -> None:
    try:
        sys.excepthook(type(error), error, error.__traceback__)
    except Exception:
        sys.__excepthook__(*sys.exc_info())

"""The one place where the program reads the machine's clock; everything else is handed a moment."""

from datetime import UTC, datetime


def wall_clock() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)

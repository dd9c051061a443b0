"""`python -m tests.screenshots [FOLDER]`: every page and dialog in three languages, light and dark, and every report's pages, as PNG."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> int:
    """Paints everything into FOLDER (build/screenshots) and says where."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/screenshots")
    with tempfile.TemporaryDirectory() as home:
        os.environ["AIDTRACK_HOME"] = os.environ["XDG_CONFIG_HOME"] = home
        from tests.screenshots import paint

        made = paint.everything(folder)
    print(f"{len(made)} pictures in {folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

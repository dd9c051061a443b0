"""`python -m tests.screenshots [FOLDER] [--only stock] [--look ru-light] [--scale 1.5] [--keep-day]`: pages, dialogs and papers as PNG.

Without options everything in every look. Says what does not fit, where the focus is lost, and what is not to be seen.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> int:
    """Paints; 1 when a picture shows a fault."""
    asked = _asked()
    with tempfile.TemporaryDirectory() as home:
        os.environ["AIDTRACK_HOME"] = os.environ["XDG_CONFIG_HOME"] = home
        if asked.scale:
            os.environ["QT_SCALE_FACTOR"] = asked.scale
        from tests.screenshots import paint

        studio = paint.everything(asked.folder, paint.Wanted(asked.look, asked.only, asked.keep_day))
    print(f"{len(studio.made)} pictures in {asked.folder}, {len(studio.faults)} with something wrong")
    return int(bool(studio.faults))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.screenshots", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/screenshots"))
    parser.add_argument("--only", action="append", default=[], metavar="PART", help="scenes with this in their name, or: papers")
    parser.add_argument("--look", action="append", default=[], help="ru-light, en-1024x700, uk-dark-large-1024x700 …")
    parser.add_argument("--scale", metavar="1.5", help="as on a screen of so many pixels to a point; the folder of a look says it")
    parser.add_argument("--keep-day", action="store_true", help="from the day that was played last time")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())

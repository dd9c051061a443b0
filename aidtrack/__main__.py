"""`python -m aidtrack` is the same door as `main.py`."""

from aidtrack.app import main

if __name__ == "__main__":
    raise SystemExit(main())

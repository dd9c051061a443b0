"""The program's door: nothing but the call, guarded because worker processes are spawned."""
from aidtrack.app import main

if __name__ == "__main__":
    raise SystemExit(main())

"""AidTrack: the program a humanitarian distribution centre runs on."""

__version__ = "0.1.0"

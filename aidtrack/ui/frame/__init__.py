"""The frame around every page: rail, top bar, message line, keys, pause and lock. `ui.main_window` puts it together."""

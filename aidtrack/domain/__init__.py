"""Pure rules and values of the centre: no I/O, no clock, no database, no window."""

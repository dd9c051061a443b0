"""The use cases of the desk: plain functions of a session and an actor that return frozen rows."""

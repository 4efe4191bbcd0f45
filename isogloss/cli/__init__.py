"""Commands: arguments, the engine, a report; one file each, found by the family in `command.py`."""

"""The commands, a subject a file. `recorder.cli` finds them by name and loads one at a time."""

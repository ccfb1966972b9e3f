"""How log lines look: constant text, then ids, sizes and states as fields. Never content."""

from __future__ import annotations

import logging


class _Fields(logging.Formatter):
    """Constant text, then the structured fields of a record as key=value."""

    _known = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

    def format(self, record: logging.LogRecord) -> str:
        # Never a traceback: it could show a path or a value. Class and ids are in the fields.
        record.exc_info, record.exc_text, record.stack_info = None, None, None
        fields = [f"{key}={value}" for key, value in vars(record).items() if key not in self._known]
        return " ".join([super().format(record), *fields])


def to_stderr(level: int) -> None:
    """Send this project's log lines of `level` and above to standard error, once a process."""
    # A line that cannot be written is lost. Telling of it would print what is being handled just
    # then, whatever that quotes.
    logging.raiseExceptions = False
    log = logging.getLogger("recorder")
    log.setLevel(level)
    if not log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(_Fields("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        log.addHandler(handler)

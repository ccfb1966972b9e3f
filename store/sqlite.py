"""SQLite: what it must promise, and how its transactions begin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from store import place

# FULL: a committed row survives a power cut. secure_delete: freed pages are zeroed.
# temp_store: sorts never spill to disk. The rest refuse damaged or hostile database files.
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "temp_store=MEMORY",
    "foreign_keys=ON",
    "busy_timeout=30000",
    "trusted_schema=OFF",
    "cell_size_check=ON",
)

READING: dict[str, Any] = {}
WRITING: dict[str, Any] = {"recorder_write": True}
OLD_COPIES = (
    "Another program is reading the database, so its files hold old copies a while longer: run "
    "this command again later."
)


def engine_for(url: URL) -> Engine:
    """An engine that keeps the promises; it opens nothing yet.

    PlaceError if the file lies where SQLite cannot keep them.
    """
    if url.database and url.database != ":memory:":
        place.check(Path(url.database))
    # hide_parameters: an exception's text never carries what was being written.
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def fold(engine: Engine) -> bool:
    """Fold the write-ahead log into the database file; False if somebody is reading."""
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        if raw is None:
            return False
        busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def describe(connection: Connection) -> str:
    """The kind and version."""
    return f"SQLite {connection.exec_driver_sql('SELECT sqlite_version()').scalar_one()}"


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where sqlite3 guesses
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A writer that starts as a reader can be refused half way; IMMEDIATE waits its turn instead.
    write = connection.get_execution_options().get("recorder_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

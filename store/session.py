"""The database connection: how transactions begin, and what SQLite must promise."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from store.alarm import Alarm
from store.errors import DatabaseError

__all__ = ["Connection", "Database", "now_ms"]

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


def now_ms() -> int:
    """The time now, in whole milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


class Database:
    """One engine, two kinds of transaction."""

    def __init__(self, url: str) -> None:
        # hide_parameters: an exception's text never carries what was being written.
        self.engine: Engine = create_engine(url, hide_parameters=True)
        self.alarm = Alarm()
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    def upgrade(self, audit_mac: Callable[[bytes], bytes] | None = None, to: str = "head") -> None:
        """Bring the schema to the newest version, or `to` one; nothing to do is fine.

        `audit_mac` authenticates the audit log's head; an upgrade that rewrites a log needs it.
        """
        config = _migrations()
        with self.engine.connect() as connection:
            config.attributes["connection"] = connection
            config.attributes["audit_mac"] = audit_mac
            command.upgrade(config, to)

    def check(self) -> None:
        """DatabaseError unless the schema is the newest: for who cannot bring it there."""
        newest = ScriptDirectory.from_config(_migrations()).get_current_head()
        with self.read() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
        if found != newest:
            raise DatabaseError(
                "the database is of another version than this program: run 'recorder doctor' once, "
                "where the root key can be used, to bring it up to date"
            )

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; nothing is kept."""
        with self.alarm.watch(), _plainly(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that takes the write lock at once and commits at the end, or nothing."""
        with (
            self.alarm.transaction(),
            _plainly(),
            self.engine.connect().execution_options(recorder_write=True) as connection,
            connection.begin(),
        ):
            yield connection

    def fold(self) -> bool:
        """Fold the write-ahead log into the database file: overwritten rows are in neither then.

        False if it could not be done because another program is reading.
        """
        if self.engine.dialect.name != "sqlite":
            return True
        with self.engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is None:
                return False
            busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def close(self) -> None:
        """Fold the write-ahead log into the database file and let go of it."""
        self.fold()
        self.engine.dispose()


@contextmanager
def _plainly() -> Iterator[None]:
    """The driver's own error for a full disk, a lock or a lost server becomes one of ours."""
    try:
        yield
    except OperationalError as error:
        raise DatabaseError(
            "the database could not be read or written: the disk may be full, or another program "
            "may hold it. What was there is safe; make room and try again"
        ) from error


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where sqlite3 guesses
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer that starts as a reader can be refused half way; IMMEDIATE waits its turn instead.
    write = connection.get_execution_options().get("recorder_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

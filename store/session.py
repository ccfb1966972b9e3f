"""The database connection: two kinds of transaction, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError

from store import postgres, schema, sqlite
from store.alarm import Alarm
from store.errors import BusyError, DatabaseError
from store.faults import plainly
from store.hold import Hold, Running

__all__ = ["Connection", "Database", "now_ms"]


def now_ms() -> int:
    """The time now, in whole milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


class _Kind(Protocol):
    """What the module of a kind of database gives."""

    READING: dict[str, Any]  # execution options of a transaction
    WRITING: dict[str, Any]
    OLD_COPIES: str  # why `fold` may be False, as a sentence

    def engine_for(self, url: URL) -> Engine: ...

    def fold(self, engine: Engine) -> bool: ...

    def describe(self, connection: Connection) -> str: ...


class Database:
    """One engine, two kinds of transaction.

    `url` is `sqlite:///FILE` or `postgresql+psycopg://USER@HOST/DATABASE`; DatabaseError for any
    other. Nothing is opened before the first transaction.
    """

    def __init__(self, url: str) -> None:
        address = _address(url)
        self._postgres = address.get_backend_name() == "postgresql"
        self._kind: _Kind = postgres if self._postgres else sqlite
        self.engine: Engine = self._kind.engine_for(address)
        self.alarm = Alarm()

    def upgrade(self, audit_mac: Callable[[bytes], bytes] | None = None, to: str = "head") -> None:
        """Bring the schema to the newest version, or `to` one; nothing to do is fine.

        `audit_mac` authenticates the audit log's head; an upgrade that rewrites a log needs it.
        Of several that start at once, one upgrades and the others find it done. DatabaseError if
        the schema is newer than this program.
        """
        with self.read() as connection:
            if self._postgres:
                postgres.check(connection)
            if schema.version(connection) == schema.resolve(to):
                return
        with self.write() as connection:
            schema.upgrade(connection, to, audit_mac)

    def check(self) -> None:
        """DatabaseError unless the schema is the newest: for who cannot bring it there."""
        if self.version() != schema.resolve("head"):
            raise DatabaseError(
                "the database is of another version than this program: run 'recorder doctor' once, "
                "where the root key can be used, to bring it up to date"
            )

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; nothing is kept."""
        with (
            self.alarm.watch(),
            plainly(),
            self.engine.connect().execution_options(**self._kind.READING) as connection,
        ):
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that takes the write lock at once and commits at the end, or nothing."""
        with (
            self.alarm.transaction(),
            plainly(),
            self.engine.connect().execution_options(**self._kind.WRITING) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def alone(self, again: Callable[[], bool] = lambda: False) -> Iterator[Hold]:
        """Be the only one, on any machine, who runs on this database; BusyError if another does.

        As long as `again`, which waits a little, says so, it is tried once more before that. A
        SQLite file is on one machine, where a lock file serves: here is nothing to do for it.
        """
        if not self._postgres:
            yield Hold()
            return
        with plainly(), self.engine.connect() as connection:
            standing = connection.execution_options(isolation_level="AUTOCOMMIT")
            try:
                if not postgres.claim(standing, again):
                    raise BusyError("another machine runs on this database")
                yield Hold(lambda: self._holds(standing))
            finally:
                postgres.release(standing)

    @staticmethod
    def _holds(standing: Connection) -> bool:
        with plainly():
            return not standing.invalidated and postgres.holds(standing)

    def running(self) -> Running | None:
        """Who runs on this database and who stands by; None where that is one machine's affair."""
        if not self._postgres:
            return None
        with self.read() as connection:
            return postgres.running(connection)

    def version(self) -> str | None:
        """The schema's version; None for an empty database."""
        with self.read() as connection:
            return schema.version(connection)

    def describe(self) -> str:
        """The kind and version of the database; DatabaseError if it cannot keep its promises."""
        with self.read() as connection:
            return self._kind.describe(connection)

    def fold(self) -> bool:
        """Let go of old copies of rows in the database's files: overwritten ones are gone then.

        False if it could not be done; `old_copies` says why, and what to do.
        """
        with plainly():
            return self._kind.fold(self.engine)

    @property
    def old_copies(self) -> str:
        """Why old copies of rows are still in the database's files, and what to do about it."""
        return self._kind.OLD_COPIES

    def close(self) -> None:
        """Let go of the database."""
        if not self._postgres:
            with suppress(DatabaseError):  # what stays in the write-ahead log is as safe there
                self.fold()
        self.engine.dispose()


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise DatabaseError(_WRONG_URL) from error
    # SQLite's own `file:` addresses can hide where the file lies.
    if address.drivername not in _DRIVERS or (address.database or "").startswith("file:"):
        raise DatabaseError(_WRONG_URL)
    return address


_DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg")
_WRONG_URL = (
    "the 'database' setting is not an address Recorder knows: write sqlite:///FILE or "
    "postgresql+psycopg://USER@HOST/DATABASE"
)

"""PostgreSQL: how its transactions begin, so that it keeps the same promises as SQLite.

Writers take one lock first and so come one after another, as on SQLite. Every write ends at the
head of the audit log, which only one can hold: nothing is lost by queueing earlier, and what a
writer reads before it writes cannot change under it. There is no order to take locks in, and no
deadlock. Readers wait for nobody and see one moment of the whole database.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from store.errors import DatabaseError
from store.faults import keep_values_out
from store.hold import SILENT_SECONDS, Running

_WRITERS = int.from_bytes(b"Recorder")
_RUNNING = _WRITERS + 1
_STANDING_BY = _WRITERS + 2

READING: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
# READ COMMITTED: the lock is a statement too, and a snapshot must not be older than it.
WRITING: dict[str, Any] = {
    "isolation_level": "READ COMMITTED",
    "postgresql_readonly": False,
    "recorder_write": True,
}

OLD_COPIES = (
    "The database server holds old copies until the owner of its tables runs 'recorder database "
    "vacuum', and its own log and backups as long as they are kept."
)

# A minute: who holds the lock and has fallen silent (a frozen machine, a cut cable) is let go of.
# A server set not to wait for its disk waits for ours: a committed row survives a power cut.
_BEGIN = (
    "SET LOCAL lock_timeout = '30s'; "
    "SET LOCAL idle_in_transaction_session_timeout = '60s'; "
    "SELECT set_config('synchronous_commit', 'on', true) "
    "WHERE current_setting('synchronous_commit') = 'off'; "
    f"SELECT pg_advisory_xact_lock({_WRITERS})"
)

# A server whose machine is gone says nothing more: noticed within half a minute, not within hours.
_NOTICED = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # ms
}

_DESCRIBE = """
SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,
       current_setting('full_page_writes') AS full_page_writes, ssl AS encrypted,
       coalesce(inet_server_addr() <<= '127.0.0.0/8' OR inet_server_addr() = '::1', true) AS here
FROM pg_stat_ssl WHERE pid = pg_backend_pid()
"""

# A lock's number of 64 bits stands there in two halves.
_HOLDERS = """
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND granted AND objsubid = 1
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND classid::bigint << 32 | objid::bigint = {which} {whose}
"""


def engine_for(url: URL) -> Engine:
    """An engine on psycopg; it connects to nothing yet. DatabaseError where psycopg is missing."""
    address = url.set(drivername="postgresql+psycopg")
    try:
        # hide_parameters: an exception's text never carries what was being written.
        # pre_ping: a server that was restarted meanwhile is noticed before work begins.
        # client_encoding: else a database of another encoding gives bytes where text is expected.
        engine = create_engine(
            address,
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={"client_encoding": "UTF8", **_NOTICED},
        )
    except ModuleNotFoundError as error:
        raise DatabaseError(
            "a PostgreSQL database needs psycopg: install Recorder's 'postgres' extra"
        ) from error
    keep_values_out(engine)
    event.listen(engine, "begin", _begin)
    return engine


def fold(_engine: Engine) -> bool:
    """False: only the owner of the tables may have them cleared of old rows."""
    return False


def check(connection: Connection) -> None:
    """DatabaseError unless the database can hold what is written here."""
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise DatabaseError(
            f"the database keeps its text as {encoding}: make it anew with ENCODING 'UTF8'"
        )


def describe(connection: Connection) -> str:
    """The version and the way there; DatabaseError if it may lose rows or is open to eavesdroppers."""
    found = connection.exec_driver_sql(_DESCRIBE).one()
    if found.fsync == "off" or found.full_page_writes == "off":
        raise DatabaseError(
            "the database server does not wait for its disk, so a power cut can lose what was "
            "committed: set fsync and full_page_writes to on"
        )
    if not (found.here or found.encrypted):
        raise DatabaseError(
            "the connection to the database server is not encrypted: add ?sslmode=verify-full to "
            "the 'database' setting"
        )
    return f"PostgreSQL {found.version}, {'on this machine' if found.here else 'encrypted'}"


def claim(connection: Connection, again: Callable[[], bool]) -> bool:
    """Take the lock of who runs the watcher and the scheduler; False if somebody keeps it.

    It is tried as long as `again`, which waits between two tries, says so.
    """
    if _is_free(connection):
        return True
    connection.exec_driver_sql(f"SELECT pg_advisory_lock_shared({_STANDING_BY})")
    while again():
        if _is_free(connection):
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock_shared({_STANDING_BY})")
            return True
    return False


def _is_free(connection: Connection) -> bool:
    query = f"SELECT pg_try_advisory_lock({_RUNNING})"
    return bool(connection.exec_driver_sql(query).scalar_one())


def holds(connection: Connection) -> bool:
    """Whether this connection has that lock still; from now on it has to ask often, or loses it."""
    connection.exec_driver_sql(f"SET idle_session_timeout = '{SILENT_SECONDS}s'")
    query = _HOLDERS.format(which=_RUNNING, whose="AND pid = pg_backend_pid()")
    return bool(connection.exec_driver_sql(query).scalar_one())


def running(connection: Connection) -> Running:
    """Who runs on the database and who stands by; locks vanish with their connections."""
    leading, standing_by = (
        connection.exec_driver_sql(_HOLDERS.format(which=which, whose="")).scalar_one()
        for which in (_RUNNING, _STANDING_BY)
    )
    return Running(bool(leading), standing_by)


def release(connection: Connection) -> None:
    """Let go of those locks and of the connection that held them."""
    if connection.invalidated:
        return
    with suppress(DBAPIError):  # a server that cannot be asked has let go of them already
        connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")
    connection.invalidate()


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get("recorder_write", False):
        connection.exec_driver_sql(_BEGIN)

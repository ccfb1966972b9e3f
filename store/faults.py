"""What a database's driver raises, made plain and free of values.

A driver's error can quote the row that it is about: PostgreSQL adds a line like `Key (tag)=(...)`.
None of that may reach a log, so what is kept of it is its class, its SQLSTATE and the names of
table and constraint.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from store.errors import DatabaseError

REFUSED = "23000"
"""The SQLSTATE that our own triggers raise; what they say is constant text."""

_DENIED = "42501"
_UNREACHABLE = (
    "the database server cannot be reached, was stopped, or refuses this user: check that it runs, "
    "and the 'database' setting. Then look whether the last change was made"
)
_HELD = "another program held the database for too long. Nothing was changed; try again"
_STOOD_STILL = (
    "the database server ended what stood still for a minute. Nothing was changed; try again"
)
_READ_ONLY = (
    "the database takes no changes: the server may be a standby. Set 'database' to the server that "
    "does"
)
_NOT_YOURS = (
    "the database does not let this user do that: the owner of its tables upgrades it and gives "
    "rights, see docs/POSTGRESQL.md"
)
_FULL = (
    "the database could not be read or written: the disk may be full, or another program "
    "may hold it. What was there is safe; make room and try again"
)
_SENTENCES = {
    "55P03": _HELD,  # lock not available
    "40001": _HELD,  # serialization failure
    "40P01": _HELD,  # deadlock
    "25P03": _STOOD_STILL,
    "25006": _READ_ONLY,
    _DENIED: _NOT_YOURS,
    "08": _UNREACHABLE,  # connection exceptions
    "28": _UNREACHABLE,  # who are you?
    "3D": _UNREACHABLE,  # no such database
    "57": _UNREACHABLE,  # operator intervention: shut down, starting up
}


@contextmanager
def plainly() -> Iterator[None]:
    """A full disk, a held lock, a lost server or a missing right becomes our DatabaseError."""
    try:
        yield
    except (OperationalError, InternalError) as error:
        raise DatabaseError(_sentence(error)) from error
    except sqlite3.OperationalError as error:  # asked past SQLAlchemy
        raise DatabaseError(_FULL) from error
    except PoolTimeoutError as error:
        raise DatabaseError(_HELD) from error
    except ProgrammingError as error:
        if _state(error.orig) != _DENIED:
            raise  # a mistake of ours
        raise DatabaseError(_NOT_YOURS) from error


def keep_values_out(engine: Engine) -> None:
    """Let no error of a PostgreSQL driver quote what was being written or what stands there."""
    event.listen(engine, "handle_error", _without_values)


def _without_values(context: ExceptionContext) -> None:
    original, wrapped = context.original_exception, context.sqlalchemy_exception
    if not hasattr(original, "sqlstate"):  # none of the driver's own
        return
    said = _said(original)
    original.args = (said,)
    if wrapped is not None:
        wrapped.args = (f"({type(original).__name__}) {said}",)


def _said(original: Any) -> str:
    """An error in names of our schema alone: even a first line can quote a value."""
    if original.sqlstate is None:
        return "no connection to the database server"
    found = original.diag
    if original.sqlstate == REFUSED:
        return f"{found.message_primary}"
    names = [name for name in (found.table_name, found.constraint_name) if name]
    return " ".join([f"SQLSTATE {original.sqlstate}", *names])


def _sentence(error: DBAPIError) -> str:
    state = _state(error.orig)
    if state is None:
        return _UNREACHABLE if hasattr(error.orig, "sqlstate") else _FULL
    return _SENTENCES.get(state) or _SENTENCES.get(state[:2]) or _FULL


def _state(original: BaseException | None) -> str | None:
    state: str | None = getattr(original, "sqlstate", None)
    return state

"""The schema's versions, and the way from one to the next."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from store.errors import DatabaseError


@cache  # read from a file each; they stay as they are while the program runs
def versions() -> tuple[str, ...]:
    """Every version there is, oldest first."""
    found = [each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()]
    if not found:  # alembic passes over a folder that it cannot list
        raise DatabaseError(
            "the program's own files could not be read: too many files may be open on this machine"
        )
    return tuple(reversed(found))


def resolve(version: str) -> str:
    """The version meant by `version`: "head" is the newest."""
    return versions()[-1] if version == "head" else version


def version(connection: Connection) -> str | None:
    """The version that the database has; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(
    connection: Connection, to: str, audit_mac: Callable[[bytes], bytes] | None = None
) -> None:
    """Take every step up to version `to`, inside the caller's transaction.

    DatabaseError if the database is newer than this program.
    """
    found = version(connection)
    if found is not None and found not in versions():
        raise DatabaseError(
            "the database was written by a newer version of Recorder: install that one, or restore "
            "a backup made before it"
        )
    config = _config()
    config.attributes["connection"] = connection
    config.attributes["audit_mac"] = audit_mac
    command.upgrade(config, to)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config

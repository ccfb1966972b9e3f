"""What people have switched, for every process and machine that works on this database."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from store.audit import Audit
from store.session import Database, now_ms
from store.tables import switches

PAUSED = "paused"
"""No further stage is started. What is under way goes on, and files are still taken in."""

_BELL = "look_again"  # not a switch: only when it was last rung counts


class Switches:
    """On or off, by whom and since when."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def is_on(self, name: str) -> bool:
        """Whether it is on."""
        with self._database.read() as connection:
            query = select(switches.c.name).where(switches.c.name == name)
            return connection.scalar(query) is not None

    def turn_on(self, name: str, actor: str) -> None:
        """Turn it on; on already is fine."""
        try:
            with self._database.write() as connection:
                connection.execute(insert(switches).values(name=name, at=now_ms(), actor=actor))
                self._audit.append(connection, actor, f"{name} on", name)
        except IntegrityError:
            return

    def turn_off(self, name: str, actor: str) -> None:
        """Turn it off; off already is fine."""
        with self._database.write() as connection:
            gone = connection.execute(delete(switches).where(switches.c.name == name))
            if gone.rowcount:
                self._audit.append(connection, actor, f"{name} off", name)


def ring(connection: Connection, actor: str) -> None:
    """Ask whoever watches the intake folder to look anew into what was left there."""
    at = max(now_ms(), rung(connection) + 1)
    connection.execute(delete(switches).where(switches.c.name == _BELL))
    connection.execute(insert(switches).values(name=_BELL, at=at, actor=actor))


def rung(connection: Connection) -> int:
    """When that was last asked for (ms); 0 if never."""
    found: int | None = connection.scalar(select(switches.c.at).where(switches.c.name == _BELL))
    return found or 0

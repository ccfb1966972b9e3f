"""Failed tries to get in, counted under keyed fingerprints, and what is good for one use only."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from store.keys import KeyRing
from store.session import Database, now_ms
from store.tables import challenges, tries

_SECRET_BYTES = 32
_FORGOTTEN_MS = 24 * 3_600_000
_LONGEST_MS = 15 * 60_000
_FIRST_MS = 15_000


class Tries:
    """Makes whoever fails again and again wait longer and longer."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys

    def wait(self, names: Mapping[str, int]) -> int:
        """How long to wait (ms) before the next try; 0 for at once.

        `names` are what a try is counted under, each with how many may fail before waiting begins.
        """
        now = now_ms()
        tags = {self._keys.tag("try", name): free for name, free in names.items()}
        with self._database.read() as connection:
            rows = connection.execute(select(tries).where(tries.c.tag.in_(list(tags)))).all()
        return max((_left(row.failed - tags[row.tag], now - row.at) for row in rows), default=0)

    def failed(self, names: Sequence[str]) -> None:
        """Count one more under each name. What is a day old is forgotten."""
        with self._database.write() as connection:
            connection.execute(delete(tries).where(tries.c.at < now_ms() - _FORGOTTEN_MS))
        for name in names:
            try:
                self._count(name)
            except IntegrityError:  # another process began to count at this moment
                self._count(name)

    def forget(self, name: str) -> None:
        """They got in."""
        with self._database.write() as connection:
            connection.execute(delete(tries).where(tries.c.tag == self._keys.tag("try", name)))

    def _count(self, name: str) -> None:
        tag = self._keys.tag("try", name)
        more = {"failed": tries.c.failed + 1, "at": now_ms()}
        with self._database.write() as connection:
            counted = connection.execute(update(tries).where(tries.c.tag == tag).values(**more))
            if not counted.rowcount:
                connection.execute(insert(tries).values(tag=tag, failed=1, at=now_ms()))


class Challenges:
    """Secrets that are good once, for one purpose and a short time."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys

    def new(self, purpose: str, lifetime_ms: int) -> str:
        """A fresh one. When it ends stands in the secret itself, so that no row can say otherwise."""
        now = now_ms()
        end = now + lifetime_ms
        secret = f"{end}.{secrets.token_urlsafe(_SECRET_BYTES)}"
        with self._database.write() as connection:
            connection.execute(delete(challenges).where(challenges.c.expires_at <= now))
            values = {"tag": self._keys.tag(f"challenge/{purpose}", secret), "expires_at": end}
            connection.execute(insert(challenges).values(**values))
        return secret

    def derived(self, use: str, secret: str) -> str:
        """What follows from a secret for one use of it, and tells nothing of it (64 hex digits)."""
        return self._keys.tag(f"challenge derived/{use}", secret)

    def spend(self, purpose: str, secret: str) -> bool:
        """Whether it was given out for this, is not over, and was not spent before. It is now."""
        end = secret.partition(".")[0]
        tag = self._keys.tag(f"challenge/{purpose}", secret)
        with self._database.write() as connection:
            gone = connection.execute(delete(challenges).where(challenges.c.tag == tag))
        return gone.rowcount == 1 and int(end) > now_ms()


def _left(over: int, since: int) -> int:
    """What is left (ms) of the wait after `over` failures too many, the last one `since` ms ago."""
    if over < 0:
        return 0
    wait = min(_FIRST_MS << min(over, 10), _LONGEST_MS)
    # A clock that was set back must not keep anybody out for longer than that.
    return min(max(wait - since, 0), wait)

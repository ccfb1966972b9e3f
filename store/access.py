"""Sign-in links and sessions. Only keyed fingerprints of their secrets are stored.

A fingerprint has two halves: one of the secret, which finds the row, and one of the secret with what
the row says in clear. So whoever can write to the database makes no session another person's, and
none that lasts longer.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Any

from sqlalchemy import Connection, Table, delete, false, func, insert, select, update

from store.audit import Audit
from store.errors import NotFoundError, TamperedError
from store.keys import KeyRing
from store.session import Database, now_ms
from store.tables import links, sessions

_SECRET_BYTES = 32
_LOOK_MS = 60_000
_HALF = 32  # hex digits of each half of a fingerprint
_LINK, _SESSION = (links, "link/v2"), (sessions, "session/v2")


class Access:
    """Makes links, exchanges them for sessions, and ends both."""

    def __init__(self, database: Database, keys: KeyRing, audit: Audit) -> None:
        self._database = database
        self._keys = keys
        self._audit = audit

    def new_link(self, person_id: str, actor: str, lifetime_ms: int) -> str:
        """A fresh secret for `person_id`; earlier links of theirs stop working."""
        secret, end = secrets.token_urlsafe(_SECRET_BYTES), now_ms() + lifetime_ms
        values = {"person_id": person_id, "expires_at": end}
        with self._database.write() as connection:
            connection.execute(delete(links).where(links.c.person_id == person_id))
            tag = self._tag(_LINK[1], secret, person_id, end)
            connection.execute(insert(links).values(tag=tag, **values))
            self._audit.append(connection, actor, "sign-in link made", person_id)
        return secret

    def sign_in(self, secret: str, lifetime_ms: int) -> str:
        """A session token for a link's secret; NotFoundError for any link that does not hold."""
        with self._database.write() as connection:
            link = self._find(connection, *_LINK, secret)
            if link is None or link.expires_at <= now_ms():
                raise NotFoundError("this link does not hold")
            return self.begun(connection, str(link.person_id), lifetime_ms)

    def invited(self, secret: str) -> str:
        """Whose link it is; NotFoundError for any that does not hold."""
        with self._database.read() as connection:
            link = self._find(connection, *_LINK, secret)
        if link is None or link.expires_at <= now_ms():
            raise NotFoundError("this link does not hold")
        return str(link.person_id)

    def begin(self, person_id: str, lifetime_ms: int) -> str:
        """A session token for somebody who has proved who they are."""
        with self._database.write() as connection:
            return self.begun(connection, person_id, lifetime_ms)

    def person(self, token: str, idle_ms: int, *, winds: bool = True) -> str:
        """Whose session this is; NotFoundError when it is unknown, over or idle too long.

        `winds`: this counts as the person's doing, so the idle clock begins anew.
        """
        now = now_ms()
        with self._database.read() as connection:
            found = self._find(connection, *_SESSION, token)
        if found is None or found.expires_at <= now or found.seen_at + idle_ms <= now:
            raise NotFoundError("there is no such session")
        # Once a minute (_LOOK_MS) is near enough for an idle clock, and saves a write a page.
        if winds and now - found.seen_at > _LOOK_MS:
            with self._database.write() as connection:
                mine = sessions.c.tag == found.tag
                connection.execute(update(sessions).where(mine).values(seen_at=now))
        return str(found.person_id)

    def age(self, token: str, lifetime_ms: int) -> int:
        """How long ago (ms) a session of that lifetime was begun; NotFoundError if it is unknown."""
        with self._database.read() as connection:
            found = self._find(connection, *_SESSION, token)
        if found is None:
            raise NotFoundError("there is no such session")
        return now_ms() - (int(found.expires_at) - lifetime_ms)

    def sign_out(self, token: str) -> None:
        """End a session; no error if it is over already."""
        with self._database.write() as connection:
            found = self._find(connection, *_SESSION, token)
            if found is not None:
                connection.execute(delete(sessions).where(sessions.c.tag == found.tag))
                self._audit.append(connection, found.person_id, "signed out", found.person_id)

    def sign_out_everywhere(self, person_id: str, actor: str, but: str = "") -> int:
        """End all of a person's sessions but that of the token `but`, and their links; how many."""
        with self._database.write() as connection:
            kept = self._find(connection, *_SESSION, but) if but else None
            mine = sessions.c.person_id == person_id
            if kept is not None and kept.person_id == person_id:
                mine &= sessions.c.tag != kept.tag
            ended = connection.execute(delete(sessions).where(mine)).rowcount
            connection.execute(delete(links).where(links.c.person_id == person_id))
            self._audit.append(connection, actor, "signed out everywhere", person_id)
        return ended

    def end_all(self, connection: Connection, person_id: str) -> None:
        """End all of a person's sessions and links, in the caller's transaction."""
        for table in (sessions, links):
            connection.execute(delete(table).where(table.c.person_id == person_id))

    def mark(self, token: str) -> str:
        """What tells a session apart and opens nothing: for `stands`, and as long as it lasts."""
        return self._keys.tag(_SESSION[1], token)[:_HALF]

    def stands(self, person_id: str, mark: str) -> bool:
        """Whether a session of theirs with this mark is not over."""
        mine = (sessions.c.person_id == person_id) & (sessions.c.expires_at > now_ms())
        its = sessions.c.tag.between(mark, mark + "g") if len(mark) == _HALF else false()
        with self._database.read() as connection:
            return bool(connection.scalar(select(func.count()).where(mine, its)))

    def open_sessions(self, person_id: str) -> int:
        """How many sessions of theirs are not over."""
        mine = (sessions.c.person_id == person_id) & (sessions.c.expires_at > now_ms())
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).where(mine)) or 0

    def csrf(self, token: str) -> str:
        """The form token that belongs to a session."""
        return self._keys.tag("csrf", token)

    def begun(self, connection: Connection, person_id: str, lifetime_ms: int) -> str:
        """As `begin`, in the caller's transaction. Of what ended by itself nothing is kept."""
        now, token = now_ms(), secrets.token_urlsafe(_SECRET_BYTES)
        for table in (sessions, links):
            connection.execute(delete(table).where(table.c.expires_at <= now))
        values = {"person_id": person_id, "seen_at": now, "expires_at": now + lifetime_ms}
        tag = self._tag(_SESSION[1], token, person_id, now + lifetime_ms)
        connection.execute(insert(sessions).values(tag=tag, **values))
        self._audit.append(connection, person_id, "signed in", person_id)
        return token

    def _find(self, connection: Connection, table: Table, label: str, secret: str) -> Any:
        """The row of a secret, or None; TamperedError if it says another thing than was written."""
        half = self._keys.tag(label, secret)[:_HALF]
        # Hex digits only follow: none of them comes after "f".
        mine = table.c.tag.between(half, half + "g")
        rows = connection.execute(select(table).where(mine)).all()
        for row in rows:
            tag = self._tag(label, secret, row.person_id, row.expires_at)
            if hmac.compare_digest(row.tag, tag):
                return row
        if rows:
            raise TamperedError("a link or session was made another's", str(rows[0].person_id))
        return None

    def _tag(self, label: str, secret: str, person_id: str, expires_at: int) -> str:
        whole = f"{secret}\0{person_id}\0{expires_at}"
        return self._keys.tag(label, secret)[:_HALF] + self._keys.tag(f"{label}/row", whole)[:_HALF]

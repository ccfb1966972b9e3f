"""Sign-in links and sessions. Only keyed fingerprints of their secrets are stored."""

from __future__ import annotations

import secrets

from sqlalchemy import delete, insert, select, update

from store.audit import Audit
from store.errors import NotFoundError
from store.keys import KeyRing
from store.session import Database, now_ms
from store.tables import links, sessions

_SECRET_BYTES = 32
_LOOK_MS = 60_000


class Access:
    """Makes links, exchanges them for sessions, and ends both."""

    def __init__(self, database: Database, keys: KeyRing, audit: Audit) -> None:
        self._database = database
        self._keys = keys
        self._audit = audit

    def new_link(self, person_id: str, actor: str, lifetime_ms: int) -> str:
        """A fresh secret for `person_id`; earlier links of theirs stop working."""
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        with self._database.write() as connection:
            connection.execute(delete(links).where(links.c.person_id == person_id))
            connection.execute(
                insert(links).values(
                    tag=self._keys.tag("link", secret),
                    person_id=person_id,
                    expires_at=now_ms() + lifetime_ms,
                )
            )
            self._audit.append(connection, actor, "sign-in link made", person_id)
        return secret

    def sign_in(self, secret: str, lifetime_ms: int) -> str:
        """A session token for a link's secret; NotFoundError for any link that does not hold."""
        now, token = now_ms(), secrets.token_urlsafe(_SECRET_BYTES)
        with self._database.write() as connection:
            tag = self._keys.tag("link", secret)
            person_id = connection.scalar(
                select(links.c.person_id).where(links.c.tag == tag, links.c.expires_at > now)
            )
            if person_id is None:
                raise NotFoundError("this link does not hold")
            connection.execute(
                insert(sessions).values(
                    tag=self._keys.tag("session", token),
                    person_id=person_id,
                    seen_at=now,
                    expires_at=now + lifetime_ms,
                )
            )
            self._audit.append(connection, person_id, "signed in", person_id)
        return token

    def person(self, token: str, idle_ms: int) -> str:
        """Whose session this is; NotFoundError when it is unknown, over or idle too long."""
        now, tag = now_ms(), self._keys.tag("session", token)
        with self._database.read() as connection:
            found = connection.execute(select(sessions).where(sessions.c.tag == tag)).one_or_none()
        if found is None or found.expires_at <= now or found.seen_at + idle_ms <= now:
            raise NotFoundError("there is no such session")
        # Once a minute (_LOOK_MS) is near enough for an idle clock, and saves a write a page.
        if now - found.seen_at > _LOOK_MS:
            with self._database.write() as connection:
                connection.execute(
                    update(sessions).where(sessions.c.tag == tag).values(seen_at=now)
                )
        return str(found.person_id)

    def limit(self, token: str, lifetime_ms: int) -> None:
        """Let a session end no later than `lifetime_ms` from now."""
        end, tag = now_ms() + lifetime_ms, self._keys.tag("session", token)
        with self._database.write() as connection:
            connection.execute(
                update(sessions)
                .where(sessions.c.tag == tag, sessions.c.expires_at > end)
                .values(expires_at=end)
            )

    def sign_out(self, token: str) -> None:
        """End a session; no error if it is over already."""
        tag = self._keys.tag("session", token)
        with self._database.write() as connection:
            person_id = connection.scalar(select(sessions.c.person_id).where(sessions.c.tag == tag))
            if person_id is not None:
                connection.execute(delete(sessions).where(sessions.c.tag == tag))
                self._audit.append(connection, person_id, "signed out", person_id)

    def csrf(self, token: str) -> str:
        """The form token that belongs to a session."""
        return self._keys.tag("csrf", token)

"""Invitations: one look at their pages for a young person, from one device.

The secret comes in an address that only their browser reads (its fragment) or a code to be scanned,
the PIN by word of mouth. Of either only keyed fingerprints are kept. A wrong PIN counts, whoever tries it
and from wherever; after the last try it is over for good.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from store.access import Access
from store.audit import Audit
from store.errors import NotFoundError, TamperedError
from store.identities import Identities
from store.keys import KeyRing
from store.session import Database, now_ms
from store.shelf import Shelf
from store.tables import invitations

TRIES = 5
LOCKED, CANCELLED, REPLACED = "locked", "cancelled", "replaced"
"""How one ends, but for being used or running out."""

_SECRET_BYTES = 16
_DIGITS = 6
_HALF = 32  # hex digits of each half of a fingerprint
_LABEL = "invitation/v1"


@dataclass(frozen=True, slots=True)
class Invitation:
    """How one stands."""

    id: str
    case_id: str
    person_id: str
    actor_id: str  # who invited them
    at: int  # ms
    expires_at: int  # ms
    tries: int  # wrong PINs so far
    used_at: int | None
    ended_at: int | None
    ending: str | None  # LOCKED, CANCELLED or REPLACED

    @property
    def open(self) -> bool:
        """Whether somebody could still come in by it."""
        return self.used_at is None and self.ended_at is None and self.expires_at > now_ms()


@dataclass(frozen=True, slots=True)
class New:
    """What is told once, and kept nowhere."""

    id: str
    secret: str
    pin: str


class Invitations:
    """Makes them, lets in by them, ends them."""

    def __init__(
        self,
        database: Database,
        identities: Identities,
        keys: KeyRing,
        audit: Audit,
        access: Access,
    ) -> None:
        self._database = database
        self._keys = keys
        self._audit = audit
        self._access = access
        self._shelf = Shelf(database, identities, invitations)
        self._identities = identities

    def new(self, person_id: str, case_id: str, actor: str, lifetime_ms: int) -> New:
        """A fresh one; their earlier ones, and what was begun by them, are over."""
        secret, now = secrets.token_urlsafe(_SECRET_BYTES), now_ms()
        pin, end = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}", now + lifetime_ms
        values = {
            "person_id": person_id,
            "actor_id": actor,
            "tag": self._tag(secret, person_id, end),
            "expires_at": end,
            "tries": 0,
            "used_at": None,
            "ended_at": None,
            "ending": None,
        }
        with self._database.write() as connection:
            self._end(connection, invitations.c.person_id == person_id, REPLACED)
            self._access.end_all(connection, person_id)
            made = self._shelf.add(connection, case_id, values, self._pin(secret, pin))
            self._audit.append(connection, actor, "young person invited", person_id)
        return New(made, secret, pin)

    def enter(self, secret: str, pin: str, lifetime_ms: int) -> str:
        """A session token; NotFoundError for whatever does not hold, however it came to.

        A PIN that is wrong counts as a try; the last one ends the invitation.
        """
        with self._database.write() as connection:
            row = self._find(connection, secret)
            token = None if row is None else self._entered(connection, row, (secret, pin))
            if token is not None:
                return self._access.begun(connection, token, lifetime_ms)
        raise NotFoundError("this invitation does not hold")

    def cancel(self, person_id: str, actor: str) -> None:
        """End whatever invitations a young person has, and what was begun by them."""
        with self._database.write() as connection:
            self._end(connection, invitations.c.person_id == person_id, CANCELLED)
            self._access.end_all(connection, person_id)
            self._audit.append(connection, actor, "invitation cancelled", person_id)

    def of(self, person_id: str) -> list[Invitation]:
        """All of a young person's, newest first."""
        return self._found(invitations.c.person_id == person_id)

    def locked(self, since: int) -> list[Invitation]:
        """Those that were locked by wrong PINs since then (ms), newest first."""
        late = invitations.c.ended_at > since
        return self._found((invitations.c.ending == LOCKED) & late)

    def _found(self, condition: ColumnElement[bool]) -> list[Invitation]:
        return [_invitation(row) for row, _ in self._shelf.found(condition)]

    def _entered(self, connection: Connection, row: Any, given: tuple[str, str]) -> str | None:
        """Whose it is, if it holds and the PIN is right."""
        expected = self._identities.opened(connection, invitations, row)
        right = hmac.compare_digest(self._pin(*given), expected)
        if not _invitation(row).open:
            return None
        mine = update(invitations).where(invitations.c.id == row.id)
        if right:
            connection.execute(mine.values(used_at=now_ms()))
            self._audit.append(connection, row.person_id, "invitation used", row.person_id)
            return str(row.person_id)
        connection.execute(mine.values(tries=row.tries + 1))
        self._audit.append(connection, row.person_id, "wrong PIN", row.person_id)
        if row.tries + 1 >= TRIES:
            self._end(connection, invitations.c.id == row.id, LOCKED)
            self._audit.append(connection, row.person_id, "invitation locked", row.person_id)
        return None

    def _end(self, connection: Connection, which: ColumnElement[bool], ending: str) -> None:
        here = which & invitations.c.ended_at.is_(None) & invitations.c.used_at.is_(None)
        values = {"ended_at": now_ms(), "ending": ending}
        connection.execute(update(invitations).where(here).values(**values))

    def _find(self, connection: Connection, secret: str) -> Any:
        """The row of a secret, or None; TamperedError if it says another thing than was written."""
        half = self._keys.tag(_LABEL, secret)[:_HALF]
        mine = invitations.c.tag.between(half, half + "g")  # only hex digits follow
        row = connection.execute(select(invitations).where(mine).with_for_update()).first()
        if row is None:
            return None
        if not hmac.compare_digest(row.tag, self._tag(secret, row.person_id, row.expires_at)):
            raise TamperedError("an invitation was made another's", row.id)
        return row

    def _tag(self, secret: str, person_id: str, expires_at: int) -> str:
        whole = f"{secret}\0{person_id}\0{expires_at}"
        return self._keys.tag(_LABEL, secret)[:_HALF] + self._keys.tag(_LABEL, whole)[:_HALF]

    def _pin(self, secret: str, pin: str) -> bytes:
        return self._keys.tag(f"{_LABEL}/pin", f"{secret}\0{pin}").encode()


def _invitation(row: Any) -> Invitation:
    return Invitation(
        row.id,
        row.scope,
        row.person_id,
        row.actor_id,
        row.created_at,
        row.expires_at,
        row.tries,
        row.used_at,
        row.ended_at,
        row.ending,
    )

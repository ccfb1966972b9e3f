"""The root key and the database together: opening, rehearsing, recovering and rotating.

A rotation never leaves anything unreadable, wherever it is cut off:

1. the new root's wrappers are made, and the file is replaced by one that holds both roots;
2. every identity is wrapped anew in one transaction, which also puts the new root in force;
3. the file is replaced by one that holds the new root alone, and old wrappers are cleared away.

Between 1 and 3 both roots open, and the database says which one is meant. Anything that stops
before 2 is undone, and anything after it is finished, by `settle`.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace
from sqlalchemy import Connection, inspect, select, text, update

from store.age import X25519Identity
from store.audit import Audit
from store.errors import KeyUnavailableError, ShareError, TamperedError
from store.keys import KeyRing, Lasting
from store.keystore import (
    Content,
    KeyStore,
    Opened,
    Rehearsed,
    Wrapped,
    Wrappers,
    discard,
    only,
)
from store.root import Root
from store.session import Database, now_ms
from store.tables import TEAM, identities
from store.wrappers.model import Entry, Params, Wrapper, open_entry, seal

Uses = Sequence[tuple[Wrapper, Params]]
"""Wrappers that a root is to have, each with its wishes or earlier parameters."""
Plan = Callable[[Wrapped], Uses]
Rehearse = Callable[[Root, str], tuple[Root, Rehearsed]]
"""Makes shares of a root of a home and gives back the root that they were shown to open."""


def unlock(connection: Connection, opened: Opened) -> KeyRing:
    """The ring that is in force here; KeyUnavailableError when no root is this database's."""
    team = _team(connection)
    if team is None:
        raise KeyUnavailableError("the database has no identity of its team")
    for root in opened.roots:
        try:
            ring = KeyRing.of_team(root, team.kind, team.wrapped)
        except TamperedError:
            continue
        if ring.lasting.home != opened.home:
            break
        return ring
    raise KeyUnavailableError(
        "the root key here is not this database's: one of them is of another home or time"
    )


def has_team(connection: Connection) -> bool:
    """Whether the team's identity was made."""
    return _team(connection) is not None


def in_use(connection: Connection) -> bool:
    """Whether the database was ever used, whatever the version of its schema."""
    return inspect(connection).has_table(identities.name) and has_team(connection)


def ring_of(connection: Connection, opened: Opened) -> KeyRing:
    """The ring in force, of a database at any version of the schema or still without a team."""
    if in_use(connection):
        return unlock(connection, opened)
    root = opened.roots[0]
    old = Lasting.of_old(root)
    return KeyRing(root, old if opened.home == old.home else Lasting.new(opened.home))


def prove(connection: Connection, root: Root) -> Lasting:
    """Open the team's identity with `root` alone; ShareError if it does not."""
    team = _team(connection)
    try:
        if team is None:
            raise ShareError("the database has no identity of its team")
        ring = KeyRing.of_team(root, team.kind, team.wrapped)
        keys = ring.unwrap(TEAM, team.kind, team.wrapped)
    except TamperedError as error:
        raise ShareError("these shares do not open this home") from error
    if keys.identity.recipient.public != team.recipient:
        raise ShareError("the team's identity was changed")
    return ring.lasting


@dataclass(frozen=True, slots=True)
class Custody:
    """Who may change the root key: the database, the wrappers file, the wrappers usable here."""

    database: Database
    store: KeyStore
    wrappers: Wrappers

    def settle(self) -> KeyRing:
        """Undo or finish a rotation that was cut off; the ring that is in force."""
        with self.store.locked():
            return self._settle(self.store.open(self.wrappers))

    def recover(self, root: Root, wrapper: Wrapper) -> Entry:
        """Give a root that shares opened a wrapper of its own again.

        Other wrappers of the same root stay. A wrappers file that is damaged or of another root
        is moved aside. ShareError if `root` is not this database's.
        """
        with self.database.read() as connection:
            lasting = prove(connection, root)
        with self.store.locked():
            content = _content_of(self.store, root, lasting.home)
            if content is None:
                self.store.set_aside()
                bare = Wrapped(root=root.id, created_at=now_ms(), entries=())
                content = Content(home=lasting.home, roots=(bare,))
            entry = seal(root, content.home, wrapper, {})
            open_entry(entry, content.home, root.id, wrapper)
            roots = tuple(
                replace(each, entries=(*each.entries, entry)) if each.root == root.id else each
                for each in content.roots
            )
            self.store.save(replace(content, roots=roots))
        return entry

    def rotate(self, audit: Audit, plan: Plan, rehearse: Rehearse | None, actor: str) -> Root:
        """Put a new root in the place of the old one; the new root.

        `plan` says from the old root's entries which wrappers the new one is to have. With
        `rehearse` the change is made only once shares of the new root were shown to open it.
        """
        with self.store.locked():
            old = self._settle(self.store.open(self.wrappers))
            content, new = self.store.load(), Root.new()
            wrapped, used = _wrap_anew(content, new, plan(only(content)))
            try:
                self.store.save(replace(content, roots=(*content.roots, wrapped)))
                _reread(self.store, new, used)
                if rehearse is not None:
                    wrapped = replace(wrapped, shares=_rehearsed(old, new, rehearse))
                    self.store.save(replace(content, roots=(*content.roots, wrapped)))
                _switch(self.database, audit, old, new, actor)
            finally:
                self._settle(Opened(content.home, (old.root, new)))
        return new

    def _settle(self, opened: Opened) -> KeyRing:
        with self.database.read() as connection:
            ring = unlock(connection, opened)
        content = self.store.load()
        kept = [each for each in content.roots if each.root == ring.root.id]
        gone = [each for each in content.roots if each.root != ring.root.id]
        if gone:
            self.store.save(replace(content, roots=tuple(kept)))
            for each in gone:
                discard(content.home, each.entries, self.wrappers)
        return ring


def _wrap_anew(content: Content, root: Root, uses: Uses) -> tuple[Wrapped, list[Wrapper]]:
    if not uses:
        raise KeyUnavailableError("a root key needs at least one wrapper")
    entries = tuple(seal(root, content.home, wrapper, like) for wrapper, like in uses)
    return Wrapped(root=root.id, created_at=now_ms(), entries=entries), [
        wrapper for wrapper, _ in uses
    ]


def _reread(store: KeyStore, root: Root, used: Sequence[Wrapper]) -> None:
    """Open the new root from the file by each of its wrappers before anything depends on it."""
    content = store.load()
    for entry, wrapper in zip(content.roots[-1].entries, used, strict=True):
        if open_entry(entry, content.home, root.id, wrapper) != root:
            raise KeyUnavailableError("a new wrapper does not give back what it was given")


def _rehearsed(old: KeyRing, new: Root, rehearse: Rehearse) -> Rehearsed:
    restored, shares = rehearse(new, old.lasting.home)
    if not hmac.compare_digest(restored.secret, new.secret):
        raise ShareError("these shares are not of the new root key")
    return shares


def _switch(database: Database, audit: Audit, old: KeyRing, new: Root, actor: str) -> None:
    ring = KeyRing(new, old.lasting)
    living = select(identities).where(identities.c.wrapped.is_not(None)).with_for_update()
    with database.write() as connection:
        for row in connection.execute(living).all():
            keys = old.unwrap(row.id, row.kind, row.wrapped)
            wrapped = ring.wrap(row.id, keys.identity)
            if ring.unwrap(row.id, row.kind, wrapped) != keys:
                raise TamperedError(f"identity {row.id} did not survive being wrapped anew")
            connection.execute(
                update(identities).where(identities.c.id == row.id).values(wrapped=wrapped)
            )
        audit.append(connection, actor, "root key rotated", new.id)


def _content_of(store: KeyStore, root: Root, home: str) -> Content | None:
    """What the wrappers file says, if it is whole and knows this root of this home."""
    try:
        content = store.load()
    except KeyUnavailableError:
        return None
    known = content.home == home and any(each.root == root.id for each in content.roots)
    return content if known else None


@dataclass(frozen=True, slots=True)
class _Team:
    """The team's row."""

    kind: str
    recipient: bytes
    wrapped: bytes


def _team(connection: Connection) -> _Team | None:
    # Every column there is: an older schema, which an upgrade needs opened, has no kinds yet.
    query = text(f"SELECT * FROM {identities.name} WHERE id = :id")  # noqa: S608 - a constant
    row = connection.execute(query, {"id": TEAM}).mappings().one_or_none()
    if row is None:
        return None
    return _Team(row.get("kind", X25519Identity.kind), row["recipient"], row["wrapped"])

"""The store as its callers see it: one object, one room a subject."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from store.access import Access
from store.assign import Assigning
from store.audit import Audit
from store.cases import Cases
from store.identities import Identities
from store.journal import Journal
from store.keys import KeyRing
from store.laptops import Laptops
from store.notes import Notes
from store.people import People
from store.records import Recordings
from store.session import Database
from store.tables import TEAM, identities
from store.vault import Vault


@dataclass(frozen=True, slots=True)
class Store:
    """Everything at rest."""

    database: Database
    vault: Vault
    audit: Audit
    people: People
    cases: Cases
    recordings: Recordings
    journal: Journal
    notes: Notes
    assigning: Assigning
    access: Access
    laptops: Laptops

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def create(url: str, vault: Path, keys: Path) -> Store:
    """A new store: root key, schema and the team's own identity."""
    KeyRing.create(keys)
    return connect(url, vault, keys)


def connect(url: str, vault: Path, keys: Path) -> Store:
    """Open a store and bring its schema up to date; KeyUnavailableError without its root key."""
    ring, database, blobs = KeyRing.open(keys), Database(url), Vault(vault)
    database.upgrade(ring.audit_mac)
    scopes = Identities(ring)
    audit = Audit(database, ring, scopes)
    with database.write() as connection:
        team = select(identities.c.id).where(identities.c.id == TEAM)
        if connection.scalar(team) is None:
            scopes.create(connection, TEAM)
    return Store(
        database=database,
        vault=blobs,
        audit=audit,
        people=People(database, scopes, ring, audit),
        cases=Cases(database, scopes, ring, audit, blobs),
        recordings=Recordings(database, scopes, ring, audit, blobs),
        journal=Journal(database, scopes, ring),
        notes=Notes(database, scopes, audit),
        assigning=Assigning(database, scopes, audit),
        access=Access(database, ring, audit),
        laptops=Laptops(database, scopes),
    )

"""Filling an empty store from a set, and doing again what was erased after the set was made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alembic.util import CommandError
from sqlalchemy import delete, inspect

from store import age
from store.backup.folder import Folder, Found
from store.backup.pool import copy
from store.backup.read import Aftermath, Opened
from store.backup.rows import head, load
from store.disposal import Disposing
from store.erasing import Erasing
from store.errors import BackupError, StoreError
from store.keys import KeyRing
from store.pieces import forget_broken
from store.session import Database
from store.tables import arrivals, openings
from store.vault import Vault


@dataclass(frozen=True, slots=True)
class Later:
    """What sets made after the restored one know of erasures."""

    aftermaths: tuple[Aftermath, ...]  # oldest first
    known_until: int  # ms: erasures after this are not known to the folder
    damaged: tuple[str, ...]  # names of later or undatable sets that do not open


def fill(opened: Opened, database: Database) -> None:
    """Bring every row of a set into an empty database, and that to the newest schema.

    BackupError if the database is not empty, or the set is of a newer Recorder or damaged.
    """
    with database.read() as connection:
        if inspect(connection).get_table_names():
            raise BackupError("the database to restore into is not empty")
    lines, mac = opened.rows(), opened.ring.audit_mac
    about = head(lines)
    if (about.get("set"), about.get("home")) != (opened.manifest.set, opened.manifest.home):
        raise BackupError("the rows of this set are of another one")
    try:
        database.upgrade(mac, to=opened.manifest.revision)
    except CommandError as error:
        raise BackupError(
            "this set was made by a newer Recorder: install that version or a later one here"
        ) from error
    with database.write() as connection:
        if load(connection, lines) != opened.manifest.rows:
            raise BackupError("the rows of this set are not as many as its manifest says")
    database.upgrade(mac)


def carry(opened: Opened, pool: Vault, vault: Vault) -> list[str]:
    """Copy every blob of a set into a vault; the ids of those that are damaged or not there."""
    bad = []
    for blob in opened.blobs():
        try:
            copy(pool, vault, blob)
        except StoreError:
            bad.append(blob.id)
    return bad


def later(folder: Folder, opened: Opened) -> Later:
    """What this set and every later one know of erasures."""
    aftermaths, damaged, until = [], [], opened.manifest.made_at
    for found in folder.sets():
        try:
            each = _same_home(found, opened.ring, opened.identity)
            if each.manifest.made_at >= opened.manifest.made_at:
                each.check_parts()
                aftermaths.append(each.aftermath())
                until = max(until, each.manifest.made_at)
        except BackupError:
            damaged.append(found.name)
    return Later(tuple(aftermaths), until, tuple(damaged))


def do_again(
    erasing: Erasing, disposing: Disposing, database: Database, aftermaths: Iterable[Aftermath]
) -> int:
    """Erase what was erased, or went by a rule, whatever holds were in force before; how many."""
    count = 0
    for after in aftermaths:
        with database.write() as connection:
            count += sum(erasing.repeat(connection, each) for each in after.erasures)
            count += sum(disposing.repeat(connection, each) for each in after.disposals)
            for column in (arrivals.c.id, openings.c.arrival_id):
                connection.execute(delete(column.table).where(column.in_(after.settled)))
            forget_broken(connection, after.settled)
    erasing.sweep()
    return count


def _same_home(found: Found, ring: KeyRing, identity: age.KeyIdentity) -> Opened:
    return Opened.of(found.folder, found.note, ring, identity)

"""Writing one set: a view of the database, then the blobs it names, and all of it read back.

What is erased while blobs are copied is missing from the set for a reason that the set itself
gives. What is damaged here is named, and stops nothing else from being kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy import Connection, select

from store import age, disposal, fs, schema
from store.audit import Audit
from store.backup.folder import MANIFEST, Folder
from store.backup.manifest import Manifest, Part, Team, encode, team_of
from store.backup.needs import Need, needs
from store.backup.pool import Blob, Pool
from store.backup.read import AFTER, BLOBS, CHECKPOINT, ROWS, WRAPPERS, Aftermath, Opened
from store.backup.rows import dump
from store.erasing import certificates
from store.errors import AuditError, BackupError, StoreError
from store.identities import Identities
from store.keys import KeyRing
from store.ledger import Backup
from store.sealing import Tally
from store.session import Database
from store.tables import TEAM, arrivals, derived, pieces
from store.vault import Vault

_NEEDS = "needs"
_WORDS = {"recordings": "recording", "derived": "made", "arrivals": "arrival", "pieces": "piece"}


@dataclass(frozen=True, slots=True)
class Source:
    """What is backed up."""

    database: Database
    vault: Vault
    identities: Identities
    ring: KeyRing
    audit: Audit


@dataclass(frozen=True, slots=True)
class Extras:
    """What a set holds beside the database and the vault."""

    wrappers: bytes  # keys/wrappers.json
    settings: str  # config.toml


@dataclass(frozen=True, slots=True)
class Made:
    """A set that was written and read back."""

    id: str
    folder: Path
    rows: int
    blobs: int
    copied: int  # blobs that were not in the pool yet
    problems: tuple[str, ...]  # what of this home is damaged, and so not in the set


@dataclass(frozen=True, slots=True)
class _View:
    """The database at one moment."""

    revision: str
    team: Team
    counts: dict[str, int]
    parts: tuple[Part, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Copied:
    """What came of the blobs."""

    part: Part
    count: int
    size: int
    new: int
    lost: tuple[Need, ...]


class Writing:
    """One set in the making."""

    def __init__(self, source: Source, folder: Folder, entry: Backup, extras: Extras) -> None:
        self._source = source
        self._folder = folder
        self._entry = entry
        self._extras = extras
        self._pool: Pool = folder.pool()
        self._hidden, self._target = folder.staging(entry.id, entry.made_at)
        with source.database.read() as connection:
            self._identity = source.identities.keys(connection, TEAM).identity

    def run(self) -> Made:
        """The set, whole and in its place; BackupError if it does not come back as it was written.

        A process that is killed leaves a hidden folder and no set.
        """
        with self._source.database.read() as connection:
            view = self._view(connection)
        copied = self._copy()
        after, damaged = self._after(copied.lost)
        wrappers = self._write(WRAPPERS, [self._extras.wrappers])
        manifest = Manifest(
            set=self._entry.id,
            home=self._source.ring.lasting.home,
            revision=view.revision,
            made_at=self._entry.made_at,
            expires_at=self._entry.expires_at,
            rows=view.counts,
            blobs=copied.count,
            blob_bytes=copied.size,
            damaged=tuple(need.id for need in damaged),
            parts=(*view.parts, copied.part, after, wrappers),
            team=view.team,
        )
        self._prove(manifest)
        fs.discard(self._folder.disk, self._hidden / _NEEDS)
        self._pool.sync()
        self._folder.settle(self._hidden, self._target)
        return Made(
            id=self._entry.id,
            folder=self._target,
            rows=sum(view.counts.values()),
            blobs=copied.count,
            copied=copied.new,
            problems=(*view.problems, *map(_lost, damaged)),
        )

    def _view(self, connection: Connection) -> _View:
        """Everything that must be of one moment: rows, needs and checkpoint."""
        counts: dict[str, int] = {}
        revision = schema.version(connection)
        about = {
            "set": self._entry.id,
            "home": self._source.ring.lasting.home,
            "revision": revision,
            "settings": self._extras.settings,
        }
        parts = [self._seal(ROWS, dump(connection, about, counts))]
        needed = needs(connection, self._source.identities)
        self._write(_NEEDS, (msgspec.json.encode(need) + b"\n" for need in needed))
        problems = []
        try:
            text = self._source.audit.at(connection).text()
        except AuditError as error:
            problems.append(f"the audit log does not verify: {error}")
        else:
            parts.append(self._write(CHECKPOINT, [self._source.audit.signer().sign(text)]))
        team = team_of(connection)
        return _View(revision or "", team, counts, tuple(parts), tuple(problems))

    def _copy(self) -> _Copied:
        """Bring every blob into the pool and read it back; those that cannot be are lost."""
        lost: list[Need] = []
        count, size, new = 0, 0, 0

        def lines() -> Iterator[bytes]:
            nonlocal count, size, new
            for need in self._needed():
                blob = need.blob
                taken = None if blob is None else self._taken(blob)
                if blob is None or taken is None:
                    lost.append(need)
                    continue
                count, new = count + 1, new + taken
                size += self._pool.size(blob.id)
                yield blob.line()

        part = self._write(BLOBS, lines())
        return _Copied(part, count, size, new, tuple(lost))

    def _taken(self, blob: Blob) -> bool | None:
        """Whether the blob was new to the pool; None if it cannot be had."""
        try:
            return self._pool.take(self._source.vault, blob)
        except BackupError:  # it is the folder that fails, and not this home
            raise
        except StoreError:
            return None

    def _after(self, lost: tuple[Need, ...]) -> tuple[Part, list[Need]]:
        """What was erased or settled by now, and what was lost for no such reason."""
        with self._source.database.read() as connection:
            erasures, disposed = certificates(connection), disposal.gone(connection)
            waiting = set(connection.scalars(select(arrivals.c.id)))
            waiting |= set(connection.scalars(select(pieces.c.id)))
            kept = set(connection.scalars(select(derived.c.id)))
        gone = {each.object for each in erasures} | {each.object for each in disposed}
        # Made from what was erased, or made again since.
        gone |= {n.id for n in lost if n.table == "derived" and n.id not in kept}
        passing = ("arrivals", "pieces")
        settled = [n.id for n in lost if n.table in passing and n.id not in waiting]
        excused = gone | set(settled)
        damaged = [need for need in lost if not {need.id, need.scope} & excused]
        content = msgspec.json.encode(Aftermath(tuple(erasures), tuple(settled), tuple(disposed)))
        return self._seal(AFTER, [content]), damaged

    def _needed(self) -> Iterator[Need]:
        with (self._hidden / _NEEDS).open("rb") as file:
            for line in file:
                yield msgspec.json.decode(line, type=Need)

    def _prove(self, manifest: Manifest) -> None:
        """Write the manifest last, and read everything back as a restore would."""
        note = encode(manifest, self._source.ring)
        self._write(MANIFEST, [note])
        with (self._hidden / MANIFEST).open("rb") as file:
            read_back = file.read()
        Opened.of(self._hidden, read_back, self._source.ring, self._identity).check()

    def _seal(self, name: str, content: Iterable[bytes]) -> Part:
        return self._write(name, age.seal_file([self._identity.recipient], content))

    def _write(self, name: str, content: Iterable[bytes]) -> Part:
        passing = Tally()
        fs.write(self._folder.disk, self._hidden / name, passing.over(content))
        return Part(name, passing.size, passing.hex)


def _lost(need: Need) -> str:
    what = _WORDS[need.table]
    return f"{what} {need.id}: it is missing from the vault, or not what was sealed"

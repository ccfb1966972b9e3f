"""Changing the root key: two files and a database that must agree after a crash at any call."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from store import keystore
from store.audit import Audit
from store.cases import CaseDetails, Cases
from store.custody import Custody, Uses
from store.identities import Identities
from store.journal import Journal
from store.keystore import KeyStore, Wrapped
from store.people import Member
from store.session import Database
from store.store import Store, connect, create
from store.wrappers.keyfile import KeyFile
from tests.crash.disk_model import Tree
from tests.crash.double import Failing, Recording
from tests.crash.replay import Moment, look

NAMES = ("Jordan", "Tyrell")


class Watched(Database):
    """A database that tells what it holds whenever a transaction came to its end.

    What SQLite promises of a committed transaction is SQLite's own to try.
    """

    def __init__(self, path: Path, committed: Callable[[bytes], None]) -> None:
        super().__init__(f"sqlite:///{path}")
        self._path = path
        self._committed = committed

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with super().write() as connection:
            yield connection
        self._committed(image(self._path))


@dataclass
class Rotations:
    """A root key wrapped, rotated and unwrapped, one command after the other."""

    before: Tree
    database: bytes  # as it is at first
    commands: list[str]
    folder: Path  # for the databases: outside of what is played back

    @classmethod
    def of_new_home(cls, folder: Path, commands: list[str]) -> Rotations:
        home = folder / "made"
        home.mkdir()
        made = create(_url(home / "recorder.db"), home / "vault", home / "keys")
        maker = made.people.add(Member("", "practitioner", "amara", "Amara Cole", None), "test")
        for number, name in enumerate(NAMES):
            made.cases.add(CaseDetails(f"EV-{number}", name, "900001", ()), maker.id, "test")
        made.close()
        tree = {f"keys/{path}": content for path, content in look(home / "keys").items()}
        return cls({"keys": None, **tree}, image(home / "recorder.db"), commands, folder)

    def run(self, disk: Recording) -> None:
        """Give every command; one that fails is given again once the disk is mended."""
        path = self.folder / "running.db"
        path.write_bytes(self.database)
        database = Watched(path, disk.committed)
        keys = disk.top / "keys"
        custody = Custody(database, KeyStore(keys, disk), {KeyFile.kind: KeyFile(keys, disk)})
        audited = connect(_url(path), self.folder / "vault", keys)
        try:
            for number, command in enumerate(self.commands):
                disk.begin(number)
                try:
                    _give(custody, audited, command)
                except Exception as error:
                    if not isinstance(disk, Failing):
                        raise
                    disk.failed(error)
                    custody.settle()
                    _give(custody, audited, command)
                disk.done(number)
        finally:
            audited.close()
            database.close()

    def check(self, top: Path, moment: Moment) -> None:
        """Settled, everything opens with one root."""
        path = self.folder / "crashed.db"
        for left in self.folder.glob("crashed.db*"):
            left.unlink()
        path.write_bytes(moment.database or self.database)
        disk = Recording(top)
        store = KeyStore(top / "keys", disk)
        wrappers = {KeyFile.kind: KeyFile(top / "keys", disk)}
        with closing(Database(_url(path))) as database:
            ring = Custody(database, store, wrappers).settle()
            scopes = Identities(ring)
            audit = Audit(database, ring, scopes)
            journal = Journal(database, scopes, ring)
            cases = Cases(database, scopes, ring, audit, journal)
            assert sorted(case.details.name for case in cases.all()) == list(NAMES)
            assert audit.verify() > 0
        assert [each.root for each in store.load().roots] == [ring.root.id]
        assert {each.outcome for each in keystore.drill(store, wrappers)} == {"opens"}

    def again(self, rng: random.Random, moment: Moment, tree: Tree) -> Rotations:
        """Other commands, after these were killed."""
        commands = [rng.choice(("rotate", "add", "rotate")) for _ in range(2)]
        return Rotations(tree, moment.database or self.database, commands, self.folder)


def _give(custody: Custody, audited: Store, command: str) -> None:
    root = custody.settle().root
    match command:
        case "rotate":
            custody.rotate(audited.audit, _as_before(custody), None, "test")
        case "add":
            keystore.add(custody.store, root, custody.wrappers[KeyFile.kind], {"folder": "stick"})
        case "remove":
            first, *others = custody.store.load().roots[0].entries
            if others:  # else it was removed before the disk failed
                keystore.remove(custody.store, first.id, custody.wrappers)


def _as_before(custody: Custody) -> Callable[[Wrapped], Uses]:
    wrapper = custody.wrappers[KeyFile.kind]
    return lambda wrapped: [(wrapper, entry.params) for entry in wrapped.entries]


def image(path: Path) -> bytes:
    """All that was committed to a database, as a file of its own."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.serialize()


def _url(path: Path) -> str:
    return f"sqlite:///{path}"

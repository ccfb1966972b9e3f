"""Backups of a small home, one after the other; between them the home changes."""

from __future__ import annotations

import random
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from store.age import KeyIdentity
from store.backup.folder import Folder
from store.backup.read import Opened
from store.backup.write import Extras
from store.cases import Case, CaseDetails
from store.errors import BackupError
from store.keys import KeyRing
from store.keystore import KeyStore
from store.people import Member
from store.records import Arrival
from store.store import Store, connect, create
from store.tables import TEAM
from tests.crash.disk_model import Tree
from tests.crash.double import Recording
from tests.crash.replay import Moment


@dataclass(frozen=True)
class House:
    """What is backed up: outside of what is played back."""

    folder: Path

    @classmethod
    def made(cls, folder: Path) -> House:
        folder.mkdir()
        made = create(f"sqlite:///{folder / 'r.db'}", folder / "vault", folder / "keys")
        maker = made.people.add(Member("", "practitioner", "amara", "Amara Cole", None), "test")
        made.cases.add(CaseDetails("EV-1", "Jo"), maker.id, "test")
        made.close()
        return cls(folder)

    def open(self) -> Store:
        return connect(f"sqlite:///{self.folder / 'r.db'}", self.folder / "vault", self.keys)

    @property
    def keys(self) -> Path:
        return self.folder / "keys"


@dataclass
class Backups:
    """Each step is one backup. What is too old goes with it."""

    house: House
    steps: int
    keep_ms: int | None  # None: for ever; 0: only the newest
    before: Tree = field(default_factory=dict)
    made: list[str] = field(default_factory=list)  # ids of sets, by step

    def run(self, disk: Recording) -> None:
        self.made = []
        with closing(self.house.open()) as store:
            extras = Extras(msgspec.json.encode(KeyStore(self.house.keys).load()), "")
            for step in range(self.steps):
                _change(store)
                disk.begin(step)
                kept = store.backups.make(
                    Folder(disk.top / "backups", disk), extras, self.keep_ms, "test"
                )
                self.made.append(kept.made.id)
                disk.done(step)

    def check(self, top: Path, moment: Moment) -> None:
        """What passes for a set is whole; what was said to be done is there."""
        folder = Folder(top / "backups", Recording(top))
        ring, identity = _keys(self.house)
        whole = []
        with suppress(BackupError):  # no folder yet
            for found in folder.sets():
                opened = Opened.of(found.folder, found.note, ring, identity)
                opened.check()
                assert all(folder.pool().holds(each) for each in opened.blobs())
                whole.append(opened.manifest.set)
            assert len(whole) == len(folder.sets())
        if moment.done >= 0:
            newest = self.made[moment.done :]
            assert any(each in newest for each in whole), "the newest backup is lost"
        if self.keep_ms is None:
            assert set(self.made[: moment.done + 1]) <= set(whole), "a backup is lost"

    def again(self, rng: random.Random, moment: Moment, tree: Tree) -> Backups:  # noqa: ARG002 - the Protocol's signature
        """Another process makes the next backups into what this one left."""
        return Backups(self.house, 1, rng.choice((None, 0)), tree)


def _change(store: Store) -> None:
    """One recording more, and perhaps one less."""
    (case,) = store.cases.all()
    _record(store, case)
    known = store.recordings.all()
    if len(known) > 5:
        store.erasing.recording(known[-1].id, "test")


def _record(store: Store, case: Case) -> None:
    arrival = Arrival(case.id, case.id, case.practitioner_id, "wav", "audio", "n.wav", 1, "file")
    content = random.randbytes(200)
    store.recordings.register(store.recordings.seal(case.id, [content]), arrival)


def _keys(house: House) -> tuple[KeyRing, KeyIdentity]:
    with closing(house.open()) as store:
        ring = store.cases._keys
        with store.database.read() as connection:
            return ring, store.cases._identities.keys(connection, TEAM).identity

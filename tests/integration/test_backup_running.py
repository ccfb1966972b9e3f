"""Backups beside a process that goes on writing, and backups that are killed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from store.backup.folder import Folder
from store.backup.pool import ReadOnly
from store.backup.read import Opened
from store.backup.restore import fill
from store.backup.write import Extras
from store.cases import Case
from store.keystore import KeyStore
from store.session import Database
from store.store import Store, assemble
from store.tables import TEAM
from tests.databases import KINDS

_WRITER = """
import random, sys
from pathlib import Path
from store.notes import Note
from store.records import Arrival
from store.store import connect

top, url = Path(sys.argv[1]), sys.argv[2]
store = connect(url, top / "vault", top / "keys")
(case,) = store.cases.all()
maker = case.practitioner_id
arrival = Arrival(case.id, case.id, maker, "wav", "audio", "note.wav", 1, "file")
note = Note("", case.id, case.id, maker, "case_note", "draft", 0, 1, 0)
while True:
    words = random.randbytes(random.randrange(1, 200_000))
    sealed = store.recordings.seal(case.id, [words])
    recording, _ = store.recordings.register(sealed, arrival)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, note, words[:5000], None)
        store.recordings.advance(connection, recording, "drafted", note_id=note_id)
    known = store.recordings.all()
    if len(known) > 12:
        store.erasing.recording(random.choice(known).id, "writer")
    print("wrote", flush=True)
"""
_BACKER = """
import sys
from pathlib import Path
import msgspec
from store.backup.folder import Folder
from store.backup.write import Extras
from store.keystore import KeyStore
from store.store import connect

top, url = Path(sys.argv[1]), sys.argv[2]
store = connect(url, top / "vault", top / "keys")
extras = Extras(msgspec.json.encode(KeyStore(top / "keys").load()), "")
print("ready", flush=True)
store.backups.make(Folder(top / "backups"), extras, None, "test")
"""


on_each = pytest.mark.parametrize("databases", KINDS, indirect=True)


@dataclass(frozen=True)
class House:
    """A home with a case in it, open, and the folder that all of it lies in."""

    top: Path
    url: str
    store: Store


@pytest.fixture
def house(store: Store, case: Case, url: str, tmp_path: Path) -> House:
    assert case.details.ref
    return House(tmp_path, url, store)


@contextmanager
def _process(script: str, house: House) -> Iterator[subprocess.Popen[str]]:
    argv = [sys.executable, "-W", "error", "-c", script, str(house.top), house.url]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def _wait(running: subprocess.Popen[str], lines: int = 1) -> None:
    assert running.stdout is not None
    for _ in range(lines):
        assert running.stdout.readline(), "it ended before its time"


def _check(house: House, folder: Folder) -> None:
    """Every set is whole, and of one moment: what the log tells of is there, and no more."""
    store, top = house.store, house.top
    ring, scopes = store.cases._keys, store.cases._identities
    with store.database.read() as connection:
        identity = scopes.keys(connection, TEAM).identity
    for number, found in enumerate(folder.sets()):
        opened = Opened.of(found.folder, found.note, ring, identity)
        opened.check()
        with closing(Database(f"sqlite:///{top / f'set-{number}.db'}")) as database:
            fill(opened, database)
            there = assemble(database, ring, ReadOnly(folder.pool()))
            gone = [each.object for each in opened.aftermath().erasures]
            report = there.examination.run(opened.checkpoint(), gone)
            assert report.failures == []
            told = Counter(event.action for event in there.audit.events())
            living = told["recording received"] - told["recording erased"]
            assert len(there.recordings.all()) == living
            assert len(there.notes.all()) == told["note created"] <= told["recording received"]
            assert report.events == opened.manifest.rows["audit"]
        (top / f"set-{number}.db").unlink()


@on_each
def test_a_backup_beside_a_writer_is_of_one_moment(house: House) -> None:
    folder = Folder(house.top / "backups")
    extras = Extras(msgspec.json.encode(KeyStore(house.top / "keys").load()), "")
    with _process(_WRITER, house) as writer:
        _wait(writer, 3)
        for _ in range(4):
            assert house.store.backups.make(folder, extras, None, "test").made.problems == ()
            _wait(writer, 4)
    rows = [each.manifest.rows["audit"] for each in folder.sets() if each.manifest is not None]
    assert len(rows) == 4
    assert all(later - earlier > 5 for earlier, later in pairwise(rows))
    _check(house, folder)


def test_a_backup_that_is_killed_is_never_taken_for_a_whole_one(
    house: House, pytestconfig: pytest.Config
) -> None:
    kills = max(4, pytestconfig.getoption("attacks") // 100)
    chance = random.Random(pytestconfig.getoption("attack_seed"))
    folder = Folder(house.top / "backups")
    with _process(_WRITER, house) as writer:
        _wait(writer, 6)
    for _ in range(kills):
        with _process(_BACKER, house) as backer:
            _wait(backer)
            time.sleep(chance.uniform(0, 0.25))
            backer.send_signal(signal.SIGKILL)
    with _process(_BACKER, house) as backer:
        assert backer.wait() == 0
    found = folder.sets()
    assert found
    assert not list((folder.path / "sets").glob(".*"))
    entries = {entry.id: entry for entry in house.store.ledger.all()}
    assert {each.manifest.set for each in found if each.manifest is not None} == set(entries)
    assert all(entry.verified_at is not None for entry in entries.values())
    _check(house, folder)

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
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from store.backup.folder import Folder
from store.backup.pool import ReadOnly
from store.backup.read import Opened
from store.backup.restore import fill
from store.backup.write import Extras
from store.cases import CaseDetails
from store.keystore import KeyStore
from store.people import Member
from store.session import Database
from store.store import Store, assemble, connect, create
from store.tables import TEAM

_WRITER = """
import random, sys
from pathlib import Path
from store.notes import Note
from store.records import Arrival
from store.store import connect

top = Path(sys.argv[1])
store = connect(f"sqlite:///{top / 'recorder.db'}", top / "vault", top / "keys")
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

top = Path(sys.argv[1])
store = connect(f"sqlite:///{top / 'recorder.db'}", top / "vault", top / "keys")
extras = Extras(msgspec.json.encode(KeyStore(top / "keys").load()), "")
print("ready", flush=True)
store.backups.make(Folder(top / "backups"), extras, None, "test")
"""


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A home's folder, with a case in it."""
    with closing(_create(tmp_path)) as made:
        maker = made.people.add(Member("", "practitioner", "amara", "Amara Cole", None), "test")
        made.cases.add(CaseDetails("EV-1", "Jo"), maker.id, "test")
    return tmp_path


def _create(top: Path) -> Store:
    return create(f"sqlite:///{top / 'recorder.db'}", top / "vault", top / "keys")


@pytest.fixture
def store(top: Path) -> Iterator[Store]:
    with closing(connect(f"sqlite:///{top / 'recorder.db'}", top / "vault", top / "keys")) as found:
        yield found


@contextmanager
def _process(script: str, top: Path) -> Iterator[subprocess.Popen[str]]:
    argv = [sys.executable, "-W", "error", "-c", script, str(top)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def _wait(running: subprocess.Popen[str], lines: int = 1) -> None:
    assert running.stdout is not None
    for _ in range(lines):
        assert running.stdout.readline(), "it ended before its time"


def _check(store: Store, folder: Folder, top: Path) -> None:
    """Every set is whole, and of one moment: what the log tells of is there, and no more."""
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


def test_a_backup_beside_a_writer_is_of_one_moment(top: Path, store: Store) -> None:
    folder = Folder(top / "backups")
    extras = Extras(msgspec.json.encode(KeyStore(top / "keys").load()), "")
    with _process(_WRITER, top) as writer:
        _wait(writer, 3)
        for _ in range(4):
            assert store.backups.make(folder, extras, None, "test").made.problems == ()
            _wait(writer, 4)
    rows = [each.manifest.rows["audit"] for each in folder.sets() if each.manifest is not None]
    assert len(rows) == 4
    assert all(later - earlier > 5 for earlier, later in pairwise(rows))
    _check(store, folder, top)


def test_a_backup_that_is_killed_is_never_taken_for_a_whole_one(
    top: Path, store: Store, pytestconfig: pytest.Config
) -> None:
    kills = max(4, pytestconfig.getoption("attacks") // 100)
    chance = random.Random(pytestconfig.getoption("attack_seed"))
    folder = Folder(top / "backups")
    with _process(_WRITER, top) as writer:
        _wait(writer, 6)
    for _ in range(kills):
        with _process(_BACKER, top) as backer:
            _wait(backer)
            time.sleep(chance.uniform(0, 0.25))
            backer.send_signal(signal.SIGKILL)
    with _process(_BACKER, top) as backer:
        assert backer.wait() == 0
    found = folder.sets()
    assert found
    assert not list((folder.path / "sets").glob(".*"))
    entries = {entry.id: entry for entry in store.ledger.all()}
    assert {each.manifest.set for each in found if each.manifest is not None} == set(entries)
    assert all(entry.verified_at is not None for entry in entries.values())
    _check(store, folder, top)

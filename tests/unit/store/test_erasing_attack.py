"""Whoever holds the database, the vault and the root key, and kept copies of every sealed thing,
tries all of it with every key there is. The wrapped keys of before are what they do not have.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, select

from store import age
from store.audit import Detail
from store.cases import Case, CaseDetails
from store.checkpoint import kept, load
from store.errors import ErasedError, StoreError
from store.identities import place_of
from store.journal import ATTENTION, SEALED, Journal, Look
from store.keys import laptop_identities
from store.keystore import KeyStore
from store.notes import Note, whose
from store.people import Member
from store.records import Arrival
from store.root import derive
from store.sealed import Clear, Place, open_row
from store.store import Store
from store.tables import TEAM, identities, metadata, note_versions, notes
from store.wrappers.keyfile import KeyFile
from tests.attacks.oracle import Attack, Attacks
from tests.databases import Databases

_PIECE = 1000  # bytes that stand in one piece in any database's files
LABELS = ("wrap", "tag", "audit", "row", "root-id", "home-id", "wrapper")


@dataclass(frozen=True, slots=True)
class Copy:
    """Sealed things as they stood before anything was erased, by the scope they belong to."""

    rows: dict[str, list[tuple[Place, bytes]]]
    media: dict[str, list[tuple[bytes, bytes]]]  # header, blob
    secrets: dict[str, list[bytes]]  # what must not be left in any file


def _fill(store: Store, case: Case, practitioner: Member, number: int) -> bytes:
    """A recording with all that hangs on it; what was said in it."""
    words = b"what case %d said " % number * 5000
    arrival = Arrival(case.id, case.id, practitioner.id, "wav", "audio", "note.wav", 1, "file")
    recording, _ = store.recordings.register(store.recordings.seal(case.id, [words]), arrival)
    store.people.add(Member("", "young_person", f"yp{number}", "Jo", case.id), "test")
    store.journal.note(Look(f"a/{number}", case.id, None, SEALED, 1, recording_id=recording.id))
    note = Note("", case.id, case.id, practitioner.id, "case_note", "draft", 0, 1, 0)
    with store.database.write() as connection:
        store.recordings.keep_transcript(connection, recording, words)
        note_id = store.notes.create(connection, note, words, None)
        store.recordings.advance(connection, recording, "drafted", note_id=note_id)
    store.notes.reply(store.notes.get(note_id), 1, "somebody", words)
    hold = store.holds.place(case.id, "a reason", "test")
    store.holds.release(hold, "another", "test")
    store.audit.record("test", "looked", note_id, Detail(case.id, b"why"))
    return words


def _copy(store: Store) -> Copy:
    found = Copy({}, {}, {})
    with store.database.read() as connection:
        for row in connection.execute(select(identities)):
            found.secrets[row.id] = [row.wrapped, row.recipient[:_PIECE]]
        for table in metadata.sorted_tables:
            if "scope" not in table.c or not {"sealed", "detail"} & set(table.c.keys()):
                continue
            for row in connection.execute(select(table)):
                if row.scope is None:
                    continue
                sealed = (
                    (Place("audit", str(row.seq), 1), row.detail)
                    if table.name == "audit"
                    else (place_of(table, row._mapping, _also(connection, table, row)), row.sealed)
                )
                found.rows.setdefault(row.scope, []).append(sealed)
                if table.name == "recordings" and row.blob:
                    blob = store.vault.read_at(row.blob, 0, store.vault.size(row.blob))
                    found.media.setdefault(row.scope, []).append((row.header, blob))
                    found.secrets[row.scope] += [row.header[:_PIECE], row.sealed[:_PIECE]]
    return found


def _also(connection: Connection, table: Table, row: Any) -> Clear:
    if table is not note_versions:
        return ()
    return whose(connection.execute(select(notes).where(notes.c.id == row.note_id)).one())


def _every_key(store: Store, keys: Path, copy: Copy) -> set[bytes]:
    """What the root key and the database lead to, now."""
    (root,) = KeyStore(keys).open({KeyFile.kind: KeyFile(keys)}).roots
    ring = store.cases._keys
    found = {root.secret, ring.lasting.tagging, ring.lasting.auditing}
    living: list[age.KeyIdentity] = []
    with store.database.read() as connection:
        for row in connection.execute(select(identities)):
            found |= {row.id.encode().ljust(32, b"\0")[:32], hashlib.sha256(row.recipient).digest()}
            if row.wrapped is not None:
                opened = ring.unwrap(row.id, row.kind, row.wrapped)
                found |= {opened.identity.secret, opened.row_key}
                found |= {each.secret for each in laptop_identities(opened)}
                living.append(opened.identity)
    found |= {derive(key, f"recorder/{label}/v1".encode()) for key in found for label in LABELS}
    for header, _ in (each for scope in copy.media.values() for each in scope):
        try:
            found.add(age.open_key(header, living))
        except StoreError:
            continue
    return found


def _opened(copy: Copy, scope: str, keys: set[bytes]) -> int:
    """How many things of a scope open with any of the keys."""
    count = 0
    for place, sealed in copy.rows[scope]:
        count += any(_opens(open_row, key, place, sealed) for key in keys if len(key) == 32)
    for header, blob in copy.media[scope]:
        count += any(_opens(_header, header, key) for key in keys)
        count += any(_opens(_payload, blob, key[:16]) for key in keys)
    return count


def _named(copy: Copy, keys: set[bytes], name: bytes) -> int:
    """How many rows open with any of the keys and say `name`."""
    count = 0
    for place, sealed in (each for rows in copy.rows.values() for each in rows):
        for key in (key for key in keys if len(key) == 32):
            with suppress(StoreError):
                count += name in open_row(key, place, sealed)
    return count


def _opens(attempt: object, *arguments: object) -> bool:
    assert callable(attempt)
    try:
        attempt(*arguments)
    except StoreError:
        return False
    return True


def _header(header: bytes, key: bytes) -> bytes:
    if len(key) != 32:
        raise StoreError
    return age.open_key(header, [age.HybridIdentity(key), age.X25519Identity(key)])


def _payload(blob: bytes, key: bytes) -> age.Reader:
    return age.Reader(key, lambda offset, length: blob[offset : offset + length], len(blob))


@dataclass(frozen=True, slots=True)
class World:
    """A store and all the files it leaves."""

    store: Store
    practitioner: Member
    folder: Path
    databases: Databases
    url: str

    def on_disk(self) -> bytes:
        """All files; of a server's, its tables once they were cleared: its log is its owner's."""
        self.databases.clean(self.url)
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return b"".join(path.read_bytes() for path in files) + self.databases.raw_tables()


@pytest.fixture
def world(
    store: Store, practitioner: Member, tmp_path: Path, databases: Databases, url: str
) -> World:
    return World(store, practitioner, tmp_path, databases, url)


def test_nothing_of_an_erased_case_opens_and_all_else_is_whole(
    world: World, attack: Attacks
) -> None:
    with attack("12 all of an erased case tried with every key", 50) as tried:
        _erased_and_attacked(world, tried)


def _erased_and_attacked(world: World, tried: Attack) -> None:
    store, practitioner, tmp_path = world.store, world.practitioner, world.folder
    count = max(4, tried.planned)
    details = [CaseDetails(f"EV-{number}", "Jo") for number in range(2 * count)]
    filed = [store.cases.add(each, practitioner.id, "test") for each in details]
    said = {each.id: _fill(store, each, practitioner, n) for n, each in enumerate(filed)}
    store.audit.checkpoint(tmp_path / "checkpoints")
    copy = _copy(store)
    gone, living = filed[::2], filed[1::2]
    for each in gone:
        store.erasing.case(each.id, "test")

    keys = _every_key(store, tmp_path / "keys", copy)
    for each in gone:
        tried.check(each.id, well=_opened(copy, each.id, keys) == 0)
    things = len(copy.rows[living[0].id]) + 2
    assert things > 8
    # The same attack opens everything of a case that was not erased: it can fail.
    assert [_opened(copy, each.id, keys) for each in living] == [things] * count

    left = world.on_disk()
    for each in gone:
        assert not [secret for secret in copy.secrets[each.id] if secret in left]
        assert all(blob not in left for _, blob in copy.media[each.id])
        with pytest.raises(ErasedError):
            store.cases.get(each.id)
    assert all(secret in left for each in living for secret in copy.secrets[each.id])
    _whole(store, living, said)
    signed = [load(path, store.audit.signer()) for path in kept(tmp_path / "checkpoints")]
    assert len(signed) == 1
    assert store.audit.verify(signed) > 0


def _whole(store: Store, living: list[Case], said: dict[str, bytes]) -> None:
    assert sorted(case.id for case in store.cases.all()) == sorted(case.id for case in living)
    assert len(list(store.vault.ids())) == len(living)
    for recording in store.recordings.all():
        words = said[recording.scope]
        assert b"".join(store.recordings.open(recording.id)) == words
        assert store.recordings.transcript(recording.id) == words
        assert recording.note_id is not None
        assert store.notes.version(recording.note_id, 1).payload == words
        assert [reply.payload for reply in store.notes.replies(recording.note_id)] == [words]
    details = [event for event in store.audit.events() if event.detail is not None]
    alive = {case.id for case in living}
    assert [store.audit.open(event) for event in details if event.scope in alive] == [b"why"] * len(
        living
    )


def test_a_copy_of_an_erased_recording_stays_closed_to_its_own_case(
    world: World, case: Case
) -> None:
    store, practitioner, tmp_path = world.store, world.practitioner, world.folder
    words = _fill(store, case, practitioner, 1)
    (first,) = store.recordings.all()
    arrival = Arrival(case.id, case.id, practitioner.id, "wav", "audio", "b.wav", 1, "file")
    second, _ = store.recordings.register(store.recordings.seal(case.id, [b"gone"]), arrival)
    before = _copy(store)
    store.erasing.recording(second.id, "test")

    after, left = _copy(store), world.on_disk()
    lost = set(before.media[case.id]) - set(after.media[case.id])
    assert len(lost) == 1
    keys = _every_key(store, tmp_path / "keys", after)
    for header, blob in lost:
        assert header[:_PIECE] not in left
        assert blob not in left
        assert not any(_opens(_payload, blob, key[:16]) for key in keys)
    assert b"".join(store.recordings.open(first.id)) == words


def test_nothing_that_opens_names_the_folder_of_an_erased_case(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, maker = world.store, world.practitioner
    name, paths = b"EV-77", ("amara/EV-77/a.wav", "nobody/EV-77/b.wav", "ruth/EV-77/c.wav")
    # Of no case yet when it was taken in, and of a case of another name in the end.
    stray = Arrival(TEAM, None, maker.id, "wav", "audio", "note.wav", 1, "file")
    recording, _ = store.recordings.register(store.recordings.seal(TEAM, [b"words"]), stray)
    store.journal.note(Look(paths[0], TEAM, maker.id, SEALED, 1, recording_id=recording.id))
    store.journal.note(Look(paths[1], TEAM, None, ATTENTION, 1, "nobody"))
    case = store.cases.add(CaseDetails(name.decode(), "Jo"), maker.id, "test")
    _fill(store, case, maker, 77)
    kept = _copy(store)
    with monkeypatch.context() as before:
        before.setattr(Journal, "_scope", lambda *_: TEAM)  # as entries were sealed once
        store.journal.note(Look(paths[2], TEAM, None, ATTENTION, 1, "nobody"))
    # The case's own row and three entries: what is looked for is there, and found.
    copy = _copy(store)
    assert _named(copy, _every_key(store, world.folder / "keys", copy), name) == 4

    store.erasing.case(case.id, "test")
    after = _copy(store)
    keys = _every_key(store, world.folder / "keys", kept)
    assert _named(after, keys, name) == 0
    assert _named(kept, keys, name) == 0
    assert b"".join(store.recordings.open(recording.id)) == b"words"
    assert store.audit.verify() > 0

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import delete, insert, select, text, update

from store.backup.folder import MANIFEST, Folder
from store.backup.manifest import encode
from store.backup.pool import ReadOnly
from store.backup.read import ROWS, Opened
from store.backup.restore import carry, do_again, fill, later
from store.cases import Case, CaseDetails
from store.disposal import SOUND, Judged, Thing
from store.errors import BackupError, ErasedError, SoundErasedError
from store.keys import KeyRing
from store.notes import Note
from store.people import Member
from store.records import Arrival, Recording
from store.session import Database, now_ms
from store.store import Store, assemble
from store.tables import (
    TEAM,
    cases,
    emergencies,
    erasures,
    identities,
    note_versions,
    pieces,
    recordings,
)
from store.vault import LocalVault
from tests.databases import Databases, PostgresDatabases, SqliteFiles
from tests.unit.store.backup.conftest import SAID, Back, Filled, Open, record


@pytest.fixture
def new(databases: Databases) -> Iterator[Database]:
    """An empty database, as its owner has it."""
    database = Database(databases.empty())
    yield database
    database.close()


@pytest.fixture
def other(databases: Databases, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of the other kind than the store's."""
    if not isinstance(databases, SqliteFiles):
        yield f"sqlite:///{tmp_path / 'other.db'}"
        return
    found = PostgresDatabases(request.getfixturevalue("server"))
    yield found.empty()
    found.drop()


Restore = Callable[..., tuple[Opened, Store]]


@pytest.fixture
def restored(open_set: Open, folder: Folder, new: Database, tmp_path: Path) -> Restore:
    """Fills the empty database and a new vault from the newest set, or one by name."""

    def call(start: str = "") -> tuple[Opened, Store]:
        opened, vault = open_set(start), LocalVault(tmp_path / "new-vault")
        opened.check()
        fill(opened, new)
        assert carry(opened, folder.pool(), vault) == []
        return opened, assemble(new, opened.ring, vault)

    return call


def test_a_restored_store_is_the_one_that_was_backed_up(
    store: Store, filled: Filled, back_up: Back, restored: Restore
) -> None:
    back_up()
    opened, there = restored()
    assert there.cases.all() == store.cases.all()
    assert there.people.all() == store.people.all()
    assert b"".join(there.recordings.open(filled.kept.id)) == SAID
    assert there.recordings.transcript(filled.kept.id) == SAID
    assert there.notes.version(filled.note, 1).payload == SAID
    assert there.erasing.all() == store.erasing.all()
    (arrival_id,) = [i for i in there.arrivals.ids() if there.arrivals.open(i).sealed]
    waiting = there.arrivals.open(arrival_id)
    assert waiting.sealed is not None
    assert b"".join(there.arrivals.content(arrival_id, waiting.sealed)) == b"left without a key"

    report = there.examination.run(opened.checkpoint())
    assert report.failures == []
    assert (report.blobs, report.events) == (4, opened.manifest.rows["audit"])
    here = store.examination.run()
    left_out = {"backups": 0, "invitations": 0}
    assert {**report.rows, **left_out} == {**here.rows, **left_out}
    there.audit.record("test", "went on", "thing")
    assert there.audit.verify(opened.checkpoint()) == report.events + 1


@pytest.mark.usefixtures("filled")
def test_a_set_moves_from_one_kind_of_database_to_the_other(
    store: Store, back_up: Back, open_set: Open, folder: Folder, other: str
) -> None:
    back_up()
    opened = open_set()
    with closing(Database(other)) as database:
        assert database.engine.name != store.database.engine.name
        fill(opened, database)
        there = assemble(database, opened.ring, ReadOnly(folder.pool()))
        report = there.examination.run(opened.checkpoint())
        assert report.failures == []
        assert report.blobs == 4
        assert there.cases.all() == store.cases.all()
        there.audit.record("test", "went on", "thing")
        assert there.audit.verify(opened.checkpoint()) == report.events + 1


def test_an_upload_that_was_seen_to_while_its_set_was_made_is_not_in_what_is_restored(
    store: Store, filled: Filled, back_up: Back, restored: Restore, folder: Folder
) -> None:
    assert [each.offset for each in store.uploads.of(filled.case.practitioner_id)] == [5]
    back_up()
    opened, there = restored()
    (upload,) = there.uploads.of(filled.case.practitioner_id)
    assert b"".join(there.uploads.content(upload.id)) == b"begun"
    with there.database.read() as connection:
        (piece,) = connection.scalars(select(pieces.c.id))
    (known,) = later(folder, opened).aftermaths
    do_again(there.erasing, there.disposing, there.database, [replace(known, settled=(piece,))])
    assert there.uploads.of(filled.case.practitioner_id) == []
    assert store.uploads.of(filled.case.practitioner_id) != []


def test_what_was_erased_after_the_set_was_made_is_erased_again(
    store: Store, filled: Filled, back_up: Back, restored: Restore, folder: Folder
) -> None:
    practitioner = store.people.get(filled.case.practitioner_id)
    other = store.cases.add(CaseDetails("EV-3", "Lee"), practitioner.id, "test")
    record(store, other, practitioner, b"of the other case")
    hold = store.holds.place(other.id, "an inquiry", "test")
    old = back_up().made
    store.holds.release(hold, "over", "test")
    by_case = store.erasing.case(other.id, "test")
    by_recording = store.erasing.recording(filled.kept.id, "test")
    back_up()

    opened, there = restored(old.id)
    assert len(list(there.vault.ids())) == 5
    known = later(folder, opened)
    assert known.damaged == ()
    assert known.known_until > opened.manifest.made_at
    # The case, the recording in it, and the one of the other case.
    assert do_again(there.erasing, there.disposing, there.database, known.aftermaths) == 3
    assert do_again(there.erasing, there.disposing, there.database, known.aftermaths) == 0
    assert {by_case, by_recording} <= set(there.erasing.all())
    with pytest.raises(ErasedError):
        there.cases.get(other.id)
    with pytest.raises(ErasedError):
        there.recordings.open(filled.kept.id)
    assert len(list(there.vault.ids())) == 2
    assert there.examination.run(opened.checkpoint()).failures == []


def test_what_went_by_a_rule_goes_again(
    store: Store, filled: Filled, folder: Folder, back_up: Back, restored: Restore
) -> None:
    old = back_up().made
    thing, scopes = Thing(SOUND, filled.kept.id, "sound"), frozenset({filled.kept.scope})
    with store.database.write() as connection:  # nobody is in it in an emergency any more
        connection.execute(delete(emergencies))
    judged = Judged(store.disposing.standing([filled.note]), scopes, now_ms())
    (done,) = store.disposing.sounds([thing], judged, "test")
    store.erasing.sweep()
    back_up()

    opened, there = restored(old.id)
    assert b"".join(there.recordings.open(filled.kept.id)) == SAID
    known = later(folder, opened)
    assert do_again(there.erasing, there.disposing, there.database, known.aftermaths) == 1
    assert do_again(there.erasing, there.disposing, there.database, known.aftermaths) == 0
    assert there.disposing.all() == [done]
    with pytest.raises(SoundErasedError):
        there.recordings.open(filled.kept.id)
    assert there.recordings.transcript(filled.kept.id) == SAID
    assert there.strays.lost() == []
    assert there.examination.run().failures == []


def test_an_own_record_comes_back_with_its_home(
    store: Store, filled: Filled, back_up: Back, restored: Restore
) -> None:
    worker = store.people.get(filled.case.practitioner_id)
    kept = supervision(store, store.own_records.of(worker.id), worker)
    back_up()
    opened, there = restored()
    assert b"".join(there.recordings.open(kept.id)) == SAID
    assert there.own_records.of(worker.id) == worker.id
    assert there.examination.run(opened.checkpoint()).failures == []


@pytest.mark.parametrize("begun", [True, False], ids=["begun", "not begun"])
def test_an_own_record_that_was_erased_after_the_set_was_made_is_erased_again(
    store: Store, filled: Filled, back_up: Back, restored: Restore, folder: Folder, *, begun: bool
) -> None:
    worker = store.people.get(filled.case.practitioner_id)
    loose = supervision(store, TEAM, worker)
    if begun:
        store.own_records.of(worker.id)
        store.holds.release(store.holds.place(worker.id, "a claim", "test"), "over", "test")
    old = back_up().made
    store.assigning.file(store.notes.get(noted(store, loose)), store.own_records.of(worker.id), "t")
    done = store.erasing.own_record(worker.id, "test")
    back_up()
    opened, there = restored(old.id)
    assert b"".join(there.recordings.open(loose.id)) == SAID
    known = later(folder, opened)
    assert do_again(there.erasing, there.disposing, there.database, known.aftermaths) == 2
    assert do_again(there.erasing, there.disposing, there.database, known.aftermaths) == 0
    assert done in there.erasing.all()
    with pytest.raises(ErasedError):
        there.own_records.of(worker.id)
    with pytest.raises(ErasedError):
        there.recordings.open(loose.id)
    assert there.recordings.due(["received"]) == []
    assert there.people.get(worker.id) == worker
    assert there.examination.run(opened.checkpoint()).failures == []


@pytest.mark.parametrize("before", ["own record", "no case"])
def test_what_came_into_an_erased_case_from_elsewhere_does_not_come_back(
    store: Store, filled: Filled, back_up: Back, restored: Restore, folder: Folder, before: str
) -> None:
    worker, case = store.people.get(filled.case.practitioner_id), filled.case
    came_from = store.own_records.of(worker.id) if before == "own record" else TEAM
    drawing = supervision(store, came_from, worker)
    own = store.notes.get(noted(store, drawing))
    old = back_up().made
    theirs = store.notes.get(filled.note)
    with store.database.write() as connection:
        store.assigning.hand_over(connection, drawing.id, (own, theirs), "test")
    store.erasing.case(case.id, "test")
    back_up()
    opened, there = restored(old.id)
    assert b"".join(there.recordings.open(drawing.id)) == SAID
    known = later(folder, opened)
    assert do_again(there.erasing, there.disposing, there.database, known.aftermaths) > 0
    assert do_again(there.erasing, there.disposing, there.database, known.aftermaths) == 0
    with pytest.raises(ErasedError):
        there.recordings.open(drawing.id)
    assert there.notes.version(own.id, 1).payload == b"words"  # it is the worker's, and stays
    assert there.examination.run(opened.checkpoint()).failures == []


def supervision(store: Store, scope: str, worker: Member) -> Recording:
    """A recording of a supervision that is not worked on yet."""
    arrival = Arrival(scope, None, worker.id, "wav", "audio", "s.wav", 1, "file", "supervision")
    return store.recordings.register(store.recordings.seal(scope, [SAID]), arrival)[0]


def noted(store: Store, recording: Recording) -> str:
    new = Note(
        "", recording.scope, None, recording.practitioner_id, "supervision", "draft", 0, 1, 0
    )
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, b"words", None)
        store.recordings.advance(connection, recording, "drafted", note_id=note_id)
    return note_id


def test_a_hold_of_before_is_not_listed_of_what_a_restore_erased_again(
    store: Store, filled: Filled, back_up: Back, restored: Restore, folder: Folder
) -> None:
    hold = store.holds.place(filled.case.id, "an inquiry", "test")
    old = back_up().made
    store.holds.release(hold, "over", "test")
    store.erasing.case(filled.case.id, "test")
    back_up()
    opened, there = restored(old.id)
    assert [each.id for each in there.holds.all()] == [hold]
    do_again(there.erasing, there.disposing, there.database, later(folder, opened).aftermaths)
    assert there.holds.all() == []


def test_a_false_certificate_erases_nothing_in_a_restore(
    store: Store, filled: Filled, back_up: Back, restored: Restore, folder: Folder
) -> None:
    old = back_up().made
    with store.database.write() as connection:
        for number, target in enumerate((filled.case.id, filled.kept.id)):
            false = {"id": f"{number}", "kind": "case", "object": target, "actor": "x", "at": 1}
            connection.execute(insert(erasures).values(**false))
    back_up()
    opened, there = restored(old.id)
    known = later(folder, opened)
    assert do_again(there.erasing, there.disposing, there.database, known.aftermaths) == 0
    assert there.cases.get(filled.case.id) == store.cases.get(filled.case.id)


def test_later_sets_that_cannot_be_read_are_named(
    filled: Filled, back_up: Back, open_set: Open, folder: Folder
) -> None:
    assert filled.case is not None
    old, rows, manifest = (back_up().made for _ in range(3))
    for path in (rows.folder / ROWS, manifest.folder / MANIFEST):
        path.write_bytes(path.read_bytes()[:-1])
    known = later(folder, open_set(old.id))
    assert set(known.damaged) == {rows.folder.name, manifest.folder.name}
    assert known.known_until == open_set(old.id).manifest.made_at
    assert len(known.aftermaths) == 1


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.usefixtures("filled")
def test_only_an_empty_database_is_filled(back_up: Back, open_set: Open, new: Database) -> None:
    back_up()
    with new.write() as connection:
        connection.execute(text("CREATE TABLE somebodys (id INTEGER)"))
    with pytest.raises(BackupError, match="not empty"):
        fill(open_set(), new)


@pytest.mark.usefixtures("filled")
def test_a_set_of_a_newer_schema_is_refused(
    back_up: Back, open_set: Open, new: Database, ring: KeyRing
) -> None:
    back_up()
    opened = open_set()
    manifest = msgspec.structs.replace(opened.manifest, revision="9999")
    (opened.folder / MANIFEST).write_bytes(encode(manifest, ring))
    with pytest.raises(BackupError, match="newer Recorder"):
        fill(open_set(), new)


@pytest.mark.usefixtures("filled")
def test_rows_of_another_set_are_refused(back_up: Back, open_set: Open, new: Database) -> None:
    first, second = back_up().made, back_up().made
    (second.folder / ROWS).write_bytes((first.folder / ROWS).read_bytes())
    assert open_set(second.id).bad_parts() == [ROWS]
    with pytest.raises(BackupError, match="of another one"):
        fill(open_set(second.id), new)


@pytest.mark.usefixtures("filled")
def test_rows_that_are_not_as_many_as_was_signed_are_refused(
    back_up: Back, open_set: Open, new: Database
) -> None:
    back_up()
    opened = open_set()
    fewer = msgspec.structs.replace(opened.manifest, rows={**opened.manifest.rows, "cases": 9})
    claimed = replace(opened, manifest=fewer)
    with pytest.raises(BackupError, match="not as many"):
        claimed.count()
    with pytest.raises(BackupError, match="not as many"):
        fill(claimed, new)


def test_sets_are_found_by_the_beginning_of_their_name(
    back_up: Back, folder: Folder, open_set: Open
) -> None:
    with pytest.raises(BackupError, match="no backups"):
        folder.choose()
    first, second = back_up().made, back_up().made
    assert open_set().manifest.set == second.id
    assert open_set(first.id[:9]).manifest.set == first.id
    assert open_set(first.folder.name).manifest.set == first.id
    for start in ("nobody", "2"):
        with pytest.raises(BackupError, match="no one set"):
            folder.choose(start)


# --- examining --------------------------------------------------------------------------------


def test_an_examination_names_everything_that_does_not_open(
    store: Store, filled: Filled, case: Case, practitioner: Member
) -> None:
    rotten, missing = (record(store, case, practitioner, b"x%d" % n) for n in range(2))
    other = store.cases.add(CaseDetails("EV-4", "Kim"), practitioner.id, "test")
    with store.database.write() as connection:
        found = {row.id: row.blob for row in connection.execute(recordings.select()) if row.blob}
        for table, column, value in (
            (cases, cases.c.id == case.id, {"sealed": b"noise"}),
            (note_versions, note_versions.c.note_id == filled.note, {"number": 7}),
            (identities, identities.c.id == other.id, {"wrapped": b"noise"}),
        ):
            connection.execute(update(table).where(column).values(**value))
    store.vault.put(found[rotten.id], [bytes(store.vault.size(found[rotten.id]))])
    store.vault.delete(found[missing.id])
    failed = {each.split(":")[0] for each in store.examination.run().failures}
    assert {
        f"row {case.id} of cases",
        f"identity {other.id}",
        f"recording {rotten.id}",
        f"recording {missing.id}",
    } <= failed
    assert len(failed) == 5
    excused = {rotten.id, missing.id}
    left = {each.split(":")[0] for each in store.examination.run(excused=excused).failures}
    assert failed - left == {f"recording {each}" for each in excused}


def test_a_set_is_examined_where_it_lies_without_a_change_to_it(
    filled: Filled, back_up: Back, open_set: Open, folder: Folder, new: Database
) -> None:
    assert filled.case is not None
    back_up()
    before = {each: each.read_bytes() for each in folder.path.rglob("*") if each.is_file()}
    opened = open_set()
    fill(opened, new)
    there = assemble(new, opened.ring, ReadOnly(folder.pool()))
    assert there.examination.run(opened.checkpoint()).failures == []
    with pytest.raises(BackupError):
        there.erasing.recording(filled.kept.id, "test")
    assert {each: each.read_bytes() for each in folder.path.rglob("*") if each.is_file()} == before

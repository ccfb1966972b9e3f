from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from store import session
from store.backup.folder import MANIFEST, Folder
from store.backup.pool import Pool
from store.backup.write import Extras, Writing
from store.cases import Case
from store.errors import BackupError
from store.people import Member
from store.receiving import REFUSED
from store.store import Store, create
from store.tables import audit_head, recordings
from tests.unit.store.backup.conftest import DAY, Back, Filled, Open, record


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Moves the clock on by so many days."""
    passed = [0]
    now = session.now_ms

    def move(days: int) -> None:
        passed[0] += days * DAY

    for module in ("store.backup.keep", "store.ledger"):
        monkeypatch.setattr(f"{module}.now_ms", lambda: now() + passed[0])
    return move


# --- a set ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("filled")
def test_a_set_is_whole_known_to_the_ledger_and_in_the_log(
    store: Store, back_up: Back, open_set: Open, folder: Folder
) -> None:
    kept = back_up()
    assert (kept.made.problems, kept.damaged, kept.removed, kept.sets) == ((), (), 0, 1)
    opened = open_set()
    opened.check()
    assert all(folder.pool().holds(each) for each in opened.blobs())
    assert opened.manifest.set == kept.made.id
    assert (kept.made.blobs, kept.made.copied) == (4, 4)
    (entry,) = store.ledger.all()
    assert entry.verified_at is not None
    assert entry.expires_at == entry.made_at + 30 * DAY
    assert entry.place == str(folder.path)
    assert [(e.action, e.object) for e in store.audit.events()][-1] == ("backup made", entry.id)


@pytest.mark.usefixtures("filled")
def test_nothing_in_clear_says_whose_a_backup_is(back_up: Back, folder: Folder) -> None:
    back_up()
    found = b"".join(each.read_bytes() for each in folder.path.rglob("*") if each.is_file())
    for word in (b"Amara", b"Jordan", b"EV-1001", b"note.wav", b"Evolve", b"what was said"):
        assert word not in found
    modes = {each.stat().st_mode & 0o077 for each in folder.path.rglob("*")}
    assert modes == {0}


@pytest.mark.usefixtures("filled")
def test_key_files_are_never_copied(back_up: Back, folder: Folder, tmp_path: Path) -> None:
    back_up()
    (key,) = (tmp_path / "keys").glob("*.key")
    text = key.read_text().strip()
    found = b"".join(each.read_bytes() for each in folder.path.rglob("*") if each.is_file())
    assert text.encode() not in found
    assert bytes.fromhex(text) not in found


@pytest.mark.usefixtures("filled")
def test_a_second_set_copies_only_what_is_new(
    store: Store, case: Case, practitioner: Member, back_up: Back, folder: Folder
) -> None:
    back_up()
    record(store, case, practitioner, b"more")
    kept = back_up()
    assert (kept.made.blobs, kept.made.copied, kept.sets) == (5, 1, 2)
    assert len(list(folder.pool().ids())) == 5


def test_an_empty_store_can_be_backed_up(back_up: Back, open_set: Open) -> None:
    assert back_up().made.blobs == 0
    open_set().check()


# --- what goes wrong here ---------------------------------------------------------------------


def test_a_damaged_recording_is_named_and_stops_nothing_else(
    store: Store, filled: Filled, case: Case, practitioner: Member, back_up: Back, open_set: Open
) -> None:
    lost = record(store, case, practitioner, b"lost")
    with store.database.write() as connection:
        swapped = update(recordings).where(recordings.c.id == filled.kept.id)
        connection.execute(swapped.values(sealed=b"row2 of nobody"))
    store.vault.delete(_blob_of(store, lost.id))
    kept = back_up()
    assert sorted(kept.made.problems) == sorted(
        f"recording {each}: it is missing from the vault, or not what was sealed"
        for each in (lost.id, filled.kept.id)
    )
    opened = open_set()
    opened.check()
    assert set(opened.manifest.damaged) == {lost.id, filled.kept.id}
    assert kept.made.blobs == 3


def test_a_blob_that_rots_here_is_still_good_in_the_pool(
    store: Store, filled: Filled, back_up: Back
) -> None:
    back_up()
    blob = _blob_of(store, filled.kept.id)
    size = store.vault.size(blob)
    store.vault.put(blob, [bytes(size)])
    assert back_up().made.problems == ()
    store.vault.delete(blob)
    assert back_up().made.problems == ()


@pytest.mark.usefixtures("filled")
def test_an_audit_log_that_was_tampered_with_is_named_and_kept(
    store: Store, back_up: Back, open_set: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.database.write() as connection:
        connection.execute(update(audit_head).values(size=3))
    monkeypatch.setattr(store.audit, "record", lambda *_: None)  # a false log is not continued
    (problem,) = back_up().made.problems
    assert problem.startswith("the audit log does not verify")
    opened = open_set()
    opened.check()
    assert opened.checkpoint() == []


def test_what_is_erased_while_blobs_are_copied_is_missed_by_nobody(
    store: Store, filled: Filled, back_up: Back, open_set: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    copying = Writing._copy

    def meanwhile(self: Writing) -> object:
        store.erasing.recording(filled.kept.id, "test")
        (arrival_id,) = [i for i in store.arrivals.ids() if store.arrivals.open(i).sealed]
        waiting = store.arrivals.open(arrival_id)
        assert waiting.sealed is not None
        with store.database.write() as connection:
            store.arrivals.settle(connection, waiting, REFUSED)
        store.vault.delete(waiting.sealed.blob)
        (upload,) = store.uploads.of(filled.case.practitioner_id)
        store.uploads.remove(upload.id, "test")
        return copying(self)

    monkeypatch.setattr(Writing, "_copy", meanwhile)
    made = back_up().made
    assert (made.problems, made.blobs) == ((), 0)
    opened = open_set()
    opened.check()
    after = opened.aftermath()
    assert filled.kept.id in {each.object for each in after.erasures}
    assert len(after.settled) == 2
    done = {each.object: each for each in store.erasing.all()}[filled.kept.id]
    held = store.ledger.holding(store.erasing.since("recording", filled.kept.id), done.at)
    assert [each.id for each in held] == [made.id]


def test_a_blob_of_an_erased_case_is_missed_by_nobody(
    store: Store, filled: Filled, back_up: Back, monkeypatch: pytest.MonkeyPatch
) -> None:
    copying = Writing._copy

    def meanwhile(self: Writing) -> object:
        store.erasing.case(filled.case.id, "test")
        return copying(self)

    monkeypatch.setattr(Writing, "_copy", meanwhile)
    assert back_up().made.problems == ()


# --- what goes wrong there --------------------------------------------------------------------


def test_a_backup_that_is_cut_off_is_no_set_and_the_next_one_clears_it_away(
    store: Store, filled: Filled, back_up: Back, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCut(BaseException):
        """Nobody catches it."""

    def cut(*_: object) -> None:
        monkeypatch.setattr(Folder, "clear", too_late)
        raise PowerCut

    def too_late(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(Folder, "settle", cut)
    with pytest.raises(PowerCut):
        back_up()
    monkeypatch.undo()
    assert folder.sets() == []
    (hidden,) = (folder.path / "sets").iterdir()
    assert (hidden / MANIFEST).exists()
    # It is all there under its hidden name, and may be opened: so it is still counted.
    (entry,) = store.ledger.holding(store.erasing.since("case", filled.case.id), session.now_ms())
    assert entry.verified_at is None
    assert store.ledger.newest() is None

    kept = back_up()
    assert not hidden.exists()
    assert [each.id for each in store.ledger.all()] == [kept.made.id]


@pytest.mark.usefixtures("filled")
def test_a_set_that_does_not_read_back_is_no_set(
    store: Store, back_up: Back, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Pool, "holds", lambda *_: False)
        with pytest.raises(BackupError, match="does not give back"):
            back_up()
    assert folder.sets() == []
    assert list((folder.path / "sets").iterdir()) == []
    assert store.ledger.all() == []
    back_up()


@pytest.mark.usefixtures("filled")
def test_a_full_disk_is_said_before_anything_is_written(
    back_up: Back, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = SimpleNamespace(total=1, used=1, free=1024)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: full)
        with pytest.raises(BackupError, match="make room"):
            back_up()
    assert folder.sets() == []
    assert list(folder.pool().ids()) == []


def test_a_disk_that_fails_is_a_plain_error(
    back_up: Back, folder: Folder, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "settle", fail)
        with pytest.raises(BackupError, match="Input/output error"):
            back_up()
    assert folder.sets() == []
    assert store.ledger.all() == []


def test_two_backups_into_one_folder_take_turns(back_up: Back, folder: Folder) -> None:
    folder.prepare()
    with folder.locked(), pytest.raises(BackupError, match="another backup"):
        back_up()


@pytest.mark.usefixtures("filled")
def test_rot_in_the_pool_is_healed_by_the_next_backup(
    store: Store, filled: Filled, back_up: Back, folder: Folder, open_set: Open
) -> None:
    back_up()
    blob = _blob_of(store, filled.kept.id)
    path = folder.path / "blobs" / blob[:2] / blob[2:]
    path.write_bytes(path.read_bytes()[:-1])
    bad = [each.id for each in open_set().blobs() if not folder.pool().holds(each)]
    assert bad == [blob]
    assert back_up().made.copied == 1
    assert all(folder.pool().holds(each) for each in open_set().blobs())


def test_a_folder_of_another_home_is_refused(
    back_up: Back, folder: Folder, extras: Extras, tmp_path: Path
) -> None:
    back_up()
    other = create(f"sqlite:///{tmp_path / 'o.db'}", tmp_path / "ov", tmp_path / "ok")
    with pytest.raises(BackupError, match="another home"):
        other.backups.make(folder, extras, None, "test")
    assert len(folder.sets()) == 1
    assert other.ledger.all() == []
    other.close()


# --- time -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("filled")
def test_a_set_whose_time_is_over_goes_with_the_blobs_that_it_alone_needs(
    store: Store, filled: Filled, back_up: Back, folder: Folder, later: Callable[[int], None]
) -> None:
    first = back_up().made
    store.erasing.recording(filled.kept.id, "test")
    later(29)
    assert back_up().removed == 0
    assert len(list(folder.pool().ids())) == 4
    later(2)
    kept = back_up()
    assert (kept.removed, kept.sets) == (1, 2)
    assert first.folder.name not in {each.name for each in folder.sets()}
    assert len(list(folder.pool().ids())) == 2
    assert first.id not in {each.id for each in store.ledger.all()}
    assert ("backup removed", first.id) in [(e.action, e.object) for e in store.audit.events()]


def test_the_newest_set_stays_until_there_is_another(
    back_up: Back,
    folder: Folder,
    later: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = back_up().made
    later(99)

    def fail(*_: object) -> None:
        raise BackupError("no luck")

    with monkeypatch.context() as patch:
        patch.setattr(Writing, "run", fail)
        with pytest.raises(BackupError, match="no luck"):
            back_up()
    assert [each.name for each in folder.sets()] == [first.folder.name]
    assert back_up().removed == 1
    assert len(folder.sets()) == 1


@pytest.mark.parametrize(("keep_days", "removed"), [(None, 0), (5, 1), (40, 0)])
def test_sets_are_kept_no_longer_than_either_time_says(
    back_up: Back, later: Callable[[int], None], keep_days: int | None, removed: int
) -> None:
    back_up()
    later(10)
    assert back_up(keep_days).removed == removed


def test_a_set_without_an_end_stays(
    store: Store, back_up: Back, later: Callable[[int], None]
) -> None:
    for _ in range(2):
        back_up(None)
        later(9999)
    assert back_up(None).sets == 3
    assert {each.expires_at for each in store.ledger.all()} == {None}


def test_a_set_without_an_end_stays_on_a_machine_that_is_held_up(
    back_up: Back, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = count(session.now_ms(), 1000)  # a second goes by between any two looks at the clock
    monkeypatch.setattr("store.backup.keep.now_ms", lambda: next(clock))
    for _ in range(3):
        assert back_up(None).removed == 0


def test_a_damaged_older_set_is_named_and_no_blob_is_removed(
    store: Store, filled: Filled, back_up: Back, folder: Folder
) -> None:
    first = back_up().made
    path = first.folder / MANIFEST
    path.write_bytes(path.read_bytes()[:-1])
    store.erasing.recording(filled.kept.id, "test")
    kept = back_up()
    assert kept.damaged == (first.folder.name,)
    assert len(list(folder.pool().ids())) == 4
    assert {each.id for each in store.ledger.all()} == {first.id, kept.made.id}


def test_a_set_that_somebody_removed_is_gone_from_the_ledger(
    store: Store, back_up: Back, folder: Folder
) -> None:
    shutil.rmtree(back_up().made.folder)
    elsewhere = replace(store.ledger.all()[0], id="elsewhere", place="/another/folder")
    store.ledger.begin(elsewhere)
    kept = back_up()
    assert {each.id for each in store.ledger.all()} == {"elsewhere", kept.made.id}
    assert len(folder.sets()) == 1


def _blob_of(store: Store, recording_id: str) -> str:
    with store.database.read() as connection:
        query = recordings.select().where(recordings.c.id == recording_id)
        return str(connection.execute(query).one().blob)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="there is no sha256sum here")
@pytest.mark.usefixtures("filled")
def test_the_list_of_blobs_is_what_sha256sum_checks(back_up: Back) -> None:
    made = back_up().made
    argv = ["sha256sum", "--check", "--strict", "blobs.sha256"]
    said = subprocess.run(argv, cwd=made.folder, check=True, capture_output=True).stdout
    assert said.count(b": OK\n") == made.blobs == 4

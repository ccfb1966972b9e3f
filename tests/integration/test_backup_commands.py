"""Backing up, restoring and drilling on a real home, as it is typed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from recorder.commands.backup import backup, restore
from recorder.commands.erase import erase
from recorder.commands.home import doctor, status
from recorder.commands.keys import keys
from recorder.config import load
from recorder.errors import ConfigError, UsageError
from recorder.home import Asked, create_home, open_home
from recorder.sample import enrol
from recorder.supervising import file_all
from store.errors import ErasedError
from store.keystore import FILE, KeyStore
from store.notes import Note
from store.records import Arrival
from store.session import now_ms
from store.store import Store
from store.tables import TEAM, backups, identities
from tests.databases import PostgresDatabases
from tests.invoked import good, refused

DAY = 86_400_000
SAID = b"what was said " * 20_000
Say = Callable[..., Result]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A home with one recording of the sample's case."""
    home = create_home(tmp_path / "home", "Test team")
    team = enrol(home)
    case, maker = team.case.id, team.practitioner.id
    arrival = Arrival(case, case, maker, "wav", "audio", "note.wav", 1, "file")
    sealed = home.store.recordings.seal(case, [SAID])
    home.store.recordings.register(sealed, arrival)
    home.close()
    return home.folder


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Where the backups go."""
    return tmp_path / "disk"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Where a home is restored to."""
    return tmp_path / "new"


def _run(group: click.Command, *arguments: object, typed: str = "") -> Result:
    return CliRunner().invoke(group, [str(each) for each in arguments], input=typed)


@pytest.fixture
def back_up(house: Path, disk: Path) -> Callable[[], str]:
    return lambda: good(_run(backup, "--home", house, "--to", disk))


def _said(store: Store) -> bytes:
    (recording,) = store.recordings.all()
    return b"".join(store.recordings.open(recording.id))


def _shares(house: Path, folder: Path) -> list[Path]:
    sheets = [folder / f"recovery-share-{number}-of-3.txt" for number in (1, 2, 3)]
    back = [word for sheet in sheets[:2] for word in ("--rehearse-from", sheet)]
    making = ("init", "--home", house, "--shares", 3, "--threshold", 2, "--to", folder)
    good(_run(keys, *making, *back))
    return sheets


# --- there and back ---------------------------------------------------------------------------


def test_a_home_comes_back_from_its_backup_and_its_key_file(
    back_up: Callable[[], str], house: Path, disk: Path, new: Path
) -> None:
    printed = back_up()
    assert "backed up and read back" in printed
    assert "1 recordings, 1 of them new here" in printed
    said = good(_run(restore, "--from", disk, "--home", new, "--keys", house / "keys"))
    assert "a new key file" in said
    assert "0 cases, own records and recordings that were erased later" in said
    assert "are not known here" in said
    shutil.rmtree(house)  # another machine

    found = open_home(new)
    assert _said(found.store) == SAID
    assert found.settings.team == "Test team"
    assert found.store.audit.verify() > 0
    assert [e.action for e in found.store.audit.events()][-1] == "home restored"
    found.store.audit.checkpoint(found.settings.checkpoints)
    (entry,) = found.store.ledger.all()
    assert entry.verified_at is not None
    found.close()
    assert 'team = "Test team"' in (new / "config.before-restore.toml").read_text()
    assert all(path.stat().st_mode & 0o077 == 0 for path in new.iterdir() if path.is_dir())


def test_recovery_shares_alone_open_a_backup(
    back_up: Callable[[], str], house: Path, disk: Path, new: Path, tmp_path: Path
) -> None:
    sheets = _shares(house, tmp_path / "shares")
    back_up()
    shutil.rmtree(house)
    few = _run(restore, "--from", disk, "--home", new, "--share", sheets[0])
    refused(few, UsageError, "shares cannot be used")
    good(_run(restore, "--from", disk, "--home", new, "--share", sheets[0], "--share", sheets[2]))
    found = open_home(new)
    assert _said(found.store) == SAID
    found.close()


def test_a_passphrase_alone_opens_a_backup(
    back_up: Callable[[], str], house: Path, disk: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The test runner's standard input stands for the terminal that it is not.
    monkeypatch.setattr("recorder.commands.asking.has_terminal", lambda: True)
    words = "correct horse battery staple"
    good(_run(keys, "wrap", "add", "--home", house, "passphrase", typed=f"{words}\n{words}\n"))
    back_up()
    shutil.rmtree(house)
    wrong = _run(restore, "--from", disk, "--home", new, typed="not the right words\n")
    refused(wrong, ConfigError, "cannot be opened")
    good(_run(restore, "--from", disk, "--home", new, typed=f"{words}\n"))
    assert "key_file" not in json.loads((new / "keys" / FILE).read_text())
    with pytest.raises(ConfigError):
        open_home(new)
    found = open_home(new, Asked(lambda: words))
    assert _said(found.store) == SAID
    found.close()


def test_a_set_of_before_a_rotation_opens_with_the_keys_of_before(
    back_up: Callable[[], str], house: Path, disk: Path, new: Path, tmp_path: Path
) -> None:
    back_up()
    shutil.copytree(house / "keys", tmp_path / "old-keys")
    good(_run(keys, "rotate", "--home", house, "--without-shares"))
    back_up()
    first, second = (each["set"] for each in json.loads(good(_list(disk, "--json"))))
    begun = _run(restore, "--from", disk, "--home", new, "--set", first, "--keys", house / "keys")
    refused(begun, ConfigError, "cannot be opened")
    for name, given in ((first, tmp_path / "old-keys"), (second, house / "keys")):
        good(_run(restore, "--from", disk, "--home", new, "--set", name, "--keys", given))
        found = open_home(new)
        assert _said(found.store) == SAID
        found.close()
        shutil.rmtree(new)


def test_what_was_erased_later_is_erased_again_and_told(
    back_up: Callable[[], str], house: Path, disk: Path, new: Path
) -> None:
    back_up()
    printed = good(_run(erase, "case", "--home", house, "EV-1001", "--yes"))
    assert "1 backup made before can still be opened. The last of them expires on" in printed
    back_up()
    first = json.loads(good(_list(disk, "--json")))[0]["set"]
    argv = ("--from", disk, "--home", new, "--set", first, "--keys", house / "keys")
    # The case, and the recording in it.
    assert "2 cases, own records and recordings that were erased later" in good(
        _run(restore, *argv)
    )
    found = open_home(new)
    assert found.store.cases.all() == []
    assert list(found.store.vault.ids()) == []
    assert len(found.store.ledger.all()) == 2
    found.close()


def test_a_supervision_that_was_erased_with_its_workers_record_does_not_come_back(
    back_up: Callable[[], str], house: Path, disk: Path, new: Path
) -> None:
    home = open_home(house)
    maker = home.store.people.by_handle("amara").id
    waits = Note("", TEAM, None, maker, "supervision", "draft", 0, 1, 0)
    with home.store.database.write() as connection:
        note_id = home.store.notes.create(connection, waits, b"words", None)
    back_up()  # before it was put where it belongs
    file_all(home.store)
    home.close()
    good(_run(erase, "record", "--home", house, "amara", "--yes"))
    back_up()
    first = json.loads(good(_list(disk, "--json")))[0]["set"]
    good(_run(restore, "--from", disk, "--home", new, "--set", first, "--keys", house / "keys"))
    with closing(open_home(new)) as found:
        file_all(found.store)
        with pytest.raises(ErasedError):
            found.store.notes.version(note_id, 1)
        assert found.store.notes.all() == []


def test_settings_that_wait_in_the_new_home_are_used(
    back_up: Callable[[], str], house: Path, disk: Path, new: Path, tmp_path: Path
) -> None:
    back_up()
    new.mkdir(mode=0o700)
    given = f'team = "Elsewhere"\nvault = "{tmp_path / "blobs"}"\n'
    (new / "config.toml").write_text(given)
    good(_run(restore, "--from", disk, "--home", new, "--keys", house / "keys"))
    assert (new / "config.toml").read_text() == given
    found = open_home(new)
    assert _said(found.store) == SAID
    assert not (new / "vault").exists()
    found.close()


def test_a_home_moves_to_a_database_server(
    back_up: Callable[[], str], house: Path, disk: Path, new: Path, request: pytest.FixtureRequest
) -> None:
    back_up()
    databases = PostgresDatabases(request.getfixturevalue("server"))
    new.mkdir(mode=0o700)
    (new / "config.toml").write_text(f'database = "{databases.empty()}"\n')
    good(_run(restore, "--from", disk, "--home", new, "--keys", house / "keys"))
    found = open_home(new)
    assert found.store.database.engine.name == "postgresql"
    assert _said(found.store) == SAID
    assert found.store.audit.verify() > 0
    found.close()
    elsewhere = disk.with_name("elsewhere")
    good(_run(backup, "--home", new, "--to", elsewhere))
    good(_run(backup, "drill", "--home", new, "--from", elsewhere))
    databases.drop()


# --- what is refused --------------------------------------------------------------------------


def test_a_backup_does_not_go_into_what_is_backed_up(house: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(house)
    inside = (house, house / "x", house / "vault" / "x", house / "intake", tmp_path / "link" / "x")
    for to in inside:
        refused(_run(backup, "--home", house, "--to", to), UsageError, "does not go into the home")
    refused(_run(backup, "--home", house), UsageError, "--to")


def test_only_a_new_folder_becomes_a_home(
    back_up: Callable[[], str], house: Path, disk: Path, new: Path
) -> None:
    back_up()
    argv = ("--from", disk, "--home", new, "--keys", house / "keys")
    refused(_run(restore, "--from", disk, "--home", house), ConfigError, "is not empty")
    new.mkdir()
    (new / "somebodys").touch()
    refused(_run(restore, *argv), ConfigError, "is not empty")
    (new / "somebodys").unlink()
    refused(_run(restore, *argv, "--set", "nobody"), ConfigError, "no one set")
    refused(_run(restore, *argv, "--shares"), UsageError, "not both")
    refused(_run(restore, "--from", new, "--home", new / "x"), ConfigError, "no backups")
    assert list(new.iterdir()) == []
    good(_run(restore, *argv))


def test_a_vault_or_database_in_use_is_never_restored_into(
    back_up: Callable[[], str], house: Path, disk: Path, new: Path
) -> None:
    back_up()
    settings = load(house)
    before = {path: path.read_bytes() for path in Path(settings.vault).rglob("*") if path.is_file()}
    for line, words in (
        (f'database = "{settings.database}"', "database to restore into is not empty"),
        (f'vault = "{settings.vault}"', "vault to restore into is not empty"),
        (f'keys = "{settings.keys}"', "there are keys in"),
    ):
        new.mkdir(mode=0o700)
        (new / "config.toml").write_text(f"{line}\n")
        argv = ("--from", disk, "--home", new, "--keys", settings.keys)
        refused(_run(restore, *argv), ConfigError, words)
        shutil.rmtree(new)
    assert {p: p.read_bytes() for p in Path(settings.vault).rglob("*") if p.is_file()} == before
    assert KeyStore(settings.keys).load().roots
    found = open_home(house)
    assert _said(found.store) == SAID
    found.close()


def test_a_restore_that_is_cut_off_leaves_no_home(
    back_up: Callable[[], str], house: Path, disk: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up()
    argv = ("--from", disk, "--home", new, "--keys", house / "keys")

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("recorder.restoring.carry", cut)
        _run(restore, *argv)
    with pytest.raises(ConfigError, match="there is no Recorder home"):
        open_home(new)
    refused(_run(restore, *argv), ConfigError, "is not empty")


# --- drills -----------------------------------------------------------------------------------


def test_a_drill_opens_everything_and_leaves_nothing(
    back_up: Callable[[], str], house: Path, disk: Path, tmp_path: Path
) -> None:
    back_up()
    scratch = tmp_path / "scratch"
    argv = ("drill", "--home", house, "--from", disk, "--scratch", scratch)
    printed = good(_run(backup, *argv))
    assert "0.0 days old" in printed
    assert f"1 recordings ({len(SAID)} bytes)" in printed
    assert "everything in it opens" in printed
    found = json.loads(good(_run(backup, *argv, "--json")))
    assert (found["failures"], found["recordings"], found["bytes"]) == ([], 1, len(SAID))
    assert found["rows"]["cases"] == 1
    assert list(scratch.iterdir()) == []


def test_a_drill_without_the_home_takes_its_key_file_or_shares(
    back_up: Callable[[], str], house: Path, disk: Path, tmp_path: Path
) -> None:
    sheets = _shares(house, tmp_path / "shares")
    back_up()
    nowhere = ("drill", "--home", tmp_path / "nowhere", "--from", disk)
    failed = _run(backup, *nowhere)
    assert failed.exit_code == 1
    assert "cannot be opened" in failed.stderr
    good(_run(backup, *nowhere, "--keys", house / "keys"))
    good(_run(backup, *nowhere, "--share", sheets[0], "--share", sheets[1]))
    assert not (tmp_path / "nowhere").exists()


def test_a_drill_says_which_recording_does_not_open(
    back_up: Callable[[], str], house: Path, disk: Path
) -> None:
    back_up()
    (blob,) = [each for each in (disk / "blobs").rglob("*") if each.is_file()]
    content = bytearray(blob.read_bytes())
    content[len(content) // 2] ^= 1
    blob.write_bytes(content)
    found = open_home(house)
    (recording,) = found.store.recordings.all()
    found.close()
    failed = _run(backup, "drill", "--home", house, "--from", disk)
    assert failed.exit_code == 1
    assert f"FAILS: recording {recording.id}" in failed.stdout
    argv = ("--from", disk, "--home", disk.with_name("new"), "--keys", house / "keys")
    restored = _run(restore, *argv)
    assert restored.exit_code == 1
    assert f"FAILS: recording {recording.id}" in restored.stdout
    kept = open_home(disk.with_name("new"))
    assert len(kept.store.cases.all()) == 1
    kept.close()


def test_what_was_damaged_when_it_was_backed_up_is_told_every_time(
    house: Path, disk: Path, new: Path
) -> None:
    found = open_home(house)
    (blob,) = found.store.vault.ids()
    found.store.vault.delete(blob)
    (recording,) = found.store.recordings.all()
    found.close()
    made = _run(backup, "--home", house, "--to", disk)
    assert made.exit_code == 1
    assert f"NOT in it: recording {recording.id}" in made.stdout
    for done in (
        _run(backup, "drill", "--home", house, "--from", disk),
        _run(restore, "--from", disk, "--home", new, "--keys", house / "keys"),
    ):
        assert done.exit_code == 1
        assert f"FAILS: {recording.id}: its blob was damaged when" in done.stdout


def test_what_is_listed_needs_no_key(back_up: Callable[[], str], disk: Path, house: Path) -> None:
    back_up()
    shutil.rmtree(house)
    (name,) = [each.name for each in (disk / "sets").iterdir()]
    assert f"{name}  1 recordings, kept until" in good(_list(disk))
    (disk / "sets" / name / "manifest.txt").write_text("?")
    assert f"{name}  DAMAGED" in good(_list(disk))


# --- the reminder -----------------------------------------------------------------------------


def test_an_old_backup_is_warned_of(
    back_up: Callable[[], str], house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No backup yet" in good(_run(status, "--home", house))
    assert _finding(house)["well"]  # there has been nothing to keep for longer than a week
    _age(house, 8)
    assert not _finding(house)["well"]
    assert "Needs attention: backup" in good(_run(status, "--home", house))
    back_up()
    assert _finding(house)["well"]
    assert "Last backup:" in good(_run(status, "--home", house))
    assert json.loads(good(_run(status, "--home", house, "--json")))["last_backup_at"]
    monkeypatch.setenv("RECORDER_BACKUP_WARN_DAYS", "-1")  # as if time had passed
    assert not _finding(house)["well"]


def _finding(house: Path) -> dict[str, Any]:
    found = json.loads(_run(doctor, "--home", house, "--json").stdout)
    return next(each for each in found if each["check"] == "backup")


def _age(house: Path, days: int) -> None:
    """Let everything here have happened so many days earlier."""
    found = open_home(house)
    at = now_ms() - days * DAY
    with found.store.database.write() as connection:
        connection.execute(identities.update().values(created_at=at))
        connection.execute(backups.update().values(made_at=at))
    found.close()


def _list(disk: Path, *arguments: str) -> Result:
    return _run(backup, "list", "--from", disk, *arguments)


def test_a_new_home_needs_no_backup(tmp_path: Path) -> None:
    create_home(tmp_path / "fresh").close()
    assert _finding(tmp_path / "fresh")["well"]

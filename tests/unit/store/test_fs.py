from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from store import fs, private
from store.fs import DISK, TEMPORARY, Disk
from store.vault import LocalVault


def test_a_saved_file_is_whole_and_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    assert fs.save(DISK, path, [b"ab", b"", b"c"]) == 3
    assert path.read_bytes() == b"abc"
    assert path.stat().st_mode & 0o777 == 0o600


def test_saving_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    fs.save(DISK, path, [b"old and longer"])
    fs.save(DISK, path, [b"new"])
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_writing_refuses_what_is_there_even_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        fs.write(DISK, tmp_path / "link", [b"x"])
    assert not (tmp_path / "elsewhere").exists()


def test_folders_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    fs.make_folders(DISK, tmp_path / "a" / "b")
    fs.make_folders(DISK, tmp_path / "a" / "b")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("failing", ["write", "sync", "rename", "sync_folder"])
def test_a_step_that_fails_leaves_the_old_file_and_no_part(tmp_path: Path, failing: str) -> None:
    class Worn(Disk):
        pass

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    setattr(Worn, failing, fail)
    path = tmp_path / "file"
    fs.save(DISK, path, [b"old"])
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        fs.save(Worn(), path, [b"new"])
    # Once it is renamed the new file is in place, though nobody may rely on it yet.
    assert path.read_bytes() == (b"new" if failing == "sync_folder" else b"old")
    assert not list(tmp_path.glob(f"*{TEMPORARY}"))


def test_a_system_that_takes_a_little_at_a_time_is_given_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: whole(handle, data[:3]))
    assert fs.save(DISK, tmp_path / "file", [b"0123456789"]) == 10
    assert (tmp_path / "file").read_bytes() == b"0123456789"


@pytest.mark.usefixtures("waits_for_disks")
@pytest.mark.parametrize("offset", [0, 1 << 20, (3 << 20) - 1])
def test_what_was_synced_is_read_from_the_disk_and_not_from_memory(
    tmp_path: Path, offset: int
) -> None:
    _needs_a_disk(tmp_path)
    fs.save(DISK, tmp_path / "file", [bytes(1 << 20)] * 3)
    # One question only: asking makes some systems fetch what was asked for.
    assert not _in_memory(tmp_path / "file", offset)


def test_a_system_that_cannot_be_asked_to_let_go_saves_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "posix_fadvise")
    assert fs.save(DISK, tmp_path / "file", [bytes(1 << 20), b"x"]) == (1 << 20) + 1


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.EIO])
def test_only_a_share_that_cannot_sync_a_folder_is_forgiven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    if number == errno.EIO:
        with pytest.raises(OSError, match=os.strerror(number)):
            DISK.sync_folder(tmp_path)
    else:
        DISK.sync_folder(tmp_path)


def _needs_a_disk(folder: Path) -> None:
    """Skip where files lie in memory only, or nobody says whether they do."""
    path = folder / "other"
    path.write_bytes(b"x")
    if not _in_memory(path):
        pytest.skip("this system does not say what it holds in memory")
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    if _in_memory(path):
        pytest.skip("this file system holds everything in memory")


def _in_memory(path: Path, offset: int = 0) -> bool:
    """Whether the system could give a byte without asking the disk."""
    with path.open("rb", buffering=0) as file:
        try:
            return os.preadv(file.fileno(), [bytearray(1)], offset, os.RWF_NOWAIT) == 1
        except OSError:
            return False


def test_what_a_crash_left_half_written_goes_after_a_day(tmp_path: Path) -> None:
    old, new, other = (tmp_path / name for name in (".a.1.part", ".b.2.part", "c.part"))
    for path in (old, new, other):
        path.write_bytes(b"half")
    for path in (old, other):
        os.utime(path, (time.time() - 90_000,) * 2)
    fs.remove_unfinished(DISK, tmp_path)
    assert sorted(tmp_path.iterdir()) == [new, other]


def test_a_vault_and_a_private_file_clear_up_where_they_write(tmp_path: Path) -> None:
    left = [tmp_path / "vault" / "ab" / ".x.part", tmp_path / "keys" / ".y.part"]
    for path in left:
        path.parent.mkdir(parents=True)
        path.write_bytes(b"half")
        os.utime(path, (time.time() - 90_000,) * 2)
    LocalVault(tmp_path / "vault").put("ab" * 16, [b"x"])
    private.replace(tmp_path / "keys" / "file", b"x")
    assert not any(path.exists() for path in left)

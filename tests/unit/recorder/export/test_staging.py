"""A folder, or a file, appears whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from recorder.export.staging import remove_abandoned, staged, staged_file, write_file


def test_the_folder_stands_only_when_the_block_has_ended(tmp_path: Path) -> None:
    target = tmp_path / "pack"
    with staged(target) as folder:
        write_file(folder / "a.txt", b"one")
        assert not target.exists()
    assert (target / "a.txt").read_bytes() == b"one"
    assert [entry.name for entry in tmp_path.iterdir()] == ["pack"]


def test_nothing_is_left_when_the_block_raises(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), staged(tmp_path / "pack") as folder:
        write_file(folder / "a.txt", b"one")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_gives_way(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    with staged(tmp_path / "pack") as folder:
        write_file(folder / "a.txt", b"one")
    assert (tmp_path / "pack" / "a.txt").exists()


def test_a_folder_that_came_into_use_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    target = tmp_path / "pack"
    with pytest.raises(OSError, match="not empty"), staged(target) as folder:
        write_file(folder / "a.txt", b"one")
        target.mkdir()
        (target / "theirs.txt").write_text("theirs")
    assert [entry.name for entry in target.iterdir()] == ["theirs.txt"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["pack"]


def test_only_the_owner_may_read_what_was_written(tmp_path: Path) -> None:
    with staged(tmp_path / "pack") as folder:
        write_file(folder / "a.txt", b"one")
    assert (tmp_path / "pack").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "pack" / "a.txt").stat().st_mode & 0o777 == 0o600


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    write_file(tmp_path / "a.txt", b"one")
    with pytest.raises(FileExistsError):
        write_file(tmp_path / "a.txt", b"two")
    assert (tmp_path / "a.txt").read_bytes() == b"one"


def test_what_a_killed_export_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".recording-0123456789abcdef.part").write_bytes(b"what was said")
    abandoned = tmp_path / ".mosaic-0123456789abcdef.part"
    abandoned.mkdir()
    (abandoned / "note.json").write_text("{}")
    remove_abandoned(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_another_export_is_writing_is_left_alone(tmp_path: Path) -> None:
    with staged(tmp_path / "pack") as folder:
        remove_abandoned(tmp_path)
        write_file(folder / "a.txt", b"one")
    assert (tmp_path / "pack" / "a.txt").exists()


@pytest.mark.parametrize("name", [".mosaic-1.part", "mosaic-0123456789abcdef.part", ".hidden"])
def test_folders_of_others_are_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    remove_abandoned(tmp_path)
    assert (tmp_path / name).exists()


def test_a_link_is_never_followed_to_remove_what_it_points_at(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / ".mosaic-0123456789abcdef.part").symlink_to(tmp_path / "theirs")
    remove_abandoned(tmp_path / "in")
    assert (tmp_path / "theirs").exists()


def _failing_fsync(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    real = os.fsync

    def fsync(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(code, os.strerror(code))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)


def test_a_file_system_that_cannot_sync_folders_is_good_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _failing_fsync(monkeypatch, errno.EINVAL)
    with staged(tmp_path / "pack") as folder:
        write_file(folder / "a.txt", b"one")
    assert (tmp_path / "pack" / "a.txt").exists()


def test_a_disk_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _failing_fsync(monkeypatch, errno.EIO)
    with pytest.raises(OSError, match="Input/output"), staged(tmp_path / "pack") as folder:
        write_file(folder / "a.txt", b"one")
    assert list(tmp_path.iterdir()) == []


# --- one file -------------------------------------------------------------------------------------


def test_the_file_stands_only_when_the_block_has_ended(tmp_path: Path) -> None:
    target = tmp_path / "note.wav"
    with staged_file(target) as path:
        write_file(path, b"one")
        assert not target.exists()
        remove_abandoned(tmp_path)
    assert target.read_bytes() == b"one"
    assert target.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [target]


def test_no_file_is_left_when_the_block_raises(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), staged_file(tmp_path / "note.wav") as path:
        write_file(path, b"one")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_came_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    target = tmp_path / "note.wav"
    with pytest.raises(FileExistsError), staged_file(target) as path:
        write_file(path, b"one")
        target.symlink_to(tmp_path / "elsewhere")
    assert list(tmp_path.iterdir()) == [target]
    assert target.is_symlink()


def test_a_disk_that_fails_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _failing_fsync(monkeypatch, errno.EIO)
    with pytest.raises(OSError, match="Input/output"), staged_file(tmp_path / "note.wav") as path:
        write_file(path, b"one")
    assert list(tmp_path.iterdir()) == []

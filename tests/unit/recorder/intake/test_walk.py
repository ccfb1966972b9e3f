import os
import socket
from pathlib import Path

import pytest

from recorder.errors import IntakeError
from recorder.intake.walk import MAX_DEPTH, walk


def fill(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_every_file_at_every_depth_is_met(tmp_path: Path) -> None:
    wanted = {
        fill(tmp_path / "a.wav"),
        fill(tmp_path / "p/c/b.wav"),
        fill(tmp_path / "p/c/d/e.wav"),
    }
    walked = walk(tmp_path)
    assert {path for path, _ in walked.files} == wanted
    assert (walked.unreadable, walked.too_deep, walked.ignored) == ([], [], 0)


def test_by_products_links_and_devices_are_counted_not_met(tmp_path: Path) -> None:
    fill(tmp_path / "p/.DS_Store")
    fill(tmp_path / "p/@eaDir/thumb.jpg")
    outside = fill(tmp_path / "outside/secret.wav")
    root = tmp_path / "p"
    (root / "link.wav").symlink_to(outside)
    (root / "linked").symlink_to(outside.parent)
    (root / "dangling.wav").symlink_to(tmp_path / "nothing")
    os.mkfifo(root / "pipe.wav")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(os.path.relpath(root / "socket.wav"))
        walked = walk(root)
    assert walked.files == []
    assert walked.ignored == 7


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    (tmp_path / "again").symlink_to(tmp_path)
    assert walk(tmp_path).ignored == 1


def test_folders_too_deep_are_reported(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * (MAX_DEPTH + 1))
    fill(deep / "a.wav")
    walked = walk(tmp_path)
    assert walked.files == []
    assert walked.too_deep == [deep]


def test_names_that_are_no_text_are_met(tmp_path: Path) -> None:
    fill(tmp_path / os.fsdecode(b"caf\xe9.wav"))
    assert len(walk(tmp_path).files) == 1


@pytest.mark.parametrize("missing", ["nothing", "file/inside"])
def test_a_root_that_cannot_be_read_is_an_error(tmp_path: Path, missing: str) -> None:
    fill(tmp_path / "file")
    with pytest.raises(IntakeError):
        walk(tmp_path / missing)


def test_what_vanishes_while_walking_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "gone.wav")
    fill(tmp_path / "folder/inside.wav")
    fill(tmp_path / "stays.wav")
    real = Path.lstat

    def vanish(path: Path) -> os.stat_result:
        if path.name == "gone.wav":
            path.unlink()
        status = real(path)
        if path.name == "folder":
            (path / "inside.wav").unlink()
            path.rmdir()
        return status

    monkeypatch.setattr(Path, "lstat", vanish)
    walked = walk(tmp_path)
    assert [path.name for path, _ in walked.files] == ["stays.wav"]
    assert walked.unreadable == []


def test_what_cannot_be_looked_at_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "bad.wav")
    fill(tmp_path / "closed/inside.wav")
    real_lstat, real_scandir = Path.lstat, os.scandir

    def lstat(path: Path) -> os.stat_result:
        if path.name == "bad.wav":
            raise OSError(5, "injected")
        return real_lstat(path)

    def scandir(path: Path) -> "os._ScandirIterator[str]":
        if path.name == "closed":
            raise PermissionError(13, "injected")
        return real_scandir(str(path))

    monkeypatch.setattr(Path, "lstat", lstat)
    monkeypatch.setattr(os, "scandir", scandir)
    walked = walk(tmp_path)
    assert sorted(path.name for path, _ in walked.unreadable) == ["bad.wav", "closed"]

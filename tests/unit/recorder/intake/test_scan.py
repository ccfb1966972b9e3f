import logging
import os
import wave
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn

import pytest
from PIL import Image

from recorder.intake import scan as scanning
from recorder.intake.attention import Attention
from recorder.intake.scan import ScanResult, Signature, Verdict, scan
from recorder.intake.settle import Tracker
from recorder.intake.walk import MAX_DEPTH, Walked
from recorder.media.readable import FileReadable

LATE = 10_000.0


def sound(frames: int = 200) -> bytes:
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(frames * 2))
    return out.getvalue()


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (20, 20)).save(out, "JPEG")
    return out.getvalue()


def fill(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


class Folder:
    """A watched folder with its tracker and its clock."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now = 0.0
        self.tracker: Tracker[Verdict] = Tracker(quiet_seconds=30)

    def look(self, seconds: float = 0) -> ScanResult:
        self.now += seconds
        return scan(self.root, self.tracker, self.now)

    def settled(self) -> ScanResult:
        for _ in range(3):
            result = self.look(15)
        return result


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "intake").mkdir()
    return Folder(tmp_path / "intake")


def only_attention(result: ScanResult) -> Attention:
    assert (result.ready, result.waiting) == ((), ())
    (attention,) = result.attention
    assert attention.sentence.endswith(".")
    return attention


def reasons(result: ScanResult) -> list[str]:
    assert not result.ready
    assert not result.attention
    return [each.reason for each in result.waiting]


def test_a_whole_file_is_ready_once_it_has_settled(folder: Folder) -> None:
    path = fill(folder.root / "maya/K-17/note.wav", sound())
    assert reasons(folder.look()) == ["arriving"]
    assert reasons(folder.look(20)) == ["settling"]
    (arrived,) = folder.look(20).ready
    assert arrived.path == path
    assert str(arrived.relative) == "maya/K-17/note.wav"
    assert (arrived.place.practitioner, arrived.place.case_ref) == ("maya", "K-17")
    assert arrived.media_type.key == "wav"
    assert arrived.signature == Signature.of(path.stat())


def test_files_there_at_start_up_settle_like_any_other(folder: Folder) -> None:
    path = fill(folder.root / "m/c/note.wav", sound())
    os.utime(path, (1, 1))
    assert reasons(folder.look()) == ["arriving"]


def test_a_file_still_being_written_is_never_ready(folder: Folder) -> None:
    whole = sound(5_000)
    for end in range(100, len(whole), 500):
        fill(folder.root / "m/c/note.wav", whole[:end])
        assert reasons(folder.look(29)) == ["arriving"]


def test_a_file_replaced_under_its_old_time_settles_anew(folder: Folder) -> None:
    path = fill(folder.root / "m/c/note.wav", sound())
    os.utime(path, (1, 1))
    assert folder.settled().ready
    other = fill(folder.root.parent / "other", sound(100) + b"x" * 200)
    os.utime(other, (1, 1))
    other.replace(path)
    assert reasons(folder.look(5)) == ["arriving"]


def test_a_file_at_rest_without_its_end_waits_and_then_asks_for_help(folder: Folder) -> None:
    path = fill(folder.root / "m/c/note.wav", sound()[:-100])
    assert reasons(folder.settled()) == ["incomplete"]
    assert reasons(folder.look(500)) == ["incomplete"]
    assert only_attention(folder.look(100)).code == "incomplete"
    path.write_bytes(sound())
    assert folder.settled().ready


def test_an_end_that_arrives_without_a_new_time_is_noticed(folder: Folder) -> None:
    path = fill(folder.root / "m/c/note.wav", sound()[:-100] + bytes(100))
    path.write_bytes(b"RIFF\xff\xff\0\0" + path.read_bytes()[8:])
    os.utime(path, (1, 1))
    assert reasons(folder.settled()) == ["incomplete"]
    assert only_attention(folder.look(LATE)).code == "incomplete"
    with path.open("r+b") as file:
        file.write(sound()[:8])
    os.utime(path, (1, 1))
    assert folder.settled().ready  # the time of its content is the old one, that of its state not


def test_an_empty_file_waits_and_then_asks_for_help(folder: Folder) -> None:
    fill(folder.root / "m/c/note.wav", b"")
    assert reasons(folder.settled()) == ["empty"]
    assert only_attention(folder.look(LATE)).code == "empty"


def test_what_is_not_taken_asks_for_help_at_once(folder: Folder) -> None:
    fill(folder.root / "m/c/list.mp3", b"#EXTM3U\nhttp://127.0.0.1/")
    assert "playlist" in only_attention(folder.settled()).sentence
    assert only_attention(folder.look(LATE)).code == "not_taken"
    assert only_attention(folder.look(1)).code == "not_taken"


def test_a_damaged_file_asks_for_help(folder: Folder) -> None:
    fill(folder.root / "m/c/drawing.jpg", b"\xff\xd8\xff\xe0\0\x02" + b"\0" * 9)
    assert only_attention(folder.settled()).code == "damaged"


def test_a_file_is_looked_into_once_while_it_does_not_change(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = list[int]()

    class Counting(FileReadable):
        def __init__(self, fd: int) -> None:
            opened.append(fd)
            super().__init__(fd)

    monkeypatch.setattr(scanning, "FileReadable", Counting)
    fill(folder.root / "m/c/note.wav", sound())
    folder.settled()
    folder.look(LATE)
    assert len(folder.look(LATE).ready) == len(opened) == 1


def test_each_file_is_in_one_list_in_order(folder: Folder) -> None:
    for name in ("c", "a", "b"):
        fill(folder.root / f"m/k/{name}.wav", sound())
    fill(folder.root / "m/k/photo.JPG", picture())
    fill(folder.root / "m/k/letter.pdf", b"%PDF-1.7")
    fill(folder.root / "m/k/.DS_Store", b"x")
    result = folder.settled()
    assert [each.path.name for each in result.ready] == ["a.wav", "b.wav", "c.wav", "photo.JPG"]
    assert [each.path.name for each in result.attention] == ["letter.pdf"]
    assert result.ignored == 1


def test_a_vanished_file_is_forgotten(folder: Folder) -> None:
    path = fill(folder.root / "m/c/note.wav", sound())
    assert folder.settled().ready
    path.unlink()
    assert folder.look(1) == ScanResult((), (), (), 0)
    fill(path, sound())
    assert reasons(folder.look(LATE)) == ["arriving"]


def failing(error: OSError, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> NoReturn:
        raise error

    monkeypatch.setattr(os, "open", fail)


@pytest.mark.parametrize("error", [PermissionError(13, "x"), OSError(5, "x"), OSError(36, "x")])
def test_a_file_that_cannot_be_read_asks_for_help_and_heals(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    fill(folder.root / "m/c/note.wav", sound())
    with monkeypatch.context() as patched:
        failing(error, patched)
        assert only_attention(folder.settled()).code == "unreadable"
        assert only_attention(folder.look(LATE)).code == "unreadable"
    assert folder.look(1).ready


def test_a_machine_out_of_means_makes_files_wait(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(folder.root / "m/c/note.wav", sound())
    with monkeypatch.context() as patched:
        failing(OSError(24, "too many open files"), patched)
        assert reasons(folder.settled()) == ["busy"]
    assert folder.look(1).ready


def swap_before_open(monkeypatch: pytest.MonkeyPatch, swap: object) -> None:
    real = os.open

    def swapped(path: Path, flags: int) -> int:
        if callable(swap):
            swap(path)
        return real(path, flags)

    monkeypatch.setattr(os, "open", swapped)


def test_a_link_or_pipe_put_in_place_of_a_file_is_not_opened(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = fill(folder.root.parent / "secret.wav", sound())
    fill(folder.root / "m/c/link.wav", sound())
    fill(folder.root / "m/c/pipe.wav", sound())
    fill(folder.root / "m/c/gone.wav", sound())
    fill(folder.root / "m/c/grown.wav", sound())

    def swap(path: Path) -> None:
        if path.name == "grown.wav":
            path.write_bytes(sound(900))
            return
        path.unlink()
        if path.name == "link.wav":
            path.symlink_to(secret)
        elif path.name == "pipe.wav":
            os.mkfifo(path)

    swap_before_open(monkeypatch, swap)
    assert reasons(folder.settled()) == ["arriving", "arriving", "arriving"]


def test_a_file_only_in_the_cloud_waits_and_then_asks_for_help(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = fill(folder.root / "m/c/note.wav", sound())
    real = path.stat()
    status = SimpleNamespace(
        st_size=real.st_size,
        st_mtime_ns=real.st_mtime_ns,
        st_ino=real.st_ino,
        st_dev=real.st_dev,
        st_ctime_ns=real.st_ctime_ns,
        st_file_attributes=0x40_0000,
    )
    walked = Walked()
    walked.files.append((path, status))  # type: ignore[arg-type]  # as Windows gives it
    monkeypatch.setattr(scanning, "walk", lambda _: walked)
    assert reasons(folder.settled()) == ["placeholder"]
    assert "Always keep" in only_attention(folder.look(LATE)).sentence


def test_a_folder_that_cannot_be_entered_asks_for_help(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    walked = Walked()
    walked.unreadable.append((folder.root / "m", PermissionError(13, "x")))
    monkeypatch.setattr(scanning, "walk", lambda _: walked)
    assert "permission" in only_attention(folder.look()).sentence


def test_a_folder_too_deep_asks_for_help(folder: Folder) -> None:
    fill(folder.root.joinpath(*["d"] * (MAX_DEPTH + 1), "a.wav"), sound())
    assert only_attention(folder.settled()).code == "too_deep"


def test_a_reserved_file_is_held_back_and_then_asks_for_help(folder: Folder) -> None:
    path = folder.root / "m/c/video.mp4"
    fill(path, (20).to_bytes(4, "big") + b"ftypisom" + bytes(8))
    with path.open("r+b") as file:
        file.truncate(10_000_000)
    assert reasons(folder.settled()) == ["sparse"]
    assert reasons(folder.look(300)) == ["sparse"]
    assert only_attention(folder.look(LATE)).code == "sparse"


def test_thousands_of_files_are_each_found_once(folder: Folder) -> None:
    data = sound(10)
    for number in range(2_000):
        fill(folder.root / f"m{number % 3}/c{number % 7}/{number}.wav", data)
    result = folder.settled()
    assert len({each.path for each in result.ready}) == len(result.ready) == 2_000


def test_nothing_about_a_file_is_logged_or_said(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fill(folder.root / "kieran-x/K-17/about-kieran.wav", b"kieran said #EXTM3U")
    fill(folder.root / "kieran-x/K-17/about-kieran.kieran", sound())
    sentences = [each.sentence for each in folder.settled().attention]
    assert len(sentences) == 2
    assert "kieran" not in "".join(sentences).lower()
    assert caplog.records == []

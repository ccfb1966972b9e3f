"""The rules of intake: what is left out, what is waited for, and what no folder can make it do."""

from __future__ import annotations

import os
import socket
import stat
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from recorder.errors import IntakeError
from recorder.intake import identify, receive, scan, walk, watch
from recorder.intake.identify import is_ignored, is_ignored_folder
from recorder.intake.unwritten import has_hole, is_being_written
from recorder.intake.walk import Walked
from recorder.media.readable import Readable, blocks
from store.cases import CaseDetails
from store.journal import (
    ARRIVING,
    ATTENTION,
    DUPLICATE,
    GONE,
    NOT_REMOVED,
    REMOVED,
    SEALED,
    SETTLING,
)
from tests.integration.intake.desk import Desk, sound, streamed
from tests.integration.intake.mounts import mounted

ROOT = Path(__file__).parents[3]

# --- what is left out ---------------------------------------------------------------------------

LEFT_OUT = [
    "~$Minutes.docx",
    ".~lock.note.wav#",
    "note.tmp",
    "NOTE.TMP",
    "note~RF3f2a91.TMP",
    "note.wav.partial",
    "note.wav.part",
    "note.wav.crdownload",
    "note.wav.download",
    "note.wav.opdownload",
    "note.wav.filepart",
    "note.wav.aria2",
    "note.wav.!ut",
    "note.wav.!sync",
    "note.wav~",
    ".syncthing.note.wav.tmp",
    "~syncthing~note.wav.tmp",
    "._note.wav",
    ".DS_Store",
    "desktop.ini",
    "Thumbs.db",
    "ehthumbs.db",
    "Icon\r",
    ".hidden.wav",
]


def test_by_products_of_other_programs_are_counted_and_nothing_else_is_left_out(desk: Desk) -> None:
    for name in LEFT_OUT:
        (desk.folder / name).write_bytes(sound())
    for name in ("note.wav.download", ".stfolder", "@eaDir", "$RECYCLE.BIN", "__MACOSX"):
        folder = desk.folder / "in" / name
        folder.mkdir(parents=True)
        (folder / "note.wav").write_bytes(sound())
    kept = ["letter.docx", "song", "note.wav.tmp2", "backup.bak", "film.xyz"]
    for name in kept:
        (desk.folder / name).write_bytes(b"dear all")
    desk.settle()
    seen = desk.patience()
    assert seen.ignored == len(LEFT_OUT) + 5
    assert desk.held() == []
    assert sorted(Path(entry.path).name for entry in desk.entries()) == sorted(kept)
    assert {entry.state for entry in desk.entries()} == {ATTENTION}


def test_every_pattern_that_is_left_out_is_written_down() -> None:
    text = (ROOT / "docs" / "INTAKE.md").read_text(encoding="utf-8")
    rules = text[text.index("## What is left out") : text.index("## When a file is taken")]
    named = set(rules.split("`")[1::2])
    patterns = {each.replace("\r", "^M") for each in identify._IGNORED}
    assert patterns | set(identify._IGNORED_FOLDERS) <= named
    assert all(map(is_ignored, LEFT_OUT))
    assert is_ignored_folder("note.WAV.Download")


def test_links_and_what_is_no_file_are_never_opened(desk: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.wav").write_bytes(sound())
    (desk.folder / "link.wav").symlink_to(outside / "secret.wav")
    (desk.folder / "folder").symlink_to(outside, target_is_directory=True)
    (desk.folder / "loop").symlink_to(desk.folder, target_is_directory=True)
    os.mkfifo(desk.folder / "pipe.wav")
    with socket.socket(socket.AF_UNIX) as door:
        here = os.open(desk.folder, os.O_RDONLY)  # a socket's path may not be long
        door.bind(f"/proc/self/fd/{here}/door.wav")
        os.close(here)
        devices = _device(desk.folder / "disk.wav")
        seen = desk.settle()
    assert seen.ignored == 5 + devices
    assert desk.entries() == []
    assert (outside / "secret.wav").exists()


def _device(path: Path) -> int:
    """How many devices could be made: that takes the right to."""
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5))  # zeros without an end
    except PermissionError:
        return 0
    return 1


# --- what is waited for -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        {"st_file_attributes": 0x1000},
        {"st_file_attributes": 0x4_0000},
        {"st_file_attributes": 0x40_0000},
        {"st_flags": 0x4000_0000},
    ],
)
def test_a_file_that_is_only_in_the_cloud_is_never_opened(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, said: dict[str, int]
) -> None:
    file = desk.folder / "note.wav"
    file.write_bytes(sound())
    names = ("st_size", "st_mtime_ns", "st_ctime_ns", "st_ino", "st_dev", "st_mode")

    def as_it_says(root: Path) -> Walked:
        walked = walk.walk(root)
        for number, (path, status) in enumerate(walked.files):
            told = {name: getattr(status, name) for name in names} | said
            walked.files[number] = (path, SimpleNamespace(**told))  # type: ignore[assignment]
        return walked

    with monkeypatch.context() as away:
        away.setattr(scan, "walk", as_it_says)
        away.setattr(scan, "_opened", _never)
        desk.settle()
        assert desk.said(file) == (ARRIVING, "placeholder")
        desk.patience()
        assert desk.said(file) == (ATTENTION, "placeholder")
        assert "Always keep on this device" in desk.entry(file).sentence
    desk.settle()
    assert desk.held() == [sound()]


def _never(*_: object) -> None:
    raise AssertionError("it was opened")


def test_the_stub_that_a_mac_leaves_of_a_recording_is_told_of(desk: Desk) -> None:
    stub = desk.folder / ".note.m4a.icloud"
    stub.write_bytes(b"bplist00" + bytes(150))
    desk.settle()
    assert desk.said(stub) == (ARRIVING, "placeholder")
    desk.patience()
    assert desk.said(stub) == (ATTENTION, "placeholder")
    stub.unlink()
    (desk.folder / "note.wav").write_bytes(sound())
    desk.settle()
    assert desk.held() == [sound()]
    assert desk.said(stub)[0] == GONE


def test_a_stub_under_the_name_of_the_recording_is_told_of(desk: Desk) -> None:
    stub = desk.folder / "note.wav"
    stub.write_bytes(b"online-only placeholder")
    desk.settle()
    assert desk.said(stub)[0] == ATTENTION
    assert desk.held() == []


@pytest.mark.parametrize("how", ["truncate", "fallocate"])
@pytest.mark.parametrize("missing", [0.02, 0.5])
def test_a_file_whose_length_was_reserved_is_not_taken_before_it_is_filled(
    desk: Desk, how: str, missing: float
) -> None:
    """However little is missing, and although its header is there and so it looks whole."""
    whole, file = sound(size=2_000_000), desk.folder / "note.wav"
    there = int(len(whole) * (1 - missing)) // 4096 * 4096
    with file.open("wb") as writer:
        if how == "truncate":
            writer.truncate(len(whole))
        else:
            os.posix_fallocate(writer.fileno(), 0, len(whole))
        writer.write(whole[:there])
    desk.settle()
    desk.look(400)
    assert desk.said(file) == (ARRIVING, "sparse")
    desk.patience()
    assert desk.said(file) == (ATTENTION, "sparse")
    assert desk.held() == []
    with file.open("r+b") as writer:
        writer.seek(there)
        writer.write(whole[there:])
    desk.settle()
    assert desk.held() == [whole]


def test_a_file_with_a_hole_is_taken_once_a_person_says_that_it_is_whole(desk: Desk) -> None:
    whole, file = sound(size=400_000)[:200_000], desk.folder / "note.wav"
    with file.open("wb") as writer:
        writer.write(whole[:4096])
        writer.truncate(400_044)
    content = file.read_bytes()
    desk.settle()
    desk.patience()
    assert desk.said(file) == (ATTENTION, "sparse")
    desk.home.store.files.again(desk.entry(file).id, "test")
    desk.look(1)
    assert desk.held() == [content]
    assert desk.said(file)[0] == REMOVED


def test_what_another_program_has_open_for_writing_is_told_of_after_a_while(desk: Desk) -> None:
    file = desk.folder / "note.wav"
    with file.open("wb") as writer:
        writer.write(sound())
        writer.flush()
        desk.settle()
        assert desk.said(file) == (ARRIVING, "in_use")
        desk.patience()
        assert desk.said(file) == (ATTENTION, "in_use")
    desk.look(1)
    assert desk.held() == [sound()]


def test_reading_a_file_is_not_writing_it(tmp_path: Path) -> None:
    file = tmp_path / "note.wav"
    file.write_bytes(bytes(100_000))
    with file.open("rb") as reader, file.open("rb"):
        assert not is_being_written(reader.fileno())
        assert not has_hole(reader.fileno())
        with file.open("ab"):
            assert is_being_written(reader.fileno())


def _onedrive(folder: Path, content: bytes) -> None:
    (folder / "note.wav").write_bytes(b"")
    (folder / "note~RF1a2b3c.TMP").write_bytes(content)
    (folder / "note.wav").rename(folder / "note~RF9.TMP")
    (folder / "note~RF1a2b3c.TMP").rename(folder / "note.wav")
    (folder / "note~RF9.TMP").unlink()


def _syncthing(folder: Path, content: bytes) -> None:
    passing = folder / ".syncthing.note.wav.tmp"
    passing.write_bytes(content[:100])
    passing.write_bytes(content)
    os.utime(passing, (1_600_000_000, 1_600_000_000))
    passing.rename(folder / "note.wav")


def _safe_save(folder: Path, content: bytes) -> None:
    """As editors save: the old one aside, the new one in its place, the old one away."""
    (folder / "note.wav").write_bytes(content[:500])
    (folder / "note.wav").rename(folder / "note.wav~")
    (folder / "note.wav").write_bytes(content)
    (folder / "note.wav~").unlink()


@pytest.mark.parametrize("dance", [_onedrive, _syncthing, _safe_save])
def test_a_dance_of_names_ends_in_one_recording(
    desk: Desk, dance: Callable[[Path, bytes], None]
) -> None:
    desk.look()
    dance(desk.folder, sound())
    desk.settle()
    assert desk.held() == [sound()]
    assert {entry.state for entry in desk.entries()} <= {REMOVED, GONE}


def test_a_file_that_is_replaced_while_it_is_sealed_is_not_taken_in_part(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, replaced = desk.folder / "note.wav", list[int]()

    def other_half(content: Readable) -> Iterator[bytes]:
        for part in blocks(content):
            yield part
            if not replaced:
                replaced.append(1)
                times = file.stat()
                with file.open("r+b") as writer:  # in its place, of the same length and time
                    writer.write(sound(2))
                os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))

    monkeypatch.setattr("recorder.intake.take.blocks", other_half)
    file.write_bytes(sound(1))
    desk.settle()
    assert replaced
    desk.settle()
    assert desk.held() == [sound(2)]
    assert len(list(desk.home.store.vault.ids())) == 1


def test_the_same_content_under_another_name_is_one_recording_and_both_are_on_record(
    desk: Desk,
) -> None:
    for name in ("note.wav", "the same.wav"):
        (desk.folder / name).write_bytes(sound())
        desk.settle()
    (recording,) = desk.home.store.recordings.all()
    assert desk.held() == [sound()]
    assert _states(desk) == {"note.wav": REMOVED, "the same.wav": DUPLICATE}
    of_it = [e.action for e in desk.home.store.audit.events() if e.object == recording.id]
    assert of_it[:2] == ["recording received", "recording received again"]


def test_a_folder_on_a_network_drive_is_given_twice_the_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "share_of", lambda _: "cifs")
    (desk.folder / "note.wav").write_bytes(sound())
    for seconds in (1, 29, 29):
        desk.look(seconds)
        assert desk.held() == []
    desk.look(2)
    assert desk.held() == [sound()]


def test_clocks_that_step_neither_hurry_nor_stop_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, step = time.time_ns, [0]
    monkeypatch.setattr(time, "time_ns", lambda: real() + step[0])
    whole = streamed()
    file = desk.folder / "note.wav"
    for number, day in enumerate((1, -1, 400, -400)):
        step[0] = day * 86_400_000_000_000
        file.write_bytes(whole[: 1000 + number])
        os.utime(file, (2_000_000_000 - number, 4_000_000_000 if day > 0 else 1))
        desk.look(20)
        assert desk.held() == []
    file.write_bytes(whole)
    os.utime(file, (4_102_444_800, 4_102_444_800))  # in the year 2100
    desk.settle()
    assert desk.held() == [whole]


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("change", [str.upper, str.lower, str])
def test_a_folder_is_known_however_its_name_is_written(
    desk: Desk, form: str, change: Callable[[str], str]
) -> None:
    ref = "Évé-100Ä"
    made = desk.home.store.cases.add(
        CaseDetails(ref, "A", "", ()), desk.team.practitioner.id, "test"
    )
    spelt = unicodedata.normalize(form, change(ref))  # type: ignore[arg-type]
    folder = desk.root / change(desk.team.practitioner.handle) / spelt
    folder.mkdir(parents=True)
    (folder / "note.wav").write_bytes(sound())
    desk.settle()
    (recording,) = desk.home.store.recordings.all()
    assert (recording.case_id, recording.practitioner_id) == (made.id, desk.team.practitioner.id)


def test_names_that_differ_in_their_letters_size_are_two_files(desk: Desk) -> None:
    (desk.folder / "note.wav").write_bytes(sound(1))
    (desk.folder / "NOTE.WAV").write_bytes(sound(2))
    (desk.folder / unicodedata.normalize("NFC", "é.wav")).write_bytes(sound(3))
    (desk.folder / unicodedata.normalize("NFD", "é.wav")).write_bytes(sound(4))
    desk.settle()
    assert desk.held() == sorted(map(sound, (1, 2, 3, 4)))


HOSTILE = [
    b"x" * 251 + b".wav",
    "\u00e9".encode() * 125 + b".wav",
    b"line\nbreak.wav",
    b"\x1b[2J\x1b[31mred.wav",
    "\u202egnp.wav".encode(),
    b"<script>alert(1)</script>.wav".replace(b"/", b"_"),
    b"' OR 1=1; --.wav",
    b"-rf.wav",
    b"$(reboot) `id` %s %n {0}.wav",
    b"CON.wav",
    b" spaces .wav",
    b"C:\\Windows\\note.wav",
    "\U0001f469\u200d\U0001f467.wav".encode(),
    b"..wav.wav"[1:],
]


def test_hostile_names_are_names(desk: Desk) -> None:
    taken = [name for name in HOSTILE if not name.startswith(b".")]
    for number, name in enumerate(taken):
        Path(os.fsdecode(os.fsencode(desk.folder) + b"/" + name)).write_bytes(sound(number))
    desk.settle()
    assert desk.held() == sorted(map(sound, range(len(taken))))
    assert {entry.state for entry in desk.entries()} == {REMOVED}


def test_a_name_that_is_no_text_is_told_of(desk: Desk) -> None:
    file = Path(os.fsdecode(os.fsencode(desk.folder) + b"/caf\xe9\xff.wav"))
    file.write_bytes(sound())
    desk.settle()
    assert desk.said(file) == (ATTENTION, "not_taken")
    file.rename(desk.folder / "cafe.wav")
    desk.settle()
    assert desk.held() == [sound()]


def test_a_path_too_long_to_be_looked_at_is_told_of(desk: Desk) -> None:
    here = os.open(desk.folder, os.O_RDONLY)
    for _ in range(20):  # a path of 5,000 bytes, made a step at a time
        os.mkdir("d" * 250, dir_fd=here)
        deeper = os.open("d" * 250, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    note = os.open("note.wav", os.O_WRONLY | os.O_CREAT, 0o600, dir_fd=here)
    os.write(note, sound())
    os.close(note)
    os.close(here)
    desk.settle()
    assert [(entry.state, entry.reason) for entry in desk.entries()] == [(ATTENTION, "unreadable")]


# --- folders that go away -----------------------------------------------------------------------


def _lying(desk: Desk) -> None:
    """In the folder: a file that is kept there, one that arrives, one that needs somebody."""
    desk.set(after_intake="keep")
    (desk.folder / "kept.wav").write_bytes(sound())
    (desk.folder / "letter.docx").write_bytes(b"dear all")
    desk.settle()
    (desk.folder / "coming.wav").write_bytes(sound(2)[:-10])
    desk.settle()


def _states(desk: Desk) -> dict[str, str]:
    return {Path(entry.path).name: entry.state for entry in desk.entries()}


THERE = {"kept.wav": SEALED, "letter.docx": ATTENTION, "coming.wav": ARRIVING}


@pytest.mark.parametrize("restarted", [False, True])
def test_a_folder_that_is_gone_or_bare_was_not_emptied_by_anybody(
    desk: Desk,
    restarted: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    _lying(desk)
    away = desk.root.with_name("away")
    desk.root.rename(away)
    with pytest.raises(IntakeError):
        desk.look()
    desk.root.mkdir()  # as a mount point looks when nothing is mounted on it
    if restarted:
        desk.restart()
    desk.settle()
    assert _states(desk) == THERE
    desk.root.rmdir()
    away.rename(desk.root)
    desk.settle()
    desk.patience()
    assert _states(desk) == THERE | {"coming.wav": ATTENTION}
    assert desk.held() == [sound()]


def test_a_folder_that_cannot_be_read_was_not_emptied_by_anybody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lying(desk)
    real, stuck = os.scandir, desk.folder.parent

    def refuse(path: Path) -> object:
        if Path(path) == stuck:
            raise PermissionError(13, "x")
        return real(path)

    with monkeypatch.context() as away:
        away.setattr(os, "scandir", refuse)
        desk.settle()
        assert _states(desk) == THERE | {stuck.name: ATTENTION}
    desk.settle()
    assert _states(desk) == THERE | {stuck.name: GONE}


def test_a_drive_that_is_mounted_in_the_folder_may_go_and_come_back(
    desk: Desk, tmp_path: Path
) -> None:
    drive, folder = tmp_path / "drive", desk.folder.parent
    drive.mkdir()
    with mounted(drive, "-t", "tmpfs", "-o", "size=4m", "tmpfs"):
        desk.look()
        with mounted(folder, "--bind", str(drive)):
            _lying(desk)
        assert list(folder.iterdir()) == [desk.folder]
        desk.settle()
        assert _states(desk) == THERE
        with mounted(folder, "--bind", str(drive)):
            desk.settle()
            assert _states(desk) == THERE
            assert desk.held() == [sound()]


# --- sources that stay --------------------------------------------------------------------------


def test_a_source_that_cannot_be_removed_is_kept_safe_once_and_told_of(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = desk.folder / "note.wav"
    file.write_bytes(sound())
    unlink = Path.unlink

    def refuse(path: Path, *options: bool) -> None:
        if path == file:
            raise PermissionError(13, "x")
        unlink(path, *options)

    with monkeypatch.context() as read_only:  # a folder without the right to write in it
        read_only.setattr(Path, "unlink", refuse)
        for _ in range(2):
            desk.settle()
            assert desk.said(file) == (SEALED, NOT_REMOVED)
            desk.restart()
    assert desk.held() == [sound()]
    desk.settle()
    assert desk.said(file) == (REMOVED, None)
    assert not file.exists()


def test_a_kept_source_has_one_entry_however_often_recorder_starts(desk: Desk) -> None:
    desk.set(after_intake="keep")
    (desk.folder / "note.wav").write_bytes(sound())
    (desk.folder / "copy.wav").write_bytes(sound())
    for _ in range(3):
        desk.settle()
        desk.restart()
    assert sorted(_states(desk).values()) == [DUPLICATE, SEALED]
    assert len(desk.entries()) == 2
    (desk.folder / "note.wav").chmod(0o640)  # not the same state, but the same file
    desk.settle()
    assert len(desk.entries()) == 2
    (desk.folder / "note.wav").unlink()
    (desk.folder / "copy.wav").unlink()
    desk.look()
    assert sorted(_states(desk).values()) == [DUPLICATE, REMOVED]


def test_thousands_of_files_are_taken_in_turns_and_each_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = [sound(number, 200) for number in range(30)]
    for number, content in enumerate(contents):
        (desk.folder / f"{number:02}.wav").write_bytes(content)
    take_in = receive.receive

    def slowly(*arguments: object) -> object:
        desk.now += 7  # seconds
        return take_in(*arguments)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(receive, "receive", slowly)
    for _ in range(4):
        desk.look(10)
    assert len(desk.held()) == 3  # then it was time to look at the folder again
    waiting = [entry for entry in desk.entries() if entry.state == SETTLING]
    assert {entry.reason for entry in waiting} == {"queued"}
    assert len(waiting) == 27
    for _ in range(9):
        desk.look(10)
    assert desk.held() == sorted(contents)

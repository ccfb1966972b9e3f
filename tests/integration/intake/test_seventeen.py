"""Seventeen ways in which other watchers lose files or take them twice, each tried on ours.

Every test names the program that it happened to. They go through the real watcher, store and files.
"""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from watchdog.observers.api import BaseObserver

from recorder.errors import ConfigError, IntakeError
from recorder.home import create_home, open_home
from recorder.intake import receive, take, wake
from recorder.intake.claim import Claim
from recorder.intake.receive import Registrar
from recorder.intake.watch import Watcher
from recorder.media.readable import Readable
from recorder.media.sniff import MediaType
from store.errors import DatabaseError
from store.journal import ARRIVING, ATTENTION, REMOVED
from store.records import Recordings
from tests.integration.intake.desk import Desk, sound, streamed

RECORDER = Path(sys.executable).with_name("recorder")


class Killed(BaseException):
    """The process is gone, in the middle of what it did."""


def killed(*_: object) -> None:
    raise Killed


def sealed_once(desk: Desk, *contents: bytes) -> bool:
    """Whether exactly these are in the vault, each once, and nothing lies in the folder."""
    received = [e for e in desk.home.store.audit.events() if e.action == "recording received"]
    assert len(received) == len(contents)
    return desk.held() == sorted(contents) and not [p for p in desk.root.rglob("*") if p.is_file()]


def test_1_a_file_that_arrives_slowly_keeps_no_other_waiting(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """speakr: its check of a file's size blocks the loop, 5 s for each of N files."""
    monkeypatch.setattr(time, "sleep", killed)  # a look never waits
    contents = [sound(number) for number in range(40)]
    for number, content in enumerate(contents):
        (desk.folder / f"{number}.wav").write_bytes(content)
    slow = desk.folder / "slow.wav"
    for size in range(100, 500, 100):  # half a minute
        slow.write_bytes(sound("slow")[:size])
        desk.look(10)
    assert desk.held() == sorted(contents)
    assert desk.said(slow)[0] == ARRIVING


def test_2_no_file_is_renamed_so_none_is_left_under_another_name(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """speakr: its lock by rename leaves `.processing` orphans after a crash."""
    file = desk.folder / "note.wav"
    file.write_bytes(sound())
    with monkeypatch.context() as cut, pytest.raises(Killed):
        cut.setattr(Recordings, "enter", killed)
        desk.settle()
    assert list(desk.folder.iterdir()) == [file]
    desk.restart()
    desk.settle()
    assert sealed_once(desk, sound())


def test_3_a_source_goes_only_once_its_recording_is_there_for_everybody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """speakr: the source is deleted before the record exists."""
    (desk.folder / "note.wav").write_bytes(sound())
    unlink, seen = Path.unlink, list[bytes]()

    def look_first(path: Path, *options: bool) -> None:
        if path.name == "note.wav":
            other = open_home(desk.home.folder)  # as another process would find it now
            (recording,) = other.store.recordings.all()
            seen.append(b"".join(other.store.recordings.open(recording.id)))
            other.close()
        unlink(path, *options)

    monkeypatch.setattr(Path, "unlink", look_first)
    desk.settle()
    assert seen == [sound()]
    assert sealed_once(desk, sound())


def test_4_a_file_that_fails_is_set_aside_once_with_a_sentence(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """speakr: a failing file is renamed back, and tried every 30 s for ever, with no quarantine."""
    bad, good = desk.folder / "bad.wav", desk.folder / "good.wav"
    bad.write_bytes(b"RIFF\x10\0\0\0WAVEjunk\xff\xff\xff\x7f" + bytes(100))
    good.write_bytes(sound())
    looked, judge = list[str](), Registrar.judge

    def counting(taker: Registrar, readable: Readable, name: str) -> MediaType:
        looked.append(name)
        return judge(taker, readable, name)

    monkeypatch.setattr(Registrar, "judge", counting)
    desk.settle()
    assert desk.held() == [sound()]
    desk.patience()
    assert desk.said(bad)[0] == ATTENTION
    assert desk.entry(bad).sentence.endswith(".")
    bad.write_bytes(b"dear all, this is a letter")
    desk.settle()
    desk.patience()
    assert desk.said(bad) == (ATTENTION, "not_taken")
    times = looked.count("bad.wav")
    for _ in range(20):
        desk.look(30)
    assert looked.count("bad.wav") == times
    assert list(desk.folder.iterdir()) == [bad]


def test_5_half_a_file_is_never_taken_however_long_its_writer_rests(desk: Desk) -> None:
    """Scriberr: acts on a file's creation after a fixed sleep: half a video, its source deleted."""
    whole, file = streamed(), desk.folder / "note.wav"
    with file.open("wb") as writer:
        for start in range(0, len(whole), 1000):
            writer.write(whole[start : start + 1000])
            writer.flush()
            desk.settle()
            desk.look(600)
            assert desk.held() == []
    desk.settle()
    assert sealed_once(desk, whole)


def test_6_a_file_that_takes_hours_is_never_given_up_on(desk: Desk) -> None:
    """TSuite #311, paperless-ngx #9698, paperless-ng #1159: gives up after N seconds for good."""
    whole, file = sound(size=40_000), desk.folder / "note.wav"
    for end in range(500, len(whole), 500):
        file.write_bytes(whole[:end])
        desk.look(600)
        assert desk.said(file)[0] == ARRIVING
    file.write_bytes(whole)
    desk.settle()
    assert sealed_once(desk, whole)


def test_7_what_the_journal_knows_of_a_file_keeps_it_from_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TSuite #311: the ledger is written before the import succeeds: "already done" for ever."""

    def fail(*_: object) -> None:
        raise DatabaseError("held")

    file = desk.folder / "note.wav"
    file.write_bytes(sound())
    with monkeypatch.context() as broken:
        broken.setattr(Recordings, "enter", fail)
        desk.settle()
    assert desk.said(file) == (ATTENTION, "not_sealed")
    assert list(desk.home.store.vault.ids()) == []  # nor does each try leave a copy behind
    desk.restart()
    desk.settle()
    assert sealed_once(desk, sound())
    assert desk.said(file)[0] == REMOVED


def test_8_a_file_that_is_there_at_the_start_must_settle_like_any_other(desk: Desk) -> None:
    """paperless: its scan at start-up skips the wait for stability."""
    whole, file = streamed(), desk.folder / "note.wav"
    file.write_bytes(whole[:2000])
    os.utime(file, (1, 1))  # it looks years old
    desk.restart()
    desk.look(600)
    file.write_bytes(whole)
    os.utime(file, (1, 1))
    desk.restart()
    for _ in range(2):
        desk.look(600)
        assert desk.held() == []
    desk.settle()
    assert sealed_once(desk, whole)


def test_9_what_comes_while_nobody_watches_is_taken_by_who_watches_next(desk: Desk) -> None:
    """paperless #13011: the watcher is made anew between batches, and misses what came meanwhile."""
    contents = [sound(number) for number in range(12)]
    for number, content in enumerate(contents):
        (desk.folder / f"{number}.wav").write_bytes(content)
        desk.restart()
        desk.look(20)
        desk.look(20)
    desk.settle()
    assert sealed_once(desk, *contents)


def test_10_events_while_a_file_is_taken_do_not_take_it_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """paperless #13511, buzz #796 and #1619: an event during processing queues the file twice."""
    contents = [sound(number) for number in range(5)]
    seal = take.seal_whole

    def with_events(*arguments: object) -> object:
        for number in range(20):  # real events of the folder, in between
            (desk.folder / f"{number}.part").write_bytes(b"x")
            desk.folder.touch()
        return seal(*arguments)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(receive, "seal_whole", with_events)
    desk.set(settle_seconds=0, scan_seconds=0.05)
    desk.watcher = receive.watcher(desk.home)  # on the real clock
    for number, content in enumerate(contents):
        (desk.folder / f"{number}.wav").write_bytes(content)
    run_until(desk.watcher, lambda: len(desk.held()) == len(contents))
    for part in desk.folder.glob("*.part"):
        part.unlink()
    assert sealed_once(desk, *contents)


@pytest.mark.parametrize("after", ["remove", "keep"])
def test_11_the_same_name_with_other_content_is_another_recording(desk: Desk, after: str) -> None:
    """buzz #1551: "Recording.m4a" once more, with different content, is ignored."""
    desk.set(after_intake=after)
    contents = [sound(number) for number in range(4)]
    for content in contents:  # of one size and one time, and ext4 gives the same inode again
        (desk.folder / "Recording.wav").write_bytes(content)
        os.utime(desk.folder / "Recording.wav", (1_700_000_000, 1_700_000_000))
        desk.settle()
    assert desk.held() == sorted(contents)


@pytest.mark.parametrize("name", ["export", "checkpoints", "keys", "vault"])
@pytest.mark.parametrize("inside", ["intake", "the other"])
def test_12_what_recorder_writes_is_never_taken_in(tmp_path: Path, name: str, inside: str) -> None:
    """buzz #1550: the output folder inside the input folder, and so a loop."""
    made = create_home(tmp_path / "home")
    made.close()
    path = "intake/out" if inside == "intake" else f"{name}/in"
    key = name if inside == "intake" else "intake"
    config = tmp_path / "home" / "config.toml"
    lines = [line for line in config.read_text().splitlines() if not line.startswith(key)]
    config.write_text("\n".join([f'{key} = "{path}"', *lines]))
    with pytest.raises(ConfigError, match="must not lie in one another"):
        open_home(tmp_path / "home")


def test_12_the_home_does_not_lie_in_the_watched_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """buzz #1550, once more: everything that Recorder writes would lie there."""
    monkeypatch.setenv("RECORDER_INTAKE", str(tmp_path))
    with pytest.raises(ConfigError, match="must not lie in"):
        create_home(tmp_path / "home")


@pytest.mark.parametrize("fault", ["silent", "no more of them"])
def test_13_a_drive_without_events_is_looked_at_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """paperless #1975 and #13146: inotify is silent on SMB and NFS, and on mixed mounts."""

    def refuse(_: BaseObserver) -> None:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    if fault == "silent":
        monkeypatch.setattr(wake._Waker, "on_any_event", lambda *_: None)
    else:
        monkeypatch.setattr(BaseObserver, "on_thread_start", refuse)
    desk.set(settle_seconds=0, scan_seconds=0.05)
    desk.watcher = receive.watcher(desk.home)
    (desk.folder / "note.wav").write_bytes(sound())
    run_until(desk.watcher, lambda: desk.held() == [sound()])
    assert sealed_once(desk, sound())


def test_14_a_full_disk_is_waited_for(desk: Desk) -> None:
    """paperless #8329: a transient failure, such as a full disk, is never tried again."""
    file, content = desk.folder / "note.wav", sound(size=12_000_000)
    file.write_bytes(content)
    with no_file_longer_than(9_000_000):
        desk.settle()
        assert desk.said(file) == (ATTENTION, "not_sealed")
        assert desk.entry(file).sentence.endswith(".")
        desk.look(600)
    assert list(desk.home.store.vault.ids()) == []
    desk.look(60)
    assert sealed_once(desk, content)
    assert desk.said(file)[0] == REMOVED


def test_15_a_placeholder_of_no_bytes_is_not_taken(desk: Desk) -> None:
    """Stirling-PDF #1214: placeholders of zero bytes are taken."""
    file = desk.folder / "note.wav"
    file.touch()
    desk.settle()
    assert desk.said(file) == (ARRIVING, "empty")
    desk.patience()
    assert desk.said(file) == (ATTENTION, "empty")
    file.write_bytes(sound())
    desk.settle()
    assert sealed_once(desk, sound())


@pytest.mark.parametrize(
    "passing",
    [
        "~syncthing~note.wav.tmp",
        ".syncthing.note.wav.tmp",
        "note.wav.part",
        "note.wav.crdownload",
        ".~lock.note.wav#",
        "note~RF1a2b3c.TMP",
    ],
)
def test_16_a_sync_programs_own_files_are_passed_over_until_they_are_renamed(
    desk: Desk, passing: str
) -> None:
    """Sync tools: `~syncthing~*.tmp`, `.syncthing.*.tmp`, `.part`, `.crdownload`, `.~lock`."""
    (desk.folder / passing).write_bytes(sound())
    desk.patience()
    assert desk.entries() == []
    (desk.folder / passing).rename(desk.folder / "note.wav")
    desk.settle()
    assert sealed_once(desk, sound())


def test_16_a_file_renamed_over_another_settles_anew_under_the_old_time(desk: Desk) -> None:
    """Sync tools: a rename over a file keeps the old mtime, and the end of a file must be there."""
    file, other = desk.folder / "note.wav", desk.folder / "note.tmp"
    first, second = sound(1), sound(2)
    file.write_bytes(first[:-50])
    other.write_bytes(second)
    for path in (file, other):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    desk.settle()
    assert desk.said(file) == (ARRIVING, "incomplete")
    other.rename(file)
    desk.look(600)
    assert desk.held() == []
    desk.settle()
    assert sealed_once(desk, second)


def test_17_two_homes_do_not_watch_one_folder(desk: Desk) -> None:
    """immich DatabaseLock.LibraryWatch: two processes watch the same folder."""
    argv = [sys.executable, "-c", _HOLD, str(desk.root)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(IntakeError, match="watches this intake folder already"):
            Claim(desk.root).hold()
        told = subprocess.run(
            [str(RECORDER), "receive", "--once", "--home", str(desk.home.folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (told.returncode, "for another home" in told.stderr) == (3, True)
        other.send_signal(signal.SIGKILL)
        other.wait()
    claim = Claim(desk.root)  # the lock has ended with who held it
    claim.hold()
    claim.hold()
    claim.release()


@pytest.mark.parametrize("second", ["in it", "around it", "under another name"])
def test_17_nor_one_that_lies_in_anothers(tmp_path: Path, second: str) -> None:
    """immich DatabaseLock.LibraryWatch, once more: each would take what lies in the inner folder."""
    outer, beside = tmp_path / "team" / "intake", tmp_path / "team" / "other"
    inner = outer / "amara" / "EV-1001"
    for folder in (inner, beside):
        folder.mkdir(parents=True)
    (tmp_path / "link").symlink_to(inner)
    first, then = (inner, outer) if second == "around it" else (outer, inner)
    held = Claim(first)
    held.hold()
    claim = Claim(tmp_path / "link" if second == "under another name" else then)
    with pytest.raises(IntakeError, match="or one in it or around it"):
        claim.hold()
    neighbour = Claim(beside)
    neighbour.hold()  # two that have nothing to do with one another
    neighbour.release()
    held.release()
    claim.hold()
    claim.release()


_HOLD = """
import sys, time
from pathlib import Path
from recorder.intake.claim import Claim
claim = Claim(Path(sys.argv[1]))
claim.hold()
print("held", flush=True)
time.sleep(600)
"""


def run_until(watcher: Watcher, done: Callable[[], bool]) -> None:
    """Watch like `recorder run`, on the real clock, until it has been done."""
    stop, end = threading.Event(), time.monotonic() + 60
    thread = threading.Thread(target=watcher.run, args=(stop,))
    thread.start()
    try:
        while not done():
            assert thread.is_alive(), "the watcher ended"
            assert time.monotonic() < end, "it was not done"
            time.sleep(0.05)
    finally:
        stop.set()
        thread.join()


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """What the system says is that a file may not grow further, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

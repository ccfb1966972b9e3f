"""The child process: what it may do, and what happens when it or its source fails."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise, repeat
from pathlib import Path

import pytest

from recorder.errors import MediaError, Stalled, ToolFailed, ToolMissing, Undecodable
from recorder.media import ffmpeg
from recorder.media.readable import BytesReadable, blocks
from recorder.media.sniff import TYPES
from recorder.media.sound import pcm, probe

DEMUXERS = sorted({found.demuxer for found in TYPES.values() if found.demuxer})
ECHO = "import sys, shutil; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)"


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


def run(program: str, source: Iterator[bytes], stall_seconds: float = 60) -> bytes:
    return b"".join(ffmpeg.stream(python(program), source, stall_seconds=stall_seconds))


def held() -> tuple[str, int, int]:
    """Return our children, and how many threads and open files we have."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    return children, threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture(autouse=True)
def _nothing_is_left_behind() -> Iterator[None]:
    before = held()
    yield
    assert held() == before


@pytest.mark.parametrize("demuxer", DEMUXERS)
def test_a_command_allows_pipes_and_one_demuxer_only(demuxer: str) -> None:
    for argv in (
        ffmpeg.decode_argv(demuxer, rate=16_000, max_seconds=9),
        ffmpeg.probe_argv(demuxer),
    ):
        pairs = dict(pairwise(argv))
        assert pairs["-protocol_whitelist"] == "pipe"
        assert demuxer in pairs["-format_whitelist"].split(",")
        assert argv.index("-format_whitelist") < argv.index("-i")
        assert pairs["-i"] == "pipe:0"
        assert ("-enable_drefs" in argv) == (demuxer == "mov")


def test_bytes_go_in_and_come_out() -> None:
    data = os.urandom(1_000_003)
    assert run(ECHO, blocks(BytesReadable(data))) == data


def test_the_child_knows_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FFREPORT", "file=/tmp/canary.log")
    seen = run("import os; print(sorted(os.environ), os.getcwd())", iter(()))
    assert b"FFREPORT" not in seen
    assert b"LC_ALL" in seen
    assert seen.endswith(b"/\n")


def test_a_child_that_stops_reading_early_is_no_fault() -> None:
    assert run("print('enough')", repeat(bytes(100_000), 100)) == b"enough\n"


def test_a_failing_child_gives_its_code_and_none_of_its_words() -> None:
    with pytest.raises(ToolFailed) as failure:
        run("import sys; print('canary', file=sys.stderr); sys.exit(7)", iter(()))
    assert failure.value.returncode == 7
    assert "canary" not in str(failure.value)


def test_a_child_that_stands_still_is_stopped() -> None:
    with pytest.raises(Stalled):
        run("import time; time.sleep(1000)", iter(()), stall_seconds=0.2)


def test_a_child_that_never_ends_after_its_output_is_stopped() -> None:
    program = "import os, time; os.close(1); time.sleep(1000)"
    with pytest.raises(Stalled):
        run(program, iter(()), stall_seconds=0.2)


def test_closing_early_ends_an_endless_child() -> None:
    output = ffmpeg.stream(python(ECHO), repeat(bytes(100_000)))
    assert next(output)
    output.close()


@pytest.mark.parametrize("error", [ValueError("sealed blob"), OSError(5, "disk")])
def test_a_fault_of_the_source_is_raised_unchanged(error: Exception) -> None:
    def source() -> Iterator[bytes]:
        yield bytes(10)
        raise error

    with pytest.raises(type(error)) as raised:
        run(ECHO, source())
    assert raised.value is error


def test_a_missing_program_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(ToolMissing, match="install"):
        ffmpeg.decode_argv("wav", rate=16_000, max_seconds=9)
    assert ffmpeg.find_tools() == {"ffmpeg": None, "ffprobe": None}


@pytest.mark.parametrize("program", ["exit 1", "echo something else entirely"])
def test_a_broken_program_has_no_version(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str
) -> None:
    for name in ("ffmpeg", "ffprobe"):
        (tmp_path / name).write_text(f"#!/bin/sh\n{program}\n")
        (tmp_path / name).chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ffmpeg.find_tools() == {"ffmpeg": None, "ffprobe": None}


@pytest.mark.parametrize("key", sorted(key for key, found in TYPES.items() if found.demuxer))
@pytest.mark.parametrize("target", ["http://127.0.0.1:9/x.ts", "file:///etc/hostname"])
def test_a_playlist_under_any_type_opens_nothing(key: str, target: str) -> None:
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{target}\n#EXT-X-ENDLIST\n"
    concat = f"ffconcat version 1.0\nfile '{target}'\n"
    for text in (playlist, concat):
        readable = BytesReadable(text.encode())
        with pytest.raises(MediaError):
            list(pcm(readable, TYPES[key]))
        with suppress(MediaError):  # some demuxers describe a stream that is not there
            probe(readable, TYPES[key])


def test_an_answer_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = python("import sys\nwhile True: sys.stdout.write('[' * 65536)")
    monkeypatch.setattr(ffmpeg, "probe_argv", lambda _: endless)
    with pytest.raises(Undecodable):
        probe(BytesReadable(b"x"), TYPES["wav"])

"""ffmpeg and ffprobe as child processes. Nothing else in the project starts a program.

The child gets the bytes of one recording through a pipe and gives bytes back through another. It
may open nothing itself: ``-protocol_whitelist pipe`` shuts files and network alike, and the one
demuxer that the content calls for is the only one allowed to run. Its messages are thrown away,
because they may quote what is in the file.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
import time
from contextlib import suppress
from io import BufferedReader
from typing import TYPE_CHECKING

import ffmpeg

from recorder.errors import Stalled, ToolFailed, ToolMissing

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

STALL_SECONDS = 120.0  # without a byte in or out, after which the child is stopped
READ = 64 * 1024  # bytes of output handed on at a time
_TOOLS = ("ffmpeg", "ffprobe")
_ANSWER_SECONDS = 20.0  # a tool asked for its version must answer within

_FORMATS = {"mov": "mov,mp4,m4a,3gp,3g2,mj2", "matroska": "matroska,webm"}
_ONLY_FOR = {"mov": {"enable_drefs": 0, "use_absolute_path": 0}}  # other demuxers reject these
_SHOWN = (
    "stream=codec_type,codec_name,width,height:stream_disposition=attached_pic"
    ":format_tags=creation_time,com.apple.quicktime.creationdate"
)


def decode_argv(demuxer: str, *, rate: int, max_seconds: int) -> list[str]:
    """Return the command that turns the first sound track on stdin into mono s16le on stdout."""
    source = ffmpeg.input("pipe:0", format=demuxer, **_input_options(demuxer))
    output = source.output(
        "pipe:1",
        format="s16le",
        acodec="pcm_s16le",
        ac=1,
        ar=rate,
        map="0:a:0",
        map_metadata=-1,
        vn=None,
        sn=None,
        dn=None,
        t=max_seconds,
    )
    program = [_find("ffmpeg"), "-nostdin", "-hide_banner", "-v", "error"]
    argv: list[str] = output.compile(cmd=program)
    return argv


def probe_argv(demuxer: str) -> list[str]:
    """Return the command that describes the streams of the recording on stdin, as JSON."""
    options = [
        part for name, value in _input_options(demuxer).items() for part in (f"-{name}", str(value))
    ]
    return [
        *(_find("ffprobe"), "-hide_banner", "-v", "error"),
        *("-f", demuxer, *options),
        *("-show_entries", _SHOWN, "-of", "json", "-i", "pipe:0"),
    ]


def stream(
    argv: list[str], source: Iterator[bytes], *, stall_seconds: float = STALL_SECONDS
) -> Generator[bytes, None, None]:
    """Run a command: ``source`` goes to its stdin, blocks of ``READ`` bytes come from its stdout.

    Closing the generator ends the child. The child may stop reading before ``source`` is spent.

    Raises:
        ToolFailed: the child ended with an error.
        Stalled: the child made no progress for ``stall_seconds``.
        Exception: whatever ``source`` raised, unchanged.
    """
    child = _Child(argv, source, stall_seconds)
    try:
        while block := child.read():
            yield block
        child.finish()
    finally:
        child.close()


def find_tools() -> dict[str, str | None]:
    """Return the version of each program needed, None for one that is missing or broken."""
    return {name: _version(name) for name in _TOOLS}


class _Child:
    """One running program with a thread that feeds it and one that watches for standstill."""

    def __init__(self, argv: list[str], source: Iterator[bytes], stall_seconds: float) -> None:
        self._source = source
        self._stall_seconds = stall_seconds
        self._fault: BaseException | None = None  # what the source raised
        self._stalled = False
        self._moved_at = time.monotonic()
        self._reading = threading.Event()  # set while we wait for the child, not while it waits
        self._over = threading.Event()
        self._process = _start(argv)
        self._threads = [
            threading.Thread(target=work, daemon=True) for work in (self._feed, self._watch)
        ]
        for thread in self._threads:
            thread.start()

    def read(self) -> bytes:
        """Return the next block of output; empty at its end."""
        self._moved_at = time.monotonic()
        self._reading.set()
        try:
            return _pipe(self._process.stdout).read(READ)
        finally:
            self._reading.clear()

    def finish(self) -> None:
        """Wait for the end and raise what went wrong, the first cause first."""
        self._moved_at = time.monotonic()
        self._reading.set()
        returncode = self._process.wait()
        self._over.set()
        for thread in self._threads:
            thread.join()
        if self._fault is not None:
            raise self._fault
        if self._stalled:
            raise Stalled
        if returncode:
            raise ToolFailed(returncode=returncode)

    def close(self) -> None:
        """End the child if it still runs and leave no thread and no pipe behind."""
        self._over.set()
        self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join()
        _pipe(self._process.stdout).close()

    def _feed(self) -> None:
        stdin = self._process.stdin
        if stdin is None:  # pragma: no cover - it was asked for in _start
            return
        try:
            for block in self._source:
                stdin.write(block)
                self._moved_at = time.monotonic()
        except OSError as error:
            self._note(error)
        except Exception as error:  # noqa: BLE001 - another thread: kept, and raised by finish()
            self._fault = error
            self._process.kill()
        finally:
            with suppress(OSError):  # the child is gone; its return code tells
                stdin.close()

    def _note(self, error: OSError) -> None:
        # A child that has what it needs closes its end: no fault. Any other error is the source's.
        if isinstance(error, BrokenPipeError):
            return
        self._fault = error
        self._process.kill()

    def _watch(self) -> None:
        while not self._over.wait(min(1.0, self._stall_seconds / 4)):
            still = time.monotonic() - self._moved_at
            if self._reading.is_set() and still > self._stall_seconds:
                self._stalled = True
                self._process.kill()
                return


def _start(argv: list[str]) -> subprocess.Popen[bytes]:
    # The environment is empty but for the locale: FFREPORT and the like would write logs, and
    # the child has no business knowing where anything of ours is.
    return subprocess.Popen(  # noqa: S603 - argv is made here from constants, and there is no shell
        argv,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C"},
        cwd=os.sep,
        start_new_session=True,
    )


def _pipe(stdout: object) -> BufferedReader:
    if not isinstance(stdout, BufferedReader):  # pragma: no cover - it was asked for in _start
        raise ToolFailed
    return stdout


def _input_options(demuxer: str) -> dict[str, str | int]:
    return {
        "protocol_whitelist": "pipe",
        "format_whitelist": _FORMATS.get(demuxer, demuxer),
        "max_streams": 16,
        "probesize": "50M",
        "analyzeduration": "20M",  # microseconds
        "threads": 2,
        **_ONLY_FOR.get(demuxer, {}),
    }


def _find(name: str) -> str:
    if path := shutil.which(name):
        return path
    raise ToolMissing


def _version(name: str) -> str | None:
    path = shutil.which(name)
    if path is None:
        return None
    try:
        answer = subprocess.run(  # noqa: S603 - a constant command, no shell
            [path, "-version"], capture_output=True, timeout=_ANSWER_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.match(rb"\S+ version (\S+)", answer.stdout)
    return found.group(1).decode("ascii", "replace") if found else None

"""A closed-off child: bytes in through one pipe, bytes out through another. Nothing else starts a program.

Its messages are thrown away, because they may quote what is in the file. Its environment holds the
locale and nothing of ours. It is ended, with all it started, when it stands still, takes too long
or gives back too much.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from io import BufferedReader
from pathlib import Path

from recorder.errors import Overran, SandboxFailed, Stalled, ToolFailed, ToolMissing
from recorder.sandbox import undertaker
from recorder.sandbox.ladder import Confinement, Level, Program
from recorder.sandbox.limits import Limits

READ = 64 * 1024  # bytes of output handed on at a time
_NO_PROGRAM = {126, 127}  # the exit codes of a program that could not be started
_SIGNALLED = 128  # a wrapper's exit code for a child that a signal ended: this and the signal
_STARTED = (b"exit-code", b"ready")  # what bubblewrap and our own wrapper say of a child that ran


def stream(
    program: Program, source: Iterator[bytes], limits: Limits, confinement: Confinement
) -> Generator[bytes, None, None]:
    """Run a program: ``source`` goes to its stdin, blocks of ``READ`` bytes come from its stdout.

    Closing the generator ends the child. The child may stop reading before ``source`` is spent.

    Raises:
        ToolFailed: the child ended with an error.
        Stalled: it made no progress, took too long, or somebody else ended it.
        Overran: it computed for longer or gave back more than it may.
        SandboxFailed: it could not be closed off, so it was not started.
        ToolMissing: the program is not there.
        Exception: whatever ``source`` raised, unchanged.
    """
    child = _Child(program, source, limits, confinement)
    given = 0
    try:
        while block := child.read():
            given += len(block)
            if given > limits.answer:
                raise Overran
            yield block
        child.finish()
    finally:
        child.close()


class _Child:
    """One running program with a thread that feeds it and one that watches it."""

    def __init__(
        self,
        program: Program,
        source: Iterator[bytes],
        limits: Limits,
        confinement: Confinement,
    ) -> None:
        self._source = source
        self._limits = limits
        self._fault: BaseException | None = None  # what the source raised
        self._stalled = False
        self._moved_at = time.monotonic()
        self._fetching = threading.Event()  # set while the source keeps the child waiting
        self._reading = threading.Event()  # set while we wait for the child, not while it waits
        self._over = threading.Event()
        self._told = _Told(confinement)
        try:
            self._process = _start(program, limits, confinement, self._told)
        except OSError as error:
            self._told.close()
            raise _unstarted(error, confinement) from None
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
        if not self._told.started():
            raise SandboxFailed
        _judge(returncode)

    def close(self) -> None:
        """End the child if it still runs and leave no thread and no pipe behind."""
        self._over.set()
        self._kill()
        self._process.wait()
        undertaker.ended(self._process.pid)
        for thread in self._threads:
            thread.join()
        _pipe(self._process.stdout).close()
        self._told.close()

    def _kill(self) -> None:
        """End the child and its whole group."""
        if self._process.poll() is not None:
            return
        with suppress(ProcessLookupError):  # it has just ended by itself
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def _feed(self) -> None:
        stdin = self._process.stdin
        if stdin is None:  # pragma: no cover - it was asked for in _start
            return
        try:
            while block := self._fetched():
                stdin.write(block)
                self._moved_at = time.monotonic()
        except OSError as error:
            self._note(error)
        except Exception as error:  # noqa: BLE001 - another thread: kept, and raised by finish()
            self._fault = error
            self._kill()
        finally:
            with suppress(OSError):  # the child is gone; its return code tells
                stdin.close()

    def _fetched(self) -> bytes:
        """The next block of the source that is not empty; empty at its end."""
        self._fetching.set()
        try:
            return next(filter(None, self._source), b"")
        finally:
            self._fetching.clear()

    def _note(self, error: OSError) -> None:
        # A child that has what it needs closes its end: no fault. Any other error is the source's.
        if isinstance(error, BrokenPipeError):
            return
        self._fault = error
        self._kill()

    def _watch(self) -> None:
        pause, waited = min(1.0, self._limits.stall_seconds / 4), 0.0
        while not self._over.wait(pause):
            if not self._reading.is_set():
                continue
            waited += 0.0 if self._fetching.is_set() else pause
            still = time.monotonic() - self._moved_at
            if still > self._limits.stall_seconds or waited > self._limits.wall_seconds:
                self._stalled = True
                self._kill()
                return


class _Told:
    """Where a child says that it was closed off and started, so that no file is blamed when not."""

    def __init__(self, confinement: Confinement) -> None:
        self._needed = confinement.signals_start
        self.reading, self.writing = os.pipe() if self._needed else (-1, -1)

    def handed_over(self) -> None:
        """The child has its end now."""
        self.writing = _closed(self.writing)

    def started(self) -> bool:
        """Whether the child ran; to be asked once it has ended."""
        if not self._needed:
            return True
        os.set_blocking(self.reading, False)
        try:
            said = os.read(self.reading, 4096)
        except BlockingIOError:
            return False
        return any(word in said for word in _STARTED)

    def close(self) -> None:
        self.reading, self.writing = _closed(self.reading), _closed(self.writing)


def _closed(descriptor: int) -> int:
    if descriptor >= 0:
        os.close(descriptor)
    return -1


def _start(
    program: Program, limits: Limits, confinement: Confinement, told: _Told
) -> subprocess.Popen[bytes]:
    rules = _readable(confinement.system_calls)
    words = subprocess.DEVNULL
    try:
        argv = confinement.argv(program, limits, rules, told.writing)
        if confinement.level is not Level.NONE:
            argv, words = undertaker.announced(argv), undertaker.door()
        process = subprocess.Popen(  # noqa: S603 - argv is made of constants, and there is no shell
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=words,
            env=_environment(),
            cwd=os.sep,
            pass_fds=[each for each in (rules, told.writing) if each >= 0],
            start_new_session=True,
        )
    finally:
        _closed(rules)
    told.handed_over()
    return process


def _environment() -> dict[str, str]:
    # FFREPORT and the like would write logs, and the child has no business knowing where anything
    # of ours is. Each arena of the C library would claim much of the address space it may have.
    environment = {"LC_ALL": "C", "MALLOC_ARENA_MAX": "2"}
    shell = shutil.which("cmd")
    if os.name == "nt" and shell:
        environment["SYSTEMROOT"] = str(Path(shell).parents[1])  # Python does not start without
    return environment


def _readable(rules: bytes | None) -> int:
    """A descriptor that gives these bytes, -1 for none. They are few: a pipe holds them."""
    if rules is None:
        return -1
    reading, writing = os.pipe()
    try:
        os.write(writing, rules)
    finally:
        os.close(writing)
    return reading


def _unstarted(error: OSError, confinement: Confinement) -> Exception:
    missing = isinstance(error, FileNotFoundError | PermissionError)
    return ToolMissing() if missing and not confinement.signals_start else SandboxFailed()


def _judge(returncode: int) -> None:
    """Raise what an exit code stands for.

    A processor limit is the file's doing. The kernel or an administrator who kills a child is not.
    """
    number = -returncode if returncode < 0 else returncode - _SIGNALLED
    if returncode in _NO_PROGRAM:
        raise ToolMissing
    if number == getattr(signal, "SIGXCPU", None):
        raise Overran
    if number == getattr(signal, "SIGKILL", None):
        raise Stalled
    if returncode:
        raise ToolFailed(returncode=returncode)


def _pipe(stdout: object) -> BufferedReader:
    if not isinstance(stdout, BufferedReader):  # pragma: no cover - it was asked for in _start
        raise ToolFailed
    return stdout

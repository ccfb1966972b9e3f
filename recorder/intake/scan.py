"""One pass over the watched folder. The scan is the truth; events only say when to look.

Every file ends up in exactly one list: ready, waiting, or needing attention with a sentence.
Only the by-products of other programs are left out, and they are counted.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal, TypeGuard

from recorder.errors import Incomplete, LeftOut, MediaError, NotTaken
from recorder.intake.attention import NO_ACCESS, NO_READ, Attention, Code, attention
from recorder.intake.identify import Place, is_stub, place, recognise
from recorder.intake.settle import Look, State, Tracker
from recorder.intake.unwritten import has_hole, is_being_written
from recorder.intake.walk import Walked, walk
from recorder.media.readable import FileReadable, Readable
from recorder.media.sniff import MediaType

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_SECONDS = 600.0  # unchanged but not whole: after this a person is told
_LASTING = frozenset({"not_taken", "left_out", "damaged"})
_CLOUD_ONLY = 0x1000 | 0x4_0000 | 0x40_0000  # Windows: offline, recall on open or on access
_DATALESS = 0x4000_0000  # macOS: the content is not on this machine
_OUT_OF_MEANS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EBUSY, errno.EAGAIN})
_OPEN = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
)

Reason = Literal[
    "arriving", "settling", "sparse", "in_use", "incomplete", "empty", "placeholder", "busy"
]


@dataclass(frozen=True, slots=True)
class Signature:
    """A file's state when it was judged. Whoever takes the file compares it after reading."""

    size: int  # bytes
    mtime_ns: int  # programs that copy set it back
    inode: int  # given again once a file is removed
    device: int
    ctime_ns: int  # of the last change, name and rights included: nobody sets it

    @classmethod
    def of(cls, status: os.stat_result) -> Signature:
        """Return the signature in a stat result."""
        return cls(
            status.st_size,
            status.st_mtime_ns,
            status.st_ino,
            status.st_dev,
            status.st_ctime_ns,
        )


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that is whole, at rest and of a type that is taken."""

    path: Path
    relative: PurePath  # to the watched folder
    place: Place
    media_type: MediaType
    signature: Signature


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that is expected to become ready by itself."""

    path: Path
    reason: Reason


Outcome = Arrived | Waiting | Attention
Verdict = MediaType | Attention
Judge = Callable[[Readable, str], MediaType]
"""(a file's content, its name) -> its type; MediaError if it is not taken, or not whole."""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """Everything that is in the watched folder, each file in one list, in order of its path."""

    ready: tuple[Arrived, ...]
    waiting: tuple[Waiting, ...]
    attention: tuple[Attention, ...]
    ignored: int  # by-products of other programs, their folders, links and devices
    unseen: tuple[Path, ...] = ()  # what lies in or below these could not be looked at
    mounts: frozenset[Path] = frozenset()  # folders that are file systems of their own


class _Changed(Exception):  # noqa: N818 - a signal inside this file, not an error
    """The file is no longer what the walk met."""


def scan(
    root: Path,
    tracker: Tracker[Verdict],
    now: float,
    *,
    patience_seconds: float = PATIENCE_SECONDS,
    judge: Judge = recognise,
    shared: bool = False,
) -> ScanResult:
    """Look at every file below ``root`` once, which other machines may write to as well or not.

    ``now`` is in seconds of a monotonic clock. Files are opened only once they are at rest, and
    what was found is remembered until they change. What is not whole is looked into every time.
    ``judge`` says what a file is; by default only by its own content and name.

    Raises:
        IntakeError: ``root`` itself cannot be read.
    """
    walked = walk(root)
    outcomes: list[Outcome] = [*_folders(walked)]
    for path, status in sorted(walked.files, key=lambda found: found[0]):
        own = not shared and status.st_dev == walked.device
        standing = tracker.look(str(path), _look(status), now, shared=not own)
        late = standing.unchanged_seconds >= patience_seconds
        outcome = _at_rest(path, status, standing.state, late=late)
        if outcome is None:
            file = _File(root, path, status, own=own, late=late)
            outcome = _judged(file, tracker, judge)
        if outcome is not None:
            outcomes.append(outcome)
    tracker.forget_all_but({str(path) for path, _ in walked.files})
    return _result(walked, outcomes, [root] if walked.bare else [])


def _result(walked: Walked, outcomes: list[Outcome], unseen: list[Path]) -> ScanResult:
    return ScanResult(
        ready=tuple(each for each in outcomes if isinstance(each, Arrived)),
        waiting=tuple(each for each in outcomes if isinstance(each, Waiting)),
        attention=tuple(each for each in outcomes if isinstance(each, Attention)),
        ignored=walked.ignored,
        unseen=(*unseen, *(path for path, _ in walked.unreadable)),
        mounts=frozenset(walked.mounts),
    )


def _folders(walked: Walked) -> Iterator[Outcome]:
    for path in sorted(walked.too_deep):
        yield attention(path, "too_deep")
    for path, error in sorted(walked.unreadable, key=lambda found: found[0]):
        yield _unreadable(path, error)


def _look(status: os.stat_result) -> Look:
    blocks: int | None = getattr(status, "st_blocks", None)  # Windows does not say
    return Look(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, blocks)


def _at_rest(path: Path, status: os.stat_result, state: State, *, late: bool) -> Outcome | None:
    """Return what is to be said of a file that cannot be opened yet, None if it can."""
    if _only_in_the_cloud(path, status):
        if late:
            return attention(path, "placeholder")
        return Waiting(path, "placeholder")
    if state is State.EMPTY:
        return attention(path, "empty") if late else Waiting(path, "empty")
    if state is State.STABLE:
        return None
    # A sparse file that lies still is judged, later, by whether it has holes.
    return Waiting(path, "sparse" if state is State.SPARSE else _BEFORE[state])


_BEFORE: dict[State, Reason] = {State.ARRIVING: "arriving", State.SETTLING: "settling"}


def _only_in_the_cloud(path: Path, status: os.stat_result) -> bool:
    """Whether a file is a placeholder, as Windows, macOS or an older macOS says it."""
    attributes, flags = (getattr(status, f"st_{name}", 0) for name in ("file_attributes", "flags"))
    return bool(attributes & _CLOUD_ONLY or flags & _DATALESS) or is_stub(path.name)


@dataclass(frozen=True, slots=True)
class _File:
    """A file at rest, as the walk met it."""

    root: Path
    path: Path
    status: os.stat_result
    own: bool  # on a disk of this machine's own
    late: bool  # it has rested for so long that a person must be told if something is wrong


def _judged(file: _File, tracker: Tracker[Verdict], judge: Judge) -> Outcome | None:
    """Return what a file at rest is, None if it has vanished."""
    key = str(file.path)
    verdict: Outcome | MediaType | None = tracker.verdict(key)
    if verdict is None:
        verdict = _looked_into(file, judge, trusted=tracker.trusted(key))
        # A refusal is only remembered once it is old: a copy may fill a file late, and on some
        # network drives without a new time of change.
        if isinstance(verdict, MediaType) or (file.late and _is_lasting(verdict)):
            tracker.keep_verdict(key, verdict)
    if not isinstance(verdict, MediaType):
        return verdict
    relative = file.path.relative_to(file.root)
    return Arrived(file.path, relative, place(relative), verdict, Signature.of(file.status))


def _is_lasting(verdict: Outcome | None) -> TypeGuard[Attention]:
    return isinstance(verdict, Attention) and verdict.code in _LASTING


def _content(fd: int, file: _File, judge: Judge, *, trusted: bool) -> Outcome | MediaType:
    held_back: Literal["in_use", "sparse"] = "in_use"
    if not (file.own and is_being_written(fd)):
        # First, for what was read of a hole is no hole any more to some file systems.
        if trusted or not has_hole(fd):
            return judge(FileReadable(fd), file.path.name)
        held_back = "sparse"
    return attention(file.path, held_back) if file.late else Waiting(file.path, held_back)


def _looked_into(file: _File, judge: Judge, *, trusted: bool) -> Outcome | MediaType | None:
    path = file.path
    try:
        with _opened(path, file.status) as fd:
            return _content(fd, file, judge, trusted=trusted)
    except _Changed:
        return Waiting(path, "arriving")
    except FileNotFoundError:
        return None
    except OSError as error:
        return _unreadable(path, error)
    except MediaError as error:
        return _refused(path, error, late=file.late)


def code_of(error: MediaError) -> Code:
    """Return the code of what is wrong with a file."""
    if isinstance(error, LeftOut):
        return "left_out"
    if isinstance(error, NotTaken):
        return "not_taken"
    return "incomplete" if isinstance(error, Incomplete) else "damaged"


def _refused(path: Path, error: MediaError, *, late: bool) -> Outcome:
    code = code_of(error)
    if code == "incomplete" and not late:
        return Waiting(path, "incomplete")
    return attention(path, code, error.sentence)


def _unreadable(path: Path, error: OSError) -> Outcome:
    if error.errno in _OUT_OF_MEANS:
        return Waiting(path, "busy")
    denied = isinstance(error, PermissionError)
    return attention(path, "unreadable", NO_ACCESS if denied else NO_READ)


@contextmanager
def _opened(path: Path, status: os.stat_result) -> Iterator[int]:
    """Open exactly the file that the walk met: no link or device put in its place meanwhile."""
    try:
        fd = os.open(path, _OPEN)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _Changed from None
        raise
    try:
        met = os.fstat(fd)
        if not stat.S_ISREG(met.st_mode) or Signature.of(met) != Signature.of(status):
            raise _Changed
        yield fd
    finally:
        os.close(fd)

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
from recorder.intake.identify import Place, place, recognise
from recorder.intake.settle import Look, State, Tracker
from recorder.intake.walk import Walked, walk
from recorder.media.readable import FileReadable, Readable
from recorder.media.sniff import MediaType

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_SECONDS = 600.0  # unchanged but not whole: after this a person is told
_LASTING = frozenset({"not_taken", "left_out", "damaged"})
_CLOUD_ONLY = 0x1000 | 0x4_0000 | 0x40_0000  # Windows: offline, recall on open or on access
_OUT_OF_MEANS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EBUSY, errno.EAGAIN})
_OPEN = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
)

Reason = Literal["arriving", "incomplete", "empty", "placeholder", "busy"]
Code = Literal[
    "not_taken",
    "left_out",
    "damaged",
    "incomplete",
    "empty",
    "placeholder",
    "unreadable",
    "too_deep",
    "nobody",
    "unknown",
]

_EMPTY = (
    "This file has been empty for a while: its content never arrived. Copy it into the folder "
    "again from the device that made it, then delete the empty one."
)
_PLACEHOLDER = (
    "This file is still only in the cloud and has not been downloaded to this computer. Choose "
    "'Always keep on this device' for the folder, and it will be taken by itself."
)
_NO_ACCESS = (
    "This file or folder cannot be opened because Recorder has no permission to read it. Ask IT to "
    "give Recorder's account access to the watched folder; it will then be taken by itself."
)
_NO_READ = (
    "This file or folder could not be read from the disk or the network drive. It will be tried "
    "again by itself; if this stays, copy it into the folder again, or tell IT."
)
_TOO_DEEP = (
    "This folder lies too many folders deep to be looked into. Move its files up into the young "
    "person's own folder."
)


@dataclass(frozen=True, slots=True)
class Signature:
    """A file's state when it was judged. Whoever takes the file compares it after reading."""

    size: int  # bytes
    mtime_ns: int
    inode: int
    device: int

    @classmethod
    def of(cls, status: os.stat_result) -> Signature:
        """Return the signature in a stat result."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev)


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


@dataclass(frozen=True, slots=True)
class Attention:
    """A file or folder that is left where it is, and why. Mostly, a person has to do something."""

    path: Path
    code: Code
    sentence: str


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


class _Changed(Exception):  # noqa: N818 - a signal inside this file, not an error
    """The file is no longer what the walk met."""


def scan(
    root: Path,
    tracker: Tracker[Verdict],
    now: float,
    *,
    patience_seconds: float = PATIENCE_SECONDS,
    judge: Judge = recognise,
) -> ScanResult:
    """Look at every file below ``root`` once.

    ``now`` is in seconds of a monotonic clock. Files are opened only once they are at rest, and
    what was found is remembered until they change. What is not whole is looked into every time.
    ``judge`` says what a file is; by default only by its own content and name.

    Raises:
        IntakeError: ``root`` itself cannot be read.
    """
    walked = walk(root)
    outcomes: list[Outcome] = [*_folders(walked)]
    for path, status in sorted(walked.files, key=lambda found: found[0]):
        standing = tracker.look(str(path), _look(status), now)
        late = standing.unchanged_seconds >= patience_seconds
        outcome = _at_rest(path, status, standing.state, late=late)
        if outcome is None:
            outcome = _judged(root, path, status, tracker, judge, late=late)
        if outcome is not None:
            outcomes.append(outcome)
    tracker.forget_all_but({str(path) for path, _ in walked.files})
    return ScanResult(
        ready=tuple(each for each in outcomes if isinstance(each, Arrived)),
        waiting=tuple(each for each in outcomes if isinstance(each, Waiting)),
        attention=tuple(each for each in outcomes if isinstance(each, Attention)),
        ignored=walked.ignored,
    )


def _folders(walked: Walked) -> Iterator[Outcome]:
    for path in sorted(walked.too_deep):
        yield Attention(path, "too_deep", _TOO_DEEP)
    for path, error in sorted(walked.unreadable, key=lambda found: found[0]):
        yield _unreadable(path, error)


def _look(status: os.stat_result) -> Look:
    blocks: int | None = getattr(status, "st_blocks", None)  # Windows does not say
    return Look(status.st_size, status.st_mtime_ns, status.st_ino, blocks)


def _at_rest(path: Path, status: os.stat_result, state: State, *, late: bool) -> Outcome | None:
    """Return what is to be said of a file that cannot be opened yet, None if it can."""
    if getattr(status, "st_file_attributes", 0) & _CLOUD_ONLY:
        if late:
            return Attention(path, "placeholder", _PLACEHOLDER)
        return Waiting(path, "placeholder")
    if state is State.EMPTY:
        return Attention(path, "empty", _EMPTY) if late else Waiting(path, "empty")
    return None if state is State.STABLE else Waiting(path, "arriving")


def _judged(
    root: Path,
    path: Path,
    status: os.stat_result,
    tracker: Tracker[Verdict],
    judge: Judge,
    *,
    late: bool,
) -> Outcome | None:
    """Return what a file at rest is, None if it has vanished."""
    verdict: Outcome | MediaType | None = tracker.verdict(str(path))
    if verdict is None:
        verdict = _looked_into(path, status, judge, late=late)
        # A refusal is only remembered once it is old: a copy may fill a file late, and on some
        # network drives without a new time of change.
        if isinstance(verdict, MediaType) or (late and _is_lasting(verdict)):
            tracker.keep_verdict(str(path), verdict)
    if not isinstance(verdict, MediaType):
        return verdict
    relative = path.relative_to(root)
    return Arrived(path, relative, place(relative), verdict, Signature.of(status))


def _is_lasting(verdict: Outcome | None) -> TypeGuard[Attention]:
    return isinstance(verdict, Attention) and verdict.code in _LASTING


def _looked_into(
    path: Path,
    status: os.stat_result,
    judge: Judge,
    *,
    late: bool,
) -> Outcome | MediaType | None:
    try:
        with _opened(path, status) as readable:
            return judge(readable, path.name)
    except _Changed:
        return Waiting(path, "arriving")
    except FileNotFoundError:
        return None
    except OSError as error:
        return _unreadable(path, error)
    except MediaError as error:
        return _refused(path, error, late=late)


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
    return Attention(path, code, error.sentence)


def _unreadable(path: Path, error: OSError) -> Outcome:
    if error.errno in _OUT_OF_MEANS:
        return Waiting(path, "busy")
    denied = isinstance(error, PermissionError)
    return Attention(path, "unreadable", _NO_ACCESS if denied else _NO_READ)


@contextmanager
def _opened(path: Path, status: os.stat_result) -> Iterator[FileReadable]:
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
        yield FileReadable(fd)
    finally:
        os.close(fd)

"""What goes, sealed, from the process that takes files in to the one that has the root key.

json and not msgspec: a path may hold bytes that are no UTF-8, kept as surrogates.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import PurePath

import msgspec

from recorder.intake.overview import Overview
from recorder.intake.scan import Arrived
from recorder.intake.take import mark
from store.errors import TamperedError

_FILE, _FOLDER = "file", "folder"


@dataclass(frozen=True, slots=True)
class FileLetter:
    """What is to be known of a file that was taken in."""

    path: str  # relative to the folder; surrogates as on disk
    signature: str  # as the journal keeps it
    media_type: str  # a key; of what came sealed, what its name says
    kind: str  # audio, video or picture; likewise
    made_at: int  # the file's own time, ms

    @classmethod
    def of(cls, arrived: Arrived) -> FileLetter:
        """That of a file that is being taken."""
        return cls(
            str(arrived.relative),
            mark(arrived.signature),
            arrived.media_type.key,
            arrived.media_type.kind,
            arrived.signature.mtime_ns // 1_000_000,
        )

    @property
    def where(self) -> PurePath:
        """Where it lay, relative to the folder."""
        return PurePath(self.path)

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.where.name


_IN_FULL = ("unseen", ())
_KINDS: dict[str, type[FileLetter | Overview]] = {_FILE: FileLetter, _FOLDER: Overview}


def encode(letter: FileLetter | Overview) -> bytes:
    """The letter as bytes."""
    kind = _FILE if isinstance(letter, FileLetter) else _FOLDER
    # A folder that was seen in full is told of as it always was.
    said = {name: value for name, value in asdict(letter).items() if (name, value) != _IN_FULL}
    return json.dumps([kind, said]).encode()


def decode(payload: bytes) -> FileLetter | Overview:
    """The letter; TamperedError for anything that `encode` did not write."""
    try:
        kind, fields = json.loads(payload)
        found: FileLetter | Overview = msgspec.convert(fields, _KINDS[kind])
    except (ValueError, TypeError, KeyError, RecursionError):  # whose own words may quote it
        raise _strange() from None
    if encode(found) != payload:
        raise _strange()
    return found


def _strange() -> TamperedError:
    return TamperedError("an arrival does not say what it should")

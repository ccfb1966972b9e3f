"""Say of every file in some folders whether it is taken, and if not, why: python -m tools.media_table FOLDER...

Each goes the way of a file in the watched folder: its content and name, its end, then all of it decoded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from recorder.errors import RecorderError
from recorder.intake.identify import identify
from recorder.media.container import check_complete
from recorder.media.picture import MAX_BYTES, captured_at, derive
from recorder.media.readable import FileReadable, Readable
from recorder.media.sniff import MediaType
from recorder.media.sound import RATE, pcm, probe

_SAMPLE = 2  # bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one file."""

    path: Path
    taken: bool
    what: str  # its type and what was in it, or the class of the error
    sentence: str  # empty when it was taken


def verdicts(folder: Path) -> Iterator[Verdict]:
    """Look at every file below a folder, in order of its path."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield verdict(path)


def verdict(path: Path) -> Verdict:
    """Look at one file. Only our own errors are expected; any other is a defect."""
    fd = os.open(path, os.O_RDONLY)
    try:
        readable = FileReadable(fd)
        found = identify(readable, path.name)
        check_complete(readable, found)
        return Verdict(path, taken=True, what=_content(readable, found), sentence="")
    except RecorderError as error:
        return Verdict(path, taken=False, what=type(error).__name__, sentence=error.sentence)
    finally:
        os.close(fd)


def _content(readable: Readable, found: MediaType) -> str:
    if found.kind == "picture":
        data = readable.read(0, MAX_BYTES + 1)
        made = derive(data)
        taken = captured_at(data)
        return f"{found.key}, {made.width} x {made.height}" + (
            f", {taken:%Y-%m-%d}" if taken else ""
        )
    described = probe(readable, found)
    seconds = sum(len(block) for block in pcm(readable, found)) / RATE / _SAMPLE
    film = f", {described.video_codec}" if described.has_video else ""
    return f"{found.key}, {described.audio_codec}{film}, {seconds:.1f} s"


def main(folders: list[str]) -> None:
    """Print a table of all verdicts."""
    print("| file | taken | what | sentence |\n|---|---|---|---|")
    for folder in map(Path, folders):
        for each in verdicts(folder):
            name = each.path.relative_to(folder.parent)
            print(f"| {name} | {'yes' if each.taken else 'no'} | {each.what} | {each.sentence} |")


if __name__ == "__main__":
    main(sys.argv[1:])

"""Where a stretch of a recording is to be heard: in which of the files that a film came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from store.captures import Part
from store.records import Recording

_NEVER = 2**62  # ms


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one file that can be played."""

    recording: str  # id of the file's own recording
    start_ms: int  # in that file
    end_ms: int
    shown_ms: int  # where it starts in the whole, as people count


@dataclass(frozen=True, slots=True)
class Film:
    """The files of one recording, in order, and where in the whole each begins. Mostly one."""

    files: tuple[tuple[str, int], ...]  # recording id and ms

    @classmethod
    def of(cls, recording: Recording, parts: Sequence[Part]) -> Film:
        """The film that a recording's parts make; it alone, if it has none."""
        found = [(part.recording.id, part.capture.chapter) for part in parts]
        files = ((name, chapter.start_ms) for name, chapter in found if chapter is not None)
        return cls(tuple(files) or ((recording.id, 0),))

    def stretches(self, start_ms: int | None, end_ms: int | None) -> tuple[Stretch, ...]:
        """What to play for a stretch of the whole: of one file, or of two where it runs across."""
        if start_ms is None or end_ms is None:
            return ()
        found = []
        ends = [*(begins for _, begins in self.files[1:]), _NEVER]
        for (name, begins), end in zip(self.files, ends, strict=True):
            first, last = max(start_ms, begins), min(end_ms, end)
            if first < last:
                found.append(Stretch(name, first - begins, last - begins, first))
        return tuple(found)

"""A worker that is killed at points that a file of its home lists, each once."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from recorder import hearing, workers
from recorder.scheduler import work_on
from store.captures import Part
from tests.ear import Ear


def deaths(folder: Path) -> Path:
    """Where they are listed, one a line, the next first."""
    return folder / "deaths"


def job(item_id: str) -> str:
    """What runs in the worker: as ever, but for its ear, and its death."""
    work = replace(workers._work(), engine=Ear, progress=lambda ms: _come_to(f"heard {ms}"))
    if hearing._Sound is not _DyingSound:
        hearing._Sound = _DyingSound  # type: ignore[misc]
    return work_on(work, item_id)


class _DyingSound(hearing._Sound):
    def _part(self, part: Part) -> Iterator[bytes]:
        number = 0 if part.capture.chapter is None else part.capture.chapter.number
        _come_to(f"before {number}")
        for block in super()._part(part):
            yield block
            _come_to(f"within {number}")


def _come_to(point: str) -> None:
    listed = deaths(workers._place[-1][0])
    next_, _, others = listed.read_text().partition("\n")
    if next_ == point:
        listed.write_text(others)
        os.kill(os.getpid(), signal.SIGKILL)

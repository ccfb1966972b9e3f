"""A job done on copies of a home, each time killed at a step of its own: a call to the disk, or a commit.

Started as a program, with the job, the home and the folder for the copies. It ends when the job came to
its end before it could be killed, and prints at how many steps it was.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from recorder.export.leaving import export
from recorder.home import Home, open_home
from recorder.retention.going import run
from store.session import now_ms
from tests.crash.victim import die_before

OUT = "out"
LATER = 400 * 86_400_000  # ms


def leave(home: Home) -> None:
    """Export what waits."""
    export(home, home.folder / OUT / "pack", "test")


def erase(home: Home) -> None:
    """Erase what is due by the rules a long time from now."""
    run(home, "test", now_ms() + LATER)


_JOBS: dict[str, Callable[[Home], None]] = {"leave": leave, "erase": erase}


def main(job: str, home: Path, folder: Path) -> None:
    for step in itertools.count(1):
        copy = Path(shutil.copytree(home, folder / f"{step:03}"))
        child = os.fork()
        if not child:
            _do(_JOBS[job], copy, step)
        _, status = os.waitpid(child, 0)
        if status == 0:
            print(step - 1)  # noqa: T201 - what it is asked for
            return
        assert status == signal.SIGKILL, "a job ended by itself"


def _do(job: Callable[[Home], None], folder: Path, step: int) -> None:
    try:
        home = open_home(folder)
        die_before(home.store.database, step)
        job(home)
    except BaseException:  # noqa: BLE001 - whatever it was, the parent is told
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))

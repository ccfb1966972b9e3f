"""Exports from copies of a home, each killed at a step of its own: a call to the disk, or a commit.

Started as a program, with the home and the folder for the copies. It ends when an export came to its
end before it could be killed, and prints at how many steps the others were.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sys
from pathlib import Path

from recorder.export.leaving import export
from recorder.home import open_home
from tests.crash.victim import die_before

OUT = "out"


def main(home: Path, folder: Path) -> None:
    for step in itertools.count(1):
        copy = Path(shutil.copytree(home, folder / f"{step:03}"))
        child = os.fork()
        if not child:
            _leave(copy, step)
        _, status = os.waitpid(child, 0)
        if status == 0:
            print(step - 1)  # noqa: T201 - what it is asked for
            return
        assert status == signal.SIGKILL, "an export ended by itself"


def _leave(folder: Path, step: int) -> None:
    try:
        home = open_home(folder)
        die_before(home.store.database, step)
        export(home, folder / OUT / "pack", "test")
    except BaseException:  # noqa: BLE001 - whatever it was, the parent is told
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

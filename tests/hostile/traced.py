"""Run under strace: sends one file of each family the whole way. traced.py FOLDER URL CANARY SEED"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from recorder.home import create_home
from recorder.sample import enrol
from tests.hostile.corpus import corpus
from tests.hostile.parts import Hostile, Targets
from tests.hostile.way import gone


def one_of_each(files: list[Hostile], chance: random.Random) -> list[Hostile]:
    """A file of every family, small enough to be traced in a moment."""
    small = [each for each in files if len(each.data) < 1 << 20]
    families = dict.fromkeys(each.family for each in small)
    return [chance.choice([each for each in small if each.family == name]) for name in families]


def main(folder: str, url: str, canary: str, seed: str) -> None:
    """Make a home in the folder and send them there."""
    home = create_home(Path(folder) / "home", "Test team")
    enrol(home)
    files = one_of_each(corpus(Targets(url, canary)), random.Random(seed))
    for outcome in gone(home, files):
        sys.stdout.write(f"{outcome.hostile.family}: {outcome.error or 'taken'} {outcome.defect}\n")
    home.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A corpus of hostile files goes the whole way: nothing is reached, nothing crashes, each gets a sentence."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest

from recorder.home import Home
from recorder.sandbox import undertaker
from recorder.sandbox.ladder import Level
from recorder.sandbox.runner import chosen
from tests.attacks.oracle import Attack, Attacks
from tests.conftest import SHARED
from tests.hostile.conftest import Watch
from tests.hostile.corpus import corpus, damaged, found
from tests.hostile.parts import Hostile, Targets
from tests.hostile.way import gone, table

GOAL = "24 a hostile file reaches something, crashes us or goes without a sentence"


class World:
    """The home and what lies around it."""

    def __init__(self, folder: Path, home: Home, watch: Watch, targets: Targets) -> None:
        self.folder, self.home, self.watch, self.targets = folder, home, watch, targets

    def stands_up_to(self, files: Sequence[Hostile], tried: Attack) -> None:
        """Send files the whole way and count what went wrong."""
        around = self._around()
        outcomes = list(gone(self.home, files))
        for each in outcomes:
            tried.check((each.hostile.family, each.hostile.name, each.defect), well=not each.defect)
        tried.check("somebody called", well=self.watch.calls() == 0)
        tried.check(self.watch.events, well=not self.watch.events)
        left = [pair for pair in zip(around, self._around(), strict=True) if pair[0] != pair[1]]
        tried.check(("something was left behind", left), well=not left)
        sys.stdout.write("\n".join(table(outcomes)))  # shown with -s, and when it fails

    def _around(self) -> tuple[set[str], set[str], str, int, bool]:
        """What lies beside the home and where we stand; our children, threads and open files."""
        return (
            {path.name for path in self.folder.iterdir()},
            {path.name for path in Path.cwd().iterdir()},
            Path(f"/proc/self/task/{os.getpid()}/children").read_text(),
            threading.active_count(),
            # A database keeps a connection a thread: a few, where a leak would be hundreds.
            len(list(Path("/proc/self/fd").iterdir())) > 100,
        )


@pytest.fixture
def world(tmp_path: Path, home: Home, watch: Watch, targets: Targets) -> World:
    undertaker.door()  # it stays as long as we do; begun in a thread, it would be ours only later
    return World(tmp_path, home, watch, targets)


def test_made_files_are_withstood(world: World, attack: Attacks) -> None:
    files = corpus(world.targets)
    assert len(files) >= 300
    with attack(GOAL, len(files)) as tried:
        world.stands_up_to(files, tried)


def test_damage_to_honest_files_is_withstood(
    world: World, attack: Attacks, honest: dict[str, bytes]
) -> None:
    with attack(GOAL, 2000) as tried:
        world.stands_up_to(list(islice(damaged(honest, tried.chance), tried.planned)), tried)


@pytest.mark.parametrize("folder", ["hostile", "broken"])
def test_collected_files_are_withstood(
    world: World, attack: Attacks, pytestconfig: pytest.Config, folder: str
) -> None:
    place = SHARED / "media" / folder
    if not place.is_dir():
        pytest.skip("the shared media are not here")
    files = list(found(place))
    with attack(GOAL, 1) as tried:
        some = tried.chance.sample(
            files, min(len(files), pytestconfig.getoption("--attacks") // 10)
        )
        world.stands_up_to(some, tried)


def test_this_machine_closes_children_off() -> None:
    assert chosen().level is not Level.NONE or not Path("/proc/self").exists()

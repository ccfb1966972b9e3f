"""A change of the root key, killed at each of its steps, again and again: everything opens after it.

The process is a real one and is really killed; the home it leaves is opened by another.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from store.custody import Custody
from store.errors import StoreError
from store.keystore import KeyStore
from store.wrappers.keyfile import KeyFile
from tests.attacks.oracle import Attacks
from tests.attacks.world import World, fill, opened, reading, reopened

ROOT = Path(__file__).parents[2]
TIMES = 20  # each step is killed, in a full run
LATEST_MS = 3  # after the step that a process is killed at


class Rotator:
    """The process that forks the ones that are killed."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.attacks.rotator"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def rotate(self, home: Path, step: str, delay_ms: float) -> str:
        """Rotate until that step; what became of it."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{home}\t{step}\t{delay_ms}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture
def rotator() -> Iterator[Rotator]:
    made = Rotator()
    yield made
    made.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with something of everything in it."""
    folder = tmp_path / "home"
    folder.mkdir()
    with opened(folder) as world:
        fill(world, Random(13), cases=2, notes=1)
        assert world.sealed_rows()
    return folder


def test_a_rotation_killed_at_any_step_leaves_everything_readable(
    home: Path, rotator: Rotator, attack: Attacks
) -> None:
    with _copy(home) as copy:
        word, _, count = rotator.rotate(copy, "-1", 0).partition(" ")
        assert word == "ended"
        steps = int(count)
    assert steps > 15
    killed, readable = "13 a rotation killed at a step", "13 something to be read afterwards"
    everything = len(_rows(home))
    with attack(killed, steps * TIMES) as kills, attack(readable, steps * TIMES) as objects:
        every = [(step, time) for step in range(steps) for time in range(TIMES)]
        for step, time in kills.some_of(every):
            delay = kills.chance.uniform(0, LATEST_MS)
            with _copy(home) as copy:
                came = rotator.rotate(copy, f"{step}{'+' * (time % 2)}", delay)
                # One that goes on may come to its end before it is killed.
                kills.check((step, came), well=came == "killed" or bool(time % 2))
                assert "failed" not in came
                for row, well in _all_open(copy):
                    objects.check((step, row), well=well)
    assert everything > 20


def _all_open(folder: Path) -> Iterator[tuple[object, bool]]:
    """Each thing in a home and whether it opens, once a cut off rotation was settled."""
    with reopened(folder) as world:
        keys = KeyStore(folder / "keys")
        custody = Custody(world.store.database, keys, {KeyFile.kind: KeyFile(keys.folder)})
        root = custody.settle().root.id
        yield "one root", [each.root for each in keys.load().roots] == [root]
        for row in world.sealed_rows():
            yield row, _opens(world, row)
        yield "audit log", world.store.audit.verify() > 0


def _opens(world: World, row: tuple[str, str]) -> bool:
    try:
        reading(world, row)()
    except StoreError:
        return False
    return True


def _rows(folder: Path) -> list[tuple[str, str]]:
    with reopened(folder) as world:
        return world.sealed_rows()


@contextmanager
def _copy(home: Path) -> Iterator[Path]:
    copy = home.with_name("copy")
    shutil.copytree(home, copy)
    try:
        yield copy
    finally:
        shutil.rmtree(copy)

"""A change of the root key that is cut off at any call leaves everything readable."""

from __future__ import annotations

import errno
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.crash.double import Failing, Fault, NeverSyncsNames
from tests.crash.replay import BrokenPromiseError, Moment, Player, place
from tests.crash.rotation import Rotations

SEED = 20261124
COMMANDS = ["add", "rotate", "remove", "rotate"]

Tell = Callable[[str], None]


@pytest.fixture
def rotations(memory: Path) -> Rotations:
    return Rotations.of_new_home(memory, COMMANDS)


def test_a_power_cut_at_any_call_of_a_rotation_leaves_everything_readable(
    rotations: Rotations, memory: Path, attacks: int, tell: Tell
) -> None:
    player = Player(memory, SEED)
    while player.states < attacks // 8:
        player.power_cut(rotations, 20)
        # Each time as a root key goes on being rotated.
        rotations = rotations.again(player.rng, Moment(), rotations.before)
    tell(f"{player.states} states after power cuts, rotation, seed {SEED}")


def test_a_rotation_after_one_that_was_killed_leaves_everything_readable(
    rotations: Rotations, memory: Path, attacks: int, tell: Tell
) -> None:
    player = Player(memory, SEED)
    while player.states < attacks // 4:
        player.kill_then_power_cut(rotations, 2)
    tell(f"{player.states} states after kills and power cuts, rotation, seed {SEED}")


def test_a_disk_that_fails_at_any_call_of_a_rotation_leaves_everything_readable(
    rotations: Rotations, memory: Path, attacks: int, tell: Tell
) -> None:
    player = Player(memory, SEED)
    place(memory / "dry", rotations.before)
    dry = Failing(memory / "dry", Fault(1 << 30, errno.EIO, lasting=False))
    rotations.run(dry)
    every = max(1, 900 // attacks)  # a small run takes every third call
    for call in range(0, dry.made, every):
        number = player.rng.choice((errno.ENOSPC, errno.EIO, errno.EROFS, errno.EMFILE))
        fault = Fault(call, number, player.rng.random() < 0.5)
        player.power_cut_at_end(rotations, 4, partial(Failing, fault=fault))
    tell(f"{player.states} states after faults, rotation, seed {SEED}")


def test_a_rotation_whose_files_may_vanish_is_found(rotations: Rotations, memory: Path) -> None:
    player = Player(memory, SEED)
    with pytest.raises(BrokenPromiseError):
        player.power_cut(rotations, 8, NeverSyncsNames)

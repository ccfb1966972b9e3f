"""A change of the root key that is cut off at any call leaves everything readable."""

from __future__ import annotations

import errno
from functools import partial
from pathlib import Path

import pytest

from tests.attacks.oracle import Attack, Attacks
from tests.crash.double import Failing, Fault, NeverSyncsNames
from tests.crash.replay import BrokenPromiseError, Moment, Player, place
from tests.crash.rotation import Rotations

COMMANDS = ["add", "rotate", "remove", "rotate"]
NUMBERS = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EMFILE)


@pytest.fixture
def rotations(memory: Path) -> Rotations:
    return Rotations.of_new_home(memory, COMMANDS)


def test_a_power_cut_at_any_call_of_a_rotation_leaves_everything_readable(
    rotations: Rotations, memory: Path, attack: Attacks
) -> None:
    with attack("13 rotation, power cut", 1_200) as cuts:
        player = Player(memory, cuts)
        while cuts.attempts < cuts.planned:
            player.power_cut(rotations, 20)
            # Each time as a root key goes on being rotated.
            rotations = rotations.again(cuts.chance, Moment(), rotations.before)


def test_a_rotation_after_one_that_was_killed_leaves_everything_readable(
    rotations: Rotations, memory: Path, attack: Attacks
) -> None:
    with attack("13 rotation, kill, then power cut", 1_200) as cuts:
        player = Player(memory, cuts)
        while cuts.attempts < cuts.planned:
            player.kill_then_power_cut(rotations, 4)


def test_a_disk_that_fails_at_any_call_of_a_rotation_leaves_everything_readable(
    rotations: Rotations, memory: Path, attack: Attacks
) -> None:
    place(memory / "dry", rotations.before)
    dry = Failing(memory / "dry", Fault(1 << 30, errno.EIO, lasting=False))
    rotations.run(dry)
    with attack("13 rotation, fault", 1_000) as faults:
        player = Player(memory, faults)
        while faults.attempts < faults.planned:
            fault = Fault(
                faults.chance.randrange(dry.made),
                faults.chance.choice(NUMBERS),
                lasting=faults.chance.random() < 0.5,
            )
            player.power_cut_at_end(rotations, 4, partial(Failing, fault=fault))


def test_a_rotation_whose_files_may_vanish_is_found(rotations: Rotations, memory: Path) -> None:
    player = Player(memory, Attack("wrong writer", "any", 1))
    with pytest.raises(BrokenPromiseError):
        player.power_cut(rotations, 8, NeverSyncsNames)

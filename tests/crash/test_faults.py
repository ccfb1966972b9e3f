"""Every call to the disk fails in every way: nothing is lost, and all goes on once it is mended."""

from __future__ import annotations

import errno
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.crash.double import Failing, Fault
from tests.crash.programs import KINDS, Steps
from tests.crash.replay import Player, place

SEED = 20261123
NUMBERS = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EIO,
    errno.EROFS,
    errno.EMFILE,
    errno.ENFILE,
    errno.EACCES,
    errno.EINTR,
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_call_that_fails_breaks_no_promise_and_is_made_again(
    kind: type[Steps], memory: Path, attacks: int, tell: Callable[[str], None]
) -> None:
    player, faults = Player(memory, SEED), 0
    while faults < attacks // 2:
        program = kind.drawn(player.rng)
        for call in range(_calls(program, memory / "dry")):
            # One of each at a time keeps a small run broad; over many programs all are met.
            fault = Fault(call, player.rng.choice(NUMBERS), player.rng.random() < 0.5)
            player.power_cut(program, 3, partial(Failing, fault=fault))
            faults += 1
    tell(f"{faults} faults and {player.states} states after them, {kind.__name__}, seed {SEED}")


def _calls(program: Steps, top: Path) -> int:
    """How many calls it makes when none fails."""
    place(top, program.before)
    disk = Failing(top, Fault(1 << 30, errno.EIO, lasting=False))
    program.run(disk)
    return disk.made

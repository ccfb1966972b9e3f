"""Every call to the disk fails in every way: nothing is lost, and all goes on once it is mended."""

from __future__ import annotations

import errno
from functools import partial
from pathlib import Path

import pytest

from tests.attacks.oracle import Attacks
from tests.crash.double import Failing, Fault
from tests.crash.exports import EXPORTS
from tests.crash.programs import KINDS, Steps
from tests.crash.replay import Player, place

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


@pytest.mark.parametrize("kind", [*KINDS, *EXPORTS], ids=lambda kind: kind.__name__)
def test_a_call_that_fails_breaks_no_promise_and_is_made_again(
    kind: type[Steps], memory: Path, attack: Attacks
) -> None:
    with attack(f"28 fault, then power cut: {kind.__name__}", 20_000) as faults:
        player = Player(memory, faults)
        while faults.attempts < faults.planned:
            program = kind.drawn(faults.chance)
            for call in range(_calls(program, memory / "dry")):
                # One of each at a time keeps a small run broad; over many programs all are met.
                number, lasting = faults.chance.choice(NUMBERS), faults.chance.random() < 0.5
                player.power_cut(program, 3, partial(Failing, fault=Fault(call, number, lasting)))


def _calls(program: Steps, top: Path) -> int:
    """How many calls it makes when none fails."""
    place(top, program.before)
    disk = Failing(top, Fault(1 << 30, errno.EIO, lasting=False))
    program.run(disk)
    return disk.made

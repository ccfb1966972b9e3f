"""Processes that start a closed-off child and are killed at once, again and again.

Started as a program: MARK SEED LIVES LEVEL. Each life is a fork that starts one child, which waits
for ever and has MARK among its arguments, and is killed within the time that starting one takes.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from itertools import repeat

from recorder.sandbox import child
from recorder.sandbox.ladder import Confinement, Level, candidates, python_program
from recorder.sandbox.limits import Limits
from recorder.sandbox.runner import works

_WAITS = "import time; print('x' * 65536, flush=True); time.sleep(100000)"


def main(mark: str, seed: str, lives: int, level: Level) -> None:
    """Be born and killed `lives` times."""
    confinement = next(each for each in candidates() if each.level is level and works(each))
    chance = random.Random(seed)
    longest = _time_to_start(confinement)
    for _ in range(lives):
        one = os.fork()
        if not one:
            _live(mark, confinement)
        time.sleep(chance.uniform(0, 1.2 * longest))
        os.kill(one, signal.SIGKILL)
        os.waitpid(one, 0)


def _time_to_start(confinement: Confinement) -> float:
    began = time.monotonic()
    output = child.stream(
        python_program("-c", _WAITS), repeat(b"x" * 1000), Limits(answer=1 << 20), confinement
    )
    next(output)
    took = time.monotonic() - began
    output.close()
    return took


def _live(mark: str, confinement: Confinement) -> None:
    program = python_program("-c", _WAITS, mark)
    for _ in child.stream(program, repeat(b"x" * 1000), Limits(answer=1 << 20), confinement):
        time.sleep(100)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Level(sys.argv[4]))

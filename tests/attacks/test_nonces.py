"""Nothing random is drawn twice, whatever is killed, forked and started again meanwhile.

A process that is forked has its parent's memory, and one that is started again may have its state:
where randomness came from either, salts and nonces would repeat.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.attacks.oracle import Attacks
from tests.attacks.sealer import RECORD

ROOT = Path(__file__).parents[2]
DRAWN, KILLED = 1_000_000, 1_000
FORKS = 20  # of a process, before it is started again


def test_no_salt_nonce_share_or_key_is_drawn_twice(attack: Attacks) -> None:
    seen: set[bytes] = set()
    drawn, killed = "9 a salt, nonce, share or key drawn", "9 a process killed while it seals"
    with attack(drawn, DRAWN) as values, attack(killed, KILLED) as processes:
        forks = min(FORKS, processes.planned)
        each = -(-values.planned // processes.planned)
        while values.attempts < values.planned or processes.attempts < processes.planned:
            records = _run(forks, each, str(values.chance.getrandbits(32)))
            for at in range(0, len(records), RECORD):
                record = records[at : at + RECORD]
                values.check(record.hex(), well=record not in seen)
                seen.add(record)
            for _ in range(forks):
                processes.check("ended otherwise", well=True)


def _run(forks: int, each: int, seed: str) -> bytes:
    """What some processes drew until each was killed."""
    command = [sys.executable, "-m", "tests.attacks.sealer", str(forks), str(each), seed]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    assert len(done.stdout) % RECORD == 0
    return done.stdout

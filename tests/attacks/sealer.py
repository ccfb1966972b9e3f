"""Seals again and again in processes that are killed in the midst of it, and tells what was random.

Run as `python -m tests.attacks.sealer FORKS EACH SEED`. Each forked process starts from the same
memory, seals up to EACH things, and kills itself. What it drew (a salt, a nonce, a share, a file key)
goes to the standard output, hashed, in records of one size.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sys
from collections.abc import Iterator

from store import age
from store.keys import KeyRing, Lasting
from store.root import Root, Secret
from store.sealed import Place, seal_row
from store.vault import new_id
from store.wrappers.model import Place as Held
from store.wrappers.model import seal_under

RECORD = 20
_PLACE = Place("note_versions", "a" * 32, 1)
_HELD = Held("0" * 16, "1" * 16)


class Sealer:
    """Every kind of sealing there is, under keys that stay the same."""

    def __init__(self) -> None:
        self._key, self._root = bytes(32), Root(bytes(32))
        self._ring = KeyRing(self._root, Lasting("0" * 16, bytes(32), bytes(32)))
        self._hybrid = age.HybridIdentity(bytes(32))
        self._x25519 = age.X25519Identity(bytes(32))
        self._entry_key = Secret(bytes(32))

    def drawn(self, number: int) -> Iterator[tuple[str, bytes]]:
        """What the sealing of the `number`th thing drew: kind, and value."""
        yield "row salt", seal_row(self._key, _PLACE, b"words")[4:36]
        if number % 4 == 0:
            yield "payload nonce", next(age.encrypt(bytes(16), [b"words"]))
        if number % 10 == 0:
            yield "identity nonce", self._ring.wrap("case", self._hybrid)[:12]
            entry = seal_under(self._entry_key, self._root, _HELD, "file", {})
            yield "entry nonce", entry.sealed[:12]
            yield "blob", new_id().encode()
        if number % 40 == 0:
            for identity in (self._hybrid, self._x25519):
                file_key, header = age.seal_key([identity.recipient])
                yield "file key", file_key
                yield "share", age.Header.parse(header).stanzas[0].arguments[0]


def _child(each: int, seed: str) -> None:
    chance, sealer, written = random.Random(seed), Sealer(), 0
    last = chance.randint(1, 2 * each)
    for number in range(2 * each + 1):
        for kind, value in sealer.drawn(number):
            record = hashlib.sha256(kind.encode() + b"\0" + value).digest()[:RECORD]
            os.write(1, record)
            written += 1
            if written == last:
                os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Fork, one process after the other."""
    forks, each, seed = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    for fork in range(forks):
        process = os.fork()
        if process == 0:
            _child(each, f"{seed}/{fork}")
        _, status = os.waitpid(process, 0)
        if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
            sys.exit("a process ended otherwise than it should")


if __name__ == "__main__":
    main()

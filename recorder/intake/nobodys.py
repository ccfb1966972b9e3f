"""Files from folders that belong to nobody, taken in where the root key is.

They are sealed to the team and wait, as they do after a process without the root key, until somebody
says whose they are (`recorder.intake.adopt`). They do not lie about in the folder until then.
"""

from __future__ import annotations

import logging
from functools import partial

from recorder.intake.adopter import nobodys, waiting_files
from recorder.intake.letters import FileLetter, encode
from recorder.intake.scan import Arrived
from recorder.intake.take import mark, or_discarded, seal_whole
from recorder.intake.unseal import inside, is_sealed
from recorder.media.readable import Readable, blocks
from store.store import Store
from store.tables import TEAM

log = logging.getLogger(__name__)


class Nobodys:
    """Takes them in, each once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[tuple[str, str], str] = {}  # arrivals, by path and mark of their source
        self._waiting: frozenset[str] = frozenset()  # ids
        self._refused: set[tuple[str, str]] = set()
        self.reload()

    def reload(self) -> None:
        """Read what waits, and what a person refused."""
        files, _ = waiting_files(self._store)
        waiting = {(each.letter.path, each.letter.signature): each.waiting.id for each in files}
        self._kept |= waiting
        self._waiting = frozenset(waiting.values())
        self._refused = set(self._store.journal.dropped())

    def look(self) -> bool:
        """See which still wait; whether somebody has seen to one since the last look."""
        before = self._waiting
        self._waiting = before & frozenset(self._store.arrivals.ids()) if before else before
        return self._waiting != before

    def paths(self) -> frozenset[str]:
        """Where the sources of those lay that still waited at the last look."""
        return frozenset(path for (path, _), each in self._kept.items() if each in self._waiting)

    def keep(self, arrived: Arrived) -> bool:
        """Seal a file and leave it to be settled; whether it is kept, or was seen to before.

        Not, if it changed meanwhile. Raises MediaError for one that came sealed and does not open to
        its end: it stays where it is.
        """
        known = str(arrived.relative), mark(arrived.signature)
        if known in self._kept or known in self._refused:
            return True
        store = self._store
        seal = partial(store.recordings.seal, TEAM)
        sealed = seal_whole(
            arrived, partial(self._checked, arrived), seal, store.recordings.discard
        )
        if sealed is None:
            return False
        letter = FileLetter.of(arrived)
        with or_discarded(store, sealed), store.database.write() as connection:
            arrival_id = store.arrivals.leave(connection, sealed, encode(letter))
            store.journal.enter(connection, nobodys(letter, sealed.size))
        self._kept[known] = arrival_id
        self._waiting |= {arrival_id}
        log.info("file sealed", extra={"arrival": arrival_id})
        return True

    def _checked(self, arrived: Arrived, readable: Readable) -> Readable:
        """The file as it is; one that came sealed was opened to its end first."""
        if is_sealed(arrived.path.name):
            for _ in blocks(inside(self._store.laptops, readable, arrived.path.name)):
                pass
        return readable

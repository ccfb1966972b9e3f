"""Taking files in without the root key: sealed to the team, and left for who has the key.

What lies in the folder is judged, sealed, verified and removed as ever. Whose it is, and what
stands in the journal, only the process with the key can tell (`recorder.intake.adopt`).

A file that came sealed is passed on as it is. Nobody here can tell whether it opens, so its source
stays until somebody could: what was still arriving, or is for somebody else, is not lost by it.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace

from recorder.config import Settings
from recorder.intake.attention import Attention
from recorder.intake.letters import FileLetter, encode
from recorder.intake.overview import Entry, Overview
from recorder.intake.scan import Arrived, Signature
from recorder.intake.take import clear_away, mark, seal_whole
from recorder.intake.unseal import is_sealed, judge_outside
from recorder.media.readable import Readable
from recorder.media.sniff import MediaType
from store.files import SPARSE
from store.journal import ATTENTION
from store.receiving import ADOPTED, DROPPED, SEALED, Receiving
from store.sealing import Sealed

log = logging.getLogger(__name__)

# Which file a person says is whole cannot be told here: see docs/INTAKE.md.
_SPARSE = (
    "Parts of this file were never written to the disk: its whole length was reserved, and then the "
    "copying stopped. Copy it into the folder again from the device that made it."
)


class Keyless:
    """Takes files in; can open none of them again."""

    def __init__(self, settings: Settings, receiving: Receiving) -> None:
        self._receiving = receiving
        self._root = settings.intake
        self._keeping = settings.after_intake == "keep"
        self._receipts = receiving.receipts()
        self._open: set[str] = set()  # receipts that this look could not yet make out
        self._unsaved: dict[str, Sealed] = {}  # by receipt: in the vault, and no row says so yet
        self._told = b""
        self._asked_at = receiving.asked_at()
        self.sealed = 0  # files, since this began
        self.attention = 0  # files, at the last look
        self.failed = 0  # files that were ready then and could not be sealed

    def judge(self, readable: Readable, name: str) -> MediaType:
        """See `Taker`."""
        return judge_outside(readable, name)

    def take(self, arrived: Arrived) -> Attention | None:
        """See `Taker`."""
        receipt = self._receipt(str(arrived.relative), arrived.signature)
        self._open.add(receipt)
        state = self._receipts.get(receipt) or self._seal(arrived, receipt)
        if state is not None:
            self._open.discard(receipt)
        settled = state in (ADOPTED, DROPPED)
        settled = settled or (state == SEALED and not is_sealed(arrived.path.name))
        return clear_away(arrived) if settled and not self._keeping else None

    def tell(self, seen: Overview) -> None:
        """See `Taker`."""
        self.failed, self._open = len(self._open), set()
        self.attention = sum(entry.state == ATTENTION for entry in seen.entries)
        if self._receipts and not seen.unseen:
            self._receiving.forget(self._receipts.keys() - self._lying(seen))
        letter = encode(replace(seen, entries=tuple(map(_said_here, seen.entries))))
        if letter != self._told:
            self._receiving.tell(letter)
            self._told = letter
        # What became of files since: somebody else may have adopted them.
        self._receipts = self._receiving.receipts()

    def asked(self) -> frozenset[str] | None:
        """See `Taker`. Which files, only the process with the key knows: none is taken as it is."""
        asked_at = self._receiving.asked_at()
        if asked_at == self._asked_at:
            return None
        self._asked_at, self._told = asked_at, b""
        self._receiving.forget_refused()
        self._receipts = self._receiving.receipts()
        return frozenset()

    def _lying(self, seen: Overview) -> set[str]:
        """The receipts of all that lies in the folder, at rest or not yet."""
        found = set()
        for path in seen.paths:
            with suppress(OSError):  # it went away while we looked
                status = (self._root / path).lstat()
                found.add(self._receipt(path, Signature.of(status)))
        return found

    def _receipt(self, path: str, signature: Signature) -> str:
        return self._receiving.fingerprint(path, mark(signature))

    def _seal(self, arrived: Arrived, receipt: str) -> str | None:
        sealed = self._unsaved.get(receipt) or seal_whole(
            arrived, _as_it_is, self._receiving.seal, self._receiving.discard
        )
        if sealed is None:
            return None
        # Should the database fail, nobody can say whether the row is there: the blob stays, and
        # the same one is left again at the next look.
        self._unsaved[receipt] = sealed
        arrival = self._receiving.leave(sealed, receipt, encode(FileLetter.of(arrived)))
        del self._unsaved[receipt]
        self.sealed += 1
        log.info("file sealed", extra={"arrival": arrival})
        return SEALED


def _said_here(entry: Entry) -> Entry:
    return replace(entry, sentence=_SPARSE) if entry.sentence and entry.reason == SPARSE else entry


def _as_it_is(readable: Readable) -> Readable:
    return readable

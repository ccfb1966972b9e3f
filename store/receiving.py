"""Taking in without being able to open: the store as a process without the root key has it.

It has the database and the vault, and seals to the team's public key. What it takes in is a row in
`arrivals` until a process with the root key adopts it (`store.arrivals`). What it must remember
itself, it remembers as fingerprints under a key of its own, which opens nothing: `Memory`.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec
from sqlalchemy import Connection, delete, func, insert, select

from store import age, private, sealing
from store.errors import KeyUnavailableError, TamperedError
from store.identities import place_of, recipient_of
from store.people import new_id
from store.sealedbox import seal_box
from store.sealing import Sealed
from store.session import Database, now_ms
from store.strays import require_there
from store.switches import rung
from store.tables import TEAM, arrivals, receipts
from store.vault import Location, Vault, open_vault

SEALED = "sealed"  # in the vault; nobody with the root key has looked at it yet
ADOPTED = "adopted"  # a recording
REFUSED = "refused"  # it could not be taken; the journal says why
DROPPED = "dropped"  # a person did not want it

_KEY_SIZE = 32
_LIMIT = 16 * 1024


class Memory(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What this side remembers in a small file of its own."""

    format: Literal["recorder receive 1"] = "recorder receive 1"
    recipient: str  # the team's public key, as it was when this began
    key: bytes  # of fingerprints (32 bytes)

    def __repr__(self) -> str:
        return "Memory()"


@dataclass(frozen=True, slots=True)
class Pins:
    """What finds a swapped or cut blob, and what makes its fingerprint."""

    sha256: str  # of the plaintext
    size: int  # of the plaintext
    header_sha256: str
    payload_sha256: str
    payload_size: int

    @classmethod
    def of(cls, sealed: Sealed) -> Pins:
        """Those of what was sealed."""
        return cls(
            sealed.sha256,
            sealed.size,
            sealed.header_sha256,
            sealed.payload_sha256,
            sealed.payload_size,
        )


@dataclass(frozen=True, slots=True)
class Letter:
    """The sealed part of a row in `arrivals`."""

    pins: Pins | None  # None: there is no file with it
    payload: bytes = field(repr=False)


class Receiving:
    """Seals, and leaves what it sealed to be adopted. It cannot open any of it again."""

    def __init__(
        self, database: Database, vault: Vault, recipient: age.KeyRecipient, key: bytes
    ) -> None:
        self._database = database
        self._vault = vault
        self._recipient = recipient
        self._key = key

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def seal(self, plaintext: Iterable[bytes]) -> Sealed:
        """Seal a stream to the team, verified; see `sealing.seal`."""
        return sealing.seal(self._vault, self._recipient, plaintext)

    def discard(self, sealed: Sealed) -> None:
        """Drop a blob that no row refers to."""
        self._vault.delete(sealed.blob)

    def leave(self, sealed: Sealed, receipt: str, payload: bytes) -> str | None:
        """Leave a sealed file to be adopted, and remember that it was taken, in one step.

        The arrival's id; None if it was left already, so that it is safe to try again.
        """
        with self._database.write() as connection:
            known = select(receipts.c.tag).where(receipts.c.tag == receipt)
            if connection.scalar(known) is not None:
                return None
            connection.execute(insert(receipts).values(tag=receipt, state=SEALED, seen_at=now_ms()))
            return self._insert(connection, sealed, receipt, payload)

    def tell(self, payload: bytes) -> None:
        """Leave word without a file. It stands in the place of any earlier one still unread."""
        with self._database.write() as connection:
            connection.execute(delete(arrivals).where(arrivals.c.blob.is_(None)))
            self._insert(connection, None, None, payload)

    def fingerprint(self, *parts: str) -> str:
        """A keyed fingerprint (64 hex digits): equal for equal parts, useless without the key."""
        data = msgspec.json.encode([part.encode("utf-8", "surrogateescape") for part in parts])
        return hmac.digest(self._key, data, "sha256").hex()

    def receipts(self) -> dict[str, str]:
        """What was taken in and what became of it: states by fingerprint."""
        with self._database.read() as connection:
            found = connection.execute(select(receipts.c.tag, receipts.c.state)).all()
        return {row.tag: row.state for row in found}

    def asked_at(self) -> int:
        """When somebody last wanted files tried again that were left where they are; see `rung`."""
        with self._database.read() as connection:
            return rung(connection)

    def forget_refused(self) -> None:
        """Forget files that could not be taken: they are left to be adopted once more."""
        with self._database.write() as connection:
            connection.execute(delete(receipts).where(receipts.c.state == REFUSED))

    def forget(self, tags: Iterable[str]) -> None:
        """Forget files that no longer lie in the folder."""
        gone = list(tags)
        if not gone:
            return
        with self._database.write() as connection:
            for tag in gone:
                connection.execute(delete(receipts).where(receipts.c.tag == tag))

    def _insert(
        self, connection: Connection, sealed: Sealed | None, receipt: str | None, payload: bytes
    ) -> str:
        return left(connection, self._recipient, sealed, receipt, payload)


def left(
    connection: Connection,
    recipient: age.KeyRecipient,
    sealed: Sealed | None,
    receipt: str | None,
    payload: bytes,
) -> str:
    """Leave what was sealed to the team, and word of it, to be settled; the arrival's id."""
    # Never two at one time, and never back in time: the order they came in is kept.
    latest: int = connection.scalar(select(func.max(arrivals.c.received_at))) or 0
    arrival_id = new_id()
    clear = {
        "id": arrival_id,
        "version": 1,
        "blob": None if sealed is None else sealed.blob,
        "receipt": receipt,
        "received_at": max(now_ms(), latest + 1),
    }
    letter = Letter(None if sealed is None else Pins.of(sealed), payload)
    box = seal_box(recipient, place_of(arrivals, clear), msgspec.json.encode(letter))
    header = None if sealed is None else sealed.header
    connection.execute(insert(arrivals).values(**clear, header=header, sealed=box))
    return arrival_id


def open_receiving(url: str, vault: Location, memory: Path) -> Receiving:
    """The store for a process without the root key; `memory` is its own file, made when missing.

    Raises DatabaseError when the schema is not the newest, KeyUnavailableError when `memory` is
    damaged or open to others, TamperedError when the team's public key is not that of before: what
    is sealed to another one could be opened by whoever put it there, and by nobody here.
    """
    database = Database(url)
    try:
        database.check()
        with database.read() as connection:
            recipient = recipient_of(connection, TEAM)
        key = _remembered(memory, str(recipient))
        require_there(database, vault)
        return Receiving(database, open_vault(vault), recipient, key)
    except BaseException:
        database.close()
        raise


def _remembered(path: Path, recipient: str) -> bytes:
    """The key of fingerprints, once the memory is of this recipient."""
    try:
        found = msgspec.json.decode(private.read(path, _LIMIT), type=Memory)
    except FileNotFoundError:
        found = Memory(recipient=recipient, key=secrets.token_bytes(_KEY_SIZE))
        private.write_new(path, msgspec.json.encode(found) + b"\n")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise KeyUnavailableError("the memory of what was received is damaged") from error
    if len(found.key) != _KEY_SIZE:
        raise KeyUnavailableError("the memory of what was received is damaged")
    if found.recipient != recipient:
        raise TamperedError(
            "the team's public key in the database is not the one that files were sealed to "
            "before, so nothing is sealed to it",
            TEAM,
        )
    return found.key

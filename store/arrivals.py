"""What was taken in without the root key, in the hands of who has it.

A row is opened with the team's identity. Its file becomes a recording by a new header for the case
it belongs to; the payload stays in the vault as it is. The row goes in the same transaction, so an
arrival is adopted once or still waits.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial

from sqlalchemy import Connection, RowMapping, delete, func, select, update

from store import age
from store.errors import ConflictError, NotFoundError, TamperedError
from store.identities import Identities, place_of
from store.original import Original, opening
from store.payloads import decode
from store.receiving import Letter, Pins, left
from store.sealedbox import open_box
from store.sealing import Sealed
from store.session import Database
from store.tables import TEAM, arrivals, openings, receipts
from store.vault import Vault


def letter_of(team: age.KeyIdentity, row: RowMapping) -> Letter:
    """The sealed part of a row in `arrivals`; TamperedError if it is not as it was left."""
    box = open_box(team, place_of(arrivals, row), row["sealed"])
    return decode(box, Letter, row["id"])


@dataclass(frozen=True, slots=True)
class Waiting:
    """An arrival, opened."""

    id: str
    receipt: str | None
    received_at: int  # ms
    sealed: Sealed | None  # None: word without a file
    payload: bytes = field(repr=False)


class Arrivals:
    """Opens what waits, and settles it."""

    def __init__(self, database: Database, identities: Identities, vault: Vault) -> None:
        self._database = database
        self._identities = identities
        self._vault = vault

    def ids(self) -> list[str]:
        """What waits, in the order it came in."""
        query = select(arrivals.c.id).order_by(arrivals.c.received_at)
        with self._database.read() as connection:
            return list(connection.scalars(query))

    def files(self) -> int:
        """How many files wait."""
        query = select(func.count()).select_from(arrivals).where(arrivals.c.blob.is_not(None))
        with self._database.read() as connection:
            return connection.scalar(query) or 0

    def open(self, arrival_id: str) -> Waiting:
        """The arrival.

        Raises NotFoundError once it is settled, and when its blob is gone; TamperedError when row,
        header or blob is not the one that was left.
        """
        with self._database.read() as connection:
            query = select(arrivals).where(arrivals.c.id == arrival_id)
            row = connection.execute(query).mappings().one_or_none()
            if row is None:
                raise NotFoundError(f"there is no arrival {arrival_id}")
            identity = self._identities.keys(connection, TEAM).identity
        with self._database.alarm.watch():
            letter = letter_of(identity, row)
            sealed = None if letter.pins is None else self._sealed(row, letter.pins)
        return Waiting(row["id"], row["receipt"], row["received_at"], sealed, letter.payload)

    def content(self, arrival_id: str, sealed: Sealed) -> age.Reader:
        """Random access to what was taken in; TamperedError where it does not open."""
        with self._database.read() as connection:
            identity = self._identities.keys(connection, TEAM).identity
        alarm, read_at = self._database.alarm, partial(self._vault.read_at, sealed.blob)
        with opening(alarm, arrival_id):
            file_key = age.open_key(sealed.header, [identity])
            return Original((file_key, read_at, sealed.payload_size), alarm, arrival_id)

    def leave(self, connection: Connection, sealed: Sealed, payload: bytes) -> str:
        """Leave a file that was sealed to the team until somebody says whose it is; its id.

        As a process without the root key does, whose receipts this side does not keep.
        """
        recipient = self._identities.recipient(connection, TEAM)
        return left(connection, recipient, sealed, None, payload)

    def given_to(self, connection: Connection, sealed: Sealed, scope: str) -> Sealed:
        """The same blob with a header for `scope` in place of the team's."""
        header = self._identities.rewrap(connection, sealed.header, TEAM, scope)
        return replace(sealed, header=header)

    def settle(self, connection: Connection, waiting: Waiting, state: str) -> None:
        """It waits no longer: ADOPTED, REFUSED or DROPPED. ConflictError if somebody else settled it."""
        gone = connection.execute(delete(arrivals).where(arrivals.c.id == waiting.id))
        if gone.rowcount != 1:
            raise ConflictError(f"arrival {waiting.id} was settled already")
        connection.execute(delete(openings).where(openings.c.arrival_id == waiting.id))
        if waiting.receipt is not None:
            mine = receipts.c.tag == waiting.receipt
            connection.execute(update(receipts).where(mine).values(state=state))

    def _sealed(self, row: RowMapping, pins: Pins) -> Sealed:
        """What the row has in the vault, once header and blob are those that were pinned."""
        sealed = Sealed(
            row["blob"],
            row["header"],
            pins.sha256,
            pins.size,
            pins.payload_sha256,
            pins.payload_size,
        )
        if sealed.header_sha256 != pins.header_sha256:
            raise TamperedError(f"the header of arrival {row['id']} is not its own", row["id"])
        if self._vault.size(sealed.blob) != pins.payload_size:
            raise TamperedError(f"the blob of arrival {row['id']} is not its own", row["id"])
        return sealed

"""What was taken in without the root key, in the hands of who has it.

A row is opened with the team's identity. Its file becomes a recording by a new header for the case
it belongs to; the payload stays in the vault as it is. The row goes in the same transaction, so an
arrival is adopted once or still waits.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import msgspec
from sqlalchemy import Connection, delete, select, update

from store import age, sealing
from store.errors import ConflictError, NotFoundError, TamperedError
from store.identities import Identities
from store.receiving import Letter, place_of
from store.sealedbox import open_box
from store.sealing import Sealed
from store.session import Database
from store.tables import TEAM, arrivals, receipts
from store.vault import Vault


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
        box = open_box(identity, place_of(row), row["sealed"])
        letter = msgspec.json.decode(box, type=Letter)
        sealed = None
        if letter.pins is not None:
            sealed = Sealed(
                row["blob"],
                row["header"],
                letter.pins.sha256,
                letter.pins.size,
                letter.pins.payload_sha256,
                letter.pins.payload_size,
            )
            self._check(arrival_id, sealed, letter.pins.header_sha256)
        return Waiting(row["id"], row["receipt"], row["received_at"], sealed, letter.payload)

    def content(self, sealed: Sealed) -> age.Reader:
        """Random access to what was taken in."""
        with self._database.read() as connection:
            identity = self._identities.keys(connection, TEAM).identity
        file_key = age.open_key(sealed.header, [identity])
        return sealing.reader(self._vault, sealed.blob, file_key, sealed.payload_size)

    def given_to(self, connection: Connection, sealed: Sealed, scope: str) -> Sealed:
        """The same blob with a header for `scope` in place of the team's."""
        header = self._identities.rewrap(connection, sealed.header, TEAM, scope)
        return replace(sealed, header=header)

    def settle(self, connection: Connection, waiting: Waiting, state: str) -> None:
        """It waits no longer: ADOPTED or REFUSED. ConflictError if somebody else settled it."""
        gone = connection.execute(delete(arrivals).where(arrivals.c.id == waiting.id))
        if gone.rowcount != 1:
            raise ConflictError(f"arrival {waiting.id} was settled already")
        if waiting.receipt is not None:
            mine = receipts.c.tag == waiting.receipt
            connection.execute(update(receipts).where(mine).values(state=state))

    def _check(self, arrival_id: str, sealed: Sealed, header_sha256: str) -> None:
        if sealed.header_sha256 != header_sha256:
            raise TamperedError(f"arrival {arrival_id} has another header than was left")
        if self._vault.size(sealed.blob) != sealed.payload_size:
            raise TamperedError(f"arrival {arrival_id} has a blob of another length")

"""Files that were sealed before they came here: on a laptop, to the team's printed recipients."""

from __future__ import annotations

from store import age
from store.identities import Identities
from store.keys import laptop_identities
from store.session import Database
from store.tables import TEAM


class Laptops:
    """Says whom laptops are to seal to, and opens what they sealed."""

    def __init__(self, database: Database, identities: Identities) -> None:
        self._database = database
        self._identities = identities

    def recipients(self) -> tuple[age.HybridRecipient, age.X25519Recipient]:
        """The team's public keys: the one to use, and one for programs that do not know it."""
        hybrid, x25519 = self._keys()
        return hybrid.recipient, x25519.recipient

    def open(self, read_at: age.ReadAt, size: int) -> age.Reader:
        """Random access to the plaintext of an `.age` file of `size` bytes, armoured or not.

        Raises NoMatchError for one that is not sealed to the team; ArmourError, HeaderError or
        PayloadError for one that was changed or is not whole.
        """
        return age.open_file(read_at, size, self._keys())

    def _keys(self) -> tuple[age.HybridIdentity, age.X25519Identity]:
        with self._database.read() as connection:
            return laptop_identities(self._identities.keys(connection, TEAM))

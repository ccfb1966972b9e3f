"""A passphrase that people remember, through Argon2id."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from store import private
from store.errors import KeyAbsentError, KeyUnavailableError
from store.root import KEY_SIZE, Secret
from store.wrappers.model import Params, Place, text_of

MIN_LENGTH = 15  # characters: four words or more
_SALT = 16
_FILE_LIMIT = 4096


@dataclass(frozen=True, slots=True)
class Cost:
    """What one try costs."""

    memory_kib: int
    passes: int
    lanes: int

    def within(self, floor: Cost, ceiling: Cost) -> bool:
        """Whether each part lies between the two."""
        parts = zip(self._parts(), floor._parts(), ceiling._parts(), strict=True)
        return all(low <= part <= high for part, low, high in parts)

    def _parts(self) -> tuple[int, int, int]:
        return self.memory_kib, self.passes, self.lanes


COST_2026 = Cost(memory_kib=256 * 1024, passes=3, lanes=4)
FLOOR = Cost(memory_kib=64 * 1024, passes=3, lanes=1)
"""Less is never written and never taken: a stored entry cannot ask to be made cheap."""
CEILING = Cost(memory_kib=2 * 1024 * 1024, passes=16, lanes=16)
"""More is never taken: a stored entry cannot exhaust the machine."""
UNSAFE_TEST_ONLY_CHEAPEST = Cost(memory_kib=8, passes=1, lanes=1)
"""For tests alone. A wrapper takes it only when it is also given as its floor."""


class Passphrase:
    """Opens with a passphrase that is asked for when it is needed."""

    kind: ClassVar[str] = "passphrase"

    def __init__(
        self,
        ask: Callable[[], str],
        choose: Callable[[], str] | None = None,
        *,
        cost: Cost = COST_2026,
        floor: Cost = FLOOR,
    ) -> None:
        """`ask` gives the passphrase, `choose` (by default the same) gives a new one."""
        self._ask = ask
        self._choose = choose or ask
        self._cost = cost
        self._floor = floor
        self._chosen: dict[str, str] = {}  # by wrapper: what was chosen a moment ago

    def prepare(self, place: Place, like: Params) -> tuple[dict[str, str | int], Secret]:  # noqa: ARG002 - the Protocol's signature
        """A fresh salt and today's cost."""
        passphrase = _folded(self._choose())
        if len(passphrase) < MIN_LENGTH:
            raise KeyUnavailableError(
                f"a passphrase needs at least {MIN_LENGTH} characters: take four words or more"
            )
        cost, salt = self._within(self._cost), secrets.token_bytes(_SALT)
        params: dict[str, str | int] = {
            "memory_kib": cost.memory_kib,
            "passes": cost.passes,
            "lanes": cost.lanes,
            "salt": salt.hex(),
        }
        self._chosen[place.wrapper] = passphrase
        return params, _stretched(passphrase, salt, cost)

    def key(self, place: Place, params: Params) -> Secret:
        """The key under the stored cost and salt."""
        cost, salt = self._within(_cost_in(params)), _salt_in(params)
        passphrase = self._chosen.get(place.wrapper) or _folded(self._ask())
        return _stretched(passphrase, salt, cost)

    def discard(self, place: Place, params: Params) -> None:
        """Nothing was left behind."""

    def _within(self, cost: Cost) -> Cost:
        if not cost.within(self._floor, CEILING):
            raise KeyUnavailableError("a passphrase's Argon2id cost is outside the allowed range")
        return cost


def from_file(path: Path) -> Callable[[], str]:
    """Asks a file for the passphrase: its first line. The file is for its owner alone."""

    def ask() -> str:
        try:
            text = private.read(path, _FILE_LIMIT).decode()
        except FileNotFoundError as error:
            raise KeyAbsentError("the passphrase's file is not here") from error
        except UnicodeDecodeError as error:
            raise KeyUnavailableError("the passphrase's file is damaged") from error
        return text.partition("\n")[0]

    return ask


def nobody() -> str:
    """Asks nobody: for a process that runs unattended."""
    raise KeyAbsentError("no passphrase was given")


def _folded(passphrase: str) -> str:
    # The same words typed on another keyboard or system must give the same bytes.
    return unicodedata.normalize("NFKC", passphrase.rstrip("\r\n"))


def _stretched(passphrase: str, salt: bytes, cost: Cost) -> Secret:
    stretch = Argon2id(
        salt=salt,
        length=KEY_SIZE,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    try:
        return Secret(stretch.derive(passphrase.encode()))
    except MemoryError as error:
        raise KeyUnavailableError("there is not enough memory for this passphrase") from error


def _cost_in(params: Params) -> Cost:
    found = [params.get(name) for name in ("memory_kib", "passes", "lanes")]
    numbers = [each for each in found if isinstance(each, int)]
    if len(numbers) != len(found) or params.keys() != {"memory_kib", "passes", "lanes", "salt"}:
        raise KeyUnavailableError("a wrapper's parameters are damaged")
    return Cost(*numbers)


def _salt_in(params: Params) -> bytes:
    try:
        salt = bytes.fromhex(text_of(params, "salt"))
    except ValueError as error:
        raise KeyUnavailableError("a wrapper's parameters are damaged") from error
    if len(salt) != _SALT:
        raise KeyUnavailableError("a wrapper's parameters are damaged")
    return salt

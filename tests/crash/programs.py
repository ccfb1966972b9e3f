"""What the store does to a disk that must survive a crash, a few steps at a time, drawn at random."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import ClassVar, Self

from store import checkpoint, fs, private
from store.checkpoint import Checkpoint, Signer
from store.errors import KeyUnavailableError, NotFoundError, StoreError
from store.fs import Fs
from store.vault import LocalVault
from store.wrappers.keyfile import read_key
from tests.crash.disk_model import Tree
from tests.crash.double import Failing, Recording
from tests.crash.replay import Moment

Files = dict[str, bytes]
Pieces = tuple[bytes, ...]

_LARGEST = 1 << 20
_SIGNER = Signer(b"\x07" * 32)
_AT = 1_762_362_300_000


@dataclass(frozen=True, slots=True)
class Change:
    """One step: pieces written under a name, or the name removed."""

    name: str
    pieces: Pieces | None


@dataclass
class Steps(ABC):
    """Steps that each change one thing, and the promise that each takes effect whole or not."""

    changes: Sequence[Change]
    before: Tree = field(default_factory=dict)  # on the disk when the first step starts
    doubted: Files | None = None  # what of `before` had been promised, if not all of it

    removes: ClassVar[bool] = True

    @classmethod
    def drawn(cls, rng: random.Random) -> Self:
        """Steps on a new disk, or on one with something on it."""
        return cls(cls._changes(rng, {}), cls.first(rng))

    def again(self, rng: random.Random, moment: Moment, tree: Tree) -> Self:
        """Other steps, after these were killed at `moment` and left `tree` to be seen."""
        promised = self._state(moment.done)
        return type(self)(self._changes(rng, self.standing(tree)), tree, promised)

    def run(self, disk: Recording) -> None:
        """Take every step; one that fails is taken again once the disk is mended."""
        for number, change in enumerate(self.changes):
            disk.begin(number)
            try:
                self.step(disk, change)
            except (OSError, StoreError) as error:
                if not isinstance(disk, Failing):
                    raise
                disk.failed(error)
                self.retry(disk, change)
            disk.done(number)

    def check(self, top: Path, moment: Moment) -> None:
        """Each name as it was or as it is to be, and no other name."""
        found = self.found(top)
        names = {change.name for change in self.changes} | self.standing(self.before).keys()
        names |= (self.doubted or {}).keys()  # what a killed process removed may come back
        assert found.keys() <= names, "there is something that nobody wrote"
        for name in names:
            assert found.get(name) in self._allowed(moment, name), f"{name[:12]} is neither"

    @classmethod
    def first(cls, rng: random.Random) -> Tree:  # noqa: ARG003 - for those that draw it
        """What is on the disk at first."""
        return {}

    @classmethod
    @abstractmethod
    def draw_name(cls, rng: random.Random, taken: set[str]) -> str:
        """A name for the next thing."""

    @abstractmethod
    def step(self, disk: Recording, change: Change) -> None:
        """Make `change` as the store makes it."""

    def retry(self, disk: Recording, change: Change) -> None:
        """Make `change` as whoever was told that it failed does."""
        self.step(disk, change)

    @abstractmethod
    def found(self, top: Path) -> Files:
        """Recover, then read everything as the store reads it."""

    @classmethod
    @abstractmethod
    def standing(cls, tree: Tree) -> Files:
        """What `tree` holds of such things."""

    @classmethod
    def value(cls, change: Change, pieces: Pieces) -> bytes:  # noqa: ARG003 - for those that sign
        """What is to be read once `change` was made."""
        return b"".join(pieces)

    @classmethod
    def _changes(cls, rng: random.Random, standing: Files) -> list[Change]:
        changes: list[Change] = []
        living, taken = set(standing), set(standing)
        for _ in range(rng.randrange(1, 4)):
            if cls.removes and living and rng.random() < 0.3:
                changes.append(Change(rng.choice(sorted(living)), None))
                living.discard(changes[-1].name)
            else:
                pieces = tuple(_piece(rng) for _ in range(rng.randrange(1, 4)))
                changes.append(Change(cls.draw_name(rng, taken), pieces))
                living.add(changes[-1].name)
                taken.add(changes[-1].name)
        return changes

    def _state(self, step: int) -> Files:
        """What stands after a step; -1: before the first."""
        state = dict(self.standing(self.before))
        for change in self.changes[: step + 1]:
            if change.pieces is None:
                state.pop(change.name, None)
            else:
                state[change.name] = self.value(change, change.pieces)
        return state

    def _allowed(self, moment: Moment, name: str) -> set[bytes | None]:
        allowed = {self._state(moment.done).get(name), self._state(moment.begun).get(name)}
        touched = {change.name for change in self.changes[: moment.done + 1]}
        if self.doubted is not None and name not in touched:
            allowed.add(self.doubted.get(name))
        return allowed


class Blobs(Steps):
    """Blobs put into a local vault and deleted, all by one process."""

    _vault: LocalVault | None = None

    @classmethod
    def draw_name(cls, rng: random.Random, taken: set[str]) -> str:  # noqa: ARG003 - random enough
        return rng.choice(("ab", "cd")) + rng.randbytes(15).hex()  # many share a folder

    def run(self, disk: Recording) -> None:
        self._vault = None
        super().run(disk)

    def step(self, disk: Recording, change: Change) -> None:
        if self._vault is None:
            self._vault = LocalVault(disk.top / "vault", disk)
        if change.pieces is None:
            self._vault.delete(change.name)
        else:
            self._vault.put(change.name, change.pieces)

    def retry(self, disk: Recording, change: Change) -> None:
        # What failed left no blob, unless the disk went on failing and would not remove it.
        if change.pieces is not None and isinstance(disk, Failing) and not disk.lasting:
            assert self._vault is None or change.name not in set(self._vault.ids())
        super().retry(disk, change)

    def found(self, top: Path) -> Files:
        vault = LocalVault(top / "vault", Recording(top))
        listed = {blob: vault.read_at(blob, 0, vault.size(blob)) for blob in vault.ids()}
        for name in {change.name for change in self.changes} - listed.keys():
            with suppress(NotFoundError):
                vault.size(name)
                raise AssertionError("a blob that is not listed has a size")
        return listed

    @classmethod
    def standing(cls, tree: Tree) -> Files:
        paths = {path: PurePosixPath(path).parts for path in tree}
        return {
            parts[1] + parts[2]: tree[path] or b""
            for path, parts in paths.items()
            if len(parts) == 3 and not parts[2].startswith(".")
        }


class Replaced(Steps):
    """One small private file, replaced and removed, like the root key's wrappers."""

    @classmethod
    def first(cls, rng: random.Random) -> Tree:
        return {} if rng.random() < 0.5 else {"keys": None, "keys/file": _piece(rng)}

    @classmethod
    def draw_name(cls, rng: random.Random, taken: set[str]) -> str:  # noqa: ARG003 - there is one
        return "file"

    def step(self, disk: Recording, change: Change) -> None:
        path = disk.top / "keys" / change.name
        if change.pieces is None:
            private.remove(path, disk)
        else:
            private.replace(path, b"".join(change.pieces), disk)

    def found(self, top: Path) -> Files:
        try:
            return {"file": private.read(top / "keys" / "file", _LARGEST)}
        except FileNotFoundError:
            return {}

    @classmethod
    def standing(cls, tree: Tree) -> Files:
        content = tree.get("keys/file")
        return {} if content is None else {"file": content}


class KeyFiles(Steps):
    """Key files written once, each under a name of its own.

    Until it is whole nothing refers to one: torn it may be, but never pass for another key.
    """

    removes = False

    @classmethod
    def draw_name(cls, rng: random.Random, taken: set[str]) -> str:  # noqa: ARG003 - random enough
        return f"{rng.randbytes(8).hex()}.key"

    def step(self, disk: Recording, change: Change) -> None:
        private.write_new(
            disk.top / "keys" / change.name, self.value(change, change.pieces or ()), disk
        )

    def retry(self, disk: Recording, change: Change) -> None:
        private.remove(disk.top / "keys" / change.name, disk)  # what a failing disk left of it
        self.step(disk, change)

    def found(self, top: Path) -> Files:
        found: Files = {}
        for path in (top / "keys").glob("*"):
            with suppress(KeyUnavailableError):
                found[path.name] = read_key(path).hex().encode() + b"\n"
        return found

    @classmethod
    def standing(cls, tree: Tree) -> Files:
        return {
            PurePosixPath(path).name: content
            for path, content in tree.items()
            if content is not None
        }

    @classmethod
    def value(cls, change: Change, pieces: Pieces) -> bytes:
        return (change.name.encode() + b"".join(pieces)).hex().encode()[:64].ljust(64, b"0") + b"\n"


class Checkpoints(Steps):
    """Signed checkpoints of a log that grows."""

    removes = False

    @classmethod
    def draw_name(cls, rng: random.Random, taken: set[str]) -> str:  # noqa: ARG003 - they count up
        size = 1 + max((cls._size(name) for name in taken), default=0)
        return f"checkpoint-{size:012}-20251105T170500Z.txt"

    def step(self, disk: Recording, change: Change) -> None:
        checkpoint.save(
            disk.top / "checkpoints", self._signed(change, change.pieces or ()), _SIGNER, _AT, disk
        )

    def found(self, top: Path) -> Files:
        paths = checkpoint.kept(top / "checkpoints")
        assert all(checkpoint.load(path, _SIGNER).size == self._size(path.name) for path in paths)
        return {path.name: path.read_bytes() for path in paths}

    @classmethod
    def standing(cls, tree: Tree) -> Files:
        return {
            PurePosixPath(path).name: content
            for path, content in tree.items()
            if content is not None and not PurePosixPath(path).name.startswith(".")
        }

    @classmethod
    def value(cls, change: Change, pieces: Pieces) -> bytes:
        return _SIGNER.sign(cls._signed(change, pieces).text())

    @classmethod
    def _signed(cls, change: Change, pieces: Pieces) -> Checkpoint:
        root = b"".join(pieces)[:32].ljust(32, b"\x01")
        return Checkpoint(_SIGNER.name, cls._size(change.name), root)

    @staticmethod
    def _size(name: str) -> int:
        return int(name.split("-")[1])


KINDS: tuple[type[Steps], ...] = (Blobs, Replaced, KeyFiles, Checkpoints)


def _piece(rng: random.Random) -> bytes:
    # Never a zero byte, so that what was lost on the way cannot look like what was meant.
    return bytes(rng.randrange(1, 256) for _ in range(rng.randrange(2, 60)))


def save_by_renaming_first(disk: Fs, path: Path, data: bytes) -> None:
    """Wrong on purpose: the name stands before the bytes do."""
    temporary = path.with_name(f".{path.name}.part")
    handle = disk.create(temporary)
    disk.rename(temporary, path)
    disk.write(handle, data)
    disk.sync(handle)
    disk.close(handle)
    disk.sync_folder(path.parent)


class RenamedFirst(Replaced):
    """A private file, replaced by a wrong writer."""

    def step(self, disk: Recording, change: Change) -> None:
        if change.pieces is None:
            super().step(disk, change)
        else:
            fs.make_folders(disk, disk.top / "keys")
            save_by_renaming_first(disk, disk.top / "keys" / "file", b"".join(change.pieces))

"""`keys/wrappers.json`: the root key under each of its wrappers. One small file, safe to copy.

Normally it holds one root. While a rotation is under way it holds the new one beside the old, and
the database says which of the two is in force. A home made before this file existed has a bare
`keys/root.key` instead: that file is then its own wrapper, and goes on being one.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
from filelock import FileLock, Timeout
from msgspec.structs import replace

from store import fs, private
from store.errors import KeyAbsentError, KeyUnavailableError, NotFoundError
from store.fs import DISK, Fs
from store.root import Root, Secret, old_home_id
from store.session import now_ms
from store.wrappers.keyfile import KeyFile, read_key
from store.wrappers.model import Entry, Params, Place, Wrapper, open_entry, seal, seal_under

FILE = "wrappers.json"
OLD_ROOT = "root.key"
_LIMIT = 256 * 1024
_PATIENCE_SECONDS = 30
# What asks nobody comes first.
_ORDER = ("file", "systemd", "keyring", "azure", "passphrase")

Wrappers: TypeAlias = Mapping[str, Wrapper]
"""The wrappers that can be used here, by kind."""


class Rehearsed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Recovery shares that were made of a root and shown to open it."""

    threshold: int
    count: int
    at: int  # ms since 1970, UTC


class Wrapped(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One root under its wrappers."""

    root: str  # its id, 16 hex digits
    created_at: int  # ms since 1970, UTC
    entries: tuple[Entry, ...]
    shares: Rehearsed | None = None


class Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the file says."""

    format: Literal["recorder keys 1"] = "recorder keys 1"
    home: str  # 16 hex digits
    roots: tuple[Wrapped, ...]  # one; two while a rotation is under way, the old one first


@dataclass(frozen=True, slots=True)
class Opened:
    """The roots that could be opened."""

    home: str
    roots: tuple[Root, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """How one wrapper did."""

    wrapper: str  # its id
    kind: str
    outcome: Literal["opens", "not tried", "fails"]
    why: str = ""


class KeyStore:
    """The folder with the wrappers file. Opens nothing by itself."""

    def __init__(self, folder: Path, disk: Fs = DISK) -> None:
        self.folder = folder
        self._disk = disk

    def create(self, root: Root, wrapper: Wrapper) -> None:
        """A new wrappers file for a new home; KeyUnavailableError if the folder holds keys."""
        with self.locked():
            if (self.folder / FILE).exists() or (self.folder / OLD_ROOT).exists():
                raise KeyUnavailableError("there is a root key here already")
            home = secrets.token_hex(8)
            entry = seal(root, home, wrapper, {})
            wrapped = Wrapped(root=root.id, created_at=now_ms(), entries=(entry,))
            self.save(Content(home=home, roots=(wrapped,)))

    def load(self) -> Content:
        """What the file says; KeyUnavailableError when it is missing, damaged or open to others."""
        try:
            data = private.read(self.folder / FILE, _LIMIT)
            content = msgspec.json.decode(data, type=Content)
        except FileNotFoundError:
            return self._from_old_root()
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise KeyUnavailableError("the root key's wrappers file is damaged") from error
        if not 1 <= len(content.roots) <= 2 or not all(each.entries for each in content.roots):  # noqa: PLR2004 - see Content
            raise KeyUnavailableError("the root key's wrappers file is damaged")
        return content

    def save(self, content: Content) -> None:
        """Put the file in place, whole; call it under the lock."""
        data = msgspec.json.format(msgspec.json.encode(content), indent=2)
        private.replace(self.folder / FILE, data + b"\n", self._disk)

    def set_aside(self) -> None:
        """Move a file that is damaged or of another time out of the way, and keep it."""
        path = self.folder / FILE
        if path.exists():
            self._disk.rename(path, path.with_name(f"{path.stem}.before-{now_ms()}.json"))
            self._disk.sync_folder(self.folder)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One writer at a time."""
        fs.make_folders(self._disk, self.folder)
        lock = FileLock(self.folder / "wrappers.lock", timeout=_PATIENCE_SECONDS, mode=0o600)
        try:
            lock.acquire()
        except Timeout as error:
            raise KeyUnavailableError(
                "another command is changing the root key: try again when it has ended"
            ) from error
        try:
            yield
        finally:
            lock.release()

    def open(self, wrappers: Wrappers) -> Opened:
        """Every root that one of `wrappers` opens; KeyUnavailableError if there is none."""
        content = self.load()
        found: list[Root] = []
        said: list[str] = []
        for wrapped in content.roots:
            root = _first(wrapped, content.home, wrappers, said)
            found += [] if root is None else [root]
        if not found:
            raise KeyUnavailableError("no wrapper opens the root key here: " + "; ".join(said))
        return Opened(content.home, tuple(found))

    def leftovers(self) -> list[Path]:
        """Key files in the folder that no wrapper names: what a command that was cut off has left.

        They open nothing that is in force, but a copy of an older wrappers file may name them.
        """
        with self.locked():
            entries = [entry for each in self.load().roots for entry in each.entries]
            named = {self.folder / str(entry.params.get("path", "")) for entry in entries}
            return sorted(path for path in self.folder.glob("*.key") if path not in named)

    def _from_old_root(self) -> Content:
        """The file that stands for a bare root key: the same at every reading but for a nonce."""
        path, params = self.folder / OLD_ROOT, {"path": OLD_ROOT}
        if not path.exists():
            raise KeyUnavailableError("the root key is not here")
        root = Root(read_key(path))
        place = Place(old_home_id(root), root.id)
        entry = seal_under(Secret(root.secret), root, place, KeyFile.kind, {**params})
        made_at = path.stat().st_mtime_ns // 1_000_000
        wrapped = Wrapped(root=root.id, created_at=made_at, entries=(entry,))
        return Content(home=place.home, roots=(wrapped,))


def only(content: Content) -> Wrapped:
    """The one root; KeyUnavailableError while a rotation is half done."""
    if len(content.roots) != 1:
        raise KeyUnavailableError("a rotation of the root key was cut short: settle it first")
    return content.roots[0]


def add(store: KeyStore, root: Root, wrapper: Wrapper, like: Params) -> Entry:
    """Wrap the root once more; the new entry is opened before it counts."""
    with store.locked():
        content = store.load()
        wrapped = only(content)
        if wrapped.root != root.id:
            raise KeyUnavailableError("the root key was rotated meanwhile: try again")
        entry = seal(root, content.home, wrapper, like)
        open_entry(entry, content.home, root.id, wrapper)
        store.save(_with(content, replace(wrapped, entries=(*wrapped.entries, entry))))
    return entry


def remove(store: KeyStore, wrapper_id: str, wrappers: Wrappers) -> None:
    """Take a wrapper away; refused unless another one opens the root here and now."""
    with store.locked():
        content = store.load()
        wrapped = only(content)
        gone = [each for each in wrapped.entries if each.id == wrapper_id]
        if not gone:
            raise NotFoundError("there is no such wrapper")
        kept = replace(wrapped, entries=tuple(e for e in wrapped.entries if e not in gone))
        if not kept.entries:
            raise KeyUnavailableError("the last wrapper is never removed: add another one first")
        said: list[str] = []
        if _first(kept, content.home, wrappers, said) is None:
            raise KeyUnavailableError(
                "no other wrapper opens the root key here: " + "; ".join(said)
            )
        store.save(_with(content, kept))
        discard(content.home, gone, wrappers)


def rehearsed(store: KeyStore, root: Root, shares: Rehearsed) -> None:
    """Note that shares of `root` were made and shown to open it."""
    with store.locked():
        content = store.load()
        wrapped = only(content)
        if wrapped.root != root.id:
            raise KeyUnavailableError("the root key was rotated meanwhile: try again")
        store.save(_with(content, replace(wrapped, shares=shares)))


def drill(store: KeyStore, wrappers: Wrappers) -> list[Trial]:
    """Try every wrapper that can be tried here."""
    content = store.load()
    return [
        _try(entry, content.home, wrapped.root, wrappers)
        for wrapped in content.roots
        for entry in wrapped.entries
    ]


def discard(home: str, entries: Sequence[Entry], wrappers: Wrappers) -> None:
    """Remove what entries that are no longer stored have left on this machine."""
    for entry in entries:
        if entry.kind in wrappers:
            wrappers[entry.kind].discard(Place(home, entry.id), entry.params)


def _with(content: Content, wrapped: Wrapped) -> Content:
    return replace(content, roots=(wrapped,))


def _first(wrapped: Wrapped, home: str, wrappers: Wrappers, said: list[str]) -> Root | None:
    """The root, by the first wrapper that opens it; why not, in `said`."""
    for entry in sorted(wrapped.entries, key=lambda entry: _rank(entry.kind)):
        try:
            return _open(entry, home, wrapped.root, wrappers)
        except KeyUnavailableError as error:
            said.append(f"{entry.kind} {entry.id}: {error}")
    return None


def _try(entry: Entry, home: str, root_id: str, wrappers: Wrappers) -> Trial:
    try:
        _open(entry, home, root_id, wrappers)
    except KeyAbsentError as error:
        return Trial(entry.id, entry.kind, "not tried", str(error))
    except KeyUnavailableError as error:
        return Trial(entry.id, entry.kind, "fails", str(error))
    return Trial(entry.id, entry.kind, "opens")


def _open(entry: Entry, home: str, root_id: str, wrappers: Wrappers) -> Root:
    if entry.kind not in wrappers:
        raise KeyAbsentError("it is not set up for this command")
    return open_entry(entry, home, root_id, wrappers[entry.kind])


def _rank(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)

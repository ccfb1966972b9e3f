"""What a disk may hold after a power cut, from the calls that were made to it.

A name is sure once its folder was synced, a byte once its file was. Whatever is not sure may be
there or not: each write kept, lost, torn in the middle or standing as zeros; each change of a name
kept or lost, in any combination. Two things hold, as they do on any journalling file system: what
happens to one name happens in order, and a rename is one step. Older systems may leave a file
under both its names, so that is played as well.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from math import prod
from pathlib import PurePosixPath

from tests.crash.calls import (
    Call,
    Dropped,
    FileMade,
    FolderMade,
    FolderSynced,
    Removed,
    Renamed,
    Synced,
    Wrote,
)

Tree = dict[str, bytes | None]
"""Path below the top: bytes of a file, None for a folder."""


class Fate(Enum):
    """What became of one write."""

    KEPT = 0
    LOST = 1
    TORN = 2  # its first half is there
    ZEROS = 3  # the file has grown, the bytes never came


@dataclass(slots=True, eq=False)
class File:
    sure: bytes = b""
    unsure: list[bytes] = field(default_factory=list)  # appended since, in order

    @property
    def now(self) -> bytes:
        return self.sure + b"".join(self.unsure)

    def follow(self, call: Wrote | Synced | Dropped) -> None:
        match call:
            case Wrote(_, data):
                self.unsure.append(data)
            case Synced():
                self.sure, self.unsure = self.now, []
            case Dropped():
                self.unsure = []

    def after(self, fates: tuple[Fate, ...]) -> bytes:
        """The bytes that are left when each unsure write had its fate."""
        content, at = bytearray(self.sure), len(self.sure)
        for data, fate in zip(self.unsure, fates, strict=True):
            kept = {
                Fate.KEPT: data,
                Fate.LOST: b"",
                Fate.TORN: data[: len(data) // 2],
                Fate.ZEROS: bytes(len(data)),
            }[fate]
            if kept:
                content.extend(bytes(max(0, at - len(content))))  # a hole reads as zeros
                content[at : at + len(kept)] = kept
            at += len(data)
        return bytes(content)


@dataclass(frozen=True, slots=True)
class Change:
    """One step on the names of a folder."""

    name: str
    node: Node | None  # None: the name goes
    source: str | None = None  # the name that a rename takes away

    @property
    def ways(self) -> int:
        """Lost, kept, and for a rename kept under both names."""
        return 2 if self.source is None else 3

    def on(self, names: dict[str, Node], way: int) -> None:
        if not way:
            return
        if self.node is None:
            names.pop(self.name, None)
        else:
            names[self.name] = self.node
        if self.source is not None and way == 1:
            names.pop(self.source, None)


@dataclass(slots=True, eq=False)
class Folder:
    sure: dict[str, Node] = field(default_factory=dict)
    unsure: list[Change] = field(default_factory=list)
    now: dict[str, Node] = field(default_factory=dict)

    def after(self, ways: tuple[int, ...]) -> dict[str, Node]:
        names = dict(self.sure)
        for change, way in zip(self.unsure, ways, strict=True):
            change.on(names, way)
        return names


Node = File | Folder


class DiskModel:
    """Follows the calls; says at any moment what a power cut could leave."""

    def __init__(self, tree: Tree | None = None) -> None:
        """`tree` is on the disk for sure."""
        self._top = Folder()
        self._nodes: list[Node] = [self._top]
        self._open: dict[str, File] = {}  # by the path it was created at
        for path, content in sorted((tree or {}).items()):
            node = Folder() if content is None else File(content)
            self._put(path, node)
        for folder in self._folders():
            folder.sure, folder.unsure = dict(folder.now), []

    def apply(self, call: Call) -> None:
        """Follow one call."""
        match call:
            case FolderMade(path):
                self._put(path, Folder())
            case FileMade(path):
                self._open[path] = File()
                self._put(path, self._open[path])
            case Wrote(path) | Synced(path) | Dropped(path):
                self._open[path].follow(call)
            case Renamed(path, target):
                self._rename(PurePosixPath(path), PurePosixPath(target))
            case Removed(path):
                folder, name = self._parent(path)
                del folder.now[name]
                folder.unsure.append(Change(name, None))
            case FolderSynced(path):
                folder = self._folder(PurePosixPath(path))
                folder.sure, folder.unsure = dict(folder.now), []

    def now(self) -> Tree:
        """What every program sees while the machine runs, and after a process was killed."""
        return _tree(self._top, lambda folder: folder.now, lambda file: file.now)

    def after_power_cut(self, rng: random.Random, limit: int) -> Iterator[Tree]:
        """Different trees that a power cut could leave: all of them, or `limit` drawn by `rng`."""
        slots = self._slots()
        seen: set[tuple[tuple[str, bytes | None], ...]] = set()
        for choice in _choices([ways for _, ways in slots], rng, limit):
            tree = self._chosen([node for node, _ in slots], choice)
            key = tuple(sorted(tree.items()))
            if key not in seen:
                seen.add(key)
                yield tree

    def _slots(self) -> list[tuple[Node, int]]:
        """Each thing that is not sure, and in how many ways it can come out."""
        found: list[tuple[Node, int]] = []
        for node in self._nodes:
            if isinstance(node, Folder):
                found += [(node, change.ways) for change in node.unsure]
            else:
                found += [(node, len(Fate)) for _ in node.unsure]
        return found

    def _chosen(self, owners: list[Node], choice: tuple[int, ...]) -> Tree:
        of: dict[int, list[int]] = {}
        for owner, way in zip(owners, choice, strict=True):
            of.setdefault(id(owner), []).append(way)

        def names(folder: Folder) -> dict[str, Node]:
            return folder.after(tuple(of.get(id(folder), ())))

        def content(file: File) -> bytes:
            return file.after(tuple(Fate(way) for way in of.get(id(file), ())))

        return _tree(self._top, names, content)

    def _put(self, path: str, node: Node) -> None:
        folder, name = self._parent(path)
        folder.now[name] = node
        folder.unsure.append(Change(name, node))
        self._nodes.append(node)

    def _rename(self, path: PurePosixPath, target: PurePosixPath) -> None:
        assert path.parent == target.parent, "a rename between folders is not played"
        folder = self._folder(path.parent)
        node = folder.now.pop(path.name)
        folder.now[target.name] = node
        folder.unsure.append(Change(target.name, node, path.name))

    def _parent(self, path: str) -> tuple[Folder, str]:
        pure = PurePosixPath(path)
        return self._folder(pure.parent), pure.name

    def _folder(self, path: PurePosixPath) -> Folder:
        found: Node = self._top
        for part in path.parts:
            assert isinstance(found, Folder)
            found = found.now[part]
        assert isinstance(found, Folder)
        return found

    def _folders(self) -> list[Folder]:
        return [node for node in self._nodes if isinstance(node, Folder)]


def _choices(ways: list[int], rng: random.Random, limit: int) -> Iterator[tuple[int, ...]]:
    if prod(ways) <= limit:
        yield from itertools.product(*(range(each) for each in ways))
        return
    yield tuple(0 for _ in ways)
    yield tuple(1 for _ in ways)
    for _ in range(limit - 2):
        yield tuple(rng.randrange(each) for each in ways)


def _tree(
    top: Folder,
    names: Callable[[Folder], dict[str, Node]],
    content: Callable[[File], bytes],
) -> Tree:
    found: Tree = {}

    def walk(folder: Folder, path: str) -> None:
        for name, node in names(folder).items():
            below = f"{path}{name}"
            if isinstance(node, File):
                found[below] = content(node)
            else:
                found[below] = None
                walk(node, f"{below}/")

    walk(top, "")
    return found

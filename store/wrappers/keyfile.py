"""A file with a key in it, for its owner's eyes only: on this disk, or on one that can be taken out."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import ClassVar

from store import private
from store.errors import KeyAbsentError, KeyUnavailableError
from store.fs import DISK, Fs
from store.root import KEY_SIZE, Secret
from store.wrappers.model import Params, Place, text_of

_LIMIT = 1024


class KeyFile:
    """Opens with a file of 64 hex digits, mode 0600."""

    kind: ClassVar[str] = "file"

    def __init__(self, folder: Path, disk: Fs = DISK) -> None:
        """`folder` is where relative paths begin."""
        self._folder = folder
        self._disk = disk

    def prepare(self, place: Place, like: Params) -> tuple[dict[str, str | int], Secret]:
        """A fresh key in a file of its own: in the folder wished for, or beside the earlier one."""
        folder = Path(str(like.get("folder") or Path(str(like.get("path", ""))).parent))
        path = folder / f"{place.wrapper}.key"
        key = secrets.token_bytes(KEY_SIZE)
        try:
            private.write_new(self._folder / path, key.hex().encode() + b"\n", self._disk)
        except OSError as error:
            raise KeyUnavailableError("a key file cannot be written there") from error
        return {"path": str(path)}, Secret(key)

    def key(self, place: Place, params: Params) -> Secret:  # noqa: ARG002 - the Protocol's signature
        """The key in the file."""
        return Secret(read_key(self._folder / text_of(params, "path")))

    def discard(self, place: Place, params: Params) -> None:  # noqa: ARG002 - likewise
        """Remove the file."""
        private.remove(self._folder / text_of(params, "path"), self._disk)


def read_key(path: Path) -> bytes:
    """The 32 bytes that a key file holds; KeyUnavailableError for anything else."""
    try:
        key = bytes.fromhex(private.read(path, _LIMIT).decode("ascii").strip())
    except FileNotFoundError as error:
        raise KeyAbsentError("its key file is not here") from error
    except ValueError as error:
        raise KeyUnavailableError("its key file is damaged") from error
    if len(key) != KEY_SIZE:
        raise KeyUnavailableError("its key file is damaged: it has the wrong length")
    return key

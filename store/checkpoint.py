"""Checkpoints: how far the audit log has come, signed, to be kept where nobody here can change it.

The form is C2SP's tlog-checkpoint, a signed note that the tools of transparency logs read:

    <origin>
    <number of events>
    <root of the tree, base64>

    — <origin> <key id and Ed25519 signature, base64>
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from store import fs
from store.errors import CheckpointError
from store.fs import DISK, Fs
from store.merkle import HASH_SIZE

_ED25519 = b"\x01"  # the note format's byte for this kind of signature
_KEY_ID = 4
_LARGEST = 64 * 1024  # bytes; room for the signatures of many witnesses
_SIZE = re.compile("0|[1-9][0-9]{0,17}")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
_PATTERN = "checkpoint-*.txt"
_NAME = re.compile(r"checkpoint-\d{12}-\d{8}T\d{6}Z\.txt")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log at one moment."""

    origin: str  # which log
    size: int  # events
    root: bytes  # of the tree over them, 32 bytes

    def text(self) -> str:
        """The lines that are signed."""
        return f"{self.origin}\n{self.size}\n{_encode(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """The checkpoint that was written as `text`; CheckpointError for anything else."""
        match text.split("\n"):
            case [origin, size, root, ""] if origin and _SIZE.fullmatch(size):
                found = cls(origin, int(size), _decode(root))
            case _:
                raise CheckpointError("it does not have a checkpoint's three lines")
        if len(found.root) != HASH_SIZE:
            raise CheckpointError("its root has the wrong length")
        return found


class Signer:
    """Signs notes (C2SP signed-note, Ed25519) and opens those that it signed."""

    def __init__(self, seed: bytes, name: str | None = None) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._public = self._key.public_key()
        public = self._public.public_bytes_raw()
        # A log is known by its key: no setting, and nothing about the team, stands in the open.
        self.name = name or f"recorder/audit/{hashlib.sha256(public).hexdigest()[:16]}"
        named = self.name.encode() + b"\n" + _ED25519 + public
        self._id = hashlib.sha256(named).digest()[:_KEY_ID]
        self.public_key = f"{self.name}+{self._id.hex()}+{_encode(_ED25519 + public)}"

    def sign(self, text: str) -> bytes:
        """`text`, which ends in a newline, as a signed note."""
        signature = _encode(self._id + self._key.sign(text.encode()))
        return f"{text}\n— {self.name} {signature}\n".encode()

    def open(self, note: bytes) -> str:
        """The signed text; CheckpointError unless this key signed it. Others may have, too."""
        text, signatures = _parts(note)
        ours = [
            signature[_KEY_ID:]
            for name, signature in signatures
            if name == self.name and signature[:_KEY_ID] == self._id
        ]
        if not ours:
            raise CheckpointError("it is not signed with this log's key")
        for signature in ours:
            try:
                self._public.verify(signature, text.encode())
            except InvalidSignature as error:
                raise CheckpointError("it was changed after it was signed") from error
        return text


def save(folder: Path, checkpoint: Checkpoint, signer: Signer, at: int, disk: Fs = DISK) -> Path:
    """Write a signed checkpoint of the time `at` (ms), whole or not at all.

    Names sort by size, then time. CheckpointError when the folder cannot be written.
    """
    moment = datetime.fromtimestamp(at / 1000, UTC)
    path = folder / f"checkpoint-{checkpoint.size:012}-{moment:%Y%m%dT%H%M%SZ}.txt"
    try:
        if folder.parent.is_dir():  # a share that is not there is an error, and never made
            fs.make_folders(disk, folder)
            fs.remove_unfinished(disk, folder)
        fs.save(disk, path, [signer.sign(checkpoint.text())])
    except OSError as error:
        why = error.strerror or "no reason was given"
        raise CheckpointError(
            f"the checkpoint cannot be written ({why}): check the folder set as 'checkpoints'"
        ) from error
    return path


def load(path: Path, signer: Signer) -> Checkpoint:
    """The checkpoint in a file; CheckpointError unless this log signed it."""
    try:
        with path.open("rb") as file:
            return Checkpoint.parse(signer.open(file.read(_LARGEST + 1)))
    except CheckpointError as error:
        # A name that is not of our making may be anything.
        which = path.name if _NAME.fullmatch(path.name) else "the file"
        raise CheckpointError(f"{which} is not a checkpoint of this log: {error}") from error


def kept(folder: Path) -> list[Path]:
    """The checkpoints in `folder`, smallest log first; none if there is no such folder."""
    return sorted(folder.glob(_PATTERN))


def _parts(note: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """A note's text and its signatures by name, none of them verified yet."""
    try:
        whole = note.decode()
    except UnicodeDecodeError as error:
        raise CheckpointError("it is not a signed note") from error
    text, blank, lines = whole.rpartition("\n\n")
    if len(note) > _LARGEST or _CONTROL.search(whole) or not blank or not lines.endswith("\n"):
        raise CheckpointError("it is not a signed note")
    return text + "\n", [_signature(line) for line in lines[:-1].split("\n")]


def _signature(line: str) -> tuple[str, bytes]:
    match line.split(" "):
        case ["—", name, signature] if name:
            return name, _decode(signature)
        case _:
            raise CheckpointError("it is not a signed note")


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise CheckpointError("it holds broken base64") from error
    if _encode(data) != text:
        raise CheckpointError("it holds broken base64")
    return data

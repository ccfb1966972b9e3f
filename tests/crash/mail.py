"""A mixed post for the intake folder: what a team drops there, and what must become of it."""

from __future__ import annotations

import hashlib
import io
import random
import struct
import subprocess
import tempfile
import wave
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from store import age

CASES = ("EV-1", "EV-2")
NO_CASE = "EV-9"  # what lies here belongs to no case that is known
RATE = 16_000
_NO_CODEC = 0x6666  # a number that no way of packing sound has
_COPIED = 6_000  # bytes that a slow copy comes on at a time


@dataclass(frozen=True, slots=True)
class Sent:
    """One file that was dropped."""

    path: str  # below the intake folder
    case: str
    sha256: str  # of what is inside
    heard: str | None  # sound: the digest of its samples
    broken: bool  # nothing can be made from it, and it is to be set aside
    content: bytes = field(repr=False)  # as it lies in the folder


class Mail:
    """Makes files from a seed, and drops some of them little by little."""

    def __init__(
        self, intake: Path, rng: random.Random, recipients: Sequence[age.KeyRecipient]
    ) -> None:
        self.intake = intake
        self._rng = rng
        self._recipients = recipients
        self._growing: list[tuple[Path, bytes]] = []
        self._number = 0
        self.sent: list[Sent] = []

    def drop_batch(self) -> None:
        """Voices, pictures, the same again, some sealed on a laptop, one still growing, one broken."""
        for case in CASES:
            first = self._picture()
            self._drop(case, "photo.jpg", first)
            self._drop(case, "the-same.jpg", first)  # one recording, twice seen
            self._drop(case, "note.wav", self._voice())
            self._drop(case, "sealed.png.age", self._picture("PNG"))
        shared = self._picture()
        for case in (*CASES, NO_CASE):
            self._drop(case, "shared.jpg", shared)  # one recording a case
        self._drop(CASES[0], "sealed.wav.age", self._voice())
        samples = self._samples()
        self._drop(CASES[0], "film.mov", _film(samples), samples)
        self._drop(CASES[1], "broken.wav", self._broken())
        self._drop(CASES[1], "growing.wav", self._voice(), growing=True)
        self._number += 1

    def grow(self) -> None:
        """A little more of what is still being copied."""
        for path, rest in self._growing:
            with path.open("ab") as file:
                file.write(rest[:_COPIED])
        self._growing = [(path, rest[_COPIED:]) for path, rest in self._growing if rest[_COPIED:]]

    @property
    def arriving(self) -> bool:
        """Whether something is still being copied."""
        return bool(self._growing)

    def _drop(
        self,
        case: str,
        name: str,
        content: bytes,
        samples: bytes | None = None,
        *,
        growing: bool = False,
    ) -> None:
        inside, broken = hashlib.sha256(content).hexdigest(), name == "broken.wav"
        if ".wav" in name and not broken:
            samples = _samples(content)
        heard = None if samples is None else hashlib.sha256(samples).hexdigest()
        if name.endswith(".age"):
            content = b"".join(age.seal_file(self._recipients, [content]))
        # Names come back: a name is no identity. What is being copied keeps its name to itself.
        number = self._number if growing else self._number % 3
        where = f"amara/{case}/{number}-{name}"
        path = self.intake / where
        path.parent.mkdir(parents=True, exist_ok=True)
        self.sent.append(Sent(where, case, inside, heard, broken, content))
        if growing:
            path.write_bytes(content[:100])
            self._growing.append((path, content[100:]))
        else:
            path.write_bytes(content)

    def _picture(self, kind: str = "JPEG") -> bytes:
        out = io.BytesIO()
        Image.frombytes("RGB", (24, 24), self._rng.randbytes(24 * 24 * 3)).save(out, kind)
        return out.getvalue()

    def _voice(self) -> bytes:
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes(self._samples())
        return out.getvalue()

    def _samples(self) -> bytes:
        return self._rng.randbytes(RATE)  # half a second of noise

    def _broken(self) -> bytes:
        """Whole by its lengths, but packed in a way that nothing knows."""
        kind = struct.pack("<4sIHHIIHH", b"fmt ", 16, _NO_CODEC, 1, RATE, 2 * RATE, 2, 16)
        data = struct.pack("<4sI", b"data", 3000) + self._rng.randbytes(3000)
        return struct.pack("<4sI4s", b"RIFF", 4 + len(kind) + len(data), b"WAVE") + kind + data


def _samples(wav: bytes) -> bytes:
    with wave.open(io.BytesIO(wav)) as file:
        samples: bytes = file.readframes(file.getnframes())
        return samples


def _film(samples: bytes) -> bytes:
    """A moment of grey with this sound."""
    sound = ("-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "pipe:0")
    grey = ("-f", "lavfi", "-i", "color=gray:size=32x32:rate=4:duration=0.5")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "film.mov")
        argv = ["ffmpeg", "-v", "error", *sound, *grey, "-c:a", "pcm_s16le", "-c:v", "mpeg4"]
        subprocess.run([*argv, str(path)], input=samples, check=True)
        return path.read_bytes()

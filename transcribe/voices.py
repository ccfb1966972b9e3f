"""Voices: who of up to three speaks when within ten seconds, and how each of them sounds.

Two models by onnxruntime: segmentation tells voices apart within a look of ten
seconds, and an embedding turns the sound of one voice into a vector that is near to others of the
same person. Both were trained on many people; neither learns or keeps anybody's voice.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from transcribe.clips import RATE, Samples
from transcribe.melbank import SHIFT, energies

LOOK = 10 * RATE
"""Samples that are looked at together: what segmentation was trained on."""
HOP = LOOK // 2
"""Samples from one look to the next: each moment is looked at twice."""
FRAME = 270
"""Samples from one of segmentation's frames to the next."""
FRAMES = 589
"""Its frames in a look."""
MIDDLE = 495
"""Samples from a look's start to the middle of its first frame."""
TURNS, VOICE = "turns.onnx", "voice.onnx"
"""The files of the two models: segmentation, and embedding."""
_LEAST_ALONE = 30  # frames of 10 ms that a voice must be heard alone for a vector
_QUIET = 1e-4  # below this nothing but digital silence is in a look
# Segmentation's seven answers: nobody, one of three voices, two of them at once.
_ANSWERS = np.array(
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]], bool
)

Active = NDArray[np.bool_]  # (589,): whether somebody speaks in each frame of a look
Vector = NDArray[np.float32]  # of length 1


class VoiceError(Exception):
    """The folder holds no models of voices that can be loaded."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice within a look."""

    bits: bytes  # in which of the look's frames it is heard, packed
    alone_ms: int  # of it is heard alone; 0: too little, and there is no vector
    sound: bytes  # the vector, as little-endian half floats

    @property
    def active(self) -> Active:
        """In which frames it is heard."""
        return np.unpackbits(np.frombuffer(self.bits, np.uint8), count=FRAMES).astype(bool)

    @property
    def vector(self) -> Vector:
        """How it sounds."""
        return np.frombuffer(self.sound, "<f2").astype(np.float32)


@dataclass(frozen=True, slots=True)
class Look:
    """The voices in ten seconds of sound; which of them are one person's it does not say."""

    start: int  # samples of 16 kHz from the recording's start
    end: int  # samples; less than ten seconds later where the sound ends before
    voices: tuple[Voice, ...]


class Telling(Protocol):
    """Whatever can tell voices apart."""

    name: str
    sha256: str

    def look(self, samples: Samples, start: int) -> Look:
        """The voices in at most ten seconds of sound, `start` samples into the recording."""


class Voices:
    """The two models by onnxruntime, on the CPU."""

    def __init__(self, folder: Path, *, name: str, sha256: str, threads: int = 0) -> None:
        """Load both models from `folder`.

        Raises:
            VoiceError: they cannot be loaded.
        """
        import onnxruntime  # noqa: PLC0415 - as it loads it writes to the user's cache folder

        self.name, self.sha256 = name, sha256
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or os.cpu_count() or 1
        options.log_severity_level = 3  # errors alone
        # Each stretch of a voice has its own length: for every one of them memory would be planned
        # and kept for the next of that very length.
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False
        try:
            self._turns, self._voice = (
                onnxruntime.InferenceSession(
                    str(folder / model), options, providers=["CPUExecutionProvider"]
                )
                for model in (TURNS, VOICE)
            )
        except Exception as error:  # its exceptions share no base but this one
            raise VoiceError from error

    def look(self, samples: Samples, start: int) -> Look:
        """The voices in at most ten seconds of sound, `start` samples into the recording."""
        end = start + len(samples)
        if not len(samples) or float(np.abs(samples).max()) < _QUIET:
            return Look(start, end, ())
        whole = np.zeros(LOOK, np.float32)
        whole[: len(samples)] = samples
        answer = self._turns.run(None, {"samples": whole[None, None]})[0][0]
        active = _ANSWERS[answer.argmax(1)]
        active[max(-(-(len(samples) - MIDDLE) // FRAME), 0) :] = (
            False  # nobody speaks after the end
        )
        if not active.any():
            return Look(start, end, ())
        return Look(start, end, tuple(self._voices(active, energies(whole))))

    def _voices(self, active: NDArray[np.bool_], mel: NDArray[np.float32]) -> Iterator[Voice]:
        alone = active.sum(1) == 1
        # The middle of each 10 ms frame of energies, as a frame of segmentation.
        middles = np.arange(len(mel)) * SHIFT + RATE // 80
        place = np.clip(np.rint((middles - MIDDLE) / FRAME), 0, FRAMES - 1).astype(int)
        for own in active.T:
            if own.any():
                heard = mel[(own & alone)[place]]
                vector = self._vector(heard) if len(heard) >= _LEAST_ALONE else b""
                yield Voice(np.packbits(own).tobytes(), 10 * len(heard) * bool(vector), vector)

    def _vector(self, heard: NDArray[np.float32]) -> bytes:
        given = (heard - heard.mean(0))[None]
        found = self._voice.run(None, {"energies": given})[0][0]
        unit: Vector = found / np.linalg.norm(found)
        return unit.astype("<f2").tobytes()

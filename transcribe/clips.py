"""Where to cut a stream of sound so that every word stays whole: arithmetic on spans of samples.

A span is where somebody speaks; a clip is what the speech model hears at once, at most 30 s of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
"""Samples a second."""

Samples = NDArray[np.float32]  # mono, -1 to 1
Span = tuple[int, int]  # first sample, and the one after the last


@dataclass(frozen=True, slots=True)
class Cutting:
    """How long is long, in seconds."""

    window: float = 120.0  # sound looked at together; more costs memory, less costs nothing but time
    clip: float = 28.0  # the longest clip; the model takes no more than 30
    apart: float = 3.0  # a silence that always ends a clip


@dataclass(frozen=True, slots=True)
class Window:
    """Clips that are ready to be heard, with the sound they lie in."""

    start: int  # of the window in the whole recording, in samples
    end: int  # no sample before this will be looked at again
    samples: Samples
    spans: tuple[Span, ...]  # all within the window, in order
    clips: tuple[Span, ...]


def windows(
    pcm: Iterable[bytes], spoken: Callable[[Samples], Sequence[Span]], cutting: Cutting
) -> Iterator[Window]:
    """The sound of `pcm` (16 kHz mono s16le) in windows, each ended in a silence.

    Every clip stands in exactly one window, and they do not depend on how `pcm` is cut in blocks.
    At most a window and two clips of sound are held at a time. `spoken` finds the spans of speech
    in samples; none may be longer than a clip.

    Raises:
        ValueError: `pcm` ends in the middle of a sample.
    """
    blocks = iter(pcm)
    held = bytearray()
    start, more = 0, True
    wanted = least = int(cutting.window * RATE)
    while more or held:
        more = _fill(held, blocks, wanted * 2)
        samples = _samples(bytes(held[: wanted * 2]))
        last = not more and len(samples) * 2 == len(held)
        window = _window(samples, start, spoken(samples), cutting, last=last)
        if window.end == start and not last:
            wanted += int(cutting.clip * RATE)  # one clip from end to end: see where it ends
            continue
        yield window
        del held[: (window.end - start) * 2]
        start, wanted = window.end, least
        if last:
            return


def pack(spans: Sequence[Span], cutting: Cutting) -> list[Span]:
    """Clips that cover `spans`: cut at long silences, else at the widest pause in reach."""
    longest, apart = int(cutting.clip * RATE), int(cutting.apart * RATE)
    clips: list[Span] = []
    held: list[Span] = []
    for span in spans:
        if held and span[0] - held[-1][1] > apart:
            clips.append((held[0][0], held[-1][1]))
            held = []
        held.append(span)
        while held[-1][1] - held[0][0] > longest and len(held) > 1:
            cut = _widest(held, longest)
            clips.append((held[0][0], held[cut - 1][1]))
            held = held[cut:]
    if held:
        clips.append((held[0][0], held[-1][1]))
    return clips


def _widest(spans: Sequence[Span], longest: int) -> int:
    """The index to cut before: the widest pause of those that leave a clip half full or more."""
    start = spans[0][0]
    fits = [i for i in range(1, len(spans)) if spans[i - 1][1] - start <= longest]
    full = [i for i in fits if spans[i - 1][1] - start >= longest // 2]
    return max(full or fits, key=lambda i: spans[i][0] - spans[i - 1][1])


def _samples(pcm: bytes) -> Samples:
    scaled: Samples = np.frombuffer(pcm, "<i2").astype(np.float32)
    scaled /= 32768
    return scaled


def _fill(held: bytearray, blocks: Iterator[bytes], size: int) -> bool:
    """Read until more than `size` bytes are held; False when there is no more to read."""
    while len(held) <= size:
        block = next(blocks, None)
        if block is None:
            if len(held) % 2:
                raise ValueError("the sound ends in the middle of a sample")
            return False
        held += block
    return True


def _window(
    samples: Samples, start: int, spans: Sequence[Span], cutting: Cutting, *, last: bool
) -> Window:
    clips = pack(spans, cutting)
    end = len(samples)
    if not last:
        quiet = end - int(cutting.apart * RATE)
        if clips and clips[-1][1] > quiet:
            held = clips.pop()  # it may go on after the window
            end = (clips[-1][1] + held[0]) // 2 if clips else 0
        else:
            # Half the silence stays, so that a word's soft beginning is not cut off.
            end = (quiet + end) // 2
    return Window(start, start + end, samples, tuple(spans), tuple(clips))

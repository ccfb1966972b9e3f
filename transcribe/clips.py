"""Where to cut a stream of sound so that words and sentences stay whole: arithmetic on samples.

A span is where somebody speaks. A clip is what the speech model hears at once: up to half a minute
of spans put end to end, with some of the quiet around each, so that no silence is longer than a
natural pause. The model takes as long for a short clip as for a full one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
"""Samples a second."""

Samples = NDArray[np.float32]  # mono, -1 to 1
Span = tuple[int, int]  # first sample, and the one after the last
Clip = tuple[Span, ...]  # in order; together no longer than `Cutting.clip`


@dataclass(frozen=True, slots=True)
class Cutting:
    """How long is long, in seconds."""

    window: float = 120.0  # sound looked at together; more costs memory
    clip: float = 29.5  # the longest clip; the model takes no more than 30
    full: float = 0.8  # share of the longest clip from which on a good pause ends a clip
    pad: float = 0.2  # quiet kept on each side of a span, for soft beginnings and ends
    apart: float = 3.0  # silence after which a window may end


@dataclass(frozen=True, slots=True)
class Window:
    """Clips that are ready to be heard, with the sound they lie in."""

    start: int  # of the window in the whole recording, in samples
    end: int  # no sample before this will be looked at again
    samples: Samples
    clips: tuple[Clip, ...]  # counted from the window's start
    spans: tuple[Span, ...] = ()  # where somebody speaks, without the quiet around; likewise


def windows(
    pcm: Iterable[bytes],
    spoken: Callable[[Samples], Sequence[Span]],
    cutting: Cutting,
    start: int = 0,
) -> Iterator[Window]:
    """The sound of `pcm` (16 kHz mono s16le) in windows, each ended in a pause.

    Every spoken sample stands in exactly one clip of one window, and the clips do not depend on how
    `pcm` comes in blocks. At most a window and two clips of sound are held at a time.

    Args:
        pcm: blocks of any size, from the recording's first sample on.
        start: where an earlier window ended: what follows it is cut as if nothing had happened.
        spoken: finds the spans of speech; none longer than a clip without its two pads.
        cutting: the lengths.

    Raises:
        ValueError: `pcm` ends in the middle of a sample.
    """
    blocks = iter(pcm)
    held = _after(blocks, start * 2)
    wanted = least = int(cutting.window * RATE)
    while True:
        more = _fill(held, blocks, wanted * 2)
        samples = samples_of(bytes(held[: wanted * 2]))
        last = not more and len(samples) * 2 == len(held)
        window = _window(samples, start, spoken(samples), cutting, last=last)
        if window.end == start and not last:
            wanted += int(cutting.clip * RATE)  # one clip from end to end: see where it ends
            continue
        yield window
        if last:
            return
        del held[: (window.end - start) * 2]
        start, wanted = window.end, least


def pack(spans: Sequence[Span], length: int, cutting: Cutting) -> list[Clip]:
    """Clips of all `spans`, each as full as it can be and still end in a good pause.

    The widest pause near a clip's end is most likely between two sentences. A model that hears half
    a sentence ends it with a full stop, and "on Monday. No, sorry, Tuesday" says something else.
    """
    padded = _padded(spans, length, int(cutting.pad * RATE))
    pauses = [0, *(after[0] - before[1] for before, after in pairwise(spans))]
    longest = int(cutting.clip * RATE)
    clips: list[Clip] = []
    first = 0
    while first < len(padded):
        sizes = list(accumulate(end - start for start, end in padded[first:]))
        fits = [first + i for i, size in enumerate(sizes, 1) if size <= longest]
        full = [i for i in fits if sizes[i - first - 1] >= longest * cutting.full]
        if len(fits) == len(sizes):
            cut = len(padded)
        else:
            cut = max(full or fits[-1:], key=lambda i: pauses[i])
        clips.append(tuple(padded[first:cut]))
        first = cut
    return clips


def batches(clips: Sequence[Clip], size: int, listeners: int) -> list[Sequence[Clip]]:
    """Clips to be heard together, in order: `size` of them at most.

    The last ones are shared out, so that no listener is idle while another has two clips to hear.
    """
    whole = len(clips) - len(clips) % (size * listeners)
    share = max(-(-(len(clips) - whole) // listeners), 1)
    return [
        *(clips[at : at + size] for at in range(0, whole, size)),
        *(clips[at : at + share] for at in range(whole, len(clips), share)),
    ]


def _padded(spans: Sequence[Span], length: int, pad: int) -> list[Span]:
    """The spans with up to `pad` of the quiet on each side; a shorter pause is shared by halves."""
    ends = [0, *(edge for span in spans for edge in span), length]
    quiet = [after - before for before, after in pairwise(ends)][::2]
    return [
        (
            start - min(pad, quiet[i] // 2 if i else quiet[i]),
            end + min(pad, quiet[i + 1] - quiet[i + 1] // 2 if i + 1 < len(spans) else quiet[-1]),
        )
        for i, (start, end) in enumerate(spans)
    ]


def samples_of(pcm: bytes) -> Samples:
    """Samples of s16le."""
    scaled: Samples = np.frombuffer(pcm, "<i2").astype(np.float32)
    scaled /= 32768
    return scaled


def _after(blocks: Iterator[bytes], size: int) -> bytearray:
    """What is left of the block in which the first `size` bytes end."""
    for block in blocks:
        if len(block) > size:
            return bytearray(block[size:])
        size -= len(block)
    if size:
        raise ValueError("the sound ends before the place to go on from")
    return bytearray()


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
    clips = pack(spans, len(samples), cutting)
    end = len(samples)
    if not last:
        quiet = end - int(cutting.apart * RATE)
        if spans and spans[-1][1] > quiet:
            held = clips.pop()  # it may go on after the window
            end = (clips[-1][-1][1] + held[0][0]) // 2 if clips else 0
        else:
            # Half the silence stays, so that a soft beginning after it is not cut off.
            end = (quiet + end) // 2
    kept = tuple(span for span in spans if span[1] <= end)
    return Window(start, start + end, samples, tuple(clips), kept)

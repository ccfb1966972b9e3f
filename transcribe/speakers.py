"""Who speaks when: from looks at ten seconds each to the turns of a whole recording."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transcribe.clips import RATE, Samples
from transcribe.clusters import clusters
from transcribe.voices import FRAME, FRAMES, HOP, LOOK, MIDDLE, Look, Telling, Vector, Voice

ALIKE = 0.45
"""Mean likeness of two sets of vectors from which on they are one person's.

Chosen by measurement: see benchmarks/speakers.py.
"""
_ALIKE_OF_SOME = 0.6
"""The same where somebody said how many people speak: voices that are somewhat alike stay apart.

One person's own stretches are hardly less alike than this.
"""
_ENOUGH_MS = 1000  # alone: a vector of less is not one to find people by
SPEAKER_MS = 3000
"""Somebody who is heard alone for less, all in all, is no speaker of their own."""
_UNSURE = 0.3  # likeness to the nearest person below which nobody says whose a voice is
GRID_MS = 20
"""How finely turns are told."""
_BREATH_MS = 400  # a pause within a turn
_SOUND_MS = 100  # less is no turn


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch in which one person speaks. Turns of two people may overlap."""

    start_ms: int
    end_ms: int
    speaker: int | None  # 0 is who speaks first; None: somebody, and it is not clear who


@dataclass(frozen=True, slots=True)
class _Placed:
    """A voice of a look, and whose it is."""

    look: Look
    voice: Voice
    speaker: int | None


def looks(samples: Samples, start: int, telling: Telling) -> Iterator[Look]:
    """Looks at a stretch of sound that begins `start` samples into the recording."""
    last = max(len(samples) - LOOK, 0)
    # The last look ends with the sound; one that is nearly the same is left out.
    for at in dict.fromkeys((0, *range(HOP, last - HOP // 2, HOP), last)):
        yield telling.look(samples[at : at + LOOK], start + at)


def turns(
    seen: Sequence[Look], number: int | None = None, alike: float | None = None
) -> tuple[Turn, ...]:
    """Who speaks when in a recording, in order.

    Args:
        seen: looks at all of it.
        number: how many speak, if that is known: no more are found. Fewer are where somebody
            hardly speaks, or sounds like somebody else.
        alike: the least mean likeness of one person's vectors, if not the usual.
    """
    if alike is None:
        alike = ALIKE if number is None else _ALIKE_OF_SOME
    placed = _placed(seen, number, alike)
    end = max((look.end for look in seen), default=0) * 1000 // RATE
    people = {each.speaker for each in placed}
    found = [
        turn
        for who in sorted(people, key=lambda who: (who is None, who or 0))
        for turn in runs(_heard([each for each in placed if each.speaker == who], seen, end), who)
    ]
    return in_order(found)


def _placed(seen: Sequence[Look], number: int | None, alike: float) -> list[_Placed]:
    voices = [(look, voice) for look in seen for voice in look.voices]
    clear = [voice for _, voice in voices if voice.alone_ms >= _ENOUGH_MS]
    middles = _people(clear, number, alike)
    return [_Placed(look, voice, _nearest(voice, middles)) for look, voice in voices]


def _people(clear: Sequence[Voice], number: int | None, alike: float) -> list[Vector]:
    """The mean vector of each person."""
    if not clear:
        return []
    vectors = np.stack([voice.vector for voice in clear])
    weights = np.array([voice.alone_ms for voice in clear], float)
    enough = SPEAKER_MS * (LOOK // HOP)  # each moment is looked at twice
    labels = clusters(vectors, weights, alike, number, enough)
    totals = np.bincount(labels, weights)
    wanted = [who for who, total in enumerate(totals) if total >= enough]
    wanted = wanted or [int(totals.argmax())]
    means = [np.average(vectors[labels == who], 0, weights[labels == who]) for who in wanted]
    return [(mean / np.linalg.norm(mean)).astype(np.float32) for mean in means]


def _nearest(voice: Voice, middles: Sequence[Vector]) -> int | None:
    if len(middles) == 1 and not voice.alone_ms:
        return 0  # an "mm" that is too short for a vector, where only one person speaks
    if not middles or not voice.alone_ms:
        return None
    like = np.array([voice.vector @ middle for middle in middles])
    return int(like.argmax()) if like.max() >= _UNSURE else None


def _heard(mine: Sequence[_Placed], seen: Sequence[Look], end_ms: int) -> NDArray[np.bool_]:
    """In which steps of the grid somebody is heard, by most of the looks at it."""
    steps = end_ms // GRID_MS + 1
    said, asked = np.zeros(steps, np.float32), np.zeros(steps, np.float32)
    for look in seen:
        span, frames = _steps(look, steps)
        asked[span] += _trust(frames)
    for each in mine:
        span, frames = _steps(each.look, steps)
        said[span] += each.voice.active[frames] * _trust(frames)
    heard: NDArray[np.bool_] = said > asked / 2
    return heard


def _steps(look: Look, steps: int) -> tuple[slice, NDArray[np.int64]]:
    """The steps of the grid in a look, and which of its frames each falls into."""
    scale = RATE * GRID_MS // 1000
    span = slice(-(-look.start // scale), min(-(-look.end // scale), steps))
    at = np.arange(span.start, span.stop) * scale + scale // 2 - look.start
    return span, np.clip(np.rint((at - MIDDLE) / FRAME), 0, FRAMES - 1).astype(np.int64)


def _trust(frames: NDArray[np.int64]) -> NDArray[np.float32]:
    """A look knows its middle best: at its edges it has heard one side only."""
    apart = np.abs(frames - FRAMES / 2) / (FRAMES / 2)
    trusted: NDArray[np.float32] = (1.01 - apart).astype(np.float32)
    return trusted


def runs(heard: NDArray[np.bool_], who: int | None) -> Iterator[Turn]:
    """The turns of who is heard in these steps of the grid."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], heard, [False]]))) * GRID_MS
    spans = [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start - joined[-1][1] <= _BREATH_MS:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return (Turn(start, end, who) for start, end in joined if end - start >= _SOUND_MS)


def in_order(turns_: Sequence[Turn]) -> tuple[Turn, ...]:
    """The same turns by time, with the speakers counted in the order in which they first speak."""
    found = sorted(turns_, key=lambda turn: (turn.start_ms, turn.end_ms))
    order = list(dict.fromkeys(turn.speaker for turn in found if turn.speaker is not None))
    return tuple(
        Turn(
            turn.start_ms,
            turn.end_ms,
            None if turn.speaker is None else order.index(turn.speaker),
        )
        for turn in found
    )

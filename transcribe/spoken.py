"""Whose words: the turns of a recording laid over its transcript."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby

from transcribe.model import Segment, Transcript, Word
from transcribe.speakers import Turn

UNSURE = "Unclear who"
"""The speaker of words that one of several people said, nobody can tell which."""
_LABEL = "Speaker"
_NEAR_MS = 500  # a word this near to a turn is of it: the times of words are not exact
_FEW, _SHORT_MS = 2, 700  # of a sentence's words, at its edge: they belong to the rest of it

Who = int | None


def label(speaker: Who) -> str:
    """What a speaker is called whom nobody has named."""
    return UNSURE if speaker is None else f"{_LABEL} {speaker + 1}"


def is_label(speaker: str | None) -> bool:
    """Whether that is a voice without a name."""
    return speaker is not None and speaker.startswith(f"{_LABEL} ")


def told_apart(transcript: Transcript, turns: Sequence[Turn]) -> Transcript:
    """The transcript with each segment's speaker, parted where the speaker changes.

    Where one person alone speaks nothing is said of speakers: it is a dictation. How many there
    are stands in the parameters.
    """
    people = {turn.speaker for turn in turns} - {None}
    known = {**transcript.parameters, "speakers": len(people)}
    if len(people) < 2:  # noqa: PLR2004 - that it takes two to tell apart is no setting
        return replace(transcript, parameters=known)
    near = _Near(turns)
    parted = tuple(part for each in transcript.segments for part in _parted(each, near))
    return replace(transcript, parameters=known, segments=parted)


def named(transcript: Transcript, names: dict[str, str]) -> Transcript:
    """The transcript with names in the place of labels."""
    segments = (
        replace(each, speaker=names.get(each.speaker or "", each.speaker))
        for each in transcript.segments
    )
    return replace(transcript, segments=tuple(segments))


class _Near:
    """The turns around a moment: a long recording has thousands of turns, and more words."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._turns = sorted(turns, key=lambda turn: turn.start_ms)
        self._starts = [turn.start_ms for turn in self._turns]
        self._ends = list(accumulate((turn.end_ms for turn in self._turns), max))

    def to(self, start: int, end: int) -> Sequence[Turn]:
        """All that are of these ms or near to them, and perhaps more."""
        first = bisect_left(self._ends, start - _NEAR_MS)
        return self._turns[first : bisect_right(self._starts, end + _NEAR_MS)]


def _parted(segment: Segment, near: _Near) -> Iterator[Segment]:
    if not segment.words:
        start, end = segment.start_ms or 0, segment.end_ms or 0
        yield replace(segment, speaker=label(_speaker(start, end, near)))
        return
    heard = [_speaker(word.start_ms, word.end_ms, near) for word in segment.words]
    whose = _settled(segment.words, heard)
    for who, run in groupby(zip(whose, segment.words, strict=True), key=lambda pair: pair[0]):
        yield _segment([word for _, word in run], label(who))


def _speaker(start: int, end: int, near: _Near) -> Who:
    """Who speaks most of a word, else whose turn is nearest to it."""
    turns = near.to(start, end)
    shared = [(min(end, turn.end_ms) - max(start, turn.start_ms), turn) for turn in turns]
    most, turn = max(shared, key=lambda pair: pair[0], default=(-_NEAR_MS - 1, None))
    return turn.speaker if turn is not None and most >= -_NEAR_MS else None


def _settled(words: Sequence[Word], heard: Sequence[Who]) -> list[Who]:
    """Speakers of a sentence's words, without the few at its edges that its times misplace."""
    runs = [list(run) for _, run in groupby(range(len(words)), key=heard.__getitem__)]
    whose = list(heard)
    if len(runs) == 1:
        return whose
    longest = max(runs, key=len)
    for run, beside in ((runs[0], runs[1]), (runs[-1], runs[-2])):
        if run is not longest and _is_slip(words, run):
            whose[run[0] : run[-1] + 1] = [heard[beside[0]]] * len(run)
    return whose


def _is_slip(words: Sequence[Word], run: Sequence[int]) -> bool:
    return len(run) <= _FEW and words[run[-1]].end_ms - words[run[0]].start_ms <= _SHORT_MS


def _segment(words: Sequence[Word], speaker: str) -> Segment:
    return Segment(
        start_ms=words[0].start_ms,
        end_ms=words[-1].end_ms,
        text=" ".join(word.text.strip() for word in words),
        speaker=speaker,
        probability=round(sum(word.probability for word in words) / len(words), 4),
        words=tuple(words),
    )

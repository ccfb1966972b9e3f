"""Which heard words were hardly spoken: what a speech model invents gives itself away.

Nothing is ever left out: a real word that is lost without a trace is worse than a false one that is
marked. A doubted word has probability 0 and keeps its time, and makes the sentence it stands in
unclear, so that somebody listens. Every limit was measured: see docs/ACCURACY.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from transcribe.loops import looped
from transcribe.model import Transcript, Word
from transcribe.segments import sentences

DOUBTED = 0.0
"""The probability of a word that was hardly spoken. No engine gives it to any other."""
FEWEST = 4
"""Sure words without which there is nothing to draft from: "Jo rang, all well" has four."""
LEAST_SURE = 0.2
"""Share of a recording's words that must be sure for the same."""

Voice = Sequence[tuple[int, int]]  # where somebody speaks: ms from the recording's start, in order


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the speech model itself says of a clip."""

    no_speech: float  # 0 to 1
    log_probability: float  # natural logarithm, mean over the tokens
    compression: float  # length of the text over its length when zipped


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on words are more likely the model's than the speaker's."""

    max_compression: float = 2.4  # above this the text goes in circles
    min_log_probability: float = -0.8  # below this the model itself hardly believes it
    max_no_speech: float = 0.35  # above this, and ...
    min_log_probability_quiet: float = -0.5  # ... below this
    max_crowded: float = 0.5  # share of a sentence's words that last no time at all
    max_rate: float = 9.0  # words a second of voice; the fastest speakers reach six or seven
    min_rate: float = 0.5  # words a second of voice; nobody draws a word out for two seconds
    max_unvoiced: float = 0.5  # share of a sentence's words with no voice under them
    echo: int = 5  # words in a row that stand in the hints ...
    min_echo_probability: float = 0.6  # ... and are no more probable than this


_CROWDED_MS = 20  # a word that is shorter has no place in the sound: nobody says even "a" so fast
_STRETCH = 2.0  # seconds by which the times of a sentence's words may be out
_SHORTEST = 3  # words in a sentence that shares and rates can be told of

# What films and broadcasts end with, and so what a model writes over noise. Each is a whole sentence.
_GHOSTS = re.compile(
    r".*\b(?:subtitles?|subtitling|captions?|captioning|transcribed|translated) by\b.*"
    r"|.*\bthank(?:s| you)(?: \w+){0,4} for (?:watching|viewing)\b.*"
    r"|.*\bsubscribe (?:to|and|for)\b.*|.*\bsee you in the next (?:video|one|episode)\b.*"
    r"|.*\b(?:amara org|www|all rights reserved)\b.*"
)
# People say these as well. Alone, seconds from any other word, nobody needs them.
_COURTESIES = frozenset(
    {"you", "thank you", "thank you very much", "thanks", "bye", "bye bye", "okay", "oh", "so"}
)
_ALONE_MS = 2000


def judged(
    words: Sequence[Word], evidence: Evidence, voice: Voice, hints: str | None, limits: Limits
) -> list[Word]:
    """The words of one clip, with probability `DOUBTED` where they were hardly spoken.

    Args:
        words: of the clip, in order.
        evidence: on the whole clip.
        voice: where voice activity detection found speech.
        hints: the words that the model was told to expect.
        limits: how much is too much.
    """
    if _invented(evidence, limits):
        return [replace(word, probability=DOUBTED) for word in words]
    loops = looped([word.text for word in words])
    hinted = _sequences(_plain(hints or ""), limits.echo)
    parts = list(sentences(words))
    kept: list[Word] = []
    for number, sentence in enumerate(parts):
        text = _plain(" ".join(word.text for word in sentence))
        around = (*parts[max(number - 1, 0) : number], *parts[number + 1 : number + 2])
        doubtful = (
            _out_of_pace(sentence, voice, limits)
            or _unvoiced(sentence, voice, limits)
            or _ghostly(text, sentence, around)
            or (_mean(sentence) <= limits.min_echo_probability and _echoes(text, hinted, limits))
        )
        kept += [
            replace(word, probability=DOUBTED) if doubtful or place in loops else word
            for place, word in enumerate(sentence, len(kept))
        ]
    return kept


def enough(transcript: Transcript) -> bool:
    """Whether so much was surely said that there is something to draft from."""
    heard = [
        (len(piece.text.split()), piece.probability != DOUBTED)
        for segment in transcript.segments
        for piece in segment.words or (segment,)
    ]
    said = sum(count for count, sure in heard if sure)
    return said >= FEWEST and said >= LEAST_SURE * sum(count for count, _ in heard)


def _invented(evidence: Evidence, limits: Limits) -> bool:
    quiet = evidence.no_speech > limits.max_no_speech
    least = limits.min_log_probability_quiet if quiet else limits.min_log_probability
    return evidence.compression > limits.max_compression or evidence.log_probability < least


def _out_of_pace(sentence: Sequence[Word], voice: Voice, limits: Limits) -> bool:
    """More words than fit into the voice, many of them at one moment; or hardly any in much voice."""
    voiced = sum(end - start for start, end in _within(sentence, voice)) / 1000
    if len(sentence) < limits.min_rate * (voiced - _STRETCH):
        return True
    if len(sentence) < _SHORTEST:
        return False
    short = sum(word.end_ms - word.start_ms <= _CROWDED_MS for word in sentence)
    return short > limits.max_crowded * len(sentence) or len(sentence) > limits.max_rate * voiced


def _unvoiced(sentence: Sequence[Word], voice: Voice, limits: Limits) -> bool:
    without = sum(not any(_within([word], voice)) for word in sentence)
    return without > limits.max_unvoiced * len(sentence)


def _within(words: Sequence[Word], voice: Voice) -> Iterator[tuple[int, int]]:
    """The stretches of voice from the first of `words` to the last."""
    first, last = words[0].start_ms, words[-1].end_ms
    for start, end in voice:
        if start <= last and end >= first:
            yield max(start, first), min(end, last)


def _ghostly(
    text: Sequence[str], sentence: Sequence[Word], around: Sequence[Sequence[Word]]
) -> bool:
    """What models write over noise: always where nobody says it, else where it stands alone."""
    said = " ".join(text)
    if _GHOSTS.fullmatch(said):
        return True
    first, last = sentence[0].start_ms, sentence[-1].end_ms
    near = (
        other[0].start_ms < last + _ALONE_MS and other[-1].end_ms > first - _ALONE_MS
        for other in around
    )
    return said in _COURTESIES and not any(near)


def _echoes(text: Sequence[str], hinted: frozenset[tuple[str, ...]], limits: Limits) -> bool:
    """Whether the model says its hints over again."""
    return not hinted.isdisjoint(_sequences(text, limits.echo))


def _sequences(text: Sequence[str], length: int) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(text[at : at + length]) for at in range(len(text) - length + 1))


def _plain(text: str) -> list[str]:
    return re.sub(r"[^\w' ]", " ", text.lower()).split()


def _mean(words: Sequence[Word]) -> float:
    return sum(word.probability for word in words) / len(words)

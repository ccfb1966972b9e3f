"""Utterances: one sentence at a time, from heard words or from typed lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from transcribe.doubts import DOUBTED
from transcribe.draft.fragments import follows
from transcribe.model import SCRIPT, Segment, Source, Transcript, Utterance, Word

LONG_PAUSE_MS = 2000  # nobody pauses this long inside a sentence; the engine forgot the full stop
LONGEST_QUOTE = 60  # words; a "quote" with no "unquote" in reach opens nothing

_ABBREVIATIONS = frozenset("mr mrs ms dr prof st rd ave sgt insp vs approx e.g i.e n.b".split())
_TERMINAL = re.compile(r"[.?!…]+[\"'”’)\]]*$")
_SPEAKER = re.compile(r"^([A-Z][A-Z .'’-]*[A-Z]|[A-Z]):\s+")
_UNQUOTE = frozenset(("unquote", "unquoted"))
_CLOSES = frozenset(("end", "close", "and", "on", "un"))  # before "quote", as engines hear it
_CLOSERS = "\"'”’)]"


@dataclass(frozen=True, slots=True)
class _Token:
    text: str  # a leading space unless it continues the word before
    start_ms: int | None
    end_ms: int | None
    probability: float | None
    speaker: str | None
    name: Word | None = None  # the word, where it was heard otherwise than it is or may be written


def from_transcript(
    recording: str, transcript: Transcript, speaker: str | None
) -> tuple[Utterance, ...]:
    """The sentences of a transcript, in order.

    A sentence may span segments, never two speakers. Times come from the words; where a segment
    has no words its own times are used.

    Args:
        recording: the id that each source will carry.
        transcript: what was heard.
        speaker: whose words these are where the segment does not say.
    """
    tokens = [token for part in transcript.segments for token in _tokens(part, speaker)]
    return tuple(_utterance(recording, group) for group in _rejoined(_sentences(tokens)))


def from_script(text: str) -> tuple[Utterance, ...]:
    """One utterance a line; `NAME: ` in capitals at the start of a line names its speaker."""
    lines = (line.strip() for line in text.splitlines())
    return tuple(_typed(line) for line in lines if line)


def _typed(line: str) -> Utterance:
    found = _SPEAKER.match(line)
    if found is None or not line[found.end() :]:
        return Utterance(text=line, source=Source(recording=SCRIPT))
    name = found.group(1).title()
    return Utterance(text=line[found.end() :], source=Source(recording=SCRIPT), speaker=name)


def _tokens(segment: Segment, speaker: str | None) -> Iterator[_Token]:
    who = segment.speaker or speaker
    if segment.words:
        # Engines mark the start of a word by a space, so that "45" joins "3." but not "at".
        spaced = any(word.text[:1].isspace() for word in segment.words[1:])
        for index, word in enumerate(segment.words):
            text = word.text if spaced and index else f" {word.text.strip()}"
            if text.strip():
                name = word if word.heard or word.perhaps else None
                yield _Token(text, word.start_ms, word.end_ms, word.probability, who, name)
        return
    for text in segment.text.split():
        yield _Token(f" {text}", segment.start_ms, segment.end_ms, segment.probability, who)


def _sentences(tokens: Sequence[_Token]) -> Iterator[list[_Token]]:
    held = _inside_quotes(tokens)
    group: list[_Token] = []
    for index, token in enumerate(tokens):
        group.append(token)
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if following is None or _parts(token, following, quoted=index in held):
            yield group
            group = []


def _rejoined(sentences: Iterable[list[_Token]]) -> list[list[_Token]]:
    """Sentences with the pieces put back that the engine cut off at a breath."""
    joined: list[list[_Token]] = []
    for group in sentences:
        if joined and _goes_on(joined[-1], group):
            joined[-1] += group
        else:
            joined.append(group)
    return joined


def _goes_on(before: Sequence[_Token], group: Sequence[_Token]) -> bool:
    if before[-1].speaker != group[0].speaker or _pauses(before[-1], group[0]):
        return False
    return follows(_text(before), _text(group))


def _text(group: Sequence[_Token]) -> str:
    return " ".join("".join(token.text for token in group).split())


def _parts(token: _Token, following: _Token, *, quoted: bool) -> bool:
    if token.speaker != following.speaker:
        return True
    if quoted:
        return False
    return _ends(token.text.strip(), following.text.strip()) or _pauses(token, following)


def _pauses(token: _Token, following: _Token) -> bool:
    if token.end_ms is None or following.start_ms is None:
        return False
    return following.start_ms - token.end_ms >= LONG_PAUSE_MS


def _ends(text: str, following: str) -> bool:
    """Whether a sentence ends after `text`: not after abbreviations, initials or mid-flow dots."""
    if _TERMINAL.search(text) is None:
        return False
    bare = text.rstrip(_CLOSERS)
    if bare.endswith(("?", "!")):
        return True
    stem = bare.rstrip(".…").lstrip("\"'“‘([")
    if stem.lower() in {"a.m", "p.m", "etc"}:
        return following[:1].isupper()
    if stem.lower() in _ABBREVIATIONS or (len(stem) == 1 and stem.isupper() and stem != "I"):
        return False
    return not following[:1].islower()


def _inside_quotes(tokens: Sequence[_Token]) -> frozenset[int]:
    """Indexes after which no sentence may end, because a spoken or written quotation is open."""
    held: set[int] = set()
    for opened, closed in _quotations([_plain(token.text) for token in tokens]):
        held.update(range(opened, closed))
    return frozenset(held)


def _quotations(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    opened: int | None = None
    for index, word in enumerate(words):
        if opened is not None and index - opened > LONGEST_QUOTE:
            opened = None
        if opened is not None and (word in _UNQUOTE or _closing(words, index)):
            yield opened, index
            opened = None
        elif word == "quote":
            opened = index


def _closing(words: Sequence[str], index: int) -> bool:
    return words[index] == "quote" and words[index - 1] in _CLOSES


def _plain(text: str) -> str:
    return re.sub(r"[^\w]", "", text).lower()


def _utterance(recording: str, group: Sequence[_Token]) -> Utterance:
    return Utterance(
        text=_text(group),
        source=Source(
            recording=recording,
            start_ms=_least(token.start_ms for token in group),
            end_ms=_most(token.end_ms for token in group),
        ),
        speaker=group[0].speaker,
        probability=_mean(token.probability for token in group),
        names=tuple(token.name for token in group if token.name is not None),
    )


def _least(values: Iterable[int | None]) -> int | None:
    return min((value for value in values if value is not None), default=None)


def _most(values: Iterable[int | None]) -> int | None:
    return max((value for value in values if value is not None), default=None)


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    if DOUBTED in known:  # clear words around it do not make a doubted one any clearer
        return DOUBTED
    return sum(known) / len(known) if known else None

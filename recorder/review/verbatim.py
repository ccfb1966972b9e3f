"""A note's sentence word by word, with those that the machine was not sure of: where it is verbatim."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from recorder.review.spoken import Line
from transcribe.corrected import Said
from transcribe.model import Origin, Source, Statement

_LETTERS = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence."""

    text: str
    unsure: bool  # as the machine heard it, and it was not certain


def words_of(statement: Statement, lines: Mapping[str, Sequence[Line]]) -> tuple[Word, ...]:
    """The words of a sentence; nothing where none is unsure, or it is not as it was said.

    `lines`: what was heard, by recording id. What a person wrote stands on their word, not on the
    machine's; what was put right by one is certain.
    """
    if statement.origin is not Origin.MACHINE:
        return ()
    said = [
        word
        for source in statement.sources
        for word in _within(source, lines.get(source.recording or "", ()))
    ]
    found: list[Word] = []
    rest = iter(said)
    for text in statement.text.split():
        plain = _plain(text)
        heard = next((each for each in rest if _plain(each.text) == plain), None)
        if heard is None:
            return ()
        found.append(Word(text, heard.unsure))
    return tuple(found) if any(each.unsure for each in found) else ()


def _within(source: Source, lines: Sequence[Line]) -> Iterator[Said]:
    if source.start_ms is None or source.end_ms is None:
        return
    for line in lines:
        for word in line.words:
            begin, end = word.start_ms, word.end_ms
            if not word.text or begin is None or end is None:
                continue
            if begin < source.end_ms and end > source.start_ms:
                yield word


def _plain(text: str) -> str:
    return _LETTERS.sub("", text.casefold())

"""Words as a speech model gives them, and as they are kept."""

from __future__ import annotations

from collections.abc import Sequence

from faster_whisper.transcribe import Word as Found

from transcribe.model import Word


def found(*words: tuple[str, float, float]) -> list[Found]:
    return [Found(start, end, text, 0.9) for text, start, end in words]


def said(text: str, probability: float = 0.9) -> list[Word]:
    return [
        Word(at * 500, at * 500 + 400, word, probability) for at, word in enumerate(text.split())
    ]


def texts(words: Sequence[Word]) -> list[str]:
    return [word.text for word in words]

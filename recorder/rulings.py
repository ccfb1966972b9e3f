"""What people say of a note's sentences when they listen to it, return it, or hear it again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Heard:
    """That somebody listened to what a sentence stands on."""

    statement: str  # id
    evidence: str  # SHA-256 of what it said and stood on, 64 hex digits


@dataclass(frozen=True, slots=True)
class Mark:
    """What is to be changed in one sentence, and why."""

    statement: str  # id, in the version that was returned
    said: str  # its words there
    reason: str


@dataclass(frozen=True, slots=True)
class Returned:
    """Why a note was sent back."""

    reason: str  # of the note as a whole; may be empty where sentences are marked
    marks: tuple[Mark, ...] = ()


class Outcome(Enum):
    """What came of hearing an approved note once more, against its recording."""

    RIGHT = "right"  # the words are as they were said
    HARMLESS = "harmless"  # a word is wrong, and nothing hangs on it
    MATTERS = "matters"  # a word is wrong, and something does


@dataclass(frozen=True, slots=True)
class HeardAgain:
    """The same, with which word it is."""

    outcome: Outcome
    what: str = ""

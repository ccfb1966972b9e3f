"""Whose voices are in a transcript: as people said, else as what is said suggests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from recorder.correcting import heard
from store.store import Store
from transcribe.introductions import introduced
from transcribe.model import Check, Draft, Person, Statement, Transcript
from transcribe.spoken import UNSURE, is_label, named

WHO = "who_speaks"
"""The code of checks on who speaks."""
_SUGGESTED = "Voices were told apart, and this one's name is a guess from what is said. Confirm it."
_UNNAMED = "Voices were told apart, and nobody has said whose this one is. Say who speaks."
_UNSURE = "It is not clear who says this. Listen to it."


@dataclass(frozen=True, slots=True)
class Named:
    """A transcript with names as far as there are any, and where they come from."""

    transcript: Transcript
    suggested: Mapping[str, str]  # label: name, by what is said


def voices_named(transcript: Transcript, people: Sequence[Person]) -> Named:
    """The transcript with suggested names in the place of labels."""
    known = {each.speaker for each in transcript.segments}  # whom people named already
    found = introduced(transcript, [person for person in people if person.name not in known])
    return Named(named(transcript, found), found)


def heard_by_name(store: Store, recording_id: str, people: Sequence[Person]) -> Named | None:
    """What was said in a recording as people left it, by name; None until it was written down.

    TamperedError, ErasedError.
    """
    transcript = heard(store, recording_id)
    return None if transcript is None else voices_named(transcript, people)


def with_doubts(made: Draft, whose: Named) -> Draft:
    """The draft with a check where a voice speaks first whose name is not sure, or missing."""
    seen: set[str] = set()
    guessed = set(whose.suggested.values())
    return replace(
        made, statements=tuple(_doubted(each, guessed, seen) for each in made.statements)
    )


def _doubted(statement: Statement, guessed: set[str], seen: set[str]) -> Statement:
    who = statement.speaker
    if who is None or (who != UNSURE and who in seen):
        return statement
    seen.add(who)
    if who == UNSURE:
        message = _UNSURE
    elif is_label(who):
        message = _UNNAMED
    elif who in guessed:
        message = _SUGGESTED
    else:
        return statement
    return replace(statement, checks=(*statement.checks, Check(WHO, "look", message)))

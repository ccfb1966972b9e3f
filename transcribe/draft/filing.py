"""From sentences to a draft: every one filed under a heading or left out with a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from transcribe.draft.actions import Voices, actions
from transcribe.draft.cast import Cast, Kind, make_cast
from transcribe.draft.checks import Said, checks, heard
from transcribe.draft.contact import contact
from transcribe.draft.corrections import corrected, without_hesitations
from transcribe.draft.labels import FILLER, label
from transcribe.draft.opening import Place, is_turn
from transcribe.draft.reading import Reading, read
from transcribe.draft.requests import requests
from transcribe.model import Action, Draft, LeftOut, Origin, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from templates import NoteType
    from transcribe.model import Person, Utterance

ANNOTATION = "young_person_annotation"
SUPERVISION = "supervision"
NOTHING_SAID = "Thinking aloud or signing off: nothing that a note needs."
"""Why a sentence was left out."""

_LONDON = ZoneInfo("Europe/London")
_ACCOUNT = frozenset(
    (
        "what_happened",
        "young_person_words",
        "observation",
        "strength",
        "worry",
        "analysis",
        "action",
    )
)
_NEAREST = ("what_happened", "young_person_words", "header")


@dataclass(frozen=True, slots=True)
class _Filed:
    """A sentence and the heading it belongs under."""

    reading: Reading
    section: str  # a section key of the note type, or FILLER
    young: str | None  # whom the talk is about


def draft(
    utterances: Sequence[Utterance],
    note_type: NoteType,
    people: Sequence[Person],
    recorded_at: datetime,
) -> Draft:
    """File `utterances` under the headings of `note_type`, in the speakers' own words.

    Every utterance becomes one statement or one entry of `left_out`.

    Args:
        utterances: sentences in the order they were said.
        note_type: the kind of note.
        people: everybody the case knows.
        recorded_at: when it was recorded: naive London time, or aware.
    """
    cast = make_cast(people, (one.text for one in utterances))
    recorded = _local(recorded_at)
    filed = tuple(_filed(utterances, note_type, cast, recorded))
    kept = [one for one in filed if one.section != FILLER]
    headers = [one.reading.text for one in kept if one.section == "header"]
    purposes = [one.reading.text for one in kept if one.section == "purpose"]
    return Draft(
        kind=note_type.key,
        contact=contact(headers, purposes, note_type.key, cast, recorded),
        statements=tuple(
            _statement(f"s{n}", one, cast, recorded, note_type.key)
            for n, one in enumerate(kept, start=1)
        ),
        actions=tuple(
            action for one in kept for action in _actions(one, cast, recorded, note_type.key)
        ),
        quotes=tuple(quote for one in kept for quote in _quotes(one, note_type.key)),
        left_out=tuple(_left_out(one) for one in filed if one.section == FILLER),
        template=note_type.sha256,
    )


def _local(recorded_at: datetime) -> datetime:
    if recorded_at.tzinfo is None:
        return recorded_at
    return recorded_at.astimezone(_LONDON).replace(tzinfo=None)


def _filed(
    utterances: Sequence[Utterance], note_type: NoteType, cast: Cast, recorded: datetime
) -> Iterator[_Filed]:
    keys = tuple(section.key for section in note_type.sections)
    place = Place(note_type.key, cast, recorded.date(), 0, total=len(utterances))
    place = replace(place, about_worker=note_type.key == SUPERVISION)
    reading: Reading | None = None
    young = cast.young[0] if len(cast.young) == 1 else None
    for index, utterance in enumerate(utterances):
        spoken = replace(utterance, speaker=_speaker(utterance, note_type.key, cast))
        reading = read(spoken, cast, reading)
        place = replace(place, index=index)
        found = label(reading, place)
        young = _topic(reading, cast) or young
        place = _after(place, reading, found)
        yield _Filed(reading, found if found == FILLER else _section(found, keys), young)


def _speaker(utterance: Utterance, kind: str, cast: Cast) -> str | None:
    if utterance.speaker is not None:
        return cast.canonical(utterance.speaker)
    speakers = cast.young if kind == ANNOTATION else cast.practitioners
    return next(iter(speakers), None)


def _topic(reading: Reading, cast: Cast) -> str | None:
    named = [one.word for one in cast.mentions(reading.text) if one.kind is Kind.YOUNG]
    return named[0] if named else None


def _after(place: Place, reading: Reading, found: str) -> Place:
    """The place of the next sentence."""
    about_worker = place.about_worker
    if place.kind == SUPERVISION:
        if is_turn(reading, place) or (found in _ACCOUNT and found != "action"):
            about_worker = False
        elif found == "wellbeing":
            about_worker = True
    # What happened is also where an unclear scrap of an opening ends up: it closes nothing.
    told = place.told + (found in _ACCOUNT and found != "what_happened")
    return replace(place, previous=found, told=told, about_worker=about_worker)


def _section(found: str, keys: Sequence[str]) -> str:
    """`found`, or the nearest heading that this kind of note has."""
    return next((key for key in (found, *_NEAREST) if key in keys), keys[0])


def _statement(number: str, filed: _Filed, cast: Cast, recorded: datetime, kind: str) -> Statement:
    utterance = filed.reading.utterance
    own = kind == ANNOTATION  # a young person's comment is never touched
    text = utterance.text if own else corrected(without_hesitations(utterance.text))
    said = Said(utterance.text, recorded.date(), cast, utterance.speaker, utterance.probability)
    return Statement(
        id=number,
        section=filed.section,
        text=text,
        origin=Origin.MACHINE,
        speaker=utterance.speaker,
        sources=(utterance.source,),
        checks=(*utterance.checks, *(heard(said) if own else checks(text, said))),
    )


def _actions(filed: _Filed, cast: Cast, recorded: datetime, kind: str) -> tuple[Action, ...]:
    if kind == ANNOTATION:
        worker = next(iter(cast.practitioners), "worker")
        return requests(filed.reading, worker) if filed.section == "young_person_words" else ()
    if filed.section != "action":
        return ()
    speaker = filed.reading.utterance.speaker
    others = [name for name in (*cast.supervisors, *cast.practitioners) if name != speaker]
    listener = others[0] if others else filed.young
    return actions(filed.reading, cast, Voices(speaker, listener, filed.young), recorded)


def _quotes(filed: _Filed, kind: str) -> tuple[str, ...]:
    if kind == ANNOTATION:
        return (filed.reading.text,) if filed.section == "young_person_words" else ()
    return tuple(quote.text for quote in filed.reading.quotes if quote.kind is Kind.YOUNG)


def _left_out(filed: _Filed) -> LeftOut:
    source = filed.reading.utterance.source
    return LeftOut(
        filed.reading.text, NOTHING_SAID, source.start_ms, source.end_ms, source.recording
    )

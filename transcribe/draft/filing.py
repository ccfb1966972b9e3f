"""From sentences to a draft: every one filed under a heading or left out with a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from transcribe.draft.actions import Voices, actions, points_back
from transcribe.draft.cast import Cast, Kind, make_cast
from transcribe.draft.checks import Said, checks, heard
from transcribe.draft.contact import contact
from transcribe.draft.corrections import cleaned
from transcribe.draft.due import due_day
from transcribe.draft.labels import ANNOTATION, FILLER, MODELS, WELLBEING, labels
from transcribe.draft.opening import Place
from transcribe.draft.owntasks import own_tasks
from transcribe.draft.quotes import with_marks
from transcribe.draft.reading import Reading, read
from transcribe.draft.requests import requests
from transcribe.draft.taken import name_checks
from transcribe.model import Action, Draft, LeftOut, Origin, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from templates import NoteType
    from transcribe.model import Person, Utterance

NOTHING_SAID = "Thinking aloud or signing off: nothing that a note needs."
"""Why a sentence was left out."""

_LONDON = ZoneInfo("Europe/London")
# Who, when and where are said early on; a call told of later is not how the contact was held.
_OPENING, _OPENING_SHARE = 8, 40  # sentences, or percent of them if that is more
_OPENING_OF_TALK = 4  # sentences of a supervision, where each young person's visits follow
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
    headers = [
        one.reading.text
        for one in filed[: _opening(note_type.key, len(filed))]
        if one.section == "header"
    ]
    purposes = [one.reading.text for one in kept if one.section == "purpose"]
    told = [one.reading.text for one in kept]
    return Draft(
        kind=note_type.key,
        contact=contact(headers, purposes, note_type.key, cast, recorded, told),
        statements=tuple(
            _statement(f"s{n}", one, cast, recorded, note_type.key)
            for n, one in enumerate(kept, start=1)
        ),
        actions=_all_actions(kept, cast, recorded, note_type.key),
        quotes=tuple(quote for one in kept for quote in _quotes(one, note_type.key)),
        left_out=tuple(_left_out(one) for one in filed if one.section == FILLER),
        template=note_type.sha256,
        models=MODELS,
    )


def _opening(kind: str, total: int) -> int:
    """How many sentences may say who, when and where."""
    if kind == "supervision":
        return _OPENING_OF_TALK
    return max(_OPENING, _OPENING_SHARE * total // 100)


def _local(recorded_at: datetime) -> datetime:
    if recorded_at.tzinfo is None:
        return recorded_at
    return recorded_at.astimezone(_LONDON).replace(tzinfo=None)


def _filed(
    utterances: Sequence[Utterance], note_type: NoteType, cast: Cast, recorded: datetime
) -> Iterator[_Filed]:
    keys = tuple(section.key for section in note_type.sections)
    pairs = placed(utterances, note_type.key, cast, recorded)
    found = labels(pairs, wellbeing=WELLBEING in keys)
    young = cast.young[0] if len(cast.young) == 1 else None
    for (reading, _), key in zip(pairs, found, strict=True):
        young = _topic(reading, cast) or young
        yield _Filed(reading, key if key == FILLER else _section(key, keys), young)


def placed(
    utterances: Sequence[Utterance], kind: str, cast: Cast, recorded: datetime
) -> tuple[tuple[Reading, Place], ...]:
    """Each sentence read in the light of the one before it, with its place in the note."""
    made: list[tuple[Reading, Place]] = []
    named, reading = False, None
    for index, one in enumerate(utterances):
        spoken = replace(one, speaker=_speaker(one, kind, cast))
        reading = read(spoken, cast, reading)
        made.append(
            (reading, Place(kind, cast, recorded.date(), index, len(utterances), named=named))
        )
        named = named or _topic(reading, cast) is not None
    return tuple(made)


def _speaker(utterance: Utterance, kind: str, cast: Cast) -> str | None:
    if utterance.speaker is not None:
        return cast.canonical(utterance.speaker)
    speakers = cast.young if kind == ANNOTATION else cast.practitioners
    return next(iter(speakers), None)


def _topic(reading: Reading, cast: Cast) -> str | None:
    named = [one.word for one in cast.mentions(reading.text) if one.kind is Kind.YOUNG]
    return named[0] if named else None


def _section(found: str, keys: Sequence[str]) -> str:
    """`found`, or the nearest heading that this kind of note has."""
    return next((key for key in (found, *_NEAREST) if key in keys), keys[0])


def _statement(number: str, filed: _Filed, cast: Cast, recorded: datetime, kind: str) -> Statement:
    utterance = filed.reading.utterance
    own = kind == ANNOTATION  # a young person's comment is never touched
    text = utterance.text if own else with_marks(cleaned(utterance.text))
    said = Said(utterance.text, recorded.date(), cast, utterance.speaker, utterance.probability)
    return Statement(
        id=number,
        section=filed.section,
        text=text,
        origin=Origin.MACHINE,
        speaker=utterance.speaker,
        sources=(utterance.source,),
        checks=(
            *name_checks(utterance.names, text),
            *(heard(said) if own else checks(text, said)),
        ),
    )


def _all_actions(
    kept: Sequence[_Filed], cast: Cast, recorded: datetime, kind: str
) -> tuple[Action, ...]:
    """The tasks of all sentences; "And I'll do that today" dates the one of the sentence before."""
    made: list[Action] = []
    before: _Filed | None = None
    heard = frozenset(one.reading.utterance.speaker for one in kept)
    for one in kept:
        found = _actions(one, cast, recorded, kind, heard)
        goes_on = made and before is not None and before.section == one.section == "action"
        if goes_on and points_back(one.reading.text, recorded.date()):
            due = made[-1].due or due_day(one.reading.text, recorded.date())
            made[-1] = replace(made[-1], due=due)
        else:
            made += found
        before = one
    return tuple(made)


def _actions(
    filed: _Filed, cast: Cast, recorded: datetime, kind: str, heard: frozenset[str | None]
) -> tuple[Action, ...]:
    if kind == ANNOTATION:
        worker = next(iter(cast.practitioners), "worker")
        return requests(filed.reading, worker) if filed.section == "young_person_words" else ()
    if filed.section not in {"action", WELLBEING}:
        return ()
    speaker = filed.reading.utterance.speaker
    others = [name for name in (*cast.supervisors, *cast.practitioners) if name != speaker]
    others.sort(key=lambda name: name not in heard)  # whoever speaks too is spoken to
    listener = others[0] if others else filed.young
    voices = Voices(speaker, listener, filed.young)
    tasks = own_tasks if filed.section == WELLBEING else actions
    return tasks(filed.reading, cast, voices, recorded)


def _quotes(filed: _Filed, kind: str) -> tuple[str, ...]:
    if kind == ANNOTATION:
        return (filed.reading.text,) if filed.section == "young_person_words" else ()
    return tuple(quote.text for quote in filed.reading.quotes if quote.kind is Kind.YOUNG)


def _left_out(filed: _Filed) -> LeftOut:
    source = filed.reading.utterance.source
    return LeftOut(
        filed.reading.text, NOTHING_SAID, source.start_ms, source.end_ms, source.recording
    )

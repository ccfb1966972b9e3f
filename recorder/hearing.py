"""The middle of the path: from a sealed recording to what it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import count

from recorder import models
from recorder.clock import milliseconds
from recorder.codec import HeardPart, decode_part, encode, fingerprint
from recorder.config import Settings
from recorder.errors import ModelError, NoSound, NoSpeech
from recorder.home import Home
from recorder.media import picture, sound
from recorder.media.sniff import TYPES
from store.records import Recording
from transcribe.engine import Engine, EngineError, FasterWhisper
from transcribe.model import Part, Person
from transcribe.vocabulary import GLOSSARY, hotwords


def examine(home: Home, recording: Recording) -> dict[str, str | int]:
    """What a recording's own bytes say of its kind and time, as columns to set.

    Raises a MediaError when there is nothing in it to work on.
    """
    reader, media_type = home.store.recordings.open(recording.id), TYPES[recording.media_type]
    made: datetime | None
    length = None
    if recording.kind == "picture":
        made, kind = picture.captured_at(reader.read(0, reader.size)), "picture"
    else:
        found = sound.probe(reader, media_type)
        if not found.has_audio:
            raise NoSound
        made, kind = found.creation_time, sound.kind_of(media_type, found)
        length = found.length_ms or sound.measured(reader, media_type)
    columns: dict[str, str | int] = {"kind": kind}
    if length is not None:
        columns["length_ms"] = length
    # A time that somebody said stands above what the device's clock wrote.
    if made is not None and home.store.recordings.details(recording.id).recorded_from != "said":
        columns["recorded_at"] = milliseconds(made, home.settings.timezone)
    return columns


def waits(home: Home, recording: Recording, found: dict[str, str | int]) -> bool:
    """Whether somebody in the recording has to agree first."""
    if found["kind"] not in home.settings.agreement:
        return False
    return not home.store.agreements.stands(recording.id)


def hear(
    home: Home,
    recording: Recording,
    engine: Callable[[], Engine],
    told: Callable[[int], None],
) -> bytes | None:
    """The transcript of a recording, encoded; None for a picture.

    What was heard is stored a window at a time, and `told` how many ms of sound that makes. Hearing
    that was cut off goes on after the last window, to the same words.

    Raises NoSpeech when no word was heard: nothing is ever drafted from silence.
    """
    if recording.kind == "picture":
        return None
    reader = home.store.recordings.open(recording.id)
    expected = hotwords(people_around(home, recording), (*home.settings.glossary, *GLOSSARY))
    listening = engine()
    how = fingerprint((home.settings.language, listening.parameters(expected)))
    before = _parts(home, recording, how)
    numbers = count(len(before) + 1)

    def keep(part: Part) -> None:
        heard = part.end * 1000 // sound.RATE
        home.store.hearings.keep(recording, next(numbers), heard, encode(HeardPart(how, part)))
        told(heard)

    transcript = listening.hear(
        sound.pcm(reader, TYPES[recording.media_type]),
        language=home.settings.language,
        hotwords=expected,
        parts=before,
        keep=keep,
    )
    if not transcript.segments:
        raise NoSpeech
    return encode(transcript)


def _parts(home: Home, recording: Recording, how: str) -> list[Part]:
    """What was heard before, in exactly this way; heard in another way, it is dropped."""
    kept = [decode_part(each) for each in home.store.hearings.of(recording.id)]
    if any(each.how != how for each in kept):
        home.store.hearings.start_over(recording.id)
        return []
    return [each.part for each in kept]


def load_engine(settings: Settings) -> Engine:
    """The speech engine that `settings` ask for; its weights are checked first."""
    model = models.folder(settings.model, settings.models)
    try:
        return FasterWhisper(
            model.path,
            name=model.name,
            sha256=model.sha256,
            threads=settings.threads,
            device=settings.device,
        )
    except EngineError as error:
        raise ModelError from error


def people_around(home: Home, recording: Recording) -> tuple[Person, ...]:
    """Everyone a recording may name: its maker, the young person, and who stands around them."""
    maker = home.store.people.get(recording.practitioner_id)
    people = [Person(maker.name, maker.role)]
    if recording.case_id is not None:
        case = home.store.cases.get(recording.case_id).details
        people.append(Person(case.name, "young_person"))
        people += [Person(each.name, each.role) for each in case.people]
    return tuple(person for person in people if person.name)

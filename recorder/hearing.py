"""The middle of the path: from a sealed recording to what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import PurePath

from recorder import models
from recorder.around import people_around
from recorder.capturing import capture_of
from recorder.chapters import numbers_of
from recorder.codec import HeardPart, decode_part, encode, fingerprint
from recorder.config import Settings
from recorder.correcting import corrections_of
from recorder.errors import (
    MediaError,
    ModelError,
    NoSound,
    NoSpeech,
    SandboxFailed,
    Stalled,
    ToolMissing,
)
from recorder.home import Home
from recorder.intake.identify import comparison_key
from recorder.media import picture, sound
from recorder.media.holes import Hole, holes
from recorder.media.sniff import TYPES
from recorder.telling import Aside
from store.captures import Capture, Part
from store.errors import ErasedError, TamperedError
from store.records import Recording
from transcribe.engine import CAREFUL, Engine, EngineError, FasterWhisper, Options, Parameters
from transcribe.mending import mended
from transcribe.model import Part as Window
from transcribe.sides import turns_of_sides
from transcribe.speakers import Turn, turns
from transcribe.spoken import told_apart
from transcribe.vocabulary import GLOSSARY, hotwords
from transcribe.voices import Look, Telling

_SIDES = 2  # people who can have a channel each
_APART_SECONDS = 5  # twice as long as anybody pauses within a sentence


@dataclass(frozen=True, slots=True)
class Examined:
    """What a recording's own bytes say of it."""

    columns: dict[str, str | int]  # of its row, to set
    capture: Capture  # who says when it was made, and which part of what it is


def examine(home: Home, recording: Recording) -> Examined:
    """What a recording's own bytes say of its kind and time.

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
    at, capture = capture_of(home, recording, reader, made)
    columns: dict[str, str | int] = {"kind": kind, "recorded_at": at}
    if length is not None:
        columns["length_ms"] = length
    return Examined(columns, capture)


def waits(home: Home, recording: Recording, kind: str) -> bool:
    """Whether somebody in the recording, of this kind, has to agree first."""
    paths = [path for path, _ in home.store.journal.sources(recording.id)]
    if not must_agree(home.settings, kind, paths):
        return False
    return not home.store.agreements.stands(recording.id)


def must_agree(settings: Settings, kind: str, paths: Iterable[str]) -> bool:
    """Whether somebody has to agree to what is of this kind, or came to one of these places.

    A folder for sessions holds what others are heard in; what is photographed there is no session.
    """
    if kind in settings.agreement:
        return True
    names = {comparison_key(each) for each in settings.agreement_folders}
    folders = (folder for path in paths for folder in PurePath(path).parts[:-1])
    return kind != "picture" and any(comparison_key(each) in names for each in folders)


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in a recording."""

    transcript: bytes  # encoded
    starts: Sequence[tuple[Part, int]]  # of a film's chapters: where in the sound each begins (ms)


class BrokenChapterError(Exception):
    """A file of a film does not decode: the others can do without it."""

    def __init__(self, part: Part, reason: str) -> None:
        super().__init__(reason)
        self.part = part
        self.reason = reason  # the code of what is wrong with it


class _Sound:
    """The sound of a recording: of a film, chapter after chapter."""

    def __init__(self, home: Home, recording: Recording) -> None:
        self.parts = home.store.captures.parts(recording.id)
        self.starts: list[tuple[Part, int]] = []
        self._store, self._alone = home.store, recording

    @property
    def chapters(self) -> list[str]:
        """The ids of a film's files, in order."""
        return [part.recording.id for part in self.parts]

    def __iter__(self) -> Iterator[bytes]:
        heard, self.starts = 0, []
        for part in self.parts:
            for block in self._before(part):
                heard += len(block)
                yield block
            self.starts.append((part, heard * 1000 // (2 * sound.RATE)))
            for block in self._part(part):
                heard += len(block)
                yield block
        if not self.parts:
            yield from self._of(self._alone)

    def _before(self, part: Part) -> Iterator[bytes]:
        """Silence where a chapter is missing: no sentence is made of the ends of two."""
        numbers = numbers_of(self.parts)
        mine = numbers_of([part]).pop()
        if part.part_of is not None and mine - 1 not in numbers:
            yield bytes(2 * sound.RATE * _APART_SECONDS)

    def _part(self, part: Part) -> Iterator[bytes]:
        try:
            yield from self._of(part.recording)
        except (ToolMissing, SandboxFailed, Stalled):  # nothing is wrong with the file
            raise
        except MediaError as error:
            raise BrokenChapterError(part, type(error).__name__) from error

    def sides(self) -> tuple[Turn, ...]:
        """Who speaks when, where two people have a channel each; not looked for in films."""
        return () if self.parts else turns_of_sides(self._of(self._alone, channels=2))

    def damaged(self) -> tuple[Hole, ...]:
        """Where something of it is lost; to be asked once all of it was heard."""
        files = [(part.recording, start) for part, start in self.starts] or [(self._alone, 0)]
        return tuple((start + at, lost) for each, start in files for at, lost in self._holes(each))

    def _holes(self, recording: Recording) -> tuple[Hole, ...]:
        reader = self._store.recordings.open(recording.id)
        return holes(reader, TYPES[recording.media_type])

    def _of(self, recording: Recording, channels: int = 1) -> Iterator[bytes]:
        reader = self._store.recordings.open(recording.id)
        return sound.pcm(reader, TYPES[recording.media_type], channels=channels)


def hear(
    home: Home,
    recording: Recording,
    engine: Callable[[], Engine],
    told: Callable[[int], None],
    telling: Callable[[], Telling | None] = lambda: None,
    number: int | None = None,
) -> Heard | None:
    """The transcript of a recording, its chapters included; None for a picture.

    What was heard is stored a window at a time, and `told` how many ms of sound that makes. Hearing
    that was cut off goes on after the last window, to the same words. In kinds of note that several
    people speak in, `telling` tells their voices apart; in any kind where `number` says how many do.

    Raises NoSpeech when no word was heard: nothing is ever drafted from silence; BrokenChapterError
    for a file of a film that the others can do without.
    """
    if recording.kind == "picture":
        return None
    source = _Sound(home, recording)
    people, glossary = people_around(home.store, recording), (*home.settings.glossary, *GLOSSARY)
    own = home.settings.glossary
    expected, listening = hotwords(people, own, _corrections(home, recording)), engine()
    several = recording.note_kind in home.settings.speakers if number is None else number > 1
    ears = telling() if several else None
    names = [person.name for person in people]
    parameters = listening.parameters(expected, names, glossary) | _told_by(ears)
    how = fingerprint((home.settings.language, parameters, *source.chapters))
    before = _parts(home, recording, how)
    numbers = count(len(before) + 1)
    seen = [look for each in before for look in each.looks]
    passing = Aside(source, ears, before[-1].part.end if before else 0)

    def keep(part: Window) -> None:
        heard, found = part.end * 1000 // sound.RATE, passing.looks(part.end)
        payload = encode(HeardPart(how, part, found))
        home.store.hearings.keep(recording, next(numbers), heard, payload)
        seen.extend(found)
        told(heard)

    transcript = listening.hear(
        passing,
        language=home.settings.language,
        hotwords=expected,
        names=names,
        terms=glossary,
        parts=[each.part for each in before],
        keep=keep,
    )
    if not transcript.segments:
        raise NoSpeech
    transcript = replace(
        transcript,
        parameters=transcript.parameters | _told_by(ears),
        damaged=source.damaged(),
    )
    transcript = mended(transcript, people, glossary, listening.common)
    if ears is not None:
        transcript = told_apart(transcript, _turns(source, seen, number))
    return Heard(encode(transcript), source.starts)


def _turns(source: _Sound, seen: Sequence[Look], number: int | None) -> tuple[Turn, ...]:
    """Who speaks when: by channel where two people have one each, else by their voices."""
    sides = source.sides() if number in (None, _SIDES) else ()
    return sides or turns(seen, number)


def _told_by(ears: Telling | None) -> Parameters:
    """What decides which voices are told apart."""
    return {} if ears is None else {"voices": ears.name, "voices_sha256": ears.sha256}


def _corrections(home: Home, recording: Recording) -> Sequence[str]:
    """What people put right in this case's recordings; never another case's: it is content."""
    if recording.case_id is None:
        return ()
    try:
        return corrections_of(home.store, recording.case_id)
    except (ErasedError, TamperedError):  # told where it was found; hearing can do without
        return ()


def _parts(home: Home, recording: Recording, how: str) -> list[HeardPart]:
    """What was heard before, in exactly this way; heard in another way, it is dropped."""
    kept = [decode_part(each) for each in home.store.hearings.of(recording.id)]
    if any(each.how != how for each in kept):
        home.store.hearings.start_over(recording.id)
        return []
    return kept


def with_care(settings: Settings, recording: Recording) -> bool:
    """Whether a recording is worth hearing slower: a kind that was named, or a short one."""
    kind = recording.note_kind or settings.default_kind
    short = (
        recording.length_ms is not None and recording.length_ms <= settings.careful_seconds * 1000
    )
    return kind in settings.careful_kinds or short


def load_engine(settings: Settings, *, careful: bool = False) -> Engine:
    """The speech engine that `settings` ask for; its weights are checked first."""
    name = (settings.careful_model if careful else "") or settings.model
    model = models.folder(name, settings.models)
    try:
        return FasterWhisper(
            model.path,
            name=model.name,
            sha256=model.sha256,
            threads=settings.threads,
            device=settings.device,
            options=CAREFUL if careful else Options(),
        )
    except EngineError as error:
        raise ModelError from error

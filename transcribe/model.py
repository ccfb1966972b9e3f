"""The values that pass from hearing to drafting: frozen, times in whole milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 - fields are named `date`
from datetime import datetime
from enum import Enum
from typing import Literal, TypeAlias

SCRIPT = "script"
"""The recording name that sources carry when a draft is made from text."""

NO_ANSWER = "no_answer"
"""Why a sentence was not tidied: the language model was away, or too slow."""


@dataclass(frozen=True, slots=True)
class Word:
    """One heard word."""

    start_ms: int
    end_ms: int
    text: str  # with the space before it, where there is one
    probability: float  # 0 to 1, the engine's own
    # What the engine wrote, where `text` is a name it is taken for; or what it hears without hints,
    # where that is unlike the name that it wrote with them.
    heard: str | None = None
    # A name or word for harm that it may be instead of `text`; one of several words has it each.
    perhaps: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of speech as the engine gave it."""

    start_ms: int | None  # None when the words were typed, not heard
    end_ms: int | None
    text: str
    speaker: str | None = None
    probability: float | None = None  # 0 to 1, mean over the words
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard in one recording, and exactly how."""

    model: str  # name of the speech model
    model_sha256: str  # of its weights
    language: str  # ISO 639-1
    parameters: dict[str, str | int | float | bool | None]  # as passed to the engine
    duration_ms: int
    segments: tuple[Segment, ...]
    unheard: tuple[tuple[int, int], ...] = ()  # ms: somebody speaks, and no word was heard
    # Where the file is damaged: ms of sound before it, and ms that are lost (0: not known).
    damaged: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What was heard in one window of a recording: enough to go on from there."""

    end: int  # samples of 16 kHz from the recording's start; none before it is looked at again
    segments: tuple[Segment, ...]
    unheard: tuple[tuple[int, int], ...] = ()  # as of a transcript


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the case knows: the young person, the worker, family, peers, professionals."""

    name: str
    role: str  # young_person, practitioner, supervisor, parent, peer, professional, other ...


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement stands: a span of a recording, a picture, or the person who typed it."""

    recording: str | None = None  # recording id; SCRIPT for text
    start_ms: int | None = None  # None for a picture or text
    end_ms: int | None = None
    typed_by: str | None = None  # person id, for words nobody recorded


class Origin(Enum):
    """Who put a statement into the note."""

    MACHINE = "machine"  # filed by the drafter, in the speaker's own words
    PRACTITIONER = "practitioner"
    SUPERVISOR = "supervisor"
    YOUNG_PERSON = "young_person"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Somebody's word that a sentence is right as it stands, whatever a check says."""

    by: str  # person id
    name: str  # theirs, for readers
    why: str  # who says so, and how they know


@dataclass(frozen=True, slots=True)
class Check:
    """Something a reader must look at before trusting a statement."""

    code: str  # stable, e.g. "unclear"
    level: Literal["block", "look"]  # block: the note cannot be submitted as it stands
    message: str  # one plain sentence
    confirmed: Confirmed | None = None  # answers a block; falls away with the next change of words
    instead: str | None = None  # how the sentence reads if what the check asks about is so

    @property
    def blocks(self) -> bool:
        """Whether this stops the note, for nobody has answered for it."""
        return self.level == "block" and self.confirmed is None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a reader should know of a note as a whole: worked out when it is read."""

    code: str  # stable, e.g. "omission"
    message: str  # one plain sentence
    section: str | None = None  # where it would stand
    statement: str | None = None  # which one it is about, by id
    source: Source | None = None  # what to listen to


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a note, under a heading, standing on evidence."""

    id: str  # unique within the note
    section: str  # a section key of the note type
    text: str
    origin: Origin
    speaker: str | None  # whose words these are, where known
    sources: tuple[Source, ...]
    checks: tuple[Check, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a machine statement that stands on nothing."""
        if self.origin is Origin.MACHINE and not self.sources:
            raise ValueError("a machine statement needs a source")

    @property
    def on_picture(self) -> bool:
        """Whether it stands on a picture of which nobody said anything."""
        return any(s.recording and s.start_ms is None and not s.typed_by for s in self.sources)

    @property
    def tells_of_picture(self) -> bool:
        """Whether it is the machine's, and only says that there is one."""
        return self.origin is Origin.MACHINE and self.on_picture


@dataclass(frozen=True, slots=True)
class Action:
    """Something somebody is to do."""

    what: str
    who: str | None
    due: Date | None
    sources: tuple[Source, ...] = ()
    private: bool = False  # of the worker's own matters: on no young person's record

    @property
    def heard(self) -> bool:
        """Whether it was heard in a recording, and not typed."""
        return any(source.recording and not source.typed_by for source in self.sources)

    def said_in(self, statement: Statement) -> bool:
        """Whether it is this sentence that says so.

        Whatever one person typed stands on the same source, so there the words have to be the same.
        """
        return self.sources == statement.sources and (self.heard or self.what == statement.text)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sentence that was heard and not filed, with the reason."""

    text: str
    why: str
    start_ms: int | None = None
    end_ms: int | None = None
    recording: str | None = None  # id; None in drafts made before this was kept


@dataclass(frozen=True, slots=True)
class Removed:
    """A sentence that somebody took out of a note: kept with it for ever, as it was."""

    statement: Statement
    by: str  # person id
    name: str  # theirs, for readers
    why: str
    at: int  # ms since 1970, UTC


@dataclass(frozen=True, slots=True)
class Contact:
    """The facts of a contact as they were said. None means not said."""

    date: Date | None = None
    start_time: str | None = None  # HH:MM, local
    end_time: str | None = None  # HH:MM, local
    method: str | None = None
    place: str | None = None
    present: tuple[str, ...] = ()
    seen: bool | None = None
    seen_alone: bool | None = None
    returned: datetime | None = None  # local: when somebody who was missing came back
    next_on: Date | None = None  # of a supervision: when the next one is
    significant: bool | None = None  # a significant event, as a person says and no machine does


@dataclass(frozen=True, slots=True)
class Described:
    """What people say of a picture of the contact. No machine ever fills this in."""

    recording: str  # id
    title: str = ""
    caption: str = ""  # what the young person says of it, in their own words
    drawn_by: str = ""
    straightened: bool = False  # shown is the page alone, cut out and straightened


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing or photo that somebody put beside a supervision. No machine fills any of it in."""

    recording: str  # id
    sha256: str  # of the picture as it came: what is signed is this very one
    caption: str
    by: str  # id of who put it there
    name: str  # theirs, for readers
    origin: Origin  # what they are
    at: int  # ms since 1970, UTC: when they did
    photo: bool = False  # else a drawing
    made_by: str = ""  # who drew or took it; empty: not said
    made_on: Date | None = None
    member: str | None = None  # id of the case of the one young person whose it is


@dataclass(frozen=True, slots=True)
class DrawingRemoved:
    """A drawing that somebody took out of a supervision: the picture itself is kept."""

    drawing: Drawing
    by: str  # person id
    name: str  # theirs, for readers
    why: str
    at: int  # ms since 1970, UTC


@dataclass(frozen=True, slots=True)
class Told:
    """The facts of the contact as one recording gave them."""

    recording: str  # id
    at: int  # ms since 1970, UTC: when the contact was, by this recording
    contact: Contact


@dataclass(frozen=True, slots=True)
class Earlier:
    """A version of another note, words of which went into this one."""

    note: str  # id
    number: int
    whole: bool  # all of it, by a merge; else this one was split off from it
    recordings: tuple[str, ...] = ()  # what came with the words


@dataclass(frozen=True, slots=True)
class Reworded:
    """That a language model was asked to tidy sentences of one recording, and what came of it."""

    recording: str  # id
    model: str  # its name
    prompts_sha256: str  # of what it was told to do
    parameters: dict[str, str | int | float]  # as it was asked
    given: int  # sentences it was given
    worded: int  # of them, those that stand as it worded them
    kept: dict[str, int]  # the others, which stand as they were said, by why

    @property
    def sentence(self) -> str:
        """The same, said in words."""
        asked = f"A language model ({self.model}) was given {self.given} of the sentences to tidy."
        if self.kept.get(NO_ANSWER) == self.given:
            return f"{asked} It did not answer: all stand as they were said."
        tidied = f"{self.worded} that it tidied {'is' if self.worded == 1 else 'are'} marked"
        return f"{asked} {tidied}; the others stand as they were said."


Outcome: TypeAlias = Literal["done", "not_done", "carried"]


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of an action of the supervision before."""

    note: str  # id
    what: str  # as it stood there
    outcome: Outcome
    by: str  # id of who said so


@dataclass(frozen=True, slots=True)
class Draft:
    """A note's content: what a version stores and a reader reads."""

    kind: str  # a note type key
    contact: Contact
    statements: tuple[Statement, ...]
    actions: tuple[Action, ...] = ()
    quotes: tuple[str, ...] = ()  # the young person's words, exactly as spoken
    left_out: tuple[LeftOut, ...] = ()
    template: str = ""  # SHA-256 of the note type that shaped it
    models: tuple[str, ...] = ()  # SHA-256 of the weights that filed its sentences
    pictures: tuple[Described, ...] = ()  # those that somebody said something of
    told: tuple[Told, ...] = ()  # what `contact` was put together from
    earlier: tuple[Earlier, ...] = ()  # where words came from that were in another note
    reworded: tuple[Reworded, ...] = ()  # whether a language model was asked to tidy it
    removed: tuple[Removed, ...] = ()  # what people took out, the earliest first
    followed: tuple[Followed, ...] = ()  # what became of the actions of the supervision before
    drawings: tuple[Drawing, ...] = ()  # of a supervision, in the order they are shown
    drawings_removed: tuple[DrawingRemoved, ...] = ()  # the earliest first

    def described(self, recording: str) -> Described:
        """What is said of a picture, perhaps nothing."""
        found = (each for each in self.pictures if each.recording == recording)
        return next(found, Described(recording))


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence on its way into a draft."""

    text: str
    source: Source
    speaker: str | None = None
    probability: float | None = None  # 0 to 1, mean over its words; None for text
    names: tuple[Word, ...] = ()  # that were heard otherwise than they are, or may be, written

"""The values of an export: approved notes in, an account of what was written out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from recorder.review.saying import ADD, NOT_RIGHT
from transcribe.model import Draft


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody on the staff answered them."""

    text: str
    at: dt.datetime  # aware
    name: str
    outcome: str = ""  # as recorder/review/saying.py has it


@dataclass(frozen=True, slots=True)
class Reply:
    """What the young person says of their note, exactly as they said it last."""

    text: str  # may be empty where it is no more than its kind
    at: dt.datetime  # aware
    name: str  # of the young person
    kind: str = ADD  # as recorder/review/saying.py has it
    about: str = ""  # the sentence as they were shown it; empty for all of it
    statement: str = ""  # its id in this version; empty where it is not there, or for all of it
    answers: tuple[Answered, ...] = ()
    gone: bool = False  # it has left before: only these answers are new

    @property
    def disagrees(self) -> bool:
        """Whether it goes next to its sentence."""
        return self.kind == NOT_RIGHT and bool(self.statement)


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A drawing or photograph that belongs to the note."""

    recording_id: str
    jpeg: bytes
    caption: str  # may be empty


@dataclass(frozen=True, slots=True)
class Change:
    """What a newer version says otherwise, under its heading."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Appendment:
    """What is added to a note that has gone to Mosaic; what stands there is left as it is."""

    number: int  # of the note's, from 1
    to: str  # the note's id in Mosaic; empty while nobody has entered it
    version: int  # that left before
    left_at: dt.datetime  # aware
    changed_by: tuple[str, ...] = ()  # names, of who wrote the versions since
    changed_at: dt.datetime | None = None  # aware; None where only the young person's words are new
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Approved:
    """One exact version of a note that somebody approved, with all that an export needs."""

    note_id: str
    version: int  # from 1
    kind: str  # a note type key
    person_id: str  # Mosaic person id, 1 to 9 digits
    person_name: str  # of the young person
    case_ref: str
    title: str  # as Mosaic will show it
    note_type: str  # the council's Mosaic code for `kind`
    contact_date: dt.date | None  # None is refused at export
    significant_event: bool
    worker_username: str  # in Mosaic
    worker_name: str
    approved_by: str  # name
    approved_at: dt.datetime  # aware
    draft: Draft
    replies: tuple[Reply, ...] = ()
    pictures: tuple[PictureFile, ...] = ()
    marks: tuple[str, ...] = ()  # of what the young person says in it
    appendment: Appendment | None = None  # None: the whole note
    entries: int = 0  # of its way into Mosaic, when it was gathered


@dataclass(frozen=True, slots=True)
class Written:
    """A note that stands in a pack."""

    note_id: str
    version: int
    files: tuple[str, ...]  # names inside the pack


@dataclass(frozen=True, slots=True)
class Refused:
    """A note that was left out, and every reason why."""

    note_id: str
    version: int
    reasons: tuple[str, ...]  # plain sentences without content


@dataclass(frozen=True, slots=True)
class Pack:
    """What an export did. Without a note to write there is no folder."""

    folder: Path | None
    written: tuple[Written, ...]
    refused: tuple[Refused, ...]
    before: Path | None = None  # of an export that was cut off: it is in its place since now

"""What a note type says: frozen values, as its file gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Fact = Literal[
    "date",  # of the contact
    "start_time",
    "end_time",
    "method",  # visit, call, message ...
    "place",
    "present",  # everybody who was there
    "seen",  # whether the young person was
    "seen_alone",
    "why_not_alone",
    "purpose",  # why the contact took place
    "attempts",  # what was done to reach them
    "their_words",  # anything the young person said
    "next_step",  # an action with who and by when, or the next contact
    "missing_since",
    "return_time",  # when they came back
    "why_late",  # why an interview was later than its clock allows
    "declined_reason",
    "carer_view",  # what a parent or carer was asked and said
]
"""What a reader must find, each by a name that rules can go by."""

When = Literal["always", "seen", "not_alone", "declined", "held", "late"]
"""In which contacts a fact is needed: where the young person was seen; was seen but not alone;
declined; took part; or where the clock had run out."""


@dataclass(frozen=True, slots=True)
class Required:
    """A fact that a note of this type must hold."""

    fact: Fact
    ask: str  # the question to somebody who left it out, one plain sentence
    when: When = "always"


@dataclass(frozen=True, slots=True)
class Part:
    """Something to be covered under a heading."""

    heading: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of a note type."""

    key: str  # stable, e.g. "young_person_words"
    heading: str  # what a reader sees
    purpose: str  # why it is there, one sentence
    prompt: str  # what to say into the recorder
    dictated_only: bool = False  # holds a person's own judgement; the machine never fills it itself
    staff_only: bool = False  # goes on no young person's record
    optional: bool = False  # no reader misses it where it is empty
    part: tuple[Part, ...] = ()  # what to cover, in this order
    draws_on: tuple[str, ...] = ()  # sections of approved notes that its lines are taken from
    most: int = 0  # lines; for a section that draws on others


@dataclass(frozen=True, slots=True)
class Clock:
    """By when a contact must have taken place."""

    starts: Literal["return_time"]
    hours: int


@dataclass(frozen=True, slots=True)
class NoteType:
    """A kind of note: its headings, its standard and its clock."""

    key: str  # e.g. "case_note"
    title: str
    purpose: str
    needed: tuple[str, ...]  # facts a reader must find
    not_needed: tuple[str, ...]  # what to leave out, and why
    target_words: int  # a note of this type need not be longer
    draft_days: int  # working days from the contact to a draft
    approve_days: int  # working days from the contact to approval
    sections: tuple[Section, ...]
    sha256: str  # of the file, kept with every draft
    required: tuple[Required, ...] = ()
    clock: Clock | None = None
    made_from: Literal["recordings", "notes"] = "recordings"

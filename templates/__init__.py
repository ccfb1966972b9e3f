"""Text for people: note types, pages and documents. No rules live here."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import msgspec


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of a note type."""

    key: str  # stable, e.g. "young_person_words"
    heading: str  # what a reader sees
    purpose: str  # why it is there, one sentence
    prompt: str  # what to say into the recorder
    dictated_only: bool = False  # holds a person's own judgement; the machine never fills it itself


@dataclass(frozen=True, slots=True)
class NoteType:
    """A kind of note: its headings, its standard and its clock."""

    key: str  # e.g. "case_note"
    title: str
    purpose: str
    needed: tuple[str, ...]  # facts a reader must find
    not_needed: tuple[str, ...]  # what to leave out, and why
    draft_days: int  # working days from the contact to a draft
    approve_days: int  # working days from the contact to approval
    mosaic_code: str  # note type code, at most 16 characters
    sections: tuple[Section, ...]
    sha256: str  # of the file, kept with every draft


@cache
def note_type(key: str) -> NoteType:
    """The note type called `key`; KeyError if there is none."""
    found = resources.files(__name__) / "notes" / f"{key}.toml"
    if key not in note_type_keys():
        raise KeyError(key)
    raw = found.read_bytes()
    data = tomllib.loads(raw.decode())
    data |= {"key": key, "sections": data.pop("section"), "sha256": hashlib.sha256(raw).hexdigest()}
    return msgspec.convert(data, NoteType)


@cache
def note_type_keys() -> tuple[str, ...]:
    """The keys of all note types, sorted."""
    folder = resources.files(__name__) / "notes"
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name[:-5] for name in names if name.endswith(".toml")))

"""Text for people: note types, pages and documents. No rules live here."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from templates.model import Clock, NoteType, Part, Required, Section
from templates.reading import NoteTypeError, files, read

__all__ = [
    "Clock",
    "NoteType",
    "NoteTypeError",
    "Part",
    "Required",
    "Section",
    "note_type",
    "note_type_keys",
    "recorded_keys",
    "staff_only",
    "type_of",
    "use",
]

_local: dict[str, NoteType] = {}  # of this process: a home's own, beside the built-in ones


def use(folder: Path | None) -> None:
    """Take a council's own note types from a folder, in place of those taken before.

    NoteTypeError names the first file that is none, its line and why; then nothing changes. A
    built-in type keeps its name: a note would else mean one thing here and another elsewhere.
    """
    found: dict[str, NoteType] = {}
    for name, raw in [] if folder is None else files(folder):
        made = read(name, raw)
        if made.key in _built_in():
            raise NoteTypeError(name, 1, "a built-in note type has this name: choose another")
        found[made.key] = made
    _local.clear()
    _local.update(found)


def note_type(key: str) -> NoteType:
    """The note type called `key`; KeyError if there is none."""
    return _built_in()[key] if key in _built_in() else _local[key]


def type_of(key: str) -> NoteType:
    """As `note_type`; of a note whose type's file is gone, one without headings or standard.

    Its sentences can still be read, under the heading for what stands under no other.
    """
    if key in note_type_keys():
        return note_type(key)
    title = f"A note of a type that is not here any more ({key})"
    return NoteType(key, title, title, (), (), 1, 1, 1, (), "")


def note_type_keys() -> tuple[str, ...]:
    """The keys of all note types, sorted."""
    return tuple(sorted((*_built_in(), *_local)))


def recorded_keys() -> tuple[str, ...]:
    """The keys of those that are drafted from recordings, sorted."""
    return tuple(key for key in note_type_keys() if note_type(key).made_from == "recordings")


def staff_only() -> dict[str, str]:
    """The headings, by section key, that go on no young person's record, whatever type has them."""
    sections = (section for key in note_type_keys() for section in note_type(key).sections)
    return {section.key: section.heading for section in sections if section.staff_only}


@cache
def _built_in() -> dict[str, NoteType]:
    folder = resources.files(__name__) / "notes"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    made = [read(name, (folder / name).read_bytes()) for name in names]
    return {each.key: each for each in made}

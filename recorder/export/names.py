"""File names that Mosaic and every file system take, and that name no person."""

from __future__ import annotations

import re

from recorder.export.model import Approved

LONGEST_NAME = 80  # characters, ending included: Mosaic's limit for a document
LONGEST_ENDING = len(".docx")

_ID = re.compile(r"[A-Za-z0-9-]+")


def safe_id(note_id: str) -> bool:
    """Whether a note id can stand in a file name as it is."""
    return _ID.fullmatch(note_id) is not None


def stem(note: Approved) -> str:
    """The file name of a note without its ending; `validate` refuses a note where it is too long.

    It is `<case ref>_<date>_<kind>_<note id>`. When that is too long the kind is left out: a part
    is dropped whole, never cut, and the manifest says which file belongs to which note. A case
    reference that holds a part of the young person's name gives way to the Mosaic person id.
    """
    reference, day = _reference(note), note.contact_date
    if note.appendment:  # beside the file of the note itself, wherever the council keeps both
        return f"{reference}_{day}_appendment-{note.appendment.number}_{note.note_id}"
    whole = f"{reference}_{day}_{_safe(note.kind)}_{note.note_id}"
    fits = len(whole) <= LONGEST_NAME - LONGEST_ENDING
    return whole if fits else f"{reference}_{day}_{note.note_id}"


def _reference(note: Approved) -> str:
    reference = _safe(note.case_ref)
    name_parts = set(re.split(r"\W+", note.person_name.casefold())) - {""}
    said = set(re.split(r"[\W_]+", note.case_ref.casefold()))
    if not reference or name_parts & said:
        return f"person-{_safe(note.person_id)}"
    return reference


def _safe(text: str) -> str:
    """ASCII letters, digits and single hyphens; the manifest holds what it stood for."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", text).strip("-_")

"""The JSON Schemas (draft 2020-12) that are shipped with the packs: `python -m tools.make_schemas` writes them.

Those of a CSV are of one row, with every value as text and the apostrophe of `csv_rows` dropped; the
JSON beside such a CSV is an array of those rows.
"""

from __future__ import annotations

from typing import Any

import msgspec

from recorder.export import json_note, manifest
from recorder.export.beside import EventRow, SummaryRow
from recorder.export.csv_rows import NoteRow
from recorder.export.json_note import NoteFile
from recorder.export.manifest import Manifest

_SHIPPED: dict[str, tuple[type[msgspec.Struct], int, str]] = {
    "note": (NoteFile, json_note.FORMAT, "Recorder note"),
    "manifest": (Manifest, manifest.FORMAT, "Manifest of a Recorder pack"),
    "case_notes": (NoteRow, 1, "Row of case_notes.csv"),
    "chronology": (EventRow, 1, "Row of chronology.csv"),
    "summaries": (SummaryRow, 1, "Row of summaries.csv"),
}
NAMES = tuple(_SHIPPED)


def schema(name: str) -> dict[str, Any]:
    """One of `NAMES`, as `schema/NAME.schema.json` holds it."""
    kind, number, title = _SHIPPED[name]
    about = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:recorder:{name}:{number}",
        "title": title,
    }
    return {**about, **msgspec.json.schema(kind)}

"""A pack for Mosaic as a council's own loader would read it: `python -m tools.read_pack PACK`.

It uses the documented JSON Schemas, the csv module and none of Recorder's code, so it finds what the code that
writes a pack and the code that checks it could both have wrong.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

SCHEMAS = Path(__file__).parents[1] / "recorder" / "export" / "schema"
LONGEST_NAME = 80
_SAME = ("person_id", "note_type", "title", "effective_date", "note", "created_by", "entry")


def faults(pack: Path) -> list[str]:
    """What is wrong with a pack, a line each; nothing for one that a loader can take."""
    manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
    if wrong := list(_against("manifest", manifest, "manifest.json")):
        return wrong
    return [*_files(pack, manifest), *_notes(pack, manifest), *_beside(pack)]


def _files(pack: Path, manifest: dict[str, Any]) -> Iterator[str]:
    """Every file is in the manifest, whole, and has a name that Mosaic takes."""
    listed = {each["name"]: each["sha256"] for each in manifest["files"]}
    there = {path.name for path in pack.iterdir()} - {"manifest.json"}
    yield from (f"{name}: only in the folder or in the manifest" for name in there ^ set(listed))
    for name in there & set(listed):
        if hashlib.sha256((pack / name).read_bytes()).hexdigest() != listed[name]:
            yield f"{name}: not the bytes that the manifest has the sum of"
        if len(name) > LONGEST_NAME or not name.isascii():
            yield f"{name}: not a name that Mosaic takes"


def _notes(pack: Path, manifest: dict[str, Any]) -> Iterator[str]:
    """Each note of the manifest is one row and one JSON file, and they say the same."""
    rows = _rows(pack / "case_notes.csv")
    if [row["recorder_note_id"] for row in rows] != [n["note_id"] for n in manifest["notes"]]:
        yield "case_notes.csv: not the manifest's notes in its order, once each"
        return
    for row, known in zip(rows, manifest["notes"], strict=True):
        name = next(each for each in known["files"] if each.endswith(".json"))
        note = json.loads((pack / name).read_text(encoding="utf-8"))
        wrong = [*_against("note", note, name), *_against("case_notes", row, "case_notes.csv")]
        yield from wrong or (f"{name}: {what} differs" for what in _different(row, note, known))


def _beside(pack: Path) -> Iterator[str]:
    """Chronology and summaries, where there are any: the rows and the JSON are the same, and as documented."""
    for name in ("chronology", "summaries"):
        if not (pack / f"{name}.csv").exists():
            continue
        rows = _rows(pack / f"{name}.csv")
        for row in rows:
            yield from _against(name, row, f"{name}.csv")
        if rows != json.loads((pack / f"{name}.json").read_text(encoding="utf-8")):
            yield f"{name}.json: not what {name}.csv says"


def _against(name: str, value: object, file: str) -> Iterator[str]:
    """What of a value is not as its schema says."""
    # The place alone: a message of the validator holds what stands there.
    for error in _schema(name).iter_errors(value):
        yield f"{file}: {error.json_path} does not fit"


@cache
def _schema(name: str) -> Any:
    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8")))


def _rows(path: Path) -> list[dict[str, str]]:
    """The rows, with the one apostrophe dropped that keeps a spreadsheet from running a field."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {key: value.removeprefix("'") for key, value in row.items()}
            for row in csv.DictReader(file, strict=True)
        ]


def _different(row: dict[str, str], note: dict[str, Any], known: dict[str, Any]) -> Iterator[str]:
    mosaic = note["mosaic"]
    yield from (key for key in _SAME if row[key] != mosaic[key])
    if (row["significant_event"] == "Y") is not mosaic["significant_event"]:
        yield "significant_event"
    if row["approved_by"] != note["approved"]["by"] or known["approved_by"] != row["approved_by"]:
        yield "who approved it"
    if known["approved_at"] != note["approved"]["at"]:
        yield "when it was approved"
    if not int(row["recorder_version"]) == note["version"] == known["version"]:
        yield "version"


if __name__ == "__main__":
    found = faults(Path(sys.argv[1]))
    print("\n".join(found) or "a loader can take it")
    sys.exit(bool(found))

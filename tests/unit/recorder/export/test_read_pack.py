"""A reader that shares no code with what writes a pack takes every pack, and no damaged one."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from recorder.export.errors import ExportRefused
from recorder.export.fields import validate
from recorder.export.model import Approved, PictureFile, Reply
from recorder.export.pack import write_pack
from templates import note_type, note_type_keys
from tests.unit.recorder.export.conftest import approved
from tools.read_pack import faults
from transcribe.model import Contact, Draft, Origin, Source, Statement

GOLDEN = Path(__file__).parent / "golden"
HELD = dt.datetime(2026, 11, 6, 15, 2, tzinfo=dt.UTC)
HARD = (
    "🚌👩‍👩‍👧",
    "أمينة",
    "שלום",
    "O’Brien",
    "=1+1",
    "'quoted'",
    'a,"b"\nc',
    "e\u0301",
    "\u0007",
    "\u202e",
)
SHOWN = st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"))
WORDS = st.lists(
    st.one_of(st.sampled_from(HARD), st.text(SHOWN, min_size=1, max_size=40)), min_size=1, max_size=3
).map(" ".join)  # fmt: skip


def of_kind(kind: str) -> Approved:
    """A fixed note with a sentence under every heading of its type that a young person's record takes, and a drawing."""
    sections = [each for each in note_type(kind).sections if not each.staff_only]
    said = tuple(
        Statement(f"s{n}", each.key, f"{each.heading}, in a sentence.", Origin.MACHINE, "Dele",
                  (Source("9f" * 16, 0, 900),))
        for n, each in enumerate(sections)
    )  # fmt: skip
    contact = Contact(date=dt.date(2026, 11, 5), seen=True)
    differs = Reply("Not quite.", HELD, "Jordan", "not right", statement="s0")
    return approved(
        note_id=f"{kind.replace('_', '-')}-1",
        kind=kind,
        draft=Draft(kind, contact, said),
        replies=(differs,),
        pictures=(PictureFile("ab12" * 8, (GOLDEN / "drawing.jpg").read_bytes(), "The way home"),),
    )


def test_a_pack_of_every_kind_of_note_is_taken(tmp_path: Path) -> None:
    notes = [of_kind(kind) for kind in note_type_keys()]
    pack = write_pack(notes, tmp_path / "pack", now=HELD)
    assert pack.refused == ()
    assert faults(tmp_path / "pack") == []
    with (tmp_path / "pack" / "case_notes.csv").open(encoding="utf-8-sig", newline="") as file:
        bodies = [row["note"] for row in csv.DictReader(file)]
    assert len(bodies) == len(notes)
    assert all("sees this differently, in their words, 6 November 2026: Not quite." in b for b in bodies)  # fmt: skip


@pytest.mark.parametrize("kind", note_type_keys())
def test_a_note_of_each_kind_leaves_as_it_always_did(kind: str, tmp_path: Path) -> None:
    """`golden` holds what each leaves as. What differs was meant, or is a defect.

    Remove a file there, and the next run writes it anew and fails.
    """
    write_pack([of_kind(kind)], tmp_path / "pack", now=HELD)
    (document,) = (tmp_path / "pack").glob("*.docx")
    opened = Document(str(document))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    drawn = [
        each.blob for each in opened.part.package.iter_parts() if "image/" in each.content_type
    ]
    assert drawn == [(GOLDEN / "drawing.jpg").read_bytes()]
    words = "\n".join([*(each.text for each in opened.paragraphs), *cells, ""])
    manifest = json.loads((tmp_path / "pack" / "manifest.json").read_bytes())
    (listed,) = [each for each in manifest["files"] if each["name"] == document.name]
    listed["sha256"], listed["bytes"] = "of the document", 0  # its words are compared instead
    left = {
        f"{kind}.json": document.with_suffix(".json").read_bytes(),
        f"{kind}.csv": (tmp_path / "pack" / "case_notes.csv").read_bytes(),
        f"{kind}.txt": words.encode(),
        f"{kind}.manifest.json": (json.dumps(manifest, indent=2) + "\n").encode(),
    }
    for name, found in left.items():
        if not (GOLDEN / name).exists():
            (GOLDEN / name).write_bytes(found)
            pytest.fail(f"{name} was not there, and is now: look at it")
        assert found == (GOLDEN / name).read_bytes()


@settings(max_examples=30)
@given(title=WORDS, text=WORDS, name=WORDS, theirs=WORDS)
def test_whatever_is_written_is_taken_as_it_was_or_refused(
    title: str, text: str, name: str, theirs: str
) -> None:
    draft = Draft(
        "case_note", Contact(), (Statement("s1", "purpose", text, Origin.PRACTITIONER, None, ()),)
    )
    note = approved(title=title, person_name=name, draft=draft, pictures=())
    note = replace(note, replies=(Reply(theirs, HELD, "Jordan"),))
    with TemporaryDirectory() as folder:
        pack = write_pack([note], Path(folder) / "pack", now=HELD)
        if pack.folder is None:
            with pytest.raises(ExportRefused):
                validate(note, HELD.date())
            return
        assert faults(pack.folder) == []
        (path,) = pack.folder.glob("*note*[0-9a-f].json")
        read = json.loads(path.read_text(encoding="utf-8"))
    assert (read["mosaic"]["title"], read["statements"][0]["text"]) == (title, text)
    assert (read["person"], read["replies"][0]["text"]) == (name, theirs)


def _cut(folder: Path) -> None:
    path = next(folder.glob("*.docx"))
    path.write_bytes(path.read_bytes()[:-1])


def _another(folder: Path) -> None:
    (folder / "more.csv").write_text("x")


def _reworded(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text("utf-8").replace("Priya Shah", "Priya Shaw"), encoding="utf-8")


def _doubled(folder: Path) -> None:
    path = folder / "manifest.json"
    said = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(said | {"notes": said["notes"] * 2}), encoding="utf-8")


def _renumbered(folder: Path) -> None:
    _with_its_sum(folder, "case_notes.csv", b'"3"', b'"three"')


def _undated(folder: Path) -> None:
    path = folder / "manifest.json"
    said = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(said | {"made_at": 0}), encoding="utf-8")


def _with_its_sum(folder: Path, name: str, old: bytes, new: bytes) -> None:
    """Changed by somebody who puts the manifest right as well."""
    before = (folder / name).read_bytes()
    after = before.replace(old, new)
    assert after != before
    (folder / name).write_bytes(after)
    path = folder / "manifest.json"
    was, now = (hashlib.sha256(each).hexdigest() for each in (before, after))
    path.write_text(path.read_text("utf-8").replace(was, now), encoding="utf-8")


@pytest.mark.parametrize("damage", [_cut, _another, _reworded, _doubled, _renumbered, _undated])
def test_a_damaged_pack_is_not_taken(damage: Callable[[Path], None], tmp_path: Path) -> None:
    write_pack([approved()], tmp_path / "pack", now=HELD)
    assert faults(tmp_path / "pack") == []
    damage(tmp_path / "pack")
    assert faults(tmp_path / "pack")

"""The pack stands whole or not at all, and says what is in it and what is not."""

from __future__ import annotations

import csv
import datetime as dt
import errno
import hashlib
import io
import json
import os
import re
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from recorder.errors import RecorderError
from recorder.export.errors import ExportFailedError
from recorder.export.manifest import Manifest
from recorder.export.model import Approved
from recorder.export.pack import write_pack
from transcribe.model import Contact

Make = Callable[..., Approved]
NOW = dt.datetime(2026, 11, 7, 9, 30, tzinfo=dt.UTC)
IDS = ("a" * 32, "b" * 32)


@pytest.fixture
def two(make: Make) -> list[Approved]:
    return [make(note_id=note_id) for note_id in IDS]


def manifest(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    return loaded


def test_a_new_folder_becomes_the_pack(two: list[Approved], tmp_path: Path) -> None:
    pack = write_pack(two, tmp_path / "deep" / "out", now=NOW)
    assert pack.folder == tmp_path / "deep" / "out"
    names = {path.name for path in pack.folder.iterdir()}
    stems = [f"EV-0412_2026-11-05_case_note_{note_id}" for note_id in IDS]
    assert names == {f"{s}{end}" for s in stems for end in (".json", ".docx")} | {
        "case_notes.csv",
        "manifest.json",
    }
    assert all(re.fullmatch(r"[A-Za-z0-9._-]{1,80}", name) for name in names)
    assert not any("jordan" in name.casefold() or "taylor" in name.casefold() for name in names)


def test_an_empty_folder_becomes_the_pack(two: list[Approved], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert write_pack(two, tmp_path / "out", now=NOW).folder == tmp_path / "out"
    assert (tmp_path / "out" / "manifest.json").exists()


def test_a_folder_in_use_receives_a_dated_folder_and_keeps_what_it_has(
    two: list[Approved], tmp_path: Path
) -> None:
    (tmp_path / "manifest.json").write_text("theirs")
    packs = [write_pack(two, tmp_path, now=NOW) for _ in range(2)]
    folders = [pack.folder for pack in packs if pack.folder]
    assert len(set(folders)) == 2
    for folder in folders:
        assert folder.parent == tmp_path
        assert re.fullmatch(r"mosaic-20261107-093000-[0-9a-f]{4}", folder.name)
    assert (tmp_path / "manifest.json").read_text() == "theirs"


def test_files_are_for_their_owner_alone(two: list[Approved], tmp_path: Path) -> None:
    folder = write_pack(two, tmp_path / "out", now=NOW).folder
    assert folder is not None
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_the_manifest_holds_the_sum_and_size_of_every_file(
    two: list[Approved], tmp_path: Path
) -> None:
    pack = write_pack(two, tmp_path / "out", now=NOW)
    assert pack.folder is not None
    said = {entry["name"]: entry for entry in manifest(pack.folder)["files"]}
    there = {path.name: path for path in pack.folder.iterdir()}
    written = there.pop("manifest.json").read_bytes()
    assert said.keys() == there.keys()
    for name, path in there.items():
        assert said[name]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert said[name]["bytes"] == path.stat().st_size > 0
    msgspec.json.decode(written, type=Manifest)


def test_the_manifest_says_who_approved_which_version(two: list[Approved], tmp_path: Path) -> None:
    pack = write_pack(two, tmp_path / "out", now=NOW)
    assert pack.folder is not None
    data = manifest(pack.folder)
    assert data["format"] == 1
    assert data["made_at"] == "2026-11-07T09:30:00Z"
    assert data["notes"][0] == {
        "note_id": IDS[0],
        "version": 3,
        "files": list(pack.written[0].files),
        "approved_by": "Priya Shah",
        "approved_at": "2026-11-06T15:02:00Z",
    }
    assert "Jordan" not in (pack.folder / "manifest.json").read_text()


def test_the_json_and_the_row_of_a_note_say_the_same(two: list[Approved], tmp_path: Path) -> None:
    pack = write_pack(two, tmp_path / "out", now=NOW)
    assert pack.folder is not None
    text = (pack.folder / "case_notes.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["recorder_note_id"] for row in rows] == list(IDS)
    for row, written in zip(rows, pack.written, strict=True):
        fields = json.loads((pack.folder / written.files[0]).read_bytes())["mosaic"]
        for name in ("person_id", "note_type", "title", "effective_date", "note", "created_by"):
            assert row[name] == fields[name]


def test_a_refused_note_is_left_out_and_reported(make: Make, tmp_path: Path) -> None:
    bad = make(note_id="bad", person_id="", title="")
    pack = write_pack([bad, make()], tmp_path / "out", now=NOW)
    assert pack.folder is not None
    assert [written.note_id for written in pack.written] == [make().note_id]
    (refused,) = pack.refused
    assert (refused.note_id, refused.version, len(refused.reasons)) == ("bad", 3, 2)
    assert manifest(pack.folder)["refused"][0]["note_id"] == "bad"
    assert not list(pack.folder.glob("*bad*"))


def test_the_same_note_twice_is_refused_twice(make: Make, tmp_path: Path) -> None:
    notes = [make(), make(version=4), make(note_id="other")]
    pack = write_pack(notes, tmp_path / "out", now=NOW)
    assert [written.note_id for written in pack.written] == ["other"]
    assert [refused.version for refused in pack.refused] == [3, 4]


def test_nothing_to_write_makes_no_folder(make: Make, tmp_path: Path) -> None:
    pack = write_pack([make(title="")], tmp_path / "out", now=NOW)
    assert (pack.folder, pack.written) == (None, ())
    assert len(pack.refused) == 1
    assert write_pack([], tmp_path / "out").refused == ()
    assert list(tmp_path.iterdir()) == []


def test_a_contact_just_after_midnight_in_the_uk_is_not_in_the_future(
    make: Make, tmp_path: Path
) -> None:
    late = dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)  # 1 July in the UK
    draft = replace(make().draft, contact=Contact())
    note = make(contact_date=dt.date(2026, 7, 1), draft=draft)
    assert write_pack([note], tmp_path / "out", now=late).refused == ()


def test_a_full_disk_is_said_plainly_and_leaves_nothing(
    two: list[Approved], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExportFailedError, match="No space left on device") as failure:
        write_pack(two, tmp_path / "out", now=NOW)
    assert isinstance(failure.value, RecorderError)
    assert str(tmp_path) not in failure.value.sentence
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_said_plainly(
    two: list[Approved], tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(ExportFailedError, match="Not a directory"):
        write_pack(two, tmp_path / "out", now=NOW)
    assert (tmp_path / "out").read_text() == "a file"


def test_a_template_that_cannot_be_used_leaves_nothing(two: list[Approved], tmp_path: Path) -> None:
    with pytest.raises(ExportFailedError, match="Word template"):
        write_pack(two, tmp_path / "out", now=NOW, template=tmp_path / "none.docx")
    assert list(tmp_path.iterdir()) == []


STEPS = ("mkdir", "open", "fsync", "rename")


def _run_and_die(notes: list[Approved], to: Path, step: int) -> int:
    """Export in a child that kills itself before system call number `step`; its wait status."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    left = step

    def deadly(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **named)

        return call

    for name in STEPS:
        setattr(os, name, deadly(getattr(os, name)))
    write_pack(notes, to, now=NOW)
    os._exit(0)


@pytest.mark.parametrize("in_use", [False, True], ids=["new folder", "folder in use"])
def test_a_kill_at_any_step_leaves_a_whole_pack_or_none(
    make: Make, tmp_path: Path, *, in_use: bool
) -> None:
    notes = [make()]
    killed = 0
    for step in range(60):
        to = tmp_path / str(step) / "out"
        to.mkdir(parents=True) if in_use else to.parent.mkdir()
        if in_use:
            (to / "theirs.txt").write_text("theirs")
        status = _run_and_die(notes, to, step)
        _whole_or_none(to, in_use=in_use)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
        killed += 1
        _heals(notes, to, in_use=in_use)
    else:
        pytest.fail("the export never came to its end")
    assert killed >= 8, "the steps were not reached"


def _packs(to: Path, *, in_use: bool) -> list[Path]:
    if in_use:
        return [path for path in to.iterdir() if path.name.startswith("mosaic-")]
    return [to] if to.exists() else []


def _whole_or_none(to: Path, *, in_use: bool) -> None:
    for pack in _packs(to, in_use=in_use):
        files = manifest(pack)["files"]
        assert len(files) == 3
        for entry in files:
            content = (pack / entry["name"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == entry["sha256"]


def _heals(notes: list[Approved], to: Path, *, in_use: bool) -> None:
    """The next export succeeds and clears away what the killed one had hidden."""
    write_pack(notes, to, now=NOW)
    _whole_or_none(to, in_use=in_use)
    assert _packs(to, in_use=in_use)
    assert not list(to.parent.rglob(".mosaic-*"))
    if in_use:
        assert (to / "theirs.txt").read_text() == "theirs"

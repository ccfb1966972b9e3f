from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from docx import Document
from sqlalchemy import update

from recorder.commands.export import mosaic
from recorder.errors import ConfigError, DamagedPicture
from recorder.export.gather import waiting
from recorder.export.leaving import export
from recorder.export.model import Approved, Pack
from recorder.export.pack import write_pack
from recorder.home import Home
from recorder.review.desk import Desk
from recorder.review.saying import ADD, NOT_RIGHT, TAKEN_BACK, Saying, encode_saying
from recorder.sample import Team
from store.agreements import Said
from store.cases import CaseDetails
from store.notes import Note
from store.records import DRAFTED, Arrival
from store.tables import notes
from tests.approving import approved


@pytest.fixture
def note(home: Home, team: Team) -> Note:
    """A note with a drawing, approved by the supervisor."""
    return approved(home, team, team.case.id)


def test_a_drawing_whose_agreement_was_taken_back_stays_in_the_house(
    home: Home, team: Team, note: Note
) -> None:
    ((before,), _) = waiting(home)
    (drawing,) = home.store.recordings.of_note(note.id)
    home.store.agreements.take_back(drawing, Said("Jordan", "no", "today"), team.supervisor.id)
    ((after,), _) = waiting(home)
    assert (len(before.pictures), after.pictures) == (1, ())


def test_an_approved_note_goes_out_once_with_its_drawing(
    home: Home, team: Team, note: Note, tmp_path: Path
) -> None:
    pack = export(home, tmp_path / "out", team.supervisor.id)
    assert pack is not None
    assert [each.note_id for each in pack.written] == [note.id]
    text = (tmp_path / "out" / "case_notes.csv").read_text(encoding="utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["person_id"], row["significant_event"]) == ("900001", "Y")
    assert "He drew his home." in row["note"]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert note.id in json.dumps(manifest)
    assert waiting(home) == ([], ())
    assert export(home, tmp_path / "again", team.supervisor.id) is None
    assert not (tmp_path / "again").exists()


def test_a_note_that_is_not_approved_stays_in_the_house(home: Home, team: Team, note: Note) -> None:
    Desk(home.store, team.supervisor).return_(note.id, 1, "Say who was there.")
    assert waiting(home) == ([], ())


def test_one_note_that_cannot_be_written_holds_up_no_other(
    home: Home, team: Team, note: Note, tmp_path: Path
) -> None:
    """One is of a type whose file is gone, the other has a picture that does not open."""
    untyped, unseen = (approved(home, team, team.case.id, shade) for shade in ("red", "blue"))
    with home.store.database.write() as connection:
        gone = update(notes).where(notes.c.id == untyped.id).values(kind="family_meeting")
        connection.execute(gone)
    sealed = home.store.recordings.seal(team.case.id, [b"no picture"])
    of = (team.case.id, team.case.id, team.practitioner.id)
    broken, _ = home.store.recordings.register(
        sealed, Arrival(*of, "png", "picture", "d", 1, "file")
    )
    with home.store.database.write() as connection:
        home.store.recordings.advance(connection, broken, DRAFTED, note_id=unseen.id)
    pack = export(home, tmp_path / "out", team.supervisor.id)
    assert pack is not None
    assert [each.note_id for each in pack.written] == [note.id]
    reasons = {each.note_id: each.reasons for each in pack.refused}
    assert "type" in reasons[untyped.id][0]
    assert reasons[unseen.id] == (DamagedPicture.default,)


def test_two_exports_at_once_do_not_write_the_same_note_twice(
    home: Home, note: Note, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def words(folder: str) -> list[str]:
        return ["--home", str(home.folder), "--to", str(tmp_path / folder)]

    others: list[Result] = []

    def meanwhile(found: list[Approved], to: Path, **given: Any) -> Pack:
        others.append(CliRunner().invoke(mosaic, words("second")))
        return write_pack(found, to, **given)

    monkeypatch.setattr("recorder.export.leaving.write_pack", meanwhile)
    assert CliRunner().invoke(mosaic, words("first"), catch_exceptions=False).exit_code == 0
    assert isinstance(others[0].exception, ConfigError)
    assert not (tmp_path / "second").exists()
    assert home.store.notes.exported_versions(note.id) == [1]


def test_a_case_without_a_mosaic_id_is_refused_and_its_note_waits(
    home: Home, team: Team, tmp_path: Path
) -> None:
    loose = home.store.cases.add(CaseDetails("EV-2", "Sam"), team.practitioner.id, "test")
    note = approved(home, team, loose.id)
    pack = export(home, tmp_path / "out", team.supervisor.id)
    assert pack is not None
    assert pack.written == ()
    assert [each.note_id for each in pack.refused] == [note.id]
    assert not (tmp_path / "out").exists()
    assert [each.note_id for each in waiting(home)[0]] == [note.id]


def test_notes_of_restricted_cases_go_out_by_themselves_and_only_when_asked_for(
    home: Home, team: Team, note: Note, tmp_path: Path
) -> None:
    def exported(folder: str, *more: str) -> tuple[list[str], str]:
        where = ("--home", str(home.folder), "--to", str(tmp_path / folder), "--json")
        said = CliRunner().invoke(mosaic, [*where, *more], catch_exceptions=False)
        assert said.exit_code == 0
        return [each["note"] for each in json.loads(said.stdout)["written"]], said.stderr

    details = CaseDetails("EV-2", "Sam", "900002")
    shut = home.store.cases.add(details, team.practitioner.id, "test")
    kept = approved(home, team, shut.id, "red")
    home.store.circles.restrict(shut.id, "a relative works here", "test")
    open_, said = exported("open")
    assert (open_, "1 note of a restricted case" in said) == ([note.id], True)
    files = [each.read_bytes() for each in (tmp_path / "open").rglob("*") if each.is_file()]
    assert not any(word in each for each in files for word in (b"900002", kept.id.encode()))
    again, said = exported("again")
    assert (again, "--restricted writes those" in said) == ([], True)
    assert exported("shut", "--restricted") == ([kept.id], "")
    assert "900002" in (tmp_path / "shut" / "case_notes.csv").read_text(encoding="utf-8-sig")
    assert exported("nothing", "--restricted") == ([], "")
    assert exported("open again") == ([], "")


def test_what_the_young_person_says_goes_along_and_what_they_took_back_does_not(
    home: Home, team: Team, note: Note, tmp_path: Path
) -> None:
    store, jordan = home.store, team.young_person.id

    def say(*saying: str, instead_of: str = "") -> str:
        kind, words, statement = saying
        entry = encode_saying(Saying(kind, words, statement, instead_of=instead_of))
        store.notes.reply(note, 1, jordan, entry)
        return store.notes.replies(note.id)[-1].id

    say(NOT_RIGHT, "It is Nan's home.", "s1")
    second = say(ADD, "Forget that.", "")
    say(TAKEN_BACK, "", "", instead_of=second)
    third = say(NOT_RIGHT, "Not mine.", "s1")
    say(NOT_RIGHT, "It isn't mine.", "s1", instead_of=third)
    export(home, tmp_path / "out", team.supervisor.id)
    texts = [
        path.read_text(encoding="utf-8-sig")
        for path in (tmp_path / "out").iterdir()
        if path.suffix in {".json", ".csv"} and path.name != "manifest.json"
    ]
    (document,) = (tmp_path / "out").glob("*.docx")
    texts.append("\n".join(each.text for each in Document(str(document)).paragraphs))
    assert len(texts) == 3
    for text in texts:
        assert "It is Nan's home." in text
        assert "It isn't mine." in text
        assert "Forget that." not in text
        assert "Not mine." not in text

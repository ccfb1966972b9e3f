"""After a note went to Mosaic: what is new goes there as an appendment, and nothing goes twice."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner
from sqlalchemy import delete

from recorder.codec import encode
from recorder.commands.cases import cases
from recorder.commands.export import export as exporting
from recorder.errors import StateError, UsageError
from recorder.export.gather import PACK, entry_of, waiting
from recorder.export.leaving import export
from recorder.export.model import Approved
from recorder.home import Home
from recorder.review.desk import Desk
from recorder.review.saying import NOT_RIGHT, Saying, encode_saying
from recorder.sample import Team
from store.notes import Note
from store.outward import APPENDED, BEGUN, LEFT, LET_BE, RECEIVED, Passing
from store.tables import exports, passages
from transcribe.model import Contact, Draft, Origin, Source, Statement


@pytest.fixture
def note(home: Home, team: Team) -> Note:
    """An approved note that nothing has left of."""
    said = Statement(
        *("s1", "purpose", "We met to go over the plan.", Origin.PRACTITIONER, None),
        (Source(typed_by=team.practitioner.id),),
    )
    mine = (team.case.id, team.case.id, team.practitioner.id)
    with home.store.database.write() as connection:
        payload = encode(Draft("case_note", Contact(), (said,)))
        new = Note("", *mine, "case_note", "draft", 0, 1, 0)
        note_id = home.store.notes.create(connection, new, payload, team.practitioner.id)
    return approve(home, team, note_id)


def approve(home: Home, team: Team, note_id: str) -> Note:
    number = home.store.notes.get(note_id).number
    Desk(home.store, team.practitioner).submit(note_id, number)
    Desk(home.store, team.supervisor).approve(note_id, number)
    return home.store.notes.get(note_id)


def change(home: Home, team: Team, note: Note, words: str = "We met at the library.") -> None:
    Desk(home.store, team.practitioner).save(note.id, note.number, {"s1": words})


def say(home: Home, team: Team, note: Note, words: str = "It was my idea.") -> str:
    entry = encode_saying(Saying(NOT_RIGHT, words, "s1"))
    home.store.notes.reply(note, note.number, team.young_person.id, entry)
    return home.store.notes.replies(note.id)[-1].id


def one(home: Home) -> Approved:
    ((found,), refused) = waiting(home)
    assert refused == ()
    return found


def rows(folder: Path) -> list[dict[str, str]]:
    text = (folder / "case_notes.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_newer_approved_version_goes_as_an_appendment_to_the_note_in_mosaic(
    home: Home, team: Team, note: Note, tmp_path: Path
) -> None:
    export(home, tmp_path / "first", "test")
    home.store.passages.add(note, 0, RECEIVED, Passing(1, "4711"), "test")
    change(home, team, note)
    assert waiting(home) == ([], ()), "a version that nobody approved has left"
    approve(home, team, note.id)
    export(home, tmp_path / "second", "test")
    (row,) = rows(tmp_path / "second")
    assert (row["entry"], row["appends_to"], row["recorder_version"]) == ("appendment", "4711", "2")
    assert "Before: “We met to go over the plan.”. Now: “We met at the library.”" in row["note"]
    assert "Changed by: Amara Cole," in row["note"]
    assert waiting(home) == ([], ())
    assert export(home, tmp_path / "third", "test") is None
    kept = home.store.passages.of(note.id)
    assert [each.kind for each in kept] == [LEFT, RECEIVED, APPENDED]
    assert kept[-1].passing.text == row["note"]


def test_what_they_say_later_goes_once_with_their_very_words(
    home: Home, team: Team, note: Note, tmp_path: Path
) -> None:
    say(home, team, note, "Said before.")
    export(home, tmp_path / "first", "test")
    assert "Said before." in rows(tmp_path / "first")[0]["note"]
    say(home, team, note, "  It was =my= idea.\nMine!")
    found = one(home)
    assert found.appendment is not None
    assert (found.appendment.changes, found.appendment.changed_at) == ((), None)
    export(home, tmp_path / "second", "test")
    (row,) = rows(tmp_path / "second")
    assert "Jordan sees this differently, in their words (about: “We met to go" in row["note"]
    assert "  It was =my= idea.\nMine!" in row["note"]
    assert "Said before." not in row["note"]
    assert waiting(home) == ([], ())


def test_an_answer_to_what_went_along_goes_without_saying_their_words_again(
    home: Home, team: Team, note: Note, tmp_path: Path
) -> None:
    said = say(home, team, note)
    export(home, tmp_path / "first", "test")
    at = home.store.notes.replies(note.id)[-1].created_at
    Desk(home.store, team.practitioner).answering.answer(note.id, said, at, "You are right.")
    export(home, tmp_path / "second", "test")
    (row,) = rows(tmp_path / "second")
    assert "What Jordan said was answered" in row["note"]
    assert "You are right." in row["note"]
    assert "It was my idea." not in row["note"]
    assert waiting(home) == ([], ())


def test_a_second_appendment_holds_only_what_came_after_the_first(
    home: Home, team: Team, note: Note, tmp_path: Path
) -> None:
    export(home, tmp_path / "first", "test")
    change(home, team, note)
    export(home, tmp_path / "none", "test")
    changed = approve(home, team, note.id)
    export(home, tmp_path / "second", "test")
    change(home, team, changed, "We met at the café.")
    approve(home, team, note.id)
    found = one(home)
    assert found.appendment is not None
    assert (found.appendment.number, found.appendment.version) == (2, 2)
    assert "plan" not in str(found.appendment.changes)
    assert not (tmp_path / "none").exists()


def test_approved_anew_with_the_same_words_nothing_goes(
    home: Home, team: Team, note: Note, tmp_path: Path
) -> None:
    export(home, tmp_path / "first", "test")
    change(home, team, note)
    change(home, team, home.store.notes.get(note.id), "We met to go over the plan.")
    approve(home, team, note.id)
    assert waiting(home) == ([], ())


def test_a_note_that_left_before_receipts_were_kept_goes_by_the_time_it_left(
    home: Home, team: Team, note: Note, tmp_path: Path
) -> None:
    say(home, team, note, "Said before.")
    export(home, tmp_path / "first", "test")
    with home.store.database.write() as connection:
        connection.execute(delete(passages))
    assert waiting(home) == ([], ())
    say(home, team, note, "Said since.")
    assert [each.text for each in one(home).replies] == ["Said since."]


def test_what_somebody_pastes_just_now_is_in_no_pack(
    home: Home, team: Team, note: Note, tmp_path: Path
) -> None:
    me = team.practitioner.id
    home.store.passages.add(note, 1, BEGUN, Passing(1), me)
    pack = export(home, tmp_path / "out", "test")
    assert pack is not None
    assert (pack.folder, pack.written) == (None, ())
    (refused,) = pack.refused
    assert refused.reasons[0].startswith("Amara Cole has begun to paste it into Mosaic, so a file")
    home.store.passages.add(note, 2, LET_BE, Passing(1), me)
    assert one(home).appendment is None


def test_what_left_in_a_pack_is_known_whatever_began_meanwhile(
    home: Home, team: Team, note: Note
) -> None:
    found = one(home)
    home.store.passages.add(note, 1, BEGUN, Passing(1), team.practitioner.id)
    home.store.passages.add(home.store.notes.get(found.note_id), 0, *entry_of(found, PACK), "test")
    assert [each.kind for each in home.store.passages.of(note.id)] == [BEGUN, LEFT]
    assert waiting(home) == ([], ())
    with home.store.database.read() as connection:
        assert len(connection.execute(exports.select()).all()) == 1


def test_the_console_keeps_a_receipt_of_what_went_in_a_file_and_completes_a_case(
    home: Home, team: Team, note: Note, tmp_path: Path
) -> None:
    where = ["--home", str(home.folder)]

    def said(command: Command, *words: str) -> tuple[str, type[BaseException] | None]:
        result = CliRunner().invoke(command, [words[0], *where, *words[1:]])
        problem = None if isinstance(result.exception, SystemExit) else result.exception
        return f"{result.output}{problem or ''}", type(problem) if problem else None

    assert said(exporting, "receipt", note.id[:8], "4711")[1] is StateError
    export(home, tmp_path / "first", "test")
    assert said(exporting, "receipt", note.id[:8], "47a")[1] is StateError
    assert said(exporting, "receipt", "zzz", "4711")[1] is UsageError
    assert said(exporting, "receipt", note.id[:8], "4711")[1] is None
    assert [each.kind for each in home.store.passages.of(note.id)] == [LEFT, RECEIVED]
    ref = team.case.details.ref
    assert said(cases, "complete", ref, "--born", "3/2/2010")[1] is UsageError
    assert said(cases, "complete", ref, "--born", "2010-02-03")[1] is None
    details = home.store.cases.get(team.case.id).details
    assert (details.born, details.mosaic_id) == ("2010-02-03", team.case.details.mosaic_id)

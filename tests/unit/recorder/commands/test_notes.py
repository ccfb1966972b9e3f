"""`recorder notes find` on a real home."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from recorder.codec import encode
from recorder.commands.notes import notes
from recorder.errors import NotWhole, StateError, UnknownError, UsageError
from recorder.home import Home
from recorder.review.desk import Desk
from store.agreements import Said
from store.cases import CaseDetails
from store.notes import Note
from store.people import Member
from store.records import DRAFTED, Arrival, Recording
from store.tables import note_versions
from tests.homes import new_home
from transcribe.model import (
    Contact,
    Draft,
    Origin,
    Segment,
    Statement,
    Transcript,
    Word,
)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = new_home(tmp_path / "home")
    people = made.store.people
    amara = people.add(Member("", "practitioner", "amara", "Amara Cole", None), "test")
    people.add(Member("", "practitioner", "ben", "Ben Okoro", None), "test")
    people.add(Member("", "administrator", "ida", "Ida", None), "test")
    case = made.store.cases.add(CaseDetails("EV-1", "Jordan"), amara.id, "test")
    with made.store.database.write() as connection:
        for number, text in enumerate(("We took the bus.", "The bus was late.", "No train.")):
            said = Statement("s1", "what_happened", text, Origin.PRACTITIONER, None, ())
            note = Note("", case.id, case.id, amara.id, "case_note", "draft", 0, number, 0)
            draft = Draft("case_note", Contact(), (said,))
            made.store.notes.create(connection, note, encode(draft), amara.id)
    yield made
    made.close()


def _find(home: Home, by: str, typed: str | bytes, *words: str) -> Result:
    options = ["find", "--as", by, "--home", str(home.folder), *words]
    return CliRunner().invoke(notes, options, input=typed)


def test_notes_are_found_by_words_from_standard_input(home: Home) -> None:
    said = _find(home, "amara", "BUS\n")
    assert said.exit_code == 0
    lines = said.output.splitlines()
    assert lines[1::2] == [
        "          What happened: The bus was late.",
        "          What happened: We took the bus.",
    ]
    assert all("EV-1" in line and "draft (version 1)" in line for line in lines[::2])


def test_hits_are_printed_as_json(home: Home) -> None:
    said = json.loads(_find(home, "amara", '"the bus" late', "--json").output)
    (hit,) = said["hits"]
    assert (hit["case"], hit["version"]) == ("EV-1", 1)
    assert hit["excerpts"] == [{"heading": "What happened", "text": "The bus was late."}]
    assert said["damaged"] == []


def test_that_nothing_was_found_is_said(home: Home) -> None:
    assert _find(home, "ben", "bus\n").output == "nothing was found\n"
    assert json.loads(_find(home, "ben", "bus\n", "--json").output)["hits"] == []


def test_a_search_leaves_one_event_of_whoever_looked(home: Home) -> None:
    before = len(list(home.store.audit.events()))
    _find(home, "amara", "bus\n")
    (event,) = list(home.store.audit.events())[before:]
    assert event.action == "notes searched"
    assert event.actor == home.store.people.by_handle("amara").id


@pytest.mark.parametrize("typed", ["", "\n", "...\n"])
def test_nothing_to_look_for_is_refused(home: Home, typed: str) -> None:
    assert isinstance(_find(home, "amara", typed).exception, StateError)


def test_bytes_that_are_no_text_find_nothing(home: Home) -> None:
    assert _find(home, "amara", b"\xff\n").output == "nothing was found\n"


@pytest.mark.parametrize(("by", "error"), [("ida", UnknownError), ("nobody", UsageError)])
def test_who_reads_no_record_finds_nothing(home: Home, by: str, error: type[Exception]) -> None:
    assert isinstance(_find(home, by, "bus\n").exception, error)


def test_what_could_not_be_read_is_named_after_the_hits(home: Home) -> None:
    bad = home.store.notes.all()[1].id
    with home.store.database.write() as connection:
        mine = note_versions.c.note_id == bad
        connection.execute(update(note_versions).where(mine).values(sealed=bytes(300)))
    done = _find(home, "amara", "bus\n")
    assert "We took the bus." in done.output
    assert isinstance(done.exception, NotWhole)
    assert bad in str(done.exception)
    assert json.loads(_find(home, "amara", "bus\n", "--json").output)["damaged"] == [bad]


@pytest.fixture
def spoken(home: Home) -> tuple[Note, Recording]:
    """A note, and the recording that it was made of."""
    note = home.store.notes.all()[0]
    sealed = home.store.recordings.seal(note.scope, [b"sound"])
    of = (note.scope, note.case_id, note.practitioner_id)
    arrival = Arrival(*of, "wav", "audio", "note.wav", 0, "file")
    made, _ = home.store.recordings.register(sealed, arrival)
    words = tuple(
        Word(100 * n, 100 * n + 90, f" {w}", 0.9) for n, w in enumerate(["Tyrell", "rang."])
    )
    heard = Transcript(
        "base", "0" * 64, "en", {}, 200, (Segment(0, 200, "Tyrell rang.", words=words),)
    )
    with home.store.database.write() as connection:
        home.store.recordings.keep_transcript(connection, made, encode(heard))
        home.store.recordings.advance(connection, made, DRAFTED, note_id=note.id)
    return note, home.store.recordings.get(made.id)


def _segments(home: Home, note: Note) -> list[str]:
    options = ["show", "--by", "amara", "--json", "--home", str(home.folder), note.id]
    done = CliRunner().invoke(notes, options, catch_exceptions=False)
    return [each["text"] for each in json.loads(done.output)["transcript"]["segments"]]


def test_what_was_said_is_shown_as_people_left_it(
    home: Home, spoken: tuple[Note, Recording]
) -> None:
    note, recording = spoken
    assert _segments(home, note) == ["Tyrell rang."]
    own = Desk(home.store, home.store.people.by_handle("amara"))
    own.transcripts.put_right(recording.id, 0, 0, "Darrell rang.")
    assert _segments(home, note) == ["Darrell rang."]


def test_nobody_reads_what_an_agreement_was_taken_back_from(
    home: Home, spoken: tuple[Note, Recording]
) -> None:
    note, recording = spoken
    home.store.agreements.take_back(recording, Said("Jordan", "no", "today"), "test")
    assert _segments(home, note) == []

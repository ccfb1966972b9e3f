"""One entry that does not open as it was written stops nothing else, and nobody overlooks it."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from fastapi import FastAPI
from sqlalchemy import Table, select, update
from starlette.testclient import TestClient

from recorder.codec import encode
from recorder.commands.cases import cases as cases_command
from recorder.commands.export import export
from recorder.commands.home import status
from recorder.commands.notes import notes as notes_command
from recorder.commands.people import people as people_command
from recorder.errors import NotWhole
from recorder.home import Home
from recorder.intake.receive import watcher
from recorder.review.desk import Desk
from recorder.review.rows import UNREADABLE
from recorder.review.web.app import create_app
from recorder.sample import Team
from store.cases import Case, CaseDetails
from store.journal import ATTENTION
from store.notes import Note
from store.people import Member
from store.records import Arrival
from store.tables import cases, decisions, key_of, note_versions, people, sightings
from transcribe.model import Contact, Draft, Origin, Source, Statement

BANNER = "Part of the record cannot be read"


@dataclass(frozen=True)
class Beside:
    """Another practitioner and their case, which nothing happens to."""

    practitioner: Member
    case: Case


@pytest.fixture
def beside(home: Home, team: Team) -> Beside:
    """Both cases have a note that is approved and one that was returned."""
    ben = home.store.people.add(Member("", "practitioner", "ben", "Ben Okoro", None), "test")
    with home.settings.mosaic.open("a", encoding="utf-8") as codes:
        codes.write('ben = "bokoro"\n')
    details = CaseDetails("EV-900", "Sasha", "900900")
    made = Beside(ben, home.store.cases.add(details, ben.id, "test"))
    for case, member in ((team.case, team.practitioner), (made.case, ben)):
        ruth = Desk(home.store, team.supervisor)
        for number in (1, 2):
            note_id = _note(home, case, number)
            Desk(home.store, member).submit(note_id, 1)
            if number == 1:
                ruth.approve(note_id, 1)
            else:
                ruth.return_(note_id, 1, "Look again.")
    return made


def _note(home: Home, case: Case, number: int) -> str:
    store, by = home.store, case.practitioner_id
    arrival = Arrival(case.id, case.id, by, "wav", "audio", "note.wav", number, "file")
    recording, _ = store.recordings.register(
        store.recordings.seal(case.id, [b"sound" * number]), arrival
    )
    source = Source(recording.id, 0, 900)
    said = Statement("s1", "purpose", "We met.", Origin.MACHINE, "Amara Cole", (source,))
    payload = encode(Draft("case_note", Contact(), (said,)))
    note = Note("", case.id, case.id, by, "case_note", "draft", 0, 1_762_362_300_000, 0)
    with store.database.write() as connection:
        return store.notes.create(connection, note, payload, None)


@pytest.fixture
def app(home: Home) -> FastAPI:
    hosts = ["recorder.example"]
    return create_app(
        home.store, team="Test", timezone="Europe/London", hosts=hosts, explain=lambda code: code
    )


@pytest.fixture
def look(app: FastAPI, home: Home) -> Callable[[Member, str], tuple[int, str]]:
    """What somebody gets to see of a page: status and text."""

    def seen(person: Member, page: str) -> tuple[int, str]:
        browser = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
        code = home.store.access.new_link(person.id, "test", 60_000)
        assert browser.post("/sign-in", data={"code": code}).status_code == 303
        answer = browser.get(page)
        return answer.status_code, answer.text

    return seen


@contextmanager
def damaged(home: Home, table: Table, **where: Any) -> Iterator[str]:
    """One bit of one row is another, for as long as this lasts; the row's id."""
    key = table.c[key_of(table)]
    query = select(key, table.c.sealed).where(*(table.c[n] == v for n, v in where.items()))
    with home.store.database.write() as connection:
        row_id, sealed = connection.execute(query).first() or pytest.fail("there is no such row")
        flipped = sealed[:-1] + bytes([sealed[-1] ^ 1])
        connection.execute(update(table).where(key == row_id).values(sealed=flipped))
    yield row_id
    with home.store.database.write() as connection:
        connection.execute(update(table).where(key == row_id).values(sealed=sealed))


def _drop(home: Home, whose: Member, case: Case, name: str) -> Path:
    folder = home.settings.intake / whose.handle / case.details.ref
    folder.mkdir(parents=True, exist_ok=True)
    held = io.BytesIO()
    with wave.open(held, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(name.encode() * 1000)
    path = folder / f"{name}.wav"
    path.write_bytes(held.getvalue())
    return path


def _run(command: click.Command, home: Home, *words: str) -> tuple[str, BaseException | None]:
    done = CliRunner().invoke(command, [*words, "--home", str(home.folder)])
    return done.output, done.exception


def _take_in(home: Home) -> None:
    folder = watcher(home)
    for _ in range(3):
        folder.look()


def test_a_damaged_case_is_named_and_the_others_go_on(
    home: Home, team: Team, beside: Beside, look: Callable[[Member, str], tuple[int, str]]
) -> None:
    own = _drop(home, team.practitioner, team.case, "own")
    other = _drop(home, beside.practitioner, beside.case, "other")
    with damaged(home, cases, id=team.case.id):
        _take_in(home)
        assert own.exists(), "nobody knows whose it is: it stays"
        assert not other.exists()
        (waits,) = home.store.journal.waiting()
        assert (waits.state, waits.reason) == (ATTENTION, "unknown")
        for person in (team.supervisor, team.practitioner):
            code, page = look(person, "/work")
            assert (code, BANNER in page, UNREADABLE in page) == (200, True, True)
            assert f"what they ask for: {team.case.id}." in page
        assert "Sasha" in look(team.supervisor, "/work")[1]
        assert look(beside.practitioner, "/work")[0] == 200
        said, error = _run(cases_command, home, "list")
        assert "EV-900" in said
        assert isinstance(error, NotWhole)
        assert team.case.id in str(error)
    _take_in(home)
    assert not own.exists()
    assert BANNER not in look(team.supervisor, "/work")[1]


def test_a_damaged_entry_of_the_journal_hides_no_other(
    home: Home, team: Team, beside: Beside, look: Callable[[Member, str], tuple[int, str]]
) -> None:
    for whose, case in ((team.practitioner, team.case), (beside.practitioner, beside.case)):
        _drop(home, whose, case, "note").with_suffix(".txt").write_text("no sound")
    _take_in(home)
    with damaged(home, sightings, scope=team.case.id) as entry:
        for person in (team.supervisor, beside.practitioner):
            for page in ("/work", "/arrived"):
                assert look(person, page)[0] == 200
        page = look(team.supervisor, "/arrived")[1]
        assert BANNER in page
        assert "EV-900/note.wav" in page
        said, error = _run(status, home)
        assert error is None
        assert f"entry {entry[:8]} of the record" in said
        other = _drop(home, beside.practitioner, beside.case, "another")
        _take_in(home)
        assert not other.exists()


@pytest.mark.usefixtures("beside")
def test_a_damaged_record_of_somebody_leaves_their_notes_in_the_list(
    home: Home, team: Team, look: Callable[[Member, str], tuple[int, str]]
) -> None:
    with damaged(home, people, id=team.practitioner.id):
        code, page = look(team.supervisor, "/work")
        assert (code, BANNER in page, UNREADABLE in page) == (200, True, True)
        assert page.count("Ben Okoro") == 2
        said, error = _run(people_command, home, "list")
        assert "ben" in said
        assert isinstance(error, NotWhole)
        assert "EV-900" in _run(cases_command, home, "list")[0]
        said, error = _run(notes_command, home, "list", "--by", team.supervisor.handle)
        assert said.count("\n") >= 4


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("table", [note_versions, decisions, people])
def test_what_cannot_be_read_does_not_go_out_and_the_rest_does(
    home: Home, team: Team, tmp_path: Path, table: Table
) -> None:
    notes = home.store.notes.all("approved", case_id=team.case.id)
    where = {"id": team.practitioner.id} if table is people else {"note_id": notes[0].id}
    with damaged(home, table, **where):
        said, error = _run(export, home, "mosaic", "--to", str(tmp_path / "pack"))
        assert "exported 1 notes" in said
        assert f"not exported, note {notes[0].id[:8]}: part of its record" in said
        assert isinstance(error, SystemExit)
    said, _ = _run(export, home, "mosaic", "--to", str(tmp_path / "again"))
    assert "exported 1 notes" in said


def test_a_note_that_cannot_be_read_closes_no_other_page(
    home: Home, team: Team, beside: Beside, look: Callable[[Member, str], tuple[int, str]]
) -> None:
    (note,) = home.store.notes.all("approved", case_id=team.case.id)
    with damaged(home, note_versions, note_id=note.id):
        assert look(team.supervisor, f"/notes/{note.id}")[0] == 500
        assert look(team.supervisor, "/work")[0] == 200
    assert look(team.supervisor, f"/notes/{note.id}")[0] == 200
    assert beside.case.details.name in look(team.supervisor, "/work")[1]


def test_what_is_damaged_is_told_once_while_it_stays_so(home: Home, team: Team) -> None:
    _drop(home, team.practitioner, team.case, "own")
    with damaged(home, cases, id=team.case.id) as row_id:
        for _ in range(5):
            _take_in(home)
            home.store.cases.all()
    told = [e for e in home.store.audit.events() if e.action == "tampering found"]
    assert [event.object for event in told] == [row_id]

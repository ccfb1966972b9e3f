"""Everything that is held about somebody, as it is handed over: whole, in order, marked, and written down."""

from __future__ import annotations

import hashlib
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner
from PIL import Image
from sqlalchemy import select, update

from recorder.access.pack import DONE
from recorder.codec import encode
from recorder.commands.access import access_pack
from recorder.errors import UsageError
from recorder.export.errors import ExportFailedError
from recorder.home import Home
from recorder.review.desk import Desk
from recorder.review.dividing import DIVIDED
from recorder.review.saying import NOT_RIGHT, Saying, encode_saying
from recorder.sample import Team
from store.agreements import Said
from store.cases import CaseDetails
from store.disposal import SOUND, VERSION, Judged, Thing
from store.notes import Note
from store.records import DRAFTED, Arrival, Recording
from store.session import now_ms
from store.tables import note_versions, notes
from tests.invoked import good, refused
from transcribe.model import Contact, Draft, Origin, Segment, Source, Statement, Transcript, Word

HEARD = "Kofi Mensah waited outside."
AT = 1_762_362_300_000


@pytest.fixture
def said(home: Home, team: Team) -> tuple[Recording, str]:
    """A drawing in which somebody was heard, in a note that was changed and answered; its id."""
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "PNG")
    arrival = Arrival(
        team.case.id, team.case.id, team.practitioner.id, "png", "picture", "d.png", AT, "file"
    )
    sealed = home.store.recordings.seal(team.case.id, [made.getvalue()])
    recording, _ = home.store.recordings.register(sealed, arrival)
    words = tuple(Word(i * 100, i * 100 + 90, f" {w}", 0.9) for i, w in enumerate(HEARD.split()))
    heard = Transcript("base", "0" * 64, "en", {}, 900, (Segment(0, 500, HEARD, None, 0.9, words),))
    source = (Source(recording=recording.id),)
    first = Statement("s1", "what_happened", "We went to the hall.", Origin.MACHINE, None, source)
    draft = Draft("case_note", Contact(place="The hall"), (first,))
    mine = (team.case.id, team.case.id, team.practitioner.id)
    home.store.agreements.ask(recording, mine[2])
    waiting = home.store.recordings.get(recording.id)
    home.store.agreements.give(waiting, Said("Jordan", "said so", "5 November"), mine[2])
    recording = home.store.recordings.get(recording.id)
    with home.store.database.write() as connection:
        home.store.recordings.keep_transcript(connection, recording, encode(heard))
        new = _new(mine)
        note_id = home.store.notes.create(connection, new, encode(draft), None)
        home.store.recordings.advance(connection, recording, DRAFTED, note_id=note_id)
    Desk(home.store, team.practitioner).save(note_id, 1, {"s1": "We went to the library."})
    note = home.store.notes.get(note_id)
    entry = encode_saying(Saying(NOT_RIGHT, "It was my idea.", "s1"))
    home.store.notes.reply(note, note.number, team.young_person.id, entry)
    return home.store.recordings.get(recording.id), note_id


def _new(mine: tuple[str, str, str]) -> Note:
    return Note("", *mine, "case_note", "draft", 0, 1, AT)


def packed(home: Home, team: Team, to: Path, code: int = 0) -> dict[str, Any]:
    argv = [team.case.details.ref, "--to", str(to), "--json", "--home", str(home.folder)]
    result = CliRunner().invoke(access_pack, argv)
    assert result.exit_code == code, result.exception
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_all_that_is_held_is_in_the_pack_in_its_order_and_stands_in_the_log(
    home: Home, team: Team, said: tuple[Recording, str], tmp_path: Path
) -> None:
    home.store.cases.add(CaseDetails("EV-9", "Somebody Else"), team.practitioner.id, "test")
    made = packed(home, team, tmp_path / "out")
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    paper = "\n".join(
        p.text for p in docx.Document(str(tmp_path / "out" / "record.docx")).paragraphs
    )
    plain = re.sub("<[^>]+>", "", page)
    for words in (
        *("We went to the library.", "We went to the hall.", "It was my idea.", HEARD, "The hall"),
        *(team.case.details.name, team.case.details.mosaic_id, "Jordan, said so, 5 November"),
        *("reply added", team.practitioner.name),
    ):
        assert words in plain or words in page, words
        assert words in paper or words in plain, words
    assert "We went to the library." in paper
    assert HEARD in paper
    assert "Somebody Else" not in page + paper
    moments = re.findall(r"<h2>(\d.*?):", page)
    assert len(moments) == made["entries"] - 1  # the first says whose record it is
    recording, _ = said
    original = b"".join(home.store.recordings.open(recording.id))
    assert (tmp_path / "out" / "media" / "001.png").read_bytes() == original
    manifest = (tmp_path / "out" / "manifest.json").read_bytes()
    sums = json.loads(manifest)["files"]
    for name, total in sums.items():
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == total
    assert {"index.html", "record.docx", "media/001.png"} == sums.keys()
    (event,) = [e for e in home.store.audit.of_case(team.case.id, 99) if e.action == DONE]
    assert home.store.audit.open(event).decode() == hashlib.sha256(manifest).hexdigest()


@pytest.mark.usefixtures("said")
def test_names_of_others_are_marked_in_words_and_labels_and_staff_are_not(
    home: Home, team: Team, tmp_path: Path
) -> None:
    packed(home, team, tmp_path / "out")
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    marks = set(re.findall(r"<mark title=\"\w+\">(.*?)</mark>", page))
    assert "Kofi Mensah" in marks
    others = {each.name for each in team.case.details.people if each.role != "practitioner"}
    assert {name for name in others if name in page} <= marks | {team.practitioner.name}
    assert team.practitioner.name not in marks
    assert team.case.details.name not in marks


def test_a_sentence_that_could_put_someone_at_risk_is_marked_whole(
    home: Home, team: Team, said: tuple[Recording, str], tmp_path: Path
) -> None:
    _, note_id = said
    desk = Desk(home.store, team.practitioner)
    desk.preparing.mark(note_id, ["s1"])
    packed(home, team, tmp_path / "out")
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert '<mark title="risk">We went to the library.</mark>' in page


def test_what_does_not_open_is_said_in_its_place_and_keeps_nothing_else_back(
    home: Home, team: Team, said: tuple[Recording, str], tmp_path: Path
) -> None:
    _, note_id = said
    with home.store.database.write() as connection:
        broken = note_versions.c.note_id == note_id
        connection.execute(update(note_versions).where(broken).values(sealed=b"broken"))
    made = packed(home, team, tmp_path / "out", code=1)
    assert made["damaged"] == 1
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "does not open as it was written" in page
    assert "waited outside." in page


def test_what_a_rule_erased_is_said_and_is_no_damage(
    home: Home, team: Team, said: tuple[Recording, str], tmp_path: Path
) -> None:
    recording, note_id = said
    store = home.store
    with store.database.read() as connection:
        mine = (note_versions.c.note_id == note_id) & (note_versions.c.number == 1)
        draft = connection.scalars(select(note_versions.c.id).where(mine)).one()
    things = Thing(SOUND, recording.id, "pictures"), Thing(VERSION, draft, "drafts")
    store.disposing.tell(things)
    judged = Judged({}, frozenset({team.case.id}), now_ms())
    store.disposing.sounds(things[:1], judged, "test")
    store.disposing.versions(things[1:], judged, "test")
    made = packed(home, team, tmp_path / "out")
    assert made["damaged"] == 0
    plain = re.sub("<[^>]+>", "", (tmp_path / "out" / "index.html").read_text("utf-8"))
    assert "by the rule “pictures”" in plain
    assert "what it said was erased by a rule" in plain
    assert HEARD in plain
    assert list((tmp_path / "out" / "media").iterdir()) == []


@pytest.mark.parametrize("divided", [False, True], ids=["not divided", "divided"])
def test_what_is_about_several_people_is_not_handed_over_whole(
    home: Home, team: Team, said: tuple[Recording, str], tmp_path: Path, *, divided: bool
) -> None:
    _, note_id = said
    with home.store.database.write() as connection:
        several = update(notes).where(notes.c.id == note_id).values(kind="group_session")
        connection.execute(several)
        if divided:
            note = replace(home.store.notes.get(note_id), kind="group_session")
            entry = (DIVIDED, team.practitioner.id, b"")
            home.store.notes.decide(connection, note, entry, "merged")
    made = packed(home, team, tmp_path / "out")
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert page.count("is not handed over as a whole") == 2  # the note, and its recording
    assert made["media"] == made["damaged"] == 0
    for words in ("library", "the hall", "waited outside", "Kofi", "It was my idea"):
        assert words not in page, words


def test_a_folder_in_use_stays_as_it_is_and_no_case_is_no_pack(
    home: Home, team: Team, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    argv = ["--to", str(tmp_path), "--home", str(home.folder)]
    result = CliRunner().invoke(access_pack, [team.case.details.ref, *argv])
    refused(result, UsageError, "name a new one")
    assert (tmp_path / "mine.txt").read_text() == "mine"
    refused(CliRunner().invoke(access_pack, ["EV-0", *argv]), UsageError, "no case")


@pytest.mark.usefixtures("said")
def test_a_pack_that_cannot_be_written_leaves_nothing(
    home: Home,
    team: Team,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("recorder.access.document.Document.written", full)
    argv = [team.case.details.ref, "--to", str(tmp_path / "out"), "--home", str(home.folder)]
    result = CliRunner().invoke(access_pack, argv)
    refused(result, ExportFailedError, "nothing of it was left behind")
    assert [each.name for each in tmp_path.iterdir()] == ["home"]
    assert all(each.action != DONE for each in home.store.audit.of_case(team.case.id, 99))


@pytest.mark.usefixtures("said")
def test_the_command_says_that_it_is_not_encrypted(home: Home, team: Team, tmp_path: Path) -> None:
    argv = [team.case.details.ref, "--to", str(tmp_path / "out"), "--home", str(home.folder)]
    said_there = good(CliRunner().invoke(access_pack, argv))
    assert "It is not encrypted" in said_there

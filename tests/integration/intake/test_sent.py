"""What becomes of uploads by themselves: one that cannot be taken in harms no other, and is not lost."""

from __future__ import annotations

import random
import wave
from collections.abc import Iterable
from functools import cache
from io import BytesIO

import pytest
from sqlalchemy import event, select, update

from recorder.clock import local
from recorder.errors import StateError
from recorder.home import Home
from recorder.intake.sent import Sent
from recorder.review.desk import Desk
from recorder.review.uploading import FILE, VOICE, Asked, Uploading
from recorder.sample import Team, enrol
from store import age
from store.agreements import Said
from store.errors import NoMatchError
from store.journal import ATTENTION, DUPLICATE, REMOVED, Look
from store.notes import Note
from store.records import PROBED, Recording
from store.sealing import Sealed
from store.session import now_ms
from store.store import Store
from store.tables import pieces, recordings, uploads
from store.uploads import REFUSED, TAKEN, WHOLE, Upload, UploadDetails
from tests.hostile.pictures import saved

AGREED = Said("Jordan", "in words", "today")
DAY_MS = 86_400_000


@cache
def sound(number: int = 0) -> bytes:
    """A few seconds of noise, other ones for each number."""
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(random.Random(number).randbytes(200_000))
    return out.getvalue()


class House:
    """The sample's team, and what its practitioner sends."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.store: Store = home.store
        self.team: Team = enrol(home)
        self.sent = Sent(home)

    @property
    def uploading(self) -> Uploading:
        person = self.team.practitioner
        choosing = Desk(self.store, person).young_people
        return Uploading(self.store, person, choosing, self.sent)

    def send(self, content: bytes, name: str = "note.wav", said: Said | None = None) -> str:
        """All of a file for the case; it is not taken in yet."""
        uploaded, case, maker = self.store.uploads, self.team.case.id, self.team.practitioner.id
        details = UploadDetails(FILE, name, 1_000, said=said)
        begun = uploaded.begin(maker, case, len(content), details, most=99)
        uploaded.keep(begun.id, 0, [uploaded.seal(begun, content)], 2**40)
        uploaded.close(begun.id, "test")
        return begun.id

    def supervision(self, content: bytes = b"") -> Upload:
        """A supervision, begun from the page with a young person chosen, and not finished."""
        case_id, alone = self.team.case.id, False
        asked = Asked(VOICE, case_id, "supervision", "", None, None, alone, None)
        begun = self.uploading.begin(asked, ["supervision"])
        writing = self.uploading.writing(begun.id, 0)
        writing.feed(content or sound())
        writing.end()
        return self.store.uploads.get(begun.id)

    def state(self, upload_id: str) -> str:
        return self.store.uploads.get(upload_id).state

    def told(self, action: str) -> int:
        return [each.action for each in self.store.audit.events()].count(action)

    def recorded(self, upload_id: str) -> Recording:
        found = self.store.uploads.get(upload_id).recording_id
        assert found is not None
        return self.store.recordings.get(found)


@pytest.fixture
def house(home: Home) -> House:
    return House(home)


def age_by(house: House, days: int) -> None:
    """Nothing of any upload came for so many days more."""
    with house.store.database.write() as connection:
        earlier = uploads.c.touched_at - days * DAY_MS
        connection.execute(update(uploads).values(touched_at=earlier))


def sealed_for(store: Store, plaintext: bytes) -> bytes:
    return b"".join(age.seal_file([store.laptops.recipients()[0]], [plaintext]))


# --- one that does not open, and the rest ---


def test_a_sealed_file_that_is_damaged_inside_is_refused_and_stops_no_other(house: House) -> None:
    whole = sealed_for(house.store, sound())
    at = len(whole) // 2
    damaged = house.send(whole[:at] + b"\0" * 9 + whole[at + 9 :], "note.wav.age")
    other = house.send(sound())
    house.sent.look()
    assert (house.state(damaged), house.state(other)) == (REFUSED, TAKEN)
    assert "not whole" in house.store.uploads.get(damaged).details.sentence
    assert house.store.strays.orphans() == set()


def test_what_is_damaged_here_is_told_once_and_kept_and_stops_no_other(house: House) -> None:
    lost, forged, other = house.send(sound()), house.send(sound(1)), house.send(sound(2))
    with house.store.database.write() as connection:
        blob = connection.scalar(select(pieces.c.blob).where(pieces.c.upload_id == lost))
        connection.execute(update(pieces).where(pieces.c.upload_id == forged).values(size=3))
    assert blob is not None
    house.store.vault.delete(blob)
    for _ in range(3):
        house.sent.look()
    assert [house.state(each) for each in (lost, forged, other)] == [WHOLE, WHOLE, TAKEN]
    assert house.told("tampering found") == 2  # a look, not each


def test_what_could_not_be_taken_in_just_now_is_taken_in_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id = house.send(sound())
    folder = house.home.folder / "vault"
    away = folder.with_name("away")
    folder.rename(away)
    house.sent.look()
    away.rename(folder)
    house.sent.look()
    assert house.state(upload_id) == WHOLE  # it has to wait a while
    monkeypatch.setattr("recorder.intake.patience.SECONDS", 0.0)
    again = Sent(house.home)
    folder.rename(away)
    again.look()
    away.rename(folder)
    again.look()
    assert house.state(upload_id) == TAKEN


# --- a supervision ---


def test_a_supervision_is_sealed_to_the_workers_own_record_from_its_first_byte(
    house: House,
) -> None:
    store, worker = house.store, house.team.practitioner
    upload = house.supervision()
    assert (upload.scope, upload.case_id) == (worker.id, None)
    with store.database.read() as connection:
        case_key = store.cases._identities.keys(connection, house.team.case.id).identity
        headers = list(connection.scalars(select(pieces.c.header)))
    assert headers
    house.uploading.finish(upload.id)
    found = house.recorded(upload.id)
    assert (found.scope, found.case_id, found.note_kind) == (worker.id, None, "supervision")
    with store.database.read() as connection:
        headers += connection.scalars(select(recordings.c.header))
    for header in headers:
        with pytest.raises(NoMatchError):
            age.open_key(header, [case_key])
    house.store.erasing.case(house.team.case.id, "test")
    assert b"".join(store.recordings.open(found.id)) == sound()
    (entry,) = store.journal.recent()
    assert (entry.state, entry.case_id) == (REMOVED, worker.id)
    assert entry.path.startswith(f"{worker.handle}/voice-note-")


def test_a_supervision_that_was_begun_for_a_case_ends_in_the_workers_own_record(
    house: House,
) -> None:
    uploaded, case = house.store.uploads, house.team.case.id
    worker = house.team.practitioner.id
    details = UploadDetails(VOICE, "", 1_000, "supervision")
    begun = uploaded.begin(worker, case, None, details, most=9)
    uploaded.keep(begun.id, 0, [uploaded.seal(begun, sound())], 2**40)
    uploaded.cut(begun.id, "test")
    house.sent.look()
    found = house.recorded(begun.id)
    assert (found.scope, found.case_id) == (worker, None)


def test_nothing_more_is_taken_into_an_own_record_that_was_erased(house: House) -> None:
    house.store.own_records.of(house.team.practitioner.id)
    house.store.erasing.own_record(house.team.practitioner.id, "test")
    with pytest.raises(StateError, match="was erased"):
        house.supervision()


# --- the journal, and what was agreed ---


def test_a_file_of_the_same_name_that_needs_somebody_goes_on_needing_them(house: House) -> None:
    team, journal = house.team, house.store.journal
    path = f"{team.practitioner.handle}/{team.case.details.ref}/note.wav"
    waits = Look(path, team.case.id, team.practitioner.id, ATTENTION, 9, "not_taken", "No.")
    journal.note(waits)
    for _ in range(2):  # the second time its bytes are here already
        house.send(sound())
        house.sent.look()
    assert [(each.state, each.sentence) for each in journal.waiting()] == [(ATTENTION, "No.")]
    states = sorted(each.state for each in journal.recent())
    assert states == sorted([ATTENTION, REMOVED, DUPLICATE])


def test_what_was_agreed_stands_although_the_bytes_are_there_already(house: House) -> None:
    first = house.send(sound())
    house.sent.look()
    assert house.store.agreements.of(house.recorded(first).id) == []
    again = house.send(sound(), said=AGREED)
    house.sent.look()
    found = house.recorded(again)
    assert found.id == house.recorded(first).id
    assert [each.said for each in house.store.agreements.of(found.id)] == [AGREED]
    assert house.store.agreements.stands(found.id)


def test_a_recording_that_waits_for_its_agreement_goes_on_once_it_is_sent_with_one(
    house: House,
) -> None:
    house.send(sound())
    house.sent.look()
    (recording,) = house.store.recordings.all()
    house.store.agreements.ask(recording, "test")
    house.send(sound(), said=AGREED)
    house.sent.look()
    assert house.store.recordings.get(recording.id).state == PROBED
    assert house.store.agreements.stands(recording.id)


def test_an_agreement_that_was_taken_back_is_not_given_again_by_the_same_bytes(
    house: House,
) -> None:
    house.send(sound(), said=AGREED)
    house.sent.look()
    (recording,) = house.store.recordings.all()
    house.store.agreements.take_back(recording, Said("Jordan", "in words", "now"), "test")
    house.send(sound(), said=AGREED)
    house.sent.look()
    assert not house.store.agreements.stands(recording.id)


# --- for how long they are kept ---


def test_what_was_refused_stays_for_the_days_that_are_said_and_goes_with_an_entry_in_the_log(
    house: House,
) -> None:
    refused = house.send(b"hello world")
    house.send(sound())
    house.sent.look()
    assert house.state(refused) == REFUSED
    age_by(house, 29)
    house.sent.days = 99
    house.sent.look()
    said = house.store.uploads.get(refused)
    assert (said.state, said.offset) == (REFUSED, 11)
    until = local(now_ms() + 30 * DAY_MS, house.home.settings.timezone)
    assert f"kept here until {until:%-d %B %Y}" in said.details.sentence
    age_by(house, 2)
    house.sent.look()
    assert house.told("upload removed") == 1
    assert [each.state for each in house.uploading.all()] == [TAKEN]
    assert len(house.store.recordings.all()) == 1


def test_a_look_opens_no_row_of_what_is_over(house: House) -> None:
    for number in range(5):
        house.send(sound(number))
    house.sent.look()
    age_by(house, 1)
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(house.store.database.engine, "before_cursor_execute", count)
    house.sent.look()
    event.remove(house.store.database.engine, "before_cursor_execute", count)
    assert len([each for each in asked if each.startswith("SELECT")]) <= 2


def test_a_drawing_of_a_supervision_that_is_filed_for_another_meanwhile_is_refused(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, worker = house.store, house.team.practitioner
    scope, theirs = store.own_records.of(worker.id), store.own_records.of(house.team.supervisor.id)
    new = Note("", scope, None, worker.id, "supervision", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, b"words", None)
    content = saved("JPEG", (40, 30))
    details = UploadDetails(FILE, "a.jpg", 1_000, beside=note_id)
    begun = store.uploads.begin(worker.id, scope, len(content), details, most=9)
    store.uploads.keep(begun.id, 0, [store.uploads.seal(begun, content)], 2**40)
    store.uploads.close(begun.id, "test")
    seal = store.recordings.seal

    def filed_while_sealed(scope: str, chunks: Iterable[bytes]) -> Sealed:
        store.assigning.file(store.notes.get(note_id), theirs, "test")
        return seal(scope, chunks)

    with monkeypatch.context() as here:
        here.setattr(store.recordings, "seal", filed_while_sealed)
        house.sent.look()
    assert store.recordings.of_note(note_id) == []
    house.sent.look()
    found = store.uploads.get(begun.id)
    assert (found.state, "another record" in found.details.sentence) == (REFUSED, True)

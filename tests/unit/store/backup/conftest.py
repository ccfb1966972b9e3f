"""A store with something in every table, and what backups of it need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from store import redactions
from store.age import KeyIdentity
from store.agreements import Said
from store.audit import Detail
from store.backup.folder import Folder
from store.backup.keep import Kept
from store.backup.manifest import unlock
from store.backup.read import Opened
from store.backup.write import Extras
from store.calls import TALK
from store.captures import Capture
from store.cases import Case, CaseDetails
from store.derived import New
from store.disposal import SOUND, Thing
from store.feedback import Answers
from store.journal import SEALED, Look
from store.keepsakes import WORDS
from store.keys import KeyRing
from store.keystore import KeyStore
from store.notes import Note
from store.original import CopyDetails
from store.outward import APPROVED, EVENT, RECEIVED, Offering, Passing
from store.people import Member
from store.receiving import open_receiving
from store.records import Arrival, Recording
from store.store import Store
from store.tables import TEAM
from store.uploads import UploadDetails
from store.wrappers.keyfile import KeyFile

DAY = 86_400_000
SETTINGS = 'team = "Evolve"\n'
SAID = b"what was said " * 9000


@dataclass(frozen=True, slots=True)
class Filled:
    """The things that tests ask for by name."""

    case: Case
    kept: Recording
    gone: Recording  # erased
    note: str


def record(store: Store, case: Case, by: Member, words: bytes = SAID) -> Recording:
    """One recording of a case."""
    arrival = Arrival(case.id, case.id, by.id, "wav", "audio", "note.wav", 1, "file")
    return store.recordings.register(store.recordings.seal(case.id, [words]), arrival)[0]


@pytest.fixture
def filled(
    store: Store, case: Case, practitioner: Member, young_person: Member, tmp_path: Path
) -> Filled:
    """A row or two in every table, and something erased."""
    kept, gone = record(store, case, practitioner), record(store, case, practitioner, b"gone")
    store.hearings.keep(gone, 1, 1000, b"part")
    kept = _agreed(store, kept)
    note_id = _noted(store, kept, young_person)
    _looked_at(store, store.recordings.get(kept.id))
    store.holds.release(store.holds.place(case.id, "an inquiry", "test"), "over", "test")
    _of_their_own(store, case, young_person, note_id)
    store.access.sign_in(store.access.new_link(young_person.id, "test", DAY), DAY)
    store.access.new_link(young_person.id, "test", DAY)
    store.switches.turn_on("paused", "test")
    store.credentials.add(practitioner.id, "password", b"a hash", "test")
    team = store.teams.add("North", [practitioner.id], "test")
    store.circles.give(case.id, team.id, "test")
    store.emergencies.open(case.id, practitioner.id, "missing tonight", DAY)
    store.tries.failed(["somebody"])
    store.challenges.new("a passkey", DAY)
    store.audit.record("test", "looked", note_id, Detail(case.id, b"why"))
    store.erasing.recording(gone.id, "test")
    other = store.cases.add(CaseDetails("EV-2", "Sam"), practitioner.id, "test")
    record(store, other, practitioner, b"of another case")
    store.erasing.case(other.id, "test")
    store.disposing.tell([Thing(SOUND, kept.id, "sound")])
    upload = store.uploads.begin(
        practitioner.id, case.id, None, UploadDetails("voice", "", 1), most=9
    )
    store.uploads.keep(upload.id, 0, [store.uploads.seal(upload, b"begun")], most=99)
    _left_without_a_key(store, tmp_path)
    return Filled(case, store.recordings.get(kept.id), store.recordings.get(gone.id), note_id)


def _of_their_own(store: Store, case: Case, young_person: Member, note_id: str) -> None:
    """What a young person said, asked for and keeps."""
    me = young_person.id
    store.young.invitations.new(me, case.id, "test", DAY)
    store.young.calls.make(me, case.id, TALK, "after school", note_id)
    store.young.keepsakes.keep(me, case.id, note_id, (WORDS, note_id, "I did it"))
    store.young.stories.agree(store.young.stories.ask("test", case.id, "Somebody did it"), me)
    store.young.feedback.give(store.notes.get(note_id), 1, me, Answers("yes", "partly"))


def _agreed(store: Store, recording: Recording) -> Recording:
    """The recording, seen in a folder, agreed to, and heard in part."""
    scope = recording.scope
    store.journal.note(Look("a/b.wav", scope, None, SEALED, 1, recording_id=recording.id))
    with store.database.write() as connection:
        store.captures.keep(connection, recording, Capture("name"))
    store.agreements.ask(recording, "test")
    asked = store.recordings.get(recording.id)
    store.agreements.give(asked, Said("Jo", "in words", "today"), "test")
    agreed = store.recordings.get(recording.id)
    store.hearings.keep(agreed, 1, 1000, b"part")
    return agreed


def _noted(store: Store, recording: Recording, young_person: Member) -> str:
    """A note made from the recording, submitted, answered and exported; its id."""
    by, scope = recording.practitioner_id, recording.scope
    note = Note("", scope, scope, by, "case_note", "draft", 0, 1, 0)
    with store.database.write() as connection:
        store.recordings.keep_transcript(connection, recording, SAID)
        note_id = store.notes.create(connection, note, SAID, None)
        store.recordings.advance(connection, recording, "drafted", note_id=note_id)
    made = store.notes.get(note_id)
    with store.database.write() as connection:
        store.notes.decide(connection, made, ("submitted", by, b""), "submitted")
    store.listenings.add(made, 1, by, b"heard")
    with store.database.write() as connection:
        store.relistenings.add(connection, made, by, b"right")
    store.notes.reply(made, 1, young_person.id, b"her words")
    store.notes.exported(note_id, 1, "test")
    store.passages.add(made, 1, RECEIVED, Passing(1, "4711"), by)
    store.offers.add(scope, 1, EVENT, Offering("key", APPROVED, text="an event"), by)
    store.redactions.add(
        scope, 1, [redactions.Ruling(redactions.WORDS, "line", (0, 3), goes=True)], by
    )
    store.unsaved.keep(made, by, lambda _: b"half a sentence")
    store.corrections.add(recording, 1, b"a word put right", by)
    with store.database.write() as connection:
        store.summaries.add(connection, scope, by, lambda _: b"summed up")
    return note_id


def _looked_at(store: Store, recording: Recording) -> None:
    """A copy to be looked at."""
    sealed = store.recordings.seal(recording.scope, [b"a copy"])
    details = CopyDetails.of(sealed, "image/jpeg", 4, 3)
    store.makings.keep(recording, [New("copy", 1, sealed, details)])


def _left_without_a_key(store: Store, folder: Path) -> None:
    """A file and a word of a process that has no root key."""
    url = store.database.engine.url.render_as_string(hide_password=False)
    receiving = open_receiving(url, folder / "vault", folder / "receive.json")
    receiving.leave(receiving.seal([b"left without a key"]), "e" * 64, b"about it")
    (left,) = store.arrivals.ids()
    store.openings.want(left)
    receiving.tell(b"how the folder stands")
    receiving.close()


@pytest.fixture
def extras(tmp_path: Path) -> Extras:
    return Extras(msgspec.json.encode(KeyStore(tmp_path / "keys").load()), SETTINGS)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "backups")


Back = Callable[..., Kept]


@pytest.fixture
def back_up(store: Store, extras: Extras, folder: Folder) -> Back:
    """Makes a set that is kept for thirty days, or as many as are given; None for ever."""

    def make(days: int | None = 30) -> Kept:
        keep_ms = None if days is None else days * DAY
        return store.backups.make(folder, extras, keep_ms, "test")

    return make


@pytest.fixture
def ring(store: Store) -> KeyRing:
    return store.cases._keys


@pytest.fixture
def identity(store: Store) -> KeyIdentity:
    with store.database.read() as connection:
        return store.cases._identities.keys(connection, TEAM).identity


Open = Callable[..., Opened]


@pytest.fixture
def open_set(folder: Folder, tmp_path: Path) -> Open:
    """The newest set, or one by name, opened with the key file alone."""

    def call(start: str = "") -> Opened:
        found = folder.choose(start)
        assert found.manifest is not None
        keys = tmp_path / "keys"
        ring = unlock(found.manifest, KeyStore(keys).open({KeyFile.kind: KeyFile(keys)}).roots)
        team = found.manifest.team
        identity = ring.unwrap(TEAM, team.kind, team.wrapped).identity
        return Opened.of(found.folder, found.note, ring, identity)

    return call

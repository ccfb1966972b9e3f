"""A home as large as a council's: made-up notes, sealed as real ones are, filled once and kept.

Rows are sealed by the store's own functions and inserted many at a time. What a year of work would
have written beside them into the audit log is not: a page adds to the log without reading it.
"""

from __future__ import annotations

import json
import random
import secrets
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Table, insert, text

from benchmarks.search import draft
from recorder.around import SUPERVISION
from recorder.clock import local
from recorder.codec import decode_draft, encode
from recorder.review.desk import Desk
from recorder.review.preparing import Choice
from recorder.review.queue import marks
from store import age
from store.cases import OPEN, Case, CaseDetails
from store.custody import unlock
from store.identities import place_of
from store.journal import SEALED
from store.keys import CaseKeys, KeyRing
from store.keystore import KeyStore
from store.notes import Note, whose
from store.original import RecordingDetails
from store.people import Member, case_tag, new_id
from store.records import DRAFTED, Arrival
from store.sealed import Clear, seal_row
from store.session import now_ms
from store.store import Store, connect, create
from store.tables import (
    TEAM,
    cases,
    decisions,
    identities,
    note_versions,
    notes,
    recordings,
    sightings,
)
from store.wrappers.keyfile import KeyFile
from transcribe.model import Draft, Segment, Transcript

SEED, BATCH, WORDS = 20, 5_000, 1_200  # WORDS: bytes of them in a note
DAY, YEARS = 86_400_000, 4
STAFF, BOSSES, LOOKED_AT = 400, 20, 40
SHARES = (("submitted", 0.007), ("returned", 0.003), ("draft", 0.02))  # else approved
SUPERVISED, MONTH = 12, 30  # times each, and days between them
SEEN, LOOSE = 0.2, 0.1  # of recordings with an entry in the journal; of drafts without a case
Row = dict[str, Any]


class Own(NamedTuple):
    """Whose own record, and when (ms)."""

    person: str
    at: int


@dataclass(frozen=True, slots=True)
class Home:
    """Who is in it, and what is looked at: ids."""

    supervisor: str
    practitioner: str
    young_person: str
    notes: Sequence[str]  # of the practitioner's, with a recording that was heard
    cases: Sequence[str]
    recordings: Sequence[str]
    shared: str


def found(folder: Path, count: int, case_count: int, database: str = "") -> tuple[Store, Home]:
    """The home in `folder`, made if there is none of this size there; in `database`, if one is named."""
    place = folder / f"desk-{count}-{case_count}{'-elsewhere' if database else ''}"
    kept = place / "home.json"
    url = database or f"sqlite:///{place / 'recorder.db'}"
    vault, keys = place / "vault", place / "keys"
    if kept.exists():
        return connect(url, vault, keys), Home(**json.loads(kept.read_text(encoding="utf-8")))
    place.mkdir(parents=True)
    began, store = time.monotonic(), create(url, vault, keys)
    with store.database.read() as connection:
        ring = unlock(connection, KeyStore(keys).open({KeyFile.kind: KeyFile(keys)}))
    filling = Filling(store, ring)
    filling.cases(case_count)
    filling.notes(count - STAFF * SUPERVISED)
    filling.supervisions()
    made = filling.looked_at()
    if url.startswith("postgresql"):  # which does so by itself in time; SQLite never does
        with store.database.write() as connection:
            connection.execute(text("ANALYZE"))
    kept.write_text(json.dumps(asdict(made)), encoding="utf-8")
    print(f"filled in {time.monotonic() - began:.0f} s")
    return store, made


class Filling:
    """Fills an empty home."""

    def __init__(self, store: Store, ring: KeyRing) -> None:
        self._store = store
        self._ring = ring
        self._rng = random.Random(SEED)  # noqa: S311 - words, not secrets
        made = [draft(self._rng, WORDS, "bus") for _ in range(300)]
        made += [draft(self._rng, WORDS, "he has a knife") for _ in range(15)]
        self._drafts = [encode(each) for each in made]
        self._marks = [marks(each).encode() for each in made]
        people = store.people
        self._bosses = [people.add(_member("supervisor", n), "bench") for n in range(BOSSES)]
        self._staff = [people.add(_member("practitioner", n), "bench") for n in range(STAFF)]
        self._cases: list[Case] = []
        self._voice = store.recordings.seal(TEAM, [secrets.token_bytes(2_000)])
        with store.database.read() as connection:
            row = connection.execute(identities.select().where(identities.c.id == TEAM)).one()
        self._keys = {TEAM: ring.unwrap(TEAM, row.kind, row.wrapped)}

    def cases(self, count: int) -> None:
        """This many, of all practitioners alike."""
        for first in range(0, count, BATCH):
            rows: dict[Table, list[Row]] = defaultdict(list)
            for number in range(first, min(first + BATCH, count)):
                self._case(rows, number)
            self._insert(rows)
        print(f"  {count} cases")

    def notes(self, count: int) -> None:
        """This many, some of them in every state."""
        for first in range(0, count, BATCH):
            rows: dict[Table, list[Row]] = defaultdict(list)
            for _ in range(first, min(first + BATCH, count)):
                self._note(rows)
            self._insert(rows)
        print(f"  {count} notes")

    def supervisions(self) -> None:
        """Everybody's own record, with a year of it: of every fourth the next one is near or late."""
        store, drafts = self._store, [decode_draft(each) for each in self._drafts]
        for number, worker in enumerate(self._staff):
            scope = store.own_records.of(worker.id)
            with store.database.read() as connection:
                row = connection.execute(identities.select().where(identities.c.id == scope)).one()
            keys = self._ring.unwrap(scope, row.kind, row.wrapped)
            self._keys[scope] = CaseKeys(keys.identity, keys.row_key)
            rows: dict[Table, list[Row]] = defaultdict(list)
            for back in range(SUPERVISED):
                at = now_ms() - (back * MONTH + number % MONTH + 1) * DAY
                after = local(at + MONTH * DAY, "Europe/London").date()
                said = drafts[(number + back) % len(drafts)]
                said = replace(said, contact=replace(said.contact, next_on=after))
                self._version(rows, Own(worker.id, at), encode(said))
            self._insert(rows)
        print(f"  {len(self._staff) * SUPERVISED} supervisions")

    def looked_at(self) -> Home:
        """Cases of one practitioner with notes that are whole: a voice, heard, and answers."""
        store = self._store
        own = [case for case in self._cases if case.practitioner_id == self._staff[0].id]
        own = own[:LOOKED_AT]
        made = [self._whole(case, number) for number, case in enumerate(own)]
        young = [store.people.add(_young(case, n), "bench") for n, case in enumerate(own)]
        for (note_id, _), person in list(zip(made, young, strict=True))[2::4]:
            store.notes.reply(store.notes.get(note_id), 1, person.id, b"Not quite like that.")
        return Home(
            supervisor=self._bosses[0].id,
            practitioner=self._staff[0].id,
            young_person=young[0].id,
            notes=[note for note, _ in made],
            cases=[case.id for case in own],
            recordings=[recording for _, recording in made],
            shared=self._share(made[0][0]),
        )

    def _case(self, rows: Mapping[Table, list[Row]], number: int) -> None:
        details = CaseDetails(f"EV-{number}", f"Child {number}")
        case = Case(new_id(), self._staff[number % STAFF].id, details)
        identity = age.new_identity()
        wrapped = self._ring.wrap(case.id, identity)
        keys = self._ring.unwrap(case.id, identity.kind, wrapped)
        self._keys[case.id] = CaseKeys(keys.identity, keys.row_key)
        rows[identities].append(
            {
                "id": case.id,
                "kind": identity.kind,
                "recipient": identity.recipient.public,
                "wrapped": wrapped,
                "created_at": now_ms(),
            }
        )
        values = {
            "id": case.id,
            "tag": case_tag(self._ring, details.ref),
            "practitioner_id": case.practitioner_id,
            "state": OPEN,
            "created_at": now_ms() - number * 60_000,
        }
        rows[cases].append(self._sealed(cases, case.id, values, msgspec.json.encode(details)))
        self._cases.append(case)

    def _note(self, rows: Mapping[Table, list[Row]]) -> None:
        state, rng = self._state(), self._rng
        case = None if state == "draft" and rng.random() < LOOSE else rng.choice(self._cases)
        by = case.practitioner_id if case else rng.choice(self._staff).id
        scope, case_id = (case.id, case.id) if case else (TEAM, None)
        span = 20 * DAY if state != "approved" else YEARS * 365 * DAY
        at = now_ms() - rng.randrange(DAY, span)
        since = at + 60_000 if state == "draft" else at + DAY
        note = Note(new_id(), scope, case_id, by, "case_note", state, 1, at, at + 60_000, since)
        rows[notes].append(asdict(note))
        about = {"id": new_id(), "note_id": note.id, "number": 1, "created_at": since}
        version = about | {"author_id": None}
        which, also = rng.randrange(len(self._drafts)), whose(note)
        payload = self._drafts[which]
        rows[note_versions].append(self._sealed(note_versions, scope, version, payload, also))
        if state != "draft":
            boss = by if state == "submitted" else rng.choice(self._bosses).id
            decided = about | {"id": new_id(), "kind": state, "actor_id": boss}
            words = b"Say more of what she wants." if state == "returned" else self._marks[which]
            rows[decisions].append(self._sealed(decisions, scope, decided, words))
        self._recording(rows, note)

    def _version(self, rows: Mapping[Table, list[Row]], own: Own, payload: bytes) -> None:
        """A supervision's note, signed by both."""
        scope, at = own
        note = Note(new_id(), scope, None, scope, SUPERVISION, "agreed", 1, at, at, at + DAY)
        rows[notes].append(asdict(note))
        about = {"id": new_id(), "note_id": note.id, "number": 1, "created_at": at}
        version = about | {"author_id": scope}
        rows[note_versions].append(
            self._sealed(note_versions, scope, version, payload, whose(note))
        )

    def _recording(self, rows: Mapping[Table, list[Row]], note: Note) -> None:
        # Its bytes are one blob for all: those that are played are sealed for themselves.
        details = RecordingDetails.of(self._voice, "voice.m4a", "container")
        values = {
            "id": new_id(),
            "case_id": note.case_id,
            "practitioner_id": note.practitioner_id,
            "media_type": "mp4",
            "kind": "audio",
            "state": DRAFTED,
            "reason": None,
            "tag": secrets.token_hex(32),
            "size": self._voice.size,
            "header": self._voice.header,
            "blob": self._voice.blob,
            "note_id": note.id,
            "note_kind": None,
            "recorded_at": note.contact_at,
            "received_at": note.created_at,
            "length_ms": 300_000,
            "attempts": 0,
            "next_try_at": 0,
        }
        payload = msgspec.json.encode(details)
        rows[recordings].append(self._sealed(recordings, note.scope, values, payload))
        if self._rng.random() < SEEN:
            self._sighting(rows, note, str(values["id"]))

    def _sighting(self, rows: Mapping[Table, list[Row]], note: Note, recording_id: str) -> None:
        path = f"worker/child/{recording_id}.m4a"
        values = {
            "id": new_id(),
            "tag": self._ring.tag("path", path),
            "recording_id": recording_id,
            "practitioner_id": note.practitioner_id,
            "state": SEALED,
            "reason": None,
            "size": 2_000,
            "seen_at": note.created_at,
        }
        payload = json.dumps([path, "", ""]).encode()
        rows[sightings].append(self._sealed(sightings, note.scope, values, payload))

    def _state(self) -> str:
        at = self._rng.random()
        for state, share in SHARES:
            if at < share:
                return state
            at -= share
        return "approved"

    def _sealed(
        self, table: Table, scope: str, values: Row, payload: bytes, also: Clear = ()
    ) -> Row:
        whole = values | {"scope": scope, "version": 1}
        key = self._keys[scope].row_key
        return whole | {"sealed": seal_row(key, place_of(table, whole, also), payload)}

    def _insert(self, rows: Mapping[Table, list[Row]]) -> None:
        with self._store.database.write() as connection:
            for table, values in rows.items():
                connection.execute(insert(table), values)

    def _whole(self, case: Case, number: int) -> tuple[str, str]:
        """A note with a recording of its own, in the way that both are made; their ids."""
        store, at = self._store, now_ms() - (number + 1) * DAY
        voice = store.recordings.seal(case.id, [secrets.token_bytes(200_000)])
        maker = case.practitioner_id
        arrival = Arrival(case.id, case.id, maker, "mp4", "audio", "voice.m4a", at, "container")
        recording, _ = store.recordings.register(voice, arrival)
        said = "We went to the park with nan and talked about the tutor and the bus home."
        segments = tuple(Segment(5_000 * n, 5_000 * n + 4_500, said) for n in range(60))
        heard = Transcript("base", "0" * 64, "en", {}, 300_000, segments)
        state = ("draft", "submitted", "approved", "approved")[number % 4]
        new = Note("", case.id, case.id, maker, "case_note", state, 0, at, 0)
        with store.database.write() as connection:
            says = encode(_standing_on(draft(self._rng, WORDS, "bus"), recording.id))
            note_id = store.notes.create(connection, new, says, None)
            if state == "submitted":
                entry = (state, maker, self._marks[0])
                store.notes.decide(connection, replace(new, id=note_id, number=1), entry, state)
            store.recordings.keep_transcript(connection, recording, encode(heard))
            store.recordings.advance(connection, recording, DRAFTED, note_id=note_id)
        return note_id, recording.id

    def _share(self, note_id: str) -> str:
        """Approve a draft, so that its case has a living summary, and share some of it."""
        store, boss = self._store, self._bosses[0]
        with store.database.write() as connection:
            entry = ("submitted", self._staff[0].id, b"")
            store.notes.decide(connection, store.notes.get(note_id), entry, "submitted")
        desk = Desk(store, boss)
        desk.approve(note_id, 1)
        offered = [e for e in desk.preparing.offered(note_id).lines if not e.found][:2]
        desk.preparing.prepare(note_id, 1, Choice({each.id: each.drafted for each in offered}))
        second = Desk(store, self._staff[0]).preparing
        second.release(note_id, 1, second.release_page(note_id).entry.id)
        # And once more: that waits to be let go.
        desk.preparing.prepare(note_id, 1, Choice({each.id: each.drafted for each in offered}))
        return note_id


def _standing_on(made: Draft, recording_id: str) -> Draft:
    """The draft with every sentence on a place in a recording that is there."""
    sentences = (
        replace(each, sources=tuple(replace(s, recording=recording_id) for s in each.sources))
        for each in made.statements
    )
    return replace(made, statements=tuple(sentences))


def _member(role: str, number: int) -> Member:
    return Member("", role, f"{role}-{number}", f"Worker {number:03}", None)


def _young(case: Case, number: int) -> Member:
    return Member("", "young_person", f"young-{number}", case.details.name, case.id)

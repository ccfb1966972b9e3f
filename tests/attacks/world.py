"""A home full of records, and what somebody who can write to its database and vault does to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import event

from store import age, tables
from store.agreements import Said
from store.calls import UNSAFE
from store.captures import Capture, Chapter
from store.cases import Case, CaseDetails
from store.derived import POSTER, New
from store.errors import HeldError, TamperedError
from store.feedback import Answers
from store.journal import ATTENTION, SEALED, Look
from store.keepsakes import WORDS
from store.ledger import Backup
from store.notes import Note
from store.original import CopyDetails
from store.outward import APPROVED, BEGUN, EVENT, Offering, Passing
from store.people import Member
from store.records import DRAFTED, Arrival, Recording
from store.redactions import SOUND, Ruling
from store.store import Store, connect, create
from store.tables import TEAM, metadata
from store.uploads import UploadDetails
from tests.databases import SqliteFiles

SIZE = 2 * age.CHUNK + 1000
"""Bytes of a recording of three chunks."""
LONG = 20 * age.CHUNK + 1000
"""Bytes of a recording that a reader gives out in more than one piece."""
SEALED_TABLES = tuple(
    table.name
    for table in metadata.sorted_tables
    # Arrivals are sealed to a public key: anybody may leave one.
    if "sealed" in table.columns and table.name != "arrivals"
)
Row = tuple[str, str]
"""Table and id."""
Values = dict[str, Any]


@dataclass
class World:
    """A store, the original of everything in it, and its attacker's own way in."""

    store: Store
    raw: sqlite3.Connection  # the attacker's: no lock, no trigger and no key stands against it
    vault: Path
    originals: dict[str, bytes] = field(default_factory=dict)  # by recording
    notes: list[str] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    _before: dict[Row, Values] = field(default_factory=dict)
    _files: dict[Path, bytes] = field(default_factory=dict)

    def blob(self, recording_id: str) -> Path:
        """The file that holds a recording's payload."""
        (name,) = self.row("SELECT blob FROM recordings WHERE id = ?", recording_id)
        (path,) = self.vault.rglob(name[2:])
        return path

    def row(self, query: str, *values: Any) -> Any:
        return self.raw.execute(query, values).fetchone()

    def found(self) -> list[str]:
        """The ids of what the audit log says was tampered with, oldest first."""
        query = "SELECT object FROM audit WHERE action = 'tampering found' ORDER BY seq"
        return [name for (name,) in self.raw.execute(query)]

    def do(self, statement: str, *values: Any) -> None:
        self.raw.execute(statement, values)
        self.raw.commit()

    def release(self) -> None:
        """End every legal hold."""
        for hold in self.store.holds.all():
            self.store.holds.release(hold.id, "it is over", "test")

    def sealed_rows(self) -> list[Row]:
        """Every row with a sealed payload."""
        return [
            (table, row_id)
            for table in SEALED_TABLES
            for (row_id,) in self.raw.execute(f"SELECT {key_of(table)} FROM {table}")  # noqa: S608 - constants
        ]

    def values(self, row: Row) -> Values:
        """All that a row holds."""
        table, row_id = row
        found = self.raw.execute(f"SELECT * FROM {table} WHERE {key_of(table)} = ?", (row_id,))  # noqa: S608 - constants
        names = [column[0] for column in found.description]
        return dict(zip(names, found.fetchone(), strict=True))

    def put(self, rows: Mapping[Row, Values]) -> None:
        """Other rows in the place of these; at once, since some columns allow no value twice."""
        for row in rows:
            self._before.setdefault(row, self.values(row))
        self._write(rows)

    @contextmanager
    def without(self, table: str, condition: str, *values: object) -> Iterator[None]:
        """Without the rows that fit a condition, for as long as this lasts."""
        query = f"SELECT {key_of(table)} FROM {table} WHERE {condition}"  # noqa: S608 - constants
        rows = {(table, row_id) for (row_id,) in self.raw.execute(query, values)}
        before = {row: self.values(row) for row in rows}
        self.do(f"DELETE FROM {table} WHERE {condition}", *values)  # noqa: S608 - constants
        try:
            yield
        finally:
            self._write(before)

    def put_file(self, path: Path, data: bytes) -> None:
        """Another file in the vault."""
        self._files.setdefault(path, path.read_bytes())
        path.write_bytes(data)

    def undo(self) -> None:
        """Everything as it was before anything was put in its place."""
        self._write(self._before)
        for path, data in self._files.items():
            path.write_bytes(data)
        self._before.clear()
        self._files.clear()

    def _write(self, rows: Mapping[Row, Values]) -> None:
        with self.raw:  # all of it, or nothing where the database refuses
            self.raw.execute("BEGIN IMMEDIATE")
            for table, row_id in rows:
                self.raw.execute(f"DELETE FROM {table} WHERE {key_of(table)} = ?", (row_id,))  # noqa: S608 - constants
            for (table, _), values in rows.items():
                places = ", ".join("?" * len(values))
                insert = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})"  # noqa: S608 - constants
                self.raw.execute(insert, tuple(values.values()))

    @contextmanager
    def changed(self, table: str, key: str, row_id: str, **columns: object) -> Iterator[None]:
        """Other values in a row's columns, for as long as this lasts."""
        names = ", ".join(columns)
        put = f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in columns)} WHERE {key} = ?"  # noqa: S608 - constants
        before = self.row(f"SELECT {names} FROM {table} WHERE {key} = ?", row_id)  # noqa: S608 - constants
        self.do(put, *columns.values(), row_id)
        try:
            yield
        finally:
            self.do(put, *before, row_id)


def key_of(table: str) -> str:
    return tables.key_of(metadata.tables[table])


@contextmanager
def opened(folder: Path) -> Iterator[World]:
    """A new home with nothing in it."""
    store = create(SqliteFiles(folder).new(), folder / "vault", folder / "keys")
    with _attacked(store, folder) as world:
        yield world


@contextmanager
def reopened(folder: Path) -> Iterator[World]:
    """A home that is there already; what it held at first is not known any more."""
    store = connect(f"sqlite:///{folder / 'recorder.db'}", folder / "vault", folder / "keys")
    with _attacked(store, folder) as world:
        yield world


@contextmanager
def _attacked(store: Store, folder: Path) -> Iterator[World]:
    # No power is cut here, so nothing need wait for the disk. Connections made before are let go.
    event.listen(store.database.engine, "connect", _unsynced)
    store.database.engine.dispose()
    with closing(sqlite3.connect(folder / "recorder.db", isolation_level=None)) as raw:
        _unsynced(raw, None)
        yield World(store, raw, folder / "vault")
    store.close()


@contextmanager
def one_recording(folder: Path) -> Iterator[World]:
    """A home with one case, and one recording of three chunks in it."""
    with opened(folder) as made:
        maker = made.store.people.add(Member("", "practitioner", "amara", "Amara", None), "test")
        case = made.store.cases.add(CaseDetails("EV-1", "Jordan"), maker.id, "test")
        made.cases.append(case)
        record(made, Random(1).randbytes(SIZE), case)
        yield made


def unpinned(world: World, file: bytes) -> age.Reader:
    """An `.age` file as a laptop sends it: no row beside it says what it must be."""
    return world.store.laptops.open(lambda at, size: file[at : at + size], len(file))


def _unsynced(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def fill(world: World, chance: Random, cases: int = 2, notes: int = 2) -> None:
    """Staff, cases with everything that hangs on them, and what belongs to no case yet."""
    for number in range(cases):
        name = f"Maker {number}"
        maker = world.store.people.add(Member("", "practitioner", name, name, None), "test")
        case = world.store.cases.add(
            CaseDetails(f"EV-{number}", f"Name {number}"), maker.id, "test"
        )
        young = Member("", "young_person", f"young {number}", f"Name {number}", case.id)
        person = world.store.people.add(young, "test")
        world.cases.append(case)
        for each in (maker, person):
            world.store.credentials.add(each.id, "passkey", chance.randbytes(80), "test", each.id)
        for _ in range(notes):
            _note(world, chance, case, person)
        _waiting(world, chance, case)
        _around(world, case, name)
        with world.store.database.write() as connection:
            world.store.summaries.add(connection, case.id, maker.id, lambda _: b"summed up")
    _note(world, chance, Case("", maker.id, CaseDetails("", "")), maker)
    _unclaimed(world, chance)
    for owner in (*world.cases, Case("", maker.id, CaseDetails("", ""))):
        _on_its_way(world, chance, owner)


def _on_its_way(world: World, chance: Random, case: Case) -> None:
    """A recording that somebody makes in a browser just now, three pieces of it."""
    uploads, details = world.store.uploads, UploadDetails("voice", "a name", 1000)
    upload = uploads.begin(case.practitioner_id, case.id or TEAM, None, details, most=99)
    for _ in range(3):
        sealed = uploads.seal(upload, chance.randbytes(300))
        uploads.keep(upload.id, uploads.get(upload.id).offset, [sealed], most=10_000)


def _waiting(world: World, chance: Random, case: Case) -> None:
    """A recording that somebody agreed to, half heard; a legal hold; a backup."""
    store = world.store
    recording = record(world, chance.randbytes(200), case)
    said = Said("somebody", "in person", "5/11/2026")
    store.agreements.ask(recording, "test")
    store.agreements.give(store.recordings.get(recording.id), said, "test")
    store.hearings.keep(store.recordings.get(recording.id), 1, 5000, chance.randbytes(300))
    with store.database.write() as connection:
        store.captures.keep(connection, recording, Capture("name", Chapter("GX0001", 1, "", None)))
    store.holds.place(case.id, "a matter", "test")
    store.ledger.begin(Backup(chance.randbytes(16).hex(), 1, None, None, f"folder {case.id}"))
    store.offers.add(case.id, 1, EVENT, Offering("key", APPROVED, text=f"of {case.id}"), "test")
    store.redactions.add(case.id, 1, [Ruling(SOUND, "line", (0, 3), goes=True)], "test")


def _around(world: World, case: Case, name: str) -> None:
    """A team of the case's practitioner, others who see the case, and one who broke in."""
    store, maker = world.store, case.practitioner_id
    team = store.teams.add(f"Team of {name}", [maker], "test")
    store.circles.give(case.id, team.id, "test")
    store.circles.name(case.id, maker, "test")
    store.circles.restrict(case.id, "a relative works here", "test")
    store.emergencies.open(case.id, maker, "missing tonight", 3_600_000)


def _unclaimed(world: World, chance: Random) -> None:
    """Files that are nobody's yet, and what was heard at their beginning."""
    store = world.store
    for _ in range(2):
        sealed = store.recordings.seal(TEAM, [chance.randbytes(200)])
        with store.database.write() as connection:
            arrival_id = store.arrivals.leave(connection, sealed, chance.randbytes(50))
        store.openings.want(arrival_id)
        store.openings.keep(arrival_id, chance.randbytes(30).hex())


def _note(world: World, chance: Random, case: Case, person: Member) -> None:
    """A note of three versions, decided about and replied to, from one recording."""
    store, scope, case_id = world.store, case.id or TEAM, case.id or None
    recording = record(world, chance.randbytes(chance.randint(100, 4000)), case)
    new = Note("", scope, case_id, case.practitioner_id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, chance.randbytes(300), None)
        store.recordings.keep_transcript(connection, recording, chance.randbytes(300))
        store.recordings.advance(connection, recording, DRAFTED, note_id=note_id)
    _copied(world, chance, recording.id)
    drafted = store.recordings.get(recording.id)
    for count in (1, 2):
        store.corrections.add(drafted, count, chance.randbytes(50), case.practitioner_id)
    for author in (case.practitioner_id, case.practitioner_id):
        with store.database.write() as connection:
            store.notes.add_version(
                connection, store.notes.get(note_id), chance.randbytes(300), author, "draft"
            )
    for kind in ("submitted", "returned"):
        with store.database.write() as connection:
            entry = kind, case.practitioner_id, chance.randbytes(30)
            store.notes.decide(connection, store.notes.get(note_id), entry, kind)
    _listened_to(world, chance, note_id)
    note = store.notes.get(note_id)
    store.unsaved.keep(note, case.practitioner_id, lambda _: chance.randbytes(40))
    for number in (2, 3):
        store.notes.reply(store.notes.get(note_id), number, person.id, chance.randbytes(30))
    if case_id is not None:
        _of_their_own(world, chance, store.notes.get(note_id), person.id)
    world.notes.append(note_id)


def _of_their_own(world: World, chance: Random, note: Note, person_id: str) -> None:
    """What a young person asked for, keeps and thinks of it."""
    store, case_id, words = world.store, note.scope, chance.randbytes(20).hex()
    store.young.invitations.new(person_id, case_id, "test", 3_600_000)
    store.young.calls.make(person_id, case_id, UNSAFE, words, note.id)
    store.young.keepsakes.keep(person_id, case_id, note.id, (WORDS, note.id, words))
    store.young.stories.agree(store.young.stories.ask("test", case_id, words), person_id)
    store.young.feedback.give(note, note.number, person_id, Answers("no", words))
    store.passages.add(note, 1, BEGUN, Passing(1, made_sure_by=words), "test")


def _listened_to(world: World, chance: Random, note_id: str) -> None:
    """Somebody heard what its sentences stand on, and what came of it."""
    store, note = world.store, world.store.notes.get(note_id)
    for number in (1, 2):
        store.listenings.add(note, number, note.practitioner_id, chance.randbytes(40))
    with store.database.write() as connection:
        store.relistenings.add(connection, note, note.practitioner_id, chance.randbytes(40))


def _copied(world: World, chance: Random, recording_id: str) -> None:
    """Something was made from a recording to be looked at."""
    recording = world.store.recordings.get(recording_id)
    sealed = world.store.recordings.seal(recording.scope, [chance.randbytes(500)])
    details = CopyDetails.of(sealed, "image/jpeg", 640, 360)
    world.store.makings.keep(recording, [New(POSTER, 1, sealed, details)])


def record(world: World, content: bytes, case: Case) -> Recording:
    """A recording of `case` (with an empty id: of none), with the journal's entries about it."""
    scope, name = case.id or TEAM, f"note {len(world.originals)}.wav"
    arrival = Arrival(
        scope=scope,
        case_id=case.id or None,
        practitioner_id=case.practitioner_id,
        media_type="wav",
        kind="audio",
        name=name,
        recorded_at=1_762_362_300_000,
        recorded_from="file",
    )
    made, new = world.store.recordings.register(
        world.store.recordings.seal(scope, [content]), arrival
    )
    assert new
    world.originals[made.id] = content
    look = Look(name, scope, case.practitioner_id, SEALED, 1, recording_id=made.id)
    world.store.journal.note(look)
    waiting = replace(look, path=f"{name}.part", state=ATTENTION, reason="NotTaken")
    world.store.journal.note(replace(waiting, recording_id=None))
    return made


def reading(world: World, row: Row) -> Callable[[], object]:
    """How a sealed row is read, wherever its clear columns say it stands now."""
    store, (table, row_id) = world.store, row
    found = world.values(row)
    return {
        "people": lambda: store.people.get(row_id),
        "cases": lambda: store.cases.get(row_id),
        "recordings": lambda: b"".join(store.recordings.open(row_id)),
        "transcripts": lambda: store.recordings.transcript(row_id),
        "sightings": lambda: _seen(store, row_id),
        "note_versions": lambda: store.notes.version(found["note_id"], found["number"]),
        "decisions": lambda: store.notes.decisions(found["note_id"]),
        "replies": lambda: store.notes.replies(found["note_id"]),
        "listenings": lambda: store.listenings.of(found["note_id"], found["actor_id"]),
        "relistenings": lambda: _heard_again(store, row_id),
        "unsaved": lambda: store.unsaved.of(found["note_id"], found["person_id"]),
        "hearings": lambda: store.hearings.of(found["recording_id"]),
        "captures": lambda: store.captures.of(row_id),
        "openings": lambda: store.openings.of(row_id),
        "credentials": lambda: store.credentials.of(found["person_id"]),
        "derived": lambda: _shown(store, found["recording_id"], found["kind"], found["number"]),
        "agreements": lambda: store.agreements.of(found["recording_id"]),
        "corrections": lambda: store.corrections.of(found["recording_id"]),
        "summaries": lambda: store.summaries.of(found["case_id"]),
        "holds": lambda: _held(store, found["case_id"]),
        "teams": lambda: _listed(store, store.teams.all, row_id),
        "memberships": lambda: _listed(store, store.teams.all, row_id),
        "circles": lambda: store.circles.of(found["case_id"]),
        "emergencies": lambda: _listed(store, store.emergencies.all, row_id),
        "invitations": lambda: _listed(
            store, lambda: store.young.invitations.of(found["person_id"]), row_id
        ),
        "calls": lambda: _listed(store, lambda: store.young.calls.of(found["scope"]), row_id),
        "keepsakes": lambda: _listed(
            store, lambda: store.young.keepsakes.of(found["person_id"]), row_id
        ),
        "stories": lambda: _listed(store, lambda: store.young.stories.of(found["scope"]), row_id),
        "feedback": lambda: _listed(
            store, lambda: store.young.feedback.of(found["note_id"]), row_id
        ),
        "passages": lambda: store.passages.of(found["note_id"]),
        "offers": lambda: store.offers.of(found["case_id"]),
        "redactions": lambda: store.redactions.of(found["case_id"]),
        "uploads": lambda: store.uploads.get(row_id),
        "pieces": lambda: b"".join(store.uploads.content(found["upload_id"])),
        "backups": store.ledger.all,
    }[table]


def _shown(store: Store, recording_id: str, kind: str, number: int) -> bytes:
    _, reader = store.makings.open(recording_id, kind, number)
    return reader.read(0, reader.size)


def _listed(store: Store, read: Callable[[], object], row_id: str) -> object:
    """What a list holds; TamperedError if a row is left out as damaged."""
    found = read()
    if row_id in store.database.alarm.damaged:
        raise TamperedError("left out", row_id)
    return found


def _seen(store: Store, entry: str) -> bool:
    """Whether an entry is in the journal; TamperedError if it is left out as damaged."""
    there = entry in {each.id for each in store.journal.recent()}
    if entry in store.database.alarm.damaged:
        raise TamperedError("left out", entry)
    return there


def _heard_again(store: Store, entry: str) -> int:
    """How many were heard again; TamperedError if an entry is left out as damaged."""
    there = len(store.relistenings.all())
    if entry in store.database.alarm.damaged:
        raise TamperedError("left out", entry)
    return there


def _held(store: Store, case_id: str) -> bool:
    """Whether a hold keeps a case from being erased."""
    try:
        with store.database.write() as connection:
            store.holds.forbid(connection, case_id)
    except HeldError:
        return True
    return False

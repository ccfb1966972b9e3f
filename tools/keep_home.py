"""Keeps a small home of the newest version of the schema, for the tests of later upgrades.

    python -m tools.keep_home

Run it once with each new migration, and commit what it writes: tests/unit/store/homes/VERSION.json.
It is a fictional home in the middle of its work, as this version's own code wrote it, with its key:
nothing in it is anybody's.
"""

from __future__ import annotations

import base64
import json
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, select

from store import schema
from store.agreements import Said
from store.captures import Capture, Chapter, Part
from store.cases import Around, Case, CaseDetails
from store.derived import New
from store.disposal import SOUND, Thing
from store.journal import ARRIVING, ATTENTION, SEALED, Look
from store.ledger import Backup
from store.notes import Note
from store.original import CopyDetails
from store.outward import APPROVED, EVENT, RECEIVED, Offering, Passing
from store.people import Member
from store.receiving import open_receiving
from store.records import CHAPTER, PROBED, TRANSCRIBED, Arrival, Recording
from store.redactions import WORDS, Ruling
from store.store import Store, connect, create
from store.tables import TEAM
from store.uploads import UploadDetails
from tests.unit.store.facts import facts

_HOMES = Path(__file__).parents[1] / "tests" / "unit" / "store" / "homes"
_BY = "amara"
_CENTURY = 100 * 365 * 86_400_000  # ms: nothing here is to run out


def main() -> None:
    """Write the home of the newest version."""
    _HOMES.mkdir(exist_ok=True)
    target = _HOMES / f"{schema.resolve('head')}.json"
    with tempfile.TemporaryDirectory() as folder:
        kept = keep(Path(folder))
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"))
    target.write_text(text.replace("},{", "},\n{") + "\n", encoding="utf-8")
    print(f"kept {target}")


def keep(folder: Path) -> dict[str, Any]:
    """A home in `folder` with work of every kind under way, as JSON values."""
    url, vault, keys = f"sqlite:///{folder / 'recorder.db'}", folder / "vault", folder / "keys"
    with closing(create(url, vault, keys)) as store:
        _fill(store, folder)
    with closing(connect(url, vault, keys)) as store:
        return {
            "facts": facts(store),
            "keys": {path.name: path.read_text("ascii") for path in sorted(keys.iterdir())},
            "tables": _tables(store),
            "vault": {
                str(path.relative_to(vault)): _plain(path.read_bytes())
                for path in sorted(vault.rglob("*"))
                if path.is_file()
            },
            "version": store.database.version(),
        }


def _fill(store: Store, folder: Path) -> None:
    maker = store.people.add(Member("", "practitioner", _BY, "Amara Cole", None, "acole"), "test")
    store.people.add(Member("", "supervisor", "ruth", "Ruth Adeyemi", None), "test")
    around = (Around("Tyrell", "peer"),)
    case = store.cases.add(CaseDetails("EV-1", "Jordan", "900001", around), maker.id, "test")
    young = store.people.add(Member("", "young_person", "jordan", "Jordan", case.id), "test")
    store.access.sign_in(store.access.new_link(young.id, "test", _CENTURY), _CENTURY)
    store.access.new_link(maker.id, "test", _CENTURY)
    store.credentials.add(maker.id, "passkey", b"a public key", _BY, "its id")
    store.tries.failed(["somebody"])
    store.challenges.new("a passkey", _CENTURY)
    _seen_by_others(store, case, maker)
    _work_under_way(store, case, maker)
    _notes(store, case, maker, young)
    store.offers.add(case.id, 1, EVENT, Offering("key", APPROVED, text="He was gone."), maker.id)
    store.redactions.add(case.id, 1, [Ruling(WORDS, "line", (0, 3), goes=True)], maker.id)
    _made(store, case, maker)
    _put_right(store, case)
    _intake(store, maker)
    _on_its_way(store, case, maker)
    _left_by_a_process_without_the_key(store, folder)
    _held_and_erased(store, case, maker)
    store.switches.turn_on("paused", _BY)
    drafted = (each for each in store.recordings.all("drafted") if each.kind == "audio")
    store.disposing.tell([Thing(SOUND, next(drafted).id, "sound")])
    store.ledger.begin(Backup("b" * 32, 1000, 2000, _CENTURY, "/elsewhere"))


def _seen_by_others(store: Store, case: Case, maker: Member) -> None:
    """Two teams, a restricted case with somebody named on it, and one who opened it."""
    other = store.people.add(Member("", "supervisor", "omar", "Omar Haddad", None), "test")
    team = store.teams.add("North", [maker.id], "test")
    store.teams.add("South", [other.id], "test")
    store.circles.give(case.id, team.id, _BY)
    store.circles.name(case.id, other.id, _BY)
    store.circles.restrict(case.id, "a relative works here", _BY)
    opened = store.emergencies.open(case.id, other.id, "missing tonight", _CENTURY)
    store.emergencies.review(opened, _BY)


def _recording(store: Store, case_id: str | None, maker: Member, name: str) -> Recording:
    scope = case_id or TEAM
    kind = "video" if name.endswith("mp4") else "audio"
    sealed = store.recordings.seal(scope, [f"the sound of {name}".encode() * 20])
    arrival = Arrival(scope, case_id, maker.id, name.rpartition(".")[2], kind, name, 1000, "file")
    return store.recordings.register(sealed, arrival)[0]


def _heard(store: Store, recording: Recording, to: str, **values: object) -> Recording:
    """`recording` moved on by as many stages as it takes."""
    with store.database.write() as connection:
        store.recordings.advance(connection, recording, PROBED)
    if to == PROBED:
        return store.recordings.get(recording.id)
    recording = store.recordings.get(recording.id)
    with store.database.write() as connection:
        said = f"heard in {recording.id}".encode()
        store.recordings.keep_transcript(connection, recording, said)
        store.recordings.advance(connection, recording, TRANSCRIBED)
    recording = store.recordings.get(recording.id)
    if to != TRANSCRIBED:
        with store.database.write() as connection:
            store.recordings.advance(connection, recording, to, **values)
    return store.recordings.get(recording.id)


def _work_under_way(store: Store, case: Case, maker: Member) -> None:
    """A recording in each state, and one that was tried in vain."""
    _recording(store, case.id, maker, "received.wav")
    _recording(store, None, maker, "unassigned.wav")
    tried = _recording(store, case.id, maker, "tried.wav")
    store.recordings.postpone(tried, "Stalled", 1000)
    store.recordings.quarantine(_recording(store, case.id, maker, "silent.wav"), "NoSpeech")
    probed = _heard(store, _recording(store, case.id, maker, "probed.wav"), PROBED)
    store.hearings.keep(probed, 1, 30_000, b"heard so far")
    _heard(store, _recording(store, case.id, maker, "transcribed.wav"), TRANSCRIBED)
    film = _heard(store, _recording(store, case.id, maker, "film.mp4"), PROBED)
    later = _recording(store, case.id, maker, "later.mp4")
    with store.database.write() as connection:
        for number, each in enumerate((film, later), start=1):
            capture = Capture("telemetry", Chapter("GX0001", number, "ab", 1000))
            store.captures.keep(connection, each, capture)
        store.recordings.advance(connection, later, CHAPTER)
        store.captures.join(connection, Part(later, None, capture), film.id)
    store.agreements.ask(film, _BY)
    agreed = _recording(store, case.id, maker, "agreed.mp4")
    store.agreements.ask(agreed, _BY)
    store.agreements.give(store.recordings.get(agreed.id), Said("Jordan", "said so", "today"), _BY)


def _notes(store: Store, case: Case, maker: Member, young: Member) -> None:
    """A note in each state: being written, returned, handed in, approved and exported."""
    for state in ("draft", "returned", "submitted", "approved"):
        new = Note("", case.id, case.id, maker.id, "case_note", "draft", 0, 1000, 0)
        heard = _heard(store, _recording(store, case.id, maker, f"{state}.wav"), TRANSCRIBED)
        with store.database.write() as connection:
            note_id = store.notes.create(connection, new, f"{state} 1".encode(), None)
            store.recordings.advance(connection, heard, "drafted", note_id=note_id)
        if state == "draft":
            store.unsaved.keep(store.notes.get(note_id), maker.id, lambda _: b"half a sentence")
            continue
        note = store.notes.get(note_id)
        with store.database.write() as connection:
            store.notes.add_version(connection, note, f"{state} 2".encode(), maker.id, "draft")
        note = store.notes.get(note_id)
        with store.database.write() as connection:
            store.notes.decide(connection, note, (state, maker.id, b"because"), state)
        store.listenings.add(store.notes.get(note_id), 2, maker.id, b"heard")
        if state == "approved":
            with store.database.write() as connection:
                store.relistenings.add(connection, store.notes.get(note_id), maker.id, b"right")
            store.notes.exported(note_id, 2, maker.id)
            store.passages.add(store.notes.get(note_id), 1, RECEIVED, Passing(2, "4711"), maker.id)
            store.notes.reply(store.notes.get(note_id), 2, young.id, b"that is right")
    loose = Note("", TEAM, None, maker.id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        store.notes.create(connection, loose, b"of no case yet", None)


def _put_right(store: Store, case: Case) -> None:
    """Words that were put right in a transcript, and where the work stands."""
    found = next(each for each in store.recordings.all("drafted") if each.case_id == case.id)
    store.corrections.add(found, 1, b"what was said", _BY)
    with store.database.write() as connection:
        store.summaries.add(connection, case.id, _BY, lambda _: b"where the work stands")


def _made(store: Store, case: Case, maker: Member) -> None:
    """A film that plays, and one that nothing could be made of."""
    for name, well in (("shown.mp4", True), ("odd.mp4", False)):
        found = _heard(store, _recording(store, case.id, maker, name), "drafted")
        if not well:
            store.makings.give_up(found, "NotMade")
            continue
        sealed = store.recordings.seal(found.scope, [b"plays anywhere"])
        details = CopyDetails.of(sealed, "video/mp4", 1280, 720)
        store.makings.keep(found, [New("proxy", 1, sealed, details)])


def _intake(store: Store, maker: Member) -> None:
    """Files as the watched folder showed them."""
    first = store.recordings.all()[0]
    look = Look("amara/EV-1/a.wav", TEAM, maker.id, ARRIVING, 10)
    store.journal.note(look)
    store.journal.note(replace(look, path="amara/b.xyz", state=ATTENTION, sentence="not taken"))
    taken = replace(look, scope=first.scope, state=SEALED, signature="1:2", recording_id=first.id)
    for name in ("c", "d"):
        store.journal.note(replace(taken, path=f"amara/{name}.wav"))
    store.journal.removed("amara/d.wav")


def _left_by_a_process_without_the_key(store: Store, folder: Path) -> None:
    url = store.database.engine.url.render_as_string(hide_password=False)
    with closing(open_receiving(url, folder / "vault", folder / "receive.json")) as receiving:
        receiving.leave(receiving.seal([b"taken in without the key"]), "e" * 64, b"amara/e.wav")
    for arrival_id in store.arrivals.ids():
        store.openings.want(arrival_id)
        store.openings.keep(arrival_id, "Amara here, case note for Jordan.")


def _on_its_way(store: Store, case: Case, maker: Member) -> None:
    """A recording that is being made in a browser, and a photo of no case."""
    said = Said("Jordan", "said so", "today")
    for scope, details in (
        (case.id, UploadDetails("voice", "", 1000, "case_note", said)),
        (TEAM, UploadDetails("photo", "drawing.jpg", 1000)),
    ):
        upload = store.uploads.begin(maker.id, scope, None, details, most=9)
        for start, content in ((0, b"begun, "), (7, b"and gone on")):
            store.uploads.keep(upload.id, start, [store.uploads.seal(upload, content)], most=99)


def _held_and_erased(store: Store, case: Case, maker: Member) -> None:
    store.holds.place(case.id, "an inquiry", _BY)
    gone = store.cases.add(CaseDetails("EV-2", "Sam"), maker.id, "test")
    _recording(store, gone.id, maker, "gone.wav")
    store.erasing.case(gone.id, "test")


def _tables(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    found = MetaData()
    with store.database.read() as connection:
        found.reflect(connection)
        return {
            table.name: [
                {name: _plain(value) for name, value in row._mapping.items()}  # noqa: SLF001 - SQLAlchemy's public way to columns by name
                for row in connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in found.sorted_tables
            if table.name != "alembic_version"
        }


def _plain(value: Any) -> Any:
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


if __name__ == "__main__":
    main()

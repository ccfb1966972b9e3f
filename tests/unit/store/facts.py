"""What a home says, read through the store: the same before and after an upgrade."""

from __future__ import annotations

import hashlib
from typing import Any

from store.cases import CaseDetails
from store.errors import ErasedError
from store.journal import Sighting
from store.store import Store
from store.tables import TEAM
from store.uploads import Upload

DUE = ("received", "probed", "transcribed")


def facts(store: Store) -> dict[str, Any]:
    """Everything that was kept of people and their work, as JSON values."""
    return {
        "people": {
            each.handle: [each.id, each.name, each.role, each.username, each.case_id]
            for each in store.people.all()
        },
        "cases": {each.id: _case(each.details) for each in store.cases.all()},
        "recordings": {each.id: _recording(store, each.id) for each in store.recordings.all()},
        "captures": {each.id: _captured(store, each.id) for each in store.recordings.all()},
        "made": {
            each.id: copies for each in store.recordings.all() if (copies := made(store, each.id))
        },
        "due": sorted(each.id for each in store.recordings.due(DUE)),
        "notes": {each.id: _note(store, each.id) for each in store.notes.all()},
        "openings": [_opening(store, each) for each in store.arrivals.ids()],
        "uploads": [
            _upload(store, each) for p in store.people.all() for each in store.uploads.of(p.id)
        ],
        "files": sorted(_file(each) for each in store.journal.recent()),
        "events": [[e.seq, e.at, e.actor, e.action, e.object] for e in store.audit.events()],
    }


def missing(kept: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Which of the kept facts do not hold now. Events may have been added at the end."""
    ended = len(kept["events"])
    now = {**now, "events": now["events"][:ended]}
    return [name for name, value in kept.items() if now[name] != value]


def _case(details: CaseDetails) -> list[Any]:
    around = [[each.name, each.role] for each in details.people]
    return [details.ref, details.name, details.mosaic_id, around]


def _recording(store: Store, recording_id: str) -> list[Any]:
    found = store.recordings.get(recording_id)
    content = hashlib.sha256(b"".join(store.recordings.open(recording_id))).hexdigest()
    heard = store.recordings.transcript(recording_id)
    details = store.recordings.details(recording_id)
    return [
        found.state,
        found.reason,
        found.kind,
        found.size,
        found.attempts,
        found.note_id,
        found.scope == TEAM,
        [details.name, details.sha256, content],
        None if heard is None else heard.decode(),
    ]


def _captured(store: Store, recording_id: str) -> list[Any]:
    found = store.captures.of(recording_id)
    origin = None if found is None else found.origin
    return [origin, [part.recording.id for part in store.captures.film(recording_id)]]


def _opening(store: Store, arrival_id: str) -> list[Any]:
    found = store.openings.of(arrival_id)
    return [arrival_id, None, ""] if found is None else [arrival_id, found.state, found.words]


def made(store: Store, recording_id: str) -> list[Any]:
    """What was made of a recording to be looked at; homes before there was any are not asked."""
    found = [
        store.makings.open(recording_id, e.kind, e.number) for e in store.makings.of(recording_id)
    ]
    return [[each.kind, each.number, reader.read(0, 99).decode()] for each, reader in found]


def _note(store: Store, note_id: str) -> list[Any]:
    found = store.notes.get(note_id)
    numbers = range(1, found.number + 1)
    return [
        [found.state, found.kind, found.practitioner_id, found.case_id, found.contact_at],
        [store.notes.version(note_id, number).payload.decode() for number in numbers],
        [[each.kind, each.payload.decode()] for each in store.notes.decisions(note_id)],
        [[each.actor_id, each.payload.decode()] for each in store.notes.replies(note_id)],
        list(store.notes.exported_versions(note_id)),
        sorted(each.id for each in store.recordings.of_note(note_id)),
    ]


def _upload(store: Store, found: Upload) -> list[Any]:
    here = b"".join(store.uploads.content(found.id)).decode()
    said = [] if found.details.said is None else [found.details.said.who]
    return [found.id, found.person_id, found.state, found.scope == TEAM, here, said]


def _file(entry: Sighting) -> list[Any]:
    return [entry.path, entry.state, entry.sentence, entry.size, entry.recording_id or ""]


def is_erased(store: Store, case_id: str) -> bool:
    """Whether nothing of a case opens any more."""
    try:
        store.cases.get(case_id)
    except ErasedError:
        return True
    return False

"""A home whose rules are on, and recordings that are done with unless something is the matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from recorder.home import Home
from store.cases import CaseDetails
from store.keepsakes import PICTURE
from store.notes import Note
from store.outward import RECEIVED, Passing
from store.people import Member
from store.records import DRAFTED, TRANSCRIBED, Arrival, Recording
from store.store import Store
from tests.homes import new_home

DAY = 86_400_000
WORDS = b"what was said"

MATTERS = ("held", "maker held", "kept", "unanswered", "emergency", "unsafe")
UNDONE = ("draft", "not exported", "no receipt", "other note")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = new_home(tmp_path / "home", "Test team")
    settings = msgspec.structs.replace(made.settings, retention=True)
    yield replace(made, settings=settings)
    made.close()


Make = Callable[..., Recording]


@pytest.fixture
def make(home: Home) -> Make:
    """Makes a recording of a case of its own, with these things the matter with it."""
    count = iter(range(1000))

    def call(*matters: str, **arrival: str) -> Recording:
        number = next(count)
        store = home.store
        maker = store.people.add(Member("", "practitioner", f"p{number}", "Amara", None), "test")
        case = store.cases.add(CaseDetails(f"EV-{number}", "Jo"), maker.id, "test")
        new = Arrival(case.id, case.id, maker.id, "wav", "audio", "a.wav", 1, "file")
        sealed = store.recordings.seal(case.id, [WORDS + str(number).encode()])
        found, _ = store.recordings.register(sealed, replace(new, **arrival))  # type: ignore[arg-type]
        found = _noted(store, found, matters)
        for matter in matters:
            if matter in _HAPPENS:
                _HAPPENS[matter](store, found)
        return found

    return call


def _noted(store: Store, recording: Recording, matters: tuple[str, ...]) -> Recording:
    by = recording.practitioner_id
    state = "draft" if "draft" in matters else "approved"
    note = Note("", recording.scope, recording.case_id, by, "case_note", "draft", 0, 1, 0)
    with store.database.write() as connection:
        store.recordings.keep_transcript(connection, recording, b"heard")
        store.recordings.advance(connection, recording, TRANSCRIBED)
        note_id = store.notes.create(connection, note, b"{}", None)
    heard, made = store.recordings.get(recording.id), store.notes.get(note_id)
    with store.database.write() as connection:
        store.recordings.advance(connection, heard, DRAFTED, note_id=note_id)
        store.notes.add_version(connection, made, b"{}", by, state)
        if "other note" in matters:  # as one young person's part of a note about several does
            store.notes.create(connection, note, f'{{"x": "{recording.id}"}}'.encode(), None)
    if "not exported" not in matters and "no receipt" not in matters:
        store.passages.add(store.notes.get(note_id), 1, RECEIVED, Passing(2, "4711"), by)
    elif "no receipt" in matters:
        store.notes.exported(note_id, 2, by)
    return store.recordings.get(recording.id)


def note_of(store: Store, recording: Recording) -> Note:
    """The note it was made into."""
    assert recording.note_id is not None
    return store.notes.get(recording.note_id)


def _keep(store: Store, recording: Recording) -> None:
    note = note_of(store, recording)
    store.young.keepsakes.keep("f" * 32, recording.scope, note.id, (PICTURE, recording.id, ""))


def _emergency(store: Store, recording: Recording) -> None:
    store.emergencies.open(recording.scope, recording.practitioner_id, "missing", DAY)


def _unsafe(store: Store, recording: Recording) -> None:
    store.young.calls.make("f" * 32, recording.scope, "unsafe", "", None)


def _say(store: Store, recording: Recording) -> None:
    store.notes.reply(note_of(store, recording), 2, "f" * 32, b"that is not how it was")


def _hold_maker(store: Store, recording: Recording) -> None:
    maker = recording.practitioner_id
    store.own_records.of(maker)
    store.holds.place(maker, "a complaint", "test")


_HAPPENS: dict[str, Callable[[Store, Recording], object]] = {
    "held": lambda store, recording: store.holds.place(recording.scope, "a court", "test"),
    "maker held": _hold_maker,
    "kept": _keep,
    "unanswered": _say,
    "emergency": _emergency,
    "unsafe": _unsafe,
}

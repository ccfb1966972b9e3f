"""A supervision about two young people with its sound, and what one of the two has of it."""

from __future__ import annotations

import io
import struct
import wave
from dataclasses import replace

from recorder.codec import encode
from recorder.review.desk import Desk
from recorder.supervising import file_away
from store.captures import Capture, Chapter, Part
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.records import CHAPTER, DRAFTED, Arrival, Recording
from store.store import Store
from transcribe.model import Contact, Draft, Origin, Source, Statement

RATE = 16_000
SECONDS = 8
SAID = (
    ("header", "Jordan and Kwame, as every month.", 0, 1000),
    ("worry", "Jordan had a knife at school.", 2000, 3500),
    ("worry", "Kwame had a bruise.", 4000, 5000),
    ("wellbeing", "I was worn out.", 6000, 7000),
)


def loudness(second: int) -> int:
    """By which each second of the recording is known again."""
    return 1000 * (second + 1)


def sound() -> bytes:
    """Eight seconds, each of one loudness."""
    found = io.BytesIO()
    with wave.open(found, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        for second in range(SECONDS):
            out.writeframes(struct.pack("<h", loudness(second)) * RATE)
    return found.getvalue()


def parted(store: Store, worker: Member, case: Case, arrival: Arrival) -> tuple[Note, Recording]:
    """The note of `case`, submitted, and the recording, which lies in the worker's own record."""
    came = replace(arrival, kind="audio", media_type="wav", name="talk.wav")
    recording, _ = store.recordings.register(store.recordings.seal(came.scope, [sound()]), came)
    statements = tuple(
        Statement(f"s{n}", section, text, Origin.MACHINE, None, (Source(recording.id, start, end),))
        for n, (section, text, start, end) in enumerate(SAID)
    )
    whole = Note("", case.id, case.id, worker.id, "supervision", "draft", 0, 1_762_362_300_000, 0)
    with store.database.write() as connection:
        payload = encode(Draft("supervision", Contact(), statements))
        whole_id = store.notes.create(connection, whole, payload, None)
        length = {"note_id": whole_id, "length_ms": SECONDS * 1000}
        store.recordings.advance(connection, recording, DRAFTED, **length)
    file_away(store, whole_id)
    desk = Desk(store, worker)
    (made,) = desk.dividing.divide(whole_id, 1, [case.id], ["Kwame"])
    desk.submit(made, store.notes.get(made).number)
    return store.notes.get(made), store.recordings.get(recording.id)


def goes_on(store: Store, first: Recording, start_ms: int) -> Recording:
    """A second file of the film whose first is `first`, from this moment of the whole."""
    came = Arrival(
        scope=first.scope,
        case_id=first.case_id,
        practitioner_id=first.practitioner_id,
        media_type="wav",
        kind=first.kind,
        name="talk2.wav",
        recorded_at=first.recorded_at,
        recorded_from="file",
    )
    made, _ = store.recordings.register(store.recordings.seal(came.scope, [sound(), b"2"]), came)
    one, two = (Capture("container", Chapter("GX0034", n, "", None)) for n in (1, 2))
    with store.database.write() as connection:
        store.captures.keep(connection, first, one)
        store.captures.keep(connection, made, two)
        store.recordings.advance(connection, made, CHAPTER, length_ms=SECONDS * 1000)
        store.captures.start(connection, Part(made, first.id, two), start_ms)
    return store.recordings.get(made.id)

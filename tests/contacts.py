"""Recordings of contacts as they come in, without the sound: what was heard is given."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import count

from recorder import noting
from recorder.codec import decode_draft, encode
from recorder.home import Home
from recorder.pipeline import Work
from recorder.sample import give_codes
from recorder.scheduler import run_stage
from store.cases import Case, CaseDetails
from store.journal import SEALED, Look
from store.notes import Note
from store.people import Member
from store.records import DRAFTED, TRANSCRIBED, Arrival, Recording
from transcribe.engine import Engine
from transcribe.model import Draft, Segment, Transcript, Word

MINUTE = 60_000
NOON = 1_762_344_000_000  # 5 November 2025, a Wednesday, 12:00 in London
NUMBERS = count(1)


def nobody() -> Engine:
    raise AssertionError("nothing is to be heard here")


@dataclass(frozen=True, slots=True)
class Visits:
    """A home with one case, and what comes in for it."""

    home: Home
    practitioner: Member
    case: Case

    def arrive(
        self,
        at: int,
        words: str = "",
        *,
        folder: str = "",
        to: str = "case",
        kind: str | None = None,
        onto: str = "",
    ) -> Recording:
        """A voice note that says `words`, or a picture, as far as it comes before it is drafted.

        `to`: "case", "nobody", or "worker" for what is known to be a supervision.
        """
        store, case_id = self.home.store, self.case.id if to == "case" else None
        scope = case_id or "team"
        if to == "worker":
            scope = store.own_records.of(self.practitioner.id)
        sort, of = ("audio", "wav") if words else ("picture", "jpeg")
        number = next(NUMBERS)
        maker = self.practitioner.id
        arrival = Arrival(
            *(scope, case_id, maker, of, sort, "x", at, "said"), note_kind=kind, onto=onto
        )
        sealed = store.recordings.seal(scope, [f"recording {number}".encode()])
        recording, new = store.recordings.register(sealed, arrival)
        assert new
        path = f"amara/EV-1/{folder}/{number}.x" if folder else f"amara/EV-1/{number}.x"
        look = Look(path, scope, self.practitioner.id, SEALED, 1, recording_id=recording.id)
        store.journal.note(look)
        with store.database.write() as connection:
            if words:
                store.recordings.keep_transcript(connection, recording, encode(_heard(words)))
            store.recordings.advance(connection, recording, TRANSCRIBED)
        return store.recordings.get(recording.id)

    def work_on(self, recording: Recording) -> Recording:
        """Draft it as the scheduler does."""
        assert run_stage(Work(self.home, nobody), recording) == "done"
        return self.home.store.recordings.get(recording.id)

    def come(self, at: int, words: str = "", folder: str = "") -> Recording:
        """A recording that arrives and is drafted."""
        return self.work_on(self.arrive(at, words, folder=folder))

    def draft(self, note: Note | str) -> Draft:
        """What a note says now."""
        found = self.home.store.notes.get(note if isinstance(note, str) else note.id)
        return decode_draft(self.home.store.notes.version(found.id, found.number).payload)

    def check(self) -> None:
        """Every recording is in one note that is current, with each of its statements once."""
        store = self.home.store
        current = {note.id: self.draft(note) for note in store.notes.all()}
        where: Counter[tuple[str, str]] = Counter()
        for note_id, draft in current.items():
            its = {each.id for each in store.recordings.of_note(note_id)}
            assert its, "a current note is made from nothing"
            assert len({each.id for each in draft.statements}) == len(draft.statements)
            for statement in draft.statements:
                for source in statement.sources:
                    if source.recording is not None:
                        assert source.recording in its, "a statement left its recording"
                        where[source.recording, statement.text] += 1
            assert {each.recording for each in draft.left_out} <= its
            assert {each.recording for each in draft.told} <= its
        for recording in store.recordings.all():
            if recording.state == DRAFTED:
                assert recording.note_id in current, "a recording is in no current note"
        assert where == self._first_drafted(), "a statement was lost or doubled"
        assert store.audit.verify() > 0

    def _first_drafted(self) -> Counter[tuple[str, str]]:
        """What each recording said, read again from what was heard."""
        wanted: Counter[tuple[str, str]] = Counter()
        for recording in self.home.store.recordings.all():
            if recording.state != DRAFTED:
                continue
            made, _ = (
                noting._pictured(self.home, recording)
                if recording.kind == "picture"
                else noting._told(self.home, recording)
            )
            wanted.update((recording.id, each.text) for each in made.statements)
        return wanted


def furnish(home: Home) -> Visits:
    """A practitioner, her supervisor and a case, in a new home."""
    give_codes(home)
    maker = home.store.people.add(Member("", "practitioner", "amara", "Amara Cole", None), "test")
    case = home.store.cases.add(CaseDetails("EV-1", "Jordan", "900001", ()), maker.id, "test")
    return Visits(home, maker, case)


def _heard(words: str) -> Transcript:
    spoken = words.split()
    timed = tuple(
        Word(place * 300, place * 300 + 280, f" {each}", 0.9) for place, each in enumerate(spoken)
    )
    segment = Segment(0, len(spoken) * 300, words, words=timed)
    return Transcript("test", "0" * 64, "en", {}, len(spoken) * 300, (segment,))

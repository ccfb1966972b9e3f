"""The page to read: what happens to a recording, stage by stage.

    synced folder -> receive -> probe -> transcribe -> draft -> review -> share -> export

`recorder.intake.receive` takes a file in: sealed, verified, registered; only then may the source
go. From there a recording's state says what is due, and `STAGES` says who does it. A stage reads
what is sealed and commits its result together with the next state in one transaction, so a stage
that is killed or runs twice takes effect once. What follows is people's work: `recorder.review`
and `recorder.export`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from recorder import gathering, hearing, noting, supervising
from recorder.errors import Stopping
from recorder.home import Home
from store.records import DRAFTED, GATHERING, PROBED, RECEIVED, TRANSCRIBED, Recording
from transcribe.engine import Engine
from transcribe.voices import Telling


@dataclass(frozen=True, slots=True)
class Work:
    """What a stage works with."""

    home: Home
    engine: Callable[[], Engine]  # loads the model on first use
    progress: Callable[[int], None] = lambda _: None  # called with the ms of sound heard so far
    # Asked where a stage can be left and taken up again; Stopping is raised if the answer is yes.
    stopping: Callable[[], bool] = lambda: False
    # Tells voices apart; loads its models on first use. None: nothing here can.
    telling: Callable[[], Telling | None] = lambda: None
    # How many people speak, where somebody said so.
    speakers: int | None = None
    # Hears with care what is worth it; None: nothing is heard otherwise than the rest.
    careful: Callable[[], Engine] | None = None

    def hears(self, recording: Recording) -> Callable[[], Engine]:
        """What hears this recording."""
        if self.careful is None or not hearing.with_care(self.home.settings, recording):
            return self.engine
        return self.careful

    def between(self, heard_ms: int) -> None:
        """Between two windows of sound: say how far it is, and see whether to stop here."""
        self.progress(heard_ms)
        self.leave_off()

    def leave_off(self) -> None:
        """Stopping, if that was asked for."""
        if self.stopping():
            raise Stopping


def probe(work: Work, recording: Recording) -> None:
    """Is there something to work on, when was it made, and may it be worked on?"""
    store, found = work.home.store, hearing.examine(work.home, recording)
    alone = found.capture.chapter is None
    kind = str(found.columns["kind"])
    state = gathering.ready(work.home, recording, kind) if alone else GATHERING
    with store.database.write() as connection:
        store.recordings.advance(connection, recording, state, **found.columns)
        store.captures.keep(connection, recording, found.capture)


def gather(work: Work, recording: Recording) -> None:
    """The chapters of a film to one recording; it may have to wait for some of them."""
    gathering.gather(work.home, recording)


def transcribe(work: Work, recording: Recording) -> None:
    """Sound to words; a picture has none. A chapter that does not decode is left behind."""
    store = work.home.store
    try:
        heard = hearing.hear(
            work.home,
            recording,
            work.hears(recording),
            work.between,
            work.telling,
            work.speakers,
        )
    except hearing.BrokenChapterError as broken:
        gathering.go_without(work.home, broken.part, broken.reason)
        raise Stopping from broken
    with store.database.write() as connection:
        if heard is not None:
            store.recordings.keep_transcript(connection, recording, heard.transcript)
            store.hearings.forget(connection, recording.id)
            for part, start_ms in heard.starts:
                store.captures.start(connection, part, start_ms)
        store.recordings.advance(connection, recording, TRANSCRIBED)


def draft(work: Work, recording: Recording) -> None:
    """Words to a note under its headings; a picture joins the note of its visit.

    What a young person says or draws beside a note stays as it is: nothing is made of it.
    """
    store = work.home.store
    if store.recordings.details(recording.id).said_by:
        with store.database.write() as connection:
            store.recordings.advance(connection, recording, DRAFTED)
        return
    composed = noting.compose(work.home, recording, work.leave_off)
    with work.home.store.database.write() as connection:
        note_id = noting.keep(work.home.store, connection, composed)
        work.home.store.recordings.advance(connection, recording, DRAFTED, note_id=note_id)
        work.home.store.captures.in_note(connection, recording.id, note_id)
    supervising.file_away(work.home.store, note_id)


STAGES: dict[str, Callable[[Work, Recording], None]] = {
    RECEIVED: probe,
    GATHERING: gather,
    PROBED: transcribe,
    TRANSCRIBED: draft,
}
"""What is due for a recording in each state."""

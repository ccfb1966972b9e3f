"""What Recorder does with a home, a stage at a time, to be tried on a machine that fails."""

from __future__ import annotations

import hashlib
import io
import wave
from abc import ABC, abstractmethod
from concurrent.futures import Future
from pathlib import Path

from recorder.export.leaving import export
from recorder.home import Home, open_home
from recorder.intake.receive import watcher
from recorder.pipeline import STAGES, Work
from recorder.review.desk import Desk
from recorder.sample import give_codes
from recorder.scheduler import Scheduler, work_through
from store.cases import CaseDetails
from store.custody import Custody
from store.keystore import KeyStore
from store.people import Member
from store.records import DRAFTED, PROBED, RECEIVED, TRANSCRIBED
from store.wrappers.keyfile import KeyFile
from tests.crash.victim import Digesting

_MOST = 6  # stages that anything takes


def _sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(range(256)) * 100)
    return out.getvalue()


SOURCE = _sound()


class Here:
    """One worker, in this thread; it opens the home for every job, as a worker process does."""

    room = 1

    def __init__(self, home: Home) -> None:
        self._folder = home.folder

    def submit(self, recording_id: str) -> Future[str]:
        done: Future[str] = Future()
        try:
            home = open_home(self._folder)
            try:
                done.set_result(work_through(Work(home, Digesting), recording_id))
            finally:
                home.store.database.engine.dispose()
        except Exception as error:  # noqa: BLE001 - what a pool does with it
            if not done.done():
                done.set_exception(error)
        return done

    def close(self) -> None:
        pass


class Stage(ABC):
    """One thing that Recorder does."""

    def prepare(self, home: Home) -> None:
        """Bring a home with one voice note in its folder to where the stage begins."""
        looking = watcher(home)
        for _ in range(3):
            looking.look()

    @abstractmethod
    def attempt(self, home: Home) -> None:
        """Do it, as the program does it; errors that the program's loops catch are caught."""

    @abstractmethod
    def finished(self, home: Home) -> bool:
        """Whether it was done."""


class Receive(Stage):
    def prepare(self, home: Home) -> None:
        pass

    def attempt(self, home: Home) -> None:
        looking = watcher(home)
        for _ in range(3):
            looking._look_or_log()

    def finished(self, home: Home) -> bool:
        files = [path for path in home.settings.intake.rglob("*") if path.is_file()]
        return len(home.store.recordings.all()) == 1 and not files


class Working(Stage):
    """The stages of a recording, from one of them on."""

    def __init__(self, state: str) -> None:
        self._state = state

    def prepare(self, home: Home) -> None:
        super().prepare(home)
        (recording,) = home.store.recordings.all()
        while recording.state != self._state:
            STAGES[recording.state](Work(home, Digesting), recording)
            (recording,) = home.store.recordings.all()

    def attempt(self, home: Home) -> None:
        working = Scheduler(home, Here(home))
        working._look_or_log()
        working._look_or_log()  # collects what the first look submitted

    def finished(self, home: Home) -> bool:
        return [each.state for each in home.store.recordings.all()] == [DRAFTED]


class Noted(Working):
    """What people do with a note; it begins where a note is drafted."""

    def __init__(self) -> None:
        super().__init__(DRAFTED)

    def attempt(self, home: Home) -> None:
        (note,) = home.store.notes.all()
        if note.number == 1:
            said = [("what_happened", "We met at the station.")]
            Desk(home.store, _maker(home)).save(note.id, 1, {}, said)

    def finished(self, home: Home) -> bool:
        (note,) = home.store.notes.all()
        return note.number == 2


class Exported(Working):
    def __init__(self) -> None:
        super().__init__(DRAFTED)

    def prepare(self, home: Home) -> None:
        super().prepare(home)
        (note,) = home.store.notes.all()
        other = home.store.people.add(Member("", "supervisor", "ruth", "Ruth", None), "test")
        Desk(home.store, _maker(home)).submit(note.id, 1)
        Desk(home.store, other).approve(note.id, 1)

    def attempt(self, home: Home) -> None:
        export(home, home.settings.export / "pack", "test")

    def finished(self, home: Home) -> bool:
        (note,) = home.store.notes.all()
        return bool(home.store.notes.exported_versions(note.id))


class Signed(Stage):
    def attempt(self, home: Home) -> None:
        home.store.audit.checkpoint(home.settings.checkpoints)

    def finished(self, home: Home) -> bool:
        return len(list(home.settings.checkpoints.glob("*"))) == 1


class Rotated(Stage):
    def attempt(self, home: Home) -> None:
        keys, store = KeyFile(home.settings.keys), KeyStore(home.settings.keys)
        anew = open_home(home.folder)
        try:
            custody = Custody(anew.store.database, store, {KeyFile.kind: keys})
            custody.settle()
            custody.rotate(
                anew.store.audit,
                lambda wrapped: [(keys, entry.params) for entry in wrapped.entries],
                None,
                "test",
            )
        finally:
            anew.close()

    def finished(self, home: Home) -> bool:
        return "root key rotated" in {event.action for event in home.store.audit.events()}


class Opened(Stage):
    """A home opened anew and closed, as every command does."""

    def attempt(self, home: Home) -> None:
        open_home(home.folder).close()

    def finished(self, home: Home) -> bool:
        return bool(home.store.people.all())


STAGES_TRIED: dict[str, Stage] = {
    "receive": Receive(),
    "probe": Working(RECEIVED),
    "transcribe": Working(PROBED),
    "draft": Working(TRANSCRIBED),
    "save": Noted(),
    "export": Exported(),
    "checkpoint": Signed(),
    "rotate": Rotated(),
    "open": Opened(),
}


def furnish(home: Home) -> None:
    """A case, its practitioner, and a voice note in the folder."""
    give_codes(home)
    maker = home.store.people.add(Member("", "practitioner", "amara", "Amara Cole", None), "test")
    home.store.cases.add(CaseDetails("EV-1", "Jordan", "900001", ()), maker.id, "test")
    folder = home.settings.intake / "amara" / "EV-1"
    folder.mkdir(parents=True)
    (folder / "note.wav").write_bytes(SOURCE)


def whole(home: Home) -> None:
    """The voice note is in the folder or in the store, unharmed, and the log verifies."""
    home.store.audit.verify()
    assert home.store.strays.lost() == []
    wanted = hashlib.sha256(SOURCE).digest()
    sources = [path.read_bytes() for path in home.settings.intake.rglob("*.wav")]
    stored = [b"".join(home.store.recordings.open(each.id)) for each in home.store.recordings.all()]
    assert {hashlib.sha256(each).digest() for each in (*sources, *stored)} == {wanted}
    assert len(stored) <= 1


def _maker(home: Home) -> Member:
    return home.store.people.by_handle("amara")


def template(folder: Path, stage: Stage) -> Path:
    """A closed home where the stage begins."""
    home = open_home(folder)
    stage.prepare(home)
    home.close()
    return folder

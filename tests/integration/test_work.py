"""Work on recordings that is cut off, paused, cancelled and taken up again."""

from __future__ import annotations

import errno
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from recorder import models
from recorder.codec import decode_transcript
from recorder.hearing import hear
from recorder.home import Home
from recorder.intake.receive import watcher
from recorder.pipeline import STAGES, Work
from recorder.retrying import MAX_TRIES
from recorder.review.desk import Desk
from recorder.sample import Team, drop
from recorder.scheduler import Scheduler, run_stage, work_off, work_through
from recorder.status import tasks
from store.agreements import Said
from store.errors import TamperedError
from store.records import (
    AGREEMENT_NEEDED,
    DRAFTED,
    PROBED,
    QUARANTINED,
    RECEIVED,
    Arrival,
    Recording,
)
from store.switches import PAUSED
from tests.ear import Ear
from transcribe.clips import Cutting
from transcribe.engine import Engine, FasterWhisper, Options


@pytest.fixture(scope="module")
def in_windows(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Hears a third of a minute at a time, so that the sample has several windows."""
    found = models.folder("base", tmp_path_factory.mktemp("models"))
    options = Options(cutting=Cutting(window=20.0))
    return FasterWhisper(found.path, name=found.name, sha256=found.sha256, options=options)


@pytest.fixture
def voice(home: Home, team: Team) -> Recording:
    """The sample's voice note, taken in."""
    drop(home, team)[1].unlink()
    folder = watcher(home)
    for _ in range(4):
        folder.look()
    (recording,) = home.store.recordings.all()
    return recording


def test_a_hearing_that_was_cut_off_goes_on_to_the_same_words(
    home: Home, voice: Recording, in_windows: Engine
) -> None:
    heard: list[int] = []
    cut = Work(home, lambda: in_windows, heard.append, stopping=lambda: len(heard) == 2)
    assert work_through(cut, voice.id) == "left"
    assert len(home.store.hearings.of(voice.id)) == 2
    (task,) = tasks(home)
    assert (task.stage, task.heard_ms, task.attempts) == (PROBED, heard[-1], 0)

    resumed: list[int] = []
    assert work_through(Work(home, lambda: in_windows, resumed.append), voice.id) == "done"
    assert min(resumed) > max(heard)
    assert home.store.hearings.of(voice.id) == []
    finished = home.store.recordings.get(voice.id)
    assert finished.state == DRAFTED
    uninterrupted = hear(home, finished, lambda: in_windows, lambda _: None)
    assert uninterrupted is not None
    assert home.store.recordings.transcript(voice.id) == uninterrupted.transcript


def test_parts_that_were_heard_in_another_way_are_not_built_upon(
    home: Home, voice: Recording, in_windows: Engine, engine: Engine
) -> None:
    work_through(Work(home, lambda: in_windows, stopping=lambda: True), voice.id)
    assert len(home.store.hearings.of(voice.id)) == 1
    assert work_through(Work(home, lambda: engine), voice.id) == "done"
    finished = home.store.recordings.get(voice.id)
    uninterrupted = hear(home, finished, lambda: engine, lambda _: None)
    assert uninterrupted is not None
    assert home.store.recordings.transcript(voice.id) == uninterrupted.transcript


def test_a_recording_that_is_cancelled_is_left_at_the_next_window(
    home: Home, voice: Recording, in_windows: Engine
) -> None:
    def cancel(_heard: int) -> None:
        home.store.recordings.cancel(voice.id, "amara")

    assert work_through(Work(home, lambda: in_windows, cancel), voice.id) == "left"
    aside = home.store.recordings.get(voice.id)
    assert (aside.state, aside.reason) == (QUARANTINED, "Cancelled")
    assert tasks(home) == []


class Slots:
    """Workers that take their time, and say what they were given."""

    def __init__(self, home: Home, fails: int = 0) -> None:
        self.given: list[str] = []
        self.release = threading.Event()
        self._home, self._fails = home, fails
        self._threads = ThreadPoolExecutor(self.room)

    @property
    def room(self) -> int:
        return 2

    def submit(self, recording_id: str) -> Future[str]:
        self.given.append(recording_id)
        return self._threads.submit(self._work, recording_id)

    def _work(self, recording_id: str) -> str:
        self.release.wait()
        if self._fails:
            self._fails -= 1
            raise RuntimeError("the worker was lost")
        recording = self._home.store.recordings.get(recording_id)
        with self._home.store.database.write() as connection:
            self._home.store.recordings.advance(connection, recording, DRAFTED)
        return "done"

    def close(self) -> None:
        self.release.set()
        self._threads.shutdown()


@pytest.fixture
def queue(home: Home, team: Team) -> list[str]:
    """Three short voice notes that wait, smallest first."""
    waiting = []
    for number in (1, 2, 3):
        sealed = home.store.recordings.seal(team.case.id, [bytes(number * 1000)])
        arrival = Arrival(
            scope=team.case.id,
            case_id=team.case.id,
            practitioner_id=team.practitioner.id,
            media_type="wav",
            kind="audio",
            name="note.wav",
            recorded_at=1_762_362_300_000,
            recorded_from="file",
        )
        waiting.append(home.store.recordings.register(sealed, arrival)[0].id)
    return waiting


def finish(scheduler: Scheduler, home: Home) -> None:
    """Let the scheduler run until nothing is due."""
    stop = threading.Event()
    thread = threading.Thread(target=scheduler.run, args=(stop, 0.05))
    thread.start()
    while home.store.recordings.all(RECEIVED, PROBED):
        stop.wait(0.05)
    stop.set()
    thread.join()


def test_no_more_is_given_out_than_there_is_room_for(home: Home, queue: list[str]) -> None:
    slots = Slots(home)
    scheduler = Scheduler(home, slots)
    scheduler.look()
    scheduler.look()
    assert slots.given == queue[:2]
    slots.release.set()
    finish(scheduler, home)
    assert slots.given == queue


def test_nothing_is_started_while_paused(home: Home, queue: list[str]) -> None:
    home.store.switches.turn_on(PAUSED, "amara")
    slots = Slots(home)
    slots.release.set()
    Scheduler(home, slots).look()
    assert slots.given == []
    home.store.switches.turn_off(PAUSED, "amara")
    finish(Scheduler(home, slots), home)
    assert slots.given == queue


def test_a_lost_worker_costs_a_try_and_nobody_elses_work(
    home: Home, queue: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recorder.retrying._FIRST_WAIT_MS", 0)
    slots = Slots(home, fails=2)
    slots.release.set()
    finish(Scheduler(home, slots), home)
    assert sorted(set(slots.given)) == sorted(queue)
    assert len(slots.given) == len(queue) + 2
    assert {each.state for each in home.store.recordings.all()} == {DRAFTED}


class NoRoomAtFirst(Slots):
    """The machine can start no process the first time."""

    def submit(self, recording_id: str) -> Future[str]:
        if not self.refused:
            self.refused = True
            raise OSError(errno.EMFILE, "too many open files")
        return super().submit(recording_id)

    refused = False


def test_a_machine_that_can_start_no_worker_is_waited_out(home: Home, queue: list[str]) -> None:
    slots = NoRoomAtFirst(home)
    slots.release.set()
    stop = threading.Event()
    thread = threading.Thread(target=Scheduler(home, slots).run, args=(stop, 0.05))
    thread.start()
    while thread.is_alive() and home.store.recordings.all(RECEIVED, PROBED):
        stop.wait(0.05)
    assert thread.is_alive()
    stop.set()
    thread.join()
    assert sorted(slots.given) == sorted(queue)


def test_a_poisoned_recording_is_set_aside_and_the_others_are_drafted(
    home: Home, queue: list[str], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recorder.retrying._FIRST_WAIT_MS", 0)
    poison = queue[0]

    def stage(work: Work, recording: Recording) -> None:
        if recording.id == poison:
            raise ValueError("words from a recording")
        _finish(work, recording)

    monkeypatch.setitem(STAGES, RECEIVED, stage)
    work_off(Work(home, lambda: engine))
    states = {each.id: each.state for each in home.store.recordings.all()}
    assert states == dict.fromkeys(queue[1:], DRAFTED) | {poison: QUARANTINED}
    home.store.recordings.retry(poison, "amara")
    monkeypatch.setitem(STAGES, RECEIVED, _finish)
    work_off(Work(home, lambda: engine))
    assert home.store.recordings.get(poison).state == DRAFTED


def test_tries_that_failed_by_the_machines_fault_are_not_held_against_a_recording(
    home: Home, queue: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recorder.retrying._FIRST_WAIT_MS", 0)
    work = Work(home, lambda: pytest.fail("nothing is heard"))
    fails: list[Exception] = [OSError(errno.ENOSPC, "full")] * (MAX_TRIES + 1)
    fails += [TamperedError("changed", queue[0])] * MAX_TRIES

    def stage(_work: Work, _recording: Recording) -> None:
        raise fails.pop(0)

    monkeypatch.setitem(STAGES, RECEIVED, stage)
    said = [run_stage(work, home.store.recordings.get(queue[0])) for _ in list(fails)]
    assert said == ["postponed"] * (2 * MAX_TRIES) + ["quarantined"]
    assert home.store.recordings.get(queue[0]).reason == "TooManyTries"


def _finish(work: Work, recording: Recording) -> None:
    with work.home.store.database.write() as connection:
        work.home.store.recordings.advance(connection, recording, DRAFTED)


def test_a_film_is_written_down_only_once_somebody_agreed(
    home: Home, team: Team, brief: Path, settle: Callable[[], None]
) -> None:
    film = brief.with_suffix(".mp4")
    argv = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=size=64x48:rate=5", "-i"]
    argv += [str(brief), "-shortest", "-pix_fmt", "yuv420p", str(film)]
    subprocess.run(argv, check=True)
    brief.unlink()
    settle()
    (recording,) = home.store.recordings.all()
    assert recording.state == AGREEMENT_NEEDED
    said = Said("Jordan", "They said so on the recording", "today")
    home.store.agreements.give(recording, said, team.practitioner.id)
    settle()
    assert home.store.recordings.get(recording.id).state == DRAFTED


def test_what_people_put_right_is_a_hint_for_what_is_heard_next(
    home: Home, team: Team, voice: Recording
) -> None:
    work_through(Work(home, Ear), voice.id)
    finished = home.store.recordings.get(voice.id)
    assert "Osterley" not in str(_hints(home, finished))
    Desk(home.store, team.practitioner).transcripts.put_right(voice.id, 0, 0, "We met in Osterley.")
    assert "I mentioned met in Osterley." in str(_hints(home, finished))


def test_every_term_of_the_team_is_told_of_whether_the_hints_have_room_for_it_or_not(
    home: Home, voice: Recording
) -> None:
    glossary = tuple(f"place number {at}" for at in range(60))
    settings = msgspec.structs.replace(home.settings, glossary=glossary)
    crowded = replace(home, settings=settings)
    hints, terms = (str(_told(crowded, voice, what)) for what in ("hotwords", "terms"))
    assert "Lavender Hill" not in hints
    assert "place number 9" in hints
    assert {"place number 59", "Lavender Hill"} <= set(terms.split(", "))


def _hints(home: Home, recording: Recording) -> object:
    return _told(home, recording, "hotwords")


def _told(home: Home, recording: Recording, what: str) -> object:
    heard = hear(home, recording, Ear, lambda _: None)
    assert heard is not None
    return decode_transcript(heard.transcript).parameters[what]

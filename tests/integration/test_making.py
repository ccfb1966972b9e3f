"""Copies to be looked at, made beside the way to a note: once, sealed, and at nobody's cost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy import delete, update

from recorder import making
from recorder.errors import DamagedPicture, NotMade, SandboxFailed, Stalled, sentence_for
from recorder.home import Home
from recorder.making import Copies, make_or_wait
from recorder.media import film, picture, reading, straighten
from recorder.media.index import index_of, unpacked
from recorder.pipeline import Work
from recorder.sample import Team
from recorder.scheduler import Scheduler, work_off
from recorder.workers import Pool
from recorder.workers import making as job
from store.derived import (
    COPY,
    FAILED,
    INDEX,
    MADE,
    PEAKS,
    POSTER,
    PROXY,
    STRAIGHTENED,
    THUMBNAIL,
    WAITING,
    Making,
)
from store.records import DRAFTED, QUARANTINED, Arrival, Recording
from store.switches import PAUSED
from store.tables import derived, makings
from tests.integration.test_media_film import H264, TONE, pictures
from tests.integration.test_media_sound import ffmpeg


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    ffmpeg(*TONE, *pictures("320x240", 10, 4), *H264, str(path))
    return path.read_bytes()


def recorded(
    home: Home, team: Team, content: bytes, kind: str = "video", state: str = DRAFTED
) -> Recording:
    media_type = {"video": "mp4", "picture": "jpeg", "audio": "wav"}[kind]
    arrival = Arrival(
        team.case.id, team.case.id, team.practitioner.id, media_type, kind, "x", 1, "file"
    )
    sealed = home.store.recordings.seal(team.case.id, [content])
    found, _ = home.store.recordings.register(sealed, arrival)
    with home.store.database.write() as connection:
        home.store.recordings.advance(connection, found, state)
    return home.store.recordings.get(found.id)


@pytest.fixture
def seen(home: Home, team: Team, shot: bytes) -> Recording:
    """A film whose note was drafted."""
    return recorded(home, team, shot)


@pytest.fixture
def drawing(home: Home, team: Team) -> Recording:
    content = Path(__file__).parents[2] / "recorder" / "sample" / "drawing.jpg"
    return recorded(home, team, content.read_bytes(), "picture")


def never() -> bool:
    return False


def kinds(home: Home, recording: Recording) -> list[tuple[str, int]]:
    return [(each.kind, each.number) for each in home.store.makings.of(recording.id)]


def whole(home: Home) -> None:
    """Every copy opens, no blob is without a row, and the log verifies."""
    assert [look.fault for look in home.store.inventory.made(deep=True) if look.fault] == []
    assert home.store.strays.orphans() == set()
    assert home.store.strays.lost() == []
    home.store.audit.verify()


def test_of_a_film_a_version_that_plays_and_frames_are_made(home: Home, seen: Recording) -> None:
    assert make_or_wait(home, seen.id, never) == "done"
    found = kinds(home, seen)
    assert found[-1] == (PROXY, 1)
    assert {kind for kind, _ in found[:-1]} == {PEAKS, POSTER}
    made, reader = home.store.makings.open(seen.id, PROXY)
    assert (made.details.media_type, made.details.width, made.details.height) == (
        *("video/mp4", 320),
        240,
    )
    assert film.size(reader) == (320, 240)
    assert make_or_wait(home, seen.id, never) == "left"
    assert Copies().due(home) == []
    whole(home)


def test_of_a_film_of_several_stretches_an_index_is_kept_with_it(
    home: Home, team: Team, tmp_path: Path
) -> None:
    path = tmp_path / "long.mp4"
    ffmpeg(*pictures("64x48", 25, 6), *H264, str(path))
    seen = recorded(home, team, path.read_bytes())
    assert make_or_wait(home, seen.id, never) == "done"
    assert (INDEX, 1) in kinds(home, seen)
    (_, kept), (_, made) = (home.store.makings.open(seen.id, kind) for kind in (INDEX, PROXY))
    assert unpacked(kept.read(0, kept.size)) == index_of(made)
    whole(home)


def test_of_sound_a_picture_of_it_is_made(home: Home, team: Team, tmp_path: Path) -> None:
    path = tmp_path / "tone.wav"
    ffmpeg(*TONE, "-t", "2", str(path))
    heard = recorded(home, team, path.read_bytes(), "audio")
    assert heard.id in {each.id for each in Copies().due(home)}
    assert make_or_wait(home, heard.id, never) == "done"
    assert kinds(home, heard) == [(PEAKS, 1)]
    _, reader = home.store.makings.open(heard.id, PEAKS)
    drawn = reader.read(0, reader.size)
    assert abs(int.from_bytes(drawn[:4], "little") - 2000) <= 50
    assert len(drawn) == 4 + 20
    assert min(drawn[5:-1]) > 0
    whole(home)


def test_of_an_old_film_only_the_picture_of_its_sound_is_made(
    home: Home, seen: Recording, team: Team, tmp_path: Path
) -> None:
    silent = tmp_path / "silent.mp4"
    ffmpeg(*pictures("320x240", 10, 1), *H264, str(silent))
    mute = recorded(home, team, silent.read_bytes())
    for film_ in (seen, mute):
        assert make_or_wait(home, film_.id, never) == "done"
    assert PEAKS not in {kind for kind, _ in kinds(home, mute)}
    before = {each.id for each in home.store.makings.of(seen.id) if each.kind != PEAKS}
    with home.store.database.write() as connection:  # as one of an older version
        connection.execute(delete(derived).where(derived.c.kind == PEAKS))
        connection.execute(update(makings).values(state=WAITING, attempts=0, next_try_at=0))
    for film_ in (seen, mute):
        assert make_or_wait(home, film_.id, never) == "done"
    after = {each.id: each.kind for each in home.store.makings.of(seen.id)}
    assert before < after.keys()
    assert [kind for id_, kind in after.items() if id_ not in before] == [PEAKS]
    assert PEAKS not in {kind for kind, _ in kinds(home, mute)}
    assert Copies().due(home) == []


def test_a_film_whose_colours_are_not_as_they_were_is_marked(
    home: Home, seen: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film, "light_of", lambda *_: film.Light("smpte2084", toned=False))
    assert make_or_wait(home, seen.id, never) == "done"
    made, _ = home.store.makings.open(seen.id, PROXY)
    assert made.details.pale
    home.store.makings.again(seen.id, "test")
    monkeypatch.undo()
    assert make_or_wait(home, seen.id, never) == "done"
    assert not home.store.makings.open(seen.id, PROXY)[0].details.pale


def test_of_a_picture_copies_are_made_and_of_a_whole_sheet_the_sheet_alone(
    home: Home, drawing: Recording
) -> None:
    assert make_or_wait(home, drawing.id, never) == "done"
    assert kinds(home, drawing) == [(COPY, 1), (STRAIGHTENED, 1), (THUMBNAIL, 1)]
    _, copy = home.store.makings.open(drawing.id, COPY)
    made = picture.derive(home.store.recordings.open(drawing.id).read(0, 10**8))
    assert copy.read(0, copy.size) == made.jpeg
    whole(home)


def test_a_film_that_cannot_be_shown_stays_as_well_as_it_was(
    home: Home, team: Team, shot: bytes
) -> None:
    spoiled = recorded(home, team, shot[:5000])
    assert make_or_wait(home, spoiled.id, never) == "given up"
    assert home.store.makings.standing(spoiled.id) == Making(FAILED, "NotMade", 1)
    assert sentence_for("NotMade") == NotMade.default
    assert home.store.recordings.get(spoiled.id) == spoiled
    assert Copies().due(home) == []
    whole(home)


@pytest.mark.parametrize(
    ("error", "state"), [(SandboxFailed(), WAITING), (OSError(28, "full"), WAITING)]
)
def test_what_the_machine_cannot_do_now_is_tried_again_later(
    home: Home,
    seen: Recording,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    state: str,
) -> None:
    """After the film itself was sealed, so that there is something to be taken back."""

    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(film, "posters", fails)
    assert make_or_wait(home, seen.id, never) == "postponed"
    standing = home.store.makings.standing(seen.id)
    assert standing is not None
    assert standing.state == state
    assert Copies().due(home) == []  # not yet
    whole(home)
    monkeypatch.undo()
    with home.store.database.write() as connection:
        connection.exec_driver_sql("UPDATE makings SET next_try_at = 0")
    assert [each.id for each in Copies().due(home)] == [seen.id]
    assert make_or_wait(home, seen.id, never) == "done"


def test_what_fails_again_and_again_is_left(
    home: Home, seen: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(film, "proxy", fails)
    said = [make_or_wait(home, seen.id, never) for _ in range(5)]
    assert said == [*["postponed"] * 4, "given up"]
    whole(home)


@pytest.mark.parametrize("error", [Stalled(), DamagedPicture()])
def test_a_suggestion_that_cannot_be_had_keeps_back_no_copy(
    home: Home, drawing: Recording, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails(_jpeg: bytes) -> None:
        raise error

    monkeypatch.setattr(straighten, "straighten", fails)
    monkeypatch.setattr(reading, "words_on", fails)
    assert make_or_wait(home, drawing.id, never) == "done"
    assert kinds(home, drawing) == [(COPY, 1), (THUMBNAIL, 1)]


def test_being_stopped_leaves_nothing_behind_and_all_to_do(home: Home, seen: Recording) -> None:
    assert make_or_wait(home, seen.id, lambda: True) == "left"
    assert [each.id for each in Copies().due(home)] == [seen.id]
    assert home.store.makings.standing(seen.id) is None
    whole(home)


def test_a_film_in_which_nobody_spoke_is_shown_once_it_was_agreed_to(
    home: Home, team: Team, shot: bytes
) -> None:
    """NoSound is found before anybody is asked; NoSpeech after."""
    for reason, ask, due in (
        ("NoSpeech", ("video",), True),
        ("NoSound", ("video",), False),
        ("NoSound", (), True),
        ("DamagedPicture", (), False),
    ):
        silent = recorded(home, team, shot + reason.encode() + str(ask).encode())
        home.store.recordings.quarantine(silent, reason)
        asking = replace(home, settings=structs.replace(home.settings, agreement=ask))
        assert (silent.id in {each.id for each in Copies().due(asking)}) == due
        assert home.store.recordings.get(silent.id).state == QUARANTINED


def test_a_draft_never_waits_for_copies(home: Home, team: Team, seen: Recording) -> None:
    """The way to a note has its own queue and workers; neither looks at the other's."""
    assert seen.id not in {each.id for each in home.store.recordings.all("received", "probed")}
    assert work_off(Work(home, lambda: pytest.fail("nothing is due"))) == 0
    assert [each.id for each in Copies().due(home)] == [seen.id]
    assert team.case.id == seen.case_id


def test_workers_of_their_own_make_what_is_due(
    home: Home, seen: Recording, drawing: Recording
) -> None:
    pool = Pool(home, job, 1)
    stop = threading.Event()
    going = threading.Thread(target=Scheduler(home, pool, queue=Copies()).run, args=(stop, 0.1))
    going.start()
    try:
        for _ in range(1200):
            if home.store.makings.any(seen.id) and home.store.makings.any(drawing.id):
                break
            stop.wait(0.1)
    finally:
        stop.set()
        going.join()
    states = [home.store.makings.standing(each.id) for each in (seen, drawing)]
    assert states == [Making(MADE, None, 1)] * 2
    whole(home)


_POOL = """
import sys, time
from pathlib import Path
from recorder.home import open_home
from recorder.workers import Pool

def whoami(_):
    import os
    return str(os.getpid())

if __name__ == "__main__":
    home = open_home(Path(sys.argv[1]))
    pool = Pool(home, whoami, 1)
    print(pool.submit("x").result(), flush=True)
    time.sleep(600)
"""


def test_a_worker_ends_with_whoever_started_it(home: Home, tmp_path: Path) -> None:
    script = tmp_path / "starts_a_pool.py"
    script.write_text(_POOL, encoding="utf-8")
    argv = [sys.executable, str(script), str(home.folder)]
    child = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    worker = Path("/proc", child.stdout.readline().strip())
    assert worker.is_dir()
    child.kill()
    child.wait()
    child.stdout.close()
    for _ in range(600):
        if not worker.exists():
            break
        threading.Event().wait(0.1)
    assert not worker.exists()


_NO_MEANS = """
import os, resource, sys
from pathlib import Path
from recorder.home import open_home
from recorder.workers import Pool

if __name__ == "__main__":
    pool = Pool(open_home(Path(sys.argv[1])), print, 1)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    few = len(os.listdir("/proc/self/fd"))
    for more in range(20):
        resource.setrlimit(resource.RLIMIT_NOFILE, (few + more, hard))
        try:
            pool.submit("refused")
        except OSError:
            continue
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        break
    pool.submit("given").result()
    pool.close()
"""


def test_what_a_pool_could_not_start_does_not_stay_behind_in_it(home: Home, tmp_path: Path) -> None:
    script = tmp_path / "has_no_means.py"
    script.write_text(_NO_MEANS, encoding="utf-8")
    argv = [sys.executable, str(script), str(home.folder)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    # The first that went through is the last word of the loop; whatever failed before left nothing.
    assert done.stdout.split() == ["refused", "given"]


class _Lost:
    """Workers of which each dies."""

    room = 1

    def submit(self, _recording_id: str) -> Future[str]:
        done: Future[str] = Future()
        done.set_exception(OSError(9, "the worker is gone"))
        return done

    def close(self) -> None:
        pass


def test_a_lost_worker_counts_as_a_try(home: Home, seen: Recording) -> None:
    scheduler = Scheduler(home, _Lost(), queue=Copies())
    scheduler.look()
    scheduler.look()
    standing = home.store.makings.standing(seen.id)
    assert standing is not None
    assert (standing.state, standing.reason, standing.attempts) == (WAITING, "MachineFault", 1)
    assert home.store.recordings.get(seen.id) == seen


def test_nothing_is_begun_while_work_is_paused(home: Home, seen: Recording) -> None:
    home.store.switches.turn_on(PAUSED, "test")
    scheduler = Scheduler(home, _Lost(), queue=Copies())
    scheduler.look()
    scheduler.look()
    assert home.store.makings.standing(seen.id) is None


_MAKES = """
import sys
from pathlib import Path
from recorder.home import open_home
from recorder.making import make_or_wait
home = open_home(Path(sys.argv[1]))
print("ready", flush=True)
print(make_or_wait(home, sys.argv[2], lambda: False), flush=True)
home.close()
"""


def test_killed_anywhere_it_is_made_once(
    home: Home, seen: Recording, request: pytest.FixtureRequest
) -> None:
    """At moments spread over the whole of it; the last try is left alone."""
    tries = max(3, request.config.getoption("--attacks") // 100)
    chance, ended = random.Random(5), []
    for number in range(tries):
        argv = [sys.executable, "-W", "error", "-c", _MAKES, str(home.folder), seen.id]
        child = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        if number < tries - 1:
            threading.Event().wait(chance.random() * 1.5)
            os.kill(child.pid, signal.SIGKILL)
        said = child.stdout.read().strip()
        child.stdout.close()
        ended.append((child.wait(), said))
    assert ended[-1][1] in {"done", "left"}
    assert home.store.makings.standing(seen.id) == Making(MADE, None, 1)
    assert [kind for kind, _ in kinds(home, seen)].count(PROXY) == 1
    made = [event for event in home.store.audit.events() if event.action == "copies made"]
    assert [event.object for event in made] == [seen.id]
    home.store.strays.sweep()  # what was cut off is noted, and goes in a day
    assert [look.fault for look in home.store.inventory.made(deep=True) if look.fault] == []
    assert making.Copies().due(home) == []

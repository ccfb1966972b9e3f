"""Files taken in without the root key, and adopted where it is."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from filelock import FileLock
from msgspec import structs
from sqlalchemy import func, select, update

from recorder.commands.arrivals import arrivals as waiting
from recorder.commands.erase import erase
from recorder.config import Settings
from recorder.errors import ConfigError, StateError, UsageError
from recorder.home import Home, open_home, open_receiving
from recorder.intake.adopter import Adopter
from recorder.intake.keyless import Keyless
from recorder.intake.receive import watcher
from recorder.intake.watch import Watcher
from recorder.pipeline import Work
from recorder.sample import Team
from recorder.scheduler import work_off
from recorder.status import status_of
from recorder.vaults import location
from store import age
from store.errors import DatabaseError, KeyUnavailableError, NoMatchError
from store.journal import ATTENTION, DUPLICATE, GONE, REMOVED, SEALED
from store.people import Member
from store.receiving import Receiving
from store.records import DRAFTED
from store.session import Database
from store.store import connect
from store.tables import arrivals, recordings
from transcribe.engine import Engine

RECORDER = Path(sys.executable).with_name("recorder")


def sound(seed: int = 1, seconds: int = 4) -> bytes:
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(random.Random(seed).randbytes(seconds * 32_000))
    return out.getvalue()


SOUND = sound()


@dataclass
class Door:
    """The watcher without the key, on a home that is open beside it."""

    home: Home
    settings: Settings
    receiving: Receiving
    taker: Keyless
    watcher: Watcher

    def look(self, times: int = 3) -> None:
        for _ in range(times):
            self.watcher.look()

    def again(self) -> Door:
        """After a restart, its memory kept."""
        settings, receiving = open_receiving(self.home.folder)
        taker = Keyless(settings, receiving)
        return Door(self.home, settings, receiving, taker, Watcher(settings, taker))


@pytest.fixture
def door(home: Home) -> Iterator[Door]:
    settings, receiving = open_receiving(home.folder)
    with closing(receiving):
        taker = Keyless(settings, receiving)
        yield Door(home, settings, receiving, taker, Watcher(settings, taker))


@pytest.fixture
def folder(home: Home, team: Team) -> Path:
    """The intake folder of the sample's case."""
    path = home.settings.intake / team.practitioner.handle / team.case.details.ref
    path.mkdir(parents=True, exist_ok=True)
    return path


def sealed(recipient: age.Recipient, plaintext: bytes = SOUND) -> bytes:
    return b"".join(age.seal_file([recipient], [plaintext]))


def held(home: Home) -> list[bytes]:
    """What every recording opens to."""
    found = home.store.recordings.all()
    return [b"".join(home.store.recordings.open(each.id)) for each in found]


def times_held(home: Home, name: str, content: bytes) -> int:
    """How many recordings of this name open to `content`."""
    store = home.store
    found = [
        each for each in store.recordings.all() if store.recordings.details(each.id).name == name
    ]
    return sum(b"".join(store.recordings.open(each.id)) == content for each in found)


def states(home: Home) -> list[str]:
    return sorted(entry.state for entry in home.store.journal.recent())


# --- one file, from the folder to its case ------------------------------------------------------


def test_a_file_is_sealed_and_gone_before_anybody_with_the_key_sees_it(
    home: Home, team: Team, folder: Path, door: Door
) -> None:
    (folder / "visit.wav").write_bytes(SOUND)
    os.utime(folder / "visit.wav", (1_762_362_300, 1_762_362_300))
    door.look()
    assert list(folder.iterdir()) == []
    assert len(list(home.store.vault.ids())) == 1
    assert home.store.recordings.all() == []
    Adopter(home).look()
    (recording,) = home.store.recordings.all()
    assert held(home) == [SOUND]
    assert (recording.case_id, recording.practitioner_id) == (team.case.id, team.practitioner.id)
    assert (recording.media_type, recording.kind, recording.size) == ("wav", "audio", len(SOUND))
    assert recording.recorded_at == 1_762_362_300_000
    assert home.store.recordings.details(recording.id).name == "visit.wav"
    assert states(home) == [REMOVED]
    assert home.store.arrivals.ids() == []
    assert len(list(home.store.vault.ids())) == 1
    assert [event.action for event in home.store.audit.events()][-1] == "recording received"


def test_what_was_adopted_is_erased_with_its_case(
    home: Home, team: Team, folder: Path, door: Door
) -> None:
    (folder / "visit.wav").write_bytes(SOUND)
    door.look()
    Adopter(home).look()
    home.store.erasing.case(team.case.id, "test")
    assert list(home.store.vault.ids()) == []
    assert held(home) == []


def test_the_same_bytes_twice_are_one_recording(home: Home, folder: Path, door: Door) -> None:
    (folder / "visit.wav").write_bytes(SOUND)
    (folder / "copy.wav").write_bytes(SOUND)
    door.look()
    assert len(list(home.store.vault.ids())) == 2
    Adopter(home).look()
    assert held(home) == [SOUND]
    assert len(list(home.store.vault.ids())) == 1
    assert states(home) == [DUPLICATE, REMOVED]


def test_an_arrival_that_is_put_there_again_harms_nothing(
    home: Home, folder: Path, door: Door
) -> None:
    (folder / "visit.wav").write_bytes(SOUND)
    door.look()
    with home.store.database.read() as connection:
        row = connection.execute(select(arrivals).where(arrivals.c.blob.is_not(None))).one()
    Adopter(home).look()
    with home.store.database.write() as connection:
        connection.execute(arrivals.insert().values(**row._asdict()))
    Adopter(home).look()
    assert held(home) == [SOUND]


@pytest.mark.parametrize("keys", ["with the key", "without"])
def test_a_kept_source_is_taken_once_however_often_it_is_looked_at(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    monkeypatch.setenv("RECORDER_AFTER_INTAKE", "keep")
    (folder / "visit.wav").write_bytes(SOUND)
    for _ in range(3):  # three starts
        if keys == "without":
            settings, receiving = open_receiving(home.folder)
            with closing(receiving):
                found = Watcher(settings, Keyless(settings, receiving))
                for _ in range(3):
                    found.look()
            Adopter(home).look()
        else:
            keeping = structs.replace(home.settings, after_intake="keep")
            found = watcher(replace(home, settings=keeping))
            for _ in range(3):
                found.look()
    assert (folder / "visit.wav").exists()
    assert held(home) == [SOUND]
    assert states(home).count(SEALED) == 1
    assert set(states(home)) <= {SEALED, DUPLICATE}  # it may be seen to settle at each start


def test_a_kept_source_that_changes_is_taken_again(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECORDER_AFTER_INTAKE", "keep")
    settings, receiving = open_receiving(home.folder)
    with closing(receiving):
        found = Watcher(settings, Keyless(settings, receiving))
        for seed in (1, 2):
            (folder / "visit.wav").write_bytes(sound(seed))
            for _ in range(3):
                found.look()
        assert len(receiving.receipts()) == 1
        (folder / "visit.wav").unlink()
        found.look()
        assert receiving.receipts() == {}
    Adopter(home).look()
    assert sorted(held(home)) == sorted([sound(1), sound(2)])


# --- what a person must see to ------------------------------------------------------------------


def test_what_is_not_taken_is_said_as_soon_as_the_key_is_there(
    home: Home, team: Team, folder: Path, door: Door
) -> None:
    (folder / "letter.txt").write_bytes(b"dear all")
    door.look()
    assert home.store.journal.waiting() == []
    Adopter(home).look()
    (entry,) = home.store.journal.waiting()
    assert (entry.state, entry.reason) == (ATTENTION, "not_taken")
    assert entry.practitioner_id == team.practitioner.id
    assert entry.path == f"{team.practitioner.handle}/{team.case.details.ref}/letter.txt"
    (folder / "letter.txt").unlink()
    door.look()
    Adopter(home).look()
    assert home.store.journal.waiting() == []
    assert states(home) == [GONE]


def test_what_was_said_of_files_that_went_away_meanwhile_is_taken_back(
    home: Home, folder: Path, door: Door
) -> None:
    (folder / "letter.txt").write_bytes(b"dear all")
    door.look()
    Adopter(home).look()
    (folder / "letter.txt").unlink()
    door.again().look()  # it went while nobody watched
    Adopter(home).look()
    assert states(home) == [GONE]


def test_an_unchanged_folder_says_nothing_new(home: Home, folder: Path, door: Door) -> None:
    (folder / "letter.txt").write_bytes(b"dear all")
    door.look()
    before = home.store.arrivals.ids()
    assert len(before) == 1
    door.look(5)
    assert home.store.arrivals.ids() == before


def test_a_file_of_nobody_at_the_top_is_sealed_and_explained(home: Home, door: Door) -> None:
    (home.settings.intake / "visit.wav").write_bytes(SOUND)
    door.look()
    Adopter(home).look()
    assert not (home.settings.intake / "visit.wav").exists()
    (entry,) = home.store.journal.waiting()
    assert (entry.reason, entry.practitioner_id) == ("nobody", None)
    assert [each.arrival_id for each in home.store.openings.due()] == home.store.arrivals.ids()
    assert home.store.recordings.all() == []


def test_a_file_from_a_strangers_folder_waits_until_the_stranger_is_known(
    home: Home, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home.settings.intake / "newcomer").mkdir()
    (home.settings.intake / "newcomer" / "visit.wav").write_bytes(SOUND)
    door.look()
    adopter = Adopter(home)
    for _ in range(2):
        adopter.look()
        door.look()
        (entry,) = home.store.journal.waiting()
        assert (entry.state, entry.reason) == (ATTENTION, "nobody")
        assert "sealed and kept" in entry.sentence
    added = home.store.people.add(Member("", "practitioner", "newcomer", "New", None), "test")
    monkeypatch.setattr("recorder.intake.patience.SECONDS", 0.0)
    Adopter(home).look()
    (recording,) = home.store.recordings.all()
    assert (recording.practitioner_id, recording.case_id) == (added.id, None)
    assert home.store.journal.waiting() == []


def _said(home: Home, group: click.Group, *words: str) -> str:
    done = CliRunner().invoke(group, [*words, "--home", str(home.folder)])
    if done.exception is not None:
        raise done.exception
    return done.output


def test_a_strangers_file_is_given_to_somebody_at_the_command_line(
    home: Home, team: Team, door: Door
) -> None:
    (home.settings.intake / "newcomer").mkdir()
    (home.settings.intake / "newcomer" / "visit.wav").write_bytes(SOUND)
    door.look()
    Adopter(home).look()
    (row,) = json.loads(_said(home, waiting, "list", "--json"))["files"]
    assert (row["path"], row["size"]) == ("newcomer/visit.wav", len(SOUND))
    with pytest.raises(UsageError, match="no one file"):
        _said(home, waiting, "give", "x", "--to", "amara")
    to = ("--to", team.practitioner.handle, "--case", team.case.details.ref)
    said = _said(home, waiting, "give", row["id"][:8], *to)
    (recording,) = home.store.recordings.all()
    assert said == f"filed as recording {recording.id}\n"
    assert (recording.case_id, held(home)) == (team.case.id, [SOUND])
    assert home.store.journal.waiting() == []
    assert _said(home, waiting, "list") == "nothing waits\n"


def test_a_case_is_not_erased_while_a_file_of_it_waits(
    home: Home, team: Team, folder: Path, door: Door
) -> None:
    (folder / "visit.wav").write_bytes(SOUND)
    door.look()
    with pytest.raises(StateError, match="1 files for this case were taken in"):
        _said(home, erase, "case", team.case.details.ref, "--yes")
    Adopter(home).look()
    _said(home, erase, "case", team.case.details.ref, "--yes")
    assert home.store.recordings.all() == []


def test_a_case_is_not_erased_while_word_of_its_folder_waits(
    home: Home, team: Team, folder: Path, door: Door
) -> None:
    odd = folder / "notes.xyz"
    odd.write_bytes(b"what no recording is")
    door.look()
    odd.unlink()  # and nobody has looked since
    with pytest.raises(StateError, match="1 files for this case were taken in, or seen"):
        _said(home, erase, "case", team.case.details.ref, "--yes")
    Adopter(home).look()
    _said(home, erase, "case", team.case.details.ref, "--yes")
    assert home.store.journal.recent() == []


def test_an_arrival_that_was_tampered_with_stops_no_other(
    home: Home, folder: Path, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    for seed in (1, 2, 3):
        (folder / f"{seed}.wav").write_bytes(sound(seed))
    door.look()
    bad = home.store.arrivals.ids()[0]
    with home.store.database.write() as connection:
        connection.execute(update(arrivals).where(arrivals.c.id == bad).values(sealed=b"changed"))
    Adopter(home).look()
    assert sorted(held(home)) == sorted([sound(2), sound(3)])
    assert home.store.arrivals.ids() == [bad]
    assert [record.arrival for record in caplog.records if hasattr(record, "arrival")] == [bad]


# --- what came sealed ---------------------------------------------------------------------------


@pytest.mark.parametrize("which", [0, 1])
def test_what_came_sealed_is_passed_on_and_opened_where_the_key_is(
    home: Home, team: Team, folder: Path, door: Door, which: int
) -> None:
    file = folder / "visit.wav.age"
    file.write_bytes(sealed(home.store.laptops.recipients()[which]))
    door.look()
    assert file.exists()  # nobody could tell yet whether it opens
    Adopter(home).look()
    (recording,) = home.store.recordings.all()
    assert held(home) == [SOUND]
    assert (recording.case_id, recording.size) == (team.case.id, len(SOUND))
    assert home.store.recordings.details(recording.id).name == "visit.wav"
    assert len(list(home.store.vault.ids())) == 1
    door.look()
    assert not file.exists()
    Adopter(home).look()
    assert states(home) == [REMOVED]


_STRANGERS = sealed(age.new_identity().recipient)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (_STRANGERS, ("not_taken", "not for this team")),
        (b"cut", ("incomplete", "not whole")),
        (b"damaged", ("damaged", "not whole")),
        (b"text", ("not_taken", "file")),
    ],
)
def test_what_came_sealed_and_does_not_open_stays_and_is_explained(
    home: Home, folder: Path, door: Door, content: bytes, said: tuple[str, str]
) -> None:
    hybrid, _ = home.store.laptops.recipients()
    whole = sealed(hybrid)
    made = {
        b"cut": whole[: -age.CHUNK - 9],
        b"damaged": whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:],
        b"text": sealed(hybrid, b"dear all" * 100),
    }
    file = folder / "visit.wav.age"
    file.write_bytes(made.get(content, content))
    door.look()
    Adopter(home).look()
    for _ in range(2):
        door.look()
        Adopter(home).look()
        (entry,) = home.store.journal.waiting()
        assert (entry.state, entry.reason) == (ATTENTION, said[0])
        assert said[1] in entry.sentence
    assert file.exists()
    assert home.store.recordings.all() == []
    assert list(home.store.vault.ids()) == []
    assert home.store.arrivals.ids() == []
    file.write_bytes(whole)  # the rest of it arrives
    door.look()
    Adopter(home).look()
    assert held(home) == [SOUND]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("no age file.wav.age", "incomplete"),
        ("sealed.age", "not_taken"),
        ("sealed.docx.age", "not_taken"),
        ("passphrase.wav.age", "not_taken"),
    ],
)
def test_what_no_key_is_needed_to_refuse_is_refused_at_the_door(
    home: Home, folder: Path, door: Door, name: str, code: str
) -> None:
    hybrid, _ = home.store.laptops.recipients()
    made = {"sealed": sealed(hybrid), "passphrase": sealed(age.Passphrase("four quiet boats", 4))}
    (folder / name).write_bytes(made.get(name.split(".", maxsplit=1)[0], b"plain words"))
    results = [door.watcher.look() for _ in range(3)]
    codes = [each.code for each in results[-1].attention]
    assert [*codes, *(each.reason for each in results[-1].waiting)] == [code]
    assert list(home.store.vault.ids()) == []


# --- crashes ------------------------------------------------------------------------------------


class Crash(BaseException):
    """The power goes."""


def _crashing(monkeypatch: pytest.MonkeyPatch, at: int, targets: list[tuple[object, str]]) -> None:
    """The `at`-th of the calls named does not come back."""
    calls = 0

    def cut(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            nonlocal calls
            calls += 1
            if calls == at:
                raise Crash
            return real(*arguments, **named)

        return call

    for owner, name in targets:
        monkeypatch.setattr(owner, name, cut(getattr(owner, name)))


def _statements(database: Database) -> tuple[object, str]:
    return database.engine.dialect, "do_execute"


@pytest.mark.parametrize("form", ["plain", "sealed"])
def test_an_adoption_cut_off_anywhere_is_done_once_in_the_end(
    home: Home, folder: Path, door: Door, form: str
) -> None:
    hybrid, _ = home.store.laptops.recipients()
    cuts = 0
    for at in range(1, 200):
        content = sound(at, 1)
        name = f"{at}.wav" if form == "plain" else f"{at}.wav.age"
        (folder / name).write_bytes(content if form == "plain" else sealed(hybrid, content))
        door.look()
        with pytest.MonkeyPatch.context() as patch:
            targets = [
                _statements(home.store.database),
                (home.store.database.engine.dialect, "do_commit"),
            ]
            _crashing(patch, at, targets)
            try:
                Adopter(home).look()
                done = True
            except Crash:
                done, cuts = False, cuts + 1
        Adopter(home).look()
        assert times_held(home, f"{at}.wav", content) == 1
        assert home.store.arrivals.ids() == []
        door.look()
        Adopter(home).look()
        if done:
            break
    else:
        pytest.fail("the adoption never ran to its end")
    assert cuts > 10
    with home.store.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(recordings)) == at
    assert set(states(home)) == {REMOVED}
    assert home.store.audit.verify() > 0


def test_taking_in_cut_off_anywhere_loses_nothing(home: Home, folder: Path, door: Door) -> None:
    cuts = 0
    for at in range(1, 100):
        content, database = sound(at, 1), door.receiving._database
        (folder / f"{at}.wav").write_bytes(content)
        with pytest.MonkeyPatch.context() as patch:
            _crashing(patch, at, [_statements(database), (database.engine.dialect, "do_commit")])
            try:
                door.look()
                done = True
            except Crash:
                done, cuts = False, cuts + 1
        assert (folder / f"{at}.wav").exists() or len(home.store.arrivals.ids()) > 0
        door = door.again()
        door.look()
        Adopter(home).look()
        assert times_held(home, f"{at}.wav", content) == 1
        assert list(folder.iterdir()) == []
        if done:
            break
    else:
        pytest.fail("it was never taken in")
    assert cuts > 10


def test_a_database_that_fails_is_waited_for_and_costs_no_second_copy(
    home: Home, folder: Path, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "visit.wav").write_bytes(SOUND)
    # Nobody waits between its tries.
    watcher = Watcher(structs.replace(door.settings, scan_seconds=0), door.taker)
    with monkeypatch.context() as patch:

        def fail(*_: object) -> str:
            raise DatabaseError("held")

        patch.setattr(Receiving, "_insert", fail)
        for _ in range(4):
            with pytest.raises(DatabaseError):  # `tell` needs it too
                watcher.look()
    assert (folder / "visit.wav").exists()
    assert len(list(home.store.vault.ids())) == 1
    watcher.look()
    Adopter(home).look()
    assert held(home) == [SOUND]
    assert len(list(home.store.vault.ids())) == 1


# --- the real command, without the key ----------------------------------------------------------


def _receive(home: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "HOME": str(home.parent), "LANG": "C.UTF-8"}
    environ |= {"PYTHONPATH": os.pathsep.join(sys.path), "RECORDER_SETTLE_SECONDS": "0.2"}
    environ |= {"RECORDER_SETTLE_LOOKS": "2", "RECORDER_SCAN_SECONDS": "0.2"}
    argv = [str(RECORDER), "receive", "--home", str(home), *options]
    return subprocess.run(
        argv, env=environ, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_process_without_the_root_key_seals_and_cannot_open(
    home: Home, team: Team, brief: Path, engine: Engine, tmp_path: Path
) -> None:
    content = brief.read_bytes()
    home.close()
    keys, away = home.settings.keys, tmp_path / "safe"
    shutil.move(keys, away)
    done = _receive(home.folder, "--once")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "sealed 1, still arriving 0, needing attention 0\n"
    assert not brief.exists()
    assert not keys.exists()
    _nothing_opens(home, content)
    shutil.move(away, keys)
    found = open_home(home.folder)
    with closing(found):
        assert found.store.recordings.all() == []
        Adopter(found).look()
        assert held(found) == [content]
        work_off(Work(found, lambda: engine))
        (recording,) = found.store.recordings.all()
        assert (recording.state, recording.case_id) == (DRAFTED, team.case.id)
        assert len(found.store.notes.all()) == 1


def _nothing_opens(home: Home, content: bytes) -> None:
    """With all that lies in the home, and no keys folder."""
    with pytest.raises(ConfigError):
        open_home(home.folder)
    with pytest.raises(KeyUnavailableError):
        connect(home.settings.database, location(home.settings), home.settings.keys)
    files = [path for path in home.folder.rglob("*") if path.is_file()]
    assert len(files) >= 4
    for path in files:
        data = path.read_bytes()
        assert content[1000:1032] not in data
        assert not any(word in data for word in (b"brief.wav", b"EV-1001", b"RIFF"))
    _, receiving = open_receiving(home.folder)
    with closing(receiving), receiving._database.read() as connection:
        row = connection.execute(select(arrivals).where(arrivals.c.blob.is_not(None))).one()
    # Every 32 bytes that this process may keep a secret in are tried as one.
    memory = (home.folder / "receive.json").read_bytes()
    windows = {receiving._key} | {memory[at : at + 32] for at in range(len(memory) - 31)}
    identities = [
        kind(secret) for kind in (age.HybridIdentity, age.X25519Identity) for secret in windows
    ]
    with pytest.raises(NoMatchError):
        age.open_key(row.header, identities)
    with pytest.raises(NoMatchError):
        age.open_file(lambda o, n: row.sealed[o : o + n], len(row.sealed), identities)


def test_what_is_left_is_counted_and_never_named(home: Home, folder: Path, tmp_path: Path) -> None:
    (folder / "letter-of-complaint.txt").write_bytes(b"dear all")
    home.close()
    shutil.move(home.settings.keys, tmp_path / "safe")
    done = _receive(home.folder, "--once")
    assert done.returncode == 0
    assert "needing attention 1" in done.stdout
    assert "recorder status" in done.stdout
    assert "complaint" not in done.stdout + done.stderr


def test_two_may_not_watch_one_folder(home: Home, folder: Path) -> None:
    (folder / "visit.wav").write_bytes(SOUND)
    with FileLock(home.folder / "watch.lock"):
        done = _receive(home.folder, "--once")
    assert done.returncode == 2
    assert "watches this home's intake folder already" in done.stderr
    assert (folder / "visit.wav").exists()


def test_a_home_of_another_version_is_left_alone(home: Home, folder: Path) -> None:
    (folder / "visit.wav").write_bytes(SOUND)
    with home.store.database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")
    done = _receive(home.folder, "--once")
    assert done.returncode == 1
    assert "another version" in done.stderr
    assert (folder / "visit.wav").exists()
    with home.store.database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0004'")


def test_status_says_how_much_waits_for_the_key(home: Home, folder: Path, door: Door) -> None:
    (folder / "visit.wav").write_bytes(SOUND)
    door.look()
    assert status_of(home).sealed_waiting == 1
    Adopter(home).look()
    assert status_of(home).sealed_waiting == 0

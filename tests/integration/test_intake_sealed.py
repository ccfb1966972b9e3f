"""Files that were sealed on a laptop, dropped in a real home's intake folder."""

from __future__ import annotations

import random
import shutil
import subprocess
import wave
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from recorder.cli import cli
from recorder.home import Home
from recorder.intake.receive import watcher as watching
from recorder.intake.watch import Watcher
from recorder.sample import Team
from store import age
from store.journal import ATTENTION, REMOVED
from store.records import Recording


def sound(seconds: int = 10) -> bytes:
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(random.Random(1).randbytes(seconds * 32_000))
    return out.getvalue()


SOUND = sound()


def sealed(recipient: age.Recipient, plaintext: bytes = SOUND) -> bytes:
    return b"".join(age.seal_file([recipient], [plaintext]))


@pytest.fixture
def folder(home: Home, team: Team) -> Path:
    """The intake folder of the sample's case."""
    path = home.settings.intake / team.practitioner.handle / team.case.details.ref
    path.mkdir(parents=True, exist_ok=True)
    return path


@pytest.fixture
def watcher(home: Home) -> Watcher:
    return watching(home)


@pytest.fixture
def hybrid(home: Home) -> age.Recipient:
    return home.store.laptops.recipients()[0]


def look(watcher: Watcher) -> None:
    for _ in range(3):
        watcher.look()


def printed(home: Home, *options: str) -> str:
    found = CliRunner().invoke(cli, ["recipient", "--home", str(home.folder), *options])
    assert found.exit_code == 0
    return found.output.strip()


def content(home: Home, recording: Recording) -> bytes:
    return b"".join(home.store.recordings.open(recording.id))


def attention(home: Home) -> tuple[str | None, str]:
    (entry,) = home.store.journal.waiting()
    assert entry.state == ATTENTION
    assert home.store.recordings.all() == []
    assert list(home.store.vault.ids()) == []
    return entry.reason, entry.sentence


def test_the_command_prints_the_recipients_that_laptops_seal_to(home: Home) -> None:
    hybrid, x25519 = home.store.laptops.recipients()
    assert printed(home) == str(hybrid)
    assert printed(home).startswith("age1pq1")
    assert printed(home, "--x25519") == str(x25519)


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("name", ["Visit.wav.age", "Visit.WAV.AGE"])
def test_a_file_sealed_to_the_team_is_taken(
    home: Home, team: Team, folder: Path, watcher: Watcher, which: int, name: str
) -> None:
    file = folder / name
    file.write_bytes(sealed(home.store.laptops.recipients()[which]))
    look(watcher)
    assert not file.exists()
    (recording,) = home.store.recordings.all()
    assert content(home, recording) == SOUND
    assert (recording.media_type, recording.kind) == ("wav", "audio")
    assert (recording.size, recording.case_id) == (len(SOUND), team.case.id)
    assert home.store.recordings.details(recording.id).name == name[:-4]
    assert [entry.state for entry in home.store.journal.recent()] == [REMOVED]


def test_its_plaintext_is_in_no_file(
    home: Home, folder: Path, watcher: Watcher, hybrid: age.Recipient, tmp_path: Path
) -> None:
    (folder / "Visit.wav.age").write_bytes(sealed(hybrid))
    look(watcher)
    assert len(home.store.recordings.all()) == 1
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 3
    for part in (SOUND[44:76], SOUND[-32:], SOUND[100_000:100_032]):
        assert not any(part in path.read_bytes() for path in files)


def test_the_same_recording_sealed_and_plain_is_one(
    home: Home, folder: Path, watcher: Watcher, hybrid: age.Recipient
) -> None:
    (folder / "Visit.wav.age").write_bytes(sealed(hybrid))
    (folder / "copy.wav").write_bytes(SOUND)
    look(watcher)
    assert len(home.store.recordings.all()) == 1
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(shutil.which("age") is None, reason="the age program is not installed")
@pytest.mark.parametrize("form", [[], ["-a"]])
def test_what_the_age_program_seals_on_a_laptop_is_taken(
    home: Home, folder: Path, watcher: Watcher, form: list[str]
) -> None:
    argv = ["age", *form, "-r", printed(home, "--x25519"), "-o", str(folder / "Visit.wav.age")]
    subprocess.run(argv, input=SOUND, check=True)
    look(watcher)
    (recording,) = home.store.recordings.all()
    assert content(home, recording) == SOUND
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "stranger", [age.HybridIdentity.new().recipient, age.Passphrase("four quiet green boats", 4)]
)
def test_a_file_sealed_to_somebody_else_stays_and_is_explained(
    home: Home, folder: Path, watcher: Watcher, stranger: age.Recipient
) -> None:
    (folder / "Visit.wav.age").write_bytes(sealed(stranger))
    look(watcher)
    code, sentence = attention(home)
    assert code == "not_taken"
    assert "not for this team" in sentence
    assert (folder / "Visit.wav.age").exists()


def test_a_sealed_recording_that_is_still_arriving_is_waited_for(
    home: Home, folder: Path, watcher: Watcher, hybrid: age.Recipient
) -> None:
    whole = sealed(hybrid)
    file = folder / "Visit.wav.age"
    for cut in (100, 2000, age.CHUNK, len(whole) - 1):
        file.write_bytes(whole[:cut])
        look(watcher)
        assert [entry.reason for entry in home.store.journal.waiting()] == ["incomplete"]
    file.write_bytes(whole)
    look(watcher)
    (recording,) = home.store.recordings.all()
    assert content(home, recording) == SOUND


def test_damage_in_the_middle_is_explained_once_and_nothing_is_kept(
    home: Home, folder: Path, watcher: Watcher, hybrid: age.Recipient
) -> None:
    damaged = bytearray(sealed(hybrid))
    damaged[len(damaged) // 2] ^= 1
    file = folder / "Visit.wav.age"
    file.write_bytes(damaged)
    look(watcher)
    code, sentence = attention(home)
    assert code == "damaged"
    assert "not whole" in sentence
    assert watcher.look().ready == ()  # it is not read again and again
    assert file.exists()
    file.write_bytes(sealed(hybrid))
    look(watcher)
    assert len(home.store.recordings.all()) == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Visit.age", "does not say what kind of file is inside"),
        ("Visit.m4a.age", "does not match what is in it"),
        ("Visit.wav.age.age", "not clear what kind of file"),
    ],
)
def test_a_name_that_does_not_fit_what_is_inside_is_explained(
    home: Home, folder: Path, watcher: Watcher, hybrid: age.Recipient, name: str, words: str
) -> None:
    inner = sealed(hybrid) if name.endswith(".age.age") else SOUND
    (folder / name).write_bytes(sealed(hybrid, inner))
    look(watcher)
    code, sentence = attention(home)
    assert code == "not_taken"
    assert words in sentence

"""`recorder vault` on a real home: every kind of damage is planted and found; files taken out."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from recorder.commands.vault import vault
from recorder.errors import NotAllowedError, UsageError
from recorder.home import Home
from recorder.sample import Team
from store import age
from store.errors import StoreError
from store.people import Member
from store.records import Arrival, Recording
from store.tables import TEAM, recordings

SIZE = 5 * 1024 * 1024 + 77  # more than is read in one go
Run = Callable[..., Result]


@dataclass(frozen=True, slots=True)
class Held:
    """A recording, what it holds, and where its blob lies."""

    recording: Recording
    content: bytes
    blob: Path


@pytest.fixture
def run(home: Home) -> Run:
    def call(*arguments: str) -> Result:
        return CliRunner().invoke(vault, [arguments[0], "--home", str(home.folder), *arguments[1:]])

    return call


@pytest.fixture
def held(home: Home, team: Team) -> list[Held]:
    """Three recordings of the same length."""
    return [_held(home, team, seed) for seed in (1, 2, 3)]


def _held(home: Home, team: Team, seed: int, size: int = SIZE) -> Held:
    content = random.Random(seed).randbytes(size)
    arrival = Arrival(
        team.case.id, team.case.id, team.practitioner.id, "wav", "audio", f"{seed}.wav", 1, "file"
    )
    store = home.store
    sealed = store.recordings.seal(arrival.scope, [content])
    recording, _ = store.recordings.register(sealed, arrival)
    return Held(recording, content, home.folder / "vault" / sealed.blob[:2] / sealed.blob[2:])


def _faults(run: Run, *options: str) -> dict[str, str]:
    result = run("check", "--json", *options)
    assert result.exit_code in (0, 1), result.output
    found = json.loads(result.stdout)
    assert (result.exit_code == 1) == bool(found["faults"])
    return {each["id"]: each["fault"] for each in found["faults"]}


# --- check ------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [[], ["--deep"]])
def test_a_whole_vault_has_no_fault(run: Run, held: list[Held], options: list[str]) -> None:
    result = run("check", *options)
    assert result.exit_code == 0
    assert f"{len(held)} sealed files" in result.stdout
    assert "0 with a fault; 0 more belong to no row" in result.stdout


def test_what_is_missing_or_cut_is_found_by_a_look(run: Run, held: list[Held]) -> None:
    one, two, three = held
    one.blob.unlink()
    two.blob.write_bytes(two.blob.read_bytes()[:-1])
    three.blob.write_bytes(three.blob.read_bytes() + b"x")
    expected = {
        one.recording.id: "missing",
        two.recording.id: "other size",
        three.recording.id: "other size",
    }
    assert _faults(run) == expected
    assert _faults(run, "--deep") == expected
    said = run("check").stdout
    assert all(f"recording {each}: {fault}" in said for each, fault in expected.items())


@pytest.mark.parametrize("damage", ["swapped", "spliced", "rotten", "zeroed", "put back"])
def test_other_content_of_the_same_size_is_found_by_a_deep_look(
    run: Run, home: Home, team: Team, held: list[Held], damage: str
) -> None:
    one, two, three = held
    mine, other = one.blob.read_bytes(), two.blob.read_bytes()
    chunk = age.CHUNK + 16
    if damage == "swapped":
        one.blob.write_bytes(other)
        two.blob.write_bytes(mine)
    elif damage == "spliced":
        at = age.NONCE_SIZE + 3 * chunk
        one.blob.write_bytes(mine[:at] + mine[at + chunk : at + 2 * chunk] + mine[at + chunk :])
    elif damage == "rotten":
        one.blob.write_bytes(mine[:-20] + bytes([mine[-20] ^ 1]) + mine[-19:])
    elif damage == "zeroed":
        one.blob.write_bytes(mine[: len(mine) // 2] + bytes(len(mine) - len(mine) // 2))
    else:  # as authentic as ever: the file key is the same, and only the pin tells
        row = _row(home, one.recording.id)
        with home.store.database.read() as connection:
            identity = home.store.recordings._identities.keys(connection, team.case.id).identity
        file_key = age.open_key(row.header, [identity])
        one.blob.write_bytes(b"".join(age.encrypt(file_key, [one.content])))
    damaged = {one.recording.id, two.recording.id} if damage == "swapped" else {one.recording.id}
    assert _faults(run) == {}
    assert _faults(run, "--deep") == dict.fromkeys(damaged, "other content")
    told = [each.object for each in home.store.audit.events() if each.action == "tampering found"]
    assert set(told) == damaged
    assert three.recording.id not in told


@pytest.mark.parametrize("column", ["blob", "header", "sealed"])
def test_a_row_with_anothers_column_is_found(
    run: Run, home: Home, held: list[Held], column: str
) -> None:
    one, two, _ = held
    with home.store.database.write() as connection:
        changed = {column: getattr(_row(home, two.recording.id), column)}
        connection.execute(
            update(recordings).where(recordings.c.id == one.recording.id).values(**changed)
        )
    (fault,) = _faults(run).items()
    assert fault[0] == one.recording.id
    assert fault[1] in {"its row does not open", "other header"}


@pytest.mark.usefixtures("held")
def test_what_belongs_to_no_row_is_counted_and_is_no_fault(run: Run, home: Home) -> None:
    left = home.store.recordings.seal(TEAM, [b"left over by a crash"])
    result = run("check", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["belong_to_no_row"] == [left.blob]
    assert "1 more belong to no row" in run("check").stdout


def test_what_was_erased_is_no_fault(run: Run, home: Home, held: list[Held], team: Team) -> None:
    home.store.erasing.recording(held[0].recording.id, "test")
    assert _faults(run, "--deep") == {}
    home.store.erasing.case(team.case.id, "test")
    assert _faults(run, "--deep") == {}


def test_a_disk_that_does_not_read_ends_nothing(
    run: Run, held: list[Held], monkeypatch: pytest.MonkeyPatch
) -> None:
    from store.vault import LocalVault  # noqa: PLC0415 - the class that is broken below

    whole, bad = LocalVault.read_at, held[1].blob.parent.name + held[1].blob.name

    def read_at(self: LocalVault, blob_id: str, offset: int, length: int) -> bytes:
        if blob_id == bad:
            raise StoreError("the disk does not read")
        return whole(self, blob_id, offset, length)

    monkeypatch.setattr(LocalVault, "read_at", read_at)
    held[2].blob.unlink()
    assert _faults(run, "--deep") == {
        held[1].recording.id: "cannot be read",
        held[2].recording.id: "missing",
    }


# --- export -----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 3 * age.CHUNK, SIZE])
def test_the_original_is_taken_out_whole_and_for_its_owner_alone(
    run: Run, home: Home, team: Team, tmp_path: Path, size: int
) -> None:
    one = _held(home, team, 9, size)
    out = tmp_path / "out"
    result = run(
        "export", one.recording.id[:10], "--by", team.practitioner.handle, "--to", str(out)
    )
    assert result.exit_code == 0, result.output
    assert result.stdout == f"wrote {size} bytes\n"
    assert out.read_bytes() == one.content
    assert out.stat().st_mode & 0o777 == 0o600
    assert _taken_out(home) == [(team.practitioner.id, one.recording.id)]


def test_an_age_file_is_header_and_payload_and_opens_with_the_cases_identity(
    run: Run, home: Home, team: Team, held: list[Held], tmp_path: Path
) -> None:
    out = tmp_path / "out.age"
    one = held[0]
    result = run(
        "export", one.recording.id, "--age", "--by", team.supervisor.handle, "--to", str(out)
    )
    assert result.exit_code == 0, result.output
    file = out.read_bytes()
    assert file == _row(home, one.recording.id).header + one.blob.read_bytes()
    with home.store.database.read() as connection:
        identity = home.store.recordings._identities.keys(connection, team.case.id).identity
    opened = age.open_file(lambda at, n: file[at : at + n], len(file), [identity])
    assert b"".join(opened) == one.content
    assert out.stat().st_mode & 0o777 == 0o600
    assert _taken_out(home) == [(team.supervisor.id, one.recording.id)]


def test_the_name_that_it_was_dropped_with_is_used_only_when_asked_for(
    run: Run, team: Team, held: list[Held], tmp_path: Path
) -> None:
    by = ("--by", team.practitioner.handle, "--into", str(tmp_path))
    assert run("export", held[0].recording.id, *by).stdout == f"wrote {SIZE} bytes\n"
    assert (tmp_path / "1.wav").read_bytes() == held[0].content
    run("export", held[0].recording.id, "--age", *by)
    assert (tmp_path / "1.wav.age").exists()


def test_nothing_is_written_over_and_nothing_is_followed(
    run: Run, home: Home, team: Team, held: list[Held], tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("taken", "link", "no-folder/file"):
        result = run(
            "export",
            held[0].recording.id,
            *("--by", team.practitioner.handle, "--to", str(tmp_path / name)),
        )
        assert isinstance(result.exception, UsageError)
        assert name not in str(result.exception)
    assert (tmp_path / "taken").read_text() == "mine"
    assert not (tmp_path / "elsewhere").exists()
    assert _taken_out(home) == []


@pytest.mark.parametrize("options", [[], ["--age"]])
def test_what_turns_out_not_to_be_the_recording_leaves_no_file(
    run: Run, team: Team, held: list[Held], tmp_path: Path, options: list[str]
) -> None:
    data = bytearray(held[0].blob.read_bytes())
    data[len(data) // 2] ^= 1
    held[0].blob.write_bytes(data)
    result = run(
        "export",
        held[0].recording.id,
        *("--by", team.practitioner.handle, "--to", str(tmp_path / "out"), *options),
    )
    assert isinstance(result.exception, StoreError)
    assert not (tmp_path / "out").exists()


_KILLED = """
import sys
from pathlib import Path
from recorder.export.staging import staged_file
from store.fs import DISK, write

def said():
    yield b"what was said, in plain"
    print("half", flush=True)
    sys.stdin.read()

with staged_file(Path(sys.argv[1])) as path:
    write(DISK, path, said())
"""


def test_an_export_that_is_killed_leaves_no_file_and_the_next_one_removes_the_rest(
    run: Run, team: Team, held: list[Held], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    argv = [sys.executable, "-W", "error", "-c", _KILLED, str(out / "note.wav")]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"half\n"
        killed.kill()
    (left,) = out.iterdir()
    assert (left.name.startswith("."), left.stat().st_mode & 0o777) == (True, 0o600)
    to = ("--by", team.practitioner.handle, "--to", str(out / "other.wav"))
    assert run("export", held[0].recording.id, *to).exit_code == 0
    assert [path.name for path in out.iterdir()] == ["other.wav"]


@pytest.mark.parametrize("options", [[], ["--age"]])
def test_what_was_erased_is_refused(
    run: Run, home: Home, team: Team, held: list[Held], tmp_path: Path, options: list[str]
) -> None:
    by = ("--by", team.supervisor.handle, "--to", str(tmp_path / "out"), *options)
    home.store.erasing.recording(held[0].recording.id, "test")
    assert isinstance(run("export", held[0].recording.id, *by).exception, UsageError)
    home.store.erasing.case(team.case.id, "test")
    assert isinstance(run("export", held[1].recording.id, *by).exception, UsageError)
    assert list(tmp_path.glob("out*")) == []


def test_what_is_not_somebodys_to_hear_is_not_there_for_them(
    run: Run, home: Home, team: Team, held: list[Held], tmp_path: Path
) -> None:
    stranger = Member("", "practitioner", "sam", "Sam Poole", None)
    home.store.people.add(stranger, "test")
    for by in ("sam", team.young_person.handle):
        result = run("export", held[0].recording.id, "--by", by, "--to", str(tmp_path / "out"))
        assert isinstance(result.exception, UsageError | NotAllowedError)
    assert not (tmp_path / "out").exists()
    assert _taken_out(home) == []


def test_one_target_is_said_and_not_two(run: Run, held: list[Held], tmp_path: Path) -> None:
    for options in ([], ["--to", str(tmp_path / "x"), "--into", str(tmp_path)]):
        result = run("export", held[0].recording.id, "--by", "amara", *options)
        assert isinstance(result.exception, UsageError)


def _taken_out(home: Home) -> list[tuple[str, str]]:
    return [
        (each.actor, each.object)
        for each in home.store.audit.events()
        if each.action == "recording taken out"
    ]


def _row(home: Home, recording_id: str) -> Any:
    with home.store.database.read() as connection:
        return connection.execute(recordings.select().where(recordings.c.id == recording_id)).one()

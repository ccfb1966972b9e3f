"""A home on PostgreSQL, set up as docs/POSTGRESQL.md says and worked with by its commands."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import make_url

from recorder.commands.database import database
from recorder.commands.erase import erase
from recorder.commands.export import export
from recorder.commands.home import init, status
from recorder.commands.running import alone
from recorder.doctor import Finding, examine
from recorder.errors import ConfigError
from recorder.home import Home, open_home
from recorder.review.desk import Desk
from recorder.sample import Team
from store.errors import DatabaseError
from store.schema import versions
from tests.databases import APPLICATION, PostgresDatabases, Server


@pytest.fixture
def databases(server: Server) -> Iterator[PostgresDatabases]:
    made = PostgresDatabases(server)
    yield made
    made.drop()


@pytest.fixture
def owners_url(databases: PostgresDatabases) -> str:
    return databases.empty()


@pytest.fixture
def folder(tmp_path: Path, owners_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home made by the owner, its settings naming the application's role."""
    made = tmp_path / "home"
    monkeypatch.setenv("RECORDER_DATABASE", owners_url)
    _run(init, "--home", made)
    _run(database, "grant", APPLICATION, "--home", made)
    monkeypatch.delenv("RECORDER_DATABASE")
    monkeypatch.setenv("RECORDER_SETTLE_SECONDS", "0")
    monkeypatch.setenv("RECORDER_SETTLE_LOOKS", "2")
    address = make_url(owners_url).set(username=APPLICATION).render_as_string()
    with (made / "config.toml").open("a", encoding="utf-8") as file:
        file.write(f'database = "{address}"\n')
    return made


@pytest.fixture
def home(folder: Path) -> Iterator[Home]:
    found = open_home(folder)
    yield found
    found.close()


def _run(command: click.Command, *words: str | Path) -> str:
    done = CliRunner().invoke(command, [str(word) for word in words])
    if done.exception is not None:
        raise done.exception
    return done.stdout


def _found(findings: list[Finding], check: str) -> Finding:
    (found,) = [each for each in findings if each.check == check]
    return found


def test_a_voice_note_becomes_an_approved_note_that_goes_out_once(
    home: Home, team: Team, brief: Path, settle: Callable[[], None], tmp_path: Path
) -> None:
    assert make_url(home.settings.database).username == APPLICATION
    settle()
    assert not brief.exists()
    (note,) = home.store.notes.all()
    Desk(home.store, team.practitioner).submit(note.id, note.number)
    Desk(home.store, team.supervisor).approve(note.id, note.number)
    to = ("--home", home.folder, "--to", tmp_path / "pack")
    assert "exported 1 notes" in _run(export, "mosaic", *to)
    assert "nothing to export" in _run(export, "mosaic", *to)
    assert "Notes: 1 approved" in _run(status, "--home", home.folder)
    assert home.store.audit.verify() > 5


def test_doctor_names_what_a_server_was_set_to(folder: Path) -> None:
    findings = examine(folder)
    unsafe = _found(findings, "database")
    assert not unsafe.well
    assert "fsync" in unsafe.sentence
    assert _found(findings, "keys, database and audit log").well


def test_only_one_machine_runs_on_a_database(home: Home, tmp_path: Path) -> None:
    shutil.copytree(home.folder, tmp_path / "elsewhere")  # another machine's home
    with closing(open_home(tmp_path / "elsewhere")) as other:
        with alone(home), pytest.raises(ConfigError, match="another machine"), alone(other):
            pytest.fail("both run")
        with alone(other):
            pass


def test_what_was_erased_is_cleared_from_the_tables_by_their_owner(
    home: Home, team: Team, folder: Path, owners_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = _run(erase, "case", team.case.details.ref, "--yes", "--home", folder)
    assert "recorder database vacuum" in said
    with pytest.raises(DatabaseError, match="for the owner"):
        _run(database, "vacuum", "--home", folder)
    home.close()
    monkeypatch.setenv("RECORDER_DATABASE", owners_url)
    assert "no old rows" in _run(database, "vacuum", "--home", folder)
    assert versions()[-1] in _run(database, "upgrade", "--home", folder)


def test_where_no_home_could_be_made_none_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = f"postgresql+psycopg://somebody@/recorder?host={tmp_path}"
    monkeypatch.setenv("RECORDER_DATABASE", nobody)
    with pytest.raises(DatabaseError, match="cannot be reached"):
        _run(init, "--home", tmp_path / "home")
    monkeypatch.delenv("RECORDER_DATABASE")
    assert not (tmp_path / "home" / "keys").exists()
    _run(init, "--home", tmp_path / "home")

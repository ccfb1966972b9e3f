"""A home's own note types: known once it is open, and a bad one stops the start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import templates
from recorder.commands.inputs import kind_from
from recorder.errors import ConfigError, UsageError
from recorder.home import create_home, open_home
from tests.unit.templates.test_note_types import GOOD


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "home"
    create_home(folder).close()
    (tmp_path / "types").mkdir()
    with (folder / "config.toml").open("a") as file:
        file.write(f'\nnote_types = "{tmp_path / "types"}"\n')
    yield folder
    templates.use(None)


def test_a_homes_own_type_is_known_once_it_is_open(home: Path, tmp_path: Path) -> None:
    (tmp_path / "types" / "family_meeting.toml").write_text(GOOD)
    with pytest.raises(UsageError, match="--kind is one of"):
        kind_from("family_meeting")
    open_home(home).close()
    assert kind_from("family_meeting") == "family_meeting"


def test_a_bad_file_stops_the_start_with_its_line(home: Path, tmp_path: Path) -> None:
    (tmp_path / "types" / "bad.toml").write_text(GOOD.replace("draft_days = 2", "draft_days = x"))
    with pytest.raises(ConfigError, match=r"bad.toml, line 6: not valid TOML"):
        open_home(home)


@pytest.mark.parametrize("setting", ["speakers", "careful_kinds"])
def test_a_kind_that_is_none_stops_the_start(home: Path, setting: str) -> None:
    with (home / "config.toml").open("a") as file:
        file.write(f'{setting} = ["supervision", "group_sesion"]\n')
    with pytest.raises(ConfigError, match=f"'{setting}' names no note type"):
        open_home(home)


def test_a_default_kind_that_is_none_stops_the_start(home: Path) -> None:
    with (home / "config.toml").open("a") as file:
        file.write('default_kind = "living_summary"\n')
    with pytest.raises(ConfigError, match="default_kind"):
        open_home(home)

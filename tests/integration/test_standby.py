"""Who runs and loses the hold on the database stops, and says so."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from sqlalchemy import make_url

from recorder.commands import serve
from recorder.errors import ConfigError
from recorder.home import create_home
from tests.databases import PostgresDatabases


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_who_loses_the_hold_stops_and_says_so(
    databases: PostgresDatabases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = databases.new()
    monkeypatch.setenv("RECORDER_DATABASE", url)
    monkeypatch.setattr(serve, "LOOK_SECONDS", 0.05)
    home = create_home(tmp_path / "home")
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with pytest.raises(ConfigError, match="lost its hold"):
        serve.serve(home, port, lambda: _cut(databases, url))
    assert (running := home.store.database.running()) is not None
    assert not running.leading
    home.close()


def _cut(databases: PostgresDatabases, url: str) -> None:
    assert databases.server.cut_off(f"{make_url(url).database}") > 0

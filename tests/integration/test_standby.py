"""Who runs and loses the hold on the database stops, and says so."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url

from recorder.home import create_home
from tests.databases import PostgresDatabases

RECORDER = Path(sys.executable).with_name("recorder")


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_who_loses_the_hold_stops_and_says_so(
    databases: PostgresDatabases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = databases.new()
    monkeypatch.setenv("RECORDER_DATABASE", url)
    home = create_home(tmp_path / "home")
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    command = [str(RECORDER), "run", "--home", str(home.folder), "--port", str(port)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=os.environ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        assert databases.server.cut_off(f"{make_url(url).database}") > 0
        _, said = running.communicate()
    assert running.returncode == 2
    assert "lost its hold on the database" in said
    assert (standing := home.store.database.running()) is not None
    assert not standing.leading
    home.close()

"""A disk that is really full: nothing is lost, it is said, and all goes on once there is room."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from recorder.home import create_home
from recorder.review.web.app import create_app
from recorder.room import NO_ROOM, is_short_of_room, notice_of
from recorder.sample import enrol
from recorder.status import status_of
from store.errors import StoreError
from store.journal import REMOVED
from tests.integration.intake.desk import Desk, sound
from tests.integration.intake.mounts import mounted

SIZE = 24 * 1024**2  # bytes


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Desk]:
    """A home on a disk of its own, with its folder on another."""
    disk = tmp_path / "disk"
    disk.mkdir()
    (tmp_path / "intake").mkdir()
    with mounted(disk, "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs"):
        home = create_home(disk / "home")
        made = Desk(home, enrol(home))
        made.set(intake=tmp_path / "intake")
        yield made
        home.close()


def test_a_full_disk_is_told_of_and_nothing_is_lost(small: Desk) -> None:
    kept, file = sound(1, 4_000_000), small.folder / "note.wav"
    file.write_bytes(kept)
    full = small.home.folder / "full"
    with suppress(OSError), full.open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(4096))
    assert os.statvfs(small.home.folder).f_bavail == 0
    for _ in range(7):
        with suppress(StoreError):  # as `Watcher.run` bears it
            small.look(20)
    assert file.read_bytes() == kept
    assert [item.sentence for item in status_of(small.home).attention if item.what == "disk"] == [
        NO_ROOM
    ]
    full.unlink()
    small.look(100)
    small.settle()
    assert small.held() == [kept]
    assert small.said(file)[0] == REMOVED


@pytest.mark.parametrize(("enough", "told"), [(1, False), (2**60, True)])
def test_the_pages_tell_of_it(desk: Desk, enough: int, *, told: bool) -> None:
    app = create_app(
        desk.home.store,
        team="T",
        timezone="Europe/London",
        notice=partial(notice_of, desk.home, enough),
    )
    browser = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
    code = desk.home.store.access.new_link(desk.team.practitioner.id, "test", 60_000)
    browser.post("/sign-in", data={"code": code})
    for page in ("/work", "/arrived"):
        assert (NO_ROOM in browser.get(page).text) is told


def test_enough_room_is_not_told_of(desk: Desk) -> None:
    assert not is_short_of_room(desk.home, 1)
    assert is_short_of_room(desk.home, 2**60)

from __future__ import annotations

import logging
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from recorder.commands.running import exporting
from recorder.commands.serve import _Exports
from recorder.config import ALWAYS, parsed
from recorder.errors import ConfigError
from recorder.export.errors import ExportFailedError
from recorder.export.schedule import Exporting, is_due
from recorder.home import Home
from recorder.sample import enrol
from store.outward import BEGUN, Passing
from tests.approving import approved

ZONE = "Europe/London"


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        ("2026-11-22T18:31", "2026-11-23T18:29", False),
        ("2026-11-22T18:31", "2026-11-23T18:30", True),
        ("2026-11-23T18:30", "2026-11-23T18:31", False),
        ("2026-11-20T18:31", "2026-11-23T09:00", True),  # it was missed
        ("2026-11-22T18:29", "2026-11-23T09:00", True),
        ("2026-06-22T17:29", "2026-06-22T17:31", True),  # summer: UTC is an hour behind
        ("2026-06-22T17:31", "2026-06-22T18:31", False),
    ],
)
def test_a_time_of_day_is_due_once_a_day_and_after_it_was_missed(
    last: str, now: str, *, due: bool
) -> None:
    before, after = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (last, now))
    assert is_due("18:30", ZONE, before, after) is due


def test_always_is_every_five_minutes() -> None:
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert is_due(ALWAYS, ZONE, now - timedelta(minutes=5), now)
    assert not is_due(ALWAYS, ZONE, now - timedelta(minutes=4), now)


@pytest.mark.parametrize("at", ["24:00", "6pm", "18:5", "hourly"])
def test_a_time_that_is_none_is_refused_with_what_to_write(at: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"'export_at' in .* like 18:30, or 'always'"):
        parsed(f'export_at = "{at}"', tmp_path, {})


def test_what_waits_goes_into_a_new_folder_when_it_is_time_and_never_again(home: Home) -> None:
    team, out = enrol(home), home.settings.export
    note = approved(home, team, team.case.id)
    Exporting(home).look()
    assert _packs(out) == [], "it was by hand"
    timed = _at(home, ALWAYS)
    timed.look()
    assert _packs(out) == [], "it has only just been switched on"
    _later(home)
    timed.look()
    (pack,) = _packs(out)
    assert (pack / "manifest.json").exists()
    assert home.store.notes.exported_versions(note.id) == [1]
    _later(home)
    timed.look()
    assert _packs(out) == [pack]


def test_a_folder_that_is_gone_is_told_of_and_tried_again(home: Home, tmp_path: Path) -> None:
    team = enrol(home)
    approved(home, team, team.case.id)
    timed = _at(home, ALWAYS, tmp_path / "share" / "out")
    timed.look()
    _later(home)
    for _ in range(2):
        with pytest.raises(ExportFailedError, match="is not there: connect it"):
            timed.look()
    (tmp_path / "share" / "out").mkdir(parents=True)
    timed.look()
    assert len(_packs(tmp_path / "share" / "out")) == 1


def test_a_note_that_somebody_begins_to_paste_meanwhile_is_in_no_pack(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = enrol(home)
    notes = [approved(home, team, team.case.id, shade) for shade in ("white", "red")]
    leave = home.store.packs.leave

    def meanwhile(*what: object) -> None:
        home.store.passages.add(notes[0], 0, BEGUN, Passing(1), team.supervisor.id)
        leave(*what)  # type: ignore[arg-type]

    timed = _at(home, ALWAYS)
    timed.look()
    _later(home)
    with monkeypatch.context() as once:
        once.setattr(type(home.store.packs), "leave", lambda _, *what: meanwhile(*what))
        with pytest.raises(ExportFailedError, match="nothing has left: export again"):
            timed.look()
    assert list(home.settings.export.iterdir()) == []
    timed.look()
    assert [home.store.notes.exported_versions(each.id) for each in notes] == [[], [1]]


def test_running_exports_when_it_is_time_unless_somebody_else_does(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    team = enrol(home)
    approved(home, team, team.case.id)
    timed = _at(home, ALWAYS)
    timed.look()
    _later(home)
    with exporting(home), caplog.at_level(logging.ERROR, logger="recorder"):
        _Exports(timed.home).run(_Once())
    assert [vars(each)["reason"] for each in caplog.records] == ["ConfigError"]
    assert _packs(home.settings.export) == []
    _Exports(timed.home).run(_Once())
    assert len(_packs(home.settings.export)) == 1


def test_what_nobody_thought_of_is_logged_without_its_words_and_ends_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    team = enrol(home)
    approved(home, team, team.case.id)
    timed = _at(home, ALWAYS)
    timed.look()
    _later(home)
    with monkeypatch.context() as broken, caplog.at_level(logging.ERROR, logger="recorder"):
        broken.setattr(Exporting, "look", _unforeseen)
        _Exports(timed.home).run(_Once())
    (record,) = caplog.records
    assert (vars(record)["reason"], record.exc_info) == ("LookupError", None)
    assert "Jordan" not in caplog.text
    _Exports(timed.home).run(_Once())
    assert len(_packs(home.settings.export)) == 1


def _unforeseen(_: Exporting) -> None:
    raise LookupError("Jordan said so")


class _Once(threading.Event):
    """Set as soon as it is waited for."""

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002 - the Event's
        self.set()
        return True


def _at(home: Home, at: str, out: Path | None = None) -> Exporting:
    settings = msgspec.structs.replace(
        home.settings, export_at=at, export=out or home.settings.export
    )
    return Exporting(Home(home.folder, settings, home.store))


def _later(home: Home) -> None:
    """Time passes."""
    path = home.folder / "exported"
    before = path.stat().st_mtime - 600
    os.utime(path, (before, before))


def _packs(out: Path) -> list[Path]:
    return sorted(out.iterdir()) if out.is_dir() else []

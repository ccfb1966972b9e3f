"""Packs for Mosaic that lie in the home's export folder: gone once there is nothing left to do with them."""

from __future__ import annotations

import errno
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recorder.export.leaving import export_dated
from recorder.home import Home
from recorder.retention import going, packs
from recorder.retention.due import HELD, NOT_RECEIVED
from recorder.retention.going import preview, run
from recorder.sample import enrol
from store.disposal import PACK
from store.notes import Note
from store.outward import RECEIVED, Passing
from store.session import now_ms
from tests.approving import approved
from tests.unit.recorder.retention.conftest import DAY


@pytest.fixture
def note(home: Home) -> Note:
    """In a pack, and with its receipt."""
    team = enrol(home)
    made = approved(home, team, team.case.id)
    export_dated(home, "test")
    home.store.passages.add(home.store.notes.get(made.id), 0, RECEIVED, Passing(1, "4711"), "test")
    return home.store.notes.get(made.id)


def _packs(home: Home) -> list[Path]:
    return sorted(home.settings.export.iterdir())


def _why(home: Home) -> list[tuple[str, ...]]:
    return [each.item.kept for each in preview(home).going if each.item.rule == "packs"]


def test_a_pack_goes_thirty_days_after_the_last_receipt_with_a_certificate(
    home: Home, note: Note
) -> None:
    assert note
    (pack,) = _packs(home)
    for stranger in ("mine", "mosaic-20260101-000000-abcd"):
        (home.settings.export / stranger).mkdir()
        (home.settings.export / stranger / "file.txt").write_text("not ours")
    began = now_ms()
    run(home, "test", began)
    run(home, "test", began + 29 * DAY)
    assert pack.exists()
    gone = [each for each in run(home, "test", began + 31 * DAY).gone if each.kind == PACK]
    assert [(each.rule, each.size is not None) for each in gone] == [("packs", True)]
    assert [each.name for each in _packs(home)] == ["mine", "mosaic-20260101-000000-abcd"]
    assert gone[0].sha256 is not None
    assert gone[0].sha256.startswith(gone[0].object)
    assert [e for e in home.store.disposing.all() if e.kind == PACK] == gone
    assert home.store.audit.verify() > 0


def test_a_pack_stays_while_a_note_in_it_has_no_receipt_or_is_held(home: Home, note: Note) -> None:
    assert _why(home) == [()]
    hold = home.store.holds.place(note.scope, "a court", "test")
    assert _why(home) == [(HELD,)]
    home.store.holds.release(hold, "over", "test")
    team = enrol(home)
    approved(home, team, team.case.id, "red")
    export_dated(home, "test")
    assert sorted(_why(home)) == [(), (NOT_RECEIVED,)]


def test_what_was_cut_off_after_its_certificate_is_removed_by_the_next_run_without_another(
    home: Home, note: Note, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert note
    (pack,) = _packs(home)
    began = now_ms()
    run(home, "test", began)

    def killed(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut, pytest.raises(KeyboardInterrupt):
        cut.setattr(going, "remove", killed)
        run(home, "test", began + 31 * DAY)
    assert not pack.exists()
    assert [each.name for each in _packs(home)] == [f".{pack.name}"]
    run(home, "test", began + 32 * DAY)
    assert _packs(home) == []
    assert len([e for e in home.store.disposing.all() if e.kind == PACK]) == 1


def test_a_pack_of_a_note_that_was_erased_goes_after_its_days(home: Home, note: Note) -> None:
    assert note.case_id is not None
    home.store.erasing.case(note.case_id, "test")
    (found,) = [each for each in preview(home).going if each.item.rule == "packs"]
    assert found.item.goes
    assert datetime.fromtimestamp(found.item.since / 1000, UTC).year == datetime.now(UTC).year


def test_a_folder_that_cannot_be_written_to_certifies_nothing_and_stops_nothing_else(
    home: Home, note: Note, monkeypatch: pytest.MonkeyPatch
) -> None:
    (pack,) = _packs(home)
    began = now_ms()
    run(home, "test", began)

    def refused(*_: object) -> None:
        raise OSError(errno.EROFS, "read-only")

    with monkeypatch.context() as broken:
        broken.setattr(going, "put_aside", refused)
        ran = run(home, "test", began + 31 * DAY)
    assert (pack.exists(), ran.failed, [each.kind for each in ran.gone]) == (True, 1, [])
    assert [each.kind for each in home.store.disposing.all()] == []
    assert PACK in {each.kind for each in run(home, "test", began + 32 * DAY).gone}
    assert note


def test_a_pack_that_somebody_takes_away_is_certified_by_nobody(
    home: Home, note: Note, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert note
    began = now_ms()
    run(home, "test", began)
    looks = iter([list(packs.lying(home.settings.export))])
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(going, "lying", lambda _: next(looks, []))
        ran = run(home, "test", began + 31 * DAY)
    assert (ran.failed, home.store.disposing.all()) == (1, [])


def test_an_export_folder_that_is_not_there_is_no_reason_to_erase_nothing(home: Home) -> None:
    home.settings.export.rmdir()
    assert run(home, "test").failed == 0
    assert preview(home).going == []


def test_a_pack_without_a_note_stays_for_a_person(home: Home, note: Note) -> None:
    (pack,) = _packs(home)
    manifest = pack / "manifest.json"
    said = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps(said | {"notes": []}), encoding="utf-8")
    assert (_why(home), note.number) == ([(NOT_RECEIVED,)], 1)

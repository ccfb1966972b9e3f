"""Blobs and rows put back as they once were: authentic, and out of date.

A part of a row, or a blob, does not fit the rest. A whole row fits, and the audit log says that it
went on since. The whole database, log and all, fits in every respect; what finds that is a checkpoint
that lies where the attacker cannot reach it, and nothing else does.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random

import pytest

from store.checkpoint import kept, load
from store.errors import TamperedError
from store.journal import ATTENTION, Look
from store.store import Store, connect
from tests.attacks.oracle import Attacks
from tests.attacks.world import Row, Values, World, fill, opened, reading

Memory = dict[Row, Values]
"""Rows as somebody copied them once."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path) as made:
        fill(made, Random(7))
        yield made


def _move_on(world: World) -> Memory:
    """Give what belongs to nobody to a case, and see a file again: rows go on, each at its own pace."""
    store, loose = world.store, world.store.notes.get(world.notes[-1])
    waiting = [s for s in store.journal.waiting() if s.path.endswith(".part")]
    before = {row: world.values(row) for row in world.sealed_rows()}
    before["notes", loose.id] = world.values(("notes", loose.id))
    store.assigning.assign(loose, world.cases[0].id, "test")
    for entry in waiting:
        look = Look(entry.path, "team", None, ATTENTION, 2, reason="Incomplete")
        store.journal.note(look)
    return {row: values for row, values in before.items() if world.values(row) != values}


def test_part_of_a_row_put_back_does_not_open(world: World, attack: Attacks) -> None:
    """Some columns of before, the rest of now."""
    before = _move_on(world)
    rows = [row for row in before if row[0] != "notes"]
    with attack("7 a part of a row put back", 1_000) as tried:
        while tried.attempts < tried.planned:
            row = tried.chance.choice(rows)
            now = world.values(row)
            gone_on = [name for name, value in before[row].items() if now[name] != value]
            sealing = [
                n for n in gone_on if n in ("sealed", "version", "scope", "case_id", "header")
            ]
            chosen = tried.chance.sample(sealing, tried.chance.randint(1, len(sealing) - 1))
            world.put({row: {**now, **{name: before[row][name] for name in chosen}}})
            tried.refuse((row, chosen), reading(world, row))
            world.undo()
    assert world.store.audit.verify()


def test_a_whole_row_put_back_is_found_by_what_the_log_pins(world: World, attack: Attacks) -> None:
    before = _move_on(world)
    assert {table for table, _ in before} >= {
        *("recordings", "transcripts", "sightings", "notes"),
        *("note_versions", "decisions", "replies"),
    }
    assert world.store.audit.verify()
    with attack("7 whole rows put back", 1_000) as tried:
        while tried.attempts < tried.planned:
            rows = tried.chance.sample(list(before), tried.chance.randint(1, len(before)))
            if all(table == "notes" for table, _ in rows):  # in clear: its versions bind it
                continue
            world.put({row: before[row] for row in rows})
            tried.refuse(rows, world.store.audit.verify)
            world.undo()
    assert world.store.audit.verify()


def test_a_note_put_back_to_an_earlier_version_is_found(world: World, attack: Attacks) -> None:
    """Alone, it does not fit its versions; without them, it does not fit the log."""
    with attack("7 a note put back to an earlier version", 1_000) as tried:
        while tried.attempts < tried.planned:
            note_id = tried.chance.choice(world.notes)
            now = world.values(("notes", note_id))
            number = tried.chance.randrange(1, now["number"])
            with world.changed("notes", "id", note_id, number=number):
                if tried.chance.random() < 0.5:
                    tried.refuse(number, partial(world.store.notes.get, note_id))
                    continue
                with world.without("note_versions", "note_id = ? AND number > ?", note_id, number):
                    assert world.store.notes.get(note_id).number == number
                    tried.refuse(number, world.store.audit.verify)


def test_the_key_of_an_erased_case_put_back_is_found(world: World) -> None:
    case = world.cases[0]
    row = "identities", case.id
    before = world.values(row)
    world.release()
    world.store.erasing.case(case.id, "test")
    assert world.store.audit.verify()
    world.put({row: before})
    with pytest.raises(TamperedError, match="erased"):
        world.store.audit.verify()


def test_an_erased_recording_put_back_is_found(world: World) -> None:
    recording = next(iter(world.originals))
    row = "recordings", recording
    before = world.values(row)
    world.release()
    world.store.erasing.recording(recording, "test")
    assert world.store.audit.verify()
    world.put({row: before})
    with pytest.raises(TamperedError, match="erased"):
        world.store.audit.verify()


def test_a_row_that_was_put_back_is_told_of_and_the_log_signed_all_the_same(
    world: World, tmp_path: Path
) -> None:
    before = _move_on(world)
    row = next(row for row in before if row[0] == "recordings")
    world.put({row: before[row]})
    assert world.found() == []
    world.store.audit.checkpoint(tmp_path / "elsewhere")
    assert world.found() == [row[1]]
    assert len(kept(tmp_path / "elsewhere")) == 1


def test_the_whole_home_put_back_is_found_by_the_checkpoint_elsewhere_alone(
    tmp_path: Path, attack: Attacks
) -> None:
    folder, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    folder.mkdir()
    with opened(folder) as made:
        fill(made, Random(8), cases=1, notes=1)
    days = list(_days(folder, elsewhere))
    with attack("7 a whole home put back", 50) as tried:
        while tried.attempts < tried.planned:
            shutil.rmtree(folder)
            shutil.copytree(tried.chance.choice(days), folder)
            with _store(folder) as store:
                assert store.audit.verify(), "in itself it is whole"
                signed = [load(path, store.audit.signer()) for path in kept(elsewhere)]
                tried.refuse("home", partial(store.audit.verify, signed))


def _days(folder: Path, elsewhere: Path) -> Iterator[Path]:
    """Copies of a home at the end of some days, after each of which a checkpoint went elsewhere."""
    for day in range(3):
        copy = folder.with_name(f"{folder.name} {day}")
        shutil.copytree(folder, copy)
        yield copy
        with _store(folder) as store:
            store.audit.record("somebody", f"did {day}", "thing")
            store.audit.checkpoint(elsewhere)


@contextmanager
def _store(folder: Path) -> Iterator[Store]:
    store = connect(f"sqlite:///{folder / 'recorder.db'}", folder / "vault", folder / "keys")
    try:
        yield store
    finally:
        store.close()
